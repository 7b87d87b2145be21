/* SPDX-License-Identifier: Apache-2.0 */
/* tail_model: what trine_tail must do with a random sequence of phases, from the golden functions.
 *
 * A scenario draws contexts (LSTM slices and dense layers) with parameters and states, then phases
 * of them in a legal order. For each phase drawn it fixes the accumulators and, in order, the bus
 * words and finished units to be seen. */
#ifndef TRINE_TAIL_MODEL_H
#define TRINE_TAIL_MODEL_H

#include <cstdint>
#include <deque>
#include <vector>

extern "C" {
#include "golden/fixed.h"
#include "support/seed.h"
}

struct tail_shape {
  int lanes, tail_rows, bus_bytes, cmsis;
};

/* The fields of trine_pkg::phase_t, and what the tail keeps by context. */
struct tail_phase {
  bool dense, h_part, second, use_cell, first, last; /* second: half of its step */
  int ctx, groups, units, first_unit, param_base, pre_base, state_addr, channel, slot;
  int zero_point, cell_exp, cell_clip, out_min, out_max, out_mult, out_shift;
  std::vector<std::vector<int32_t>> acc; /* [groups][lanes] */
};

struct tail_word {
  int ctx, channel, slot, place;
  bool first, last;
  uint32_t be;
  uint8_t data[64];
  bool ends_phase;
};

struct tail_unit {
  int ctx, unit;
  bool first, last;
  int16_t pre[4];
  int16_t c;
  int8_t h;
};

class tail_model {
 public:
  static constexpr int CONTEXTS = 4;
  static constexpr int PARAM_ROWS = 512;
  static constexpr int ENTRIES = 64; /* pre-activations and states */
  static constexpr int MAX_UNITS = 14;

  tail_model(const tail_shape &shape, seed_stream *rng);

  /* A new scenario: contexts, parameters and states. */
  void start();
  /* The next phase of a random context that may run; false if none may now. */
  bool next(tail_phase *phase);
  /* The last word of a step was seen: the context's next h part may run. */
  void step_seen(int ctx) {
    contexts_[ctx].waiting = false;
  }

  const tail_phase &constants(int ctx) const {
    return contexts_[ctx].phase;
  }

  trine_requant params[PARAM_ROWS];
  int16_t c[ENTRIES] = {};
  int8_t h[ENTRIES] = {};
  bool h_known[ENTRIES] = {};
  std::deque<tail_word> words;
  std::deque<tail_unit> units;

 private:
  struct context {
    tail_phase phase; /* constants of every phase of it */
    trine_cell cell;
    int param_h;
    bool half_done, h_done, waiting, first;
    int16_t pre[MAX_UNITS][4];
  };

  void draw_context(int index);
  int32_t draw_acc(const trine_requant &row);
  trine_requant draw_row();
  void run(context *ctx, tail_phase *phase);
  void publish(const tail_phase &phase, const int8_t *bytes);

  tail_shape shape_;
  seed_stream *rng_;
  context contexts_[CONTEXTS] = {};
};

#endif
