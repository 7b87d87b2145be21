/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors: whatever goes wrong in one domain stops that domain, with code, core, operation and
 * address, and nothing else: the domain beside it and the next job on the same cores are exact. */
#include <check.h>
#include <stdlib.h>

#include "errors.h"
#include "support/seed.h"

long errors_number(const char *name, long otherwise) {
  const char *text = getenv(name);
  long number = text != NULL && *text != '\0' ? strtol(text, NULL, 10) : otherwise;
  return number > 0 ? number : 0;
}

int main(void) {
  Suite *suite = suite_create("errors");
  (void)seed_print();
  errors_add_starts(suite);
  errors_add_programs(suite);
  errors_add_memory(suite);
  errors_add_modes(suite);
  errors_add_setup(suite);
  errors_add_turns(suite);
  errors_add_repeats(suite);
  errors_add_ends(suite);
  errors_add_fields(suite);
  errors_add_loaded(suite);
  errors_add_remains(suite);
  errors_add_beside(suite);
  errors_add_forget(suite);
  errors_add_ranks(suite);
  errors_add_apart(suite);
  errors_add_lists(suite);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  int passed = srunner_ntests_run(runner) - failed;
  srunner_free(runner);
  return failed == 0 && passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
