/* SPDX-License-Identifier: Apache-2.0 */
/* execute: the operations of a block, one after the other, up to one that waits or the block's end:
 * each is read word by word, asked of the cores that it names, and done by all of them at once. */
#include "machine_internal.h"
#include "program/format.h"

static const uint32_t *op_at_hand(const struct machine *machine, const struct thread *thread) {
  return thread->list + machine->unit.op;
}

static uint32_t code_of(const uint32_t *op) {
  return trine_field(op, TRINE_FIELD_FIRST_OP);
}

static bool is_bare(const uint32_t *op) {
  return trine_field(op, TRINE_FIELD_FIRST_RANKS) == 0;
}

uint32_t operation_cores(const struct machine *machine, const uint32_t *op) {
  const uint32_t first = machine->unit.thread;
  return is_bare(op) ? machine->domains[machine->cores[first].domain].cores
                     : trine_field(op, TRINE_FIELD_FIRST_RANKS) << first;
}

static void act(struct machine *machine, struct core *core, const uint32_t *op) {
  const uint32_t *args = op + 1;
  switch (code_of(op)) {
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
      schedule_run(machine, core, trine_field(op, TRINE_FIELD_RUN_CONTEXTS),
                   trine_field(op, TRINE_FIELD_RUN_STEPS),
                   trine_field(op, TRINE_FIELD_RUN_BEGIN) != TRINE_RUN_UNKNOWN);
      break;
    case TRINE_OP_SAVE:
      save_begin(core, trine_field(op, TRINE_FIELD_SAVE_COUNT));
      break;
    default:
      break;
  }
}

void execute_ordered(struct machine *machine) {
  const uint32_t *op = machine->unit.ordered;
  const uint32_t cores = op == NULL || is_bare(op) ? 0 : operation_cores(machine, op);
  for (uint32_t c = 0; c < machine->core_count; c++) {
    if ((cores >> c & 1) != 0) {
      act(machine, &machine->cores[c], op);
      machine->cores[c].wake = machine->now + 1;
    }
  }
  machine->unit.ordered = NULL;
}

/* --- Words of READ, WRITE and TABLE, which go to the front end --- */
static bool sets_streams(const uint32_t *op) {
  const uint32_t code = code_of(op);
  return code == TRINE_OP_READ || code == TRINE_OP_WRITE || code == TRINE_OP_TABLE;
}

/* One is on its way there. */
static bool is_held(const struct machine *machine, const uint32_t *op) {
  const uint32_t cores = operation_cores(machine, op);
  bool held = false;
  for (uint32_t c = 0; c < machine->core_count && sets_streams(op) && !held; c++) {
    held = (cores >> c & 1) != 0 && machine->cores[c].set_up.valid;
  }
  return held;
}

/* Word `index` of the operation, if it is one that goes there; START has the fifth. */
static void send_word(struct machine *machine, const uint32_t *op, uint32_t index) {
  const uint32_t cores = operation_cores(machine, op);
  const uint32_t end = code_of(op) == TRINE_OP_WRITE ? 7 : 5;
  const bool sends = code_of(op) == TRINE_OP_TABLE ? index != 1 : index < end && index != 5;
  for (uint32_t c = 0; c < machine->core_count && sends; c++) {
    if ((cores >> c & 1) != 0) {
      machine->cores[c].set_up = (struct set_up){.valid = true};
      machine->cores[c].wake = machine->now + 1;
    }
  }
}

static void write_table(struct machine *machine, const uint32_t *op) {
  const uint32_t cores = operation_cores(machine, op);
  const uint32_t words = trine_field(op, TRINE_FIELD_FIRST_WORDS);
  for (uint32_t c = 0; c < machine->core_count; c++) {
    for (uint32_t n = 0; 2 + 2 * n < words && (cores >> c & 1) != 0; n++) {
      machine->cores[c].sequences[op[1] + n] =
          (struct sequence){op[2 + 2 * n], op[3 + 2 * n] & INT32_MAX};
    }
  }
}

/* --- What it waits for --- */
uint32_t execute_waits(struct machine *machine) {
  const struct unit *unit = &machine->unit;
  uint32_t waits = 0;
  if (unit->state != UNIT_EXECUTE || unit->step != STEP_CHECK) {
    return 0;
  }
  const uint32_t *op = op_at_hand(machine, &unit->threads[unit->thread]);
  const uint32_t cores = operation_cores(machine, op);
  for (uint32_t c = 0; c < machine->core_count; c++) {
    struct core *core = &machine->cores[c];
    if ((cores >> c & 1) != 0) {
      const bool free = machine->now > core->steps_written && core->save.state == SAVE_IDLE &&
                        remains_are_gone(machine, core, op) &&
                        (code_of(op) != TRINE_OP_SAVE || core_is_through(machine, core));
      waits |= free ? 0 : 1u << c;
    }
  }
  return waits;
}

/* --- An operation --- */
static void begin(struct unit *unit, struct thread *thread) {
  unit->op = thread->head + 1 + thread->read;
  unit->left = trine_field(thread->list + unit->op, TRINE_FIELD_FIRST_WORDS) - 1;
  thread->read++;
  unit->step = unit->left == 0 ? STEP_EXEC : STEP_ARGS;
}

static void take_arg(struct machine *machine, struct thread *thread) {
  struct unit *unit = &machine->unit;
  const uint32_t *op = op_at_hand(machine, thread);
  if (is_held(machine, op)) {
    unit->step = STEP_HOLD;
    return;
  }
  if (sets_streams(op)) {
    send_word(machine, op, trine_field(op, TRINE_FIELD_FIRST_WORDS) - unit->left);
  }
  thread->read++;
  unit->left--;
  if (unit->left == 0) {
    unit->step = STEP_CHECK;
    if (code_of(op) == TRINE_OP_TABLE) {
      write_table(machine, op);
    }
  }
}

/* What an operation that was done leaves the thread in. */
static struct execution after(const struct thread *thread, const uint32_t *op) {
  struct execution did = {.over = true, .stage = STAGE_BLOCK};
  switch (code_of(op)) {
    case TRINE_OP_END:
      did.stage = STAGE_END;
      break;
    case TRINE_OP_BARRIER:
      did.stage = STAGE_WAIT;
      break;
    case TRINE_OP_LOAD:
      did.stage = STAGE_LOAD;
      break;
    case TRINE_OP_RUN:
      if (trine_field(op, TRINE_FIELD_RUN_MORE) == 0) {
        did.stage = STAGE_WAIT;
        break;
      }
      did.over = thread->read == thread->block_words;
      break;
    default:
      did.over = thread->read == thread->block_words;
      break;
  }
  return did;
}

/* It is done, or asked again: in the thread's next turn when others are ready. */
static struct execution do_op(struct machine *machine, struct thread *thread) {
  struct unit *unit = &machine->unit;
  const uint32_t *op = op_at_hand(machine, thread);
  const bool waits = !is_bare(op) && (unit->wait != 0 || is_held(machine, op));
  const bool early = code_of(op) == TRINE_OP_LOAD && !unit->rings[unit->thread].all;
  struct execution did = {.over = threads_others(machine), .ends_list = early && !waits};
  if (waits || early) {
    did.stage = waits ? STAGE_GO : STAGE_STOP;
    thread->read = did.over ? unit->op - thread->head - 1 : thread->read;
    unit->step = STEP_CHECK;
    return did;
  }
  const bool is_long = unit->spent >= TURN_CYCLES && threads_others(machine);
  unit->ordered = op;
  unit->step = STEP_OP;
  did = after(thread, op);
  if (!did.over && is_long) {
    did = (struct execution){.over = true, .stage = STAGE_GO};
  }
  return did;
}

/* A cycle of the operation at hand. */
static struct execution step(struct machine *machine, struct thread *thread) {
  struct unit *unit = &machine->unit;
  switch (unit->step) {
    case STEP_LEAD:
      unit->step = STEP_OP;
      break;
    case STEP_OP:
      begin(unit, thread);
      break;
    case STEP_ARGS:
      take_arg(machine, thread);
      break;
    case STEP_HOLD:
      unit->step = is_held(machine, op_at_hand(machine, thread)) ? STEP_HOLD : STEP_AGAIN;
      break;
    case STEP_AGAIN:
      unit->step = STEP_ARGS;
      break;
    case STEP_CHECK:
      unit->step = STEP_EXEC;
      break;
    default:
      return do_op(machine, thread);
  }
  return (struct execution){.over = false};
}

struct execution execute_tick(struct machine *machine, struct thread *thread) {
  const struct execution did = step(machine, thread);
  machine->unit.spent++;
  return did;
}
