/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * model_plan: where the layers of all networks of a model go on a device, and what that takes.
 *
 * Pure: no device is asked, only what one says of itself (struct trine_target). The planner places
 * each network for itself (planner/planner.h), or a text says where its layers go. A session is
 * opened with a plan (session/session.h), an image is compiled of one. Threads: any number, each
 * with plans of its own; target, model and batch are only read.
 *
 * Pointers: never NULL unless it is said; a plan keeps its model, which has to outlive it. */
#ifndef TRINE_MODEL_PLAN_H
#define TRINE_MODEL_PLAN_H

#include "io/error.h"
#include "model/model.h"
#include "planner/forecast.h"
#include "trine_compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One network of a model, placed. */
struct trine_network_plan {
  const struct trine_network *network; /**< of the model; NULL: the host operates */
  struct trine_placement placement;    /**< of each job */
  uint32_t jobs;                       /**< side by side, with sequences of their own */
  uint64_t predicted_cycles;           /**< of the first run, without loads; or TRINE_NO_FORECAST */
};

/** The networks of a model, placed; made by trine_model_plan_make. */
struct trine_model_plan {
  const struct trine_model *model;     /**< that outlives the plan */
  uint32_t count;                      /**< segments of the model */
  struct trine_network_plan *networks; /**< [count], the plan's */
  enum trine_mode mode;                /**< of the network that takes longest */
  uint32_t cores;                      /**< of the network that uses most */
};

/** All zero: the fewest predicted cycles on all cores. */
struct trine_model_plan_options {
  bool has_mode;        /**< only placements in `mode`; else the best of all */
  enum trine_mode mode; /**< that mode */
  uint32_t cores;       /**< at most; 0: all; single takes one */
  /** The cores of each layer instead, the model's layers in the file's order, NULL: planned.
   *     0+1,2,0:32+3:16     the first on cores 0 and 1 in slices as equal as can be, the second on
   *                         core 2, the third with 32 units on core 0 and 16 on core 3
   * Cores are counted from the first of the job; one copy. */
  const char *place;
};

/** Plans a model for batches like the one given (is_resident is not looked at); the placement of
 * each network has as many copies, and jobs, as are best for it. Without a batch, as a model is
 * judged: in `mode`, one copy, and the cycles of a step as prediction. *plan is to be given to
 * trine_model_plan_free also after an error. Errors: ARG (cores, place), MEMORY; those of
 * trine_plan_replicas, trine_plan_mode and trine_compile_place.
 * @param target of the device
 * @param model whose networks are placed
 * @param options NULL: all zero
 * @param batch B and lengths, or NULL
 * @param plan set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_model_plan_make(const struct trine_target *target,
                                        const struct trine_model *model,
                                        const struct trine_model_plan_options *options,
                                        const struct trine_plan_batch *batch,
                                        struct trine_model_plan *plan,
                                        struct trine_error *error) TRINE_CHECK_RESULT;
/** Frees what it has made.
 * @param plan made, or all zero */
void trine_model_plan_free(struct trine_model_plan *plan);

/** Predicted cycles of all networks together, TRINE_NO_FORECAST where one of them has none.
 * @param plan made
 * @return cycles */
uint64_t trine_model_plan_cycles(const struct trine_model_plan *plan);

/** How many networks a model has: segments that are not the host's.
 * @param model that was read
 * @return how many */
uint32_t trine_model_network_count(const struct trine_model *model);

/** Whether a device with nothing else in its memory can hold all networks; they are compiled
 * without their data. Errors: those of trine_compile and trine_window_bytes.
 * @param target of the device
 * @param plan made for it
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_model_plan_fits(const struct trine_target *target,
                                        const struct trine_model_plan *plan,
                                        struct trine_error *error) TRINE_CHECK_RESULT;

/** The rows that the network of a segment has of a model's batch, as a batch for the planner;
 * *ones, to be freed, holds their lengths where they are not the batch's, else it is NULL. Errors:
 * MEMORY.
 * @param model that was read
 * @param segment index of a network
 * @param whole the model's batch
 * @param batch set
 * @param ones set
 * @param error the sentence, or NULL
 * @return OK or MEMORY */
enum trine_status trine_model_plan_batch(const struct trine_model *model, uint32_t segment,
                                         const struct trine_plan_batch *whole,
                                         struct trine_plan_batch *batch, uint32_t **ones,
                                         struct trine_error *error) TRINE_CHECK_RESULT;

/** Makes the predictions of plans that run side by side, sharing buses and memory, where one can be
 * made: of models of one network, each of whose jobs runs its batch whole. The others stay as
 * they are. count: 1..TRINE_MAX_CORES. Errors: MEMORY.
 * @param target of the device
 * @param plans [count]
 * @param batches one each, [count]
 * @param count of both
 * @param error the sentence, or NULL
 * @return OK or MEMORY */
enum trine_status trine_model_plans_together(const struct trine_target *target,
                                             struct trine_model_plan *const *plans,
                                             const struct trine_plan_batch *batches, uint32_t count,
                                             struct trine_error *error) TRINE_CHECK_RESULT;

/** Whether a model is one network and nothing else, as an image is; else the sentence says what
 * more it is.
 * @param model that was read
 * @param error the sentence, or NULL
 * @return whether it is */
bool trine_model_is_image(const struct trine_model *model,
                          struct trine_error *error) TRINE_CHECK_RESULT;

/** The image of a model of one network and nothing else, placed by a plan, with what its input and
 * output mean; *image is the caller's to free. Errors: ARG (more than one network, or operators of
 * the host), MEMORY; those of trine_compile.
 * @param target of the device
 * @param plan made for it
 * @param form of the image
 * @param image set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_model_plan_compile(const struct trine_target *target,
                                           const struct trine_model_plan *plan,
                                           enum trine_image_form form, struct trine_image **image,
                                           struct trine_error *error) TRINE_CHECK_RESULT;

#ifdef __cplusplus
}
#endif

#endif
