/* SPDX-License-Identifier: Apache-2.0 */
/* reasons: see reasons.h. */
#include "reasons.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "Node Squeeze_12 (Squeeze): axis 3" becomes "Squeeze: axis #"; "v12" a "v#". */
static void general(const char *sentence, char text[REASON_BYTES]) {
  const char *from = sentence;
  const char *op = strncmp(sentence, "Node ", 5) == 0 ? strchr(sentence, '(') : NULL;
  size_t length = 0;
  if (op != NULL) {
    from = op + 1;
  }
  for (; *from != '\0' && length + 1 < REASON_BYTES; from++) {
    const bool digit = isdigit((unsigned char)*from) != 0;
    if (op != NULL && *from == ')') {
      op = NULL;
    } else if (!digit) {
      text[length++] = *from;
    } else if (length == 0 || text[length - 1] != '#') {
      text[length++] = '#';
    }
  }
  text[length] = '\0';
}

void reasons_count(struct reasons *reasons, const char *sentence) {
  char text[REASON_BYTES];
  uint32_t n = 0;
  general(sentence, text);
  while (n < reasons->count && n + 1 < REASONS_MAX && strcmp(reasons->list[n].text, text) != 0) {
    n++;
  }
  if (n == reasons->count) {
    memcpy(reasons->list[n].text, text, sizeof text);
    reasons->count++;
  }
  reasons->list[n].times++;
}

static int by_times(const void *a, const void *b) {
  const struct reason *first = a, *second = b;
  if (first->times < second->times) {
    return 1;
  }
  if (first->times > second->times) {
    return -1;
  }
  return 0;
}

void reasons_print(struct reasons *reasons) {
  qsort(reasons->list, reasons->count, sizeof reasons->list[0], by_times);
  for (uint32_t n = 0; n < reasons->count; n++) {
    printf("%6u %s\n", reasons->list[n].times, reasons->list[n].text);
  }
}
