/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * float_run: a float network on a batch, every value kept: for calibration, and to compare with.
 *
 * Threads: any number, each with values of its own; a network is only read. Pointers: never NULL,
 * and not kept behind the call, unless it is said. */
#ifndef TRINE_FLOAT_RUN_H
#define TRINE_FLOAT_RUN_H

#include <stddef.h>

#include "float/float_network.h"
#include "io/error.h"
#include "trine_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One unit of an LSTM at one step. */
struct trine_float_point {
  uint32_t node;          /**< index into the network's nodes */
  uint32_t sequence;      /**< index into the batch */
  uint32_t step;          /**< steps done before in this sequence */
  uint32_t row;           /**< row of the input: differs from step when reversed */
  uint32_t unit;          /**< index into the layer's units */
  float pre[TRINE_GATES]; /**< before the activations */
  float c;                /**< after the step */
  float h;                /**< after the step */
};

/** Called in the order of computation. */
typedef void (*trine_float_tap)(void *context, const struct trine_float_point *point);

/** A batch, and where its values go. */
struct trine_float_batch {
  uint32_t sequences;      /**< B >= 1 */
  uint32_t steps;          /**< T >= 1 */
  const uint32_t *lengths; /**< [sequences], 1..steps each, or NULL: steps each */
  const float *input;      /**< [sequences][steps][width], without steps if the input has no time */
  const float *const *more_inputs; /**< [input_count - 1]: the others, each of its own shape */
  trine_float_tap tap;             /**< or NULL */
  void *tap_context;               /**< given to it */
};

/** The rows of input n of a network.
 * @param batch whose inputs are there
 * @param n 0..input_count - 1
 * @return its rows, the batch's; NULL where there are none */
const float *trine_float_input(const struct trine_float_batch *batch, uint32_t n);

/** Bytes of all values of a run together, at most. */
#define TRINE_FLOAT_MAX_BYTES (UINT64_C(1) << 34)

/** Refuses what cannot run: indices and widths of the network have to fit each other, there is at
 * least one sequence and one step, lengths are in 1..steps, all values together are within the
 * limit, and weights and the rows within the lengths are finite. trine_float_run asks first.
 * @param network only read
 * @param batch data, batch first
 * @param error the sentence, or NULL
 * @return TRINE_OK: it can run; TRINE_ERR_NETWORK: the network contradicts itself, or has a weight
 * that is not finite; TRINE_ERR_ARG: no network, or a batch that it cannot take; TRINE_ERR_LIMIT:
 * more than TRINE_FLOAT_MAX_BYTES */
enum trine_status trine_float_check(const struct trine_float_network *network,
                                    const struct trine_float_batch *batch,
                                    struct trine_error *error) TRINE_CHECK_RESULT;

/** Runs a network; values[n] receives value n in memory of its own (rows past a sequence's length
 * are 0), all to be given to trine_float_values_free. [value_count] pointers, the caller's.
 * @param network only read
 * @param batch data, batch first
 * @param values [value_count], set
 * @param error the sentence, or NULL
 * @return TRINE_OK; what trine_float_check refuses; TRINE_ERR_MEMORY; TRINE_ERR_ARG: a symbol that
 * is no row of its table */
enum trine_status trine_float_run(const struct trine_float_network *network,
                                  const struct trine_float_batch *batch, float **values,
                                  struct trine_error *error) TRINE_CHECK_RESULT;
/** Frees the values of a run; the list of them stays the caller's.
 * @param network that ran
 * @param values of trine_float_run, [value_count]; those that are NULL are left out */
void trine_float_values_free(const struct trine_float_network *network, float **values);

/** Whether an operator makes one row a sequence out of one a step.
 * @param op an operator
 * @return whether it does */
bool trine_float_ends_time(enum trine_float_op op);

/** What an operator is called in reports: static text.
 * @param op an operator
 * @return never NULL */
const char *trine_float_op_name(enum trine_float_op op);

/** Rows that a value has for each sequence of `steps` steps.
 * @param value of a network
 * @param steps of the sequence
 * @return rows */
uint32_t trine_float_rows(const struct trine_float_value *value, uint32_t steps);

/** Floats of a value of that batch, which has passed trine_float_check.
 * @param value of the network
 * @param sequences B
 * @param steps T
 * @return floats */
size_t trine_float_count(const struct trine_float_value *value, uint32_t sequences, uint32_t steps);

#ifdef __cplusplus
}
#endif

#endif
