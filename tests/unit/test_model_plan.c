/* SPDX-License-Identifier: Apache-2.0 */
/* test_model_plan: plans of whole models, sessions opened with them, side by side, checked and
 * compared. On the fake device and the golden model. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "io/npy.h"
#include "session/check.h"
#include "session/config.h"
#include "session/image_file.h"
#include "session/model_plan.h"
#include "support/checked/driver_case.h"
#include "support/checked/find_model.h"
#include "support/seed.h"

enum { STEPS = 29, WIDTH = 12, OUT = 9, SEQUENCES = 5, MEMORY_BYTES = 1 << 22 };

struct plan_bench {
  struct trine_model *model; /* vowels: two LSTMs of 64 units and a dense layer */
  struct trine_array input;
  struct trine_target target; /* duo */
  uint32_t lengths[SEQUENCES];
  int8_t output[2][SEQUENCES * STEPS * OUT];
  struct fake_device fake;
  struct trine *device;
  struct trine_error error;
};

static void bench_open(struct plan_bench *bench) {
  const struct fake_params params = case_params("duo");
  memset(bench, 0, sizeof *bench);
  ck_assert_int_eq(trine_model_load("tests/models/vowels.tflite", &bench->model, NULL), TRINE_OK);
  ck_assert_int_eq(trine_npy_read("tests/models/vowels_xq.npy", &bench->input, NULL), TRINE_OK);
  ck_assert_int_eq(
      trine_config_target(trine_config_find("duo", NULL), &bench->target, &bench->error), TRINE_OK);
  fake_device_create(&bench->fake, &params, MEMORY_BYTES);
  bench->device = case_open(&bench->fake);
  for (uint32_t n = 0; n < SEQUENCES; n++) {
    bench->lengths[n] = STEPS - n;
  }
}

static void bench_close(struct plan_bench *bench) {
  trine_array_free(&bench->input);
  trine_model_free(bench->model);
  free(bench->device);
  fake_device_destroy(&bench->fake);
}

static struct trine_plan_batch plan_batch(const struct plan_bench *bench) {
  return (struct trine_plan_batch){.sequences = SEQUENCES, .lengths = bench->lengths};
}

static struct trine_model_batch model_batch(struct plan_bench *bench, int output) {
  return (struct trine_model_batch){.sequences = SEQUENCES,
                                    .steps = STEPS,
                                    .lengths = bench->lengths,
                                    .input = bench->input.data,
                                    .output = bench->output[output]};
}

static void make(struct plan_bench *bench, const struct trine_model_plan_options *options,
                 struct trine_model_plan *plan) {
  const struct trine_plan_batch batch = plan_batch(bench);
  ck_assert_msg(trine_model_plan_make(&bench->target, bench->model, options, &batch, plan,
                                      &bench->error) == TRINE_OK,
                "%s", bench->error.text);
}

START_TEST(test_the_best_of_all_modes_is_no_worse_than_any) {
  struct plan_bench bench;
  struct trine_model_plan best, other;
  bench_open(&bench);
  make(&bench, &(struct trine_model_plan_options){.cores = 0}, &best);
  for (int mode = TRINE_MODE_SINGLE; mode <= TRINE_MODE_HYBRID; mode++) {
    make(&bench,
         &(struct trine_model_plan_options){.has_mode = true, .mode = (enum trine_mode)mode},
         &other);
    ck_assert_int_eq(other.mode, mode);
    ck_assert_uint_eq(other.cores, mode == TRINE_MODE_SINGLE ? 1 : 2);
    ck_assert_uint_le(trine_model_plan_cycles(&best), trine_model_plan_cycles(&other));
    ck_assert_int_eq(trine_model_plan_fits(&bench.target, &other, &bench.error), TRINE_OK);
    trine_model_plan_free(&other);
  }
  trine_model_plan_free(&best);
  bench_close(&bench);
}
END_TEST

START_TEST(test_a_text_places_layers_and_names_the_mode) {
  static const struct {
    const char *text;
    enum trine_mode mode;
    uint32_t cores;
  } texts[] = {{"0,0,0", TRINE_MODE_SINGLE, 1},
               {"0,1,1", TRINE_MODE_MULTITHREADING, 2},
               {"0+1,0+1,0+1", TRINE_MODE_HELPER, 2},
               {"0:48+1:16,0+1,1", TRINE_MODE_HYBRID, 2}};
  static const char *const wrong[] = {"",        "0",      "0,0",     "0,0,0,0",
                                      "2,0,0",   "0,,0",   "0:1,0,0", "0:0+1,0,0",
                                      "1+0,0,0", "0,0,0 ", "x,0,0",   "0:65,0,0"};
  struct plan_bench bench;
  struct trine_model_plan plan;
  bench_open(&bench);
  const struct trine_plan_batch batch = plan_batch(&bench);
  for (size_t n = 0; n < sizeof texts / sizeof texts[0]; n++) {
    make(&bench, &(struct trine_model_plan_options){.place = texts[n].text}, &plan);
    ck_assert_int_eq(plan.mode, texts[n].mode);
    ck_assert_uint_eq(plan.cores, texts[n].cores);
    trine_model_plan_free(&plan);
  }
  for (size_t n = 0; n < sizeof wrong / sizeof wrong[0]; n++) {
    const struct trine_model_plan_options options = {.place = wrong[n]};
    ck_assert_msg(trine_model_plan_make(&bench.target, bench.model, &options, &batch, &plan,
                                        &bench.error) == TRINE_ERR_ARG,
                  "%s", wrong[n]);
    ck_assert_ptr_nonnull(strstr(bench.error.text, "The placement"));
    trine_model_plan_free(&plan);
  }
  const struct trine_model_plan_options many = {.cores = 3};
  ck_assert_int_eq(
      trine_model_plan_make(&bench.target, bench.model, &many, &batch, &plan, &bench.error),
      TRINE_ERR_ARG);
  ck_assert_str_eq(bench.error.text, "3 cores were asked for; duo has 2.");
  trine_model_plan_free(&plan);
  bench_close(&bench);
}
END_TEST

START_TEST(test_a_planned_session_is_exact_and_a_changed_value_is_named) {
  struct plan_bench bench;
  struct trine_model_plan plan;
  struct trine_session *session = NULL;
  struct trine_check check;
  bench_open(&bench);
  make(&bench, &(struct trine_model_plan_options){.place = "0,1,1"}, &plan);
  const struct trine_session_options options = {.plan = &plan, .core_mask = 1};
  ck_assert_msg(
      trine_session_open(bench.model, bench.device, &options, &session, &bench.error) == TRINE_OK,
      "%s", bench.error.text);
  ck_assert_uint_eq(trine_session_core_mask(session, 0), 3);
  const struct trine_model_batch batch = model_batch(&bench, 0);
  ck_assert_int_eq(trine_session_run(session, &batch, &bench.error), TRINE_OK);
  ck_assert_int_eq(trine_session_check(session, &batch, &check, &bench.error), TRINE_OK);
  ck_assert_msg(check.exact, "%s", check.difference.text);
  ck_assert_uint_eq(check.values, SEQUENCES * STEPS * OUT);
  bench.output[0][(2 * STEPS + 7) * OUT + 3] ^= 1;
  ck_assert_int_eq(trine_session_check(session, &batch, &check, &bench.error), TRINE_OK);
  ck_assert(!check.exact);
  ck_assert_ptr_nonnull(strstr(check.difference.text, "Output, sequence 2, step 7, value 3: got "));
  struct trine_states states;
  struct trine_model_batch kept = batch;
  ck_assert_int_eq(trine_states_make(bench.model, SEQUENCES, &states, &bench.error), TRINE_OK);
  kept.state_out = states.lstm;
  ck_assert_int_eq(trine_session_run(session, &kept, &bench.error), TRINE_OK);
  ck_assert_int_eq(trine_session_check(session, &kept, &check, &bench.error), TRINE_OK);
  ck_assert_msg(check.exact, "%s", check.difference.text);
  states.lstm[1].c[states.units[1] + 5] ^= 1;
  ck_assert_int_eq(trine_session_check(session, &kept, &check, &bench.error), TRINE_OK);
  ck_assert(!check.exact);
  ck_assert_ptr_nonnull(strstr(check.difference.text, "State c1, sequence 1, unit 5: got "));
  trine_states_free(&states);
  ck_assert_int_eq(trine_session_check(NULL, &batch, &check, &bench.error), TRINE_ERR_ARG);
  trine_session_close(session);
  trine_model_plan_free(&plan);
  bench_close(&bench);
}
END_TEST

START_TEST(test_two_sessions_side_by_side_and_compared_with_golden) {
  struct plan_bench bench;
  struct trine_model_plan plan;
  struct trine_session *sessions[2], *golden = NULL;
  struct trine_comparison comparison;
  bench_open(&bench);
  make(&bench, &(struct trine_model_plan_options){.cores = 1}, &plan);
  for (uint32_t n = 0; n < 2; n++) {
    const struct trine_session_options options = {.plan = &plan, .core_mask = 1U << n};
    ck_assert_int_eq(
        trine_session_open(bench.model, bench.device, &options, &sessions[n], &bench.error),
        TRINE_OK);
  }
  const struct trine_model_batch batches[2] = {model_batch(&bench, 0), model_batch(&bench, 1)};
  const struct trine_plan_batch planned[2] = {plan_batch(&bench), plan_batch(&bench)};
  struct trine_model_plan *const plans[2] = {&plan, &plan};
  ck_assert_int_eq(trine_model_plans_together(&bench.target, plans, planned, 2, &bench.error),
                   TRINE_OK);
  ck_assert_msg(trine_sessions_run(sessions, batches, 2, &bench.error) == TRINE_OK, "%s",
                bench.error.text);
  ck_assert_mem_eq(bench.output[0], bench.output[1], sizeof bench.output[0]);
  ck_assert_int_eq(trine_session_open(bench.model, NULL, NULL, &golden, &bench.error), TRINE_OK);
  ck_assert_int_eq(
      trine_sessions_compare(sessions[1], golden, &batches[0], &comparison, &bench.error),
      TRINE_OK);
  ck_assert(comparison.same);
  ck_assert_uint_eq(comparison.values, SEQUENCES * STEPS * OUT);
  ck_assert_uint_gt(trine_session_stats(golden)->macs, 0);
  ck_assert_int_eq(
      trine_sessions_compare(sessions[1], NULL, &batches[0], &comparison, &bench.error),
      TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(bench.error.text, "no second session"));
  struct trine_model *other = NULL;
  struct trine_session *of_other = NULL;
  ck_assert_int_eq(trine_model_load("tests/models/vowels.tflite", &other, &bench.error), TRINE_OK);
  ck_assert_int_eq(trine_session_open(other, NULL, NULL, &of_other, &bench.error), TRINE_OK);
  ck_assert_int_eq(trine_sessions_compare(golden, of_other, &batches[0], &comparison, &bench.error),
                   TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(bench.error.text, "no model that both have"));
  trine_session_close(of_other);
  trine_model_free(other);
  struct fake_device fake;
  fake_device_create(&fake, &bench.fake.params, bench.fake.memory_bytes);
  struct trine *device = case_open(&fake);
  struct trine_session *far = NULL;
  ck_assert_int_eq(trine_session_open(bench.model, device, NULL, &far, &bench.error), TRINE_OK);
  struct trine_session *const apart[] = {sessions[0], far};
  ck_assert_int_eq(trine_sessions_run(apart, batches, 2, &bench.error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(bench.error.text, "Session 1 is not open on the device"));
  trine_session_close(far);
  free(device);
  fake_device_destroy(&fake);
  trine_session_close(golden);
  trine_session_close(sessions[0]);
  trine_session_close(sessions[1]);
  trine_model_plan_free(&plan);
  bench_close(&bench);
}
END_TEST

/* One network with SOFTMAX and ARG_MAX behind it. */
static bool places_behind_a_network(const struct trine_model *model) {
  return trine_model_info(model)->segment_count == 3 && trine_model_network(model, 0) != NULL &&
         strcmp(trine_model_segment_name(model, 1), "SOFTMAX") == 0 &&
         strcmp(trine_model_segment_name(model, 2), "ARG_MAX") == 0;
}

START_TEST(test_an_image_is_one_network) {
  struct plan_bench bench;
  struct trine_model_plan plan;
  struct trine_image *image = NULL;
  bench_open(&bench);
  make(&bench, &(struct trine_model_plan_options){.cores = 0}, &plan);
  ck_assert(trine_model_is_image(bench.model, &bench.error));
  ck_assert_int_eq(
      trine_model_plan_compile(&bench.target, &plan, TRINE_IMAGE_IN_PLACE, &image, &bench.error),
      TRINE_OK);
  ck_assert(trine_image_is_valid(image, image->bytes) && image->window_at != 0);
  ck_assert_int_eq(trine_image_write_c("x.c", image, plan.networks[0].network, STEPS, &bench.error),
                   TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(bench.error.text, "write a .trn"));
  free(image);
  ck_assert_int_eq(
      trine_model_plan_compile(&bench.target, &plan, TRINE_IMAGE_PLAIN, &image, &bench.error),
      TRINE_OK);
  ck_assert(trine_image_is_valid(image, image->bytes) && image->window_at == 0);
  ck_assert_int_eq(trine_image_write_c("x.h", image, plan.networks[0].network, STEPS, &bench.error),
                   TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(bench.error.text, "ends in .c, not 'x.h'"));
  struct trine_array output;
  ck_assert_int_eq(
      trine_image_run_array(NULL, image, &bench.input, NULL, &output, NULL, &bench.error),
      TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(bench.error.text, "needs a device"));
  free(image);
  trine_model_plan_free(&plan);
  struct trine_model *many = find_model("tests/heads/set", places_behind_a_network);
  ck_assert(!trine_model_is_image(many, &bench.error));
  ck_assert_ptr_nonnull(strstr(bench.error.text, "2 operators of the host (SOFTMAX, ARG_MAX)"));
  trine_model_free(many);
  bench_close(&bench);
}
END_TEST

START_TEST(test_states_of_images_are_refused) {
  const struct trine_image empty = {.magic = 0};
  struct trine_states made;
  const struct {
    bool reads; /* from a file, else makes them */
    const char *path;
    const struct trine_image *image;
    uint32_t sequences;
    struct trine_states *states;
    const char *sentence;
  } cases[] = {{false, NULL, NULL, 1, &made, "need an image and a place"},
               {false, NULL, &empty, 1, NULL, "there is no place"},
               {false, NULL, &empty, 0, &made, "States of 0 sequences"},
               {true, NULL, &empty, 1, &made, "there is no file"},
               {true, "x.npz", NULL, 1, &made, "there is no image"},
               {true, "x.npz", &empty, 1, NULL, "there is no place"},
               {true, "x.npz", &empty, 1, &made, "no LSTM, so x.npz cannot hold states"}};
  for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
    struct trine_error error = {""};
    const enum trine_status status =
        cases[n].reads
            ? trine_states_read_image(cases[n].path, cases[n].image, cases[n].states, &error)
            : trine_states_make_image(cases[n].image, cases[n].sequences, cases[n].states, &error);
    ck_assert_int_eq(status, TRINE_ERR_ARG);
    ck_assert_msg(strstr(error.text, cases[n].sentence) != NULL, "%s", error.text);
    ck_assert(cases[n].states == NULL || made.lstm == NULL);
  }
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("model_plan");
  TCase *plans = tcase_create("plans");
  tcase_set_timeout(plans, 60);
  tcase_add_test(plans, test_the_best_of_all_modes_is_no_worse_than_any);
  tcase_add_test(plans, test_a_text_places_layers_and_names_the_mode);
  tcase_add_test(plans, test_a_planned_session_is_exact_and_a_changed_value_is_named);
  tcase_add_test(plans, test_two_sessions_side_by_side_and_compared_with_golden);
  tcase_add_test(plans, test_an_image_is_one_network);
  tcase_add_test(plans, test_states_of_images_are_refused);
  suite_add_tcase(suite, plans);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
