/* SPDX-License-Identifier: Apache-2.0 */
/* layout: contexts, channels and every local buffer of every core, fixed for the life of a
 * job. Local buffers are handed out in order of use and never shared. */
#include <string.h>

#include "compiler/internal.h"

/* What a rank has used so far. */
struct usage {
  uint32_t contexts, weights, params, pre, state, ring;
  uint32_t state_step, ring_step; /* of one sequence's kept state */
  uint32_t readers, writers;      /* chains served so far */
};

struct layout_builder {
  const struct trine_target *target;
  struct trine_error *error;
  const struct trine_network *network;
  const struct trine_placement *placement;
  struct geometry geometry;
  struct layout *layout;
  uint32_t layers, chains; /* instances */
  struct usage usage[TRINE_MAX_CORES];
};

static uint32_t first_rank_of(const struct trine_placement *placement, uint32_t layer) {
  uint32_t rank = 0;
  while (rank < placement->ranks && placement->slice[layer][rank].count == 0) {
    rank++;
  }
  return rank;
}

static enum trine_status refuse(const struct layout_builder *build, const char *layer,
                                const char *what, uint64_t needed, uint64_t limit) {
  return trine_refuse(build->error, TRINE_ERR_LIMIT,
                      "layer %s brings one core to %llu %s; configuration %s has %llu", layer,
                      (unsigned long long)needed, what, build->target->config,
                      (unsigned long long)limit);
}

/* The instance of an earlier copy with the same slice of the same layer on the rank, or `layer`. */
static uint32_t same_slice(const struct layout_builder *build, uint32_t layer, uint32_t rank) {
  const struct trine_slice *slice = &build->placement->slice[layer][rank];
  uint32_t layers = build->network->layer_count;
  for (uint32_t other = layer % layers; other < layer; other += layers) {
    const struct trine_slice *made = &build->placement->slice[other][rank];
    if (made->first == slice->first && made->count == slice->count) {
      return other;
    }
  }
  return layer;
}

/* Words of weights of a slice. */
static uint64_t slice_words(const struct slice_layout *slice) {
  return (uint64_t)slice->groups * ((uint32_t)slice->x_chunks + slice->h_chunks);
}

/* Weights and parameters of a slice, unless an earlier copy has brought them. */
static void add_weights(struct layout_builder *build, uint32_t layer, uint32_t rank) {
  struct usage *usage = &build->usage[rank];
  struct slice_layout *slice = &build->layout->slice[layer][rank];
  uint32_t same = same_slice(build, layer, rank);
  if (same != layer) {
    const struct slice_layout *made = &build->layout->slice[same][rank];
    slice->is_shared = true;
    slice->x_weight = made->x_weight;
    slice->h_weight = made->h_weight;
    slice->x_param = made->x_param;
    slice->h_param = made->h_param;
    return;
  }
  uint32_t beats = slice->groups * build->geometry.group_beats;
  slice->x_weight = usage->weights;
  slice->h_weight = slice->x_weight + slice->groups * slice->x_chunks;
  usage->weights = slice->h_weight + slice->groups * slice->h_chunks;
  slice->x_param = usage->params;
  slice->h_param = slice->x_param + beats;
  usage->params = slice->h_param + (slice->h_chunks > 0 ? beats : 0);
}

/* One slice on one rank: context, weights, parameters, pre-activations. */
static enum trine_status add_slice(struct layout_builder *build, uint32_t n, uint32_t rank) {
  const struct trine_info *info = &build->target->info;
  const struct geometry *geometry = &build->geometry;
  const struct trine_layer *layer = trine_instance_layer(build->network, n);
  struct usage *usage = &build->usage[rank];
  struct slice_layout *slice = &build->layout->slice[n][rank];
  bool is_lstm = layer->kind == TRINE_LAYER_LSTM;
  slice->context = TRINE_NO_CONTEXT;
  slice->first = build->placement->slice[n][rank].first;
  slice->units = build->placement->slice[n][rank].count;
  if (slice->units == 0) {
    return TRINE_OK;
  }
  uint32_t width =
      trine_layer_width(build->network, n % build->network->layer_count, info->mem_bytes);
  uint32_t groups = trine_divide_up(slice->units, trine_granule(info, layer));
  slice->context = (uint8_t)usage->contexts++;
  slice->groups = (uint16_t)groups;
  slice->x_chunks = (uint16_t)trine_divide_up(width, info->macs_per_lane);
  slice->h_chunks = (uint16_t)(is_lstm ? trine_divide_up(layer->units, info->macs_per_lane) : 0);
  if (same_slice(build, n, rank) == n &&
      usage->weights + slice_words(slice) > geometry->weight_words) {
    return trine_refuse(
        build->error, TRINE_ERR_LIMIT,
        "layer %s brings one core to %llu bytes of weights; configuration %s has %u", layer->name,
        (unsigned long long)(usage->weights + slice_words(slice)) * geometry->word_bytes,
        build->target->config, info->weight_bytes);
  }
  add_weights(build, n, rank);
  slice->pre = usage->pre;
  usage->pre += is_lstm ? groups * geometry->group_units : 0;
  usage->state_step += is_lstm ? groups * geometry->group_units : 0;
  if (usage->contexts > info->contexts) {
    return refuse(build, layer->name, "contexts", usage->contexts, info->contexts);
  }
  if (usage->params > geometry->param_beats) {
    return refuse(build, layer->name, "parameter rows", (uint64_t)usage->params * info->tail_rows,
                  info->param_rows);
  }
  if (usage->pre > info->pre_units) {
    return refuse(build, layer->name, "pre-activation units", usage->pre, info->pre_units);
  }
  return TRINE_OK;
}

static void channel_width(struct layout_builder *build, uint32_t channel, uint32_t width) {
  struct channel_layout *made = &build->layout->channel[channel];
  made->width = width;
  made->stride = trine_divide_up(width, build->geometry.vec_bytes);
}

/* Bus words a layer's slices send for one vector: a word shared by two slices is sent twice. */
static uint32_t layer_words(const struct layout_builder *build, uint32_t n) {
  uint32_t bus = build->target->info.bus_bytes;
  uint32_t words = 0;
  for (uint32_t r = 0; r < build->placement->ranks; r++) {
    struct trine_slice slice = build->placement->slice[n][r];
    if (slice.count > 0) {
      words += ((uint32_t)slice.first + slice.count - 1) / bus - slice.first / bus + 1;
    }
  }
  return words;
}

/* Channels, and who listens to them: x and h of contexts, and writers. */
static void add_channels(struct layout_builder *build) {
  const struct trine_network *network = build->network;
  struct layout *layout = build->layout;
  for (uint32_t n = 0; n < build->layers; n++) {
    channel_width(build, n, trine_instance_layer(build->network, n)->units);
    layout->channel[n].words = layer_words(build, n);
  }
  for (uint32_t k = 0; k < build->chains; k++) {
    const struct trine_chain *chain = trine_instance_chain(build->network, k);
    struct chain_layout *made = &layout->chain[k];
    uint32_t first = trine_first_instance(network, k);
    uint32_t last = first + chain->layer_count - 1;
    made->in_channel = build->layers + k;
    made->out_channel = last;
    made->reader_rank = first_rank_of(build->placement, first);
    made->writer_rank = first_rank_of(build->placement, last);
    uint32_t width = trine_layer_width(network, chain->first_layer, build->target->info.mem_bytes);
    channel_width(build, made->in_channel, width);
    layout->channel[made->in_channel].words = trine_divide_up(width, build->target->info.bus_bytes);
    for (uint32_t n = first; n <= last; n++) {
      uint32_t input = n == first ? made->in_channel : n - 1;
      for (uint32_t r = 0; r < build->placement->ranks; r++) {
        if (layout->slice[n][r].units > 0) {
          layout->channel[input].users[r]++;
          if (trine_instance_layer(build->network, n)->kind == TRINE_LAYER_LSTM) {
            layout->channel[n].users[r]++;
          }
        }
      }
    }
    layout->channel[last].users[made->writer_rank]++;
  }
}

static enum trine_status add_rings(struct layout_builder *build) {
  struct layout *layout = build->layout;
  const struct trine_info *info = &build->target->info;
  for (uint32_t c = 0; c < build->layers + build->chains; c++) {
    struct channel_layout *channel = &layout->channel[c];
    for (uint32_t r = 0; r < build->placement->ranks; r++) {
      if (channel->users[r] > 0) {
        channel->listeners++;
        channel->ring[r] = build->usage[r].ring;
        build->usage[r].ring += channel->stride * info->x_slots;
      }
      if (build->usage[r].ring > build->geometry.ring_words) {
        return trine_refuse(build->error, TRINE_ERR_LIMIT,
                            "the rings of the network need %u bytes or more on one core; "
                            "configuration %s has %u",
                            build->usage[r].ring * build->geometry.vec_bytes, build->target->config,
                            info->ring_bytes);
      }
    }
  }
  return TRINE_OK;
}

static bool rank_is_free(const struct layout_builder *build, uint32_t k, uint32_t stage,
                         bool reading, uint32_t *unit, uint32_t turn) {
  const struct layout *layout = build->layout;
  const uint32_t units = reading ? TRINE_READERS : TRINE_WRITERS;
  uint32_t taken = 0;
  uint32_t rank = reading ? layout->chain[k].reader_rank : layout->chain[k].writer_rank;
  for (uint32_t j = 0; j < k; j++) {
    const struct chain_layout *other = &layout->chain[j];
    uint32_t other_rank = reading ? other->reader_rank : other->writer_rank;
    if (other->stage == stage && other_rank == rank) {
      taken |= 1u << (reading ? other->reader : other->writer);
    }
    bool same_rows =
        trine_tensor_per_sequence(build->network,
                                  trine_instance_chain(build->network, j)->source) ==
        trine_tensor_per_sequence(build->network, trine_instance_chain(build->network, k)->source);
    if (other->stage == stage && !same_rows) {
      return false; /* one RUN has one number of steps */
    }
  }
  for (uint32_t n = 0; n < units; n++) {
    *unit = (turn + n) % units;
    if ((taken & 1u << *unit) == 0) {
      return true;
    }
  }
  return false;
}

/* A chain runs in the first stage after its sources in which it finds a reader and a writer.
 * Chains are visited level by level, so sources have their stage before. */
static void add_stages(struct layout_builder *build) {
  const struct trine_network *network = build->network;
  struct layout *layout = build->layout;
  uint32_t level[TRINE_MAX_CHAINS], levels = 0;
  (void)trine_chain_levels(network, level, &levels);
  for (uint32_t k = 0; k < build->chains; k++) {
    layout->chain[k].stage = UINT32_MAX;
  }
  for (uint32_t at = 0; at < levels; at++) {
    uint32_t base = layout->stages;
    for (uint32_t k = 0; k < build->chains; k++) {
      struct chain_layout *chain = &layout->chain[k];
      if (level[k % network->chain_count] != at) {
        continue;
      }
      struct usage *reads = &build->usage[chain->reader_rank];
      struct usage *writes = &build->usage[chain->writer_rank];
      uint32_t stage = base;
      while (!rank_is_free(build, k, stage, true, &chain->reader, reads->readers) ||
             !rank_is_free(build, k, stage, false, &chain->writer, writes->writers)) {
        stage++;
      }
      chain->stage = stage;
      reads->readers++;
      writes->writers++;
      layout->stages = stage >= layout->stages ? stage + 1 : layout->stages;
    }
  }
}

/* Most sequences a copy can have in a run: entries of the tables, and of kept state. */
static enum trine_status count_sequences(struct layout_builder *build) {
  const struct trine_info *info = &build->target->info;
  struct layout *layout = build->layout;
  layout->max_sequences = info->table_entries;
  for (uint32_t r = 0; r < build->placement->ranks; r++) {
    for (uint32_t s = 0; s < layout->stages; s++) {
      uint32_t streams = 0;
      for (uint32_t k = 0; k < build->chains; k++) {
        const struct chain_layout *chain = &layout->chain[k];
        streams += chain->stage == s && chain->reader_rank == r;
        streams += chain->stage == s && chain->writer_rank == r;
      }
      uint32_t most = streams > 0 ? info->table_entries / streams : UINT32_MAX;
      layout->max_sequences = most < layout->max_sequences ? most : layout->max_sequences;
    }
    const struct usage *usage = &build->usage[r];
    uint32_t states = usage->state_step > 0 ? info->state_units / usage->state_step : UINT32_MAX;
    uint32_t rings = usage->ring_step > 0
                         ? (build->geometry.ring_words - usage->ring) / usage->ring_step
                         : UINT32_MAX;
    if (states < 1) {
      return trine_refuse(build->error, TRINE_ERR_LIMIT,
                          "one core needs %u cell states; configuration %s has %u",
                          usage->state_step, build->target->config, info->state_units);
    }
    if (layout->kept) {
      layout->max_sequences = states < layout->max_sequences ? states : layout->max_sequences;
      layout->max_sequences = rings < layout->max_sequences ? rings : layout->max_sequences;
    }
  }
  return TRINE_OK;
}

/* State entries and kept h, for as many sequences as a run has. */
static void add_states(struct layout_builder *build) {
  struct layout *layout = build->layout;
  uint32_t copies = layout->kept ? layout->max_sequences : 1;
  for (uint32_t n = 0; n < build->layers; n++) {
    for (uint32_t r = 0; r < build->placement->ranks; r++) {
      struct slice_layout *slice = &layout->slice[n][r];
      if (slice->units == 0 || trine_instance_layer(build->network, n)->kind != TRINE_LAYER_LSTM) {
        continue;
      }
      uint32_t entries = slice->groups * build->geometry.group_units;
      slice->state = build->usage[r].state;
      slice->state_stride = layout->kept ? entries : 0;
      build->usage[r].state += entries * copies;
      slice->ring = layout->kept ? build->usage[r].ring : 0;
      build->usage[r].ring += layout->kept ? layout->channel[n].stride * copies : 0;
    }
  }
}

/* The slots of the writers of one stage share a core's writer RAM. */
static enum trine_status check_writers(struct layout_builder *build) {
  const struct trine_info *info = &build->target->info;
  for (uint32_t s = 0; s < build->layout->stages; s++) {
    for (uint32_t r = 0; r < build->placement->ranks; r++) {
      uint32_t bytes = 0;
      for (uint32_t k = 0; k < build->chains; k++) {
        const struct chain_layout *chain = &build->layout->chain[k];
        uint32_t width = build->layout->channel[chain->out_channel].width;
        bool is_here = chain->stage == s && chain->writer_rank == r;
        bytes += is_here ? trine_round_up(width, info->mem_bytes) * info->x_slots : 0;
      }
      if (bytes > info->writer_bytes) {
        return trine_refuse(build->error, TRINE_ERR_LIMIT,
                            "writing the output vectors needs %u bytes of slots on one core; "
                            "configuration %s has %u",
                            bytes, build->target->config, info->writer_bytes);
      }
    }
  }
  return TRINE_OK;
}

enum trine_status trine_make_layout(const struct trine_target *target,
                                    const struct trine_network *network,
                                    const struct trine_placement *placement, bool kept,
                                    struct layout *layout, struct trine_error *error) {
  struct layout_builder build = {.target = target,
                                 .error = error,
                                 .network = network,
                                 .placement = placement,
                                 .geometry = trine_geometry(&target->info),
                                 .layout = layout,
                                 .layers = trine_layer_instances(network, placement),
                                 .chains = trine_chain_instances(network, placement)};
  memset(layout, 0, sizeof *layout);
  layout->kept = kept;
  enum trine_status status = TRINE_OK;
  for (uint32_t n = 0; n < build.layers; n++) {
    for (uint32_t r = 0; r < placement->ranks && status == TRINE_OK; r++) {
      status = add_slice(&build, n, r);
    }
  }
  if (status != TRINE_OK) {
    return status;
  }
  add_channels(&build);
  add_stages(&build);
  status = add_rings(&build);
  for (uint32_t n = 0; n < build.layers; n++) {
    for (uint32_t r = 0; r < placement->ranks; r++) {
      bool is_kept = layout->slice[n][r].units > 0 &&
                     trine_instance_layer(network, n)->kind == TRINE_LAYER_LSTM;
      build.usage[r].ring_step += is_kept ? layout->channel[n].stride : 0;
    }
  }
  if (status == TRINE_OK) {
    status = count_sequences(&build);
  }
  if (status == TRINE_OK) {
    status = check_writers(&build);
  }
  if (status == TRINE_OK) {
    add_states(&build);
    for (uint32_t r = 0; r < placement->ranks; r++) {
      layout->weight_words[r] = build.usage[r].weights;
      layout->param_beats[r] = build.usage[r].params;
    }
  }
  return status;
}
