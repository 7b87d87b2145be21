/* SPDX-License-Identifier: Apache-2.0 */
/* float_names: what operators of a float network are called in reports. */
#include <stddef.h>

#include "float/float_run.h"

const char *trine_float_op_name(enum trine_float_op op) {
  static const char *const names[] = {
      [TRINE_FLOAT_EMBEDDING] = "table", [TRINE_FLOAT_LSTM] = "LSTM",
      [TRINE_FLOAT_DENSE] = "dense",     [TRINE_FLOAT_CONCAT] = "concat",
      [TRINE_FLOAT_LAST] = "last",       [TRINE_FLOAT_FIRST] = "first",
      [TRINE_FLOAT_SOFTMAX] = "softmax", [TRINE_FLOAT_LOGISTIC] = "sigmoid",
      [TRINE_FLOAT_ARGMAX] = "argmax",   [TRINE_FLOAT_RELU] = "relu",
      [TRINE_FLOAT_TANH] = "tanh",       [TRINE_FLOAT_LEAKY_RELU] = "leaky",
      [TRINE_FLOAT_ELU] = "elu",         [TRINE_FLOAT_LOG_SOFTMAX] = "logsoftmax",
      [TRINE_FLOAT_AFFINE] = "affine",   [TRINE_FLOAT_ADD] = "add",
      [TRINE_FLOAT_MUL] = "mul",         [TRINE_FLOAT_STEP] = "step",
      [TRINE_FLOAT_COLUMNS] = "columns", [TRINE_FLOAT_MEAN] = "mean",
      [TRINE_FLOAT_MAX] = "max",         [TRINE_FLOAT_SUM] = "sum",
      [TRINE_FLOAT_REPEAT] = "repeat",   [TRINE_FLOAT_FLATTEN] = "flatten",
      [TRINE_FLOAT_RANGE] = "steps",     [TRINE_FLOAT_TURN] = "turn"};
  return (size_t)op < sizeof names / sizeof names[0] ? names[op] : "none";
}
