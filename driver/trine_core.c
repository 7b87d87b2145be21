/* SPDX-License-Identifier: Apache-2.0 */
/* trine_core: opening a device, its registers and memory, and its error sentence. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "trine_internal.h"
#include "trine_regs.h"

const char *trine_status_text(enum trine_status status) {
  switch (status) {
    case TRINE_OK:
      return "done";
    case TRINE_ERR_ARG:
      return "an argument is missing or out of range";
    case TRINE_ERR_VERSION:
      return "this is not a Trine, or one of another major version";
    case TRINE_ERR_LIMIT:
      return "the network does not fit this configuration";
    case TRINE_ERR_MEMORY:
      return "the memory given is too small";
    case TRINE_ERR_BUSY:
      return "the cores or domain slots are taken or in quarantine";
    case TRINE_ERR_BUS:
      return "an access to the device failed";
    case TRINE_ERR_TIMEOUT:
      return "the device did not answer in time";
    case TRINE_ERR_DEVICE:
      return "the device stopped the job with an error";
    case TRINE_ERR_NETWORK:
      return "the network contradicts itself";
  }
  return "unknown status";
}

size_t trine_sizeof(void) {
  return sizeof(struct trine);
}

enum trine_status trine_fail(struct trine *device, enum trine_status status, const char *format,
                             ...) {
  va_list args;
  va_start(args, format);
  (void)vsnprintf(device->error, sizeof device->error, format, args);
  va_end(args);
  return status;
}

void trine_add_to_error(struct trine *device, const char *format, ...) {
  const size_t used = strlen(device->error);
  va_list args;
  va_start(args, format);
  (void)vsnprintf(device->error + used, sizeof device->error - used, format, args);
  va_end(args);
}

enum trine_status trine_check_open(struct trine *device) {
  return device->is_open ? TRINE_OK
                         : trine_fail(device, TRINE_ERR_ARG,
                                      "the device is not open: trine_open comes first, and must "
                                      "succeed");
}

const char *trine_last_error(const struct trine *device) {
  return device != NULL ? device->error : "no device was given";
}

const struct trine_info *trine_get_info(const struct trine *device) {
  return device != NULL ? &device->info : NULL;
}

static enum trine_status bus_status(struct trine *device, int result, const char *what,
                                    uint64_t addr) {
  if (result == 0) {
    return TRINE_OK;
  }
  enum trine_status status = result == TRINE_ERR_TIMEOUT ? TRINE_ERR_TIMEOUT : TRINE_ERR_BUS;
  return trine_fail(device, status, "%s at 0x%llx failed: %s", what, (unsigned long long)addr,
                    status == TRINE_ERR_TIMEOUT ? "no answer in time" : "access refused");
}

enum trine_status trine_reg_read(struct trine *device, uint32_t addr, uint32_t *value) {
  int result = device->bus.read32(device->bus.ctx, addr, value);
  return bus_status(device, result, "reading the register", addr);
}

enum trine_status trine_reg_read64(struct trine *device, uint32_t low_addr, uint64_t *value) {
  uint32_t low = 0, high = 0;
  enum trine_status status = trine_reg_read(device, low_addr, &low);
  if (status == TRINE_OK) {
    status = trine_reg_read(device, low_addr + 4, &high);
  }
  *value = (uint64_t)high << 32 | low;
  return status;
}

enum trine_status trine_reg_write(struct trine *device, uint32_t addr, uint32_t value) {
  int result = device->bus.write32(device->bus.ctx, addr, value);
  return bus_status(device, result, "writing the register", addr);
}

enum trine_status trine_memory_read(struct trine *device, uint64_t addr, void *data, uint32_t len) {
  int result = device->bus.mem_read(device->bus.ctx, addr, data, len);
  return bus_status(device, result, "reading shared memory", addr);
}

enum trine_status trine_memory_write(struct trine *device, uint64_t addr, const void *data,
                                     uint32_t len) {
  int result = device->bus.mem_write(device->bus.ctx, addr, data, len);
  return bus_status(device, result, "writing shared memory", addr);
}

struct geometry trine_geometry(const struct trine_info *info) {
  struct geometry geometry = {.group_units = info->lanes / TRINE_GATES,
                              .word_bytes = info->lanes * info->macs_per_lane,
                              .group_beats = info->lanes / info->tail_rows,
                              .param_beats = info->param_rows / info->tail_rows};
  geometry.vec_bytes =
      info->bus_bytes > info->macs_per_lane ? info->bus_bytes : info->macs_per_lane;
  geometry.weight_words = info->weight_bytes / geometry.word_bytes;
  geometry.ring_words = info->ring_bytes / geometry.vec_bytes;
  return geometry;
}

enum trine_status trine_open(struct trine *device, const struct trine_bus *bus,
                             uint64_t memory_base, uint64_t memory_size, const char *config_name) {
  if (device == NULL || bus == NULL) {
    return TRINE_ERR_ARG;
  }
  memset(device, 0, sizeof *device);
  if (bus->read32 == NULL || bus->write32 == NULL || bus->mem_read == NULL ||
      bus->mem_write == NULL || bus->wait == NULL) {
    return trine_fail(device, TRINE_ERR_ARG,
                      "the bus misses a function: read32, write32, mem_read, mem_write and wait "
                      "are needed");
  }
  if (memory_base % TRINE_PAGE_BYTES != 0 || memory_size > UINT64_MAX - memory_base) {
    return trine_fail(device, TRINE_ERR_ARG,
                      "the memory of 0x%llx bytes at 0x%llx must start at a multiple of %d and end "
                      "below 2^64",
                      (unsigned long long)memory_size, (unsigned long long)memory_base,
                      (int)TRINE_PAGE_BYTES);
  }
  device->bus = *bus;
  device->memory_base = memory_base;
  device->memory_size = memory_size;
  (void)snprintf(device->config, sizeof device->config, "%s",
                 config_name != NULL ? config_name : "of this device");
  uint32_t id = 0;
  enum trine_status status = trine_reg_read(device, TRINE_GLOBAL_ID, &id);
  if (status == TRINE_OK && id != TRINE_GLOBAL_ID_RESET) {
    return trine_fail(device, TRINE_ERR_VERSION,
                      "the device's ID register reads 0x%08x; a Trine has 0x%08x", id,
                      (unsigned)TRINE_GLOBAL_ID_RESET);
  }
  if (status == TRINE_OK) {
    status = trine_reg_read(device, TRINE_GLOBAL_VERSION, &device->info.version);
  }
  if (status == TRINE_OK && device->info.version >> 16 != TRINE_GLOBAL_VERSION_RESET >> 16) {
    return trine_fail(device, TRINE_ERR_VERSION,
                      "the device has major version %u; this driver serves %u",
                      device->info.version >> 16, (unsigned)(TRINE_GLOBAL_VERSION_RESET >> 16));
  }
  if (status == TRINE_OK) {
    status = trine_read_info(device);
  }
  if (status == TRINE_OK) {
    status = trine_find_strays(device);
  }
  device->is_open = status == TRINE_OK;
  return status;
}
