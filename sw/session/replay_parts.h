/* SPDX-License-Identifier: Apache-2.0 */
/* replay_parts: what the files of session/replay.h share. */
#ifndef TRINE_REPLAY_PARTS_H
#define TRINE_REPLAY_PARTS_H

#include "session/replay.h"
#include "sim/sim_backend.h"

/* How the records of a dump are played. */
struct replay_how {
  bool puts_back; /* an error of memory */
  uint64_t fault_base;
  uint32_t fault_bytes;
  uint64_t fault_after; /* cycles after the last START */
  const char *wave;     /* NULL: none */
  uint64_t wave_start, wave_cycles;
};

/* What came of it. */
struct replay_end {
  uint64_t start_cycle, end_cycle;
  bool is_off; /* it left the record before the end, why */
  bool has_failed_access;
  bool has_state;
  struct trine_dump_state state;
  char why[TRINE_REPLAY_TEXT_BYTES];
};

/* Plays a dump on a new chip of a configuration. */
enum trine_status replay_play(const struct trine_dump *dump, const char *config,
                              const struct replay_how *how, struct replay_end *end,
                              struct trine_error *error) TRINE_CHECK_RESULT;

/* Whether the end is that of the dump; text says so, or the first point that differs. */
bool replay_compare(const struct trine_dump *dump, const struct replay_end *end,
                    char text[TRINE_REPLAY_TEXT_BYTES]);
/* What may be the reason that it is not. */
void replay_reason(const struct trine_dump *dump, const struct replay_end *end,
                   char why[TRINE_REPLAY_TEXT_BYTES]);

#endif
