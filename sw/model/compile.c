/* SPDX-License-Identifier: Apache-2.0 */
/* compile: walks the operators in order: values, slots and nodes; layers are in compile_layers.c,
 * what the input's axes mean in compile_input.c, the other operators in compile_*.c. */
#include "model/compile.h"

#include <string.h>

uint32_t compile_room(const struct tflite_graph *graph) {
  uint32_t room = 0;
  for (uint32_t op = 0; op < graph->operator_count; op++) {
    room += graph->operators[op].input_count + 2;
  }
  return room;
}

bool compile_input(struct compilation *c, uint32_t input, const struct compile_value **value) {
  const int32_t index = c->graph->operators[c->op].inputs[input];
  if (index < 0) {
    return prepare_refuse(c->graph, c->op, c->error, "input %u is missing; it needs one", input);
  }
  if (!c->values[index].known) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "input '%s' has to be computed, and is computed by no operator before it",
                          c->graph->tensors[index].name);
  }
  const int code = c->graph->operators[c->op].code;
  if (c->values[index].index_bytes != 0 && code != TFLITE_RESHAPE && code != TFLITE_SQUEEZE &&
      code != TFLITE_EXPAND_DIMS && code != TFLITE_GATHER) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "input '%s' holds numbers of places, which only RESHAPE, SQUEEZE, "
                          "EXPAND_DIMS and GATHER take",
                          c->graph->tensors[index].name);
  }
  *value = &c->values[index];
  return true;
}

bool compile_int8_input(struct compilation *c, uint32_t input, const struct compile_value **in) {
  if (!compile_input(c, input, in)) {
    return false;
  }
  if ((*in)->is_float || (*in)->is_unsigned) {
    return prepare_refuse(c->graph, c->op, c->error, "its input is %s; only INT8 is supported",
                          (*in)->is_float ? "FLOAT32" : "UINT8");
  }
  return true;
}

bool compile_no_memory(struct compilation *c) {
  return prepare_refuse(c->graph, c->op, c->error, "no memory");
}

void compile_tie(struct compilation *c) {
  if (!c->is_tied) {
    c->tied_op = c->op;
  }
  c->is_tied = true;
}

/* A slot has rows for as many steps as there are: on one axis. */
static bool has_steps_once(struct compilation *c, const struct shape *shape) {
  const int first = shape_time_axis(shape);
  for (uint32_t i = (uint32_t)(first + 1); first >= 0 && i < shape->rank; i++) {
    if (shape->axes[i].time) {
      return prepare_refuse(c->graph, c->op, c->error,
                            "steps are on axes %d and %u of what it computes, and can be on one "
                            "only; take one step of an input, or end the model before it",
                            first, i);
    }
  }
  return true;
}

/* index_bytes: of one element, 0 is 1. */
bool compile_add_slot(struct compilation *c, const struct shape *shape, uint32_t index_bytes,
                      uint32_t *slot) {
  if (!has_steps_once(c, shape)) {
    return false;
  }
  *slot = c->slot_count++;
  c->slots[*slot].rows = 1;
  c->slots[*slot].size.time = shape_time_axis(shape) >= 0;
  c->slots[*slot].size.n = shape_width(shape) * (index_bytes == 0 ? 1 : index_bytes);
  c->row_bytes += c->slots[*slot].size.n; /* both are far below 2^63 */
  if (c->row_bytes > TFLITE_MAX_ROW_BYTES) {
    trine_error_set(c->error,
                    "the rows of a sequence and step have %llu bytes up to operator %u, the limit "
                    "of all together is %llu",
                    (unsigned long long)c->row_bytes, c->op,
                    (unsigned long long)TFLITE_MAX_ROW_BYTES);
    return false;
  }
  return true;
}

struct node *compile_node(struct compilation *c, enum node_kind kind) {
  struct node *node = &c->nodes[c->node_count++];
  node->kind = kind;
  node->op = c->op;
  return node;
}

bool compile_output(struct compilation *c, const struct compile_value *value) {
  const int32_t index = c->graph->operators[c->op].output;
  const struct tflite_tensor *t = &c->graph->tensors[index];
  int type;
  if (value->index_bytes == 8) {
    type = TFLITE_INT64;
  } else if (value->index_bytes == 4) {
    type = TFLITE_INT32;
  } else if (value->is_float) {
    type = TFLITE_FLOAT32;
  } else if (value->is_unsigned) {
    type = TFLITE_UINT8;
  } else {
    type = TFLITE_INT8;
  }
  if (t->type != type) {
    return prepare_refuse(c->graph, c->op, c->error, "its output is %s, it has to be %s",
                          tflite_type_name(t->type), tflite_type_name(type));
  }
  if (c->values[index].known || t->data != NULL || t->variable) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "its output is already given; each tensor has to be computed once");
  }
  if (!shape_matches(&value->shape, c->file, t)) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "the shape of its output does not follow from the input's, as it has to");
  }
  if ((type == TFLITE_INT8 || type == TFLITE_UINT8) && t->scale_count != 0) {
    struct quant q;
    if (!prepare_quant(c->graph, c->op, index, &q, c->error)) {
      return false;
    }
    if (q.scale != value->quant.scale || q.zero_point != value->quant.zero_point) {
      return prepare_refuse(c->graph, c->op, c->error,
                            "quantisations disagree: its output has scale %.9g, zero point %d, "
                            "and has to have the input's, %.9g, %d",
                            (double)q.scale, q.zero_point, (double)value->quant.scale,
                            value->quant.zero_point);
    }
  }
  struct compile_value *out = &c->values[index];
  *out = *value;
  out->known = true;
  /* The last node, if it is this operator's and has no slot yet, writes one of its own. */
  return c->node_count == c->ended_count || compile_between(c, out);
}

bool compile_between(struct compilation *c, struct compile_value *value) {
  struct node *node = &c->nodes[c->node_count - 1];
  for (uint32_t i = 0; i < node->source_count; i++) {
    c->slots[node->sources[i]].consumers++;
  }
  c->ended_count = c->node_count;
  if (!compile_add_slot(c, &value->shape, value->index_bytes, &value->slot)) {
    return false;
  }
  node->target = value->slot;
  return true;
}

static bool compile_activation(struct compilation *c) {
  switch (c->graph->operators[c->op].code) {
    case TFLITE_RELU:
      return compile_relu(c);
    case TFLITE_RELU6:
      return compile_relu6(c);
    case TFLITE_LEAKY_RELU:
      return compile_leaky_relu(c);
    case TFLITE_ELU:
      return compile_elu(c);
    case TFLITE_TANH:
      return compile_tanh(c);
    case TFLITE_RSQRT:
      return compile_rsqrt(c);
    default:
      return compile_logistic(c);
  }
}

static bool compile_operator(struct compilation *c) {
  switch (c->graph->operators[c->op].code) {
    case TFLITE_LSTM:
      return compile_lstm(c);
    case TFLITE_FULLY_CONNECTED:
      return compile_dense(c);
    case TFLITE_RESHAPE:
    case TFLITE_SQUEEZE:
      return compile_reshape(c);
    case TFLITE_EXPAND_DIMS:
      return compile_expand_dims(c);
    case TFLITE_TRANSPOSE:
      return compile_transpose(c);
    case TFLITE_REVERSE_V2:
      return compile_reverse(c);
    case TFLITE_STRIDED_SLICE:
      return compile_strided_slice(c);
    case TFLITE_SLICE:
      return compile_slice(c);
    case TFLITE_CONCATENATION:
      return compile_concat(c);
    case TFLITE_BROADCAST_TO:
      return compile_broadcast(c);
    case TFLITE_QUANTIZE:
      return compile_quantize(c);
    case TFLITE_DEQUANTIZE:
      return compile_dequantize(c);
    case TFLITE_RELU:
    case TFLITE_RELU6:
    case TFLITE_LEAKY_RELU:
    case TFLITE_ELU:
    case TFLITE_TANH:
    case TFLITE_LOGISTIC:
    case TFLITE_RSQRT:
      return compile_activation(c);
    case TFLITE_SOFTMAX:
      return compile_softmax(c);
    case TFLITE_ARG_MAX:
      return compile_arg_max(c);
    case TFLITE_ADD:
    case TFLITE_SUB:
    case TFLITE_MUL:
    case TFLITE_SQUARED_DIFFERENCE:
      return compile_binary(c);
    case TFLITE_MEAN:
    case TFLITE_SUM:
    case TFLITE_REDUCE_MAX:
    case TFLITE_REDUCE_MIN:
      return compile_reduce(c);
    case TFLITE_CAST:
      return compile_cast(c);
    case TFLITE_GATHER:
      return compile_gather(c);
    default: /* the reader has let pass only what is supported */
      return prepare_refuse(c->graph, c->op, c->error,
                            "code %d is not supported; docs/formats.md lists what is",
                            c->graph->operators[c->op].code);
  }
}

bool compile_operators(struct compilation *c) {
  for (c->op = 0; c->op < c->graph->operator_count; c->op++) {
    if (!compile_operator(c)) {
      return false;
    }
  }
  for (uint32_t i = 0; i < c->graph->output_count; i++) {
    const struct tflite_tensor *t = &c->graph->tensors[c->graph->outputs[i]];
    const struct compile_value *value = &c->values[c->graph->outputs[i]];
    if (!value->known) {
      trine_error_set(c->error,
                      "the model's output '%s' has to be computed, by one of its %u operators",
                      t->name, c->graph->operator_count);
      return false;
    }
    if (value->shape.rank == 0) {
      trine_error_set(c->error, "the model's output '%s' has no dimensions, at least 1 is needed",
                      t->name);
      return false;
    }
    c->slots[value->slot].consumers++;
    c->slots[value->slot].is_output = true;
  }
  return true;
}
