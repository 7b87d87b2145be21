/* SPDX-License-Identifier: Apache-2.0 */
/* symbol: rows of numbers that are not known when a graph is run on symbols: each node says how its
 * lanes come of runs of lanes of earlier nodes. Private to sw/graph.
 *
 * Whatever operators moved the numbers about, a run of lanes says where they come from; so of a
 * graph only its arithmetic is left. */
#ifndef TRINE_GRAPH_SYMBOL_H
#define TRINE_GRAPH_SYMBOL_H

#include "graph/value.h"
#include "model/arena.h"

enum symbol_op {
  SYMBOL_NONE,
  SYMBOL_INPUT,  /* of the graph, or a variable: `source` */
  SYMBOL_LINEAR, /* w [width][lanes of all runs] times those lanes, and bias */
  SYMBOL_ADD,    /* two runs */
  SYMBOL_SUB,
  SYMBOL_SCALE, /* w [width] times the run, and bias; either may be NULL */
  SYMBOL_MUL,   /* two runs */
  SYMBOL_UNARY, /* `kind` of one run */
  SYMBOL_SOFTMAX,
  SYMBOL_ARGMAX,
  SYMBOL_MAX,   /* the largest of each lane, of `units` groups of as many lanes */
  SYMBOL_TABLE, /* row of w [units][width] that the one lane says */
  SYMBOL_OTHER  /* anything else of its runs: told by name */
};

/* Lanes lane, lane + stride, ... of a node. */
struct symbol_run {
  uint32_t node, lane;
  int32_t stride;
  uint32_t count;
};

struct symbol {
  enum symbol_op op;
  enum graph_kind kind;
  uint32_t width, run_count;
  struct symbol_run *runs;
  const float *w, *bias;
  size_t row_floats;             /* LINEAR: from one row of w to the next */
  uint32_t units;                /* TABLE, MAX */
  uint32_t source;               /* INPUT: the graph's input, or input_count + the variable */
  bool is_whole;                 /* whole numbers: ids of a table */
  const struct graph_node *from; /* and in which subgraph */
  const struct graph_sub *sub;
  const char *name; /* the tensor that it was computed for */
};

/* A weight matrix turned round, kept because each step of a loop asks for it again. */
struct symbol_turned {
  const float *from;
  const float *to;
  uint32_t units, width;
};

struct symbols {
  struct arena *arena;
  uint32_t count, room; /* node 0 is none */
  struct symbol *nodes;
  uint32_t turned_count;
  struct symbol_turned turned[64];
};

enum { SYMBOL_MAX_NODES = 1 << 22, SYMBOL_MAX_RUNS = 1 << 16 };

/* A new node with room for its runs; NULL with the error set. */
struct symbol *symbol_new(struct run *run, enum symbol_op op, uint32_t width, uint32_t run_count)
    __attribute__((warn_unused_result));
/* Its number, of the node made last. */
uint32_t symbol_last(const struct run *run);
/* Floats that live as long as the symbols; NULL with the error set. */
float *symbol_floats(struct run *run, size_t count) __attribute__((warn_unused_result));

/* How many elements from the first on make one run: numbers together, or lanes of one node a stride
 * apart. */
size_t symbol_run_length(const struct element *elements, size_t count);
/* The runs of elements that are no numbers; 0 also when there are more than `room`. */
uint32_t symbol_find_runs(const struct element *elements, size_t count, struct symbol_run *runs,
                          uint32_t room);
/* Lanes of the node made last, as elements. */
void symbol_lanes(const struct run *run, struct element *elements, size_t count);

#endif
