/* SPDX-License-Identifier: Apache-2.0 */
/* test_connect: names of devices and configurations, and what is opened by them. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/config.h"
#include "session/connect.h"
#include "support/seed.h"

static const char *text_of(const char *text) {
  return text != NULL ? text : "NULL";
}

START_TEST(test_names_say_kind_configuration_and_path) {
  static const struct {
    const char *text;
    enum trine_device_kind kind;
    const char *config, *path;
  } names[] = {{"sim", TRINE_DEVICE_SIM, NULL, NULL},
               {"sim:octo", TRINE_DEVICE_SIM, "octo", NULL},
               {"golden", TRINE_DEVICE_GOLDEN, NULL, NULL},
               {"uart:/dev/ttyUSB0", TRINE_DEVICE_UART, NULL, "/dev/ttyUSB0"},
               {"uart::", TRINE_DEVICE_UART, NULL, ":"},
               {"mmio:a:b", TRINE_DEVICE_MMIO, NULL, "a:b"}};
  for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
    struct trine_device_name name;
    struct trine_error error = {""};
    ck_assert_msg(trine_device_name_parse(names[n].text, &name, &error) == TRINE_OK, "%s: %s",
                  names[n].text, error.text);
    ck_assert_int_eq(name.kind, names[n].kind);
    ck_assert_str_eq(text_of(name.config), text_of(names[n].config));
    ck_assert_str_eq(text_of(name.path), text_of(names[n].path));
  }
}
END_TEST

START_TEST(test_what_names_no_device_is_refused_with_all_that_are) {
  static const char *const names[] = {"",     "si",         "simx",    "sim:",  "Sim",
                                      "uart", "uart:",      "mmio",    "mmio:", "golden:",
                                      ":",    "golden:duo", "golden ", "uart.x"};
  struct trine_device_name name;
  struct trine_error error = {""};
  for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
    ck_assert_msg(trine_device_name_parse(names[n], &name, &error) == TRINE_ERR_ARG, "%s",
                  names[n]);
    ck_assert_ptr_nonnull(strstr(error.text, "there are sim, sim:CONFIG, golden, uart:PATH"));
  }
  ck_assert_int_eq(trine_device_name_parse(NULL, &name, NULL), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_device_name_parse("sim:trio", &name, &error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "no configuration 'trio'; there are nano, "));
}
END_TEST

START_TEST(test_every_kind_has_a_name_that_is_read_back) {
  for (int kind = TRINE_DEVICE_SIM; kind <= TRINE_DEVICE_MMIO; kind++) {
    char text[32];
    struct trine_device_name name;
    const char *word = trine_device_kind_name((enum trine_device_kind)kind);
    const bool has_path = kind == TRINE_DEVICE_UART || kind == TRINE_DEVICE_MMIO;
    (void)snprintf(text, sizeof text, "%s%s", word, has_path ? ":x" : "");
    ck_assert_int_eq(trine_device_name_parse(text, &name, NULL), TRINE_OK);
    ck_assert_int_eq(name.kind, kind);
  }
  ck_assert_str_eq(trine_device_kind_name((enum trine_device_kind)7), "none");
}
END_TEST

START_TEST(test_golden_has_no_handle) {
  const struct trine_device_name name = {.kind = TRINE_DEVICE_GOLDEN};
  struct trine_connection *connection = NULL;
  struct trine_error error = {""};
  ck_assert_int_eq(trine_connect(&name, NULL, &connection, &error), TRINE_OK);
  ck_assert_ptr_null(trine_connection_device(connection));
  ck_assert_ptr_null(trine_connection_sim(connection));
  ck_assert_str_eq(trine_connection_config(connection), "golden");
  trine_connection_explain(connection, TRINE_ERR_ARG, &error);
  ck_assert_str_ne(error.text, "");
  trine_disconnect(connection);
  trine_disconnect(NULL);
  ck_assert_str_eq(trine_connection_config(NULL), "none");
}
END_TEST

START_TEST(test_what_cannot_be_opened_says_why) {
  static const struct {
    struct trine_device_name name;
    const char *said;
  } names[] = {{{TRINE_DEVICE_UART, NULL, "build/nowhere"}, "uart:build/nowhere does not answer"},
               {{TRINE_DEVICE_MMIO, NULL, "build/nowhere"}, "mmio:build/nowhere cannot be used"},
               {{TRINE_DEVICE_SIM, "nowhere", NULL}, "libtrine_sim_nowhere.so"}};
  for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
    struct trine_connection *connection = (struct trine_connection *)1;
    struct trine_error error = {""};
    ck_assert_int_lt(trine_connect(&names[n].name, NULL, &connection, &error), TRINE_OK);
    ck_assert_ptr_null(connection);
    ck_assert_msg(strstr(error.text, names[n].said) != NULL, "%s", error.text);
  }
}
END_TEST

START_TEST(test_fields_of_a_configuration_are_changed_within_its_rules) {
  char name[TRINE_CONFIG_MADE_NAME];
  struct trine_config_row made;
  struct trine_target target;
  struct trine_error error = {""};
  const struct trine_config_row *duo = trine_config_find(TRINE_CONFIG_DEFAULT, &error);
  ck_assert_ptr_nonnull(duo);
  ck_assert_ptr_null(trine_config_find(NULL, &error));
  ck_assert_int_eq(trine_config_change(duo, "Cores=8,ContextX=1", name, &made, &error),
                   TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "no field 'ContextX'"));
  ck_assert_int_eq(trine_config_change(duo, "Cores=2x", name, &made, &error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "not 'Cores=2x'"));
  ck_assert_int_eq(trine_config_change(duo, "Cores=99", name, &made, &error), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_config_change(duo, "Cores=8", name, &made, &error), TRINE_OK);
  ck_assert_uint_eq(made.cores, 8);
  ck_assert_str_eq(made.name, "duo with Cores=8");
  ck_assert_int_eq(trine_config_target(&made, &target, &error), TRINE_OK);
  ck_assert_uint_eq(target.info.cores, 8);
  ck_assert_uint_eq(target.info.lanes, duo->lanes);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("connect");
  TCase *names = tcase_create("names");
  tcase_add_test(names, test_names_say_kind_configuration_and_path);
  tcase_add_test(names, test_what_names_no_device_is_refused_with_all_that_are);
  tcase_add_test(names, test_every_kind_has_a_name_that_is_read_back);
  tcase_add_test(names, test_golden_has_no_handle);
  tcase_add_test(names, test_what_cannot_be_opened_says_why);
  tcase_add_test(names, test_fields_of_a_configuration_are_changed_within_its_rules);
  suite_add_tcase(suite, names);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
