/* SPDX-License-Identifier: Apache-2.0 */
/* compile: from the operators of a file to what has to be done: nodes that read and write slots.
 *
 * A slot holds one tensor's bytes for every sequence; tensors that differ only in their shape share
 * one. Operators that change no byte's place make no node. Floats exist at the ends of a model
 * only: a float tensor is kept as the int8 bytes it stands for. */
#ifndef TRINE_MODEL_COMPILE_H
#define TRINE_MODEL_COMPILE_H

#include <stdbool.h>
#include <stdint.h>

#include "io/error.h"
#include "model/arena.h"
#include "model/axes.h"
#include "model/host_ops.h"
#include "model/prepare.h"
#include "model/tflite_reader.h"
#include "trine_network.h"

/* What is known of a tensor once an operator has computed it. */
struct value {
  bool known, is_float;
  struct shape shape;
  struct quant quant;
  uint32_t index_bytes; /* 4 or 8: int32 or int64 of ARG_MAX; 0: int8 values */
  uint32_t slot;
};

struct slot {
  struct extent size; /* bytes of one sequence */
  uint32_t consumers; /* nodes that read it, and the model's output */
};

enum node_kind { NODE_LAYER, NODE_VIEW, NODE_CONCAT, NODE_TABLE, NODE_ROWS };

struct node {
  enum node_kind kind;
  uint32_t op;
  uint32_t source_count;
  uint32_t sources[HOST_MAX_SOURCES]; /* slots */
  uint32_t target;                    /* slot */
  bool joins;                         /* CONCAT: the rows of each step side by side, nothing else */
  union {
    const struct trine_layer *layer;
    const struct view *view;
    const struct concat *concat;
    const int8_t *table; /* [256], index is byte + 128 */
    const struct host_rows *rows;
  } u;
};

struct compilation {
  const struct tflite_graph *graph;
  struct arena *arena;
  struct trine_error *error;
  const struct trine_layer *layers; /* one an operator; only those of layer operators are filled */
  struct defaults file;
  /* With B = T = 1 in the file, whether an LSTM may decide which axis is which. */
  bool lenient;
  struct value *values; /* one a tensor */
  struct slot *slots;
  uint32_t slot_count;
  uint64_t row_bytes; /* of all slots, for one sequence and step */
  struct node *nodes;
  uint32_t node_count;
  uint32_t op; /* the operator being compiled */
};

/* Compiles the graph: fills everything but graph, arena and error. The graph's operators must be in
 * an order in which they can run. False with the error set. */
bool compile_graph(struct compilation *c);

/* For the operators: the value an input names (false: nothing computes it), a new node with a new
 * slot for the operator's output, and giving the output its meaning. */
bool compile_input(struct compilation *c, uint32_t input, const struct value **value);
struct node *compile_node(struct compilation *c, enum node_kind kind);
bool compile_output(struct compilation *c, const struct value *value);

/* Operators that move bytes (compile_moves.c). */
bool compile_reshape(struct compilation *c);
bool compile_transpose(struct compilation *c);
bool compile_reverse(struct compilation *c);
bool compile_slice(struct compilation *c);
bool compile_concat(struct compilation *c);
bool compile_quantize(struct compilation *c);
bool compile_dequantize(struct compilation *c);

/* Operators behind the last layer (compile_heads.c). */
bool compile_softmax(struct compilation *c);
bool compile_relu(struct compilation *c);
bool compile_logistic(struct compilation *c);
bool compile_arg_max(struct compilation *c);

#endif
