/* SPDX-License-Identifier: Apache-2.0 */
/* reroll_check: the network against the file's own operators, on data; see reroll.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/reroll_model.h"

/* Rounding alone, over any number of steps of a cell that forgets, stays far below this share. */
static const double tolerance = 1e-3;
enum { MAX_SEQUENCES = 16 };

/* One sequence of so many steps as the graph's input, in its layout. */
static struct value *input_of(const struct trine_reroll *model, struct run *run, const float *rows,
                              uint32_t steps) {
  const struct graph_sub *sub = &model->graph.subs[0];
  const struct graph_tensor *tensor = &sub->tensors[sub->inputs[model->main_input]];
  uint32_t shape[GRAPH_MAX_RANK];
  reroll_shape(model, model->main_input, steps, shape);
  const bool whole = tensor->type == GRAPH_INT;
  struct value *made = value_new(run, whole ? VALUE_INTS : VALUE_FLOATS, tensor->rank, shape);
  const size_t features = model->input.features;
  if (made != NULL && made->count != features * steps) {
    value_drop(run, made);
    (void)run_refuse(run, "the file's input '%s' has another size than %u steps of %zu values",
                     tensor->name, steps, features);
    return NULL;
  }
  for (size_t n = 0; made != NULL && n < made->count; n++) {
    const float number = model->input.is_turned ? rows[n % steps * features + n / steps] : rows[n];
    if (whole) {
      made->as.ints[n] = run_to_int(number);
    } else {
      made->as.floats[n] = number;
    }
  }
  return made;
}

/* Runs the graph once; the wanted output, or NULL with the error set. States that are inputs begin
 * at zero. */
static struct value *run_once(const struct trine_reroll *model, struct run *run, const float *rows,
                              uint32_t steps) {
  const struct graph_sub *sub = &model->graph.subs[0];
  struct value *inputs[GRAPH_MAX_ENDS] = {NULL}, *outputs[GRAPH_MAX_ENDS] = {NULL}, *made = NULL;
  bool good = true;
  run->node = NULL;
  for (uint32_t n = 0; n < sub->input_count && good; n++) {
    uint32_t shape[GRAPH_MAX_RANK];
    reroll_shape(model, n, steps, shape);
    inputs[n] = n == model->main_input
                    ? input_of(model, run, rows, steps)
                    : value_new(run, VALUE_FLOATS, sub->tensors[sub->inputs[n]].rank, shape);
    good = inputs[n] != NULL;
  }
  if (good && run_graph(run, inputs, outputs)) {
    made = value_as_elements(run, outputs[model->output]);
  }
  for (uint32_t n = 0; n < GRAPH_MAX_ENDS; n++) {
    value_drop(run, inputs[n]);
    value_drop(run, outputs[n]);
  }
  return made;
}

/* The file's own output for one sequence, which it runs in pieces of its own length. */
static bool run_file(const struct trine_reroll *model, const float *rows, uint32_t steps,
                     uint32_t piece, float *output, size_t width, struct trine_error *error) {
  struct run run;
  bool good = reroll_run_begin(model, &run, error);
  run.granted = run.granted * (1 + steps / 64);
  run.budget.work = run.granted;
  for (uint32_t at = 0; at < steps && good; at += piece) {
    struct value *made = run_once(model, &run, rows + (size_t)at * model->input.features, piece);
    const size_t count = model->has_all_steps ? width * piece : width;
    good = made != NULL && (made->count == count ||
                            run_refuse(&run, "the file's own output has %zu values instead of %zu",
                                       made->count, count));
    for (size_t n = 0; n < count && good; n++) {
      output[(model->has_all_steps ? at * width : 0) + n] = made->as.elements[n].as.number;
    }
    value_drop(&run, made);
  }
  reroll_run_end(&run);
  return good;
}

/* One sequence in both; false with the error set. */
static bool compare(const struct trine_reroll *model, const float *rows, uint32_t steps,
                    uint32_t piece, float **values, float *output,
                    struct trine_reroll_agreement *agreement, struct trine_error *error) {
  const struct trine_float_network *network = &model->network;
  const struct trine_float_value *end = &network->values[network->output];
  const struct trine_float_batch one = {.sequences = 1, .steps = steps, .input = rows};
  const size_t count = trine_float_count(end, 1, steps);
  memset(values, 0, network->value_count * sizeof *values);
  bool good = trine_float_run(network, &one, values, error) == 0 &&
              run_file(model, rows, steps, piece, output, end->width, error);
  for (size_t n = 0; n < count && good; n++) {
    const double mine = (double)values[network->output][n], own = (double)output[n];
    const double off = fabs(mine - own);
    good = isfinite(off);
    agreement->worst = fmax(agreement->worst, off);
    agreement->largest = fmax(agreement->largest, fabs(own));
    if (!good || off > tolerance * fmax(1.0, fabs(own))) {
      trine_error_set(error,
                      "the network found in the file gives %g where the file's own operators give "
                      "%g (output value %zu, sequence %u); it is not believed: go through ONNX "
                      "(docs/quantize.md)",
                      mine, own, n, agreement->sequences);
      good = false;
    }
  }
  trine_float_values_free(network, values);
  return good;
}

bool trine_reroll_check(const struct trine_reroll *model, const struct trine_float_batch *batch,
                        struct trine_reroll_agreement *agreement, struct trine_error *error) {
  const struct trine_float_network *network = &model->network;
  const uint32_t own = model->input.is_open ? 1 : model->input.steps;
  *agreement = (struct trine_reroll_agreement){.sequences = 0};
  float **values = calloc((size_t)network->value_count + 1, sizeof *values);
  float *output = calloc(trine_float_count(&network->values[network->output], 1, batch->steps) + 1,
                         sizeof *output);
  bool good = values != NULL && output != NULL;
  if (!good) {
    trine_error_set(error, "no memory to compare %u steps", batch->steps);
  }
  for (uint32_t b = 0; b < batch->sequences && good; b++) {
    const uint32_t length = batch->lengths == NULL ? batch->steps : batch->lengths[b];
    const uint32_t steps = model->input.is_open ? length
                           : model->keeps_state ? length / own * own
                           : length >= own      ? own
                                                : 0;
    if (steps == 0 || agreement->sequences == MAX_SEQUENCES) {
      continue;
    }
    good = compare(model, batch->input + (size_t)b * batch->steps * model->input.features, steps,
                   model->input.is_open ? steps : own, values, output, agreement, error);
    agreement->sequences++;
    agreement->steps = steps > agreement->steps ? steps : agreement->steps;
  }
  if (good && agreement->sequences == 0) {
    trine_error_set(error,
                    "the file runs %u steps at once and no sequence of the data has so many; give "
                    "sequences of %u steps or more, to compare with its own operators",
                    own, own);
    good = false;
  }
  free(values);
  free(output);
  return good;
}
