/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * start: the states that the sequences of a float network start from, as its int8 model has them:
 * learned initial states, which a .tflite cannot say.
 *
 * Threads: any number; what goes in is only read. Pointers: never NULL, and not kept behind the
 * call, unless it is said. */
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
 * @param network float; only read
 * @param model made of it
 * @param sequences of the states
 * @param states set
 * @param error the sentence, or NULL
 * @return TRINE_OK, or what trine_states_make refuses (session/states.h) */
enum trine_status trine_quantized_start(const struct trine_float_network *network,
                                        const struct trine_model *model, uint32_t sequences,
                                        struct trine_states *states,
                                        struct trine_error *error) TRINE_CHECK_RESULT;

#ifdef __cplusplus
}
#endif

#endif
