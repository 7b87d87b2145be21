/* SPDX-License-Identifier: Apache-2.0 */
/* backend_record: a struct trine_bus for tests: it expects an exact list of register accesses, or
 * answers from what was set and records what came. Shared memory is the caller's buffer. */
#ifndef TRINE_BACKEND_RECORD_H
#define TRINE_BACKEND_RECORD_H

#include <stdbool.h>

#include "trine_bus.h"

#ifdef __cplusplus
extern "C" {
#endif

enum trine_access_kind { TRINE_ACCESS_READ, TRINE_ACCESS_WRITE, TRINE_ACCESS_WAIT };

/* One access: of a register, or a wait (value: timeout_ms). result: what the bus returned. */
struct trine_access {
  enum trine_access_kind kind;
  uint32_t addr, value;
  int result;
};

struct trine_record {
  const struct trine_access *expected; /* NULL: nothing is expected */
  uint32_t expected_count;
  struct trine_access *recorded; /* room for recorded_room entries */
  uint32_t recorded_room, recorded_count;
  uint8_t *memory; /* addresses from memory_base on */
  uint64_t memory_base, memory_bytes;
  /* Answers a read that is not on the list of expected ones; NULL: such a read fails. */
  enum trine_status (*answer)(void *answer_ctx, uint32_t addr, uint32_t *value);
  void *answer_ctx;
  bool failed;     /* an access differed from the list, and from then on all fail */
  char error[256]; /* which, and what was expected */
};

/* The bus; *record and what it points to must outlive it. With a list, every access must be the
 * next of it: a read takes its value from there. Without one, reads are answered by `answer`,
 * waits return 0. All is recorded as far as there is room. */
struct trine_bus trine_record_bus(struct trine_record *record);

/* True when everything expected came and nothing else; else the sentence is in record->error. */
bool trine_record_complete(struct trine_record *record);

#ifdef __cplusplus
}
#endif

#endif
