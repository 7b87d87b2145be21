/* SPDX-License-Identifier: Apache-2.0 */
/* lists: lists of tensors, as TensorFlow's TensorList and ONNX's sequences are; see run.h. */
#include <stdlib.h>

#include "graph/run.h"

/* Entry n of a list, as a constant said; false with the error set. */
static bool list_index(struct run *run, struct value **in, size_t room, size_t *index) {
  const struct value *at = run_ints(run, in, 1);
  if (at == NULL) {
    return false;
  }
  *index = at->count == 1 && at->as.ints[0] >= 0 ? (size_t)at->as.ints[0] : SIZE_MAX;
  return *index < room || run_refuse(run, "it takes entry %lld of a list of %zu",
                                     at->count == 1 ? (long long)at->as.ints[0] : -1LL, room);
}

static bool list_set(struct run *run, struct value **in, struct value **out) {
  const struct value *list = in[0];
  size_t index = 0;
  if (run->node->input_count < 3 || in[2] == NULL || in[2]->kind == VALUE_LIST ||
      in[2]->kind == VALUE_HANDLE) {
    return run_refuse(run, "it sets no tensor of numbers; it needs one");
  }
  const uint32_t grown = (uint32_t)list->count + 1; /* one behind the end makes the list longer */
  if (!list_index(run, in, grown, &index)) {
    return false;
  }
  const uint32_t count = index == list->count ? grown : (uint32_t)list->count;
  out[0] = value_new(run, VALUE_LIST, 1, &count);
  for (uint32_t n = 0; out[0] != NULL && n < count; n++) {
    struct value *entry = n == index ? in[2] : list->as.list[n];
    out[0]->as.list[n] = entry == NULL ? NULL : value_share(entry);
  }
  return out[0] != NULL;
}

static bool list_reserve(struct run *run, struct value **in, struct value **out) {
  const struct value *room = run_ints(run, in, 1);
  if (room == NULL) {
    return false;
  }
  if (room->count != 1 || room->as.ints[0] < 0 || room->as.ints[0] > 1 << 20) {
    return run_refuse(run, "it makes a list of %lld; at most %d are read",
                      room->count == 1 ? (long long)room->as.ints[0] : -1LL, 1 << 20);
  }
  const uint32_t count = (uint32_t)room->as.ints[0];
  out[0] = value_new(run, VALUE_LIST, 1, &count);
  return out[0] != NULL;
}

/* Entry n of a tensor's first axis. */
static struct value *entry_of(struct run *run, struct value *from, uint32_t n) {
  const size_t size = from->shape[0] == 0 ? 0 : from->count / from->shape[0];
  size_t *numbers = run_numbers(run, size);
  for (size_t k = 0; numbers != NULL && k < size; k++) {
    numbers[k] = n * size + k;
  }
  struct value *made =
      numbers == NULL ? NULL : run_pick(run, from, from->rank - 1, from->shape + 1, numbers);
  free(numbers);
  return made;
}

static bool list_from(struct run *run, struct value **in, struct value **out) {
  struct value *from = in[0];
  if (from->rank < 1 || from->kind == VALUE_LIST || from->kind == VALUE_HANDLE) {
    return run_refuse(run, "it takes apart a tensor of %u dimensions; it needs 1", from->rank);
  }
  out[0] = value_new(run, VALUE_LIST, 1, from->shape);
  for (uint32_t n = 0; out[0] != NULL && n < from->shape[0]; n++) {
    out[0]->as.list[n] = entry_of(run, from, n);
    if (out[0]->as.list[n] == NULL) {
      return false;
    }
  }
  return out[0] != NULL;
}

/* A list of the operands. */
static bool list_of(struct run *run, struct value **in, struct value **out) {
  const uint32_t count = run->node->input_count;
  out[0] = value_new(run, VALUE_LIST, 1, &count);
  for (uint32_t n = 0; out[0] != NULL && n < count; n++) {
    if (in[n] == NULL || in[n]->kind == VALUE_LIST || in[n]->kind == VALUE_HANDLE) {
      return run_refuse(run, "operand %u is no tensor of numbers; all have to be", n);
    }
    out[0]->as.list[n] = value_share(in[n]);
  }
  return out[0] != NULL;
}

/* A list with one more entry, at the end or before another. */
static bool list_insert(struct run *run, struct value **in, struct value **out) {
  const struct value *list = in[0];
  const uint32_t count = (uint32_t)list->count + 1;
  const bool is_last = run->node->input_count < 3 || in[2] == NULL;
  const struct value *at = is_last ? NULL : run_ints(run, in, 2);
  if (run->node->input_count < 2 || in[1] == NULL || in[1]->kind == VALUE_LIST ||
      in[1]->kind == VALUE_HANDLE) {
    return run_refuse(run, "it sets no tensor of numbers; it needs one");
  }
  if (!is_last && at == NULL) {
    return false;
  }
  const int64_t said = is_last || at->count != 1 ? (int64_t)list->count : at->as.ints[0];
  const int64_t place = said < 0 ? said + (int64_t)list->count : said;
  if (place < 0 || place > (int64_t)list->count) {
    return run_refuse(run, "it takes entry %lld of a list of %zu", (long long)said, list->count);
  }
  out[0] = value_new(run, VALUE_LIST, 1, &count);
  for (uint32_t n = 0; out[0] != NULL && n < count; n++) {
    const uint32_t from = n < place ? n : n - 1;
    struct value *entry = n == place ? in[1] : list->as.list[from];
    out[0]->as.list[n] = entry == NULL ? NULL : value_share(entry);
  }
  return out[0] != NULL;
}

/* Entries first..first + size - 1 of an axis, which goes when it is one and not kept. */
static struct value *part_of(struct run *run, struct value *from, uint32_t axis, uint32_t first,
                             uint32_t size) {
  const bool keeps = run->node->keep_dims;
  size_t outer = 1, inner = 1;
  uint32_t rank = 0, shape[GRAPH_MAX_RANK] = {0};
  for (uint32_t n = 0; n < from->rank; n++) {
    outer *= n < axis ? from->shape[n] : 1;
    inner *= n > axis ? from->shape[n] : 1;
    if (n != axis || keeps) {
      shape[rank++] = n == axis ? size : from->shape[n];
    }
  }
  size_t *numbers = run_numbers(run, outer * inner * size);
  for (size_t n = 0; numbers != NULL && n < outer * inner * size; n++) {
    const size_t o = n / (inner * size);
    numbers[n] = (o * from->shape[axis] + first) * inner + n % (inner * size);
  }
  struct value *made = numbers == NULL ? NULL : run_pick(run, from, rank, shape, numbers);
  free(numbers);
  return made;
}

/* A tensor as a list of parts along an axis: of one size, or of sizes. */
static bool list_split(struct run *run, struct value **in, struct value **out) {
  struct value *from = in[0];
  const bool is_given = run->node->input_count > 1 && in[1] != NULL;
  const struct value *sizes = is_given ? run_ints(run, in, 1) : NULL;
  uint32_t axis = 0;
  if ((is_given && sizes == NULL) || !run_axis(run, run->node->axis, from->rank, &axis)) {
    return false;
  }
  const int64_t has = from->shape[axis];
  const bool lists = is_given && sizes->rank > 0;
  const int64_t each = is_given && !lists ? sizes->as.ints[0] : 1;
  if (each < 1 || has < 1) {
    return run_refuse(run, "it makes parts of %lld of axis %u, which has %lld; both are 1 or more",
                      (long long)each, axis, (long long)has);
  }
  const uint32_t count = (uint32_t)(lists ? (int64_t)sizes->count : (has + each - 1) / each);
  int64_t first = 0;
  out[0] = value_new(run, VALUE_LIST, 1, &count);
  for (uint32_t n = 0; out[0] != NULL && n < count; n++) {
    const int64_t rest = has - first, wanted = lists ? sizes->as.ints[n] : each;
    const int64_t size = !lists && wanted > rest ? rest : wanted;
    if (size < 0 || size > rest || (size != 1 && !run->node->keep_dims && !is_given)) {
      return run_refuse(run, "part %u takes %lld of axis %u, which has %lld left", n,
                        (long long)size, axis, (long long)rest);
    }
    out[0]->as.list[n] = part_of(run, from, axis, (uint32_t)first, (uint32_t)size);
    if (out[0]->as.list[n] == NULL) {
      return false;
    }
    first += size;
  }
  return out[0] != NULL;
}

bool run_list(struct run *run, struct value **in, struct value **out) {
  const enum graph_op op = run->node->op;
  const uint32_t none = 0;
  size_t index = 0;
  if (op == GRAPH_LIST_OF) {
    return list_of(run, in, out);
  }
  if (run->node->input_count < 1 || in[0] == NULL) {
    return run_refuse(run, "it has no operand; it needs one");
  }
  if (op == GRAPH_LIST_RESERVE || op == GRAPH_LIST_FROM) {
    return op == GRAPH_LIST_RESERVE ? list_reserve(run, in, out) : list_from(run, in, out);
  }
  if (op == GRAPH_LIST_SPLIT && in[0]->kind != VALUE_LIST && in[0]->kind != VALUE_HANDLE) {
    return list_split(run, in, out);
  }
  if (in[0]->kind != VALUE_LIST) {
    return run_refuse(run, "operand %d is no list; it needs one", 0);
  }
  if (op == GRAPH_LIST_SET) {
    return list_set(run, in, out);
  }
  if (op == GRAPH_LIST_INSERT) {
    return list_insert(run, in, out);
  }
  if (op == GRAPH_LIST_STACK || op == GRAPH_LIST_JOIN) {
    if (in[0]->count == 0) {
      return run_refuse(run, "its list has %zu entries; it needs 1", in[0]->count);
    }
    const bool joins = op == GRAPH_LIST_JOIN;
    out[0] = run_joined(run, in[0]->as.list, (uint32_t)in[0]->count, joins ? run->node->axis : 0,
                        !joins || run->node->keep_dims);
  } else if (op == GRAPH_LIST_LENGTH) {
    out[0] = value_new(run, VALUE_INTS, 0, &none);
    if (out[0] != NULL) {
      out[0]->as.ints[0] = (int64_t)in[0]->count;
    }
  } else if (list_index(run, in, in[0]->count, &index)) {
    struct value *entry = in[0]->as.list[index];
    out[0] = entry == NULL ? NULL : value_share(entry);
    return entry != NULL ||
           run_refuse(run, "entry %zu of its list was never set; all have to be", index);
  }
  return out[0] != NULL;
}
