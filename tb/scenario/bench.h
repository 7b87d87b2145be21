/* SPDX-License-Identifier: Apache-2.0 */
/* bench: a simulated device opened by the driver, with a hand on what the driver writes.
 *
 * The driver's bus passes through the bench, so a test can give the next program other bytes or
 * the MODE registers other values without a second way of making programs. Everything fails the
 * running Check test when the simulation itself cannot be used. */
#ifndef TRINE_BENCH_H
#define TRINE_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/sim_backend.h"
#include "trine.h"

/* Changes a program on its way to memory; words are those of the whole program. */
typedef void (*bench_tamper)(void *context, uint32_t *words, size_t count);

struct bench {
  struct trine_sim_backend *backend;
  const struct trine_sim_ops *ops;
  struct trine_sim *sim;
  struct trine_bus inner;
  struct trine *device; /* from malloc */
  bench_tamper tamper;  /* for the next program only, then NULL again */
  void *tamper_context;
  uint64_t program_address; /* of the last program written */
  /* If set, called before the driver's START of a slot, whose registers are all written. */
  void (*before_start)(void *context, uint32_t slot);
  void *start_context;
  bool remembers;   /* a FORGET of the driver's does not reach the chip */
  uint32_t repeats; /* REPEATs that the driver has written */
  int32_t mode;     /* what every MODE register gets instead; -1: what the driver writes */
};

/* Opens a configuration; options may be NULL. */
void bench_open(struct bench *bench, const char *config, const struct trine_sim_options *options);
void bench_close(struct bench *bench);

/* The next program written goes through this function first. */
void bench_tamper_next(struct bench *bench, bench_tamper tamper, void *context);

/* The CRCs of header and list made right again. */
void bench_seal(uint32_t *words);
/* Only the header's. */
void bench_seal_header(uint32_t *words);

/* The list of a program: its first word, and how many. */
uint32_t *bench_list(uint32_t *words, uint32_t *count);
/* Its operations without their blocks, at most `room` words. */
uint32_t bench_take(uint32_t *words, uint32_t *ops, uint32_t room);
/* Other operations in their place; a tamper may make a program longer by 16 KiB. place[n]: where
 * word n is in the list (may be NULL). */
void bench_put(uint32_t *words, const uint32_t *ops, uint32_t count, uint32_t *place);

/* A register of the device, or of a domain slot; the simulation must answer. */
uint32_t bench_read(struct bench *bench, uint32_t address);
void bench_write(struct bench *bench, uint32_t address, uint32_t value);
uint32_t bench_domain(uint32_t slot, uint32_t offset);
uint64_t bench_read64(struct bench *bench, uint32_t low_address);
/* Whether a write is answered without an error; true when it was. */
bool bench_try_write(struct bench *bench, uint32_t address, uint32_t value);
void bench_step(struct bench *bench, uint64_t cycles);

#endif
