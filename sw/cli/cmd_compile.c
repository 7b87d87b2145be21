/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_compile: `trine compile`: the image of a model for a configuration, as a file or as C. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "device.h"
#include "image_c.h"
#include "io/file.h"
#include "plan.h"
#include "targets.h"
#include "work.h"

/* The only network of the model, with nothing before it or behind it. */
static bool check_model(const struct cli_work *work, const char *path, struct trine_error *error) {
  uint32_t networks = 0;
  for (uint32_t n = 0; n < work->info->segment_count; n++) {
    networks += work->segments[n].network != NULL;
  }
  if (networks != 1 || work->info->segment_count != 1) {
    trine_error_set(error,
                    "%.100s is %u networks and %u operators of the host; an image is one network "
                    "and nothing else.",
                    path, networks, work->info->segment_count - networks);
    return false;
  }
  return true;
}

/* Placed as `trine run` would for the batch that is asked for. */
static bool place(const struct cli_options *options, struct cli_device *device,
                  struct cli_work *work, struct trine_error *error) {
  const uint32_t cores = options->cores > 0 ? options->cores : options->config->cores;
  const uint32_t declared = work->info->default_steps > 0 ? work->info->default_steps : 1;
  work->batch = options->batch > 0 ? options->batch : 1;
  work->steps = options->steps > 0 ? options->steps : declared;
  if (!cli_work_lengths(NULL, work, error)) {
    return false;
  }
  return options->place != NULL ? cli_plan_placed(device, options->place, work, error)
                                : cli_plan(device, options->mode, cores, work, error);
}

static struct trine_image_end end_of(const struct trine_model_end *end) {
  struct trine_image_end made = {.zero_point = end->zero_point, .time_major = end->time_major};
  memcpy(&made.scale_bits, &end->scale, sizeof made.scale_bits);
  return made;
}

/* *image is the caller's to free. */
static bool compile(struct cli_device *device, const struct cli_work *work,
                    struct trine_image **image, struct trine_error *error) {
  const struct trine_target *target = cli_device_target(device);
  const struct cli_segment *segment = &work->segments[0];
  const struct trine_image_end input = end_of(&work->info->input);
  const struct trine_image_end output = end_of(&work->info->output);
  const struct trine_image *made = NULL;
  struct trine_error said = {""};
  const size_t bytes = trine_compile_bytes(target, segment->network, false);
  *image = malloc(bytes);
  if (*image == NULL) {
    trine_error_set(error, "There is no memory for an image of %zu bytes.", bytes);
    return false;
  }
  const enum trine_status status = trine_compile(target, segment->network, &segment->placement,
                                                 false, *image, bytes, &made, &said);
  if (status != TRINE_OK) {
    cli_device_refused(status, &said, error);
    return false;
  }
  trine_image_describe(*image, &input, &output);
  return true;
}

static bool is_c(const char *path) {
  const size_t length = strlen(path);
  return length > 2 && strcmp(path + length - 2, ".c") == 0;
}

static bool save(const struct cli_options *options, const struct cli_work *work,
                 const struct trine_image *image, struct trine_error *error) {
  const struct cli_job_files *files = &options->jobs[0];
  const struct trine_file_piece piece = {image, image->bytes};
  return is_c(files->output) ? cli_image_c(files->output, work, image, error)
                             : trine_file_replace(files->output, &piece, 1, error) == TRINE_IO_OK;
}

enum cli_exit cli_compile(const struct cli_options *options, struct trine_error *error) {
  const struct cli_job_files *files = &options->jobs[0];
  const struct cli_target target = {"-o", files->output};
  const char *const read[] = {files->model};
  struct cli_work work = {.files = files};
  struct cli_device device = {.kind = TRINE_DEVICE_SIM};
  struct trine_image *image = NULL;
  const bool good = cli_check_targets(&target, 1, read, 1, error) &&
                    cli_work_load_model(options, files->model, &work, error) &&
                    check_model(&work, files->model, error) &&
                    cli_device_describe(options->config, &device, error) &&
                    place(options, &device, &work, error) &&
                    compile(&device, &work, &image, error) && save(options, &work, image, error);
  free(image);
  cli_work_free(&work);
  cli_device_close(&device);
  return good ? CLI_DONE : CLI_FAILED;
}
