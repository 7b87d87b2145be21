/* SPDX-License-Identifier: Apache-2.0 */
/* report: what a run did, for people and for programs. */
#ifndef TRINE_CLI_REPORT_H
#define TRINE_CLI_REPORT_H

#include "device.h"
#include "session/check.h"
#include "work.h"

struct cli_report {
  const struct cli_options *options;
  const struct cli_device *device;
  const struct cli_work *works;
  const struct trine_check *checks; /* NULL: not compared */
  uint32_t count;
};

/* Of the work's run, with the cores of its plan and the steps of all sequences. */
struct trine_stats cli_total_stats(const struct cli_work *work);

void cli_report_text(const struct cli_report *report);
/* As one JSON object; false when memory is short, with the error set. */
bool cli_report_json(const struct cli_report *report, struct trine_error *error)
    __attribute__((warn_unused_result));

#endif
