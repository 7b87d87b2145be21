/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_info: `trine info`: the parameters of a configuration, or what a device says of itself. */
#include <cjson/cJSON.h>
#include <stdio.h>

#include "commands.h"
#include "device.h"
#include "print.h"

struct info_field {
  const char *name, *text;
  uint32_t value;
};

static void fill(const struct trine_info *info, struct info_field fields[18]) {
  const struct info_field all[] = {
      {"cores", "cores", info->cores},
      {"contexts", "contexts a core", info->contexts},
      {"lanes", "rows at a time", info->lanes},
      {"macs_per_lane", "bytes of a vector a lane takes a cycle", info->macs_per_lane},
      {"tail_rows", "rows the tail takes a cycle", info->tail_rows},
      {"bus_bytes", "bytes a word of the activation bus", info->bus_bytes},
      {"x_slots", "slots of a channel's ring", info->x_slots},
      {"queue_words", "words that may wait for the bus", info->queue_words},
      {"weight_bytes", "bytes of weights a core", info->weight_bytes},
      {"param_rows", "rows of parameters a core", info->param_rows},
      {"ring_bytes", "bytes of rings a core", info->ring_bytes},
      {"state_units", "cell states a core", info->state_units},
      {"pre_units", "pre-activations a core", info->pre_units},
      {"writer_bytes", "bytes of writer slots a core", info->writer_bytes},
      {"table_entries", "sequences in a core's table", info->table_entries},
      {"max_inputs", "longest input vector", info->max_inputs},
      {"max_units", "longest output vector", info->max_units},
      {"mem_bytes", "bytes of a memory beat", info->mem_bytes}};
  for (int n = 0; n < 18; n++) {
    fields[n] = all[n];
  }
}

static bool print_json(const char *config, const struct trine_info *info, bool measured,
                       const struct info_field fields[18], struct trine_error *error) {
  cJSON *object = cJSON_CreateObject();
  cJSON_AddStringToObject(object, "config", config);
  cJSON_AddNumberToObject(object, "macs_per_core", info->lanes * info->macs_per_lane);
  for (int n = 0; n < 18; n++) {
    cJSON_AddNumberToObject(object, fields[n].name, fields[n].value);
  }
  if (measured) {
    char version[32];
    (void)snprintf(version, sizeof version, "%u.%u.%u", info->version >> 16,
                   info->version >> 8 & 255, info->version & 255);
    cJSON_AddStringToObject(object, "version", version);
    cJSON_AddNumberToObject(object, "config_hash", info->config_hash);
    cJSON_AddNumberToObject(object, "features", info->features);
  }
  return cli_print_json(object, error);
}

enum cli_exit cli_info(const struct cli_options *options, struct trine_error *error) {
  struct cli_device device = {.kind = options->device.kind, .config = options->config->name};
  struct trine_target described;
  /* A configuration is described without its model; a device on a wire is asked. */
  const bool measured =
      options->device.kind == TRINE_DEVICE_UART || options->device.kind == TRINE_DEVICE_MMIO;
  bool good = measured ? cli_device_open(options, &device, error)
                       : trine_config_target(options->config, &described, error) == TRINE_OK;
  if (good) {
    const struct trine_info *info = measured ? trine_get_info(device.trine) : &described.info;
    struct info_field fields[18];
    fill(info, fields);
    if (options->json) {
      good = print_json(device.config, info, measured, fields, error);
    } else {
      cli_print("%s: %u cores of %u MACs\n", device.config, info->cores,
                info->lanes * info->macs_per_lane);
      for (int n = 0; n < 18; n++) {
        cli_print("  %-14s %9u  %s\n", fields[n].name, fields[n].value, fields[n].text);
      }
    }
  }
  cli_device_close(&device);
  return good ? CLI_DONE : CLI_FAILED;
}
