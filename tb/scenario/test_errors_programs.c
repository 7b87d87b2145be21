/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_programs: bad programs, each of one kind of badness, and some spoilt at random.
 *
 * On duo all kinds; on octo one of TRINE_KINDS (1: all), which of them follows the seed. */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "edits.h"
#include "errors.h"
#include "pair.h"
#include "program/format.h"
#include "trine_regs.h"

enum { TIMEOUT_SECONDS = 600, DEFAULT_SPOILT = 16, DEFAULT_KINDS = 3, HEADER_WORDS = 8 };

/* The core of a rank in a mask. */
static uint32_t core_of(uint32_t mask, uint32_t rank) {
  uint32_t core = 0;
  while ((mask >> core & 1) == 0 || rank-- > 0) {
    core++;
  }
  return core;
}

static bool is_core_right(const struct edit_run *run, uint32_t mask, uint32_t core) {
  const enum edit_core whose = edit_core(run->edit);
  bool is_right = whose != EDIT_OF_NAMED && whose != EDIT_OF_ANY && core == core_of(mask, 0);
  for (uint32_t rank = 0; rank < (uint32_t)__builtin_popcount(mask); rank++) {
    const bool may_be =
        whose == EDIT_OF_ANY || (whose != EDIT_OF_WORDS && (run->ranks >> rank & 1) != 0);
    is_right = is_right || (may_be && core == core_of(mask, rank));
  }
  return is_right;
}

static bool is_address_right(const struct edit_run *run, uint64_t address) {
  switch (run->edit->address) {
    case EDIT_WORD:
      return address == run->changed;
    case EDIT_FIRST:
      return address == run->first;
    default:
      return true;
  }
}

static void check_edit(enum pair_place place, const struct edit *edit) {
  struct pair pair;
  struct edit_run run = {.edit = edit, .rank = place == PAIR_OCTO ? 1 : 0};
  pair_open(&pair, place, edit->name);
  bench_tamper_next(&pair.bench, edit_apply, &run);
  pair_start(&pair);
  ck_assert_msg(run.is_done, "%s: the program has no such operation", edit->name);
  struct pair_error error = pair_fail(&pair);
  uint32_t mask = trine_job_core_mask(pair.jobs[PAIR_VICTIM].job);
  ck_assert_msg(error.code == edit->code,
                "%s: code %u, not %u (core %u, operation %u, address 0x%" PRIx64 ")", edit->name,
                error.code, edit->code, error.core, error.op, error.address);
  ck_assert_msg(is_core_right(&run, mask, error.core), "%s: core %u", edit->name, error.core);
  bool is_here = error.op == run.position; /* 0 in the header */
  bool is_later = edit->at == EDIT_LATER && error.op <= run.count;
  ck_assert_msg(is_here || is_later, "%s: operation %u, changed at %u", edit->name, error.op,
                run.position);
  ck_assert_msg(is_address_right(&run, error.address),
                "%s: address 0x%" PRIx64 ", the word 0x%x, the first argument 0x%x", edit->name,
                error.address, run.changed, run.first);
  pair_bystander_is_exact(&pair);
  pair_recovers(&pair);
  pair_close(&pair);
}

START_TEST(test_bad_program_stops_only_its_domain) {
  check_edit(PAIR_DUO, edit_at((uint32_t)_i));
}
END_TEST

static long kinds_in_group(void) {
  long kinds = errors_number("TRINE_KINDS", DEFAULT_KINDS);
  return kinds > 0 ? kinds : 1;
}

/* One, drawn, of each group of kinds. */
START_TEST(test_bad_program_of_one_of_two_cores_stops_both_and_no_other) {
  char name[32];
  (void)snprintf(name, sizeof name, "kinds on octo, group %d", _i);
  struct seed_stream stream = seed_start(name);
  long kinds = kinds_in_group();
  uint32_t at = (uint32_t)(_i * kinds + seed_uniform(&stream, 0, kinds - 1));
  check_edit(PAIR_OCTO, edit_at(edit_at(at) != NULL ? at : (uint32_t)(_i * kinds)));
}
END_TEST

/* A word of the list changed at random. */
struct spoil {
  struct seed_stream *stream;
  size_t at;
  uint32_t was, is;
};

static void spoil_word(void *context, uint32_t *words, size_t count) {
  struct spoil *spoil = context;
  spoil->at = (size_t)seed_uniform(spoil->stream, HEADER_WORDS, (int64_t)count - 1);
  spoil->was = words[spoil->at];
  if (seed_uniform(spoil->stream, 0, 2) > 0) {
    words[spoil->at] ^= 1u << seed_uniform(spoil->stream, 0, 31);
  } else {
    words[spoil->at] = (uint32_t)seed_next(spoil->stream);
  }
  spoil->is = words[spoil->at];
  bench_seal(words);
}

/* Whatever a word becomes, its domain ends, and nobody else knows. */
START_TEST(test_spoilt_program_ends_and_harms_nobody) {
  struct seed_stream stream = seed_start("spoilt programs");
  long rounds = errors_number("TRINE_SPOILT", DEFAULT_SPOILT);
  struct pair pair;
  pair_open(&pair, _i == 0 ? PAIR_DUO : PAIR_OCTO, "spoilt");
  long refused = 0;
  for (long n = 0; n < rounds; n++) {
    struct spoil spoil = {.stream = &stream};
    bench_tamper_next(&pair.bench, spoil_word, &spoil);
    pair_start(&pair);
    enum trine_status status = trine_job_wait(pair.jobs[PAIR_VICTIM].job);
    ck_assert_msg(status == TRINE_OK || status == TRINE_ERR_DEVICE,
                  "word %zu, 0x%x made 0x%x: %s (%s)", spoil.at, spoil.was, spoil.is,
                  trine_last_error(pair.bench.device), pair.bench.ops->error(pair.bench.sim));
    refused += status != TRINE_OK;
    pair_bystander_is_exact(&pair);
    /* A job that loads again: what was spoilt may be resident. */
    job_free(&pair.jobs[PAIR_VICTIM]);
    struct trine_job_options options = {.mode = _i == 0 ? TRINE_MODE_SINGLE : TRINE_MODE_HELPER,
                                        .core_mask = _i == 0 ? 1 : 0x24};
    job_create(&pair.jobs[PAIR_VICTIM], pair.bench.device, &pair.networks[PAIR_VICTIM].network,
               &options);
    pair_recovers(&pair);
    job_free(&pair.jobs[PAIR_VICTIM]);
    job_create(&pair.jobs[PAIR_VICTIM], pair.bench.device, &pair.networks[PAIR_VICTIM].network,
               &options);
  }
  printf("%ld programs with a word spoilt, %ld stopped with an error\n", rounds, refused);
  ck_assert_int_gt(refused, rounds / 4);
  pair_close(&pair);
}
END_TEST

void errors_add_programs(Suite *suite) {
  /* A case each, so that one may be run without the model of the other. */
  TCase *alone = tcase_create("programs-duo");
  TCase *shared = tcase_create("programs-octo");
  int count = 0;
  while (edit_at((uint32_t)count) != NULL) {
    count++;
  }
  tcase_set_timeout(alone, TIMEOUT_SECONDS);
  tcase_set_timeout(shared, TIMEOUT_SECONDS);
  tcase_add_loop_test(alone, test_bad_program_stops_only_its_domain, 0, count);
  long kinds = kinds_in_group();
  tcase_add_loop_test(shared, test_bad_program_of_one_of_two_cores_stops_both_and_no_other, 0,
                      (int)((count + kinds - 1) / kinds));
  suite_add_tcase(suite, alone);
  suite_add_tcase(suite, shared);
  TCase *spoilt = tcase_create("spoilt");
  tcase_set_timeout(spoilt, TIMEOUT_SECONDS);
  tcase_add_loop_test(spoilt, test_spoilt_program_ends_and_harms_nobody, 0, PAIR_PLACES);
  suite_add_tcase(suite, spoilt);
}
