/* SPDX-License-Identifier: Apache-2.0 */
/* scenario: jobs on a simulated device, all they compute held against the golden model.
 *
 * A scenario is a function of its name and the seed of the run, so that one that failed can be run
 * again alone, with a waveform. Names: those of scenario_name (each mode on each number of cores,
 * with and without memory stalls; several domains side by side), and draw-N for any N: shapes,
 * modes, cores and memory drawn. */
#ifndef TRINE_SCENARIO_H
#define TRINE_SCENARIO_H

#include "bench.h"
#include "seen.h"
#include "support/checked/driver_case.h"

enum { SCENARIO_JOBS = 8, SCENARIO_TEXT = 1024 };

struct scenario_job {
  enum trine_mode mode;
  uint32_t cores;
  uint32_t groups, copies; /* as in struct trine_shape */
  struct driver_case network;
  struct driver_batch batch;
};

struct scenario {
  char name[32];
  const char *config;
  struct trine_sim_options options;
  uint32_t count;
  struct scenario_job *jobs; /* [count] */
};

/* The named ones; NULL past the last. */
const char *scenario_name(uint32_t index);

/* Draws a scenario; false when there is none of this name. Free it in any case. */
bool scenario_make(struct scenario *scenario, const char *name);
void scenario_free(struct scenario *scenario);

/* The network of a draw: `lstms` LSTM layers and a dense head or none, I and H log-uniform in
 * 1..max_units with one in five of 128 or more if max_units allows it. */
void scenario_stack(struct driver_case *made, struct seed_stream *stream, uint32_t lstms,
                    bool dense, uint32_t max_units);

/* Runs all jobs at once on a device of its own. True when every unit, output byte and state is
 * the golden model's and the counters add up; else `text` says what is not and how to see it. Adds
 * to *seen. wave: NULL, or the path of an FST file to write. */
bool scenario_run(struct scenario *scenario, struct seen *seen, const char *wave,
                  char text[SCENARIO_TEXT]);

#endif
