/* SPDX-License-Identifier: Apache-2.0 */
/* tail_model: what the tail must make of random phases, see tail_model.h. */
#include "tail_model.h"

#include <cstring>

namespace {

int pick(seed_stream *rng, int low, int high) {
  return static_cast<int>(seed_uniform(rng, low, high));
}

}  // namespace

tail_model::tail_model(const tail_shape &shape, seed_stream *rng) : shape_(shape), rng_(rng) {
  std::memset(params, 0, sizeof params);
}

/* Mostly rows whose results lie around the int16 range, some with left shifts, some extreme. */
trine_requant tail_model::draw_row() {
  trine_requant row = {};
  row.bias = static_cast<int32_t>(seed_uniform(rng_, -100000, 100000));
  row.multiplier = static_cast<int32_t>(seed_uniform(rng_, 1 << 30, INT32_MAX));
  switch (pick(rng_, 0, 9)) {
    case 0:
      row.shift = static_cast<int8_t>(pick(rng_, 1, 6));
      break;
    case 1:
      row.shift = static_cast<int8_t>(pick(rng_, -31, 30));
      break;
    case 2:
      row.multiplier = 0;
      break;
    default:
      row.shift = static_cast<int8_t>(pick(rng_, -9, -3));
      break;
  }
  return row;
}

int32_t tail_model::draw_acc(const trine_requant &row) {
  if (pick(rng_, 0, 15) == 0) {
    return static_cast<int32_t>(seed_next(rng_));
  }
  int32_t range = row.shift > 0 ? 60000 >> row.shift : 1 << 20;
  return static_cast<int32_t>(seed_uniform(rng_, -range, range));
}

void tail_model::draw_context(int index) {
  context &ctx = contexts_[index];
  tail_phase &phase = ctx.phase;
  int group_units;
  phase = {};
  phase.ctx = index;
  phase.dense = pick(rng_, 0, 3) == 0;
  group_units = phase.dense ? shape_.lanes : shape_.lanes / 4;
  phase.units = pick(rng_, 1, MAX_UNITS);
  phase.groups = (phase.units + group_units - 1) / group_units;
  phase.first_unit = pick(rng_, 0, 5) * group_units;
  phase.param_base = index * PARAM_ROWS / CONTEXTS / shape_.tail_rows;
  ctx.param_h = phase.param_base + phase.groups * shape_.lanes / shape_.tail_rows;
  phase.pre_base = index * (ENTRIES / CONTEXTS);
  phase.state_addr = index * (ENTRIES / CONTEXTS);
  phase.channel = pick(rng_, 0, 15);
  phase.zero_point = pick(rng_, -128, 127);
  phase.cell_exp = pick(rng_, 0, 6);
  phase.cell_clip = pick(rng_, 0, 1) != 0 ? pick(rng_, 1, 32767) : 0;
  phase.out_min = phase.dense ? pick(rng_, -128, 0) : -128;
  phase.out_max = phase.dense ? pick(rng_, 0, 127) : 127;
  phase.out_mult = pick(rng_, 1 << 30, INT32_MAX);
  phase.out_shift = pick(rng_, 0, 7) == 0 ? pick(rng_, -31, 3) : pick(rng_, -25, -21);
  ctx.cell = {};
  ctx.cell.exponent = static_cast<int8_t>(phase.cell_exp - 15);
  ctx.cell.clip = static_cast<int16_t>(phase.cell_clip);
  ctx.cell.zero_point = static_cast<int8_t>(phase.zero_point);
  ctx.cell.out.multiplier = phase.out_mult;
  ctx.cell.out.shift = static_cast<int8_t>(phase.out_shift);
  ctx.half_done = ctx.waiting = false;
  ctx.first = true;
}

void tail_model::start() {
  words.clear();
  units.clear();
  for (trine_requant &row : params) {
    row = draw_row();
  }
  for (int i = 0; i < ENTRIES; i++) {
    c[i] = static_cast<int16_t>(seed_next(rng_));
    h_known[i] = false;
  }
  for (int i = 0; i < CONTEXTS; i++) {
    draw_context(i);
  }
  for (context &ctx : contexts_) {
    if (!ctx.phase.dense) {
      continue;
    }
    /* Output bytes: results around the int8 range. */
    int first = ctx.phase.param_base * shape_.tail_rows;
    for (int i = 0; i < ctx.phase.groups * shape_.lanes; i++) {
      int8_t *shift = &params[first + i].shift;
      if (*shift < -2 && *shift > -20) {
        *shift = static_cast<int8_t>(*shift - 7);
      }
    }
  }
}

void tail_model::publish(const tail_phase &phase, const int8_t *bytes) {
  tail_word word = {};
  for (int u = 0; u < phase.units; u++) {
    int place = phase.first_unit + u;
    word.be |= 1u << (place % shape_.bus_bytes);
    word.data[place % shape_.bus_bytes] = static_cast<uint8_t>(bytes[u]);
    word.ends_phase = u == phase.units - 1;
    if (word.ends_phase || place % shape_.bus_bytes == shape_.bus_bytes - 1) {
      word.ctx = phase.ctx;
      word.channel = phase.channel;
      word.slot = phase.slot;
      word.first = phase.first;
      word.last = phase.last;
      word.place = place / shape_.bus_bytes;
      words.push_back(word);
      word = {};
    }
  }
}

void tail_model::run(context *ctx, tail_phase *phase) {
  int8_t bytes[MAX_UNITS];
  int rows_a_unit = phase->dense ? 1 : 4;
  phase->acc.assign(static_cast<size_t>(phase->groups), std::vector<int32_t>(shape_.lanes));
  int row = phase->param_base * shape_.tail_rows;
  for (auto &group : phase->acc) {
    for (int32_t &acc : group) {
      acc = draw_acc(params[row++]);
    }
  }
  for (int u = 0; u < phase->units; u++) {
    int32_t result[4];
    for (int g = 0; g < rows_a_unit; g++) {
      int n = u * rows_a_unit + g;
      const trine_requant &param = params[phase->param_base * shape_.tail_rows + n];
      int32_t acc = phase->acc[static_cast<size_t>(n / shape_.lanes)][n % shape_.lanes];
      result[g] = trine_requantise(trine_wrap_add(acc, param.bias), param.multiplier, param.shift);
    }
    if (phase->dense) {
      int64_t value = static_cast<int64_t>(result[0]) + phase->zero_point;
      if (value < phase->out_min) {
        bytes[u] = static_cast<int8_t>(phase->out_min);
      } else if (value > phase->out_max) {
        bytes[u] = static_cast<int8_t>(phase->out_max);
      } else {
        bytes[u] = static_cast<int8_t>(value);
      }
      continue;
    }
    if (!phase->second) {
      for (int g = 0; g < 4; g++) {
        ctx->pre[u][g] = trine_sat16(result[g]);
      }
      continue;
    }
    tail_unit unit = {phase->ctx, phase->first_unit + u, phase->first, phase->last, {}, 0, 0};
    int32_t gate[4];
    unsigned events = 0;
    int entry = phase->state_addr + u;
    for (int g = 0; g < 4; g++) {
      unit.pre[g] = trine_preactivation(ctx->pre[u][g], result[g], shape_.cmsis, &events);
    }
    trine_gates(unit.pre, gate);
    unit.c = trine_cell_update(&ctx->cell, gate, phase->use_cell ? c[entry] : int16_t{0}, &events);
    unit.h = trine_hidden_output(&ctx->cell, gate[TRINE_GATE_O], unit.c);
    c[entry] = unit.c;
    h[entry] = bytes[u] = unit.h;
    h_known[entry] = true;
    units.push_back(unit);
  }
  if (phase->dense || phase->second) {
    publish(*phase, bytes);
  }
}

bool tail_model::next(tail_phase *phase) {
  int start = pick(rng_, 0, CONTEXTS - 1);
  for (int i = 0; i < CONTEXTS; i++) {
    context &ctx = contexts_[(start + i) % CONTEXTS];
    if (!ctx.phase.dense && ctx.half_done && ctx.waiting) {
      continue;
    }
    *phase = ctx.phase;
    phase->slot = pick(rng_, 0, 15);
    phase->first = pick(rng_, 0, 1) != 0;
    phase->last = pick(rng_, 0, 1) != 0;
    phase->use_cell = pick(rng_, 0, 3) != 0;
    if (!phase->dense) {
      phase->second = ctx.half_done;
      phase->h_part = ctx.half_done ? !ctx.h_done : pick(rng_, 0, 1) != 0;
      if (phase->h_part) {
        phase->param_base = ctx.param_h;
      }
      ctx.waiting = ctx.waiting || ctx.half_done;
      ctx.half_done = !ctx.half_done;
      ctx.h_done = phase->h_part;
    }
    run(&ctx, phase);
    return true;
  }
  return false;
}
