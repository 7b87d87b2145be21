/* SPDX-License-Identifier: Apache-2.0 */
/* device: opening a device, its registers, its interrupt. */
#include <string.h>

#include "runtime/internal.h"
#include "trine_regs.h"

enum trine_status trine_fault_set(struct trine_fault *fault, enum trine_status status,
                                  enum trine_fault_kind kind, uint64_t first, uint64_t second,
                                  uint64_t third) {
  *fault = (struct trine_fault){.status = status, .kind = kind, .number = {first, second, third}};
  return status;
}

static enum trine_status access_status(int result, enum trine_fault_kind kind, uint32_t addr,
                                       struct trine_fault *fault) {
  if (result == 0) {
    return TRINE_OK;
  }
  return trine_fault_set(fault, result == TRINE_ERR_TIMEOUT ? TRINE_ERR_TIMEOUT : TRINE_ERR_BUS,
                         kind, addr, 0, 0);
}

enum trine_status trine_reg_read(struct trine_device *device, uint32_t addr, uint32_t *value,
                                 struct trine_fault *fault) {
  return access_status(device->bus.read32(device->bus.ctx, addr, value), TRINE_FAULT_READ_REGISTER,
                       addr, fault);
}

enum trine_status trine_reg_read64(struct trine_device *device, uint32_t low_addr, uint64_t *value,
                                   struct trine_fault *fault) {
  uint32_t low = 0, high = 0;
  enum trine_status status = trine_reg_read(device, low_addr, &low, fault);
  if (status == TRINE_OK) {
    status = trine_reg_read(device, low_addr + 4, &high, fault);
  }
  *value = (uint64_t)high << 32 | low;
  return status;
}

enum trine_status trine_reg_write(struct trine_device *device, uint32_t addr, uint32_t value,
                                  struct trine_fault *fault) {
  return access_status(device->bus.write32(device->bus.ctx, addr, value),
                       TRINE_FAULT_WRITE_REGISTER, addr, fault);
}

uint32_t trine_slot_reg(uint32_t slot, uint32_t offset) {
  return TRINE_DOMAIN_PAGE + TRINE_WINDOW_ALIGN * slot + offset;
}

bool trine_is_at_work(uint32_t status_register) {
  const uint32_t state = status_register & TRINE_DOMAIN_STATUS_STATE_MASK;
  return state == TRINE_DOMAIN_STATUS_STATE_RUNNING || state == TRINE_DOMAIN_STATUS_STATE_STOPPING;
}

enum trine_status trine_read_cores(struct trine_device *device, uint32_t *busy,
                                   uint32_t *quarantine, struct trine_fault *fault) {
  const uint32_t all = (UINT32_C(1) << device->cores) - 1;
  enum trine_status status = trine_reg_read(device, TRINE_GLOBAL_CORES_BUSY, busy, fault);
  if (status == TRINE_OK) {
    status = trine_reg_read(device, TRINE_GLOBAL_QUARANTINE, quarantine, fault);
  }
  *busy &= all;
  *quarantine &= all;
  return status;
}

enum trine_status trine_device_identify(struct trine_device *device, const struct trine_bus *bus,
                                        uint32_t *version, struct trine_fault *fault) {
  memset(device, 0, sizeof *device);
  *fault = (struct trine_fault){.status = TRINE_OK};
  if (bus->read32 == NULL || bus->write32 == NULL || bus->mem_read == NULL ||
      bus->mem_write == NULL || bus->wait == NULL) {
    return trine_fault_set(fault, TRINE_ERR_ARG, TRINE_FAULT_NO_BUS, 0, 0, 0);
  }
  device->bus = *bus;
  device->now_us = bus->now_us;
  device->clock = bus->ctx;
  uint32_t id = 0;
  enum trine_status status = trine_reg_read(device, TRINE_GLOBAL_ID, &id, fault);
  if (status == TRINE_OK && id != TRINE_GLOBAL_ID_RESET) {
    return trine_fault_set(fault, TRINE_ERR_VERSION, TRINE_FAULT_ID, id, TRINE_GLOBAL_ID_RESET, 0);
  }
  if (status == TRINE_OK) {
    status = trine_reg_read(device, TRINE_GLOBAL_VERSION, version, fault);
  }
  if (status == TRINE_OK && *version >> 16 != TRINE_GLOBAL_VERSION_RESET >> 16) {
    return trine_fault_set(fault, TRINE_ERR_VERSION, TRINE_FAULT_MAJOR, *version >> 16,
                           TRINE_GLOBAL_VERSION_RESET >> 16, 0);
  }
  return status;
}

enum trine_status trine_device_open(struct trine_device *device, const struct trine_bus *bus,
                                    struct trine_fault *fault) {
  if (device == NULL || bus == NULL || fault == NULL || bus->now_us == NULL) {
    return fault != NULL ? trine_fault_set(fault, TRINE_ERR_ARG, TRINE_FAULT_NO_BUS, 0, 0, 0)
                         : TRINE_ERR_ARG;
  }
  uint32_t version = 0;
  enum trine_status status = trine_device_identify(device, bus, &version, fault);
  if (status == TRINE_OK) {
    status = trine_reg_read(device, TRINE_GLOBAL_CONFIG_HASH, &device->config_hash, fault);
  }
  if (status == TRINE_OK) {
    status = trine_reg_read(device, TRINE_GLOBAL_PARAMS, &device->cores, fault);
  }
  if (status == TRINE_OK && (device->cores < 1 || device->cores > TRINE_MAX_CORES)) {
    return trine_fault_set(fault, TRINE_ERR_VERSION, TRINE_FAULT_CORES, device->cores,
                           TRINE_MAX_CORES, 0);
  }
  return status == TRINE_OK ? trine_find_strays(device, fault) : status;
}

enum trine_status trine_watch(struct trine_device *device, uint32_t slots) {
  struct trine_fault fault;
  return trine_reg_write(device, TRINE_GLOBAL_IRQ_ENABLE, slots, &fault);
}

uint32_t trine_interrupt(struct trine_device *device) {
  const struct trine_bus *bus = &device->bus;
  uint32_t ended = 0, enabled = 0;
  if (bus->read32(bus->ctx, TRINE_GLOBAL_IRQ_STATUS, &ended) != 0 || ended == 0) {
    return 0;
  }
  /* Without an answer all are masked: a line that stays high would never let go. */
  if (bus->read32(bus->ctx, TRINE_GLOBAL_IRQ_ENABLE, &enabled) != 0) {
    enabled = 0;
  }
  (void)bus->write32(bus->ctx, TRINE_GLOBAL_IRQ_ENABLE, enabled & ~ended);
  return ended;
}
