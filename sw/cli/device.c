/* SPDX-License-Identifier: Apache-2.0 */
/* device: opens and closes what `--device` names, see device.h. */
#include "device.h"

bool cli_device_open(const struct cli_options *options, struct cli_device *device,
                     struct trine_error *error) {
  struct trine_device_name name = options->device;
  const struct trine_connect_options wanted = {.baud = options->baud,
                                               .stop_strays = options->stop_strays,
                                               .wave = options->wave,
                                               .wave_start = options->wave_start,
                                               .wave_cycles = options->wave_cycles,
                                               .is_recorded = options->dump != NULL};
  name.config = options->config->name;
  *device = (struct cli_device){.kind = name.kind, .config = name.config};
  if (trine_connect(&name, &wanted, &device->connection, error) != TRINE_OK) {
    return false;
  }
  device->trine = trine_connection_device(device->connection);
  if (name.kind != TRINE_DEVICE_GOLDEN) {
    device->config = trine_connection_config(device->connection);
  }
  return true;
}

void cli_device_dump(const struct cli_options *options, const struct cli_device *device,
                     struct trine_error *error) {
  const struct trine_error failure = *error;
  struct trine_error dump = {""};
  if (!trine_connection_has_failed(device->connection)) {
    return;
  }
  if (options->dump == NULL) {
    trine_error_set(error, "%.400s; with --dump FILE it is kept for trine replay.", failure.text);
  } else if (trine_connection_dump(device->connection, failure.text, options->dump, &dump) ==
             TRINE_OK) {
    trine_error_set(error, "%.300s; trine replay %.150s runs it again.", failure.text,
                    options->dump);
  } else {
    trine_error_set(error, "%.300s; but %.200s", failure.text, dump.text);
  }
}

void cli_device_close(struct cli_device *device) {
  trine_disconnect(device->connection);
  *device = (struct cli_device){.kind = device->kind};
}
