/* SPDX-License-Identifier: Apache-2.0 */
/* test_shaped: models of given layers with random weights have these layers, run with gates that
 * neither sleep nor stand at their limits, and are the same for the same seed. */
#include <check.h>
#include <string.h>

#include "quantize/shaped.h"
#include "support/seed.h"

enum { ROUNDS = 40, WIDEST = 40 };

static struct trine_quantized made, again;

static void make(const struct trine_shapes *shapes, struct trine_quantized *to) {
  struct trine_error error = {""};
  ck_assert_msg(trine_shapes_make(shapes, to, &error) == TRINE_OK, "%s", error.text);
}

static struct trine_shapes draw_shapes(struct seed_stream *stream) {
  struct trine_shapes shapes = {.inputs = (uint32_t)seed_uniform(stream, 1, WIDEST),
                                .layer_count = (uint32_t)seed_uniform(stream, 1, 3),
                                .bidirectional = seed_uniform(stream, 0, 1) == 1,
                                .steps = (uint32_t)seed_uniform(stream, 1, 50),
                                .seed = (uint64_t)seed_uniform(stream, 0, 1000000)};
  for (uint32_t n = 0; n < shapes.layer_count; n++) {
    shapes.units[n] = (uint32_t)seed_uniform(stream, 1, WIDEST);
  }
  shapes.dense = seed_uniform(stream, 0, 1) == 0 ? 0 : (uint32_t)seed_uniform(stream, 1, WIDEST);
  return shapes;
}

/* The layers of the file are those that were asked for, and their output is neither 0 nor full. */
static void expect_layers(const struct trine_shapes *shapes) {
  const uint32_t ways = shapes->bidirectional ? 2 : 1;
  const struct trine_model_info *info = trine_model_info(made.model);
  uint32_t width = shapes->inputs;
  uint64_t weights = 0;
  ck_assert_uint_eq(info->default_steps, shapes->steps);
  ck_assert_uint_eq(info->input.width, width);
  ck_assert_uint_eq(info->layer_count, ways * shapes->layer_count + (shapes->dense > 0));
  for (uint32_t n = 0; n < info->layer_count; n++) {
    const struct trine_model_layer *layer = trine_model_layer(made.model, n);
    const bool lstm = n < ways * shapes->layer_count;
    ck_assert_int_eq(layer->kind, lstm ? TRINE_LAYER_LSTM : TRINE_LAYER_DENSE);
    ck_assert_uint_eq(layer->inputs, width);
    ck_assert_uint_eq(layer->units, lstm ? shapes->units[n / ways] : shapes->dense);
    ck_assert_int_eq(layer->reversed, lstm && n % ways == 1);
    ck_assert_msg(made.layers[n].snr_db > 15, "layer %u has %g dB", n, made.layers[n].snr_db);
    ck_assert(made.layers[n].gates_saturated < 0.01);
    weights += layer->weight_bytes;
    width = n % ways == ways - 1 ? ways * layer->units : width;
  }
  ck_assert_uint_eq(info->output.width, shapes->dense > 0 ? shapes->dense : width);
  ck_assert_uint_eq(weights, trine_shapes_weights(shapes));
}

START_TEST(test_random_shapes_become_their_models) {
  struct seed_stream stream = seed_start("shaped");
  for (int n = 0; n < ROUNDS; n++) {
    struct trine_shapes shapes = draw_shapes(&stream);
    make(&shapes, &made);
    expect_layers(&shapes);
    make(&shapes, &again);
    ck_assert_uint_eq(made.len_bytes, again.len_bytes);
    ck_assert_mem_eq(made.bytes, again.bytes, made.len_bytes);
    trine_quantized_free(&again);
    shapes.seed++;
    make(&shapes, &again);
    ck_assert(made.len_bytes != again.len_bytes ||
              memcmp(made.bytes, again.bytes, made.len_bytes) != 0);
    trine_quantized_free(&again);
    trine_quantized_free(&made);
  }
}
END_TEST

START_TEST(test_a_text_is_read_or_refused) {
  static const char *const bad[] = {"",
                                    "40",
                                    "40-",
                                    "-40",
                                    "40--3",
                                    "40-0",
                                    "0-40",
                                    "4-+3",
                                    "40-65536",
                                    "40-x",
                                    "40-3 ",
                                    "4-3-4x",
                                    "a-b",
                                    "1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1",
                                    "40-99999999999999999999999"};
  struct trine_shapes shapes = {.inputs = 0};
  struct trine_error error = {""};
  ck_assert_int_eq(trine_shapes_read("40-96-7", &shapes, &error), TRINE_OK);
  ck_assert_uint_eq(shapes.inputs, 40);
  ck_assert_uint_eq(shapes.layer_count, 2);
  ck_assert_uint_eq(shapes.units[0], 96);
  ck_assert_uint_eq(shapes.units[1], 7);
  ck_assert_int_eq(trine_shapes_read("1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1", &shapes, &error),
                   TRINE_OK);
  ck_assert_uint_eq(shapes.layer_count, TRINE_SHAPED_MAX_LAYERS);
  for (size_t n = 0; n < sizeof bad / sizeof bad[0]; n++) {
    ck_assert_msg(trine_shapes_read(bad[n], &shapes, &error) == TRINE_ERR_ARG, "'%s' is read",
                  bad[n]);
    ck_assert_ptr_nonnull(strstr(error.text, "--layers takes"));
  }
}
END_TEST

START_TEST(test_more_weights_than_the_limit_are_refused) {
  const struct trine_shapes shapes = {
      .inputs = 1, .layer_count = 1, .units = {4096}, .dense = 1, .steps = 1};
  struct trine_error error = {""};
  ck_assert_int_eq(trine_shapes_make(&shapes, &made, &error), TRINE_ERR_LIMIT);
  ck_assert_ptr_nonnull(strstr(error.text, "67129344 weights together; at most 67108864"));
  trine_quantized_free(&made);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("shaped");
  TCase *tests = tcase_create("shaped");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, test_random_shapes_become_their_models);
  tcase_add_test(tests, test_a_text_is_read_or_refused);
  tcase_add_test(tests, test_more_weights_than_the_limit_are_refused);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed != 0;
}
