/* SPDX-License-Identifier: Apache-2.0 */
/* work_files: writes output and states; see work.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/npy.h"
#include "io/npz.h"
#include "session/rows.h"
#include "work.h"

/* The longest name that an array of an .npz gets here. */
enum { ARRAY_NAME = 112 };

static bool is_used(char (*names)[ARRAY_NAME], uint32_t count, const char *name) {
  for (uint32_t n = 0; n < count; n++) {
    if (strcmp(names[n], name) == 0) {
      return true;
    }
  }
  return false;
}

/* The next array's name, which is the tensor's, as far as it goes, where no array before it has it,
 * else with _1, _2, ... behind it. */
static void add_name(char (*names)[ARRAY_NAME], uint32_t count, const char *tensor) {
  snprintf(names[count], ARRAY_NAME, "%s", tensor);
  for (uint32_t turn = 1; is_used(names, count, names[count]); turn++) {
    snprintf(names[count], ARRAY_NAME, "%.*s_%u", ARRAY_NAME - 12, tensor, turn);
  }
}

static bool save_output(const struct cli_work *work, struct trine_error *error) {
  const uint32_t count = work->info->output_count;
  bool is_real = false;
  for (uint32_t n = 0; n < work->info->input_count; n++) {
    is_real = is_real || work->inputs[n].dtype == TRINE_DTYPE_FLOAT32;
  }
  const struct trine_model_batch sizes = {.sequences = work->batch,
                                          .steps = work->steps,
                                          .lengths = work->has_lengths ? work->lengths : NULL};
  struct trine_array *values = calloc(count, sizeof *values);
  char(*names)[ARRAY_NAME] = calloc(count, sizeof *names);
  const char **given = calloc(count, sizeof *given);
  bool good = values != NULL && names != NULL && given != NULL;
  if (!good) {
    trine_error_set(error, "There is no memory for %u outputs.", count);
  }
  for (uint32_t n = 0; n < count && good; n++) {
    add_name(names, n, work->info->outputs[n].name);
    given[n] = names[n];
    good = trine_rows_give(work->model, n, &work->outputs[n], is_real, &sizes, &values[n], error) ==
           TRINE_OK;
  }
  good = good && (count == 1 ? trine_npy_write(work->files->output, &values[0], error)
                             : trine_npz_write(work->files->output, given, values, count, error)) ==
                     TRINE_OK;
  for (uint32_t n = 0; values != NULL && n < count; n++) {
    trine_array_free(&values[n]);
  }
  free(values);
  free(names);
  free(given);
  return good;
}

bool cli_work_save(const struct cli_options *options, const struct cli_work *work,
                   struct trine_error *error) {
  return (work->files->output == NULL || save_output(work, error)) &&
         (options->state_out == NULL ||
          trine_states_save(options->state_out, &work->state_out, error) == TRINE_OK);
}
