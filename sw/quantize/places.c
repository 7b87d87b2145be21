/* SPDX-License-Identifier: Apache-2.0 */
/* places: memory for a run of a model, see places.h. */
#include "quantize/places.h"

#include <stdlib.h>

#include "io/size.h"
#include "quantize/start.h"

/* Room for every output of a batch. */
static bool make_outputs(const struct trine_model *model, uint32_t sequences, uint32_t steps,
                         void **data, struct trine_error *error) {
  const uint32_t outputs = trine_model_info(model)->output_count;
  bool good = outputs <= TRINE_FLOAT_MAX_OUTPUTS;
  for (uint32_t k = 0; k < outputs && good; k++) {
    uint64_t shape[TRINE_MODEL_MAX_RANK];
    const uint32_t rank = trine_model_output_shape_of(model, k, sequences, steps, shape);
    size_t count = sizeof(int64_t);
    for (uint32_t n = 0; n < rank && good; n++) {
      good = shape[n] <= SIZE_MAX && trine_size_mul(count, (size_t)shape[n], &count);
    }
    data[k] = good ? calloc(count / sizeof(int64_t) + 1, sizeof(int64_t)) : NULL;
    good = data[k] != NULL;
  }
  if (!good) {
    trine_error_set(error, "There is no memory for %u outputs of %u sequences of %u steps.",
                    outputs, sequences, steps);
  }
  return good;
}

enum trine_status quantize_run_rows(const struct trine_quantized *made,
                                    const struct trine_float_batch *batch, struct quantize_run *run,
                                    struct trine_error *error) {
  enum trine_status status = TRINE_OK;
  const uint32_t count = trine_model_info(made->model)->input_count;
  for (uint32_t n = 0; n < count && status == TRINE_OK; n++) {
    status = trine_quantized_rows_of(made, n, batch, &run->inputs[n], error);
  }
  return status;
}

enum trine_status quantize_run_begin(const struct trine_float_network *network,
                                     const struct trine_model *model,
                                     const struct trine_float_batch *batch,
                                     struct quantize_run *run, struct trine_error *error) {
  if (!make_outputs(model, batch->sequences, batch->steps, run->outputs, error)) {
    return TRINE_ERR_MEMORY;
  }
  const enum trine_status status =
      trine_quantized_start(network, model, batch->sequences, &run->start, error);
  run->batch = (struct trine_model_batch){.sequences = batch->sequences,
                                          .steps = batch->steps,
                                          .lengths = batch->lengths,
                                          .input = run->inputs[0],
                                          .more_inputs = (const void *const *)run->inputs + 1,
                                          .output = run->outputs[0],
                                          .more_outputs = run->outputs + 1,
                                          .state_in = run->start.lstm};
  return status;
}

void quantize_run_end(struct quantize_run *run) {
  for (uint32_t k = 0; k < TRINE_FLOAT_MAX_OUTPUTS; k++) {
    free(run->outputs[k]);
  }
  trine_states_free(&run->start);
  for (uint32_t k = 0; k < TRINE_FLOAT_MAX_GIVEN; k++) {
    free(run->inputs[k]);
  }
}

size_t quantize_place(const struct trine_float_network *network, const struct trine_quantized *made,
                      uint32_t output, uint32_t value, const struct trine_float_batch *batch,
                      size_t number) {
  const struct trine_float_value *what = &network->values[value];
  const struct trine_model_end *end = &trine_model_info(made->model)->outputs[output];
  const struct trine_onnx_layout *layout = &made->layouts[output];
  const size_t steps = trine_float_rows(what, batch->steps), width = what->width;
  const size_t row = number / width, column = number % width, b = row / steps, t = row % steps;
  if (layout->rank > 0) {
    const bool second = trine_onnx_layout_is_turned(layout, network, value);
    const uint64_t size[2] = {second ? steps : batch->sequences, second ? batch->sequences : steps};
    const uint64_t at[2] = {second ? t : b, second ? b : t};
    return (size_t)trine_onnx_layout_place(layout, what->width, size, at, (uint32_t)column);
  }
  /* Steps of its own are places to the model, which does not see that they are time. */
  const bool turned = what->steps > 0 ? network->time_major : end->has_time && end->time_major;
  return (turned ? t * batch->sequences + b : row) * width + column;
}
