/* SPDX-License-Identifier: Apache-2.0 */
/* work: a job of the demo with its model and data loaded, and its outputs compared. */
#ifndef TRINE_DEMO_WORK_H
#define TRINE_DEMO_WORK_H

#include "io/array.h"
#include "model/model.h"
#include "rows.h"

struct demo_work {
  const struct demo_job *job;
  const char *folder; /* of the models and data */
  struct trine_model *model;
  const struct trine_model_info *info;
  const struct trine_network *network; /* the whole model */
  struct trine_array input, expected;
  struct trine_array valid; /* int32, valid steps of each utterance; empty for a stream */
  uint32_t *lengths;        /* [sequences], steps that are run */
  uint32_t steps;           /* T of the data */
  uint64_t total_steps;     /* of all sequences */
  int8_t *output;           /* [sequences][steps][width], 0 where nothing is written */
  struct trine_lstm_state state[TRINE_MAX_LAYERS]; /* at the end of streams, a network layer each */
  struct trine_batch batch;
};

/* Loads all of a job; to be given to demo_work_free also after a failure. */
bool demo_work_load(const struct demo_job *job, const char *folder, struct demo_work *work,
                    struct trine_error *error) __attribute__((warn_unused_result));
void demo_work_free(struct demo_work *work);

/* Reads FOLDER/NAME.npy, which must be of that type. */
bool demo_read(const char *folder, const char *name, enum trine_dtype dtype,
               struct trine_array *array, struct trine_error *error)
    __attribute__((warn_unused_result));

/* Compares output and final states with the golden model's, which is run here, and with the stored
 * ones. *exact and, if it is false, *difference say what came out; *values grows by the number of
 * values compared. False only when the comparison could not be made. */
bool demo_work_compare(const struct demo_work *work, bool *exact, uint64_t *values,
                       struct trine_error *difference, struct trine_error *error)
    __attribute__((warn_unused_result));

#endif
