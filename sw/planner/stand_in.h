/* SPDX-License-Identifier: Apache-2.0 */
/* stand_in: a job that exists only for a forecast: the compiler makes its image, and its batch is
 * checked, cut and put into programs as it is for a job on the device. */
#ifndef TRINE_PLANNER_STAND_IN_H
#define TRINE_PLANNER_STAND_IN_H

#include "forecast.h"
#include "image/batch.h"
#include "steady.h"

struct stand_in {
  const struct trine_target *target;
  void *memory; /* of the image, which has no data */
  const struct trine_image *image;
  uint32_t window_bytes;
  struct trine_batch batch;
  struct trine_lstm_state states[TRINE_MAX_LAYERS];
  struct trine_cut cut;
  uint8_t *copy_of;
  uint32_t *words;     /* the program of the chunk */
  uint32_t word_count; /* of it */
  bool is_resident;    /* contexts and channels are set up */
  bool repeats;        /* its next run is a REPEAT of its last program */
  bool is_fresh;       /* the program loads all there is: the cores change hands */
};

/* On success and on failure *made is the caller's, to be given to stand_in_free. *free_bytes is the
 * memory that is free for windows, and less by the stand-in's afterwards. Errors: those of
 * trine_forecast. */
enum trine_status stand_in_make(const struct trine_target *target,
                                const struct trine_forecast_job *what, uint64_t *free_bytes,
                                struct stand_in **made, struct trine_error *error);
void stand_in_free(struct stand_in *stand_in);

/* The first chunk of the batch. */
void stand_in_begin(struct stand_in *stand_in);

/* Whether the driver would do the run of the batch, which is in the program, by REPEAT. */
bool stand_in_can_repeat(const struct stand_in *stand_in);

/* Makes the program of each one's chunk; their hash. */
enum trine_status stand_ins_program(struct stand_in *const *stand_ins, bool with_loads,
                                    uint32_t count, struct state_hash *hash,
                                    struct trine_error *error);

/* Beats of memory that the weights of the jobs take. */
uint64_t stand_ins_load_beats(struct stand_in *const *stand_ins, uint32_t count);

#endif
