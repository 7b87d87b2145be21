/* SPDX-License-Identifier: Apache-2.0 */
/* complain: one line on standard error, see complain.h. */
#include "complain.h"

#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 512 };

void cli_clean(char *text) {
  for (unsigned char *at = (unsigned char *)text; *at != '\0'; at++) {
    const bool wide = at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0; /* C1 controls of UTF-8 */
    if (*at < ' ' || *at == 0x7F || wide) {
      at[0] = '?';
      at[wide ? 1 : 0] = '?';
    }
  }
}

/* Nothing may stand behind a command that is there to be copied. */
static bool ends_in_command(const char *text) {
  return strstr(text, ": trine ") != NULL || strstr(text, ": make ") != NULL;
}

void cli_complain(const char *sentence) {
  char line[LINE_BYTES];
  (void)snprintf(line, sizeof line, "%s",
                 sentence[0] != '\0' ? sentence : "It failed, and nothing says why.");
  cli_clean(line);
  const size_t length = strlen(line);
  const bool whole = line[length - 1] == '.' || ends_in_command(line);
  (void)fprintf(stderr, "trine: %s%s\n", line, whole ? "" : ".");
}
