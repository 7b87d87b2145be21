/* SPDX-License-Identifier: Apache-2.0 */
/* test_quantize_bound: networks with random weights, in the forms that exporters write them
 * (tests/onnx/set), quantised and run in int8: how far the result is from what onnxruntime, or
 * Keras, computed in float, in units of the last place of the output (LSB).
 *
 * An output is rounded once (0.5 LSB at most); what its layers rounded before, and the table of
 * the activations, come on top. The bound is for one to four layers of a few units, whose errors
 * do not average out: 1 LSB root mean square and 3 LSB for a value. */
#include <check.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/npy.h"
#include "onnx/onnx.h"
#include "quantize/metric.h"
#include "support/seed.h"

#define SET "tests/onnx/set/"
enum { MAX_GRAPHS = 128, NAME_BYTES = 64 };
static const double most_rms = 1.0, most_off = 3.0;
/* Fewer values than this make no range to speak of: their LSB is far below that of h. */
enum { LEAST_VALUES = 4 };

static char graphs[MAX_GRAPHS][NAME_BYTES];
static int graph_count;

/* Every graph with data, in the order of their names. */
static void find_graphs(void) {
  struct dirent **entries = NULL;
  const int count = scandir(SET, &entries, NULL, alphasort);
  for (int n = 0; n < count; n++) {
    const char *name = entries[n]->d_name, *end = strstr(name, "_y.npy");
    const size_t length = end != NULL ? (size_t)(end - name) : 0;
    if (length > 0 && length < NAME_BYTES && graph_count < MAX_GRAPHS) {
      memcpy(graphs[graph_count], name, length);
      graph_count++;
    }
    free(entries[n]);
  }
  free(entries);
}

static bool read_npy(const char *name, const char *which, struct trine_array *array) {
  char path[128];
  struct trine_error error = {""};
  (void)snprintf(path, sizeof path, SET "%s_%s.npy", name, which);
  *array = (struct trine_array){.data = NULL};
  return trine_npy_read(path, array, &error) == TRINE_OK;
}

/* As the file has it, batch first: turned from [T,B,...] where the graph has time in front. */
static float *batch_first(const struct trine_array *array, bool turned) {
  const size_t first = (size_t)array->shape[0];
  const size_t second = array->rank > 1 ? (size_t)array->shape[1] : 1;
  const size_t width = (size_t)(array->count / (first * second));
  float *values = malloc(((size_t)array->count + 1) * sizeof *values);
  ck_assert_ptr_nonnull(values);
  for (size_t n = 0; n < array->count; n++) {
    const size_t a = n / (second * width), b = n / width % second, c = n % width;
    const size_t to = turned ? (b * first + a) * width + c : n;
    values[to] = array->dtype == TRINE_DTYPE_FLOAT32 ? ((float *)array->data)[n]
                                                     : (float)((int64_t *)array->data)[n];
  }
  return values;
}

/* Rows behind a sequence's end are not compared. */
static void compare(const char *name, const struct trine_model_end *end,
                    const struct trine_float_batch *batch, const float *got, const float *wanted,
                    size_t count) {
  const double lsb = end->type == TRINE_DTYPE_INT8 ? (double)end->scale : 1;
  double sum = 0, largest = 0;
  size_t compared = 0;
  for (size_t n = 0; n < count; n++) {
    const size_t row = n / end->width, sequence = row / batch->steps;
    if (end->has_time && batch->lengths != NULL &&
        row % batch->steps >= (size_t)batch->lengths[sequence]) {
      continue;
    }
    const double off = fabs((double)got[n] - (double)wanted[n]) / lsb;
    sum += off * off;
    largest = fmax(largest, off);
    compared++;
  }
  const double rms = sqrt(sum / (double)compared);
  printf("%-28s %5zu values, rms %.2f, largest %.2f LSB of %g\n", name, compared, rms, largest,
         lsb);
  ck_assert_msg(compared < LEAST_VALUES || (rms <= most_rms && largest <= most_off),
                "%s: rms %.2f, largest %.2f LSB", name, rms, largest);
}

START_TEST(test_int8_is_within_the_bound) {
  const char *name = graphs[_i];
  char path[128];
  struct trine_error error = {""};
  struct trine_onnx *onnx = NULL;
  struct trine_array x, y, lengths;
  struct trine_quantized made;
  (void)snprintf(path, sizeof path, SET "%s.onnx", name);
  ck_assert_msg(trine_onnx_load(path, NULL, &onnx, &error) == TRINE_OK, "%s", error.text);
  ck_assert(read_npy(name, "x", &x) && read_npy(name, "y", &y));
  (void)read_npy(name, "len", &lengths);
  const struct trine_float_network *network = trine_onnx_network(onnx);
  const bool turned = network->time_major;
  float *input = batch_first(&x, turned);
  const struct trine_float_batch batch = {.sequences = (uint32_t)x.shape[turned ? 1 : 0],
                                          .steps = (uint32_t)x.shape[turned ? 0 : 1],
                                          .lengths = lengths.data,
                                          .input = input};
  float *wanted = batch_first(&y, turned && network->values[network->outputs[0]].has_time);
  ck_assert_msg(trine_quantize(network, &batch, NULL, &made, &error) == TRINE_OK, "%s: %s", name,
                error.text);
  ck_assert_uint_eq(y.count, trine_float_count(&network->values[network->outputs[0]],
                                               batch.sequences, batch.steps));
  float *got = NULL;
  ck_assert_msg(trine_quantized_output(network, &batch, &made, 0, &got, &error) == TRINE_OK,
                "%s: %s", name, error.text);
  compare(name, &trine_model_info(made.model)->output, &batch, got, wanted, (size_t)y.count);
  free(got);
  free(wanted);
  free(input);
  trine_quantized_free(&made);
  trine_array_free(&x);
  trine_array_free(&y);
  trine_array_free(&lengths);
  trine_onnx_free(onnx);
}
END_TEST

/* ARG_MAX gives one number a row, wider than a byte: labels can be compared with nothing. */
START_TEST(test_labels_of_an_index_are_refused) {
  struct trine_error error = {""};
  struct trine_onnx *onnx = NULL;
  struct trine_array x;
  struct trine_quantized made;
  struct trine_metric metric;
  ck_assert_int_eq(trine_onnx_load(SET "argmax.onnx", NULL, &onnx, &error), TRINE_OK);
  ck_assert(read_npy("argmax", "x", &x));
  const struct trine_float_network *network = trine_onnx_network(onnx);
  float *input = batch_first(&x, network->time_major);
  const struct trine_float_batch batch = {
      .sequences = (uint32_t)x.shape[network->time_major ? 1 : 0],
      .steps = (uint32_t)x.shape[network->time_major ? 0 : 1],
      .input = input};
  int8_t ones[64];
  memset(ones, 1, sizeof ones);
  const struct trine_array labels = {.dtype = TRINE_DTYPE_INT8,
                                     .rank = 1,
                                     .shape = {batch.sequences},
                                     .count = batch.sequences,
                                     .data = ones};
  ck_assert_int_eq(trine_quantize(network, &batch, NULL, &made, &error), TRINE_OK);
  ck_assert_int_eq(trine_quantized_metric(network, &batch, &made, &labels, &metric, &error),
                   TRINE_ERR_ARG);
  ck_assert_msg(strstr(error.text, "The label 1 is outside the 1 values") != NULL, "%s",
                error.text);
  free(input);
  trine_quantized_free(&made);
  trine_array_free(&x);
  trine_onnx_free(onnx);
}
END_TEST

/* A bias of more than 2^31 of its products' smallest steps: the weights' scale makes room for it.
 */
START_TEST(test_a_bias_far_above_its_products_is_kept) {
  const struct trine_float_value values[2] = {{.name = "x", .width = 2}, {.name = "y", .width = 1}};
  const float w[2] = {0.5F, -1.0F}, bias[1] = {5.0F};
  const float x[4] = {_i == 0 ? 1e-12F : 1.1e-9F, 2e-13F, -1e-12F, 0.0F};
  const struct trine_float_node dense = {.op = TRINE_FLOAT_DENSE,
                                         .name = "dense",
                                         .input_count = 1,
                                         .output = 1,
                                         .matrix = {.inputs = 2,
                                                    .units = 1,
                                                    .w = w,
                                                    .bias = bias,
                                                    .out_min = -INFINITY,
                                                    .out_max = INFINITY}};
  const struct trine_float_network network = {.name = "bias",
                                              .value_count = 2,
                                              .values = values,
                                              .node_count = 1,
                                              .nodes = &dense,
                                              .input_count = 1,
                                              .output_count = 1,
                                              .outputs = {1}};
  const struct trine_float_batch batch = {.sequences = 2, .steps = 1, .input = x};
  struct trine_error error = {""};
  struct trine_quantized made;
  float *got = NULL;
  ck_assert_msg(trine_quantize(&network, &batch, NULL, &made, &error) == TRINE_OK, "%s",
                error.text);
  ck_assert_int_eq(trine_quantized_output(&network, &batch, &made, 0, &got, &error), TRINE_OK);
  ck_assert_float_eq_tol(got[0], 5.0F, 0.02F);
  ck_assert_float_eq_tol(got[1], 5.0F, 0.02F);
  free(got);
  trine_quantized_free(&made);
}
END_TEST

int main(void) {
  seed_print();
  find_graphs();
  Suite *suite = suite_create("quantize_bound");
  TCase *tests = tcase_create("graphs");
  tcase_add_loop_test(tests, test_int8_is_within_the_bound, 0, graph_count);
  tcase_add_test(tests, test_labels_of_an_index_are_refused);
  tcase_add_loop_test(tests, test_a_bias_far_above_its_products_is_kept, 0, 2);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  const int run = srunner_ntests_run(runner);
  srunner_free(runner);
  return failed == 0 && run > 30 ? 0 : 1;
}
