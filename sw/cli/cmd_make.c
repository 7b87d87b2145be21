/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_make: `trine make`: a model of given layers with random weights. */
#include <inttypes.h>

#include "commands.h"
#include "io/file.h"
#include "print.h"
#include "quantize/shaped.h"
#include "targets.h"

static bool report(const struct cli_options *options, const struct trine_quantized *made,
                   struct trine_error *error) {
  const struct trine_shapes *shapes = &options->shapes;
  if (options->json) {
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "output", options->jobs[0].output);
    cJSON_AddStringToObject(object, "shape", options->layers);
    cJSON_AddBoolToObject(object, "bidirectional", shapes->bidirectional);
    cJSON_AddNumberToObject(object, "dense", shapes->dense);
    cJSON_AddNumberToObject(object, "layers", trine_model_info(made->model)->layer_count);
    cJSON_AddNumberToObject(object, "weights", (double)trine_shapes_weights(shapes));
    cJSON_AddNumberToObject(object, "steps", shapes->steps);
    cJSON_AddNumberToObject(object, "seed", (double)shapes->seed);
    cJSON_AddNumberToObject(object, "bytes", (double)made->len_bytes);
    return cli_print_json(object, error);
  }
  cli_print("%s: %s%s, %u layers, %" PRIu64 " weights, %u steps, seed %" PRIu64 "\n",
            options->jobs[0].output, options->layers,
            shapes->bidirectional ? " in both directions" : "",
            trine_model_info(made->model)->layer_count, trine_shapes_weights(shapes), shapes->steps,
            shapes->seed);
  return true;
}

enum cli_exit cli_make(const struct cli_options *options, struct trine_error *error) {
  const struct cli_target target = {"-o", options->jobs[0].output};
  struct trine_quantized made = {.bytes = NULL};
  bool good = cli_check_targets(&target, 1, NULL, 0, error) &&
              trine_shapes_make(&options->shapes, &made, error) == TRINE_OK;
  if (good) {
    const struct trine_file_buffer buffer = {made.bytes, made.len_bytes};
    good = trine_file_replace(target.path, &buffer, 1, error) == TRINE_OK;
  }
  good = good && report(options, &made, error);
  trine_quantized_free(&made);
  return good ? CLI_DONE : CLI_FAILED;
}
