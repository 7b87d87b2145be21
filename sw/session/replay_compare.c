/* SPDX-License-Identifier: Apache-2.0 */
/* replay_compare: the end of a replay against that of the dump, as one sentence; see
 * replay_parts.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "io/text.h"
#include "session/replay_parts.h"
#include "trine_regs.h"

static const char *const counter_names[] = {"CYCLES", "MAC", "INPUT",  "H",    "ROOM",
                                            "TAIL",   "BUS", "MEMORY", "IDLE", "SWITCH"};
_Static_assert(sizeof counter_names / sizeof counter_names[0] == TRINE_COUNTERS,
               "each counter has a name");

const char *trine_replay_error_name(uint32_t code) {
  static const struct {
    uint32_t code;
    const char *name;
  } names[] = {
#define NAME(name, number, sentence) {number, #name},
      TRINE_ERROR_LIST(NAME)
#undef NAME
  };
  for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
    if (names[n].code == code) {
      return names[n].name;
    }
  }
  return "unknown";
}

const char *trine_replay_failure(const struct trine_dump *dump,
                                 char text[TRINE_REPLAY_TEXT_BYTES]) {
  const struct trine_dump_state *state = &dump->head.state;
  char cycles[TRINE_TEXT_NUMBER];
  (void)trine_text_number(cycles, state->cycles);
  if (dump->head.failure == TRINE_DUMP_ACCESS) {
    (void)snprintf(text, TRINE_REPLAY_TEXT_BYTES, "an access at 0x%" PRIx64 " failed",
                   dump->head.access);
  } else if (!dump->head.has_state) {
    (void)snprintf(text, TRINE_REPLAY_TEXT_BYTES, "a device that did not say why");
  } else if (dump->head.failure == TRINE_DUMP_STOPPED) {
    (void)snprintf(text, TRINE_REPLAY_TEXT_BYTES,
                   "stopped by the time limit, still at work at cycle %s", cycles);
  } else {
    (void)snprintf(text, TRINE_REPLAY_TEXT_BYTES,
                   "error %" PRIu32 " %s on core %" PRIu32 " at word %" PRIu32
                   ", address 0x%" PRIx64 ", cycle %s",
                   state->error_code, trine_replay_error_name(state->error_code), state->error_core,
                   state->error_op, state->error_address, cycles);
  }
  return text;
}

/* The address of an error, as in a memory that begins at 0. */
static uint64_t address_of(const struct trine_dump_state *state, uint64_t memory_base) {
  const bool is_absolute = state->error_code == TRINE_ERROR_BUS_READ ||
                           state->error_code == TRINE_ERROR_BUS_WRITE ||
                           state->error_code == TRINE_ERROR_WINDOW_ALIGN;
  return state->error_address - (is_absolute ? memory_base : 0);
}

/* A point in which two states may differ. */
struct replay_point {
  const char *name;
  uint64_t there, here;
};

static bool differ(const struct replay_point *point, char text[TRINE_REPLAY_TEXT_BYTES]) {
  char there[TRINE_TEXT_NUMBER], here[TRINE_TEXT_NUMBER];
  if (point->there == point->here) {
    return false;
  }
  (void)snprintf(text, TRINE_REPLAY_TEXT_BYTES,
                 "it differs in its %s: %s on the device, %s in simulation", point->name,
                 trine_text_number(there, point->there), trine_text_number(here, point->here));
  return true;
}

static bool differ_in_counters(const struct trine_dump_state *there,
                               const struct trine_dump_state *here,
                               char text[TRINE_REPLAY_TEXT_BYTES]) {
  for (uint32_t rank = 0; rank < TRINE_MAX_CORES; rank++) {
    for (uint32_t n = 0; n < TRINE_COUNTERS; n++) {
      char name[40];
      (void)snprintf(name, sizeof name, "counter %s of rank %" PRIu32, counter_names[n], rank);
      const struct replay_point point = {name, there->counters[rank][n], here->counters[rank][n]};
      if (differ(&point, text)) {
        return true;
      }
    }
  }
  return false;
}

static bool compare_errors(const struct trine_dump *dump, const struct replay_end *end,
                           char text[TRINE_REPLAY_TEXT_BYTES]) {
  const struct trine_dump_state *there = &dump->head.state, *here = &end->state;
  const uint32_t mask = TRINE_DOMAIN_STATUS_STATE_MASK;
  char cycles[TRINE_TEXT_NUMBER];
  (void)trine_text_number(cycles, here->cycles);
  if ((here->status & mask) == TRINE_DOMAIN_STATUS_STATE_DONE) {
    (void)snprintf(text, TRINE_REPLAY_TEXT_BYTES,
                   "it differs: in simulation the run is done, without an error, at cycle %s",
                   cycles);
    return false;
  }
  if (trine_dump_is_at_work(here->status)) {
    (void)snprintf(text, TRINE_REPLAY_TEXT_BYTES,
                   "it differs: in simulation it is still at work at cycle %s", cycles);
    return false;
  }
  const struct replay_point points[] = {
      {"state", there->status & mask, here->status & mask},
      {"error code", there->error_code, here->error_code},
      {"core", there->error_core, here->error_core},
      {"word of the list", there->error_op, here->error_op},
      {"address", address_of(there, dump->head.memory_base), address_of(here, 0)},
      {"cycle", there->cycles, here->cycles},
      {"cycles of loading", there->load_cycles, here->load_cycles}};
  for (size_t n = 0; n < sizeof points / sizeof points[0]; n++) {
    if (differ(&points[n], text)) {
      return false;
    }
  }
  if (differ_in_counters(there, here, text)) {
    return false;
  }
  (void)snprintf(text, TRINE_REPLAY_TEXT_BYTES, "the same error at the same cycle %s", cycles);
  return true;
}

static bool compare_stopped(const struct trine_dump *dump, const struct replay_end *end,
                            char text[TRINE_REPLAY_TEXT_BYTES]) {
  char there[TRINE_TEXT_NUMBER], here[TRINE_TEXT_NUMBER];
  (void)trine_text_number(there, dump->head.state.cycles);
  (void)trine_text_number(here, end->state.cycles);
  if (!trine_dump_is_at_work(end->state.status)) {
    (void)snprintf(text, TRINE_REPLAY_TEXT_BYTES,
                   "it differs: the device was still at work at cycle %s; in simulation it ends at "
                   "cycle %s",
                   there, here);
    return false;
  }
  (void)snprintf(text, TRINE_REPLAY_TEXT_BYTES,
                 "the same: still at work at cycle %s, looked at up to cycle %s", there, here);
  return true;
}

static bool compare_access(const struct trine_dump *dump, const struct replay_end *end,
                           char text[TRINE_REPLAY_TEXT_BYTES]) {
  char here[TRINE_TEXT_NUMBER];
  const uint64_t since = end->end_cycle - end->start_cycle;
  if (!end->has_failed_access) {
    (void)snprintf(text, TRINE_REPLAY_TEXT_BYTES,
                   "it differs: the access at 0x%" PRIx64 " that failed is answered in simulation",
                   dump->head.access);
    return false;
  }
  (void)snprintf(text, TRINE_REPLAY_TEXT_BYTES,
                 "the same access fails, %s cycles after the last start",
                 trine_text_number(here, since));
  return true;
}

bool replay_compare(const struct trine_dump *dump, const struct replay_end *end,
                    char text[TRINE_REPLAY_TEXT_BYTES]) {
  if (end->is_off) {
    (void)snprintf(text, TRINE_REPLAY_TEXT_BYTES, "it differs: %.350s", end->why);
    return false;
  }
  if (dump->head.failure == TRINE_DUMP_ACCESS) {
    return compare_access(dump, end, text);
  }
  if (!dump->head.has_state || !end->has_state) {
    (void)snprintf(text, TRINE_REPLAY_TEXT_BYTES,
                   "it cannot be compared: %s did not say what its state was",
                   dump->head.has_state ? "the simulated chip" : "the device");
    return false;
  }
  return dump->head.failure == TRINE_DUMP_STOPPED ? compare_stopped(dump, end, text)
                                                  : compare_errors(dump, end, text);
}

void replay_reason(const struct trine_dump *dump, const struct replay_end *end,
                   char why[TRINE_REPLAY_TEXT_BYTES]) {
  const struct trine_dump_head *head = &dump->head;
  const bool is_same_error = end->has_state && head->failure == TRINE_DUMP_ERROR &&
                             end->state.error_code == head->state.error_code;
  const char *text;
  if (head->left_out > 0) {
    (void)snprintf(why, TRINE_REPLAY_TEXT_BYTES,
                   "the dump has left out %" PRIu32 " starts, with what they left in the cores",
                   head->left_out);
    return;
  }
  if (is_same_error) {
    text =
        "the memory of the device is slower or faster than the simulated one, whose latency is "
        "10 cycles and which gives a beat a cycle, or answered its error in another beat";
  } else if (head->failure == TRINE_DUMP_ACCESS) {
    text = "a wire, a power supply or another process is no part of a dump";
  } else {
    text =
        "what failed is no part of a dump: bytes that memory or a wire changed, a clock that is "
        "too fast, another process";
  }
  (void)snprintf(why, TRINE_REPLAY_TEXT_BYTES, "%s", text);
}
