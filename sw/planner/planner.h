/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * planner: which placement of a network runs a batch in the fewest cycles.
 *
 * Threads: any number; what goes in is only read. Pointers: never NULL, and not kept behind the
 * call, unless it is said. */
#ifndef TRINE_PLANNER_H
#define TRINE_PLANNER_H

#include "planner/forecast.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A placement, and what it takes. */
struct trine_plan {
  struct trine_shape shape;         /**< mode, cores, groups and copies it came from */
  struct trine_placement placement; /**< for trine_compile or a job */
  struct trine_forecast forecast;   /**< of a resident run */
  uint64_t least_cycles;            /**< nothing is faster; orders those without a forecast */
};

/** The best placement in one mode on `cores` cores (multithreading and hybrid may leave some
 * unused): of those with as many copies, and groups in hybrid, as the batch has use for. The
 * error says why there is none. Errors: ARG, LIMIT, NETWORK, MEMORY.
 * @param target of trine_target_set or trine_get_target
 * @param network only read
 * @param mode how layers are spread
 * @param cores 1..TRINE_MAX_CORES
 * @param batch sequences and lengths
 * @param plan set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_plan_mode(const struct trine_target *target,
                                  const struct trine_network *network, enum trine_mode mode,
                                  uint32_t cores, const struct trine_plan_batch *batch,
                                  struct trine_plan *plan,
                                  struct trine_error *error) TRINE_CHECK_RESULT;

/** The best of all modes on up to `cores` cores; of equal ones that with the fewest cores.
 * @param target of trine_target_set or trine_get_target
 * @param network only read
 * @param cores 1..TRINE_MAX_CORES
 * @param batch sequences and lengths
 * @param plan set
 * @param error the sentence, or NULL
 * @return as of trine_plan_mode */
enum trine_status trine_plan_best(const struct trine_target *target,
                                  const struct trine_network *network, uint32_t cores,
                                  const struct trine_plan_batch *batch, struct trine_plan *plan,
                                  struct trine_error *error) TRINE_CHECK_RESULT;

/** Limit of the planner. */
enum {
  TRINE_MOST_PLANS = 192 /**< most placements trine_plan_all finds */
};

/** All placements that run the batch, in every mode and with every number of cores up to `cores`,
 * the best first; no placement twice. *count of the `room` plans are filled.
 * @param target of trine_target_set or trine_get_target
 * @param network only read
 * @param cores 1..TRINE_MAX_CORES
 * @param batch sequences and lengths
 * @param plans [room]
 * @param room entries of plans; TRINE_MOST_PLANS holds all
 * @param count set
 * @param error the sentence, or NULL
 * @return as of trine_plan_mode */
enum trine_status trine_plan_all(const struct trine_target *target,
                                 const struct trine_network *network, uint32_t cores,
                                 const struct trine_plan_batch *batch, struct trine_plan *plans,
                                 uint32_t room, uint32_t *count,
                                 struct trine_error *error) TRINE_CHECK_RESULT;

#ifdef __cplusplus
}
#endif

#endif
