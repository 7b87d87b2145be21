/* SPDX-License-Identifier: Apache-2.0 */
/* watch: a bus that knows where memory was written last, and what a slot was started with. */
#ifndef TRINE_REPLAY_WATCH_H
#define TRINE_REPLAY_WATCH_H

#include "trine_bus.h"

struct bus_watch {
  struct trine_bus chip; /* behind it */
  uint64_t at;           /* the last write of memory: before a REPEAT, its rows of input */
  size_t bytes;
  uint32_t started_with; /* CONTROL of any slot, the last that started it */
};

/* All of chip's functions; valid as long as the watch. */
struct trine_bus watch_bus(struct bus_watch *watch);

#endif
