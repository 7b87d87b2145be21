/* SPDX-License-Identifier: Apache-2.0 */
/* onnx_graph: an .onnx file of floats as a neutral graph: every node of its main graph, whether or
 * not it can be done. Sizes that the file leaves open are 1: a cell that was unrolled names its
 * steps, so only the batch is left open. Private to sw/graph. */
#ifndef TRINE_GRAPH_ONNX_GRAPH_H
#define TRINE_GRAPH_ONNX_GRAPH_H

#include "graph/graph.h"
#include "io/error.h"
#include "model/arena.h"

/* Fills *graph with what lives in the arena. folder: of side files of weights, NULL: there may be
 * none. False with the error set: damaged, or beyond a limit. */
bool onnx_graph_read(const void *bytes, size_t len_bytes, const char *folder, struct arena *arena,
                     struct graph *graph, struct trine_error *error)
    __attribute__((warn_unused_result));

#endif
