/* SPDX-License-Identifier: Apache-2.0 */
/* model_shapes: shapes of a model's ends for the caller's B and T. */
#include <stdio.h>
#include <string.h>

#include "io/size.h"
#include "model/model_internal.h"

static uint32_t sizes_of(const struct shape *shape, uint32_t batch, uint32_t steps,
                         uint64_t sizes[TRINE_MODEL_MAX_RANK]) {
  uint32_t rank = 0;
  if (shape_batch_axis(shape) < 0 && batch != 1) {
    sizes[rank++] = batch;
  }
  for (uint32_t i = 0; i < shape->rank; i++) {
    sizes[rank++] = axis_size(shape->axes[i], batch, steps);
  }
  return rank;
}

uint32_t trine_model_input_shape(const struct trine_model *model, uint32_t batch, uint32_t steps,
                                 uint64_t shape[TRINE_MODEL_MAX_RANK]) {
  return sizes_of(&model_input(model)->shape, batch, steps, shape);
}

uint32_t trine_model_output_shape(const struct trine_model *model, uint32_t batch, uint32_t steps,
                                  uint64_t shape[TRINE_MODEL_MAX_RANK]) {
  return trine_model_output_shape_of(model, 0, batch, steps, shape);
}

uint32_t trine_model_output_shape_of(const struct trine_model *model, uint32_t index,
                                     uint32_t batch, uint32_t steps,
                                     uint64_t shape[TRINE_MODEL_MAX_RANK]) {
  return sizes_of(&model_output(model, index)->shape, batch, steps, shape);
}

void trine_model_place(const struct trine_model *model, int32_t output, uint32_t batch,
                       uint32_t steps, uint64_t place, uint32_t *sequence, uint32_t *step) {
  const struct shape *shape =
      output < 0 ? &model_input(model)->shape : &model_output(model, (uint32_t)output)->shape;
  *sequence = *step = 0;
  for (uint32_t i = shape->rank; i-- > 0;) {
    const struct axis axis = shape->axes[i];
    const uint64_t size = axis_size(axis, batch, steps), at = place % size / axis.n;
    place /= size;
    if (axis.batch && axis.time) {
      *sequence = (uint32_t)(axis.time_first ? at % batch : at / steps);
      *step = (uint32_t)(axis.time_first ? at / batch : at % steps);
    } else if (axis.batch) {
      *sequence = (uint32_t)at;
    } else if (axis.time) {
      *step = (uint32_t)at;
    }
  }
  if (shape_batch_axis(shape) < 0) {
    *sequence = (uint32_t)place;
  }
}

bool trine_model_output_count(const struct trine_model *model, uint32_t batch, uint32_t steps,
                              size_t *count) {
  uint64_t shape[TRINE_MODEL_MAX_RANK];
  const uint32_t rank = trine_model_output_shape(model, batch, steps, shape);
  size_t product = 1;
  for (uint32_t n = 0; n < rank; n++) {
    if (shape[n] > SIZE_MAX || !trine_size_mul(product, (size_t)shape[n], &product)) {
      return false;
    }
  }
  *count = product;
  return true;
}

/* "[B, T, 12]" */
static void print_axes(const struct shape *shape, char *text, size_t size) {
  size_t used = 0;
  for (uint32_t i = 0; i < shape->rank && used < size; i++) {
    const struct axis axis = shape->axes[i];
    const char *separator = i == 0 ? "[" : ", ";
    int more = 0;
    if (!axis.batch && !axis.time) {
      more = snprintf(text + used, size - used, "%s%u", separator, axis.n);
    } else if (axis.n == 1) {
      more = snprintf(text + used, size - used, "%s%s", separator, axis.batch ? "B" : "T");
    } else {
      more =
          snprintf(text + used, size - used, "%s%s*%u", separator, axis.batch ? "B" : "T", axis.n);
    }
    used += (size_t)more;
  }
  if (used < size) {
    snprintf(text + used, size - used, "]");
  }
}

static void print_sizes(uint32_t rank, const uint64_t *shape, char *text, size_t size) {
  size_t used = 0;
  for (uint32_t i = 0; i < rank && used < size; i++) {
    used += (size_t)snprintf(text + used, size - used, "%s%llu", i == 0 ? "[" : ", ",
                             (unsigned long long)shape[i]);
  }
  if (used < size) {
    snprintf(text + used, size - used, rank == 0 ? "[]" : "]");
  }
}

enum trine_status trine_model_input_sizes(const struct trine_model *model, uint32_t rank,
                                          const uint64_t *shape, uint32_t *batch, uint32_t *steps,
                                          struct trine_error *error) {
  const struct shape *own = &model_input(model)->shape;
  const int batch_axis = shape_batch_axis(own);
  /* One sequence may come without its batch axis; a model without one takes a leading one. */
  const bool without = batch_axis >= 0 && rank + 1 == own->rank;
  const bool leading = batch_axis < 0 && rank == own->rank + 1;
  bool fits = without || leading || rank == own->rank;
  uint64_t b = 1, t = 1;
  uint32_t place = 0;
  if (leading) {
    b = shape[place++];
  }
  for (uint32_t i = 0; fits && i < own->rank; i++) {
    const struct axis axis = own->axes[i];
    if (axis.batch && without) {
      continue;
    }
    const uint64_t size = shape[place++];
    if (axis.batch) {
      b = size / axis.n;
      fits = fits && size % axis.n == 0;
    } else if (axis.time) {
      t = size / axis.n;
      fits = fits && size % axis.n == 0;
    } else {
      fits = fits && size == axis.n;
    }
  }
  if (fits && b >= 1 && t >= 1 && b <= UINT32_MAX && t <= UINT32_MAX) {
    *batch = (uint32_t)b;
    *steps = (uint32_t)t;
    return TRINE_OK;
  }
  char given[80], wanted[80];
  print_sizes(rank, shape, given, sizeof given);
  print_axes(own, wanted, sizeof wanted);
  trine_error_set(error, "the input has shape %s, the model takes %s with sizes of 1 or more",
                  given, wanted);
  return TRINE_ERR_ARG;
}
