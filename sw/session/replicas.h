/* SPDX-License-Identifier: Apache-2.0 */
/* replicas: one network resident in one job, or in several equal ones side by side, on a device.
 *
 * A batch is cut into runs of consecutive sequences, one a job, as trine_cut_batch does it
 * (planner/replica_plan.h); a batch of fewer sequences leaves jobs idle.
 *
 * Every function looks at what it is given; the sentence of a refusal is in trine_last_error of the
 * device. Without a replicas, or a device to make one on, there is only the status: ARG (or NULL,
 * 0).
 */
#ifndef TRINE_REPLICAS_H
#define TRINE_REPLICAS_H

#include "io/error.h"
#include "trine.h"

#ifdef __cplusplus
extern "C" {
#endif

struct trine_replicas;

/* Makes `jobs` (1..TRINE_MAX_CORES) jobs as the options say, on an open device; where a core mask
 * is given it is the first one's, and the next has that many cores further up. On success *replicas
 * is the caller's, to be given to trine_replicas_destroy; device and network must outlive it; it is
 * NULL after an error. Errors: ARG, MEMORY; those of trine_job_create. */
enum trine_status trine_replicas_create(struct trine *device, const struct trine_network *network,
                                        const struct trine_job_options *options, uint32_t jobs,
                                        struct trine_replicas **replicas) TRINE_CHECK_RESULT;

/* Gives cores and memory back; NULL is allowed. */
void trine_replicas_destroy(struct trine_replicas *replicas);

/* Runs a batch to the end; when several jobs fail, status and sentence (trine_last_error) are those
 * of the last. Errors: those of trine_jobs_start and trine_job_wait. */
enum trine_status trine_replicas_run(struct trine_replicas *replicas,
                                     const struct trine_batch *batch) TRINE_CHECK_RESULT;

/* The same in two parts, so that several spreads start together: trine_replicas_cut sets jobs and
 * batches, to be given to trine_jobs_start, and returns how many (1..TRINE_MAX_CORES; 0 where there
 * is no replicas, or no room); `batch` has to stay until trine_replicas_wait, which waits for so
 * many: ARG for another number than 1 to all its jobs. */
uint32_t trine_replicas_cut(struct trine_replicas *replicas, const struct trine_batch *batch,
                            struct trine_job *jobs[TRINE_MAX_CORES],
                            const struct trine_batch *batches[TRINE_MAX_CORES]);
enum trine_status trine_replicas_wait(struct trine_replicas *replicas,
                                      uint32_t count) TRINE_CHECK_RESULT;

/* Of the last batch: cycles and load_cycles of the job that took longest, ranks counted through all
 * jobs, the bound as if products and rows were shared evenly. */
const struct trine_stats *trine_replicas_stats(const struct trine_replicas *replicas);

/* What each job was placed by; NULL without a replicas. */
const struct trine_placement *trine_replicas_placement(const struct trine_replicas *replicas);

/* The cores of all jobs. */
uint32_t trine_replicas_core_mask(const struct trine_replicas *replicas);

#ifdef __cplusplus
}
#endif

#endif
