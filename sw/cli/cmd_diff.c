/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_diff: `trine diff`: where an int8 model parts from the float network it was made of, or two
 * devices from each other. */
#include <math.h>
#include <stdio.h>

#include "commands.h"
#include "diff_devices.h"
#include "float_work.h"
#include "io/text.h"
#include "quantize/diff.h"

/* More than this many units of the last place are called a difference. */
static const float usual_limit = 8;

static void print_place(const char *name, const char *what, double rms,
                        const struct trine_diff_place *place) {
  static const char *const gates[] = {"i", "f", "g", "o"};
  char room[TRINE_TEXT_ROOM];
  printf("%-24s %-7s %8.2f %9.1f  sequence %u step %u %s%s unit %u: float %.6g, int8 %.6g\n",
         trine_text_of(room, 24, name), what, rms, (double)place->lsb, place->sequence, place->step,
         place->gate >= 0 ? "gate " : "", place->gate >= 0 ? gates[place->gate] : "-", place->unit,
         (double)place->real, (double)place->int8);
}

static void report(const struct trine_diff *diff, float limit) {
  static const char *const names[] = {"pre", "cell", "output"};
  printf("%-24s %-7s %8s %9s  where the largest is\n", "layer", "of", "rms LSB", "worst LSB");
  for (uint32_t n = 0; n < diff->layer_count; n++) {
    const struct trine_diff_layer *layer = &diff->layers[n];
    const bool lstm = layer->kind == TRINE_LAYER_LSTM;
    for (int what = lstm ? TRINE_DIFF_PRE : TRINE_DIFF_OUTPUT; what < TRINE_DIFF_COUNT; what++) {
      print_place(layer->name, names[what], layer->rms_lsb[what], &layer->worst[what]);
    }
    if (layer->first.lsb != 0.0F) {
      printf("  more than %g LSB first in sequence %u, step %u, unit %u: float %.6g, int8 %.6g\n",
             (double)limit, layer->first.sequence, layer->first.step, layer->first.unit,
             (double)layer->first.real, (double)layer->first.int8);
    } else {
      printf("  no output is more than %g LSB off\n", (double)limit);
    }
  }
}

static bool diff_networks(const struct cli_options *options, struct trine_error *error) {
  struct cli_float_work work;
  struct trine_model *model = NULL;
  struct trine_diff diff;
  bool good = cli_float_work_load(options, &work, error);
  if (good) {
    enum trine_status status = trine_model_load(options->against, &model, error);
    good = status == TRINE_OK;
    const bool is_compared =
        good && trine_diff_run(work.network, model, &work.batch, usual_limit, &diff, error) == 0;
    if (status == TRINE_ERR_UNSUPPORTED || (good && !is_compared)) {
      trine_error_prefix(error, options->against); /* the sentence is about what is in the file */
    }
    good = is_compared;
  }
  if (good) {
    report(&diff, usual_limit);
  }
  trine_model_free(model);
  cli_float_work_free(&work);
  return good;
}

enum cli_exit cli_diff(const struct cli_options *options, struct trine_error *error) {
  const bool good =
      options->has_other ? cli_diff_devices(options, error) : diff_networks(options, error);
  return good ? CLI_DONE : CLI_FAILED;
}
