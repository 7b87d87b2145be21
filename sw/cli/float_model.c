/* SPDX-License-Identifier: Apache-2.0 */
/* float_model: a network out of an .onnx or a .tflite, see float_model.h. */
#include "float_model.h"

#include <stdio.h>
#include <string.h>

bool cli_is_onnx(const char *path) {
  static const char end[] = ".onnx";
  const size_t length = strlen(path);
  return length >= sizeof end && strcmp(path + length - (sizeof end - 1), end) == 0;
}

/* An .onnx: layers in one piece, or put together again where only the search finds any; a refusal
 * is the reader's, unless the search found a cell. */
static bool load_onnx(const struct cli_options *options, struct cli_float_model *model,
                      struct trine_error *error) {
  const char *path = options->jobs[0].model;
  const struct trine_onnx_cut cut = {options->inputs, options->outputs};
  const enum trine_status status = trine_onnx_load(path, &cut, &model->onnx, error);
  if (status == TRINE_OK) {
    model->network = trine_onnx_network(model->onnx);
    return true;
  }
  struct trine_error why = {""};
  if (status != TRINE_ERR_UNSUPPORTED || options->inputs != NULL) {
    return false;
  }
  const enum trine_status found =
      trine_reroll_load_onnx(path, options->outputs, &model->reroll, &why);
  if (found == TRINE_OK) {
    model->network = trine_reroll_network(model->reroll);
  } else if (found == TRINE_ERR_UNSUPPORTED) {
    *error = why;
  }
  return found == TRINE_OK;
}

bool cli_float_model_load(const struct cli_options *options, struct cli_float_model *model,
                          struct trine_error *error) {
  const char *path = options->jobs[0].model;
  *model = (struct cli_float_model){.onnx = NULL};
  if (cli_is_onnx(path)) {
    return load_onnx(options, model, error);
  }
  if (options->inputs != NULL) {
    trine_error_set(error, "--inputs cuts a part out of an .onnx, not out of %.100s.", path);
    return false;
  }
  if (trine_reroll_load(path, options->outputs, &model->reroll, error) != TRINE_OK) {
    return false;
  }
  model->network = trine_reroll_network(model->reroll);
  return true;
}

void cli_float_model_free(struct cli_float_model *model) {
  trine_onnx_free(model->onnx);
  trine_reroll_free(model->reroll);
  *model = (struct cli_float_model){.onnx = NULL};
}

const char *cli_float_model_note(const struct cli_float_model *model, uint32_t n) {
  if (model->onnx != NULL) {
    return trine_onnx_note(model->onnx, n);
  }
  uint32_t count = 0;
  while (trine_reroll_note(model->reroll, count) != NULL) {
    count++;
  }
  if (n < count) {
    return trine_reroll_note(model->reroll, n);
  }
  if (n == count && model->checked[0] != '\0') {
    return model->checked;
  }
  return NULL;
}

struct trine_onnx_layout cli_float_model_layout(const struct cli_float_model *model) {
  if (model->onnx != NULL) {
    return trine_onnx_input_layout(model->onnx);
  }
  const struct trine_reroll_input input = trine_reroll_input(model->reroll);
  const enum trine_onnx_axis inner = input.is_turned ? TRINE_ONNX_WIDTH : TRINE_ONNX_SECOND;
  const enum trine_onnx_axis last = input.is_turned ? TRINE_ONNX_SECOND : TRINE_ONNX_WIDTH;
  return (struct trine_onnx_layout){
      .rank = input.is_flat ? 2 : 3, .axis = {TRINE_ONNX_FIRST, inner, last}, .parts = 1};
}

bool cli_float_model_agrees(struct cli_float_model *model, const struct trine_float_batch *batch,
                            struct trine_error *error) {
  const bool turned = model->network->time_major;
  const bool has_time = model->network->values[model->network->input].has_time;
  const uint64_t sequences = batch->sequences, steps = has_time ? batch->steps : 0;
  struct trine_reroll_agreement agreement;
  if (model->onnx != NULL) {
    return trine_onnx_fits(model->onnx, turned ? steps : sequences, turned ? sequences : steps,
                           error);
  }
  if (!trine_float_check(model->network, batch, error) ||
      !trine_reroll_check(model->reroll, batch, &agreement, error)) {
    return false;
  }
  (void)snprintf(model->checked, sizeof model->checked,
                 "the file's own operators give the same on %u sequences of up to %u steps: off by "
                 "%.2g at most, outputs up to %.3g",
                 agreement.sequences, agreement.steps, agreement.worst, agreement.largest);
  return true;
}
