/* SPDX-License-Identifier: Apache-2.0 */
/* onnx_nodes: the nodes of an .onnx file as neutral operators. Private to sw/graph. */
#ifndef TRINE_GRAPH_ONNX_NODES_H
#define TRINE_GRAPH_ONNX_NODES_H

#include "graph/graph.h"
#include "onnx/constant.h"

enum { ONNX_NODE_MAX_ADDED = 3 }; /* constants that a node may add as operands */

/* All graphs of a file: the one that is run, and the bodies of its loops. */
struct onnx_graphs {
  struct graph_sub *subs;
  uint32_t count, room;
};

struct onnx_source {
  const Onnx__Graph *graph;
  const struct onnx_source *outer; /* that the graph is within, or NULL */
  const Onnx__Graph *beside;       /* whose names are taken too: the other branch, or NULL */
  struct onnx_graphs *graphs;
  struct onnx_fold fold;
  const char **names; /* sorted: tensor n is of names[n] */
  uint32_t name_count;
  struct graph_tensor *tensors; /* those of the names, and added ones behind them */
  uint32_t tensor_count;
  /* What the graph reads from around it: tensors of its own, and of the outer graph. */
  int32_t *captured, *captured_from;
  uint32_t captured_count;
};

/* Reads a graph as one more of source->graphs; *index: which. source: only what comes before
 * `names` is given. False with the error set. */
bool onnx_read_graph(struct onnx_source *source, uint32_t *index)
    __attribute__((warn_unused_result));

/* A node under way, with room for operands that it does not have in the file. */
struct onnx_reading {
  struct onnx_source *source;
  const Onnx__Node *in;
  struct graph_node *out;
  int32_t *inputs, *outputs;
};

/* What a node has is not done: true, so that only one whose result is wanted refuses. */
bool onnx_not_done(struct onnx_reading *reading);
/* Sets the error; returns false. */
bool onnx_no_memory(struct onnx_source *source);
/* The body of a Loop or Scan, and behind the operands what that reads from around it. False with
 * the error set. */
bool onnx_read_body(struct onnx_reading *reading) __attribute__((warn_unused_result));
/* Both branches of an If, with what either reads from around it as operands of both. */
bool onnx_read_branches(struct onnx_reading *reading) __attribute__((warn_unused_result));

/* Fills sub->nodes, and the tensors that Constant nodes make. False with the error set. */
bool onnx_read_nodes(struct onnx_source *source, struct graph_sub *sub)
    __attribute__((warn_unused_result));

/* The tensor of a name, or -1. */
int32_t onnx_tensor_of(const struct onnx_source *source, const char *name);
/* Makes a tensor the constant; false when the array is NULL. */
bool onnx_hold(struct graph_tensor *tensor, const struct onnx_array *array);
/* A harmless copy of a name of at most 63 bytes; NULL with the error set. */
const char *onnx_copy_text(struct onnx_source *source, const char *name);

#endif
