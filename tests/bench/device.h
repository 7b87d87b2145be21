/* SPDX-License-Identifier: Apache-2.0 */
/* device: a simulated accelerator with the bench memory, opened by the driver. */
#ifndef TRINE_BENCH_DEVICE_H
#define TRINE_BENCH_DEVICE_H

#include "io/error.h"
#include "trine.h"

struct trine_sim_backend;

struct bench_device {
  struct trine_sim_backend *sim;
  struct trine *trine;
};

/* Opens a configuration; to be given to bench_device_close also after a failure. */
bool bench_device_open(struct bench_device *device, const char *config, struct trine_error *error)
    __attribute__((warn_unused_result));
void bench_device_close(struct bench_device *device);

/* Cycles simulated so far. */
uint64_t bench_device_cycles(const struct bench_device *device);

/* Writes a waveform of `count` cycles, the first of them so many cycles from now; false when the
 * file cannot be written. */
bool bench_device_trace(const struct bench_device *device, const char *path, uint64_t from,
                        uint64_t count) __attribute__((warn_unused_result));

/* Puts what driver and model said about a failure into the error. */
void bench_device_error(const struct bench_device *device, enum trine_status status,
                        struct trine_error *error);

#endif
