/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * quantize: a float network and calibration data become an int8 .tflite that TensorFlow Lite Micro
 * runs with the same bits as the accelerator (docs/numerics.md).
 *
 * After training, without it: activations affine int8 with the range that calibration shows, 0 in
 * it; weights symmetric, one scale a matrix (per_row: one a row, which our reader takes and
 * TensorFlow Lite Micro does not); biases int32; the cell 2^k with room for the largest |c| seen,
 * k in -15..-9. Initial states that were learned are beside the file (quantize/start.h). Values
 * that only move (a last step, rows side by side) share one quantisation. A LogSoftmax at the end
 * is left out, since int8 would keep little of it: what it reads is the file's output. An LSTM that
 * starts where another one ended has its states as the same variables.
 *
 * Threads: any number, each with results of its own; network and data are only read. Pointers:
 * never NULL, and not kept behind the call, unless it is said. */
#ifndef TRINE_QUANTIZE_H
#define TRINE_QUANTIZE_H

#include <stddef.h>

#include "float/float_run.h"
#include "model/model.h"
#include "onnx/onnx.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How the range of a value is found. BEST: of the others, that with which the output comes out
 * best, value by value, where this gains a decibel or more. An outlier that the gates saturate at
 * anyway costs every other value its resolution, and the value's own error does not show it. */
enum trine_calibrate_by {
  TRINE_CALIBRATE_BEST,       /**< that of the others with which the output comes out best */
  TRINE_CALIBRATE_RANGE,      /**< all that was seen */
  TRINE_CALIBRATE_PERCENTILE, /**< but one in a thousand at each end */
  TRINE_CALIBRATE_ERROR,      /**< with the least mean square error; of weights too */
  TRINE_CALIBRATE_SHRUNK      /**< of BEST alone: a part of all that was seen */
};

/** All zero is the default. */
struct trine_quantize_options {
  bool per_row;               /**< a scale a row of weights, not one a matrix */
  enum trine_calibrate_by by; /**< how ranges are found */
  bool with_details;          /**< for a report: trine_quantized.details */
  uint32_t steps;             /**< T that the file names; 0: that of the calibration data */
  /** [output_count] how the graph has its outputs, which the file then has so too as far as a
   * .tflite can (trine_onnx_layout_is_whole); NULL: rows, batch first or as the network has time.
   */
  const struct trine_onnx_layout *layouts;
};

/** How a layer came out, over the calibration data. */
struct trine_quantized_layer {
  const char *name;           /**< of the float network */
  enum trine_layer_kind kind; /**< LSTM or dense */
  float low;                  /**< least that its output was quantised for */
  float high;                 /**< most */
  float seen_low;             /**< least of its output, over the calibration data */
  float seen_high;            /**< most */
  enum trine_calibrate_by by; /**< how that range was found */
  float scale;                /**< of its output: value = (byte - zero_point) * scale */
  int32_t zero_point;         /**< byte of 0 */
  int32_t cell_exponent;      /**< k; 0 for a dense layer */
  float largest_cell;         /**< |c| in float */
  double snr_db;              /**< output: power of float over that of the difference */
  double gates_saturated;     /**< share of all gates, 0..1 */
  double cells_saturated;     /**< share of all cell updates, 0..1 */
};

/** Limits of what is said of a network. */
enum {
  TRINE_QUANTIZE_MAX_LAYERS = 64, /**< layers */
  TRINE_QUANTIZE_MAX_NOTES = 16,  /**< notes */
  TRINE_QUANTIZE_NOTE = 200,      /**< bytes of a note, its 0 included */
  TRINE_QUANTIZE_BINS = 64        /**< of a histogram */
};

/** What a report shows of a layer. */
struct trine_quantized_detail {
  uint32_t units;      /**< of the layer */
  uint32_t steps;      /**< of the longest sequence */
  double *step_signal; /**< [steps], power of float */
  double *step_noise;  /**< [steps], power of the difference */
  double *unit_signal; /**< [units], power of float */
  double *unit_noise;  /**< [units], power of the difference */
  /** How often the float output was where, from seen_low to seen_high. */
  uint64_t real_bins[TRINE_QUANTIZE_BINS];
  uint64_t int8_bins[TRINE_QUANTIZE_BINS]; /**< the same of the int8 output */
};

/** The embedding of an input, which stays outside: the model's input is a row of it. */
struct trine_quantized_table {
  int8_t *rows;     /**< [symbols][width]; NULL: the input has none */
  uint32_t symbols; /**< rows */
  uint32_t width;   /**< of a row */
};

/** What trine_quantize makes; it is freed by trine_quantized_free alone. */
struct trine_quantized {
  uint8_t *bytes;                                             /**< the .tflite */
  size_t len_bytes;                                           /**< of it */
  struct trine_model *model;                                  /**< the same, read */
  struct trine_quantized_table tables[TRINE_FLOAT_MAX_GIVEN]; /**< of each input */
  /** Of each output as it is in the file; rank 0: rows, as without layouts in the options. */
  struct trine_onnx_layout layouts[TRINE_FLOAT_MAX_OUTPUTS];
  uint32_t layer_count;                                           /**< entries of layers */
  struct trine_quantized_layer layers[TRINE_QUANTIZE_MAX_LAYERS]; /**< in the file's order */
  /** Of each output against the float network's, end to end, over the calibration data; NaN where
   * it is indices. */
  double output_snr_db[TRINE_FLOAT_MAX_OUTPUTS];
  double snr_db;                          /**< the least of output_snr_db */
  bool clamps_weights;                    /**< the scales of weights are those of the least error */
  struct trine_quantized_detail *details; /**< [layer_count], or NULL */
  float *real;         /**< with details: the first output of the float network, batch first */
  float *int8;         /**< the same of the model */
  size_t output_count; /**< values of each */
  /** What the calibration data leave in doubt, a sentence each: constant, one-sided or all zero;
   * rows that look like padding; symbols beyond the range seen. */
  uint32_t note_count;
  char notes[TRINE_QUANTIZE_MAX_NOTES][TRINE_QUANTIZE_NOTE]; /**< [note_count] */
};

/** Quantises. batch: the calibration data, batch first; rows behind a sequence's length do not
 * count. *made is to be given to trine_quantized_free also after a failure.
 * @param network float; only read
 * @param batch calibration data
 * @param options NULL: all zero
 * @param made set
 * @param error the sentence, or NULL
 * @return TRINE_OK; what trine_float_check refuses (float/float_run.h: NaN is told with its place);
 * TRINE_ERR_ARG: data that make a value infinite, or of a length that cannot be told from another;
 * TRINE_ERR_UNSUPPORTED: an operator that cannot be written; TRINE_ERR_MEMORY */
enum trine_status trine_quantize(const struct trine_float_network *network,
                                 const struct trine_float_batch *batch,
                                 const struct trine_quantize_options *options,
                                 struct trine_quantized *made,
                                 struct trine_error *error) TRINE_CHECK_RESULT;
/** Frees all of it.
 * @param made by trine_quantize */
void trine_quantized_free(struct trine_quantized *made);

/** Rows for the int8 model: of the first float input, symbols looked up in its table if it has one;
 * those behind a sequence's length are only filled.
 * @param made by trine_quantize
 * @param batch float rows, batch first
 * @param rows set to int8 in the model's layout, to be freed with free; NULL after a failure
 * @param error the sentence, or NULL
 * @return TRINE_OK; TRINE_ERR_ARG: no model, no rows, or a symbol that is no row of the table;
 * TRINE_ERR_MEMORY */
enum trine_status trine_quantized_rows(const struct trine_quantized *made,
                                       const struct trine_float_batch *batch, int8_t **rows,
                                       struct trine_error *error) TRINE_CHECK_RESULT;
/** The same of input n of the network.
 * @param made by trine_quantize
 * @param input index
 * @param batch float rows, batch first
 * @param rows set to int8 in the model's layout, to be freed with free; NULL after a failure
 * @param error the sentence, or NULL
 * @return as of trine_quantized_rows */
enum trine_status trine_quantized_rows_of(const struct trine_quantized *made, uint32_t input,
                                          const struct trine_float_batch *batch, int8_t **rows,
                                          struct trine_error *error) TRINE_CHECK_RESULT;
/** The first input's for sequences of `steps` steps each. Errors: those of trine_quantized_rows;
 * *rows is the caller's to free.
 * @param made by trine_quantize
 * @param input float rows, batch first
 * @param sequences B
 * @param steps T of each
 * @param rows set, as above
 * @param error the sentence, or NULL
 * @return as above */
enum trine_status trine_quantized_input(const struct trine_quantized *made, const float *input,
                                        uint32_t sequences, uint32_t steps, int8_t **rows,
                                        struct trine_error *error) TRINE_CHECK_RESULT;

#ifdef __cplusplus
}
#endif

#endif
