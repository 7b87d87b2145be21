/* SPDX-License-Identifier: Apache-2.0 */
/* fields: see fields.h. Numbers are those of duo (rtl/configs.txt). */
#include "fields.h"

#include <check.h>

#include "program/disassemble.h"
#include "program/format.h"
#include "trine_regs.h"

/* duo */
enum {
  CONTEXTS = 8,
  GROUP_UNITS = 2,
  LANES = 8,
  TAIL_ROWS = 4,
  PRE_UNITS = 2048,
  STATE_UNITS = 4096,
  RING_WORDS = 4096,
  WRITER_WORDS = 1024,
  SLOTS = 4,
  BUS_BYTES = 8,
  MANY = 64 /* more entries than a list of the test writes */
};

#define OP(op) TRINE_OP_##op
#define CODE(code) TRINE_ERROR_##code

/* The first CONTEXT is an LSTM, the second a dense layer; the first TABLE is the writer's. */
static const struct field fields[] = {
    {"LOAD target", OP(LOAD), 0, 1, 0, 32, 0, 3, 1, CODE(RESERVED), FIELD_WORD},
    {"LOAD source", OP(LOAD), 0, 4, 0, 3, 0, 0, 4, CODE(RESERVED), FIELD_WORD},
    {"CHANNEL ring", OP(CHANNEL), 0, 2, 0, 16, 0, LIMIT_RING_BASE, 1, CODE(LOCAL_ADDRESS),
     FIELD_WORD},
    {"CONTEXT number", OP(CONTEXT), 0, 1, 0, 4, 0, LIMIT_CONTEXTS, 1, CODE(FIELD), FIELD_WORD},
    {"CONTEXT listeners", OP(CONTEXT), 0, 1, 16, 5, 1, 16, 1, CODE(FIELD), FIELD_WORD},
    {"CONTEXT x chunks", OP(CONTEXT), 0, 2, 0, 16, 1, LIMIT_X_CHUNKS, 1, CODE(LOCAL_ADDRESS),
     FIELD_LATER},
    {"CONTEXT h chunks", OP(CONTEXT), 0, 2, 16, 16, 1, LIMIT_H_CHUNKS, 1, CODE(LOCAL_ADDRESS),
     FIELD_LATER},
    {"CONTEXT h chunks, dense", OP(CONTEXT), 1, 2, 16, 16, 0, 0, 1, CODE(RESERVED), FIELD_WORD},
    {"CONTEXT units", OP(CONTEXT), 0, 3, 16, 16, 1, LIMIT_UNITS, 1, CODE(FIELD), FIELD_WORD},
    {"CONTEXT first unit", OP(CONTEXT), 0, 4, 0, 16, 0, 32766, 2, CODE(FIELD), FIELD_WORD},
    {"CONTEXT first unit, odd", OP(CONTEXT), 0, 4, 0, 1, 0, 0, 1, CODE(RESERVED), FIELD_WORD},
    {"CONTEXT first row", OP(CONTEXT), 1, 4, 0, 16, 0, 32760, 8, CODE(FIELD), FIELD_WORD},
    {"CONTEXT first row, in a group", OP(CONTEXT), 1, 4, 0, 3, 0, 0, 4, CODE(RESERVED), FIELD_WORD},
    {"CONTEXT x weights", OP(CONTEXT), 0, 5, 0, 32, 0, LIMIT_X_WEIGHTS, 1, CODE(LOCAL_ADDRESS),
     FIELD_LATER},
    {"CONTEXT h weights", OP(CONTEXT), 0, 6, 0, 32, 0, LIMIT_H_WEIGHTS, 1, CODE(LOCAL_ADDRESS),
     FIELD_LATER},
    {"CONTEXT x parameters", OP(CONTEXT), 0, 7, 0, 16, 0, LIMIT_PARAMS, 1, CODE(LOCAL_ADDRESS),
     FIELD_WORD},
    {"CONTEXT h parameters", OP(CONTEXT), 0, 7, 16, 16, 0, LIMIT_PARAMS, 1, CODE(LOCAL_ADDRESS),
     FIELD_NEXT},
    {"CONTEXT pre-activations", OP(CONTEXT), 0, 8, 0, 16, 0, LIMIT_PRE, 1, CODE(LOCAL_ADDRESS),
     FIELD_LATER},
    {"CONTEXT state", OP(CONTEXT), 0, 8, 16, 16, 0, LIMIT_STATE, 1, CODE(LOCAL_ADDRESS),
     FIELD_LATER},
    {"CONTEXT state, the field", OP(CONTEXT), 0, 8, 16, 16, 0, LIMIT_STATE_FIELD, 1,
     CODE(LOCAL_ADDRESS), FIELD_WORD},
    {"CONTEXT state stride", OP(CONTEXT), 0, 9, 0, 16, 0, LIMIT_STATE_FIELD, 1, CODE(LOCAL_ADDRESS),
     FIELD_WORD},
    {"CONTEXT ring of h", OP(CONTEXT), 0, 9, 16, 16, 0, LIMIT_RING_FIELD, 1, CODE(LOCAL_ADDRESS),
     FIELD_WORD},
    {"CONTEXT ring stride of h", OP(CONTEXT), 0, 10, 0, 16, 0, LIMIT_RING_FIELD, 1,
     CODE(LOCAL_ADDRESS), FIELD_WORD},
    {"CONTEXT cell exponent", OP(CONTEXT), 0, 10, 24, 3, 0, 6, 1, CODE(FIELD), FIELD_WORD},
    {"CONTEXT cell clip", OP(CONTEXT), 0, 11, 0, 16, 0, 32767, 1, CODE(FIELD), FIELD_WORD},
    {"CONTEXT output multiplier", OP(CONTEXT), 0, 12, 0, 32, 0, 0x7fffffff, 1, CODE(RESERVED),
     FIELD_WORD},
    {"CONTEXT output shift", OP(CONTEXT), 0, 13, 0, 6, 0, 31, 1, CODE(FIELD), FIELD_WORD},
    {"CONTEXT output shift, negative", OP(CONTEXT), 0, 13, 0, 6, 33, 63, 0, 0, FIELD_WORD},
    {"TABLE first entry", OP(TABLE), 0, 1, 0, 32, 0, LIMIT_TABLE, MANY, CODE(LOCAL_ADDRESS),
     FIELD_FIRST},
    {"READ reader", OP(READ), 0, 1, 0, 4, 0, 1, 1, CODE(RESERVED), FIELD_WORD},
    {"READ listeners", OP(READ), 0, 1, 8, 5, 1, 16, 1, CODE(FIELD), FIELD_WORD},
    {"READ base", OP(READ), 0, 2, 0, 3, 0, 0, 4, CODE(RESERVED), FIELD_WORD},
    {"READ stride", OP(READ), 0, 3, 0, 3, 0, 0, 4, CODE(RESERVED), FIELD_WORD},
    {"READ first entry", OP(READ), 0, 5, 0, 16, 0, LIMIT_ENTRY, 1, CODE(LOCAL_ADDRESS),
     FIELD_FIRST},
    {"WRITE writer", OP(WRITE), 0, 1, 0, 4, 0, 1, 1, CODE(RESERVED), FIELD_WORD},
    {"WRITE base", OP(WRITE), 0, 2, 0, 3, 0, 0, 4, CODE(RESERVED), FIELD_WORD},
    {"WRITE stride", OP(WRITE), 0, 3, 0, 3, 0, 0, 4, CODE(RESERVED), FIELD_WORD},
    {"WRITE row bytes", OP(WRITE), 0, 4, 0, 16, 1, LIMIT_ROW_BYTES, 1, CODE(FIELD), FIELD_FIRST},
    {"WRITE first entry", OP(WRITE), 0, 5, 0, 16, 0, LIMIT_ENTRY, 1, CODE(LOCAL_ADDRESS),
     FIELD_FIRST},
    {"WRITE slots", OP(WRITE), 0, 6, 0, 16, 0, LIMIT_WRITER_BASE, 1, CODE(LOCAL_ADDRESS),
     FIELD_WORD},
    {"RUN contexts", OP(RUN), 0, 1, 0, 16, 0, 3, 1, CODE(FIELD), FIELD_FIRST},
    {"RUN begin", OP(RUN), 0, 1, 17, 2, 0, 2, 1, CODE(FIELD), FIELD_WORD}};

static const struct reserved reserved[] = {
    {"CHANNEL", OP(CHANNEL), 0, 1, 0xfffff0f0, FIELD_WORD},
    {"CHANNEL words", OP(CHANNEL), 0, 3, 0xffff0000, FIELD_WORD},
    {"CONTEXT", OP(CONTEXT), 0, 1, 0xffe00080, FIELD_WORD},
    {"CONTEXT kept and h first, dense", OP(CONTEXT), 1, 1, 0x60, FIELD_WORD},
    {"CONTEXT first unit", OP(CONTEXT), 0, 4, 0xffff0000, FIELD_WORD},
    {"CONTEXT h weights, dense", OP(CONTEXT), 1, 6, 0xffffffff, FIELD_WORD},
    {"CONTEXT h parameters, dense", OP(CONTEXT), 1, 7, 0xffff0000, FIELD_WORD},
    {"CONTEXT pre-activations and state, dense", OP(CONTEXT), 1, 8, 0xffffffff, FIELD_WORD},
    {"CONTEXT stride and ring, dense", OP(CONTEXT), 1, 9, 0xffffffff, FIELD_WORD},
    {"CONTEXT cell exponent", OP(CONTEXT), 0, 10, 0xf8000000, FIELD_WORD},
    {"CONTEXT ring stride and exponent, dense", OP(CONTEXT), 1, 10, 0xff00ffff, FIELD_WORD},
    {"CONTEXT cell clip, dense", OP(CONTEXT), 1, 11, 0x0000ffff, FIELD_WORD},
    {"CONTEXT multiplier", OP(CONTEXT), 0, 12, 0x80000000, FIELD_WORD},
    {"CONTEXT multiplier, dense", OP(CONTEXT), 1, 12, 0xffffffff, FIELD_WORD},
    {"CONTEXT shift", OP(CONTEXT), 0, 13, 0xffffffc0, FIELD_WORD},
    {"CONTEXT shift, dense", OP(CONTEXT), 1, 13, 0xffffffff, FIELD_WORD},
    {"TABLE first entry", OP(TABLE), 0, 1, 0xffff0000, FIELD_WORD},
    {"READ", OP(READ), 0, 1, 0xffffe000, FIELD_WORD},
    {"READ last word", OP(READ), 0, 6, 0xffffffff, FIELD_WORD},
    {"WRITE", OP(WRITE), 0, 1, 0xfffffe00, FIELD_WORD},
    {"WRITE row bytes", OP(WRITE), 0, 4, 0xffff0000, FIELD_WORD},
    {"WRITE last word", OP(WRITE), 0, 7, 0xffffffff, FIELD_WORD},
    {"RUN", OP(RUN), 0, 1, 0xfff80000, FIELD_WORD}};

const struct field *field_at(uint32_t index) {
  return index < sizeof fields / sizeof fields[0] ? &fields[index] : NULL;
}

const struct reserved *reserved_at(uint32_t index) {
  return index < sizeof reserved / sizeof reserved[0] ? &reserved[index] : NULL;
}

/* The CHANNEL operation of a channel. */
static const uint32_t *channel_of(const struct rogue_list *list, uint32_t channel) {
  uint32_t at, nth = 0;
  while ((at = rogue_find(list, TRINE_OP_CHANNEL, nth++)) != UINT32_MAX) {
    if ((list->words[at + 1] & 15) == channel) {
      return &list->words[at];
    }
  }
  ck_abort_msg("channel %u is not set up", channel);
}

/* What the list loads of a buffer, from its start on. */
static uint32_t loaded(const struct rogue_list *list, uint32_t buffer) {
  uint32_t at, nth = 0;
  while ((at = rogue_find(list, TRINE_OP_LOAD, nth++)) != UINT32_MAX) {
    if (list->words[at + 1] == buffer) {
      return list->words[at + 3];
    }
  }
  return 0;
}

/* Entries of the table that the list writes, from its start on. */
static uint32_t entries(const struct rogue_list *list) {
  uint32_t at, nth = 0, count = 0;
  while ((at = rogue_find(list, TRINE_OP_TABLE, nth++)) != UINT32_MAX) {
    count += (trine_op_words(list->words[at]) - TRINE_WORDS_TABLE_HEAD) / TRINE_WORDS_TABLE_ENTRY;
  }
  return count;
}

/* What a context's fields allow each other. */
static uint32_t most_of_context(int64_t limit, const struct rogue_list *list, const uint32_t *w) {
  uint32_t groups = w[3] & 0xffff, units = w[3] >> 16;
  switch (limit) {
    case LIMIT_X_CHUNKS:
      return channel_of(list, w[1] >> 8 & 15)[2] >> 16;
    case LIMIT_H_CHUNKS:
      return channel_of(list, w[1] >> 12 & 15)[2] >> 16;
    case LIMIT_UNITS:
      return groups * GROUP_UNITS;
    case LIMIT_X_WEIGHTS:
      return loaded(list, TRINE_LOAD_WEIGHTS) - groups * (w[2] & 0xffff);
    case LIMIT_H_WEIGHTS:
      return loaded(list, TRINE_LOAD_WEIGHTS) - groups * (w[2] >> 16);
    case LIMIT_PARAMS:
      return loaded(list, TRINE_LOAD_PARAMS) / TAIL_ROWS - groups * LANES / TAIL_ROWS;
    case LIMIT_PRE:
      return PRE_UNITS - units;
    default: /* LIMIT_STATE */
      return STATE_UNITS - units;
  }
}

uint32_t field_most(const struct field *field, const struct rogue_list *list) {
  const uint32_t *w = &list->words[rogue_find(list, field->op, field->nth)];
  switch (field->most) {
    case LIMIT_CONTEXTS:
      return CONTEXTS - 1;
    case LIMIT_STATE_FIELD:
      return STATE_UNITS - 1;
    case LIMIT_RING_FIELD:
      return RING_WORDS - 1;
    case LIMIT_RING_BASE:
      return RING_WORDS - SLOTS * (w[2] >> 16);
    case LIMIT_ENTRY:
      return entries(list) - (w[5] >> 16);
    case LIMIT_TABLE:
      return 0; /* it is the first, and leaves no gap */
    case LIMIT_ROW_BYTES:
      return channel_of(list, w[1] >> 4 & 15)[3] * BUS_BYTES;
    case LIMIT_WRITER_BASE:
      return WRITER_WORDS - SLOTS * (w[6] >> 16);
    default:
      return field->most < 0 ? most_of_context(field->most, list, w) : (uint32_t)field->most;
  }
}
