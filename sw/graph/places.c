/* SPDX-License-Identifier: Apache-2.0 */
/* places: which series a run of lanes belongs to, and at which step; see roll.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/roll.h"

/* Numbers of two steps that came of the same constants differ by rounding at most. */
static const double same_number = 1e-6;

void roll_rows_free(struct roll_rows *rows) {
  for (uint32_t n = 0; n < rows->part_count; n++) {
    free(rows->parts[n].m);
  }
  free(rows->parts);
  free(rows->bias);
  *rows = (struct roll_rows){.rows = 0};
}

int64_t roll_time_of(const struct roll_rows *rows) {
  int64_t time = -1;
  for (uint32_t n = 0; n < rows->part_count; n++) {
    if (rows->parts[n].time >= 0 && time >= 0 && rows->parts[n].time != time) {
      return -2;
    }
    time = rows->parts[n].time >= 0 ? rows->parts[n].time : time;
  }
  return time;
}

void roll_at(struct roll *roll, uint32_t node) {
  roll->run->node = roll->run->symbols->nodes[node].from;
  roll->run->sub = roll->run->symbols->nodes[node].sub;
}

static bool same_numbers(const double *a, const double *b, size_t count) {
  double largest = 0, off = 0;
  for (size_t n = 0; n < count; n++) {
    largest = fmax(largest, fabs(a[n]));
    off = fmax(off, fabs(a[n] - b[n]));
  }
  return off <= same_number * largest;
}

/* The part of `rows` that is at the same row as another's, which most often has the same number. */
static const struct roll_part *same_place(const struct roll_rows *rows, uint32_t likely,
                                          uint32_t series, int64_t time) {
  for (uint32_t n = 0; n < rows->part_count; n++) {
    const struct roll_part *part = &rows->parts[(likely + n) % rows->part_count];
    if (part->series == series && part->time == time) {
      return part;
    }
  }
  return NULL;
}

bool roll_same(const struct roll *roll, const struct roll_rows *a, const struct roll_rows *b) {
  const int64_t at_a = roll_time_of(a), at_b = roll_time_of(b);
  bool same = a->rows == b->rows && a->part_count == b->part_count && (at_a >= 0) == (at_b >= 0) &&
              same_numbers(a->bias, b->bias, a->rows);
  for (uint32_t n = 0; n < a->part_count && same; n++) {
    const struct roll_part *one = &a->parts[n];
    const bool moves = one->time >= 0 && at_a >= 0;
    const struct roll_part *other =
        same_place(b, n, one->series, moves ? one->time - at_a + at_b : one->time);
    same = other != NULL &&
           same_numbers(one->m, other->m, (size_t)a->rows * roll->series[one->series].width);
  }
  return same;
}

bool roll_add_series(struct roll *roll, const struct roll_series *series, uint32_t *number) {
  if (roll->series_count >= ROLL_MAX_SERIES) {
    return run_refuse(roll->run, "the graph has more than %d different rows; cut a part out of it",
                      ROLL_MAX_SERIES);
  }
  *number = roll->series_count++;
  roll->series[*number] = *series;
  roll->series[*number].always = roll->series[*number].last = roll->series[*number].first =
      ROLL_NONE;
  return true;
}

static struct roll_part *part_of(struct roll *roll, struct roll_rows *rows, uint32_t series,
                                 int64_t time) {
  for (uint32_t n = 0; n < rows->part_count; n++) {
    if (rows->parts[n].series == series && rows->parts[n].time == time) {
      return &rows->parts[n];
    }
  }
  if (rows->part_count == rows->part_room) {
    const uint32_t room = rows->part_room == 0 ? 4 : 2 * rows->part_room;
    struct roll_part *parts = realloc(rows->parts, room * sizeof *parts);
    if (parts == NULL) {
      (void)run_no_memory(roll->run);
      return NULL;
    }
    rows->parts = parts;
    rows->part_room = room;
  }
  const size_t count = (size_t)rows->rows * roll->series[series].width;
  if (!run_spend(roll->run, count) || !run_has_room(roll->run, (uint64_t)count * sizeof(double))) {
    return NULL;
  }
  double *m = calloc(count + 1, sizeof *m);
  if (m == NULL) {
    (void)run_no_memory(roll->run);
    return NULL;
  }
  rows->parts[rows->part_count] = (struct roll_part){.series = series, .time = time, .m = m};
  return &rows->parts[rows->part_count++];
}

bool roll_rows_of(struct roll *roll, const struct form *form, struct roll_rows *rows) {
  *rows = (struct roll_rows){.rows = form->rows,
                             .bias = calloc((size_t)form->rows + 1, sizeof(double))};
  if (rows->bias == NULL) {
    return run_no_memory(roll->run);
  }
  memcpy(rows->bias, form->bias, form->rows * sizeof(double));
  for (uint32_t n = 0; n < form->term_count; n++) {
    const struct form_term *term = &form->terms[n];
    struct roll_place place;
    if (!roll_place(roll, term->base, &place)) {
      return false;
    }
    struct roll_part *part = part_of(roll, rows, place.series, place.time);
    if (part == NULL || !run_spend(roll->run, (uint64_t)form->rows * term->base.count)) {
      return false;
    }
    const uint32_t width = roll->series[place.series].width;
    for (uint32_t u = 0; u < form->rows; u++) {
      for (uint32_t k = 0; k < term->base.count; k++) {
        const uint32_t lane = place.lanes.lane + (uint32_t)place.lanes.stride * k;
        part->m[(size_t)u * width + lane] += term->m[(size_t)u * term->base.count + k];
      }
    }
  }
  return true;
}

/* Lanes of the input that is data: one step, in its layout. */
static bool place_input(struct roll *roll, struct symbol_run base, struct roll_place *place) {
  const uint32_t number = roll_input_of(roll, base.node);
  const struct roll_input *input = &roll->inputs[number];
  const uint32_t steps = roll->steps, features = input->features;
  uint32_t time = 0, first = 0;
  int32_t stride = 1;
  for (uint32_t n = 0; n < base.count; n++) {
    const uint32_t lane = base.lane + (uint32_t)base.stride * n;
    const uint32_t t = input->by_columns ? lane % steps : lane / features;
    const uint32_t f = input->by_columns ? lane / steps : lane % features;
    if (n > 0 && t != time) {
      return run_refuse(roll->run,
                        "it takes values of steps %u and %u of the input together; only rows of "
                        "one step can be read",
                        time, t);
    }
    time = t;
    first = n == 0 ? f : first;
    stride = n == 1 ? (int32_t)(f - first) : stride;
  }
  place->series = number;
  place->time = input->has_time ? (int64_t)time : -1;
  place->lanes = (struct symbol_run){0, first, stride, base.count};
  return true;
}

static bool place_cell(struct roll *roll, struct symbol_run base, struct roll_place *place) {
  const struct roll_cell *cell = &roll->cells[roll->cell_of[base.node]];
  const struct roll_chain *chain = &roll->chains[cell->chain];
  if (cell->h != base.node || !chain->is_known) {
    return run_refuse(roll->run,
                      "the cell state of an LSTM is used outside of it; only its output h can be, "
                      "or both by an LSTM of as many units and steps that begins with them");
  }
  place->series = chain->series;
  place->time = chain->is_reversed ? (int64_t)chain->steps - 1 - cell->step : (int64_t)cell->step;
  place->lanes = (struct symbol_run){0, base.lane, base.stride, base.count};
  return true;
}

/* Whether a float network can have it. */
static bool is_function(const struct symbol *node) {
  return node->op == SYMBOL_SOFTMAX || node->op == SYMBOL_ARGMAX || node->op == SYMBOL_TABLE ||
         node->op == SYMBOL_MAX || node->op == SYMBOL_MUL ||
         (node->op == SYMBOL_UNARY &&
          (node->kind == GRAPH_RELU || node->kind == GRAPH_LOGISTIC || node->kind == GRAPH_TANH ||
           node->kind == GRAPH_LEAKY_RELU || node->kind == GRAPH_ELU));
}

/* What a function is applied to, for some of its lanes. */
static bool operand_of(struct roll *roll, struct symbol_run base, struct roll_rows *of) {
  const struct symbol node = roll->run->symbols->nodes[base.node];
  const bool each = node.op == SYMBOL_UNARY;
  uint32_t count = 0;
  struct form form;
  for (uint32_t n = 0; n < node.run_count; n++) {
    count += node.runs[n].count;
  }
  bool good = form_begin(roll->run, each ? base.count : count, &form);
  if (each) {
    good = good && form_add_run(roll->run, &form, 0, form_inner(base, node.runs[0]));
  }
  for (uint32_t n = 0, at = 0; n < node.run_count && good && !each; at += node.runs[n++].count) {
    good = form_add_run(roll->run, &form, at, node.runs[n]);
  }
  good = good && roll_rows_of(roll, &form, of);
  form_free(&form);
  return good;
}

/* Group g of the runs of a node that pools: its rows. */
static bool group_of(struct roll *roll, const struct symbol *node, uint32_t g,
                     struct roll_rows *rows) {
  struct form form;
  bool good = form_begin(roll->run, node->width, &form);
  uint32_t lanes = 0;
  for (uint32_t n = 0; n < node->run_count && good; n++) {
    if (lanes / node->width == g) {
      good = form_add_run(roll->run, &form, lanes % node->width, node->runs[n]);
    }
    lanes += node->runs[n].count;
  }
  good = good && roll_rows_of(roll, &form, rows);
  form_free(&form);
  return good;
}

/* What is pooled over the steps: the same row at each of them, in order; told for the first. */
static bool pooled_of(struct roll *roll, uint32_t number, struct roll_rows *of) {
  const struct symbol node = roll->run->symbols->nodes[number];
  bool good = true, same = node.units == roll->steps;
  for (uint32_t g = 0; g < node.units && good && same; g++) {
    struct roll_rows other = {.rows = 0};
    struct roll_rows *one = g == 0 ? of : &other;
    good = group_of(roll, &node, g, one);
    same = good && roll_time_of(one) == (int64_t)g && (g == 0 || roll_same(roll, of, one));
    roll_rows_free(&other);
  }
  return good && (same || roll_refuse_node(roll, number));
}

/* Whether rows are products, or functions of such: steps of a cell of another kind. */
// NOLINTNEXTLINE(misc-no-recursion)
static bool has_product(const struct roll *roll, const struct roll_rows *rows, int depth) {
  bool has = false;
  for (uint32_t n = 0; n < rows->part_count && !has; n++) {
    const struct roll_series *series = &roll->series[rows->parts[n].series];
    has = series->kind == ROLL_FUNCTION &&
          (roll->run->symbols->nodes[series->node].op == SYMBOL_MUL ||
           (depth > 0 && has_product(roll, &series->of, depth - 1)));
  }
  return has;
}

/* A function's lanes: the series that is the same function of the same rows, or a new one. */
static bool place_function(struct roll *roll, struct symbol_run base, struct roll_place *place) {
  const struct symbol node = roll->run->symbols->nodes[base.node];
  struct roll_rows of = {.rows = 0};
  if (!is_function(&node)) {
    return roll_refuse_node(roll, base.node);
  }
  const bool pools = node.op == SYMBOL_MAX;
  if (!(pools ? pooled_of(roll, base.node, &of) : operand_of(roll, base, &of))) {
    roll_rows_free(&of);
    return false;
  }
  const int64_t time = pools ? -1 : roll_time_of(&of);
  if (node.op == SYMBOL_MUL && (time == -2 || (time == -1 && has_product(roll, &of, 1)))) {
    roll_rows_free(&of);
    return roll_refuse_node(roll, base.node);
  }
  const bool each = node.op == SYMBOL_UNARY;
  place->time = time == -2 ? -1 : time;
  place->lanes = (struct symbol_run){0, each ? 0 : base.lane, each ? 1 : base.stride, base.count};
  for (uint32_t n = 0; n < roll->series_count; n++) {
    const struct roll_series *other = &roll->series[n];
    const struct symbol *same = &roll->run->symbols->nodes[other->node];
    if (other->kind == ROLL_FUNCTION && same->op == node.op && same->kind == node.kind &&
        (each ? node.w == NULL || node.w[0] == same->w[0] : same->w == node.w) &&
        roll_same(roll, &other->of, &of)) {
      place->series = n;
      roll_rows_free(&of);
      return true;
    }
  }
  const struct roll_series made = {.kind = ROLL_FUNCTION,
                                   .width = each ? base.count : node.width,
                                   .node = base.node,
                                   .is_absolute = time < 0,
                                   .time = time,
                                   .of = of};
  if (!roll_add_series(roll, &made, &place->series)) {
    roll_rows_free(&of);
    return false;
  }
  return true;
}

bool roll_place(struct roll *roll, struct symbol_run base, struct roll_place *place) {
  for (uint32_t n = roll->place_count; n-- > 0 && roll->place_count - n < 1024;) {
    if (form_same_run(roll->places[n].base, base)) {
      *place = roll->places[n];
      return true;
    }
  }
  place->base = base;
  roll_at(roll, base.node);
  if (++roll->depth > FORM_MAX_DEPTH) {
    return run_refuse(roll->run, "it is a function of more than %d functions; cut the model",
                      FORM_MAX_DEPTH);
  }
  bool good;
  if (roll_input_of(roll, base.node) != ROLL_NONE) {
    good = place_input(roll, base, place);
  } else if (roll->cell_of[base.node] != ROLL_NONE) {
    good = place_cell(roll, base, place);
  } else {
    good = place_function(roll, base, place);
  }
  roll->depth--;
  if (!good) {
    return false;
  }
  if (roll->place_count == roll->place_room) {
    const uint32_t room = roll->place_room == 0 ? 64 : 2 * roll->place_room;
    struct roll_place *places = realloc(roll->places, room * sizeof *places);
    if (places == NULL) {
      return run_no_memory(roll->run);
    }
    roll->places = places;
    roll->place_room = room;
  }
  roll->places[roll->place_count++] = *place;
  return true;
}
