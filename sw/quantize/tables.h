/* SPDX-License-Identifier: Apache-2.0 */
/* tables: the rows of embeddings at inputs, as bytes, and rows for a model's inputs that are looked
 * up in them. Private to sw/quantize. */
#ifndef TRINE_QUANTIZE_TABLES_H
#define TRINE_QUANTIZE_TABLES_H

#include "quantize/quantize.h"
#include "quantize/ranges.h"

/* The rows of each input's embedding as bytes; false with the error set when there is no memory. */
bool tables_copy(const struct trine_float_network *network, const struct ranges *ranges,
                 struct trine_quantized *made, struct trine_error *error);
void tables_free(struct trine_quantized *made);

/* Whether an input of the model is rows of a table. */
bool tables_has(const struct trine_quantized *made, uint32_t input);
/* One row of bytes of an input; false with the error set at a symbol that is no row of its table.
 */
bool tables_row(const struct trine_quantized *made, uint32_t input, const float *values,
                int8_t *row, struct trine_error *error);

#endif
