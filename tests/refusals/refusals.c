/* SPDX-License-Identifier: Apache-2.0 */
/* refusals: the walk over all sentences that refuse something.
 *
 *   refusals list TABLE FILE...        what was found: file:line, text
 *   refusals form TABLE EXCEPTIONS FILE...
 *                                      exit 1 when one has not the form of form.h and is not
 * excepted refusals covered TABLE SAID TESTS FLOORS FILE... which are provoked by a test: SAID
 * holds what the command said, TESTS names files of tests whose strings are looked for (cover.h);
 * exit 1 below a floor */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cover.h"
#include "form.h"
#include "inventory.h"

static int list(const struct inventory *inventory) {
  for (int n = 0; n < inventory->count; n++) {
    const struct entry *entry = &inventory->entries[n];
    printf("%s:%d\t%s\n", entry->file, entry->line, entry->text);
  }
  return 0;
}

/* Sentences that may differ: `text | reason` a line. */
struct exceptions {
  char *texts[MOST_ENTRIES];
  bool used[MOST_ENTRIES];
  int count;
};

static bool read_exceptions(const char *path, struct exceptions *exceptions) {
  char line[1024];
  FILE *file = fopen(path, "r");
  exceptions->count = 0;
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    char *bar = strstr(line, " | ");
    if (line[0] == '#' || line[0] == '\n') {
      continue;
    }
    if (bar == NULL || bar[3] == '\n' || exceptions->count == MOST_ENTRIES) {
      (void)fprintf(stderr, "%s: an exception needs ` | ` and its reason: %s", path, line);
      (void)fclose(file);
      return false;
    }
    *bar = '\0';
    exceptions->used[exceptions->count] = false;
    exceptions->texts[exceptions->count++] = strdup(line);
  }
  if (file == NULL) {
    (void)fprintf(stderr, "%s cannot be read.\n", path);
    return false;
  }
  (void)fclose(file);
  return true;
}

static bool is_excepted(struct exceptions *exceptions, const char *text) {
  for (int n = 0; n < exceptions->count; n++) {
    if (exceptions->texts[n] != NULL && strcmp(exceptions->texts[n], text) == 0) {
      exceptions->used[n] = true;
      return true;
    }
  }
  return false;
}

static int form(const struct inventory *inventory, const char *path) {
  static struct exceptions exceptions;
  int faults = 0;
  if (!read_exceptions(path, &exceptions)) {
    return 2;
  }
  for (int n = 0; n < inventory->count; n++) {
    const struct entry *entry = &inventory->entries[n];
    const char *fault = form_fault(entry);
    if (fault != NULL && !is_excepted(&exceptions, entry->text)) {
      printf("%s:%d: %s: \"%s\"\n", entry->file, entry->line, fault, entry->text);
      faults++;
    }
  }
  for (int n = 0; n < exceptions.count; n++) {
    if (!exceptions.used[n]) {
      printf("%s: no sentence needs this exception any more: \"%s\"\n", path, exceptions.texts[n]);
      faults++;
    }
    free(exceptions.texts[n]);
  }
  printf("%d sentences, %d excepted, %d faults\n", inventory->count, exceptions.count, faults);
  return faults == 0 && inventory->count > 0 ? 0 : 1;
}

int main(int argc, char **argv) {
  static struct inventory inventory;
  const char *what = argc > 2 ? argv[1] : "";
  int skip;
  if (strcmp(what, "list") == 0) {
    skip = 3;
  } else if (strcmp(what, "form") == 0) {
    skip = 4;
  } else if (strcmp(what, "covered") == 0) {
    skip = 6;
  } else {
    skip = 0;
  }
  if (skip == 0 || argc <= skip) {
    (void)fprintf(stderr, "refusals list|form|covered TABLE ... FILE...\n");
    return 2;
  }
  if (!inventory_read(&inventory, argv[2], argv + skip, argc - skip)) {
    return 2;
  }
  int result;
  if (skip == 3) {
    result = list(&inventory);
  } else if (skip == 4) {
    result = form(&inventory, argv[3]);
  } else {
    result = cover(&inventory, argv[3], argv[4], argv[5]);
  }
  inventory_free(&inventory);
  return result;
}
