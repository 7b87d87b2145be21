/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * replay: what a dump says (dump/dump.h), done again on a simulated chip of the same configuration,
 * and whether it fails there in the same way at the same cycle.
 *
 * An error that the memory answered (BUS_READ, BUS_WRITE) is put back at its address, when the
 * simulated memory does not answer with one by itself. What lies outside chip and memory (a broken
 * wire, a clock, another process) is not in a dump and cannot be done again. Threads: any number,
 * each with a dump of its own. Pointers: not NULL but where it is said. */
#ifndef TRINE_REPLAY_H
#define TRINE_REPLAY_H

#include "dump/dump.h"

#ifdef __cplusplus
extern "C" {
#endif

/** All zero: no waveform. */
struct trine_replay_options {
  const char *wave;     /**< the waveform around the failure, .fst, or NULL */
  uint64_t wave_cycles; /**< before it; 0: TRINE_REPLAY_WAVE_CYCLES */
};

/** Sizes of a replay. */
enum {
  TRINE_REPLAY_WAVE_CYCLES = 2000, /**< of the waveform before the failure, where none are given */
  TRINE_REPLAY_WAVE_AFTER = 200,   /**< and behind it */
  TRINE_REPLAY_TEXT_BYTES = 400    /**< of a sentence, its 0 included */
};

/** What came of it. */
struct trine_replay {
  bool is_same;                  /**< the same failure at the same cycle */
  bool has_state;                /**< whether the simulated chip could still be asked */
  struct trine_dump_state state; /**< what it said then */
  uint64_t start_cycle;          /**< of the simulated chip since its reset, at the last START */
  uint64_t end_cycle;            /**< the same, when it failed or was looked at */
  bool is_put_back;              /**< an error of memory was put back, */
  uint64_t put_back;             /**< at this address of the simulated memory */
  uint64_t wave_start;           /**< of the waveform, in cycles since reset */
  uint64_t wave_end;             /**< of it */
  char text[TRINE_REPLAY_TEXT_BYTES]; /**< one sentence: the same, or the point that differs */
  char why[TRINE_REPLAY_TEXT_BYTES];  /**< of what differs: what may be the reason; else "" */
};

/** Replays a dump. Errors: ARG, NOT_FOUND (no configuration has the dump's hash, or its chip is not
 * built), those of trine_sim_backend_open; FILE (the waveform cannot be written).
 * @param dump that was read
 * @param options NULL: all zero
 * @param replay set
 * @param error the sentence, or NULL
 * @return OK, also when it differs; or an error of those */
enum trine_status trine_replay_run(const struct trine_dump *dump,
                                   const struct trine_replay_options *options,
                                   struct trine_replay *replay,
                                   struct trine_error *error) TRINE_CHECK_RESULT;

/** The failure of a dump in words, without a full stop: "error 27 FIELD on core 0 at word 12,
 * address 0x0, cycle 12,345".
 * @param dump that was read
 * @param text the caller's, written and terminated
 * @return text, valid as long as it */
const char *trine_replay_failure(const struct trine_dump *dump, char text[TRINE_REPLAY_TEXT_BYTES]);

/** The name of an error code; "unknown" for a number that is none.
 * @param code of ERROR_CODE
 * @return static text */
const char *trine_replay_error_name(uint32_t code);

#ifdef __cplusplus
}
#endif

#endif
