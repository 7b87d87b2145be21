/* SPDX-License-Identifier: Apache-2.0 */
/* find_chip: see find_chip.h. */
#define _GNU_SOURCE /* dladdr */
#include "sim/find_chip.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The folders that were looked in have to fit into a sentence with the rest. */
enum { LOOKED_BYTES = 340, FOLDERS_UP = 3 };

/* One search: where the path goes, and the folders it was not in. */
struct chip_search {
  const char *config;
  char *path;
  size_t size;
  char looked[LOOKED_BYTES];
  size_t used;
};

/* Cuts the last name off a path; false when none is left. */
static bool parent(char *path) {
  char *slash = strrchr(path, '/');
  if (slash == NULL || slash == path) {
    return false;
  }
  *slash = '\0';
  return true;
}

static bool is_in(struct chip_search *search, const char *folder) {
  const int used =
      snprintf(search->path, search->size, "%s/libtrine_sim_%s.so", folder, search->config);
  if (used > 0 && (size_t)used < search->size && access(search->path, R_OK) == 0) {
    return true;
  }
  if (search->used < sizeof search->looked) {
    search->used +=
        (size_t)snprintf(search->looked + search->used, sizeof search->looked - search->used,
                         "%s%s", search->used == 0 ? "" : ", ", folder);
  }
  return false;
}

/* The same of a folder in another. */
static bool is_within(struct chip_search *search, const char *folder, const char *name) {
  char whole[PATH_MAX];
  const int used = snprintf(whole, sizeof whole, "%s/%s", folder, name);
  return used > 0 && (size_t)used < sizeof whole && is_in(search, whole);
}

/* Beside the program and above it, and where an installed program has the chips. */
static bool is_near_program(struct chip_search *search) {
  char folder[PATH_MAX], above[PATH_MAX] = "";
  const ssize_t length = readlink("/proc/self/exe", folder, sizeof folder - 1);
  if (length <= 0) {
    return false;
  }
  folder[length] = '\0';
  for (int up = 0; up <= FOLDERS_UP && parent(folder); up++) {
    if (is_in(search, folder)) {
      return true;
    }
    if (up == 1) {
      memcpy(above, folder, sizeof above);
    }
  }
  return above[0] != '\0' && is_within(search, above, "lib/trine");
}

/* Beside the shared library; a program that has this code in itself was looked beside already. */
static bool is_near_library(struct chip_search *search) {
  Dl_info facts;
  char folder[PATH_MAX], program[PATH_MAX];
  if (dladdr(&sim_chip_folder, &facts) == 0 || facts.dli_fname == NULL ||
      realpath(facts.dli_fname, folder) == NULL) {
    return false;
  }
  if (realpath("/proc/self/exe", program) != NULL && strcmp(program, folder) == 0) {
    return false;
  }
  return parent(folder) && (is_in(search, folder) || is_within(search, folder, "trine"));
}

enum trine_status sim_find_chip(const char *config, char *path, size_t size,
                                struct trine_error *error) {
  struct chip_search search = {.config = config, .path = path, .size = size};
  const char *named = getenv("TRINE_LIB_DIR");
  if (named != NULL && named[0] != '\0') {
    if (is_in(&search, named)) {
      return TRINE_OK;
    }
    trine_error_set(error,
                    "There is no chip libtrine_sim_%.40s.so in %.100s, which TRINE_LIB_DIR names: "
                    "make build CONFIG=%.40s makes one",
                    config, named, config);
    return TRINE_ERR_NOT_FOUND;
  }
  if (is_near_program(&search) || is_near_library(&search) || is_in(&search, sim_chip_folder)) {
    return TRINE_OK;
  }
  trine_error_set(
      error,
      "Configuration %.30s is not built: make build CONFIG=%.30s, or TRINE_LIB_DIR=folder "
      "(no libtrine_sim_%.30s.so in %s)",
      config, config, config, search.looked);
  return TRINE_ERR_NOT_FOUND;
}
