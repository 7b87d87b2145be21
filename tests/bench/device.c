/* SPDX-License-Identifier: Apache-2.0 */
/* device: see device.h. */
#include "device.h"

#include <stdlib.h>

#include "sim/sim_backend.h"

bool bench_device_open(struct bench_device *device, const char *config, struct trine_error *error) {
  const struct trine_sim_options options = trine_sim_defaults();
  *device = (struct bench_device){.trine = malloc(trine_sizeof())};
  if (device->trine == NULL) {
    trine_error_set(error, "There is no memory for the device.");
    return false;
  }
  if (trine_sim_backend_open(config, &options, &device->sim, error) != TRINE_OK) {
    return false;
  }
  const struct trine_bus bus = trine_sim_backend_bus(device->sim);
  const enum trine_status status = trine_open(device->trine, &bus, 0, options.memory_bytes, config);
  if (status != TRINE_OK) {
    bench_device_error(device, status, error);
  }
  return status == TRINE_OK;
}

void bench_device_close(struct bench_device *device) {
  trine_sim_backend_close(device->sim);
  free(device->trine);
  *device = (struct bench_device){.sim = NULL};
}

uint64_t bench_device_cycles(const struct bench_device *device) {
  return trine_sim_backend_ops(device->sim)->cycles(trine_sim_backend_sim(device->sim));
}

bool bench_device_trace(const struct bench_device *device, const char *path, uint64_t from,
                        uint64_t count) {
  struct trine_sim *sim = trine_sim_backend_sim(device->sim);
  const struct trine_sim_ops *ops = trine_sim_backend_ops(device->sim);
  return ops->trace(sim, path, ops->cycles(sim) + from, count) == TRINE_OK;
}

void bench_device_error(const struct bench_device *device, enum trine_status status,
                        struct trine_error *error) {
  trine_sim_backend_explain(device->sim, device->trine, status, error);
}
