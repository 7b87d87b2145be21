/* SPDX-License-Identifier: Apache-2.0 */
/* fake_program: see fake_program.h. */
#include "support/fake_program.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "support/blocks.h"
#include "trine_regs.h"

enum { HEADER_WORDS = 8, VERSION = 3, READ_AT_ONCE = 128 /* bytes */ };

uint32_t fake_crc(const void *data, size_t len) {
  return (uint32_t)crc32(0, data, (uInt)len);
}

uint32_t fake_op_words(const uint32_t *words, uint32_t left) {
  static const struct {
    uint8_t op, words;
  } lengths[] = {{FAKE_OP_END, 1},  {FAKE_OP_BARRIER, 1}, {FAKE_OP_LOAD, 5},
                 {FAKE_OP_SAVE, 4}, {FAKE_OP_CHANNEL, 4}, {FAKE_OP_CONTEXT, 14},
                 {FAKE_OP_READ, 7}, {FAKE_OP_WRITE, 8},   {FAKE_OP_RUN, 3}};
  if (left == 0) {
    return 0;
  }
  const uint32_t op = words[0] & 255, said = words[0] >> 8 & 255;
  uint32_t right =
      op == FAKE_OP_TABLE && said >= 4 && said <= BLOCKS_MOST && said % 2 == 0 ? said : 0;
  for (size_t n = 0; n < sizeof lengths / sizeof lengths[0]; n++) {
    right = lengths[n].op == op ? lengths[n].words : right;
  }
  return said == right && right <= left ? right : 0;
}

static uint32_t word_at(const struct fake_reader *reader, uint32_t index) {
  uint32_t word;
  memcpy(&word, reader->window + 4 * (size_t)index, sizeof word);
  return word;
}

uint32_t fake_read_header(const struct fake_reader *reader, bool *resident) {
  if (reader->window_bytes < READ_AT_ONCE) {
    return TRINE_ERROR_WINDOW;
  }
  if (word_at(reader, 0) != 0x454e5254) {
    return TRINE_ERROR_MAGIC;
  }
  if (word_at(reader, 1) != VERSION) {
    return TRINE_ERROR_VERSION;
  }
  if (word_at(reader, 7) != fake_crc(reader->window, 28)) {
    return TRINE_ERROR_HEADER_CRC;
  }
  const uint32_t kind = word_at(reader, 3);
  if ((kind & 0xffffe0fc) != 0 || (word_at(reader, 5) & ~1u) != 0) {
    return TRINE_ERROR_RESERVED;
  }
  if ((kind & 3) != reader->mode) {
    return TRINE_ERROR_PROGRAM_MODE;
  }
  if (kind >> 8 != reader->ranks) {
    return TRINE_ERROR_RANKS;
  }
  if (word_at(reader, 4) != reader->config_hash) {
    return TRINE_ERROR_CONFIG_HASH;
  }
  *resident = (word_at(reader, 5) & 1) != 0;
  return 0;
}

uint32_t fake_read_list(const struct fake_reader *reader, struct fake_list *list) {
  const uint32_t whole = word_at(reader, 2), count = word_at(reader, 6);
  if (whole > reader->window_bytes || whole < 4 * HEADER_WORDS || count < 1 ||
      count > whole / 4 - HEADER_WORDS) {
    return TRINE_ERROR_LIST;
  }
  const uint32_t *words =
      (const uint32_t *)(const void *)(reader->window + (size_t)4 * HEADER_WORDS);
  if (!blocks_are_good(words, count)) {
    return TRINE_ERROR_LIST_CRC;
  }
  list->words = calloc(count, sizeof *list->words);
  list->place = calloc(count, sizeof *list->place);
  if (list->words == NULL || list->place == NULL) {
    abort();
  }
  list->count = blocks_take(words, count, list->words, count, list->place);
  return 0;
}
