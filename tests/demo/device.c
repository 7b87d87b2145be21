/* SPDX-License-Identifier: Apache-2.0 */
/* device: the simulated accelerator behind a bus that waits in slices, see device.h. */
#include "device.h"

#include <stdlib.h>

#include "rows.h"
#include "sim/sim_backend.h"

/* Simulated milliseconds between two reports: some tenths of a second on the host. */
enum { SLICE_MS = 1 };

static enum trine_status wait_in_slices(void *ctx, uint32_t timeout_ms) {
  struct demo_device *device = ctx;
  const struct trine_sim_ops *ops = trine_sim_backend_ops(device->sim);
  int status = TRINE_ERR_TIMEOUT;
  for (uint32_t waited = 0; waited < timeout_ms && status == TRINE_ERR_TIMEOUT;
       waited += SLICE_MS) {
    status = device->inner.wait(device->inner.ctx, SLICE_MS);
    device->progress(device->context, ops->cycles(trine_sim_backend_sim(device->sim)));
  }
  return status;
}

static enum trine_status read32(void *ctx, uint32_t addr, uint32_t *value) {
  const struct demo_device *device = ctx;
  return device->inner.read32(device->inner.ctx, addr, value);
}

static enum trine_status write32(void *ctx, uint32_t addr, uint32_t value) {
  const struct demo_device *device = ctx;
  return device->inner.write32(device->inner.ctx, addr, value);
}

static enum trine_status mem_read(void *ctx, uint64_t addr, void *data, size_t len_bytes) {
  const struct demo_device *device = ctx;
  return device->inner.mem_read(device->inner.ctx, addr, data, len_bytes);
}

static enum trine_status mem_write(void *ctx, uint64_t addr, const void *data, size_t len_bytes) {
  const struct demo_device *device = ctx;
  return device->inner.mem_write(device->inner.ctx, addr, data, len_bytes);
}

static uint64_t now_us(void *ctx) {
  const struct demo_device *device = ctx;
  return device->inner.now_us(device->inner.ctx);
}

bool demo_device_open(struct demo_device *device, demo_device_progress progress, void *context,
                      struct trine_error *error) {
  *device = (struct demo_device){.progress = progress, .context = context};
  struct trine_sim_options options = trine_sim_defaults();
  options.memory_bytes = (uint64_t)32 << 20;
  device->trine = malloc(trine_sizeof());
  if (device->trine == NULL) {
    trine_error_set(error, "There is no memory for the device.");
    return false;
  }
  if (trine_sim_backend_open(DEMO_CONFIG, &options, &device->sim, error) != TRINE_OK) {
    return false;
  }
  device->inner = trine_sim_backend_bus(device->sim);
  const struct trine_bus bus = {.ctx = device,
                                .read32 = read32,
                                .write32 = write32,
                                .mem_read = mem_read,
                                .mem_write = mem_write,
                                .wait = wait_in_slices,
                                .now_us = now_us};
  const enum trine_status status =
      trine_open(device->trine, &bus, 0, options.memory_bytes, DEMO_CONFIG);
  if (status != TRINE_OK) {
    demo_device_error(device, status, error);
  }
  return status == TRINE_OK;
}

void demo_device_close(struct demo_device *device) {
  trine_sim_backend_close(device->sim);
  free(device->trine);
  *device = (struct demo_device){.sim = NULL};
}

void demo_device_error(const struct demo_device *device, enum trine_status status,
                       struct trine_error *error) {
  trine_sim_backend_explain(device->sim, device->trine, status, error);
}
