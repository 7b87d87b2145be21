/* SPDX-License-Identifier: Apache-2.0 */
/* watched_bus: the bus of a runtime_case, with every access noted. */
#ifndef TRINE_WATCHED_BUS_H
#define TRINE_WATCHED_BUS_H

#include "support/checked/runtime_case.h"

enum { WATCHED_EVENTS = 4096, WATCHED_BASE = 4096 };
enum watched_what { REG_READ, REG_WRITE, MEM_READ, MEM_WRITE, WAIT, CLEAN, INVALIDATE };

struct watched_event {
  enum watched_what what;
  uint64_t at, len; /* a register and its value, or bytes of memory */
};

/* One at a time in a process. */
struct watched {
  struct watched_event event[WATCHED_EVENTS];
  uint32_t count;
  uint32_t busy_looks; /* STATUS reads as running so often after each START */
  uint32_t busy_left;
  bool enable_fails;      /* reading IRQ_ENABLE does */
  struct trine_bus below; /* the fake's own */
};
extern struct watched watched;

/* A case (runtime_create) under such a bus, its window at WATCHED_BASE; mapped: memory is, with the
 * hooks for a cache. */
void watched_create(struct runtime_case *made, struct seed_stream *stream, enum trine_mode mode,
                    bool mapped);
/* Room in the window for so many rows of every tensor. */
void watched_room(struct runtime_case *made, uint32_t rows);
/* How many events there are of a kind that touch [at, at + len); *last is the last of them. */
uint32_t watched_count(enum watched_what what, uint64_t at, uint64_t len, uint32_t *last);
uint32_t watched_all(enum watched_what what);

#endif
