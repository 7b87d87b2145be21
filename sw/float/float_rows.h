/* SPDX-License-Identifier: Apache-2.0 */
/* float_rows: what single operators of a float network make of rows. For sw/float, and for who
 * computes the same operators elsewhere (sw/graph, sw/quantize). */
#ifndef TRINE_FLOAT_ROWS_H
#define TRINE_FLOAT_ROWS_H

#include <stddef.h>

#include "float/float_network.h"

/* w [rows][columns] as [columns][rows], to be freed; NULL: no memory. */
float *float_turn(const float *w, size_t rows, size_t columns);
/* y[r] = the sum over n of turned[n][r] * x[n], each from 0 in the order of n: the rows side by
 * side, so that none waits for its last sum, with the bits of one row after the other. */
void float_sums(const float *turned, size_t rows, size_t columns, const float *x, float *y);
float float_logistic(float a);
/* Softmax of beta times each of `width` >= 1 numbers; the place of the largest, lowest of equals.
 */
void float_softmax(const float *x, size_t width, float beta, float *y);
size_t float_argmax(const float *x, size_t width);

/* Rows [units] of the sums of float_sums: bias and bounds. */
void float_dense_end(const struct trine_float_matrix *matrix, float *y);

/* One row, [made], of one row [width]; `other`: of a second input, or NULL. All operators but
 * EMBEDDING, LSTM, DENSE, CONCAT and those that end time. */
void float_row(const struct trine_float_node *node, const float *x, const float *other,
               uint32_t width, uint32_t made, float *y);

/* One row of a sequence's `steps` rows of `width` (trine_float_ends_time). */
void float_steps(const struct trine_float_node *node, const float *x, uint32_t steps,
                 uint32_t width, float *y);

#endif
