/* SPDX-License-Identifier: Apache-2.0 */
/* internal: the compiler's own records, shared by its files and by nobody else but the planner's
 * bounds. An *instance* is a layer, or a chain, of one copy: copy * layer_count + layer. */
#ifndef TRINE_COMPILER_INTERNAL_H
#define TRINE_COMPILER_INTERNAL_H

#include "trine_compiler.h"

enum {
  TRINE_CHANNELS = 16,          /* a domain */
  TRINE_READERS = 2,            /* memory readers a core */
  TRINE_WRITERS = 2,            /* memory writers a core */
  TRINE_MOST_ROW_BYTES = 16384, /* of a tensor */
  TRINE_NO_CONTEXT = 255
};

/* Derived sizes of a device, computed once a layout. */
struct geometry {
  uint32_t group_units; /* units of a row group of an LSTM */
  uint32_t word_bytes;  /* of the weight buffer */
  uint32_t weight_words;
  uint32_t vec_bytes; /* of a ring word */
  uint32_t ring_words;
  uint32_t group_beats; /* parameter beats of a row group */
  uint32_t param_beats;
};

/* A slice of a layer on a rank: where its context finds everything. */
struct slice_layout {
  uint8_t context; /* TRINE_NO_CONTEXT: no units here */
  uint16_t first, units, groups;
  uint16_t x_chunks, h_chunks;
  uint32_t x_weight, h_weight; /* words */
  uint32_t x_param, h_param;   /* beats */
  uint32_t pre, state;         /* entries */
  uint32_t state_stride;       /* entries of one sequence; 0 without kept state */
  uint32_t ring;               /* word of the kept h of sequence 0 */
  bool is_shared;              /* weights and parameters are those of an earlier copy */
};

/* A channel: layer instance v publishes on v, the reader of chain instance q on layers + q. */
struct channel_layout {
  uint32_t width;     /* bytes of a vector */
  uint32_t words;     /* bus words that complete it */
  uint32_t stride;    /* ring words of a slot */
  uint32_t listeners; /* cores */
  uint8_t users[TRINE_MAX_CORES];
  uint32_t ring[TRINE_MAX_CORES];
};

struct chain_layout {
  uint32_t stage;
  uint32_t in_channel, out_channel;
  uint32_t reader_rank, reader, writer_rank, writer;
};

/* Everything a program says that does not depend on the batch. */
struct layout {
  bool kept;
  uint32_t max_sequences; /* of one copy in one start */
  uint32_t stages;
  uint32_t weight_words[TRINE_MAX_CORES], param_beats[TRINE_MAX_CORES]; /* [rank] */
  struct slice_layout slice[TRINE_MAX_LAYERS][TRINE_MAX_CORES];
  struct channel_layout channel[TRINE_CHANNELS];
  struct chain_layout chain[TRINE_MAX_CHAINS];
};

/* Parts of a tensor's rows, padded. */
struct row_layout {
  uint32_t stride; /* bytes of a row, parts padded */
  uint32_t width;  /* bytes up to the end of the last part */
  uint32_t part_offset[TRINE_MAX_PARTS];
};

static inline uint32_t trine_layer_instances(const struct trine_network *network,
                                             const struct trine_placement *placement) {
  return placement->copies * network->layer_count;
}
static inline uint32_t trine_chain_instances(const struct trine_network *network,
                                             const struct trine_placement *placement) {
  return placement->copies * network->chain_count;
}
static inline uint32_t trine_instance_copy(const struct trine_network *network, uint32_t layer) {
  return layer / network->layer_count;
}
static inline const struct trine_layer *trine_instance_layer(const struct trine_network *network,
                                                             uint32_t layer) {
  return &network->layers[layer % network->layer_count];
}
static inline uint32_t trine_chain_copy(const struct trine_network *network, uint32_t chain) {
  return chain / network->chain_count;
}
static inline const struct trine_chain *trine_instance_chain(const struct trine_network *network,
                                                             uint32_t chain) {
  return &network->chains[chain % network->chain_count];
}
/* First layer instance of a chain instance. */
static inline uint32_t trine_first_instance(const struct trine_network *network, uint32_t chain) {
  return trine_chain_copy(network, chain) * network->layer_count +
         trine_instance_chain(network, chain)->first_layer;
}
/* Products of one unit of a layer in one step. */
static inline uint64_t trine_unit_macs(const struct trine_layer *layer) {
  return layer->kind == TRINE_LAYER_LSTM
             ? (uint64_t)TRINE_GATES * ((uint64_t)layer->inputs + layer->units)
             : layer->inputs;
}
static inline uint32_t trine_divide_up(uint32_t a, uint32_t b) {
  return a / b + (a % b != 0);
}
static inline uint64_t trine_divide_up64(uint64_t a, uint64_t b) {
  return a / b + (a % b != 0);
}
static inline uint32_t trine_round_up(uint32_t a, uint32_t b) {
  return trine_divide_up(a, b) * b;
}

/* --- check.c --- */
struct geometry trine_geometry(const struct trine_info *info);
/* Most copies of a network's contexts for which there are channels. */
uint32_t trine_most_copies(const struct trine_network *network);
/* Whether its counts are within what the tables hold. */
bool trine_network_has_room(const struct trine_network *network);
/* Lays a tensor's parts out for a memory width. */
void trine_tensor_parts(const struct trine_tensor *tensor, uint32_t mem_bytes,
                        struct row_layout *layout);
bool trine_tensor_per_sequence(const struct trine_network *network, uint32_t tensor);
/* Padded bytes of the vectors a layer reads. */
uint32_t trine_layer_width(const struct trine_network *network, uint32_t layer, uint32_t mem_bytes);
/* The chain a layer belongs to. */
const struct trine_chain *trine_layer_chain(const struct trine_network *network, uint32_t layer);
/* Units of one row group. */
uint32_t trine_granule(const struct trine_info *info, const struct trine_layer *layer);
/* Earliest stage of each chain, by what must be written before it; false if chains wait for each
 * other. Returns the number of stages in *levels. */
bool trine_chain_levels(const struct trine_network *network, uint32_t level[TRINE_MAX_CHAINS],
                        uint32_t *levels);

/* --- place.c --- */
/* Layers that may run at the same time, in order. */
struct level_layers {
  uint32_t count;
  uint32_t layer[TRINE_MAX_LAYERS];
};
/* The layers of the chains whose level (see trine_chain_levels) is `level`. */
struct level_layers trine_level_layers(const struct trine_network *network, const uint32_t *levels,
                                       uint32_t level);
/* Cycles of one step of `units` units of a layer on one core. */
uint64_t trine_slice_cycles(const struct trine_info *info, const struct trine_network *network,
                            uint32_t layer, uint32_t units);

/* --- layout.c --- */
enum trine_status trine_make_layout(const struct trine_target *target,
                                    const struct trine_network *network,
                                    const struct trine_placement *placement, bool kept,
                                    struct layout *layout, struct trine_error *error);

/* --- pack.c --- */
/* What is packed, and where it goes: `room` bytes from `at` on, which is moved behind what was
 * written; *at never passes at + room. */
struct trine_packing {
  const struct trine_info *info;
  const struct trine_network *network;
  const struct trine_placement *placement;
  const struct layout *layout;
  uint8_t *at;
};
void trine_pack_weights(struct trine_packing *packing, uint32_t rank);
void trine_pack_params(struct trine_packing *packing, uint32_t rank);

#endif
