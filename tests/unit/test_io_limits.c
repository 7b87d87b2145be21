/* SPDX-License-Identifier: Apache-2.0 */
/* test_io_limits: what a file makes is limited before it is made, pipes are not waited for, arrays
 * that contradict themselves are refused, and names are fit to be shown. */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include "io/file.h"
#include "io/npy.h"
#include "io/npz.h"
#include "io/size.h"
#include "io/text.h"
#include "session/states.h"
#include "support/seed.h"

static char folder[] = "/tmp/trine_test_limits_XXXXXX";
static struct trine_model *model; /* LSTMs of 2 units in a stack */

static void enter(void) {
  ck_assert_int_eq(chdir(folder), 0);
}

/* An archive of .npy entries of zeros, deflated, each of this shape. */
static void write_zeros(const char *path, const char *const *names, int count,
                        enum trine_dtype dtype, uint64_t rows, uint64_t width) {
  int code = 0;
  struct trine_array shape, array = {.dtype = dtype, .rank = 2, .shape = {rows, width}};
  char header[TRINE_NPY_HEADER_ROOM];
  size_t length = 0;
  array.count = rows * width;
  shape = array;
  shape.data = header; /* a header needs no more than that there are data */
  ck_assert_int_eq(trine_npy_header(&shape, header, &length, NULL), TRINE_OK);
  const size_t size = length + (size_t)(array.count * trine_dtype_size(dtype));
  char *bytes = calloc(1, size);
  ck_assert_ptr_nonnull(bytes);
  memcpy(bytes, header, length);
  zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
  ck_assert_ptr_nonnull(zip);
  for (int n = 0; n < count; n++) {
    zip_source_t *source = zip_source_buffer(zip, bytes, size, 0);
    const zip_int64_t index = zip_file_add(zip, names[n], source, ZIP_FL_ENC_UTF_8);
    ck_assert_int_ge(index, 0);
    ck_assert_int_eq(zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_DEFLATE, 1), 0);
  }
  ck_assert_int_eq(zip_close(zip), 0);
  free(bytes);
}

static void expect_closed(const char *path, enum trine_status wanted, const char *words) {
  struct trine_npz *npz = NULL;
  struct trine_error error = {""};
  ck_assert_int_eq(trine_npz_open(path, &npz, &error), wanted);
  ck_assert_ptr_null(npz);
  ck_assert_msg(strstr(error.text, words) != NULL, "no '%s' in: %s", words, error.text);
}

START_TEST(test_all_entries_of_an_archive_together_are_limited_when_it_is_opened) {
  static const char *const names[] = {"h0.npy", "x.npy", "y.npy"};
  struct trine_npz *npz = NULL;
  write_zeros("s.npz", names, 3, TRINE_DTYPE_INT8, 1 << 14, 1 << 10);
  ck_assert_int_eq(trine_npz_open("s.npz", &npz, NULL), TRINE_OK); /* 48 MiB */
  trine_npz_close(npz);
  write_zeros("s.npz", names, 3, TRINE_DTYPE_INT8, 3 << 13, 1 << 10);
  expect_closed("s.npz", TRINE_ERR_FORMAT, "its first 3 entries inflate to more than 67108864");
  ck_assert_int_eq(unlink("s.npz"), 0);
}
END_TEST

START_TEST(test_archives_of_too_many_entries_are_refused) {
  int code = 0;
  zip_t *zip = zip_open("s.npz", ZIP_CREATE, &code);
  ck_assert_ptr_nonnull(zip);
  for (int n = 0; n <= TRINE_NPZ_MAX_ENTRIES; n++) {
    char name[16];
    (void)snprintf(name, sizeof name, "%d", n);
    ck_assert_int_ge(zip_file_add(zip, name, zip_source_buffer(zip, "", 0, 0), 0), 0);
  }
  ck_assert_int_eq(zip_close(zip), 0);
  expect_closed("s.npz", TRINE_ERR_FORMAT, "has 4097 entries; the limit is 4096");
  ck_assert_int_eq(unlink("s.npz"), 0);
}
END_TEST

/* The second entry of the directory takes the place of the first in the file, a size too large. */
START_TEST(test_entries_that_cannot_lie_side_by_side_are_refused) {
  const char *const names[] = {"a", "b"};
  uint64_t shape[] = {4096};
  struct trine_array array;
  ck_assert_int_eq(trine_array_make(&array, TRINE_DTYPE_INT8, 1, shape, NULL), TRINE_OK);
  const struct trine_array both[] = {array, array};
  ck_assert_int_eq(trine_npz_write("s.npz", names, both, 2, NULL), TRINE_OK);
  trine_array_free(&array);
  uint8_t *bytes = NULL;
  size_t size = 0, at = 0;
  ck_assert_int_eq(trine_file_read("s.npz", 1 << 20, &bytes, &size, NULL), TRINE_OK);
  for (size_t n = 0; n + 46 < size; n++) { /* the last entry of the directory */
    at = memcmp(bytes + n, "PK\1\2", 4) == 0 ? n : at;
  }
  bytes[at + 21] = bytes[at + 25] = 0x20; /* both sizes: 0x20xx instead of 0x10xx */
  const struct trine_file_buffer buffer = {bytes, size};
  ck_assert_int_eq(trine_file_replace("s.npz", &buffer, 1, NULL), TRINE_OK);
  expect_closed("s.npz", TRINE_ERR_FORMAT, "cannot lie side by side");
  free(bytes);
  ck_assert_int_eq(unlink("s.npz"), 0);
}
END_TEST

START_TEST(test_a_header_is_read_without_the_data_behind_it) {
  const char *const names[] = {"h0"};
  uint64_t shape[] = {3, 20000};
  struct trine_array array, facts;
  struct trine_error error = {""};
  struct trine_npz *npz = NULL;
  ck_assert_int_eq(trine_array_make(&array, TRINE_DTYPE_INT16, 2, shape, NULL), TRINE_OK);
  ck_assert_int_eq(trine_npz_write("s.npz", names, &array, 1, NULL), TRINE_OK);
  trine_array_free(&array);
  int file = open("s.npz", O_WRONLY); /* breaks the data's checksum */
  ck_assert_int_eq(pwrite(file, "x", 1, 60000), 1);
  ck_assert_int_eq(close(file), 0);
  ck_assert_int_eq(trine_npz_open("s.npz", &npz, NULL), TRINE_OK);
  ck_assert_int_eq(trine_npz_describe(npz, "h0", &facts, NULL), TRINE_OK);
  ck_assert(facts.dtype == TRINE_DTYPE_INT16 && facts.rank == 2 && facts.count == 60000 &&
            facts.shape[0] == 3 && facts.shape[1] == 20000 && facts.data == NULL);
  ck_assert_int_eq(trine_npz_get(npz, "h0", &array, &error), TRINE_ERR_FORMAT);
  ck_assert_ptr_nonnull(strstr(error.text, "s.npz: h0.npy: the data cannot be read: "));
  ck_assert_ptr_null(array.data);
  ck_assert_int_eq(trine_npz_describe(npz, "c0", &facts, NULL), TRINE_ERR_NOT_FOUND);
  ck_assert_int_eq(trine_npz_describe(npz, NULL, &facts, NULL), TRINE_ERR_ARG);
  trine_npz_close(npz);
  ck_assert_int_eq(unlink("s.npz"), 0);
}
END_TEST

/* The shapes of all arrays are looked at before states of any size are made. */
START_TEST(test_states_are_refused_by_their_headers) {
  static const char *const names[] = {"h0.npy", "c0.npy"};
  struct trine_states states;
  struct trine_error error = {""};
  const uint32_t units = trine_model_layer(model, 0)->units;
  write_zeros("s.npz", names + 1, 1, TRINE_DTYPE_INT16, 1, units);
  ck_assert_int_eq(trine_states_read("s.npz", model, &states, &error), TRINE_ERR_FORMAT);
  ck_assert_str_eq(error.text, "s.npz has no array h0; states begin with h0.");
  write_zeros("s.npz", names, 1, TRINE_DTYPE_INT8, 65537, units);
  ck_assert_int_eq(trine_states_read("s.npz", model, &states, &error), TRINE_ERR_FORMAT);
  ck_assert_ptr_nonnull(strstr(error.text, "with 1 to 65536 sequences"));
  ck_assert_uint_eq(states.lstm_count, 0); /* nothing was made */
  write_zeros("s.npz", names, 2, TRINE_DTYPE_INT8, 65536, units);
  ck_assert_int_eq(trine_states_read("s.npz", model, &states, &error), TRINE_ERR_FORMAT);
  ck_assert_ptr_nonnull(strstr(error.text, "c0 is int8"));
  ck_assert_uint_eq(states.lstm_count, 0);
  write_zeros("s.npz", names, 1, TRINE_DTYPE_INT8, 65536, units);
  ck_assert_int_eq(trine_states_read("s.npz", model, &states, &error), TRINE_ERR_FORMAT);
  ck_assert_ptr_nonnull(strstr(error.text, "has no array c0"));
  ck_assert_uint_eq(states.lstm_count, 0);
  ck_assert_int_eq(unlink("s.npz"), 0);
}
END_TEST

START_TEST(test_pipes_are_refused_instead_of_waited_for) {
  struct trine_error error = {""};
  struct trine_array array;
  uint8_t *bytes = NULL;
  size_t size = 0;
  ck_assert_int_eq(mkfifo("pipe", 0600), 0);
  ck_assert_int_eq(trine_npy_read("pipe", &array, &error), TRINE_ERR_FILE);
  ck_assert_str_eq(error.text, "pipe cannot be read: only a regular file can");
  ck_assert_int_eq(trine_file_read("pipe", 100, &bytes, &size, &error), TRINE_ERR_FILE);
  expect_closed("pipe", TRINE_ERR_FILE, "only a regular file can");
  ck_assert_int_eq(unlink("pipe"), 0);
}
END_TEST

START_TEST(test_whole_files_are_read_up_to_their_limit) {
  const struct trine_file_buffer buffer = {"12345", 5};
  struct trine_error error = {""};
  uint8_t *bytes = NULL;
  size_t size = 0;
  ck_assert_int_eq(trine_file_replace("f", &buffer, 1, NULL), TRINE_OK);
  ck_assert_int_eq(trine_file_read("f", 5, &bytes, &size, &error), TRINE_OK);
  ck_assert_uint_eq(size, 5);
  ck_assert_mem_eq(bytes, "12345", 5);
  free(bytes);
  ck_assert_int_eq(trine_file_read("f", 4, &bytes, &size, &error), TRINE_ERR_FORMAT);
  ck_assert_str_eq(error.text, "f has 5 bytes; the limit is 4");
  ck_assert_ptr_null(bytes);
  ck_assert_int_eq(trine_file_read("none", 4, &bytes, &size, &error), TRINE_ERR_NOT_FOUND);
  ck_assert_str_eq(error.text, "none cannot be opened: No such file or directory");
  ck_assert_int_eq(trine_file_read(NULL, 4, &bytes, &size, &error), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_file_replace(NULL, &buffer, 1, &error), TRINE_ERR_ARG);
  ck_assert_int_eq(unlink("f"), 0);
}
END_TEST

START_TEST(test_arrays_that_contradict_themselves_are_not_written) {
  int8_t data[6] = {0};
  char header[TRINE_NPY_HEADER_ROOM];
  size_t length = 0;
  const char *const names[] = {"x"};
  struct trine_error error = {""};
  const struct trine_array good = {TRINE_DTYPE_INT8, 2, {2, 3}, 6, data};
  struct trine_array array = good;
  ck_assert_int_eq(trine_npy_header(&array, header, &length, NULL), TRINE_OK);
  array.count = 7;
  ck_assert_int_eq(trine_npy_header(&array, header, &length, NULL), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_npz_write("x.npz", names, &array, 1, NULL), TRINE_ERR_ARG);
  array = good;
  array.data = NULL;
  ck_assert_int_eq(trine_npy_write("x.npy", &array, &error), TRINE_ERR_ARG);
  ck_assert_str_eq(error.text,
                   "x.npy: an array of type 0, 2 dimensions and 6 values needs data of "
                   "just that size");
  array = good;
  array.rank = TRINE_ARRAY_MAX_RANK + 1;
  ck_assert_int_eq(trine_npy_header(&array, header, &length, NULL), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_npz_write("x.npz", names, NULL, 1, NULL), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_npz_write("x.npz", names, &good, 0, &error), TRINE_ERR_ARG);
  ck_assert_str_eq(error.text, "x.npz: an .npz file needs 1 to 4096 arrays with names, not 0");
  ck_assert_int_eq(trine_npy_parse(NULL, 10, &array, &error), TRINE_ERR_ARG);
  ck_assert_str_eq(error.text, "a .npy file needs bytes, and none of the 10 are given");
  ck_assert_int_eq(trine_array_make(&array, TRINE_DTYPE_INT8, 1, NULL, NULL), TRINE_ERR_ARG);
}
END_TEST

START_TEST(test_counts_of_shapes_do_not_wrap) {
  static const uint64_t wraps[] = {UINT64_C(1) << 32, UINT64_C(1) << 32};
  static const uint64_t beyond[] = {(UINT64_C(1) << 31) + 1, 2}, most[] = {UINT64_C(1) << 31, 2};
  static const uint64_t empty[] = {UINT64_MAX, 0};
  /* What a host of 32 bits cannot address is beyond its limit. */
  const bool wide = SIZE_MAX > UINT32_MAX;
  uint64_t count = 7;
  size_t size = 3;
  ck_assert_int_eq(trine_array_count(TRINE_DTYPE_INT8, 2, wraps, &count, NULL), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_array_count(TRINE_DTYPE_INT8, 2, beyond, &count, NULL), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_array_count(TRINE_DTYPE_INT16, 2, most, &count, NULL), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_array_count(TRINE_DTYPE_INT8, 2, most, &count, NULL),
                   wide ? TRINE_OK : TRINE_ERR_ARG);
  ck_assert(!wide || count == UINT64_C(1) << 32);
  ck_assert_int_eq(trine_array_count(TRINE_DTYPE_INT8, 2, empty, &count, NULL), TRINE_OK);
  ck_assert_uint_eq(count, 0);
  ck_assert(!trine_size_mul(SIZE_MAX / 2 + 1, 2, &size) && size == 3);
  ck_assert(!trine_size_add(SIZE_MAX, 1, &size) && size == 3);
  ck_assert(trine_size_mul(SIZE_MAX / 2, 2, &size) && size == SIZE_MAX - 1);
  ck_assert(trine_size_add(SIZE_MAX - 1, 1, &size) && size == SIZE_MAX);
  ck_assert(trine_size_mul(0, SIZE_MAX, &size) && size == 0);
}
END_TEST

START_TEST(test_texts_lose_controls_and_broken_characters_only) {
  static const struct {
    const char *text, *wanted;
  } cases[] = {{"plain ~ text", "plain ~ text"},
               {"\x1b[31mred\x07\n\r\t\x7f", "?[31mred?????"},
               {"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x99\x82", /* printable: kept */
                "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x99\x82"},
               {"\xc2\x9b"
                "31m\xc2\x80\xc2\xa0",
                "?31m?\xc2\xa0"}, /* C1, as UTF-8 and raw */
               {"\x9b"
                "31m\x80",
                "?31m?"},
               {"\xe2\x80\xae\xe2\x81\xa6\xe2\x80\xa8", "???"}, /* direction, line end */
               {"\xc0\x9b\xe0\x80\x9b", "?????"},               /* too long for what they are */
               {"\xed\xa0\x80\xf4\x90\x80\x80\xff", "????????"},
               {"cut \xe2\x82", "cut ??"},
               {"\xe2\x82z\xf0\x9fz", "??z??z"}};
  for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
    struct trine_error error;
    char text[TRINE_TEXT_ROOM];
    ck_assert_str_eq(trine_text_of(text, sizeof text, cases[n].text), cases[n].wanted);
    trine_error_set(&error, "%s", cases[n].text);
    ck_assert_str_eq(error.text, cases[n].wanted);
    trine_error_set(&error, "x");
    trine_error_prefix(&error, cases[n].text);
    ck_assert_msg(strncmp(error.text, cases[n].wanted, strlen(cases[n].wanted)) == 0, "%s",
                  error.text);
  }
  char text[TRINE_TEXT_ROOM], many[400];
  memset(many, 'a', sizeof many - 1);
  many[sizeof many - 1] = '\0';
  ck_assert_str_eq(trine_text_of(text, 3, "abcdef"), "abc");
  ck_assert_str_eq(trine_text_of(text, 3, NULL), "");
  ck_assert_uint_eq(strlen(trine_text_of(text, 1000, many)), TRINE_TEXT_ROOM - 1);
}
END_TEST

int main(void) {
  struct trine_error error = {""};
  seed_print();
  if (mkdtemp(folder) == NULL ||
      trine_model_load("tests/fuzz/corpus/tflite/two-lstms.tflite", &model, &error) != TRINE_OK) {
    fprintf(stderr, "%s\n", error.text);
    return 1;
  }
  Suite *suite = suite_create("io_limits");
  TCase *tests = tcase_create("limits");
  tcase_add_checked_fixture(tests, enter, NULL);
  tcase_add_test(tests, test_all_entries_of_an_archive_together_are_limited_when_it_is_opened);
  tcase_add_test(tests, test_archives_of_too_many_entries_are_refused);
  tcase_add_test(tests, test_entries_that_cannot_lie_side_by_side_are_refused);
  tcase_add_test(tests, test_a_header_is_read_without_the_data_behind_it);
  tcase_add_test(tests, test_states_are_refused_by_their_headers);
  tcase_add_test(tests, test_pipes_are_refused_instead_of_waited_for);
  tcase_add_test(tests, test_whole_files_are_read_up_to_their_limit);
  tcase_add_test(tests, test_arrays_that_contradict_themselves_are_not_written);
  tcase_add_test(tests, test_counts_of_shapes_do_not_wrap);
  tcase_add_test(tests, test_texts_lose_controls_and_broken_characters_only);
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  trine_model_free(model);
  return failed == 0 && rmdir(folder) == 0 ? 0 : 1;
}
