/* SPDX-License-Identifier: Apache-2.0 */
/* tables: the tables of an image, and the blocks of program words that no batch changes. */
#include <string.h>

#include "compiler/builder.h"
#include "program/format.h"
#include "trine_regs.h"

/* Most words of a rank's set-up: every context and every channel there can be; and of its loads. */
enum {
  MOST_SETUP = TRINE_CHANNELS * (TRINE_WORDS_CONTEXT + TRINE_WORDS_CHANNEL),
  MOST_LOADS = 2 * TRINE_WORDS_LOAD
};

/* Most words at words_at: blocks of each rank; masks and products of each chain; slices. */
uint32_t trine_most_words(uint32_t ranks, uint32_t chains, uint32_t states) {
  const uint32_t slice = sizeof(struct trine_image_slice) / 4;
  return ranks * (MOST_LOADS + 2 * MOST_SETUP + 3 * chains + slice * states);
}

static uint32_t *words_at(struct trine_builder *builder, uint32_t index) {
  return (uint32_t *)(void *)(builder->memory + builder->head.words_at) + index;
}

/* Room for words, from the index that is returned on. */
static uint32_t take_words(struct trine_builder *builder, uint32_t count) {
  const uint32_t first = builder->words;
  builder->words += count;
  return first;
}

static void put_tensors(struct trine_builder *builder) {
  struct trine_image_tensor *out = (void *)(builder->memory + builder->head.tensors_at);
  for (uint32_t t = 0; t < builder->network->tensor_count; t++) {
    const struct trine_tensor *tensor = &builder->network->tensors[t];
    struct row_layout row;
    trine_tensor_parts(tensor, builder->target->info.mem_bytes, &row);
    out[t] =
        (struct trine_image_tensor){.stride = row.stride,
                                    .width = row.width,
                                    .per_sequence = trine_tensor_per_sequence(builder->network, t),
                                    .part_count = tensor->part_count};
    for (uint32_t p = 0; p < tensor->part_count; p++) {
      out[t].part_offset[p] = row.part_offset[p];
      out[t].part_width[p] = tensor->part_width[p];
    }
  }
}

static uint32_t put_loads(struct trine_builder *builder, uint32_t rank) {
  const uint32_t rows = builder->plain.param_beats[rank] * builder->target->info.tail_rows;
  if (rows == 0) {
    return 0;
  }
  uint32_t *words = words_at(builder, take_words(builder, MOST_LOADS));
  trine_encode_load(1u << rank, TRINE_LOAD_WEIGHTS, 0, builder->plain.weight_words[rank],
                    builder->weights_offset[rank], words);
  trine_encode_load(1u << rank, TRINE_LOAD_PARAMS, 0, rows, builder->params_offset[rank],
                    words + TRINE_WORDS_LOAD);
  return MOST_LOADS;
}

/* The channel a layer reads: that of the layer before, or of its chain's reader. */
static uint32_t input_channel(const struct trine_builder *builder, const struct layout *layout,
                              uint32_t layer) {
  const struct trine_network *network = builder->network;
  const struct trine_chain *of = trine_layer_chain(network, layer % network->layer_count);
  const uint32_t chain =
      trine_instance_copy(network, layer) * network->chain_count + (uint32_t)(of - network->chains);
  return trine_first_instance(network, chain) == layer ? layout->chain[chain].in_channel
                                                       : layer - 1;
}

/* In the CMSIS corner h is added before it is saturated: x has to be there. */
static bool may_go_first(const struct trine_builder *builder) {
  return builder->placement->h_first &&
         (builder->target->info.features & TRINE_GLOBAL_FEATURES_CMSIS_MASK) == 0;
}

/* The CONTEXT of a layer on a rank; false: it has none of it. */
static bool make_context(const struct trine_builder *builder, const struct layout *layout,
                         uint32_t n, uint32_t rank, uint32_t words[TRINE_WORDS_CONTEXT]) {
  const struct trine_layer *layer = trine_instance_layer(builder->network, n);
  const struct slice_layout *slice = &layout->slice[n][rank];
  const bool is_lstm = layer->kind == TRINE_LAYER_LSTM;
  const struct trine_op_context context = {.context = slice->context,
                                           .in_channel = input_channel(builder, layout, n),
                                           .out_channel = n,
                                           .listeners = layout->channel[n].listeners,
                                           .is_lstm = is_lstm,
                                           .is_kept = is_lstm && layout->kept,
                                           .is_h_first = is_lstm && may_go_first(builder),
                                           .x_chunks = slice->x_chunks,
                                           .h_chunks = slice->h_chunks,
                                           .groups = slice->groups,
                                           .units = slice->units,
                                           .first_unit = slice->first,
                                           .x_weight = slice->x_weight,
                                           .h_weight = slice->h_weight,
                                           .x_param = slice->x_param,
                                           .h_param = slice->h_param,
                                           .pre = slice->pre,
                                           .state = slice->state,
                                           .state_stride = slice->state_stride,
                                           .h_ring = slice->ring,
                                           .h_stride = layout->channel[n].stride,
                                           .zero_point = layer->zero_point,
                                           .out_min = layer->out_min,
                                           .out_max = layer->out_max,
                                           .cell_exponent = layer->cell_exponent,
                                           .shift = layer->out.shift,
                                           .cell_clip = (uint16_t)layer->cell_clip,
                                           .multiplier = (uint32_t)layer->out.multiplier};
  trine_encode_context(1u << rank, &context, words);
  return slice->units > 0;
}

static bool make_channel(const struct trine_builder *builder, const struct layout *layout,
                         uint32_t c, uint32_t rank, uint32_t words[TRINE_WORDS_CHANNEL]) {
  const struct channel_layout *channel = &layout->channel[c];
  const struct trine_op_channel op = {c, channel->users[rank], channel->ring[rank], channel->stride,
                                      channel->words};
  (void)builder;
  trine_encode_channel(1u << rank, &op, words);
  return channel->users[rank] > 0;
}

/* Makes operation n of a rank; false: it has none. */
typedef bool make_op(const struct trine_builder *builder, const struct layout *layout, uint32_t n,
                     uint32_t rank, uint32_t *words);

/* Operation n of a rank and of all ranks above it that do the same, unless one below does. */
static void put_shared(struct trine_builder *builder, const struct layout *layout, make_op *make,
                       uint32_t n, uint32_t rank) {
  uint32_t words[TRINE_BLOCK_WORDS], other[TRINE_BLOCK_WORDS];
  if (!make(builder, layout, n, rank, words)) {
    return;
  }
  const uint32_t count = trine_op_length(words[0]);
  for (uint32_t r = 0; r < builder->head.ranks; r++) {
    const bool same = make(builder, layout, n, r, other) &&
                      memcmp(other + 1, words + 1, (count - 1) * sizeof *words) == 0;
    if (same && r < rank) {
      return;
    }
    words[0] |= same ? other[0] : 0;
  }
  memcpy(words_at(builder, take_words(builder, count)), words, count * sizeof *words);
}

/* Channels and contexts of a rank, but for those of a lower one too; the number of words. */
static uint32_t put_setup(struct trine_builder *builder, const struct layout *layout,
                          uint32_t rank) {
  const uint32_t layers = trine_layer_instances(builder->network, builder->placement);
  const uint32_t channels = layers + trine_chain_instances(builder->network, builder->placement);
  const uint32_t before = builder->words;
  for (uint32_t c = 0; c < channels; c++) {
    put_shared(builder, layout, make_channel, c, rank);
  }
  for (uint32_t n = 0; n < layers; n++) {
    put_shared(builder, layout, make_context, n, rank);
  }
  return builder->words - before;
}

static void put_ranks(struct trine_builder *builder) {
  struct trine_image_rank *out = (void *)(builder->memory + builder->head.ranks_at);
  for (uint32_t r = 0; r < builder->head.ranks; r++) {
    out[r].loads = builder->words;
    out[r].load_words = put_loads(builder, r);
    for (uint32_t kept = 0; kept < 2; kept++) {
      out[r].setup[kept] = builder->words;
      out[r].setup_words[kept] =
          put_setup(builder, kept != 0 ? &builder->kept : &builder->plain, r);
    }
  }
}

/* Masks of contexts, and products a row, of each rank. */
static void put_chain_words(struct trine_builder *builder, uint32_t k,
                            struct trine_image_chain *out) {
  const struct trine_network *network = builder->network;
  const uint32_t first = trine_first_instance(network, k), ranks = builder->head.ranks;
  out->contexts = take_words(builder, ranks);
  out->macs = take_words(builder, 2 * ranks);
  for (uint32_t r = 0; r < ranks; r++) {
    uint32_t mask = 0;
    uint64_t macs = 0;
    for (uint32_t n = 0; n < trine_instance_chain(network, k)->layer_count; n++) {
      const struct slice_layout *slice = &builder->plain.slice[first + n][r];
      mask |= slice->units > 0 ? 1u << slice->context : 0;
      macs += slice->units * trine_unit_macs(trine_instance_layer(network, first + n));
    }
    *words_at(builder, out->contexts + r) = mask;
    *words_at(builder, out->macs + 2 * r) = (uint32_t)macs;
    *words_at(builder, out->macs + 2 * r + 1) = (uint32_t)(macs >> 32);
  }
}

static void put_chains(struct trine_builder *builder) {
  const struct trine_network *network = builder->network;
  const uint32_t mem_bytes = builder->target->info.mem_bytes;
  struct trine_image_chain *out = (void *)(builder->memory + builder->head.chains_at);
  for (uint32_t k = 0; k < trine_chain_instances(network, builder->placement); k++) {
    const struct trine_chain *chain = trine_instance_chain(network, k);
    const struct chain_layout *layout = &builder->plain.chain[k];
    const struct channel_layout *in = &builder->plain.channel[layout->in_channel];
    const uint32_t width = builder->plain.channel[layout->out_channel].width;
    struct row_layout source, target;
    trine_tensor_parts(&network->tensors[chain->source], mem_bytes, &source);
    trine_tensor_parts(&network->tensors[chain->target], mem_bytes, &target);
    out[k] = (struct trine_image_chain){
        .copy = trine_chain_copy(network, k),
        .stage = layout->stage,
        .source = chain->source,
        .target = chain->target,
        .target_offset = target.part_offset[chain->target_part],
        .reversed = chain->reversed,
        .last_only = chain->last_only,
        .reader_rank = layout->reader_rank,
        .writer_rank = layout->writer_rank,
        .read_channel = trine_read_channel(layout->reader, layout->in_channel, in->listeners),
        .read_beats = trine_read_row(in->words, source.stride / mem_bytes),
        .write_channel = trine_write_channel(layout->writer, layout->out_channel, chain->last_only),
        .write_width = width,
        .slot_words = trine_divide_up(width, mem_bytes)};
    put_chain_words(builder, k, &out[k]);
  }
}

static void put_layers(struct trine_builder *builder) {
  struct trine_image_layer *out = (void *)(builder->memory + builder->head.layers_at);
  uint32_t name_at = builder->head.names_at;
  for (uint32_t n = 0; n < builder->network->layer_count; n++) {
    const struct trine_layer *layer = &builder->network->layers[n];
    const size_t bytes = strlen(layer->name) + 1;
    out[n] = (struct trine_image_layer){layer->kind == TRINE_LAYER_LSTM, layer->inputs,
                                        layer->units, name_at};
    memcpy(builder->memory + name_at, layer->name, bytes);
    name_at += (uint32_t)bytes;
  }
}

/* In the order in which lay_window has given them room. */
static void put_states(struct trine_builder *builder, uint32_t at) {
  const struct trine_info *info = &builder->target->info;
  const struct geometry geometry = trine_geometry(info);
  const uint32_t sequences = builder->kept.max_sequences;
  struct trine_image_state *out = (void *)(builder->memory + builder->head.states_at);
  for (uint32_t n = 0; n < trine_layer_instances(builder->network, builder->placement); n++) {
    const struct trine_layer *layer = trine_instance_layer(builder->network, n);
    if (layer->kind != TRINE_LAYER_LSTM) {
      continue;
    }
    *out = (struct trine_image_state){
        .layer = n % builder->network->layer_count,
        .copy = trine_instance_copy(builder->network, n),
        .zero_point = (uint8_t)layer->zero_point,
        .h_offset = at,
        .h_bytes = builder->kept.channel[n].stride * geometry.vec_bytes,
        .slices = take_words(builder,
                             builder->head.ranks * (uint32_t)sizeof(struct trine_image_slice) / 4)};
    at = trine_round_up(at + sequences * out->h_bytes, info->mem_bytes);
    struct trine_image_slice *slices = (void *)words_at(builder, out->slices);
    for (uint32_t r = 0; r < builder->head.ranks; r++) {
      const struct slice_layout *slice = &builder->kept.slice[n][r];
      slices[r] = (struct trine_image_slice){.first = slice->first,
                                             .units = slice->units,
                                             .stride = slice->state_stride,
                                             .offset = at,
                                             .entry = slice->state,
                                             .ring = slice->ring * geometry.vec_bytes};
      at = trine_round_up(at + sequences * slice->state_stride * 4, info->mem_bytes);
    }
    out++;
  }
}

void trine_put_tables(struct trine_builder *builder, uint32_t state_offset) {
  put_tensors(builder);
  put_ranks(builder);
  put_chains(builder);
  put_layers(builder);
  put_states(builder, state_offset);
}
