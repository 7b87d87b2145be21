/* SPDX-License-Identifier: Apache-2.0 */
/* onnx_nodes: the nodes of an .onnx file as neutral operators. Private to sw/graph. */
#ifndef TRINE_GRAPH_ONNX_NODES_H
#define TRINE_GRAPH_ONNX_NODES_H

#include "graph/graph.h"
#include "onnx/constant.h"

enum { ONNX_NODE_MAX_ADDED = 3 }; /* constants that a node may add as operands */

struct onnx_source {
  const Onnx__Graph *graph;
  struct onnx_fold fold;
  const char **names; /* sorted: tensor n is of names[n] */
  uint32_t name_count;
  struct graph_tensor *tensors; /* those of the names, and added ones behind them */
  uint32_t tensor_count;
};

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
