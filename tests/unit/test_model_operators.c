/* SPDX-License-Identifier: Apache-2.0 */
/* test_model_operators: models with the operators of the host: a batch is its sequences one by one,
 * whatever the layout of the ends; what the file's T ties, what a part of a file is, several
 * outputs, numbers of rows. The models are those of tests/conformance/operators. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/npy.h"
#include "model/model.h"
#include "support/golden_runner.h"
#include "support/make_tflite.h"
#include "support/seed.h"

enum { MODELS = 60, BATCH = 3, MAX_OUTPUTS = 2, MAX_INPUTS = 3 };

static struct trine_model *load(const char *path, const char *input, const char *outputs) {
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  ck_assert_msg(trine_model_load_part(path, input, outputs, &model, &error) == TRINE_OK, "%s: %s",
                path, error.text);
  return model;
}

static struct trine_model *load_drawn(int index) {
  char path[128];
  (void)snprintf(path, sizeof path, "tests/conformance/operators/%05d.tflite", index);
  return load(path, NULL, NULL);
}

/* One end of a model, as an array of B sequences of T steps; output -1 - n is input n. */
struct tested_layout {
  const struct trine_model *model;
  int output;
  uint32_t batch, steps, rank;
  uint64_t shape[TRINE_MODEL_MAX_RANK], more_batch[TRINE_MODEL_MAX_RANK],
      more_steps[TRINE_MODEL_MAX_RANK];
};

static uint32_t shape_of(const struct tested_layout *l, uint32_t batch, uint32_t steps,
                         uint64_t *shape) {
  return l->output < 0
             ? trine_model_input_shape_of(l->model, (uint32_t)(-1 - l->output), batch, steps, shape)
             : trine_model_output_shape_of(l->model, (uint32_t)l->output, batch, steps, shape);
}

/* More than one sequence, so that the batch has its axis. */
static struct tested_layout make_layout(const struct trine_model *model, int output, uint32_t batch,
                                        uint32_t steps) {
  struct tested_layout l = {.model = model, .output = output, .batch = batch, .steps = steps};
  l.rank = shape_of(&l, batch, steps, l.shape);
  (void)shape_of(&l, batch + 1, steps, l.more_batch);
  (void)shape_of(&l, batch, steps + 1, l.more_steps);
  return l;
}

static size_t count_of(const struct tested_layout *l) {
  size_t count = 1;
  for (uint32_t i = 0; i < l->rank; i++) {
    count *= (size_t)l->shape[i];
  }
  return count;
}

static bool is_time_first(const struct tested_layout *l) {
  const struct trine_model_info *info = trine_model_info(l->model);
  return l->output < 0 ? info->inputs[-1 - l->output].time_major
                       : info->outputs[l->output].time_major;
}

/* Sequence and step of a place; the step is 0 where the end has no time. */
static void find_place(const struct tested_layout *l, uint64_t place, uint32_t *b, uint32_t *t) {
  *b = *t = 0;
  for (uint32_t i = l->rank; i-- > 0;) {
    const uint64_t at = place % l->shape[i];
    place /= l->shape[i];
    const bool batch = l->more_batch[i] != l->shape[i], steps = l->more_steps[i] != l->shape[i];
    if (batch && steps) { /* both in one axis */
      const uint64_t row = at / (l->shape[i] / l->batch / l->steps);
      *b = (uint32_t)(is_time_first(l) ? row % l->batch : row / l->steps);
      *t = (uint32_t)(is_time_first(l) ? row / l->batch : row % l->steps);
    } else if (batch) {
      *b = (uint32_t)(at / (l->shape[i] / l->batch));
    } else if (steps) {
      *t = (uint32_t)(at / (l->shape[i] / l->steps));
    }
  }
}

static size_t element_size(const struct trine_model *model, int output) {
  const struct trine_model_info *info = trine_model_info(model);
  return trine_dtype_size(output < 0 ? info->inputs[-1 - output].type : info->outputs[output].type);
}

/* The values of one sequence's own steps, in the order in which they stand. */
static uint8_t *take(const struct tested_layout *l, const uint8_t *values, uint32_t sequence,
                     uint32_t length, size_t *bytes) {
  const size_t size = element_size(l->model, l->output);
  uint8_t *taken = malloc(count_of(l) * size + 1);
  ck_assert_ptr_nonnull(taken);
  *bytes = 0;
  for (size_t n = 0; n < count_of(l); n++) {
    uint32_t b = 0, t = 0;
    find_place(l, n, &b, &t);
    if (b != sequence || t >= length) {
      continue;
    }
    memcpy(taken + *bytes, values + n * size, size);
    *bytes += size;
  }
  return taken;
}

static void run_model(const struct trine_model *model, uint8_t *const inputs[MAX_INPUTS],
                      uint32_t batch, uint32_t steps, const uint32_t *lengths,
                      uint8_t *outputs[MAX_OUTPUTS]) {
  struct trine_error error = {""};
  const struct trine_model_info *info = trine_model_info(model);
  ck_assert_uint_le(info->output_count, MAX_OUTPUTS);
  for (uint32_t n = 0; n < info->output_count; n++) {
    struct tested_layout l = make_layout(model, (int)n, batch, steps);
    outputs[n] = calloc(count_of(&l) + 1, element_size(model, (int)n));
    ck_assert_ptr_nonnull(outputs[n]);
  }
  void *const more[1] = {outputs[1]};
  const void *const more_inputs[2] = {inputs[1], inputs[2]};
  const struct trine_model_batch run = {.sequences = batch,
                                        .steps = steps,
                                        .lengths = lengths,
                                        .input = inputs[0],
                                        .more_inputs = more_inputs,
                                        .output = outputs[0],
                                        .more_outputs = more};
  ck_assert_msg(trine_model_run(model, &run, golden_runner, NULL, &error) == TRINE_OK, "%s",
                error.text);
}

/* Sequence b alone has the outputs that it has in the batch. */
static void check_alone(const struct tested_layout in[MAX_INPUTS], uint8_t *const x[MAX_INPUTS],
                        const uint32_t *lengths, uint8_t *const outputs[MAX_OUTPUTS], uint32_t b) {
  const struct trine_model *model = in->model;
  size_t bytes = 0;
  uint8_t *own[MAX_INPUTS] = {NULL}, *got[MAX_OUTPUTS] = {NULL, NULL};
  for (uint32_t n = 0; n < trine_model_info(model)->input_count; n++) {
    own[n] = take(&in[n], x[n], b, lengths[b], &bytes);
  }
  run_model(model, own, 1, lengths[b], NULL, got);
  for (uint32_t n = 0; n < trine_model_info(model)->output_count; n++) {
    const struct tested_layout out = make_layout(model, (int)n, in->batch, in->steps);
    uint8_t *want = take(&out, outputs[n], b, lengths[b], &bytes);
    const struct tested_layout alone = make_layout(model, (int)n, 1, lengths[b]);
    ck_assert_uint_eq(bytes, count_of(&alone) * element_size(model, (int)n));
    ck_assert_mem_eq(got[n], want, bytes);
    free(want);
    free(got[n]);
  }
  for (uint32_t n = 0; n < MAX_INPUTS; n++) {
    free(own[n]);
  }
}

/* Floats that stand for the bytes become these bytes, and the zero point behind a length; a value
 * that is no number counts where the steps count. */
static void check_floats(const struct tested_layout *in, const int8_t *x, const uint32_t *lengths) {
  const uint32_t input = (uint32_t)(-1 - in->output);
  const struct trine_model_end *end = &trine_model_info(in->model)->inputs[input];
  const struct trine_model_batch batch = {
      .sequences = in->batch, .steps = in->steps, .lengths = lengths};
  const size_t count = count_of(in);
  float *values = calloc(count, sizeof *values);
  int8_t *bytes = calloc(count, 1);
  struct trine_model_clamped clamped;
  struct trine_error error = {""};
  ck_assert(values != NULL && bytes != NULL);
  trine_model_dequantize(end, x, count, values);
  for (size_t n = 0; n < count; n++) {
    uint32_t b = 0, t = 0;
    find_place(in, n, &b, &t);
    if (t >= lengths[b]) {
      values[n] = NAN;
    }
  }
  ck_assert_msg(trine_model_quantize_input_of(in->model, input, values, &batch, bytes, &clamped,
                                              &error) == TRINE_OK,
                "%s", error.text);
  for (size_t n = 0; n < count; n++) {
    ck_assert_int_eq(bytes[n], isnan(values[n]) ? end->zero_point : x[n]);
  }
  free(values);
  free(bytes);
}

START_TEST(test_a_batch_is_its_sequences_one_by_one) {
  struct trine_model *model = load_drawn(_i);
  const struct trine_model_info *info = trine_model_info(model);
  char name[32];
  (void)snprintf(name, sizeof name, "alone %d", _i);
  struct seed_stream stream = seed_start(name);
  bool has_time = false;
  for (uint32_t n = 0; n < info->input_count; n++) {
    has_time = has_time || info->inputs[n].has_time;
  }
  const uint32_t fixed = has_time ? info->fixed_steps : 1;
  const uint32_t steps = fixed != 0 ? fixed : (uint32_t)seed_uniform(&stream, 1, 9);
  uint32_t lengths[BATCH];
  for (int b = 0; b < BATCH; b++) {
    lengths[b] = fixed != 0 ? steps : (uint32_t)seed_uniform(&stream, 1, steps);
  }
  struct tested_layout in[MAX_INPUTS] = {{.model = NULL}};
  uint8_t *x[MAX_INPUTS] = {NULL}, *outputs[MAX_OUTPUTS] = {NULL, NULL};
  ck_assert_uint_le(info->input_count, MAX_INPUTS);
  for (uint32_t n = 0; n < info->input_count; n++) {
    in[n] = make_layout(model, -1 - (int)n, BATCH, steps);
    x[n] = calloc(count_of(&in[n]), element_size(model, in[n].output));
    ck_assert_ptr_nonnull(x[n]);
    if (info->inputs[n].type == TRINE_DTYPE_INT8) {
      seed_int8(&stream, (int8_t *)x[n], count_of(&in[n]), -128, 127);
    }
  }
  run_model(model, x, BATCH, steps, lengths, outputs);
  for (uint32_t b = 0; b < BATCH; b++) {
    check_alone(in, x, lengths, outputs, b);
  }
  for (uint32_t n = 0; n < info->input_count; n++) {
    if (info->inputs[n].type == TRINE_DTYPE_INT8) {
      check_floats(&in[n], (const int8_t *)x[n], lengths);
    }
    free(x[n]);
  }
  free(outputs[0]);
  free(outputs[1]);
  trine_model_free(model);
}
END_TEST

/* "B", "T*3", "B*T*2", "I" or "12" as a size. */
static uint64_t size_of(const char *axis, size_t length, uint64_t batch, uint64_t steps,
                        uint64_t width) {
  uint64_t size = 1, number = 0;
  for (size_t i = 0; i < length; i++) {
    const bool is_digit = axis[i] >= '0' && axis[i] <= '9';
    const bool ends = i + 1 == length || axis[i + 1] == '*';
    number = is_digit ? 10 * number + (uint64_t)(axis[i] - '0') : number;
    size *= axis[i] == 'B' ? batch : 1;
    size *= axis[i] == 'T' ? steps : 1;
    size *= axis[i] == 'I' ? width : 1;
    size *= is_digit && ends ? number : 1;
    number = ends ? 0 : number;
  }
  return size;
}

/* What is said of an end is the shape that is taken, in letters. */
static void check_said(const struct trine_model *model, int32_t output) {
  enum { B = 5, T = 7 };
  const struct trine_model_info *info = trine_model_info(model);
  const struct trine_model_end *end =
      output < 0 ? &info->inputs[-1 - output] : &info->outputs[output];
  char text[80];
  struct tested_layout l = make_layout(model, output, B, T);
  trine_model_layout(model, output, text, sizeof text);
  const bool is_led = strchr(text, 'B') == NULL; /* the batch comes in front of it */
  const char *at = text;
  for (uint32_t i = is_led; i < l.rank; i++) {
    const size_t length = strcspn(at + 1, ",]");
    ck_assert_msg(*at == (i == is_led ? '[' : ','), "axis %u of '%s'", i, text);
    ck_assert_msg(size_of(at + 1, length, B, T, end->width) == l.shape[i],
                  "axis %u of '%s', which has %llu", i, text, (unsigned long long)l.shape[i]);
    at += 1 + length;
  }
  ck_assert_msg(strcmp(at, "]") == 0, "%u axes are not '%s'", l.rank, text);
  ck_assert_msg((strchr(text, 'T') != NULL) == end->has_time, "steps in '%s'", text);
}

START_TEST(test_a_layout_that_is_told_is_the_one_that_is_taken) {
  struct trine_model *model = load_drawn(_i);
  for (uint32_t n = 0; n < trine_model_info(model)->input_count; n++) {
    check_said(model, -1 - (int32_t)n);
  }
  for (uint32_t n = 0; n < trine_model_info(model)->output_count; n++) {
    check_said(model, (int32_t)n);
  }
  trine_model_free(model);
}
END_TEST

/* Words of the sentence with which a batch is refused. */
static void expect_batch_refused(const struct trine_model *model,
                                 const struct trine_model_batch *batch, const char *words) {
  struct trine_error error = {""};
  ck_assert_int_eq(trine_model_check_batch(model, batch, &error), TRINE_ERR_ARG);
  ck_assert_msg(strstr(error.text, words) != NULL, "no '%s' in: %s", words, error.text);
}

START_TEST(test_what_a_batch_cannot_be_is_refused) {
  struct seed_stream stream = seed_start("tokens");
  struct tflite_writer *file = tflite_writer_new();
  const int32_t shape[2] = {1, 4}, table[2] = {7, 5}, rows[3] = {1, 4, 5};
  const int32_t x = make_input(file, &stream, 2, shape);
  tflite_writer_tensor_at(file, x)->type = TFLITE_INT32;
  tflite_writer_tensor_at(file, x)->scale = 0;
  const int32_t constant = make_constant(file, &stream, 2, table, 0.01F, 3);
  struct op_spec spec = {.inputs = {constant, x}, .like = *tflite_writer_tensor_at(file, constant)};
  spec.like.data = NULL;
  spec.like.rank = 3;
  memcpy(spec.like.shape, rows, sizeof rows);
  const int32_t embedded = make_operator(file, TFLITE_GATHER, &spec);
  const struct lstm_spec lstm = {.units = 3, .cell_exponent = -12, .gain = 1.0F};
  const int32_t outputs[2] = {make_lstm(file, &stream, embedded, &lstm), embedded};
  size_t len_bytes = 0;
  const uint8_t *bytes = tflite_writer_bytes_of(file, x, outputs, 2, &len_bytes);
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  ck_assert_msg(trine_model_parse(bytes, len_bytes, &model, &error) == TRINE_OK, "%s", error.text);
  int32_t tokens[8] = {0, 1, 2, 3, 4, 5, 6, 7};
  int8_t y[64], z[64];
  void *const more[1] = {z};
  struct trine_model_batch batch = {.sequences = 2, .steps = 4, .input = tokens, .output = y};
  expect_batch_refused(model, &batch, "the model has 2 outputs");
  batch.more_outputs = more;
  expect_batch_refused(model, &batch, "number 7 in sequence 1, step 3; the table has rows 0 to 6");
  tokens[7] = -1;
  expect_batch_refused(model, &batch, "number -1");
  const uint32_t lengths[2] = {4, 3}; /* what is behind a length is not looked at */
  batch.lengths = lengths;
  ck_assert_int_eq(trine_model_run(model, &batch, golden_runner, NULL, &error), TRINE_OK);
  trine_model_free(model);
  tflite_writer_free(file);
}
END_TEST

#define CONVERTED "tests/models/converted/"

START_TEST(test_a_part_of_a_file_is_run_and_found) {
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  ck_assert_int_eq(trine_model_load(CONVERTED "conv_front.tflite", &model, &error),
                   TRINE_ERR_UNSUPPORTED);
  ck_assert_msg(strstr(error.text, "CONV_2D 'model/conv1d/Relu") != NULL &&
                    strstr(error.text, "the rest of it runs with --inputs '22' (input '") != NULL,
                "%s", error.text);
  model = load(CONVERTED "conv_front.tflite", "22", NULL);
  ck_assert_uint_eq(trine_model_info(model)->lstm_count, 1);
  ck_assert_uint_eq(trine_model_info(model)->input.width, 4);
  trine_model_free(model);
  model = load(CONVERTED "residual_add.tflite", NULL, "tfl.unidirectional_sequence_lstm");
  ck_assert_uint_eq(trine_model_info(model)->layer_count, 1);
  trine_model_free(model);
  model = load(CONVERTED "residual_add.tflite", NULL,
               "tfl.unidirectional_sequence_lstm,StatefulPartitionedCall:0");
  ck_assert_uint_eq(trine_model_info(model)->output_count, 2);
  ck_assert_str_eq(trine_model_info(model)->outputs[1].name, "StatefulPartitionedCall:0");
  trine_model_free(model);
  ck_assert_int_eq(
      trine_model_load_part(CONVERTED "residual_add.tflite", "nobody", NULL, &model, &error),
      TRINE_ERR_UNSUPPORTED);
  ck_assert_ptr_nonnull(strstr(error.text, "no tensor 'nobody'"));
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("model_operators");
  TCase *tests = tcase_create("operators");
  tcase_add_loop_test(tests, test_a_batch_is_its_sequences_one_by_one, 0, MODELS);
  tcase_add_loop_test(tests, test_a_layout_that_is_told_is_the_one_that_is_taken, 0, MODELS);
  tcase_add_test(tests, test_what_a_batch_cannot_be_is_refused);
  tcase_add_test(tests, test_a_part_of_a_file_is_run_and_found);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
