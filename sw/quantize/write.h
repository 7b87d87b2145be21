/* SPDX-License-Identifier: Apache-2.0 */
/* write: a float network with ranges as a .tflite. Private to sw/quantize. */
#ifndef TRINE_QUANTIZE_WRITE_H
#define TRINE_QUANTIZE_WRITE_H

#include "quantize/quantize.h"
#include "quantize/ranges.h"

/* clamps: matrices of one scale have that of their least error. Fills bytes and len_bytes of *made.
 * TRINE_ERR_UNSUPPORTED: an operator that cannot be written; TRINE_ERR_MEMORY. */
enum trine_status quantize_write(const struct trine_float_network *network,
                                 const struct ranges *ranges, uint32_t steps, bool per_row,
                                 bool clamps, struct trine_quantized *made,
                                 struct trine_error *error);

/* The value that the int8 model reads as an input: the network's, or what its embedding makes of it
 * (*table, else NULL). */
uint32_t quantize_entry(const struct trine_float_network *network, uint32_t input,
                        const struct trine_float_matrix **table);

/* Whether a value is an output of the network that a LogSoftmax makes, of values that nothing else
 * reads: int8 has it without. */
bool quantize_is_log_end(const struct trine_float_network *network, uint32_t value);

#endif
