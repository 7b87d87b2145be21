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
  return trine_model_input_shape_of(model, 0, batch, steps, shape);
}

uint32_t trine_model_input_shape_of(const struct trine_model *model, uint32_t index, uint32_t batch,
                                    uint32_t steps, uint64_t shape[TRINE_MODEL_MAX_RANK]) {
  return sizes_of(&model_input(model, index)->shape, batch, steps, shape);
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

/* Of output `output`, or of input -1 - output. */
static const struct shape *shape_of(const struct trine_model *model, int32_t output) {
  return output < 0 ? &model_input(model, (uint32_t)(-1 - output))->shape
                    : &model_output(model, (uint32_t)output)->shape;
}

void trine_model_place(const struct trine_model *model, int32_t output, uint32_t batch,
                       uint32_t steps, uint64_t place, uint32_t *sequence, uint32_t *step) {
  const struct shape *shape = shape_of(model, output);
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

/* "B", "T*3", "12"; "I" for the axis that is the width of a row. */
static void print_axis(struct axis axis, bool is_width, char *text, size_t size) {
  const char *merged = axis.time_first ? "T*B" : "B*T";
  const char *alone = axis.batch ? "B" : "T";
  const char *name = axis.batch && axis.time ? merged : alone;
  if (!axis.batch && !axis.time) {
    (void)(is_width ? snprintf(text, size, "I") : snprintf(text, size, "%u", axis.n));
  } else if (axis.n == 1) {
    (void)snprintf(text, size, "%s", name);
  } else {
    (void)snprintf(text, size, "%s*%u", name, axis.n);
  }
}

/* "[B, T, 12]"; width_axis: the one that is called I, or -1. */
static void print_axes(const struct shape *shape, const char *comma, int width_axis, char *text,
                       size_t size) {
  size_t used = 0;
  for (uint32_t i = 0; i < shape->rank && used < size; i++) {
    char axis[40];
    print_axis(shape->axes[i], (int)i == width_axis, axis, sizeof axis);
    used += (size_t)snprintf(text + used, size - used, "%s%s", i == 0 ? "[" : comma, axis);
  }
  if (used < size) {
    snprintf(text + used, size - used, shape->rank == 0 ? "[]" : "]");
  }
}

void trine_model_layout(const struct trine_model *model, int32_t output, char *text,
                        size_t len_bytes) {
  const struct shape *shape = shape_of(model, output);
  int width_axis = -1;
  for (uint32_t i = 0; i < shape->rank; i++) {
    const struct axis axis = shape->axes[i];
    if (!axis.batch && !axis.time && axis.n == shape_width(shape)) {
      width_axis = (int)i;
    }
  }
  print_axes(shape, ",", width_axis, text, len_bytes);
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

/* B and T as an array has them; steps 0: it has none. */
struct found_sizes {
  uint64_t batch, steps;
};

/* Whether an array is one of an input. One sequence may come without its batch axis; a model
 * without one takes a leading one. */
static bool find_sizes(const struct shape *own, uint32_t rank, const uint64_t *shape,
                       struct found_sizes *found) {
  const int batch_axis = shape_batch_axis(own);
  const bool without = batch_axis >= 0 && rank + 1 == own->rank;
  const bool leading = batch_axis < 0 && rank == own->rank + 1;
  bool fits = without || leading || rank == own->rank;
  uint32_t place = 0;
  *found = (struct found_sizes){.batch = 1};
  if (leading) {
    found->batch = shape[place++];
  }
  for (uint32_t i = 0; fits && i < own->rank; i++) {
    const struct axis axis = own->axes[i];
    if (axis.batch && without) {
      continue;
    }
    const uint64_t size = shape[place++], count = size / axis.n;
    fits = size % axis.n == 0 && count >= 1 && count <= UINT32_MAX;
    if (axis.batch) {
      found->batch = count;
    } else if (axis.time) {
      found->steps = count;
    } else {
      fits = fits && count == 1;
    }
  }
  return fits && found->batch >= 1 && found->batch <= UINT32_MAX;
}

static enum trine_status refuse_shape(const struct trine_model *model, uint32_t index,
                                      uint32_t rank, const uint64_t *shape,
                                      struct trine_error *error) {
  char given[80], wanted[80], name[72] = "";
  if (model->info.input_count > 1) {
    (void)snprintf(name, sizeof name, " '%.60s'", model->info.inputs[index].name);
  }
  print_sizes(rank, shape, given, sizeof given);
  print_axes(&model_input(model, index)->shape, ", ", -1, wanted, sizeof wanted);
  trine_error_set(error, "the input%s has shape %s, the model takes %s with sizes of 1 or more",
                  name, given, wanted);
  return TRINE_ERR_ARG;
}

enum trine_status trine_model_input_sizes(const struct trine_model *model, uint32_t rank,
                                          const uint64_t *shape, uint32_t *batch, uint32_t *steps,
                                          struct trine_error *error) {
  struct found_sizes found;
  if (!find_sizes(&model_input(model, 0)->shape, rank, shape, &found)) {
    return refuse_shape(model, 0, rank, shape, error);
  }
  *batch = (uint32_t)found.batch;
  *steps = found.steps == 0 ? 1 : (uint32_t)found.steps;
  return TRINE_OK;
}

/* What two inputs have to agree on. */
static bool agree(uint64_t now, uint64_t before, const char *what, const char *name,
                  struct trine_error *error) {
  if (now != 0 && before != 0 && now != before) {
    trine_error_set(error, "the input '%.60s' has %llu %s, and one before it %llu; give the same",
                    name, (unsigned long long)now, what, (unsigned long long)before);
    return false;
  }
  return true;
}

enum trine_status trine_model_all_sizes(const struct trine_model *model,
                                        const struct trine_array *inputs, uint32_t *batch,
                                        uint32_t *steps, struct trine_error *error) {
  struct found_sizes all = {0, 0};
  for (uint32_t i = 0; i < model->info.input_count; i++) {
    const char *name = model->info.inputs[i].name;
    struct found_sizes one;
    if (!find_sizes(&model_input(model, i)->shape, inputs[i].rank, inputs[i].shape, &one)) {
      return refuse_shape(model, i, inputs[i].rank, inputs[i].shape, error);
    }
    if (!agree(one.batch, all.batch, "sequences", name, error) ||
        !agree(one.steps, all.steps, "steps", name, error)) {
      return TRINE_ERR_ARG;
    }
    all.batch = one.batch;
    all.steps = one.steps != 0 ? one.steps : all.steps;
  }
  *batch = (uint32_t)all.batch;
  *steps = all.steps == 0 ? 1 : (uint32_t)all.steps;
  return TRINE_OK;
}
