/* SPDX-License-Identifier: Apache-2.0 */
/* draw_rounding: models of one operator whose factors are quotients of scales, of every byte: one
 * of ADD, SUB, MUL and SQUARED_DIFFERENCE with each of a row of constants; LEAKY_RELU and RSQRT.
 *
 * Factors computed in float32 give another byte than those in double for one in some hundred
 * thousand, which random bytes hardly meet. So scales, and one of the constants, are drawn until
 * there is such a byte (but of SQUARED_DIFFERENCE). */
#ifndef TRINE_HEADS_DRAW_ROUNDING_H
#define TRINE_HEADS_DRAW_ROUNDING_H

#include <stdint.h>

#include "io/npy.h"
#include "model/tflite_writer.h"
#include "support/seed.h"

/* Add the operator; x are the 256 bytes, as the model takes them. Return the output tensor. */
int32_t draw_pairs(struct tflite_writer *model, struct seed_stream *stream, int32_t *input,
                   struct trine_array *x);
int32_t draw_leaky(struct tflite_writer *model, struct seed_stream *stream, int32_t *input,
                   struct trine_array *x);
int32_t draw_rsqrt(struct tflite_writer *model, struct seed_stream *stream, int32_t *input,
                   struct trine_array *x);

#endif
