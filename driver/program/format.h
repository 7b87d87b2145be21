/* SPDX-License-Identifier: Apache-2.0 */
/* format: the program format (docs/programmers_guide.md): numbers, and operations as records.
 *
 * The one home of what the words of a program say: the compiler fills records, `encode` makes words
 * of them, `assemble` puts the program of a chunk together, `disassemble` reads it. */
#ifndef TRINE_PROGRAM_FORMAT_H
#define TRINE_PROGRAM_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#define TRINE_PROGRAM_MAGIC 0x454e5254u
#define TRINE_PROGRAM_VERSION 1u

enum trine_op {
  TRINE_OP_END = 0x01,
  TRINE_OP_BARRIER = 0x02,
  TRINE_OP_LOAD = 0x10,
  TRINE_OP_SAVE = 0x11,
  TRINE_OP_CHANNEL = 0x20,
  TRINE_OP_CONTEXT = 0x21,
  TRINE_OP_READ = 0x30,
  TRINE_OP_WRITE = 0x31,
  TRINE_OP_TABLE = 0x38,
  TRINE_OP_RUN = 0x40
};

/* Words of the operations that have a fixed number; a TABLE has TABLE_HEAD and two an entry. */
enum {
  TRINE_WORDS_END = 1,
  TRINE_WORDS_BARRIER = 1,
  TRINE_WORDS_LOAD = 5,
  TRINE_WORDS_SAVE = 4,
  TRINE_WORDS_CHANNEL = 4,
  TRINE_WORDS_CONTEXT = 14,
  TRINE_WORDS_READ = 7,
  TRINE_WORDS_WRITE = 8,
  TRINE_WORDS_TABLE_HEAD = 2,
  TRINE_WORDS_RUN = 3,
  TRINE_WORDS_HEAD = 8, /* of a program, before the table of lists */
  TRINE_WORDS_ENTRY = 4 /* of that table: offset, words, CRC, 0 */
};

enum { TRINE_RUN_MORE = 1 << 16 }; /* beside the mask of a RUN: the next RUN runs with it */

/* In the length of a TABLE's entry: the sequence goes on from the program before. */
#define TRINE_TABLE_CONTINUED (UINT32_C(1) << 31)

enum { TRINE_LOAD_COUNT = 3 }; /* the word of a LOAD that says how much */

enum trine_load {
  TRINE_LOAD_WEIGHTS = 0,
  TRINE_LOAD_PARAMS = 1,
  TRINE_LOAD_VECTOR = 2,
  TRINE_LOAD_STATE = 3
};

struct trine_op_channel {
  uint32_t channel, users, ring, stride, words;
};

struct trine_op_context {
  uint32_t context, in_channel, out_channel, listeners;
  bool is_lstm, is_kept;
  uint32_t x_chunks, h_chunks, groups, units, first_unit;
  uint32_t x_weight, h_weight, x_param, h_param, pre, state, state_stride, h_ring, h_stride;
  int8_t zero_point, out_min, out_max, cell_exponent, shift;
  uint32_t cell_clip, multiplier;
};

/* First word of an operation. */
static inline uint32_t trine_op_word(enum trine_op op, uint32_t words) {
  return (uint32_t)op | words << 16;
}
/* Two halves of a word. */
static inline uint32_t trine_low_high(uint32_t low, uint32_t high) {
  return (low & 0xffff) | high << 16;
}
/* First argument of READ and of WRITE. */
static inline uint32_t trine_read_channel(uint32_t reader, uint32_t channel, uint32_t listeners) {
  return reader | channel << 4 | listeners << 8;
}
static inline uint32_t trine_write_channel(uint32_t writer, uint32_t channel, bool last_only) {
  return writer | channel << 4 | (last_only ? 1u << 8 : 0);
}

void trine_encode_load(enum trine_load target, uint32_t local, uint32_t count, uint32_t source,
                       uint32_t words[TRINE_WORDS_LOAD]);
void trine_encode_channel(const struct trine_op_channel *channel,
                          uint32_t words[TRINE_WORDS_CHANNEL]);
void trine_encode_context(const struct trine_op_context *context,
                          uint32_t words[TRINE_WORDS_CONTEXT]);

#endif
