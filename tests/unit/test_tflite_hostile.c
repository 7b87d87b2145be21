/* SPDX-License-Identifier: Apache-2.0 */
/* test_tflite_hostile: cut and corrupted files are refused or run; they never crash, and a refusal
 * always says something. Meant for the sanitizers. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "model/model.h"
#include "support/hostile.h"
#include "support/random_model.h"

static uint8_t *read_model(const char *name, size_t *len_bytes) {
  char path[80];
  snprintf(path, sizeof path, "tests/models/%s.tflite", name);
  struct trine_error error = {""};
  uint8_t *bytes = NULL;
  ck_assert_msg(trine_file_read(path, 1 << 20, &bytes, len_bytes, &error) == TRINE_OK, "%s",
                error.text);
  return bytes;
}

/* Per cent of the corrupted real model's files that are read: 23 to 26 at seeds 1 to 5. */
enum { LEAST_READ = 15, MOST_READ = 40 };

static const char *const names[] = {"vowels", "chars", "vad", "stack4", "bidi"};

START_TEST(test_cut_files_are_refused) {
  for (int i = 0; i < 5; i++) {
    size_t len_bytes = 0;
    uint8_t *bytes = read_model(names[i], &len_bytes);
    ck_assert(hostile_model(bytes, len_bytes, false));
    /* The container grows backwards, weights last: a cut loses something that is used. */
    for (size_t cut = 0; cut < len_bytes - 16; cut += i == 4 ? 97 : 97 * 41) {
      ck_assert_msg(!hostile_model(bytes, cut, false), "%s cut to %zu bytes", names[i], cut);
    }
    free(bytes);
  }
}
END_TEST

/* Changes `count` bytes or words, mostly to values that mean something in a flatbuffer. */
static void corrupt(struct seed_stream *stream, uint8_t *bytes, size_t len_bytes, int64_t count) {
  static const uint32_t words[] = {0, 1, 4, 0x7fffffff, 0x80000000, 0xffffffff, 0x10000, 16};
  for (int64_t i = 0; i < count; i++) {
    const size_t place = (size_t)seed_uniform(stream, 0, (int64_t)len_bytes - 4);
    if (seed_uniform(stream, 0, 1) == 0) {
      bytes[place] = (uint8_t)seed_uniform(stream, 0, 255);
    } else {
      memcpy(bytes + place, &words[seed_uniform(stream, 0, 7)], 4);
    }
  }
}

/* Of files with 1 to 12 changes somewhere: most changes are of weights, so a good share has to be
 * read all the same, and some not. */
START_TEST(test_corrupted_real_model_never_crashes) {
  enum { ROUNDS = 3000 };
  struct seed_stream stream = seed_start("real");
  size_t len_bytes = 0;
  int accepted = 0;
  uint8_t *bytes = read_model("bidi", &len_bytes);
  uint8_t *copy = malloc(len_bytes);
  ck_assert_ptr_nonnull(copy);
  for (int round = 0; round < ROUNDS; round++) {
    memcpy(copy, bytes, len_bytes);
    corrupt(&stream, copy, len_bytes, seed_uniform(&stream, 1, 12));
    accepted += hostile_model(copy, len_bytes, round % 8 == 0);
  }
  printf("%d of %d corrupted files were read\n", accepted, ROUNDS);
  ck_assert_int_gt(accepted, ROUNDS * LEAST_READ / 100);
  ck_assert_int_lt(accepted, ROUNDS * MOST_READ / 100);
  free(copy);
  free(bytes);
}
END_TEST

START_TEST(test_corrupted_small_models_never_crash) {
  struct seed_stream stream = seed_start("small");
  int accepted = 0;
  for (int round = 0; round < 300; round++) {
    int32_t input = 0, output = 0;
    size_t len_bytes = 0;
    struct tflite_writer *made =
        random_model(&stream, (enum random_family)(round % FAMILY_COUNT), 1, 3, &input, &output);
    const uint8_t *bytes = tflite_writer_bytes(made, input, output, &len_bytes);
    uint8_t *copy = malloc(len_bytes);
    ck_assert_ptr_nonnull(copy);
    for (int i = 0; i < 60; i++) {
      memcpy(copy, bytes, len_bytes);
      corrupt(&stream, copy, len_bytes, seed_uniform(&stream, 1, 3));
      accepted += hostile_model(copy, len_bytes, true);
    }
    free(copy);
    tflite_writer_free(made);
  }
  /* Changes of weights are no errors: some files must have got as far as running. */
  ck_assert_int_gt(accepted, 100);
}
END_TEST

START_TEST(test_files_that_are_no_models_are_refused) {
  struct trine_model *model = NULL;
  struct trine_error error = {""};
  const uint8_t text[] = "This is a text, not a model of any kind.";
  ck_assert(!hostile_model(text, sizeof text, false));
  ck_assert(!hostile_model(text, 0, false));
  ck_assert_int_eq(trine_model_load("tests/models/absent.tflite", &model, &error),
                   TRINE_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(error.text, "absent.tflite"));
  ck_assert_int_eq(trine_model_load("tests/models", &model, &error), TRINE_ERR_FILE);
  ck_assert_int_eq(trine_model_load("tests/models/README.md", &model, &error), TRINE_ERR_FORMAT);
  ck_assert_ptr_nonnull(strstr(error.text, "tests/models/README.md: "));
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("tflite_hostile");
  TCase *tests = tcase_create("hostile");
  tcase_add_test(tests, test_cut_files_are_refused);
  tcase_add_test(tests, test_corrupted_real_model_never_crashes);
  tcase_add_test(tests, test_corrupted_small_models_never_crash);
  tcase_add_test(tests, test_files_that_are_no_models_are_refused);
  tcase_set_timeout(tests, 240);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
