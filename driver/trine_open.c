/* SPDX-License-Identifier: Apache-2.0 */
/* trine_open: opening a device for jobs, and its error sentence. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "trine_internal.h"
#include "trine_regs.h"

size_t trine_sizeof(void) {
  return sizeof(struct trine);
}

enum trine_status trine_fail(struct trine *device, enum trine_status status, const char *format,
                             ...) {
  va_list args;
  va_start(args, format);
  (void)vsnprintf(device->error.text, sizeof device->error.text, format, args);
  va_end(args);
  return status;
}

enum trine_status trine_fail_with(struct trine *device, const struct trine_fault *fault,
                                  const struct trine_image *image) {
  trine_fault_text(fault, image, device->error.text, sizeof device->error.text);
  return fault->status;
}

enum trine_status trine_check_open(struct trine *device) {
  return device->is_open ? TRINE_OK
                         : trine_fail(device, TRINE_ERR_ARG,
                                      "the device is not open: trine_open comes first, and must "
                                      "succeed");
}

const char *trine_last_error(const struct trine *device) {
  return device != NULL ? device->error.text : "no device was given";
}

struct trine_error *trine_error_of(struct trine *device) {
  return device != NULL ? &device->error : NULL;
}

const struct trine_info *trine_get_info(const struct trine *device) {
  return device != NULL && device->is_open ? &device->target.info : NULL;
}

const struct trine_target *trine_get_target(struct trine *device) {
  if (device == NULL || !device->is_open) {
    return NULL;
  }
  (void)trine_find_gap(device, UINT64_MAX, &device->target.free_bytes);
  return &device->target;
}

/* The clock of a bus that has none. The calendar clock may be set back: only what it moves forward
 * is counted. */
static uint64_t calendar_now_us(void *ctx) {
  struct trine *device = ctx;
  struct timespec now = {0, 0};
  (void)timespec_get(&now, TIME_UTC);
  const uint64_t read = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
  if (device->calendar_us != 0 && read > device->calendar_us) {
    device->clock_us += read - device->calendar_us;
  }
  device->calendar_us = read;
  return device->clock_us;
}

/* Hash, features and parameters: what the device is. */
static enum trine_status read_target(struct trine *device, uint32_t version,
                                     const char *config_name, uint64_t memory_bytes,
                                     struct trine_fault *fault) {
  uint32_t values[TRINE_PARAMETERS] = {0}, hash = 0, features = 0;
  enum trine_status status =
      trine_reg_read(&device->device, TRINE_GLOBAL_CONFIG_HASH, &hash, fault);
  if (status == TRINE_OK) {
    status = trine_reg_read(&device->device, TRINE_GLOBAL_FEATURES, &features, fault);
  }
  for (uint32_t n = 0; n < TRINE_PARAMETERS && status == TRINE_OK; n++) {
    status = trine_reg_read(&device->device, TRINE_GLOBAL_PARAMS + 4 * n, &values[n], fault);
  }
  if (status != TRINE_OK) {
    return trine_fail_with(device, fault, NULL);
  }
  status = trine_target_set(&device->target, values, config_name, memory_bytes, &device->error);
  const uint32_t computed = device->target.info.config_hash;
  if (computed != hash) {
    return trine_fail(device, TRINE_ERR_VERSION,
                      "the device's parameters have the hash 0x%08x but it reports 0x%08x",
                      computed, hash);
  }
  device->target.info.version = version;
  device->target.info.features = features;
  device->device.config_hash = hash;
  device->device.cores = status == TRINE_OK ? device->target.info.cores : 0;
  return status;
}

static enum trine_status open_strays(struct trine *device, struct trine_fault *fault) {
  const enum trine_status status = trine_find_strays(&device->device, fault);
  if (status != TRINE_OK) {
    return trine_fail_with(device, fault, NULL);
  }
  if (trine_stray_slots(&device->device) != 0) {
    (void)trine_fail(
        device, TRINE_OK,
        "cores 0x%x run programs that were not started here (domain slots 0x%x); they "
        "stay taken until those end or trine_stop_strays (trine run --stop-strays) stops them",
        trine_stray_cores(&device->device), trine_stray_slots(&device->device));
  }
  return TRINE_OK;
}

enum trine_status trine_open(struct trine *device, const struct trine_bus *bus,
                             uint64_t memory_base, uint64_t memory_size, const char *config_name) {
  if (device == NULL || bus == NULL) {
    return TRINE_ERR_ARG;
  }
  memset(device, 0, sizeof *device);
  if (memory_base % TRINE_WINDOW_ALIGN != 0 || memory_size > UINT64_MAX - memory_base) {
    return trine_fail(device, TRINE_ERR_ARG,
                      "the memory of 0x%llx bytes at 0x%llx must start at a multiple of %d and end "
                      "below 2^64",
                      (unsigned long long)memory_size, (unsigned long long)memory_base,
                      (int)TRINE_WINDOW_ALIGN);
  }
  struct trine_fault fault;
  uint32_t version = 0;
  enum trine_status status = trine_device_identify(&device->device, bus, &version, &fault);
  if (status != TRINE_OK) {
    return trine_fail_with(device, &fault, NULL);
  }
  if (bus->now_us == NULL) {
    device->device.now_us = calendar_now_us;
    device->device.clock = device;
  }
  device->memory_base = memory_base;
  status = read_target(device, version, config_name, memory_size, &fault);
  if (status == TRINE_OK) {
    status = open_strays(device, &fault);
  }
  device->is_open = status == TRINE_OK;
  return status;
}

enum trine_status trine_strays(struct trine *device, uint32_t *slots) {
  if (device == NULL || slots == NULL) {
    return TRINE_ERR_ARG;
  }
  *slots = 0;
  enum trine_status status = trine_check_open(device);
  if (status == TRINE_OK) {
    struct trine_fault fault;
    status = trine_update_strays(&device->device, &fault);
    *slots = trine_stray_slots(&device->device);
    if (status != TRINE_OK) {
      status = trine_fail_with(device, &fault, NULL);
    }
  }
  return status;
}

enum trine_status trine_stop_strays(struct trine *device, uint32_t timeout_ms) {
  uint32_t slots = 0;
  enum trine_status status = trine_strays(device, &slots);
  for (uint32_t s = 0; s < TRINE_MAX_CORES && status == TRINE_OK; s++) {
    struct trine_fault fault;
    if ((slots >> s & 1) == 0) {
      continue;
    }
    if (!trine_stop_slot(&device->device, s, timeout_ms)) {
      return trine_fail(device, TRINE_ERR_TIMEOUT,
                        "domain slot %u with cores 0x%x was not seen to stop within %u ms; they "
                        "stay taken until the device is reset",
                        s, device->device.slot[s].stray.core_mask, timeout_ms);
    }
    device->device.slot[s].stray.is_there = false;
    status = trine_reg_write(&device->device, TRINE_GLOBAL_IRQ_RAW, UINT32_C(1) << s, &fault);
    if (status != TRINE_OK) {
      status = trine_fail_with(device, &fault, NULL);
    }
  }
  return status;
}
