/* SPDX-License-Identifier: Apache-2.0 */
/* error: formats error sentences into the caller's buffer; see error.h. */
#include "io/error.h"

#include <stdbool.h>
#include <stdio.h>

void trine_text_clean(char *text) {
  for (unsigned char *at = (unsigned char *)text; *at != '\0'; at++) {
    const bool wide = at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0; /* C1 controls in UTF-8 */
    if (*at < ' ' || *at == 0x7F || wide) {
      at[0] = '?';
      at[wide ? 1 : 0] = '?';
    }
  }
}

void trine_error_set(struct trine_error *error, const char *format, ...) {
  if (error == NULL) {
    return;
  }
  va_list args;
  va_start(args, format);
  int length = vsnprintf(error->text, sizeof error->text, format, args);
  va_end(args);
  if (length < 0) {
    error->text[0] = '\0';
  }
  trine_text_clean(error->text);
}

void trine_error_prefix(struct trine_error *error, const char *prefix) {
  if (error == NULL) {
    return;
  }
  struct trine_error old = *error;
  trine_error_set(error, "%s: %s", prefix, old.text);
}
