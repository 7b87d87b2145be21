/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * shaped: an int8 model of given layers with random weights: for those who compare architectures
 * and have trained none of them. Cycles depend on shapes alone.
 *
 * Weights are normal with the deviation that keeps a row's products at about 1 (1/sqrt of the
 * inputs), biases 0, those of forget gates 1, as trained networks start; calibrated on normal rows.
 * The same shapes and seed make the same file on every machine of the same C library. */
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
  TRINE_SHAPED_MAX_WEIGHTS = 1 << 26 /**< of all layers together */
};

/** What is made. */
struct trine_shapes {
  uint32_t inputs;                         /**< width of a row that goes in */
  uint32_t layer_count;                    /**< LSTMs, 1 or more */
  uint32_t units[TRINE_SHAPED_MAX_LAYERS]; /**< of each, [layer_count] */
  uint32_t dense;     /**< width of a dense layer behind them, at each step; 0: none */
  bool bidirectional; /**< each layer in both directions, side by side */
  uint32_t steps;     /**< T of the file, at least 1 */
  uint64_t seed;      /**< of the weights */
};

/** Inputs and units from a text such as 40-96-96. Returns 0, or -1 with the error set.
 * @param text the sizes, first to last
 * @param shapes inputs, layer_count and units are set
 * @param error the sentence, or NULL
 * @return success or failure, as above */
int trine_shapes_read(const char *text, struct trine_shapes *shapes, struct trine_error *error)
    __attribute__((warn_unused_result));

/** Weights of all layers together, biases left out.
 * @param shapes what is made
 * @return weights */
uint64_t trine_shapes_weights(const struct trine_shapes *shapes);

/** Makes the model. *made is to be given to trine_quantized_free also after a failure; its layers
 * have the names of these shapes, static text. Returns 0, or -1 with the error set: more than
 * MAX_WEIGHTS, no memory.
 * @param shapes what is made
 * @param made set
 * @param error the sentence, or NULL
 * @return success or failure, as above */
int trine_shapes_make(const struct trine_shapes *shapes, struct trine_quantized *made,
                      struct trine_error *error) __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
