/* SPDX-License-Identifier: Apache-2.0 */
/* places: where the outputs of an int8 model go in a run. Private to sw/quantize. */
#ifndef TRINE_QUANTIZE_PLACES_H
#define TRINE_QUANTIZE_PLACES_H

#include "float/float_run.h"
#include "io/error.h"
#include "model/model.h"

struct quantize_places {
  void *data[TRINE_FLOAT_MAX_OUTPUTS]; /* each with room for whole numbers of any width */
};

/* Room for all outputs for a batch; to be given to quantize_places_free also after a failure. False
 * with the error set. */
bool quantize_places_make(const struct trine_model *model, uint32_t sequences, uint32_t steps,
                          struct quantize_places *places, struct trine_error *error);
void quantize_places_free(struct quantize_places *places);

/* The row of such an output that is row `row` of the network's, batch first. */
size_t quantize_row(const struct trine_float_network *network, const struct trine_model_end *end,
                    const struct trine_float_value *value, const struct trine_float_batch *batch,
                    size_t row);

#endif
