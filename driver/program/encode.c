/* SPDX-License-Identifier: Apache-2.0 */
/* encode: operations as words, see format.h. */
#include <string.h>

#include "program/format.h"

#define PUT(field, value) trine_put_field(words, TRINE_FIELD_##field, value)

static void begin(uint32_t *words, enum trine_op op, uint32_t count, uint32_t ranks) {
  memset(words, 0, count * sizeof *words);
  words[0] = trine_op_word(op, count, ranks);
}

bool trine_op_parks(const uint32_t *words) {
  switch (trine_field(words, TRINE_FIELD_FIRST_OP)) {
    case TRINE_OP_END:
    case TRINE_OP_BARRIER:
    case TRINE_OP_LOAD:
      return true;
    case TRINE_OP_RUN:
      return trine_field(words, TRINE_FIELD_RUN_MORE) == 0;
    default:
      return false;
  }
}

void trine_encode_load(uint32_t ranks, uint32_t buffer, uint32_t local, uint32_t count,
                       uint32_t source, uint32_t words[TRINE_WORDS_LOAD]) {
  begin(words, TRINE_OP_LOAD, TRINE_WORDS_LOAD, ranks);
  PUT(LOAD_BUFFER, buffer);
  PUT(LOAD_LOCAL, local);
  PUT(LOAD_COUNT, count);
  PUT(LOAD_SOURCE, source);
}

void trine_encode_save(uint32_t ranks, uint32_t entry, uint32_t count, uint32_t target,
                       uint32_t words[TRINE_WORDS_SAVE]) {
  begin(words, TRINE_OP_SAVE, TRINE_WORDS_SAVE, ranks);
  PUT(SAVE_ENTRY, entry);
  PUT(SAVE_COUNT, count);
  PUT(SAVE_TARGET, target);
}

void trine_encode_channel(uint32_t ranks, const struct trine_op_channel *channel,
                          uint32_t words[TRINE_WORDS_CHANNEL]) {
  begin(words, TRINE_OP_CHANNEL, TRINE_WORDS_CHANNEL, ranks);
  PUT(CHANNEL_CHANNEL, channel->channel);
  PUT(CHANNEL_USERS, channel->users);
  PUT(CHANNEL_RING, channel->ring);
  PUT(CHANNEL_STRIDE, channel->stride);
  PUT(CHANNEL_WORDS, channel->words);
}

/* What a dense layer has too. */
static void put_common(const struct trine_op_context *context, uint32_t *words) {
  PUT(CONTEXT_CONTEXT, context->context);
  PUT(CONTEXT_DENSE, !context->is_lstm);
  PUT(CONTEXT_KEPT, context->is_kept);
  PUT(CONTEXT_H_FIRST, context->is_h_first);
  PUT(CONTEXT_INPUT, context->in_channel);
  PUT(CONTEXT_OUTPUT, context->out_channel);
  PUT(CONTEXT_LISTENERS, context->listeners);
  PUT(CONTEXT_X_CHUNKS, context->x_chunks);
  PUT(CONTEXT_H_CHUNKS, context->h_chunks);
  PUT(CONTEXT_GROUPS, context->groups);
  PUT(CONTEXT_UNITS, context->units);
  PUT(CONTEXT_FIRST_UNIT, context->first_unit);
  PUT(CONTEXT_X_WEIGHT, context->x_weight);
  PUT(CONTEXT_X_PARAM, context->x_param);
  PUT(CONTEXT_ZERO_POINT, (uint32_t)context->zero_point);
  PUT(CONTEXT_OUT_MIN, (uint32_t)context->out_min);
  PUT(CONTEXT_OUT_MAX, (uint32_t)context->out_max);
}

static void put_lstm(const struct trine_op_context *context, uint32_t *words) {
  PUT(CONTEXT_H_WEIGHT, context->h_weight);
  PUT(CONTEXT_H_PARAM, context->h_param);
  PUT(CONTEXT_PRE, context->pre);
  PUT(CONTEXT_STATE, context->state);
  PUT(CONTEXT_EXPONENT, (uint32_t)(context->cell_exponent + 15));
  PUT(CONTEXT_CELL_CLIP, context->cell_clip);
  PUT(CONTEXT_MULTIPLIER, context->multiplier);
  PUT(CONTEXT_SHIFT, (uint32_t)context->shift);
}

static void put_kept(const struct trine_op_context *context, uint32_t *words) {
  PUT(CONTEXT_STATE_STRIDE, context->state_stride);
  PUT(CONTEXT_H_RING, context->h_ring);
  PUT(CONTEXT_H_STRIDE, context->h_stride);
}

void trine_encode_context(uint32_t ranks, const struct trine_op_context *context,
                          uint32_t words[TRINE_WORDS_CONTEXT]) {
  begin(words, TRINE_OP_CONTEXT, TRINE_WORDS_CONTEXT, ranks);
  put_common(context, words);
  if (context->is_lstm) {
    put_lstm(context, words);
  }
  if (context->is_kept) {
    put_kept(context, words);
  }
}

uint32_t trine_read_channel(uint32_t reader, uint32_t channel, uint32_t listeners) {
  uint32_t words[TRINE_WORDS_READ] = {0};
  PUT(READ_READER, reader);
  PUT(READ_CHANNEL, channel);
  PUT(READ_LISTENERS, listeners);
  return words[1];
}

uint32_t trine_read_row(uint32_t row_words, uint32_t beats) {
  uint32_t words[TRINE_WORDS_READ] = {0};
  PUT(READ_WORDS, row_words);
  PUT(READ_BEATS, beats);
  return words[4];
}

void trine_encode_read(uint32_t ranks, const struct trine_op_read *read,
                       uint32_t words[TRINE_WORDS_READ]) {
  begin(words, TRINE_OP_READ, TRINE_WORDS_READ, ranks);
  words[1] = read->channel;
  PUT(READ_BASE, read->base);
  PUT(READ_STRIDE, read->stride);
  words[4] = read->row;
  PUT(READ_FIRST, read->first);
  PUT(READ_SEQUENCES, read->sequences);
}

uint32_t trine_write_channel(uint32_t writer, uint32_t channel, bool last_only) {
  uint32_t words[TRINE_WORDS_WRITE] = {0};
  PUT(WRITE_WRITER, writer);
  PUT(WRITE_CHANNEL, channel);
  PUT(WRITE_LAST_ONLY, last_only);
  return words[1];
}

void trine_encode_write(uint32_t ranks, const struct trine_op_write *write,
                        uint32_t words[TRINE_WORDS_WRITE]) {
  begin(words, TRINE_OP_WRITE, TRINE_WORDS_WRITE, ranks);
  words[1] = write->channel;
  PUT(WRITE_BASE, write->base);
  PUT(WRITE_STRIDE, write->stride);
  PUT(WRITE_BYTES, write->bytes);
  PUT(WRITE_FIRST, write->first);
  PUT(WRITE_SEQUENCES, write->sequences);
  PUT(WRITE_RAM, write->ram);
  PUT(WRITE_RAM_STRIDE, write->ram_stride);
}

void trine_encode_run(uint32_t ranks, uint32_t contexts, uint32_t steps, bool more,
                      enum trine_run_begin begins, uint32_t words[TRINE_WORDS_RUN]) {
  begin(words, TRINE_OP_RUN, TRINE_WORDS_RUN, ranks);
  PUT(RUN_CONTEXTS, contexts);
  PUT(RUN_STEPS, steps);
  PUT(RUN_MORE, more);
  PUT(RUN_BEGIN, begins);
}
