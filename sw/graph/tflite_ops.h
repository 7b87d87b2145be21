/* SPDX-License-Identifier: Apache-2.0 */
/* tflite_ops: which neutral operator an operator of a .tflite file is. Private to sw/graph. */
#ifndef TRINE_GRAPH_TFLITE_OPS_H
#define TRINE_GRAPH_TFLITE_OPS_H

#include "graph/graph.h"

#ifdef __cplusplus
extern "C" {
#endif

struct tflite_meaning {
  enum graph_op op;
  enum graph_kind kind;
};

/* By the format's number. */
struct tflite_meaning tflite_meaning_of(int code);
/* A custom operator by its name; GRAPH_UNKNOWN for others. */
struct tflite_meaning tflite_meaning_of_custom(const char *name);

#ifdef __cplusplus
}
#endif

#endif
