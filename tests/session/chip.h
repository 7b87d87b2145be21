/* SPDX-License-Identifier: Apache-2.0 */
/* chip: a model with its stored results on the simulated chip `duo`, for the tests of sessions. */
#ifndef TRINE_TEST_SESSION_CHIP_H
#define TRINE_TEST_SESSION_CHIP_H

#include "io/array.h"
#include "session/session.h"
#include "sim/sim_backend.h"

/* The network `vowels`: 12-64-64 and a dense layer, 370 utterances of 29 steps. */
enum { STEPS = 29, WIDTH = 12, OUT = 9 };

struct chip {
  struct trine_model *model;
  struct trine_array input, expected; /* int8 [370,STEPS,WIDTH] and [370,STEPS,OUT] */
  struct trine_sim_backend *sim;
  struct trine *device;
  struct trine_session *session;
  struct trine_error error;
};

/* Opens chip, model and session; to be given to chip_close also after a failure. */
bool chip_open(struct chip *chip, const struct trine_session_options *options);
void chip_close(struct chip *chip);

/* What is tested, a line a case; false at the first difference, which is printed. */
bool streams_hold(void);
bool lengths_hold(void);
bool replicas_hold(void);
bool images_hold(void);

#endif
