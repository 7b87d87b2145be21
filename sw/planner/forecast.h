/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * forecast: the cycles of a run on the accelerator, without running it.
 *
 * Threads: any number; what goes in is only read. Pointers: never NULL, and not kept behind the
 * call, unless it is said. */
#ifndef TRINE_PLANNER_FORECAST_H
#define TRINE_PLANNER_FORECAST_H

#include "trine_compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The sequences of a run; those that a job refuses are refused here, in the same words. */
struct trine_plan_batch {
  uint32_t sequences;      /**< >= 1 */
  const uint32_t *lengths; /**< steps of each, >= 1 */
  bool is_resident;        /**< weights and set-up are there from a run of the same job before */
  bool is_kept;            /**< the batch gives or wants states; one sequence of a resident run goes
                              on from those of the run before */
  bool is_repeated; /**< resident, and the run before was resident too, so that the driver does
                       it by REPEAT where it can */
};

/** Cycles of a run for which no forecast was made: it does not repeat itself within the planner's
 * cycles_left, or has cycles for more than 64 bits. The error says so. */
#define TRINE_NO_FORECAST UINT64_MAX

/** Most QueueWords of a device that there are forecasts for. */
enum {
  TRINE_FORECAST_QUEUE = 64 /**< words */
};

/** What a run takes, in cycles of the device. */
struct trine_forecast {
  uint64_t cycles;        /**< START to done without LOAD and SAVE, as trine_stats.cycles */
  uint64_t load_cycles;   /**< LOAD and SAVE */
  uint64_t limit_cycles;  /**< as trine_stats.limit_cycles */
  uint64_t macs;          /**< products without padding */
  uint64_t steps;         /**< of all sequences */
  uint32_t runs;          /**< device runs */
  uint32_t program_bytes; /**< of all cores, of the last run */
};

/** What a batch takes with a placement, and whether it runs at all: this asks what trine_job_create
 * and trine_job_start ask, so what is refused here is refused there, with the same sentence. The
 * target may be a device that is only described. Memory is
 * that of the bench: docs/planner.md. Without a forecast it is OK with TRINE_NO_FORECAST.
 * Errors: ARG, LIMIT, NETWORK, MEMORY.
 * @param target of trine_target_set or trine_get_target
 * @param network only read
 * @param placement of it
 * @param batch sequences and lengths
 * @param forecast set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_forecast(const struct trine_target *target,
                                 const struct trine_network *network,
                                 const struct trine_placement *placement,
                                 const struct trine_plan_batch *batch,
                                 struct trine_forecast *forecast,
                                 struct trine_error *error) TRINE_CHECK_RESULT;

/** A job of several that start together, each on cores of its own. */
struct trine_forecast_job {
  const struct trine_network *network;     /**< only read */
  const struct trine_placement *placement; /**< of it */
  const struct trine_plan_batch *batch;    /**< what it runs */
};

/** The same for several jobs side by side, which share buses and memory: all resident or none. When
 * the batch of one does not fit one device run there is no forecast. forecasts: one a job.
 * @param target of trine_target_set or trine_get_target
 * @param jobs [count]
 * @param count 1..TRINE_MAX_CORES
 * @param forecasts [count]
 * @param error the sentence, or NULL
 * @return as of trine_forecast */
enum trine_status trine_forecast_together(const struct trine_target *target,
                                          const struct trine_forecast_job *jobs, uint32_t count,
                                          struct trine_forecast *forecasts,
                                          struct trine_error *error) TRINE_CHECK_RESULT;

/** How much is simulated for several forecasts together. */
struct trine_forecast_effort {
  uint64_t cycles_left; /**< cycles; what a forecast takes is subtracted */
  bool is_walked;       /**< nothing is left out because it repeats: for tests of what is */
};

/** The same within an effort.
 * @param target of trine_target_set or trine_get_target
 * @param jobs [count]
 * @param count 1..TRINE_MAX_CORES
 * @param effort what is left of it
 * @param forecasts [count]
 * @param error the sentence, or NULL
 * @return as of trine_forecast */
enum trine_status trine_forecast_within(const struct trine_target *target,
                                        const struct trine_forecast_job *jobs, uint32_t count,
                                        struct trine_forecast_effort *effort,
                                        struct trine_forecast *forecasts,
                                        struct trine_error *error) TRINE_CHECK_RESULT;

#ifdef __cplusplus
}
#endif

#endif
