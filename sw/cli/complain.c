/* SPDX-License-Identifier: Apache-2.0 */
/* complain: one line on standard error, see complain.h. */
#include "complain.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 640 };

/* Nothing may stand behind a command that is there to be copied. */
static bool ends_in_command(const char *text) {
  return strstr(text, ": trine ") != NULL || strstr(text, ": make ") != NULL;
}

void cli_complain(const char *sentence) {
  char line[LINE_BYTES];
  (void)snprintf(line, sizeof line, "%s",
                 sentence[0] != '\0' ? sentence : "It failed, and nothing says why.");
  const size_t length = strlen(line);
  const bool whole = line[length - 1] == '.' || ends_in_command(line);
  (void)fprintf(stderr, "trine: %s%s\n", line, whole ? "" : ".");
}
