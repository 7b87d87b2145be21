/* SPDX-License-Identifier: Apache-2.0 */
/* float_run: node by node, sequence by sequence; see float_run.h. */
#include "float/float_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "float/float_rows.h"

/* A run under way. */
struct float_run {
  const struct trine_float_network *network;
  const struct trine_float_batch *batch;
  float **values;
  float **cells; /* [node_count] of LSTMs that another one follows: c at the end [B][units] */
  struct trine_error *error;
  uint32_t node;
};

uint32_t trine_float_rows(const struct trine_float_value *value, uint32_t steps) {
  if (!value->has_time) {
    return 1;
  }
  if (value->steps > 0) {
    return value->steps;
  }
  return steps;
}

size_t trine_float_count(const struct trine_float_value *value, uint32_t sequences,
                         uint32_t steps) {
  return (size_t)sequences * trine_float_rows(value, steps) * value->width;
}

const float *trine_float_input(const struct trine_float_batch *batch, uint32_t n) {
  if (n == 0) {
    return batch->input;
  }
  return batch->more_inputs == NULL ? NULL : batch->more_inputs[n - 1];
}

static uint32_t length_of(const struct float_run *run, uint32_t sequence) {
  return run->batch->lengths == NULL ? run->batch->steps : run->batch->lengths[sequence];
}

/* Rows of a value for one sequence, and how many there are. */
static float *rows_of(const struct float_run *run, uint32_t value, uint32_t sequence) {
  const struct trine_float_value *what = &run->network->values[value];
  const size_t rows = trine_float_rows(what, run->batch->steps);
  return run->values[value] + sequence * rows * what->width;
}

static uint32_t row_count(const struct float_run *run, uint32_t value, uint32_t sequence) {
  return trine_float_rows(&run->network->values[value], length_of(run, sequence));
}

/* What the steps of an LSTM work on. */
struct lstm_work {
  float *w, *r;       /* float_turn of the cell's */
  float *of_x, *of_h; /* [4 * units] sums of a step */
  float *h, *c;       /* [units] */
};

static bool begin_work(const struct trine_float_cell *cell, struct lstm_work *work) {
  const size_t units = cell->units, gates = TRINE_GATES * units;
  *work = (struct lstm_work){.w = float_turn(cell->w, gates, cell->inputs),
                             .r = float_turn(cell->r, gates, units),
                             .of_x = malloc(gates * sizeof(float)),
                             .of_h = malloc(gates * sizeof(float)),
                             .h = malloc(units * sizeof(float)),
                             .c = malloc(units * sizeof(float))};
  return work->w != NULL && work->r != NULL && work->of_x != NULL && work->of_h != NULL &&
         work->h != NULL && work->c != NULL;
}

static void end_work(struct lstm_work *work) {
  free(work->w);
  free(work->r);
  free(work->of_x);
  free(work->of_h);
  free(work->h);
  free(work->c);
}

/* One step of all units: c is replaced, and h goes to `now`. */
static void lstm_step(const struct float_run *run, const struct trine_float_cell *cell,
                      const float *x, const struct lstm_work *work, float *now,
                      struct trine_float_point *point) {
  const size_t units = cell->units;
  float *c = work->c;
  float_sums(work->w, TRINE_GATES * units, cell->inputs, x, work->of_x);
  float_sums(work->r, TRINE_GATES * units, units, work->h, work->of_h);
  for (uint32_t u = 0; u < cell->units; u++) {
    for (size_t g = 0; g < TRINE_GATES; g++) {
      const size_t row = g * units + u;
      point->pre[g] = cell->bias[row] + work->of_x[row] + work->of_h[row];
    }
    c[u] = float_logistic(point->pre[TRINE_GATE_F]) * c[u] +
           float_logistic(point->pre[TRINE_GATE_I]) * tanhf(point->pre[TRINE_GATE_G]);
    now[u] = float_logistic(point->pre[TRINE_GATE_O]) * tanhf(c[u]);
    if (run->batch->tap != NULL) {
      point->unit = u;
      point->c = c[u];
      point->h = now[u];
      run->batch->tap(run->batch->tap_context, point);
    }
  }
}

/* The state that a sequence starts from. */
static void begin_lstm(const struct float_run *run, const struct trine_float_cell *cell, uint32_t b,
                       float *h, float *c) {
  for (uint32_t u = 0; u < cell->units; u++) {
    h[u] = cell->h0 == NULL ? 0.0F : cell->h0[u];
    c[u] = cell->c0 == NULL ? 0.0F : cell->c0[u];
  }
  if (cell->follows > 0) {
    const struct trine_float_node *before = &run->network->nodes[cell->follows - 1];
    const size_t row = before->cell.reversed ? 0 : row_count(run, before->output, b) - 1;
    memcpy(h, rows_of(run, before->output, b) + row * cell->units, cell->units * sizeof *h);
    memcpy(c, run->cells[cell->follows - 1] + (size_t)b * cell->units, cell->units * sizeof *c);
  }
}

static enum trine_status run_lstm(const struct float_run *run,
                                  const struct trine_float_node *node) {
  const struct trine_float_cell *cell = &node->cell;
  struct lstm_work work;
  const bool good = begin_work(cell, &work);
  for (uint32_t b = 0; b < run->batch->sequences && good; b++) {
    const uint32_t length = row_count(run, node->output, b);
    const float *x = rows_of(run, node->inputs[0], b);
    float *y = rows_of(run, node->output, b);
    begin_lstm(run, cell, b, work.h, work.c);
    for (uint32_t t = 0; t < length; t++) {
      const uint32_t row = cell->reversed ? length - 1 - t : t;
      struct trine_float_point point = {.node = run->node, .sequence = b, .step = t, .row = row};
      float *now = y + (size_t)row * cell->units;
      lstm_step(run, cell, x + (size_t)row * cell->inputs, &work, now, &point);
      memcpy(work.h, now, cell->units * sizeof *now);
    }
    if (run->cells[run->node] != NULL) {
      memcpy(run->cells[run->node] + (size_t)b * cell->units, work.c, cell->units * sizeof *work.c);
    }
  }
  end_work(&work);
  if (!good) {
    trine_error_set(run->error, "There is no memory for a layer of %u units.", cell->units);
  }
  return good ? TRINE_OK : TRINE_ERR_MEMORY;
}

/* Rows of a table; false at a symbol that is none of them. */
static bool look_up(const struct float_run *run, const struct trine_float_matrix *table,
                    const float *ids, uint32_t rows, float *y) {
  for (uint32_t t = 0; t < rows; t++) {
    if (!(ids[t] >= 0.0F && ids[t] < (float)table->units) || ids[t] != truncf(ids[t])) {
      trine_error_set(run->error,
                      "The symbol %g is no row of the table: it takes whole numbers from 0 to %u.",
                      (double)ids[t], table->units - 1);
      return false;
    }
    memcpy(y + (size_t)t * table->inputs, table->w + (size_t)ids[t] * table->inputs,
           table->inputs * sizeof *y);
  }
  return true;
}

static void run_concat(const struct float_run *run, const struct trine_float_node *node,
                       uint32_t b) {
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

/* Several steps become one row, one row a step becomes another, or one row all steps. */
static void run_sequence(const struct float_run *run, const struct trine_float_node *node,
                         uint32_t b) {
  const uint32_t width = run->network->values[node->inputs[0]].width;
  const uint32_t made = run->network->values[node->output].width;
  const uint32_t in = row_count(run, node->inputs[0], b), out = row_count(run, node->output, b);
  const float *x = rows_of(run, node->inputs[0], b);
  const float *other = node->input_count > 1 ? rows_of(run, node->inputs[1], b) : NULL;
  float *y = rows_of(run, node->output, b);
  if (trine_float_ends_time(node->op)) {
    float_steps(node, x, in, width, y);
    return;
  }
  size_t first;
  if (node->op != TRINE_FLOAT_RANGE) {
    first = 0;
  } else if (node->first < 0) {
    first = in - (size_t)(-node->first);
  } else {
    first = (size_t)node->first;
  }
  for (uint32_t t = 0; t < out; t++) {
    const size_t row = node->op == TRINE_FLOAT_TURN ? out - 1 - t : first + t;
    const size_t from = node->op == TRINE_FLOAT_REPEAT ? 0 : row * width;
    float_row(node, x + from, other == NULL ? NULL : other + from, width, made,
              y + (size_t)t * made);
  }
}

static enum trine_status run_dense(const struct float_run *run,
                                   const struct trine_float_node *node) {
  const struct trine_float_matrix *matrix = &node->matrix;
  float *turned = float_turn(matrix->w, matrix->units, matrix->inputs);
  if (turned == NULL) {
    trine_error_set(run->error, "There is no memory for a layer of %u units.", matrix->units);
    return TRINE_ERR_MEMORY;
  }
  for (uint32_t b = 0; b < run->batch->sequences; b++) {
    const float *x = rows_of(run, node->inputs[0], b);
    float *y = rows_of(run, node->output, b);
    for (uint32_t t = 0; t < row_count(run, node->output, b); t++) {
      float_sums(turned, matrix->units, matrix->inputs, x + (size_t)t * matrix->inputs,
                 y + (size_t)t * matrix->units);
      float_dense_end(matrix, y + (size_t)t * matrix->units);
    }
  }
  free(turned);
  return TRINE_OK;
}

static enum trine_status run_node(const struct float_run *run,
                                  const struct trine_float_node *node) {
  if (node->op == TRINE_FLOAT_LSTM) {
    return run_lstm(run, node);
  }
  if (node->op == TRINE_FLOAT_DENSE) {
    return run_dense(run, node);
  }
  for (uint32_t b = 0; b < run->batch->sequences; b++) {
    if (node->op == TRINE_FLOAT_CONCAT) {
      run_concat(run, node, b);
    } else if (node->op != TRINE_FLOAT_EMBEDDING) {
      run_sequence(run, node, b);
    } else if (!look_up(run, &node->matrix, rows_of(run, node->inputs[0], b),
                        row_count(run, node->output, b), rows_of(run, node->output, b))) {
      return TRINE_ERR_ARG;
    }
  }
  return TRINE_OK;
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

static void free_cells(const struct float_run *run) {
  for (uint32_t n = 0; run->cells != NULL && n < run->network->node_count; n++) {
    free(run->cells[n]);
  }
  free(run->cells);
}

/* Memory for all values, and for the ends of LSTMs that others follow. */
static bool allocate(struct float_run *run) {
  const struct trine_float_network *network = run->network;
  const uint32_t sequences = run->batch->sequences;
  run->cells = calloc((size_t)network->node_count + 1, sizeof *run->cells);
  bool good = run->cells != NULL;
  for (uint32_t n = 0; n < network->value_count; n++) {
    const size_t count = trine_float_count(&network->values[n], sequences, run->batch->steps);
    run->values[n] = calloc(count + 1, sizeof *run->values[n]);
    good = good && run->values[n] != NULL;
  }
  for (uint32_t n = 0; n < network->node_count && good; n++) {
    const struct trine_float_cell *cell = &network->nodes[n].cell;
    const uint32_t before = network->nodes[n].op == TRINE_FLOAT_LSTM ? cell->follows : 0;
    if (before > 0 && run->cells[before - 1] == NULL) {
      run->cells[before - 1] = calloc((size_t)sequences * cell->units, sizeof(float));
      good = run->cells[before - 1] != NULL;
    }
  }
  return good;
}

enum trine_status trine_float_run(const struct trine_float_network *network,
                                  const struct trine_float_batch *batch, float **values,
                                  struct trine_error *error) {
  struct float_run run = {.network = network, .batch = batch, .values = values, .error = error};
  enum trine_status status = trine_float_check(network, batch, error);
  if (status != TRINE_OK) {
    return status;
  }
  if (!allocate(&run)) {
    status = TRINE_ERR_MEMORY;
    trine_error_set(error, "There is no memory for the values of %u sequences of %u steps.",
                    batch->sequences, batch->steps);
  } else {
    for (uint32_t n = 0; n < network->input_count; n++) {
      const uint32_t at = network->inputs[n];
      memcpy(
          values[at], trine_float_input(batch, n),
          trine_float_count(&network->values[at], batch->sequences, batch->steps) * sizeof(float));
    }
  }
  for (run.node = 0; run.node < network->node_count && status == TRINE_OK; run.node++) {
    status = run_node(&run, &network->nodes[run.node]);
  }
  free_cells(&run);
  return status;
}
