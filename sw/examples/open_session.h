/* SPDX-License-Identifier: Apache-2.0 */
/* open_session: what every example begins and ends with: a model of tests/models, resident on a
 * simulated chip of the configuration duo or on the golden model, and one stream. */
#ifndef TRINE_EXAMPLE_OPEN_SESSION_H
#define TRINE_EXAMPLE_OPEN_SESSION_H

#include "session/session.h"

struct trine_sim_backend;

struct example {
  struct trine_model *model;
  struct trine_session *session;
  struct trine_states stream; /* of one sequence, not begun */
  struct trine_error error;
  struct trine_sim_backend *chip; /* NULL: golden */
  struct trine *device;           /* NULL: golden */
};

/* Opens tests/models/NAME.tflite on all cores in `mode`. Returns 0, or 1 after saying what is
 * wrong; to be given to example_close either way. */
int example_open(const char *name, enum trine_mode mode, bool golden, struct example *example);
void example_close(struct example *example);

/* Prints cycles a frame, step, ...; nothing on the golden model, which has none. */
void example_cycles(const struct example *example, uint64_t cycles, uint64_t count,
                    const char *what);

/* Prints the error and returns 1. */
int example_failed(const struct example *example);

#endif
