/* SPDX-License-Identifier: Apache-2.0 */
/* compile_layers: UNIDIRECTIONAL_SEQUENCE_LSTM and FULLY_CONNECTED: what runs on the device. */
#include "model/compile.h"

static bool add_layer(struct compilation *c, const struct compile_value *in,
                      const struct shape *shape) {
  const struct trine_layer *layer = &c->layers[c->op];
  struct node *node = compile_node(c, NODE_LAYER);
  node->source_count = 1;
  node->sources[0] = in->slot;
  node->u.layer = layer;
  struct compile_value out = {.shape = *shape};
  if (!prepare_quant(c->graph, c->op, c->graph->operators[c->op].output, &out.quant, c->error) ||
      !compile_output(c, &out)) {
    return false;
  }
  c->slots[node->target].rows = c->slots[in->slot].rows;
  return true;
}

/* A copy of a value for a layer that reads several rows of it a step (or sequence). */
static bool cut_into_rows(struct compilation *c, struct compile_value *rows, uint32_t count) {
  const struct view *view = compile_view(c, &rows->shape);
  if (view == NULL) {
    return compile_no_memory(c);
  }
  struct node *node = compile_node(c, NODE_VIEW);
  node->source_count = 1;
  node->sources[0] = rows->slot;
  node->u.view = view;
  if (!compile_between(c, rows)) {
    return false;
  }
  c->slots[rows->slot].rows = count;
  return true;
}

bool compile_lstm(struct compilation *c) {
  const struct compile_value *in = NULL;
  const struct trine_layer *layer = &c->layers[c->op];
  if (!compile_int8_input(c, 0, &in)) {
    return false;
  }
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
  const bool places = c->along_places && !steps->time;
  const bool apart = (places || (steps->time && steps->n == 1)) && !batch->time && batch->n == 1 &&
                     !shape.axes[2].batch && !shape.axes[2].time;
  if (!apart || (steps->batch && c->file.batch != 1)) {
    char text[96];
    const struct tflite_tensor *t = &c->graph->tensors[c->graph->inputs[0]];
    tflite_shape_text(t, text, sizeof text);
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
  struct compile_value rows = *in;
  const uint32_t count = places ? steps->n : 1; /* of rows in a sequence, or a step of it */
  if (c->slots[in->slot].rows != count && !cut_into_rows(c, &rows, count)) {
    return false;
  }
  return add_layer(c, &rows, &shape);
}

/* The axes of a shape that make rows of `width` values: its last ones; their first, or -1. */
static int row_axes(const struct shape *shape, uint64_t width) {
  uint64_t product = 1;
  int axis = (int)shape->rank;
  while (product != width && axis > 0) {
    axis--;
    if (shape->axes[axis].batch || shape->axes[axis].time) {
      return -1;
    }
    product *= shape->axes[axis].n;
  }
  return product == width ? axis : -1;
}

/* The rows that a dense layer reads: its input's last axes, or all steps of a sequence one behind
 * the other. *first is the first axis of a row. */
static bool find_rows(struct compilation *c, const struct compile_value *in,
                      struct compile_value *rows, int *first) {
  const uint32_t inputs = c->layers[c->op].inputs;
  const uint64_t width = shape_width(&in->shape);
  *rows = *in;
  *first = row_axes(&in->shape, inputs);
  if (*first < 0 && shape_time_axis(&in->shape) >= 0 && width * c->file.steps % inputs == 0) {
    if (!compile_pin(c, in, rows)) {
      return false;
    }
    *first = row_axes(&rows->shape, inputs);
  }
  if (*first < 0) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "its weights take %u values, a step of its input has %llu, all %u steps "
                          "of a sequence %llu; its rows have to be one or the other",
                          inputs, (unsigned long long)width, c->file.steps,
                          (unsigned long long)(width * c->file.steps));
  }
  const uint32_t count = (uint32_t)(shape_width(&rows->shape) / inputs);
  return c->slots[rows->slot].rows == count || cut_into_rows(c, rows, count);
}

bool compile_dense(struct compilation *c) {
  const struct compile_value *given = NULL;
  struct compile_value in;
  const struct trine_layer *layer = &c->layers[c->op];
  const struct tflite_tensor *t = &c->graph->tensors[c->graph->operators[c->op].output];
  int first = 0;
  if (!compile_int8_input(c, 0, &given) || !find_rows(c, given, &in, &first)) {
    return false;
  }
  /* What is outside of the rows stays in its order, and is followed by one axis of units. */
  struct shape rows = in.shape, shape;
  rows.rank = (uint32_t)first;
  rows.axes[rows.rank++] = (struct axis){.n = layer->units};
  if (first == (int)TFLITE_MAX_RANK || !shape_reshape(&rows, c->file, t, &shape)) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "the shape of output '%s' is not its input's rows of %u units", t->name,
                          layer->units);
  }
  return add_layer(c, &in, &shape);
}
