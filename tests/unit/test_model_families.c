/* SPDX-License-Identifier: Apache-2.0 */
/* test_model_families: small models of every shape that exporters write: the reference's bytes, and
 * sequences of a batch that do not know of each other. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "support/golden_runner.h"
#include "support/random_model.h"

enum { MAX_LSTMS = 4, MAX_UNITS = 32, MAX_BATCH = 4, MAX_STEPS = 20, ANCHORS = 4 };

/* A model with states large enough for any batch of these tests. */
struct families_fixture {
  struct trine_model *model;
  const struct trine_model_info *info;
  int8_t h[MAX_LSTMS][MAX_BATCH * MAX_UNITS];
  int16_t c[MAX_LSTMS][MAX_BATCH * MAX_UNITS];
  struct trine_lstm_state state[MAX_LSTMS];
};

static void open_model(struct families_fixture *f, struct seed_stream *stream,
                       enum random_family family, int32_t batch, int32_t steps) {
  struct trine_error error = {""};
  int32_t input = 0, output = 0;
  size_t len_bytes = 0;
  memset(f, 0, sizeof *f);
  struct tflite_writer *made = random_model(stream, family, batch, steps, &input, &output);
  const uint8_t *bytes = tflite_writer_bytes(made, input, output, &len_bytes);
  ck_assert_msg(trine_model_parse(bytes, len_bytes, &f->model, &error) == TRINE_OK, "family %d: %s",
                (int)family, error.text);
  tflite_writer_free(made);
  f->info = trine_model_info(f->model);
  ck_assert_uint_le(f->info->lstm_count, MAX_LSTMS);
  for (int i = 0; i < MAX_LSTMS; i++) {
    f->state[i] = (struct trine_lstm_state){f->h[i], f->c[i]};
  }
}

static void run_model(const struct families_fixture *f, const struct trine_model_batch *batch) {
  struct trine_error error = {""};
  ck_assert_msg(trine_model_run(f->model, batch, golden_runner, NULL, &error) == TRINE_OK, "%s",
                error.text);
}

static size_t end_bytes(const struct trine_model_end *end, uint32_t batch, uint32_t steps) {
  return (size_t)batch * (end->has_time ? steps : 1) * end->width;
}

/* FNV-1a, 64 bits. */
static uint64_t hash(uint64_t h, const void *data, size_t count) {
  const uint8_t *bytes = data;
  for (size_t i = 0; i < count; i++) {
    h = (h ^ bytes[i]) * UINT64_C(0x100000001b3);
  }
  return h;
}

static uint32_t lstm_units(const struct families_fixture *f, int32_t lstm) {
  uint32_t i = 0;
  while (trine_model_layer(f->model, i)->lstm != lstm) {
    i++;
  }
  return trine_model_layer(f->model, i)->units;
}

/* Two calls with the state kept: outputs, then h and c of every LSTM. */
static uint64_t hash_of_two_calls(enum random_family family, uint64_t number) {
  struct seed_stream stream = {(uint64_t)family * 1000 + number};
  const uint32_t steps = (uint32_t)seed_log_uniform(&stream, 1, MAX_STEPS);
  struct families_fixture f;
  open_model(&f, &stream, family, 1, (int32_t)steps);
  const size_t in = end_bytes(&f.info->input, 1, steps), out = end_bytes(&f.info->output, 1, steps);
  int8_t *x = malloc(2 * in), *y = malloc(out);
  ck_assert(x != NULL && y != NULL);
  uint64_t result = UINT64_C(0xcbf29ce484222325);
  seed_int8(&stream, x, 2 * in, -128, 127);
  for (int call = 0; call < 2; call++) {
    run_model(&f, &(struct trine_model_batch){.sequences = 1,
                                              .steps = steps,
                                              .input = x + (call == 0 ? 0 : in),
                                              .output = y,
                                              .state_in = call == 0 ? NULL : f.state,
                                              .state_out = f.state});
    result = hash(result, y, out);
  }
  for (uint32_t i = 0; i < f.info->lstm_count; i++) {
    const uint32_t units = lstm_units(&f, (int32_t)i);
    result = hash(result, f.h[i], units);
    result = hash(result, f.c[i], units * sizeof(int16_t));
  }
  free(x);
  free(y);
  trine_model_free(f.model);
  return result;
}

/* Hashes of what the reference interpreter (tflite-micro 0.dev20261023182759) computed. */
static const uint64_t reference[FAMILY_COUNT][ANCHORS] = {
    {UINT64_C(0x8a8bda5d453b7c19), UINT64_C(0x6d2a98fa5b89ee5e), UINT64_C(0x7a16cd70a557b2cc),
     UINT64_C(0x3b2104a599c324b7)},
    {UINT64_C(0xfc51909411cf890a), UINT64_C(0x7adfc6e33e0c12f7), UINT64_C(0x28b11db62a525e4f),
     UINT64_C(0x474fb1ae1e8da10a)},
    {UINT64_C(0xe75d94cff0aabe20), UINT64_C(0x72485863a43c1ba7), UINT64_C(0xfaed92f56823a319),
     UINT64_C(0x0c5374f60f7a33c5)},
    {UINT64_C(0x82b67b34ed1184be), UINT64_C(0x78f33d4d79e811cf), UINT64_C(0x5afbc1f35ed19bdb),
     UINT64_C(0x39eadb6b46e1e213)},
    {UINT64_C(0x59154c84d30a904a), UINT64_C(0x896f78f42e171c13), UINT64_C(0x8cfb60bc02d6ee0e),
     UINT64_C(0xd6f0c0e688be7cc0)},
    {UINT64_C(0xdafd882a51fafa28), UINT64_C(0xf97309517db03d83), UINT64_C(0x24a4a9c322e166d2),
     UINT64_C(0xb5d0b5b6ba7bb641)},
    {UINT64_C(0xc7fdfee0c8b679b2), UINT64_C(0xb4a3cb1b97038486), UINT64_C(0x7eae5cbee307c841),
     UINT64_C(0xbdbca90360ddc7cb)},
    {UINT64_C(0xe779ace7f44e18ad), UINT64_C(0x1ea799d5559c0b0e), UINT64_C(0x6e9c1c834778cea8),
     UINT64_C(0x55eedde60ee63be5)},
    {UINT64_C(0xc541fa557d2e787a), UINT64_C(0x82a9eac63232cede), UINT64_C(0x05a34150d55c135b),
     UINT64_C(0xd18a812c8d54e721)},
    {UINT64_C(0x49a66519cdcfe9f0), UINT64_C(0x0c4635f2b96cd8bc), UINT64_C(0xdd78cd73538ce97f),
     UINT64_C(0x654c34960489bfd3)},
    {UINT64_C(0x8c39170183581cb5), UINT64_C(0x3fbf6b589f23080b), UINT64_C(0xa4c3c44bab808654),
     UINT64_C(0x5188d157ff4519dc)},
    {UINT64_C(0x92a2f1b8af27aa8d), UINT64_C(0xe92802890513ee0f), UINT64_C(0x9e09801687d14e71),
     UINT64_C(0xbf63c3079d46d07e)},
};

START_TEST(test_every_family_gives_the_bytes_of_the_reference) {
  for (int family = 0; family < FAMILY_COUNT; family++) {
    for (int i = 0; i < ANCHORS; i++) {
      const uint64_t got = hash_of_two_calls((enum random_family)family, (uint64_t)i);
      ck_assert_msg(got == reference[family][i], "family %d, number %d: hash 0x%016llx", family, i,
                    (unsigned long long)got);
    }
  }
}
END_TEST

/* Offset in the caller's array of one step of one sequence, for layouts of rank 3 or 2. */
static size_t row_at(const struct trine_model_end *end, uint32_t batch, uint32_t steps, uint32_t b,
                     uint32_t t) {
  size_t row;
  if (!end->has_time) {
    row = b;
  } else if (end->time_major) {
    row = (size_t)t * batch + b;
  } else {
    row = (size_t)b * steps + t;
  }
  return row * end->width;
}

/* The batch's result for a sequence is that of the sequence alone, and rows past its end are 0. */
static void check_alone(struct families_fixture *f, const struct trine_model_batch *all,
                        uint32_t b) {
  const struct trine_model_end *in = &f->info->input, *out = &f->info->output;
  const uint32_t length = all->lengths[b];
  int8_t *x = malloc(end_bytes(in, 1, length)), *y = malloc(end_bytes(out, 1, length));
  ck_assert(x != NULL && y != NULL);
  for (uint32_t t = 0; t < length; t++) {
    memcpy(x + t * in->width,
           (const int8_t *)all->input + row_at(in, all->sequences, all->steps, b, t), in->width);
  }
  run_model(f,
            &(struct trine_model_batch){.sequences = 1, .steps = length, .input = x, .output = y});
  for (uint32_t t = 0; t < (out->has_time ? all->steps : 1); t++) {
    const int8_t *got = (const int8_t *)all->output + row_at(out, all->sequences, all->steps, b, t);
    for (uint32_t n = 0; n < out->width; n++) {
      const int8_t want = !out->has_time || t < length ? y[(size_t)t * out->width + n] : 0;
      ck_assert_msg(got[n] == want, "sequence %u, step %u, unit %u: got %d, alone %d", b, t, n,
                    got[n], want);
    }
  }
  free(x);
  free(y);
}

START_TEST(test_sequences_of_a_batch_are_as_if_alone_at_any_b_and_t) {
  for (int round = 0; round < 5 * FAMILY_COUNT; round++) {
    const enum random_family family = (enum random_family)(round % FAMILY_COUNT);
    if (family == FAMILY_MIRROR) {
      continue; /* its rows are columns */
    }
    struct seed_stream stream = seed_start("alone");
    stream.state += (uint64_t)round;
    struct families_fixture f;
    open_model(&f, &stream, family, (int32_t)seed_uniform(&stream, 1, 3),
               (int32_t)seed_uniform(&stream, 2, 9));
    const uint32_t batch = (uint32_t)seed_uniform(&stream, 1, MAX_BATCH);
    const uint32_t steps = (uint32_t)seed_log_uniform(&stream, 1, MAX_STEPS);
    uint32_t lengths[MAX_BATCH];
    int8_t *x = malloc(end_bytes(&f.info->input, batch, steps));
    int8_t *y = malloc(end_bytes(&f.info->output, batch, steps));
    ck_assert(x != NULL && y != NULL);
    seed_int8(&stream, x, end_bytes(&f.info->input, batch, steps), -128, 127);
    for (uint32_t b = 0; b < batch; b++) {
      lengths[b] = (uint32_t)seed_uniform(&stream, 1, steps);
    }
    const struct trine_model_batch all = {
        .sequences = batch, .steps = steps, .lengths = lengths, .input = x, .output = y};
    run_model(&f, &all);
    for (uint32_t b = 0; b < batch; b++) {
      check_alone(&f, &all, b);
    }
    free(x);
    free(y);
    trine_model_free(f.model);
  }
}
END_TEST

START_TEST(test_families_become_the_fewest_segments) {
  static const uint32_t segments[FAMILY_COUNT] = {1, 1, 1, 1, 1, 2, 2, 1, 1, 3, 3, 6};
  for (int family = 0; family < FAMILY_COUNT; family++) {
    struct seed_stream stream = seed_start("segments");
    struct families_fixture f;
    open_model(&f, &stream, (enum random_family)family, 2, 5);
    ck_assert_msg(f.info->segment_count == segments[family], "family %d: %u segments", family,
                  f.info->segment_count);
    trine_model_free(f.model);
  }
}
END_TEST

START_TEST(test_layouts_follow_the_file) {
  struct seed_stream stream = seed_start("layouts");
  uint64_t shape[TRINE_MODEL_MAX_RANK];
  uint32_t batch = 0, steps = 0;
  struct trine_error error = {""};
  struct families_fixture f;
  open_model(&f, &stream, FAMILY_BIDI_TIME, 2, 5);
  ck_assert(f.info->input.time_major && f.info->output.time_major);
  ck_assert_uint_eq(f.info->default_batch, 2);
  ck_assert_uint_eq(f.info->default_steps, 5);
  ck_assert_uint_eq(trine_model_output_shape(f.model, 3, 7, shape), 3);
  ck_assert(shape[0] == 7 && shape[1] == 3 && shape[2] == f.info->output.width);
  const uint64_t given[3] = {7, 3, f.info->input.width};
  ck_assert_int_eq(trine_model_input_sizes(f.model, 3, given, &batch, &steps, &error), 0);
  ck_assert(batch == 3 && steps == 7);
  const uint64_t single[2] = {9, f.info->input.width};
  ck_assert_int_eq(trine_model_input_sizes(f.model, 2, single, &batch, &steps, &error), 0);
  ck_assert(batch == 1 && steps == 9);
  const uint64_t wrong[3] = {7, 3, f.info->input.width + 1};
  ck_assert_int_eq(trine_model_input_sizes(f.model, 3, wrong, &batch, &steps, &error),
                   TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "[T, B, "));
  trine_model_free(f.model);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("model_families");
  TCase *tests = tcase_create("families");
  tcase_add_test(tests, test_every_family_gives_the_bytes_of_the_reference);
  tcase_add_test(tests, test_sequences_of_a_batch_are_as_if_alone_at_any_b_and_t);
  tcase_add_test(tests, test_families_become_the_fewest_segments);
  tcase_add_test(tests, test_layouts_follow_the_file);
  tcase_set_timeout(tests, 120);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
