/* SPDX-License-Identifier: Apache-2.0 */
/* print: see print.h. */
#include "print.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

static bool is_beside;

void cli_print_beside(void) {
  is_beside = true;
}

static FILE *reports(void) {
  return is_beside ? stderr : stdout;
}

void cli_print(const char *format, ...) {
  va_list args;
  va_start(args, format);
  (void)vfprintf(reports(), format, args);
  va_end(args);
}

/* Bytes of the character that begins here; 0: it is no UTF-8 (RFC 3629). */
static size_t character_bytes(const unsigned char *at) {
  size_t bytes;
  if (at[0] < 0x80) {
    bytes = 1;
  } else if (at[0] >= 0xC2 && at[0] <= 0xDF) {
    bytes = 2;
  } else if ((at[0] & 0xF0) == 0xE0) {
    bytes = 3;
  } else if (at[0] >= 0xF0 && at[0] <= 0xF4) {
    bytes = 4;
  } else {
    bytes = 0;
  }
  for (size_t n = 1; n < bytes; n++) {
    if ((at[n] & 0xC0) != 0x80) {
      return 0;
    }
  }
  const bool is_long = (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xF0 && at[1] < 0x90);
  const bool is_surrogate = at[0] == 0xED && at[1] > 0x9F;
  const bool is_beyond = at[0] == 0xF4 && at[1] > 0x8F;
  return bytes > 1 && (is_long || is_surrogate || is_beyond) ? 0 : bytes;
}

static void clean(char *text) {
  for (unsigned char *at = (unsigned char *)text; *at != '\0';) {
    const size_t bytes = character_bytes(at);
    if (bytes == 0) {
      *at = '?';
    }
    at += bytes == 0 ? 1 : bytes;
  }
}

bool cli_print_json(cJSON *object, struct trine_error *error) {
  char *text = object != NULL ? cJSON_Print(object) : NULL;
  if (text == NULL) {
    trine_error_set(error, "There is no memory for the report.");
  } else {
    clean(text);
    cli_print("%s\n", text);
  }
  const bool good = text != NULL;
  cJSON_free(text);
  cJSON_Delete(object);
  return good;
}

void cli_json_known(cJSON *object, const char *name, double value, bool known) {
  if (known) {
    cJSON_AddNumberToObject(object, name, value);
  } else {
    cJSON_AddNullToObject(object, name);
  }
}
