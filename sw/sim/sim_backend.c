/* SPDX-License-Identifier: Apache-2.0 */
/* sim_backend: loads a model library and gives it the shape of a bus, see sim_backend.h. */
#include "sim/sim_backend.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/find_chip.h"
#include "trine.h"

enum { PATH_BYTES = 4096 };

struct trine_sim_backend {
  void *library;
  const struct trine_sim_ops *ops;
  struct trine_sim *sim;
};

static enum trine_status bus_read32(void *ctx, uint32_t addr, uint32_t *value) {
  const struct trine_sim_backend *backend = ctx;
  /* A register that does not answer is a broken bus; a timeout is only a wait's. */
  return backend->ops->read32(backend->sim, addr, value) == TRINE_OK ? TRINE_OK : TRINE_ERR_BUS;
}

static enum trine_status bus_write32(void *ctx, uint32_t addr, uint32_t value) {
  const struct trine_sim_backend *backend = ctx;
  return backend->ops->write32(backend->sim, addr, value, 15) == TRINE_OK ? TRINE_OK
                                                                          : TRINE_ERR_BUS;
}

static enum trine_status bus_mem_read(void *ctx, uint64_t addr, void *data, size_t len_bytes) {
  const struct trine_sim_backend *backend = ctx;
  return backend->ops->mem_read(backend->sim, addr, data, len_bytes);
}

static enum trine_status bus_mem_write(void *ctx, uint64_t addr, const void *data,
                                       size_t len_bytes) {
  const struct trine_sim_backend *backend = ctx;
  return backend->ops->mem_write(backend->sim, addr, data, len_bytes);
}

static enum trine_status bus_wait(void *ctx, uint32_t timeout_ms) {
  const struct trine_sim_backend *backend = ctx;
  const uint64_t cycles = (uint64_t)timeout_ms * TRINE_SIM_CYCLES_PER_MS;
  const enum trine_status status = backend->ops->wait(backend->sim, cycles);
  return status == TRINE_ERR_DEVICE ? TRINE_ERR_BUS : status; /* it is dead, and says nothing */
}

/* The chip's own time: a limit of the driver is one of cycles, however slow the host is. */
static uint64_t bus_now_us(void *ctx) {
  const struct trine_sim_backend *backend = ctx;
  return backend->ops->cycles(backend->sim) / (TRINE_SIM_CYCLES_PER_MS / 1000);
}

static enum trine_status load(struct trine_sim_backend *backend, const char *config,
                              struct trine_error *error) {
  char path[PATH_BYTES];
  const enum trine_status found = sim_find_chip(config, path, sizeof path, error);
  if (found != TRINE_OK) {
    return found;
  }
  backend->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (backend->library == NULL) {
    trine_error_set(error, "The model library cannot be loaded: %.200s.", dlerror());
    return TRINE_ERR_FILE;
  }
  union {
    void *object;
    trine_sim_api_function function;
  } entry = {dlsym(backend->library, "trine_sim_api")};
  backend->ops = entry.object == NULL ? NULL : entry.function();
  if (backend->ops == NULL || backend->ops->abi != TRINE_SIM_ABI) {
    trine_error_set(error,
                    "The model library of %.60s has another interface: make build CONFIG=%.60s",
                    config, config);
    return TRINE_ERR_VERSION;
  }
  return TRINE_OK;
}

/* The options by name, each with its range: what is above would be a memory that no host has, or a
 * simulation that does not end. */
static bool check_options(const struct trine_sim_options *options, struct trine_error *error) {
  const struct {
    const char *name;
    uint64_t value, least, most;
  } ranges[] = {{"memory_bytes", options->memory_bytes, 4096, UINT64_C(1) << 36},
                {"latency_cycles", options->latency_cycles, 1, 1000000},
                {"beats_num", options->beats_num, 1, 1000},
                {"beats_den", options->beats_den, 1, 1000},
                {"stall_permille", options->stall_permille, 0, 900}};
  for (size_t n = 0; n < sizeof ranges / sizeof ranges[0]; n++) {
    if (ranges[n].value < ranges[n].least || ranges[n].value > ranges[n].most) {
      trine_error_set(error, "The simulated device's %s is %llu; it must be %llu to %llu.",
                      ranges[n].name, (unsigned long long)ranges[n].value,
                      (unsigned long long)ranges[n].least, (unsigned long long)ranges[n].most);
      return false;
    }
  }
  return true;
}

enum trine_status trine_sim_backend_open(const char *config,
                                         const struct trine_sim_options *options,
                                         struct trine_sim_backend **backend,
                                         struct trine_error *error) {
  const struct trine_sim_options defaults = trine_sim_defaults();
  if (options == NULL) {
    options = &defaults;
  }
  *backend = NULL;
  if (!check_options(options, error)) {
    return TRINE_ERR_ARG;
  }
  struct trine_sim_backend *made = calloc(1, sizeof *made);
  if (made == NULL) {
    trine_error_set(error, "There is no memory for the simulated device.");
    return TRINE_ERR_MEMORY;
  }
  enum trine_status status = load(made, config, error);
  if (status == TRINE_OK) {
    made->sim = made->ops->create(options);
    if (made->sim == NULL) {
      trine_error_set(error,
                      "There is no memory for a simulated device with %llu bytes of its own.",
                      (unsigned long long)options->memory_bytes);
      status = TRINE_ERR_MEMORY;
    }
  }
  if (status != TRINE_OK) {
    trine_sim_backend_close(made);
    return status;
  }
  *backend = made;
  return TRINE_OK;
}

void trine_sim_backend_close(struct trine_sim_backend *backend) {
  if (backend == NULL) {
    return;
  }
  if (backend->sim != NULL) {
    backend->ops->destroy(backend->sim);
  }
  if (backend->library != NULL) {
    dlclose(backend->library);
  }
  free(backend);
}

struct trine_bus trine_sim_backend_bus(struct trine_sim_backend *backend) {
  struct trine_bus bus = {.ctx = backend,
                          .read32 = bus_read32,
                          .write32 = bus_write32,
                          .mem_read = bus_mem_read,
                          .mem_write = bus_mem_write,
                          .wait = bus_wait,
                          .now_us = bus_now_us};
  return bus;
}

const struct trine_sim_ops *trine_sim_backend_ops(const struct trine_sim_backend *backend) {
  return backend->ops;
}

struct trine_sim *trine_sim_backend_sim(const struct trine_sim_backend *backend) {
  return backend->sim;
}

const char *trine_sim_backend_error(const struct trine_sim_backend *backend) {
  return backend->ops->error(backend->sim);
}

void trine_sim_backend_explain(const struct trine_sim_backend *backend, const struct trine *device,
                               enum trine_status status, struct trine_error *error) {
  const char *said = device == NULL ? "" : trine_last_error(device);
  if (status == TRINE_ERR_BUS && backend != NULL) {
    trine_error_set(error, "%.120s: %.130s", said, trine_sim_backend_error(backend));
  } else {
    trine_error_set(error, "%s", said[0] != '\0' ? said : trine_status_text(status));
  }
}
