/* SPDX-License-Identifier: Apache-2.0 */
/* rows: what the demo runs: one row is one or two models in one mode, on whole data sets. */
#ifndef TRINE_DEMO_ROWS_H
#define TRINE_DEMO_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "trine.h"

/* The configuration all rows run on. */
#define DEMO_CONFIG "duo"

enum { DEMO_CORES = 2, DEMO_MAX_JOBS = 2, DEMO_MAX_ROWS = 32, DEMO_NO_ROW = -1 };

/* How an answer is read from the outputs, and what it is measured by (tests/models/README.md). */
enum demo_task {
  DEMO_TASK_SPEAKER_LAST, /* largest output of the last valid row */
  DEMO_TASK_SPEAKER_SUM,  /* largest sum over the valid rows */
  DEMO_TASK_CHARS,        /* bits a character */
  DEMO_TASK_SPEECH        /* the same decisions as the float network */
};

/* A model and its data; names are those of the files in tests/models, without their endings. */
struct demo_job {
  const char *model, *input, *expected;
  enum demo_task task;
  bool own_length;       /* each utterance at its own length instead of the file's T */
  uint32_t streams;      /* the input is one stream, run so many times; 0: utterances */
  uint32_t first, count; /* the utterances of the data set that are run */
};

struct demo_row {
  const char *name;
  enum trine_mode mode;
  uint32_t job_count; /* 2: side by side, each on a core of its own in mode single */
  const struct demo_job *jobs[DEMO_MAX_JOBS];
  uint32_t size; /* about so many 100,000 cycles are to be simulated: long rows start first */
};

extern const struct demo_row demo_rows[];
extern const uint32_t demo_row_count;

/* "single", ..., "multi-programming". */
const char *demo_row_mode(const struct demo_row *row);

/* The row that runs this job alone on one core, or DEMO_NO_ROW: then whoever runs the job beside
 * another measures it alone too. */
int demo_row_alone(const struct demo_job *job);

#endif
