/* SPDX-License-Identifier: Apache-2.0 */
/* host_math: see host_math.h. */
#include "model/host_math.h"

#include <string.h>

#include "golden/fixed.h"

/* Goes through the places of some axes in order, the last fastest, with a place in each of up to
 * two arrays. */
struct axes_walk {
  uint32_t rank;
  uint64_t size[TFLITE_MAX_RANK], index[TFLITE_MAX_RANK];
  uint64_t stride[2][TFLITE_MAX_RANK], place[2];
};

static uint64_t extent_at(struct extent extent, uint32_t steps) {
  return extent.n * (extent.time ? steps : 1);
}

/* On to the next place; false behind the last one, at the first again. */
static bool walk_on(struct axes_walk *walk) {
  for (uint32_t i = walk->rank; i-- > 0;) {
    for (int a = 0; a < 2; a++) {
      walk->place[a] += walk->stride[a][i];
    }
    if (++walk->index[i] < walk->size[i]) {
      return true;
    }
    for (int a = 0; a < 2; a++) {
      walk->place[a] -= walk->stride[a][i] * walk->size[i];
    }
    walk->index[i] = 0;
  }
  return false;
}

static int32_t difference(const struct host_operand *operand, int8_t byte) {
  return byte - operand->zero_point;
}

static int8_t combine(const struct host_binary *b, int8_t x, int8_t y) {
  const struct host_operand *p = &b->operand[0], *q = &b->operand[1];
  int32_t value;
  if (b->kind == HOST_MUL) {
    value = difference(p, x) * difference(q, y);
  } else {
    const bool squares = b->kind == HOST_SQUARED_DIFFERENCE;
    const int32_t by = 1 << (squares ? HOST_SQUARE_SHIFT : HOST_ADD_SHIFT);
    const int32_t first = trine_requantise(difference(p, x) * by, p->multiplier, p->shift);
    const int32_t second = trine_requantise(difference(q, y) * by, q->multiplier, q->shift);
    value = b->kind == HOST_ADD ? first + second : first - second;
    value = squares ? value * value : value; /* at most (255 * 2^7)^2 */
  }
  const int64_t sum = (int64_t)trine_requantise(value, b->multiplier, b->shift) + b->zero_point;
  if (sum < b->low) {
    return (int8_t)b->low;
  }
  if (sum > b->high) {
    return (int8_t)b->high;
  }
  return (int8_t)sum;
}

void host_binary(const struct host_binary *binary, uint32_t steps, const int8_t *const in[2],
                 int8_t *out) {
  struct axes_walk walk = {.rank = binary->rank};
  const int8_t *from[2];
  for (int a = 0; a < 2; a++) {
    const struct host_operand *operand = &binary->operand[a];
    uint64_t stride = 1;
    from[a] = operand->constant != NULL ? operand->constant : in[a];
    for (uint32_t i = binary->rank; i-- > 0;) {
      walk.size[i] = extent_at(binary->size[i], steps);
      walk.stride[a][i] = operand->along[i] ? stride : 0;
      stride *= operand->along[i] ? walk.size[i] : 1;
    }
  }
  do {
    *out++ = combine(binary, from[0][walk.place[0]], from[1][walk.place[1]]);
  } while (walk_on(&walk));
}

/* All places that make one of the output; walk is over the reduced axes. */
static int8_t reduce_one(const struct host_reduce *reduce, struct axes_walk *walk,
                         const int8_t *in) {
  int32_t sum = 0, places = 0;
  int8_t largest = INT8_MIN, smallest = INT8_MAX;
  do {
    const int8_t byte = in[walk->place[0]];
    largest = byte > largest ? byte : largest;
    smallest = byte < smallest ? byte : smallest;
    sum += byte;
    places++;
  } while (walk_on(walk));
  if (reduce->kind != HOST_SUM) {
    return reduce->kind == HOST_MAX ? largest : smallest;
  }
  const int32_t value =
      trine_requantise(sum - places * reduce->zero_in, reduce->multiplier, reduce->shift);
  return trine_sat8((int64_t)value + reduce->zero_out);
}

void host_reduce(const struct host_reduce *reduce, uint32_t steps, const int8_t *in, int8_t *out) {
  struct axes_walk kept = {.rank = 0}, inner = {.rank = 0};
  uint64_t stride = 1;
  for (uint32_t i = reduce->rank; i-- > 0;) {
    struct axes_walk *walk = reduce->reduced[i] ? &inner : &kept;
    const uint32_t at = walk->rank++; /* the last axis first; turned around below */
    walk->size[at] = extent_at(reduce->size[i], steps);
    walk->stride[0][at] = stride;
    stride *= walk->size[at];
  }
  struct axes_walk ordered = {.rank = kept.rank};
  for (uint32_t i = 0; i < kept.rank; i++) {
    ordered.size[i] = kept.size[kept.rank - 1 - i];
    ordered.stride[0][i] = kept.stride[0][kept.rank - 1 - i];
  }
  do {
    *out++ = reduce_one(reduce, &inner, in + ordered.place[0]);
  } while (walk_on(&ordered));
}

void host_gather(const struct host_gather *gather, uint32_t steps, const int8_t *in, int8_t *out) {
  const uint64_t count = extent_at(gather->tokens, steps);
  for (uint64_t n = 0; n < count; n++) {
    int32_t token = 0;
    memcpy(&token, in + n * sizeof token, sizeof token);
    memcpy(out + n * gather->width, gather->table + (size_t)token * gather->width, gather->width);
  }
}
