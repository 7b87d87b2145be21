/* SPDX-License-Identifier: Apache-2.0 */
/* provoke: the readers on thousands of damaged files: every refusal is a sentence of its own.
 *
 *   provoke ROUNDS SAID FILE...
 *
 * Each round changes some bytes of one of the files (.tflite, .onnx, .npy; by their names) and
 * reads it with the text of an earlier failure in the buffer: a refusal has to replace it, by a
 * text that was not cut at the buffer's end. One text of each shape (numbers and names left out) is
 * written to SAID, for the count of what is provoked. Exit 1 at a text that breaks this. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "io/npy.h"
#include "model/model.h"
#include "onnx/onnx.h"
#include "support/seed.h"

enum { MOST_FILES = 400, MOST_BYTES = 1 << 16, SHAPES = 1 << 14 };
static const char earlier[] = "an earlier call failed, and this is what it said";

struct sample {
  const char *path;
  uint8_t *bytes;
  size_t len_bytes;
};

static bool read_sample(const char *path, struct sample *sample) {
  *sample = (struct sample){.path = path};
  return trine_file_read(path, MOST_BYTES, &sample->bytes, &sample->len_bytes, NULL) == TRINE_OK &&
         sample->len_bytes > 16;
}

static bool ends_in(const char *path, const char *end) {
  return strlen(path) >= strlen(end) && strcmp(path + strlen(path) - strlen(end), end) == 0;
}

/* Values that mean something in a file: sizes, types, indices, sets of bits. */
static void damage_word(struct seed_stream *stream, uint8_t *at) {
  static const uint32_t words[] = {0,    1,    2,     3,          4,          5,         6,
                                   7,    8,    9,     16,         17,         19,        255,
                                   4096, 4097, 65536, 0x7fffffff, 0x80000000, 0xffffffff};
  uint32_t word = words[seed_uniform(stream, 0, sizeof words / sizeof words[0] - 1)];
  if (seed_uniform(stream, 0, 3) == 0) {
    memcpy(&word, at, sizeof word);
    word += seed_uniform(stream, 0, 1) == 0 ? 1 : UINT32_MAX;
  }
  memcpy(at, &word, sizeof word);
}

/* Another operator in the place of one with a name of the same length, from a random place on. */
static void exchange_operator(struct seed_stream *stream, uint8_t *bytes, size_t length) {
  static const char *const groups[][4] = {
      {"Slice", "Shape", "Split", "Equal"}, {"Concat", "Gather", "Expand", "MatMul"},
      {"Add", "Mul", "Sub", "Div"},         {"Reshape", "Squeeze", "Softmax", "Flatten"},
      {"Cast", "Relu", "Tile", "LSTM"},     {"Transpose", "Unsqueeze", "Transpose", "Unsqueeze"}};
  const char *const *group = groups[seed_uniform(stream, 0, 5)];
  const size_t bytes_of_name = strlen(group[0]);
  const char *to = group[seed_uniform(stream, 0, 3)];
  for (size_t at = (size_t)seed_uniform(stream, 0, (int64_t)length - 9);
       at + bytes_of_name < length; at++) {
    for (int n = 0; n < 4; n++) {
      if (memcmp(bytes + at, group[n], bytes_of_name) == 0 && strcmp(group[n], to) != 0) {
        memcpy(bytes + at, to, bytes_of_name);
        return;
      }
    }
  }
}

static size_t damage(struct seed_stream *stream, const struct sample *sample, uint8_t *copy) {
  const bool is_onnx = ends_in(sample->path, ".onnx");
  size_t length = sample->len_bytes;
  memcpy(copy, sample->bytes, length);
  for (int64_t n = seed_log_uniform(stream, 1, 6); n > 0; n--) {
    const size_t at = (size_t)seed_uniform(stream, 0, (int64_t)length - 9);
    switch (seed_uniform(stream, 0, is_onnx ? 7 : 5)) {
      case 0:
        damage_word(stream, copy + (at & ~(size_t)3));
        break;
      case 1:
        copy[at] = (uint8_t)seed_uniform(stream, 0, 24);
        break;
      case 2:
        copy[at] = (uint8_t)(copy[at] ^ 1U << seed_uniform(stream, 0, 7));
        break;
      case 3:
        copy[at] = (uint8_t)(copy[at] + 1);
        break;
      case 4:
        memcpy(copy + at, copy + seed_uniform(stream, 0, (int64_t)length - 9), 8);
        break;
      case 6:
      case 7:
        exchange_operator(stream, copy, length);
        break;
      default:
        length = seed_uniform(stream, 0, 20) == 0 && at > 16 ? at : length;
        break;
    }
  }
  return length;
}

/* True when the bytes were refused; the text is in *error. */
static bool is_refused(const struct sample *sample, const uint8_t *bytes, size_t len_bytes,
                       struct trine_error *error) {
  (void)snprintf(error->text, sizeof error->text, "%s", earlier);
  if (ends_in(sample->path, ".tflite")) {
    struct trine_model *model = NULL;
    const bool good = trine_model_parse(bytes, len_bytes, &model, error) == TRINE_OK;
    trine_model_free(model);
    return !good;
  }
  if (ends_in(sample->path, ".onnx")) {
    const struct trine_onnx_cut cut = {NULL, NULL};
    struct trine_onnx *model = NULL;
    const bool good =
        trine_onnx_parse(bytes, len_bytes, "tests/onnx/set", &cut, &model, error) == TRINE_OK;
    trine_onnx_free(model);
    return !good;
  }
  struct trine_array array;
  const bool good = trine_npy_parse(bytes, len_bytes, &array, error) == TRINE_OK;
  if (good) {
    trine_array_free(&array);
  }
  return !good;
}

/* The text without its names and numbers, as a number. */
static uint32_t shape_of(const char *text) {
  uint32_t sum = 2166136261U;
  bool quoted = false;
  for (; *text != '\0'; text++) {
    quoted = *text == '\'' ? !quoted : quoted;
    if (!quoted && (islower((unsigned char)*text) || *text == ' ')) {
      sum = (sum ^ (uint8_t)*text) * 16777619U;
    }
  }
  return sum % SHAPES;
}

static const char *fault_of(const char *text) {
  const size_t length = strlen(text);
  if (strcmp(text, earlier) == 0) {
    return "it is that of an earlier failure";
  }
  if (length == 0) {
    return "it is empty";
  }
  if (strstr(text, earlier) != NULL) {
    return "it holds that of an earlier failure";
  }
  if (length + 1 >= sizeof((struct trine_error *)NULL)->text) {
    return "it is cut at the buffer's end";
  }
  return strchr(text, '\n') != NULL ? "it has two lines" : NULL;
}

static int provoke(const struct sample *samples, int count, int64_t rounds, FILE *said) {
  static bool seen[SHAPES];
  struct seed_stream stream = seed_start("refusals");
  uint8_t *copy = malloc(MOST_BYTES);
  int faults = 0;
  int64_t refused = 0, shapes = 0;
  for (int64_t round = 0; round < rounds && copy != NULL && faults < 20; round++) {
    const struct sample *sample = &samples[seed_uniform(&stream, 0, count - 1)];
    const size_t length = damage(&stream, sample, copy);
    struct trine_error error;
    if (!is_refused(sample, copy, length, &error)) {
      continue;
    }
    refused++;
    const char *fault = fault_of(error.text);
    if (fault != NULL) {
      printf("round %lld, %s: %s: \"%s\"\n", (long long)round, sample->path, fault, error.text);
      faults++;
    }
    bool *known = &seen[shape_of(error.text)];
    if (!*known && strchr(error.text, '\n') == NULL) {
      (void)fprintf(said, "%s\n", error.text);
      shapes++;
    }
    *known = true;
  }
  free(copy);
  printf("%lld of %lld damaged files refused, in %lld kinds of sentences, %d faults\n",
         (long long)refused, (long long)rounds, (long long)shapes, faults);
  return faults == 0 && refused * 4 > rounds ? 0 : 1;
}

int main(int argc, char **argv) {
  static struct sample samples[MOST_FILES];
  int count = 0;
  (void)seed_print();
  FILE *said = argc > 3 ? fopen(argv[2], "w") : NULL;
  if (said == NULL) {
    (void)fprintf(stderr, "provoke ROUNDS SAID FILE...\n");
    return 2;
  }
  for (int n = 3; n < argc && count < MOST_FILES; n++) {
    if (read_sample(argv[n], &samples[count])) {
      count++;
    } else {
      free(samples[count].bytes);
    }
  }
  const int result = count > 0 ? provoke(samples, count, atoll(argv[1]), said) : 2;
  for (int n = 0; n < count; n++) {
    free(samples[n].bytes);
  }
  return fclose(said) == 0 ? result : 2;
}
