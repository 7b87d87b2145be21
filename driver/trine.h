/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * trine: run int8 LSTM networks on the accelerator.
 *
 * Open a device over a bus, make a job of a network and a placement of its layers on cores, then
 * run batches. Jobs on different cores may run at the same time. Nothing here allocates memory,
 * prints or exits: the caller gives all memory and it stays the caller's. Threads: one at a time
 * for each device and its jobs; devices know nothing of each other.
 *
 * Every function looks at what it is given: NULL where something is needed, a device that was not
 * opened, counts of zero or out of range and buffers that no pointer can reach are TRINE_ERR_ARG
 * (or NULL, 0, true where there is no status), with the sentence in trine_last_error. What it
 * cannot see is the caller's to keep: pointers that are not NULL lead to as much memory as the
 * description says, and device and job memory is not used before trine_open and trine_job_create.
 *
 * Pointers: as the last paragraph says; what is kept behind a call is said. */
#ifndef TRINE_H
#define TRINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trine_bus.h"
#include "trine_compiler.h"
#include "trine_network.h"
#include "trine_runtime.h"
#include "trine_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A device, in trine_sizeof() bytes aligned as max_align_t; not to be moved. */
struct trine;

/** Bytes of a device.
 * @return more than 0 */
size_t trine_sizeof(void);

/** Opens the device behind bus. memory_base and memory_size (bytes) are the part of shared memory
 * that jobs may use, memory_base a multiple of 4096. *bus is copied; bus->ctx must outlive the
 * device. config_name is for messages and may be NULL.
 * Nothing that runs on the device is touched. Runs that go on there (strays: of another process, or
 * of one that crashed) are found, and trine_last_error then says which, though the status is OK;
 * jobs keep off their cores, slots and memory windows. Errors: ARG, BUS, VERSION.
 * @param device memory for it, trine_sizeof() bytes
 * @param bus all of it; now_us, map, clean and invalidate may be NULL
 * @param memory_base a multiple of 4096, as the accelerator sees it
 * @param memory_size bytes of it
 * @param config_name of the configuration, for messages, or NULL
 * @return OK or an error of those; trine_last_error has the sentence */
enum trine_status trine_open(struct trine *device, const struct trine_bus *bus,
                             uint64_t memory_base, uint64_t memory_size,
                             const char *config_name) TRINE_CHECK_RESULT;

/** The domain slots, a bit each, of runs that nobody here waits for and that go on: found at
 * trine_open, or of a job that was not seen to stop. Errors: ARG, BUS.
 * @param device that was opened
 * @param slots a bit a slot
 * @return OK or an error of those; trine_last_error has the sentence */
enum trine_status trine_strays(struct trine *device, uint32_t *slots) TRINE_CHECK_RESULT;

/** Stops them, each within timeout_ms: for the only user of a device, after a crash. Errors: ARG,
 * BUS, TIMEOUT (one did not stop; it stays a stray).
 * @param device that was opened
 * @param timeout_ms for each
 * @return OK or an error of those; trine_last_error has the sentence */
enum trine_status trine_stop_strays(struct trine *device, uint32_t timeout_ms) TRINE_CHECK_RESULT;

/** The device's sentence, to be given to a call of the compiler or the planner that is made for it;
 * NULL without a device.
 * @param device that was opened, or NULL
 * @return valid as long as the device */
struct trine_error *trine_error_of(struct trine *device);

/** What was read at trine_open; valid as long as the device.
 * @param device that was opened
 * @return NULL when it is not open */
const struct trine_info *trine_get_info(const struct trine *device);

/** The device as the compiler and the planner know it, with the memory that is free at this moment;
 * NULL when it is not open.
 * @param device that was opened
 * @return valid as long as the device; free_bytes as of this call */
const struct trine_target *trine_get_target(struct trine *device);

/** The sentence of the last error of this device, naming limit and value; "" if there was none.
 * Never NULL.
 * @param device or NULL
 * @return valid until the next call for the device */
const char *trine_last_error(const struct trine *device);

/** Places a network in a mode on `cores` cores; pure, the device is not touched.
 * single: all layers on one rank. multithreading: the cut of whole consecutive layers with the
 * least busiest core; fewer ranks than cores when there are fewer layers. helper: every layer in
 * slices as equal as can be. hybrid: the layers are cut in runs of consecutive ones (so are chains
 * that can run together), each with one core or more, the busiest core as little busy as can be.
 * Errors: ARG, LIMIT, NETWORK; the sentence is in trine_last_error(device).
 * @param device that was opened
 * @param network only read
 * @param mode how layers are spread
 * @param cores 1..the device's
 * @param placement what is set
 * @return OK or an error of those; trine_last_error has the sentence */
enum trine_status trine_place(struct trine *device, const struct trine_network *network,
                              enum trine_mode mode, uint32_t cores,
                              struct trine_placement *placement) TRINE_CHECK_RESULT;

/** The same by shape; see trine_compile_place. Errors: ARG, LIMIT, NETWORK.
 * @param device that was opened
 * @param network only read
 * @param shape mode, cores, groups, copies
 * @param placement what is set
 * @return OK or an error of those; trine_last_error has the sentence */
enum trine_status trine_place_shape(struct trine *device, const struct trine_network *network,
                                    const struct trine_shape *shape,
                                    struct trine_placement *placement) TRINE_CHECK_RESULT;

/** See trine_compile_step_cycles; 0 without an open device.
 * @param device that was opened
 * @param network only read
 * @param placement of it
 * @return cycles of one time step on the busiest core */
uint64_t trine_step_cycles(const struct trine *device, const struct trine_network *network,
                           const struct trine_placement *placement);

/** All zero: single, lowest free cores, a window for up to 4 MiB of rows, a time limit of a minute.
 */
struct trine_job_options {
  enum trine_mode mode;                    /**< unless a placement is given */
  uint32_t cores;                          /**< 0: 1 in single, else all that can be used */
  uint32_t core_mask;                      /**< 0: chosen by the driver, none in quarantine */
  const struct trine_placement *placement; /**< NULL: by trine_place; copied */
  uint32_t window_bytes;                   /**< 0: as large as useful, see trine_job_create */
  uint32_t max_rows;                       /**< rows the window has room for; 0: 4 MiB of them */
  uint32_t timeout_ms; /**< of a batch, from START to its last row; 0: a minute for each chunk */
};

/** A job, in the memory given to trine_job_create; not to be moved. */
struct trine_job;

/** Bytes of memory trine_job_create needs at the most on this device; 0 without an open device or a
 * network.
 * @param device that was opened
 * @param network only read
 * @return bytes */
size_t trine_job_sizeof(const struct trine *device, const struct trine_network *network);

/** Makes a job: compiles the network for the device (trine_compile), reserves a window of its
 * memory and writes weights and parameters there. `memory` (aligned as max_align_t) must outlive
 * the job; the network is not needed any more. A batch whose rows do not fit the window is run in
 * chunks. The driver chooses among cores that are not in quarantine and have no stray. Errors: ARG,
 * LIMIT, NETWORK, MEMORY, BUSY (too few cores can be used), BUS.
 * @param device that was opened
 * @param network only read, and not kept
 * @param options NULL: all zero
 * @param memory of the job
 * @param memory_bytes of it, trine_job_sizeof or more
 * @param job set on success, else NULL; untouched where an argument is NULL
 * @return OK or an error of those; trine_last_error has the sentence */
enum trine_status trine_job_create(struct trine *device, const struct trine_network *network,
                                   const struct trine_job_options *options, void *memory,
                                   size_t memory_bytes, struct trine_job **job) TRINE_CHECK_RESULT;

/** Bytes of memory trine_image_job_create needs.
 * @param device that was opened
 * @param image a whole one
 * @return bytes; 0 without one of them */
size_t trine_image_job_sizeof(const struct trine *device, const struct trine_image *image);

/** The same for an image that is there already (trine_image_is_valid): it has to stay, mode, cores
 * and placement of the options are not looked at. Errors: those of trine_job_create; VERSION (an
 * image for another configuration).
 * @param device that was opened
 * @param image a whole one, kept
 * @param options NULL: all zero
 * @param memory of the job
 * @param memory_bytes of it, trine_image_job_sizeof or more
 * @param job set on success, else NULL; untouched where an argument is NULL
 * @return OK or an error of those; trine_last_error has the sentence */
enum trine_status trine_image_job_create(struct trine *device, const struct trine_image *image,
                                         const struct trine_job_options *options, void *memory,
                                         size_t memory_bytes,
                                         struct trine_job **job) TRINE_CHECK_RESULT;

/** Gives the window back, and the device forgets the job (trine_job_forget); a job that runs is
 * aborted first. NULL is allowed.
 * @param job that was created, or NULL */
void trine_job_destroy(struct trine_job *job);

/** Has the device forget what its cores hold of the job's network, see trine_run_forget. Errors:
 * ARG, BUSY (started and not yet waited for), BUS.
 * @param job that was created
 * @return OK or an error of those; trine_last_error has the sentence */
enum trine_status trine_job_forget(struct trine_job *job) TRINE_CHECK_RESULT;

/** Runs a batch to the end: start, then wait. Errors: those of trine_job_start and trine_job_wait.
 * @param job that was created
 * @param batch not kept behind the call
 * @return OK or an error of those; trine_last_error has the sentence */
enum trine_status trine_job_run(struct trine_job *job,
                                const struct trine_batch *batch) TRINE_CHECK_RESULT;

/** Starts a batch; the batch and its buffers must stay until trine_job_wait. Several jobs may be
 * started before the first is waited for. Errors: ARG, BUSY, BUS, LIMIT, DEVICE (refused).
 * @param job that was created
 * @param batch kept until the end
 * @return OK or an error of those; trine_last_error has the sentence */
enum trine_status trine_job_start(struct trine_job *job,
                                  const struct trine_batch *batch) TRINE_CHECK_RESULT;

/** Starts several jobs as close together as can be: all is written first, then every START.
 * On an error the ones already started are aborted. Errors: those of trine_job_start;
 * BUSY (more than TRINE_MAX_CORES, or one that was not waited for).
 * @param jobs of one device, on cores of their own, [count]
 * @param batches one each, [count]
 * @param count 1..TRINE_MAX_CORES
 * @return OK or an error of those; trine_last_error has the sentence */
enum trine_status trine_jobs_start(struct trine_job *const *jobs,
                                   const struct trine_batch *const *batches,
                                   uint32_t count) TRINE_CHECK_RESULT;

/** Waits for a started batch (all its chunks) and brings its output and state home.
 * Errors: BUS, TIMEOUT, DEVICE, BUSY (START was refused); nothing of the output is to be relied on
 * then. States are as they were before: they change when all that a run of the device has brought
 * is home. Of a batch in several runs (see trine_job_stats) those of the runs before have changed,
 * unless state_out has buffers of its own; state_in is never written through.
 * @param job that was created and started
 * @return OK or an error of those; trine_last_error has the sentence */
enum trine_status trine_job_wait(struct trine_job *job) TRINE_CHECK_RESULT;

/** Does the next thing that can be done for a started batch, and never waits; see trine_poll. The
 * status is that of trine_job_wait once *has_ended is true, and OK before. Errors: those of
 * trine_job_wait.
 * @param job that was created and started
 * @param has_ended set
 * @return OK or an error of those; trine_last_error has the sentence */
enum trine_status trine_job_poll(struct trine_job *job, bool *has_ended) TRINE_CHECK_RESULT;

/** True when the chunk under way has ended on the device (or none is under way); never blocks, and
 * does nothing for it.
 * @param job that was created
 * @return true for NULL */
bool trine_job_done(struct trine_job *job);

/** The domain slot of the run under way or the last one.
 * @param job that was created
 * @return 0 for NULL */
uint32_t trine_job_slot(const struct trine_job *job);

/** Where its layers are.
 * @param job that was created
 * @return valid as long as the job; all zero of a job of an image */
const struct trine_placement *trine_job_placement(const struct trine_job *job);
/** The cores it runs on.
 * @param job that was created
 * @return a bit a core; 0 for NULL */
uint32_t trine_job_core_mask(const struct trine_job *job);

/** Of the last batch, see trine_runtime.h.
 * @param job that was created
 * @return valid as long as the job, overwritten by the next batch; NULL for NULL */
const struct trine_stats *trine_job_stats(const struct trine_job *job);

#ifdef __cplusplus
}
#endif

#endif
