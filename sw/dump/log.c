/* SPDX-License-Identifier: Apache-2.0 */
/* log: records one behind the other; see log.h. */
#include "dump/log.h"

#include <stdlib.h>
#include <string.h>

#include "trine_regs.h"

_Static_assert(TRINE_DUMP_STARTS ==
                   (TRINE_DOMAIN_CONTROL_START_MASK | TRINE_DOMAIN_CONTROL_REPEAT_MASK),
               "what starts a run");

enum { FIRST_ROOM = 4096, HEAD_WORDS = 4 };

void dump_log_free(struct dump_log *log) {
  free(log->bytes);
  *log = (struct dump_log){.bytes = NULL};
}

static bool has_room(struct dump_log *log, uint64_t bytes) {
  uint64_t room = log->room == 0 ? FIRST_ROOM : log->room;
  while (room < log->size + bytes) {
    room *= 2;
  }
  if (room != log->room && !log->is_lost) {
    uint8_t *grown = room <= SIZE_MAX / 2 ? realloc(log->bytes, (size_t)room) : NULL;
    log->is_lost = grown == NULL;
    log->bytes = grown != NULL ? grown : log->bytes;
    log->room = grown != NULL ? room : log->room;
  }
  return !log->is_lost;
}

static void put(struct dump_log *log, const void *data, uint64_t bytes) {
  memcpy(log->bytes + log->size, data, (size_t)bytes);
  log->size += bytes;
}

static bool is_start(const struct trine_dump_record *record) {
  return record->kind == TRINE_DUMP_WRITE && (record->value & TRINE_DUMP_STARTS) != 0 &&
         trine_dump_slot_of(record->addr, TRINE_DOMAIN_CONTROL) >= 0;
}

/* Adds it to the last record, if it is one more of the same. */
static bool join(struct dump_log *log, const struct trine_dump_record *added) {
  struct trine_dump_record last;
  uint64_t at = log->last;
  if (log->size == 0 || !trine_dump_next(log->bytes, log->size, &at, &last) ||
      last.kind != added->kind) {
    return false;
  }
  const uint64_t sum = (uint64_t)last.value + added->value;
  const bool is_read = last.kind == TRINE_DUMP_READ && last.addr == added->addr;
  const bool is_memory =
      last.kind == TRINE_DUMP_MEMORY && last.addr + last.value == added->addr && added->value > 0;
  if (sum > UINT32_MAX / 2 || (!is_read && !is_memory)) {
    return false;
  }
  const uint32_t value = (uint32_t)sum;
  const uint32_t word = is_memory ? 3 : 2;
  memcpy(log->bytes + log->last + sizeof value * word, &value, sizeof value);
  if (is_memory) {
    put(log, added->data, added->value);
  }
  return true;
}

static void add(struct dump_log *log, const struct trine_dump_record *record) {
  const uint32_t memory[HEAD_WORDS] = {record->kind, (uint32_t)record->addr,
                                       (uint32_t)(record->addr >> 32), record->value};
  const uint32_t wait[] = {record->kind, record->value};
  const uint32_t other[] = {record->kind, (uint32_t)record->addr, record->value};
  const uint64_t data_bytes = record->kind == TRINE_DUMP_MEMORY ? record->value : 0;
  if (!has_room(log, sizeof memory + data_bytes) || join(log, record)) {
    return;
  }
  log->last = log->size;
  log->starts += is_start(record);
  if (record->kind == TRINE_DUMP_MEMORY) {
    put(log, memory, sizeof memory);
    put(log, record->data, data_bytes);
  } else if (record->kind == TRINE_DUMP_WAIT) {
    put(log, wait, sizeof wait);
  } else {
    put(log, other, sizeof other);
  }
}

void dump_log_add(struct dump_log *log, enum trine_dump_kind kind, uint64_t addr, uint32_t value,
                  const void *data) {
  const struct trine_dump_record record = {kind, addr, value, data};
  add(log, &record);
}

/* --- Leaving out --- */

/* A write of memory between two starts that are kept. */
struct write {
  uint64_t addr;
  uint32_t bytes;
  size_t index; /* of the record */
};

/* What a pass over the records knows, and makes. */
struct fold {
  uint32_t *kept, count, seen, found; /* numbers of starts */
  uint32_t at_work, gone;             /* slots: of a start that is kept, of one that is not */
  bool *is_dropped;                   /* [records] */
  struct write *writes;               /* [records]: since the last start that is kept */
  size_t write_count;
};

static int compare(const void *one, const void *other) {
  const struct write *a = one, *b = other;
  if (a->addr != b->addr) {
    return a->addr < b->addr ? -1 : 1;
  }
  if (a->bytes != b->bytes) {
    return a->bytes < b->bytes ? -1 : 1;
  }
  return a->index < b->index ? -1 : 1;
}

/* Drops the writes that a later one of the same bytes undoes. */
static void drop_undone(struct fold *fold) {
  const struct write *writes = fold->writes;
  qsort(fold->writes, fold->write_count, sizeof *writes, compare);
  for (size_t n = 0; n + 1 < fold->write_count; n++) {
    if (writes[n].addr == writes[n + 1].addr && writes[n].bytes == writes[n + 1].bytes) {
      fold->is_dropped[writes[n].index] = true;
    }
  }
  fold->write_count = 0;
}

/* Whether a START or REPEAT is one that is kept. */
static bool keeps_start(struct fold *fold, uint32_t slot) {
  const bool is_kept = fold->found < fold->count && fold->kept[fold->found] == fold->seen;
  const uint32_t bit = UINT32_C(1) << slot;
  fold->seen++;
  if (is_kept) {
    drop_undone(fold);
    fold->at_work |= bit;
    fold->gone &= ~bit;
    fold->kept[fold->found] = fold->found;
    fold->found++;
  } else {
    fold->at_work &= ~bit;
    fold->gone |= bit;
  }
  return is_kept;
}

/* Whether a record stays. */
static bool stays(struct fold *fold, const struct trine_dump_record *record, size_t index) {
  const int of_status = trine_dump_slot_of(record->addr, TRINE_DOMAIN_STATUS);
  if (record->kind == TRINE_DUMP_MEMORY) {
    fold->writes[fold->write_count++] = (struct write){record->addr, record->value, index};
    return true;
  }
  if (is_start(record)) {
    return keeps_start(fold, (uint32_t)trine_dump_slot_of(record->addr, TRINE_DOMAIN_CONTROL));
  }
  if (record->kind == TRINE_DUMP_REST && of_status >= 0) {
    fold->at_work &= ~(UINT32_C(1) << of_status);
    return (fold->gone >> of_status & 1) == 0;
  }
  return record->kind == TRINE_DUMP_WRITE || fold->at_work != 0;
}

static size_t count_records(const struct dump_log *log) {
  struct trine_dump_record record;
  size_t count = 0;
  for (uint64_t at = 0; trine_dump_next(log->bytes, log->size, &at, &record);) {
    count++;
  }
  return count;
}

void dump_log_fold(struct dump_log *log, uint32_t *kept, uint32_t count) {
  const size_t records = count_records(log);
  struct fold fold = {.kept = kept,
                      .count = count,
                      .is_dropped = calloc(records + 1, sizeof *fold.is_dropped),
                      .writes = calloc(records + 1, sizeof *fold.writes)};
  struct dump_log folded = {.dropped = log->dropped};
  struct trine_dump_record record;
  size_t index = 0;
  if (fold.is_dropped == NULL || fold.writes == NULL) {
    log->is_lost = true;
  } else {
    for (uint64_t at = 0; trine_dump_next(log->bytes, log->size, &at, &record); index++) {
      fold.is_dropped[index] = !stays(&fold, &record, index);
    }
    drop_undone(&fold);
    index = 0;
    for (uint64_t at = 0; trine_dump_next(log->bytes, log->size, &at, &record); index++) {
      if (!fold.is_dropped[index]) {
        add(&folded, &record);
      }
    }
    folded.dropped += log->starts - folded.starts;
    folded.is_lost = folded.is_lost || log->is_lost;
    free(log->bytes);
    *log = folded;
  }
  free(fold.is_dropped);
  free(fold.writes);
}
