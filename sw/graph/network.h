/* SPDX-License-Identifier: Apache-2.0 */
/* network: series and layers as the nodes of a float network. Private to sw/graph. */
#ifndef TRINE_GRAPH_NETWORK_H
#define TRINE_GRAPH_NETWORK_H

#include "graph/roll.h"
#include "model/arena.h"

struct network_making {
  struct roll *roll;
  struct arena *arena;
  struct trine_float_network *network;
  struct trine_float_value *values;
  struct trine_float_node *nodes;
  uint32_t room, depth;
};

/* Which row of a series is wanted. */
enum network_when { NETWORK_ALWAYS, NETWORK_LAST, NETWORK_FIRST, NETWORK_ONCE };

/* How an output has the steps: one row of a sequence, a row each, or those from the last on. */
enum network_order { NETWORK_NO_STEPS, NETWORK_IN_ORDER, NETWORK_TURNED };

/* Begins the network with its input; then makes what rows need and puts them out under a name, once
 * for each output. False with the error set. */
bool network_begin(struct network_making *making) __attribute__((warn_unused_result));
bool network_put(struct network_making *making, const struct roll_rows *rows,
                 enum network_order order, const char *name) __attribute__((warn_unused_result));

#endif
