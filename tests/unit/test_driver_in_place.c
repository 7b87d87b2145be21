/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_in_place: rows in place where memory is mapped: what is copied, cleaned and
 * invalidated, and when. */
#include <check.h>
#include <string.h>

#include "support/checked/watched_bus.h"
#include "trine_regs.h"

enum { STEPS = 9 };

/* Rows of one end of the network: where, how many bytes, and whether they were given in place. */
struct placed_rows {
  uint64_t at, len;
  bool is_here;
};

static struct placed_rows rows_at(const struct runtime_case *made, const int8_t *first,
                                  const struct trine_image_tensor *tensor, bool is_here) {
  return (struct placed_rows){(uint64_t)((const uint8_t *)first - made->fake.memory),
                              (uint64_t)STEPS * tensor->stride, is_here};
}

/* What the bus saw of a run: a copy, or all of the rows, and no others, cleaned before START, and
 * those of the output invalidated after the end was seen. */
static void check_accesses(const struct runtime_case *made, const struct placed_rows *in,
                           const struct placed_rows *out, bool cached) {
  const uint32_t control = 4096 + 4096 * made->run.slot + TRINE_DOMAIN_CONTROL;
  const struct watched_event *event = watched.event;
  uint32_t start = 0, at = 0, cleared = 0;
  ck_assert_uint_eq(watched_count(REG_WRITE, control, 4, &start), 1);
  ck_assert_uint_eq(watched_count(MEM_WRITE, in->at, in->len, &at) == 0, in->is_here);
  ck_assert_uint_eq(watched_count(MEM_READ, out->at, out->len, &at) == 0, out->is_here);
  ck_assert_uint_eq(watched_all(CLEAN), cached ? in->is_here + out->is_here : 0);
  ck_assert_uint_eq(watched_all(INVALIDATE), out->is_here && cached);
  if (in->is_here && cached) {
    ck_assert_uint_eq(watched_count(CLEAN, in->at, in->len, &at), 1);
    ck_assert(event[at].at == in->at && event[at].len == in->len && at < start);
  }
  if (out->is_here && cached) {
    ck_assert_uint_eq(watched_count(CLEAN, out->at, out->len, &at), 1);
    ck_assert(event[at].at == out->at && event[at].len == out->len && at < start);
    ck_assert_uint_eq(watched_count(INVALIDATE, out->at, out->len, &at), 1);
    ck_assert_uint_ge(watched_count(REG_WRITE, TRINE_GLOBAL_IRQ_RAW, 4, &cleared), 2);
    ck_assert(event[at].at == out->at && event[at].len == out->len && at > cleared);
  }
}

/* _i: 0 both in place; 1 the input only; 2 the output only; 3 strides that are not the window's;
 * 4 mapped memory without the hooks for a cache; 5 the input in its place, but its rows packed. */
START_TEST(test_rows_in_place_are_not_copied) {
  struct seed_stream stream = seed_start("in place");
  struct runtime_case made;
  struct driver_batch made_batch;
  watched_create(&made, &stream, TRINE_MODE_HELPER, true);
  if (_i == 4) {
    made.bus.clean = NULL;
    made.bus.invalidate = NULL;
  }
  watched_room(&made, STEPS);
  runtime_open(&made);
  batch_create(&made_batch, &stream, &made.made.network, 1, STEPS, false, false);
  made_batch.lengths[0] = STEPS;
  batch_expect(&made_batch, &made.made.network);
  ck_assert_ptr_null(trine_run_input(&made.run, STEPS + 1));
  ck_assert_ptr_null(trine_run_output(&made.run, 0));
  int8_t *input = trine_run_input(&made.run, STEPS), *output = trine_run_output(&made.run, STEPS);
  ck_assert_ptr_nonnull(input);
  ck_assert_ptr_nonnull(output);
  const struct trine_image_tensor *in = trine_image_tensor(made.image, 0);
  const struct trine_image_tensor *out = trine_image_tensor(made.image, 1);
  struct trine_batch batch = made_batch.batch;
  const bool input_here = _i != 2 && _i != 3 && _i != 5, output_here = _i != 1 && _i != 3;
  if (input_here) {
    for (uint32_t t = 0; t < STEPS; t++) {
      memcpy(input + (size_t)t * in->stride, made_batch.input + (size_t)t * in->part_width[0],
             in->part_width[0]);
    }
    batch.input = input;
    batch.input_step_stride = in->stride;
  }
  if (_i == 5 && in->part_width[0] != in->stride) {
    memcpy(input, made_batch.input, (size_t)STEPS * in->part_width[0]);
    batch.input = input;
  }
  if (output_here) {
    batch.output = output;
    batch.output_step_stride = out->stride;
  }
  watched.count = 0;
  ck_assert_int_eq(trine_run_start(&made.run, &batch), TRINE_OK);
  ck_assert_int_eq(trine_run_wait(&made.run), TRINE_OK);
  const struct placed_rows in_rows = rows_at(&made, input, in, input_here);
  const struct placed_rows out_rows = rows_at(&made, output, out, output_here);
  check_accesses(&made, &in_rows, &out_rows, _i != 4);
  for (uint32_t t = 0; t < STEPS && output_here; t++) {
    memcpy(made_batch.output + (size_t)t * out->part_width[0], output + (size_t)t * out->stride,
           out->part_width[0]);
  }
  batch_compare(&made_batch, &made.made.network, "in place");
  batch_free(&made_batch);
  runtime_free(&made);
}
END_TEST

/* The image at each end of the window, and a multiple of 4 away from it. */
START_TEST(test_an_image_in_its_window_is_refused) {
  struct seed_stream stream = seed_start("overlap");
  struct runtime_case made;
  watched_create(&made, &stream, TRINE_MODE_SINGLE, true);
  runtime_open(&made);
  struct trine_image *image = made.image;
  made.options.window_base = UINT32_C(1) << 16;
  uint8_t *window = made.fake.memory + made.options.window_base;
  const size_t before = (image->bytes + 3) / 4 * 4;
  uint8_t *const places[] = {window - before, window - before + 4, window,
                             window + made.options.window_bytes - 4,
                             window + made.options.window_bytes};
  for (uint32_t n = 0; n < sizeof places / sizeof places[0]; n++) {
    made.image = (struct trine_image *)(void *)places[n];
    memcpy(made.image, image, image->bytes);
    const bool is_good = n == 0 || n == 4;
    ck_assert_int_eq(trine_run_open(&made.run, &made.device, made.image, &made.options),
                     is_good ? TRINE_OK : TRINE_ERR_MEMORY);
    runtime_says(&made, is_good ? TRINE_OK : TRINE_ERR_MEMORY,
                 is_good ? "" : "would overwrite; give one of them another place");
  }
  runtime_says(&made, TRINE_OK, "");
  made.image = image;
  runtime_free(&made);
}
END_TEST

/* An image with a window of its own: nothing is copied there; it is refused in a window that is
 * another's but touches it, and copied to one that does not. */
START_TEST(test_an_image_is_the_beginning_of_its_window) {
  struct seed_stream stream = seed_start("own window");
  struct runtime_case made;
  uint32_t at = 0;
  watched_create(&made, &stream, TRINE_MODE_HELPER, true);
  runtime_compile(&made, TRINE_IMAGE_IN_PLACE);
  runtime_open(&made);
  struct trine_image *image = made.image;
  ck_assert_uint_eq(image->window_at % TRINE_WINDOW_ALIGN, 0);
  const uint64_t base = UINT32_C(1) << 16;
  made.image = (struct trine_image *)(void *)(made.fake.memory + base);
  memcpy(made.image, image, image->bytes);
  watched.count = 0;
  made.options.window_base = base + image->window_at;
  ck_assert_int_eq(trine_run_open(&made.run, &made.device, made.image, &made.options), TRINE_OK);
  ck_assert_uint_eq(watched_all(MEM_WRITE), 0);
  ck_assert_uint_eq(watched_all(CLEAN), 1);
  ck_assert_uint_eq(watched_count(CLEAN, base + image->data_at, image->data_bytes, &at), 1);
  ck_assert_uint_eq(watched.event[at].at, base + image->data_at);
  ck_assert_uint_eq(watched.event[at].len, image->data_bytes);
  made.options.window_base = base + image->window_at - TRINE_WINDOW_ALIGN;
  ck_assert_int_eq(trine_run_open(&made.run, &made.device, made.image, &made.options),
                   TRINE_ERR_MEMORY);
  runtime_says(&made, TRINE_ERR_MEMORY, "would overwrite; give one of them another place");
  made.options.window_base = base + (image->bytes + 4095) / 4096 * 4096;
  watched.count = 0;
  ck_assert_int_eq(trine_run_open(&made.run, &made.device, made.image, &made.options), TRINE_OK);
  ck_assert_uint_gt(watched_all(MEM_WRITE), 0);
  made.image = image;
  runtime_free(&made);
}
END_TEST

START_TEST(test_a_bus_that_maps_nothing_has_no_rows_in_place) {
  struct seed_stream stream = seed_start("in place");
  struct runtime_case made;
  watched_create(&made, &stream, TRINE_MODE_SINGLE, false);
  runtime_open(&made);
  ck_assert_ptr_null(trine_run_input(&made.run, 1));
  ck_assert_ptr_null(trine_run_output(&made.run, 1));
  runtime_free(&made);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("driver_in_place");
  TCase *tests = tcase_create("in place");
  tcase_add_loop_test(tests, test_rows_in_place_are_not_copied, 0, 6);
  tcase_add_test(tests, test_an_image_in_its_window_is_refused);
  tcase_add_test(tests, test_an_image_is_the_beginning_of_its_window);
  tcase_add_test(tests, test_a_bus_that_maps_nothing_has_no_rows_in_place);
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
