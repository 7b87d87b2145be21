/* SPDX-License-Identifier: Apache-2.0 */
/* heads: draws models of one SOFTMAX, LOGISTIC, ARG_MAX or RELU, or of one operator on two rows,
 * and compares ours with the reference's.
 *
 *     heads draw FOLDER COUNT NAME     writes NNNNN.tflite and NNNNN.npz (x); NAME picks the draws
 *     heads check FOLDER COUNT         wants y in each .npz, as tests/conformance/oracle.py puts it
 *
 * LOGISTIC and RELU get all 256 bytes at any scales and zero points, SOFTMAX rows of any width,
 * scale and beta, ARG_MAX rows with ties; ADD, SUB, MUL and SQUARED_DIFFERENCE all bytes with
 * constants that draw_pairs.h picks; and one model in six is an LSTM and a dense layer with heads.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw_rounding.h"
#include "io/file.h"
#include "io/npz.h"
#include "model/heads.h"
#include "model/model.h"
#include "support/golden_runner.h"
#include "support/make_tflite.h"
#include "support/seed.h"

enum { ROWS = 24, MAX_WIDTH = 64, KINDS = 8 };

static double draw_log(struct seed_stream *stream, double low, double high) {
  return exp2(seed_real(stream, log2(low), log2(high)));
}

static bool one_in(struct seed_stream *stream, int count) {
  return seed_uniform(stream, 1, count) == 1;
}

static int32_t add_input(struct tflite_writer *model, int32_t rows, int32_t width, double scale,
                         int64_t zero_point) {
  const struct tflite_new_tensor x = {.name = "x",
                                      .type = TFLITE_INT8,
                                      .rank = 2,
                                      .shape = {rows, width},
                                      .scale = (float)scale,
                                      .zero_point = zero_point};
  return tflite_writer_tensor(model, &x);
}

/* Now and then rows of nearly equal bytes: sums and ties as large as they get. */
static void fill_rows(struct seed_stream *stream, int8_t *x, int32_t width) {
  for (int32_t row = 0; row < ROWS; row++) {
    const int low = (int)seed_uniform(stream, -128, 127);
    const int span = one_in(stream, 3) ? (int)seed_uniform(stream, 0, 8) : 255;
    const int from = span == 255 ? -128 : low;
    seed_int8(stream, x + row * width, (size_t)width, from, from + span > 127 ? 127 : from + span);
  }
}

static int32_t add_head(struct tflite_writer *model, struct seed_stream *stream, uint32_t kind,
                        int32_t *input, struct trine_array *x) {
  struct trine_error error;
  const int64_t zero_point = seed_uniform(stream, -128, 127);
  const bool usual = !one_in(stream, 4);
  uint64_t shape[3] = {1, ROWS, 256};
  const bool each_byte = kind == 0 || kind == 4;
  if (each_byte) {
    shape[1] = 1;
  } else {
    shape[2] = (uint64_t)seed_log_uniform(stream, 1, usual ? MAX_WIDTH : HEADS_MAX_SOFTMAX);
  }
  if (trine_array_make(x, TRINE_DTYPE_INT8, 3, shape, &error) != TRINE_OK) {
    abort();
  }
  int8_t *bytes = x->data;
  for (int i = 0; each_byte && i < 256; i++) {
    bytes[i] = (int8_t)(i - 128);
  }
  if (!each_byte) {
    fill_rows(stream, bytes, (int32_t)shape[2]);
  }
  const double beta = kind == 1 && one_in(stream, 2) ? draw_log(stream, 1.0 / 16, 16.0) : 1.0;
  double scale;
  if (usual) {
    scale = draw_log(stream, 1e-3, 0.5);
  } else if (each_byte) {
    scale = draw_log(stream, HEADS_LOGISTIC_LOW, 7.99);
  } else {
    scale = draw_log(stream, 0x1p-25, 15.99) / beta;
  }
  *input = add_input(model, (int32_t)shape[1], (int32_t)shape[2], scale, zero_point);
  if (kind == 0) {
    return make_logistic(model, *input);
  }
  if (kind == 4) {
    return make_quantize(model, *input, TFLITE_RELU,
                         (float)(usual ? draw_log(stream, 1e-3, 0.5) : scale),
                         usual ? seed_uniform(stream, -128, 127) : zero_point);
  }
  return kind == 1 ? make_softmax(model, *input, (float)beta)
                   : make_arg_max(model, *input, TFLITE_INT32);
}

/* An LSTM and a dense layer, and what a classifier ends with. */
static int32_t add_network(struct tflite_writer *model, struct seed_stream *stream, int32_t *input,
                           struct trine_array *x) {
  struct trine_error error;
  const int32_t shape[3] = {1, (int32_t)seed_uniform(stream, 1, 9),
                            (int32_t)seed_uniform(stream, 1, 12)};
  const uint64_t all[4] = {1, 1, (uint64_t)shape[1], (uint64_t)shape[2]};
  const struct lstm_spec spec = {
      .units = (uint32_t)seed_uniform(stream, 1, 16), .cell_exponent = -11, .gain = 2.0F};
  if (trine_array_make(x, TRINE_DTYPE_INT8, 4, all, &error) != TRINE_OK) {
    abort();
  }
  seed_int8(stream, x->data, x->count, -128, 127);
  *input = make_input(model, stream, 3, shape);
  int32_t rows = make_lstm(model, stream, *input, &spec);
  if (one_in(stream, 4)) {
    rows = make_quantize(model, rows, TFLITE_RELU, (float)draw_log(stream, 2e-3, 1e-2),
                         seed_uniform(stream, -128, 127));
  }
  const uint32_t classes = (uint32_t)seed_uniform(stream, 1, 12);
  const int32_t logits = make_dense(model, stream, rows, classes, TFLITE_ACT_NONE);
  switch (seed_uniform(stream, 0, 3)) {
    case 0:
      return make_logistic(model, logits);
    case 1:
      return make_softmax(model, logits, 1.0F);
    case 2:
      return make_arg_max(model, logits, TFLITE_INT32);
    default:
      return make_arg_max(model, make_softmax(model, logits, 1.0F), TFLITE_INT32);
  }
}

static bool draw_case(const char *folder, uint32_t index, const char *name,
                      struct trine_error *error) {
  static const char *const names[] = {"x"};
  char text[1024];
  (void)snprintf(text, sizeof text, "%s %u", name, index);
  struct seed_stream stream = seed_start(text);
  struct tflite_writer *model = tflite_writer_new();
  struct trine_array x = {.data = NULL};
  struct trine_file_buffer buffer;
  int32_t input = 0;
  const uint32_t kind = index % KINDS;
  int32_t output;
  if (kind == 3) {
    output = add_network(model, &stream, &input, &x);
  } else if (kind == 5) {
    output = draw_pairs(model, &stream, &input, &x);
  } else if (kind == 6) {
    output = draw_leaky(model, &stream, &input, &x);
  } else if (kind == 7) {
    output = draw_rsqrt(model, &stream, &input, &x);
  } else {
    output = add_head(model, &stream, kind, &input, &x);
  }
  buffer.data = tflite_writer_bytes(model, input, output, &buffer.size);
  (void)snprintf(text, sizeof text, "%s/%05u.tflite", folder, index);
  bool written = trine_file_replace(text, &buffer, 1, error) == TRINE_OK;
  (void)snprintf(text, sizeof text, "%s/%05u.npz", folder, index);
  written = written && trine_npz_write(text, names, &x, 1, error) == TRINE_OK;
  trine_array_free(&x);
  tflite_writer_free(model);
  return written;
}

/* Compares one call with the stored one. */
static bool same(const struct trine_model *model, const struct trine_array *x,
                 const struct trine_array *y, struct trine_error *error) {
  struct trine_model_batch batch = {.input = x->data};
  if (trine_model_input_sizes(model, x->rank - 1, x->shape + 1, &batch.sequences, &batch.steps,
                              error) != TRINE_OK) {
    return false;
  }
  const struct trine_model_end *end = &trine_model_info(model)->output;
  const uint64_t values =
      (uint64_t)batch.sequences * end->width * (end->has_time ? batch.steps : 1);
  const enum trine_dtype type = end->type;
  if (y->dtype != type || y->count != values || x->shape[0] != 1) {
    trine_error_set(error, "y is %s of %llu values, the model has %s of %llu",
                    trine_dtype_name(y->dtype), (unsigned long long)y->count,
                    trine_dtype_name(type), (unsigned long long)values);
    return false;
  }
  const size_t size = trine_dtype_size(type);
  uint8_t *got = malloc(values * size);
  if (got == NULL) {
    abort();
  }
  memset(got, 0x55, values * size);
  batch.output = got;
  bool good = trine_model_run(model, &batch, golden_runner, NULL, error) == TRINE_OK;
  for (uint64_t n = 0; n < values && good; n++) {
    good = memcmp(got + n * size, (const uint8_t *)y->data + n * size, size) == 0;
    if (!good) {
      trine_error_set(error, "value %llu: got %d, want %d", (unsigned long long)n,
                      (int8_t)got[n * size], ((const int8_t *)y->data)[n * size]);
    }
  }
  free(got);
  return good;
}

static bool check_case(const char *folder, uint32_t index, uint64_t values[KINDS],
                       struct trine_error *error) {
  char text[1024];
  struct trine_model *model = NULL;
  struct trine_npz *npz = NULL;
  struct trine_array x = {.data = NULL}, y = {.data = NULL};
  (void)snprintf(text, sizeof text, "%s/%05u.npz", folder, index);
  bool good = trine_npz_open(text, &npz, error) == TRINE_OK &&
              trine_npz_get(npz, "x", &x, error) == TRINE_OK &&
              trine_npz_get(npz, "y", &y, error) == TRINE_OK;
  trine_npz_close(npz);
  (void)snprintf(text, sizeof text, "%s/%05u.tflite", folder, index);
  good = good && trine_model_load(text, &model, error) == TRINE_OK && same(model, &x, &y, error);
  values[index % KINDS] += y.count;
  trine_model_free(model);
  trine_array_free(&x);
  trine_array_free(&y);
  return good;
}

int main(int argc, char **argv) {
  struct trine_error error = {""};
  uint64_t values[KINDS] = {0};
  const bool draw = argc == 5 && strcmp(argv[1], "draw") == 0;
  if (!draw && (argc != 4 || strcmp(argv[1], "check") != 0)) {
    fprintf(stderr, "usage: heads draw FOLDER COUNT NAME | heads check FOLDER COUNT\n");
    return 2;
  }
  if (draw) {
    seed_print();
  }
  const uint32_t count = (uint32_t)strtoul(argv[3], NULL, 10);
  for (uint32_t n = 0; n < count; n++) {
    if (!(draw ? draw_case(argv[2], n, argv[4], &error) : check_case(argv[2], n, values, &error))) {
      fprintf(stderr, "%s/%05u: %s\n", argv[2], n, error.text);
      return 1;
    }
  }
  if (!draw) {
    printf(
        "heads: %u models exact: LOGISTIC %llu values, SOFTMAX %llu, ARG_MAX %llu, networks "
        "%llu, RELU %llu, pairs of bytes %llu, LEAKY_RELU %llu, RSQRT %llu\n",
        count, (unsigned long long)values[0], (unsigned long long)values[1],
        (unsigned long long)values[2], (unsigned long long)values[3], (unsigned long long)values[4],
        (unsigned long long)values[5], (unsigned long long)values[6],
        (unsigned long long)values[7]);
  }
  return count > 0 ? 0 : 1;
}
