/* SPDX-License-Identifier: Apache-2.0 */
/* target: what a device says of itself, held against what the compiler serves: a wrong parameter
 * would become a division by zero or a buffer overrun further on. And how something is refused. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "compiler/internal.h"

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

_Static_assert(sizeof parameters / sizeof parameters[0] == TRINE_PARAMETERS, "one a register");

static enum trine_status check_range(const struct parameter *parameter, uint32_t value,
                                     struct trine_error *error) {
  const bool is_power = (value & (value - 1)) == 0;
  if (value < parameter->least || value > parameter->most ||
      (parameter->is_power_of_two && !is_power)) {
    return trine_refuse(error, TRINE_ERR_VERSION,
                        "the device's parameter %s is %u; this driver serves %u to %u%s",
                        parameter->name, value, parameter->least, parameter->most,
                        parameter->is_power_of_two ? ", powers of two" : "");
  }
  return TRINE_OK;
}

/* What two parameters say together. */
static enum trine_status check_pairs(const struct trine_target *target, struct trine_error *error) {
  const struct trine_info *info = &target->info;
  if (info->lanes % TRINE_GATES != 0 || info->lanes % info->tail_rows != 0) {
    return trine_refuse(error, TRINE_ERR_VERSION,
                        "the device's parameter LANES is %u; it must be a multiple of %d and of "
                        "TAIL_ROWS, %u",
                        info->lanes, (int)TRINE_GATES, info->tail_rows);
  }
  if (info->bus_bytes > info->mem_bytes) {
    return trine_refuse(
        error, TRINE_ERR_VERSION,
        "the device's parameter BUS_BYTES is %u; it must not be above MEM_BYTES, %u",
        info->bus_bytes, info->mem_bytes);
  }
  if (info->weight_bytes < info->lanes * info->macs_per_lane) {
    return trine_refuse(error, TRINE_ERR_VERSION,
                        "the device's parameter WEIGHT_BYTES is %u; one word of weights takes %u",
                        info->weight_bytes, info->lanes * info->macs_per_lane);
  }
  return TRINE_OK;
}

enum trine_status trine_target_set(struct trine_target *target,
                                   const uint32_t values[TRINE_PARAMETERS], const char *config_name,
                                   uint64_t memory_bytes, struct trine_error *error) {
  enum trine_status status = TRINE_OK;
  memset(target, 0, sizeof *target);
  (void)snprintf(target->config, sizeof target->config, "%s",
                 config_name != NULL ? config_name : "of this device");
  target->memory_bytes = target->free_bytes = memory_bytes;
  target->info.config_hash = trine_crc32(0, values, TRINE_PARAMETERS * sizeof *values);
  for (uint32_t n = 0; n < TRINE_PARAMETERS && status == TRINE_OK; n++) {
    uint32_t *kept = (uint32_t *)(void *)((char *)&target->info + parameters[n].offset);
    *kept = values[n];
    status = check_range(&parameters[n], values[n], error);
  }
  return status == TRINE_OK ? check_pairs(target, error) : status;
}

enum trine_status trine_refuse(struct trine_error *error, enum trine_status status,
                               const char *format, ...) {
  if (error != NULL) {
    va_list args;
    va_start(args, format);
    (void)vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
  }
  return status;
}
