/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * start: the states that the sequences of a float network start from, as its int8 model has them:
 * learned initial states, which a .tflite cannot say. */
#ifndef TRINE_QUANTIZE_START_H
#define TRINE_QUANTIZE_START_H

#include "float/float_network.h"
#include "session/states.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Makes the states of `sequences` sequences: h in the quantisation of its layer's output, c in
 * units of 2^k, both saturated. The layers of both are in the same order. *states is to be given to
 * trine_states_free also after a failure; where every state is zero, states->lstm stays NULL.
 * Returns 0, or -1 with the error set (no memory).
 * @param network float; only read
 * @param model made of it
 * @param sequences 1 or more
 * @param states set
 * @param error the sentence, or NULL
 * @return success or failure, as above */
int trine_quantized_start(const struct trine_float_network *network,
                          const struct trine_model *model, uint32_t sequences,
                          struct trine_states *states, struct trine_error *error)
    __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
