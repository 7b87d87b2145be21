/* SPDX-License-Identifier: Apache-2.0 */
/* front: the state of the front end in the planner's model (machine.h), of the memory streams that
 * it walks and of the bursts and beats that it has on their way. */
#ifndef TRINE_PLANNER_FRONT_H
#define TRINE_PLANNER_FRONT_H

#include <stdbool.h>
#include <stdint.h>

#include "trine.h"

enum {
  MODEL_READERS = 2,
  MODEL_WRITERS = 2,
  MODEL_STREAMS = MODEL_READERS + MODEL_WRITERS,
  MODEL_CORE_BURSTS = 8,  /* of a core each way, from the pick to the last beat or answer */
  MODEL_WALK = 5,         /* cycles from a pick to its burst */
  MODEL_CLIENT_STAGE = 3, /* where fetch and SAVE enter it, two cycles after their pick */
  MODEL_FRONT_QUEUE = 8,  /* bursts behind the walk, each way */
  MODEL_FRONT_BEATS = 16, /* beats of rows between memory and bus */
  MODEL_FRONT_SPARE = 4,  /* of them, that may still come when memory is told to wait */
  MODEL_WRITE_BEATS = 8,  /* beats between the writers' RAM and memory */
  MODEL_WRITE_SPARE = 4
};

/* A sequence in the table: where its first row is, from the stream's base, and how many it has. */
struct sequence {
  uint32_t offset, length;
};

/* The rows of the sequences of a table, in order. */
struct walker {
  uint32_t entry, fetch_left, left;
  bool next, row;
  struct sequence next_sequence;
  uint32_t base, stride, bytes; /* of a row, bytes in memory */
  uint32_t offset;              /* of the row at hand in the window */
  uint64_t done;                /* rows */
  uint64_t cuts;                /* of them, those that cross a page */
};

/* A memory stream of a core: readers, then writers. */
struct row_stream {
  struct walker rows;
  uint8_t channel, slot; /* slot: of the next row */
  bool run, mid, fly, active, last_only;
  uint32_t words, beats; /* of a row */
  uint32_t left, at;     /* of the row at hand: beats, 0: it has not begun; offset in the window */
  uint32_t words_left;   /* of the row whose words go out */
};

/* A burst on its way, in the walk, a queue, at memory; begins: with it a row begins. */
struct burst {
  bool valid, write, client, skip, starts_row, ends_row, ends, begins;
  uint8_t core, unit, entry;
  uint32_t beats;
};

struct burst_line {
  struct burst bursts[MODEL_FRONT_QUEUE];
  uint32_t first, count;
};

/* A beat of a row on its way to the bus. */
struct row_beat {
  bool starts_row, ends, closes; /* closes: the last of its burst */
  uint8_t core, unit, entry;
};

/* Beats of a domain on their way in one direction: counted as whole bursts until the walk knows;
 * refund, beat: of the cycle before; full: not picked while another domain runs. */
struct beat_share {
  uint32_t count, refund;
  bool beat, full;
};

/* What the front end does to a core in a cycle. */
struct front_out {
  bool set_taken, fetch_taken, fetch_data, save_taken, save_done;
  bool row[MODEL_STREAMS], use[MODEL_WRITERS], active[MODEL_STREAMS];
  bool reached; /* there may be something new */
};

struct front {
  struct front_out out[TRINE_MAX_CORES];
  struct burst walk[MODEL_WALK];        /* [cycles since the pick, less one] */
  struct burst client;                  /* fetch or SAVE that was picked in the cycle before */
  bool save_full[TRINE_MAX_CORES];      /* a beat of it waits for its burst */
  struct burst_line reads, writes;      /* queues behind it */
  uint32_t reads_queued, writes_queued; /* and in the walk */
  struct beat_share read_shares[TRINE_MAX_CORES], write_shares[TRINE_MAX_CORES]; /* of domains */
  uint32_t turn_after[TRINE_MAX_CORES], core_after, client_after, set_after;
  uint32_t read_count[TRINE_MAX_CORES], write_count[TRINE_MAX_CORES];
  struct burst_line read_open[TRINE_MAX_CORES], write_open[TRINE_MAX_CORES];
  /* Set-up word that was taken: of which core; a START waits for the walk's end. */
  bool set, set_start;
  uint8_t set_core, set_stream;
  /* Beats of rows: buffer, in hand, word at the bus. */
  bool got, got_last, ready; /* from memory in the cycle before */
  uint8_t got_core;
  bool got_first[TRINE_MAX_CORES]; /* the next beat is a burst's second or later */
  struct row_beat beats[MODEL_FRONT_BEATS];
  uint32_t beat_first, beat_count;
  bool hand;
  struct row_beat held;
  uint32_t part;
  bool word, word_ends;
  uint8_t word_entry, word_core, word_unit;
  /* Write bursts: in hand, two stages of the RAM, buffer, beat at memory. */
  bool busy;
  struct burst writing;
  uint32_t write_left;
  struct write_beat {
    bool valid, last, client;
    uint8_t core;
  } ram[2];
  struct write_beat write_beats[MODEL_WRITE_BEATS];
  uint32_t write_first, write_filled;
  bool answered;
  uint8_t answered_core;
  bool done[TRINE_MAX_CORES]; /* a SAVE */
  bool use[TRINE_MAX_CORES][MODEL_WRITERS];
  bool changed[TRINE_MAX_CORES]; /* a stream of it began or ended in the cycle before */
};

#endif
