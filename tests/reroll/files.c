/* SPDX-License-Identifier: Apache-2.0 */
/* files: .tflite or .onnx files of floats in a folder, each with data and what TensorFlow Lite or
 * onnxruntime made of them:
 * what is found in each, and how far it is off; as rows of a table.
 *
 * Call: reroll-files FOLDER ...; files named refused_* have to be refused, part_* to be refused
 * with a part that can be read, all others to be read and right. */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/reroll.h"
#include "io/npy.h"

enum { MAX_NAMES = 1024, PATH = 512, NAME = 128 };

/* Rounding; and for weights of int8, with which TensorFlow Lite rounds activations too. */
static const double close_enough = 1e-4, close_hybrid = 2e-2;

struct file_totals {
  uint32_t files, read, refused, wrong;
};

static float *as_floats(const struct trine_array *array) {
  float *made = calloc((size_t)array->count + 1, sizeof *made);
  for (uint64_t n = 0; made != NULL && n < array->count; n++) {
    if (array->dtype == TRINE_DTYPE_FLOAT32) {
      made[n] = ((float *)array->data)[n];
    } else if (array->dtype == TRINE_DTYPE_INT32) {
      made[n] = (float)((int32_t *)array->data)[n];
    } else {
      made[n] = (float)((int64_t *)array->data)[n];
    }
  }
  return made;
}

/* [B,F,T] as [B,T,F]. */
static float *as_turned(const struct trine_array *array, uint32_t steps, uint32_t width) {
  float *rows = as_floats(array);
  float *made = calloc((size_t)array->count + 1, sizeof *made);
  for (uint64_t n = 0; rows != NULL && made != NULL && n < array->count; n++) {
    const uint64_t f = n % width, t = n / width % steps, b = n / width / steps;
    made[n] = rows[(b * width + f) * steps + t];
  }
  free(rows);
  return made;
}

static bool read_array(const char *folder, const char *name, const char *which,
                       struct trine_array *array, struct trine_error *error) {
  char path[PATH];
  (void)snprintf(path, sizeof path, "%s/%s_%s.npy", folder, name, which);
  return trine_npy_read(path, array, error) == TRINE_OK;
}

enum { MAX_GIVEN = TRINE_FLOAT_MAX_GIVEN };

/* The inputs beside the first: NAME_x2.npy, ...; as many as the network has. */
static bool read_others(const char *folder, const char *name, uint32_t count, float **others,
                        struct trine_error *error) {
  bool good = true;
  for (uint32_t n = 1; n < count && good; n++) {
    char which[16];
    struct trine_array array = {.data = NULL};
    (void)snprintf(which, sizeof which, "x%u", n + 1);
    good = read_array(folder, name, which, &array, error);
    others[n - 1] = good ? as_floats(&array) : NULL;
    trine_array_free(&array);
  }
  return good;
}

/* The largest of the outputs, at least 1. */
static double largest_of(const struct trine_array *y) {
  double largest = 1;
  for (uint64_t n = 0; n < y->count && y->dtype == TRINE_DTYPE_FLOAT32; n++) {
    largest = fmax(largest, fabs((double)((const float *)y->data)[n]));
  }
  return largest;
}

/* The largest difference from what is expected; INFINITY with the error set. */
static double distance(const struct trine_reroll *model, const struct trine_array *x,
                       const struct trine_array *y, float *const *others,
                       struct trine_error *error) {
  const struct trine_float_network *network = trine_reroll_network(model);
  const uint32_t width = network->values[network->inputs[0]].width;
  const struct trine_reroll_input first = trine_reroll_input(model, 0);
  const uint32_t own = (uint32_t)(x->count / x->shape[0] / width);
  float *rows = first.is_turned ? as_turned(x, own, width) : as_floats(x);
  float *wanted = as_floats(y);
  float **values = calloc(network->value_count, sizeof *values);
  struct trine_reroll_agreement agreement;
  double worst = INFINITY;
  const struct trine_float_batch batch = {.sequences = (uint32_t)x->shape[0],
                                          .steps = first.is_row ? first.steps : own,
                                          .input = rows,
                                          .more_inputs = (const float *const *)others};
  if (rows != NULL && wanted != NULL && values != NULL &&
      trine_reroll_check(model, &batch, &agreement, error) == TRINE_OK &&
      trine_float_run(network, &batch, values, error) == TRINE_OK) {
    const size_t count =
        trine_float_count(&network->values[network->outputs[0]], batch.sequences, batch.steps);
    worst = count == y->count ? 0 : INFINITY;
    for (size_t n = 0; n < count && count == y->count; n++) {
      worst = fmax(worst, fabs((double)values[network->outputs[0]][n] - (double)wanted[n]));
    }
  }
  trine_float_values_free(network, values);
  free(values);
  free(rows);
  free(wanted);
  return worst;
}

static bool is_hybrid(const struct trine_reroll *model) {
  bool hybrid = false;
  for (uint32_t n = 0; trine_reroll_note(model, n) != NULL; n++) {
    hybrid = hybrid || strstr(trine_reroll_note(model, n), "int8") != NULL;
  }
  return hybrid;
}

static bool show_read(const char *folder, const char *name, const struct trine_reroll *model,
                      bool may) {
  struct trine_error error = {""};
  struct trine_array x = {.data = NULL}, y = {.data = NULL};
  float *others[MAX_GIVEN] = {NULL};
  double worst = INFINITY;
  if (read_array(folder, name, "x", &x, &error) && read_array(folder, name, "y", &y, &error) &&
      read_others(folder, name, trine_reroll_network(model)->input_count, others, &error)) {
    worst = distance(model, &x, &y, others, &error);
  }
  for (uint32_t n = 0; n < MAX_GIVEN; n++) {
    free(others[n]);
  }
  const double share = is_hybrid(model) ? close_hybrid * largest_of(&y) : close_enough;
  const bool good = may && worst <= share;
  printf("| %s | ", name);
  for (uint32_t n = 0; trine_reroll_note(model, n) != NULL; n++) {
    printf("%s%s", n == 0 ? "" : "; ", trine_reroll_note(model, n));
  }
  printf("%s | %.1g%s%s |\n", trine_reroll_note(model, 0) == NULL ? "whole layers" : "", worst,
         good ? "" : " WRONG ", error.text);
  trine_array_free(&x);
  trine_array_free(&y);
  return good;
}

/* What a name ends with, or NULL. */
static const char *end_of(const char *name) {
  const char *dot = strrchr(name, '.');
  return dot != NULL && (strcmp(dot, ".tflite") == 0 || strcmp(dot, ".onnx") == 0) ? dot : NULL;
}

/* What stands in quotes behind an option in a sentence; NULL: it is not there. */
static const char *quoted(const char *text, const char *option, char room[NAME]) {
  const char *at = strstr(text, option);
  const char *end = at == NULL ? NULL : strchr(at + strlen(option), '\'');
  if (end == NULL || end - at >= NAME) {
    return NULL;
  }
  memset(room, 0, NAME);
  memcpy(room, at + strlen(option), (size_t)(end - at) - strlen(option));
  return room;
}

static enum trine_status load(const char *path, const struct trine_onnx_cut *cut,
                              struct trine_reroll **model, struct trine_error *error) {
  return strcmp(end_of(path), ".onnx") == 0 ? trine_reroll_load_onnx_part(path, cut, model, error)
                                            : trine_reroll_load(path, cut, model, error);
}

/* Whether the part that a refusal names can be read. */
static bool part_is_read(const char *path, const char *text) {
  char input[NAME], output[NAME];
  struct trine_reroll *model = NULL;
  struct trine_error error;
  const struct trine_onnx_cut cut = {quoted(text, " --inputs '", input),
                                     quoted(text, " --outputs '", output)};
  const bool good =
      (cut.inputs != NULL || cut.outputs != NULL) && load(path, &cut, &model, &error) == TRINE_OK;
  trine_reroll_free(model);
  return good;
}

static void show(const char *folder, const char *file, struct file_totals *totals) {
  char name[NAME] = {0};
  memcpy(name, file, (size_t)(end_of(file) - file));
  char path[PATH];
  struct trine_error error = {""};
  struct trine_reroll *model = NULL;
  const bool is_part = strncmp(name, "part_", 5) == 0;
  const bool may = strncmp(name, "refused_", 8) != 0 && !is_part;
  (void)snprintf(path, sizeof path, "%s/%s", folder, file);
  const enum trine_status status = load(path, NULL, &model, &error);
  totals->files++;
  if (status == TRINE_OK) {
    totals->read++;
    totals->wrong += !show_read(folder, name, model, may);
  } else {
    const size_t lead = strlen(path) + 2;
    const bool good = is_part ? part_is_read(path, error.text) : !may;
    totals->refused++;
    totals->wrong += !good;
    printf("| %s | %s%s | |\n", name, good ? "refused: " : "WRONG: ",
           strlen(error.text) > lead ? error.text + lead : error.text);
  }
  trine_reroll_free(model);
}

static int by_text(const void *a, const void *b) {
  return strcmp(a, b);
}

static bool show_folder(const char *folder, struct file_totals *totals) {
  static char names[MAX_NAMES][NAME];
  size_t count = 0;
  DIR *opened = opendir(folder);
  if (opened == NULL) {
    fprintf(stderr, "%s: there is no such folder\n", folder);
    return false;
  }
  for (struct dirent *entry = readdir(opened); entry != NULL; entry = readdir(opened)) {
    const size_t length = strlen(entry->d_name);
    if (end_of(entry->d_name) != NULL && length < NAME && count < MAX_NAMES) {
      memcpy(names[count++], entry->d_name, length + 1);
    }
  }
  (void)closedir(opened);
  qsort(names, count, NAME, by_text);
  for (size_t n = 0; n < count; n++) {
    show(folder, names[n], totals);
  }
  return count > 0;
}

int main(int argc, char **argv) {
  struct file_totals totals = {0, 0, 0, 0};
  bool good = argc > 1;
  printf("| file | what is found | off by |\n|---|---|---|\n");
  for (int n = 1; n < argc && good; n++) {
    good = show_folder(argv[n], &totals);
  }
  printf("\n%u files: %u read, %u refused, %u not as they should be\n", totals.files, totals.read,
         totals.refused, totals.wrong);
  return good && totals.wrong == 0 ? 0 : 1;
}
