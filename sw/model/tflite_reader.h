/* SPDX-License-Identifier: Apache-2.0 */
/* tflite_reader: a .tflite file as plain C structures, with everything checked that does not depend
 * on what an operator means: the container, indices, ranks, sizes, and that a constant has as many
 * bytes as its shape says. What operators mean is checked where they are lowered. */
#ifndef TRINE_MODEL_TFLITE_READER_H
#define TRINE_MODEL_TFLITE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/error.h"
#include "model/arena.h"
#include "trine_status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  TFLITE_MAX_RANK = 6,
  TFLITE_MAX_TENSORS = 1 << 16,
  TFLITE_MAX_OPERATORS = 1 << 10,
  TFLITE_MAX_INPUTS = 24, /* of one operator */
  TFLITE_INTERMEDIATES = 5,
  TFLITE_MAX_ENDS = 8,           /* inputs, and outputs, of a model */
  TFLITE_MAX_ELEMENTS = 1 << 28, /* of one tensor */
  TFLITE_MAX_FILE_BYTES = 1 << 30
};

/* Limits on what a file makes all together, so that memory and time stay in proportion to it
 * although parts of it may be used many times over (docs/formats.md): all tensors may have
 * FREE + size / 4 scales, all operators read FREE + 16 * size weights, and make rows of
 * MAX_ROW_BYTES together for a sequence and step. */
#define TFLITE_FREE_SCALES (UINT64_C(1) << 12)
#define TFLITE_FREE_WEIGHTS (UINT64_C(1) << 22)
#define TFLITE_MAX_ROW_BYTES (UINT64_C(1) << 26)

/* Element types and operator codes: the format's numbers, only those that are used by name. */
enum tflite_type {
  TFLITE_FLOAT32 = 0,
  TFLITE_INT32 = 2,
  TFLITE_UINT8 = 3,
  TFLITE_INT64 = 4,
  TFLITE_INT16 = 7,
  TFLITE_INT8 = 9
};
enum tflite_code {
  TFLITE_ADD = 0,
  TFLITE_CONCATENATION = 2,
  TFLITE_DEQUANTIZE = 6,
  TFLITE_FULLY_CONNECTED = 9,
  TFLITE_LOGISTIC = 14,
  TFLITE_OLD_LSTM = 16,
  TFLITE_MUL = 18,
  TFLITE_RELU = 19,
  TFLITE_RELU6 = 21,
  TFLITE_RESHAPE = 22,
  TFLITE_SOFTMAX = 25,
  TFLITE_TANH = 28,
  TFLITE_CUSTOM = 32,
  TFLITE_GATHER = 36,
  TFLITE_TRANSPOSE = 39,
  TFLITE_MEAN = 40,
  TFLITE_SUB = 41,
  TFLITE_SQUEEZE = 43,
  TFLITE_LSTM = 44, /* UNIDIRECTIONAL_SEQUENCE_LSTM */
  TFLITE_STRIDED_SLICE = 45,
  TFLITE_SPLIT = 49,
  TFLITE_BIDIRECTIONAL_LSTM = 52,
  TFLITE_CAST = 53,
  TFLITE_ARG_MAX = 56,
  TFLITE_SLICE = 65,
  TFLITE_EXPAND_DIMS = 70,
  TFLITE_SUM = 74,
  TFLITE_RSQRT = 76,
  TFLITE_REDUCE_MAX = 82,
  TFLITE_UNPACK = 88,
  TFLITE_REDUCE_MIN = 89,
  TFLITE_LEAKY_RELU = 98,
  TFLITE_SQUARED_DIFFERENCE = 99,
  TFLITE_SPLIT_V = 102,
  TFLITE_REVERSE_V2 = 105,
  TFLITE_ELU = 111,
  TFLITE_QUANTIZE = 114,
  TFLITE_WHILE = 119,
  TFLITE_BROADCAST_TO = 130
};
enum tflite_activation {
  TFLITE_ACT_NONE = 0,
  TFLITE_ACT_RELU = 1,
  TFLITE_ACT_RELU_N1_TO_1 = 2,
  TFLITE_ACT_RELU6 = 3,
  TFLITE_ACT_TANH = 4
};

struct tflite_tensor {
  const char *name; /* printable (io/text.h), at most 63 bytes, never NULL */
  int type;         /* enum tflite_type, or another number of the format */
  uint32_t rank;
  uint32_t shape[TFLITE_MAX_RANK]; /* 0 only where the tensor has no elements */
  uint64_t elements;
  bool variable;
  const uint8_t *data;  /* constant: exactly elements * size bytes; NULL: computed */
  uint32_t scale_count; /* 0: not quantised; scales are finite and > 0 */
  const float *scales;
  const int64_t *zero_points; /* scale_count of them */
  int32_t quantized_dimension;
};

struct tflite_operator {
  int code;        /* enum tflite_code, or another number of the format */
  uint32_t number; /* in the file */
  uint32_t input_count;
  int32_t inputs[TFLITE_MAX_INPUTS]; /* tensor index, or -1 for none; -1 past input_count */
  int32_t output;                    /* tensor index; operators have one output */
  int32_t intermediates[TFLITE_INTERMEDIATES]; /* -1 for none */
  int activation; /* FULLY_CONNECTED, LSTM, CONCATENATION, ADD, SUB, MUL */
  /* FULLY_CONNECTED */
  int weights_format;
  bool keep_num_dims;
  /* CONCATENATION, GATHER */
  int32_t axis, batch_dims;
  /* MEAN, SUM, REDUCE_MAX, REDUCE_MIN */
  bool keep_dims;
  /* LEAKY_RELU */
  float alpha;
  /* SOFTMAX */
  float beta;
  /* ARG_MAX: enum tflite_type, or another number of the format */
  int index_type;
  /* STRIDED_SLICE */
  int32_t begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask;
  bool offset;
  /* LSTM */
  float cell_clip;
  bool time_major, diagonal;
};

struct tflite_graph {
  size_t len_bytes; /* of the file */
  uint32_t tensor_count;
  const struct tflite_tensor *tensors;
  uint32_t operator_count;
  const struct tflite_operator *operators;
  uint32_t input_count; /* 1 or more, each once */
  int32_t inputs[TFLITE_MAX_ENDS];
  uint32_t output_count; /* 1 or more */
  int32_t outputs[TFLITE_MAX_ENDS];
};

/* A part of a file: what is between these tensors, named as the file does (or by number, where no
 * name is that), with commas between them. NULL: the file's own; inputs of the file that the part
 * needs beside the named ones are its inputs too. */
struct tflite_part {
  const char *inputs, *outputs;
};

/* Reads the file in `bytes` (copied first, so that its numbers are aligned), or a part of it
 * (NULL: all of it): operators outside of that are not looked at. Everything that *graph points to
 * lives in the arena. TRINE_ERR_ARG: there are no bytes; TRINE_ERR_FORMAT: no .tflite, or a damaged
 * one; TRINE_ERR_UNSUPPORTED: another model than is read; TRINE_ERR_MEMORY. */
enum trine_status tflite_read_part(const void *bytes, size_t len_bytes,
                                   const struct tflite_part *part, struct arena *arena,
                                   struct tflite_graph *graph,
                                   struct trine_error *error) TRINE_CHECK_RESULT;

/* Names for messages: static text, "code 500" style names are "an unknown operator". */
const char *tflite_code_name(int code);
const char *tflite_type_name(int type);
/* "[1,4,5]" */
void tflite_shape_text(const struct tflite_tensor *tensor, char *text, size_t size);

/* Whether operators of a kind are supported at all; if not, what can be done instead. */
bool tflite_is_supported(int code);
const char *tflite_way_out(int code);

#ifdef __cplusplus
}
#endif

#endif
