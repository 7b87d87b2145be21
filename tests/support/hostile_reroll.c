/* SPDX-License-Identifier: Apache-2.0 */
/* hostile_reroll: the readers of .tflite and .onnx files with LSTMs taken apart under bytes that
 * may be anything, see hostile.h. */
#include <stdlib.h>
#include <string.h>

#include "graph/reroll.h"
#include "support/hostile.h"

enum { MAX_NUMBERS = 1 << 16 };

static bool read_hostile(const uint8_t *bytes, size_t len_bytes, bool is_onnx) {
  uint8_t *copy = malloc(len_bytes + (len_bytes == 0));
  struct trine_error error = {""};
  struct trine_reroll *model = NULL;
  hostile_demand(copy != NULL, "there is no memory for the test", "");
  if (copy != NULL && len_bytes > 0) {
    memcpy(copy, bytes, len_bytes);
  }
  const enum trine_status status =
      is_onnx ? trine_reroll_parse_onnx(copy, len_bytes, NULL, NULL, &model, &error)
              : trine_reroll_parse(copy, len_bytes, NULL, &model, &error);
  free(copy); /* a model has copied what it needs */
  if (status != TRINE_OK) {
    hostile_demand(model == NULL, "a refused model is left behind", error.text);
    hostile_demand_sentence(&error);
    return false;
  }
  const float *inputs[TRINE_FLOAT_MAX_GIVEN] = {NULL};
  const uint32_t given = trine_reroll_network(model)->input_count;
  size_t count = 0;
  for (uint32_t n = 0; n < given; n++) {
    const struct trine_reroll_input input = trine_reroll_input(model, n);
    const size_t own = (size_t)input.steps * input.features;
    count = own > count ? own : count;
  }
  float *rows = count > MAX_NUMBERS ? NULL : calloc(count + 1, sizeof *rows);
  for (uint32_t n = 0; n < given; n++) {
    inputs[n] = rows;
  }
  const struct trine_float_batch batch = {.sequences = 1,
                                          .steps = trine_reroll_input(model, 0).steps,
                                          .input = rows,
                                          .more_inputs = inputs + 1};
  struct trine_reroll_agreement agreement;
  if (rows != NULL && trine_reroll_check(model, &batch, &agreement, &error) != TRINE_OK) {
    hostile_demand_sentence(&error);
  }
  free(rows);
  trine_reroll_free(model);
  return true;
}

bool hostile_reroll(const uint8_t *bytes, size_t len_bytes) {
  return read_hostile(bytes, len_bytes, false);
}

bool hostile_reroll_onnx(const uint8_t *bytes, size_t len_bytes) {
  return read_hostile(bytes, len_bytes, true);
}
