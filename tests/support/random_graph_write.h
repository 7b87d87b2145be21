/* SPDX-License-Identifier: Apache-2.0 */
/* random_graph_write: writes the tensors and operators of a drawn graph. Private to random_graph.
 */
#ifndef TRINE_TEST_RANDOM_GRAPH_WRITE_H
#define TRINE_TEST_RANDOM_GRAPH_WRITE_H

#include "support/random_graph.h"

enum { MAX_TENSORS = 8000, MAX_NODES = 4000, MAX_SUBS = 16, GATES = 4 };

/* A subgraph being written. */
struct graph_writing {
  struct graph_tensor *tensors;
  struct graph_node *nodes;
  uint32_t tensor_count, node_count;
  int32_t inputs[16], outputs[16];
  uint32_t input_count, output_count;
};

struct drawing {
  struct seed_stream *stream;
  struct random_graph *drawn;
  struct graph_writing subs[MAX_SUBS];
  struct graph_writing *now;
  uint32_t sub_count;
  bool spoil_left; /* something is still to be spoilt */
};

/* Memory of the graph, all 0. */
void *draw_room(struct drawing *d, size_t count, size_t size);
bool draw_coin(struct drawing *d);
uint32_t draw_upto(struct drawing *d, int64_t low, int64_t high);
/* A tensor of the subgraph that is being written; sizes past `rank` do not count. */
int32_t draw_tensor(struct drawing *d, enum graph_type type, uint32_t rank, uint32_t a, uint32_t b,
                    uint32_t c);
/* A constant: a number (rank 0) or a list. */
int32_t draw_ints(struct drawing *d, uint32_t rank, uint32_t count, const int64_t *numbers);
/* The same of floats that live as long as the graph. */
int32_t draw_floats(struct drawing *d, uint32_t rank, uint32_t a, uint32_t b, const float *numbers);
/* Numbers drawn from -size..size. */
float *draw_floats_within(struct drawing *d, size_t count, double size);
/* An operator, its node to be completed. */
struct graph_node *draw_node(struct drawing *d, enum graph_op op, enum graph_kind kind,
                             const int32_t *inputs, uint32_t input_count, const int32_t *outputs,
                             uint32_t output_count);
/* An operator of one operand, or two; its result. */
int32_t draw_one(struct drawing *d, enum graph_op op, enum graph_kind kind, int32_t a, int32_t b);
/* Two operands in either order. */
int32_t draw_both(struct drawing *d, enum graph_kind kind, int32_t a, int32_t b);
/* Rows times weights [units][width], in one of the ways there are. */
int32_t draw_dense(struct drawing *d, int32_t x, uint32_t units, uint32_t width, const float *w,
                   const float *bias);
/* Side by side along an axis. */
int32_t draw_joined(struct drawing *d, int32_t a, int32_t b, int32_t axis);
/* A subgraph, which is written from here on. */
struct graph_writing *draw_sub(struct drawing *d);
/* The graph of all subgraphs. */
void draw_finish(struct drawing *d);

/* Row t of [T,1,width] as [1,width], or the last that a layer made; rows turned round; their mean
 * or largest; one at each step; each scaled and shifted, as batch normalisation is left. */
int32_t draw_row(struct drawing *d, int32_t rows, int32_t at);
int32_t draw_last_row(struct drawing *d, int32_t rows, bool reversed);
int32_t draw_turned(struct drawing *d, int32_t rows);
int32_t draw_pooled(struct drawing *d, int32_t rows, bool mean);
int32_t draw_repeated(struct drawing *d, int32_t one, uint32_t width);
int32_t draw_scaled(struct drawing *d, int32_t rows, uint32_t width);

#endif
