/* SPDX-License-Identifier: Apache-2.0 */
/* test_links: an output that is a symbolic link writes the file it leads to and stays a link; a
 * file that is replaced keeps its mode. */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file.h"

/* A folder of the test's own. */
static char folder[] = "/tmp/trine_test_links_XXXXXX";

static void assert_holds(const char *path, const char *text) {
  char got[16] = "";
  FILE *file = fopen(path, "r");
  ck_assert_ptr_nonnull(file);
  ck_assert_uint_lt(fread(got, 1, sizeof got - 1, file), sizeof got);
  ck_assert_int_eq(fclose(file), 0);
  ck_assert_str_eq(got, text);
}

START_TEST(test_links_stay_links_and_what_they_lead_to_is_replaced) {
  struct stat state;
  const struct trine_file_buffer old = {"old", 3};
  const struct trine_file_buffer new = {"new", 3};
  struct trine_error error = {""};
  ck_assert_int_eq(mkdir("there", 0755), 0);
  ck_assert_int_eq(trine_file_replace("there/file", &old, 1, NULL), TRINE_OK);
  ck_assert_int_eq(symlink("file", "there/near"), 0);
  ck_assert_int_eq(symlink("there/near", "far"), 0);
  ck_assert_int_eq(symlink("there/made", "empty"), 0);
  ck_assert_int_eq(symlink("round", "round"), 0);
  ck_assert_int_eq(trine_file_replace("far", &new, 1, NULL), TRINE_OK);
  ck_assert_int_eq(trine_file_replace("empty", &new, 1, NULL), TRINE_OK);
  assert_holds("there/file", "new");
  assert_holds("there/made", "new");
  static const char *const links[] = {"far", "there/near", "empty"};
  for (size_t n = 0; n < sizeof links / sizeof links[0]; n++) {
    ck_assert_int_eq(lstat(links[n], &state), 0);
    ck_assert(S_ISLNK(state.st_mode));
  }
  ck_assert_int_eq(trine_file_replace("round", &new, 1, &error), TRINE_ERR_FILE);
  ck_assert_ptr_nonnull(strstr(error.text, "round"));
  static const char *const made[] = {"far",        "there/near", "there/file",
                                     "there/made", "empty",      "round"};
  for (size_t n = 0; n < sizeof made / sizeof made[0]; n++) {
    ck_assert_int_eq(unlink(made[n]), 0);
  }
  ck_assert_int_eq(rmdir("there"), 0);
}
END_TEST

START_TEST(test_a_file_keeps_its_mode) {
  static const mode_t modes[] = {0600, 0755, 0664};
  const struct trine_file_buffer text = {"text", 4};
  struct stat state;
  ck_assert_int_eq(trine_file_replace("file", &text, 1, NULL), TRINE_OK);
  for (size_t n = 0; n < sizeof modes / sizeof modes[0]; n++) {
    ck_assert_int_eq(chmod("file", modes[n]), 0);
    ck_assert_int_eq(trine_file_replace("file", &text, 1, NULL), TRINE_OK);
    ck_assert_int_eq(stat("file", &state), 0);
    ck_assert_uint_eq(state.st_mode & 07777, modes[n]);
  }
  ck_assert_int_eq(unlink("file"), 0);
}
END_TEST

int main(void) {
  puts("seed none"); /* nothing here is drawn */
  if (mkdtemp(folder) == NULL || chdir(folder) != 0) {
    return EXIT_FAILURE;
  }
  Suite *suite = suite_create("links");
  TCase *tests = tcase_create("links");
  tcase_add_test(tests, test_links_stay_links_and_what_they_lead_to_is_replaced);
  tcase_add_test(tests, test_a_file_keeps_its_mode);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return rmdir(folder) == 0 && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
