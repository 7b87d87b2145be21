/* SPDX-License-Identifier: Apache-2.0 */
/* draw_rounding: see draw_rounding.h. */
#include "draw_rounding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "golden/fixed.h"
#include "model/host_ops.h"
#include "model/prepare.h"
#include "support/make_tflite.h"

enum { BYTES = 256, CONSTANTS = 8, PAIR_TRIES = 400, TABLE_TRIES = 20000, SHIFT = 20 };

/* Of the two operands and the result. */
struct pair_quant {
  float scale[3];
  int32_t zero_point[3];
};

/* An operand's 256 values at the common scale, and what takes sums of them to the result. */
struct pair_values {
  int32_t value[2][BYTES];
  int32_t multiplier;
  int8_t shift;
};

static struct pair_quant draw_quant(struct seed_stream *stream, int code) {
  struct pair_quant q;
  for (int i = 0; i < 3; i++) {
    q.zero_point[i] = (int32_t)seed_uniform(stream, INT8_MIN, INT8_MAX);
    q.scale[i] = (float)exp2(seed_real(stream, -8, -3));
  }
  const double larger = q.scale[0] > q.scale[1] ? q.scale[0] : q.scale[1];
  double usual = larger;
  if (code == TFLITE_MUL) {
    usual = 64.0 * (double)q.scale[0] * (double)q.scale[1];
  } else if (code == TFLITE_SQUARED_DIFFERENCE) {
    usual = 64.0 * larger * larger;
  }
  q.scale[2] = (float)(usual * exp2(seed_real(stream, -1.5, 1.5)));
  return q;
}

static void find_products(const struct pair_quant *q, bool single, struct pair_values *values) {
  for (int i = 0; i < 2; i++) {
    for (int n = 0; n < BYTES; n++) {
      values->value[i][n] = n - 128 - q->zero_point[i];
    }
  }
  const float factor = q->scale[0] * q->scale[1] / q->scale[2];
  const double wide = (double)q->scale[0] * (double)q->scale[1] / (double)q->scale[2];
  prepare_multiplier(single ? (double)factor : wide, &values->multiplier, &values->shift);
}

static void find_sums(const struct pair_quant *q, bool single, struct pair_values *values) {
  const float larger = q->scale[0] > q->scale[1] ? q->scale[0] : q->scale[1];
  const float twice = 2 * larger;
  const double wide = 2 * (double)larger;
  for (int i = 0; i < 2; i++) {
    int32_t multiplier = 0;
    int8_t shift = 0;
    const double factor = single ? (double)(q->scale[i] / twice) : (double)q->scale[i] / wide;
    prepare_multiplier(factor, &multiplier, &shift);
    for (int n = 0; n < BYTES; n++) {
      values->value[i][n] =
          trine_requantise((n - 128 - q->zero_point[i]) * (1 << SHIFT), multiplier, shift);
    }
  }
  const float unit = (float)(1 << SHIFT) * q->scale[2];
  prepare_multiplier(single ? (double)(twice / unit) : wide / ((1 << SHIFT) * (double)q->scale[2]),
                     &values->multiplier, &values->shift);
}

static int8_t result(const struct pair_values *values, const struct pair_quant *q, int code, int x,
                     int y) {
  const int32_t a = values->value[0][x], b = values->value[1][y];
  int32_t value;
  if (code == TFLITE_MUL) {
    value = a * b;
  } else {
    value = code == TFLITE_ADD ? a + b : a - b;
  }
  return trine_sat8((int64_t)trine_requantise(value, values->multiplier, values->shift) +
                    q->zero_point[2]);
}

/* A constant that tells float32 from double, at the scales of q; false when there is none. */
static bool find_constant(const struct pair_quant *q, int code, int8_t *constant) {
  static struct pair_values single, wide;
  if (code == TFLITE_MUL) {
    find_products(q, true, &single);
    find_products(q, false, &wide);
  } else {
    find_sums(q, true, &single);
    find_sums(q, false, &wide);
  }
  for (int y = 0; y < BYTES; y++) {
    for (int x = 0; x < BYTES; x++) {
      if (result(&single, q, code, x, y) != result(&wide, q, code, x, y)) {
        *constant = (int8_t)(y - 128);
        return true;
      }
    }
  }
  return false;
}

static int32_t add_tensor(struct tflite_writer *model, const struct pair_quant *q, int index,
                          const int32_t shape[2], const int8_t *data) {
  const struct tflite_new_tensor t = {.name = data == NULL ? "x" : "constant",
                                      .type = TFLITE_INT8,
                                      .rank = 2,
                                      .shape = {shape[0], shape[1]},
                                      .scale = q->scale[index],
                                      .zero_point = q->zero_point[index],
                                      .data = data,
                                      .len_bytes = data == NULL ? 0 : (size_t)shape[1]};
  return tflite_writer_tensor(model, &t);
}

/* All bytes, as so many rows. */
static void every_byte(struct trine_array *x, uint64_t rows) {
  const uint64_t shape[3] = {1, rows, BYTES / rows};
  struct trine_error error;
  if (trine_array_make(x, TRINE_DTYPE_INT8, 3, shape, &error) != TRINE_OK) {
    abort();
  }
  for (int n = 0; n < BYTES; n++) {
    ((int8_t *)x->data)[n] = (int8_t)(n - 128);
  }
}

int32_t draw_pairs(struct tflite_writer *model, struct seed_stream *stream, int32_t *input,
                   struct trine_array *x) {
  static const int codes[] = {TFLITE_SUB, TFLITE_ADD, TFLITE_MUL, TFLITE_SQUARED_DIFFERENCE};
  static const struct tflite_operator options = {.activation = TFLITE_ACT_NONE};
  const int code = codes[seed_uniform(stream, 0, 3)];
  const int32_t column[2] = {BYTES, 1}, row[2] = {1, CONSTANTS};
  int8_t constants[CONSTANTS];
  every_byte(x, BYTES);
  seed_int8(stream, constants, CONSTANTS, INT8_MIN, INT8_MAX);
  struct pair_quant q = draw_quant(stream, code);
  const int tries = code == TFLITE_SQUARED_DIFFERENCE ? 0 : PAIR_TRIES;
  for (int n = 0; n < tries && !find_constant(&q, code, constants); n++) {
    q = draw_quant(stream, code);
  }
  *input = add_tensor(model, &q, 0, column, NULL);
  struct op_spec spec = {.options = &options,
                         .inputs = {*input, add_tensor(model, &q, 1, row, constants)},
                         .like = {.name = "y",
                                  .type = TFLITE_INT8,
                                  .rank = 2,
                                  .shape = {BYTES, CONSTANTS},
                                  .scale = q.scale[2],
                                  .zero_point = q.zero_point[2]}};
  return make_operator(model, code, &spec);
}

/* An operator that turns each byte into another. */
static int32_t add_table(struct tflite_writer *model, int code, int32_t input,
                         const struct pair_quant *q, const struct tflite_operator *options) {
  struct op_spec spec = {.options = options,
                         .inputs = {input, -1},
                         .like = {.name = "y",
                                  .type = TFLITE_INT8,
                                  .rank = 2,
                                  .shape = {1, BYTES},
                                  .scale = q->scale[2],
                                  .zero_point = q->zero_point[2]}};
  return make_operator(model, code, &spec);
}

/* Whether LEAKY_RELU tells float32 from double: scale[0] to scale[2], scale[1] the slope. */
static bool tells_leaky(const struct pair_quant *q) {
  const float *s = q->scale;
  const double factors[2][2] = {
      {(double)(s[0] * s[1] / s[2]), (double)s[0] * (double)s[1] / (double)s[2]},
      {(double)(s[0] / s[2]), (double)s[0] / (double)s[2]}};
  bool tells = false;
  for (int n = 0; n < BYTES && !tells; n++) {
    const int32_t value = n - 128 - q->zero_point[0];
    int8_t out[2];
    for (int i = 0; i < 2; i++) {
      int32_t multiplier = 0;
      int8_t shift = 0;
      prepare_multiplier(factors[value >= 0][i], &multiplier, &shift);
      out[i] = trine_sat8((int64_t)trine_requantise(value, multiplier, shift) + q->zero_point[2]);
    }
    tells = out[0] != out[1];
  }
  return tells;
}

int32_t draw_leaky(struct tflite_writer *model, struct seed_stream *stream, int32_t *input,
                   struct trine_array *x) {
  const int32_t row[2] = {1, BYTES};
  struct pair_quant q;
  every_byte(x, 1);
  for (int n = 0; n == 0 || (n < TABLE_TRIES && !tells_leaky(&q)); n++) {
    q = draw_quant(stream, TFLITE_ADD);
    q.scale[1] = (float)seed_real(stream, 0.01, 1.5);
    q.scale[2] = q.scale[0] * (float)exp2(seed_real(stream, -1.5, 1.5));
  }
  *input = add_tensor(model, &q, 0, row, NULL);
  const struct tflite_operator options = {.alpha = q.scale[1]};
  return add_table(model, TFLITE_LEAKY_RELU, *input, &q, &options);
}

static bool tells_rsqrt(const struct pair_quant *q) {
  const double single = 1.0 / (double)(sqrtf(q->scale[0]) * q->scale[2]);
  const double wide = 1.0 / (sqrt((double)q->scale[0]) * (double)q->scale[2]);
  int8_t tables[2][BYTES];
  return host_table_rsqrt_by(single, q->zero_point[2], tables[0]) &&
         host_table_rsqrt_by(wide, q->zero_point[2], tables[1]) &&
         memcmp(tables[0], tables[1], BYTES) != 0;
}

int32_t draw_rsqrt(struct tflite_writer *model, struct seed_stream *stream, int32_t *input,
                   struct trine_array *x) {
  const int32_t row[2] = {1, BYTES};
  struct pair_quant q;
  every_byte(x, 1);
  for (int n = 0; n == 0 || (n < TABLE_TRIES && !tells_rsqrt(&q)); n++) {
    q.scale[0] = (float)exp2(seed_real(stream, -14, -4));
    q.scale[2] = (float)(exp2(seed_real(stream, -1.5, 1.5)) / 128 / sqrt((double)q.scale[0]));
    q.zero_point[0] = INT8_MIN; /* below it the reference stops */
    q.zero_point[2] = (int32_t)seed_uniform(stream, INT8_MIN, 0);
  }
  *input = add_tensor(model, &q, 0, row, NULL);
  return add_table(model, TFLITE_RSQRT, *input, &q, NULL);
}
