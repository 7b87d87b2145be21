/* SPDX-License-Identifier: Apache-2.0 */
/* named: which file is whose, see named.h. */
#include "io/named.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Where the file begins: 0, or behind the name. */
static size_t file_at(const char *given) {
  struct stat found;
  const char *sign = strchr(given, '=');
  return sign == NULL || stat(given, &found) == 0 ? 0 : (size_t)(sign - given) + 1;
}

const char *trine_named_file(const char *given) {
  return given == NULL ? NULL : given + file_at(given);
}

/* "'x', 's'" */
static void list_names(const char *const *names, uint32_t count, char *text, size_t size) {
  size_t used = 0;
  text[0] = '\0';
  for (uint32_t n = 0; n < count && used < size; n++) {
    used += (size_t)snprintf(text + used, size - used, "%s'%.40s'", n == 0 ? "" : ", ", names[n]);
  }
}

/* The name that is before the file, or count. */
static uint32_t find_name(const char *given, size_t length, const char *const *names,
                          uint32_t count) {
  uint32_t n = 0;
  while (n < count && !(strlen(names[n]) == length && memcmp(names[n], given, length) == 0)) {
    n++;
  }
  return n;
}

enum trine_status trine_named_files(const char *what, const char *const *given,
                                    uint32_t given_count, const char *const *names, uint32_t count,
                                    const char **files, struct trine_error *error) {
  char all[240];
  list_names(names, count, all, sizeof all);
  for (uint32_t n = 0; n < count; n++) {
    files[n] = NULL;
  }
  if (count == 1 && given_count > 1) { /* as of every other option the last one counts */
    given += given_count - 1;
    given_count = 1;
  }
  if (given_count > count) {
    trine_error_set(error, "%s was given %u files; the model has %u inputs: %s", what, given_count,
                    count, all);
    return TRINE_ERR_ARG;
  }
  for (uint32_t n = 0; n < given_count; n++) {
    const size_t at = file_at(given[n]);
    const uint32_t name = at == 0 ? count : find_name(given[n], at - 1, names, count);
    if (at > 0 && (name == count || files[name] != NULL)) {
      trine_error_set(error, "%s %.80s names %s; the model's inputs are %s, each once", what,
                      given[n], name == count ? "no input and no file" : "an input twice", all);
      return TRINE_ERR_ARG;
    }
    if (at > 0) {
      files[name] = given[n] + at;
    }
  }
  uint32_t next = 0;
  for (uint32_t n = 0; n < given_count; n++) {
    while (file_at(given[n]) == 0 && files[next] != NULL) {
      next++;
    }
    if (file_at(given[n]) == 0) {
      files[next] = given[n];
    }
  }
  for (uint32_t n = 0; n < count; n++) {
    if (files[n] == NULL) {
      trine_error_set(error,
                      "the model has %u inputs, %s, and '%.40s' has no file; give %s NAME=FILE for "
                      "each",
                      count, all, names[n], what);
      return TRINE_ERR_ARG;
    }
  }
  return TRINE_OK;
}
