/* SPDX-License-Identifier: Apache-2.0 */
/* cut: of a graph that cannot be read as it is, the part that can. Private to sw/onnx. */
#ifndef TRINE_ONNX_CUT_H
#define TRINE_ONNX_CUT_H

#include "onnx.pb-c.h"
#include "onnx/onnx.h"

/* Whether a part is read and has an LSTM; else the node at which it ends, or NULL. */
typedef bool (*onnx_cut_runs)(void *context, const struct trine_onnx_cut *cut,
                              const Onnx__Node **failed);

/* Starting at the node that cannot be read, moves the ends of the part past one such node after
 * another until `runs` agrees; names of the cut are the graph's. False when no part was found. */
bool onnx_find_cut(const Onnx__Graph *graph, const Onnx__Node *failed, onnx_cut_runs runs,
                   void *context, struct trine_onnx_cut *cut);

#endif
