/* SPDX-License-Identifier: Apache-2.0 */
/* pair: see pair.h. */
#include "pair.h"

#include <check.h>
#include <string.h>

#include "scenario.h"
#include "trine_regs.h"

enum { LEAST_UNITS = 16, MOST_UNITS = 32, VICTIM_STEPS = 6, BYSTANDER_STEPS = 20 };

static void make_job(struct pair *pair, enum pair_job which, struct seed_stream *stream,
                     const struct trine_job_options *options, uint32_t steps) {
  struct driver_case *network = &pair->networks[which];
  uint32_t units;
  do {
    memset(network, 0, sizeof *network);
    scenario_stack(network, stream, 2, true, MOST_UNITS);
    /* Wide enough that both cores of a helper job have units of every layer. */
    units = network->layers[0].units;
    for (uint32_t n = 1; n < network->network.layer_count; n++) {
      units = network->layers[n].units < units ? network->layers[n].units : units;
    }
    if (units < LEAST_UNITS) {
      case_free(network);
    }
  } while (units < LEAST_UNITS);
  batch_create(&pair->batches[which], stream, &network->network, 3, steps, false,
               which == PAIR_VICTIM);
  for (uint32_t b = 0; b < 3; b++) {
    pair->batches[which].lengths[b] = steps - b;
  }
  batch_expect(&pair->batches[which], &network->network);
  job_create(&pair->jobs[which], pair->bench.device, &network->network, options);
}

void pair_open(struct pair *pair, enum pair_place place, const char *seed_name) {
  static const struct trine_job_options options[PAIR_PLACES][PAIR_JOBS] = {
      {{.mode = TRINE_MODE_SINGLE, .core_mask = 1}, {.mode = TRINE_MODE_SINGLE, .core_mask = 2}},
      {{.mode = TRINE_MODE_HELPER, .core_mask = 0x24},
       {.mode = TRINE_MODE_MULTITHREADING, .core_mask = 0x50}}};
  struct seed_stream stream = seed_start(seed_name);
  memset(pair, 0, sizeof *pair);
  bench_open(&pair->bench, place == PAIR_DUO ? "duo" : "octo", NULL);
  bench_write(&pair->bench, TRINE_GLOBAL_WATCHDOG, PAIR_WATCHDOG);
  make_job(pair, PAIR_VICTIM, &stream, &options[place][PAIR_VICTIM], VICTIM_STEPS);
  make_job(pair, PAIR_BYSTANDER, &stream, &options[place][PAIR_BYSTANDER], BYSTANDER_STEPS);
}

void pair_close(struct pair *pair) {
  for (uint32_t n = 0; n < PAIR_JOBS; n++) {
    job_free(&pair->jobs[n]);
    batch_free(&pair->batches[n]);
    case_free(&pair->networks[n]);
  }
  bench_close(&pair->bench);
}

void pair_start(struct pair *pair) {
  struct trine_job *jobs[] = {pair->jobs[0].job, pair->jobs[1].job};
  const struct trine_batch *batches[] = {&pair->batches[0].batch, &pair->batches[1].batch};
  enum trine_status status = trine_jobs_start(jobs, batches, PAIR_JOBS);
  ck_assert_msg(status == TRINE_OK, "%s", trine_last_error(pair->bench.device));
}

struct pair_error pair_read_error(struct pair *pair, uint32_t slot) {
  struct bench *bench = &pair->bench;
  return (struct pair_error){
      bench_read(bench, bench_domain(slot, TRINE_DOMAIN_STATUS)) & TRINE_DOMAIN_STATUS_STATE_MASK,
      bench_read(bench, bench_domain(slot, TRINE_DOMAIN_ERROR_CODE)),
      bench_read(bench, bench_domain(slot, TRINE_DOMAIN_ERROR_CORE)),
      bench_read(bench, bench_domain(slot, TRINE_DOMAIN_ERROR_OP)),
      bench_read64(bench, bench_domain(slot, TRINE_DOMAIN_ERROR_ADDR_LO))};
}

struct pair_error pair_fail(struct pair *pair) {
  struct trine_job *victim = pair->jobs[PAIR_VICTIM].job;
  enum trine_status status = trine_job_wait(victim);
  ck_assert_msg(status == TRINE_ERR_DEVICE, "the victim ended with %d, %s (%s)", status,
                trine_last_error(pair->bench.device), pair->bench.ops->error(pair->bench.sim));
  struct pair_error error = pair_read_error(pair, trine_job_slot(victim));
  ck_assert_uint_eq(error.state, TRINE_DOMAIN_STATUS_STATE_ERROR);
  return error;
}

void pair_bystander_is_exact(struct pair *pair) {
  struct trine_job *job = pair->jobs[PAIR_BYSTANDER].job;
  enum trine_status status = trine_job_wait(job);
  ck_assert_msg(status == TRINE_OK, "the bystander: %s (%s)", trine_last_error(pair->bench.device),
                pair->bench.ops->error(pair->bench.sim));
  batch_compare(&pair->batches[PAIR_BYSTANDER], &pair->networks[PAIR_BYSTANDER].network,
                "bystander");
  struct pair_error error = pair_read_error(pair, trine_job_slot(job));
  ck_assert_uint_eq(error.code, TRINE_ERROR_NONE);
  ck_assert_uint_eq(error.state, TRINE_DOMAIN_STATUS_STATE_DONE);
}

void pair_recovers(struct pair *pair) {
  struct driver_batch *batch = &pair->batches[PAIR_VICTIM];
  ck_assert_uint_eq(bench_read(&pair->bench, TRINE_GLOBAL_CORES_BUSY), 0);
  ck_assert_uint_eq(bench_read(&pair->bench, TRINE_GLOBAL_QUARANTINE), 0);
  memset(batch->output, 0x55, batch->output_bytes);
  enum trine_status status = trine_job_run(pair->jobs[PAIR_VICTIM].job, &batch->batch);
  ck_assert_msg(status == TRINE_OK, "the next job: %s (%s)", trine_last_error(pair->bench.device),
                pair->bench.ops->error(pair->bench.sim));
  batch_compare(batch, &pair->networks[PAIR_VICTIM].network, "next job");
}
