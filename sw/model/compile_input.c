/* SPDX-License-Identifier: Apache-2.0 */
/* compile_input: the model's inputs: their types and quantisation, and the layers' weights, before
 * any operator is compiled. */
#include <string.h>

#include "model/compile.h"

static bool keeps_numbers(int code) {
  return code == TFLITE_RESHAPE || code == TFLITE_TRANSPOSE || code == TFLITE_REVERSE_V2 ||
         code == TFLITE_STRIDED_SLICE || code == TFLITE_CONCATENATION || code == TFLITE_SLICE ||
         code == TFLITE_SQUEEZE || code == TFLITE_EXPAND_DIMS || code == TFLITE_BROADCAST_TO;
}

/* Whether an operator moves numbers of a tensor that was reached: a CONCATENATION those of any. */
static bool reads_reached(const struct tflite_operator *o, const bool *reached) {
  const uint32_t count = o->code == TFLITE_CONCATENATION ? o->input_count : 1;
  bool reads = false;
  for (uint32_t i = 0; i < count; i++) {
    reads = reads || (o->inputs[i] >= 0 && reached[o->inputs[i]]);
  }
  return reads;
}

bool compile_float_quant(struct compilation *c, const char *what, int32_t tensor,
                         struct quant *quant) {
  const struct tflite_graph *g = c->graph;
  bool *reached = arena_alloc(c->arena, g->tensor_count, sizeof(bool));
  bool found = false;
  if (reached == NULL) {
    trine_error_set(c->error, "no memory for %u tensors", g->tensor_count);
    return false;
  }
  reached[tensor] = true;
  for (uint32_t op = 0; op < g->operator_count; op++) {
    const struct tflite_operator *o = &g->operators[op];
    if (!reads_reached(o, reached)) {
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
                            "%s '%s' is quantised in two ways; only one is supported", what,
                            g->tensors[tensor].name);
    }
    *quant = q;
    found = true;
  }
  if (!found) {
    trine_error_set(
        c->error,
        "%s '%s' is FLOAT32 and is quantised nowhere; only INT8 runs: trine quantize makes "
        "it of this file and calibration data (docs/quantize.md)",
        what, g->tensors[tensor].name);
  }
  return found;
}

static bool prepare_all(struct compilation *c) {
  const struct tflite_graph *g = c->graph;
  struct trine_layer *layers = arena_alloc(c->arena, g->operator_count, sizeof *layers);
  c->layers = layers;
  c->float_tables = arena_alloc(c->arena, g->operator_count, sizeof *c->float_tables);
  c->values = arena_alloc(c->arena, g->tensor_count, sizeof *c->values);
  const size_t room = compile_room(g);
  c->slots = arena_alloc(c->arena, room + g->input_count, sizeof *c->slots);
  c->nodes = arena_alloc(c->arena, room, sizeof *c->nodes);
  if (layers == NULL || c->float_tables == NULL || c->values == NULL || c->slots == NULL ||
      c->nodes == NULL) {
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
static bool find_quant(struct compilation *c, uint32_t index, struct compile_value *in) {
  const struct tflite_tensor *t = &c->graph->tensors[c->graph->inputs[index]];
  if (in->is_float) {
    return compile_float_quant(c, "the model's input", c->graph->inputs[index], &in->quant);
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

/* What kind of values an input has; its shape is the meanings'. */
static bool take_input(struct compilation *c, uint32_t index, struct compile_value *in) {
  const struct tflite_tensor *t = &c->graph->tensors[c->graph->inputs[index]];
  *in = (struct compile_value){.known = true,
                               .is_float = t->type == TFLITE_FLOAT32,
                               .is_unsigned = t->type == TFLITE_UINT8,
                               .index_bytes = t->type == TFLITE_INT32 ? 4 : 0,
                               .input = t->type == TFLITE_INT32 ? 1 + index : 0};
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
  return true;
}

bool compile_graph(struct compilation *c) {
  struct compile_value in[TFLITE_MAX_ENDS];
  for (uint32_t i = 0; i < c->graph->input_count; i++) {
    if (!take_input(c, i, &in[i])) {
      return false;
    }
  }
  if (!prepare_all(c)) {
    return false;
  }
  for (uint32_t i = 0; i < c->graph->input_count; i++) {
    if (!find_quant(c, i, &in[i])) {
      return false;
    }
  }
  return compile_meanings(c, in);
}
