/* SPDX-License-Identifier: Apache-2.0 */
/* write_layout: an output in the layout that the graph has it in: TRANSPOSE, RESHAPE and
 * EXPAND_DIMS behind the rows; see write_internal.h. */
#include <string.h>

#include "quantize/write_internal.h"

enum { MOST_AXES = TRINE_ONNX_MAX_AXES + 1 };

/* A tensor with the meaning of its axes. */
struct laid {
  struct tflite_new_tensor shape;
  enum trine_onnx_axis axis[MOST_AXES];
  int32_t tensor;
};

/* One operator more, whose list is `list`. */
static void write_move(struct writing *writing, int code, const int32_t *list, uint32_t count,
                       const struct tflite_new_tensor *shape, struct laid *laid) {
  struct tflite_operator op = write_new_operator(code, 2);
  op.inputs[0] = laid->tensor;
  op.inputs[1] = write_list(writing, code == TFLITE_EXPAND_DIMS ? 0 : 1, list, count);
  op.output = write_tensor(writing, shape);
  writing->lost = writing->lost || tflite_writer_operator(writing->file, &op) == UINT32_MAX;
  laid->tensor = op.output;
  laid->shape = *shape;
}

/* The row as parts and the rows of each. */
static void split_parts(struct writing *writing, uint32_t parts, struct laid *laid) {
  struct tflite_new_tensor shape = laid->shape;
  const uint32_t last = shape.rank - 1;
  shape.shape[shape.rank++] = shape.shape[last] / (int32_t)parts;
  shape.shape[last] = (int32_t)parts;
  laid->axis[last] = TRINE_ONNX_PARTS;
  laid->axis[last + 1] = TRINE_ONNX_WIDTH;
  write_move(writing, TFLITE_RESHAPE, shape.shape, shape.rank, &shape, laid);
}

/* Axes in the order of `axis`; nothing where they are. */
static void transpose(struct writing *writing, const enum trine_onnx_axis *axis,
                      struct laid *laid) {
  struct tflite_new_tensor shape = laid->shape;
  int32_t order[MOST_AXES];
  bool same = true;
  for (uint32_t n = 0; n < shape.rank; n++) {
    uint32_t from = 0;
    while (laid->axis[from] != axis[n]) {
      from++;
    }
    order[n] = (int32_t)from;
    shape.shape[n] = laid->shape.shape[from];
    same = same && from == n;
  }
  if (!same) {
    write_move(writing, TFLITE_TRANSPOSE, order, shape.rank, &shape, laid);
    memcpy(laid->axis, axis, shape.rank * sizeof axis[0]);
  }
}

/* The axes with a size of their own, the row's last where the graph has none of it. */
static uint32_t wanted_axes(const struct trine_onnx_layout *layout, enum trine_onnx_axis *axis,
                            bool *has_row) {
  uint32_t rank = 0;
  *has_row = false;
  for (uint32_t n = 0; n < layout->rank; n++) {
    const bool single = layout->axis[n] == TRINE_ONNX_ONE ||
                        (layout->axis[n] == TRINE_ONNX_PARTS && layout->parts == 1);
    *has_row = *has_row || layout->axis[n] == TRINE_ONNX_WIDTH;
    if (!single) {
      axis[rank++] = layout->axis[n];
    }
  }
  if (!*has_row) {
    axis[rank++] = TRINE_ONNX_WIDTH;
  }
  return rank;
}

int32_t write_in_layout(struct writing *writing, int32_t tensor, uint32_t value,
                        const struct trine_onnx_layout *layout) {
  const struct trine_float_network *network = writing->network;
  const bool turned = trine_onnx_layout_is_turned(layout, network, value);
  struct laid laid = {.shape = write_shaped(writing, value), .tensor = tensor};
  enum trine_onnx_axis wanted[MOST_AXES];
  bool has_row = false;
  laid.axis[0] = turned && !network->values[value].has_time ? TRINE_ONNX_SECOND : TRINE_ONNX_FIRST;
  laid.axis[1] = TRINE_ONNX_SECOND;
  laid.axis[laid.shape.rank - 1] = TRINE_ONNX_WIDTH;
  if (layout->parts > 1) {
    split_parts(writing, layout->parts, &laid);
  }
  (void)wanted_axes(layout, wanted, &has_row);
  transpose(writing, wanted, &laid);
  if (!has_row) {
    struct tflite_new_tensor shape = laid.shape;
    shape.rank--;
    write_move(writing, TFLITE_RESHAPE, shape.shape, shape.rank, &shape, &laid);
  }
  for (uint32_t n = 0; n < layout->rank; n++) {
    const int32_t at = (int32_t)n;
    struct tflite_new_tensor shape = laid.shape;
    if (layout->axis[n] != TRINE_ONNX_ONE &&
        !(layout->axis[n] == TRINE_ONNX_PARTS && layout->parts == 1)) {
      continue;
    }
    memmove(shape.shape + n + 1, shape.shape + n, (shape.rank - n) * sizeof shape.shape[0]);
    shape.shape[n] = 1;
    shape.rank++;
    write_move(writing, TFLITE_EXPAND_DIMS, &at, 1, &shape, &laid);
  }
  return laid.tensor;
}
