/* SPDX-License-Identifier: Apache-2.0 */
/* backend_record: see backend_record.h. */
#include "backend_record.h"

#include <stdio.h>
#include <string.h>

#include "trine.h"

static const char *kind_name(enum trine_access_kind kind) {
  static const char *const names[] = {"read", "write", "wait"};
  return names[kind];
}

static void record_access(struct trine_record *record, const struct trine_access *access) {
  if (record->recorded_count < record->recorded_room) {
    record->recorded[record->recorded_count] = *access;
  }
  record->recorded_count++;
}

/* Compares an access with the next one expected; a read takes its value. */
static int expect(struct trine_record *record, struct trine_access *access) {
  if (record->failed) {
    return TRINE_ERR_BUS;
  }
  uint32_t at = record->recorded_count;
  const struct trine_access *want = at < record->expected_count ? &record->expected[at] : NULL;
  bool is_same = want != NULL && want->kind == access->kind && want->addr == access->addr &&
                 (access->kind == TRINE_ACCESS_READ || want->value == access->value);
  if (!is_same) {
    record->failed = true;
    int used = snprintf(record->error, sizeof record->error, "access %u: %s 0x%x value 0x%x came",
                        at, kind_name(access->kind), access->addr, access->value);
    if (used > 0 && (size_t)used < sizeof record->error) {
      (void)snprintf(record->error + used, sizeof record->error - (size_t)used,
                     ", %s 0x%x value 0x%x was expected",
                     want != NULL ? kind_name(want->kind) : "no", want != NULL ? want->addr : 0,
                     want != NULL ? want->value : 0);
    }
    return TRINE_ERR_BUS;
  }
  access->value = want->value;
  return want->result;
}

static int access_register(struct trine_record *record, enum trine_access_kind kind, uint32_t addr,
                           uint32_t *value) {
  struct trine_access access = {.kind = kind, .addr = addr, .value = *value};
  if (record->expected != NULL) {
    access.result = expect(record, &access);
  } else if (kind == TRINE_ACCESS_READ) {
    access.result = record->answer != NULL ? record->answer(record->answer_ctx, addr, &access.value)
                                           : TRINE_ERR_BUS;
  }
  record_access(record, &access);
  *value = access.value;
  return access.result;
}

static enum trine_status record_read32(void *ctx, uint32_t addr, uint32_t *value) {
  *value = 0;
  return access_register(ctx, TRINE_ACCESS_READ, addr, value);
}

static enum trine_status record_write32(void *ctx, uint32_t addr, uint32_t value) {
  return access_register(ctx, TRINE_ACCESS_WRITE, addr, &value);
}

static enum trine_status record_wait(void *ctx, uint32_t timeout_ms) {
  return access_register(ctx, TRINE_ACCESS_WAIT, 0, &timeout_ms);
}

/* The bytes of a range, or NULL if it is not all inside. */
static uint8_t *range(const struct trine_record *record, uint64_t addr, size_t len) {
  uint64_t offset = addr - record->memory_base;
  bool is_inside = addr >= record->memory_base && addr % 4 == 0 && len % 4 == 0 &&
                   len <= record->memory_bytes && offset <= record->memory_bytes - len;
  return is_inside ? record->memory + offset : NULL;
}

static enum trine_status record_mem_read(void *ctx, uint64_t addr, void *data, size_t len_bytes) {
  const uint8_t *from = range(ctx, addr, len_bytes);
  if (from == NULL) {
    return TRINE_ERR_BUS;
  }
  memcpy(data, from, len_bytes);
  return TRINE_OK;
}

static enum trine_status record_mem_write(void *ctx, uint64_t addr, const void *data,
                                          size_t len_bytes) {
  uint8_t *to = range(ctx, addr, len_bytes);
  if (to == NULL) {
    return TRINE_ERR_BUS;
  }
  memcpy(to, data, len_bytes);
  return TRINE_OK;
}

struct trine_bus trine_record_bus(struct trine_record *record) {
  struct trine_bus bus = {.ctx = record,
                          .read32 = record_read32,
                          .write32 = record_write32,
                          .mem_read = record_mem_read,
                          .mem_write = record_mem_write,
                          .wait = record_wait};
  return bus;
}

bool trine_record_complete(struct trine_record *record) {
  if (!record->failed && record->recorded_count < record->expected_count) {
    record->failed = true;
    (void)snprintf(record->error, sizeof record->error, "%u accesses came, %u were expected",
                   record->recorded_count, record->expected_count);
  }
  return !record->failed;
}
