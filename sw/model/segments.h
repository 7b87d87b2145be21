/* SPDX-License-Identifier: Apache-2.0 */
/* segments: gathers a model's nodes into networks that are as large as possible, and host
 * operators.
 *
 * A chain is a run of layers, each read by the next alone; LSTMs between two reversals of time are
 * a reversed chain; one whose last step alone is read writes that step only. A network is a run of
 * chains, and of concatenations of their rows, with one slot read from outside and one left. LSTMs
 * with a cell scale that no device has are networks of their own, for the host; an LSTM that starts
 * where another one ended begins one, since all states of a network are given at once. */
#ifndef TRINE_MODEL_SEGMENTS_H
#define TRINE_MODEL_SEGMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/compile.h"

/* One chain, or one node run on the host. */
struct block {
  const struct node *host; /* NULL: a chain */
  uint32_t source, target; /* slots of a chain */
  bool reversed, last_only;
  bool on_host;                      /* of a cell scale that no device has */
  bool goes_on;                      /* its first LSTM starts where one of another block ended */
  uint32_t first_layer, layer_count; /* in segments.layer_nodes */
};

struct segment {
  const struct node *host; /* NULL: a network */
  const struct trine_network *network;
  uint32_t source, target; /* slots of a network */
  bool on_host;            /* a network that the golden model runs, whatever the device */
  uint32_t first_layer;    /* of the network's layers, in segments.layer_nodes */
};

struct segments {
  uint32_t count;
  struct segment *list;
  /* All layers, network after network, in the order of the networks' layers. */
  uint32_t layer_count;
  const struct node **layer_nodes;
  bool *layer_reversed;
  bool *slot_stored; /* [slot_count]: whether a slot is read or written outside of networks */
};

/* Builds the segments of a compiled graph. False: no memory. */
bool segments_build(const struct compilation *c, struct segments *segments);

/* The parts (segment_networks.c): whether blocks first..last can be one network, and that network.
 */
struct block_list {
  const struct compilation *c;
  struct block *blocks;
  uint32_t count;
};
struct run_ends {
  uint32_t source, target; /* slots */
};
bool run_is_network(const struct block_list *list, uint32_t first, uint32_t last,
                    struct run_ends *ends);
const struct trine_network *run_build(const struct block_list *list, uint32_t first, uint32_t last,
                                      struct run_ends ends, const struct node *const *layer_nodes);

#endif
