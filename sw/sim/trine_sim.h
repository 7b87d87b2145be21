/* SPDX-License-Identifier: Apache-2.0 */
/* trine_sim: the Verilated accelerator and its shared memory behind a C interface.
 *
 * There is one shared library a configuration, build/libtrine_sim_NAME.so; its only entry point is
 * trine_sim_api, which gives the operations. A model is one chip with a memory of its own; nothing
 * is shared between models, and one model is used by one thread at a time.
 * Time moves only inside step, wait, read32 and write32; mem_read and mem_write take no time.
 * Every operation that can fail returns an enum trine_status, and `error` then has one sentence:
 * ARG (outside the memory, too many faults, zero sizes), BUS (a register access was answered with
 * an error response), TIMEOUT (no answer, or no interrupt within the cycles allowed), FILE (the
 * waveform file cannot be written), DEVICE (an assertion of the RTL does not hold, or the chip
 * broke a rule of AXI4 at its memory port). After DEVICE the model is dead: it keeps returning
 * that. */
#ifndef TRINE_SIM_H
#define TRINE_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trine_status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { TRINE_SIM_ABI = 3 };

/* The memory; trine_sim_defaults fills in that of all published figures. Reads and writes share
 * the bandwidth: beats_num beats of the port's width in beats_den cycles. */
struct trine_sim_options {
  uint64_t memory_bytes;   /* > 0; addresses from 0; what lies outside answers DECERR */
  uint32_t latency_cycles; /* >= 1; from a read's address to its first beat, and from a write's
                              last beat to its response */
  uint32_t beats_num, beats_den; /* 1..1000 */
  uint32_t stall_permille;       /* 0..900: chance of a pause, each channel and cycle by itself */
  uint64_t seed;                 /* of the pauses and of random_reset */
  bool random_reset;             /* registers without reset start with random values */
};

/* What an address range of the memory does instead of answering. */
enum trine_sim_fault_kind {
  TRINE_SIM_FAULT_SLVERR = 0, /* answers SLVERR; reads give 0, writes are dropped */
  TRINE_SIM_FAULT_SILENT = 1  /* never answers the whole burst */
};
struct trine_sim_fault {
  uint64_t base, len_bytes;
  enum trine_sim_fault_kind kind;
  bool on_read, on_write;
};

/* Bytes that the accesses of a core must keep to; none at all when len_bytes is 0. */
struct trine_sim_window {
  uint64_t base, len_bytes;
};

/* What the memory does to the answers of some cores; all zero: nothing. From the first mischief on
 * answers keep their order only for each core while `cores` is not 0 or `reorder` is set. */
struct trine_sim_mischief {
  uint32_t cores;                                     /* a bit each */
  uint32_t read_error_permille, write_error_permille; /* of beats; of bursts: SLVERR or DECERR */
  uint32_t late_permille;                             /* of bursts: so many cycles more */
  uint64_t late_min, late_max;
  uint32_t lost_permille; /* of bursts: no answer ever */
  bool reorder;           /* answers of different cores in any order, without other mischief too */
};

/* One unit after the h part of one LSTM step, as the tail finished it. */
struct trine_sim_point {
  uint64_t cycle;
  uint8_t core, context;
  bool first, last; /* marks of the step within its sequence */
  uint16_t unit;    /* of the layer */
  int16_t pre[4];   /* Q3.12, gates i f g o */
  int16_t c;
  int8_t h;
};

struct trine_sim_stats {
  uint64_t read_beats, write_beats; /* at the memory port */
  uint64_t read_bursts, write_bursts;
  uint64_t spoilt; /* answers that mischief made errors */
};

struct trine_sim;

struct trine_sim_ops {
  uint32_t abi;          /* TRINE_SIM_ABI */
  const char *config;    /* name of the configuration */
  uint32_t memory_width; /* bytes of a beat */

  /* A model after reset, the caller's until destroy; NULL when options are out of range or
   * memory is short. */
  struct trine_sim *(*create)(const struct trine_sim_options *options);
  void (*destroy)(struct trine_sim *sim);

  /* Registers, over AXI4-Lite; the address in bytes. strobe: byte enables, 15 for all. */
  enum trine_status (*read32)(struct trine_sim *sim, uint32_t address, uint32_t *value);
  enum trine_status (*write32)(struct trine_sim *sim, uint32_t address, uint32_t value,
                               uint32_t strobe);

  /* The memory, from outside: no time passes. Error: ARG. */
  enum trine_status (*mem_read)(struct trine_sim *sim, uint64_t address, void *data,
                                size_t len_bytes);
  enum trine_status (*mem_write)(struct trine_sim *sim, uint64_t address, const void *data,
                                 size_t len_bytes);

  /* Runs so many cycles. */
  enum trine_status (*step)(struct trine_sim *sim, uint64_t cycles);
  /* Runs until the interrupt is high, at most so many cycles: OK, or TIMEOUT. */
  enum trine_status (*wait)(struct trine_sim *sim, uint64_t max_cycles);
  /* Cycles since the end of reset. */
  uint64_t (*cycles)(const struct trine_sim *sim);

  /* Adds a fault; at most 8. clear_faults removes all (bursts in flight keep theirs). */
  enum trine_status (*add_fault)(struct trine_sim *sim, const struct trine_sim_fault *fault);
  void (*clear_faults)(struct trine_sim *sim);

  /* Writes cycles [start, start + count) as FST; count 0 is to the end. Replaces an earlier
   * request. The file is closed at the window's end or by destroy. */
  enum trine_status (*trace)(struct trine_sim *sim, const char *path, uint64_t start,
                             uint64_t count);

  /* Keeps the last `capacity` points (0 stops); returns those kept so far, oldest first, at most
   * `max`, and forgets them. *lost, if not NULL, counts points overwritten since the last call. */
  enum trine_status (*probe)(struct trine_sim *sim, size_t capacity);
  size_t (*take_points)(struct trine_sim *sim, struct trine_sim_point *points, size_t max,
                        uint64_t *lost);

  void (*stats)(const struct trine_sim *sim, struct trine_sim_stats *stats);
  /* The sentence of the last failure, never NULL; valid until the next call. */
  const char *(*error)(const struct trine_sim *sim);

  /* From now on every access of a core (below 16) must lie in the window, else the model is dead
   * with DEVICE; NULL: anywhere, as after create. Error: ARG. */
  enum trine_status (*guard)(struct trine_sim *sim, uint32_t core,
                             const struct trine_sim_window *window);
  /* From now on; bursts in flight keep what was drawn for them. Error: ARG (a chance above 1000,
   * late_max below late_min). */
  enum trine_status (*mischief)(struct trine_sim *sim, const struct trine_sim_mischief *mischief);
};

/* The operations of this library. */
const struct trine_sim_ops *trine_sim_api(void);
typedef const struct trine_sim_ops *(*trine_sim_api_function)(void);

/* The bench memory: 256 MiB, latency 10, a beat a cycle, no pauses, seed 1. */
static inline struct trine_sim_options trine_sim_defaults(void) {
  struct trine_sim_options options = {(uint64_t)256 << 20, 10, 1, 1, 0, 1, false};
  return options;
}

#ifdef __cplusplus
}
#endif

#endif
