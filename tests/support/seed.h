/* SPDX-License-Identifier: Apache-2.0 */
/* seed: the only source of randomness in the tests, so that every failure can be repeated.
 *
 * The seed is 1 unless the environment variable TRINE_SEED holds another number; seed_start
 * prints it. Streams of different names are independent, so one test's draws do not depend on
 * how many another made. */
#ifndef TRINE_SEED_H
#define TRINE_SEED_H

#include <stddef.h>
#include <stdint.h>

struct seed_stream {
  uint64_t state;
};

/* The seed of this run. */
uint64_t seed_value(void);

/* Prints "seed N" (once a program, from its main) and returns N. */
uint64_t seed_print(void);

/* A stream that depends on the run's seed and on `name` only. */
struct seed_stream seed_start(const char *name);

/* 64 uniform bits. */
uint64_t seed_next(struct seed_stream *stream);

/* Uniform integer in [low, high], both included; low <= high, high - low < 2^63. */
int64_t seed_uniform(struct seed_stream *stream, int64_t low, int64_t high);

/* Integer in [low, high], its logarithm uniform; 1 <= low <= high < 2^31. */
int64_t seed_log_uniform(struct seed_stream *stream, int64_t low, int64_t high);

/* Uniform real number in [low, high). */
double seed_real(struct seed_stream *stream, double low, double high);

/* Fills count bytes with uniform int8 values in [low, high]. */
void seed_int8(struct seed_stream *stream, int8_t *values, size_t count, int low, int high);

#endif
