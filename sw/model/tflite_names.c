/* SPDX-License-Identifier: Apache-2.0 */
/* tflite_names: names of operators and types, so that what is refused is refused by name, and what
 * can be done about an operator that is not supported. */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include "model/tflite_reader.h"

/* Numbers of the format, in order; rarer operators above these are told by number. */
static const char *const code_names[] = {
    "ADD",
    "AVERAGE_POOL_2D",
    "CONCATENATION",
    "CONV_2D",
    "DEPTHWISE_CONV_2D",
    "DEPTH_TO_SPACE",
    "DEQUANTIZE",
    "EMBEDDING_LOOKUP",
    "FLOOR",
    "FULLY_CONNECTED",
    "HASHTABLE_LOOKUP",
    "L2_NORMALIZATION",
    "L2_POOL_2D",
    "LOCAL_RESPONSE_NORMALIZATION",
    "LOGISTIC",
    "LSH_PROJECTION",
    "LSTM",
    "MAX_POOL_2D",
    "MUL",
    "RELU",
    "RELU_N1_TO_1",
    "RELU6",
    "RESHAPE",
    "RESIZE_BILINEAR",
    "RNN",
    "SOFTMAX",
    "SPACE_TO_DEPTH",
    "SVDF",
    "TANH",
    "CONCAT_EMBEDDINGS",
    "SKIP_GRAM",
    "CALL",
    "CUSTOM",
    "EMBEDDING_LOOKUP_SPARSE",
    "PAD",
    "UNIDIRECTIONAL_SEQUENCE_RNN",
    "GATHER",
    "BATCH_TO_SPACE_ND",
    "SPACE_TO_BATCH_ND",
    "TRANSPOSE",
    "MEAN",
    "SUB",
    "DIV",
    "SQUEEZE",
    "UNIDIRECTIONAL_SEQUENCE_LSTM",
    "STRIDED_SLICE",
    "BIDIRECTIONAL_SEQUENCE_RNN",
    "EXP",
    "TOPK_V2",
    "SPLIT",
    "LOG_SOFTMAX",
    "DELEGATE",
    "BIDIRECTIONAL_SEQUENCE_LSTM",
    "CAST",
    "PRELU",
    "MAXIMUM",
    "ARG_MAX",
    "MINIMUM",
    "LESS",
    "NEG",
    "PADV2",
    "GREATER",
    "GREATER_EQUAL",
    "LESS_EQUAL",
    "SELECT",
    "SLICE",
    "SIN",
    "TRANSPOSE_CONV",
    "SPARSE_TO_DENSE",
    "TILE",
    "EXPAND_DIMS",
    "EQUAL",
    "NOT_EQUAL",
    "LOG",
    "SUM",
    "SQRT",
    "RSQRT",
    "SHAPE",
    "POW",
    "ARG_MIN",
    "FAKE_QUANT",
    "REDUCE_PROD",
    "REDUCE_MAX",
    "PACK",
    "LOGICAL_OR",
    "ONE_HOT",
    "LOGICAL_AND",
    "LOGICAL_NOT",
    "UNPACK",
    "REDUCE_MIN",
    "FLOOR_DIV",
    "REDUCE_ANY",
    "SQUARE",
    "ZEROS_LIKE",
    "FILL",
    "FLOOR_MOD",
    "RANGE",
    "RESIZE_NEAREST_NEIGHBOR",
    "LEAKY_RELU",
    "SQUARED_DIFFERENCE",
    "MIRROR_PAD",
    "ABS",
    "SPLIT_V",
    "UNIQUE",
    "CEIL",
    "REVERSE_V2",
    "ADD_N",
    "GATHER_ND",
    "COS",
    "WHERE",
    "RANK",
    "ELU",
    "REVERSE_SEQUENCE",
    "MATRIX_DIAG",
    "QUANTIZE",
    "MATRIX_SET_DIAG",
    "ROUND",
    "HARD_SWISH",
    "IF",
    "WHILE",
    "NON_MAX_SUPPRESSION_V4",
    "NON_MAX_SUPPRESSION_V5",
    "SCATTER_ND",
    "SELECT_V2",
    "DENSIFY",
    "SEGMENT_SUM",
    "BATCH_MATMUL",
    "PLACEHOLDER_FOR_GREATER_OP_CODES",
    "CUMSUM",
    "CALL_ONCE",
    "BROADCAST_TO",
    "RFFT2D",
    "CONV_3D",
    "IMAG",
    "REAL",
    "COMPLEX_ABS",
    "HASHTABLE",
    "HASHTABLE_FIND",
    "HASHTABLE_IMPORT",
    "HASHTABLE_SIZE",
    "REDUCE_ALL",
    "CONV_3D_TRANSPOSE",
    "VAR_HANDLE",
    "READ_VARIABLE",
    "ASSIGN_VARIABLE",
    "BROADCAST_ARGS",
    "RANDOM_STANDARD_NORMAL",
    "BUCKETIZE",
    "RANDOM_UNIFORM",
    "MULTINOMIAL",
    "GELU",
    "DYNAMIC_UPDATE_SLICE",
};

static const char *const type_names[] = {
    "FLOAT32", "FLOAT16",   "INT32",  "UINT8",   "INT64",      "STRING", "BOOL",
    "INT16",   "COMPLEX64", "INT8",   "FLOAT64", "COMPLEX128", "UINT64", "RESOURCE",
    "VARIANT", "UINT32",    "UINT16", "INT4",    "BFLOAT16",   "INT2",   "UINT4",
};

const char *tflite_code_name(int code) {
  const int count = (int)(sizeof code_names / sizeof code_names[0]);
  return code >= 0 && code < count ? code_names[code] : "an unknown operator";
}

const char *tflite_type_name(int type) {
  const int count = (int)(sizeof type_names / sizeof type_names[0]);
  return type >= 0 && type < count ? type_names[type] : "an unknown type";
}

bool tflite_is_supported(int code) {
  static const int supported[] = {
      TFLITE_ADD,          TFLITE_CONCATENATION, TFLITE_DEQUANTIZE, TFLITE_FULLY_CONNECTED,
      TFLITE_LOGISTIC,     TFLITE_MUL,           TFLITE_RELU,       TFLITE_RELU6,
      TFLITE_RESHAPE,      TFLITE_SOFTMAX,       TFLITE_TANH,       TFLITE_GATHER,
      TFLITE_TRANSPOSE,    TFLITE_MEAN,          TFLITE_SUB,        TFLITE_SQUEEZE,
      TFLITE_LSTM,         TFLITE_STRIDED_SLICE, TFLITE_ARG_MAX,    TFLITE_SLICE,
      TFLITE_EXPAND_DIMS,  TFLITE_SUM,           TFLITE_REDUCE_MAX, TFLITE_REDUCE_MIN,
      TFLITE_LEAKY_RELU,   TFLITE_REVERSE_V2,    TFLITE_ELU,        TFLITE_QUANTIZE,
      TFLITE_BROADCAST_TO, TFLITE_CAST,          TFLITE_RSQRT,      TFLITE_SQUARED_DIFFERENCE};
  for (size_t i = 0; i < sizeof supported / sizeof supported[0]; i++) {
    if (supported[i] == code) {
      return true;
    }
  }
  return false;
}

const char *tflite_way_out(int code) {
  switch (code) {
    case TFLITE_WHILE:
      return "an LSTM was converted to a loop: trine quantize puts it together again "
             "(docs/quantize.md)";
    case TFLITE_SPLIT:
    case TFLITE_SPLIT_V:
    case TFLITE_UNPACK:
      return "was an LSTM unrolled? trine quantize puts it together again in a file of floats; for "
             "int8, convert with unroll=False and fixed batch and steps (docs/quantize.md)";
    case TFLITE_BIDIRECTIONAL_LSTM:
      return "convert with two UNIDIRECTIONAL_SEQUENCE_LSTM, as TensorFlow 2 does";
    case TFLITE_OLD_LSTM:
      return "convert with TensorFlow 2, which gives UNIDIRECTIONAL_SEQUENCE_LSTM";
    default:
      return "docs/formats.md lists what is; compute it outside";
  }
}

void tflite_shape_text(const struct tflite_tensor *tensor, char *text, size_t size) {
  size_t used = 0;
  for (uint32_t i = 0; i < tensor->rank && used < size; i++) {
    used += (size_t)snprintf(text + used, size - used, "%s%" PRIu32, i == 0 ? "[" : ",",
                             tensor->shape[i]);
  }
  if (used < size) {
    (void)snprintf(text + used, size - used, tensor->rank == 0 ? "[]" : "]");
  }
}
