/* SPDX-License-Identifier: Apache-2.0 */
/* log: the records of a recorder, as a dump has them, one behind the other in memory. */
#ifndef TRINE_DUMP_LOG_H
#define TRINE_DUMP_LOG_H

#include "dump/dump.h"

/* All zero: empty. */
struct dump_log {
  uint8_t *bytes;
  uint64_t size, room;
  uint64_t last;    /* where the last record begins; size while there is none */
  uint32_t starts;  /* START written in it */
  uint32_t dropped; /* and dropped from it */
  bool is_lost;     /* there was no memory for all of it */
};

void dump_log_free(struct dump_log *log);

/* Adds a record; data may be NULL but for memory. Reads of one register in a row, and memory that
 * goes on where the record before ends, become one record. */
void dump_log_add(struct dump_log *log, enum trine_dump_kind kind, uint64_t addr, uint32_t value,
                  const void *data);

/* Leaves out all starts but those whose numbers (from 0, of those in the log now) are kept, which
 * are in order, with the waiting for them; memory that nothing kept has read before it was written
 * again goes too. kept[n] becomes the number that the start has now. */
void dump_log_fold(struct dump_log *log, uint32_t *kept, uint32_t count);

#endif
