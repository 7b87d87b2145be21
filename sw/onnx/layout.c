/* SPDX-License-Identifier: Apache-2.0 */
/* layout: where a value of a row is in data of a graph's own layout, see onnx.h. */
#include "onnx/onnx.h"

bool trine_onnx_layout_is_turned(const struct trine_onnx_layout *layout,
                                 const struct trine_float_network *network, uint32_t value) {
  bool has_first = false, has_second = false;
  for (uint32_t n = 0; n < layout->rank; n++) {
    has_first = has_first || layout->axis[n] == TRINE_ONNX_FIRST;
    has_second = has_second || layout->axis[n] == TRINE_ONNX_SECOND;
  }
  return network->values[value].has_time ? network->time_major : has_second && !has_first;
}

bool trine_onnx_layout_is_whole(const struct trine_onnx_layout *layout,
                                const struct trine_float_value *value) {
  uint32_t counts[TRINE_ONNX_WIDTH + 1] = {0};
  for (uint32_t n = 0; n < layout->rank; n++) {
    counts[layout->axis[n]]++;
  }
  const uint32_t open = counts[TRINE_ONNX_FIRST] + counts[TRINE_ONNX_SECOND];
  const bool has_row = counts[TRINE_ONNX_WIDTH] == 1 ||
                       (counts[TRINE_ONNX_WIDTH] == 0 && value->width == layout->parts);
  return layout->rank > 0 && open == (value->has_time ? 2 : 1) && counts[TRINE_ONNX_FIRST] <= 1 &&
         counts[TRINE_ONNX_SECOND] <= 1 && has_row &&
         counts[TRINE_ONNX_MERGED] + counts[TRINE_ONNX_MERGED_TURNED] == 0 &&
         counts[TRINE_ONNX_PARTS] <= 1 && (layout->parts == 1 || counts[TRINE_ONNX_PARTS] == 1);
}

bool trine_onnx_layout_fits(const struct trine_onnx_layout *layout, uint32_t rank,
                            const uint64_t *shape, uint32_t width, uint64_t size[2]) {
  bool fits = rank == layout->rank;
  size[0] = size[1] = 1;
  for (uint32_t n = 0; n < layout->rank && fits; n++) {
    const enum trine_onnx_axis axis = layout->axis[n];
    size[0] = axis == TRINE_ONNX_FIRST ? shape[n] : size[0];
    size[1] = axis == TRINE_ONNX_SECOND ? shape[n] : size[1];
    if (axis == TRINE_ONNX_WIDTH) {
      fits = shape[n] == width / layout->parts;
    } else if (axis == TRINE_ONNX_PARTS) {
      fits = shape[n] == layout->parts;
    } else if (axis == TRINE_ONNX_ONE) {
      fits = shape[n] == 1;
    } else {
      fits = true;
    }
  }
  return fits;
}

/* The sizes with steps of their own. */
static void own_size(const struct trine_onnx_layout *layout, const uint64_t given[2],
                     uint64_t size[2]) {
  size[0] = layout->steps > 0 && layout->time_first ? layout->steps : given[0];
  size[1] = layout->steps > 0 && !layout->time_first ? layout->steps : given[1];
}

uint64_t trine_onnx_layout_size(const struct trine_onnx_layout *layout, uint32_t n, uint32_t width,
                                const uint64_t given[2]) {
  uint64_t size[2];
  own_size(layout, given, size);
  switch (layout->axis[n]) {
    case TRINE_ONNX_FIRST:
      return size[0];
    case TRINE_ONNX_SECOND:
      return size[1];
    case TRINE_ONNX_MERGED:
    case TRINE_ONNX_MERGED_TURNED:
      return size[0] * size[1];
    case TRINE_ONNX_PARTS:
      return layout->parts;
    case TRINE_ONNX_WIDTH:
      return width / layout->parts;
    default:
      return 1;
  }
}

uint64_t trine_onnx_layout_place(const struct trine_onnx_layout *layout, uint32_t width,
                                 const uint64_t given[2], const uint64_t row[2], uint32_t column) {
  uint64_t size[2];
  own_size(layout, given, size);
  const uint64_t each = width / layout->parts;
  uint64_t at = 0;
  for (uint32_t n = 0; n < layout->rank; n++) {
    const enum trine_onnx_axis axis = layout->axis[n];
    uint64_t index;
    if (axis == TRINE_ONNX_FIRST) {
      index = row[0];
    } else if (axis == TRINE_ONNX_SECOND) {
      index = row[1];
    } else if (axis == TRINE_ONNX_MERGED) {
      index = row[0] * size[1] + row[1];
    } else if (axis == TRINE_ONNX_MERGED_TURNED) {
      index = row[1] * size[0] + row[0];
    } else if (axis == TRINE_ONNX_PARTS) {
      index = column / each;
    } else if (axis == TRINE_ONNX_WIDTH) {
      index = column % each;
    } else {
      index = 0;
    }
    at = at * trine_onnx_layout_size(layout, n, width, given) + index;
  }
  return at;
}
