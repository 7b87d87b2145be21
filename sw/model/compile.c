/* SPDX-License-Identifier: Apache-2.0 */
/* compile: walks the operators in order; layers here, operators that move bytes in compile_moves.c,
 * those behind the last layer in compile_heads.c. */
#include "model/compile.h"

#include <string.h>

bool compile_input(struct compilation *c, uint32_t input, const struct value **value) {
  const int32_t index = c->graph->operators[c->op].inputs[input];
  if (index < 0)
    return prepare_refuse(c->graph, c->op, c->error, "input %u is missing; it needs one", input);
  if (!c->values[index].known) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "input '%s' has to be computed, and is computed by no operator before it",
                          c->graph->tensors[index].name);
  }
  if (c->values[index].index_bytes != 0 && c->graph->operators[c->op].code != TFLITE_RESHAPE) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "input '%s' comes from ARG_MAX, which only RESHAPE may follow",
                          c->graph->tensors[index].name);
  }
  *value = &c->values[index];
  return true;
}

/* index_bytes: of one element, 0 is 1. */
static bool add_slot(struct compilation *c, const struct shape *shape, uint32_t index_bytes,
                     uint32_t *slot) {
  *slot = c->slot_count++;
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

bool compile_output(struct compilation *c, const struct value *value) {
  const int32_t index = c->graph->operators[c->op].output;
  const struct tflite_tensor *t = &c->graph->tensors[index];
  const int type = value->index_bytes == 8   ? TFLITE_INT64
                   : value->index_bytes == 4 ? TFLITE_INT32
                   : value->is_float         ? TFLITE_FLOAT32
                                             : TFLITE_INT8;
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
  if (type == TFLITE_INT8 && t->scale_count != 0) {
    struct quant q;
    if (!prepare_quant(c->graph, c->op, index, &q, c->error))
      return false;
    if (q.scale != value->quant.scale || q.zero_point != value->quant.zero_point) {
      return prepare_refuse(c->graph, c->op, c->error,
                            "quantisations disagree: its output has scale %.9g, zero point %d, "
                            "and has to have the input's, %.9g, %d",
                            (double)q.scale, q.zero_point, (double)value->quant.scale,
                            value->quant.zero_point);
    }
  }
  struct value *out = &c->values[index];
  *out = *value;
  out->known = true;
  /* The last node, if it is this operator's, writes a slot of its own. */
  if (c->node_count > 0 && c->nodes[c->node_count - 1].op == c->op) {
    struct node *node = &c->nodes[c->node_count - 1];
    for (uint32_t i = 0; i < node->source_count; i++)
      c->slots[node->sources[i]].consumers++;
    if (!add_slot(c, &out->shape, out->index_bytes, &out->slot))
      return false;
    node->target = out->slot;
  }
  return true;
}

static bool add_layer(struct compilation *c, const struct value *in, const struct shape *shape) {
  const struct trine_layer *layer = &c->layers[c->op];
  struct node *node = compile_node(c, NODE_LAYER);
  node->source_count = 1;
  node->sources[0] = in->slot;
  node->u.layer = layer;
  struct value out = {.shape = *shape};
  return prepare_quant(c->graph, c->op, c->graph->operators[c->op].output, &out.quant, c->error) &&
         compile_output(c, &out);
}

static bool compile_lstm(struct compilation *c) {
  const struct value *in = NULL;
  const struct trine_layer *layer = &c->layers[c->op];
  if (!compile_input(c, 0, &in))
    return false;
  struct shape shape = in->shape;
  const int time = c->graph->operators[c->op].time_major ? 0 : 1;
  if (shape.rank != 3) {
    return prepare_refuse(c->graph, c->op, c->error, "its input has %u dimensions, not 3",
                          shape.rank);
  }
  if (c->lenient && c->file.batch == 1 && c->file.steps == 1 && shape.axes[1 - time].time) {
    const struct axis swap = shape.axes[0];
    shape.axes[0] = shape.axes[1];
    shape.axes[1] = swap;
  }
  const struct axis *steps = &shape.axes[time], *batch = &shape.axes[1 - time];
  const bool apart = steps->time && steps->n == 1 && !batch->time && batch->n == 1 &&
                     !shape.axes[2].batch && !shape.axes[2].time;
  if (!apart || (steps->batch && c->file.batch != 1)) {
    char text[96];
    const struct tflite_tensor *t = &c->graph->tensors[c->graph->input];
    tflite_shape_text(t, text, sizeof(text));
    return prepare_refuse(c->graph, c->op, c->error,
                          "its input has to be [%s, features], with batch and time as axes of the "
                          "model's input '%s', which has shape %s: convert without the operators "
                          "that make or mix these axes",
                          time == 0 ? "time, batch" : "batch, time", t->name, text);
  }
  if (shape.axes[2].n != layer->inputs) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "its input has %u features, its weights are for %u", shape.axes[2].n,
                          layer->inputs);
  }
  shape.axes[2].n = layer->units;
  return add_layer(c, in, &shape);
}

static bool compile_dense(struct compilation *c) {
  const struct value *in = NULL;
  const struct trine_layer *layer = &c->layers[c->op];
  const struct tflite_tensor *t = &c->graph->tensors[c->graph->operators[c->op].output];
  if (!compile_input(c, 0, &in))
    return false;
  if (!shape_is_rows(&in->shape, c->file) || shape_width(&in->shape) != layer->inputs) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "its weights take %u values, a step of its input has %llu; each step has "
                          "to be one row, for any number of steps: instead of flattening several "
                          "steps take the last one",
                          layer->inputs, (unsigned long long)shape_width(&in->shape));
  }
  /* Batch and time stay in their order; what follows them becomes one axis of units. */
  struct shape rows = {0}, shape;
  const int time = shape_time_axis(&in->shape), batch = shape_batch_axis(&in->shape);
  const int low = time < batch ? time : batch, high = time < batch ? batch : time;
  if (low >= 0)
    rows.axes[rows.rank++] = in->shape.axes[low];
  if (high >= 0 && high != low)
    rows.axes[rows.rank++] = in->shape.axes[high];
  for (uint32_t i = 0; i < rows.rank; i++)
    rows.axes[i].n = 1;
  rows.axes[rows.rank++] = (struct axis){.n = layer->units};
  if (!shape_reshape(&rows, c->file, t, &shape)) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "the shape of output '%s' is not its input's rows of %u units", t->name,
                          layer->units);
  }
  return add_layer(c, in, &shape);
}

static bool compile_operator(struct compilation *c) {
  switch (c->graph->operators[c->op].code) {
    case TFLITE_LSTM:
      return compile_lstm(c);
    case TFLITE_FULLY_CONNECTED:
      return compile_dense(c);
    case TFLITE_RESHAPE:
      return compile_reshape(c);
    case TFLITE_TRANSPOSE:
      return compile_transpose(c);
    case TFLITE_REVERSE_V2:
      return compile_reverse(c);
    case TFLITE_STRIDED_SLICE:
      return compile_slice(c);
    case TFLITE_CONCATENATION:
      return compile_concat(c);
    case TFLITE_QUANTIZE:
      return compile_quantize(c);
    case TFLITE_DEQUANTIZE:
      return compile_dequantize(c);
    case TFLITE_RELU:
      return compile_relu(c);
    case TFLITE_SOFTMAX:
      return compile_softmax(c);
    case TFLITE_LOGISTIC:
      return compile_logistic(c);
    case TFLITE_ARG_MAX:
      return compile_arg_max(c);
    default: /* the reader has let pass only what is supported */
      return prepare_refuse(c->graph, c->op, c->error,
                            "code %d is not supported; docs/formats.md lists what is",
                            c->graph->operators[c->op].code);
  }
}

static bool is_move(int code) {
  return code == TFLITE_RESHAPE || code == TFLITE_TRANSPOSE || code == TFLITE_REVERSE_V2 ||
         code == TFLITE_STRIDED_SLICE || code == TFLITE_CONCATENATION;
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
    if (in < 0 || !reached[in])
      continue;
    if (is_move(o->code))
      reached[o->output] = true;
    if (o->code != TFLITE_QUANTIZE)
      continue;
    struct quant q;
    if (!prepare_quant(g, op, o->output, &q, c->error))
      return false;
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

/* Tries one meaning of the input's axes: batch and time on these axes, -1 for none. */
static bool compile_as(struct compilation *c, int batch, int time, struct quant quant) {
  const struct tflite_tensor *t = &c->graph->tensors[c->graph->input];
  struct value in = {.known = true, .is_float = t->type == TFLITE_FLOAT32, .quant = quant};
  memset(c->values, 0, c->graph->tensor_count * sizeof(*c->values));
  memset(c->slots, 0, (c->graph->operator_count + 1) * sizeof(*c->slots));
  memset(c->nodes, 0, c->graph->operator_count * sizeof(*c->nodes));
  c->slot_count = c->node_count = c->op = 0;
  c->row_bytes = 0;
  c->file.batch = batch < 0 ? 1 : t->shape[batch];
  c->file.steps = time < 0 ? 1 : t->shape[time];
  in.shape.rank = t->rank;
  for (uint32_t i = 0; i < t->rank; i++) {
    in.shape.axes[i].batch = (int)i == batch;
    in.shape.axes[i].time = (int)i == time;
    in.shape.axes[i].n = (int)i == batch || (int)i == time ? 1 : t->shape[i];
  }
  if (!add_slot(c, &in.shape, 0, &in.slot))
    return false;
  c->values[c->graph->input] = in;
  for (c->op = 0; c->op < c->graph->operator_count; c->op++) {
    if (!compile_operator(c))
      return false;
  }
  if (!c->values[c->graph->output].known) {
    trine_error_set(c->error,
                    "the model's output '%s' has to be computed, by one of its %u operators",
                    c->graph->tensors[c->graph->output].name, c->graph->operator_count);
    return false;
  }
  if (c->values[c->graph->output].shape.rank == 0) {
    trine_error_set(c->error, "the model's output '%s' has no dimensions, at least 1 is needed",
                    c->graph->tensors[c->graph->output].name);
    return false;
  }
  c->slots[c->values[c->graph->output].slot].consumers++;
  return true;
}

/* Which axes of the input are batch and time is not in the file: the first meaning that all
 * operators agree with is taken, [batch, time] before [time, batch]. */
static bool try_meanings(struct compilation *c, struct quant quant) {
  static const int kRows[4][2] = {{0, 1}, {1, 0}, {0, 1}, {1, 0}};
  static const int kVectors[4][2] = {{0, -1}, {-1, 0}, {0, -1}, {-1, 0}};
  const uint32_t rank = c->graph->tensors[c->graph->input].rank;
  struct trine_error *error = c->error, trial = {{0}}, best = {{0}};
  uint32_t furthest = 0;
  for (int i = 0; i < 4; i++) {
    const int *meaning = rank == 2 ? kVectors[i] : kRows[i];
    c->lenient = i >= 2;
    c->error = &trial;
    const bool done = compile_as(c, meaning[0], meaning[1], quant);
    c->error = error;
    if (done)
      return true;
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
  struct trine_layer *layers = arena_alloc(c->arena, g->operator_count, sizeof(*layers));
  c->layers = layers;
  c->values = arena_alloc(c->arena, g->tensor_count, sizeof(*c->values));
  c->slots = arena_alloc(c->arena, (size_t)g->operator_count + 1, sizeof(*c->slots));
  c->nodes = arena_alloc(c->arena, g->operator_count, sizeof(*c->nodes));
  if (layers == NULL || c->values == NULL || c->slots == NULL || c->nodes == NULL) {
    trine_error_set(c->error, "no memory for %u operators", g->operator_count);
    return false;
  }
  if (!prepare_check_weights(g, c->error))
    return false;
  for (uint32_t op = 0; op < g->operator_count; op++) {
    const int code = g->operators[op].code;
    if (code == TFLITE_LSTM && !prepare_lstm(g, op, c->arena, &layers[op], c->error))
      return false;
    if (code == TFLITE_FULLY_CONNECTED && !prepare_dense(g, op, c->arena, &layers[op], c->error)) {
      return false;
    }
  }
  return true;
}

bool compile_graph(struct compilation *c) {
  const struct tflite_tensor *t = &c->graph->tensors[c->graph->input];
  struct quant quant = {0.0f, 0};
  if (t->type != TFLITE_INT8 && t->type != TFLITE_FLOAT32) {
    trine_error_set(c->error,
                    "the model's input '%s' is %s, only INT8 (or FLOAT32 that the model quantises) "
                    "is supported%s",
                    t->name, tflite_type_name(t->type),
                    t->type == TFLITE_UINT8
                        ? ": convert with inference_input_type and inference_output_type tf.int8"
                        : "");
    return false;
  }
  if (t->rank < 2 || t->elements == 0 || t->data != NULL || t->variable) {
    trine_error_set(c->error,
                    "the model's input '%s' has %u dimensions and %llu elements, it needs "
                    "2 to 6 and at least 1",
                    t->name, t->rank, (unsigned long long)t->elements);
    return false;
  }
  if (!prepare_all(c))
    return false;
  if (t->type == TFLITE_FLOAT32 && !find_input_quant(c, &quant))
    return false;
  if (t->type == TFLITE_INT8) {
    if (t->scale_count != 1 || t->zero_points[0] < -128 || t->zero_points[0] > 127) {
      trine_error_set(c->error,
                      "the model's input '%s' needs one scale and a zero point in "
                      "-128..127",
                      t->name);
      return false;
    }
    quant = (struct quant){t->scales[0], (int8_t)t->zero_points[0]};
  }
  return try_meanings(c, quant);
}
