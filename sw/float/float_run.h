/* SPDX-License-Identifier: Apache-2.0 */
/* float_run: a float network on a batch, every value kept: for calibration, and to compare with. */
#ifndef TRINE_FLOAT_RUN_H
#define TRINE_FLOAT_RUN_H

#include <stddef.h>

#include "float/float_network.h"
#include "io/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One unit of an LSTM at one step. */
struct trine_float_point {
  uint32_t node;     /* index into the network's nodes */
  uint32_t sequence; /* index into the batch */
  uint32_t step;     /* steps done before in this sequence */
  uint32_t row;      /* row of the input: differs from step when reversed */
  uint32_t unit;
  float pre[TRINE_GATES]; /* before the activations */
  float c, h;             /* after the step */
};

/* Called in the order of computation. */
typedef void (*trine_float_tap)(void *context, const struct trine_float_point *point);

/* A batch, and where its values go. */
struct trine_float_batch {
  uint32_t sequences, steps;
  const uint32_t *lengths; /* [sequences], 1..steps each, or NULL: steps each */
  const float *input;      /* [sequences][steps][width], without steps if the input has no time */
  trine_float_tap tap;     /* or NULL */
  void *tap_context;
};

/* Runs a network; values[n] receives value n in memory of its own (rows past a sequence's length
 * are 0), all to be given to trine_float_values_free. [value_count] pointers, the caller's.
 * Returns 0, or -1 with the error set (memory; an id outside its table). */
int trine_float_run(const struct trine_float_network *network,
                    const struct trine_float_batch *batch, float **values,
                    struct trine_error *error) __attribute__((warn_unused_result));
void trine_float_values_free(const struct trine_float_network *network, float **values);

/* Floats of a value of that batch. */
size_t trine_float_count(const struct trine_float_value *value, uint32_t sequences, uint32_t steps);

#ifdef __cplusplus
}
#endif

#endif
