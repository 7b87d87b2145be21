/* SPDX-License-Identifier: Apache-2.0 */
/* random_graph: graphs of primitive operators that hold LSTMs in the many forms in which converters
 * leave them: in a loop or unrolled, cut and put together by various operators, gates and operands
 * in any order, with a second input beside rows or behind them, a row repeated at each step, and
 * means and maxima over the steps; and the same with one thing changed, so that it is no LSTM any
 * more. */
#ifndef TRINE_TEST_RANDOM_GRAPH_H
#define TRINE_TEST_RANDOM_GRAPH_H

#include "graph/graph.h"
#include "model/arena.h"
#include "support/seed.h"

struct random_graph {
  struct arena arena;
  struct graph graph;
  uint32_t steps, inputs, layers;
  uint32_t beside;         /* width of a second input, or 0 */
  bool is_row;             /* that has one row a sequence */
  bool is_loop, is_spoilt; /* spoilt: something in it is no LSTM */
};

/* A graph of its own arena, to be given to random_graph_free. */
void random_graph_draw(struct seed_stream *stream, bool spoil, struct random_graph *drawn);
/* Makes the operator in front one that nobody knows: what is behind it can still be read. */
void random_graph_block(struct random_graph *drawn);
void random_graph_free(struct random_graph *drawn);

#endif
