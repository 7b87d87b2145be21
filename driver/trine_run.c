/* SPDX-License-Identifier: Apache-2.0 */
/* trine_run: starting a batch on the device: slot and cores, memory, registers, START. */
#include <string.h>

#include "trine_internal.h"
#include "trine_regs.h"

enum { STOP_MS = 1000 }; /* patience with a run that is to stop; the device's watchdog is shorter */

uint32_t trine_domain_reg(const struct trine_job *job, uint32_t offset) {
  return trine_slot_reg(job->slot, offset);
}

/* The job's cores are neither taken by another run nor in quarantine. */
static enum trine_status check_cores(struct trine_job *job) {
  struct trine *device = job->device;
  for (uint32_t s = 0; s < device->info.cores; s++) {
    const struct trine_job *running = device->running[s];
    if (running != NULL && (running->core_mask & job->core_mask) != 0) {
      return trine_fail(device, TRINE_ERR_BUSY, "cores 0x%x of the job are taken by another job",
                        running->core_mask & job->core_mask);
    }
  }
  uint32_t busy = 0, quarantine = 0;
  enum trine_status status = trine_read_cores(device, &busy, &quarantine);
  if (status == TRINE_OK && (quarantine & job->core_mask) != 0) {
    return trine_fail(device, TRINE_ERR_BUSY,
                      "cores 0x%x of the job are in quarantine until the device is reset; a job "
                      "made now takes others",
                      quarantine & job->core_mask);
  }
  if (status == TRINE_OK && (busy & job->core_mask) != 0) {
    return trine_fail(device, TRINE_ERR_BUSY,
                      "cores 0x%x of the job run a program that was not started here or was not "
                      "seen to stop; wait for its end, or stop it with trine_stop_strays (trine "
                      "run --stop-strays)",
                      busy & job->core_mask);
  }
  return status;
}

/* The free slot that is best among those not in `tried`, or UINT32_MAX. */
static uint32_t best_slot(const struct trine_job *job, uint32_t tried) {
  const struct trine *device = job->device;
  uint32_t best = UINT32_MAX;
  for (uint32_t s = 0; s < device->info.cores; s++) {
    bool is_better = best == UINT32_MAX || device->resident[s] == job ||
                     (device->resident[best] != NULL && device->resident[best] != job &&
                      device->resident[s] == NULL);
    if (device->running[s] == NULL && (tried >> s & 1) == 0 && is_better) {
      best = s;
    }
  }
  return best;
}

/* A slot that is free here and on the device: another process may use some. */
static enum trine_status choose_slot(struct trine_job *job) {
  struct trine *device = job->device;
  uint32_t tried = 0, value = 0;
  for (uint32_t best = best_slot(job, 0); best != UINT32_MAX; best = best_slot(job, tried)) {
    enum trine_status status =
        trine_reg_read(device, trine_slot_reg(best, TRINE_DOMAIN_STATUS), &value);
    if (status != TRINE_OK) {
      return status;
    }
    if (!trine_is_at_work(value)) {
      job->slot = best;
      return TRINE_OK;
    }
    tried |= 1u << best;
  }
  return trine_fail(device, TRINE_ERR_BUSY,
                    "all %u domain slots are taken (0x%x of them by runs that were not started "
                    "here); wait for one to end",
                    device->info.cores, tried);
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
    return trine_fail(
        device, TRINE_ERR_DEVICE,
        "cores 0x%x of the job were used by another between two pieces of a sequence; the "
        "sequence has to begin again",
        job->core_mask);
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
  if (status != TRINE_OK) {
    return status;
  }
  trine_patience_start(&job->patience, device, job->timeout_ms);
  job->is_started = true;
  return trine_reg_write(device, trine_domain_reg(job, TRINE_DOMAIN_CONTROL),
                         TRINE_DOMAIN_CONTROL_START_MASK);
}

enum trine_status trine_confirm_start(struct trine_job *job, enum trine_status kicked) {
  struct trine *device = job->device;
  uint32_t value = 0;
  if (device->bus.read32(device->bus.ctx, trine_domain_reg(job, TRINE_DOMAIN_STATUS), &value) ==
          0 &&
      (value & TRINE_DOMAIN_STATUS_REFUSED_MASK) != 0) {
    job->is_started = false; /* what runs there is not ours to stop */
    return trine_fail(device, TRINE_ERR_BUSY,
                      "START was refused: domain slot %u runs a program that was not started here; "
                      "wait for its end",
                      job->slot);
  }
  return kicked;
}

/* Takes slot and cores, and makes all ready for START. */
static enum trine_status begin(struct trine_job *job, const struct trine_batch *batch) {
  enum trine_status status = trine_check_batch(job, batch);
  status = status == TRINE_OK ? check_cores(job) : status;
  status = status == TRINE_OK ? choose_slot(job) : status;
  if (status != TRINE_OK) {
    return status;
  }
  job->is_started = false;
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

/* What the sentence of an error has to add: a core that was left in quarantine. */
static void tell_quarantine(struct trine_job *job, const char *error) {
  struct trine *device = job->device;
  uint32_t busy = 0, quarantine = 0;
  const bool is_known = trine_read_cores(device, &busy, &quarantine) == TRINE_OK;
  (void)trine_fail(device, TRINE_OK, "%s", error);
  if (is_known && (quarantine & job->core_mask) != 0) {
    trine_add_to_error(device, "; cores 0x%x are in quarantine until the device is reset",
                       quarantine & job->core_mask);
  }
}

void trine_abandon(struct trine_job *job) {
  struct trine *device = job->device;
  char error[sizeof device->error];
  memcpy(error, device->error, sizeof error);
  if (job->is_started && trine_stop_slot(device, job->slot, STOP_MS)) {
    (void)trine_reg_write(device, TRINE_GLOBAL_IRQ_RAW, 1u << job->slot);
    tell_quarantine(job, error);
  } else if (job->is_started) {
    const struct stray stray = {.core_mask = job->core_mask,
                                .window_base = job->window_base,
                                .window_bytes = job->window_size};
    trine_add_stray(device, job->slot, &stray);
    (void)trine_fail(device, TRINE_OK,
                     "%s; it was not seen to stop, so domain slot %u and cores 0x%x stay taken",
                     error, job->slot, job->core_mask);
  }
  job->is_started = false;
  trine_release(job);
}

enum trine_status trine_jobs_start(struct trine_job *const *jobs,
                                   const struct trine_batch *const *batches, uint32_t count) {
  if (jobs == NULL || batches == NULL || count < 1) {
    return TRINE_ERR_ARG;
  }
  for (uint32_t n = 0; n < count; n++) {
    if (jobs[n] == NULL) {
      return TRINE_ERR_ARG;
    }
  }
  uint32_t begun = 0;
  enum trine_status status = TRINE_OK;
  for (; begun < count && status == TRINE_OK; begun++) {
    status = begin(jobs[begun], batches[begun]);
  }
  begun -= status != TRINE_OK ? 1 : 0;
  uint32_t kicked = 0;
  for (; kicked < begun && status == TRINE_OK; kicked++) {
    status = trine_kick(jobs[kicked]);
  }
  for (uint32_t n = 0; n < kicked && (status == TRINE_OK || n + 1 == kicked); n++) {
    status = trine_confirm_start(jobs[n], status);
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
  if (job == NULL || !job->is_active) {
    return true;
  }
  if (trine_reg_read(job->device, trine_domain_reg(job, TRINE_DOMAIN_STATUS), &value) != TRINE_OK) {
    return true; /* the wait that follows meets the same failure and names it */
  }
  return !trine_is_at_work(value);
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
