/* SPDX-License-Identifier: Apache-2.0 */
/* device: opens and closes what `--device` names, see device.h. */
#include "device.h"

#include <stdlib.h>

#include "backend_open.h"
#include "sim/sim_backend.h"

/* How long a program that is told to stop may take: it is at most in the middle of a burst. */
enum { STOP_MS = 1000 };

static bool open_trine(struct cli_device *device, const struct trine_bus *bus,
                       struct cli_memory memory, bool stop_strays, struct trine_error *error) {
  device->trine = malloc(trine_sizeof());
  if (device->trine == NULL) {
    trine_error_set(error, "There is no memory for the device.");
    return false;
  }
  enum trine_status status =
      trine_open(device->trine, bus, memory.base, memory.bytes, device->config);
  if (status == TRINE_OK && stop_strays) {
    status = trine_stop_strays(device->trine, STOP_MS);
  }
  if (status != TRINE_OK) {
    cli_device_error(device, status, error);
  }
  return status == TRINE_OK;
}

static bool open_sim(const struct cli_options *options, struct cli_device *device,
                     struct trine_error *error) {
  const struct trine_sim_options memory = trine_sim_defaults();
  device->config = options->config->name;
  if (trine_sim_backend_open(device->config, &memory, &device->sim, error) != TRINE_OK) {
    return false;
  }
  if (options->wave != NULL) {
    const struct trine_sim_ops *ops = trine_sim_backend_ops(device->sim);
    struct trine_sim *sim = trine_sim_backend_sim(device->sim);
    if (ops->trace(sim, options->wave, options->wave_start, options->wave_cycles) != 0) {
      trine_error_set(error, "%s", ops->error(sim));
      return false;
    }
  }
  const struct trine_bus bus = trine_sim_backend_bus(device->sim);
  return open_trine(device, &bus, (struct cli_memory){0, memory.memory_bytes}, options->stop_strays,
                    error);
}

bool cli_device_open(const struct cli_options *options, struct cli_device *device,
                     struct trine_error *error) {
  *device = (struct cli_device){.kind = options->device, .config = "device"};
  if (options->device == CLI_DEVICE_GOLDEN) {
    device->config = options->config->name;
    return true;
  }
  if (options->device == CLI_DEVICE_SIM) {
    return open_sim(options, device, error);
  }
  struct trine_bus bus;
  struct cli_memory memory = {0, 0};
  device->backend = cli_backend_open(options->device, options->device_path, options->baud, &bus,
                                     &memory, &device->close_backend, error);
  return device->backend != NULL && open_trine(device, &bus, memory, options->stop_strays, error);
}

bool cli_device_describe(const struct trine_config_row *config, struct cli_device *device,
                         struct trine_error *error) {
  const uint32_t parameters[TRINE_PARAMETERS] = {
      config->cores,        config->contexts,     config->lanes,         config->macs_per_lane,
      config->tail_rows,    config->bus_bytes,    config->x_slots,       config->queue_words,
      config->weight_bytes, config->param_rows,   config->ring_bytes,    config->state_units,
      config->pre_units,    config->writer_bytes, config->table_entries, config->max_inputs,
      config->max_units,    config->mem_bytes};
  struct trine_error said = {""};
  *device = (struct cli_device){.kind = CLI_DEVICE_SIM, .config = config->name};
  /* As much shared memory as the simulated one: what is planned here runs there. */
  const enum trine_status status = trine_target_set(&device->described, parameters, config->name,
                                                    trine_sim_defaults().memory_bytes, &said);
  if (status != TRINE_OK) {
    cli_device_refused(status, &said, error);
  }
  return status == TRINE_OK;
}

const struct trine_target *cli_device_target(struct cli_device *device) {
  return device->trine != NULL ? trine_get_target(device->trine) : &device->described;
}

void cli_device_refused(enum trine_status status, const struct trine_error *said,
                        struct trine_error *error) {
  trine_error_set(error, "%s", said->text[0] != '\0' ? said->text : trine_status_text(status));
}

void cli_device_close(struct cli_device *device) {
  free(device->trine);
  trine_sim_backend_close(device->sim);
  if (device->backend != NULL && device->close_backend != NULL) {
    device->close_backend(device->backend);
  }
  *device = (struct cli_device){.kind = device->kind};
}

void cli_device_error(const struct cli_device *device, enum trine_status status,
                      struct trine_error *error) {
  trine_sim_backend_explain(device->sim, device->trine, status, error);
}
