/* SPDX-License-Identifier: Apache-2.0 */
/* trine_run: starting a batch on the device: slot and cores, memory, registers, START. */
#include <string.h>

#include "trine_internal.h"
#include "trine_regs.h"

enum { ABORT_POLLS = 1000 };

uint32_t trine_domain_reg(const struct trine_job *job, uint32_t offset) {
  return TRINE_DOMAIN_PAGE + TRINE_PAGE_BYTES * job->slot + offset;
}

uint32_t trine_state_of(uint32_t status_register) {
  return status_register & TRINE_DOMAIN_STATUS_STATE_MASK;
}

static enum trine_status choose_slot(struct trine_job *job) {
  struct trine *device = job->device;
  uint32_t best = UINT32_MAX;
  for (uint32_t s = 0; s < device->info.cores; s++) {
    const struct trine_job *running = device->running[s];
    if (running != NULL && (running->core_mask & job->core_mask) != 0) {
      return trine_fail(device, TRINE_ERR_BUSY, "cores 0x%x of the job are taken by another job",
                        running->core_mask & job->core_mask);
    }
    bool is_better = best == UINT32_MAX || device->resident[s] == job ||
                     (device->resident[best] != NULL && device->resident[best] != job &&
                      device->resident[s] == NULL);
    if (running == NULL && is_better) {
      best = s;
    }
  }
  if (best == UINT32_MAX) {
    return trine_fail(device, TRINE_ERR_BUSY, "all %u domain slots are taken", device->info.cores);
  }
  job->slot = best;
  return TRINE_OK;
}

enum trine_status trine_prepare(struct trine_job *job) {
  struct trine *device = job->device;
  const uint32_t registers[][2] = {
      {TRINE_DOMAIN_CORE_MASK, job->core_mask},
      {TRINE_DOMAIN_MODE, (uint32_t)job->placement.mode},
      {TRINE_DOMAIN_WINDOW_BASE_LO, (uint32_t)job->window_base},
      {TRINE_DOMAIN_WINDOW_BASE_HI, (uint32_t)(job->window_base >> 32)},
      {TRINE_DOMAIN_WINDOW_SIZE, job->window_size},
      {TRINE_DOMAIN_PROGRAM, 0}};
  enum trine_status status = TRINE_OK;
  for (uint32_t n = 0; n < sizeof registers / sizeof registers[0] && status == TRINE_OK; n++) {
    status = trine_reg_write(device, trine_domain_reg(job, registers[n][0]), registers[n][1]);
  }
  uint32_t value = 0;
  if (status == TRINE_OK) {
    status = trine_reg_read(device, trine_domain_reg(job, TRINE_DOMAIN_STATUS), &value);
  }
  bool is_loaded =
      device->resident[job->slot] == job && (value & TRINE_DOMAIN_STATUS_RESIDENT_MASK) != 0;
  bool is_resident = is_loaded && job->resident_kept == job->batch_kept;
  if (status == TRINE_OK && !job->piece.is_first && !is_resident) {
    return trine_fail(device, TRINE_ERR_DEVICE,
                      "the cores of the job were used by another between two pieces of a sequence");
  }
  if (status == TRINE_OK) {
    status = trine_pack_input(job);
  }
  if (status == TRINE_OK && job->batch_kept && job->piece.is_first) {
    status = trine_pack_states(job);
  }
  if (status == TRINE_OK) {
    status = trine_write_program(job, !is_loaded, is_resident);
  }
  return status;
}

enum trine_status trine_kick(struct trine_job *job) {
  struct trine *device = job->device;
  device->resident[job->slot] = NULL;
  job->stats.runs++;
  enum trine_status status = trine_reg_write(device, TRINE_GLOBAL_IRQ_RAW, 1u << job->slot);
  if (status == TRINE_OK) {
    status = trine_reg_write(device, trine_domain_reg(job, TRINE_DOMAIN_CONTROL),
                             TRINE_DOMAIN_CONTROL_START_MASK);
  }
  return status;
}

/* Takes slot and cores, and makes all ready for START. */
static enum trine_status begin(struct trine_job *job, const struct trine_batch *batch) {
  enum trine_status status = trine_check_batch(job, batch);
  if (status == TRINE_OK) {
    status = choose_slot(job);
  }
  if (status != TRINE_OK) {
    return status;
  }
  job->batch = batch;
  job->batch_kept = trine_needs_state(job, batch);
  memset(&job->piece, 0, sizeof job->piece);
  trine_count_work(job);
  (void)trine_next_piece(job);
  status = trine_prepare(job);
  if (status == TRINE_OK) {
    job->device->running[job->slot] = job;
    job->is_active = true;
  }
  return status;
}

void trine_release(struct trine_job *job) {
  if (job->is_active) {
    job->device->running[job->slot] = NULL;
  }
  job->is_active = false;
}

void trine_abandon(struct trine_job *job) {
  struct trine *device = job->device;
  char error[sizeof device->error];
  memcpy(error, device->error, sizeof error);
  uint32_t value = TRINE_DOMAIN_STATUS_STATE_RUNNING;
  enum trine_status status = trine_reg_write(device, trine_domain_reg(job, TRINE_DOMAIN_CONTROL),
                                             TRINE_DOMAIN_CONTROL_ABORT_MASK);
  for (uint32_t n = 0; n < ABORT_POLLS && status == TRINE_OK; n++) {
    status = trine_reg_read(device, trine_domain_reg(job, TRINE_DOMAIN_STATUS), &value);
    if (trine_state_of(value) != TRINE_DOMAIN_STATUS_STATE_RUNNING &&
        trine_state_of(value) != TRINE_DOMAIN_STATUS_STATE_STOPPING) {
      break;
    }
    (void)device->bus.wait(device->bus.ctx, 1);
  }
  (void)trine_reg_write(device, TRINE_GLOBAL_IRQ_RAW, 1u << job->slot);
  memcpy(device->error, error, sizeof error);
  trine_release(job);
}

enum trine_status trine_jobs_start(struct trine_job *const *jobs,
                                   const struct trine_batch *const *batches, uint32_t count) {
  if (jobs == NULL || batches == NULL || count < 1) {
    return TRINE_ERR_ARG;
  }
  uint32_t begun = 0;
  enum trine_status status = TRINE_OK;
  for (; begun < count && status == TRINE_OK; begun++) {
    status = jobs[begun] != NULL ? begin(jobs[begun], batches[begun]) : TRINE_ERR_ARG;
  }
  begun -= status != TRINE_OK ? 1 : 0;
  for (uint32_t n = 0; n < begun && status == TRINE_OK; n++) {
    status = trine_kick(jobs[n]);
  }
  for (uint32_t n = 0; n < begun && status != TRINE_OK; n++) {
    trine_abandon(jobs[n]);
  }
  return status;
}

enum trine_status trine_job_start(struct trine_job *job, const struct trine_batch *batch) {
  return trine_jobs_start(&job, &batch, 1);
}

bool trine_job_done(struct trine_job *job) {
  uint32_t value = 0;
  if (!job->is_active) {
    return true;
  }
  if (trine_reg_read(job->device, trine_domain_reg(job, TRINE_DOMAIN_STATUS), &value) != TRINE_OK) {
    return true; /* the wait that follows meets the same failure and names it */
  }
  return trine_state_of(value) != TRINE_DOMAIN_STATUS_STATE_RUNNING &&
         trine_state_of(value) != TRINE_DOMAIN_STATUS_STATE_STOPPING;
}

void trine_job_destroy(struct trine_job *job) {
  if (job == NULL) {
    return;
  }
  if (job->is_active) {
    trine_abandon(job);
  }
  for (struct trine_job **link = &job->device->jobs; *link != NULL; link = &(*link)->next) {
    if (*link == job) {
      *link = job->next;
      break;
    }
  }
  for (uint32_t s = 0; s < TRINE_MAX_CORES; s++) {
    if (job->device->resident[s] == job) {
      job->device->resident[s] = NULL;
    }
  }
}
