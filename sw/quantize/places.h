/* SPDX-License-Identifier: Apache-2.0 */
/* places: what an int8 model needs for a run beside its float network: where outputs go, and the
 * states to start from. Private to sw/quantize. */
#ifndef TRINE_QUANTIZE_PLACES_H
#define TRINE_QUANTIZE_PLACES_H

#include "float/float_run.h"
#include "io/error.h"
#include "model/model.h"
#include "quantize/quantize.h"
#include "session/states.h"

/* All zero at first, but inputs. */
struct quantize_run {
  int8_t *inputs[TRINE_FLOAT_MAX_GIVEN];  /* in the model's layout; freed by quantize_run_end */
  void *outputs[TRINE_FLOAT_MAX_OUTPUTS]; /* each with room for whole numbers of any width */
  struct trine_states start;              /* as the float network starts */
  struct trine_model_batch batch;         /* of all of these */
};

/* The inputs of what was quantised: as trine_quantized_rows_of. */
enum trine_status quantize_run_rows(const struct trine_quantized *made,
                                    const struct trine_float_batch *batch, struct quantize_run *run,
                                    struct trine_error *error);

/* Room for all outputs, and the states that the network starts from; to be given to
 * quantize_run_end also after a failure: TRINE_ERR_MEMORY, or what trine_quantized_start says. */
enum trine_status quantize_run_begin(const struct trine_float_network *network,
                                     const struct trine_model *model,
                                     const struct trine_float_batch *batch,
                                     struct quantize_run *run, struct trine_error *error);
void quantize_run_end(struct quantize_run *run);

/* Where a number of an output is: of value `value` of the network (its output, or what a LogSoftmax
 * that was left out reads), counted batch first. */
size_t quantize_place(const struct trine_float_network *network, const struct trine_quantized *made,
                      uint32_t output, uint32_t value, const struct trine_float_batch *batch,
                      size_t number);

#endif
