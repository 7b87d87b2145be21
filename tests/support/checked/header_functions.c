/* SPDX-License-Identifier: Apache-2.0 */
/* header_functions: reads declarations line by line, see header_functions.h. */
#include "support/checked/header_functions.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 64 };

void header_functions_are(const char *path, const char *const *called, uint32_t count) {
  FILE *header = fopen(path, "r");
  ck_assert_ptr_nonnull(header);
  ck_assert(count >= 1 && count <= MOST);
  char line[256];
  bool is_found[MOST] = {false};
  while (fgets(line, sizeof line, header) != NULL) {
    const char *open = strchr(line, '('), *name = open;
    while (open != NULL && name > line &&
           (name[-1] == '_' || (name[-1] >= 'a' && name[-1] <= 'z'))) {
      name--;
    }
    if (open == NULL || strncmp(name, "trine_", 6) != 0 || line[0] == ' ' || line[0] == '/') {
      continue;
    }
    bool is_called = false;
    for (uint32_t n = 0; n < count; n++) {
      const bool is_it = (size_t)(open - name) == strlen(called[n]) &&
                         strncmp(name, called[n], strlen(called[n])) == 0;
      is_called = is_called || is_it;
      is_found[n] = is_found[n] || is_it;
    }
    ck_assert_msg(is_called, "%s has a function that no test gives bad arguments: %s", path, name);
  }
  (void)fclose(header);
  for (uint32_t n = 0; n < count; n++) {
    ck_assert_msg(is_found[n], "%s has no %s", path, called[n]);
  }
}
