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
                                               .wave_cycles = options->wave_cycles};
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

void cli_device_close(struct cli_device *device) {
  trine_disconnect(device->connection);
  *device = (struct cli_device){.kind = device->kind};
}
