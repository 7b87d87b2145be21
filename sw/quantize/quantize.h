/* SPDX-License-Identifier: Apache-2.0 */
/* quantize: a float network and calibration data become an int8 .tflite that TensorFlow Lite Micro
 * runs with the same bits as the accelerator (docs/numerics.md).
 *
 * After training, without it: activations affine int8 with the range that calibration shows, 0 in
 * it; weights symmetric, one scale a matrix (per_row: one a row, which our reader takes and
 * TensorFlow Lite Micro does not); biases int32; the cell 2^k with room for the largest |c| seen,
 * k in -15..-9. Initial states that were learned are beside the file (quantize/start.h). Values
 * that only move (a last step, rows side by side) share one quantisation. A LogSoftmax at the end
 * is left out, since int8 would keep little of it: what it reads is the file's output. An LSTM that
 * starts where another one ended has its states as the same variables. */
#ifndef TRINE_QUANTIZE_H
#define TRINE_QUANTIZE_H

#include <stddef.h>

#include "float/float_run.h"
#include "model/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How the range of a value is found. BEST: of the others, that with which the output comes out
 * best, value by value, where this gains a decibel or more. An outlier that the gates saturate at
 * anyway costs every other value its resolution, and the value's own error does not show it. */
enum trine_calibrate_by {
  TRINE_CALIBRATE_BEST,
  TRINE_CALIBRATE_RANGE,      /* all that was seen */
  TRINE_CALIBRATE_PERCENTILE, /* but one in a thousand at each end */
  TRINE_CALIBRATE_ERROR,      /* with the least mean square error; of weights too */
  TRINE_CALIBRATE_SHRUNK      /* of BEST alone: a part of all that was seen */
};

/* All zero is the default. */
struct trine_quantize_options {
  bool per_row;
  enum trine_calibrate_by by;
  bool with_details; /* for a report: trine_quantized.details */
  uint32_t steps;    /* T that the file names; 0: that of the calibration data */
};

/* How a layer came out, over the calibration data. */
struct trine_quantized_layer {
  const char *name; /* of the float network */
  enum trine_layer_kind kind;
  float low, high;           /* what its output was quantised for */
  float seen_low, seen_high; /* of its output, over the calibration data */
  enum trine_calibrate_by by;
  float scale;
  int32_t zero_point;
  int32_t cell_exponent;                   /* k; 0 for a dense layer */
  float largest_cell;                      /* |c| in float */
  double snr_db;                           /* output: power of float over that of the difference */
  double gates_saturated, cells_saturated; /* shares of all */
};

enum { TRINE_QUANTIZE_MAX_LAYERS = 64, TRINE_QUANTIZE_MAX_NOTES = 16, TRINE_QUANTIZE_NOTE = 200 };

enum { TRINE_QUANTIZE_BINS = 64 };

/* What a report shows of a layer. */
struct trine_quantized_detail {
  uint32_t units, steps;
  double *step_signal, *step_noise; /* [steps], power of float and of the difference */
  double *unit_signal, *unit_noise; /* [units] */
  /* How often the output was where, from seen_low to seen_high. */
  uint64_t real_bins[TRINE_QUANTIZE_BINS], int8_bins[TRINE_QUANTIZE_BINS];
};

struct trine_quantized {
  uint8_t *bytes; /* the .tflite */
  size_t len_bytes;
  struct trine_model *model; /* the same, read */
  /* An embedding stays outside: int8 [table_rows][table_width], the model's input is a row of it.
   */
  int8_t *table;
  uint32_t table_rows, table_width;
  uint32_t layer_count;
  struct trine_quantized_layer layers[TRINE_QUANTIZE_MAX_LAYERS]; /* in the file's order */
  /* Of each output against the float network's, end to end, over the calibration data; NaN where
   * it is indices. snr_db: the worst of them. */
  double output_snr_db[TRINE_FLOAT_MAX_OUTPUTS];
  double snr_db;
  bool clamps_weights;                    /* the scales of weights are those of the least error */
  struct trine_quantized_detail *details; /* [layer_count], or NULL */
  float *real, *int8; /* with details: the first output of both, batch first, [output_count] */
  size_t output_count;
  /* What the calibration data leave in doubt, a sentence each: constant, one-sided or all zero;
   * rows that look like padding; symbols beyond the range seen. */
  uint32_t note_count;
  char notes[TRINE_QUANTIZE_MAX_NOTES][TRINE_QUANTIZE_NOTE];
};

/* Quantises. batch: the calibration data, batch first; rows behind a sequence's length do not
 * count. *made is to be given to trine_quantized_free also after a failure. Returns 0, or -1 with
 * the error set: what trine_float_check refuses (float/float_run.h: NaN is told with its place),
 * an operator that cannot be written, no memory. */
int trine_quantize(const struct trine_float_network *network, const struct trine_float_batch *batch,
                   const struct trine_quantize_options *options, struct trine_quantized *made,
                   struct trine_error *error) __attribute__((warn_unused_result));
void trine_quantized_free(struct trine_quantized *made);

/* Rows for the int8 model: of the float input, symbols looked up in its table if it has one; those
 * behind a sequence's length are only filled. Returns int8 in the model's layout, the caller's, or
 * NULL with the error set. */
int8_t *trine_quantized_rows(const struct trine_quantized *made,
                             const struct trine_float_batch *batch, struct trine_error *error)
    __attribute__((warn_unused_result));
/* The same for sequences of `steps` steps each. */
int8_t *trine_quantized_input(const struct trine_quantized *made, const float *input,
                              uint32_t sequences, uint32_t steps, struct trine_error *error)
    __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
