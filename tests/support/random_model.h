/* SPDX-License-Identifier: Apache-2.0 */
/* random_model: small random .tflite models of every shape that exporters write. */
#ifndef TRINE_TEST_RANDOM_MODEL_H
#define TRINE_TEST_RANDOM_MODEL_H

#include "support/make_tflite.h"

#ifdef __cplusplus
extern "C" {
#endif

enum random_family {
  FAMILY_STACK,      /* batch-major LSTMs, a dense layer */
  FAMILY_STACK_TIME, /* the same, time-major */
  FAMILY_TRANSPOSED, /* batch-major ends, TRANSPOSE around a time-major LSTM */
  FAMILY_BIDI,       /* two directions twice, a dense layer */
  FAMILY_BIDI_TIME,  /* two directions, time-major */
  FAMILY_LAST,       /* LSTM, the last step, a dense layer with RELU */
  FAMILY_BIDI_LAST,  /* the last step of each direction, joined, a dense layer */
  FAMILY_FLOAT,      /* QUANTIZE, LSTM, DEQUANTIZE */
  FAMILY_FLAT_ROWS,  /* LSTM, RESHAPE to [B*T,H], a dense layer, RESHAPE back */
  FAMILY_REQUANTIZE, /* LSTM, QUANTIZE to another scale, a dense layer with RELU6 */
  FAMILY_SKIP,       /* features joined with what they were, a dense layer */
  FAMILY_MIRROR,     /* features reversed and transposed, as no exporter does */
  FAMILY_COUNT
};

/* Builds a model; its input and output tensors. B and T are the file's. */
struct tflite_writer *random_model(struct seed_stream *stream, enum random_family family,
                                   int32_t batch, int32_t steps, int32_t *input, int32_t *output);

#ifdef __cplusplus
}
#endif

#endif
