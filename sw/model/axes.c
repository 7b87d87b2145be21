/* SPDX-License-Identifier: Apache-2.0 */
/* axes: batch and time by meaning. */
#include "model/axes.h"

#include <string.h>

uint64_t axis_size(struct axis axis, uint32_t batch, uint32_t steps) {
  return (uint64_t)axis.n * (axis.batch ? batch : 1) * (axis.time ? steps : 1);
}

bool axis_is_trivial(struct axis axis) {
  return !axis.time && axis.n == 1;
}

bool axis_equal(struct axis a, struct axis b) {
  return a.batch == b.batch && a.time == b.time && a.n == b.n &&
         (!a.batch || !a.time || a.time_first == b.time_first);
}

int shape_time_axis(const struct shape *shape) {
  for (uint32_t i = 0; i < shape->rank; i++) {
    if (shape->axes[i].time) {
      return (int)i;
    }
  }
  return -1;
}

int shape_batch_axis(const struct shape *shape) {
  for (uint32_t i = 0; i < shape->rank; i++) {
    if (shape->axes[i].batch) {
      return (int)i;
    }
  }
  return -1;
}

uint64_t shape_width(const struct shape *shape) {
  uint64_t width = 1;
  for (uint32_t i = 0; i < shape->rank; i++) {
    width *= shape->axes[i].n;
  }
  return width;
}

bool shape_matches(const struct shape *shape, struct defaults file, const struct tflite_tensor *t) {
  if (shape->rank != t->rank) {
    return false;
  }
  for (uint32_t i = 0; i < t->rank; i++) {
    if (axis_size(shape->axes[i], file.batch, file.steps) != t->shape[i]) {
      return false;
    }
  }
  return true;
}

/* The order of elements, as far as it matters: constant places before, between and after batch and
 * time. Two shapes with the same signature hold the same elements in the same order. With the
 * file's B of 1 the place of batch is free, and it is left out. */
struct signature {
  uint64_t places[3];
  uint32_t atoms;
  bool time[2]; /* which atom is time */
};

static struct signature find_signature(const struct shape *shape, struct defaults file) {
  struct signature s = {{1, 1, 1}, 0, {false, false}};
  for (uint32_t i = 0; i < shape->rank; i++) {
    const struct axis *axis = &shape->axes[i];
    for (int turn = 0; turn < 2; turn++) {
      const bool time = (turn == 0) == axis->time_first;
      const bool here = time ? axis->time : axis->batch && file.batch != 1;
      if (here && s.atoms < 2) {
        s.time[s.atoms++] = time;
      }
    }
    s.places[s.atoms] *= axis->n;
  }
  return s;
}

static bool same_signature(const struct signature *a, const struct signature *b) {
  if (a->atoms != b->atoms) {
    return false;
  }
  for (uint32_t i = 0; i <= a->atoms; i++) {
    if (a->places[i] != b->places[i]) {
      return false;
    }
    if (i < a->atoms && a->time[i] != b->time[i]) {
      return false;
    }
  }
  return true;
}

bool shape_is_rows(const struct shape *shape, struct defaults file) {
  const struct signature s = find_signature(shape, file);
  for (uint32_t i = 0; i < s.atoms; i++) {
    if (s.places[i] != 1) {
      return false;
    }
  }
  return true;
}

/* Whether time comes before batch in the order of elements. */
static bool time_comes_first(const struct shape *shape) {
  const int time = shape_time_axis(shape), batch = shape_batch_axis(shape);
  if (time == batch) {
    return time >= 0 && shape->axes[time].time_first;
  }
  return time < batch;
}

/* Gives the sizes of t a meaning: batch on axis b, time on axis s (-1: nowhere). False when a size
 * is no multiple. */
static bool assign(const struct tflite_tensor *t, struct defaults file, int b, int s,
                   bool time_first, struct shape *out) {
  memset(out, 0, sizeof *out);
  out->rank = t->rank;
  for (uint32_t i = 0; i < t->rank; i++) {
    struct axis *axis = &out->axes[i];
    axis->batch = (int)i == b;
    axis->time = (int)i == s;
    axis->time_first = axis->batch && axis->time && time_first;
    const uint32_t unit = (axis->batch ? file.batch : 1) * (axis->time ? file.steps : 1);
    if (t->shape[i] == 0 || t->shape[i] % unit != 0) {
      return false;
    }
    axis->n = t->shape[i] / unit;
  }
  return true;
}

/* How natural a meaning is: an axis of its own for time, then for batch, then the old order. */
static int rate(const struct shape *shape, bool time_first) {
  const int time = shape_time_axis(shape), batch = shape_batch_axis(shape);
  int score = 0;
  if (time >= 0 && shape->axes[time].n == 1) {
    score += 8;
  }
  if (batch >= 0 && shape->axes[batch].n == 1) {
    score += 4;
  }
  if (time != batch) {
    score += 2;
  }
  if (time_comes_first(shape) == time_first) {
    score += 1;
  }
  return score;
}

bool shape_reshape(const struct shape *in, struct defaults file, const struct tflite_tensor *t,
                   struct shape *out) {
  if (shape_matches(in, file, t)) {
    *out = *in;
    return true;
  }
  const bool has_time = shape_time_axis(in) >= 0;
  const bool time_first = time_comes_first(in);
  const struct signature wanted = find_signature(in, file);
  int best = -1;
  for (int s = has_time ? 0 : -1; s < (has_time ? (int)t->rank : 0); s++) {
    for (int b = -1; b < (int)t->rank; b++) {
      struct shape trial;
      if (b < 0 && shape_batch_axis(in) >= 0 && file.batch != 1) {
        continue;
      }
      if (b >= 0 && shape_batch_axis(in) < 0 && file.batch != 1) {
        continue;
      }
      if (!assign(t, file, b, s, time_first, &trial)) {
        continue;
      }
      const struct signature found = find_signature(&trial, file);
      if (!same_signature(&wanted, &found) || rate(&trial, time_first) <= best) {
        continue;
      }
      best = rate(&trial, time_first);
      *out = trial;
    }
  }
  return best >= 0;
}
