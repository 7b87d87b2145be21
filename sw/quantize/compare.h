/* SPDX-License-Identifier: Apache-2.0 */
/* compare: how an int8 model came out, layer by layer and end to end. Private to sw/quantize. */
#ifndef TRINE_QUANTIZE_COMPARE_H
#define TRINE_QUANTIZE_COMPARE_H

#include "quantize/quantize.h"
#include "quantize/ranges.h"

/* Runs the model of *made on a batch whose float values are in the ranges (its first sequences are
 * enough), and fills layers, snr_db and, with details, what a report shows. */
enum trine_status quantize_compare(const struct trine_float_network *network,
                                   const struct trine_float_batch *batch,
                                   const struct ranges *ranges, bool with_details,
                                   struct trine_quantized *made, struct trine_error *error);

/* Frees the model and all that was made with it, so that another can take its place. */
void quantize_forget(struct trine_quantized *made);

#endif
