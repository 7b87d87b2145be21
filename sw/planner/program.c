/* SPDX-License-Identifier: Apache-2.0 */
/* program: the program unit: a turn of a thread is its header, a block and what it says up to where
 * it waits, or a piece of a LOAD. Errors are not modelled, since the driver makes none. */
#include "machine_internal.h"
#include "program/format.h"

enum { FIRST_BYTES = 128, WORD_LATENCY = 2 /* place in a ring to its word */ };

/* What the unit does in a cycle, seen in the next. */
struct turn {
  bool take, puts;
  enum stage put;
  struct list_order order;
};

static struct thread *at_hand(struct machine *machine) {
  return &machine->unit.threads[machine->unit.thread];
}

/* The LOAD that it is at. */
static const uint32_t *load_of(struct machine *machine) {
  return at_hand(machine)->list + at_hand(machine)->head;
}

static uint32_t words_a_beat(const struct machine *machine) {
  return machine->info.mem_bytes / 4;
}

/* A thread that was taken goes on where it was. */
static enum unit_state begin_turn(struct unit *unit, struct thread *thread) {
  unit->cycles = 0;
  unit->checks = false;
  unit->waits = thread->stage == STAGE_WAIT;
  switch (thread->stage) {
    case STAGE_START:
      return UNIT_BEGIN;
    case STAGE_HEAD:
      return UNIT_HEAD;
    case STAGE_LOAD:
      return UNIT_START;
    case STAGE_BLOCK:
    case STAGE_WAIT:
      unit->checks = true;
      return UNIT_BLOCK;
    case STAGE_AGAIN:
      thread->read = 0;
      return UNIT_READY;
    default:
      return UNIT_READY;
  }
}

/* A word a cycle, from the third on; true behind `words`. */
static bool read_words(struct unit *unit, uint32_t words) {
  return ++unit->cycles == words + WORD_LATENCY;
}

/* The list behind what was asked for with the header; a short one is there and checked at once. */
static void ask_more(struct machine *machine, struct thread *thread, struct turn *turn) {
  struct unit *unit = &machine->unit;
  const struct list_ring *ring = &unit->rings[unit->thread];
  const uint32_t first = FIRST_BYTES / machine->info.mem_bytes, beat = words_a_beat(machine);
  const uint32_t total = (thread->words + TRINE_WORDS_HEAD + beat - 1) / beat;
  if (ring->any || ring->cut) {
    return;
  }
  unit->next = STAGE_BLOCK;
  unit->state = ring->all && total <= first ? UNIT_BLOCK : UNIT_PUT;
  unit->cycles = 0;
  unit->checks = true;
  if (total > first) {
    turn->order = (struct list_order){.more = true, .count = total - first};
  }
  if (!thread->resident) {
    thread->clear_end = machine->now + MODEL_CHANNELS * (machine->slot_mask + 1) + 3;
  }
  thread->next = 0;
  thread->place = TRINE_WORDS_HEAD;
}

/* The list again, from its next word on. */
static void ask_again(const struct machine *machine, struct thread *thread, struct turn *turn) {
  const uint32_t beat = words_a_beat(machine), word = TRINE_WORDS_HEAD + thread->next;
  turn->order =
      (struct list_order){.begins = true,
                          .offset = word / beat * machine->info.mem_bytes,
                          .count = (thread->words - thread->next + word % beat + beat - 1) / beat};
  thread->place = word % beat;
}

static void check_block(struct unit *unit, struct thread *thread) {
  const uint32_t words = trine_field(thread->list + thread->next, TRINE_FIELD_BLOCK_WORDS);
  if (read_words(unit, words + TRINE_WORDS_BLOCK)) {
    thread->head = thread->next;
    thread->block_words = words;
    thread->read = 0;
    thread->next += words + TRINE_WORDS_BLOCK;
    unit->state = UNIT_SETTLE;
  }
}

/* The cores of a new program may still be swept, or what a RUN began is on its way; others go
 * between check and execution. */
static void get_ready(const struct machine *machine, struct unit *unit, struct thread *thread) {
  const bool runs = unit->waits && !thread->quiet;
  const bool held = runs || machine->now < thread->clear_end;
  unit->next = runs ? STAGE_HOLD : STAGE_GO;
  if (threads_others(machine) && (unit->checks || held)) {
    unit->state = UNIT_PUT;
  } else if (!held) {
    unit->state = UNIT_EXECUTE;
    unit->step = STEP_LEAD;
    unit->spent = 0;
  }
}

static void execute(struct machine *machine, struct turn *turn) {
  struct unit *unit = &machine->unit;
  struct thread *thread = at_hand(machine);
  const struct execution did = execute_tick(machine, thread);
  turn->order.ends = did.ends_list;
  if (!did.over) {
    return;
  }
  unit->next = did.stage;
  unit->state = did.stage == STAGE_LOAD ? UNIT_NEW : UNIT_PUT;
  if (did.stage == STAGE_BLOCK || did.stage == STAGE_WAIT) {
    thread->place += thread->block_words + TRINE_WORDS_BLOCK;
  } else if (did.stage == STAGE_LOAD) {
    thread->place = 0;
    thread->head = unit->op;
  }
}

static void begin_load(struct machine *machine, struct thread *thread, struct turn *turn) {
  const uint32_t *op = load_of(machine);
  turn->order = (struct list_order){.begins = true,
                                    .offset = trine_field(op, TRINE_FIELD_LOAD_SOURCE),
                                    .count = load_beats(machine, op)};
  thread->load_left = load_items(machine, op);
}

static void start_piece(struct machine *machine, struct thread *thread) {
  const struct list_ring *ring = &machine->unit.rings[machine->unit.thread];
  const uint32_t target = trine_field(load_of(machine), TRINE_FIELD_LOAD_BUFFER);
  load_start(&machine->unit.load, target, thread->load_left, thread->place, ring->there,
             words_a_beat(machine));
}

/* A turn of it goes on with what came while nobody waits; what was read is free at once. */
static void drain(const struct machine *machine, struct unit *unit, struct thread *thread,
                  struct turn *turn) {
  const bool goes_on = unit->rings[unit->thread].piece && !threads_others(machine);
  turn->order.frees = true;
  turn->order.free_place = unit->load.word / words_a_beat(machine);
  if (unit->load.run) {
    return;
  }
  thread->place = unit->load.word;
  thread->load_left = unit->load.left;
  unit->next = STAGE_LOAD;
  if (thread->load_left == 0) {
    unit->state = UNIT_LIST;
  } else {
    unit->state = goes_on ? UNIT_START : UNIT_PUT;
  }
}

/* States that last a cycle, but for those of the turn itself. */
static void pass(struct machine *machine, struct thread *thread, struct turn *turn) {
  struct unit *unit = &machine->unit;
  const uint32_t first = FIRST_BYTES / machine->info.mem_bytes;
  switch (unit->state) {
    case UNIT_BEGIN:
      turn->order = (struct list_order){.begins = true, .count = first};
      unit->next = STAGE_HEAD;
      unit->state = UNIT_PUT;
      break;
    case UNIT_MORE:
      ask_more(machine, thread, turn);
      break;
    case UNIT_NEW:
      begin_load(machine, thread, turn);
      unit->state = UNIT_PUT;
      break;
    case UNIT_ASK:
      ask_again(machine, thread, turn);
      unit->next = STAGE_BLOCK;
      unit->state = UNIT_PUT;
      break;
    default: /* LENGTH, SETTLE, LIST */
      unit->state++;
      break;
  }
}

static void step(struct machine *machine, struct turn *turn) {
  struct unit *unit = &machine->unit;
  struct thread *thread = at_hand(machine);
  switch (unit->state) {
    case UNIT_TURN:
      turn->take = threads_ready(machine) != 0;
      unit->state = turn->take ? UNIT_TAKE : UNIT_TURN;
      break;
    case UNIT_TAKE:
      unit->state = begin_turn(unit, thread);
      break;
    case UNIT_HEAD:
      unit->state = read_words(unit, TRINE_WORDS_HEAD) ? UNIT_LENGTH : UNIT_HEAD;
      break;
    case UNIT_BLOCK:
      check_block(unit, thread);
      break;
    case UNIT_READY:
      get_ready(machine, unit, thread);
      break;
    case UNIT_EXECUTE:
      execute(machine, turn);
      break;
    case UNIT_START:
      start_piece(machine, thread);
      unit->state = UNIT_DRAIN;
      break;
    case UNIT_DRAIN:
      drain(machine, unit, thread, turn);
      break;
    case UNIT_PUT:
      turn->puts = true;
      turn->put = unit->next;
      turn->order.frees = unit->next == STAGE_BLOCK || unit->next == STAGE_WAIT;
      turn->order.free_place = thread->place / words_a_beat(machine);
      unit->state = UNIT_TURN;
      break;
    default:
      pass(machine, thread, turn);
      break;
  }
}

/* Nothing is wiped where a word of a LOAD stands at the rings of its core. */
static void hold_wipe(struct machine *machine, uint32_t core, bool is_held) {
  for (uint32_t c = 0; c < machine->core_count && !is_held; c++) {
    if (core == 1u << c && load_has_ring(&machine->unit.load)) {
      remains_tick(&machine->cores[c], true);
    }
  }
}

struct looks unit_look(struct machine *machine) {
  struct looks looks = {threads_quiet(machine), execute_waits(machine), 0};
  for (uint32_t c = 0; c < machine->core_count; c++) {
    looks.busy_rings |= core_ring_is_busy(machine, &machine->cores[c]) ? 1u << c : 0;
  }
  return looks;
}

void unit_tick(struct machine *machine, const struct looks *looks) {
  struct unit *unit = &machine->unit;
  struct turn turn = {.take = false};
  bool was_busy = unit->state != UNIT_TURN;
  const uint32_t core = unit->state == UNIT_DRAIN ? operation_cores(machine, load_of(machine)) : 0;
  const bool rings_busy = (looks->busy_rings & core) != 0;
  hold_wipe(machine, core, rings_busy);
  const bool was_ready = unit->state == UNIT_READY;
  execute_ordered(machine);
  step(machine, &turn);
  was_busy = was_busy && !(was_ready && unit->state == UNIT_READY && unit->waits);
  if (core != 0) {
    load_tick(&unit->load, rings_busy);
  }
  unit->wait = looks->wait;
  const bool threads = threads_tick(machine, turn.take, turn.puts ? &turn.put : NULL);
  const bool lists = lists_tick(machine, &turn.order);
  const bool quiet = unit->quiet != looks->quiet;
  unit->quiet = looks->quiet;
  unit->wake =
      was_busy || turn.take || lists || threads || quiet ? machine->now + 1 : threads_wake(machine);
}
