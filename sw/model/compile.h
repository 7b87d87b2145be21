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
#include "model/host_math.h"
#include "model/host_ops.h"
#include "model/prepare.h"
#include "model/tflite_reader.h"
#include "trine_network.h"

/* What is known of a tensor once an operator has computed it. */
struct compile_value {
  bool known, is_float;
  bool is_unsigned; /* uint8 in the file: here with the top bit turned, zero point 128 less */
  struct shape shape;
  struct quant quant;
  uint32_t index_bytes; /* 4 or 8: int32 or int64, of ARG_MAX or for GATHER (also by CAST); 0: int8
                           values */
  const int32_t *numbers; /* of CAST: [256], that the bytes stood for; else NULL */
  uint32_t input;         /* numbers of an input of the model: 1 + its index; 0: of an operator */
  uint32_t slot;
};

struct slot {
  struct extent size; /* bytes of one sequence */
  uint32_t rows;      /* that layers take these for, in a step or (without time) a sequence */
  uint32_t consumers; /* nodes that read it, and outputs of the model */
  bool is_output;     /* of the model */
};

enum node_kind {
  NODE_LAYER,
  NODE_VIEW,
  NODE_CONCAT,
  NODE_TABLE,
  NODE_ROWS,
  NODE_BINARY,
  NODE_REDUCE,
  NODE_GATHER,
  NODE_NUMBERS
};

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
    const struct host_binary *binary;
    const struct host_reduce *reduce;
    const struct host_gather *gather;
    const int32_t *numbers; /* [256], index is byte + 128 */
  } u;
};

/* What an operator keeps a float table as; table NULL: not made yet. */
struct float_table {
  const int8_t *table;
  struct quant quant;
};

struct compilation {
  const struct tflite_graph *graph;
  struct arena *arena;
  struct trine_error *error;
  const struct trine_layer *layers; /* one an operator; only those of layer operators are filled */
  struct float_table *float_tables; /* one an operator, made at the first meaning that needs it */
  struct defaults file;
  /* Whether an operator computes something else with another T than the file's, and the first. */
  bool is_tied;
  uint32_t tied_op;
  uint32_t token_limits[TFLITE_MAX_ENDS]; /* of int32 inputs: their values are below */
  /* With B = T = 1 in the file, whether an LSTM may decide which axis is which. */
  bool lenient;
  /* Whether an LSTM may run along an axis of places: a known number of steps that is not the
   * sequence's (some of its steps, or one row repeated). */
  bool along_places;
  struct compile_value *values; /* one a tensor */
  struct slot *slots;
  uint32_t slot_count;
  uint64_t row_bytes; /* of all slots, for one sequence and step */
  struct node *nodes;
  uint32_t node_count;
  uint32_t ended_count; /* nodes that have a slot */
  uint32_t op;          /* the operator being compiled */
};

/* Compiles the graph: fills everything but graph, arena and error. The graph's operators must be in
 * an order in which they can run. False with the error set. */
bool compile_graph(struct compilation *c);

/* Room for nodes of all operators: their inputs, pinned or repeated, and their own. */
uint32_t compile_room(const struct tflite_graph *graph);

/* Its parts: one meaning of the inputs' axes after another (compile_meanings.c) goes through all
 * operators (compile.c). in: [input_count], all but the shapes. */
bool compile_meanings(struct compilation *c, const struct compile_value *in);
bool compile_operators(struct compilation *c);
bool compile_add_slot(struct compilation *c, const struct shape *shape, uint32_t index_bytes,
                      uint32_t *slot);

/* For the operators: the value an input names (false: nothing computes it), a new node with a new
 * slot for the operator's output, and giving the output its meaning. */
bool compile_input(struct compilation *c, uint32_t input, const struct compile_value **value);
struct node *compile_node(struct compilation *c, enum node_kind kind);
bool compile_output(struct compilation *c, const struct compile_value *value);
/* Ends a node that is not the operator's last: gives it a slot. */
bool compile_between(struct compilation *c, struct compile_value *value);
/* The model runs at the file's T only, because of this operator. */
void compile_tie(struct compilation *c);
/* The same value with the file's steps as places like any others: from here on, the model is tied
 * to the file's T (compile_moves.c). */
bool compile_pin(struct compilation *c, const struct compile_value *in, struct compile_value *out);
/* The other way: an axis with a place for each of the file's steps is time. */
bool compile_unpin(struct compilation *c, const struct compile_value *in, int axis,
                   struct compile_value *out);
/* Whether `row`, an axis of one place a sequence, may stand at each step of the axis `steps`: both
 * are of the same size where the file has one step. A copy in which it does. */
bool compile_repeats(const struct compilation *c, struct axis row, struct axis steps);
bool compile_repeat(struct compilation *c, const struct compile_value *in, int at,
                    struct axis steps, struct compile_value *out);
bool compile_no_memory(struct compilation *c); /* false, with the sentence */

/* Layers (compile_layers.c). */
bool compile_lstm(struct compilation *c);
bool compile_dense(struct compilation *c);

/* Operators that move bytes (compile_moves.c, compile_slices.c, compile_concat.c). */
bool compile_reshape(struct compilation *c);
bool compile_expand_dims(struct compilation *c);
bool compile_transpose(struct compilation *c);
bool compile_reverse(struct compilation *c);
bool compile_strided_slice(struct compilation *c);
bool compile_slice(struct compilation *c);
bool compile_concat(struct compilation *c);
bool compile_broadcast(struct compilation *c);
bool compile_quantize(struct compilation *c);
bool compile_dequantize(struct compilation *c);

/* The same for the parts of compile_moves.c: a view of all of a shape, axis by axis, and its node.
 */
struct view *compile_view(struct compilation *c, const struct shape *in);
bool compile_add_view(struct compilation *c, const struct compile_value *in,
                      const struct view *view, const struct shape *shape);

/* Operators that turn each byte into another: a table (compile_tables.c). */
bool compile_relu(struct compilation *c);
bool compile_relu6(struct compilation *c);
bool compile_leaky_relu(struct compilation *c);
bool compile_elu(struct compilation *c);
bool compile_tanh(struct compilation *c);
bool compile_rsqrt(struct compilation *c);
bool compile_logistic(struct compilation *c);

/* Operators on rows (compile_heads.c). */
bool compile_softmax(struct compilation *c);
bool compile_arg_max(struct compilation *c);

/* Operators with two rows, over rows, and of tables of rows (compile_math.c, compile_gather.c). */
bool compile_binary(struct compilation *c);
bool compile_reduce(struct compilation *c);
bool compile_cast(struct compilation *c);
bool compile_gather(struct compilation *c);

/* The bytes that a float tensor, an input or rows of a float table, is kept as (compile_input.c):
 * those of the QUANTIZE operators it reaches, which must agree. Moving floats about before they are
 * quantised is the same as after. */
bool compile_float_quant(struct compilation *c, const char *what, int32_t tensor,
                         struct quant *quant);

/* The input of an operator that computes with int8 values. */
bool compile_int8_input(struct compilation *c, uint32_t input, const struct compile_value **in);

#endif
