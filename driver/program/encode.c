/* SPDX-License-Identifier: Apache-2.0 */
/* encode: operations as words, see format.h. */
#include "program/format.h"

void trine_encode_load(enum trine_load target, uint32_t local, uint32_t count, uint32_t source,
                       uint32_t words[TRINE_WORDS_LOAD]) {
  words[0] = trine_op_word(TRINE_OP_LOAD, TRINE_WORDS_LOAD);
  words[1] = target;
  words[2] = local;
  words[TRINE_LOAD_COUNT] = count;
  words[4] = source;
}

void trine_encode_channel(const struct trine_op_channel *channel,
                          uint32_t words[TRINE_WORDS_CHANNEL]) {
  words[0] = trine_op_word(TRINE_OP_CHANNEL, TRINE_WORDS_CHANNEL);
  words[1] = channel->channel | channel->users << 8;
  words[2] = trine_low_high(channel->ring, channel->stride);
  words[3] = channel->words;
}

void trine_encode_context(const struct trine_op_context *context,
                          uint32_t words[TRINE_WORDS_CONTEXT]) {
  const bool is_lstm = context->is_lstm, is_kept = context->is_kept;
  words[0] = trine_op_word(TRINE_OP_CONTEXT, TRINE_WORDS_CONTEXT);
  words[1] = context->context | (is_lstm ? 0u : 1u << 4) | (is_kept ? 1u << 5 : 0u) |
             context->in_channel << 8 | context->out_channel << 12 | context->listeners << 16;
  words[2] = trine_low_high(context->x_chunks, context->h_chunks);
  words[3] = trine_low_high(context->groups, context->units);
  words[4] = context->first_unit;
  words[5] = context->x_weight;
  words[6] = is_lstm ? context->h_weight : 0;
  words[7] = trine_low_high(context->x_param, is_lstm ? context->h_param : 0);
  words[8] = is_lstm ? trine_low_high(context->pre, context->state) : 0;
  words[9] = is_kept ? trine_low_high(context->state_stride, context->h_ring) : 0;
  words[10] = (is_kept ? context->h_stride : 0) | (uint32_t)(uint8_t)context->zero_point << 16 |
              (is_lstm ? (uint32_t)(context->cell_exponent + 15) << 24 : 0);
  words[11] = (is_lstm ? context->cell_clip & 0xffff : 0u) |
              (uint32_t)(uint8_t)context->out_min << 16 | (uint32_t)(uint8_t)context->out_max << 24;
  words[12] = is_lstm ? context->multiplier : 0;
  words[13] = is_lstm ? (uint32_t)context->shift & 0x3f : 0;
}
