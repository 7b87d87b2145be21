/* SPDX-License-Identifier: Apache-2.0 */
/* float_file: a network out of an .onnx or a .tflite, see float_file.h. */
#include "quantize/float_file.h"

#include <stdio.h>
#include <string.h>

#include "io/file.h"

bool trine_float_is_onnx(const char *path) {
  static const char end[] = ".onnx", tflite[] = "TFL3"; /* behind the first four bytes */
  enum { VERSION = 0x08, LENGTH = 8 };                  /* an .onnx begins with its version */
  uint8_t bytes[LENGTH] = {0};
  const bool known = trine_file_begins(path, bytes, LENGTH) == LENGTH;
  const size_t length = path != NULL ? strlen(path) : 0;
  if (known && memcmp(bytes + 4, tflite, sizeof tflite - 1) == 0) {
    return false;
  }
  if (known && bytes[0] == VERSION) {
    return true;
  }
  return length >= sizeof end && strcmp(path + length - (sizeof end - 1), end) == 0;
}

/* Whether a refusal ends with a part that runs. */
static bool names_part(const struct trine_error *error) {
  return strstr(error->text, "; the rest of it runs with") != NULL;
}

/* An .onnx: layers in one piece, or put together again where only the search finds any; a refusal
 * is the reader's, unless the search found a cell, or the part that runs. */
static enum trine_status load_onnx(const struct trine_float_source *source,
                                   struct trine_float_file *file, struct trine_error *error) {
  const struct trine_onnx_cut cut = {source->inputs, source->outputs};
  const enum trine_status status = trine_onnx_load(source->path, &cut, &file->onnx, error);
  struct trine_error why = {""};
  if (status == TRINE_OK) {
    file->network = trine_onnx_network(file->onnx);
  }
  if (status != TRINE_ERR_UNSUPPORTED) {
    return status;
  }
  const enum trine_status found =
      trine_reroll_load_onnx_part(source->path, &cut, &file->reroll, &why);
  if (found == TRINE_OK) {
    file->network = trine_reroll_network(file->reroll);
  } else if (found == TRINE_ERR_UNSUPPORTED && (names_part(&why) || !names_part(error))) {
    *error = why;
  }
  return found == TRINE_OK ? TRINE_OK : status;
}

enum trine_status trine_float_file_load(const struct trine_float_source *source,
                                        struct trine_float_file *file, struct trine_error *error) {
  *file = (struct trine_float_file){.onnx = NULL};
  if (trine_float_is_onnx(source->path)) {
    return load_onnx(source, file, error);
  }
  const struct trine_onnx_cut cut = {source->inputs, source->outputs};
  const enum trine_status status = trine_reroll_load(source->path, &cut, &file->reroll, error);
  if (status == TRINE_OK) {
    file->network = trine_reroll_network(file->reroll);
  }
  return status;
}

void trine_float_file_free(struct trine_float_file *file) {
  trine_onnx_free(file->onnx);
  trine_reroll_free(file->reroll);
  *file = (struct trine_float_file){.onnx = NULL};
}

const char *trine_float_file_note(const struct trine_float_file *file, uint32_t n) {
  if (file->onnx != NULL) {
    return trine_onnx_note(file->onnx, n);
  }
  uint32_t count = 0;
  while (trine_reroll_note(file->reroll, count) != NULL) {
    count++;
  }
  if (n < count) {
    return trine_reroll_note(file->reroll, n);
  }
  if (n == count && file->checked[0] != '\0') {
    return file->checked;
  }
  return NULL;
}

struct trine_onnx_layout trine_float_file_layout(const struct trine_float_file *file,
                                                 uint32_t input_at) {
  if (file->onnx != NULL) {
    return trine_onnx_input_layout(file->onnx, input_at);
  }
  const struct trine_reroll_input input = trine_reroll_input(file->reroll, input_at);
  if (input.is_row) {
    return (struct trine_onnx_layout){
        .rank = 2, .axis = {TRINE_ONNX_FIRST, TRINE_ONNX_WIDTH}, .parts = 1};
  }
  const enum trine_onnx_axis inner = input.is_turned ? TRINE_ONNX_WIDTH : TRINE_ONNX_SECOND;
  const enum trine_onnx_axis last = input.is_turned ? TRINE_ONNX_SECOND : TRINE_ONNX_WIDTH;
  return (struct trine_onnx_layout){
      .rank = input.is_flat ? 2 : 3, .axis = {TRINE_ONNX_FIRST, inner, last}, .parts = 1};
}

bool trine_float_file_outputs(const struct trine_float_file *file,
                              struct trine_onnx_layout layouts[TRINE_FLOAT_MAX_OUTPUTS]) {
  for (uint32_t n = 0; file->onnx != NULL && n < file->network->output_count; n++) {
    layouts[n] = trine_onnx_output_layout(file->onnx, n);
  }
  return file->onnx != NULL;
}

enum trine_status trine_float_file_agrees(struct trine_float_file *file,
                                          const struct trine_float_batch *batch,
                                          struct trine_error *error) {
  const bool turned = file->network->time_major;
  bool has_time = false;
  for (uint32_t n = 0; n < file->network->input_count; n++) {
    const struct trine_float_value *input = &file->network->values[file->network->inputs[n]];
    has_time = has_time || (input->has_time && input->steps == 0);
  }
  const uint64_t sequences = batch->sequences, steps = has_time ? batch->steps : 0;
  struct trine_reroll_agreement agreement;
  if (file->onnx != NULL) {
    return trine_onnx_fits(file->onnx, turned ? steps : sequences, turned ? sequences : steps,
                           error);
  }
  enum trine_status status = trine_float_check(file->network, batch, error);
  if (status == TRINE_OK) {
    status = trine_reroll_check(file->reroll, batch, &agreement, error);
  }
  if (status != TRINE_OK) {
    return status;
  }
  (void)snprintf(file->checked, sizeof file->checked,
                 "the file's own operators give the same on %u sequences of up to %u steps: off by "
                 "%.2g at most, outputs up to %.3g",
                 agreement.sequences, agreement.steps, agreement.worst, agreement.largest);
  return TRINE_OK;
}
