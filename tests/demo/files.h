/* SPDX-License-Identifier: Apache-2.0 */
/* files: the results of the demo as JSON and as Markdown. */
#ifndef TRINE_DEMO_FILES_H
#define TRINE_DEMO_FILES_H

#include "io/error.h"
#include "workers.h"

/* What was run, said beside the results; the strings are never NULL. */
struct demo_origin {
  const char *commit, *tools;
  double seconds;
  uint32_t processes;
};

/* Writes a file as a whole or not at all. */
bool files_write_json(const char *path, const struct demo_board *board,
                      const struct demo_origin *origin, struct trine_error *error)
    __attribute__((warn_unused_result));
bool files_write_markdown(const char *path, const struct demo_board *board,
                          const struct demo_origin *origin, struct trine_error *error)
    __attribute__((warn_unused_result));

#endif
