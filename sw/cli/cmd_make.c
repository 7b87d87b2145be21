/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_make: `trine make`: a model of given layers with random weights. */
#include <inttypes.h>
#include <stdio.h>

#include "commands.h"
#include "io/file.h"
#include "quantize/shaped.h"
#include "targets.h"

static void report(const struct cli_options *options, const struct trine_quantized *made) {
  const struct trine_shapes *shapes = &options->shapes;
  printf("%s: %s%s, %u layers, %" PRIu64 " weights, %u steps, seed %" PRIu64 "\n",
         options->jobs[0].output, options->layers,
         shapes->bidirectional ? " in both directions" : "",
         trine_model_info(made->model)->layer_count, trine_shapes_weights(shapes), shapes->steps,
         shapes->seed);
}

enum cli_exit cli_make(const struct cli_options *options, struct trine_error *error) {
  const struct cli_target target = {"-o", options->jobs[0].output};
  struct trine_quantized made = {.bytes = NULL};
  bool good = cli_check_targets(&target, 1, NULL, 0, error) &&
              trine_shapes_make(&options->shapes, &made, error) == 0;
  if (good) {
    const struct trine_file_buffer piece = {made.bytes, made.len_bytes};
    good = trine_file_replace(target.path, &piece, 1, error) == TRINE_OK;
  }
  if (good) {
    report(options, &made);
  }
  trine_quantized_free(&made);
  return good ? CLI_DONE : CLI_FAILED;
}
