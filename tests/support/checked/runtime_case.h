/* SPDX-License-Identifier: Apache-2.0 */
/* runtime_case: a random network compiled for a fake device, and the runtime alone to run it. */
#ifndef TRINE_RUNTIME_CASE_H
#define TRINE_RUNTIME_CASE_H

#include "support/checked/driver_case.h"
#include "trine_runtime.h"

enum { RUNTIME_MEMORY = 1 << 19, RUNTIME_TEXT = 400 };

struct runtime_case {
  struct fake_device fake;
  struct trine_bus bus; /* the fake's; functions may be put before its own until runtime_open */
  struct driver_case made;
  struct trine_placement placement;
  struct trine_target target;
  struct trine_image *image;
  struct trine_device device;
  struct trine_run run;
  struct trine_run_options options;
};

/* Compiles two LSTMs for a duo in a mode; window and scratch memory are as large as they have to be
 * for one row and states. */
void runtime_create(struct runtime_case *made, struct seed_stream *stream, enum trine_mode mode);
/* Compiles the image again in another form; before runtime_open. */
void runtime_compile(struct runtime_case *made, enum trine_image_form form);
/* Opens device and run; fails the test when that fails. */
void runtime_open(struct runtime_case *made);
void runtime_free(struct runtime_case *made);

/* Fails the test unless the run's fault has this status and its sentence these words. */
void runtime_says(const struct runtime_case *made, enum trine_status status, const char *words);

#endif
