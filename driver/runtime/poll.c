/* SPDX-License-Identifier: Apache-2.0 */
/* poll: what happens to a run after START, one thing at a time; and waiting, which is built on it.
 *
 *     RESTS -- start --> RUNS -- last chunk is home --> RESTS
 *                         |
 *                         +--- a fault, or abort ---> STOPS -- seen at rest, or not in time -->
 * RESTS
 */
#include "program/format.h"
#include "runtime/internal.h"
#include "trine_regs.h"

/* Longest wait for the interrupt between two looks: a handler may have masked it. */
enum { WAIT_MS = 20 };
enum { HEAD_WORDS_AT = 6 }; /* words of the list, in a head: TRINE_FIELD_HEAD_WORDS */
enum { STOP_MS = 1000 }; /* timeout with a run that is to stop; the device's watchdog is shorter */

static enum trine_status fail(struct trine_run *run, enum trine_status status,
                              enum trine_fault_kind kind, uint64_t first, uint64_t second,
                              uint64_t third) {
  return trine_fault_set(&run->fault, status, kind, first, second, third);
}

/* --- Ends --- */

static void release(struct trine_run *run) {
  run->device->slot[run->slot].running = NULL;
  run->is_started = false;
  run->state = TRINE_RUN_RESTS;
}

/* Not seen to stop: slot, cores and window stay taken. */
static void leave_stray(struct trine_run *run) {
  const struct trine_stray stray = {.core_mask = run->options.core_mask,
                                    .window_base = run->options.window_base,
                                    .window_bytes = run->options.window_bytes};
  trine_add_stray(run->device, run->slot, &stray);
  run->fault.is_stuck = true;
  run->fault.slot = run->slot;
  run->fault.core_mask = run->options.core_mask;
  release(run);
}

void trine_fail_run(struct trine_run *run) {
  struct trine_fault unused;
  if (!run->is_started) {
    release(run);
    return;
  }
  run->state = TRINE_RUN_STOPS;
  trine_timeout_start(&run->stop_timeout, run->device, STOP_MS);
  if (trine_reg_write(run->device, trine_slot_reg(run->slot, TRINE_DOMAIN_CONTROL),
                      TRINE_DOMAIN_CONTROL_ABORT_MASK, &unused) != TRINE_OK) {
    leave_stray(run);
  }
}

/* The run was told to stop: has it? */
static void look_at_stop(struct trine_run *run) {
  struct trine_device *device = run->device;
  struct trine_fault unused;
  uint32_t value = 0, left_ms = 0, busy = 0, quarantine = 0;
  if (trine_reg_read(device, trine_slot_reg(run->slot, TRINE_DOMAIN_STATUS), &value, &unused) !=
      TRINE_OK) {
    leave_stray(run);
  } else if (!trine_is_at_work(value)) {
    (void)trine_reg_write(device, TRINE_GLOBAL_IRQ_RAW, 1u << run->slot, &unused);
    if (trine_read_cores(device, &busy, &quarantine, &unused) == TRINE_OK) {
      run->fault.quarantine = quarantine & run->options.core_mask;
    }
    release(run);
  } else if (!trine_timeout_left(&run->stop_timeout, device, &left_ms)) {
    leave_stray(run);
  }
}

/* --- A chunk --- */

/* The word of the list that the device stopped at; 0 when nobody can say. */
static uint32_t failed_word(struct trine_run *run, uint32_t op) {
  struct trine_fault kept = run->fault;
  uint32_t words = 0, word = 0;
  if (trine_window_read(run, 4 * HEAD_WORDS_AT, &words, sizeof words) == TRINE_OK && op < words &&
      op < run->image->program_bytes / 4 - TRINE_WORDS_HEAD) {
    (void)trine_window_read(run, 4 * (TRINE_WORDS_HEAD + op), &word, sizeof word);
  }
  run->fault = kept;
  return word;
}

static enum trine_status explain_error(struct trine_run *run) {
  enum { CODE, CORE, OP, SEEN };
  static const uint8_t registers[SEEN] = {TRINE_DOMAIN_ERROR_CODE, TRINE_DOMAIN_ERROR_CORE,
                                          TRINE_DOMAIN_ERROR_OP};
  struct trine_device *device = run->device;
  uint32_t seen[SEEN] = {0};
  uint64_t addr = 0;
  enum trine_status status = TRINE_OK;
  for (uint32_t n = 0; n < SEEN && status == TRINE_OK; n++) {
    status = trine_reg_read(device, trine_slot_reg(run->slot, registers[n]), &seen[n], &run->fault);
  }
  if (status == TRINE_OK) {
    status = trine_reg_read64(device, trine_slot_reg(run->slot, TRINE_DOMAIN_ERROR_ADDR_LO), &addr,
                              &run->fault);
  }
  if (status == TRINE_OK) {
    status = fail(run, TRINE_ERR_DEVICE, TRINE_FAULT_ERROR, seen[CODE], seen[CORE], seen[OP]);
    run->fault.number[3] = addr;
    run->fault.number[4] = failed_word(run, seen[OP]);
  }
  return status;
}

/* STATUS says done: so it is, if the interrupt that START had cleared has come since. */
static enum trine_status confirm_done(struct trine_run *run) {
  uint32_t raw = 0;
  const enum trine_status status =
      trine_reg_read(run->device, TRINE_GLOBAL_IRQ_RAW, &raw, &run->fault);
  if (status == TRINE_OK && (raw >> run->slot & 1) == 0) {
    return fail(run, TRINE_ERR_DEVICE, TRINE_FAULT_NOT_THIS, run->slot, 0, 0);
  }
  return status == TRINE_OK
             ? trine_reg_write(run->device, TRINE_GLOBAL_IRQ_RAW, 1u << run->slot, &run->fault)
             : status;
}

/* Brings home what the chunk has computed. */
static enum trine_status collect(struct trine_run *run) {
  run->is_started = false;
  run->device->slot[run->slot].resident = run;
  run->resident_kept = run->cut.is_kept;
  if (run->options.observer.chunk != NULL) {
    run->options.observer.chunk(run->options.observer.ctx, run);
  }
  enum trine_status status = run->fault.status;
  if (status == TRINE_OK) {
    status = trine_take_output(run);
  }
  if (status == TRINE_OK && run->cut.is_kept && run->cut.chunk.is_last) {
    status = trine_take_states(run);
  }
  return status;
}

/* A chunk is done: the next one, or the end. */
static enum trine_status go_on(struct trine_run *run) {
  enum trine_status status = confirm_done(run);
  if (status == TRINE_OK) {
    status = collect(run);
  }
  if (status == TRINE_OK && !trine_cut_next(&run->cut)) {
    release(run);
    return TRINE_OK;
  }
  if (status == TRINE_OK) {
    status = trine_prepare(run);
  }
  return status == TRINE_OK ? trine_confirm_start(run, trine_write_start(run)) : status;
}

/* The slot stopped. A REPEAT that was refused has done nothing: a START does what it was to do. */
static enum trine_status stopped(struct trine_run *run) {
  uint32_t code = 0;
  enum trine_status status = TRINE_OK;
  if (run->repeats) {
    status = trine_reg_read(run->device, trine_slot_reg(run->slot, TRINE_DOMAIN_ERROR_CODE), &code,
                            &run->fault);
  }
  if (status != TRINE_OK || (code != TRINE_ERROR_NOT_KEPT && code != TRINE_ERROR_NOT_REPEATABLE)) {
    return status == TRINE_OK ? explain_error(run) : status;
  }
  status = trine_prepare(run);
  return status == TRINE_OK ? trine_confirm_start(run, trine_write_start(run)) : status;
}

/* STATUS decides; the interrupt only says when to look. */
static enum trine_status look(struct trine_run *run) {
  uint32_t value = 0, left_ms = 0;
  const enum trine_status status = trine_reg_read(
      run->device, trine_slot_reg(run->slot, TRINE_DOMAIN_STATUS), &value, &run->fault);
  if (status != TRINE_OK) {
    return status;
  }
  switch (value & TRINE_DOMAIN_STATUS_STATE_MASK) {
    case TRINE_DOMAIN_STATUS_STATE_DONE:
      return go_on(run);
    case TRINE_DOMAIN_STATUS_STATE_ERROR:
      return stopped(run);
    case TRINE_DOMAIN_STATUS_STATE_IDLE:
      return fail(run, TRINE_ERR_DEVICE, TRINE_FAULT_RESET, run->slot, 0, 0);
    default:
      break;
  }
  if (!trine_timeout_left(&run->timeout, run->device, &left_ms) || run->bus_gave_up) {
    const bool by_bus =
        run->bus_gave_up && run->timeout.last_us - run->timeout.start_us < run->timeout.limit_us;
    return fail(run, TRINE_ERR_TIMEOUT, by_bus ? TRINE_FAULT_BUS_TIME : TRINE_FAULT_TIME,
                run->options.core_mask, run->timeout.limit_us / 1000,
                trine_timeout_spent_ms(&run->timeout));
  }
  return TRINE_OK;
}

bool trine_poll(struct trine_run *run) {
  if (run->state == TRINE_RUN_RUNS && look(run) != TRINE_OK) {
    trine_fail_run(run);
  } else if (run->state == TRINE_RUN_STOPS) {
    look_at_stop(run);
  }
  return run->state == TRINE_RUN_RESTS;
}

/* --- Waiting --- */

void trine_stop_run(struct trine_run *run) {
  const struct trine_bus *bus = &run->device->bus;
  if (run->state == TRINE_RUN_RUNS) {
    trine_fail_run(run);
  }
  while (!trine_poll(run)) { /* bound: STOP_MS */
    (void)bus->wait(bus->ctx, 1);
  }
}

enum trine_status trine_run_wait(struct trine_run *run) {
  const struct trine_bus *bus = &run->device->bus;
  if (run->state == TRINE_RUN_RESTS) {
    return fail(run, TRINE_ERR_ARG, TRINE_FAULT_NOT_STARTED, 0, 0, 0);
  }
  while (!trine_poll(run)) { /* bound: the limits in time of the run and of its stop */
    uint32_t left_ms = 1;
    if (run->state == TRINE_RUN_STOPS) {
      (void)bus->wait(bus->ctx, 1);
      continue;
    }
    if (trine_reg_write(run->device, TRINE_GLOBAL_IRQ_ENABLE, 1u << run->slot, &run->fault) !=
        TRINE_OK) {
      trine_fail_run(run);
      continue;
    }
    (void)trine_timeout_left(&run->timeout, run->device, &left_ms);
    const uint32_t part_ms = left_ms < WAIT_MS ? left_ms : WAIT_MS;
    const int result = bus->wait(bus->ctx, part_ms);
    uint32_t then_ms = 0; /* a bus that gives up early has no more patience than that */
    (void)trine_timeout_left(&run->timeout, run->device, &then_ms);
    run->bus_gave_up =
        result == TRINE_ERR_TIMEOUT && (part_ms == left_ms || left_ms - then_ms < part_ms / 2);
    if (result != 0 && result != TRINE_ERR_TIMEOUT) {
      (void)fail(run, TRINE_ERR_BUS, TRINE_FAULT_WAIT, 0, 0, 0);
      trine_fail_run(run);
    }
  }
  return run->fault.status;
}

void trine_run_abort(struct trine_run *run) {
  if (run->state == TRINE_RUN_RUNS) {
    (void)fail(run, TRINE_ERR_DEVICE, TRINE_FAULT_ABORTED, run->slot, 0, 0);
    trine_fail_run(run);
  }
}

const struct trine_fault *trine_run_fault(const struct trine_run *run) {
  return &run->fault;
}

bool trine_run_is_at_work(struct trine_run *run) {
  struct trine_fault unused;
  uint32_t value = 0;
  return run->state != TRINE_RUN_RESTS &&
         trine_reg_read(run->device, trine_slot_reg(run->slot, TRINE_DOMAIN_STATUS), &value,
                        &unused) == TRINE_OK &&
         trine_is_at_work(value);
}
