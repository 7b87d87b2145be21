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
  if (trine_connect(&name, &wanted, &device->opened, error) != TRINE_OK) {
    return false;
  }
  device->trine = trine_connection_device(device->opened);
  device->sim = trine_connection_sim(device->opened);
  if (name.kind != TRINE_DEVICE_GOLDEN) {
    device->config = trine_connection_config(device->opened);
  }
  return true;
}

bool cli_device_describe(const struct trine_config_row *config, struct cli_device *device,
                         struct trine_error *error) {
  struct trine_error said = {""};
  *device = (struct cli_device){.kind = TRINE_DEVICE_SIM, .config = config->name};
  const enum trine_status status = trine_config_target(config, &device->described, &said);
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
  trine_disconnect(device->opened);
  *device = (struct cli_device){.kind = device->kind};
}

void cli_device_error(const struct cli_device *device, enum trine_status status,
                      struct trine_error *error) {
  trine_connection_explain(device->opened, status, error);
}
