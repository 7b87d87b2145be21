/* SPDX-License-Identifier: Apache-2.0 */
/* tflite_ops: the format's operator numbers, see tflite_ops.h. */
#include "graph/tflite_ops.h"

#include <stddef.h>
#include <string.h>

static const struct {
  int code;
  struct tflite_meaning meaning;
} ops[] = {
    {0, {GRAPH_BINARY, GRAPH_ADD}},
    {2, {GRAPH_CONCAT, GRAPH_NO_KIND}},
    {6, {GRAPH_SAME, GRAPH_NO_KIND}}, /* DEQUANTIZE of what was unpacked when it was read */
    {9, {GRAPH_DENSE, GRAPH_NO_KIND}},
    {14, {GRAPH_UNARY, GRAPH_LOGISTIC}},
    {18, {GRAPH_BINARY, GRAPH_MUL}},
    {19, {GRAPH_UNARY, GRAPH_RELU}},
    {20, {GRAPH_UNARY, GRAPH_RELU_N1_TO_1}},
    {21, {GRAPH_UNARY, GRAPH_RELU6}},
    {22, {GRAPH_RESHAPE, GRAPH_NO_KIND}},
    {25, {GRAPH_SOFTMAX, GRAPH_NO_KIND}},
    {28, {GRAPH_UNARY, GRAPH_TANH}},
    {34, {GRAPH_PAD, GRAPH_NO_KIND}},
    {36, {GRAPH_GATHER, GRAPH_NO_KIND}},
    {39, {GRAPH_TRANSPOSE, GRAPH_NO_KIND}},
    {40, {GRAPH_REDUCE, GRAPH_MEAN}},
    {41, {GRAPH_BINARY, GRAPH_SUB}},
    {42, {GRAPH_BINARY, GRAPH_DIV}},
    {43, {GRAPH_SQUEEZE, GRAPH_NO_KIND}},
    {44, {GRAPH_LSTM, GRAPH_NO_KIND}},
    {45, {GRAPH_STRIDED_SLICE, GRAPH_NO_KIND}},
    {47, {GRAPH_UNARY, GRAPH_EXP}},
    {49, {GRAPH_SPLIT, GRAPH_NO_KIND}},
    {53, {GRAPH_CAST, GRAPH_NO_KIND}},
    {55, {GRAPH_BINARY, GRAPH_MAXIMUM}},
    {56, {GRAPH_ARGMAX, GRAPH_NO_KIND}},
    {57, {GRAPH_BINARY, GRAPH_MINIMUM}},
    {58, {GRAPH_COMPARE, GRAPH_LESS}},
    {59, {GRAPH_UNARY, GRAPH_NEG}},
    {61, {GRAPH_COMPARE, GRAPH_GREATER}},
    {62, {GRAPH_COMPARE, GRAPH_GREATER_EQUAL}},
    {63, {GRAPH_COMPARE, GRAPH_LESS_EQUAL}},
    {64, {GRAPH_SELECT, GRAPH_EQUAL}}, /* its condition is not broadcast as the new one's is */
    {65, {GRAPH_SLICE, GRAPH_NO_KIND}},
    {69, {GRAPH_TILE, GRAPH_NO_KIND}},
    {70, {GRAPH_EXPAND_DIMS, GRAPH_NO_KIND}},
    {71, {GRAPH_COMPARE, GRAPH_EQUAL}},
    {72, {GRAPH_COMPARE, GRAPH_NOT_EQUAL}},
    {73, {GRAPH_UNARY, GRAPH_LOG}},
    {74, {GRAPH_REDUCE, GRAPH_SUM}},
    {75, {GRAPH_UNARY, GRAPH_SQRT}},
    {76, {GRAPH_UNARY, GRAPH_RSQRT}},
    {77, {GRAPH_SHAPE, GRAPH_NO_KIND}},
    {78, {GRAPH_BINARY, GRAPH_POW}},
    {81, {GRAPH_REDUCE, GRAPH_PROD}},
    {82, {GRAPH_REDUCE, GRAPH_MAX}},
    {83, {GRAPH_PACK, GRAPH_NO_KIND}},
    {84, {GRAPH_LOGIC, GRAPH_OR}},
    {86, {GRAPH_LOGIC, GRAPH_AND}},
    {87, {GRAPH_LOGIC, GRAPH_NOT}},
    {88, {GRAPH_UNPACK, GRAPH_NO_KIND}},
    {89, {GRAPH_REDUCE, GRAPH_MIN}},
    {90, {GRAPH_BINARY, GRAPH_FLOOR_DIV}},
    {91, {GRAPH_REDUCE, GRAPH_ANY}},
    {92, {GRAPH_UNARY, GRAPH_SQUARE}},
    {93, {GRAPH_ZEROS, GRAPH_NO_KIND}},
    {94, {GRAPH_FILL, GRAPH_NO_KIND}},
    {95, {GRAPH_BINARY, GRAPH_FLOOR_MOD}},
    {96, {GRAPH_RANGE, GRAPH_NO_KIND}},
    {98, {GRAPH_UNARY, GRAPH_LEAKY_RELU}},
    {99, {GRAPH_BINARY, GRAPH_SQUARED_DIFFERENCE}},
    {101, {GRAPH_UNARY, GRAPH_ABS}},
    {102, {GRAPH_SPLIT_V, GRAPH_NO_KIND}},
    {105, {GRAPH_REVERSE, GRAPH_NO_KIND}},
    {110, {GRAPH_RANK, GRAPH_NO_KIND}},
    {111, {GRAPH_UNARY, GRAPH_ELU}},
    {118, {GRAPH_IF, GRAPH_NO_KIND}},
    {119, {GRAPH_WHILE, GRAPH_NO_KIND}},
    {123, {GRAPH_SELECT, GRAPH_NO_KIND}},
    {126, {GRAPH_MATMUL, GRAPH_NO_KIND}},
    {129, {GRAPH_CALL_ONCE, GRAPH_NO_KIND}},
    {130, {GRAPH_BROADCAST, GRAPH_NO_KIND}},
    {140, {GRAPH_REDUCE, GRAPH_ALL}},
    {142, {GRAPH_VARIABLE, GRAPH_NO_KIND}},
    {143, {GRAPH_READ, GRAPH_NO_KIND}},
    {144, {GRAPH_ASSIGN, GRAPH_NO_KIND}},
};

/* TensorFlow's lists, which need a Flex delegate elsewhere. */
static const struct {
  const char *name;
  enum graph_op op;
} custom[] = {
    {"FlexTensorListReserve", GRAPH_LIST_RESERVE}, {"FlexTensorListFromTensor", GRAPH_LIST_FROM},
    {"FlexTensorListSetItem", GRAPH_LIST_SET},     {"FlexTensorListGetItem", GRAPH_LIST_GET},
    {"FlexTensorListStack", GRAPH_LIST_STACK},     {"FlexTensorListLength", GRAPH_LIST_LENGTH},
    {"TensorListReserve", GRAPH_LIST_RESERVE},     {"TensorListFromTensor", GRAPH_LIST_FROM},
    {"TensorListSetItem", GRAPH_LIST_SET},         {"TensorListGetItem", GRAPH_LIST_GET},
    {"TensorListStack", GRAPH_LIST_STACK},         {"TensorListLength", GRAPH_LIST_LENGTH},
};

struct tflite_meaning tflite_meaning_of(int code) {
  for (size_t n = 0; n < sizeof ops / sizeof ops[0]; n++) {
    if (ops[n].code == code) {
      return ops[n].meaning;
    }
  }
  return (struct tflite_meaning){GRAPH_UNKNOWN, GRAPH_NO_KIND};
}

struct tflite_meaning tflite_meaning_of_custom(const char *name) {
  for (size_t n = 0; n < sizeof custom / sizeof custom[0]; n++) {
    if (strcmp(custom[n].name, name) == 0) {
      return (struct tflite_meaning){custom[n].op, GRAPH_NO_KIND};
    }
  }
  return (struct tflite_meaning){GRAPH_UNKNOWN, GRAPH_NO_KIND};
}
