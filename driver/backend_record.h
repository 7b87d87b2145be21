/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * backend_record: a struct trine_bus for tests: it expects an exact list of register accesses, or
 * answers from what was set and records what came. Shared memory is the caller's buffer.
 *
 * Threads: one at a time for each recorder. Pointers: never NULL, and not kept behind the call,
 * unless it is said. */
#ifndef TRINE_BACKEND_RECORD_H
#define TRINE_BACKEND_RECORD_H

#include <stdbool.h>

#include "trine_bus.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What was done. */
enum trine_access_kind {
  TRINE_ACCESS_READ,  /**< read32 */
  TRINE_ACCESS_WRITE, /**< write32 */
  TRINE_ACCESS_WAIT   /**< wait */
};

/** One access: of a register, or a wait (value: timeout_ms). result: what the bus returned. */
struct trine_access {
  enum trine_access_kind kind; /**< what was done */
  uint32_t addr;               /**< of the register */
  uint32_t value;              /**< read or written */
  int result;                  /**< what the bus returned */
};

/** The list, and what came. */
struct trine_record {
  const struct trine_access *expected; /**< NULL: nothing is expected */
  uint32_t expected_count;             /**< entries of it */
  struct trine_access *recorded;       /**< room for recorded_room entries */
  uint32_t recorded_room;              /**< entries it has room for */
  uint32_t recorded_count;             /**< entries that came */
  uint8_t *memory;                     /**< addresses from memory_base on */
  uint64_t memory_base;                /**< address of memory[0] */
  uint64_t memory_bytes;               /**< bytes of memory */
  /** Answers a read that is not on the list of expected ones; NULL: such a read fails. */
  enum trine_status (*answer)(void *answer_ctx, uint32_t addr, uint32_t *value);
  void *answer_ctx; /**< given to answer */
  bool failed;      /**< an access differed from the list, and from then on all fail */
  char error[256];  /**< which, and what was expected */
};

/** The bus; *record and what it points to must outlive it. With a list, every access must be the
 * next of it: a read takes its value from there. Without one, reads are answered by `answer`,
 * waits return 0. All is recorded as far as there is room.
 * @param record what is expected, and room for what comes
 * @return for trine_open */
struct trine_bus trine_record_bus(struct trine_record *record);

/** True when everything expected came and nothing else; else the sentence is in record->error.
 * @param record of the bus
 * @return whether all came */
bool trine_record_complete(struct trine_record *record);

#ifdef __cplusplus
}
#endif

#endif
