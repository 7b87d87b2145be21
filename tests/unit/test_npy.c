/* SPDX-License-Identifier: Apache-2.0 */
/* test_npy: what numpy writes without being asked to: Fortran order, float64, int64. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/lengths.h"
#include "io/npy.h"
#include "support/seed.h"

enum { FILE_ROOM = 8192, MOST_RANK = 4, MOST_SIDE = 4 };

struct drawn {
  unsigned char bytes[FILE_ROOM];
  size_t data; /* where it begins */
  int type;
  bool fortran;
  uint32_t rank;
  uint64_t shape[MOST_RANK + 1], count;
};

static const char *const types[] = {"|i1", "|u1", "<i2", "<i4", "<i8", "<f4", "<f8"};
static const size_t sizes[] = {1, 1, 2, 4, 8, 4, 8};

static void draw_header(struct seed_stream *stream, struct drawn *drawn) {
  char text[160], dims[80] = "";
  drawn->type = (int)seed_uniform(stream, 0, 6);
  drawn->fortran = seed_uniform(stream, 0, 3) > 0;
  drawn->rank = (uint32_t)seed_uniform(stream, 0, MOST_RANK);
  drawn->count = 1;
  for (uint32_t n = 0; n < drawn->rank; n++) {
    drawn->shape[n] = (uint64_t)seed_uniform(stream, n == 0 ? 0 : 1, MOST_SIDE);
    drawn->count *= drawn->shape[n];
    (void)snprintf(dims + strlen(dims), sizeof dims - strlen(dims), "%d,", (int)drawn->shape[n]);
  }
  const int length =
      snprintf(text, sizeof text, "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }",
               types[drawn->type], drawn->fortran ? "True" : "False", dims);
  memcpy(drawn->bytes, "\x93NUMPY\x01\x00", 8);
  drawn->bytes[8] = (unsigned char)length;
  drawn->bytes[9] = 0;
  memcpy(drawn->bytes + 10, text, (size_t)length);
  drawn->data = 10 + (size_t)length;
}

/* The place in the file of the value at place n of C order: in Fortran order the first index counts
 * fastest. */
static uint64_t place_of(const struct drawn *drawn, uint64_t n) {
  uint64_t place = 0, step = drawn->count;
  if (!drawn->fortran) {
    return n;
  }
  for (uint32_t axis = drawn->rank; axis > 0; axis--) {
    step /= drawn->shape[axis - 1];
    place += n % drawn->shape[axis - 1] * step;
    n /= drawn->shape[axis - 1];
  }
  return place;
}

/* The value at place n of C order is n + 0.5, or n % 100 where it is whole. */
static void draw_data(struct drawn *drawn) {
  for (uint64_t n = 0; n < drawn->count; n++) {
    const size_t size = sizes[drawn->type];
    const double half = (double)n + 0.5;
    const float single = (float)half;
    const int64_t whole = (int64_t)(n % 100);
    const void *value = &whole;
    if (drawn->type == 6) {
      value = &half;
    } else if (drawn->type == 5) {
      value = &single;
    }
    memcpy(drawn->bytes + drawn->data + place_of(drawn, n) * size, value, size);
  }
}

static void compare(const struct drawn *drawn, const struct trine_array *array) {
  ck_assert_uint_eq(array->count, drawn->count);
  ck_assert_int_eq(array->dtype,
                   drawn->type == 6 ? TRINE_DTYPE_FLOAT32 : (enum trine_dtype)drawn->type);
  for (uint64_t n = 0; n < drawn->count; n++) {
    int64_t got = 0;
    if (drawn->type >= 5) {
      ck_assert_msg(((const float *)array->data)[n] == (float)n + 0.5F, "value %d of %s", (int)n,
                    (const char *)drawn->bytes + 10);
      continue;
    }
    memcpy(&got, (const char *)array->data + n * sizes[drawn->type], sizes[drawn->type]);
    ck_assert_msg(got == (int64_t)(n % 100), "value %d of %s is %d", (int)n,
                  (const char *)drawn->bytes + 10, (int)got);
  }
}

START_TEST(test_fortran_order_and_float64_become_c_order_and_float32) {
  struct seed_stream stream = seed_start("orders");
  for (int round = 0; round < 1000; round++) {
    static struct drawn drawn;
    struct trine_array array;
    struct trine_error error = {""};
    memset(&drawn, 0, sizeof drawn);
    draw_header(&stream, &drawn);
    draw_data(&drawn);
    const size_t bytes = drawn.data + (size_t)drawn.count * sizes[drawn.type];
    ck_assert_msg(trine_npy_parse(drawn.bytes, bytes, &array, &error) == TRINE_OK, "%s: %s",
                  (const char *)drawn.bytes + 10, error.text);
    compare(&drawn, &array);
    trine_array_free(&array);
  }
}
END_TEST

static enum trine_status lengths(enum trine_dtype dtype, const int64_t *values, uint64_t count,
                                 uint32_t *sequences, uint32_t *steps, uint32_t **list,
                                 struct trine_error *error) {
  struct trine_array array;
  ck_assert_int_eq(trine_array_make(&array, dtype, 1, &count, NULL), TRINE_OK);
  for (uint64_t n = 0; n < count; n++) {
    if (dtype == TRINE_DTYPE_INT32) {
      ((int32_t *)array.data)[n] = (int32_t)values[n];
    } else if (dtype == TRINE_DTYPE_INT64) {
      ((int64_t *)array.data)[n] = values[n];
    }
  }
  const enum trine_status status = trine_lengths_of("l.npy", &array, sequences, steps, list, error);
  trine_array_free(&array);
  return status;
}

START_TEST(test_lengths_are_int32_or_int64) {
  static const enum trine_dtype whole[] = {TRINE_DTYPE_INT32, TRINE_DTYPE_INT64};
  const int64_t good[] = {3, 1, 7};
  for (size_t n = 0; n < sizeof whole / sizeof whole[0]; n++) {
    uint32_t sequences = 0, steps = 0, *list = NULL;
    struct trine_error error = {""};
    ck_assert_int_eq(lengths(whole[n], good, 3, &sequences, &steps, &list, &error), TRINE_OK);
    ck_assert_uint_eq(sequences, 3);
    ck_assert_uint_eq(steps, 7);
    ck_assert_uint_eq(list[0], 3);
    ck_assert_uint_eq(list[2], 7);
    free(list);
    steps = 6;
    ck_assert_int_eq(lengths(whole[n], good, 3, &sequences, &steps, &list, &error),
                     TRINE_ERR_FORMAT);
    ck_assert_str_eq(error.text, "l.npy: sequence 2 has length 7, outside 1 to 6");
    ck_assert_ptr_null(list);
    sequences = 2;
    ck_assert_int_eq(lengths(whole[n], good, 3, &sequences, &steps, &list, &error),
                     TRINE_ERR_FORMAT);
    ck_assert_str_eq(error.text,
                     whole[n] == TRINE_DTYPE_INT32
                         ? "l.npy holds int32 [3]; the lengths have to be int32 [2], or int64"
                         : "l.npy holds int64 [3]; the lengths have to be int32 [2], or int64");
  }
}
END_TEST

START_TEST(test_lengths_beyond_their_limits_are_refused) {
  const int64_t wrong[][1] = {{0}, {-1}, {INT64_C(1) << 31}, {INT64_C(1) << 32 | 1}, {INT64_MIN}};
  for (size_t n = 0; n < sizeof wrong / sizeof wrong[0]; n++) {
    uint32_t sequences = 0, steps = 0, *list = NULL;
    struct trine_error error = {""};
    ck_assert_int_eq(lengths(TRINE_DTYPE_INT64, wrong[n], 1, &sequences, &steps, &list, &error),
                     TRINE_ERR_FORMAT);
    ck_assert_ptr_nonnull(strstr(error.text, "outside 1 to 2147483647"));
    ck_assert_ptr_null(list);
  }
  uint32_t sequences = 0, steps = 0, *list = NULL;
  struct trine_error error = {""};
  ck_assert_int_eq(lengths(TRINE_DTYPE_FLOAT32, wrong[0], 1, &sequences, &steps, &list, &error),
                   TRINE_ERR_FORMAT);
  ck_assert_ptr_nonnull(strstr(error.text, "B from 1 to 65536"));
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("npy");
  TCase *tests = tcase_create("npy");
  tcase_add_test(tests, test_fortran_order_and_float64_become_c_order_and_float32);
  tcase_add_test(tests, test_lengths_are_int32_or_int64);
  tcase_add_test(tests, test_lengths_beyond_their_limits_are_refused);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
