/* SPDX-License-Identifier: Apache-2.0 */
/* float_run: node by node, sequence by sequence; see float_run.h. */
#include "float/float_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A run under way. */
struct run {
  const struct trine_float_network *network;
  const struct trine_float_batch *batch;
  float **values;
  struct trine_error *error;
  uint32_t node;
};

size_t trine_float_count(const struct trine_float_value *value, uint32_t sequences,
                         uint32_t steps) {
  return (size_t)sequences * (value->has_time ? steps : 1) * value->width;
}

static uint32_t length_of(const struct run *run, uint32_t sequence) {
  return run->batch->lengths == NULL ? run->batch->steps : run->batch->lengths[sequence];
}

/* Rows of a value for one sequence, and how many there are. */
static float *rows_of(const struct run *run, uint32_t value, uint32_t sequence) {
  const struct trine_float_value *what = &run->network->values[value];
  const size_t rows = what->has_time ? run->batch->steps : 1;
  return run->values[value] + sequence * rows * what->width;
}

static uint32_t row_count(const struct run *run, uint32_t value, uint32_t sequence) {
  return run->network->values[value].has_time ? length_of(run, sequence) : 1;
}

static float dot(const float *a, const float *b, uint32_t count) {
  float sum = 0.0F;
  for (uint32_t n = 0; n < count; n++) {
    sum += a[n] * b[n];
  }
  return sum;
}

static float logistic(float a) {
  return 1.0F / (1.0F + expf(-a));
}

/* One step of all units: h and c are replaced. */
static void lstm_step(const struct run *run, const struct trine_float_cell *cell, const float *x,
                      const float *before, float *h, float *c, struct trine_float_point *point) {
  const size_t units = cell->units, inputs = cell->inputs;
  for (uint32_t u = 0; u < cell->units; u++) {
    for (size_t g = 0; g < TRINE_GATES; g++) {
      point->pre[g] = cell->bias[g * units + u] +
                      dot(cell->w + (g * units + u) * inputs, x, cell->inputs) +
                      dot(cell->r + (g * units + u) * units, before, cell->units);
    }
    c[u] = logistic(point->pre[TRINE_GATE_F]) * c[u] +
           logistic(point->pre[TRINE_GATE_I]) * tanhf(point->pre[TRINE_GATE_G]);
    h[u] = logistic(point->pre[TRINE_GATE_O]) * tanhf(c[u]);
    if (run->batch->tap != NULL) {
      point->unit = u;
      point->c = c[u];
      point->h = h[u];
      run->batch->tap(run->batch->tap_context, point);
    }
  }
}

static int run_lstm(const struct run *run, const struct trine_float_node *node) {
  const struct trine_float_cell *cell = &node->cell;
  float *h = calloc(cell->units, sizeof *h), *c = calloc(cell->units, sizeof *c);
  const bool good = h != NULL && c != NULL;
  for (uint32_t b = 0; b < run->batch->sequences && good; b++) {
    const uint32_t length = length_of(run, b);
    const float *x = rows_of(run, node->inputs[0], b);
    float *y = rows_of(run, node->output, b);
    for (uint32_t u = 0; u < cell->units; u++) {
      h[u] = cell->h0 == NULL ? 0.0F : cell->h0[u];
      c[u] = cell->c0 == NULL ? 0.0F : cell->c0[u];
    }
    for (uint32_t t = 0; t < length; t++) {
      const uint32_t row = cell->reversed ? length - 1 - t : t;
      struct trine_float_point point = {.node = run->node, .sequence = b, .step = t, .row = row};
      float *now = y + (size_t)row * cell->units;
      lstm_step(run, cell, x + (size_t)row * cell->inputs, h, now, c, &point);
      memcpy(h, now, cell->units * sizeof *h);
    }
  }
  free(h);
  free(c);
  if (!good) {
    trine_error_set(run->error, "There is no memory for a layer of %u units.", cell->units);
  }
  return good ? 0 : -1;
}

static int look_up(const struct run *run, const struct trine_float_matrix *table, const float *ids,
                   uint32_t rows, float *y) {
  for (uint32_t t = 0; t < rows; t++) {
    if (!(ids[t] >= 0.0F && ids[t] < (float)table->units) || ids[t] != truncf(ids[t])) {
      trine_error_set(run->error,
                      "The symbol %g is no row of the table: it takes whole numbers from 0 to %u.",
                      (double)ids[t], table->units - 1);
      return -1;
    }
    memcpy(y + (size_t)t * table->inputs, table->w + (size_t)ids[t] * table->inputs,
           table->inputs * sizeof *y);
  }
  return 0;
}

static void dense_row(const struct trine_float_matrix *matrix, const float *x, float *y) {
  for (uint32_t u = 0; u < matrix->units; u++) {
    const float sum = dot(matrix->w + (size_t)u * matrix->inputs, x, matrix->inputs) +
                      (matrix->bias == NULL ? 0.0F : matrix->bias[u]);
    y[u] = fminf(fmaxf(sum, matrix->out_min), matrix->out_max);
  }
}

static void softmax_row(const float *x, uint32_t width, float *y) {
  float largest = x[0], sum = 0.0F;
  for (uint32_t n = 1; n < width; n++) {
    largest = fmaxf(largest, x[n]);
  }
  for (uint32_t n = 0; n < width; n++) {
    y[n] = expf(x[n] - largest);
    sum += y[n];
  }
  for (uint32_t n = 0; n < width; n++) {
    y[n] /= sum;
  }
}

static float argmax_row(const float *x, uint32_t width) {
  uint32_t best = 0;
  for (uint32_t n = 1; n < width; n++) {
    best = x[n] > x[best] ? n : best;
  }
  return (float)best;
}

/* A node that makes each row of one row of its input. */
static void run_row(const struct trine_float_node *node, const float *x, uint32_t width, float *y) {
  switch (node->op) {
    case TRINE_FLOAT_DENSE:
      dense_row(&node->matrix, x, y);
      break;
    case TRINE_FLOAT_SOFTMAX:
      softmax_row(x, width, y);
      break;
    case TRINE_FLOAT_ARGMAX:
      y[0] = argmax_row(x, width);
      break;
    default:
      for (uint32_t n = 0; n < width; n++) {
        y[n] = node->op == TRINE_FLOAT_LOGISTIC ? logistic(x[n]) : fmaxf(x[n], 0.0F);
      }
      break;
  }
}

static void run_concat(const struct run *run, const struct trine_float_node *node, uint32_t b) {
  const uint32_t whole = run->network->values[node->output].width;
  float *y = rows_of(run, node->output, b);
  for (uint32_t n = 0; n < node->input_count; n++) {
    const uint32_t width = run->network->values[node->inputs[n]].width;
    const float *x = rows_of(run, node->inputs[n], b);
    for (uint32_t t = 0; t < row_count(run, node->output, b); t++) {
      memcpy(y + (size_t)t * whole, x + (size_t)t * width, width * sizeof *y);
    }
    y += width;
  }
}

static int run_node(const struct run *run, const struct trine_float_node *node) {
  const uint32_t width = run->network->values[node->inputs[0]].width;
  const uint32_t made = run->network->values[node->output].width;
  if (node->op == TRINE_FLOAT_LSTM) {
    return run_lstm(run, node);
  }
  for (uint32_t b = 0; b < run->batch->sequences; b++) {
    const float *x = rows_of(run, node->inputs[0], b);
    float *y = rows_of(run, node->output, b);
    if (node->op == TRINE_FLOAT_CONCAT) {
      run_concat(run, node, b);
    } else if (node->op == TRINE_FLOAT_LAST || node->op == TRINE_FLOAT_FIRST) {
      const size_t row = node->op == TRINE_FLOAT_LAST ? length_of(run, b) - 1 : 0;
      memcpy(y, x + row * width, width * sizeof *y);
    } else if (node->op == TRINE_FLOAT_EMBEDDING) {
      if (look_up(run, &node->matrix, x, row_count(run, node->output, b), y) != 0) {
        return -1;
      }
    } else {
      for (uint32_t t = 0; t < row_count(run, node->output, b); t++) {
        run_row(node, x + (size_t)t * width, width, y + (size_t)t * made);
      }
    }
  }
  return 0;
}

void trine_float_values_free(const struct trine_float_network *network, float **values) {
  if (network == NULL || values == NULL) {
    return;
  }
  for (uint32_t n = 0; n < network->value_count; n++) {
    free(values[n]);
    values[n] = NULL;
  }
}

int trine_float_run(const struct trine_float_network *network,
                    const struct trine_float_batch *batch, float **values,
                    struct trine_error *error) {
  struct run run = {.network = network, .batch = batch, .values = values, .error = error};
  bool good = true;
  if (!trine_float_check(network, batch, error)) {
    return -1;
  }
  for (uint32_t n = 0; n < network->value_count; n++) {
    const size_t count = trine_float_count(&network->values[n], batch->sequences, batch->steps);
    values[n] = calloc(count + 1, sizeof *values[n]);
    good = good && values[n] != NULL;
  }
  if (!good) {
    trine_error_set(error, "There is no memory for the values of %u sequences of %u steps.",
                    batch->sequences, batch->steps);
    return -1;
  }
  const struct trine_float_value *input = &network->values[network->input];
  memcpy(values[network->input], batch->input,
         trine_float_count(input, batch->sequences, batch->steps) * sizeof(float));
  for (run.node = 0; run.node < network->node_count; run.node++) {
    if (run_node(&run, &network->nodes[run.node]) != 0) {
      return -1;
    }
  }
  return 0;
}
