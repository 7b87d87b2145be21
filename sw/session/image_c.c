/* SPDX-License-Identifier: Apache-2.0 */
/* image_c: an image as C, const arrays and a header that says their sizes; see image_file.h. */
#include "session/image_file.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden/golden.h"
#include "io/file.h"
#include "session/image_parts.h"

enum { PATH_BYTES = 4096, NAME_BYTES = 64, MOST_SAMPLE_STEPS = 8, A_LINE = 8, SAMPLE_STEP = 37 };

/* A text that grows; `bytes` NULL after there was no memory for it. */
struct image_text {
  char *bytes;
  size_t used, room;
};

static void say(struct image_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(struct image_text *text, const char *format, ...) {
  va_list args;
  char line[512];
  va_start(args, format);
  const int length = vsnprintf(line, sizeof line, format, args);
  va_end(args);
  size_t more;
  if (length < 0) {
    more = 0;
  } else if ((size_t)length < sizeof line) {
    more = (size_t)length;
  } else {
    more = sizeof line - 1;
  }
  if (text->bytes == NULL || text->used + more > text->room) {
    text->room = 2 * text->room + sizeof line;
    char *grown = realloc(text->bytes, text->room);
    if (grown == NULL) {
      free(text->bytes);
      *text = (struct image_text){NULL, 0, 0};
      return;
    }
    text->bytes = grown;
  }
  memcpy(text->bytes + text->used, line, more);
  text->used += more;
}

/* The sample: rows as a batch has them. */
struct image_sample {
  uint32_t steps, rows; /* of input and output */
  uint32_t input_width, output_width;
  int8_t *input, *output;
};

/* Bytes that look like nothing, and what the golden model makes of them. */
static enum trine_status make_sample(const struct trine_image *image,
                                     const struct trine_network *network, uint32_t steps,
                                     struct image_sample *sample, struct trine_error *error) {
  const struct trine_image_tensor *out = trine_image_tensor(image, image->tensor_count - 1);
  sample->steps = steps < MOST_SAMPLE_STEPS ? steps : MOST_SAMPLE_STEPS;
  sample->rows = out->per_sequence != 0 ? 1 : sample->steps;
  sample->input_width = image_width(trine_image_tensor(image, 0));
  sample->output_width = image_width(out);
  const size_t in_bytes = (size_t)sample->steps * sample->input_width;
  sample->input = malloc(in_bytes);
  sample->output = calloc(sample->rows, sample->output_width);
  if (sample->input == NULL || sample->output == NULL) {
    trine_error_set(error, "There is no memory for a sample of %u steps.", sample->steps);
    return TRINE_ERR_MEMORY;
  }
  for (size_t n = 0; n < in_bytes; n++) {
    sample->input[n] = (int8_t)(uint8_t)(n * SAMPLE_STEP + n / 7);
  }
  const struct trine_batch batch = {
      .sequences = 1,
      .lengths = &sample->steps,
      .input = sample->input,
      .input_batch_stride = in_bytes,
      .input_step_stride = sample->input_width,
      .output = sample->output,
      .output_batch_stride = (uint64_t)sample->rows * sample->output_width,
      .output_step_stride = sample->output_width};
  const struct trine_golden_options options = {.error = error};
  return trine_golden_run(network, &batch, &options);
}

static const char *base_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

/* The file's name as a name of C. */
static void name_of(const char *path, char name[NAME_BYTES]) {
  const char *from = base_of(path);
  size_t used = 0;
  if (isdigit((unsigned char)*from)) {
    name[used++] = '_';
  }
  for (; *from != '.' && *from != '\0' && used + 1 < NAME_BYTES; from++) {
    name[used++] = isalnum((unsigned char)*from) ? *from : '_';
  }
  name[used] = '\0';
}

/* Bytes of a window for one sequence: of any, and more for each step. */
static void say_window(struct image_text *text, const char *name, const struct trine_image *image) {
  uint64_t bytes = image->rows_offset, step_bytes = 0;
  for (uint32_t t = 0; t < image->tensor_count; t++) {
    const struct trine_image_tensor *tensor = trine_image_tensor(image, t);
    *(tensor->per_sequence != 0 ? &bytes : &step_bytes) += tensor->stride;
  }
  say(text, "/* Bytes of a window for one sequence of so many steps, and for the sample. */\n");
  say(text, "#define %s_WINDOW_BYTES_FOR(steps) (%lluu + %lluu * (steps))\n", name,
      (unsigned long long)bytes, (unsigned long long)step_bytes);
  say(text, "#define %s_WINDOW_BYTES %s_WINDOW_BYTES_FOR(%s_STEPS)\n", name, name, name);
}

static void say_size(struct image_text *text, const char *name, const char *what, uint64_t value,
                     const char *comment) {
  say(text, "#define %s_%s %lluu%s%s\n", name, what, (unsigned long long)value,
      comment[0] != '\0' ? " /* " : "", comment);
}

static void say_header(struct image_text *text, const char *name, const struct trine_image *image,
                       const struct image_sample *sample) {
  say(text, "/* %s.h: an image for configuration %.31s, written by trine compile. */\n", name,
      image->config);
  say(text, "#ifndef %s_IMAGE_H\n#define %s_IMAGE_H\n\n#include <stdint.h>\n\n", name, name);
  say(text, "#define %s_CONFIG_HASH 0x%08xu\n", name, image->config_hash);
  say_size(text, name, "IMAGE_BYTES", image->bytes, "");
  say_size(text, name, "SCRATCH_BYTES", trine_image_scratch_bytes(image, false),
           "without states */");
  say_size(text, name, "STATE_SCRATCH_BYTES", trine_image_scratch_bytes(image, true),
           "states given or wanted */");
  say_size(text, name, "STEPS", sample->steps, "of the sample */");
  say_window(text, name, image);
  say_size(text, name, "ROWS", sample->rows, "of its output */");
  say_size(text, name, "INPUT_WIDTH", sample->input_width, "");
  say_size(text, name, "OUTPUT_WIDTH", sample->output_width, "");
  say(text, "#define %s_INPUT_SCALE %.9gf\n#define %s_INPUT_ZERO_POINT (%d)\n", name,
      (double)image_scale(&image->input), name, image->input.zero_point);
  say(text, "#define %s_OUTPUT_SCALE %.9gf\n#define %s_OUTPUT_ZERO_POINT (%d)\n\n", name,
      (double)image_scale(&image->output), name, image->output.zero_point);
  say(text, "extern const uint32_t %s_image[%s_IMAGE_BYTES / 4];\n", name, name);
  say(text, "extern const int8_t %s_sample_input[%s_STEPS * %s_INPUT_WIDTH];\n", name, name, name);
  say(text, "extern const int8_t %s_sample_output[%s_ROWS * %s_OUTPUT_WIDTH];\n\n#endif\n", name,
      name, name);
}

static void say_bytes(struct image_text *text, const char *name, const char *what,
                      const int8_t *bytes, size_t count) {
  say(text, "\nconst int8_t %s_sample_%s[] = {", name, what);
  for (size_t n = 0; n < count; n++) {
    say(text, "%s%d,", n % (2 * A_LINE) == 0 ? "\n    " : " ", bytes[n]);
  }
  say(text, "\n};\n");
}

static void say_source(struct image_text *text, const char *name, const char *header_path,
                       const struct trine_image *image, const struct image_sample *sample) {
  const uint32_t *words = (const uint32_t *)image;
  const char *header = base_of(header_path);
  say(text, "/* The image of %s. */\n#include \"%s\"\n\n", header, header);
  say(text, "_Static_assert(%s_IMAGE_BYTES %% 4 == 0, \"an image is whole words\");\n\n", name);
  say(text, "_Alignas(64) const uint32_t %s_image[%s_IMAGE_BYTES / 4] = {", name, name);
  for (uint32_t n = 0; n < image->bytes / 4; n++) {
    say(text, "%s0x%08x,", n % A_LINE == 0 ? "\n    " : " ", words[n]);
  }
  say(text, "\n};\n");
  say_bytes(text, name, "input", sample->input, (size_t)sample->steps * sample->input_width);
  say_bytes(text, name, "output", sample->output, (size_t)sample->rows * sample->output_width);
}

static enum trine_status write_text(const char *path, const struct image_text *text,
                                    struct trine_error *error) {
  const struct trine_file_buffer buffer = {text->bytes, text->used};
  if (text->bytes == NULL) {
    trine_error_set(error, "There is no memory for the text of %.150s.", path);
    return TRINE_ERR_MEMORY;
  }
  return trine_file_replace(path, &buffer, 1, error);
}

/* The header's path; false when the source's is none. */
static bool header_of(const char *path, char header_path[PATH_BYTES]) {
  const size_t length = strlen(path);
  if (length < 3 || length >= PATH_BYTES || strcmp(path + length - 2, ".c") != 0) {
    return false;
  }
  memcpy(header_path, path, length + 1);
  header_path[length - 1] = 'h';
  return true;
}

enum trine_status trine_image_write_c(const char *path, const struct trine_image *image,
                                      const struct trine_network *network, uint32_t steps,
                                      struct trine_error *error) {
  char header_path[PATH_BYTES], name[NAME_BYTES];
  struct image_sample sample = {.steps = 0};
  struct image_text header = {NULL, 0, 0}, source = {NULL, 0, 0};
  if (!header_of(path, header_path)) {
    trine_error_set(error, "An image as C needs a name that ends in .c, not '%.150s'.", path);
    return TRINE_ERR_ARG;
  }
  if (image->window_at != 0) {
    trine_error_set(error,
                    "%.150s: an image in place goes on behind its end, where C has other data; "
                    "write a .trn.",
                    path);
    return TRINE_ERR_ARG;
  }
  name_of(path, name);
  enum trine_status status = make_sample(image, network, steps, &sample, error);
  if (status == TRINE_OK) {
    say_header(&header, name, image, &sample);
    say_source(&source, name, header_path, image, &sample);
    status = write_text(header_path, &header, error);
  }
  if (status == TRINE_OK) {
    status = write_text(path, &source, error);
  }
  free(header.bytes);
  free(source.bytes);
  free(sample.input);
  free(sample.output);
  return status;
}
