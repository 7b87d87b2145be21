/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_networks: the driver and the golden model refuse the same networks with the same
 * sentence: every contradiction by name, and random networks with one field broken. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden/golden.h"
#include "support/checked/driver_case.h"
#include "support/random_network.h"

enum { MEMORY = 1 << 20, ROUNDS = 3000 };

/* A job says to it what trine_place has said. */
static void job_says(struct trine *device, const struct trine_network *network,
                     enum trine_status placed) {
  char said[320];
  (void)snprintf(said, sizeof said, "%s", trine_last_error(device));
  struct trine_job *job = NULL;
  const size_t bytes = trine_job_sizeof(device, network);
  void *memory = malloc(bytes);
  ck_assert_ptr_nonnull(memory);
  ck_assert_int_eq(trine_job_create(device, network, NULL, memory, bytes, &job), placed);
  ck_assert_str_eq(said, trine_last_error(device));
  trine_job_destroy(job);
  free(memory);
}

/* Both accept (the driver may lack room), or both refuse with the same words. */
static bool agree(struct trine *device, const struct trine_network *network, const char *what) {
  struct trine_error error = {""};
  struct trine_placement placement;
  const bool golden = trine_network_check(network, NULL, &error) == TRINE_OK;
  const enum trine_status driver = trine_place(device, network, TRINE_MODE_SINGLE, 1, &placement);
  ck_assert_msg((driver == TRINE_ERR_NETWORK) == !golden, "%s: driver %d '%s', golden '%s'", what,
                driver, driver != TRINE_OK ? trine_last_error(device) : "", error.text);
  if (!golden) {
    ck_assert_str_eq(trine_last_error(device), error.text);
    job_says(device, network, driver);
  }
  return golden;
}

/* Breaks one thing of a network; `what` counts them. */
enum { BREAKS = 24 };
static void break_layer(struct trine_layer *layer, uint32_t what) {
  switch (what) {
    case 0:
      layer->units = 0;
      break;
    case 1:
      layer->inputs = 0;
      break;
    case 2:
      layer->kind = (enum trine_layer_kind)7;
      break;
    case 3:
      layer->cell_exponent = 20;
      break;
    case 4:
      layer->cell_clip = -5;
      break;
    case 5:
      layer->out.shift = 100;
      break;
    case 6:
      layer->w[0] = NULL;
      break;
    case 7:
      layer->h_rows[3] = NULL;
      break;
    case 8:
      layer->name = NULL;
      break;
    case 9:
      layer->units = (1u << 24) + 1;
      break;
    case 10:
      layer->out.multiplier = (1 << 30) - 1;
      break;
    default:
      layer->inputs++;
      break;
  }
}

static void break_chain(struct trine_chain *chain, uint32_t what) {
  switch (what) {
    case 0:
      chain->source = 9;
      break;
    case 1:
      chain->target = 0;
      break;
    case 2:
      chain->target_part = 1;
      break;
    case 3:
      chain->layer_count = 0;
      break;
    case 4:
      chain->first_layer++;
      break;
    case 5:
      chain->source = chain->target;
      break;
    default:
      chain->layer_count = UINT32_MAX;
      break;
  }
}

static void break_network(struct trine_network *network, struct driver_case *made, uint32_t what) {
  switch (what) {
    case 0:
      network->tensor_count = 1;
      break;
    case 1:
      network->layers = NULL;
      break;
    case 2:
      made->tensors[1].part_count = 5;
      break;
    case 3:
      made->tensors[0].part_width[0] = 0;
      break;
    default:
      made->tensors[1].part_width[0]++;
      break;
  }
}

static void break_one(struct driver_case *made, uint32_t what) {
  if (what < 12) {
    break_layer(&made->layers[0], what);
  } else if (what < 19) {
    break_chain(&made->chains[0], what - 12);
  } else {
    break_network(&made->network, made, what - 19);
  }
}

START_TEST(test_every_contradiction_is_refused_by_both) {
  struct seed_stream stream = seed_start("contradictions");
  struct fake_params params = case_params("duo");
  struct fake_device fake;
  fake_device_create(&fake, &params, MEMORY);
  struct trine *device = case_open(&fake);
  struct driver_case made;
  case_stack(&made, &stream, 2, false, false, 12);
  ck_assert(agree(device, &made.network, "whole"));
  struct driver_case broken = made;
  broken.network.tensors = broken.tensors;
  broken.network.layers = broken.layers;
  broken.network.chains = broken.chains;
  break_one(&broken, (uint32_t)_i);
  ck_assert_msg(!agree(device, &broken.network, "broken"), "break %d was accepted by both", _i);
  ck_assert_uint_eq(fake.starts, 0);
  case_free(&made);
  free(device);
  fake_device_destroy(&fake);
}
END_TEST

static void refused_with(const struct trine *device, const char *part) {
  ck_assert_msg(strstr(trine_last_error(device), part) != NULL, "'%s' lacks '%s'",
                trine_last_error(device), part);
}

/* Two directions: what tensors and chains can get wrong together. */
START_TEST(test_parts_are_written_once_and_have_the_same_rows) {
  struct seed_stream stream = seed_start("parts");
  struct fake_params params = case_params("duo");
  struct fake_device fake;
  fake_device_create(&fake, &params, MEMORY);
  struct trine *device = case_open(&fake);
  struct driver_case made;
  case_bidirectional(&made, &stream, 2, true, false, 8);
  const uint32_t units = made.layers[1].units;
  ck_assert(agree(device, &made.network, "whole"));
  made.chains[1].last_only = true;
  ck_assert(!agree(device, &made.network, "one part last_only"));
  refused_with(device, "the parts of tensor 1 differ in their number of rows");
  made.chains[0].last_only = true;
  ck_assert(agree(device, &made.network, "both parts last_only"));
  made.chains[0].last_only = made.chains[1].last_only = false;
  made.tensors[3].part_count = 2;
  made.tensors[3].part_width[1] = 5;
  ck_assert(!agree(device, &made.network, "a part that nobody writes"));
  refused_with(device, "part 1 of tensor 3 is written by 0 chains");
  made.tensors[3].part_count = 1;
  made.chains[1].first_layer = 0;
  ck_assert(!agree(device, &made.network, "a layer in two chains"));
  refused_with(device, "is in two chains");
  made.chains[1].first_layer = 1;
  const struct trine_chain second = made.chains[1];
  made.tensors[1].part_width[1] = made.tensors[1].part_width[0];
  made.chains[1].target_part = 0;
  made.layers[1].units = made.tensors[1].part_width[0];
  ck_assert(!agree(device, &made.network, "a part that two write"));
  made.chains[1] = second;
  ck_assert(!agree(device, &made.network, "and another layer's inputs"));
  made.layers[1].units = made.tensors[1].part_width[1] = units;
  ck_assert(agree(device, &made.network, "whole again"));
  made.network.chain_count--;
  ck_assert(!agree(device, &made.network, "the output is not written"));
  made.network.chain_count++;
  made.tensors[0].part_width[0] = made.tensors[2].part_width[0] + made.tensors[2].part_width[1];
  made.chains[0].source = made.chains[1].source = 2;
  made.layers[0].inputs = made.layers[1].inputs = made.tensors[0].part_width[0];
  ck_assert(!agree(device, &made.network, "a circle"));
  case_free(&made);
  free(device);
  fake_device_destroy(&fake);
}
END_TEST

/* A random word of the description is changed: both say the same, whatever that is. */
START_TEST(test_random_changes_are_judged_alike) {
  struct seed_stream stream = seed_start("changes");
  struct fake_params params = case_params("duo");
  struct fake_device fake;
  fake_device_create(&fake, &params, MEMORY);
  struct trine *device = case_open(&fake);
  struct driver_case made = {.network = {.layer_count = 0}};
  uint32_t accepted = 0;
  for (uint32_t round = 0; round < ROUNDS; round++) {
    if (round % 100 == 0) {
      case_bidirectional(&made, &stream, 1 + round / 100 % 2, round % 200 == 0, false, 8);
    }
    struct driver_case broken = made;
    broken.network.tensors = broken.tensors;
    broken.network.layers = broken.layers;
    broken.network.chains = broken.chains;
    for (uint32_t n = 0; n < 2; n++) {
      struct trine_chain *chain = &broken.chains[seed_uniform(&stream, 0, 2)];
      struct trine_layer *layer = &broken.layers[seed_uniform(&stream, 0, 2)];
      const uint32_t small = (uint32_t)seed_uniform(&stream, 0, 5);
      uint32_t *const words[] = {
          &chain->source,      &chain->target, &chain->target_part,         &chain->first_layer,
          &chain->layer_count, &layer->inputs, &broken.network.tensor_count};
      const uint32_t which = (uint32_t)seed_uniform(&stream, 0, 8);
      if (which < 7) {
        *words[which] = which == 6 && small > 4 ? 2 : small;
      } else {
        chain->last_only = which == 7;
        chain->reversed = which == 8;
      }
    }
    accepted += agree(device, &broken.network, "changed");
    if (round % 100 == 99) {
      case_free(&made);
    }
  }
  ck_assert_uint_gt(accepted, ROUNDS / 100);
  ck_assert_uint_lt(accepted, ROUNDS / 2);
  free(device);
  fake_device_destroy(&fake);
}
END_TEST

START_TEST(test_a_clamp_that_holds_nothing_is_refused) {
  struct seed_stream stream = seed_start("clamp");
  struct fake_params params = case_params("duo");
  struct fake_device fake;
  fake_device_create(&fake, &params, MEMORY);
  struct trine *device = case_open(&fake);
  struct driver_case made;
  case_stack(&made, &stream, 0, true, false, 8);
  made.layers[0].out_min = made.layers[0].out_max = 3;
  ck_assert(agree(device, &made.network, "one value"));
  made.layers[0].out_min = 4;
  ck_assert(!agree(device, &made.network, "none"));
  ck_assert_ptr_nonnull(strstr(trine_last_error(device), "4..3"));
  case_free(&made);
  free(device);
  fake_device_destroy(&fake);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("driver_networks");
  TCase *tests = tcase_create("networks");
  tcase_add_loop_test(tests, test_every_contradiction_is_refused_by_both, 0, BREAKS);
  tcase_add_test(tests, test_parts_are_written_once_and_have_the_same_rows);
  tcase_add_test(tests, test_random_changes_are_judged_alike);
  tcase_add_test(tests, test_a_clamp_that_holds_nothing_is_refused);
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
