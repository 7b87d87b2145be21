/* SPDX-License-Identifier: Apache-2.0 */
/* device: a simulated accelerator that says how far it is while a job runs. */
#ifndef TRINE_DEMO_DEVICE_H
#define TRINE_DEMO_DEVICE_H

#include "io/error.h"
#include "trine.h"

struct trine_sim_backend;

/* Called now and then with the cycles simulated since the device was opened. */
typedef void (*demo_device_progress)(void *context, uint64_t cycles);

struct demo_device {
  struct trine_sim_backend *sim;
  struct trine *trine;
  struct trine_bus inner; /* of the simulation; the driver sees one that reports in its waits */
  demo_device_progress progress;
  void *context;
};

/* Opens the model of DEMO_CONFIG with the bench memory; progress is not NULL. To be given to
 * demo_device_close also after a failure; *device must not move in between. */
bool demo_device_open(struct demo_device *device, demo_device_progress progress, void *context,
                      struct trine_error *error) __attribute__((warn_unused_result));
void demo_device_close(struct demo_device *device);

/* Puts what the driver and the model said about a failure into the error. */
void demo_device_error(const struct demo_device *device, enum trine_status status,
                       struct trine_error *error);

#endif
