/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * trine_runtime: images on a device: slots, START, interrupt, abort, rows in and out, states.
 *
 * For a processor without an operating system as well: nothing here allocates, prints or knows a
 * file; trine_poll never waits. What goes wrong is a struct trine_fault (trine_fault.h), a status
 * and a few numbers. The structs are whole so that they can be static; their members are private.
 *
 *     static uint32_t scratch[NAME_SCRATCH_BYTES / 4 + 1];
 *     struct trine_device device;
 *     struct trine_run run;
 *     const struct trine_run_options options = {.window_base = 0, .window_bytes = 65536, ...};
 *     trine_device_open(&device, &bus, &fault);
 *     trine_run_open(&run, &device, image, &options);
 *     trine_run_start(&run, &batch);
 *     while (!trine_poll(&run)) { something else, or sleep until trine_interrupt was called }
 *     trine_run_fault(&run)->status ...
 *
 * Threads: one at a time for a device and its runs; a handler may call trine_interrupt at any
 * moment, and nothing else.
 *
 * Pointers: never NULL unless it is said; what has to stay after the call is said. */
#ifndef TRINE_RUNTIME_H
#define TRINE_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/batch.h"
#include "trine_bus.h"
#include "trine_fault.h"
#include "trine_image.h"
#include "trine_network.h"
#include "trine_status.h"

#ifdef __cplusplus
extern "C" {
#endif

struct trine_run; /* below */

/** A run that nobody here waits for and that goes on: found at open, or not seen to stop. */
struct trine_stray {
  bool is_there;         /**< false: none; the rest means nothing */
  uint32_t core_mask;    /**< its cores */
  uint64_t window_base;  /**< its part of shared memory */
  uint64_t window_bytes; /**< bytes of it */
};

/** A domain slot of a device, private. */
struct trine_slot {
  /** @cond */
  struct trine_run *running;
  struct trine_run *resident; /* whose set-up the last run left */
  struct trine_stray stray;
  /** @endcond */
};

/** A device; its members are private. It may lie anywhere and must not be moved or copied. */
struct trine_device {
  /** @cond */
  struct trine_bus bus;
  uint64_t (*now_us)(void *ctx);
  void *clock;
  uint32_t cores, config_hash;
  struct trine_slot slot[TRINE_MAX_CORES];
  /** @endcond */
};

/** Opens the device behind the bus. *bus is copied; bus->ctx must outlive the device. Registers are
 * read only; runs that go on there are found and kept clear of. Errors: ARG (the bus misses a
 * function, its clock included), VERSION, BUS.
 * @param device memory for it
 * @param bus all of it; map, clean and invalidate may be NULL
 * @param fault what is wrong; never NULL
 * @return OK or an error of those */
enum trine_status trine_device_open(struct trine_device *device, const struct trine_bus *bus,
                                    struct trine_fault *fault) TRINE_CHECK_RESULT;

/** Sizes of the statistics. */
enum {
  TRINE_COUNTERS = 10 /**< counters of a core: enum trine_count of trine_regs.h */
};

/** Sums over the starts of the device that the last batch took. */
struct trine_stats {
  uint64_t cycles;       /**< START to done, without load_cycles */
  uint64_t load_cycles;  /**< LOADs and SAVEs */
  uint64_t macs;         /**< products without padding, first steps included */
  uint64_t limit_cycles; /**< the physical bound, see docs: nothing can be faster on these cores */
  uint32_t cores;        /**< ranks */
  uint32_t runs;         /**< starts of the device: chunks that the batch was cut into */
  uint64_t steps;        /**< time steps of all sequences */
  /** [rank] where its cycles went: each of the domain's (cycles + load_cycles, in entry
   * TRINE_COUNT_CYCLES) is in exactly one of the others. A rank that is done before the rest is
   * idle. TRINE_COUNT_MAC x lanes x macs_per_lane = rank_macs + padding. */
  uint64_t counters[TRINE_MAX_CORES][TRINE_COUNTERS];
  uint64_t rank_macs[TRINE_MAX_CORES]; /**< [rank] products of its slices, without padding */
};

/** Who wants to know how a run went. begin is called when a batch starts, chunk when one has ended
 * on the device and is about to be brought home (it may read the device's counters, and set the
 * run's fault). Both are called from trine_run_start, trine_poll or trine_run_wait. */
struct trine_observer {
  void *ctx;                                       /**< given to both */
  void (*begin)(void *ctx, struct trine_run *run); /**< may be NULL */
  void (*chunk)(void *ctx, struct trine_run *run); /**< may be NULL */
};

/** An observer that fills *stats, which has to stay.
 * @param stats set to 0 when a batch starts; never NULL
 * @return what the options of a run take */
struct trine_observer trine_stats_observer(struct trine_stats *stats);

/** What a run gets. */
struct trine_run_options {
  uint64_t window_base;  /**< the run's part of shared memory, at a multiple of 4096 */
  uint32_t window_bytes; /**< a multiple of 4, trine_image_least_window or more */
  uint32_t core_mask;    /**< as many cores as the image has ranks; 0: the lowest */
  uint32_t timeout_ms;   /**< of a batch, from START; 0: a minute for each chunk */
  void *scratch;         /**< trine_image_scratch_bytes, at a multiple of 4; this run's alone */
  size_t scratch_bytes;  /**< bytes of it */
  struct trine_observer observer; /**< all NULL: nobody */
};

/** What a run is doing, private. */
enum trine_run_state {
  TRINE_RUN_RESTS, /**< nothing: it may be started */
  TRINE_RUN_RUNS,  /**< a batch */
  TRINE_RUN_STOPS  /**< it was told to stop and not yet seen to */
};

/** A limit in time, from a start on; private. */
struct trine_timeout {
  /** @cond */
  uint64_t start_us, limit_us, last_us;
  uint32_t still; /**< looks since the clock moved */
  /** @endcond */
};

/** Sizes of a run. */
enum {
  TRINE_RUN_WORDS = 128 /**< of the buffer that rows and programs are gathered in */
};

/** An image on a device; its members are private. It must not be moved or copied while it is open.
 */
struct trine_run {
  /** @cond */
  struct trine_device *device;
  const struct trine_image *image;
  struct trine_run_options options;
  enum trine_run_state state;
  uint32_t slot;
  bool is_timed;      /* timeout has begun with the first START of the batch */
  bool is_started;    /* START may have been accepted, and no end was seen */
  bool bus_gave_up;   /* waiting; decided after one more look */
  bool resident_kept; /* which set-up the contexts on the device have */
  bool repeats;       /* started by REPEAT */
  bool is_saved;      /* scratch memory has the states that the cores have, of one sequence */
  uint32_t repeat_sequences, repeat_steps; /* of the last run, all of so many; 0: not alike */
  struct trine_timeout timeout, stop_timeout;
  struct trine_cut cut;
  struct trine_fault fault;
  uint32_t buffered_at, buffered; /* in the window; bytes in the buffer */
  uint32_t buffer[TRINE_RUN_WORDS];
  /** @endcond */
};

/** Makes a run of an image (trine_image_is_valid) and writes its weights and parameters to the
 * window, where the image itself must not lie. image and scratch memory must outlive the run. *run
 * is not looked at.
 * Errors: ARG, VERSION (an image for another configuration), MEMORY, BUS; trine_run_fault.
 * @param run memory for it
 * @param device that was opened; it must outlive the run
 * @param image may lie in flash; NULL is refused
 * @param options copied
 * @return OK, or one of the errors above, which is the status of its fault too */
enum trine_status trine_run_open(struct trine_run *run, struct trine_device *device,
                                 const struct trine_image *image,
                                 const struct trine_run_options *options) TRINE_CHECK_RESULT;

/** Forgets the run, and has the device forget it (trine_run_forget); one that is under way is
 * aborted first, and waited for.
 * @param run that was opened */
void trine_run_close(struct trine_run *run);

/** Has the device forget what its cores hold of the run's image: weights, states, lists. The next
 * batch loads all again, as the first did; whoever has slot, cores and window next reads nothing of
 * it. Without it that is so once the cores have run for another slot. Errors: BUSY (a batch is
 * under way; its fault stays what it is), BUS.
 * @param run that was opened
 * @return OK, or one of the errors above, which is the status of its fault too but for that BUSY */
enum trine_status trine_run_forget(struct trine_run *run) TRINE_CHECK_RESULT;

/** Starts a batch, which stays with its buffers until the run has ended. On an error nothing of it
 * runs on (see struct trine_fault for the one exception), and a start that fails half way may wait
 * up to a second for the device to stop. Errors: ARG, BUSY, BUS, LIMIT, DEVICE.
 * @param run that was opened; one that is under way is BUSY, and its fault stays what it is
 * @param batch with lengths of 1 or more; strides in bytes
 * @return OK, or one of the errors above, which is the status of its fault too but for that BUSY */
enum trine_status trine_run_start(struct trine_run *run,
                                  const struct trine_batch *batch) TRINE_CHECK_RESULT;

/** Starts several as close together as can be: all is written first, then every START. On an error
 * those already started are stopped; *failed is the one whose fault it is.
 * @param runs of one device, [count]
 * @param batches one each, [count]
 * @param count 1 or more
 * @param failed 0 when nothing failed
 * @return OK, or the status of that one */
enum trine_status trine_runs_start(struct trine_run *const *runs,
                                   const struct trine_batch *const *batches, uint32_t count,
                                   uint32_t *failed) TRINE_CHECK_RESULT;

/** Does the next thing that can be done, and never waits: brings home what a chunk of the batch has
 * computed, starts the next one, ends what is out of time. True when the run has ended:
 * trine_run_fault says how. Output is to be relied on only when that is OK; states change when all
 * that a start of the device has brought is home (see trine_job_wait).
 * @param run that was opened
 * @return whether it rests: ended, or never started */
bool trine_poll(struct trine_run *run);

/** Polls and waits on the bus until the run has ended. It watches the run's slot alone: who watches
 * others (trine_watch) does so again behind it. Beside a handler that calls trine_interrupt it sees
 * the end up to 20 ms late; trine_poll does not. Errors: ARG (none was started), BUSY, BUS,
 * TIMEOUT, DEVICE; see trine_run_fault.
 * @param run that was opened
 * @return OK, or how the batch ended */
enum trine_status trine_run_wait(struct trine_run *run) TRINE_CHECK_RESULT;

/** Has the device stop the run; poll, or wait, until it has.
 * @param run that was opened; nothing is done to one that rests */
void trine_run_abort(struct trine_run *run);

/** How the last start, poll or wait ended; never NULL.
 * @param run that was opened
 * @return valid until the next call for the run */
const struct trine_fault *trine_run_fault(const struct trine_run *run);

/** Whether the chunk under way still runs on the device; false when nobody can say.
 * @param run that was opened
 * @return what STATUS says at this moment */
bool trine_run_is_at_work(struct trine_run *run);

/** Slots (a bit each) that may raise the interrupt from now on.
 * @param device that was opened
 * @param slots a bit a slot; 0: none
 * @return OK or BUS */
enum trine_status trine_watch(struct trine_device *device, uint32_t slots) TRINE_CHECK_RESULT;

/** For a handler of the interrupt: the slots that have ended since the last call (0: it was not
 * ours). They are masked, so the line falls, until trine_watch; their runs go on with the next
 * trine_poll. Calls nothing of the bus but read32 of IRQ_STATUS and IRQ_ENABLE and write32 of
 * IRQ_ENABLE.
 * @param device that was opened
 * @return a bit a slot */
uint32_t trine_interrupt(struct trine_device *device);

/** Where a batch of one sequence of `steps` steps that fits in one chunk may have its rows in
 * place: NULL when the bus does not map memory or they do not fit. A row of the input is
 * trine_image_tensor(image, 0)->stride bytes from the next, one of the output that of the last
 * tensor; its parts lie at their offsets. A batch whose pointers and strides are these is not
 * copied.
 * @param run that was opened
 * @param steps 1 or more
 * @return int8 [steps][stride], in mapped memory; valid until the run is closed */
int8_t *trine_run_input(struct trine_run *run, uint32_t steps);
/** The same for rows of the output; what lies there is lost at the next start.
 * @param run that was opened
 * @param steps of the batch, 1 or more
 * @return int8 [steps][stride], or one row of a last_only output; NULL as above, valid until the
 * run is closed */
int8_t *trine_run_output(struct trine_run *run, uint32_t steps);

#ifdef __cplusplus
}
#endif

#endif
