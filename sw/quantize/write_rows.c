/* SPDX-License-Identifier: Apache-2.0 */
/* write_rows: operators that move rows, and those of single values, see write_internal.h. */
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
  op.shrink_axis_mask = shrink ? 1 << axis : 0;
  op.begin_mask = op.end_mask = ((1 << x.rank) - 1) & ~(1 << axis);
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

bool write_rows(struct writing *writing, const struct trine_float_node *node) {
  const struct trine_float_value *out = &writing->network->values[node->output];
  switch (node->op) {
    case TRINE_FLOAT_CONCAT:
      return write_concat(writing, node);
    case TRINE_FLOAT_LAST:
    case TRINE_FLOAT_FIRST:
      return write_slice(writing, node, time_axis(writing), node->op == TRINE_FLOAT_LAST ? -1 : 0,
                         1, true);
    case TRINE_FLOAT_COLUMNS:
      return write_slice(writing, node, out->has_time ? 2 : 1, node->first, (int32_t)out->width,
                         false);
    case TRINE_FLOAT_SOFTMAX:
      return write_simple(writing, node, TFLITE_SOFTMAX);
    case TRINE_FLOAT_LOGISTIC:
      return write_simple(writing, node, TFLITE_LOGISTIC);
    case TRINE_FLOAT_RELU:
      return write_simple(writing, node, TFLITE_RELU);
    case TRINE_FLOAT_ARGMAX:
      return write_argmax(writing, node);
    default:
      return write_refuse(writing, node,
                          "its kind has no int8 form here; --outputs takes the value before it");
  }
}
