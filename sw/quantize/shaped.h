/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * shaped: an int8 model of given layers with random weights: for those who compare architectures
 * and have trained none of them. Cycles depend on shapes alone.
 *
 * Weights are normal with the deviation that keeps a row's products at about 1 (1/sqrt of the
 * inputs), biases 0, those of forget gates 1, as trained networks start; calibrated on normal rows.
 * The same shapes and seed make the same file on every machine of the same C library.
 *
 * Threads: any number. Pointers: never NULL, and not kept behind the call, unless it is said. */
#ifndef TRINE_QUANTIZE_SHAPED_H
#define TRINE_QUANTIZE_SHAPED_H

#include "quantize/quantize.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Limits. */
enum {
  TRINE_SHAPED_MAX_LAYERS = 16,      /**< LSTMs */
  TRINE_SHAPED_MAX_WIDTH = 65535,    /**< MaxInputs, MaxUnits of rtl/config_rules.txt */
  TRINE_SHAPED_MAX_WEIGHTS = 1 << 26 /**< of all layers */
};

/** A model to make. */
struct trine_shapes {
  uint32_t inputs;                         /**< width of a row */
  uint32_t layer_count;                    /**< LSTMs, at least 1 */
  uint32_t units[TRINE_SHAPED_MAX_LAYERS]; /**< [layer_count] */
  uint32_t dense;     /**< width of a dense layer behind them, at each step; 0: none */
  bool bidirectional; /**< each layer in both directions, side by side */
  uint32_t steps;     /**< T of the file, at least 1 */
  uint64_t seed;      /**< of the numbers */
};

/** Inputs and units from a text such as 40-96-96; all else stays as it is.
 * @param text as the user typed it
 * @param shapes inputs, units and layer_count are set
 * @param error the sentence, or NULL
 * @return TRINE_OK; TRINE_ERR_ARG: another text, or a number beyond the limits above */
enum trine_status trine_shapes_read(const char *text, struct trine_shapes *shapes,
                                    struct trine_error *error) TRINE_CHECK_RESULT;

/** Weights of all layers together, biases left out.
 * @param shapes within the limits
 * @return weights */
uint64_t trine_shapes_weights(const struct trine_shapes *shapes);

/** Makes the model. *made is to be given to trine_quantized_free also after a failure; its layers
 * have the names of these shapes, static text.
 * @param shapes within the limits above
 * @param made set
 * @param error the sentence, or NULL
 * @return TRINE_OK; TRINE_ERR_LIMIT: more than TRINE_SHAPED_MAX_WEIGHTS; TRINE_ERR_MEMORY; what
 * trine_quantize refuses */
enum trine_status trine_shapes_make(const struct trine_shapes *shapes, struct trine_quantized *made,
                                    struct trine_error *error) TRINE_CHECK_RESULT;

#ifdef __cplusplus
}
#endif

#endif
