/* SPDX-License-Identifier: Apache-2.0 */
/* format: the program format (docs/programmers_guide.md): the header, and operations as records.
 *
 * What the words of an operation say comes from records.h, which is generated: the compiler fills
 * records, `encode` makes words of them, `assemble` puts the program of a chunk together,
 * `disassemble` reads it. */
#ifndef TRINE_PROGRAM_FORMAT_H
#define TRINE_PROGRAM_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "program/records.h"

#define TRINE_PROGRAM_MAGIC 0x454e5254u
#define TRINE_PROGRAM_VERSION 3u

/* A TABLE has TABLE_HEAD words and two an entry, at most as many as an operation has. */
enum {
  TRINE_WORDS_TABLE_HEAD = 2,
  TRINE_WORDS_TABLE_ENTRY = 2,
  TRINE_MOST_TABLE_ENTRIES = (TRINE_OP_WORDS - 2) / 2
};

/* A field of an operation, given as one of records.h. */
static inline uint32_t trine_field(const uint32_t *words, uint32_t word, uint32_t low,
                                   uint32_t bits) {
  return words[word] >> low & (UINT32_MAX >> (32 - bits));
}
static inline void trine_put_field(uint32_t *words, uint32_t word, uint32_t low, uint32_t bits,
                                   uint32_t value) {
  const uint32_t mask = UINT32_MAX >> (32 - bits);
  words[word] = (words[word] & ~(mask << low)) | (value & mask) << low;
}
struct trine_op_channel {
  uint32_t channel, users, ring, stride, words;
};

/* channel and row: as trine_read_channel and trine_read_row make them. */
struct trine_op_read {
  uint32_t channel, base, stride, row, first, sequences;
};

struct trine_op_write {
  uint32_t channel, base, stride, bytes, first, sequences, ram, ram_stride;
};

struct trine_op_context {
  uint32_t context, in_channel, out_channel, listeners;
  bool is_lstm, is_kept, is_h_first;
  uint32_t x_chunks, h_chunks, groups, units, first_unit;
  uint32_t x_weight, h_weight, x_param, h_param, pre, state, state_stride, h_ring, h_stride;
  int8_t zero_point, out_min, out_max, cell_exponent, shift;
  uint32_t cell_clip, multiplier;
};

/* Whether an operation is the last of its block: the list then waits for something. */
bool trine_op_parks(const uint32_t *words);

/* First word of an operation of so many words; ranks: a bit for each that does it, 0 of END and
 * BARRIER. */
static inline uint32_t trine_op_word(enum trine_op op, uint32_t words, uint32_t ranks) {
  return (uint32_t)op | words << 8 | ranks << 16;
}
/* What it says: words of the operation, and its ranks. */
static inline uint32_t trine_op_length(uint32_t first_word) {
  return trine_field(&first_word, TRINE_FIELD_FIRST_WORDS);
}
static inline uint32_t trine_op_ranks(uint32_t first_word) {
  return trine_field(&first_word, TRINE_FIELD_FIRST_RANKS);
}

/* The word of a READ or WRITE that says which stream is on which channel. */
uint32_t trine_read_channel(uint32_t reader, uint32_t channel, uint32_t listeners);
uint32_t trine_write_channel(uint32_t writer, uint32_t channel, bool last_only);
/* The word of a READ that says how long a row is. */
uint32_t trine_read_row(uint32_t words, uint32_t beats);

/* An operation of these ranks, a bit each. */
void trine_encode_load(uint32_t ranks, uint32_t buffer, uint32_t local, uint32_t count,
                       uint32_t source, uint32_t words[TRINE_WORDS_LOAD]);
void trine_encode_save(uint32_t ranks, uint32_t entry, uint32_t count, uint32_t target,
                       uint32_t words[TRINE_WORDS_SAVE]);
void trine_encode_read(uint32_t ranks, const struct trine_op_read *read,
                       uint32_t words[TRINE_WORDS_READ]);
void trine_encode_write(uint32_t ranks, const struct trine_op_write *write,
                        uint32_t words[TRINE_WORDS_WRITE]);
/* How the first step of a RUN begins: goes on from the step before, or begins a sequence. */
enum trine_run_begin { TRINE_RUN_UNKNOWN, TRINE_RUN_GOES_ON, TRINE_RUN_BEGINS };
void trine_encode_run(uint32_t ranks, uint32_t contexts, uint32_t steps, bool more,
                      enum trine_run_begin begins, uint32_t words[TRINE_WORDS_RUN]);
void trine_encode_channel(uint32_t ranks, const struct trine_op_channel *channel,
                          uint32_t words[TRINE_WORDS_CHANNEL]);
void trine_encode_context(uint32_t ranks, const struct trine_op_context *context,
                          uint32_t words[TRINE_WORDS_CONTEXT]);

#endif
