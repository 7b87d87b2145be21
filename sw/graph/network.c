/* SPDX-License-Identifier: Apache-2.0 */
/* network: only what the output needs is made; what takes one step is taken as early as it can be,
 * so that heads run once and not at each step; see network.h. */
#include "graph/network_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 300 };

uint32_t network_add_value(struct network_making *making, const char *name, bool has_time,
                           uint32_t width) {
  struct trine_float_network *network = making->network;
  if (network->value_count >= making->room) {
    (void)run_refuse(making->roll->run, "the network has more than %u values, the limit",
                     making->room);
    return ROLL_NONE;
  }
  making->values[network->value_count] =
      (struct trine_float_value){.name = name, .has_time = has_time, .width = width};
  return network->value_count++;
}

struct trine_float_node *network_add_node(struct network_making *making, enum trine_float_op op,
                                          const char *name, uint32_t input, uint32_t output) {
  struct trine_float_network *network = making->network;
  if (output == ROLL_NONE || network->node_count >= making->room) {
    return NULL;
  }
  struct trine_float_node *node = &making->nodes[network->node_count++];
  *node = (struct trine_float_node){
      .op = op, .name = name, .input_count = 1, .inputs = {input}, .output = output};
  return node;
}

/* Numbers that live as long as the network; NULL with the error set. */
static float *floats_of(struct network_making *making, const double *from, size_t count) {
  float *made =
      run_spend(making->roll->run, count) ? arena_alloc(making->arena, count, sizeof *made) : NULL;
  for (size_t n = 0; n < count && made != NULL; n++) {
    made[n] = (float)from[n];
  }
  return made != NULL ? made : (run_no_memory(making->roll->run), NULL);
}

/* A number of a mean's matrix, of the mean itself: what is a whole number but for rounding is one.
 */
static float scaled(double number, double factor) {
  const double product = number * factor, whole = nearbyint(product);
  return (float)(factor != 1 && fabs(product - whole) < 1e-6 ? whole : product);
}

/* One matrix over all parts, times a factor: [rows][width]; NULL with the error set. */
static float *matrix_of(struct network_making *making, const struct roll_rows *rows, uint32_t width,
                        double factor) {
  const size_t count = (size_t)rows->rows * width;
  float *made =
      run_spend(making->roll->run, count) ? arena_alloc(making->arena, count, sizeof *made) : NULL;
  for (uint32_t n = 0, at = 0; n < rows->part_count && made != NULL; n++) {
    const uint32_t own = making->roll->series[rows->parts[n].series].width;
    for (uint32_t u = 0; u < rows->rows; u++) {
      for (uint32_t k = 0; k < own; k++) {
        made[(size_t)u * width + at + k] = scaled(rows->parts[n].m[(size_t)u * own + k], factor);
      }
    }
    at += own;
  }
  return made != NULL ? made : (run_no_memory(making->roll->run), NULL);
}

static bool is_same(const float *m, const double *bias, uint32_t rows, uint32_t width) {
  bool same = rows == width;
  for (uint32_t u = 0; u < rows && same; u++) {
    same = bias[u] == 0;
    for (uint32_t k = 0; k < width && same; k++) {
      same = m[(size_t)u * width + k] == (u == k ? 1.0F : 0.0F);
    }
  }
  return same;
}

/* Rows as a value: parts as they are, or a dense layer of them. */
static uint32_t rows_value(struct network_making *making, const struct roll_rows *rows,
                           enum network_when when, bool is_absolute, const char *name, bool relu) {
  struct roll_rows own = *rows;
  uint32_t input = ROLL_NONE;
  double factor = 1;
  if (is_absolute && !network_mean(making, rows, name, &input)) {
    return ROLL_NONE;
  }
  if (input != ROLL_NONE) {
    own.part_count = rows->part_count / making->roll->steps;
    factor = making->roll->steps;
  } else {
    input = network_join(making, rows, when, is_absolute, name);
  }
  const uint32_t width = network_width_of(making->roll, &own);
  float *w = input == ROLL_NONE ? NULL : matrix_of(making, &own, width, factor);
  if (w == NULL) {
    return ROLL_NONE;
  }
  const bool same = is_same(w, rows->bias, rows->rows, width);
  if (same && !relu) {
    return input;
  }
  const uint32_t output =
      network_add_value(making, name, making->values[input].has_time, rows->rows);
  struct trine_float_node *node =
      network_add_node(making, same ? TRINE_FLOAT_RELU : TRINE_FLOAT_DENSE, name, input, output);
  float *bias = node == NULL ? NULL : floats_of(making, rows->bias, rows->rows);
  if (bias == NULL) {
    return ROLL_NONE;
  }
  if (!same) {
    node->matrix = (struct trine_float_matrix){.inputs = width,
                                               .units = rows->rows,
                                               .w = w,
                                               .bias = bias,
                                               .out_min = relu ? 0.0F : -INFINITY,
                                               .out_max = INFINITY};
  }
  return output;
}

/* What a state's node is called where it is an input of the graph. */
static const char *state_name(const struct roll *roll, uint32_t node) {
  const struct graph_sub *sub = &roll->run->graph->subs[0];
  const uint32_t source = roll->run->symbols->nodes[node].source;
  return node != 0 && source < sub->input_count ? sub->tensors[sub->inputs[source]].name : NULL;
}

/* 1 + the node of the layer whose states a chain begins with; 0: none; ROLL_NONE with the error
 * set.
 */
static uint32_t followed_node(struct network_making *making, const struct roll_chain *chain) {
  if (chain->follows == 0) {
    return 0;
  }
  const uint32_t before =
      network_value_of(making, making->roll->chains[chain->follows - 1].series, NETWORK_ALWAYS);
  uint32_t n = 0;
  while (before != ROLL_NONE && making->nodes[n].output != before) {
    n++;
  }
  return before == ROLL_NONE ? ROLL_NONE : 1 + n;
}

static uint32_t layer_value(struct network_making *making, struct roll_series *series) {
  const struct roll *roll = making->roll;
  const struct roll_chain *chain = &roll->chains[series->chain];
  const struct roll_cell *end = &roll->cells[chain->cells[chain->steps - 1]];
  const char *name = roll->run->symbols->nodes[end->h].name;
  const uint32_t follows = followed_node(making, chain);
  if (follows == ROLL_NONE) {
    return ROLL_NONE;
  }
  const uint32_t input =
      chain->is_absolute
          ? network_repeat(making, network_join(making, &chain->x, NETWORK_ONCE, true, name))
          : network_join(making, &chain->x, NETWORK_ALWAYS, false, name);
  const uint32_t width = network_width_of(roll, &chain->x);
  const size_t units = chain->units;
  float *w = input == ROLL_NONE ? NULL : matrix_of(making, &chain->x, width, 1);
  float *r = w == NULL ? NULL : floats_of(making, chain->r, TRINE_GATES * units * units);
  float *bias = r == NULL ? NULL : floats_of(making, chain->x.bias, TRINE_GATES * units);
  if (bias == NULL) {
    return ROLL_NONE;
  }
  const uint32_t output = network_add_value(making, name, true, chain->units);
  struct trine_float_node *node = network_add_node(making, TRINE_FLOAT_LSTM, name, input, output);
  if (node == NULL) {
    return ROLL_NONE;
  }
  node->cell = (struct trine_float_cell){.inputs = width,
                                         .units = chain->units,
                                         .w = w,
                                         .r = r,
                                         .bias = bias,
                                         .reversed = chain->is_reversed,
                                         .h_in = state_name(roll, chain->h_node),
                                         .c_in = state_name(roll, chain->c_node),
                                         .follows = follows};
  return output;
}

static enum trine_float_op op_of(const struct symbol *node) {
  switch (node->op) {
    case SYMBOL_SOFTMAX:
      return TRINE_FLOAT_SOFTMAX;
    case SYMBOL_ARGMAX:
      return TRINE_FLOAT_ARGMAX;
    case SYMBOL_TABLE:
      return TRINE_FLOAT_EMBEDDING;
    case SYMBOL_MAX:
      return TRINE_FLOAT_MAX;
    default:
      if (node->kind == GRAPH_TANH) {
        return TRINE_FLOAT_TANH;
      }
      if (node->kind == GRAPH_LEAKY_RELU) {
        return TRINE_FLOAT_LEAKY_RELU;
      }
      if (node->kind == GRAPH_ELU) {
        return TRINE_FLOAT_ELU;
      }
      return TRINE_FLOAT_LOGISTIC;
  }
}

/* Rows [first, first + count) of some: parts that they do not need are left out. */
static bool rows_within(struct network_making *making, const struct roll_rows *rows, uint32_t first,
                        uint32_t count, struct roll_rows *within) {
  *within = (struct roll_rows){.rows = count, .bias = rows->bias + first};
  within->parts = calloc((size_t)rows->part_count + 1, sizeof *within->parts);
  for (uint32_t n = 0; n < rows->part_count && within->parts != NULL; n++) {
    const size_t width = making->roll->series[rows->parts[n].series].width;
    struct roll_part part = rows->parts[n];
    bool counts = false;
    part.m += first * width;
    for (size_t k = 0; k < count * width && !counts; k++) {
      counts = part.m[k] != 0;
    }
    if (counts) {
      within->parts[within->part_count++] = part;
    }
  }
  return within->parts != NULL || run_no_memory(making->roll->run);
}

/* The product of two rows, which stand one behind the other. */
static uint32_t product_value(struct network_making *making, const struct roll_series *series,
                              enum network_when when, const char *name) {
  uint32_t factors[2] = {ROLL_NONE, ROLL_NONE};
  for (uint32_t n = 0; n < 2; n++) {
    struct roll_rows half;
    if (rows_within(making, &series->of, n * series->width, series->width, &half)) {
      factors[n] = rows_value(making, &half, when, series->is_absolute, name, false);
    }
    free(half.parts);
    if (factors[n] == ROLL_NONE) {
      return ROLL_NONE;
    }
  }
  const uint32_t output =
      network_add_value(making, name, making->values[factors[0]].has_time, series->width);
  struct trine_float_node *node =
      network_add_node(making, TRINE_FLOAT_MUL, name, factors[0], output);
  if (node == NULL) {
    return ROLL_NONE;
  }
  node->input_count = 2;
  node->inputs[1] = factors[1];
  return output;
}

static uint32_t function_value(struct network_making *making, const struct roll_series *series,
                               enum network_when when) {
  const struct symbol *node = &making->roll->run->symbols->nodes[series->node];
  const bool relu = node->op == SYMBOL_UNARY && node->kind == GRAPH_RELU;
  const bool pools = node->op == SYMBOL_MAX; /* of a row at each step, itself without steps */
  roll_at(making->roll, series->node);
  if (node->op == SYMBOL_MUL) {
    return product_value(making, series, when, node->name);
  }
  const uint32_t input = rows_value(making, &series->of, pools ? NETWORK_ALWAYS : when,
                                    !pools && series->is_absolute, node->name, relu);
  if (input == ROLL_NONE || relu) {
    return input;
  }
  const enum trine_float_op op = op_of(node);
  const uint32_t output = network_add_value(
      making, node->name, !pools && making->values[input].has_time, series->width);
  struct trine_float_node *made = network_add_node(making, op, node->name, input, output);
  if (made != NULL && op == TRINE_FLOAT_LEAKY_RELU) {
    made->alpha = node->w[0];
  }
  if (made != NULL && op == TRINE_FLOAT_EMBEDDING) {
    made->matrix =
        (struct trine_float_matrix){.inputs = series->width, .units = node->units, .w = node->w};
  }
  return made == NULL ? ROLL_NONE : output;
}

/* The first or last step of a series that is there at all of them. */
static uint32_t step_value(struct network_making *making, struct roll_series *series,
                           uint32_t always, bool last) {
  const char *name = making->values[always].name;
  const uint32_t output = network_add_value(making, name, false, series->width);
  return network_add_node(making, last ? TRINE_FLOAT_LAST : TRINE_FLOAT_FIRST, name, always,
                          output) == NULL
             ? ROLL_NONE
             : output;
}

uint32_t network_value_of(struct network_making *making, uint32_t number, enum network_when when) {
  struct roll_series *series = &making->roll->series[number];
  uint32_t *known;
  if (when == NETWORK_ALWAYS) {
    known = &series->always;
  } else if (when == NETWORK_FIRST) {
    known = &series->first;
  } else {
    known = &series->last;
  }
  if (*known != ROLL_NONE) {
    return *known;
  }
  if (++making->depth > MAX_DEPTH) {
    (void)run_refuse(making->roll->run, "it is behind more than %d layers; cut the model",
                     MAX_DEPTH);
    return ROLL_NONE;
  }
  uint32_t value = ROLL_NONE;
  if (series->kind == ROLL_FUNCTION) {
    value = function_value(making, series, when);
  } else if (when == NETWORK_ALWAYS) {
    value = layer_value(making, series); /* the input's own is known from the start */
  } else {
    const uint32_t always = network_value_of(making, number, NETWORK_ALWAYS);
    value =
        always == ROLL_NONE ? ROLL_NONE : step_value(making, series, always, when == NETWORK_LAST);
  }
  making->depth--;
  *known = value;
  return value;
}

bool network_begin(struct network_making *making) {
  struct roll *roll = making->roll;
  const struct graph_sub *sub = &roll->run->graph->subs[0];
  struct trine_float_network *network = making->network;
  network->values = making->values;
  network->nodes = making->nodes;
  network->input_count = roll->input_count;
  for (uint32_t n = 0; n < roll->input_count; n++) {
    const struct roll_input *input = &roll->inputs[n];
    const struct symbol *symbol = &roll->run->symbols->nodes[input->node];
    network->inputs[n] = network_add_value(making, sub->tensors[sub->inputs[symbol->source]].name,
                                           input->has_time, input->features);
    if (network->inputs[n] == ROLL_NONE) {
      return false;
    }
    if (input->has_time) {
      roll->series[n].always = network->inputs[n];
    } else {
      roll->series[n].last = network->inputs[n];
    }
  }
  return true;
}

/* A value of its own for each output, so that each has its name. */
static uint32_t own_value(struct network_making *making, uint32_t value, const char *name) {
  const struct trine_float_network *network = making->network;
  const struct trine_float_value from = making->values[value];
  bool is_taken = false;
  for (uint32_t n = 0; n < network->input_count; n++) {
    is_taken = is_taken || network->inputs[n] == value;
  }
  for (uint32_t n = 0; n < network->output_count; n++) {
    is_taken = is_taken || network->outputs[n] == value;
  }
  if (!is_taken) {
    making->values[value].name = name;
    return value;
  }
  const uint32_t copy = network_add_value(making, name, from.has_time, from.width);
  return network_add_node(making, TRINE_FLOAT_COLUMNS, name, value, copy) == NULL ? ROLL_NONE
                                                                                  : copy;
}

/* The rows of a value from the last to the first; ROLL_NONE with the error set. */
static uint32_t turned_value(struct network_making *making, uint32_t value, const char *name) {
  const uint32_t turned = network_add_value(making, name, true, making->values[value].width);
  return network_add_node(making, TRINE_FLOAT_TURN, name, value, turned) == NULL ? ROLL_NONE
                                                                                 : turned;
}

bool network_put(struct network_making *making, const struct roll_rows *rows,
                 enum network_order order, const char *name) {
  struct trine_float_network *network = making->network;
  const bool once = order == NETWORK_NO_STEPS;
  uint32_t made = rows_value(making, rows, once ? NETWORK_ONCE : NETWORK_ALWAYS, once, name, false);
  if (made != ROLL_NONE && order == NETWORK_TURNED) {
    made = turned_value(making, made, name);
  }
  const uint32_t output = made == ROLL_NONE ? ROLL_NONE : own_value(making, made, name);
  if (output != ROLL_NONE) {
    network->outputs[network->output_count++] = output;
  }
  return output != ROLL_NONE;
}
