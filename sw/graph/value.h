/* SPDX-License-Identifier: Apache-2.0 */
/* value: what a tensor holds while a graph is run: whole numbers, floats, or elements that are
 * floats or symbols; a list of values; the handle of a variable. Private to sw/graph.
 *
 * Values are shared by counting; nobody writes into one that is shared. All memory and all work of
 * a run come out of one budget, so that a small hostile file cannot ask for much of either. */
#ifndef TRINE_GRAPH_VALUE_H
#define TRINE_GRAPH_VALUE_H

#include "graph/graph.h"
#include "io/error.h"

/* One number: a float where node is 0, else a lane of that symbol (symbol.h). */
struct element {
  uint32_t node;
  union {
    float number;
    uint32_t lane;
  } as;
};

enum value_kind { VALUE_INTS, VALUE_FLOATS, VALUE_ELEMENTS, VALUE_LIST, VALUE_HANDLE };

struct value {
  uint32_t uses;
  enum value_kind kind;
  uint32_t rank;
  uint32_t shape[GRAPH_MAX_RANK];
  size_t count;
  union {
    int64_t *ints;
    float *floats;
    struct element *elements;
    struct value **list;
    const void *any; /* of a constant: not owned */
  } as;
  bool is_borrowed; /* the data belong to the graph */
  uint32_t variable;
};

/* What a run may still spend. */
struct budget {
  uint64_t work;  /* elements touched and products */
  uint64_t bytes; /* of values that live, and of symbols */
};

struct run;

/* Bytes of one item. */
size_t value_item(enum value_kind kind);

/* A new value with one use, its data zero; NULL with the error set. */
struct value *value_new(struct run *run, enum value_kind kind, uint32_t rank, const uint32_t *shape)
    __attribute__((warn_unused_result));
/* The same data in another shape of as many items: shared when they are a constant's. */
struct value *value_reshaped(struct run *run, struct value *value, uint32_t rank,
                             const uint32_t *shape) __attribute__((warn_unused_result));
struct value *value_share(struct value *value);
/* NULL is allowed. */
void value_drop(struct run *run, struct value *value);

/* The same numbers as elements (a float or whole number is one of node 0); the caller drops it. */
struct value *value_as_elements(struct run *run, struct value *value)
    __attribute__((warn_unused_result));
/* As plain floats where no element is a symbol, else shared as it is. */
struct value *value_settled(struct run *run, struct value *value)
    __attribute__((warn_unused_result));

#endif
