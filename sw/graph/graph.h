/* SPDX-License-Identifier: Apache-2.0 */
/* graph: a model as a neutral graph of primitive float operators, as a converter left them.
 *
 * A front end (tflite_graph.cpp, onnx_graph.c) fills it; run.h evaluates it, on numbers or symbols.
 * Constants are plain floats or 64-bit integers whatever the file packed them in (half precision,
 * int8 with scales): unpacking is done once, when the file is read. Everything lives in the arena
 * of the one who made the graph. Layers that were taken apart are put together again from it, which
 * is called reroll: reroll.h is the folder's public header, all others are private to it. */
#ifndef TRINE_GRAPH_H
#define TRINE_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  GRAPH_MAX_RANK = 6,
  GRAPH_MAX_SUBS = 1 << 10,
  GRAPH_MAX_NODES = 1 << 18,   /* of all subgraphs together */
  GRAPH_MAX_TENSORS = 1 << 20, /* the same */
  GRAPH_MAX_ENDS = 64,         /* inputs or outputs of a graph */
  GRAPH_MAX_VARIABLES = 1 << 10,
  GRAPH_MAX_ELEMENTS = 1 << 28 /* of one tensor */
};

/* What a tensor holds. */
enum graph_type {
  GRAPH_FLOAT,
  GRAPH_INT,  /* int32 or int64, and bool as 0 or 1 */
  GRAPH_LIST, /* of tensors: a variant */
  GRAPH_HANDLE,
  GRAPH_ALIEN /* anything else: refused where it is computed with */
};

enum graph_op {
  GRAPH_UNKNOWN, /* refused by name where it is run */
  /* moves */
  GRAPH_SAME,
  GRAPH_RESHAPE,
  GRAPH_TRANSPOSE,
  GRAPH_SLICE,
  GRAPH_STRIDED_SLICE,
  GRAPH_SLICE_AXES, /* starts, ends, axes, steps as ONNX's Slice has them */
  GRAPH_SPLIT,
  GRAPH_SPLIT_V,
  GRAPH_PACK,
  GRAPH_UNPACK,
  GRAPH_CONCAT,
  GRAPH_GATHER,
  GRAPH_EXPAND_DIMS,
  GRAPH_SQUEEZE,
  GRAPH_REVERSE,
  GRAPH_FILL,
  GRAPH_BROADCAST,
  GRAPH_TILE,
  GRAPH_PAD,
  GRAPH_ZEROS,
  /* sizes and whole numbers */
  GRAPH_SHAPE,
  GRAPH_RANK,
  GRAPH_RANGE,
  GRAPH_CAST,
  GRAPH_COMPARE, /* `kind` says which */
  GRAPH_LOGIC,
  GRAPH_SELECT,
  GRAPH_REDUCE,
  /* arithmetic */
  GRAPH_BINARY,
  GRAPH_UNARY,
  GRAPH_DENSE,
  GRAPH_MATMUL,
  GRAPH_SOFTMAX,
  GRAPH_ARGMAX,
  GRAPH_LSTM, /* a whole layer: operands as UNIDIRECTIONAL_SEQUENCE_LSTM has them */
  /* control and state */
  GRAPH_WHILE,
  GRAPH_LOOP, /* of ONNX: a number, a condition, states; results left by each round are stacked */
  GRAPH_SCAN, /* of ONNX: states, and operands of which each round reads a row */
  GRAPH_IF,
  GRAPH_CALL,
  GRAPH_CALL_ONCE,
  GRAPH_VARIABLE,
  GRAPH_READ,
  GRAPH_ASSIGN,
  GRAPH_LIST_RESERVE,
  GRAPH_LIST_FROM,
  GRAPH_LIST_SET,
  GRAPH_LIST_GET,
  GRAPH_LIST_STACK,
  GRAPH_LIST_LENGTH,
  GRAPH_LIST_OF,     /* the operands */
  GRAPH_LIST_INSERT, /* before an entry, or behind the last */
  GRAPH_LIST_SPLIT,  /* a tensor's parts along `axis`, which stays where keep_dims is set */
  GRAPH_LIST_JOIN,   /* side by side along `axis`, a new one where keep_dims is set */
  GRAPH_OP_COUNT
};

/* Which of a family an operator is. */
enum graph_kind {
  GRAPH_NO_KIND,
  GRAPH_LESS,
  GRAPH_LESS_EQUAL,
  GRAPH_GREATER,
  GRAPH_GREATER_EQUAL,
  GRAPH_EQUAL,
  GRAPH_NOT_EQUAL,
  GRAPH_AND,
  GRAPH_OR,
  GRAPH_NOT,
  GRAPH_ADD,
  GRAPH_SUB,
  GRAPH_MUL,
  GRAPH_DIV,
  GRAPH_MAXIMUM,
  GRAPH_MINIMUM,
  GRAPH_POW,
  GRAPH_FLOOR_DIV,
  GRAPH_FLOOR_MOD,
  GRAPH_SQUARED_DIFFERENCE,
  GRAPH_LOGISTIC,
  GRAPH_TANH,
  GRAPH_RELU,
  GRAPH_RELU6,
  GRAPH_RELU_N1_TO_1,
  GRAPH_LEAKY_RELU,
  GRAPH_ELU,
  GRAPH_EXP,
  GRAPH_LOG,
  GRAPH_SQRT,
  GRAPH_RSQRT,
  GRAPH_SQUARE,
  GRAPH_NEG,
  GRAPH_ABS,
  GRAPH_SUM,
  GRAPH_MEAN,
  GRAPH_PROD,
  GRAPH_MAX,
  GRAPH_MIN,
  GRAPH_ALL,
  GRAPH_ANY
};

struct graph_tensor {
  const char *name; /* printable, at most 63 bytes, never NULL */
  enum graph_type type;
  const char *type_name; /* the file's word for it */
  uint32_t rank;
  uint32_t shape[GRAPH_MAX_RANK];
  bool open[GRAPH_MAX_RANK]; /* the file leaves this size to the data */
  size_t elements;
  bool is_state;       /* of a layer, kept from run to run */
  const float *floats; /* a constant's, or NULL */
  const int64_t *ints; /* the same */
};

struct graph_node {
  enum graph_op op;
  enum graph_kind kind, activation; /* activation: NO_KIND, RELU, RELU6, RELU_N1_TO_1, TANH */
  const char *kind_name;            /* the file's word: "FULLY_CONNECTED", "FlexTensorListStack" */
  uint32_t index;                   /* the file's number of the operator in its subgraph */
  uint32_t input_count, output_count;
  const int32_t *inputs, *outputs; /* tensors; an input may be -1: none */
  int32_t axis, batch_dims;
  int32_t begin_mask, end_mask, shrink_mask, ellipsis_mask, new_axis_mask;
  bool keep_dims, turn_x, turn_y, time_major, diagonal;
  bool zero_keeps; /* RESHAPE: a size of 0 is the operand's own */
  float number;    /* of LEAKY_RELU: the slope; SOFTMAX: beta; LSTM: clip of the cell */
  float clip_out;
  uint32_t list_count;
  const int32_t *list; /* SQUEEZE: axes; RESHAPE: the shape, where no operand has it */
  uint32_t sub[2];     /* WHILE: condition and body; IF: then and else; CALL, LOOP, SCAN: one */
  uint32_t carried;    /* LOOP, SCAN: states; what the body reads from around comes last */
  uint32_t scanned;    /* SCAN: operands read row by row; list: their axes, then directions, and
                          those of what is left (1: backwards) */
  uint32_t variable;   /* VARIABLE: which */
};

struct graph_sub {
  uint32_t tensor_count, node_count, input_count, output_count;
  const struct graph_tensor *tensors;
  const struct graph_node *nodes;
  const int32_t *inputs, *outputs;
};

struct graph {
  uint32_t sub_count; /* the first is the one that is run */
  const struct graph_sub *subs;
  uint32_t variable_count;
  size_t len_bytes; /* of the file: what may be spent on it is in proportion */
};

#ifdef __cplusplus
}
#endif

#endif
