/* SPDX-License-Identifier: Apache-2.0 */
/* dump_file: dumps as files, and whether one is consistent; see dump.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "dump/dump.h"
#include "io/file.h"
#include "trine_image.h"
#include "trine_regs.h"

enum { CRC_FROM = 4 * 4 };
#define MOST_DUMP_BYTES (UINT64_C(1) << 31)
/* What a simulated chip can be given. */
#define MOST_MEMORY_BYTES (UINT64_C(1) << 36)

_Static_assert(sizeof(struct trine_dump_head) % 8 == 0 &&
                   offsetof(struct trine_dump_head, config_hash) == CRC_FROM,
               "the head is what the file begins with");

static uint32_t crc_of(const struct trine_dump_head *head, const uint8_t *records) {
  const uint32_t crc = trine_crc32(0, (const uint8_t *)head + CRC_FROM, sizeof *head - CRC_FROM);
  return trine_crc32(crc, records, (size_t)head->record_bytes); /* which are in memory */
}

bool trine_dump_next(const uint8_t *records, uint64_t record_bytes, uint64_t *at,
                     struct trine_dump_record *record) {
  uint32_t words[4] = {0};
  const uint64_t left = record_bytes - *at;
  if (left < 8) {
    return false;
  }
  memcpy(words, records + *at, left < sizeof words ? (size_t)left : sizeof words);
  uint64_t size;
  *record = (struct trine_dump_record){.kind = (enum trine_dump_kind)words[0]};
  if (words[0] == TRINE_DUMP_WAIT) {
    size = 8;
    record->value = words[1];
  } else if (words[0] == TRINE_DUMP_MEMORY) {
    size = sizeof words + (uint64_t)words[3];
    record->addr = words[1] | (uint64_t)words[2] << 32;
    record->value = words[3];
    record->data = records + *at + sizeof words;
  } else {
    size = 12;
    record->addr = words[1];
    record->value = words[2];
  }
  const bool is_whole = size <= left && words[0] >= TRINE_DUMP_WRITE &&
                        words[0] <= TRINE_DUMP_MEMORY &&
                        record->value % 4 * (record->data != NULL) == 0;
  *at += is_whole ? size : 0;
  return is_whole;
}

/* --- What contradicts itself: NULL, or which number, with its value and limit --- */

struct contradiction {
  const char *what;
  uint64_t value, limit;
};

static bool is_above(struct contradiction *found, const char *what, uint64_t value,
                     uint64_t limit) {
  if (found->what == NULL && value > limit) {
    *found = (struct contradiction){what, value, limit};
  }
  return found->what != NULL;
}

static bool is_text(const char *text, size_t room) {
  return memchr(text, '\0', room) != NULL;
}

static void check_head(const struct trine_dump_head *head, struct contradiction *found) {
  (void)is_above(found, "word behind the CRC", head->zero, 0);
  (void)is_above(found, "number of cores", head->cores, TRINE_MAX_CORES);
  (void)is_above(found, "slot", head->slot + (uint64_t)1, head->cores);
  (void)is_above(found, "kind of failure", head->failure, TRINE_DUMP_ACCESS);
  (void)is_above(found, "mark of known registers", head->has_state, 1);
  (void)is_above(found, "size of memory", head->memory_bytes, MOST_MEMORY_BYTES);
  (void)is_above(found, "address of memory", head->memory_base, UINT64_MAX - MOST_MEMORY_BYTES);
  (void)is_above(found, "end of the configuration's name",
                 !is_text(head->config, sizeof head->config), 0);
  (void)is_above(found, "end of the device's name", !is_text(head->device, sizeof head->device), 0);
  (void)is_above(found, "end of the sentence", !is_text(head->sentence, sizeof head->sentence), 0);
}

static void check_record(const struct trine_dump_head *head, const struct trine_dump_record *record,
                         struct contradiction *found) {
  const uint64_t registers = (uint64_t)TRINE_DOMAIN_PAGE * (1 + head->cores);
  if (record->kind == TRINE_DUMP_MEMORY) {
    const uint64_t offset = record->addr - head->memory_base;
    (void)is_above(found, "address in memory", record->addr % 4, 0);
    (void)is_above(found, "offset of a write to memory", offset, head->memory_bytes);
    (void)is_above(found, "size of a write to memory", record->value, head->memory_bytes - offset);
  } else if (record->kind != TRINE_DUMP_WAIT) {
    (void)is_above(found, "address of a register", record->addr + 4, registers);
    (void)is_above(found, "offset of a register in its word", record->addr % 4, 0);
    (void)is_above(found, "record of rest that is of no slot",
                   record->kind == TRINE_DUMP_REST &&
                       trine_dump_slot_of(record->addr, TRINE_DOMAIN_STATUS) < 0,
                   0);
  }
}

static void check_records(const struct trine_dump *dump, struct contradiction *found) {
  const struct trine_dump_head *head = &dump->head;
  struct trine_dump_record record;
  uint64_t at = 0, starts = 0;
  while (found->what == NULL && trine_dump_next(dump->records, head->record_bytes, &at, &record)) {
    check_record(head, &record, found);
    starts += record.kind == TRINE_DUMP_WRITE && (record.value & TRINE_DUMP_STARTS) != 0 &&
              trine_dump_slot_of(record.addr, TRINE_DOMAIN_CONTROL) >= 0;
  }
  (void)is_above(found, "number of bytes that are no record", head->record_bytes - at, 0);
  (void)is_above(found, "number of starts", starts, head->starts);
  (void)is_above(found, "number of starts that are not there", head->starts - starts, 0);
}

/* --- Reading and writing --- */

enum trine_status trine_dump_parse(const uint8_t *bytes, size_t len_bytes, const char *name,
                                   struct trine_dump *dump, struct trine_error *error) {
  struct trine_dump_head *head = &dump->head;
  struct contradiction found = {NULL, 0, 0};
  *dump = (struct trine_dump){.records = NULL};
  if (len_bytes < sizeof *head) {
    trine_error_set(error, "%.120s is no dump: it has %zu bytes, and the head alone has %zu.", name,
                    len_bytes, sizeof *head);
    return TRINE_ERR_FORMAT;
  }
  memcpy(head, bytes, sizeof *head);
  if (head->magic != TRINE_DUMP_MAGIC) {
    trine_error_set(error,
                    "%.120s is no dump: it begins with 0x%08x; one has to begin with 0x%08x, TRND.",
                    name, head->magic, (unsigned)TRINE_DUMP_MAGIC);
    return TRINE_ERR_FORMAT;
  }
  if (head->version != TRINE_DUMP_VERSION) {
    trine_error_set(error, "%.120s is a dump of version %u; version %d is read.", name,
                    head->version, (int)TRINE_DUMP_VERSION);
    return TRINE_ERR_FORMAT;
  }
  if (head->record_bytes != len_bytes - sizeof *head) {
    trine_error_set(error,
                    "%.120s has %zu bytes with records of %" PRIu64
                    "; it was cut, or goes on behind its end: write it again.",
                    name, len_bytes, head->record_bytes);
    return TRINE_ERR_FORMAT;
  }
  if (head->crc != crc_of(head, bytes + sizeof *head)) {
    trine_error_set(
        error, "%.120s was changed since it was written: its CRC is 0x%08x and has to be 0x%08x.",
        name, crc_of(head, bytes + sizeof *head), head->crc);
    return TRINE_ERR_FORMAT;
  }
  check_head(head, &found);
  dump->records = malloc((size_t)head->record_bytes + 1);
  if (dump->records == NULL) {
    trine_error_set(error, "There is no memory for a dump of %zu bytes.", len_bytes);
    return TRINE_ERR_MEMORY;
  }
  memcpy(dump->records, bytes + sizeof *head, (size_t)head->record_bytes);
  if (found.what == NULL) {
    check_records(dump, &found);
  }
  if (found.what != NULL) {
    trine_error_set(error,
                    "%.120s contradicts itself: its %s is %" PRIu64 ", and at most %" PRIu64
                    " is possible.",
                    name, found.what, found.value, found.limit);
    return TRINE_ERR_FORMAT;
  }
  return TRINE_OK;
}

enum trine_status trine_dump_read(const char *path, struct trine_dump *dump,
                                  struct trine_error *error) {
  uint8_t *bytes = NULL;
  size_t len_bytes = 0;
  *dump = (struct trine_dump){.records = NULL};
  enum trine_status status = trine_file_read(path, MOST_DUMP_BYTES, &bytes, &len_bytes, error);
  if (status == TRINE_OK) {
    status = trine_dump_parse(bytes, len_bytes, path, dump, error);
  }
  free(bytes);
  return status;
}

enum trine_status trine_dump_write(const char *path, const struct trine_dump_head *head,
                                   const uint8_t *records, struct trine_error *error) {
  struct trine_dump_head written = *head;
  written.magic = TRINE_DUMP_MAGIC;
  written.version = TRINE_DUMP_VERSION;
  written.zero = 0;
  written.crc = crc_of(&written, records);
  const struct trine_file_buffer buffers[] = {{&written, sizeof written},
                                              {records, (size_t)written.record_bytes}};
  return trine_file_replace(path, buffers, 2, error);
}

void trine_dump_free(struct trine_dump *dump) {
  free(dump->records);
  dump->records = NULL;
}
