/* SPDX-License-Identifier: Apache-2.0 */
/* trine_info: what a device says of itself, read once and held against what the driver serves: a
 * wrong parameter would become a division by zero or a buffer overrun further on. */
#include <stddef.h>

#include "trine_internal.h"
#include "trine_regs.h"

/* One parameter: its name, where it is kept, and its range. */
struct parameter {
  const char *name;
  size_t offset;
  uint32_t least, most;
  bool is_power_of_two;
};

/* In the order of their registers. The upper bounds are those of the fields of a program that hold
 * the value (docs/programmers_guide.md), or what keeps every product of sizes inside 32 bits. */
static const struct parameter parameters[] = {
    {"CORES", offsetof(struct trine_info, cores), 1, TRINE_MAX_CORES, false},
    {"CONTEXTS", offsetof(struct trine_info, contexts), 1, 16, false},
    {"LANES", offsetof(struct trine_info, lanes), 4, 256, false},
    {"MACS_PER_LANE", offsetof(struct trine_info, macs_per_lane), 1, 64, true},
    {"TAIL_ROWS", offsetof(struct trine_info, tail_rows), 1, 256, true},
    {"BUS_BYTES", offsetof(struct trine_info, bus_bytes), 1, 64, true},
    {"X_SLOTS", offsetof(struct trine_info, x_slots), 2, 64, true},
    {"QUEUE_WORDS", offsetof(struct trine_info, queue_words), 1, 1 << 16, false},
    {"WEIGHT_BYTES", offsetof(struct trine_info, weight_bytes), 4, 1 << 28, false},
    {"PARAM_ROWS", offsetof(struct trine_info, param_rows), 1, 1 << 22, false},
    {"RING_BYTES", offsetof(struct trine_info, ring_bytes), 4, 1 << 22, false},
    {"STATE_UNITS", offsetof(struct trine_info, state_units), 1, 1 << 16, false},
    {"PRE_UNITS", offsetof(struct trine_info, pre_units), 1, 1 << 16, false},
    {"WRITER_BYTES", offsetof(struct trine_info, writer_bytes), 4, 1 << 22, false},
    {"TABLE_ENTRIES", offsetof(struct trine_info, table_entries), 2, 32766, false},
    {"MAX_INPUTS", offsetof(struct trine_info, max_inputs), 1, 65535, false},
    {"MAX_UNITS", offsetof(struct trine_info, max_units), 1, 65535, false},
    {"MEM_BYTES", offsetof(struct trine_info, mem_bytes), 4, 64, true}};

enum { PARAMETERS = sizeof parameters / sizeof parameters[0] };

static enum trine_status check_range(struct trine *device, const struct parameter *parameter,
                                     uint32_t value) {
  const bool is_power = (value & (value - 1)) == 0;
  if (value < parameter->least || value > parameter->most ||
      (parameter->is_power_of_two && !is_power)) {
    return trine_fail(device, TRINE_ERR_VERSION,
                      "the device's parameter %s is %u; this driver serves %u to %u%s",
                      parameter->name, value, parameter->least, parameter->most,
                      parameter->is_power_of_two ? ", powers of two" : "");
  }
  return TRINE_OK;
}

/* What two parameters say together. */
static enum trine_status check_pairs(struct trine *device) {
  const struct trine_info *info = &device->info;
  if (info->lanes % TRINE_GATES != 0 || info->lanes % info->tail_rows != 0) {
    return trine_fail(device, TRINE_ERR_VERSION,
                      "the device's parameter LANES is %u; it must be a multiple of %d and of "
                      "TAIL_ROWS, %u",
                      info->lanes, (int)TRINE_GATES, info->tail_rows);
  }
  if (info->bus_bytes > info->mem_bytes) {
    return trine_fail(device, TRINE_ERR_VERSION,
                      "the device's parameter BUS_BYTES is %u; it must not be above MEM_BYTES, %u",
                      info->bus_bytes, info->mem_bytes);
  }
  if (info->weight_bytes < info->lanes * info->macs_per_lane) {
    return trine_fail(device, TRINE_ERR_VERSION,
                      "the device's parameter WEIGHT_BYTES is %u; one word of weights takes %u",
                      info->weight_bytes, info->lanes * info->macs_per_lane);
  }
  return TRINE_OK;
}

enum trine_status trine_read_info(struct trine *device) {
  struct trine_info *info = &device->info;
  uint32_t values[PARAMETERS] = {0};
  enum trine_status status = trine_reg_read(device, TRINE_GLOBAL_CONFIG_HASH, &info->config_hash);
  if (status == TRINE_OK) {
    status = trine_reg_read(device, TRINE_GLOBAL_FEATURES, &info->features);
  }
  for (uint32_t n = 0; n < PARAMETERS && status == TRINE_OK; n++) {
    status = trine_reg_read(device, TRINE_GLOBAL_PARAMS + 4 * n, &values[n]);
    *(uint32_t *)(void *)((char *)info + parameters[n].offset) = values[n];
  }
  const uint32_t hash = trine_crc32(values, sizeof values);
  if (status == TRINE_OK && hash != info->config_hash) {
    return trine_fail(device, TRINE_ERR_VERSION,
                      "the device's parameters have the hash 0x%08x but it reports 0x%08x", hash,
                      info->config_hash);
  }
  for (uint32_t n = 0; n < PARAMETERS && status == TRINE_OK; n++) {
    status = check_range(device, &parameters[n], values[n]);
  }
  return status == TRINE_OK ? check_pairs(device) : status;
}
