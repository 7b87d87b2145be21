/* SPDX-License-Identifier: Apache-2.0 */
/* operators: nodes that read rows, by what their operator is called; see walk.h. */
#include <string.h>

#include "onnx/walk.h"

static bool is(const Onnx__Node *node, const char *op_type) {
  return strcmp(node->op_type, op_type) == 0;
}

static bool move_rows(struct walk *walk, const Onnx__Node *node,
                      bool (*move)(struct walk *, const Onnx__Node *, struct rows *)) {
  struct rows *from = walk_rows(walk, node, 0);
  if (from == NULL) {
    return walk_refuse(walk, node, "its first input has to be computed from the graph's input");
  }
  struct rows rows = *from;
  return move(walk, node, &rows) && walk_put(walk, node, 0, &rows);
}

/* Whole numbers: symbols, or the index of a largest value. */
static bool is_whole(const struct walk *walk, uint32_t part) {
  const uint32_t producer = walk->made[part].node;
  return given_is_symbols(walk, part) ||
         (producer != UINT32_MAX && walk->made_nodes[producer].op == TRINE_FLOAT_ARGMAX);
}

/* To float, or of whole numbers to a type that holds all of them. */
static bool cast_rows(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  enum { FLOAT = 1, INT32 = 6, INT64 = 7, DOUBLE = 11 };
  const int64_t to = onnx_int(node, "to", FLOAT);
  const bool real = to == FLOAT || to == DOUBLE;
  return real || ((to == INT32 || to == INT64) && is_whole(walk, rows->part[0])) ||
         walk_refuse(walk, node, "a change to type %lld rounds; only one to float is done",
                     (long long)to);
}

static bool same_rows(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  return rows != NULL && (!walk_given(node, 2) || !is(node, "Dropout") ||
                          walk_refuse(walk, node,
                                      "its training_mode is given; export the model "
                                      "in eval mode"));
}

/* Operators that cannot be done, with what to do instead. */
static bool refuse_operator(struct walk *walk, const Onnx__Node *node) {
  if (is(node, "Loop") || is(node, "Scan")) {
    return walk_refuse(walk, node,
                       "control flow is not done; export the sequence model without "
                       "it, or cut around it with --inputs and --outputs");
  }
  if (is(node, "GRU") || is(node, "RNN")) {
    return walk_refuse(walk, node, "only LSTM layers run on the accelerator");
  }
  return walk_refuse(walk, node,
                     "this operator is not done; --inputs and --outputs cut the part "
                     "around it out of the graph");
}

static bool gather(struct walk *walk, const Onnx__Node *node) {
  return walk_rows(walk, node, 0) != NULL ? move_rows(walk, node, steps_take)
                                          : layer_embedding(walk, node);
}

static bool shape(struct walk *walk, const Onnx__Node *node) {
  const struct rows *rows = walk_rows(walk, node, 0);
  return rows != NULL ? walk_put_array(walk, node, rows_shape(walk, node, rows))
                      : walk_refuse(walk, node, "its input is not known; the graph has to make it");
}

/* Operators that move rows about, one input to one output. */
static const struct {
  const char *op_type;
  bool (*move)(struct walk *walk, const Onnx__Node *node, struct rows *rows);
} moves[] = {{"Transpose", rows_transpose},
             {"Squeeze", rows_squeeze},
             {"Unsqueeze", rows_squeeze},
             {"Reshape", rows_reshape},
             {"Slice", steps_take},
             {"Flatten", rows_flatten},
             {"Concat", rows_concat},
             {"Identity", same_rows},
             {"Dropout", same_rows},
             {"Cast", cast_rows},
             {"ReverseSequence", steps_turn},
             {"Expand", rows_repeat},
             {"Tile", rows_repeat},
             {"ReduceMean", reduce_axes},
             {"ReduceMax", reduce_axes},
             {"ReduceSum", reduce_axes},
             {"GlobalAveragePool", reduce_pool},
             {"GlobalMaxPool", reduce_pool},
             {"QuantizeLinear", quantized_rows},
             {"DequantizeLinear", quantized_rows}};

/* Functions of single values, or of one row. */
static const struct {
  const char *op_type;
  enum trine_float_op op;
} functions[] = {{"Relu", TRINE_FLOAT_RELU},
                 {"Sigmoid", TRINE_FLOAT_LOGISTIC},
                 {"Softmax", TRINE_FLOAT_SOFTMAX},
                 {"ArgMax", TRINE_FLOAT_ARGMAX},
                 {"Tanh", TRINE_FLOAT_TANH},
                 {"LeakyRelu", TRINE_FLOAT_LEAKY_RELU},
                 {"PRelu", TRINE_FLOAT_LEAKY_RELU},
                 {"Elu", TRINE_FLOAT_ELU},
                 {"LogSoftmax", TRINE_FLOAT_LOG_SOFTMAX}};

/* Operators that put their outputs out themselves. */
static const struct {
  const char *op_type;
  bool (*layer)(struct walk *walk, const Onnx__Node *node);
} layers[] = {{"LSTM", layer_lstm},
              {"MatMul", layer_dense},
              {"Gemm", layer_dense},
              {"Add", layer_arithmetic},
              {"Sub", layer_arithmetic},
              {"Mul", layer_arithmetic},
              {"Div", layer_arithmetic},
              {"BatchNormalization", layer_batch_norm},
              {"Clip", layer_clip},
              {"Gather", gather},
              {"Shape", shape},
              {"Split", steps_split},
              {"DynamicQuantizeLSTM", layer_lstm},
              {"DynamicQuantizeLinear", quantized_dynamic},
              {"MatMulInteger", layer_dense},
              {"DynamicQuantizeMatMul", layer_dense}};

bool operator_read(struct walk *walk, const Onnx__Node *node) {
  for (size_t n = 0; n < sizeof moves / sizeof moves[0]; n++) {
    if (is(node, moves[n].op_type)) {
      return move_rows(walk, node, moves[n].move);
    }
  }
  for (size_t n = 0; n < sizeof functions / sizeof functions[0]; n++) {
    if (is(node, functions[n].op_type)) {
      return layer_function(walk, node, functions[n].op);
    }
  }
  for (size_t n = 0; n < sizeof layers / sizeof layers[0]; n++) {
    if (is(node, layers[n].op_type)) {
      return layers[n].layer(walk, node);
    }
  }
  return refuse_operator(walk, node);
}
