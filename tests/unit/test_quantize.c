/* SPDX-License-Identifier: Apache-2.0 */
/* test_quantize: trained networks become int8 with next to nothing lost: calibrated on training
 * data, measured on the test data of tests/models. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/npy.h"
#include "onnx/onnx.h"
#include "quantize/metric.h"
#include "quantize/start.h"
#include "session/session.h"
#include "support/seed.h"

#define MODELS "tests/models/"
#define CALIBRATION "tests/models/onnx/"

static void read_npy(const char *folder, const char *name, struct trine_array *array) {
  char path[128];
  struct trine_error error = {""};
  snprintf(path, sizeof path, "%s%s.npy", folder, name);
  ck_assert_msg(trine_npy_read(path, array, &error) == TRINE_OK, "%s", error.text);
}

static struct trine_onnx *load(const char *name, const struct trine_onnx_cut *cut) {
  char path[128];
  struct trine_error error = {""};
  struct trine_onnx *model = NULL;
  snprintf(path, sizeof path, CALIBRATION "%s.onnx", name);
  ck_assert_msg(trine_onnx_load(path, cut, &model, &error) == TRINE_OK, "%s", error.text);
  return model;
}

/* [B,T] or [B,T,N] as floats. */
static float *as_batch(const struct trine_array *array, struct trine_float_batch *batch) {
  float *values = malloc((size_t)array->count * sizeof *values);
  ck_assert_ptr_nonnull(values);
  for (uint64_t n = 0; n < array->count; n++) {
    values[n] = array->dtype == TRINE_DTYPE_FLOAT32 ? ((float *)array->data)[n]
                                                    : (float)trine_label(array, n);
  }
  *batch = (struct trine_float_batch){
      .sequences = (uint32_t)array->shape[0], .steps = (uint32_t)array->shape[1], .input = values};
  return values;
}

static void quantize(const struct trine_float_network *network,
                     const struct trine_float_batch *batch, bool per_row,
                     struct trine_quantized *made) {
  const struct trine_quantize_options options = {.per_row = per_row};
  struct trine_error error = {""};
  ck_assert_msg(trine_quantize(network, batch, &options, made, &error) == TRINE_OK, "%s",
                error.text);
}

static struct trine_metric measure(const struct trine_float_network *network,
                                   const struct trine_float_batch *batch,
                                   const struct trine_quantized *made,
                                   const struct trine_array *labels) {
  struct trine_error error = {""};
  struct trine_metric metric;
  ck_assert_msg(trine_quantized_metric(network, batch, made, labels, &metric, &error) == TRINE_OK,
                "%s", error.text);
  return metric;
}

/* name, per row or not: vowels and bidi lose at most half a point of accuracy. */
static void check_speakers(const char *name, bool per_row) {
  struct trine_array train, train_lengths, test, lengths, labels;
  struct trine_float_batch calibration, batch;
  struct trine_quantized made;
  struct trine_onnx *model = load(name, NULL);
  const struct trine_float_network *network = trine_onnx_network(model);
  read_npy(CALIBRATION, "vowels_calib", &train);
  read_npy(CALIBRATION, "vowels_calib_len", &train_lengths);
  read_npy(MODELS, "vowels_x", &test);
  read_npy(MODELS, "vowels_len", &lengths);
  read_npy(MODELS, "vowels_y", &labels);
  float *x = as_batch(&train, &calibration), *y = as_batch(&test, &batch);
  calibration.lengths = train_lengths.data;
  batch.lengths = lengths.data;
  quantize(network, &calibration, per_row, &made);
  const struct trine_metric metric = measure(network, &batch, &made, &labels);
  printf("%s%s: accuracy float %.4f, int8 %.4f; the same in %d of %d\n", name,
         per_row ? " (per row)" : "", metric.real.accuracy, metric.int8.accuracy, (int)metric.same,
         (int)metric.rows);
  ck_assert_uint_eq(metric.rows, 370);
  ck_assert(metric.real.accuracy > 0.9);
  ck_assert(metric.int8.accuracy >= metric.real.accuracy - 0.005);
  for (uint32_t n = 0; n < made.layer_count; n++) {
    ck_assert_msg(made.layers[n].snr_db > 35, "%s: %g dB", made.layers[n].name,
                  made.layers[n].snr_db);
  }
  trine_quantized_free(&made);
  free(x);
  free(y);
  trine_array_free(&train);
  trine_array_free(&train_lengths);
  trine_array_free(&test);
  trine_array_free(&lengths);
  trine_array_free(&labels);
  trine_onnx_free(model);
}

START_TEST(test_speakers_lose_half_a_point_at_most) {
  check_speakers("vowels", false);
  check_speakers("bidi", false);
  check_speakers("vowels", true);
}
END_TEST

/* chars and stack4 lose at most 0.01 bit a character. */
static void check_text(const char *name) {
  struct trine_array train, test, labels;
  struct trine_float_batch calibration, batch;
  struct trine_quantized made;
  struct trine_onnx *model = load(name, NULL);
  const struct trine_float_network *network = trine_onnx_network(model);
  read_npy(CALIBRATION, "chars_calib", &train);
  read_npy(MODELS, "chars_x", &test);
  read_npy(MODELS, "chars_y", &labels);
  test.rank = 2; /* one stream */
  test.shape[1] = test.shape[0];
  test.shape[0] = 1;
  float *x = as_batch(&train, &calibration), *y = as_batch(&test, &batch);
  quantize(network, &calibration, false, &made);
  ck_assert_uint_eq(made.tables[0].symbols, 64);
  ck_assert_uint_eq(made.tables[0].width, 32);
  const struct trine_metric metric = measure(network, &batch, &made, &labels);
  printf("%s: bits float %.4f, int8 %.4f; the same in %d of %d\n", name, metric.real.bits,
         metric.int8.bits, (int)metric.same, (int)metric.rows);
  ck_assert_uint_eq(metric.rows, 3072);
  ck_assert(metric.real.bits > 2 && metric.real.bits < 3);
  ck_assert(metric.int8.bits <= metric.real.bits + 0.01);
  trine_quantized_free(&made);
  free(x);
  free(y);
  trine_array_free(&train);
  trine_array_free(&test);
  trine_array_free(&labels);
  trine_onnx_free(model);
}

START_TEST(test_text_loses_a_hundredth_bit_at_most) {
  check_text("chars");
  check_text("stack4");
}
END_TEST

/* Speech probability of a frame from h, as tests/models/README.md has it. */
static float speech(const float *h, const float *weights, float bias) {
  float sum = bias;
  for (int n = 0; n < 128; n++) {
    sum += weights[n] * fmaxf(h[n], 0.0F);
  }
  return 1.0F / (1.0F + expf(-sum));
}

/* The LSTM of Silero VAD, cut out of its file; calibrated on the first half of a recording. */
/* Learned initial states: without them the first steps would be far off. */
START_TEST(test_learned_states_go_beside_the_model) {
  static const char *const graphs[] = {"constant_states", "learned_states"};
  char path[64];
  struct trine_error error = {""};
  struct trine_onnx *onnx = NULL;
  struct trine_array x;
  struct trine_quantized made;
  struct trine_states start;
  (void)snprintf(path, sizeof path, "tests/onnx/set/%s.onnx", graphs[_i]);
  ck_assert_msg(trine_onnx_load(path, NULL, &onnx, &error) == TRINE_OK, "%s", error.text);
  read_npy("tests/onnx/set/", _i == 0 ? "constant_states_x" : "learned_states_x", &x);
  struct trine_float_batch batch = {
      .sequences = (uint32_t)x.shape[0], .steps = (uint32_t)x.shape[1], .input = x.data};
  const struct trine_float_network *network = trine_onnx_network(onnx);
  ck_assert_msg(trine_quantize(network, &batch, NULL, &made, &error) == TRINE_OK, "%s", error.text);
  ck_assert_int_eq(trine_quantized_start(network, made.model, 1, &start, &error), TRINE_OK);
  ck_assert_ptr_nonnull(start.lstm);
  ck_assert(!trine_states_fresh(&start, 0));
  ck_assert_msg(made.layers[0].snr_db > 30, "%s: %.1f dB", graphs[_i], made.layers[0].snr_db);
  trine_states_free(&start);
  trine_quantized_free(&made);
  trine_array_free(&x);
  trine_onnx_free(onnx);
}
END_TEST

START_TEST(test_silero_decides_as_the_float_network) {
  const struct trine_onnx_cut cut = {"/Transpose_output_0", "/recurrent/LSTM_output_0"};
  struct trine_array frames, weights, bias, wanted;
  struct trine_quantized made;
  struct trine_error error = {""};
  struct trine_onnx *model = load("silero_vad_16k_sequence", &cut);
  read_npy(MODELS, "vad_x", &frames);
  read_npy(MODELS, "vad_head_w", &weights);
  read_npy(MODELS, "vad_head_b", &bias);
  read_npy(MODELS, "vad_prob", &wanted);
  const uint32_t steps = (uint32_t)frames.shape[0];
  const struct trine_float_batch half = {.sequences = 1, .steps = steps / 2, .input = frames.data};
  quantize(trine_onnx_network(model), &half, false, &made);
  int8_t *input = NULL;
  ck_assert_int_eq(trine_quantized_input(&made, frames.data, 1, steps, &input, &error), TRINE_OK);
  int8_t *rows = malloc((size_t)steps * 128);
  ck_assert_ptr_nonnull(rows);
  struct trine_session *session = NULL;
  const struct trine_model_batch batch = {
      .sequences = 1, .steps = steps, .input = input, .output = rows};
  ck_assert_int_eq(trine_session_open(made.model, NULL, NULL, &session, &error), TRINE_OK);
  ck_assert_int_eq(trine_session_run(session, &batch, &error), TRINE_OK);
  int same = 0;
  for (uint32_t t = 0; t < steps; t++) {
    float h[128];
    trine_model_dequantize(&trine_model_info(made.model)->output, rows + (size_t)t * 128, 128, h);
    same += (speech(h, weights.data, ((float *)bias.data)[0]) > 0.5F) ==
            (((float *)wanted.data)[t] > 0.5F);
  }
  printf("silero: %d of %u decisions as in float\n", same, steps);
  ck_assert(same >= 0.995 * steps);
  trine_session_close(session);
  trine_quantized_free(&made);
  free(input);
  free(rows);
  trine_array_free(&frames);
  trine_array_free(&weights);
  trine_array_free(&bias);
  trine_array_free(&wanted);
  trine_onnx_free(model);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("quantize");
  TCase *tests = tcase_create("trained");
  tcase_add_test(tests, test_speakers_lose_half_a_point_at_most);
  tcase_add_test(tests, test_text_loses_a_hundredth_bit_at_most);
  tcase_add_loop_test(tests, test_learned_states_go_beside_the_model, 0, 2);
  tcase_add_test(tests, test_silero_decides_as_the_float_network);
  tcase_set_timeout(tests, 240);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
