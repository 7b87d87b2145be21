/* SPDX-License-Identifier: Apache-2.0 */
/* run_image: see run_image.h. */
#include "run_image.h"

#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "io/file.h"
#include "io/lengths.h"
#include "io/named.h"
#include "io/npy.h"
#include "print.h"
#include "session/image_file.h"
#include "targets.h"

/* An image, what goes in and what comes out. */
struct image_work {
  struct trine_image *image;
  struct trine_array input, output;
  uint32_t sequences, steps;
  uint32_t *lengths;                       /* NULL: all of them */
  struct trine_states state_in, state_out; /* sequences 0: not given, not kept */
  struct trine_stats stats;
};

bool cli_is_image(const char *path) {
  const size_t length = strlen(path);
  uint8_t bytes[4];
  return (length > 4 && strcmp(path + length - 4, ".trn") == 0) ||
         (trine_file_begins(path, bytes, sizeof bytes) == sizeof bytes &&
          memcmp(bytes, "TRNI", sizeof bytes) == 0);
}

/* What only a model can be asked for. */
static bool check_options(const struct cli_options *options, struct trine_error *error) {
  const struct {
    bool given;
    const char *name;
  } of_models[] = {{options->check, "--check"},
                   {options->place != NULL, "--place"},
                   {options->cores != 0, "--cores"},
                   {options->mode != CLI_MODE_AUTO, "--mode"},
                   {options->inputs != NULL, "--inputs"},
                   {options->outputs != NULL, "--outputs"},
                   {options->device.kind == TRINE_DEVICE_GOLDEN, "--device golden"}};
  const char *extra = NULL;
  for (size_t n = 0; n < sizeof of_models / sizeof of_models[0] && extra == NULL; n++) {
    extra = of_models[n].given ? of_models[n].name : NULL;
  }
  if (extra != NULL) {
    trine_error_set(error,
                    "%.100s is an image, placed and packed already; %s goes with a model: trine "
                    "run MODEL.tflite",
                    options->jobs[0].model, extra);
  }
  return extra == NULL;
}

static bool load_lengths(const char *path, struct image_work *work, struct trine_error *error) {
  struct trine_array array = {.data = NULL};
  const bool good = trine_npy_read(path, &array, error) == TRINE_OK &&
                    trine_lengths_of(path, &array, &work->sequences, &work->steps, &work->lengths,
                                     error) == TRINE_OK;
  trine_array_free(&array);
  return good;
}

static bool load(const struct cli_options *options, const struct cli_job_files *files,
                 struct image_work *work, struct trine_error *error) {
  const char *const name = "input"; /* an image does not keep the model's */
  const char *path = NULL;
  if (trine_named_files("--input", (const char *const *)files->inputs, files->input_count, &name, 1,
                        &path, error) != TRINE_OK ||
      trine_image_load(files->model, &work->image, error) != TRINE_OK ||
      trine_npy_read(path, &work->input, error) != TRINE_OK) {
    return false;
  }
  if (trine_image_input_sizes(work->image, &work->input, &work->sequences, &work->steps, error) !=
      TRINE_OK) {
    trine_error_prefix(error, path);
    return false;
  }
  return (options->lengths == NULL || load_lengths(options->lengths, work, error)) &&
         (options->state_in == NULL ||
          trine_states_read_image(options->state_in, work->image, &work->state_in, error) ==
              TRINE_OK) &&
         (options->state_out == NULL ||
          trine_states_make_image(work->image, work->sequences, &work->state_out, error) ==
              TRINE_OK);
}

static bool execute(struct cli_device *device, struct image_work *work, struct trine_error *error) {
  const struct trine_image_batch batch = {
      .lengths = work->lengths,
      .state_in = work->state_in.sequences > 0 ? &work->state_in : NULL,
      .state_out = work->state_out.sequences > 0 ? &work->state_out : NULL};
  return trine_image_run_array(device->connection, work->image, &work->input, &batch, &work->output,
                               &work->stats, error) == TRINE_OK;
}

static bool save(const struct cli_options *options, const struct cli_job_files *files,
                 const struct image_work *work, struct trine_error *error) {
  return (files->output == NULL ||
          trine_npy_write(files->output, &work->output, error) == TRINE_OK) &&
         (options->state_out == NULL ||
          trine_states_save(options->state_out, &work->state_out, error) == TRINE_OK);
}

/* The keys of a model's run, as far as an image has them. */
static bool print_json(const struct cli_options *options, const struct cli_device *device,
                       const struct image_work *work, struct trine_error *error) {
  const struct trine_stats *stats = &work->stats;
  const struct trine_info *info = trine_get_info(device->trine);
  cJSON *object = cJSON_CreateObject();
  cJSON_AddStringToObject(object, "model", options->jobs[0].model);
  cJSON_AddStringToObject(object, "device", trine_device_kind_name(device->kind));
  cJSON_AddStringToObject(object, "config", device->config);
  cJSON_AddNumberToObject(object, "cores", stats->cores);
  cJSON_AddNumberToObject(object, "macs_per_core", info->lanes * info->macs_per_lane);
  cJSON_AddNumberToObject(object, "steps", work->steps);
  cJSON_AddNumberToObject(object, "batch", work->sequences);
  cJSON_AddNumberToObject(object, "cycles", (double)stats->cycles);
  cJSON_AddNumberToObject(object, "load_cycles", (double)stats->load_cycles);
  cJSON_AddNumberToObject(object, "macs", (double)stats->macs);
  cJSON_AddNumberToObject(object, "limit_cycles", (double)stats->limit_cycles);
  cli_json_known(object, "utilisation", (double)stats->limit_cycles / (double)stats->cycles,
                 stats->cycles > 0);
  return cli_print_json(object, error);
}

static bool report(const struct cli_options *options, const struct cli_device *device,
                   const struct image_work *work, struct trine_error *error) {
  if (options->json) {
    return print_json(options, device, work, error);
  }
  cli_print("%s: %u x %u steps on %u cores, %llu cycles, %llu of them loading\n",
            options->jobs[0].model, work->sequences, work->steps, work->stats.cores,
            (unsigned long long)(work->stats.cycles + work->stats.load_cycles),
            (unsigned long long)work->stats.load_cycles);
  return true;
}

enum cli_exit cli_run_image(const struct cli_options *options, struct trine_error *error) {
  const struct cli_job_files *files = &options->jobs[0];
  struct image_work work = {.image = NULL};
  struct cli_device device = {.kind = options->device.kind};
  const bool good = check_options(options, error) && cli_run_check_targets(options, error) &&
                    load(options, files, &work, error) &&
                    cli_device_open(options, &device, error) && execute(&device, &work, error) &&
                    save(options, files, &work, error) && report(options, &device, &work, error);
  if (!good) {
    cli_device_dump(options, &device, error);
  }
  cli_device_close(&device);
  trine_array_free(&work.input);
  trine_array_free(&work.output);
  trine_states_free(&work.state_in);
  trine_states_free(&work.state_out);
  free(work.lengths);
  free(work.image);
  return good ? CLI_DONE : CLI_FAILED;
}
