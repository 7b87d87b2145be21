/* SPDX-License-Identifier: Apache-2.0 */
/* blocks: see blocks.h. */
#include "support/blocks.h"

#include <string.h>
#include <zlib.h>

enum { OP_END = 1, OP_BARRIER = 2, OP_LOAD = 3, CODE = 8, OP_RUN = 11 };

static uint32_t crc_of(uint32_t crc, const uint32_t *words, uint32_t count) {
  return (uint32_t)crc32(crc, (const Bytef *)words, (uInt)(count * sizeof *words));
}

static uint32_t words_of(uint32_t head) {
  return head >> 8 & 127;
}

/* Of an operation, as its first word says. */
static uint32_t length_of(const uint32_t *op) {
  return op[0] >> 8 & 255;
}

static bool parks(const uint32_t *op) {
  const uint32_t code = op[0] & 255;
  return code == OP_END || code == OP_BARRIER || code == OP_LOAD ||
         (code == OP_RUN && length_of(op) > 1 && (op[1] >> 16 & 1) == 0);
}

uint32_t blocks_lay(const uint32_t *ops, uint32_t count, uint32_t *list, uint32_t room,
                    uint32_t *place) {
  uint32_t at = 0, index = 0, begin = 0;
  while (begin < count) {
    uint32_t end = begin;
    bool is_full = false;
    while (end < count && !is_full) {
      const uint32_t said = length_of(ops + end);
      const uint32_t length = said >= 1 && said <= BLOCKS_MOST && said <= count - end ? said : 1;
      if (end + length - begin > BLOCKS_MOST) {
        break;
      }
      is_full = length == said && parks(ops + end);
      end += length;
    }
    const uint32_t words = end - begin;
    if (at + words + BLOCKS_MORE > room) {
      return 0;
    }
    list[at] = CODE | words << 8 | (end == count ? 1u << 15 : 0) | index << 20;
    memcpy(list + at + 1, ops + begin, words * sizeof *ops);
    for (uint32_t n = 0; n < words && place != NULL; n++) {
      place[begin + n] = at + 1 + n;
    }
    at += words + BLOCKS_MORE;
    index++;
    begin = end;
  }
  blocks_seal(list, at);
  return at;
}

uint32_t blocks_take(const uint32_t *list, uint32_t words, uint32_t *ops, uint32_t room,
                     uint32_t *place) {
  uint32_t found = 0;
  for (uint32_t at = 0; at < words;) {
    const uint32_t count = words_of(list[at]);
    if (count + BLOCKS_MORE > words - at || count > room - found) {
      return 0;
    }
    for (uint32_t n = 0; n < count; n++) {
      if (place != NULL) {
        place[found] = at + 1 + n;
      }
      ops[found++] = list[at + 1 + n];
    }
    at += count + BLOCKS_MORE;
  }
  return found;
}

void blocks_seal(uint32_t *list, uint32_t words) {
  uint32_t crc = 0;
  for (uint32_t at = 0; at < words;) {
    const uint32_t count = words_of(list[at]);
    if (count + BLOCKS_MORE > words - at) {
      return;
    }
    crc = crc_of(crc, list + at, count + 1);
    list[at + count + 1] = crc;
    at += count + BLOCKS_MORE;
  }
}

bool blocks_are_good(const uint32_t *list, uint32_t words) {
  uint32_t crc = 0, index = 0;
  for (uint32_t at = 0; at < words; index++) {
    const uint32_t head = list[at], count = words_of(head);
    if (count < 1 || count > BLOCKS_MOST || count + BLOCKS_MORE > words - at ||
        (head & 255) != CODE || (head >> 16 & 15) != 0 || head >> 20 != (index & 4095) ||
        (head >> 15 & 1) != (at + count + BLOCKS_MORE == words)) {
      return false;
    }
    crc = crc_of(crc, list + at, count + 1);
    if (list[at + count + 1] != crc) {
      return false;
    }
    at += count + BLOCKS_MORE;
  }
  return true;
}
