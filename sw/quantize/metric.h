/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * metric: what quantising costs a task whose answers are known. */
#ifndef TRINE_QUANTIZE_METRIC_H
#define TRINE_QUANTIZE_METRIC_H

#include "io/array.h"
#include "quantize/quantize.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Of one network over the rows that have a label. */
struct trine_score {
  double accuracy; /**< share of rows whose largest value is at the label */
  double bits;     /**< mean of -log2 softmax(row)[label] */
};

/** How both do on the same rows. */
struct trine_metric {
  bool each_step;          /**< a label for each step; else one a sequence, for its last row */
  uint64_t rows;           /**< that have a label */
  uint64_t same;           /**< rows whose largest value is at the same place in both */
  struct trine_score real; /**< of the float network */
  struct trine_score int8; /**< of the int8 model */
};

/** Compares the float network with the int8 model on a batch. labels: whole numbers, [sequences] or
 * [sequences][steps]. Returns 0, or -1 with the error set.
 * @param network float; only read
 * @param batch data, batch first
 * @param made by trine_quantize
 * @param labels whole numbers
 * @param metric set
 * @param error the sentence, or NULL
 * @return success or failure, as above */
int trine_quantized_metric(const struct trine_float_network *network,
                           const struct trine_float_batch *batch,
                           const struct trine_quantized *made, const struct trine_array *labels,
                           struct trine_metric *metric, struct trine_error *error)
    __attribute__((warn_unused_result));

/** Runs the int8 model on a batch, from the states that the network starts from: one of its outputs
 * as numbers, batch first, in the float network's shape; of ARG_MAX the indices. The caller's, or
 * NULL with the error set.
 * @param network float; only read
 * @param batch data, batch first
 * @param made by trine_quantize
 * @param output index of an output
 * @param error the sentence, or NULL
 * @return to be freed with free */
float *trine_quantized_output(const struct trine_float_network *network,
                              const struct trine_float_batch *batch,
                              const struct trine_quantized *made, uint32_t output,
                              struct trine_error *error) __attribute__((warn_unused_result));

/** Value n of an array of whole numbers of any type.
 * @param labels whole numbers
 * @param n index, C order
 * @return its value */
int64_t trine_label(const struct trine_array *labels, uint64_t n);

#ifdef __cplusplus
}
#endif

#endif
