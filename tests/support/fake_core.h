/* SPDX-License-Identifier: Apache-2.0 */
/* fake_core: what one core does with operations, step by step, without cycles: the programmer's
 * guide as an interpreter; fake_unit.h has the list. Buffers start full of garbage, so that what
 * was never written shows. */
#ifndef TRINE_FAKE_CORE_H
#define TRINE_FAKE_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "support/seed.h"

/* The parameters in the order of their registers. */
struct fake_params {
  uint32_t cores, contexts, lanes, macs_per_lane, tail_rows, bus_bytes, x_slots, queue_words;
  uint32_t weight_bytes, param_rows, ring_bytes, state_units, pre_units, writer_bytes;
  uint32_t table_entries, max_inputs, max_units, mem_bytes;
};

enum { FAKE_CHANNELS = 16, FAKE_SLOTS = 16, FAKE_CONTEXTS = 16, FAKE_STREAMS = 2 };

struct fake_channel {
  uint32_t users, base, stride, words; /* users 0: not listened to */
  uint32_t arrived[FAKE_SLOTS], used[FAKE_SLOTS], released[FAKE_SLOTS];
  bool complete[FAKE_SLOTS], room[FAKE_SLOTS], first[FAKE_SLOTS], last[FAKE_SLOTS];
  bool published, is_read_by_owner, is_used;
  uint32_t owner, listeners, user; /* user: the one that does not publish it */
};

struct fake_context {
  bool valid, x_issued, started, seq_start, cur_first, cur_last;
  uint32_t begins; /* what RUN said of its next step: 0 nothing, 1 goes on, 2 begins a sequence */
  uint32_t w[13];
  uint32_t steps, slot, state_addr, init_addr;
};

/* A reader or a writer. */
struct fake_stream {
  bool active, listens, last_only;
  uint32_t channel, base, stride, words, bytes, table, sequences, ram, ram_stride;
  uint32_t sequence, step;
  bool goes_on; /* the first sequence, whatever the table says */
  uint32_t slot[FAKE_CHANNELS];
};

struct fake_domain;

struct fake_core {
  const struct fake_params *params;
  struct fake_domain *domain;
  uint8_t *weights, *rings, *writer_ram;
  int32_t *rows; /* [param_rows][4] */
  int16_t *cell, *pre;
  int8_t *hidden;
  uint32_t *table; /* [entries][2] */
  struct fake_channel channel[FAKE_CHANNELS];
  struct fake_context context[FAKE_CONTEXTS];
  struct fake_stream reader[FAKE_STREAMS], writer[FAKE_STREAMS];
  uint32_t op;                 /* the last operation that named it: its place in the list */
  uint32_t error, error_value; /* error 0: none */
};

/* What is different when operations are executed again by REPEAT. */
struct fake_again {
  bool is_repeated;
  bool goes_on;                     /* how its first sequences begin, */
  uint32_t read_moved, write_moved; /* and what is added to the bases of its streams */
};

/* The cores of one job, and the memory they see. */
struct fake_domain {
  struct fake_core *core[16];
  uint32_t ranks;
  uint8_t *memory; /* the window */
  uint32_t window_bytes;
};

/* Allocates the buffers of a core (aborts the program without memory) and frees them. */
void fake_core_create(struct fake_core *core, const struct fake_params *params,
                      struct seed_stream *random);
void fake_core_destroy(struct fake_core *core);

/* Forgets contexts, channels and slot counts. */
void fake_core_clear(struct fake_core *core);

/* Executes an operation that says its right length and names this core; END and BARRIER do nothing
 * here. error says whether it was refused. */
void fake_core_do(struct fake_core *core, const uint32_t *w, uint32_t words,
                  const struct fake_again *again);

/* Whether contexts of it run; and whether nothing of it does, readers and writers included. */
bool fake_core_runs(const struct fake_core *core);
bool fake_core_rests(const struct fake_core *core);

/* One step of one reader, context or writer of a core; which = 0, 1, ... names it. False when it
 * could not do anything. */
enum { FAKE_PROCESSES = FAKE_CONTEXTS + 2 * FAKE_STREAMS };
bool fake_core_process(struct fake_core *core, uint32_t which);

#endif
