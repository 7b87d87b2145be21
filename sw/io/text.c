/* SPDX-License-Identifier: Apache-2.0 */
/* text: UTF-8, character by character; see text.h. */
#include "io/text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

/* Bytes of the valid character that begins here, 0 when none does; *code is its number. The
 * terminating 0 is never a continuation, so nothing behind the text is read. */
static size_t decode(const unsigned char *at, uint32_t *code) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  size_t length;
  if (at[0] < 0x80) {
    length = 1;
  } else if (at[0] >= 0xC2 && at[0] < 0xE0) {
    length = 2;
  } else if (at[0] >= 0xE0 && at[0] < 0xF0) {
    length = 3;
  } else if (at[0] >= 0xF0 && at[0] < 0xF5) {
    length = 4;
  } else {
    length = 0;
  }
  if (length <= 1) {
    *code = at[0];
    return length;
  }
  *code = at[0] & (0x7FU >> length);
  for (size_t n = 1; n < length; n++) {
    if ((at[n] & 0xC0) != 0x80) {
      return 0;
    }
    *code = *code << 6 | (at[n] & 0x3FU);
  }
  const bool surrogate = *code >= 0xD800 && *code < 0xE000;
  return *code >= least[length] && *code <= 0x10FFFF && !surrogate ? length : 0;
}

/* What a terminal would obey instead of showing it. */
static bool is_control(uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || /* C0, DEL, C1 */
         (code >= 0x200E && code <= 0x200F) ||           /* direction of reading: marks, */
         (code >= 0x2028 && code <= 0x202E) ||           /* line ends and overrides, */
         (code >= 0x2066 && code <= 0x2069);             /* isolates */
}

void trine_text_clean(char *text) {
  unsigned char *from = (unsigned char *)text, *to = from;
  while (*from != '\0') {
    uint32_t code = 0;
    const size_t length = decode(from, &code);
    if (length == 0 || is_control(code)) {
      *to++ = '?';
      from += length == 0 ? 1 : length;
      continue;
    }
    for (size_t n = 0; n < length; n++) {
      *to++ = *from++;
    }
  }
  *to = '\0';
}

const char *trine_text_of(char room[TRINE_TEXT_ROOM], size_t limit, const char *name) {
  const int most = limit < TRINE_TEXT_ROOM ? (int)limit : TRINE_TEXT_ROOM - 1;
  (void)snprintf(room, TRINE_TEXT_ROOM, "%.*s", most, name == NULL ? "" : name);
  trine_text_clean(room);
  return room;
}

const char *trine_text_number(char room[TRINE_TEXT_NUMBER], uint64_t value) {
  char digits[24];
  const int length = snprintf(digits, sizeof digits, "%" PRIu64, value);
  int at = 0;
  for (int n = 0; n < length; n++) {
    if (n > 0 && (length - n) % 3 == 0) {
      room[at++] = ',';
    }
    room[at++] = digits[n];
  }
  room[at] = '\0';
  return room;
}
