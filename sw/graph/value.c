/* SPDX-License-Identifier: Apache-2.0 */
/* value: values counted and paid for, see value.h. */
#include "graph/value.h"

#include <stdlib.h>
#include <string.h>

#include "graph/run.h"
#include "io/size.h"

size_t value_item(enum value_kind kind) {
  switch (kind) {
    case VALUE_INTS:
      return sizeof(int64_t);
    case VALUE_FLOATS:
      return sizeof(float);
    case VALUE_ELEMENTS:
      return sizeof(struct element);
    case VALUE_LIST:
      return sizeof(struct value *);
    default:
      return 1;
  }
}

/* Items of a shape; false with the error set. */
static bool count_items(struct run *run, uint32_t rank, const uint32_t *shape, size_t *count) {
  *count = 1;
  if (rank > GRAPH_MAX_RANK) {
    return run_refuse(run, "it makes %u dimensions; at most %d are read", rank, GRAPH_MAX_RANK);
  }
  for (uint32_t n = 0; n < rank; n++) {
    if (!trine_size_mul(*count, shape[n], count) || *count > GRAPH_MAX_ELEMENTS) {
      return run_refuse(run, "it makes more than %d elements, the limit of one tensor",
                        GRAPH_MAX_ELEMENTS);
    }
  }
  return true;
}

struct value *value_new(struct run *run, enum value_kind kind, uint32_t rank,
                        const uint32_t *shape) {
  size_t count = 0;
  if (!count_items(run, rank, shape, &count) || !run_spend(run, count + 1)) {
    return NULL;
  }
  const uint64_t bytes = (uint64_t)count * value_item(kind) + sizeof(struct value);
  if (!run_take(run, bytes)) {
    return NULL;
  }
  struct value *made = calloc(1, sizeof *made);
  void *data = calloc(count + 1, value_item(kind));
  if (made == NULL || data == NULL) {
    free(made);
    free(data);
    run->budget.bytes += bytes;
    (void)run_no_memory(run);
    return NULL;
  }
  *made = (struct value){.uses = 1, .kind = kind, .rank = rank, .count = count};
  made->as.any = data;
  if (rank > 0) {
    memcpy(made->shape, shape, rank * sizeof *shape);
  }
  return made;
}

struct value *value_share(struct value *value) {
  value->uses++;
  return value;
}

void value_drop(struct run *run, struct value *value) {
  if (value == NULL || --value->uses > 0) {
    return;
  }
  for (size_t n = 0; value->kind == VALUE_LIST && n < value->count; n++) {
    value_drop(run, value->as.list[n]);
  }
  if (!value->is_borrowed) {
    run->budget.bytes += (uint64_t)value->count * value_item(value->kind) + sizeof *value;
    free((void *)(uintptr_t)value->as.any);
  }
  free(value);
}

struct value *value_reshaped(struct run *run, struct value *value, uint32_t rank,
                             const uint32_t *shape) {
  size_t count = 0;
  if (!count_items(run, rank, shape, &count)) {
    return NULL;
  }
  if (count != value->count || value->kind == VALUE_LIST || value->kind == VALUE_HANDLE) {
    (void)run_refuse(run, "it makes %zu elements of %zu; a shape has to keep their number", count,
                     value->count);
    return NULL;
  }
  if (value->is_borrowed) {
    struct value *made = malloc(sizeof *made);
    if (made == NULL) {
      (void)run_no_memory(run);
      return NULL;
    }
    *made = *value;
    made->uses = 1;
    made->rank = rank;
    memset(made->shape, 0, sizeof made->shape);
    memcpy(made->shape, shape, rank * sizeof *shape);
    return run_spend(run, 1) ? made : (free(made), (struct value *)NULL);
  }
  struct value *made = value_new(run, value->kind, rank, shape);
  if (made != NULL) {
    memcpy((void *)(uintptr_t)made->as.any, value->as.any, count * value_item(value->kind));
  }
  return made;
}

struct value *value_as_elements(struct run *run, struct value *value) {
  if (value->kind == VALUE_ELEMENTS) {
    return value_share(value);
  }
  if (value->kind != VALUE_INTS && value->kind != VALUE_FLOATS) {
    (void)run_refuse(run, "it computes with a list or a variable's handle; it takes numbers");
    return NULL;
  }
  struct value *made = value_new(run, VALUE_ELEMENTS, value->rank, value->shape);
  for (size_t n = 0; made != NULL && n < value->count; n++) {
    made->as.elements[n].as.number =
        value->kind == VALUE_INTS ? (float)value->as.ints[n] : value->as.floats[n];
  }
  return made;
}

struct value *value_settled(struct run *run, struct value *value) {
  if (value->kind != VALUE_ELEMENTS) {
    return value_share(value);
  }
  for (size_t n = 0; n < value->count; n++) {
    if (value->as.elements[n].node != 0) {
      return value_share(value);
    }
  }
  struct value *made = value_new(run, VALUE_FLOATS, value->rank, value->shape);
  for (size_t n = 0; made != NULL && n < value->count; n++) {
    made->as.floats[n] = value->as.elements[n].as.number;
  }
  return made;
}
