/* SPDX-License-Identifier: Apache-2.0 */
/* replay: plays a dump until it fails as it did, with errors of memory put back where they were;
 * see replay.h. */
#include "session/replay.h"

#include <stdio.h>
#include <string.h>

#include "session/config.h"
#include "session/replay_parts.h"
#include "trine_regs.h"

/* A burst; and how long before its error memory may have been read there. */
enum { MOST_BEATS = 16, JUST_BEFORE = 256 };

static bool is_of_memory(const struct trine_dump_head *head) {
  return head->failure == TRINE_DUMP_ERROR && head->has_state &&
         (head->state.error_code == TRINE_ERROR_BUS_READ ||
          head->state.error_code == TRINE_ERROR_BUS_WRITE);
}

/* Puts the error back in a beat of its burst, and plays. */
static enum trine_status try_beat(const struct trine_dump *dump, const char *config, uint32_t width,
                                  uint32_t beat, struct replay_how *how, struct replay_end *end,
                                  struct trine_error *error) {
  const struct trine_dump_head *head = &dump->head;
  const uint64_t burst = (head->state.error_address - head->memory_base) / width * width;
  how->puts_back = true;
  how->fault_base = burst + (uint64_t)beat * width;
  how->fault_bytes = width;
  return replay_play(dump, config, how, end, error);
}

/* The beats in the order in which they are tried: first by how many cycles later the run, its
 * loading or one of its cores ends there than with the error in the first beat. */
static void order_beats(const struct trine_dump_state *there, const struct trine_dump_state *here,
                        uint32_t beats[MOST_BEATS]) {
  const uint64_t later[] = {there->cycles - here->cycles, there->load_cycles - here->load_cycles,
                            there->counters[0][0] - here->counters[0][0],
                            there->counters[1][0] - here->counters[1][0]};
  const uint32_t guesses = sizeof later / sizeof later[0];
  uint32_t taken = 0, count = 0;
  for (uint32_t n = 0; n < guesses + MOST_BEATS; n++) {
    const uint64_t beat = n < guesses ? later[n] : n - guesses;
    if (beat < MOST_BEATS && (taken >> beat & 1) == 0) {
      taken |= UINT32_C(1) << beat;
      beats[count++] = (uint32_t)beat;
    }
  }
}

/* Puts an error of memory back: from the last START on or, where the address is read before, from
 * shortly before it came. A dump has the burst and not the beat, so they are tried. Where none is
 * the one, it is the first. */
static enum trine_status search(const struct trine_dump *dump, const char *config,
                                struct replay_how *how, struct replay_end *end,
                                struct trine_error *error) {
  const uint64_t cycles = dump->head.state.cycles;
  const uint32_t width = trine_config_of(dump->head.config_hash)->mem_bytes;
  const uint64_t after[] = {0, cycles > JUST_BEFORE ? cycles - JUST_BEFORE : 0};
  char text[TRINE_REPLAY_TEXT_BYTES];
  for (uint32_t n = 0; n < 2 && (n == 0 || after[n] > 0); n++) {
    uint32_t beats[MOST_BEATS];
    how->fault_after = after[n];
    enum trine_status status = try_beat(dump, config, width, 0, how, end, error);
    if (status != TRINE_OK || replay_compare(dump, end, text)) {
      return status;
    }
    order_beats(&dump->head.state, &end->state, beats);
    for (uint32_t k = 0; k < MOST_BEATS; k++) {
      status = try_beat(dump, config, width, beats[k], how, end, error);
      if (status != TRINE_OK || replay_compare(dump, end, text)) {
        return status;
      }
    }
  }
  how->fault_after = 0;
  return try_beat(dump, config, width, 0, how, end, error);
}

/* The same once more, with the waveform around its end. */
static enum trine_status trace(const struct trine_dump *dump, const char *config,
                               const struct trine_replay_options *options, struct replay_how *how,
                               struct replay_end *end, struct trine_replay *replay,
                               struct trine_error *error) {
  const uint64_t before =
      options->wave_cycles != 0 ? options->wave_cycles : TRINE_REPLAY_WAVE_CYCLES;
  how->wave = options->wave;
  how->wave_start = end->end_cycle > before ? end->end_cycle - before : 0;
  how->wave_cycles = end->end_cycle + TRINE_REPLAY_WAVE_AFTER - how->wave_start;
  replay->wave_start = how->wave_start;
  replay->wave_end = how->wave_start + how->wave_cycles;
  return replay_play(dump, config, how, end, error);
}

enum trine_status trine_replay_run(const struct trine_dump *dump,
                                   const struct trine_replay_options *options,
                                   struct trine_replay *replay, struct trine_error *error) {
  static const struct trine_replay_options none = {.wave = NULL};
  struct replay_how how = {.wave = NULL};
  struct replay_end end = {.start_cycle = 0};
  *replay = (struct trine_replay){.is_same = false};
  if (options == NULL) {
    options = &none;
  }
  const struct trine_config_row *config = trine_config_of(dump->head.config_hash);
  if (config == NULL) {
    trine_error_set(error,
                    "The dump is of a configuration with the hash 0x%08x; none of rtl/configs.txt "
                    "has it: add the one it was made with (%.60s).",
                    dump->head.config_hash, dump->head.config);
    return TRINE_ERR_NOT_FOUND;
  }
  enum trine_status status = replay_play(dump, config->name, &how, &end, error);
  if (status == TRINE_OK) {
    replay->is_same = replay_compare(dump, &end, replay->text);
    if (!replay->is_same && is_of_memory(&dump->head)) {
      status = search(dump, config->name, &how, &end, error);
    }
  }
  if (status == TRINE_OK && options->wave != NULL) {
    status = trace(dump, config->name, options, &how, &end, replay, error);
  }
  if (status != TRINE_OK) {
    return status;
  }
  replay->is_same = replay_compare(dump, &end, replay->text);
  if (!replay->is_same) {
    replay_reason(dump, &end, replay->why);
  }
  replay->has_state = end.has_state;
  replay->state = end.state;
  replay->start_cycle = end.start_cycle;
  replay->end_cycle = end.end_cycle;
  replay->is_put_back = how.puts_back;
  replay->put_back = how.fault_base;
  return TRINE_OK;
}
