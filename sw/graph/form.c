/* SPDX-License-Identifier: Apache-2.0 */
/* form: goes down through linear nodes and multiplies their matrices, see form.h. */
#include "graph/form.h"

#include <stdlib.h>
#include <string.h>

#include "io/size.h"

/* What lanes are multiplied by on their way up: lane n goes to row at + n with factor diagonal[n]
 * (NULL: 1), or to all rows of the form by `dense` [rows][count]. */
struct factor {
  uint32_t at;
  const double *diagonal, *dense;
};

bool form_begin(struct run *run, uint32_t rows, struct form *form) {
  *form = (struct form){.rows = rows, .bias = calloc((size_t)rows + 1, sizeof(double))};
  return form->bias != NULL || run_no_memory(run);
}

void form_free(struct form *form) {
  for (uint32_t n = 0; n < form->term_count; n++) {
    free(form->terms[n].m);
  }
  free(form->terms);
  free(form->bias);
  *form = (struct form){.rows = 0};
}

struct symbol_run form_inner(struct symbol_run lanes, struct symbol_run inner) {
  return (struct symbol_run){.node = inner.node,
                             .lane = inner.lane + (uint32_t)inner.stride * lanes.lane,
                             .stride = (int32_t)((uint32_t)inner.stride * (uint32_t)lanes.stride),
                             .count = lanes.count};
}

bool form_same_run(struct symbol_run a, struct symbol_run b) {
  return a.node == b.node && a.lane == b.lane && a.count == b.count &&
         (a.count == 1 || a.stride == b.stride);
}

static uint32_t lane_at(struct symbol_run lanes, uint32_t n) {
  return lanes.lane + (uint32_t)lanes.stride * n;
}

/* All zero; NULL with the error set. To be given to free. */
static double *doubles(struct run *run, size_t rows, size_t columns) {
  size_t count = 0, bytes = 0;
  if (!trine_size_mul(rows, columns, &count) || !trine_size_mul(count, sizeof(double), &bytes) ||
      count > GRAPH_MAX_ELEMENTS || !run_spend(run, count)) {
    (void)run_refuse(run, "its matrices of %zu by %zu are beyond the work allowed", rows, columns);
    return NULL;
  }
  if (!run_has_room(run, bytes)) {
    return NULL;
  }
  double *made = calloc(count + 1, sizeof *made);
  if (made == NULL) {
    (void)run_no_memory(run);
  }
  return made;
}

/* The term of these lanes, made when it is not there. */
static struct form_term *term_of(struct run *run, struct form *form, struct symbol_run lanes) {
  for (uint32_t n = 0; n < form->term_count; n++) {
    if (form_same_run(form->terms[n].base, lanes)) {
      return &form->terms[n];
    }
  }
  if (form->term_count >= FORM_MAX_TERMS) {
    (void)run_refuse(run, "it is made of more than %d parts; cut the model before it",
                     FORM_MAX_TERMS);
    return NULL;
  }
  if (form->term_count == form->term_room) {
    const uint32_t room = form->term_room == 0 ? 8 : 2 * form->term_room;
    struct form_term *terms = realloc(form->terms, room * sizeof *terms);
    if (terms == NULL) {
      (void)run_no_memory(run);
      return NULL;
    }
    form->terms = terms;
    form->term_room = room;
  }
  struct form_term *term = &form->terms[form->term_count];
  *term = (struct form_term){.base = lanes, .m = doubles(run, form->rows, lanes.count)};
  if (term->m == NULL) {
    return NULL;
  }
  form->term_count++;
  return term;
}

static bool add(struct run *run, struct form *form, const struct factor *factor,
                struct symbol_run lanes, uint32_t depth);

/* Lanes that are not linear. */
static bool add_base(struct run *run, struct form *form, const struct factor *factor,
                     struct symbol_run lanes) {
  struct form_term *term = term_of(run, form, lanes);
  if (term == NULL || !run_spend(run, (uint64_t)form->rows)) {
    return false;
  }
  for (uint32_t n = 0; n < lanes.count && factor->dense == NULL; n++) {
    term->m[(size_t)(factor->at + n) * lanes.count + n] +=
        factor->diagonal == NULL ? 1.0 : factor->diagonal[n];
  }
  for (size_t n = 0; n < (size_t)form->rows * lanes.count && factor->dense != NULL; n++) {
    term->m[n] += factor->dense[n];
  }
  return true;
}

static void add_bias(struct form *form, const struct factor *factor, struct symbol_run lanes,
                     const float *bias) {
  for (uint32_t n = 0; n < lanes.count && bias != NULL; n++) {
    const double number = (double)bias[lane_at(lanes, n)];
    if (factor->dense == NULL) {
      form->bias[factor->at + n] += number * (factor->diagonal == NULL ? 1.0 : factor->diagonal[n]);
      continue;
    }
    for (uint32_t u = 0; u < form->rows; u++) {
      form->bias[u] += number * factor->dense[(size_t)u * lanes.count + n];
    }
  }
}

/* Columns from..from + count of w times the factor: [rows][count]; NULL with the error set. */
static double *product(struct run *run, const struct form *form, const struct factor *factor,
                       struct symbol_run lanes, const struct symbol *node, uint32_t from,
                       uint32_t count) {
  const uint64_t work = (uint64_t)lanes.count * count * (factor->dense == NULL ? 1 : form->rows);
  double *made = run_spend(run, work) ? doubles(run, form->rows, count) : NULL;
  for (uint32_t n = 0; n < lanes.count && made != NULL; n++) {
    const float *row = node->w + (size_t)lane_at(lanes, n) * node->row_floats + from;
    const uint32_t first = factor->dense == NULL ? factor->at + n : 0;
    const uint32_t end = factor->dense == NULL ? first + 1 : form->rows;
    for (uint32_t u = first; u < end; u++) {
      double by;
      if (factor->dense != NULL) {
        by = factor->dense[(size_t)u * lanes.count + n];
      } else if (factor->diagonal != NULL) {
        by = factor->diagonal[n];
      } else {
        by = 1.0;
      }
      for (uint32_t k = 0; k < count; k++) {
        made[(size_t)u * count + k] += by * (double)row[k];
      }
    }
  }
  return made;
}

static bool add_linear(struct run *run, struct form *form, const struct factor *factor,
                       struct symbol_run lanes, uint32_t depth) {
  const struct symbol node = run->symbols->nodes[lanes.node];
  bool good = true;
  add_bias(form, factor, lanes, node.bias);
  for (uint32_t n = 0, from = 0; n < node.run_count && good; from += node.runs[n++].count) {
    double *dense = product(run, form, factor, lanes, &node, from, node.runs[n].count);
    const struct factor inner = {.dense = dense};
    good = dense != NULL && add(run, form, &inner, node.runs[n], depth + 1);
    free(dense);
  }
  return good;
}

/* By a number for each lane (those of w, or `all`). */
static bool add_scaled(struct run *run, struct form *form, const struct factor *factor,
                       struct symbol_run lanes, struct symbol_run inner, const float *w, double all,
                       uint32_t depth) {
  const bool is_dense = factor->dense != NULL;
  double *made = doubles(run, is_dense ? form->rows : 1, lanes.count);
  const size_t count = (size_t)lanes.count * (is_dense ? form->rows : 1);
  for (size_t n = 0; n < count && made != NULL; n++) {
    const uint32_t lane = (uint32_t)(n % lanes.count);
    const double by = w == NULL ? all : (double)w[lane_at(lanes, lane)];
    const double *known = is_dense ? factor->dense : factor->diagonal;
    made[n] = by * (known != NULL ? known[n] : 1.0);
  }
  const struct factor scaled = {
      .at = factor->at, .diagonal = is_dense ? NULL : made, .dense = is_dense ? made : NULL};
  const bool good = made != NULL && add(run, form, &scaled, form_inner(lanes, inner), depth + 1);
  free(made);
  return good;
}

static bool add(struct run *run, struct form *form, const struct factor *factor,
                struct symbol_run lanes, uint32_t depth) {
  const struct symbol node = run->symbols->nodes[lanes.node];
  if (depth > FORM_MAX_DEPTH) {
    return run_refuse(run, "it is a sum of more than %d sums; cut the model before it",
                      FORM_MAX_DEPTH);
  }
  if (!run_spend(run, 1 + (uint64_t)lanes.count)) {
    return false;
  }
  switch (node.op) {
    case SYMBOL_LINEAR:
      return add_linear(run, form, factor, lanes, depth);
    case SYMBOL_ADD:
      return add(run, form, factor, form_inner(lanes, node.runs[0]), depth + 1) &&
             add(run, form, factor, form_inner(lanes, node.runs[1]), depth + 1);
    case SYMBOL_SUB:
      return add(run, form, factor, form_inner(lanes, node.runs[0]), depth + 1) &&
             add_scaled(run, form, factor, lanes, node.runs[1], NULL, -1.0, depth);
    case SYMBOL_SCALE:
      add_bias(form, factor, lanes, node.bias);
      return node.w == NULL
                 ? add(run, form, factor, form_inner(lanes, node.runs[0]), depth + 1)
                 : add_scaled(run, form, factor, lanes, node.runs[0], node.w, 1.0, depth);
    default:
      return add_base(run, form, factor, lanes);
  }
}

bool form_add_run(struct run *run, struct form *form, uint32_t at, struct symbol_run lanes) {
  const struct factor factor = {.at = at};
  return add(run, form, &factor, lanes, 0);
}

bool form_add_elements(struct run *run, struct form *form, uint32_t at,
                       const struct element *elements, size_t count) {
  for (size_t n = 0, length = 0; n < count; n += length) {
    struct symbol_run lanes = {0, 0, 1, 0};
    length = symbol_run_length(elements + n, count - n);
    for (size_t k = n; k < n + length && elements[n].node == 0; k++) {
      form->bias[at + k] += (double)elements[k].as.number;
    }
    if (elements[n].node != 0) {
      (void)symbol_find_runs(elements + n, length, &lanes, 1);
      if (!form_add_run(run, form, at + (uint32_t)n, lanes)) {
        return false;
      }
    }
  }
  return true;
}
