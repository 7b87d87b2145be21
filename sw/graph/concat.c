/* SPDX-License-Identifier: Apache-2.0 */
/* concat: CONCATENATION, PACK, and GATHER: of known rows, or of a table by symbols; see run.h. */
#include <stdlib.h>
#include <string.h>

#include "graph/run.h"
#include "io/size.h"

/* Numbers before an axis, and from it on. */
static void sides(const struct value *value, uint32_t axis, size_t *outer, size_t *inner) {
  *outer = 1;
  *inner = 1;
  for (uint32_t n = 0; n < value->rank; n++) {
    *(n < axis ? outer : inner) *= value->shape[n];
  }
}

/* All operands of one kind: elements where one of them has any. */
static bool same_kind(struct run *run, struct value **in, uint32_t count, struct value **same) {
  bool mixed = false;
  for (uint32_t n = 0; n < count; n++) {
    if (in[n] == NULL || in[n]->kind == VALUE_LIST || in[n]->kind == VALUE_HANDLE) {
      return run_refuse(run, "operand %u is no tensor of numbers; all have to be", n);
    }
    mixed = mixed || in[n]->kind != in[0]->kind;
  }
  for (uint32_t n = 0; n < count; n++) {
    same[n] = mixed ? value_as_elements(run, in[n]) : value_share(in[n]);
    if (same[n] == NULL) {
      return false;
    }
  }
  return true;
}

/* Copies the operands side by side along an axis into a value of that shape. */
static struct value *side_by_side(struct run *run, struct value **in, uint32_t count, uint32_t axis,
                                  uint32_t rank, const uint32_t *shape) {
  struct value *made = value_new(run, in[0]->kind, rank, shape);
  const size_t item = value_item(in[0]->kind);
  size_t row = 0, outer = 1, inner = 1, at = 0;
  for (uint32_t n = 0; n < count; n++) {
    sides(in[n], axis, &outer, &inner);
    row += inner;
  }
  for (uint32_t n = 0; made != NULL && n < count; n++) {
    sides(in[n], axis, &outer, &inner);
    for (size_t k = 0; k < outer; k++) {
      memcpy((char *)(uintptr_t)made->as.any + (k * row + at) * item,
             (const char *)in[n]->as.any + k * inner * item, inner * item);
    }
    at += inner;
  }
  return made;
}

static bool joined_shape(struct run *run, struct value **in, uint32_t count, int32_t along_axis,
                         bool packs, uint32_t *axis, uint32_t *rank, uint32_t *shape) {
  *rank = in[0]->rank + (packs ? 1 : 0);
  if (*rank > GRAPH_MAX_RANK || !run_axis(run, along_axis, *rank, axis)) {
    return *rank > GRAPH_MAX_RANK ? run_refuse(run, "it makes %u dimensions; at most %d are read",
                                               *rank, GRAPH_MAX_RANK)
                                  : false;
  }
  size_t along = 0;
  for (uint32_t n = 0; n < count; n++) {
    bool fits = in[n]->rank == in[0]->rank;
    for (uint32_t k = 0; k < in[0]->rank && fits; k++) {
      fits = in[n]->shape[k] == in[0]->shape[k] || (!packs && k == *axis);
    }
    if (!fits) {
      return run_refuse(run, "operand %u has another shape than the first; all have to be alike",
                        n);
    }
    along += packs ? 1 : in[n]->shape[*axis];
  }
  if (along > GRAPH_MAX_ELEMENTS) {
    return run_refuse(run, "it makes more than %d elements, the limit", GRAPH_MAX_ELEMENTS);
  }
  for (uint32_t n = 0; n < *rank; n++) {
    if (n == *axis) {
      shape[n] = (uint32_t)along;
    } else {
      shape[n] = in[0]->shape[packs && n > *axis ? n - 1 : n];
    }
  }
  return true;
}

struct value *run_joined(struct run *run, struct value **in, uint32_t count, int32_t along_axis,
                         bool packs) {
  uint32_t axis = 0, rank = 0, shape[GRAPH_MAX_RANK] = {0};
  struct value **same = calloc((size_t)count + 1, sizeof *same), *made = NULL;
  bool good = same != NULL && count > 0;
  if (!good) {
    good = count > 0 ? run_no_memory(run) : run_refuse(run, "it has no operand; it needs one");
  }
  good = good && same_kind(run, in, count, same) &&
         joined_shape(run, same, count, along_axis, packs, &axis, &rank, shape);
  if (good) {
    made = side_by_side(run, same, count, axis, rank, shape);
  }
  for (uint32_t n = 0; same != NULL && n < count; n++) {
    value_drop(run, same[n]);
  }
  free(same);
  return made;
}

static bool join(struct run *run, struct value **in, struct value **out) {
  const struct graph_node *node = run->node;
  out[0] = run_joined(run, in, node->input_count, node->axis, node->op == GRAPH_PACK);
  return out[0] != NULL && run_activate(run, &out[0]);
}

/* Rows of a table of numbers by elements of which some are symbols. */
static bool look_up(struct run *run, struct value *table, struct value *ids, struct value **out) {
  const uint32_t width = table->rank == 2 ? table->shape[1] : 1;
  uint32_t shape[GRAPH_MAX_RANK];
  memcpy(shape, ids->shape, sizeof shape);
  if (table->kind != VALUE_FLOATS || table->rank != 2 || !table->is_borrowed || width == 0 ||
      ids->rank >= GRAPH_MAX_RANK) {
    return run_refuse(run, "only rows of a constant table [symbols,width] are looked up by data");
  }
  shape[ids->rank] = width;
  out[0] = value_new(run, VALUE_ELEMENTS, ids->rank + 1, shape);
  for (size_t n = 0; out[0] != NULL && n < ids->count; n++) {
    const struct element id = ids->as.elements[n];
    struct element *row = out[0]->as.elements + n * width;
    if (id.node == 0) {
      const float at = id.as.number;
      if (!(at >= 0 && at < (float)table->shape[0])) {
        return run_refuse(run, "it takes row %g of %u", (double)at, table->shape[0]);
      }
      for (uint32_t k = 0; k < width; k++) {
        row[k].as.number = table->as.floats[(size_t)at * width + k];
      }
      continue;
    }
    struct symbol *made = symbol_new(run, SYMBOL_TABLE, width, 1);
    if (made == NULL) {
      return false;
    }
    made->runs[0] = (struct symbol_run){id.node, id.as.lane, 1, 1};
    made->w = table->as.floats;
    made->units = table->shape[0];
    symbol_lanes(run, row, width);
  }
  return out[0] != NULL;
}

static bool gathered_shape(struct run *run, const struct value *from, const struct value *ids,
                           uint32_t axis, uint32_t *rank, uint32_t *shape) {
  *rank = from->rank - 1 + ids->rank;
  if (*rank > GRAPH_MAX_RANK) {
    return run_refuse(run, "it makes %u dimensions; at most %d are read", *rank, GRAPH_MAX_RANK);
  }
  for (uint32_t n = 0; n < axis; n++) {
    shape[n] = from->shape[n];
  }
  for (uint32_t n = 0; n < ids->rank; n++) {
    shape[axis + n] = ids->shape[n];
  }
  for (uint32_t n = axis + 1; n < from->rank; n++) {
    shape[n - 1 + ids->rank] = from->shape[n];
  }
  return true;
}

static bool gather(struct run *run, struct value **in, struct value **out) {
  uint32_t axis = 0, rank = 0, shape[GRAPH_MAX_RANK] = {0};
  if (run->node->input_count < 2 || in[0] == NULL || in[1] == NULL || run->node->batch_dims != 0 ||
      in[0]->kind == VALUE_LIST || in[0]->kind == VALUE_HANDLE) {
    return run_refuse(run, "only entries along one axis are taken, and it has batch_dims %d",
                      run->node->batch_dims);
  }
  struct value *from = in[0], *ids = in[1];
  if (!run_axis(run, run->node->axis, from->rank, &axis)) {
    return false;
  }
  if (ids->kind == VALUE_ELEMENTS && axis == 0) {
    return look_up(run, from, ids, out);
  }
  if (ids->kind != VALUE_INTS || !gathered_shape(run, from, ids, axis, &rank, shape)) {
    return ids->kind == VALUE_INTS
               ? false
               : run_refuse(
                     run, "its entries along axis %u depend on the data; only known ones are taken",
                     axis);
  }
  size_t outer = 1, inner = 1, count = 0;
  sides(from, axis, &outer, &inner);
  const size_t size = from->shape[axis];
  inner = size == 0 ? 0 : inner / size;
  if (!trine_size_mul(outer * inner, ids->count, &count) || count > GRAPH_MAX_ELEMENTS) {
    return run_refuse(run, "it makes more than %d elements, the limit", GRAPH_MAX_ELEMENTS);
  }
  size_t *numbers = run_numbers(run, count);
  bool good = numbers != NULL;
  for (size_t n = 0; n < count && good; n++) {
    const size_t row = n / inner;
    const int64_t id = ids->as.ints[row % ids->count];
    const int64_t at = id < 0 ? id + (int64_t)size : id;
    good =
        (at >= 0 && (size_t)at < size) ||
        run_refuse(run, "it takes entry %lld of axis %u, which has %zu", (long long)id, axis, size);
    numbers[n] = good ? (row / ids->count * size + (size_t)at) * inner + n % inner : 0;
  }
  out[0] = good ? run_pick(run, from, rank, shape, numbers) : NULL;
  free(numbers);
  return out[0] != NULL;
}

bool run_concat(struct run *run, struct value **in, struct value **out) {
  return run->node->op == GRAPH_GATHER ? gather(run, in, out) : join(run, in, out);
}
