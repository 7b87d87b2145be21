/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_compile: `trine compile`: the image of a model for a configuration, as a file or as C. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "io/file.h"
#include "print.h"
#include "session/image_file.h"
#include "targets.h"
#include "work.h"

enum { HEADER_BYTES = 4096 };

/* Placed as `trine run` would for the batch that is asked for, and compiled. */
static bool compile(const struct cli_options *options, struct cli_work *work,
                    struct trine_image **image, struct trine_error *error) {
  const uint32_t declared = work->info->default_steps > 0 ? work->info->default_steps : 1;
  struct trine_target target;
  work->batch = options->batch > 0 ? options->batch : 1;
  work->steps = options->steps > 0 ? options->steps : declared;
  if (trine_config_target(options->config, &target, error) != TRINE_OK ||
      !cli_work_lengths(NULL, work, error) ||
      !cli_work_plan(options, &target, options->cores, work, error)) {
    return false;
  }
  const enum trine_image_form form = options->in_place ? TRINE_IMAGE_IN_PLACE : TRINE_IMAGE_PLAIN;
  return trine_model_plan_compile(&target, &work->plan, form, image, error) == TRINE_OK;
}

/* An image is one network: said with the file's name before anything is placed. */
static bool check_model(const struct cli_work *work, const char *path, struct trine_error *error) {
  const bool good = trine_model_is_image(work->model, error);
  if (!good) {
    trine_error_prefix(error, path);
  }
  return good;
}

static bool is_c(const char *path) {
  const size_t length = strlen(path);
  return length > 2 && strcmp(path + length - 2, ".c") == 0;
}

static bool save(const struct cli_options *options, const struct cli_work *work,
                 const struct trine_image *image, struct trine_error *error) {
  const struct cli_job_files *files = &options->jobs[0];
  const struct trine_file_buffer buffer = {image, image->bytes};
  const enum trine_status status =
      is_c(files->output) ? trine_image_write_c(files->output, image,
                                                work->plan.networks[0].network, work->steps, error)
                          : trine_file_replace(files->output, &buffer, 1, error);
  return status == TRINE_OK;
}

/* Only when it is asked for: a compiler that has nothing to say is silent. */
static bool report(const struct cli_options *options, const struct cli_work *work,
                   const struct trine_image *image, struct trine_error *error) {
  if (!options->json) {
    return true;
  }
  const struct cli_job_files *files = &options->jobs[0];
  const uint64_t predicted = trine_model_plan_cycles(&work->plan);
  cJSON *object = cJSON_CreateObject();
  cJSON_AddStringToObject(object, "model", files->model);
  cJSON_AddStringToObject(object, "output", files->output);
  cJSON_AddStringToObject(object, "config", options->config->name);
  cJSON_AddNumberToObject(object, "config_hash", image->config_hash);
  cJSON_AddStringToObject(object, "mode", cli_mode_name((enum cli_mode)work->plan.mode));
  cJSON_AddNumberToObject(object, "cores", work->plan.cores);
  cJSON_AddNumberToObject(object, "steps", work->steps);
  cJSON_AddNumberToObject(object, "batch", work->batch);
  cJSON_AddNumberToObject(object, "bytes", image->bytes);
  cli_json_known(object, "predicted_cycles", (double)predicted, predicted != TRINE_NO_FORECAST);
  return cli_print_json(object, error);
}

/* The header that is written beside a path that ends in .c; NULL: none. */
static const char *header_of(const char *path, char header[HEADER_BYTES]) {
  const size_t length = strlen(path);
  if (!is_c(path) || length >= HEADER_BYTES) {
    return NULL;
  }
  memcpy(header, path, length + 1);
  header[length - 1] = 'h';
  return header;
}

enum cli_exit cli_compile(const struct cli_options *options, struct trine_error *error) {
  const struct cli_job_files *files = &options->jobs[0];
  char header[HEADER_BYTES];
  const struct cli_target targets[] = {{"-o", files->output},
                                       {"the header of -o", header_of(files->output, header)}};
  const char *const read[] = {files->model};
  struct cli_work work = {.files = files};
  struct trine_image *image = NULL;
  const bool good = cli_check_targets(targets, 2, read, 1, error) &&
                    cli_work_load_model(options, files->model, &work, error) &&
                    check_model(&work, files->model, error) &&
                    compile(options, &work, &image, error) && save(options, &work, image, error) &&
                    report(options, &work, image, error);
  free(image);
  cli_work_free(&work);
  return good ? CLI_DONE : CLI_FAILED;
}
