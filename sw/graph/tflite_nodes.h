/* SPDX-License-Identifier: Apache-2.0 */
/* tflite_nodes: the operators of one subgraph of a .tflite file. Private to sw/graph. */
#ifndef TRINE_GRAPH_TFLITE_NODES_H
#define TRINE_GRAPH_TFLITE_NODES_H

#include "graph/graph.h"
#include "io/error.h"
#include "model/arena.h"
#include "tflite_generated.h"

struct TfliteNames {  // of variables, by their shared names
  const char *names[GRAPH_MAX_VARIABLES];
  uint32_t count;
};

struct TfliteSource {
  const trine_tflite::Model *model;
  struct arena *arena;
  struct trine_error *error;
  uint32_t sub_count;
  uint32_t nodes_left, tensors_left;
  uint64_t unpacked_left;  // elements that may still be unpacked
  struct TfliteNames *variables;
};

// Fills sub->nodes; its tensors are there. False with the error set.
bool tflite_read_nodes(TfliteSource *source, const trine_tflite::SubGraph *in,
                       struct graph_sub *sub);

// A list of tensors, -1 only where `optional`; nullptr with the error set.
const int32_t *tflite_read_list(TfliteSource *source, const flatbuffers::Vector<int32_t> *in,
                                uint32_t tensor_count, bool optional, const char *what);

#endif
