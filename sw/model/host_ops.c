/* SPDX-License-Identifier: Apache-2.0 */
/* host_ops: views, concatenation, tables of bytes and operators on rows. */
#include "model/host_ops.h"

#include <math.h>
#include <string.h>

#include "golden/fixed.h"
#include "model/heads.h"
#include "model/rounding.h"

static uint64_t extent_at(struct extent extent, uint32_t steps) {
  return extent.n * (extent.time ? steps : 1);
}

void host_view(const struct view *view, uint32_t steps, const int8_t *in, int8_t *out) {
  int64_t strides[TFLITE_MAX_RANK] = {0}, moves[TFLITE_MAX_RANK] = {0};
  uint64_t sizes[TFLITE_MAX_RANK] = {0}, index[TFLITE_MAX_RANK] = {0};
  int64_t stride = 1, place = 0;
  uint64_t total = 1;
  for (uint32_t i = view->source_rank; i-- > 0;) {
    const struct view_source *source = &view->source[i];
    const int64_t size = (int64_t)extent_at(source->size, steps);
    strides[i] = stride * source->step;
    place += stride * (source->first + (source->from_end ? size : 0));
    stride *= size;
  }
  for (uint32_t i = 0; i < view->rank; i++) {
    sizes[i] = extent_at(view->out[i].size, steps);
    moves[i] = view->out[i].from < 0 ? 0 : strides[view->out[i].from];
    total *= sizes[i];
  }
  for (uint64_t n = 0; n < total; n++) {
    out[n] = in[place];
    for (uint32_t i = view->rank; i-- > 0;) {
      place += moves[i];
      if (++index[i] < sizes[i]) {
        break;
      }
      place -= moves[i] * (int64_t)sizes[i];
      index[i] = 0;
    }
  }
}

void host_concat(const struct concat *concat, uint32_t steps, const int8_t *const *in,
                 int8_t *out) {
  const uint64_t outer = extent_at(concat->outer, steps);
  for (uint64_t n = 0; n < outer; n++) {
    for (uint32_t i = 0; i < concat->source_count; i++) {
      const size_t run = (size_t)extent_at(concat->inner[i], steps); /* of a slot in memory */
      memcpy(out, in[i] + n * run, run);
      out += run;
    }
  }
}

void host_rows(const struct host_rows *rows, uint32_t steps, const int8_t *in, int8_t *out) {
  const uint64_t count = extent_at(rows->rows, steps);
  for (uint64_t n = 0; n < count; n++) {
    const int8_t *row = in + n * rows->width;
    if (rows->exp != NULL) {
      heads_softmax(rows->exp, rows->width, row, out + n * rows->width);
      continue;
    }
    const int32_t index = (int32_t)heads_arg_max(row, rows->width);
    const int64_t wide = index;
    memcpy(out + n * rows->index_bytes, rows->index_bytes == 4 ? (const void *)&index : &wide,
           rows->index_bytes);
  }
}

static bool source_is_whole(const struct view_source *source) {
  return source->first == 0 && !source->from_end && source->step == 1;
}

/* Whether the output's axes are the source's, in order, leaving out those of one place and
 * `except`, with every place of all but `except`. */
static bool view_keeps_order(const struct view *view, int except) {
  int next = 0;
  for (uint32_t i = 0; i < view->rank; i++) {
    const int from = view->out[i].from;
    if (from < 0 && (view->out[i].size.time || view->out[i].size.n != 1)) {
      return false; /* it repeats */
    }
    if (from < 0 || from == except) {
      continue;
    }
    if (!view->out[i].size.time && view->out[i].size.n == 1) {
      continue;
    }
    if (from < next) {
      return false;
    }
    next = from + 1;
  }
  for (uint32_t i = 0; i < view->source_rank; i++) {
    const struct view_source *source = &view->source[i];
    const bool single = !source->size.time && source->size.n == 1;
    if ((int)i == except || single) {
      continue;
    }
    bool found = false;
    for (uint32_t k = 0; k < view->rank; k++) {
      found =
          found || (view->out[k].from == (int)i && view->out[k].size.time == source->size.time &&
                    view->out[k].size.n == source->size.n);
    }
    if (!found || !source_is_whole(source)) {
      return false;
    }
  }
  return true;
}

/* The axis of time alone that every other axis with more than one place follows, or -1. */
static int leading_time(const struct view *view) {
  for (uint32_t i = 0; i < view->source_rank; i++) {
    if (view->source[i].size.time) {
      return view->source[i].size.n == 1 ? (int)i : -1;
    }
    if (view->source[i].size.n != 1) {
      return -1;
    }
  }
  return -1;
}

bool view_is_identity(const struct view *view) {
  return view_keeps_order(view, -1);
}

bool view_is_reversal(const struct view *view) {
  const int time = leading_time(view);
  if (time < 0 || !view_keeps_order(view, time)) {
    return false;
  }
  const struct view_source *source = &view->source[time];
  if (source->step != -1 || !source->from_end || source->first != -1) {
    return false;
  }
  for (uint32_t i = 0; i < view->rank; i++) {
    if (view->out[i].from == time) {
      return view->out[i].size.time;
    }
    if (view->out[i].size.n != 1) {
      return false; /* time has to lead in the output too */
    }
  }
  return false;
}

bool view_is_last_step(const struct view *view) {
  const int time = leading_time(view);
  if (time < 0 || !view_keeps_order(view, time)) {
    return false;
  }
  const struct view_source *source = &view->source[time];
  if (!source->from_end || source->first != -1) {
    return false;
  }
  for (uint32_t i = 0; i < view->rank; i++) {
    if (view->out[i].size.time) {
      return false;
    }
    if (view->out[i].from == time && view->out[i].size.n != 1) {
      return false;
    }
  }
  return true;
}

int8_t host_quantize(float value, struct quant to) {
  const struct trine_rounding byte = {to.scale, to.zero_point, INT8_MIN, INT8_MAX};
  return (int8_t)trine_round(value, &byte);
}

float host_dequantize(int8_t value, struct quant from) {
  return (float)((double)from.scale * (value - from.zero_point));
}

void host_table_float(struct quant from, struct quant to, int8_t table[256]) {
  for (int i = 0; i < 256; i++) {
    table[i] = host_quantize(host_dequantize((int8_t)(i - 128), from), to);
  }
}

bool host_table_requantize(struct quant from, struct quant to, int8_t table[256]) {
  int32_t multiplier = 0;
  int8_t shift = 0;
  if (!prepare_multiplier((double)from.scale / (double)to.scale, &multiplier, &shift)) {
    return false;
  }
  /* The largest difference from a zero point is 255: it may be shifted left by 23 at most. */
  if (shift > 23) {
    return false;
  }
  for (int i = 0; i < 256; i++) {
    const int32_t value = trine_requantise(i - 128 - from.zero_point, multiplier, shift);
    const int64_t sum = (int64_t)value + to.zero_point;
    table[i] = trine_sat8(sum);
  }
  return true;
}

bool host_table_leaky(struct quant from, struct quant to, float alpha, int8_t table[256]) {
  int32_t multipliers[2] = {0, 0}; /* of what is below zero, and of the rest */
  int8_t shifts[2] = {0, 0};
  const double factor = (double)from.scale / (double)to.scale;
  const double factors[2] = {(double)from.scale * (double)alpha / (double)to.scale, factor};
  for (int n = 0; n < 2; n++) {
    if (factors[n] != 0.0 && !prepare_multiplier(factors[n], &multipliers[n], &shifts[n])) {
      return false;
    }
    if (shifts[n] > 23) {
      return false;
    }
  }
  for (int i = 0; i < 256; i++) {
    const int32_t value = i - 128 - from.zero_point;
    const int side = value >= 0;
    table[i] = trine_sat8((int64_t)trine_requantise(value, multipliers[side], shifts[side]) +
                          to.zero_point);
  }
  return true;
}

bool host_table_elu(struct quant from, struct quant to, int8_t table[256]) {
  const float inverse = 1.0F / to.scale;
  for (int i = 0; i < 256; i++) {
    const float value = from.scale * (float)(i - 128 - from.zero_point);
    const float bent = value < 0.0F ? expf(value) - 1.0F : value;
    const float whole = roundf(bent * inverse) + (float)to.zero_point;
    if (!(fabsf(whole) < 0x1p31F)) {
      return false;
    }
    table[i] = trine_sat8((int64_t)whole);
  }
  return true;
}
