/* SPDX-License-Identifier: Apache-2.0 */
/* tflite_graph: a .tflite file of floats as a neutral graph: every subgraph and every operator,
 * whether or not it can be done. Constants in half precision, or of int8 with scales, become
 * floats. Private to sw/graph. */
#ifndef TRINE_GRAPH_TFLITE_GRAPH_H
#define TRINE_GRAPH_TFLITE_GRAPH_H

#include "graph/graph.h"
#include "io/error.h"
#include "model/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a file is packed in, for reports. */
struct tflite_packing {
  bool has_half, has_int8; /* constants */
  bool is_quantised;       /* rows are int8: then the graph is not filled */
};

/* Fills *graph with what lives in the arena. False with the error set: damaged, beyond a limit, or
 * quantised already. */
bool tflite_graph_read(const void *bytes, size_t len_bytes, struct arena *arena,
                       struct graph *graph, struct tflite_packing *packing,
                       struct trine_error *error) __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
