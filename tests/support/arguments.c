/* SPDX-License-Identifier: Apache-2.0 */
/* arguments: see arguments.h. */
#include "arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct argument *find(const struct argument *known, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(name, known[i].name) == 0) {
      return &known[i];
    }
  }
  return NULL;
}

static bool read_number(const char *program, const char *name, const char *text, long *number) {
  char *end = NULL;
  *number = strtol(text, &end, 10);
  if (*end != '\0' || *number < 1) {
    (void)fprintf(stderr, "%s: %s needs a number from 1 on, not '%s'.\n", program, name, text);
    return false;
  }
  return true;
}

bool arguments_read(const char *program, int argc, char **argv, const struct argument *known,
                    size_t count) {
  for (int n = 1; n < argc; n++) {
    const struct argument *argument = find(known, count, argv[n]);
    if (argument != NULL && argument->flag != NULL) {
      *argument->flag = true;
      continue;
    }
    if (argument == NULL || n + 1 == argc) {
      (void)fprintf(stderr, "%s: %s %s.\n", program, argv[n],
                    argument == NULL ? "is not an option" : "needs a value");
      return false;
    }
    n++;
    if (argument->value != NULL) {
      *argument->value = argv[n];
    } else if (!read_number(program, argument->name, argv[n], argument->number)) {
      return false;
    }
  }
  return true;
}
