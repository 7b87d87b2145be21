/* SPDX-License-Identifier: Apache-2.0 */
/* host_math: int8 arithmetic between and behind the networks of a model, run on the host, one
 * sequence at a time, with the reference's bits: ADD, SUB, MUL and SQUARED_DIFFERENCE of two
 * operands, SUM, MEAN and extremes along axes, rows of a table (GATHER). */
#ifndef TRINE_MODEL_HOST_MATH_H
#define TRINE_MODEL_HOST_MATH_H

#include <stdbool.h>
#include <stdint.h>

#include "model/host_ops.h"

/* One of two operands. Along an axis where it has one place it is read again and again. */
struct host_operand {
  const int8_t *constant; /* NULL: a slot */
  int32_t zero_point;
  int32_t multiplier; /* ADD and SUB: to the common scale */
  int8_t shift;
  bool along[TFLITE_MAX_RANK];
};

enum host_binary_kind { HOST_ADD, HOST_SUB, HOST_MUL, HOST_SQUARED_DIFFERENCE };

/* out = clamp(REQ(a op b) + zero_point, low, high), place by place of the output's shape. */
struct host_binary {
  enum host_binary_kind kind;
  uint32_t rank;
  struct extent size[TFLITE_MAX_RANK];
  struct host_operand operand[2];
  int32_t multiplier;
  int8_t shift;
  int32_t zero_point;
  int8_t low, high;
};

/* Bits that differences of ADD and SUB are shifted left by before they are scaled. */
enum { HOST_ADD_SHIFT = 20, HOST_SQUARE_SHIFT = 7 }; /* the second of SQUARED_DIFFERENCE */

enum host_reduce_kind { HOST_SUM, HOST_MAX, HOST_MIN };

/* SUM (MEAN is one with another multiplier): REQ(sum - places * zero_in) + zero_out; or the largest
 * or smallest byte. */
struct host_reduce {
  enum host_reduce_kind kind;
  uint32_t rank;
  struct extent size[TFLITE_MAX_RANK]; /* of the input */
  bool reduced[TFLITE_MAX_RANK];
  int32_t multiplier;
  int8_t shift;
  int32_t zero_in, zero_out;
};

/* Rows of `width` bytes, each picked by an int32 of the host's byte order that is in range. */
struct host_gather {
  struct extent tokens;
  uint32_t width;
  const int8_t *table;
};

/* Runs on one sequence of `steps` steps; in[i] is not read where operand i is a constant. */
void host_binary(const struct host_binary *binary, uint32_t steps, const int8_t *const in[2],
                 int8_t *out);
void host_reduce(const struct host_reduce *reduce, uint32_t steps, const int8_t *in, int8_t *out);
void host_gather(const struct host_gather *gather, uint32_t steps, const int8_t *in, int8_t *out);

#endif
