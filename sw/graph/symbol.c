/* SPDX-License-Identifier: Apache-2.0 */
/* symbol: nodes are added at the end and never changed, see symbol.h. */
#include "graph/symbol.h"

#include <stdlib.h>
#include <string.h>

#include "graph/run.h"

/* Twice the room; the old one stays in the arena, so all together it is twice as much at most. */
static bool grow(struct run *run) {
  struct symbols *symbols = run->symbols;
  const uint32_t room = symbols->room == 0 ? 256 : 2 * symbols->room;
  if (room > SYMBOL_MAX_NODES) {
    return run_refuse(run, "the graph computes more than %d rows, the limit; shorten its sequences",
                      SYMBOL_MAX_NODES);
  }
  if (!run_take(run, (uint64_t)room * sizeof(struct symbol))) {
    return false;
  }
  struct symbol *nodes = arena_alloc(symbols->arena, room, sizeof *nodes);
  if (nodes == NULL) {
    return run_no_memory(run);
  }
  if (symbols->count > 0) {
    memcpy(nodes, symbols->nodes, symbols->count * sizeof *nodes);
  }
  symbols->nodes = nodes;
  symbols->room = room;
  if (symbols->count == 0) {
    symbols->count = 1;
  }
  return true;
}

struct symbol *symbol_new(struct run *run, enum symbol_op op, uint32_t width, uint32_t run_count) {
  struct symbols *symbols = run->symbols;
  if (symbols == NULL) {
    (void)run_refuse(run, "it would need symbols, of which a run on numbers has %d", 0);
    return NULL;
  }
  if (!run_spend(run, 16 + (uint64_t)run_count) ||
      !run_take(run, (uint64_t)run_count * sizeof(struct symbol_run)) ||
      (symbols->count >= symbols->room && !grow(run))) {
    return NULL;
  }
  struct symbol_run *runs = arena_alloc(symbols->arena, run_count, sizeof *runs);
  if (runs == NULL) {
    (void)run_no_memory(run);
    return NULL;
  }
  const char *name = "";
  if (run->sub != NULL && run->node != NULL && run->node->output_count > 0) {
    name = run->sub->tensors[run->node->outputs[0]].name;
  }
  struct symbol *made = &symbols->nodes[symbols->count++];
  *made = (struct symbol){.op = op,
                          .width = width,
                          .run_count = run_count,
                          .runs = runs,
                          .from = run->node,
                          .sub = run->sub,
                          .name = name};
  return made;
}

uint32_t symbol_last(const struct run *run) {
  return run->symbols->count - 1;
}

float *symbol_floats(struct run *run, size_t count) {
  if (!run_spend(run, count) || !run_take(run, (uint64_t)count * sizeof(float))) {
    return NULL;
  }
  float *made = arena_alloc(run->symbols->arena, count, sizeof *made);
  if (made == NULL) {
    (void)run_no_memory(run);
  }
  return made;
}

size_t symbol_run_length(const struct element *elements, size_t count) {
  size_t n = 1;
  if (elements[0].node == 0) {
    while (n < count && elements[n].node == 0) {
      n++;
    }
    return n;
  }
  if (count < 2 || elements[1].node != elements[0].node) {
    return 1;
  }
  const uint32_t stride = elements[1].as.lane - elements[0].as.lane; /* modulo 2^32 */
  while (n < count && elements[n].node == elements[0].node &&
         elements[n].as.lane - elements[n - 1].as.lane == stride) {
    n++;
  }
  return n;
}

uint32_t symbol_find_runs(const struct element *elements, size_t count, struct symbol_run *runs,
                          uint32_t room) {
  uint32_t found = 0;
  for (size_t n = 0, length = 0; n < count; n += length) {
    length = symbol_run_length(elements + n, count - n);
    if (elements[n].node == 0) {
      continue;
    }
    if (found == room) {
      return 0;
    }
    runs[found++] = (struct symbol_run){
        .node = elements[n].node,
        .lane = elements[n].as.lane,
        .stride = length > 1 ? (int32_t)(elements[n + 1].as.lane - elements[n].as.lane) : 1,
        .count = (uint32_t)length};
  }
  return found;
}

void symbol_lanes(const struct run *run, struct element *elements, size_t count) {
  for (size_t n = 0; n < count; n++) {
    elements[n].node = symbol_last(run);
    elements[n].as.lane = (uint32_t)n;
  }
}
