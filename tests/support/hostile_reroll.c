/* SPDX-License-Identifier: Apache-2.0 */
/* hostile_reroll: the reader of .tflite files of floats under bytes that may be anything, see
 * hostile.h. */
#include <stdlib.h>
#include <string.h>

#include "graph/reroll.h"
#include "support/hostile.h"

enum { MAX_NUMBERS = 1 << 16 };

bool hostile_reroll(const uint8_t *bytes, size_t len_bytes) {
  uint8_t *copy = malloc(len_bytes + (len_bytes == 0));
  struct trine_error error = {""};
  struct trine_reroll *model = NULL;
  hostile_demand(copy != NULL, "there is no memory for the test", "");
  if (len_bytes > 0) {
    memcpy(copy, bytes, len_bytes);
  }
  const enum trine_reroll_status status = trine_reroll_parse(copy, len_bytes, NULL, &model, &error);
  free(copy); /* a model has copied what it needs */
  if (status != TRINE_REROLL_OK) {
    hostile_demand(model == NULL, "a refused model is left behind", error.text);
    hostile_demand_sentence(&error);
    return false;
  }
  const struct trine_reroll_input input = trine_reroll_input(model);
  const size_t count = (size_t)input.steps * input.features;
  float *rows = count > MAX_NUMBERS ? NULL : calloc(count + 1, sizeof *rows);
  const struct trine_float_batch batch = {.sequences = 1, .steps = input.steps, .input = rows};
  struct trine_reroll_agreement agreement;
  if (rows != NULL && !trine_reroll_check(model, &batch, &agreement, &error)) {
    hostile_demand_sentence(&error);
  }
  free(rows);
  trine_reroll_free(model);
  return true;
}
