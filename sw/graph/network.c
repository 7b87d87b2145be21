/* SPDX-License-Identifier: Apache-2.0 */
/* network: only what the output needs is made; what takes one step is taken as early as it can be,
 * so that heads run once and not at each step; see network.h. */
#include "graph/network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 300 };

static uint32_t value_of(struct network_making *making, uint32_t series, enum network_when when);

static uint32_t add_value(struct network_making *making, const char *name, bool has_time,
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

static struct trine_float_node *add_node(struct network_making *making, enum trine_float_op op,
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

/* How many series stand side by side at each of all steps, one step after another; 0: they do not.
 */
static uint32_t flattened(const struct roll *roll, const struct roll_rows *rows) {
  const uint32_t each = roll->steps > 1 ? rows->part_count / roll->steps : 0;
  if (each == 0 || rows->part_count % roll->steps != 0) {
    return 0;
  }
  for (uint32_t n = 0; n < rows->part_count; n++) {
    if (rows->parts[n].series != rows->parts[n % each].series ||
        rows->parts[n].time != (int64_t)(n / each)) {
      return 0;
    }
  }
  return each;
}

/* One part's row; ROLL_NONE with the error set. */
static uint32_t part_value(struct network_making *making, const struct roll_part *part,
                           enum network_when when, bool is_absolute) {
  const int64_t end = (int64_t)making->roll->steps - 1;
  if (part->time < 0 || !is_absolute || part->time == 0 || part->time == end) {
    if (part->time < 0) {
      when = NETWORK_ONCE;
    } else if (is_absolute) {
      when = part->time == end ? NETWORK_LAST : NETWORK_FIRST;
    }
    return value_of(making, part->series, when);
  }
  const uint32_t always = value_of(making, part->series, NETWORK_ALWAYS);
  if (always == ROLL_NONE) {
    return ROLL_NONE;
  }
  const struct trine_float_value all = making->values[always];
  const uint32_t output = add_value(making, all.name, false, all.width);
  struct trine_float_node *node = add_node(making, TRINE_FLOAT_STEP, all.name, always, output);
  if (node == NULL) {
    return ROLL_NONE;
  }
  node->first = (int32_t)part->time;
  return output;
}

/* Values side by side: those that are so already, or a new node's; ROLL_NONE with the error set. */
static uint32_t concat_of(struct network_making *making, const uint32_t *inputs, uint32_t count,
                          uint32_t width, const char *name) {
  for (uint32_t n = 0; n < making->network->node_count; n++) {
    const struct trine_float_node *node = &making->nodes[n];
    if (node->op == TRINE_FLOAT_CONCAT && node->input_count == count &&
        memcmp(node->inputs, inputs, count * sizeof *inputs) == 0) {
      return node->output;
    }
  }
  const uint32_t joined = add_value(making, name, making->values[inputs[0]].has_time, width);
  struct trine_float_node *node = add_node(making, TRINE_FLOAT_CONCAT, name, inputs[0], joined);
  if (node == NULL) {
    return ROLL_NONE;
  }
  node->input_count = count;
  memcpy(node->inputs, inputs, count * sizeof *inputs);
  return joined;
}

/* Parts side by side, all steps of them as one row where they are that; ROLL_NONE with the error
 * set. */
static uint32_t join_parts(struct network_making *making, const struct roll_rows *rows,
                           enum network_when when, bool is_absolute, const char *name) {
  struct roll *roll = making->roll;
  const uint32_t each = is_absolute ? flattened(roll, rows) : 0;
  const uint32_t count = each > 0 ? each : rows->part_count;
  uint32_t inputs[TRINE_FLOAT_MAX_INPUTS], width = 0;
  if (count < 1 || count > TRINE_FLOAT_MAX_INPUTS) {
    (void)run_refuse(roll->run,
                     "its operand is made of %u rows side by side; 1 to %d can be: take the last "
                     "step instead",
                     count, TRINE_FLOAT_MAX_INPUTS);
    return ROLL_NONE;
  }
  for (uint32_t n = 0; n < count; n++) {
    const struct roll_part *part = &rows->parts[n];
    inputs[n] = each > 0 ? value_of(making, part->series, NETWORK_ALWAYS)
                         : part_value(making, part, when, is_absolute);
    if (inputs[n] == ROLL_NONE) {
      return ROLL_NONE;
    }
    width += roll->series[part->series].width;
  }
  uint32_t joined = inputs[0];
  if (count > 1) {
    joined = concat_of(making, inputs, count, width, name);
  }
  if (joined == ROLL_NONE) {
    return ROLL_NONE;
  }
  if (each > 0) {
    const uint32_t flat = add_value(making, name, false, width * roll->steps);
    return add_node(making, TRINE_FLOAT_FLATTEN, name, joined, flat) == NULL ? ROLL_NONE : flat;
  }
  return joined;
}

static uint32_t width_of(const struct roll *roll, const struct roll_rows *rows) {
  uint32_t width = 0;
  for (uint32_t n = 0; n < rows->part_count; n++) {
    width += roll->series[rows->parts[n].series].width;
  }
  return width;
}

/* One matrix over all parts: [rows][width]; NULL with the error set. */
static float *matrix_of(struct network_making *making, const struct roll_rows *rows,
                        uint32_t width) {
  const size_t count = (size_t)rows->rows * width;
  float *made =
      run_spend(making->roll->run, count) ? arena_alloc(making->arena, count, sizeof *made) : NULL;
  for (uint32_t n = 0, at = 0; n < rows->part_count && made != NULL; n++) {
    const uint32_t own = making->roll->series[rows->parts[n].series].width;
    for (uint32_t u = 0; u < rows->rows; u++) {
      for (uint32_t k = 0; k < own; k++) {
        made[(size_t)u * width + at + k] = (float)rows->parts[n].m[(size_t)u * own + k];
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
  const uint32_t width = width_of(making->roll, rows);
  const uint32_t input = join_parts(making, rows, when, is_absolute, name);
  float *w = input == ROLL_NONE ? NULL : matrix_of(making, rows, width);
  if (w == NULL) {
    return ROLL_NONE;
  }
  const bool same = is_same(w, rows->bias, rows->rows, width);
  if (same && !relu) {
    return input;
  }
  const uint32_t output = add_value(making, name, making->values[input].has_time, rows->rows);
  struct trine_float_node *node =
      add_node(making, same ? TRINE_FLOAT_RELU : TRINE_FLOAT_DENSE, name, input, output);
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

static uint32_t layer_value(struct network_making *making, struct roll_series *series) {
  const struct roll *roll = making->roll;
  const struct roll_chain *chain = &roll->chains[series->chain];
  const struct roll_cell *end = &roll->cells[chain->cells[chain->steps - 1]];
  const char *name = roll->run->symbols->nodes[end->h].name;
  const uint32_t input = join_parts(making, &chain->x, NETWORK_ALWAYS, false, name);
  const uint32_t width = width_of(roll, &chain->x);
  const size_t units = chain->units;
  float *w = input == ROLL_NONE ? NULL : matrix_of(making, &chain->x, width);
  float *r = w == NULL ? NULL : floats_of(making, chain->r, TRINE_GATES * units * units);
  float *bias = r == NULL ? NULL : floats_of(making, chain->x.bias, TRINE_GATES * units);
  if (bias == NULL) {
    return ROLL_NONE;
  }
  const uint32_t output = add_value(making, name, true, chain->units);
  struct trine_float_node *node = add_node(making, TRINE_FLOAT_LSTM, name, input, output);
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
                                         .c_in = state_name(roll, chain->c_node)};
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

static uint32_t function_value(struct network_making *making, const struct roll_series *series,
                               enum network_when when) {
  const struct symbol *node = &making->roll->run->symbols->nodes[series->node];
  const bool relu = node->op == SYMBOL_UNARY && node->kind == GRAPH_RELU;
  roll_at(making->roll, series->node);
  const uint32_t input =
      rows_value(making, &series->of, when, series->is_absolute, node->name, relu);
  if (input == ROLL_NONE || relu) {
    return input;
  }
  const enum trine_float_op op = op_of(node);
  const uint32_t output =
      add_value(making, node->name, making->values[input].has_time, series->width);
  struct trine_float_node *made = add_node(making, op, node->name, input, output);
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
  const uint32_t output = add_value(making, name, false, series->width);
  return add_node(making, last ? TRINE_FLOAT_LAST : TRINE_FLOAT_FIRST, name, always, output) == NULL
             ? ROLL_NONE
             : output;
}

static uint32_t value_of(struct network_making *making, uint32_t number, enum network_when when) {
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
    const uint32_t always = value_of(making, number, NETWORK_ALWAYS);
    value =
        always == ROLL_NONE ? ROLL_NONE : step_value(making, series, always, when == NETWORK_LAST);
  }
  making->depth--;
  *known = value;
  return value;
}

bool network_begin(struct network_making *making) {
  struct roll *roll = making->roll;
  const struct symbol *main = &roll->run->symbols->nodes[roll->main_node];
  const struct graph_sub *sub = &roll->run->graph->subs[0];
  struct trine_float_network *network = making->network;
  network->values = making->values;
  network->nodes = making->nodes;
  network->input_count = 1;
  network->inputs[0] =
      add_value(making, sub->tensors[sub->inputs[main->source]].name, true, roll->features);
  roll->series[0].always = network->inputs[0];
  return network->inputs[0] != ROLL_NONE;
}

/* A value of its own for each output, so that each has its name. */
static uint32_t own_value(struct network_making *making, uint32_t value, const char *name) {
  const struct trine_float_network *network = making->network;
  const struct trine_float_value from = making->values[value];
  bool is_taken = value == network->inputs[0];
  for (uint32_t n = 0; n < network->output_count; n++) {
    is_taken = is_taken || network->outputs[n] == value;
  }
  if (!is_taken) {
    making->values[value].name = name;
    return value;
  }
  const uint32_t copy = add_value(making, name, from.has_time, from.width);
  return add_node(making, TRINE_FLOAT_COLUMNS, name, value, copy) == NULL ? ROLL_NONE : copy;
}

bool network_put(struct network_making *making, const struct roll_rows *rows,
                 enum network_when when, const char *name) {
  struct trine_float_network *network = making->network;
  const uint32_t made = rows_value(making, rows, when, when != NETWORK_ALWAYS, name, false);
  const uint32_t output = made == ROLL_NONE ? ROLL_NONE : own_value(making, made, name);
  if (output != ROLL_NONE) {
    network->outputs[network->output_count++] = output;
  }
  return output != ROLL_NONE;
}
