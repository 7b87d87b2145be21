/* SPDX-License-Identifier: Apache-2.0 */
/* recorder: writes down what passes a bus, and asks for the state when something fails; see
 * recorder.h. */
#include "dump/recorder.h"

#include <stdlib.h>
#include <string.h>

#include "dump/log.h"
#include "trine_regs.h"

/* Registers that say what a slot runs: CORE_MASK to PROGRAM. */
enum { SET_UP = TRINE_DOMAIN_CONTROL / 4 };

/* A slot as the record has it. */
struct recorded_slot {
  uint32_t set_up[SET_UP];     /* as last written */
  uint32_t loaded_for[SET_UP]; /* when it was loaded */
  bool is_loaded;
  uint32_t loader, latest; /* numbers of starts in the log */
  uint32_t lister;         /* of the START whose lists the cores have, for a REPEAT */
};

/* Where the last failure is. */
struct failure {
  bool is_there;
  enum trine_dump_failure kind;
  uint32_t slot;
  uint64_t access;
  bool has_state;
  struct trine_dump_state state;
  uint64_t bytes; /* of the log, when it happened */
  uint32_t starts;
};

struct trine_recorder {
  struct trine_bus bus;
  uint64_t limit;
  struct dump_log log;
  uint32_t at_work; /* slots that were started and not seen at rest */
  uint32_t last;    /* slot that was started last */
  struct recorded_slot slots[TRINE_MAX_CORES];
  struct failure failure;
};

/* --- What fails --- */

/* The state is asked for first: what comes next may change it. What follows a failure before
 * something else is started is its consequence. */
static void note_failure(struct trine_recorder *recorder, enum trine_dump_failure kind,
                         uint32_t slot, uint64_t access) {
  struct failure *failure = &recorder->failure;
  if (failure->is_there && failure->starts == recorder->log.starts) {
    return;
  }
  recorder->log.last = recorder->log.size; /* nothing is joined to what the dump has */
  *failure = (struct failure){.is_there = true,
                              .kind = kind,
                              .slot = slot,
                              .access = access,
                              .bytes = recorder->log.size,
                              .starts = recorder->log.starts};
  failure->has_state = trine_dump_look(&recorder->bus, slot, &failure->state) == TRINE_OK;
}

static void note_access(struct trine_recorder *recorder, uint64_t addr, bool is_register) {
  const uint64_t page = is_register ? addr / TRINE_DOMAIN_PAGE : 0;
  const bool is_of_slot = page >= 1 && page <= TRINE_MAX_CORES;
  note_failure(recorder, TRINE_DUMP_ACCESS, is_of_slot ? (uint32_t)page - 1 : recorder->last, addr);
}

/* --- What passes --- */

static enum trine_status record_read32(void *ctx, uint32_t addr, uint32_t *value) {
  struct trine_recorder *recorder = ctx;
  const enum trine_status status = recorder->bus.read32(recorder->bus.ctx, addr, value);
  const int slot = trine_dump_slot_of(addr, TRINE_DOMAIN_STATUS);
  const uint32_t bit = slot >= 0 ? UINT32_C(1) << slot : 0;
  if (status != TRINE_OK) {
    dump_log_add(&recorder->log, TRINE_DUMP_READ, addr, 1, NULL);
    note_access(recorder, addr, true);
    return status;
  }
  if ((recorder->at_work & bit) != 0 && !trine_dump_is_at_work(*value)) {
    dump_log_add(&recorder->log, TRINE_DUMP_REST, addr, *value, NULL);
    recorder->at_work &= ~bit;
    if ((*value & TRINE_DOMAIN_STATUS_STATE_MASK) != TRINE_DOMAIN_STATUS_STATE_DONE) {
      note_failure(recorder, TRINE_DUMP_ERROR, (uint32_t)slot, 0);
    }
  } else if (recorder->at_work != 0) {
    dump_log_add(&recorder->log, TRINE_DUMP_READ, addr, 1, NULL);
  }
  return status;
}

/* Leaves out what is not needed any more: all but the starts that loaded what slots have, those
 * whose lists they have, and those that are at work. */
static void shorten(struct trine_recorder *recorder) {
  uint32_t kept[3 * TRINE_MAX_CORES] = {0}, count = 0;
  for (uint32_t number = 0; number < recorder->log.starts; number++) {
    bool is_kept = false;
    for (uint32_t s = 0; s < TRINE_MAX_CORES; s++) {
      const struct recorded_slot *slot = &recorder->slots[s];
      is_kept = is_kept ||
                (slot->is_loaded && (slot->loader == number || slot->lister == number)) ||
                ((recorder->at_work >> s & 1) != 0 && slot->latest == number);
    }
    if (is_kept) {
      kept[count++] = number;
    }
  }
  struct recorded_slot before[TRINE_MAX_CORES];
  uint32_t now[3 * TRINE_MAX_CORES];
  memcpy(before, recorder->slots, sizeof before);
  memcpy(now, kept, sizeof now);
  dump_log_fold(&recorder->log, now, count);
  for (uint32_t s = 0; s < TRINE_MAX_CORES; s++) {
    for (uint32_t n = 0; n < count; n++) {
      struct recorded_slot *slot = &recorder->slots[s];
      slot->loader = before[s].loader == kept[n] ? now[n] : slot->loader;
      slot->latest = before[s].latest == kept[n] ? now[n] : slot->latest;
      slot->lister = before[s].lister == kept[n] ? now[n] : slot->lister;
    }
  }
  recorder->failure.is_there = false;
  recorder->log.is_lost = recorder->log.is_lost || recorder->log.size > recorder->limit;
}

/* A slot is about to start: what is on its cores is its own from now on. */
static void note_start(struct trine_recorder *recorder, uint32_t number, bool has_list) {
  struct recorded_slot *slot = &recorder->slots[number];
  if (recorder->log.size > recorder->limit && !recorder->log.is_lost) {
    shorten(recorder);
  }
  for (uint32_t s = 0; s < TRINE_MAX_CORES; s++) {
    if (s != number && (recorder->slots[s].set_up[0] & slot->set_up[0]) != 0) {
      recorder->slots[s].is_loaded = false;
    }
  }
  if (!slot->is_loaded || memcmp(slot->set_up, slot->loaded_for, sizeof slot->set_up) != 0) {
    slot->is_loaded = true;
    memcpy(slot->loaded_for, slot->set_up, sizeof slot->set_up);
    slot->loader = recorder->log.starts;
  }
  slot->latest = recorder->log.starts;
  slot->lister = has_list ? slot->latest : slot->lister;
  recorder->at_work |= UINT32_C(1) << number;
  recorder->last = number;
}

static enum trine_status record_write32(void *ctx, uint32_t addr, uint32_t value) {
  struct trine_recorder *recorder = ctx;
  const uint32_t page = addr / TRINE_DOMAIN_PAGE, word = addr % TRINE_DOMAIN_PAGE / 4;
  const int slot = trine_dump_slot_of(addr, TRINE_DOMAIN_CONTROL);
  const bool is_started = slot >= 0 && (recorder->at_work >> slot & 1) != 0;
  if (slot >= 0 && (value & TRINE_DOMAIN_CONTROL_FORGET_MASK) != 0) {
    recorder->slots[slot].is_loaded = false; /* the next start loads, whatever is left out */
  }
  if (slot >= 0 && (value & TRINE_DUMP_STARTS) != 0) {
    note_start(recorder, (uint32_t)slot, (value & TRINE_DOMAIN_CONTROL_START_MASK) != 0);
  } else if (is_started && (value & TRINE_DOMAIN_CONTROL_ABORT_MASK) != 0) {
    note_failure(recorder, TRINE_DUMP_STOPPED, (uint32_t)slot, 0);
    recorder->at_work &= ~(UINT32_C(1) << slot);
  } else if (page >= 1 && page <= TRINE_MAX_CORES && word < SET_UP) {
    recorder->slots[page - 1].set_up[word] = value;
  }
  dump_log_add(&recorder->log, TRINE_DUMP_WRITE, addr, value, NULL);
  const enum trine_status status = recorder->bus.write32(recorder->bus.ctx, addr, value);
  if (status != TRINE_OK) {
    note_access(recorder, addr, true);
  }
  return status;
}

static enum trine_status record_mem_read(void *ctx, uint64_t addr, void *data, size_t len_bytes) {
  struct trine_recorder *recorder = ctx;
  const enum trine_status status = recorder->bus.mem_read(recorder->bus.ctx, addr, data, len_bytes);
  if (status != TRINE_OK) {
    note_access(recorder, addr, false);
  }
  return status;
}

static enum trine_status record_mem_write(void *ctx, uint64_t addr, const void *data,
                                          size_t len_bytes) {
  struct trine_recorder *recorder = ctx;
  enum { PART = 1 << 30 };
  for (size_t done = 0; done < len_bytes;) {
    const size_t part = len_bytes - done < PART ? len_bytes - done : PART;
    dump_log_add(&recorder->log, TRINE_DUMP_MEMORY, addr + done, (uint32_t)part,
                 (const uint8_t *)data + done);
    done += part;
  }
  const enum trine_status status =
      recorder->bus.mem_write(recorder->bus.ctx, addr, data, len_bytes);
  if (status != TRINE_OK) {
    note_access(recorder, addr, false);
  }
  return status;
}

static enum trine_status record_wait(void *ctx, uint32_t timeout_ms) {
  struct trine_recorder *recorder = ctx;
  if (recorder->at_work != 0) {
    dump_log_add(&recorder->log, TRINE_DUMP_WAIT, 0, timeout_ms, NULL);
  }
  const enum trine_status status = recorder->bus.wait(recorder->bus.ctx, timeout_ms);
  if (status != TRINE_OK && status != TRINE_ERR_TIMEOUT) {
    note_access(recorder, 0, false);
  }
  return status;
}

static uint64_t record_now_us(void *ctx) {
  const struct trine_recorder *recorder = ctx;
  return recorder->bus.now_us(recorder->bus.ctx);
}

/* --- Open and close --- */

enum trine_status trine_recorder_open(const struct trine_bus *bus, uint64_t limit_bytes,
                                      struct trine_recorder **recorder, struct trine_error *error) {
  *recorder = calloc(1, sizeof **recorder);
  if (*recorder == NULL) {
    trine_error_set(error, "There is no memory for the record of a device.");
    return TRINE_ERR_MEMORY;
  }
  (*recorder)->bus = *bus;
  (*recorder)->limit = limit_bytes != 0 ? limit_bytes : TRINE_RECORDER_BYTES;
  return TRINE_OK;
}

void trine_recorder_close(struct trine_recorder *recorder) {
  if (recorder != NULL) {
    dump_log_free(&recorder->log);
    free(recorder);
  }
}

struct trine_bus trine_recorder_bus(struct trine_recorder *recorder) {
  struct trine_bus bus = {.ctx = recorder,
                          .read32 = record_read32,
                          .write32 = record_write32,
                          .mem_read = record_mem_read,
                          .mem_write = record_mem_write,
                          .wait = record_wait,
                          .now_us = recorder->bus.now_us != NULL ? record_now_us : NULL};
  return bus;
}

bool trine_recorder_has_failure(const struct trine_recorder *recorder) {
  return recorder != NULL && recorder->failure.is_there;
}

enum trine_status trine_recorder_save(const struct trine_recorder *recorder,
                                      const struct trine_dump_head *origin, const char *path,
                                      struct trine_error *error) {
  const struct failure *failure = &recorder->failure;
  if (!failure->is_there) {
    trine_error_set(error, "%.120s is not written: a dump needs a run that failed, and none has.",
                    path);
    return TRINE_ERR_ARG;
  }
  if (recorder->log.is_lost) {
    trine_error_set(error,
                    "%.120s is not written: there was no memory for the record of the run, or it "
                    "has more than its %llu bytes; run less at once.",
                    path, (unsigned long long)recorder->limit);
    return TRINE_ERR_MEMORY;
  }
  struct trine_dump_head head = *origin;
  head.failure = failure->kind;
  head.slot = failure->slot;
  head.access = failure->access;
  head.has_state = failure->has_state;
  head.state = failure->state;
  head.record_bytes = failure->bytes;
  head.starts = failure->starts;
  head.left_out = recorder->log.dropped;
  return trine_dump_write(path, &head, recorder->log.bytes, error);
}
