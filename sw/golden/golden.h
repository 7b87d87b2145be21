/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * golden: runs a whole network on a batch in software, bit for bit as the accelerator must.
 *
 * It is the reference of every comparison and the fast functional model (device `golden`). The
 * arithmetic is that of golden/fixed.h; results do not depend on the batch, the cutting of a
 * stream into chunks (state carried), or the machine.
 *
 * Threads: one at a time for a handle; a network may be read by any number. Pointers: never NULL,
 * and not kept behind the call, unless it is said. */
#ifndef TRINE_GOLDEN_H
#define TRINE_GOLDEN_H

#include <stdbool.h>
#include <stdint.h>

#include "golden/fixed.h"
#include "io/error.h"
#include "trine_network.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One unit of one layer at one step. Dense layers fill x_acc[0] (bias included) and h (the
 * output byte) only; the rest is 0. */
struct trine_golden_point {
  uint32_t layer;             /**< index into the network's layers */
  uint32_t sequence;          /**< index into the batch */
  uint32_t step;              /**< steps done before in this sequence */
  uint32_t row;               /**< row of the source tensor: differs from step when reversed */
  uint32_t unit;              /**< index into the layer's units */
  int32_t x_acc[TRINE_GATES]; /**< accumulators, bias included */
  int32_t h_acc[TRINE_GATES]; /**< the same of h of the step before */
  int16_t pre[TRINE_GATES];   /**< Q3.12 */
  int32_t gate[TRINE_GATES];  /**< Q0.15 */
  int16_t c;                  /**< after the step */
  int8_t h;                   /**< after the step */
};

/** Called in the order of computation; the point is valid during the call only. */
typedef void (*trine_golden_tap)(void *context, const struct trine_golden_point *point);

/** How often something happened; runs add to what is there. */
struct trine_golden_counters {
  uint64_t macs;            /**< products, without padding; dense and first steps included */
  uint64_t gate_saturated;  /**< pre-activations that met a limit of Q3.12 */
  uint64_t cell_saturated;  /**< cell updates that met a limit of int16 */
  uint64_t cell_clipped;    /**< cell updates changed by cell_clip */
  uint64_t positive_shifts; /**< requantisations of gate or dense rows with shift > 0 */
};

/** All zero is the default. */
struct trine_golden_options {
  trine_golden_tap tap;                   /**< NULL: none */
  void *tap_context;                      /**< given to it */
  bool cmsis_corner;                      /**< the h part is not saturated before the add */
  struct trine_golden_counters *counters; /**< NULL: not counted */
  struct trine_error *error;              /**< NULL: no sentence wanted */
};

/** A network made ready: weights copied into the order of use. */
struct trine_golden;

/** Checks and prepares a network, which must outlive the handle. On success *golden is the
 * caller's, to be given to trine_golden_destroy. error may be NULL.
 * Errors: ARG, NETWORK, MEMORY.
 * @param network complete; only read
 * @param golden set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_golden_create(const struct trine_network *network,
                                      struct trine_golden **golden, struct trine_error *error)
    __attribute__((warn_unused_result));

/** Runs a batch; options may be NULL. Rows past a sequence's length are not touched, and nothing
 * but the batch's output and state_out is written. One thread at a time per handle.
 * Errors: ARG (nothing was written), MEMORY.
 * @param golden of trine_golden_create
 * @param batch only its output and state_out are written
 * @param options NULL: all zero
 * @return OK or an error of those; the sentence is in options->error */
enum trine_status trine_golden_execute(struct trine_golden *golden, const struct trine_batch *batch,
                                       const struct trine_golden_options *options)
    __attribute__((warn_unused_result));

/** Frees a handle; NULL is allowed.
 * @param golden of trine_golden_create, or NULL */
void trine_golden_destroy(struct trine_golden *golden);

/** Create, execute and destroy in one call, for callers that run a network once.
 * @param network complete; only read
 * @param batch as of trine_golden_execute
 * @param options as of trine_golden_execute
 * @return as of both */
enum trine_status trine_golden_run(const struct trine_network *network,
                                   const struct trine_batch *batch,
                                   const struct trine_golden_options *options)
    __attribute__((warn_unused_result));

/** Whether the description of a network is consistent: shapes that fit each other, every part of
 * every tensor but the input written by exactly one chain, every layer in exactly one chain, no
 * chain that waits for itself, constants in their ranges. `order`, if not NULL, receives the
 * chains (chain_count entries) in an order in which they can run. Errors: ARG, NETWORK, MEMORY.
 * @param network complete; only read
 * @param order [chain_count], or NULL
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_network_check(const struct trine_network *network, uint32_t *order,
                                      struct trine_error *error)
    __attribute__((warn_unused_result));

/** Bytes of a row of a tensor without padding: the sum of its parts.
 * @param tensor of a network
 * @return bytes */
uint32_t trine_tensor_width(const struct trine_tensor *tensor);

#ifdef __cplusplus
}
#endif

#endif
