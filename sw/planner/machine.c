/* SPDX-License-Identifier: Apache-2.0 */
/* machine: the chip around the cores: two buses, the program unit, domains, and time. */
#include <stdlib.h>

#include "machine_internal.h"
#include "steady.h"

/* As reset leaves it. */
static void reset_core(struct core *core, const struct trine_info *info) {
  core->sequencer.credits = MODEL_ACC_SLOTS;
  core->tail.credits = info->queue_words;
  for (uint32_t n = 0; n < LATENCY_PRE; n++) {
    core->tail.recent_time[n] = MODEL_NEVER;
  }
}

void machine_free(struct machine *machine) {
  for (uint32_t c = 0; machine != NULL && c < TRINE_MAX_CORES; c++) {
    free(machine->cores[c].sequences);
  }
  free(machine);
}

struct machine *machine_make(const struct trine_info *info) {
  struct machine *machine = calloc(1, sizeof *machine);
  if (machine == NULL) {
    return NULL;
  }
  machine->info = *info;
  machine->slot_mask = info->x_slots - 1;
  machine->group_beats = info->lanes / info->tail_rows;
  machine->now = 1;
  machine->core_count = info->cores;
  machine->front.ready = true;
  machine->memory.reads_ready = machine->memory.writes_ready = true;
  uint32_t sums = 1;
  machine->mac_latency = LATENCY_MAC;
  for (; sums < info->macs_per_lane; sums *= 4) {
    machine->mac_latency++;
  }
  bool good = true;
  for (uint32_t c = 0; c < info->cores; c++) {
    reset_core(&machine->cores[c], info);
    machine->cores[c].sequences = calloc(info->table_entries, sizeof(struct sequence));
    good = good && machine->cores[c].sequences != NULL;
  }
  if (!good) {
    machine_free(machine);
    return NULL;
  }
  return machine;
}

enum { SETTLE_CYCLES = 64 };

uint32_t machine_turn(uint32_t requests, uint32_t *after) {
  const uint32_t later = requests & *after;
  const uint32_t pool = later != 0 ? later : requests;
  const uint32_t lowest = pool & (0u - pool);
  uint32_t turn = 0;
  while (lowest >> turn != 1) {
    turn++;
  }
  *after = ~((lowest << 1) - 1);
  return turn;
}

/* The bus brings what it took a while ago, then takes the next. */
static void shift(struct word *pipe, uint32_t length) {
  for (uint32_t n = length; n > 0; n--) {
    pipe[n] = pipe[n - 1];
  }
  pipe[0].valid = false;
}

/* True when the front end has the activation bus. */
static bool grant_buses(struct machine *machine, struct grants *grants) {
  uint32_t words = 0, events = 0;
  for (uint32_t c = 0; c < machine->core_count; c++) {
    const struct core *core = &machine->cores[c];
    words |= core_word_waits(core) ? 1u << c : 0;
    events |= core_event_waits(core) ? 1u << c : 0;
  }
  const bool front =
      machine->front.word && (words == 0 || machine->front_waits == machine->core_count);
  machine->front_waits = machine->front.word && !front ? machine->front_waits + 1 : 0;
  if (front) {
    machine->words[0] = (struct word){true, machine->front.word_entry,
                                      machine->cores[machine->front.word_core].domain};
  } else if (words != 0) {
    const uint32_t c = machine_turn(words, &machine->word_after);
    const struct core *core = &machine->cores[c];
    grants[c].word = true;
    machine->words[0] = (struct word){true, core->publisher.entry, core->domain};
  }
  if (events != 0) {
    const uint32_t c = machine_turn(events, &machine->event_after);
    const struct core *core = &machine->cores[c];
    grants[c].event = true;
    machine->events[0] =
        (struct word){true, core->flow.releases[core->flow.release_first], core->domain};
  }
  return front;
}

/* What the buses bring in this cycle, to be seen by the cores from the next one on. */
static void deliver_buses(struct machine *machine) {
  const struct word *word = &machine->words[LATENCY_WORD];
  const struct word *event = &machine->events[LATENCY_EVENT];
  const uint32_t slots = machine->slot_mask + 1;
  for (uint32_t c = 0; c < machine->core_count; c++) {
    struct core *core = &machine->cores[c];
    if (event->valid && core->is_used && core->domain == event->domain) {
      core_event(core, machine->now, event->entry, slots);
    }
    if (word->valid && core->is_used && core->domain == word->domain) {
      core_word(core, machine->now, word->entry, slots);
    }
  }
}

static bool runs(const struct domain *domain) {
  return domain->cores != 0 && domain->finished == 0;
}

static void tick_domain(struct machine *machine, struct domain *domain) {
  const enum stage stage = machine->unit.threads[domain->leader].stage;
  domain->loads += stage == STAGE_LOAD;
  if (stage == STAGE_DONE) {
    domain->finished = machine->now + machine->skipped - domain->start + 1 + LATENCY_DONE;
  }
}

/* True while a domain is not done. */
static bool tick_domains(struct machine *machine) {
  bool running = false;
  for (uint32_t d = 0; d < TRINE_MAX_CORES; d++) {
    struct domain *domain = &machine->domains[d];
    if (runs(domain)) {
      tick_domain(machine, domain);
      running = running || runs(domain);
    }
  }
  return running;
}

static void tick(struct machine *machine) {
  struct grants grants[TRINE_MAX_CORES] = {{0}};
  shift(machine->words, LATENCY_WORD);
  shift(machine->events, LATENCY_EVENT);
  front_tick(machine, grant_buses(machine, grants));
  const struct looks looks = unit_look(machine);
  const struct word *event = &machine->events[LATENCY_EVENT];
  const struct word *word = &machine->words[LATENCY_WORD];
  for (uint32_t c = 0; c < machine->core_count; c++) {
    struct core *core = &machine->cores[c];
    const struct grants *got = &grants[c];
    const bool reached = got->word || got->event || machine->front.out[c].reached ||
                         (event->valid && event->domain == core->domain) ||
                         (word->valid && word->domain == core->domain);
    if (core->is_used && (reached || core->wake <= machine->now)) {
      core_tick(machine, core, *got);
    }
  }
  unit_tick(machine, &looks);
  memory_tick(machine);
  deliver_buses(machine);
}

/* The next cycle in which anything can happen. */
static uint64_t next_time(const struct machine *machine) {
  bool bus = !memory_is_quiet(&machine->memory) || !front_is_quiet(machine);
  for (uint32_t n = 0; n < LATENCY_WORD; n++) {
    bus = bus || machine->words[n].valid;
  }
  for (uint32_t n = 0; n < LATENCY_EVENT; n++) {
    bus = bus || machine->events[n].valid;
  }
  uint64_t next = MODEL_NEVER;
  for (uint32_t c = 0; c < machine->core_count; c++) {
    const struct core *core = &machine->cores[c];
    bus = bus || core_word_waits(core) || core_event_waits(core);
    if (core->is_used && core->wake < next) {
      next = core->wake;
    }
  }
  next = machine->unit.wake < next ? machine->unit.wake : next;
  return bus || next <= machine->now ? machine->now + 1 : next;
}

/* Cycles that are left out still count as loading when they are. */
static void advance(struct machine *machine) {
  const uint64_t next = next_time(machine);
  const uint64_t idle = next == MODEL_NEVER ? 0 : next - machine->now - 1;
  for (uint32_t d = 0; d < TRINE_MAX_CORES; d++) {
    struct domain *domain = &machine->domains[d];
    const bool loads = machine->unit.threads[domain->leader].stage == STAGE_LOAD;
    domain->loads += runs(domain) && loads ? idle : 0;
  }
  machine->now = next;
}

/* What is still on its way when the last core is done, long gone when the next START comes. */
static void settle(struct machine *machine) {
  for (uint32_t n = 0; n < SETTLE_CYCLES; n++) {
    machine->now++;
    tick(machine);
  }
  machine->now++;
  for (uint32_t c = 0; c < machine->core_count; c++) {
    machine->cores[c].is_used = false;
  }
}

enum machine_end machine_run(struct machine *machine) {
  machine->start = machine->now - 1;
  machine->skipped = 0;
  uint32_t domains = 0;
  for (uint32_t d = 0; d < TRINE_MAX_CORES; d++) {
    domains += machine->domains[d].cores != 0;
  }
  machine->is_shared = domains > 1;
  struct steady steady;
  steady_start(&steady);
  bool is_running;
  do {
    tick(machine);
    is_running = tick_domains(machine);
    if (!machine->is_walked) {
      steady_look(&steady, machine);
    }
    machine->cycles_left -= machine->cycles_left > 0;
    if (is_running) {
      advance(machine);
    }
  } while (is_running && machine->now != MODEL_NEVER && machine->cycles_left > 0);
  steady_end(&steady);
  if (is_running) {
    return machine->now == MODEL_NEVER ? MACHINE_STANDS_STILL : MACHINE_TOO_LONG;
  }
  settle(machine);
  return MACHINE_DONE;
}
