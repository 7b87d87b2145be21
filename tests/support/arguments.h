/* SPDX-License-Identifier: Apache-2.0 */
/* arguments: the options of a test program: names followed by a value, and flags. */
#ifndef TRINE_TEST_ARGUMENTS_H
#define TRINE_TEST_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

/* One option; exactly one of the pointers is set. Options that are not given leave it as it is. */
struct argument {
  const char *name;   /* with its dashes */
  const char **value; /* any text */
  long *number;       /* from 1 on */
  bool *flag;         /* takes no value */
};

/* Reads argv; false after one sentence on stderr that begins with the program's name. */
bool arguments_read(const char *program, int argc, char **argv, const struct argument *known,
                    size_t count);

#endif
