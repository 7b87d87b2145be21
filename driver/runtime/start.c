/* SPDX-License-Identifier: Apache-2.0 */
/* start: a run is made ready and started: cores and slot, memory, registers, START or REPEAT. */
#include "program/assemble.h"
#include "program/format.h"
#include "runtime/internal.h"
#include "trine_regs.h"

enum { DEFAULT_TIMEOUT_MS = 60000 };

static enum trine_status fail(struct trine_run *run, enum trine_status status,
                              enum trine_fault_kind kind, uint64_t first, uint64_t second) {
  return trine_fault_set(&run->fault, status, kind, first, second, 0);
}

/* The run's cores are neither taken by another run nor in quarantine. */
static enum trine_status check_cores(struct trine_run *run) {
  struct trine_device *device = run->device;
  const uint32_t mask = run->options.core_mask;
  for (uint32_t s = 0; s < device->cores; s++) {
    const struct trine_run *running = device->slot[s].running;
    if (running != NULL && (running->options.core_mask & mask) != 0) {
      return fail(run, TRINE_ERR_BUSY, TRINE_FAULT_CORES_TAKEN, running->options.core_mask & mask,
                  0);
    }
  }
  uint32_t busy = 0, quarantine = 0;
  const enum trine_status status = trine_read_cores(device, &busy, &quarantine, &run->fault);
  if (status == TRINE_OK && (quarantine & mask) != 0) {
    return fail(run, TRINE_ERR_BUSY, TRINE_FAULT_QUARANTINE, quarantine & mask, 0);
  }
  if (status == TRINE_OK && (busy & mask) != 0) {
    return fail(run, TRINE_ERR_BUSY, TRINE_FAULT_CORES_BUSY, busy & mask, 0);
  }
  return status;
}

/* The free slot that is best among those not in `tried`, or UINT32_MAX. */
static uint32_t best_slot(const struct trine_run *run, uint32_t tried) {
  const struct trine_slot *slot = run->device->slot;
  uint32_t best = UINT32_MAX;
  for (uint32_t s = 0; s < run->device->cores; s++) {
    const bool is_better =
        best == UINT32_MAX || slot[s].resident == run ||
        (slot[best].resident != NULL && slot[best].resident != run && slot[s].resident == NULL);
    if (slot[s].running == NULL && (tried >> s & 1) == 0 && is_better) {
      best = s;
    }
  }
  return best;
}

/* A slot that is free here and on the device: another process may use some. */
static enum trine_status choose_slot(struct trine_run *run) {
  uint32_t tried = 0, value = 0;
  for (uint32_t best = best_slot(run, 0); best != UINT32_MAX; best = best_slot(run, tried)) {
    const enum trine_status status =
        trine_reg_read(run->device, trine_slot_reg(best, TRINE_DOMAIN_STATUS), &value, &run->fault);
    if (status != TRINE_OK) {
      return status;
    }
    if (!trine_is_at_work(value)) {
      run->slot = best;
      return TRINE_OK;
    }
    tried |= 1u << best;
  }
  return fail(run, TRINE_ERR_BUSY, TRINE_FAULT_SLOTS_TAKEN, run->device->cores, tried);
}

/* A word of the program: they come in order, but the head comes last. */
static bool put_word(void *ctx, uint32_t at, uint32_t word) {
  struct trine_run *run = ctx;
  if (4 * at != run->buffered_at + run->buffered) {
    (void)trine_window_finish(run);
    trine_window_begin(run, 4 * at);
  }
  trine_window_put(run, &word, sizeof word);
  return run->fault.status == TRINE_OK;
}

static enum trine_status write_program(struct trine_run *run, enum trine_resident resident) {
  const struct trine_program_out out = {run, put_word};
  uint32_t words = 0;
  trine_window_begin(run, 0);
  if (!trine_assemble(&run->cut, resident, &out, &words) && run->fault.status == TRINE_OK) {
    return fail(run, TRINE_ERR_MEMORY, TRINE_FAULT_PROGRAM, words, run->image->program_bytes);
  }
  return trine_window_finish(run);
}

static enum trine_status write_registers(struct trine_run *run) {
  const struct trine_run_options *options = &run->options;
  const uint32_t registers[][2] = {
      {TRINE_DOMAIN_CORE_MASK, options->core_mask},
      {TRINE_DOMAIN_MODE, run->image->mode},
      {TRINE_DOMAIN_WINDOW_BASE_LO, (uint32_t)options->window_base},
      {TRINE_DOMAIN_WINDOW_BASE_HI, (uint32_t)(options->window_base >> 32)},
      {TRINE_DOMAIN_WINDOW_SIZE, options->window_bytes},
      {TRINE_DOMAIN_PROGRAM, 0},
      {TRINE_DOMAIN_REPEAT_READ, 0},
      {TRINE_DOMAIN_REPEAT_WRITE, 0}};
  enum trine_status status = TRINE_OK;
  for (uint32_t n = 0; n < sizeof registers / sizeof registers[0] && status == TRINE_OK; n++) {
    status = trine_reg_write(run->device, trine_slot_reg(run->slot, registers[n][0]),
                             registers[n][1], &run->fault);
  }
  return status;
}

/* Steps of each sequence of the batch when it goes into one chunk and all are as long; 0: no. */
static uint32_t steps_of_all(const struct trine_run *run) {
  const struct trine_batch *batch = run->cut.batch;
  const struct trine_chunk *chunk = &run->cut.chunk;
  bool alike = !chunk->is_cut && chunk->count == batch->sequences;
  for (uint32_t n = 0; n < batch->sequences && alike; n++) {
    alike = batch->lengths[n] == batch->lengths[0];
  }
  return alike ? batch->lengths[0] : 0;
}

/* Whether the slot's last run was this one with as many and as long sequences, and the states that
 * the batch begins with, if it gives or wants any, are those that the cores have. */
static bool is_same_run(const struct trine_run *run) {
  return run->device->slot[run->slot].resident == run && run->repeat_steps != 0 &&
         run->repeat_sequences == run->cut.batch->sequences &&
         run->repeat_steps == steps_of_all(run) && run->resident_kept == run->cut.is_kept &&
         (!run->cut.is_kept || trine_states_go_on(run));
}

/* Whether the slot can do its last run again, and that is what the batch wants. */
static enum trine_status look_at_repeat(struct trine_run *run) {
  uint32_t value = 0;
  run->repeats = false;
  if (!is_same_run(run)) {
    return TRINE_OK;
  }
  const enum trine_status status = trine_reg_read(
      run->device, trine_slot_reg(run->slot, TRINE_DOMAIN_STATUS), &value, &run->fault);
  run->repeats = (value & TRINE_DOMAIN_STATUS_REPEATABLE_MASK) != 0;
  return status;
}

/* The one sequence of a batch goes on from the states that the cores have, like a cut one. */
static void go_on(struct trine_run *run) {
  run->cut.chunk.is_cut = true;
  run->cut.chunk.is_first = false;
}

enum trine_status trine_prepare(struct trine_run *run) {
  struct trine_device *device = run->device;
  uint32_t value = 0;
  enum trine_status status = look_at_repeat(run);
  if (status != TRINE_OK || run->repeats) {
    return status == TRINE_OK ? trine_put_rows(run) : status;
  }
  run->repeat_sequences = run->cut.batch->sequences;
  run->repeat_steps = steps_of_all(run);
  status = write_registers(run);
  if (status == TRINE_OK) {
    status =
        trine_reg_read(device, trine_slot_reg(run->slot, TRINE_DOMAIN_STATUS), &value, &run->fault);
  }
  const bool is_loaded =
      device->slot[run->slot].resident == run && (value & TRINE_DOMAIN_STATUS_RESIDENT_MASK) != 0;
  const bool is_set_up = is_loaded && run->resident_kept == run->cut.is_kept;
  if (is_set_up && run->repeat_steps != 0 && trine_states_go_on(run)) {
    go_on(run);
  }
  if (status == TRINE_OK && !run->cut.chunk.is_first && !is_set_up) {
    return fail(run, TRINE_ERR_DEVICE, TRINE_FAULT_RESUME, run->options.core_mask, 0);
  }
  if (status == TRINE_OK) {
    status = trine_put_rows(run);
  }
  if (status == TRINE_OK && run->cut.is_kept && run->cut.chunk.is_first) {
    status = trine_put_states(run);
  }
  if (status == TRINE_OK) {
    const enum trine_resident loaded = is_loaded ? TRINE_RESIDENT_WEIGHTS : TRINE_RESIDENT_NOTHING;
    status = write_program(run, is_set_up ? TRINE_RESIDENT_ALL : loaded);
  }
  return status;
}

enum trine_status trine_write_start(struct trine_run *run) {
  struct trine_device *device = run->device;
  const uint32_t limit_ms = run->options.timeout_ms;
  const uint32_t again =
      TRINE_DOMAIN_CONTROL_REPEAT_MASK | (run->cut.is_kept ? TRINE_DOMAIN_CONTROL_GOES_ON_MASK : 0);
  run->is_saved = false;
  device->slot[run->slot].resident = NULL;
  run->bus_gave_up = false;
  const enum trine_status status =
      trine_reg_write(device, TRINE_GLOBAL_IRQ_RAW, 1u << run->slot, &run->fault);
  if (status != TRINE_OK) {
    return status;
  }
  if (!run->is_timed || limit_ms == 0) {
    trine_timeout_start(&run->timeout, device, limit_ms != 0 ? limit_ms : DEFAULT_TIMEOUT_MS);
  }
  run->is_timed = true;
  run->is_started = true;
  return trine_reg_write(device, trine_slot_reg(run->slot, TRINE_DOMAIN_CONTROL),
                         run->repeats ? again : TRINE_DOMAIN_CONTROL_START_MASK, &run->fault);
}

enum trine_status trine_confirm_start(struct trine_run *run, enum trine_status written) {
  const struct trine_bus *bus = &run->device->bus;
  uint32_t value = 0;
  if (bus->read32(bus->ctx, trine_slot_reg(run->slot, TRINE_DOMAIN_STATUS), &value) == 0 &&
      (value & TRINE_DOMAIN_STATUS_REFUSED_MASK) != 0) {
    run->is_started = false; /* what runs there is not ours to stop */
    return fail(run, TRINE_ERR_BUSY, TRINE_FAULT_REFUSED, run->slot, 0);
  }
  return written;
}

static enum trine_status check_scratch(struct trine_run *run, const struct trine_batch *batch) {
  const uint32_t needed =
      trine_image_scratch_bytes(run->image, trine_batch_has_state(run->image, batch));
  if (run->options.scratch_bytes < needed || (needed > 0 && run->options.scratch == NULL)) {
    return fail(run, TRINE_ERR_MEMORY, TRINE_FAULT_SCRATCH, run->options.scratch_bytes, needed);
  }
  return TRINE_OK;
}

/* Takes slot and cores, and makes all ready for START. */
static enum trine_status begin(struct trine_run *run, const struct trine_batch *batch) {
  if (run->state != TRINE_RUN_RESTS) {
    return TRINE_ERR_BUSY; /* what is under way keeps its fault */
  }
  run->fault = (struct trine_fault){.status = TRINE_OK};
  if (!trine_batch_check(run->image, run->options.window_bytes, batch, &run->fault)) {
    return run->fault.status;
  }
  enum trine_status status = check_scratch(run, batch);
  if (status == TRINE_OK) {
    status = check_cores(run);
  }
  if (status == TRINE_OK) {
    status = choose_slot(run);
  }
  if (status != TRINE_OK) {
    return status;
  }
  run->is_started = run->is_timed = false;
  trine_cut_begin(&run->cut, run->image, run->options.window_bytes, batch, run->options.scratch);
  if (run->options.observer.begin != NULL) {
    run->options.observer.begin(run->options.observer.ctx, run);
  }
  status = trine_prepare(run);
  if (status == TRINE_OK) {
    run->device->slot[run->slot].running = run;
    run->state = TRINE_RUN_RUNS;
  }
  return status;
}

enum trine_status trine_runs_start(struct trine_run *const *runs,
                                   const struct trine_batch *const *batches, uint32_t count,
                                   uint32_t *failed) {
  enum trine_status status = TRINE_OK;
  uint32_t begun = 0, started = 0;
  *failed = 0;
  for (; begun < count && status == TRINE_OK; begun++) {
    status = begin(runs[begun], batches[begun]);
  }
  if (status != TRINE_OK) {
    begun--;
    *failed = begun;
  }
  for (; started < begun && status == TRINE_OK; started++) {
    status = trine_write_start(runs[started]);
    *failed = status != TRINE_OK ? started : *failed;
  }
  for (uint32_t n = 0; n < started && (status == TRINE_OK || n + 1 == started); n++) {
    status = trine_confirm_start(runs[n], status);
    *failed = status != TRINE_OK ? n : *failed;
  }
  for (uint32_t n = 0; n < begun && status != TRINE_OK; n++) {
    if (n != *failed) {
      (void)fail(runs[n], status, TRINE_FAULT_ABORTED, runs[n]->slot, 0);
    }
    trine_stop_run(runs[n]);
  }
  return status;
}

enum trine_status trine_run_start(struct trine_run *run, const struct trine_batch *batch) {
  uint32_t failed = 0;
  return trine_runs_start(&run, &batch, 1, &failed);
}
