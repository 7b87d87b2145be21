/* SPDX-License-Identifier: Apache-2.0 */
/* draw: one random stack, see draw.h. */
#include "draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw_operators.h"
#include "io/file.h"
#include "io/npz.h"
#include "support/make_tflite.h"
#include "support/seed.h"

const struct draw_limits draw_full = {"conformance", 256, 64, false};
const struct draw_limits draw_small = {"conformance set", 48, 12, false};
const struct draw_limits draw_others = {"conformance operators", 48, 16, true};
const struct draw_limits draw_others_small = {"conformance operators set", 12, 7, true};

enum { WIDE = 128, MAX_BATCH = 4, MAX_LSTMS = 3 };

struct stack_draw {
  struct tflite_writer *model;
  struct seed_stream stream;
  const struct draw_limits *limits;
  bool time_major;
};

static bool one_in(struct seed_stream *stream, int count) {
  return seed_uniform(stream, 1, count) == 1;
}

static uint32_t draw_width(struct stack_draw *d) {
  const int64_t max = (int64_t)d->limits->max_width;
  if (max >= WIDE && one_in(&d->stream, 5)) {
    return (uint32_t)seed_log_uniform(&d->stream, WIDE, max);
  }
  return (uint32_t)seed_log_uniform(&d->stream, 1, max >= WIDE ? WIDE - 1 : max);
}

/* A converter writes a clip of 10, which some cell scales cannot reach. */
static float draw_clip(struct seed_stream *stream) {
  switch (seed_uniform(stream, 0, 3)) {
    case 0:
      return 10.0f;
    case 1:
      return (float)seed_real(stream, 0.1, 4.0);
    default:
      return 0.0f;
  }
}

static int32_t add_lstm(struct stack_draw *d, int32_t x) {
  struct seed_stream *stream = &d->stream;
  struct lstm_spec spec = {.time_major = d->time_major};
  spec.units = draw_width(d);
  spec.cell_exponent = (int)seed_uniform(stream, -15, -9);
  spec.cell_clip = draw_clip(stream);
  /* A large gain gives positive shifts, a large bias gates at their limits. */
  spec.gain =
      (float)(one_in(stream, 8) ? seed_real(stream, 10, 60) : exp2(seed_real(stream, -3, 2)));
  spec.bias_limit = one_in(stream, 4) ? 12.0f : 1.5f;
  spec.h_scale = (float)seed_real(stream, 0.003, 0.009);
  spec.h_zero_point =
      one_in(stream, 2) ? seed_uniform(stream, -128, 127) : seed_uniform(stream, -8, 8);
  return make_lstm(d->model, stream, x, &spec);
}

static int32_t add_dense(struct stack_draw *d, int32_t x) {
  static const int activations[] = {TFLITE_ACT_NONE, TFLITE_ACT_NONE, TFLITE_ACT_RELU,
                                    TFLITE_ACT_RELU6, TFLITE_ACT_RELU_N1_TO_1};
  const uint32_t units = draw_width(d);
  return make_dense(d->model, &d->stream, x, units, activations[seed_uniform(&d->stream, 0, 4)]);
}

/* Builds the graph; returns its output tensor and the shape of its input. */
static int32_t draw_graph(struct stack_draw *d, int32_t shape[3], int32_t *input) {
  struct seed_stream *stream = &d->stream;
  d->time_major = one_in(stream, 2);
  const int32_t batch = (int32_t)seed_uniform(stream, 1, MAX_BATCH);
  const int32_t steps = (int32_t)seed_log_uniform(stream, 1, d->limits->max_steps);
  shape[0] = d->time_major ? steps : batch;
  shape[1] = d->time_major ? batch : steps;
  shape[2] = (int32_t)draw_width(d);
  *input = make_input(d->model, stream, 3, shape);
  int32_t x = *input;
  for (int64_t lstms = seed_uniform(stream, 1, MAX_LSTMS); lstms > 0; lstms--) {
    x = add_lstm(d, x);
  }
  return one_in(stream, 2) ? add_dense(d, x) : x;
}

/* Bytes of any value, now and then only the two farthest. */
static void draw_values(struct seed_stream *stream, int8_t *values, uint64_t count) {
  const bool extremes = one_in(stream, 8);
  seed_int8(stream, values, count, -128, 127);
  for (uint64_t n = 0; extremes && n < count; n++) {
    values[n] = values[n] < 0 ? INT8_MIN : INT8_MAX;
  }
}

/* The calls of one input. */
static bool draw_array(struct stack_draw *d, const struct drawn_graph *graph, uint32_t index,
                       struct trine_array *x, struct trine_error *error) {
  const struct tflite_new_tensor *input = tflite_writer_tensor_at(d->model, graph->inputs[index]);
  uint64_t full[TFLITE_MAX_RANK + 1] = {DRAW_CALLS};
  enum trine_dtype type;
  if (input->type == TFLITE_INT32) {
    type = TRINE_DTYPE_INT32;
  } else if (input->type == TFLITE_UINT8) {
    type = TRINE_DTYPE_UINT8;
  } else {
    type = TRINE_DTYPE_INT8;
  }
  for (uint32_t i = 0; i < input->rank; i++) {
    full[1 + i] = (uint64_t)input->shape[i];
  }
  if (trine_array_make(x, type, 1 + input->rank, full, error) != TRINE_OK) {
    return false;
  }
  if (type != TRINE_DTYPE_INT32) {
    draw_values(&d->stream, x->data, x->count);
    return true;
  }
  for (uint64_t n = 0; n < x->count; n++) {
    ((int32_t *)x->data)[n] = (int32_t)seed_uniform(&d->stream, 0, graph->tokens[index] - 1);
  }
  return true;
}

static bool write_inputs(struct stack_draw *d, const struct drawn_graph *graph, const char *path,
                         struct trine_error *error) {
  static const char *const names[DRAW_MAX_INPUTS] = {"x", "x1", "x2"};
  struct trine_array x[DRAW_MAX_INPUTS] = {{.data = NULL}};
  bool good = true;
  for (uint32_t n = 0; n < graph->input_count && good; n++) {
    good = draw_array(d, graph, n, &x[n], error);
  }
  good = good && trine_npz_write(path, names, x, graph->input_count, error) == TRINE_OK;
  for (uint32_t n = 0; n < graph->input_count; n++) {
    trine_array_free(&x[n]);
  }
  return good;
}

bool draw_case(const char *folder, uint32_t index, const struct draw_limits *limits,
               struct trine_error *error) {
  char text[1024];
  (void)snprintf(text, sizeof text, "%s %u", limits->stream, index);
  struct stack_draw d = {tflite_writer_new(), seed_start(text), limits, false};
  struct drawn_graph graph = {.input_count = limits->operators ? 0 : 1, .output_count = 1};
  int32_t shape[3];
  if (limits->operators) {
    draw_operators(d.model, &d.stream, limits, &graph);
  } else {
    graph.outputs[0] = draw_graph(&d, shape, &graph.inputs[0]);
  }
  struct trine_file_buffer buffer;
  const struct tflite_new_ends ends = {graph.input_count, graph.output_count, graph.inputs,
                                       graph.outputs};
  buffer.data = tflite_writer_bytes_between(d.model, &ends, &buffer.size);
  (void)snprintf(text, sizeof text, "%s/%05u.tflite", folder, index);
  bool written = trine_file_replace(text, &buffer, 1, error) == TRINE_OK;
  (void)snprintf(text, sizeof text, "%s/%05u.npz", folder, index);
  written = written && write_inputs(&d, &graph, text, error);
  tflite_writer_free(d.model);
  return written;
}
