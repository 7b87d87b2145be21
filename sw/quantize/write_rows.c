/* SPDX-License-Identifier: Apache-2.0 */
/* write_rows: operators that move rows, and those of single values, see write_internal.h. */
#include <math.h>

#include "quantize/write_internal.h"

enum { AXES = 3 }; /* of rows that have steps */

/* Part of one axis: `count` from `first` on, or one of them, and the axis goes away. */
static bool write_slice(struct writing *writing, const struct trine_float_node *node, int32_t axis,
                        int32_t first, int32_t count, bool shrink) {
  const struct tflite_new_tensor x = write_shaped(writing, node->inputs[0]);
  struct tflite_operator op = write_new_operator(TFLITE_STRIDED_SLICE, 4);
  const int32_t stride[AXES] = {1, 1, 1};
  int32_t begin[AXES] = {0}, end[AXES] = {0};
  for (uint32_t n = 0; n < x.rank; n++) {
    end[n] = x.shape[n];
  }
  begin[axis] = first;
  end[axis] = first + count;
  const bool to_end = !shrink && first < 0 && first + count == 0;
  op.shrink_axis_mask = shrink ? 1 << axis : 0;
  op.begin_mask = op.end_mask = ((1 << x.rank) - 1) & ~(1 << axis);
  op.end_mask |= to_end ? 1 << axis : 0;
  op.inputs[0] = writing->tensors[node->inputs[0]];
  op.inputs[1] = write_list(writing, 1, begin, x.rank);
  op.inputs[2] = write_list(writing, 1, end, x.rank);
  op.inputs[3] = write_list(writing, 1, stride, x.rank);
  write_finish(writing, &op, node->output);
  return true;
}

static int32_t time_axis(const struct writing *writing) {
  return writing->network->time_major ? 0 : 1;
}

static bool write_concat(struct writing *writing, const struct trine_float_node *node) {
  struct tflite_operator op = write_new_operator(TFLITE_CONCATENATION, node->input_count);
  op.axis = writing->network->values[node->output].has_time ? 2 : 1;
  for (uint32_t n = 0; n < node->input_count; n++) {
    op.inputs[n] = writing->tensors[node->inputs[n]];
  }
  write_finish(writing, &op, node->output);
  return true;
}

/* One input, one output, nothing to say of it. */
static bool write_simple(struct writing *writing, const struct trine_float_node *node, int code) {
  struct tflite_operator op = write_new_operator(code, 1);
  op.inputs[0] = writing->tensors[node->inputs[0]];
  op.beta = 1.0F;
  op.alpha = node->alpha;
  write_finish(writing, &op, node->output);
  return true;
}

static bool write_argmax(struct writing *writing, const struct trine_float_node *node) {
  struct tflite_operator op = write_new_operator(TFLITE_ARG_MAX, 2);
  struct tflite_new_tensor y = write_shaped(writing, node->output);
  const int32_t axis = -1;
  op.inputs[0] = writing->tensors[node->inputs[0]];
  op.inputs[1] = write_list(writing, 0, &axis, 1);
  op.index_type = y.type = TFLITE_INT32;
  y.rank--;
  y.scale = 0.0F;
  op.output = write_tensor(writing, &y);
  writing->tensors[node->output] = op.output;
  writing->lost = writing->lost || tflite_writer_operator(writing->file, &op) == UINT32_MAX;
  return true;
}

/* One input and the axes that it works on, or the shape that it makes. */
static bool write_listed(struct writing *writing, const struct trine_float_node *node, int code,
                         const int32_t *list, uint32_t count) {
  struct tflite_operator op = write_new_operator(code, 2);
  op.inputs[0] = writing->tensors[node->inputs[0]];
  op.inputs[1] = write_list(writing, 1, list, count);
  write_finish(writing, &op, node->output);
  return true;
}

static bool write_reduction(struct writing *writing, const struct trine_float_node *node) {
  const int32_t axis = time_axis(writing);
  int code = TFLITE_SUM;
  if (node->op == TRINE_FLOAT_MEAN) {
    code = TFLITE_MEAN;
  } else if (node->op == TRINE_FLOAT_MAX) {
    code = TFLITE_REDUCE_MAX;
  }
  return write_listed(writing, node, code, &axis, 1);
}

static bool write_flatten(struct writing *writing, const struct trine_float_node *node) {
  const struct tflite_new_tensor y = write_shaped(writing, node->output);
  return write_listed(writing, node, TFLITE_RESHAPE, y.shape, y.rank);
}

/* One row at each step: first with an axis of size 1 for them. */
static bool write_repeat(struct writing *writing, const struct trine_float_node *node) {
  struct tflite_new_tensor single = write_shaped(writing, node->output);
  const struct tflite_new_tensor y = single;
  struct tflite_operator op = write_new_operator(TFLITE_RESHAPE, 2);
  single.name = "single";
  single.shape[time_axis(writing)] = 1;
  op.inputs[0] = writing->tensors[node->inputs[0]];
  op.inputs[1] = write_list(writing, 1, single.shape, single.rank);
  op.output = write_tensor(writing, &single);
  writing->lost = writing->lost || tflite_writer_operator(writing->file, &op) == UINT32_MAX;
  struct tflite_operator repeat = write_new_operator(TFLITE_BROADCAST_TO, 2);
  repeat.inputs[0] = op.output;
  repeat.inputs[1] = write_list(writing, 1, y.shape, y.rank);
  write_finish(writing, &repeat, node->output);
  return true;
}

static bool write_turn(struct writing *writing, const struct trine_float_node *node) {
  const struct tflite_new_tensor y = write_shaped(writing, node->output);
  writing->tensors[node->output] = write_reverse(writing, writing->tensors[node->inputs[0]], &y);
  return true;
}

/* Sum or product of two values. */
static bool write_two(struct writing *writing, const struct trine_float_node *node) {
  struct tflite_operator op =
      write_new_operator(node->op == TRINE_FLOAT_ADD ? TFLITE_ADD : TFLITE_MUL, 2);
  op.inputs[0] = writing->tensors[node->inputs[0]];
  op.inputs[1] = writing->tensors[node->inputs[1]];
  write_finish(writing, &op, node->output);
  return true;
}

/* An operator between a tensor and one constant for each column. */
static int32_t write_with_columns(struct writing *writing, int code, int32_t x,
                                  const float *columns, uint32_t width,
                                  const struct tflite_new_tensor *y) {
  struct tflite_operator op = write_new_operator(code, 2);
  op.inputs[0] = x;
  op.inputs[1] = write_columns(writing, columns, width);
  op.output = write_tensor(writing, y);
  writing->lost = writing->lost || tflite_writer_operator(writing->file, &op) == UINT32_MAX;
  return op.output;
}

/* Times a constant, plus a constant. What is between the two has the range of the result, moved by
 * what is added. */
static bool write_affine(struct writing *writing, const struct trine_float_node *node) {
  const struct quant_value *made = &writing->ranges->values[node->output];
  struct tflite_new_tensor y = write_shaped(writing, node->output), between = y;
  float least = 0.0F, most = 0.0F;
  const uint32_t width = writing->network->values[node->output].width;
  for (uint32_t n = 0; n < width; n++) {
    least = fminf(least, node->bias[n]);
    most = fmaxf(most, node->bias[n]);
  }
  if (least == 0.0F && most == 0.0F) {
    writing->tensors[node->output] = write_with_columns(
        writing, TFLITE_MUL, writing->tensors[node->inputs[0]], node->scale, width, &y);
    return true;
  }
  struct quant_value span = {.low = fminf(0.0F, made->low - most),
                             .high = fmaxf(0.0F, made->high - least)};
  quant_set_scale(&span);
  between.name = "product";
  between.scale = span.scale;
  between.zero_point = span.zero_point;
  const int32_t product = write_with_columns(writing, TFLITE_MUL, writing->tensors[node->inputs[0]],
                                             node->scale, width, &between);
  writing->tensors[node->output] =
      write_with_columns(writing, TFLITE_ADD, product, node->bias, width, &y);
  return true;
}

bool write_rows(struct writing *writing, const struct trine_float_node *node) {
  const struct trine_float_value *out = &writing->network->values[node->output];
  switch (node->op) {
    case TRINE_FLOAT_CONCAT:
      return write_concat(writing, node);
    case TRINE_FLOAT_LAST:
    case TRINE_FLOAT_FIRST:
      return write_slice(writing, node, time_axis(writing), node->op == TRINE_FLOAT_LAST ? -1 : 0,
                         1, true);
    case TRINE_FLOAT_STEP:
      return write_slice(writing, node, time_axis(writing), node->first, 1, true);
    case TRINE_FLOAT_RANGE:
      return write_slice(writing, node, time_axis(writing), node->first, (int32_t)out->steps,
                         false);
    case TRINE_FLOAT_COLUMNS:
      return write_slice(writing, node, out->has_time ? 2 : 1, node->first, (int32_t)out->width,
                         false);
    case TRINE_FLOAT_SOFTMAX:
      return write_simple(writing, node, TFLITE_SOFTMAX);
    case TRINE_FLOAT_LOGISTIC:
      return write_simple(writing, node, TFLITE_LOGISTIC);
    case TRINE_FLOAT_RELU:
      return write_simple(writing, node, TFLITE_RELU);
    case TRINE_FLOAT_LOG_SOFTMAX: /* quantize.h: the values before it */
      if (!quantize_is_log_end(writing->network, node->output)) {
        return write_refuse(writing, node,
                            "a LogSoftmax is done at the network's end only; --outputs takes the "
                            "value before it");
      }
      writing->tensors[node->output] = writing->tensors[node->inputs[0]];
      return true;
    case TRINE_FLOAT_TANH:
      return write_simple(writing, node, TFLITE_TANH);
    case TRINE_FLOAT_LEAKY_RELU:
      return write_simple(writing, node, TFLITE_LEAKY_RELU);
    case TRINE_FLOAT_ELU:
      return write_simple(writing, node, TFLITE_ELU);
    case TRINE_FLOAT_ARGMAX:
      return write_argmax(writing, node);
    case TRINE_FLOAT_ADD:
    case TRINE_FLOAT_MUL:
      return write_two(writing, node);
    case TRINE_FLOAT_AFFINE:
      return write_affine(writing, node);
    case TRINE_FLOAT_MEAN:
    case TRINE_FLOAT_MAX:
    case TRINE_FLOAT_SUM:
      return write_reduction(writing, node);
    case TRINE_FLOAT_FLATTEN:
      return write_flatten(writing, node);
    case TRINE_FLOAT_REPEAT:
      return write_repeat(writing, node);
    case TRINE_FLOAT_TURN:
      return write_turn(writing, node);
    default:
      return write_refuse(writing, node,
                          "its kind has no int8 form here; --outputs takes the value before it");
  }
}
