/* SPDX-License-Identifier: Apache-2.0 */
/* reroll_check: the network against the file's own operators, on data; see reroll.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/reroll_model.h"

/* Rounding alone, over any number of steps of a cell that forgets, stays far below this share. */
static const double tolerance = 1e-3;
enum { MAX_SEQUENCES = 16 };

/* Rows of each of the network's inputs. */
struct check_rows {
  const float *of[TRINE_FLOAT_MAX_GIVEN];
};

/* The rows of sequence b, from step `at` on. */
static struct check_rows rows_from(const struct trine_reroll *model,
                                   const struct trine_float_batch *batch, uint32_t b, uint32_t at) {
  struct check_rows rows = {{NULL}};
  for (uint32_t n = 0; n < model->network.input_count; n++) {
    const struct trine_reroll_input *input = &model->inputs[n];
    const size_t each = (size_t)input->features * (input->is_row ? 1 : batch->steps);
    rows.of[n] =
        trine_float_input(batch, n) + b * each + (input->is_row ? 0 : (size_t)at * input->features);
  }
  return rows;
}

/* One sequence of so many steps as input k of the network, in the graph's layout. */
static struct value *input_of(const struct trine_reroll *model, struct run *run, const float *rows,
                              uint32_t k, uint32_t steps) {
  const struct graph_sub *sub = &model->graph.subs[0];
  const struct graph_tensor *tensor = &sub->tensors[sub->inputs[model->given[k]]];
  uint32_t shape[GRAPH_MAX_RANK];
  reroll_shape(model, model->given[k], steps, shape);
  const bool whole = tensor->type == GRAPH_INT;
  struct value *made = value_new(run, whole ? VALUE_INTS : VALUE_FLOATS, tensor->rank, shape);
  const size_t features = model->inputs[k].features, each = model->inputs[k].is_row ? 1 : steps;
  if (made != NULL && made->count != features * each) {
    value_drop(run, made);
    (void)run_refuse(run, "the file's input '%s' has another size than %zu rows of %zu values",
                     tensor->name, each, features);
    return NULL;
  }
  for (size_t n = 0; made != NULL && n < made->count; n++) {
    const float number =
        model->inputs[k].is_turned ? rows[n % steps * features + n / steps] : rows[n];
    if (whole) {
      made->as.ints[n] = run_to_int(number);
    } else {
      made->as.floats[n] = number;
    }
  }
  return made;
}

/* Runs the graph once; made: its outputs that are wanted, NULL those that are not there. False with
 * the error set. States that are inputs begin at zero. */
static bool run_once(const struct trine_reroll *model, struct run *run,
                     const struct check_rows *rows, uint32_t steps, struct value **made) {
  const struct graph_sub *sub = &model->graph.subs[0];
  struct value *inputs[GRAPH_MAX_ENDS] = {NULL}, *outputs[GRAPH_MAX_ENDS] = {NULL};
  bool good = true;
  run->node = NULL;
  for (uint32_t n = 0; n < sub->input_count && good; n++) {
    uint32_t shape[GRAPH_MAX_RANK];
    reroll_shape(model, n, steps, shape);
    uint32_t k = 0;
    while (k < model->network.input_count && model->given[k] != n) {
      k++;
    }
    const struct graph_tensor *tensor = &sub->tensors[sub->inputs[n]];
    const enum value_kind kind = tensor->type == GRAPH_INT ? VALUE_INTS : VALUE_FLOATS;
    inputs[n] = k < model->network.input_count ? input_of(model, run, rows->of[k], k, steps)
                                               : value_new(run, kind, tensor->rank, shape);
    good = inputs[n] != NULL;
  }
  good = good && run_graph(run, inputs, outputs);
  for (uint32_t n = 0; n < model->output_count && good; n++) {
    made[n] = value_as_elements(run, outputs[model->outputs[n]]);
    good = made[n] != NULL;
  }
  for (uint32_t n = 0; n < GRAPH_MAX_ENDS; n++) {
    value_drop(run, inputs[n]);
    value_drop(run, outputs[n]);
  }
  return good;
}

/* The file's own outputs for one sequence, which it runs in chunks of its own length. */
static bool run_file(const struct trine_reroll *model, const struct trine_float_batch *batch,
                     uint32_t b, uint32_t steps, uint32_t chunk, float *const *outputs,
                     struct trine_error *error) {
  const struct trine_float_network *network = &model->network;
  struct run run;
  bool good = reroll_run_begin(model, &run, error);
  run.granted = run.granted * (1 + steps / 64);
  run.budget.work = run.granted;
  for (uint32_t at = 0; at < steps && good; at += chunk) {
    struct value *made[TRINE_FLOAT_MAX_OUTPUTS] = {NULL};
    const struct check_rows rows = rows_from(model, batch, b, at);
    good = run_once(model, &run, &rows, chunk, made);
    for (uint32_t k = 0; k < model->output_count && good; k++) {
      const size_t width = network->values[network->outputs[k]].width;
      const bool all = model->has_all_steps[k];
      const size_t count = all ? width * chunk : width;
      good = made[k]->count == count ||
             run_refuse(&run, "the file's own output has %zu values instead of %zu", made[k]->count,
                        count);
      for (size_t n = 0; n < count && good; n++) {
        outputs[k][(all ? at * width : 0) + n] = made[k]->as.elements[n].as.number;
      }
    }
    for (uint32_t k = 0; k < model->output_count; k++) {
      value_drop(&run, made[k]);
    }
  }
  reroll_run_end(&run);
  return good;
}

/* One output of both. */
static enum trine_status compare_output(const float *mine, const float *own, size_t count,
                                        const char *name, struct trine_reroll_agreement *agreement,
                                        struct trine_error *error) {
  for (size_t n = 0; n < count; n++) {
    const double off = fabs((double)mine[n] - (double)own[n]);
    agreement->worst = fmax(agreement->worst, off);
    agreement->largest = fmax(agreement->largest, fabs((double)own[n]));
    if (!isfinite(off) || off > tolerance * fmax(1.0, fabs((double)own[n]))) {
      trine_error_set(
          error,
          "the network found in the file gives %g where the file's own operators give "
          "%g (value %zu of the output '%.40s', sequence %u); it is not believed: "
          "convert it with a fixed number of steps, or go through ONNX (docs/quantize.md)",
          (double)mine[n], (double)own[n], n, name, agreement->sequences);
      return TRINE_ERR_UNSUPPORTED;
    }
  }
  return TRINE_OK;
}

/* One sequence in both. */
static enum trine_status compare(const struct trine_reroll *model,
                                 const struct trine_float_batch *batch, uint32_t b, uint32_t steps,
                                 uint32_t chunk, float **values, float *const *outputs,
                                 struct trine_reroll_agreement *agreement,
                                 struct trine_error *error) {
  const struct trine_float_network *network = &model->network;
  const struct check_rows rows = rows_from(model, batch, b, 0);
  const struct trine_float_batch one = {
      .sequences = 1, .steps = steps, .input = rows.of[0], .more_inputs = rows.of + 1};
  memset(values, 0, network->value_count * sizeof *values);
  enum trine_status status = trine_float_run(network, &one, values, error);
  if (status == TRINE_OK && !run_file(model, batch, b, steps, chunk, outputs, error)) {
    status = TRINE_ERR_UNSUPPORTED;
  }
  for (uint32_t k = 0; k < network->output_count && status == TRINE_OK; k++) {
    const struct trine_float_value *end = &network->values[network->outputs[k]];
    status = compare_output(values[network->outputs[k]], outputs[k],
                            trine_float_count(end, 1, steps), end->name, agreement, error);
  }
  trine_float_values_free(network, values);
  return status;
}

/* Every sequence that is compared. */
static enum trine_status compare_all(const struct trine_reroll *model,
                                     const struct trine_float_batch *batch, float **values,
                                     float *const *outputs,
                                     struct trine_reroll_agreement *agreement,
                                     struct trine_error *error) {
  const uint32_t own = model->is_open ? 1 : model->steps;
  enum trine_status status = TRINE_OK;
  for (uint32_t b = 0; b < batch->sequences && status == TRINE_OK; b++) {
    const uint32_t length = batch->lengths == NULL ? batch->steps : batch->lengths[b];
    uint32_t steps;
    if (model->is_open) {
      steps = length;
    } else if (model->keeps_state) {
      steps = length / own * own;
    } else if (length >= own) {
      steps = own;
    } else {
      steps = 0;
    }
    if (steps == 0 || agreement->sequences == MAX_SEQUENCES) {
      continue;
    }
    status = compare(model, batch, b, steps, model->is_open ? steps : own, values, outputs,
                     agreement, error);
    agreement->sequences++;
    agreement->steps = steps > agreement->steps ? steps : agreement->steps;
  }
  if (status == TRINE_OK && agreement->sequences == 0) {
    trine_error_set(error,
                    "the file runs %u steps at once and no sequence of the data has so many; give "
                    "sequences of %u steps or more, to compare with its own operators",
                    own, own);
    status = TRINE_ERR_ARG;
  }
  return status;
}

enum trine_status trine_reroll_check(const struct trine_reroll *model,
                                     const struct trine_float_batch *batch,
                                     struct trine_reroll_agreement *agreement,
                                     struct trine_error *error) {
  const struct trine_float_network *network = &model->network;
  *agreement = (struct trine_reroll_agreement){.sequences = 0};
  float **values = calloc((size_t)network->value_count + 1, sizeof *values);
  float *outputs[TRINE_FLOAT_MAX_OUTPUTS] = {NULL};
  bool good = values != NULL;
  for (uint32_t k = 0; k < network->output_count && good; k++) {
    const struct trine_float_value *end = &network->values[network->outputs[k]];
    outputs[k] = calloc(trine_float_count(end, 1, batch->steps) + 1, sizeof *outputs[k]);
    good = outputs[k] != NULL;
  }
  enum trine_status status = TRINE_ERR_MEMORY;
  if (good) {
    status = compare_all(model, batch, values, outputs, agreement, error);
  } else {
    trine_error_set(error, "no memory to compare %u steps", batch->steps);
  }
  for (uint32_t k = 0; k < TRINE_FLOAT_MAX_OUTPUTS; k++) {
    free(outputs[k]);
  }
  free(values);
  return status;
}
