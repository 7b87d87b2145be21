/* SPDX-License-Identifier: Apache-2.0 */
/* compile_input: the model's input: its quantisation, and which of its axes are batch and time.
 *
 * That is not in the file: meanings are tried in order, and the first that all operators agree with
 * is taken. */
#include <string.h>

#include "model/compile.h"

static bool keeps_numbers(int code) {
  return code == TFLITE_RESHAPE || code == TFLITE_TRANSPOSE || code == TFLITE_REVERSE_V2 ||
         code == TFLITE_STRIDED_SLICE || code == TFLITE_CONCATENATION || code == TFLITE_SLICE ||
         code == TFLITE_SQUEEZE || code == TFLITE_EXPAND_DIMS;
}

/* The bytes that a float input stands for: those of the QUANTIZE operators it reaches, which must
 * agree. Moving bytes about before quantising them is the same as after. */
static bool find_input_quant(struct compilation *c, struct quant *quant) {
  const struct tflite_graph *g = c->graph;
  bool *reached = arena_alloc(c->arena, g->tensor_count, sizeof(bool));
  bool found = false;
  if (reached == NULL) {
    trine_error_set(c->error, "no memory for %u tensors", g->tensor_count);
    return false;
  }
  reached[g->input] = true;
  for (uint32_t op = 0; op < g->operator_count; op++) {
    const struct tflite_operator *o = &g->operators[op];
    const int32_t in = o->inputs[0];
    if (in < 0 || !reached[in]) {
      continue;
    }
    if (keeps_numbers(o->code)) {
      reached[o->output] = true;
    }
    if (o->code != TFLITE_QUANTIZE) {
      continue;
    }
    struct quant q;
    if (!prepare_quant(g, op, o->output, &q, c->error)) {
      return false;
    }
    if (found && (q.scale != quant->scale || q.zero_point != quant->zero_point)) {
      return prepare_refuse(g, op, c->error,
                            "the model's input is quantised in two ways; only one is supported");
    }
    *quant = q;
    found = true;
  }
  if (!found) {
    trine_error_set(c->error,
                    "the model's input '%s' is FLOAT32 and is quantised nowhere, only "
                    "int8 models are supported",
                    g->tensors[g->input].name);
  }
  return found;
}

/* What the axes of the input may mean: batch and time on these, -1 for none, for this B and T. */
struct meaning {
  int batch, time;
  struct defaults file;
  bool lenient, along_places;
};

/* Tries one meaning of the input's axes. */
static bool compile_as(struct compilation *c, const struct meaning *meaning,
                       struct compile_value in) {
  const struct tflite_tensor *t = &c->graph->tensors[c->graph->input];
  const uint32_t room = COMPILE_NODES_EACH * c->graph->operator_count;
  memset(c->values, 0, c->graph->tensor_count * sizeof *c->values);
  memset(c->slots, 0, (room + 1) * sizeof *c->slots);
  memset(c->nodes, 0, room * sizeof *c->nodes);
  c->slot_count = c->node_count = c->ended_count = c->op = 0;
  c->row_bytes = 0;
  c->is_tied = false;
  c->token_limit = TFLITE_MAX_ELEMENTS;
  c->file = meaning->file;
  c->lenient = meaning->lenient;
  c->along_places = meaning->along_places;
  in.shape.rank = t->rank;
  for (uint32_t i = 0; i < t->rank; i++) {
    struct axis *axis = &in.shape.axes[i];
    axis->batch = (int)i == meaning->batch;
    axis->time = (int)i == meaning->time;
    const uint32_t unit = (axis->batch ? c->file.batch : 1) * (axis->time ? c->file.steps : 1);
    axis->n = t->shape[i] / unit;
  }
  if (!compile_add_slot(c, &in.shape, in.index_bytes, &in.slot)) {
    return false;
  }
  c->values[c->graph->input] = in;
  return compile_operators(c);
}

enum { MAX_MEANINGS = 8 + (TFLITE_MAX_RANK + 3) * (TFLITE_MAX_RANK + 1) };

struct meanings {
  const struct tflite_tensor *input;
  uint32_t count;
  struct meaning list[MAX_MEANINGS];
};

static void add_meaning(struct meanings *m, int batch, int time, struct defaults file,
                        bool lenient) {
  const struct tflite_tensor *t = m->input;
  if ((batch < 0 && file.batch != 1) || (time < 0 && file.steps != 1) ||
      (batch >= 0 && (batch == time || t->shape[batch] % file.batch != 0)) ||
      (time >= 0 && t->shape[time] % file.steps != 0)) {
    return;
  }
  m->list[m->count++] = (struct meaning){batch, time, file, lenient, false};
}

/* B and T of the first LSTM; false when there is none that has them. */
static bool find_defaults(const struct tflite_graph *graph, struct defaults *file) {
  for (uint32_t op = 0; op < graph->operator_count; op++) {
    const struct tflite_operator *o = &graph->operators[op];
    const struct tflite_tensor *x = o->inputs[0] < 0 ? NULL : &graph->tensors[o->inputs[0]];
    if (o->code != TFLITE_LSTM || x == NULL || x->rank != 3 || x->elements == 0) {
      continue;
    }
    *file = (struct defaults){x->shape[o->time_major ? 1 : 0], x->shape[o->time_major ? 0 : 1]};
    return true;
  }
  return false;
}

/* Rows of a step first, [batch, time] before [time, batch]; then flat rows, time behind the
 * features, or no batch axis, as far as an LSTM says how many steps there are. */
static void find_meanings(const struct tflite_graph *graph, struct meanings *m) {
  const struct tflite_tensor *t = m->input;
  struct defaults file;
  for (int lenient = 0; lenient < 2; lenient++) {
    if (t->rank == 2) {
      add_meaning(m, 0, -1, (struct defaults){t->shape[0], 1}, lenient != 0);
      add_meaning(m, -1, 0, (struct defaults){1, t->shape[0]}, lenient != 0);
    } else if (t->rank > 2) {
      add_meaning(m, 0, 1, (struct defaults){t->shape[0], t->shape[1]}, lenient != 0);
      add_meaning(m, 1, 0, (struct defaults){t->shape[1], t->shape[0]}, lenient != 0);
    }
  }
  if (!find_defaults(graph, &file)) {
    return;
  }
  for (int turn = 0; turn <= (int)t->rank; turn++) {
    /* The first axis, none (of a matrix), then the others. */
    int batch;
    if (turn == 0) {
      batch = 0;
    } else if (turn == 1) {
      batch = -1;
    } else {
      batch = turn - 1;
    }
    if (batch < 0 && t->rank != 2) {
      continue;
    }
    for (int time = 0; time < (int)t->rank; time++) {
      add_meaning(m, batch, time, file, false);
    }
  }
  for (int batch = 0; batch < 2; batch++) { /* more steps than the first LSTM has */
    for (int time = 0; time < (int)t->rank; time++) {
      add_meaning(m, batch, time, (struct defaults){t->shape[batch], t->shape[time]}, false);
    }
  }
}

static bool try_meanings(struct compilation *c, struct compile_value in) {
  struct meanings m = {.input = &c->graph->tensors[c->graph->input]};
  struct trine_error *error = c->error, trial = {{0}}, best = {{0}};
  uint32_t furthest = 0;
  find_meanings(c->graph, &m);
  for (uint32_t i = 0; i < 2 * m.count; i++) { /* the sequence's own steps before others */
    struct meaning meaning = m.list[i % m.count];
    meaning.along_places = i >= m.count;
    c->error = &trial;
    const bool done = compile_as(c, &meaning, in);
    c->error = error;
    if (done) {
      return true;
    }
    if (i == 0 || c->op > furthest) {
      furthest = c->op;
      best = trial;
    }
  }
  trine_error_set(error, "%s", best.text);
  return false;
}

static bool prepare_all(struct compilation *c) {
  const struct tflite_graph *g = c->graph;
  struct trine_layer *layers = arena_alloc(c->arena, g->operator_count, sizeof *layers);
  c->layers = layers;
  c->values = arena_alloc(c->arena, g->tensor_count, sizeof *c->values);
  const size_t room = (size_t)COMPILE_NODES_EACH * g->operator_count;
  c->slots = arena_alloc(c->arena, room + 1, sizeof *c->slots);
  c->nodes = arena_alloc(c->arena, room, sizeof *c->nodes);
  if (layers == NULL || c->values == NULL || c->slots == NULL || c->nodes == NULL) {
    trine_error_set(c->error, "no memory for %u operators", g->operator_count);
    return false;
  }
  if (!prepare_check_weights(g, c->error)) {
    return false;
  }
  for (uint32_t op = 0; op < g->operator_count; op++) {
    const int code = g->operators[op].code;
    if (code == TFLITE_LSTM && !prepare_lstm(g, op, c->arena, &layers[op], c->error)) {
      return false;
    }
    if (code == TFLITE_FULLY_CONNECTED && !prepare_dense(g, op, c->arena, &layers[op], c->error)) {
      return false;
    }
  }
  return true;
}

/* The input's quantisation; an int32 input has none. */
static bool find_quant(struct compilation *c, struct compile_value *in) {
  const struct tflite_tensor *t = &c->graph->tensors[c->graph->input];
  if (in->is_float) {
    return find_input_quant(c, &in->quant);
  }
  if (in->index_bytes != 0) {
    return true;
  }
  const int64_t least = in->is_unsigned ? 0 : -128;
  if (t->scale_count != 1 || t->zero_points[0] < least || t->zero_points[0] > least + 255) {
    trine_error_set(c->error,
                    "the model's input '%s' needs one scale and a zero point in %lld..%lld",
                    t->name, (long long)least, (long long)least + 255);
    return false;
  }
  in->quant = (struct quant){t->scales[0], (int8_t)(t->zero_points[0] - least - 128)};
  return true;
}

bool compile_graph(struct compilation *c) {
  const struct tflite_tensor *t = &c->graph->tensors[c->graph->input];
  struct compile_value in = {.known = true,
                             .is_float = t->type == TFLITE_FLOAT32,
                             .is_unsigned = t->type == TFLITE_UINT8,
                             .index_bytes = t->type == TFLITE_INT32 ? 4 : 0};
  if (t->type != TFLITE_INT8 && t->type != TFLITE_FLOAT32 && t->type != TFLITE_UINT8 &&
      t->type != TFLITE_INT32) {
    trine_error_set(c->error,
                    "the model's input '%s' is %s; INT8, UINT8, FLOAT32 that the model quantises "
                    "and INT32 for GATHER are supported",
                    t->name, tflite_type_name(t->type));
    return false;
  }
  if (t->rank < 2 || t->elements == 0 || t->data != NULL || t->variable) {
    trine_error_set(c->error,
                    "the model's input '%s' has %u dimensions and %llu elements, it needs "
                    "2 to 6 and at least 1",
                    t->name, t->rank, (unsigned long long)t->elements);
    return false;
  }
  return prepare_all(c) && find_quant(c, &in) && try_meanings(c, in);
}
