/* SPDX-License-Identifier: Apache-2.0 */
/* options_table: every option of every command, in one place: its name, letter and value, and which
 * commands take it. */
#ifndef TRINE_CLI_OPTIONS_TABLE_H
#define TRINE_CLI_OPTIONS_TABLE_H

#include <stddef.h>

#include "options.h"

/* What becomes of a value. */
enum option_kind {
  OPTION_FLAG,    /* there is none: a bool of struct cli_options is set */
  OPTION_TEXT,    /* it is kept as it is */
  OPTION_NUMBER,  /* a uint32_t from low to high */
  OPTION_NUMBER2, /* a uint64_t from low to high */
  OPTION_OTHER    /* by options.c, which knows the name */
};

struct option_row {
  const char *name; /* without its dashes */
  char letter;      /* of the short form, or '\0' */
  enum option_kind kind;
  size_t offset; /* in struct cli_options; not of OPTION_OTHER */
  uint64_t low, high;
  unsigned commands; /* a bit for each of enum cli_command */
};

enum { OPTION_ROWS = 40 };
extern const struct option_row option_rows[OPTION_ROWS];

/* The name that is typed nearest to a word among the options of a command: not more than two
 * letters are other ones, missing, too many or in the wrong order. NULL: there is none. */
const char *option_nearest(enum cli_command command, const char *word);

/* The same among other names, the last of them NULL. */
const char *name_nearest(const char *const *names, const char *word);

#endif
