/* SPDX-License-Identifier: Apache-2.0 */
/* trine_wait: the end of a run: waiting, explaining errors, counters, results, the next piece. */
#include "trine_disassemble.h"
#include "trine_internal.h"
#include "trine_regs.h"

static enum trine_status explain_error(struct trine_job *job) {
  static const struct {
    uint32_t code;
    const char *name, *sentence;
  } codes[] = {
#define CODE(name, number, sentence) {number, #name, sentence},
      TRINE_ERROR_LIST(CODE)
#undef CODE
  };
  struct trine *device = job->device;
  uint32_t code = 0, core = 0, op = 0;
  uint64_t addr = 0;
  enum trine_status status =
      trine_reg_read(device, trine_domain_reg(job, TRINE_DOMAIN_ERROR_CODE), &code);
  if (status == TRINE_OK) {
    status = trine_reg_read(device, trine_domain_reg(job, TRINE_DOMAIN_ERROR_CORE), &core);
  }
  if (status == TRINE_OK) {
    status = trine_reg_read(device, trine_domain_reg(job, TRINE_DOMAIN_ERROR_OP), &op);
  }
  if (status == TRINE_OK) {
    status = trine_reg_read64(device, trine_domain_reg(job, TRINE_DOMAIN_ERROR_ADDR_LO), &addr);
  }
  if (status != TRINE_OK) {
    return status;
  }
  const char *name = "unknown", *sentence = "";
  for (uint32_t n = 0; n < sizeof codes / sizeof codes[0]; n++) {
    name = codes[n].code == code ? codes[n].name : name;
    sentence = codes[n].code == code ? codes[n].sentence : sentence;
  }
  uint32_t rank = 0, words = 0;
  for (uint32_t c = 0; c < core && c < TRINE_MAX_CORES; c++) {
    rank += job->core_mask >> c & 1;
  }
  const uint32_t *list = trine_program_list(job->words, job->program_bytes, rank, &words);
  const char *op_name = list != NULL && op < words ? trine_op_name(list[op] & 0xff) : "?";
  return trine_fail(device, TRINE_ERR_DEVICE,
                    "the device stopped with error %u %s on core %u at operation %s (word %u), "
                    "address 0x%llx: %s",
                    code, name, core, op_name, op, (unsigned long long)addr, sentence);
}

/* STATUS says done: so it is, if the interrupt that START had cleared has come since. */
static enum trine_status confirm_done(struct trine_job *job) {
  struct trine *device = job->device;
  uint32_t raw = 0;
  enum trine_status status = trine_reg_read(device, TRINE_GLOBAL_IRQ_RAW, &raw);
  if (status == TRINE_OK && (raw >> job->slot & 1) == 0) {
    return trine_fail(
        device, TRINE_ERR_DEVICE,
        "domain slot %u is done, but not with this run: its START was not carried out", job->slot);
  }
  return status == TRINE_OK ? trine_reg_write(device, TRINE_GLOBAL_IRQ_RAW, 1u << job->slot)
                            : status;
}

static enum trine_status tell_timeout(struct trine_job *job, bool by_bus) {
  struct trine *device = job->device;
  const unsigned long long spent = trine_patience_spent_ms(&job->patience);
  if (by_bus && spent < job->timeout_ms) {
    return trine_fail(device, TRINE_ERR_TIMEOUT,
                      "the job on cores 0x%x was not done when the bus gave up waiting, after %llu "
                      "of %u ms",
                      job->core_mask, spent, job->timeout_ms);
  }
  return trine_fail(device, TRINE_ERR_TIMEOUT,
                    "the job on cores 0x%x was not done within %u ms (it had %llu)", job->core_mask,
                    job->timeout_ms, spent);
}

/* Waits until the slot is done or in error, at the most until the time of the run is over: STATUS
 * decides, the interrupt only says when to look. */
static enum trine_status wait_slot(struct trine_job *job) {
  struct trine *device = job->device;
  enum trine_status status = trine_reg_write(device, TRINE_GLOBAL_IRQ_ENABLE, 1u << job->slot);
  bool is_over = false;
  while (status == TRINE_OK) {
    uint32_t value = 0, left_ms = 0;
    status = trine_reg_read(device, trine_domain_reg(job, TRINE_DOMAIN_STATUS), &value);
    if (status != TRINE_OK) {
      break;
    }
    switch (value & TRINE_DOMAIN_STATUS_STATE_MASK) {
      case TRINE_DOMAIN_STATUS_STATE_DONE:
        return confirm_done(job);
      case TRINE_DOMAIN_STATUS_STATE_ERROR:
        return explain_error(job);
      case TRINE_DOMAIN_STATUS_STATE_IDLE:
        return trine_fail(device, TRINE_ERR_DEVICE, "domain slot %u was reset while it ran",
                          job->slot);
      default:
        break;
    }
    if (!trine_patience_left(&job->patience, device, &left_ms) || is_over) {
      return tell_timeout(job, is_over);
    }
    const int result = device->bus.wait(device->bus.ctx, left_ms);
    is_over = result == TRINE_ERR_TIMEOUT; /* after one more look at STATUS */
    if (result != 0 && !is_over) {
      return trine_fail(device, TRINE_ERR_BUS, "waiting for the interrupt failed");
    }
  }
  return status;
}

static enum trine_status read_counters(struct trine_job *job) {
  struct trine *device = job->device;
  uint64_t cycles = 0, load_cycles = 0;
  enum trine_status status =
      trine_reg_read64(device, trine_domain_reg(job, TRINE_DOMAIN_CYCLES_LO), &cycles);
  if (status == TRINE_OK) {
    status =
        trine_reg_read64(device, trine_domain_reg(job, TRINE_DOMAIN_LOAD_CYCLES_LO), &load_cycles);
  }
  job->stats.cycles += cycles - load_cycles;
  job->stats.load_cycles += load_cycles;
  for (uint32_t rank = 0; rank < job->placement.ranks && status == TRINE_OK; rank++) {
    uint64_t value[TRINE_COUNTERS] = {0};
    for (uint32_t n = 0; n < TRINE_COUNTERS && status == TRINE_OK; n++) {
      status = trine_reg_write(device, trine_domain_reg(job, TRINE_DOMAIN_COUNTER_SELECT),
                               rank << TRINE_DOMAIN_COUNTER_SELECT_RANK_SHIFT | n);
      if (status == TRINE_OK) {
        status =
            trine_reg_read64(device, trine_domain_reg(job, TRINE_DOMAIN_COUNTER_LO), &value[n]);
      }
    }
    /* A core counts until it is done itself; it is idle until the domain is. */
    value[TRINE_COUNT_IDLE] += cycles - value[TRINE_COUNT_CYCLES];
    value[TRINE_COUNT_CYCLES] = cycles;
    for (uint32_t n = 0; n < TRINE_COUNTERS; n++) {
      job->stats.counters[rank][n] += value[n];
    }
  }
  return status;
}

/* Products of each rank in the piece that has just ended. */
static void count_macs(struct trine_job *job) {
  const struct trine_network *network = job->network;
  const struct trine_placement *placement = &job->placement;
  for (uint32_t k = 0; k < trine_courses(network, placement); k++) {
    const struct trine_chain *chain = trine_course_chain(network, k);
    const uint64_t steps = trine_copy_rows(job, chain->source, trine_course_copy(network, k));
    const uint32_t first = trine_course_line(network, k);
    for (uint32_t line = first; line < first + chain->layer_count; line++) {
      const uint64_t macs = steps * trine_unit_macs(trine_line_layer(network, line));
      for (uint32_t rank = 0; rank < placement->ranks; rank++) {
        job->stats.rank_macs[rank] += macs * placement->slice[line][rank].count;
      }
    }
  }
}

static enum trine_status collect(struct trine_job *job) {
  job->is_started = false;
  job->device->resident[job->slot] = job;
  job->resident_kept = job->batch_kept;
  enum trine_status status = read_counters(job);
  count_macs(job);
  if (status == TRINE_OK) {
    status = trine_unpack_output(job);
  }
  if (status == TRINE_OK && job->batch_kept && job->piece.is_last) {
    status = trine_unpack_states(job);
  }
  return status;
}

enum trine_status trine_job_wait(struct trine_job *job) {
  if (job == NULL) {
    return TRINE_ERR_ARG;
  }
  if (!job->is_active) {
    return trine_fail(job->device, TRINE_ERR_ARG,
                      "the job was not started; trine_job_start comes first");
  }
  enum trine_status status = wait_slot(job);
  if (status == TRINE_OK) {
    status = collect(job);
  }
  while (status == TRINE_OK && trine_next_piece(job)) {
    status = trine_prepare(job);
    status = status == TRINE_OK ? trine_confirm_start(job, trine_kick(job)) : status;
    status = status == TRINE_OK ? wait_slot(job) : status;
    status = status == TRINE_OK ? collect(job) : status;
  }
  if (status != TRINE_OK) {
    trine_abandon(job);
  }
  trine_release(job);
  return status;
}

enum trine_status trine_job_run(struct trine_job *job, const struct trine_batch *batch) {
  enum trine_status status = trine_job_start(job, batch);
  return status == TRINE_OK ? trine_job_wait(job) : status;
}
