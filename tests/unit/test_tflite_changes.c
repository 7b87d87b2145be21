/* SPDX-License-Identifier: Apache-2.0 */
/* test_tflite_changes: a real model with a change of known meaning: names may be anything, weights
 * are those of the file, and each number that makes it another model is refused with its sentence.
 * So neither a reader that refuses everything passes, nor one that looks at nothing. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "model/model.h"
#include "support/golden_runner.h"
#include "support/seed.h"

enum { STEPS = 29, INPUTS = 12, OUTPUTS = 9, MAX_BYTES = 1 << 20, CUTS = 500 };

static uint8_t *file, *copy;
static size_t len_bytes;
static struct trine_model *real;
static int8_t input[STEPS * INPUTS], wanted[STEPS * OUTPUTS];

static void run(const struct trine_model *model, int8_t *output) {
  struct trine_error error = {""};
  const struct trine_model_batch batch = {
      .sequences = 1, .steps = STEPS, .input = input, .output = output};
  ck_assert_msg(trine_model_run(model, &batch, golden_runner, NULL, &error) == TRINE_OK, "%s",
                error.text);
}

static void setup(void) {
  struct seed_stream stream = seed_start("changes");
  struct trine_error error = {""};
  ck_assert_msg(
      trine_file_read("tests/models/bidi.tflite", MAX_BYTES, &file, &len_bytes, &error) == TRINE_OK,
      "%s", error.text);
  copy = malloc(len_bytes);
  ck_assert_ptr_nonnull(copy);
  memcpy(copy, file, len_bytes);
  ck_assert_int_eq(trine_model_parse(file, len_bytes, &real, &error), TRINE_OK);
  seed_int8(&stream, input, sizeof input, INT8_MIN, INT8_MAX);
  run(real, wanted);
}

static void teardown(void) {
  trine_model_free(real);
  free(file);
  free(copy);
}

/* The next place of some bytes in the file, from `at` on; len_bytes when there is none. */
static size_t find(const void *what, size_t size, size_t at) {
  while (at + size <= len_bytes && memcmp(file + at, what, size) != 0) {
    at++;
  }
  return at + size <= len_bytes ? at : len_bytes;
}

/* Reads the changed copy: true when its output is the real model's. */
static bool same_output(void) {
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  int8_t got[STEPS * OUTPUTS];
  ck_assert_msg(trine_model_parse(copy, len_bytes, &model, &error) == TRINE_OK, "%s", error.text);
  run(model, got);
  trine_model_free(model);
  return memcmp(got, wanted, sizeof got) == 0;
}

static void expect_status(enum trine_status status, const char *words) {
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  ck_assert_msg(trine_model_parse(copy, len_bytes, &model, &error) == status,
                "not status %d, though %s", (int)status, words);
  ck_assert_msg(strstr(error.text, words) != NULL, "no '%s' in: %s", words, error.text);
  memcpy(copy, file, len_bytes);
}

static void expect_refusal(const char *words) {
  expect_status(TRINE_ERR_UNSUPPORTED, words);
}

/* Puts a float in the place of every one of a value. */
static void replace_float(float old, float now) {
  size_t changed = 0;
  for (size_t at = find(&old, sizeof old, 0); at < len_bytes; at = find(&old, sizeof old, at + 1)) {
    memcpy(copy + at, &now, sizeof now);
    changed++;
  }
  ck_assert_uint_gt(changed, 0);
}

START_TEST(test_every_letter_of_a_name_may_be_any_other) {
  struct seed_stream stream = seed_start("names");
  const struct trine_model_info *info = trine_model_info(real);
  size_t letters = 0;
  for (uint32_t n = 0; n < info->layer_count + 2; n++) {
    const char *name;
    if (n < info->layer_count) {
      name = trine_model_layer(real, n)->name;
    } else if (n == info->layer_count) {
      name = info->input.name;
    } else {
      name = info->output.name;
    }
    const uint32_t length = (uint32_t)strlen(name);
    char word[68];
    memcpy(word, &length, sizeof length); /* its length stands before it */
    memcpy(word + sizeof length, name, length);
    const size_t at = find(word, sizeof length + length, 0);
    ck_assert_uint_lt(at, len_bytes);
    for (uint32_t k = 0; k < length; k++, letters++) {
      copy[at + sizeof length + k] = (uint8_t)seed_uniform(&stream, 1, 255);
    }
    ck_assert_msg(same_output(), "the name %s", name);
  }
  ck_assert_uint_gt(letters, 10);
}
END_TEST

/* The first matrix of every layer; a byte of it is turned round. */
START_TEST(test_weights_are_read_and_are_those_of_the_file) {
  struct seed_stream stream = seed_start("weights");
  int read = 0, changed = 0;
  for (uint32_t n = 0; n < trine_model_info(real)->layer_count; n++) {
    const struct trine_model_layer *layer = trine_model_layer(real, n);
    const size_t size = (size_t)layer->inputs * layer->units;
    const size_t at = find(layer->layer->w[0], size, 0);
    ck_assert_uint_lt(at, len_bytes);
    for (int round = 0; round < 40; round++) {
      const size_t place = at + (size_t)seed_uniform(&stream, 0, (int64_t)size - 1);
      copy[place] = (uint8_t)(copy[place] ^ 0x80);
      changed += !same_output();
      read++;
      copy[place] = file[place];
    }
  }
  printf("%d of %d changed weights changed the output\n", changed, read);
  ck_assert_int_gt(changed * 10, read * 9);
}
END_TEST

START_TEST(test_containers_that_are_broken_are_refused) {
  copy[4] = 'X';
  expect_status(TRINE_ERR_FORMAT, "bytes 4 to 7 have to be TFL3");
  memset(copy, 0xff, 4);
  expect_status(TRINE_ERR_FORMAT, "is truncated or damaged");
  const char *name = trine_model_info(real)->input.name;
  const size_t at = find(name, strlen(name) + 1, 0);
  copy[at + strlen(name)] = 'x'; /* the end of a text */
  expect_status(TRINE_ERR_FORMAT, "is truncated or damaged");
}
END_TEST

START_TEST(test_every_file_that_was_cut_off_is_damaged) {
  struct seed_stream stream = seed_start("cuts");
  for (int round = 0; round < CUTS; round++) {
    struct trine_error error = {""};
    struct trine_model *model = NULL;
    const size_t kept = (size_t)seed_uniform(&stream, 0, (int64_t)len_bytes / 2);
    ck_assert_msg(trine_model_parse(file, kept, &model, &error) == TRINE_ERR_FORMAT,
                  "%zu of %zu bytes: %s", kept, len_bytes, error.text);
    ck_assert_str_ne(error.text, "");
  }
}
END_TEST

START_TEST(test_scales_that_are_none_are_refused) {
  static const struct {
    float scale;
    const char *words;
  } cases[] = {{NAN, "has scale"},
               {INFINITY, "has scale inf, a scale has to be finite and above 0"},
               {0.0F, "has scale 0, a scale has to be finite and above 0"},
               {-1.0F, "has scale -1, a scale has to be finite and above 0"},
               {1e-40F, "of normal numbers"}};
  const float scale = trine_model_info(real)->input.scale;
  for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
    replace_float(scale, cases[n].scale);
    expect_refusal(cases[n].words);
  }
}
END_TEST

START_TEST(test_cells_and_quantisations_that_are_another_model_are_refused) {
  const struct trine_model_layer *lstm = trine_model_layer(real, 0);
  const float cell = ldexpf(1.0F, lstm->layer->cell_exponent);
  replace_float(cell, 1.5F * cell);
  expect_refusal("cell scale of");
  replace_float(cell, 0x1p-30F);
  expect_refusal("it must be 2^k with k in -29..-9");
  replace_float(cell, 0x1p-8F);
  expect_refusal("it must be 2^k with k in -29..-9");
  /* Of h and the tensors of the same scale only one. */
  const size_t at = find(&lstm->output_scale, sizeof(float), 0);
  const float other = lstm->output_scale * 1.25F;
  memcpy(copy + at, &other, sizeof other);
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  if (trine_model_parse(copy, len_bytes, &model, &error) == TRINE_OK) {
    ck_assert(same_output()); /* an intermediate, which nobody reads */
  } else {
    ck_assert_msg(strstr(error.text, "quantisations disagree") != NULL, "%s", error.text);
  }
  trine_model_free(model);
}
END_TEST

START_TEST(test_constants_that_are_too_short_are_refused) {
  const struct trine_model_layer *layer = trine_model_layer(real, 0);
  const uint32_t size = layer->inputs * layer->units;
  const size_t at = find(layer->layer->w[0], size, 0) - sizeof size;
  uint32_t length = 0;
  memcpy(&length, copy + at, sizeof length);
  ck_assert_uint_eq(length, size);
  length--;
  memcpy(copy + at, &length, sizeof length);
  expect_refusal("bytes of data, its shape asks for");
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("tflite_changes");
  TCase *tests = tcase_create("changes");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, test_every_letter_of_a_name_may_be_any_other);
  tcase_add_test(tests, test_weights_are_read_and_are_those_of_the_file);
  tcase_add_test(tests, test_containers_that_are_broken_are_refused);
  tcase_add_test(tests, test_every_file_that_was_cut_off_is_damaged);
  tcase_add_test(tests, test_scales_that_are_none_are_refused);
  tcase_add_test(tests, test_cells_and_quantisations_that_are_another_model_are_refused);
  tcase_add_test(tests, test_constants_that_are_too_short_are_refused);
  tcase_set_timeout(tests, 120);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
