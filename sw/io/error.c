/* SPDX-License-Identifier: Apache-2.0 */
/* error: formats error sentences into the caller's buffer; see error.h. */
#include "io/error.h"

#include <stdio.h>

#include "io/text.h"

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
