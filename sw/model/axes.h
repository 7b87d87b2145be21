/* SPDX-License-Identifier: Apache-2.0 */
/* axes: shapes in which batch and time are known by meaning, so that B and T may be other than the
 * file's. Sequences never mix: operators work on each sequence alone, as if B were 1, and what
 * would mix them is refused. */
#ifndef TRINE_MODEL_AXES_H
#define TRINE_MODEL_AXES_H

#include <stdbool.h>
#include <stdint.h>

#include "model/tflite_reader.h"

/* One axis runs over the batch, over time, over both (merged by a RESHAPE), or neither, and inside
 * of that over n constant places. */
struct axis {
  bool batch, time;
  bool time_first; /* of a merged axis: time runs slower than batch */
  uint32_t n;      /* >= 1 */
};

struct shape {
  uint32_t rank;
  struct axis axes[TFLITE_MAX_RANK];
};

/* The file's own B and T, by which its fixed shapes are understood. */
struct defaults {
  uint32_t batch, steps;
};

/* Size of an axis for given B and T. */
uint64_t axis_size(struct axis axis, uint32_t batch, uint32_t steps);
/* Whether an axis has one place in each sequence: it never changes the order of anything. */
bool axis_is_trivial(struct axis axis);
bool axis_equal(struct axis a, struct axis b);

/* Index of the axis with time or batch, -1 when there is none. */
int shape_time_axis(const struct shape *shape);
int shape_batch_axis(const struct shape *shape);
/* Constant places of one sequence and step: the product of all n. */
uint64_t shape_width(const struct shape *shape);
/* Whether the shape has the file's sizes. */
bool shape_matches(const struct shape *shape, struct defaults file, const struct tflite_tensor *t);
/* Whether each step is one vector: nothing constant outside of batch and time. */
bool shape_is_rows(const struct shape *shape, struct defaults file);

/* Finds the meaning of the sizes of `t`, which hold the elements of `in` in the same order. Where
 * sizes of 1 leave a choice, time and batch get an axis each, in the order they had.
 * False when no assignment keeps time and batch apart from the rest. */
bool shape_reshape(const struct shape *in, struct defaults file, const struct tflite_tensor *t,
                   struct shape *out);

#endif
