/* SPDX-License-Identifier: Apache-2.0 */
/* notes: what calibration data leave in doubt, said in a line each. Private to sw/quantize. */
#ifndef TRINE_QUANTIZE_NOTES_H
#define TRINE_QUANTIZE_NOTES_H

#include "quantize/quantize.h"
#include "quantize/ranges.h"

/* Looks at the data and the ranges that came of them; adds to made->notes, as far as there is
 * room. The model's table, if there is one, has been made. */
void quantize_notes(const struct trine_float_network *network,
                    const struct trine_float_batch *batch, const struct ranges *ranges,
                    struct trine_quantized *made);

#endif
