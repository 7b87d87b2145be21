/* SPDX-License-Identifier: Apache-2.0 */
/* cells: the pattern of an LSTM's step among symbols, in any order of operands; see roll.h. */
#include <stdlib.h>
#include <string.h>

#include "graph/roll.h"

static const struct symbol *node_of(const struct roll *roll, struct symbol_run lanes) {
  return &roll->run->symbols->nodes[lanes.node];
}

/* The lanes that a function is applied to; false when these lanes are no such function. */
static bool is_unary(const struct roll *roll, struct symbol_run lanes, enum graph_kind kind,
                     struct symbol_run *of) {
  const struct symbol *node = node_of(roll, lanes);
  if (node->op != SYMBOL_UNARY || node->kind != kind) {
    return false;
  }
  *of = form_inner(lanes, node->runs[0]);
  return true;
}

/* Two factors of which one is `kind` of something: that, and the other factor. */
static bool is_gated(const struct roll *roll, struct symbol_run lanes, enum graph_kind kind,
                     int order, struct symbol_run *of, struct symbol_run *other) {
  const struct symbol *node = node_of(roll, lanes);
  if (node->op != SYMBOL_MUL) {
    return false;
  }
  *other = form_inner(lanes, node->runs[1 - order]);
  return is_unary(roll, form_inner(lanes, node->runs[order]), kind, of);
}

/* sigmoid(i) tanh(g) */
static bool is_written(const struct roll *roll, struct symbol_run lanes, struct roll_cell *cell) {
  for (int order = 0; order < 2; order++) {
    struct symbol_run other;
    if (is_gated(roll, lanes, GRAPH_LOGISTIC, order, &cell->pre[TRINE_GATE_I], &other) &&
        is_unary(roll, other, GRAPH_TANH, &cell->pre[TRINE_GATE_G])) {
      return true;
    }
  }
  return false;
}

/* sigmoid(f) c, where c is no tanh of something. */
static bool is_kept(const struct roll *roll, struct symbol_run lanes, struct roll_cell *cell) {
  for (int order = 0; order < 2; order++) {
    struct symbol_run other, of;
    if (is_gated(roll, lanes, GRAPH_LOGISTIC, order, &cell->pre[TRINE_GATE_F], &other) &&
        !is_unary(roll, other, GRAPH_TANH, &of) && !is_unary(roll, other, GRAPH_LOGISTIC, &of)) {
      cell->before = other;
      return true;
    }
  }
  return false;
}

/* The new c: both products, or the written one alone where c was zero. */
static bool is_state(const struct roll *roll, struct symbol_run lanes, struct roll_cell *cell) {
  const struct symbol *node = node_of(roll, lanes);
  cell->c = lanes;
  cell->before = cell->pre[TRINE_GATE_F] = (struct symbol_run){0, 0, 1, 0};
  if (node->op == SYMBOL_MUL) {
    return is_written(roll, lanes, cell);
  }
  for (int order = 0; order < 2 && node->op == SYMBOL_ADD; order++) {
    if (is_written(roll, form_inner(lanes, node->runs[order]), cell) &&
        is_kept(roll, form_inner(lanes, node->runs[1 - order]), cell)) {
      return true;
    }
  }
  return false;
}

static bool is_cell(const struct roll *roll, uint32_t node, struct roll_cell *cell) {
  const struct symbol *symbol = &roll->run->symbols->nodes[node];
  const struct symbol_run whole = {node, 0, 1, symbol->width};
  for (int order = 0; order < 2; order++) {
    struct symbol_run shown, c;
    if (is_gated(roll, whole, GRAPH_LOGISTIC, order, &cell->pre[TRINE_GATE_O], &shown) &&
        is_unary(roll, shown, GRAPH_TANH, &c) && is_state(roll, c, cell)) {
      cell->h = node;
      cell->units = symbol->width;
      return true;
    }
  }
  return false;
}

/* A cell whose c begins where another's ended is the step behind it. */
static bool link_cells(struct roll *roll) {
  for (uint32_t n = 0; n < roll->cell_count; n++) {
    struct roll_cell *cell = &roll->cells[n];
    const uint32_t before = cell->before.count == 0 ? ROLL_NONE : roll->cell_of[cell->before.node];
    if (before == ROLL_NONE || !form_same_run(roll->cells[before].c, cell->before)) {
      continue;
    }
    if (roll->cells[before].next != ROLL_NONE) {
      return run_refuse(roll->run, "two steps follow one step of an LSTM; only one can");
    }
    cell->previous = before;
    roll->cells[before].next = n;
  }
  return true;
}

/* Cells in their order, one chain after another. */
static bool make_chains(struct roll *roll) {
  roll->chains = calloc((size_t)roll->cell_count + 1, sizeof *roll->chains);
  if (roll->chains == NULL) {
    return run_no_memory(roll->run);
  }
  for (uint32_t n = 0; n < roll->cell_count; n++) {
    if (roll->cells[n].previous != ROLL_NONE) {
      continue;
    }
    struct roll_chain *chain = &roll->chains[roll->chain_count];
    *chain = (struct roll_chain){.units = roll->cells[n].units, .series = ROLL_NONE};
    for (uint32_t k = n; k != ROLL_NONE; k = roll->cells[k].next) {
      chain->steps++;
    }
    chain->cells = calloc(chain->steps, sizeof *chain->cells);
    if (chain->cells == NULL) {
      return run_no_memory(roll->run);
    }
    uint32_t step = 0;
    for (uint32_t k = n; k != ROLL_NONE; k = roll->cells[k].next) {
      roll->cells[k].chain = roll->chain_count;
      roll->cells[k].step = step;
      chain->cells[step++] = k;
    }
    roll->chain_count++;
  }
  return true;
}

/* Whether a cell is a further step of one that is known: of a layer whose first steps alone are
 * read (the last row of both directions) all are its own. */
static bool goes_on(const struct roll *roll, const struct roll_cell *cell) {
  return cell->before.count > 0 && roll->cell_of[cell->before.node] != ROLL_NONE;
}

bool roll_find_cells(struct roll *roll) {
  const struct symbols *symbols = roll->run->symbols;
  uint32_t room = 0;
  roll->cell_of = calloc((size_t)symbols->count + 1, sizeof *roll->cell_of);
  if (roll->cell_of == NULL) {
    return run_no_memory(roll->run);
  }
  memset(roll->cell_of, 0xff, ((size_t)symbols->count + 1) * sizeof *roll->cell_of);
  for (uint32_t n = 1; n < symbols->count; n++) {
    struct roll_cell cell = {.previous = ROLL_NONE, .next = ROLL_NONE};
    if (symbols->nodes[n].op != SYMBOL_MUL || !is_cell(roll, n, &cell) ||
        !(roll->is_wanted[n] || goes_on(roll, &cell))) {
      continue;
    }
    if (roll->cell_count == room) {
      room = room == 0 ? 64 : 2 * room;
      struct roll_cell *cells = realloc(roll->cells, room * sizeof *cells);
      if (cells == NULL) {
        return run_no_memory(roll->run);
      }
      roll->cells = cells;
    }
    roll->cell_of[n] = roll->cell_count;
    roll->cell_of[cell.c.node] = roll->cell_count;
    roll->cells[roll->cell_count++] = cell;
  }
  return link_cells(roll) && make_chains(roll);
}

void roll_forget(struct roll *roll) {
  for (uint32_t n = 0; n < roll->chain_count; n++) {
    struct roll_chain *chain = &roll->chains[n];
    free(chain->r);
    roll_rows_free(&chain->x);
    *chain = (struct roll_chain){.steps = chain->steps,
                                 .units = chain->units,
                                 .cells = chain->cells,
                                 .goes_back = chain->goes_back,
                                 .series = ROLL_NONE};
  }
  for (uint32_t n = 0; n < roll->series_count; n++) {
    roll_rows_free(&roll->series[n].of);
  }
  roll->series_count = roll->place_count = 0;
}

void roll_free(struct roll *roll) {
  roll_forget(roll);
  for (uint32_t n = 0; n < roll->chain_count; n++) {
    free(roll->chains[n].cells);
  }
  free(roll->chains);
  free(roll->cells);
  free(roll->cell_of);
  free(roll->places);
  free(roll->is_wanted);
}
