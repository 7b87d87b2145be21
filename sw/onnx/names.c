/* SPDX-License-Identifier: Apache-2.0 */
/* names: the values of a graph by their names, sorted, so that no names make looking for them slow;
 * see walk.h. */
#include <stdlib.h>
#include <string.h>

#include "io/size.h"
#include "onnx/walk.h"

static int by_name(const void *a, const void *b) {
  const struct walk_value *first = a, *second = b;
  return strcmp(first->name, second->name);
}

struct walk_value *walk_value(struct walk *walk, const char *name) {
  const struct walk_value key = {.name = name};
  return bsearch(&key, walk->values, walk->value_count, sizeof key, by_name);
}

/* A list of names with duplicates. */
struct name_list {
  struct walk_value *values;
  size_t count;
};

static void add(struct name_list *list, const char *name) {
  if (list->values != NULL) {
    list->values[list->count].name = name;
  }
  list->count++;
}

/* All names of a graph and of those within it (as deep as wire.h lets them be); counts them only
 * when the list has no room. */
// NOLINTNEXTLINE(misc-no-recursion)
static void collect(const Onnx__Graph *graph, struct name_list *list) {
  for (size_t n = 0; n < graph->n_initializer; n++) {
    add(list, graph->initializer[n]->name);
  }
  for (size_t n = 0; n < graph->n_input; n++) {
    add(list, graph->input[n]->name);
  }
  for (size_t n = 0; n < graph->n_output; n++) {
    add(list, graph->output[n]->name);
  }
  for (size_t n = 0; n < graph->n_node; n++) {
    const Onnx__Node *node = graph->node[n];
    for (size_t k = 0; k < node->n_input; k++) {
      add(list, node->input[k]);
    }
    for (size_t k = 0; k < node->n_output; k++) {
      add(list, node->output[k]);
    }
    for (size_t k = 0; k < node->n_attribute; k++) {
      if (node->attribute[k]->g != NULL) {
        collect(node->attribute[k]->g, list);
      }
    }
  }
}

static void collect_all(const struct walk *walk, struct name_list *list) {
  list->count = 0;
  for (uint32_t n = 0; n < walk->given_count; n++) {
    add(list, walk->given[n]);
  }
  for (uint32_t n = 0; n < walk->output_count; n++) {
    add(list, walk->outputs[n]);
  }
  collect(walk->graph, list);
}

bool walk_take_names(struct walk *walk) {
  struct name_list list = {NULL, 0};
  collect_all(walk, &list);
  list.values = arena_alloc(walk->fold.arena, list.count, sizeof *list.values);
  if (list.values == NULL) {
    walk->fold.lost = true;
    trine_error_set(walk->fold.error, "There is no memory for %zu names.", list.count);
    return false;
  }
  collect_all(walk, &list);
  qsort(list.values, list.count, sizeof *list.values, by_name);
  size_t kept = 0;
  for (size_t n = 0; n < list.count; n++) {
    if (kept == 0 || strcmp(list.values[n].name, list.values[kept - 1].name) != 0) {
      list.values[kept++].name = list.values[n].name;
    }
  }
  walk->values = list.values;
  walk->value_count = kept;
  return true;
}

bool names_are_made(const Onnx__Graph *graph, const char *name) {
  bool is = false;
  for (size_t n = 0; n < graph->n_node && !is; n++) {
    for (size_t k = 0; k < graph->node[n]->n_output && !is; k++) {
      is = strcmp(graph->node[n]->output[k], name) == 0;
    }
  }
  return is;
}

bool names_each(struct walk *walk, const char *names,
                bool (*take)(struct walk *walk, const char *name)) {
  bool good = true;
  while (names != NULL && good) {
    const char *comma = strchr(names, ',');
    const size_t length = comma == NULL ? strlen(names) : (size_t)(comma - names);
    char *name = arena_alloc(walk->fold.arena, length + 1, 1);
    if (name == NULL) {
      walk->fold.lost = true;
      trine_error_set(walk->fold.error, "There is no memory for %zu bytes of names.", length);
      return false;
    }
    memcpy(name, names, length);
    good = take(walk, name);
    names = comma == NULL ? NULL : comma + 1;
  }
  return good;
}
