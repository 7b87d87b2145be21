/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * metric: what quantising costs a task whose answers are known.
 *
 * Threads: any number; what goes in is only read. Pointers: never NULL, and not kept behind the
 * call, unless it is said. */
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

/** Both networks on labelled rows. */
struct trine_metric {
  bool each_step;          /**< a label for each step; else one a sequence, for its last row */
  uint64_t rows;           /**< that have a label */
  uint64_t same;           /**< rows whose largest value is at the same place in both */
  struct trine_score real; /**< of the float network */
  struct trine_score int8; /**< of the int8 model */
};

/** Compares the float network with the int8 model on a batch.
 * @param network float; only read
 * @param batch rows, batch first
 * @param made by trine_quantize
 * @param labels whole numbers, [sequences] or [sequences][steps]
 * @param metric set
 * @param error the sentence, or NULL
 * @return TRINE_OK; what trine_float_run or the session that runs the model refuses;
 * TRINE_ERR_ARG: no model, labels of another shape, or a label outside a row; TRINE_ERR_MEMORY */
enum trine_status trine_quantized_metric(const struct trine_float_network *network,
                                         const struct trine_float_batch *batch,
                                         const struct trine_quantized *made,
                                         const struct trine_array *labels,
                                         struct trine_metric *metric,
                                         struct trine_error *error) TRINE_CHECK_RESULT;

/** Runs the int8 model on a batch, from the states that the network starts from: one of its outputs
 * as numbers, batch first, in the float network's shape; of ARG_MAX the indices.
 * @param network float; only read
 * @param batch rows, batch first
 * @param made by trine_quantize
 * @param output index into the network's outputs
 * @param values set to the output's numbers, to be freed with free; NULL after a failure
 * @param error the sentence, or NULL
 * @return TRINE_OK; what trine_float_check or the session that runs the model refuses;
 * TRINE_ERR_ARG: no model, no such output, or a symbol outside the table; TRINE_ERR_MEMORY */
enum trine_status trine_quantized_output(const struct trine_float_network *network,
                                         const struct trine_float_batch *batch,
                                         const struct trine_quantized *made, uint32_t output,
                                         float **values,
                                         struct trine_error *error) TRINE_CHECK_RESULT;

/** Value n of an array of whole numbers of any type.
 * @param labels the array
 * @param n index, within it
 * @return the number */
int64_t trine_label(const struct trine_array *labels, uint64_t n);

#ifdef __cplusplus
}
#endif

#endif
