/* SPDX-License-Identifier: Apache-2.0 */
/* test_io: .npy and .npz files go round unchanged, and hostile ones are refused in a sentence. */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file.h"
#include "io/npy.h"
#include "io/npz.h"
#include "support/seed.h"

/* A folder of the test's own; each test runs in it and leaves it empty. */
static char folder[] = "/tmp/trine_test_io_XXXXXX";

static void enter(void) {
  ck_assert_int_eq(chdir(folder), 0);
}

static struct trine_array random_array(struct seed_stream *stream, enum trine_dtype dtype,
                                       uint32_t rank) {
  struct trine_array array;
  uint64_t shape[TRINE_ARRAY_MAX_RANK];
  for (uint32_t n = 0; n < rank; n++) {
    shape[n] = (uint64_t)seed_uniform(stream, 1, rank > 4 ? 3 : 9);
  }
  ck_assert_int_eq(trine_array_make(&array, dtype, rank, shape, NULL), TRINE_OK);
  seed_int8(stream, array.data, (size_t)trine_array_bytes(&array), INT8_MIN, INT8_MAX);
  return array;
}

static void assert_same(const struct trine_array *a, const struct trine_array *b) {
  ck_assert_int_eq(a->dtype, b->dtype);
  ck_assert_uint_eq(a->rank, b->rank);
  ck_assert_mem_eq(a->shape, b->shape, sizeof a->shape);
  ck_assert_uint_eq(a->count, b->count);
  ck_assert_mem_eq(a->data, b->data, (size_t)trine_array_bytes(a));
}

START_TEST(test_npy_goes_round_for_every_type_and_rank) {
  struct seed_stream stream = seed_start("npy");
  for (int dtype = 0; dtype < TRINE_DTYPE_COUNT; dtype++) {
    for (uint32_t rank = 0; rank <= TRINE_ARRAY_MAX_RANK; rank++) {
      struct trine_error error = {""};
      struct trine_array got, array = random_array(&stream, (enum trine_dtype)dtype, rank);
      ck_assert_msg(trine_npy_write("a.npy", &array, &error) == TRINE_OK, "%s", error.text);
      ck_assert_msg(trine_npy_read("a.npy", &got, &error) == TRINE_OK, "%s", error.text);
      assert_same(&array, &got);
      trine_array_free(&array);
      trine_array_free(&got);
    }
  }
  ck_assert_int_eq(unlink("a.npy"), 0);
}
END_TEST

/* The bytes that numpy.save writes for numpy.array([1, -2], numpy.int16). */
START_TEST(test_written_bytes_are_those_of_numpy) {
  uint64_t shape[] = {2};
  struct trine_array array;
  ck_assert_int_eq(trine_array_make(&array, TRINE_DTYPE_INT16, 1, shape, NULL), TRINE_OK);
  char header[TRINE_NPY_HEADER_ROOM];
  size_t length = 0;
  ck_assert_int_eq(trine_npy_header(&array, header, &length, NULL), TRINE_OK);
  static const char want[] =
      "\x93NUMPY\x01\x00v\x00{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }"
      "                                                            \n";
  ck_assert_uint_eq(length, 128);
  ck_assert_uint_eq(sizeof want - 1, 128);
  ck_assert_mem_eq(header, want, 128);
  trine_array_free(&array);
}
END_TEST

enum { FILE_ROOM = 8192 };

/* A .npy of this version and dictionary with data_size bytes of zeros behind it. */
static size_t craft(unsigned char *bytes, unsigned major, const char *text, size_t data_size) {
  size_t length = strlen(text), start = major == 2 ? 12 : 10;
  memset(bytes, 0, FILE_ROOM);
  memcpy(bytes, "\x93NUMPY", 6);
  bytes[6] = (unsigned char)major;
  bytes[8] = (unsigned char)(length & 0xFF);
  bytes[9] = (unsigned char)(length >> 8);
  memcpy(bytes + start, text, length);
  return start + length + data_size;
}

struct crafted {
  const char *text; /* the dictionary */
  size_t data_size;
  const char *reason; /* part of the sentence; NULL: it is read */
};

START_TEST(test_headers_are_read_or_refused_with_their_reason) {
  static const struct crafted cases[] = {
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }\n", 12, NULL},
      {"{\"shape\":(2,3),\"descr\":\"|i1\",\"fortran_order\":False}", 6, NULL},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (), }", 4, NULL},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (0, 99999999999999999999), }", 0, NULL},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", 8, NULL},
      {"{'descr': '>i4', 'fortran_order': False, 'shape': (1,), }", 4, "big-endian"},
      {"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", 8, "'|O' is not read"},
      {"{'descr': '|i2', 'fortran_order': False, 'shape': (1,), }", 2, "'|i2' is not read"},
      {"{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,), }", 4, "plain type"},
      {"{'descr': '<i4', 'fortran_order': True, 'shape': (1,), }", 4, NULL},
      {"{'descr': '<i4', 'fortran_order': 0, 'shape': (1,), }", 4, "to be True or False"},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (3), }", 12, "tuple"},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (-3,), }", 12, "tuple"},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (3", 12, "tuple"},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': 3, }", 12, "to be a tuple"},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1), }", 4, "limit of 8"},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (4,), }", 12, "truncated"},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }", 12, "12 follow"},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (1073741825,), }", 4,
       SIZE_MAX > UINT32_MAX ? "of 4294967296" : "of 2147483647"},
      {"{'descr':'<i4','fortran_order':False,'shape':(4294967296, 4294967296)}", 0, "limit of"},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (18446744073709551617,)}", 4, "limit"},
      {"{'descr': '<i4', 'shape': (1,), }", 4, "needs an entry 'fortran_order'"},
      {"{'descr': '<i4', 'descr': '<i4', 'fortran_order': False, 'shape': ()}", 4, "a second"},
      {"{'descr': '<i4', 'order': False, 'shape': (1,), }", 4, "an unknown entry 'order'"},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (1,), } x", 4, "has to end at character"},
      {"{'descr': '<i4' 'fortran_order': False, 'shape': (1,), }", 4, "has to end at"},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (1,)", 4, "has to end at"},
      {"", 0, "to be a dictionary"}};
  for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
    for (unsigned major = 1; major <= 2; major++) {
      unsigned char bytes[FILE_ROOM];
      struct trine_error error = {""};
      struct trine_array array;
      size_t size = craft(bytes, major, cases[n].text, cases[n].data_size);
      enum trine_status status = trine_npy_parse(bytes, size, &array, &error);
      if (cases[n].reason == NULL) {
        ck_assert_msg(status == TRINE_OK, "%s: %s", cases[n].text, error.text);
      } else {
        ck_assert_msg(status == TRINE_ERR_FORMAT && strstr(error.text, cases[n].reason),
                      "%s: status %d, %s", cases[n].text, (int)status, error.text);
      }
      trine_array_free(&array);
    }
  }
}
END_TEST

START_TEST(test_preambles_are_refused_with_their_reason) {
  unsigned char bytes[FILE_ROOM];
  struct trine_array array;
  struct trine_error error = {""};
  const char *text = "{'descr': '<i4', 'fortran_order': False, 'shape': (1,), }";
  size_t size = craft(bytes, 3, text, 4);
  ck_assert_int_eq(trine_npy_parse(bytes, size, &array, &error), TRINE_ERR_FORMAT);
  ck_assert_ptr_nonnull(strstr(error.text, "format 3.0"));
  size = craft(bytes, 2, text, 4);
  bytes[11] = 0xFF;
  ck_assert_int_eq(trine_npy_parse(bytes, size, &array, &error), TRINE_ERR_FORMAT);
  ck_assert_ptr_nonnull(strstr(error.text, "the limit is 4084"));
  ck_assert_int_eq(trine_npy_parse("PK\3\4 something else", 18, &array, &error), TRINE_ERR_FORMAT);
  ck_assert_ptr_nonnull(strstr(error.text, "no .npy file"));
}
END_TEST

START_TEST(test_every_truncation_and_many_corruptions_are_survived) {
  struct seed_stream stream = seed_start("corrupt");
  unsigned char good[FILE_ROOM];
  struct trine_array array;
  size_t size = craft(good, 1, "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }\n", 12);
  for (size_t cut = 0; cut < size; cut++) {
    struct trine_error error = {""};
    /* A block of its own size, so that the sanitizer sees a read beyond it. */
    unsigned char *bytes = malloc(cut + 1);
    ck_assert_ptr_nonnull(bytes);
    memcpy(bytes + 1, good, cut);
    ck_assert_int_eq(trine_npy_parse(bytes + 1, cut, &array, &error), TRINE_ERR_FORMAT);
    ck_assert_uint_gt(strlen(error.text), 0);
    free(bytes);
  }
  int read = 0;
  for (int n = 0; n < 20000; n++) {
    unsigned char *bytes = malloc(size);
    ck_assert_ptr_nonnull(bytes);
    memcpy(bytes, good, size);
    for (int64_t k = seed_uniform(&stream, 1, 3); k > 0; k--) {
      bytes[seed_uniform(&stream, 0, (int64_t)size - 1)] = (unsigned char)seed_next(&stream);
    }
    if (trine_npy_parse(bytes, size, &array, NULL) == TRINE_OK) {
      ck_assert_uint_le(trine_array_bytes(&array), size);
      trine_array_free(&array);
      read++;
    }
    free(bytes);
  }
  /* The 12 bytes of data may be anything; most of the 70 before them may not. */
  ck_assert_int_gt(read, 600);
  ck_assert_int_lt(read, 10000);
}
END_TEST

START_TEST(test_missing_files_and_folders_are_refused) {
  struct trine_error error = {""};
  struct trine_array array;
  struct trine_npz *npz;
  ck_assert_int_eq(trine_npy_read("none.npy", &array, &error), TRINE_ERR_NOT_FOUND);
  ck_assert_str_eq(error.text, "none.npy cannot be opened: No such file or directory");
  ck_assert_int_eq(trine_npy_read(".", &array, &error), TRINE_ERR_FILE);
  ck_assert_int_eq(trine_npz_open("none.npz", &npz, &error), TRINE_ERR_NOT_FOUND);
  ck_assert_str_eq(error.text, "none.npz cannot be opened: No such file or directory");
}
END_TEST

START_TEST(test_failed_write_leaves_old_file_and_nothing_else) {
  struct trine_file_buffer old = {"old", 3};
  struct trine_error error = {""};
  struct stat facts;
  ck_assert_int_eq(trine_file_replace("out", &old, 1, &error), TRINE_OK);
  /* A limit on the size of files, as a full disk would, stops the write half-way. */
  struct rlimit limit = {1000, RLIM_INFINITY};
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
  ck_assert(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
  char zeros[4096] = {0};
  struct trine_file_buffer much[] = {{"new", 3}, {zeros, sizeof zeros}};
  ck_assert_int_eq(trine_file_replace("out", much, 2, &error), TRINE_ERR_FILE);
  limit.rlim_cur = RLIM_INFINITY;
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
  ck_assert_ptr_nonnull(strstr(error.text, "out cannot be written: "));
  ck_assert_int_eq(stat("out", &facts), 0);
  ck_assert_int_eq(facts.st_size, 3);
  ck_assert_int_eq(unlink("out"), 0);
  /* Only an empty folder can be removed: main does it, and fails if something is left. */
  ck_assert_int_eq(trine_file_replace("no/such/out", &old, 1, &error), TRINE_ERR_NOT_FOUND);
  ck_assert_int_eq(trine_file_replace(".", &old, 1, &error), TRINE_ERR_FILE);
}
END_TEST

START_TEST(test_replaced_file_keeps_its_mode_and_pipes_stay_pipes) {
  struct trine_file_buffer buffer = {"new contents", 12};
  struct stat facts;
  ck_assert_int_eq(trine_file_replace("out", &buffer, 1, NULL), TRINE_OK);
  ck_assert_int_eq(chmod("out", 0640), 0);
  ck_assert_int_eq(trine_file_replace("out", &buffer, 1, NULL), TRINE_OK);
  ck_assert_int_eq(stat("out", &facts), 0);
  ck_assert_int_eq(facts.st_mode & 0777, 0640);
  ck_assert_int_eq(facts.st_size, 12);
  ck_assert_int_eq(unlink("out"), 0);
  /* A pipe of our own stands for all that is not a regular file: a device could be lost here. */
  char got[sizeof "new contents"] = "";
  ck_assert_int_eq(mkfifo("pipe", 0600), 0);
  int reader = open("pipe", O_RDWR | O_NONBLOCK);
  ck_assert_int_ge(reader, 0);
  ck_assert_int_eq(trine_file_replace("pipe", &buffer, 1, NULL), TRINE_OK);
  ck_assert_int_eq(stat("pipe", &facts), 0);
  ck_assert(S_ISFIFO(facts.st_mode));
  ck_assert_int_eq(read(reader, got, sizeof got), 12);
  ck_assert_str_eq(got, "new contents");
  ck_assert_int_eq(close(reader), 0);
  ck_assert_int_eq(unlink("pipe"), 0);
}
END_TEST

START_TEST(test_npz_goes_round_and_refuses_what_is_not_there) {
  struct seed_stream stream = seed_start("npz");
  const char *names[] = {"h0", "c0", "x"};
  struct trine_array got, arrays[] = {random_array(&stream, TRINE_DTYPE_INT8, 2),
                                      random_array(&stream, TRINE_DTYPE_INT16, 2),
                                      random_array(&stream, TRINE_DTYPE_FLOAT32, 0)};
  struct trine_error error = {""};
  struct trine_npz *npz = NULL;
  enum trine_status status = trine_npz_write("s.npz", names, arrays, 3, &error);
  ck_assert_msg(status == TRINE_OK, "%s", error.text);
  status = trine_npz_open("s.npz", &npz, &error);
  ck_assert_msg(status == TRINE_OK, "%s", error.text);
  ck_assert_uint_eq(trine_npz_count(npz), 3);
  ck_assert(trine_npz_has(npz, "c0"));
  ck_assert(!trine_npz_has(npz, "c1"));
  for (int n = 2; n >= 0; n--) {
    status = trine_npz_get(npz, names[n], &got, &error);
    ck_assert_msg(status == TRINE_OK, "%s", error.text);
    assert_same(&arrays[n], &got);
    trine_array_free(&got);
    trine_array_free(&arrays[n]);
  }
  ck_assert_int_eq(trine_npz_get(npz, "c1", &got, &error), TRINE_ERR_NOT_FOUND);
  ck_assert_str_eq(error.text, "s.npz needs an array 'c1', which is not among its 3 entries");
  trine_npz_close(npz);
  ck_assert_int_eq(unlink("s.npz"), 0);
}
END_TEST

START_TEST(test_corrupted_npz_is_refused_or_read_right) {
  struct seed_stream stream = seed_start("npz corrupt");
  const char *names[] = {"h0", "h0"};
  struct trine_array got, array = random_array(&stream, TRINE_DTYPE_INT8, 3);
  struct trine_array twice[] = {array, array};
  ck_assert_int_eq(trine_npz_write("s.npz", names, twice, 2, NULL), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_npz_write("s.npz", names, &array, 1, NULL), TRINE_OK);
  FILE *file = fopen("s.npz", "rb");
  ck_assert_ptr_nonnull(file);
  unsigned char bytes[FILE_ROOM];
  size_t size = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  ck_assert_uint_lt(size, sizeof bytes);
  int read = 0;
  for (int n = 0; n < 500; n++) {
    size_t at = (size_t)seed_uniform(&stream, 0, (int64_t)size - 1);
    size_t kept = seed_uniform(&stream, 0, 3) == 0 ? at : size;
    unsigned char old = bytes[at];
    bytes[at] = (unsigned char)seed_next(&stream);
    struct trine_file_buffer buffer = {bytes, kept};
    struct trine_npz *npz = NULL;
    ck_assert_int_eq(trine_file_replace("s.npz", &buffer, 1, NULL), TRINE_OK);
    if (trine_npz_open("s.npz", &npz, NULL) == TRINE_OK &&
        trine_npz_get(npz, "h0", &got, NULL) == TRINE_OK) {
      assert_same(&array, &got);
      trine_array_free(&got);
      read++;
    }
    trine_npz_close(npz);
    bytes[at] = old;
  }
  /* Times, flags and versions are not looked at, and some changes change nothing. */
  ck_assert_int_gt(read, 10);
  ck_assert_int_lt(read, 400);
  ck_assert_int_eq(unlink("s.npz"), 0);
  trine_array_free(&array);
}
END_TEST

START_TEST(test_error_text_is_cut_and_prefixed) {
  struct trine_error error;
  char shape[32];
  struct trine_array array = {.rank = 3, .shape = {2, 3, 40}};
  trine_error_set(&error, "%0600d", 7);
  ck_assert_uint_eq(strlen(error.text), sizeof error.text - 1);
  trine_error_set(&error, "value %d, limit %d", 9, 8);
  trine_error_prefix(&error, "x.npy");
  ck_assert_str_eq(error.text, "x.npy: value 9, limit 8");
  trine_error_set(NULL, "nobody listens");
  trine_array_shape_text(&array, shape, sizeof shape);
  ck_assert_str_eq(shape, "[2,3,40]");
  trine_array_shape_text(&array, shape, 4);
  ck_assert_uint_lt(strlen(shape), 4);
}
END_TEST

int main(void) {
  seed_print();
  if (mkdtemp(folder) == NULL) {
    return 1;
  }
  Suite *suite = suite_create("io");
  TCase *tests = tcase_create("io");
  tcase_add_checked_fixture(tests, enter, NULL);
  tcase_add_test(tests, test_npy_goes_round_for_every_type_and_rank);
  tcase_add_test(tests, test_written_bytes_are_those_of_numpy);
  tcase_add_test(tests, test_headers_are_read_or_refused_with_their_reason);
  tcase_add_test(tests, test_preambles_are_refused_with_their_reason);
  tcase_add_test(tests, test_every_truncation_and_many_corruptions_are_survived);
  tcase_add_test(tests, test_missing_files_and_folders_are_refused);
  tcase_add_test(tests, test_failed_write_leaves_old_file_and_nothing_else);
  tcase_add_test(tests, test_replaced_file_keeps_its_mode_and_pipes_stay_pipes);
  tcase_add_test(tests, test_npz_goes_round_and_refuses_what_is_not_there);
  tcase_add_test(tests, test_corrupted_npz_is_refused_or_read_right);
  tcase_add_test(tests, test_error_text_is_cut_and_prefixed);
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 && rmdir(folder) == 0 ? 0 : 1;
}
