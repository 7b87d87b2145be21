/* SPDX-License-Identifier: Apache-2.0 */
/* reshape: operators that only put numbers elsewhere: shapes, order of axes, repetition; see run.h.
 */
#include <stdlib.h>
#include <string.h>

#include "graph/run.h"

/* A shape out of whole numbers, -1 for what is left over; false with the error set. */
static bool wanted_shape(struct run *run, struct value **in, uint32_t *rank, uint32_t *shape) {
  const struct graph_node *node = run->node;
  const bool listed = node->input_count < 2 || in[1] == NULL;
  const struct value *wanted = listed ? NULL : run_ints(run, in, 1);
  size_t count;
  if (listed) {
    count = node->list_count;
  } else if (wanted != NULL) {
    count = wanted->count;
  } else {
    count = 0;
  }
  size_t known = 1;
  uint32_t open = UINT32_MAX;
  if ((!listed && wanted == NULL) || count > GRAPH_MAX_RANK) {
    return !listed && wanted == NULL
               ? false
               : run_refuse(run, "its shape has %zu sizes; at most %d are read", count,
                            GRAPH_MAX_RANK);
  }
  for (uint32_t n = 0; n < count; n++) {
    const int64_t asked = listed ? node->list[n] : wanted->as.ints[n];
    const bool keeps = asked == 0 && node->zero_keeps && n < in[0]->rank;
    const int64_t size = keeps ? in[0]->shape[n] : asked;
    if (size < -1 || size > GRAPH_MAX_ELEMENTS || (size == -1 && open != UINT32_MAX)) {
      return run_refuse(run, "its shape has size %lld in dimension %u; at most %d is read",
                        (long long)size, n, GRAPH_MAX_ELEMENTS);
    }
    open = size == -1 ? n : open;
    shape[n] = size == -1 ? 1 : (uint32_t)size;
    known *= shape[n];
    if (known > GRAPH_MAX_ELEMENTS) {
      return run_refuse(run, "its shape has more than %d elements", GRAPH_MAX_ELEMENTS);
    }
  }
  if (open != UINT32_MAX && known > 0) {
    shape[open] = (uint32_t)(in[0]->count / known);
  }
  *rank = (uint32_t)count;
  return true;
}

static bool expand_dims(struct run *run, struct value **in, uint32_t *rank, uint32_t *shape) {
  const struct value *axes = run_ints(run, in, 1);
  bool is_new[GRAPH_MAX_RANK] = {false};
  if (axes == NULL || axes->count > GRAPH_MAX_RANK - (size_t)in[0]->rank) {
    return axes == NULL ? false
                        : run_refuse(run, "it makes %zu dimensions; at most %d are read",
                                     in[0]->rank + axes->count, GRAPH_MAX_RANK);
  }
  *rank = in[0]->rank + (uint32_t)axes->count;
  for (uint32_t n = 0; n < axes->count; n++) {
    uint32_t at = 0;
    if (!run_axis(run, axes->as.ints[n], *rank, &at)) {
      return false;
    }
    if (is_new[at]) {
      return run_refuse(run, "it names axis %u twice; once is allowed", at);
    }
    is_new[at] = true;
  }
  for (uint32_t n = 0, old = 0; n < *rank; n++) {
    shape[n] = is_new[n] ? 1 : in[0]->shape[old++];
  }
  return true;
}

static bool squeeze(struct run *run, struct value **in, uint32_t *rank, uint32_t *shape) {
  const struct graph_node *node = run->node;
  bool gone[GRAPH_MAX_RANK] = {false};
  for (uint32_t n = 0; n < node->list_count; n++) {
    uint32_t at = 0;
    if (!run_axis(run, node->list[n], in[0]->rank, &at)) {
      return false;
    }
    gone[at] = true;
  }
  *rank = 0;
  for (uint32_t n = 0; n < in[0]->rank; n++) {
    const bool drop = node->list_count == 0 ? in[0]->shape[n] == 1 : gone[n];
    if (drop && in[0]->shape[n] != 1) {
      return run_refuse(run, "it drops dimension %u of size %u; only 1 can be dropped", n,
                        in[0]->shape[n]);
    }
    if (!drop) {
      shape[(*rank)++] = in[0]->shape[n];
    }
  }
  return true;
}

/* Each axis of the result comes from axis `from` of the operand (UINT32_MAX: repeated), entry i of
 * it from start + i * step, modulo the operand's size, or is 0 where `limited` and outside. */
struct axis_map {
  uint32_t rank;
  uint32_t shape[GRAPH_MAX_RANK], from[GRAPH_MAX_RANK];
  int64_t start[GRAPH_MAX_RANK], step[GRAPH_MAX_RANK];
  bool limited;
};

static struct axis_map same_axes(const struct value *value) {
  struct axis_map map = {.rank = value->rank};
  for (uint32_t n = 0; n < value->rank; n++) {
    map.shape[n] = value->shape[n];
    map.from[n] = n;
    map.step[n] = 1;
  }
  return map;
}

/* The operand's item for one index of the result; SIZE_MAX: none. */
static size_t source_of(const struct value *from, const struct axis_map *map,
                        const uint32_t *index) {
  size_t item = 0, stride[GRAPH_MAX_RANK], product = 1;
  for (uint32_t n = from->rank; n-- > 0;) {
    stride[n] = product;
    product *= from->shape[n];
  }
  for (uint32_t n = 0; n < map->rank; n++) {
    if (map->from[n] == UINT32_MAX) {
      continue;
    }
    const int64_t size = from->shape[map->from[n]];
    const int64_t at = map->start[n] + map->step[n] * (int64_t)index[n];
    if (map->limited && (at < 0 || at >= size)) {
      return SIZE_MAX;
    }
    item += (size_t)(((at % size) + size) % size) * stride[map->from[n]];
  }
  return item;
}

static struct value *mapped(struct run *run, struct value *from, const struct axis_map *map) {
  size_t count = 1;
  uint32_t index[GRAPH_MAX_RANK] = {0};
  for (uint32_t n = 0; n < map->rank; n++) {
    count *= map->shape[n];
    if (count > GRAPH_MAX_ELEMENTS) {
      (void)run_refuse(run, "it makes more than %d elements, the limit of one tensor",
                       GRAPH_MAX_ELEMENTS);
      return NULL;
    }
  }
  if (from->kind == VALUE_LIST || from->kind == VALUE_HANDLE || (from->count == 0 && count > 0)) {
    (void)run_refuse(run, "it takes numbers, of which its operand has %d", 0);
    return NULL;
  }
  size_t *numbers = run_numbers(run, count);
  for (size_t n = 0; numbers != NULL && n < count; n++) {
    numbers[n] = source_of(from, map, index);
    for (uint32_t k = map->rank; k-- > 0 && ++index[k] == map->shape[k];) {
      index[k] = 0;
    }
  }
  struct value *made = numbers == NULL ? NULL : run_pick(run, from, map->rank, map->shape, numbers);
  free(numbers);
  return made;
}

static bool transpose(struct run *run, struct value **in, struct axis_map *map) {
  const struct value *order = run_ints(run, in, 1);
  bool seen[GRAPH_MAX_RANK] = {false};
  if (order == NULL || order->count != in[0]->rank) {
    return order == NULL ? false
                         : run_refuse(run, "it orders %zu axes of %u", order->count, in[0]->rank);
  }
  for (uint32_t n = 0; n < in[0]->rank; n++) {
    if (!run_axis(run, order->as.ints[n], in[0]->rank, &map->from[n])) {
      return false;
    }
    if (seen[map->from[n]]) {
      return run_refuse(run, "it names axis %u twice; once is allowed", map->from[n]);
    }
    seen[map->from[n]] = true;
    map->shape[n] = in[0]->shape[map->from[n]];
  }
  return true;
}

static bool reverse(struct run *run, struct value **in, struct axis_map *map) {
  const struct value *axes = run_ints(run, in, 1);
  for (uint32_t n = 0; axes != NULL && n < axes->count; n++) {
    uint32_t at = 0;
    if (!run_axis(run, axes->as.ints[n], in[0]->rank, &at)) {
      return false;
    }
    map->start[at] = (int64_t)in[0]->shape[at] - 1;
    map->step[at] = -1;
  }
  return axes != NULL;
}

static bool broadcast(struct run *run, struct value **in, struct axis_map *map) {
  const struct value *wanted = run_ints(run, in, 1);
  const uint32_t rank = in[0]->rank;
  if (wanted == NULL || wanted->count < rank || wanted->count > GRAPH_MAX_RANK) {
    return wanted == NULL ? false
                          : run_refuse(run, "it broadcasts %u axes over %zu; at most %d are read",
                                       rank, wanted->count, GRAPH_MAX_RANK);
  }
  map->rank = (uint32_t)wanted->count;
  for (uint32_t n = 0; n < map->rank; n++) {
    const uint32_t lead = map->rank - rank;
    const int64_t size = wanted->as.ints[n];
    const uint32_t has = n < lead ? 1 : in[0]->shape[n - lead];
    if (size < 0 || size > GRAPH_MAX_ELEMENTS || (has != 1 && has != size)) {
      return run_refuse(run, "it broadcasts size %u over %lld; only 1 can be broadcast", has,
                        (long long)size);
    }
    map->shape[n] = (uint32_t)size;
    map->from[n] = has == 1 ? UINT32_MAX : n - lead;
    map->step[n] = 1;
  }
  return true;
}

static bool tile(struct run *run, struct value **in, struct axis_map *map) {
  const struct value *times = run_ints(run, in, 1);
  if (times == NULL || times->count != in[0]->rank) {
    return times == NULL ? false
                         : run_refuse(run, "it repeats %zu axes of %u", times->count, in[0]->rank);
  }
  for (uint32_t n = 0; n < in[0]->rank; n++) {
    if (times->as.ints[n] < 0 || times->as.ints[n] > GRAPH_MAX_ELEMENTS ||
        (uint64_t)times->as.ints[n] * map->shape[n] > GRAPH_MAX_ELEMENTS) {
      return run_refuse(run, "it repeats axis %u %lld times; at most %d elements are made", n,
                        (long long)times->as.ints[n], GRAPH_MAX_ELEMENTS);
    }
    map->shape[n] *= (uint32_t)times->as.ints[n];
  }
  return true;
}

static bool pad(struct run *run, struct value **in, struct axis_map *map) {
  const struct value *added = run_ints(run, in, 1);
  if (added == NULL || added->count != 2 * (size_t)in[0]->rank) {
    return added == NULL
               ? false
               : run_refuse(run, "it pads %zu ends of %u axes", added->count, in[0]->rank);
  }
  map->limited = true;
  for (uint32_t n = 0; n < in[0]->rank; n++) {
    const int64_t before = added->as.ints[2 * n], behind = added->as.ints[2 * n + 1];
    if (before < 0 || behind < 0 || before > GRAPH_MAX_ELEMENTS || behind > GRAPH_MAX_ELEMENTS ||
        before + behind + map->shape[n] > GRAPH_MAX_ELEMENTS) {
      return run_refuse(run, "it pads axis %u by %lld and %lld; at most %d elements are made", n,
                        (long long)before, (long long)behind, GRAPH_MAX_ELEMENTS);
    }
    map->start[n] = -before;
    map->shape[n] += (uint32_t)(before + behind);
  }
  return true;
}

bool run_reshape(struct run *run, struct value **in, struct value **out) {
  uint32_t rank = 0, shape[GRAPH_MAX_RANK] = {0};
  bool good = run->node->input_count > 0 && in[0] != NULL;
  if (!good) {
    return run_refuse(run, "it has %u operands; it needs 1", run->node->input_count);
  }
  struct axis_map map = same_axes(in[0]);
  switch (run->node->op) {
    case GRAPH_SAME:
      out[0] = value_share(in[0]);
      return true;
    case GRAPH_RESHAPE:
      good = wanted_shape(run, in, &rank, shape);
      break;
    case GRAPH_EXPAND_DIMS:
      good = expand_dims(run, in, &rank, shape);
      break;
    case GRAPH_SQUEEZE:
      good = squeeze(run, in, &rank, shape);
      break;
    case GRAPH_TRANSPOSE:
      good = transpose(run, in, &map);
      break;
    case GRAPH_REVERSE:
      good = reverse(run, in, &map);
      break;
    case GRAPH_BROADCAST:
      good = broadcast(run, in, &map);
      break;
    case GRAPH_TILE:
      good = tile(run, in, &map);
      break;
    default:
      good = pad(run, in, &map);
      break;
  }
  const bool shapes = run->node->op == GRAPH_RESHAPE || run->node->op == GRAPH_EXPAND_DIMS ||
                      run->node->op == GRAPH_SQUEEZE;
  if (good) {
    out[0] = shapes ? value_reshaped(run, in[0], rank, shape) : mapped(run, in[0], &map);
  }
  return good && out[0] != NULL;
}
