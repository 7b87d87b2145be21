/* SPDX-License-Identifier: Apache-2.0 */
/* dense: rows times a known matrix; see run.h. */
#include <stdlib.h>
#include <string.h>

#include "graph/run.h"
#include "io/size.h"

static void product_of_floats(const float *x, const float *w, uint32_t units, uint32_t width,
                              const float *bias, float *y) {
  for (uint32_t u = 0; u < units; u++) {
    float sum = 0.0F;
    for (uint32_t k = 0; k < width; k++) {
      sum += x[k] * w[(size_t)u * width + k];
    }
    y[u] = sum + (bias == NULL ? 0.0F : bias[u]);
  }
}

/* The columns of w that meet unknown lanes, packed; what the known ones give goes to the bias. */
static bool pack_columns(struct run *run, const struct element *x, uint32_t units, uint32_t width,
                         struct symbol *made, uint32_t lanes) {
  float *w =
      run_spend(run, (uint64_t)units * width) ? symbol_floats(run, (size_t)units * lanes) : NULL;
  float *bias = w == NULL ? NULL : symbol_floats(run, units);
  for (uint32_t u = 0; bias != NULL && u < units; u++) {
    const float *row = made->w + (size_t)u * width;
    float sum = 0.0F;
    uint32_t at = 0;
    for (uint32_t k = 0; k < width; k++) {
      if (x[k].node != 0) {
        w[(size_t)u * lanes + at++] = row[k];
      } else {
        sum += row[k] * x[k].as.number;
      }
    }
    bias[u] = sum + (made->bias == NULL ? 0.0F : made->bias[u]);
  }
  made->w = w;
  made->bias = bias;
  made->row_floats = lanes;
  return bias != NULL;
}

static bool product_of_lanes(struct run *run, const struct element *x, const float *w,
                             uint32_t units, uint32_t width, const float *bias, struct element *y) {
  uint32_t unknown = 0, runs = 0;
  for (size_t n = 0, length = 0; n < width; n += length) {
    length = symbol_run_length(x + n, width - n);
    runs += x[n].node != 0;
    unknown += x[n].node != 0 ? (uint32_t)length : 0;
  }
  if (unknown == 0) {
    for (uint32_t u = 0; u < units; u++) {
      float sum = 0.0F;
      for (uint32_t k = 0; k < width; k++) {
        sum += x[k].as.number * w[(size_t)u * width + k];
      }
      y[u].as.number = sum + (bias == NULL ? 0.0F : bias[u]);
    }
    return run_spend(run, (uint64_t)units * width);
  }
  struct symbol *made = symbol_new(run, SYMBOL_LINEAR, units, runs);
  if (made == NULL) {
    return false;
  }
  (void)symbol_find_runs(x, width, made->runs, runs);
  made->w = w;
  made->bias = bias;
  made->row_floats = width;
  if (unknown < width && !pack_columns(run, x, units, width, made, unknown)) {
    return false;
  }
  symbol_lanes(run, y, units);
  return true;
}

struct value *run_product(struct run *run, struct value *x, const float *w, uint32_t units,
                          uint32_t width, const float *bias) {
  uint32_t shape[GRAPH_MAX_RANK] = {0};
  if (width == 0 || x->count % width != 0 || x->rank == 0 ||
      (x->kind != VALUE_FLOATS && x->kind != VALUE_ELEMENTS)) {
    (void)run_refuse(run, "its operand has %zu floats; it takes rows of %u", x->count, width);
    return NULL;
  }
  const size_t rows = x->count / width;
  const bool keeps = x->shape[x->rank - 1] == width;
  const uint32_t rank = keeps ? x->rank : 2;
  memcpy(shape, x->shape, sizeof shape);
  shape[0] = keeps && rank > 1 ? shape[0] : (uint32_t)rows;
  shape[rank - 1] = units;
  struct value *made = value_new(run, x->kind, rank, shape);
  bool good = made != NULL;
  for (size_t n = 0; n < rows && good; n++) {
    if (x->kind == VALUE_FLOATS) {
      good = run_spend(run, (uint64_t)units * width);
      if (good) {
        product_of_floats(x->as.floats + n * width, w, units, width, bias,
                          made->as.floats + n * units);
      }
    } else {
      good = product_of_lanes(run, x->as.elements + n * width, w, units, width, bias,
                              made->as.elements + n * units);
    }
  }
  if (!good) {
    value_drop(run, made);
  }
  return good ? made : NULL;
}

/* Weights that outlive the run: a constant's, or a copy with the symbols. turned: [k][n] as [n][k].
 * NULL with the error set; *owned: to be given to free. */
static const float *kept(struct run *run, const struct value *value, uint32_t units, uint32_t width,
                         bool turned, float **owned) {
  *owned = NULL;
  if (!turned && (value->is_borrowed || run->symbols == NULL)) {
    return value->as.floats;
  }
  struct symbols *symbols = run->symbols;
  for (uint32_t n = 0; symbols != NULL && value->is_borrowed && n < symbols->turned_count; n++) {
    const struct symbol_turned *known = &symbols->turned[n];
    if (turned && known->from == value->as.floats && known->units == units &&
        known->width == width) {
      return known->to;
    }
  }
  float *made;
  if (symbols != NULL) {
    made = symbol_floats(run, value->count);
  } else if (run_spend(run, value->count)) {
    made = *owned = malloc((value->count + 1) * sizeof *made);
  } else {
    made = NULL;
  }
  if (made == NULL) {
    return symbols != NULL || run->budget.work == 0 ? NULL : (run_no_memory(run), NULL);
  }
  for (uint32_t u = 0; u < units; u++) {
    for (uint32_t k = 0; k < width; k++) {
      made[(size_t)u * width + k] =
          value->as.floats[turned ? (size_t)k * units + u : (size_t)u * width + k];
    }
  }
  if (turned && symbols != NULL && value->is_borrowed &&
      symbols->turned_count < sizeof symbols->turned / sizeof symbols->turned[0]) {
    symbols->turned[symbols->turned_count++] = (struct symbol_turned){
        .from = value->as.floats, .to = made, .units = units, .width = width};
  }
  return made;
}

/* x, and w as [units][width] or turned round, both settled. */
static bool multiply(struct run *run, struct value *x, struct value *w, struct value *bias,
                     bool turned, struct value **out) {
  uint32_t units = w->shape[w->rank - (turned ? 1 : 2)];
  const uint32_t width = w->shape[w->rank - (turned ? 2 : 1)];
  float *owned = NULL, *owned_bias = NULL;
  if (bias != NULL && (bias->kind != VALUE_FLOATS || bias->count != units)) {
    return run_refuse(run, "its bias has %zu numbers for %u units", bias->count, units);
  }
  if (run->node->op == GRAPH_MATMUL && (x->rank == 0 || x->shape[x->rank - 1] != width)) {
    return run_refuse(run, "its rows have %u values; its matrix takes %u",
                      x->rank == 0 ? 1 : x->shape[x->rank - 1], width);
  }
  const float *weights = kept(run, w, units, width, turned, &owned);
  const float *added =
      weights == NULL || bias == NULL ? NULL : kept(run, bias, units, 1, false, &owned_bias);
  if (weights != NULL && (bias == NULL || added != NULL)) {
    out[0] = run_product(run, x, weights, units, width, added);
  }
  free(owned);
  free(owned_bias);
  return out[0] != NULL;
}

/* FULLY_CONNECTED gives rows unless it keeps the dimensions. */
static bool as_rows(struct run *run, struct value **out) {
  struct value *made = out[0];
  if (run->node->op != GRAPH_DENSE || run->node->keep_dims || made->rank == 2) {
    return true;
  }
  const uint32_t units = made->shape[made->rank - 1];
  const uint32_t shape[2] = {units == 0 ? 0 : (uint32_t)(made->count / units), units};
  out[0] = value_reshaped(run, made, 2, shape);
  value_drop(run, made);
  return out[0] != NULL;
}

/* Whether a matrix is one for all rows: only its last two sizes are not 1. */
static bool is_one_matrix(const struct value *w) {
  for (uint32_t n = 0; n + 2 < w->rank; n++) {
    if (w->shape[n] != 1) {
      return false;
    }
  }
  return w->rank >= 2 && w->kind == VALUE_FLOATS;
}

/* The shape of a product with a matrix that is not known. */
static bool unknown_matrix(struct run *run, struct value **in, struct value **out) {
  uint32_t shape[GRAPH_MAX_RANK] = {0};
  const struct value *a = in[0], *b = in[1];
  if (run->symbols == NULL || a->rank < 2 || b->rank < 2) {
    return run_refuse(run, "only rows times one constant matrix are done");
  }
  const bool matmul = run->node->op == GRAPH_MATMUL;
  const bool turned = matmul && !run->node->turn_y;
  memcpy(shape, a->shape, sizeof shape);
  shape[a->rank - 2] = a->shape[a->rank - (matmul && run->node->turn_x ? 1 : 2)];
  shape[a->rank - 1] = b->shape[b->rank - (turned ? 1 : 2)];
  return run_other(run, in, 2, a->rank, shape, out);
}

bool run_dense(struct run *run, struct value **in, struct value **out) {
  const struct graph_node *node = run->node;
  if (node->input_count < 2 || in[0] == NULL || in[1] == NULL || in[0]->kind == VALUE_LIST ||
      in[1]->kind == VALUE_LIST) {
    return run_refuse(run, "it has %u operands; it needs rows and weights", node->input_count);
  }
  struct value *x = value_settled(run, in[0]);
  struct value *w = x == NULL ? NULL : value_settled(run, in[1]);
  struct value *bias =
      node->input_count > 2 && in[2] != NULL && w != NULL ? value_settled(run, in[2]) : NULL;
  bool good = x != NULL && w != NULL;
  if (good && (!is_one_matrix(w) || node->turn_x)) {
    good = unknown_matrix(run, in, out);
  } else if (good) {
    good = multiply(run, x, w, bias, node->op == GRAPH_MATMUL && !node->turn_y, out) &&
           as_rows(run, out) && run_activate(run, &out[0]);
  }
  value_drop(run, x);
  value_drop(run, w);
  value_drop(run, bias);
  return good;
}
