/* SPDX-License-Identifier: Apache-2.0 */
/* trine: run int8 LSTM networks on the accelerator.
 *
 * Open a device over a bus, make a job of a network and a placement of its layers on cores, then
 * run batches. Jobs on different cores may run at the same time. Nothing here allocates memory,
 * prints or exits: the caller gives all memory and it stays the caller's. One thread at a time for
 * each device and its jobs.
 *
 * Every function looks at what it is given: NULL where something is needed, a device that was not
 * opened, counts of zero or out of range and buffers that no pointer can reach are TRINE_ERR_ARG
 * (or NULL, 0, true where there is no status), with the sentence in trine_last_error. What it
 * cannot see is the caller's to keep: pointers that are not NULL lead to as much memory as the
 * description says, and device and job memory is not used before trine_open and
 * trine_job_create. */
#ifndef TRINE_H
#define TRINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trine_bus.h"
#include "trine_network.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TRINE_CHECK_RESULT __attribute__((warn_unused_result))

enum {
  TRINE_MAX_CORES = 16,
  TRINE_MAX_LAYERS = 16, /* a network; channels are fewer: layers + chains <= 16 */
  TRINE_MAX_CHAINS = 16,
  TRINE_MAX_TENSORS = 17,
  TRINE_MAX_COPIES = 8 /* copies * (layers + chains) <= 16 */
};

enum trine_status {
  TRINE_OK = 0,
  TRINE_ERR_ARG = -1,     /* an argument is missing or out of range; device not touched */
  TRINE_ERR_VERSION = -2, /* not a Trine, or another major version; registers were read only */
  TRINE_ERR_LIMIT = -3,   /* does not fit this configuration; device not touched */
  TRINE_ERR_MEMORY = -4,  /* memory given (window or scratch) too small; device not touched */
  TRINE_ERR_BUSY = -5,    /* cores or all domain slots are taken, or cores in quarantine; what runs
                             there was not touched */
  TRINE_ERR_BUS = -6,     /* an access failed; the job's domain may be in any state */
  TRINE_ERR_TIMEOUT = -7, /* not done in time; the domain was aborted */
  TRINE_ERR_DEVICE = -8,  /* the device stopped the job with an error code, or did not start it */
  TRINE_ERR_NETWORK = -9  /* the network contradicts itself; device not touched */
};

/* The status as one sentence; never NULL. */
const char *trine_status_text(enum trine_status status);

enum trine_mode {
  TRINE_MODE_SINGLE = 0,
  TRINE_MODE_MULTITHREADING = 1,
  TRINE_MODE_HELPER = 2,
  TRINE_MODE_HYBRID = 3
};

/* What the device said of itself; units as in docs/architecture.md. */
struct trine_info {
  uint32_t version; /* major << 16 | minor << 8 | patch */
  uint32_t config_hash, features;
  uint32_t cores, contexts, lanes, macs_per_lane, tail_rows, bus_bytes, x_slots, queue_words;
  uint32_t weight_bytes, param_rows, ring_bytes, state_units, pre_units, writer_bytes;
  uint32_t table_entries, max_inputs, max_units, mem_bytes;
};

struct trine; /* a device; place it in trine_sizeof() bytes aligned as max_align_t */
size_t trine_sizeof(void);

/* Opens the device behind bus. memory_base and memory_size (bytes) are the part of shared memory
 * that jobs may use, memory_base a multiple of 4096. *bus is copied; bus->ctx must outlive the
 * device. config_name is for messages and may be NULL.
 * Nothing that runs on the device is touched. Runs that go on there (strays: of another process, or
 * of one that crashed) are found, and trine_last_error then says which, though the status is OK;
 * jobs keep off their cores, slots and memory windows. Errors: ARG, BUS, VERSION. */
enum trine_status trine_open(struct trine *device, const struct trine_bus *bus,
                             uint64_t memory_base, uint64_t memory_size,
                             const char *config_name) TRINE_CHECK_RESULT;

/* The domain slots, a bit each, of runs that nobody here waits for and that go on: found at
 * trine_open, or of a job that was not seen to stop. Errors: ARG, BUS. */
enum trine_status trine_strays(struct trine *device, uint32_t *slots) TRINE_CHECK_RESULT;

/* Stops them, each within timeout_ms: for the only user of a device, after a crash. Errors: ARG,
 * BUS, TIMEOUT (one did not stop; it stays a stray). */
enum trine_status trine_stop_strays(struct trine *device, uint32_t timeout_ms) TRINE_CHECK_RESULT;

/* What was read at trine_open; valid as long as the device. */
const struct trine_info *trine_get_info(const struct trine *device);

/* The sentence of the last error of this device, naming limit and value; "" if there was none.
 * Never NULL. */
const char *trine_last_error(const struct trine *device);

/* Units [first, first + count) of a layer's output; count 0: none. first is a multiple of Lanes/4
 * (LSTM) or Lanes (dense). */
struct trine_slice {
  uint16_t first, count;
};

/* Which units of each layer each rank of a domain computes. The sequences of a batch are dealt out,
 * the longest first, to `copies`, each with contexts and channels of its own: copies on the same
 * core share its weights and fill each other's waiting, copies on different cores spread the
 * batch. */
struct trine_placement {
  enum trine_mode mode;
  uint32_t ranks; /* 1..16 */
  uint32_t layer_count;
  uint32_t copies;                                             /* 1..TRINE_MAX_COPIES */
  struct trine_slice slice[TRINE_MAX_LAYERS][TRINE_MAX_CORES]; /* [copy * layers + layer][rank] */
};

/* What a placement is to look like. groups and copies: 0 is 1. */
struct trine_shape {
  enum trine_mode mode;
  uint32_t cores;  /* 1..16 */
  uint32_t groups; /* the cores in this many groups, each with sequences of its own (hybrid) */
  uint32_t copies; /* a group */
};

/* Places a network in a mode on `cores` cores; pure, the device is not touched.
 * single: all layers on one rank. multithreading: the cut of whole consecutive layers with the
 * least busiest core; fewer ranks than cores when there are fewer layers. helper: every layer in
 * slices as equal as can be. hybrid: the layers are cut in runs of consecutive ones (so are chains
 * that can run together), each with one core or more, the busiest core as little busy as can be.
 * Errors: ARG, LIMIT, NETWORK; the sentence is in trine_last_error(device). */
enum trine_status trine_place(struct trine *device, const struct trine_network *network,
                              enum trine_mode mode, uint32_t cores,
                              struct trine_placement *placement) TRINE_CHECK_RESULT;

/* The same by shape. With two groups or more, for hybrid only, each group of cores runs the whole
 * network as helper cores on sequences of its own. */
enum trine_status trine_place_shape(struct trine *device, const struct trine_network *network,
                                    const struct trine_shape *shape,
                                    struct trine_placement *placement) TRINE_CHECK_RESULT;

/* Cycles of one time step on the busiest core of a placement, without waiting of any kind. Chains
 * that follow each other add up. The device is not touched. 0 for what is no network and placement
 * of each other. */
uint64_t trine_step_cycles(const struct trine *device, const struct trine_network *network,
                           const struct trine_placement *placement);

/* All zero: single, lowest free cores, a window for up to 4 MiB of rows, a minute of patience. */
struct trine_job_options {
  enum trine_mode mode;
  uint32_t cores;                          /* 0: 1 in single, else all that can be used */
  uint32_t core_mask;                      /* 0: chosen by the driver, none in quarantine */
  const struct trine_placement *placement; /* NULL: by trine_place; copied */
  uint32_t window_bytes;                   /* 0: as large as useful, see trine_job_create */
  uint32_t max_rows;                       /* rows the window has room for; 0: 4 MiB of them */
  uint32_t timeout_ms;                     /* of one run of the device, from START; 0: 60000 */
};

struct trine_job; /* lives in the memory given to trine_job_create */

/* Bytes of memory trine_job_create needs at the most on this device; 0 without an open device or a
 * network. */
size_t trine_job_sizeof(const struct trine *device, const struct trine_network *network);

/* Makes a job: checks the network against the device, lays out buffers, reserves a window of the
 * device's memory and writes weights and parameters there. `memory` (aligned as max_align_t) and
 * `network` must outlive the job. A batch whose rows do not fit the window is run in pieces.
 * The driver chooses among cores that are not in quarantine and have no stray.
 * Errors: ARG, LIMIT, NETWORK, MEMORY, BUSY (too few cores can be used), BUS. */
enum trine_status trine_job_create(struct trine *device, const struct trine_network *network,
                                   const struct trine_job_options *options, void *memory,
                                   size_t memory_bytes, struct trine_job **job) TRINE_CHECK_RESULT;

/* Gives the window back; a job that runs is aborted first. NULL is allowed. */
void trine_job_destroy(struct trine_job *job);

/* Runs a batch to the end: start, then wait. */
enum trine_status trine_job_run(struct trine_job *job,
                                const struct trine_batch *batch) TRINE_CHECK_RESULT;

/* Starts a batch; the batch and its buffers must stay until trine_job_wait. Several jobs may be
 * started before the first is waited for. Errors: ARG, BUSY, BUS, LIMIT, DEVICE (refused). */
enum trine_status trine_job_start(struct trine_job *job,
                                  const struct trine_batch *batch) TRINE_CHECK_RESULT;

/* Starts several jobs as close together as can be: all is written first, then every START.
 * On an error the ones already started are aborted. */
enum trine_status trine_jobs_start(struct trine_job *const *jobs,
                                   const struct trine_batch *const *batches,
                                   uint32_t count) TRINE_CHECK_RESULT;

/* Waits for a started batch (all its pieces) and brings its output and state home.
 * Errors: BUS, TIMEOUT, DEVICE, BUSY (START was refused); nothing of the output is to be relied on
 * then. States are as they were before: they change when all that a run of the device has brought
 * is home. Of a batch in several runs (see trine_job_stats) those of the runs before have changed,
 * unless state_out has buffers of its own; state_in is never written through. */
enum trine_status trine_job_wait(struct trine_job *job) TRINE_CHECK_RESULT;

/* True when the next device run has ended (or none is under way); never blocks. */
bool trine_job_done(struct trine_job *job);

/* The domain slot of the run under way or the last one. */
uint32_t trine_job_slot(const struct trine_job *job);

const struct trine_placement *trine_job_placement(const struct trine_job *job);
uint32_t trine_job_core_mask(const struct trine_job *job);

enum { TRINE_COUNTERS = 10 }; /* of a core: enum trine_count of trine_regs.h */

/* Sums over the device runs of the last batch. */
struct trine_stats {
  uint64_t cycles;       /* START to done, without load_cycles */
  uint64_t load_cycles;  /* LOADs and SAVEs */
  uint64_t macs;         /* products without padding, first steps included */
  uint64_t limit_cycles; /* the physical bound, see docs: nothing can be faster on these cores */
  uint32_t cores;        /* ranks */
  uint32_t runs;         /* device runs the batch was cut into */
  uint64_t steps;        /* time steps of all sequences */
  /* [rank] where its cycles went: each of the domain's (cycles + load_cycles, in entry
   * TRINE_COUNT_CYCLES) is in exactly one of the others. A rank that is done before the rest is
   * idle. TRINE_COUNT_MAC x lanes x macs_per_lane = rank_macs + padding. */
  uint64_t counters[TRINE_MAX_CORES][TRINE_COUNTERS];
  uint64_t rank_macs[TRINE_MAX_CORES]; /* [rank] products of its slices, without padding */
};

const struct trine_stats *trine_job_stats(const struct trine_job *job);

#ifdef __cplusplus
}
#endif

#endif
