/* SPDX-License-Identifier: Apache-2.0 */
/* split: operators that cut values apart along an axis, or put them together; see run.h. */
#include <stdlib.h>
#include <string.h>

#include "graph/run.h"

/* A box of a value: entry i of axis n comes from start[n] + i * step[n]. */
struct box {
  uint32_t shape[GRAPH_MAX_RANK];
  int64_t start[GRAPH_MAX_RANK], step[GRAPH_MAX_RANK];
};

static struct box whole_box(const struct value *value) {
  struct box box = {{0}, {0}, {0}};
  for (uint32_t n = 0; n < value->rank; n++) {
    box.shape[n] = value->shape[n];
    box.step[n] = 1;
  }
  return box;
}

/* The box in a shape of its own, which has as many items; it is within the value. */
static struct value *cut(struct run *run, struct value *from, const struct box *box, uint32_t rank,
                         const uint32_t *shape) {
  size_t stride[GRAPH_MAX_RANK] = {0}, product = 1, count = 1;
  uint32_t index[GRAPH_MAX_RANK] = {0};
  if (from->kind == VALUE_LIST || from->kind == VALUE_HANDLE) {
    (void)run_refuse(run, "it takes numbers, of which its operand has %d", 0);
    return NULL;
  }
  for (uint32_t n = from->rank; n-- > 0;) {
    stride[n] = product;
    product *= from->shape[n];
    count *= box->shape[n];
  }
  size_t *numbers = run_numbers(run, count);
  for (size_t n = 0; numbers != NULL && n < count; n++) {
    for (uint32_t k = 0; k < from->rank; k++) {
      numbers[n] += (size_t)(box->start[k] + box->step[k] * (int64_t)index[k]) * stride[k];
    }
    for (uint32_t k = from->rank; k-- > 0 && ++index[k] == box->shape[k];) {
      index[k] = 0;
    }
  }
  struct value *made = numbers == NULL ? NULL : run_pick(run, from, rank, shape, numbers);
  free(numbers);
  return made;
}

static bool slice(struct run *run, struct value **in, struct value **out) {
  const struct value *begin = run_ints(run, in, 1), *size = run_ints(run, in, 2);
  struct box box = whole_box(in[0]);
  if (begin == NULL || size == NULL) {
    return false;
  }
  if (begin->count != in[0]->rank || size->count != in[0]->rank) {
    return run_refuse(run, "it cuts %zu axes of %u", begin->count, in[0]->rank);
  }
  for (uint32_t n = 0; n < in[0]->rank; n++) {
    const int64_t has = in[0]->shape[n], from = begin->as.ints[n];
    const int64_t wanted = size->as.ints[n] == -1 ? has - from : size->as.ints[n];
    if (from < 0 || from > has || wanted < 0 || wanted > has - from) {
      return run_refuse(run, "it takes %lld from %lld on of axis %u, which has %lld",
                        (long long)wanted, (long long)from, n, (long long)has);
    }
    box.start[n] = from;
    box.shape[n] = (uint32_t)wanted;
  }
  out[0] = cut(run, in[0], &box, in[0]->rank, box.shape);
  return out[0] != NULL;
}

/* One axis of a strided slice: entries from..to by step, clamped as NumPy does. */
static bool strided_axis(struct run *run, uint32_t n, const int64_t *wanted, int64_t has,
                         struct box *box, uint32_t at) {
  const struct graph_node *node = run->node;
  const int64_t step = wanted[2];
  if (step == 0 || step > GRAPH_MAX_ELEMENTS || step < -GRAPH_MAX_ELEMENTS) {
    return run_refuse(run, "its step along axis %u is %lld; it takes 1 to %d or their negatives", n,
                      (long long)step, GRAPH_MAX_ELEMENTS);
  }
  const int64_t low = step > 0 ? 0 : -1, high = step > 0 ? has : has - 1;
  int64_t from = wanted[0] < 0 ? wanted[0] + has : wanted[0];
  int64_t to = wanted[1] < 0 ? wanted[1] + has : wanted[1];
  if ((node->shrink_mask >> n & 1) != 0) {
    if (from < 0 || from >= has) {
      return run_refuse(run, "it takes entry %lld of axis %u, which has %lld", (long long)wanted[0],
                        n, (long long)has);
    }
    box->start[at] = from;
    box->shape[at] = 1;
    return true;
  }
  if (from < low) {
    from = low;
  } else if (from > high) {
    from = high;
  }
  if (to < low) {
    to = low;
  } else if (to > high) {
    to = high;
  }
  if ((node->begin_mask >> n & 1) != 0) {
    if (step > 0) {
      from = 0;
    } else {
      from = has - 1;
    }
  }
  if ((node->end_mask >> n & 1) != 0) {
    if (step > 0) {
      to = has;
    } else {
      to = -1;
    }
  }
  const int64_t span = step > 0 ? to - from : from - to, by = step > 0 ? step : -step;
  box->start[at] = from;
  box->step[at] = step;
  box->shape[at] = span <= 0 ? 0 : (uint32_t)((span + by - 1) / by);
  return true;
}

static bool strided_slice(struct run *run, struct value **in, struct value **out) {
  const struct graph_node *node = run->node;
  const struct value *begin = run_ints(run, in, 1), *end = run_ints(run, in, 2);
  const struct value *step = begin == NULL || end == NULL ? NULL : run_ints(run, in, 3);
  struct box box = whole_box(in[0]);
  uint32_t rank = 0, shape[GRAPH_MAX_RANK] = {0}, at = 0;
  if (step == NULL) {
    return false;
  }
  if (begin->count != end->count || begin->count != step->count || begin->count > 31) {
    return run_refuse(run, "it has %zu begins, %zu ends and %zu steps", begin->count, end->count,
                      step->count);
  }
  for (uint32_t n = 0; n < begin->count; n++) {
    if ((node->ellipsis_mask >> n & 1) != 0) {
      const uint32_t behind = (uint32_t)begin->count - 1 - n;
      while (at + behind < in[0]->rank && rank < GRAPH_MAX_RANK) {
        shape[rank++] = box.shape[at++];
      }
      continue;
    }
    if ((node->new_axis_mask >> n & 1) != 0) {
      if (rank >= GRAPH_MAX_RANK) {
        return run_refuse(run, "it makes more than %d dimensions", GRAPH_MAX_RANK);
      }
      shape[rank++] = 1;
      continue;
    }
    const int64_t wanted[3] = {begin->as.ints[n], end->as.ints[n], step->as.ints[n]};
    if (at >= in[0]->rank || !strided_axis(run, n, wanted, in[0]->shape[at], &box, at)) {
      return at < in[0]->rank
                 ? false
                 : run_refuse(run, "it cuts %zu axes of %u", begin->count, in[0]->rank);
    }
    if ((node->shrink_mask >> n & 1) == 0 && rank < GRAPH_MAX_RANK) {
      shape[rank++] = box.shape[at];
    }
    at++;
  }
  while (at < in[0]->rank && rank < GRAPH_MAX_RANK) {
    shape[rank++] = box.shape[at++];
  }
  out[0] = cut(run, in[0], &box, rank, shape);
  return out[0] != NULL;
}

/* Only the axes that are named are cut. */
static bool slice_axes(struct run *run, struct value **in, struct value **out) {
  const struct value *lists[4] = {NULL};
  struct box box = whole_box(in[0]);
  bool seen[GRAPH_MAX_RANK] = {false};
  for (uint32_t n = 0; n < 4; n++) {
    const bool none = n + 1 >= run->node->input_count || in[n + 1] == NULL;
    lists[n] = none && n > 1 ? NULL : run_ints(run, in, n + 1);
    if (lists[n] == NULL && (!none || n < 2)) {
      return false;
    }
    if (lists[n] != NULL && lists[n]->count != lists[0]->count) {
      return run_refuse(run, "it has %zu starts and %zu ends, axes or steps", lists[0]->count,
                        lists[n]->count);
    }
  }
  for (uint32_t n = 0; n < lists[0]->count; n++) {
    const int64_t wanted[3] = {lists[0]->as.ints[n], lists[1]->as.ints[n],
                               lists[3] == NULL ? 1 : lists[3]->as.ints[n]};
    uint32_t at = 0;
    if (!run_axis(run, lists[2] == NULL ? n : lists[2]->as.ints[n], in[0]->rank, &at)) {
      return false;
    }
    if (seen[at]) {
      return run_refuse(run, "it names axis %u twice; once is allowed", at);
    }
    seen[at] = true;
    if (!strided_axis(run, n, wanted, in[0]->shape[at], &box, at)) {
      return false;
    }
  }
  out[0] = cut(run, in[0], &box, in[0]->rank, box.shape);
  return out[0] != NULL;
}

/* SPLIT, SPLIT_V and UNPACK: one part an output. */
static bool split(struct run *run, struct value **in, struct value **out) {
  const struct graph_node *node = run->node;
  const uint32_t data = node->op == GRAPH_SPLIT ? 1 : 0, count = node->output_count;
  const uint32_t axis_at = node->op == GRAPH_SPLIT ? 0 : 2;
  const struct value *axis = node->op == GRAPH_UNPACK ? NULL : run_ints(run, in, axis_at);
  const struct value *sizes = node->op == GRAPH_SPLIT_V ? run_ints(run, in, 1) : NULL;
  uint32_t at = 0;
  if ((node->op != GRAPH_UNPACK && (axis == NULL || axis->count < 1)) ||
      (node->op == GRAPH_SPLIT_V && sizes == NULL) || data >= node->input_count ||
      in[data] == NULL) {
    return run_refuse(run, "its axis or operand is not known; both have to be");
  }
  struct value *from = in[data];
  struct box box = whole_box(from);
  if (!run_axis(run, axis == NULL ? node->axis : axis->as.ints[0], from->rank, &at)) {
    return false;
  }
  if (count == 0 || (sizes != NULL && sizes->count != count) ||
      (sizes == NULL && from->shape[at] % count != 0) ||
      (node->op == GRAPH_UNPACK && from->shape[at] != count)) {
    return run_refuse(run, "it makes %u parts of axis %u, which has %u", count, at,
                      from->shape[at]);
  }
  int64_t start = 0;
  for (uint32_t n = 0; n < count; n++) {
    const int64_t rest = (int64_t)from->shape[at] - start;
    int64_t size;
    if (sizes == NULL) {
      size = from->shape[at] / count;
    } else if (sizes->as.ints[n] < 0) {
      size = rest;
    } else {
      size = sizes->as.ints[n];
    }
    if (size > rest) {
      return run_refuse(run, "part %u takes %lld of axis %u, which has %lld left", n,
                        (long long)size, at, (long long)rest);
    }
    box.start[at] = start;
    box.shape[at] = (uint32_t)size;
    start += size;
    uint32_t rank = from->rank, shape[GRAPH_MAX_RANK];
    memcpy(shape, box.shape, sizeof shape);
    if (node->op == GRAPH_UNPACK) {
      rank--;
      memmove(shape + at, shape + at + 1, (rank - at) * sizeof *shape);
    }
    out[n] = cut(run, from, &box, rank, shape);
    if (out[n] == NULL) {
      return false;
    }
  }
  return true;
}

bool run_split(struct run *run, struct value **in, struct value **out) {
  const enum graph_op op = run->node->op;
  if (run->node->input_count < 1 || in[0] == NULL) {
    return run_refuse(run, "it has no operand; it needs one");
  }
  if (op == GRAPH_SLICE) {
    return slice(run, in, out);
  }
  if (op == GRAPH_STRIDED_SLICE) {
    return strided_slice(run, in, out);
  }
  if (op == GRAPH_SLICE_AXES) {
    return slice_axes(run, in, out);
  }
  return split(run, in, out);
}
