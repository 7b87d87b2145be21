/* SPDX-License-Identifier: Apache-2.0 */
/* program: the fetch unit of a core, the execution of its program, LOAD and SAVE. Every word is
 * fetched and checked as in the chip; errors are not modelled, since the driver makes none. */
#include "machine_internal.h"
#include "program/format.h"

/* What the fetch unit does in a cycle; start: count != 0. */
struct order {
  bool beats, stop;
  uint32_t offset, count;
};

static bool fetch_is_idle(const struct fetch *fetch) {
  return fetch->left == 0 && fetch->to_ask == 0 && fetch->flying == 0 && !fetch->drain;
}

static bool fetch_has(const struct fetch *fetch, bool beats) {
  return fetch->filled > 0 && fetch->beat_mode == beats && fetch->left != 0 && !fetch->drain;
}

static void fetch_start(struct fetch *fetch, uint32_t mem_bytes, struct order order) {
  const uint32_t first = order.offset / mem_bytes;
  const uint32_t last =
      order.beats ? first + order.count - 1 : (order.offset + order.count * 4 - 4) / mem_bytes;
  *fetch = (struct fetch){.beat_mode = order.beats,
                          .to_ask = last - first + 1,
                          .ask_offset = first * mem_bytes,
                          .left = order.count,
                          .index = order.offset / 4 % (mem_bytes / 4)};
}

/* Beats of the next piece that is asked for: to the end of a page at most. */
static uint32_t next_ask(const struct fetch *fetch, uint32_t mem_bytes) {
  const uint32_t page = (MODEL_PAGE - fetch->ask_offset % MODEL_PAGE) / mem_bytes;
  const uint32_t most = page < MODEL_BURST ? page : MODEL_BURST;
  return fetch->to_ask > most ? most : fetch->to_ask;
}

static void fetch_tick(const struct machine *machine, struct core *core,
                       const struct front_out *out, bool word_taken, struct order order) {
  struct fetch *fetch = &core->fetch;
  const uint32_t words_a_beat = machine->info.mem_bytes / 4;
  const bool asked = fetch->to_ask != 0 && fetch->reserved <= MODEL_BURST && !fetch->drain &&
                     !order.stop && (fetch->asks == 0 || out->fetch_taken);
  const bool data = out->fetch_data;
  const uint32_t ask = asked ? next_ask(fetch, machine->info.mem_bytes) : 0;
  const bool beat = fetch_has(fetch, true);
  const bool pop = beat || (word_taken && (fetch->index == words_a_beat - 1 || fetch->left == 1));
  core->changed = core->changed || asked || data || beat || word_taken || fetch->drain ||
                  order.count != 0 || order.stop;
  fetch->flying += ask;
  fetch->flying -= data;
  fetch->to_ask -= ask;
  fetch->ask_offset += ask * machine->info.mem_bytes;
  if (asked || out->fetch_taken) {
    fetch->asks = ask;
  }
  if (order.count != 0) {
    fetch_start(fetch, machine->info.mem_bytes, order);
  } else if (order.stop || fetch->drain) {
    fetch->to_ask = fetch->left = fetch->filled = 0;
    fetch->drain = order.stop || fetch->flying != 0;
  } else {
    fetch->reserved += ask;
    fetch->reserved -= pop;
    fetch->filled += data;
    fetch->filled -= pop;
    fetch->left -= word_taken || beat;
    fetch->index = word_taken ? (fetch->index + 1) % words_a_beat : fetch->index;
  }
}

static void execute(struct machine *machine, struct core *core, struct order *order) {
  struct program *program = &core->program;
  const uint32_t *args = program->list + program->op_at + 1;
  const uint32_t beats_a_word =
      machine->info.lanes * machine->info.macs_per_lane / machine->info.mem_bytes;
  switch (args[-1] & 0xff) {
    case TRINE_OP_CHANNEL:
      core->flow.listens[args[0] & 15] = (args[0] >> 8 & 15) != 0;
      core->flow.users[args[0] & 15] = args[0] >> 8 & 15;
      core->flow.words[args[0] & 15] = args[2] & 0xffff;
      break;
    case TRINE_OP_CONTEXT:
      schedule_context(machine, core, args);
      break;
    case TRINE_OP_READ:
      rows_read(machine, core, args);
      break;
    case TRINE_OP_WRITE:
      rows_write(machine, core, args);
      break;
    case TRINE_OP_RUN:
      schedule_run(machine, core, args[0] & 0xffff, args[1], (args[0] >> 17 & 3) != 0);
      break;
    case TRINE_OP_LOAD:
      order->beats = args[0] == TRINE_LOAD_WEIGHTS;
      order->offset = args[3];
      if (args[0] == TRINE_LOAD_WEIGHTS) {
        order->count = args[2] * beats_a_word;
      } else if (args[0] == TRINE_LOAD_PARAMS) {
        order->count = args[2] * 4;
      } else if (args[0] == TRINE_LOAD_VECTOR) {
        order->count = args[2] / 4;
      } else {
        order->count = args[2];
      }
      program->transfer = TRANSFER_LOAD;
      program->loads_ring = args[0] == TRINE_LOAD_VECTOR;
      program->transfer_left = order->count;
      break;
    case TRINE_OP_SAVE:
      program->transfer = TRANSFER_READ;
      program->transfer_left = args[1];
      program->transfer_fill = 0;
      break;
    default:
      break;
  }
}

/* LOAD takes what is fetched; SAVE writes a beat at a time. */
static void transfer_tick(const struct machine *machine, struct core *core, bool step,
                          const struct front_out *out) {
  struct program *program = &core->program;
  const enum transfer_state was = program->transfer;
  switch (was) {
    case TRANSFER_LOAD:
      program->transfer = step && program->transfer_left == 1 ? TRANSFER_IDLE : TRANSFER_LOAD;
      program->transfer_left -= step;
      break;
    case TRANSFER_READ:
      program->transfer = TRANSFER_WAIT;
      break;
    case TRANSFER_WAIT:
      program->transfer = TRANSFER_TAKE;
      break;
    case TRANSFER_TAKE:
      program->transfer_fill++;
      program->transfer_left--;
      program->transfer =
          program->transfer_fill == machine->info.mem_bytes / 4 || program->transfer_left == 0
              ? TRANSFER_ASK
              : TRANSFER_READ;
      break;
    case TRANSFER_ASK:
      if (out->save_taken) {
        program->transfer_fill = 0;
        program->transfer = program->transfer_left == 0 ? TRANSFER_IDLE : TRANSFER_READ;
      }
      break;
    default:
      break;
  }
  program->saves += out->save_taken;
  program->saves -= out->save_done;
  core->changed = core->changed || was != program->transfer || step;
}

/* The next word that comes in, in the states that take one. */
static void take_word(struct program *program) {
  switch (program->state) {
    case PROGRAM_HEAD:
      program->taken++;
      program->state = program->taken == TRINE_WORDS_HEAD ? PROGRAM_ENTRY_START : PROGRAM_HEAD;
      break;
    case PROGRAM_ENTRY:
      program->taken++;
      program->state = program->taken == TRINE_WORDS_ENTRY ? PROGRAM_LIST_START : PROGRAM_ENTRY;
      break;
    default: {
      const uint32_t head = program->at;
      const bool is_head = program->block_words == 0;
      if (is_head) {
        program->block_at = head;
        program->block_words = trine_field(program->list + head, TRINE_FIELD_BLOCK_WORDS);
      }
      program->at++;
      program->read = 0;
      if (program->at == program->block_at + program->block_words + TRINE_WORDS_BLOCK) {
        program->state = PROGRAM_SETTLE;
      }
    }
  }
}

static bool is_block_done(const struct program *program) {
  return program->read == program->block_words;
}

/* The next block comes in. */
static enum program_state next_block(struct program *program) {
  program->block_words = 0;
  return PROGRAM_BLOCK;
}

/* The first word of an operation, read from the block. */
static enum program_state begin_op(struct program *program) {
  program->op_at = program->block_at + 1 + program->read;
  program->left = (program->list[program->op_at] >> 16) - 1;
  program->read++;
  return program->left == 0 ? PROGRAM_EXEC : PROGRAM_ARGS;
}

/* READ, WRITE and TABLE: their words go to the front end. */
static bool sets_streams(const struct program *program) {
  const uint32_t op = program->list[program->op_at] & 0xff;
  return op == TRINE_OP_READ || op == TRINE_OP_WRITE || op == TRINE_OP_TABLE;
}

/* The word at hand, if it is one of those; START has the fifth. */
static void send_word(struct core *core) {
  const struct program *program = &core->program;
  const uint32_t op = program->list[program->op_at] & 0xff;
  const uint32_t index = program->block_at + 1 + program->read - program->op_at;
  const uint32_t end = op == TRINE_OP_WRITE ? 7 : 5;
  if (op == TRINE_OP_TABLE ? index != 1 : index < end && index != 5) {
    core->set_up = (struct set_up){.valid = true};
  }
}

static enum program_state next_arg(struct core *core) {
  struct program *program = &core->program;
  const uint32_t *op = program->list + program->op_at;
  if (sets_streams(program)) {
    if (core->set_up.valid) {
      return PROGRAM_HOLD;
    }
    send_word(core);
  }
  program->left--;
  program->read++;
  if (program->left != 0) {
    return PROGRAM_ARGS;
  }
  if ((op[0] & 0xff) == TRINE_OP_TABLE) {
    for (uint32_t n = 0; 2 + 2 * n < op[0] >> 16; n++) {
      core->sequences[op[1] + n] = (struct sequence){op[2 + 2 * n], op[3 + 2 * n] & INT32_MAX};
    }
  }
  return PROGRAM_CHECK;
}

static void start_fetch(const struct machine *machine, struct core *core, struct order *order) {
  struct program *program = &core->program;
  const bool of_list = program->state == PROGRAM_LIST_START;
  if (!fetch_is_idle(&core->fetch)) {
    return;
  }
  if (program->state == PROGRAM_HEAD_START) {
    *order = (struct order){.offset = 0, .count = TRINE_WORDS_HEAD};
  } else if (program->state == PROGRAM_ENTRY_START) {
    *order = (struct order){.offset = 4 * (TRINE_WORDS_HEAD + TRINE_WORDS_ENTRY * program->rank),
                            .count = TRINE_WORDS_ENTRY};
  } else {
    *order = (struct order){.offset = program->offset + 4 * program->at,
                            .count = program->words - program->at};
    program->block_words = 0;
  }
  if (of_list && program->at == 0 && !program->resident) {
    program->clear_end = machine->now + MODEL_CHANNELS * (machine->slot_mask + 1) + 1;
  }
  program->taken = 0;
  program->state++;
}

static enum program_state after_exec(struct program *program) {
  const uint32_t *op = program->list + program->op_at;
  switch (op[0] & 0xff) {
    case TRINE_OP_END:
      return PROGRAM_END_WAIT;
    case TRINE_OP_LOAD:
    case TRINE_OP_SAVE:
      return PROGRAM_TRANSFER;
    case TRINE_OP_BARRIER:
      program->wait = WAIT_SAVES;
      break;
    case TRINE_OP_RUN:
      program->wait = trine_field(op, TRINE_FIELD_RUN_MORE) != 0 ? WAIT_NOTHING : WAIT_RUN;
      break;
    default:
      break;
  }
  return is_block_done(program) ? next_block(program) : PROGRAM_OP;
}

static enum program_state after_transfer(struct program *program) {
  if ((program->list[program->op_at] & 0xff) == TRINE_OP_LOAD) {
    return PROGRAM_LIST_START;
  }
  return is_block_done(program) ? next_block(program) : PROGRAM_READY;
}

/* States that neither take a word nor start a fetch. */
static void step(struct machine *machine, struct core *core, struct waits waits, bool is_parked,
                 struct order *order) {
  struct program *program = &core->program;
  const bool is_load = (program->list[program->op_at] & 0xff) == TRINE_OP_LOAD;
  const bool executed = program->state == PROGRAM_EXEC;
  switch (program->state) {
    case PROGRAM_SETTLE:
      program->state = PROGRAM_READY;
      break;
    case PROGRAM_READY:
      program->state =
          is_parked || machine->now < program->clear_end ? PROGRAM_READY : PROGRAM_LEAD;
      break;
    case PROGRAM_LEAD:
      program->state = PROGRAM_OP;
      break;
    case PROGRAM_OP:
      program->state = begin_op(program);
      break;
    case PROGRAM_ARGS:
      program->state = next_arg(core);
      break;
    case PROGRAM_HOLD:
      program->state = core->set_up.valid ? PROGRAM_HOLD : PROGRAM_AGAIN;
      break;
    case PROGRAM_AGAIN:
      program->state = PROGRAM_ARGS;
      break;
    case PROGRAM_CHECK:
      order->stop = is_load;
      if (machine->now <= core->steps_written || (sets_streams(program) && core->set_up.valid) ||
          (program_waits_for_run(program) && !waits.run_done) || !remains_are_gone(machine, core)) {
        core->changed = true;
        break;
      }
      program->state = is_load ? PROGRAM_STOP : PROGRAM_EXEC;
      break;
    case PROGRAM_STOP:
      program->state = fetch_is_idle(&core->fetch) ? PROGRAM_EXEC : PROGRAM_STOP;
      break;
    case PROGRAM_EXEC:
      execute(machine, core, order);
      program->state = after_exec(program);
      break;
    case PROGRAM_TRANSFER:
      program->state = waits.transfer_idle && !program->just_executed ? after_transfer(program)
                                                                      : PROGRAM_TRANSFER;
      break;
    case PROGRAM_END_WAIT:
      program->state = waits.saves_done && waits.run_done ? PROGRAM_DONE : PROGRAM_END_WAIT;
      break;
    default:
      break;
  }
  program->just_executed = executed;
}

/* What the block's last operation waited for has come; seen from the next cycle on. */
static void go_on(struct program *program, struct waits waits) {
  if (program->wait == WAIT_RUN && waits.run_done && !program->just_executed) {
    program->wait = WAIT_NOTHING;
  } else if (program->wait == WAIT_SAVES && waits.saves_done) {
    program->wait = WAIT_BARRIER;
  } else if (program->wait == WAIT_BARRIER && program->go) {
    program->wait = WAIT_NOTHING;
    program->go = false;
  }
}

void program_tick(struct machine *machine, struct core *core, const struct front_out *out,
                  struct waits waits) {
  struct program *program = &core->program;
  struct order order = {.count = 0};
  const enum program_state was = program->state;
  const enum program_wait waited = program->wait;
  const bool executed = program->just_executed;
  const bool word = fetch_has(&core->fetch, false);
  const bool loads = program->transfer == TRANSFER_LOAD;
  const bool waits_for_ring = loads && word && program->loads_ring && waits.ring_is_busy;
  const bool steps = loads && !waits_for_ring && (word || fetch_has(&core->fetch, true));
  const bool takes = was == PROGRAM_HEAD || was == PROGRAM_ENTRY || was == PROGRAM_BLOCK;
  const bool taken = takes && word && program->transfer == TRANSFER_IDLE;
  waits.transfer_idle = program->transfer == TRANSFER_IDLE;
  waits.saves_done = program->saves == 0;
  remains_tick(program, waits.ring_is_busy || (steps && program->loads_ring));
  transfer_tick(machine, core, steps, out);
  go_on(program, waits);
  if (taken) {
    take_word(program);
  } else if (was == PROGRAM_HEAD_START || was == PROGRAM_ENTRY_START || was == PROGRAM_LIST_START) {
    start_fetch(machine, core, &order);
  }
  if (takes) {
    program->just_executed = false;
  } else {
    step(machine, core, waits, waited != WAIT_NOTHING, &order);
  }
  fetch_tick(machine, core, out, taken || (steps && word), order);
  core->changed = core->changed || was != program->state || was == PROGRAM_ARGS ||
                  was == PROGRAM_HOLD || waited != program->wait || executed ||
                  program->just_executed || waits_for_ring;
}
