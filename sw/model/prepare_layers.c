/* SPDX-License-Identifier: Apache-2.0 */
/* prepare_layers: checks and lowers UNIDIRECTIONAL_SEQUENCE_LSTM and FULLY_CONNECTED operators. */
#include <math.h>
#include <stdio.h>

#include "model/prepare.h"
#include "model/rounding.h"

/* Places of the operands of UNIDIRECTIONAL_SEQUENCE_LSTM. */
enum {
  LSTM_X = 0,
  LSTM_W = 1,
  LSTM_R = 5,
  LSTM_PEEPHOLE = 9,
  LSTM_BIAS = 12,
  LSTM_PROJECTION = 16,
  LSTM_H = 18,
  LSTM_C = 19,
  LSTM_NORM = 20,
  LSTM_MIN_INPUTS = 20
};

enum { MAX_WIDTH = 1 << 16 };

struct prepared_lstm {
  const struct tflite_graph *graph;
  uint32_t op;
  const struct tflite_operator *o;
  struct quant x, h;
  struct trine_error *error;
};

/* An int8 matrix or int32 vector of constants with a shape of its own. */
static bool get_constant(const struct tflite_graph *graph, uint32_t op, int32_t index, int type,
                         const char *what, const struct tflite_tensor **out,
                         struct trine_error *error) {
  if (!prepare_tensor(graph, op, index, type, what, out, error)) {
    return false;
  }
  const struct tflite_tensor *t = *out;
  const uint32_t rank = type == TFLITE_INT8 ? 2 : 1;
  if (t->rank != rank) {
    return prepare_refuse(graph, op, error, "%s '%s' has %u dimensions, not %u", what, t->name,
                          t->rank, rank);
  }
  for (uint32_t i = 0; i < rank; i++) {
    if (t->shape[i] < 1 || t->shape[i] > MAX_WIDTH) {
      return prepare_refuse(graph, op, error, "%s '%s' has size %u, the range is 1..%d", what,
                            t->name, t->shape[i], (int)MAX_WIDTH);
    }
  }
  if (t->data == NULL || t->variable) {
    return prepare_refuse(graph, op, error, "%s '%s' has to be a constant", what, t->name);
  }
  return true;
}

static bool check_shape(const struct tflite_graph *graph, uint32_t op,
                        const struct tflite_tensor *t, const char *what, uint32_t rows,
                        uint32_t columns, struct trine_error *error) {
  const uint32_t second = t->rank == 2 ? t->shape[1] : columns;
  if (t->shape[0] == rows && second == columns) {
    return true;
  }
  return prepare_refuse(graph, op, error, "%s '%s' is %u by %u, it should be %u by %u", what,
                        t->name, t->shape[0], second, rows, columns);
}

static bool absent(const struct prepared_lstm *l, int first, int count, const char *feature) {
  for (int i = first; i < first + count; i++) {
    if (i < (int)l->o->input_count && l->o->inputs[i] >= 0) {
      return prepare_refuse(l->graph, l->op, l->error,
                            "%s ('%s') is not supported; only the basic LSTM is", feature,
                            l->graph->tensors[l->o->inputs[i]].name);
    }
  }
  return true;
}

/* Only the basic LSTM is computed. */
static bool check_kind(const struct prepared_lstm *l) {
  const struct tflite_operator *o = l->o;
  if (o->input_count < LSTM_MIN_INPUTS) {
    return prepare_refuse(l->graph, l->op, l->error, "%u inputs, it should be 20 or 24",
                          o->input_count);
  }
  if (o->inputs[LSTM_W] < 0 || o->inputs[LSTM_R] < 0 || o->inputs[LSTM_BIAS] < 0) {
    return prepare_refuse(
        l->graph, l->op, l->error,
        "coupled input and forget gates (CIFG) are not supported; only the basic LSTM "
        "is");
  }
  if (!absent(l, LSTM_PEEPHOLE, 3, "a peephole connection") ||
      !absent(l, LSTM_PROJECTION, 2, "a projection") ||
      !absent(l, LSTM_NORM, 4, "layer normalisation")) {
    return false;
  }
  if (o->activation != TFLITE_ACT_TANH) {
    return prepare_refuse(l->graph, l->op, l->error,
                          "activation number %d, only 4 (TANH) is supported", o->activation);
  }
  if (o->diagonal) {
    return prepare_refuse(l->graph, l->op, l->error,
                          "diagonal recurrent weights are not supported; only the basic LSTM is");
  }
  return true;
}

/* Types and quantisations of x, h and y. The intermediates are not looked at: the reference never
 * does, and converters give number 4 another quantisation than h in front of an ADD. */
static bool check_activations(struct prepared_lstm *l) {
  const struct tflite_tensor *t = NULL, *h = NULL;
  const int32_t output = l->o->output;
  struct quant y;
  if (!prepare_int8_input(l->graph, l->op, l->error) ||
      !prepare_tensor(l->graph, l->op, output, TFLITE_INT8, "output", &t, l->error) ||
      !prepare_tensor(l->graph, l->op, l->o->inputs[LSTM_H], TFLITE_INT8, "state h", &h,
                      l->error) ||
      !prepare_quant(l->graph, l->op, l->o->inputs[LSTM_X], &l->x, l->error) ||
      !prepare_quant(l->graph, l->op, l->o->inputs[LSTM_H], &l->h, l->error) ||
      !prepare_quant(l->graph, l->op, output, &y, l->error)) {
    return false;
  }
  return (y.scale == l->h.scale && y.zero_point == l->h.zero_point) ||
         prepare_refuse(l->graph, l->op, l->error,
                        "quantisations disagree: h '%s' has scale %.9g, zero point %d, but output "
                        "'%s' has %.9g, %d; go through ONNX (docs/quantize.md), which gives both "
                        "the same",
                        h->name, (double)l->h.scale, l->h.zero_point, t->name, (double)y.scale,
                        y.zero_point);
}

static bool check_state(const struct prepared_lstm *l, int place, const char *what,
                        uint32_t units) {
  const struct tflite_tensor *t = &l->graph->tensors[l->o->inputs[place]];
  if (!t->variable || t->data != NULL) {
    return prepare_refuse(l->graph, l->op, l->error,
                          "%s '%s' has to be a variable that starts at zero", what, t->name);
  }
  if (t->rank < 1 || t->shape[t->rank - 1] != units) {
    return prepare_refuse(l->graph, l->op, l->error, "%s '%s' has rows of %u values, not %u", what,
                          t->name, t->rank < 1 ? 0 : t->shape[t->rank - 1], units);
  }
  return true;
}

/* The last LSTM before `op` that has this tensor at one of its states; -1: none. */
static int32_t sharer_of(const struct tflite_graph *graph, uint32_t op, int place) {
  const int32_t tensor = graph->operators[op].inputs[place];
  int32_t found = -1;
  for (uint32_t i = 0; i < op; i++) {
    const struct tflite_operator *other = &graph->operators[i];
    if (other->code == TFLITE_LSTM &&
        (other->inputs[LSTM_H] == tensor || other->inputs[LSTM_C] == tensor)) {
      found = (int32_t)i;
    }
  }
  return found;
}

int32_t prepare_follows(const struct tflite_graph *graph, uint32_t op) {
  return graph->operators[op].code == TFLITE_LSTM ? sharer_of(graph, op, LSTM_H) : -1;
}

/* A layer that shares its states with one before it goes on where that ended: with both of them. */
static bool check_shared(const struct prepared_lstm *l) {
  const int32_t h = sharer_of(l->graph, l->op, LSTM_H), c = sharer_of(l->graph, l->op, LSTM_C);
  const struct tflite_operator *other = h < 0 ? NULL : &l->graph->operators[h];
  return (h == c && (other == NULL || (other->inputs[LSTM_H] == l->o->inputs[LSTM_H] &&
                                       other->inputs[LSTM_C] == l->o->inputs[LSTM_C]))) ||
         prepare_refuse(l->graph, l->op, l->error,
                        "state h '%s' or c is shared with operator %d; both have to be, or none",
                        l->graph->tensors[l->o->inputs[LSTM_H]].name, h < 0 ? c : h);
}

/* The cell: int16, scale 2^k, and its clip. */
static bool prepare_cell(const struct prepared_lstm *l, struct trine_layer *layer) {
  const struct tflite_tensor *c = NULL;
  if (!prepare_tensor(l->graph, l->op, l->o->inputs[LSTM_C], TFLITE_INT16, "state c", &c,
                      l->error)) {
    return false;
  }
  if (c->scale_count != 1 || c->zero_points[0] != 0) {
    return prepare_refuse(l->graph, l->op, l->error,
                          "state c '%s' needs one scale and zero point 0", c->name);
  }
  int exponent = 0;
  const float mantissa = frexpf(c->scales[0], &exponent);
  if (mantissa != 0.5f || exponent - 1 > TRINE_MOST_CELL_EXPONENT ||
      exponent - 1 < TRINE_LEAST_CELL_EXPONENT) {
    return prepare_refuse(
        l->graph, l->op, l->error, "cell scale of '%s' is %.9g, it must be 2^k with k in %d..%d",
        c->name, (double)c->scales[0], TRINE_LEAST_CELL_EXPONENT, TRINE_MOST_CELL_EXPONENT);
  }
  layer->cell_exponent = (int8_t)(exponent - 1);
  if (!(l->o->cell_clip >= 0.0f)) {
    return prepare_refuse(l->graph, l->op, l->error, "cell clip is %g, it must be 0 or more",
                          (double)l->o->cell_clip);
  }
  const double clip = trunc(ldexp((double)l->o->cell_clip, -layer->cell_exponent));
  layer->cell_clip = (int16_t)(clip > 32767.0 ? 32767.0 : clip);
  return true;
}

static bool prepare_gate(const struct prepared_lstm *l, struct arena *arena, int gate,
                         struct trine_layer *layer) {
  static const char *const gates[TRINE_GATES] = {"input", "forget", "cell", "output"};
  const struct tflite_tensor *w = NULL, *r = NULL, *b = NULL;
  char name_w[40], name_r[40], name_b[40];
  snprintf(name_w, sizeof name_w, "weights W of the %s gate", gates[gate]);
  snprintf(name_r, sizeof name_r, "weights R of the %s gate", gates[gate]);
  snprintf(name_b, sizeof name_b, "bias of the %s gate", gates[gate]);
  const int32_t *in = l->o->inputs;
  const struct tflite_graph *graph = l->graph;
  if (!get_constant(graph, l->op, in[LSTM_W + gate], TFLITE_INT8, name_w, &w, l->error) ||
      !get_constant(graph, l->op, in[LSTM_R + gate], TFLITE_INT8, name_r, &r, l->error) ||
      !get_constant(graph, l->op, in[LSTM_BIAS + gate], TFLITE_INT32, name_b, &b, l->error)) {
    return false;
  }
  if (gate == 0) {
    layer->units = w->shape[0];
    layer->inputs = w->shape[1];
  }
  const uint32_t units = layer->units;
  if (!check_shape(graph, l->op, w, name_w, units, layer->inputs, l->error) ||
      !check_shape(graph, l->op, r, name_r, units, units, l->error) ||
      !check_shape(graph, l->op, b, name_b, units, 1, l->error)) {
    return false;
  }
  layer->w[gate] = (const int8_t *)w->data;
  layer->r[gate] = (const int8_t *)r->data;
  layer->x_rows[gate] = prepare_rows(graph, l->op, arena, w, b, l->x.zero_point, (double)l->x.scale,
                                     0x1p-12, l->error);
  if (layer->x_rows[gate] == NULL) {
    return false;
  }
  layer->h_rows[gate] = prepare_rows(graph, l->op, arena, r, NULL, l->h.zero_point,
                                     (double)l->h.scale, 0x1p-12, l->error);
  return layer->h_rows[gate] != NULL;
}

bool prepare_lstm(const struct tflite_graph *graph, uint32_t op, struct arena *arena,
                  struct trine_layer *layer, struct trine_error *error) {
  struct prepared_lstm l = {graph, op, &graph->operators[op], {0.0f, 0}, {0.0f, 0}, error};
  layer->kind = TRINE_LAYER_LSTM;
  layer->name = graph->tensors[l.o->output].name;
  if (!check_kind(&l) || !check_activations(&l) || !prepare_cell(&l, layer)) {
    return false;
  }
  for (int gate = 0; gate < TRINE_GATES; gate++) {
    if (!prepare_gate(&l, arena, gate, layer)) {
      return false;
    }
  }
  if (!check_state(&l, LSTM_H, "state h", layer->units) ||
      !check_state(&l, LSTM_C, "state c", layer->units) || !check_shared(&l)) {
    return false;
  }
  layer->zero_point = l.h.zero_point;
  layer->out_min = INT8_MIN;
  layer->out_max = INT8_MAX;
  /* The largest product of gate and tanh is 2^30, so a left shift of any size can overflow. */
  if (!prepare_multiplier(0x1p-30 / (double)l.h.scale, &layer->out.multiplier, &layer->out.shift) ||
      layer->out.shift > 0) {
    return prepare_refuse(graph, op, error, "h has scale %.9g, it has to be above 2^-30",
                          (double)l.h.scale);
  }
  return true;
}

bool prepare_clamp(const struct tflite_graph *graph, uint32_t op, struct quant y, int8_t *least,
                   int8_t *most, struct trine_error *error) {
  float low = -INFINITY, high = INFINITY;
  switch (graph->operators[op].activation) {
    case TFLITE_ACT_NONE:
      break;
    case TFLITE_ACT_RELU:
      low = 0.0f;
      break;
    case TFLITE_ACT_RELU6:
      low = 0.0f;
      high = 6.0f;
      break;
    case TFLITE_ACT_RELU_N1_TO_1:
      low = -1.0f;
      high = 1.0f;
      break;
    default:
      return prepare_refuse(graph, op, error,
                            "fused activation number %d is not supported; only none (0), RELU (1), "
                            "RELU_N1_TO_1 (2) and RELU6 (3) are",
                            graph->operators[op].activation);
  }
  const struct trine_rounding byte = {y.scale, y.zero_point, INT8_MIN, INT8_MAX};
  *least = (int8_t)trine_round(low, &byte);
  *most = (int8_t)trine_round(high, &byte);
  return true;
}

bool prepare_dense(const struct tflite_graph *graph, uint32_t op, struct arena *arena,
                   struct trine_layer *layer, struct trine_error *error) {
  const struct tflite_operator *o = &graph->operators[op];
  const struct tflite_tensor *y = NULL, *w = NULL, *b = NULL;
  struct quant xq, yq;
  if (o->input_count < 2 || o->input_count > 3) {
    return prepare_refuse(graph, op, error, "%u inputs, it should be 2 or 3", o->input_count);
  }
  if (o->weights_format != 0) {
    return prepare_refuse(graph, op, error, "weights in format %d, only 0 is supported",
                          o->weights_format);
  }
  if (!prepare_int8_input(graph, op, error) ||
      !prepare_tensor(graph, op, o->output, TFLITE_INT8, "output", &y, error) ||
      !prepare_quant(graph, op, o->inputs[0], &xq, error) ||
      !prepare_quant(graph, op, o->output, &yq, error) ||
      !get_constant(graph, op, o->inputs[1], TFLITE_INT8, "weights", &w, error)) {
    return false;
  }
  layer->kind = TRINE_LAYER_DENSE;
  layer->name = y->name;
  layer->units = w->shape[0];
  layer->inputs = w->shape[1];
  if (o->inputs[2] >= 0 &&
      (!get_constant(graph, op, o->inputs[2], TFLITE_INT32, "bias", &b, error) ||
       !check_shape(graph, op, b, "bias", layer->units, 1, error))) {
    return false;
  }
  layer->w[0] = (const int8_t *)w->data;
  layer->x_rows[0] = prepare_rows(graph, op, arena, w, b, xq.zero_point, (double)xq.scale,
                                  (double)yq.scale, error);
  layer->zero_point = yq.zero_point;
  return layer->x_rows[0] != NULL &&
         prepare_clamp(graph, op, yq, &layer->out_min, &layer->out_max, error);
}
