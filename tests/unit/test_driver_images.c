/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_images: what the runtime makes of an image that is not as the compiler makes them:
 * refused with its sentence; and damaged ones with a CRC that is right, which are refused or run,
 * and harm nobody either way (under the sanitizers). */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/checked/runtime_case.h"
#include "support/hostile.h"

/* run_open with the image and options as they are now fails so. */
static void open_says(struct runtime_case *made, enum trine_status status, const char *words) {
  ck_assert_int_eq(trine_run_open(&made->run, &made->device, made->image, &made->options), status);
  runtime_says(made, status, words);
}

START_TEST(test_what_open_refuses_is_said) {
  struct seed_stream stream = seed_start("images");
  struct runtime_case made;
  char words[RUNTIME_TEXT];
  runtime_create(&made, &stream, TRINE_MODE_HELPER);
  runtime_open(&made);
  made.image->version++;
  open_says(&made, TRINE_ERR_VERSION,
            "the image has version 5; this runtime runs 4: compile the network again");
  made.image->version--;
  made.image->config_hash ^= 1;
  (void)snprintf(words, sizeof words,
                 "the image is for a configuration with the hash 0x%08x, the device has 0x%08x; "
                 "compile the network for the device's",
                 made.image->config_hash, made.image->config_hash ^ 1);
  open_says(&made, TRINE_ERR_VERSION, words);
  made.image->config_hash ^= 1;
  const uint32_t masks[] = {1, 4, 7};
  for (uint32_t n = 0; n < 3; n++) {
    made.options.core_mask = masks[n];
    (void)snprintf(words, sizeof words, "the core mask 0x%x is to have 2 of the device's 2 cores",
                   masks[n]);
    open_says(&made, TRINE_ERR_ARG, words);
  }
  made.options.core_mask = 3;
  ck_assert_int_eq(trine_run_open(&made.run, &made.device, made.image, &made.options), TRINE_OK);
  runtime_free(&made);
}
END_TEST

START_TEST(test_a_device_of_other_cores_is_said) {
  struct seed_stream stream = seed_start("images");
  const uint32_t cores[] = {0, 17};
  for (uint32_t n = 0; n < 2; n++) {
    struct runtime_case made;
    struct trine_fault fault;
    char text[RUNTIME_TEXT], words[RUNTIME_TEXT];
    runtime_create(&made, &stream, TRINE_MODE_SINGLE);
    made.fake.params.cores = cores[n];
    ck_assert_int_eq(trine_device_open(&made.device, &made.bus, &fault), TRINE_ERR_VERSION);
    trine_fault_text(&fault, NULL, text, sizeof text);
    (void)snprintf(words, sizeof words,
                   "the device's parameter CORES is %u; this driver serves 1 to 16", cores[n]);
    ck_assert_str_eq(text, words);
    made.fake.params.cores = 2;
    runtime_free(&made);
  }
}
END_TEST

/* Without states none is needed; with states, all that trine_image_scratch_bytes says. */
START_TEST(test_scratch_memory_that_lacks_a_byte_is_refused) {
  struct seed_stream stream = seed_start("images");
  struct runtime_case made;
  struct driver_batch batch;
  char words[RUNTIME_TEXT];
  runtime_create(&made, &stream, TRINE_MODE_SINGLE);
  const uint32_t needed = (uint32_t)made.options.scratch_bytes;
  void *scratch = made.options.scratch;
  batch_create(&batch, &stream, &made.made.network, 1, 1, false, true);
  for (uint32_t n = 0; n < 2; n++) {
    made.options.scratch_bytes = n == 0 ? needed - 1 : needed;
    made.options.scratch = n == 0 ? scratch : NULL;
    runtime_open(&made);
    ck_assert_int_eq(trine_run_start(&made.run, &batch.batch), TRINE_ERR_MEMORY);
    (void)snprintf(words, sizeof words,
                   "the run has %u bytes of scratch memory; this batch needs %u", needed - 1 + n,
                   needed);
    runtime_says(&made, TRINE_ERR_MEMORY, words);
  }
  made.options.scratch = scratch;
  batch_free(&batch);
  runtime_free(&made);
}
END_TEST

START_TEST(test_a_program_that_does_not_fit_is_said) {
  struct seed_stream stream = seed_start("images");
  struct runtime_case made;
  struct driver_batch batch;
  runtime_create(&made, &stream, TRINE_MODE_SINGLE);
  made.image->data_bytes = 0;
  made.image->program_bytes = 64;
  hostile_seal_image(made.image, made.image->bytes);
  ck_assert(trine_image_is_valid(made.image, made.image->bytes));
  runtime_open(&made);
  batch_create(&batch, &stream, &made.made.network, 1, 1, false, false);
  ck_assert_int_eq(trine_run_start(&made.run, &batch.batch), TRINE_ERR_MEMORY);
  runtime_says(&made, TRINE_ERR_MEMORY, " words does not fit its 64 bytes");
  runtime_says(&made, TRINE_ERR_MEMORY, "the program of ");
  ck_assert_uint_eq(made.fake.starts, 0);
  batch_free(&batch);
  runtime_free(&made);
}
END_TEST

START_TEST(test_an_image_larger_than_its_memory_is_refused) {
  struct seed_stream stream = seed_start("images");
  struct runtime_case made;
  struct trine_error error;
  char words[RUNTIME_TEXT];
  const struct trine_image *image = NULL;
  runtime_create(&made, &stream, TRINE_MODE_HELPER);
  const size_t bytes = trine_compile_bytes(&made.target, &made.made.network, TRINE_IMAGE_PLAIN);
  void *memory = malloc(bytes);
  ck_assert_ptr_nonnull(memory);
  ck_assert_int_eq(trine_compile(&made.target, &made.made.network, &made.placement,
                                 TRINE_IMAGE_PLAIN, memory, made.image->bytes - 1, &image, &error),
                   TRINE_ERR_MEMORY);
  const size_t needed = strtoul(strstr(error.text, "takes ") + 6, NULL, 10);
  (void)snprintf(words, sizeof words, "the image of the network takes %zu bytes; it was given %u",
                 needed, made.image->bytes - 1);
  ck_assert_str_eq(error.text, words);
  ck_assert_int_eq(trine_compile(&made.target, &made.made.network, &made.placement,
                                 TRINE_IMAGE_PLAIN, memory, needed, &image, &error),
                   TRINE_OK);
  free(memory);
  runtime_free(&made);
}
END_TEST

/* --- Damage --- */

/* Together they would be few bytes again. */
START_TEST(test_more_scratch_memory_than_can_be_counted_is_no_image) {
  struct seed_stream stream = seed_start("images");
  struct runtime_case made;
  runtime_create(&made, &stream, TRINE_MODE_SINGLE);
  uint32_t *const words[] = {&made.image->copy_of_bytes, &made.image->saved_bytes};
  for (uint32_t n = 0; n < 2; n++) {
    const uint32_t before = *words[n];
    *words[n] = UINT32_MAX - 3;
    hostile_seal_image(made.image, made.image->bytes);
    ck_assert(!trine_image_is_valid(made.image, made.image->bytes));
    *words[n] = before;
  }
  hostile_seal_image(made.image, made.image->bytes);
  ck_assert(trine_image_is_valid(made.image, made.image->bytes));
  runtime_free(&made);
}
END_TEST

/* A word of the tables becomes another that is wrong only beside others. */
static void refuses(struct runtime_case *made, const uint32_t *word, uint32_t value) {
  uint32_t *changed = (uint32_t *)word;
  const uint32_t before = *changed;
  *changed = value;
  hostile_seal_image(made->image, made->image->bytes);
  ck_assert(!trine_image_is_valid(made->image, made->image->bytes));
  *changed = before;
  hostile_seal_image(made->image, made->image->bytes);
  ck_assert(trine_image_is_valid(made->image, made->image->bytes));
}

/* The runtime pads from the end of a part to the begin of the next. */
START_TEST(test_parts_that_overlap_are_no_image) {
  struct seed_stream stream = seed_start("images");
  struct runtime_case made;
  runtime_create(&made, &stream, TRINE_MODE_SINGLE);
  case_free(&made.made);
  case_bidirectional(&made.made, &stream, 2, false, false, 12);
  made.placement = (struct trine_placement){.copies = 0};
  const struct trine_shape shape = {.mode = TRINE_MODE_SINGLE, .cores = 1};
  ck_assert_int_eq(
      trine_compile_place(&made.target, &made.made.network, &shape, &made.placement, NULL),
      TRINE_OK);
  runtime_compile(&made, TRINE_IMAGE_PLAIN);
  uint32_t pairs = 0;
  for (uint32_t n = 0; n < made.image->tensor_count; n++) {
    const struct trine_image_tensor *tensor = trine_image_tensor(made.image, n);
    for (uint32_t p = 1; p < tensor->part_count; p++, pairs++) {
      const uint32_t end = tensor->part_offset[p - 1] + tensor->part_width[p - 1];
      refuses(&made, &tensor->part_offset[p], end - 1);
      refuses(&made, &tensor->part_offset[p], 0);
    }
  }
  ck_assert_uint_ge(pairs, 2);
  runtime_free(&made);
}
END_TEST

/* Chains of the first copy come first, all of them, then those of the next. */
START_TEST(test_a_chain_of_another_copy_is_no_image) {
  struct seed_stream stream = seed_start("images");
  struct runtime_case made;
  runtime_create(&made, &stream, TRINE_MODE_SINGLE);
  const struct trine_shape shape = {.mode = TRINE_MODE_SINGLE, .cores = 1, .copies = 2};
  ck_assert_int_eq(
      trine_compile_place(&made.target, &made.made.network, &shape, &made.placement, NULL),
      TRINE_OK);
  runtime_compile(&made, TRINE_IMAGE_PLAIN);
  ck_assert_uint_eq(made.image->copies, 2);
  for (uint32_t n = 0; n < trine_image_chains(made.image); n++) {
    const struct trine_image_chain *chain = trine_image_chain(made.image, n);
    refuses(&made, &chain->copy, 1 - chain->copy);
  }
  runtime_free(&made);
}
END_TEST

/* One of the words before the data becomes another: of the head, which decides most, of the tables,
 * of what the states of layers are cut into, or any. `good` is the image without damage. */
static void damage(struct trine_image *image, const struct trine_image *good,
                   struct seed_stream *stream) {
  uint32_t *words = (uint32_t *)(void *)image;
  const uint32_t first = offsetof(struct trine_image, config_hash) / 4 + 1;
  const uint32_t end_of_tables = good->window_at != 0 ? good->window_at : good->data_at;
  const uint32_t head = (uint32_t)sizeof *image / 4, count = end_of_tables / 4;
  const uint32_t slices = good->words_at / 4 + trine_image_state(good, 0)->slices;
  const uint32_t slice_words = good->ranks * (uint32_t)sizeof(struct trine_image_slice) / 4;
  const uint32_t ends[][2] = {
      {first, head}, {head, good->words_at / 4}, {slices, slices + slice_words}, {first, count}};
  const uint32_t *end = ends[seed_uniform(stream, 0, 3)];
  uint32_t *word = &words[seed_uniform(stream, end[0], end[1] - 1)];
  switch (seed_uniform(stream, 0, 6)) {
    case 0:
      *word ^= UINT32_C(1) << seed_uniform(stream, 0, 31);
      break;
    case 1:
      *word += (uint32_t)seed_uniform(stream, -8, 8);
      break;
    case 2:
      *word = (uint32_t)seed_uniform(stream, 0, 20);
      break;
    case 3:
      *word = UINT32_MAX - (uint32_t)seed_uniform(stream, 0, 4100);
      break;
    case 4:
      *word = words[seed_uniform(stream, first, count - 1)];
      break;
    case 5:
      *word = (uint32_t)seed_log_uniform(stream, 1, INT32_MAX);
      break;
    default:
      *word = (uint32_t)seed_next(stream);
      break;
  }
}

/* _i: of modes, and from 4 on of modes with images that have a window of their own. */
START_TEST(test_damaged_images_are_refused_or_run) {
  struct seed_stream stream = seed_start("damaged images");
  const char *wanted = getenv("TRINE_IMAGE_ROUNDS");
  const long rounds = wanted != NULL ? strtol(wanted, NULL, 10) : 2000;
  const enum trine_mode modes[] = {TRINE_MODE_SINGLE, TRINE_MODE_MULTITHREADING, TRINE_MODE_HELPER,
                                   TRINE_MODE_HYBRID};
  struct runtime_case made;
  runtime_create(&made, &stream, modes[_i % 4]);
  if (_i >= 4) {
    runtime_compile(&made, TRINE_IMAGE_IN_PLACE);
  }
  hostile_idle_bus(&made.bus);
  runtime_open(&made);
  const uint32_t bytes = made.image->bytes;
  struct trine_image *good = malloc(bytes);
  ck_assert_ptr_nonnull(good);
  memcpy(good, made.image, bytes);
  long accepted = 0, run = 0;
  for (long n = 0; n < rounds; n++) {
    memcpy(made.image, good, bytes);
    for (int64_t left = seed_uniform(&stream, 1, 2); left > 0; left--) {
      damage(made.image, good, &stream);
    }
    hostile_seal_image(made.image, bytes);
    if (trine_image_is_valid(made.image, bytes)) {
      accepted++;
      const bool with_states = seed_uniform(&stream, 0, 2) > 0;
      const uint32_t more = (uint32_t)seed_uniform(&stream, 0, 300);
      run += hostile_run_image(&made.device, made.image, with_states, more);
    }
  }
  printf("case %d: %ld damaged images, %ld whole, %ld run\n", _i, rounds, accepted, run);
  (void)fflush(stdout);
  ck_assert_int_gt(run, rounds / 20);
  ck_assert_int_lt(accepted, rounds);
  free(good);
  runtime_free(&made);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("driver_images");
  TCase *tests = tcase_create("images");
  tcase_add_test(tests, test_what_open_refuses_is_said);
  tcase_add_test(tests, test_a_device_of_other_cores_is_said);
  tcase_add_test(tests, test_scratch_memory_that_lacks_a_byte_is_refused);
  tcase_add_test(tests, test_a_program_that_does_not_fit_is_said);
  tcase_add_test(tests, test_an_image_larger_than_its_memory_is_refused);
  tcase_add_test(tests, test_more_scratch_memory_than_can_be_counted_is_no_image);
  tcase_add_test(tests, test_parts_that_overlap_are_no_image);
  tcase_add_test(tests, test_a_chain_of_another_copy_is_no_image);
  tcase_add_loop_test(tests, test_damaged_images_are_refused_or_run, 0, 6);
  tcase_set_timeout(tests, 600);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
