/* SPDX-License-Identifier: Apache-2.0 */
/* fold: single operators on constants. Private to sw/onnx; onnx_fold_node picks among them.
 *
 * Inputs are known and not uniform. Each returns NULL with the error set when it cannot. */
#ifndef TRINE_ONNX_FOLD_H
#define TRINE_ONNX_FOLD_H

#include "onnx/constant.h"

/* Sets the error; returns NULL. */
struct onnx_array *fold_refuse(struct onnx_fold *fold, const Onnx__Node *node, const char *why);

/* The same values in another shape. */
struct onnx_array *fold_as_shape(struct onnx_fold *fold, const struct onnx_array *from,
                                 uint32_t rank, const int64_t *dims);
struct onnx_array *fold_transpose(struct onnx_fold *fold, const Onnx__Node *node,
                                  const struct onnx_array *from);
struct onnx_array *fold_slice(struct onnx_fold *fold, const Onnx__Node *node,
                              struct onnx_array *const *inputs, uint32_t count);
struct onnx_array *fold_concat(struct onnx_fold *fold, const Onnx__Node *node,
                               struct onnx_array *const *inputs, uint32_t count);
/* Squeeze, or Unsqueeze when it adds axes. */
struct onnx_array *fold_squeeze(struct onnx_fold *fold, const Onnx__Node *node,
                                struct onnx_array *const *inputs, uint32_t count, bool adds);
struct onnx_array *fold_reshape(struct onnx_fold *fold, const Onnx__Node *node,
                                struct onnx_array *const *inputs, uint32_t count);
struct onnx_array *fold_gather(struct onnx_fold *fold, const Onnx__Node *node,
                               struct onnx_array *const *inputs);
/* Int8 constants as the numbers that they stand for; Sqrt, Reciprocal, Neg of each number. */
struct onnx_array *fold_dequantize(struct onnx_fold *fold, const Onnx__Node *node,
                                   struct onnx_array *const *inputs, uint32_t count);
struct onnx_array *fold_function(struct onnx_fold *fold, const Onnx__Node *node,
                                 const struct onnx_array *from);
/* Add, Sub, Mul, Div of floats of one shape, or single ones. */
struct onnx_array *fold_floats(struct onnx_fold *fold, const Onnx__Node *node, char op,
                               const struct onnx_array *a, const struct onnx_array *b);
/* Add, Sub, Mul, Div or Equal ('=') of numbers; Where; Range; Shape. */
struct onnx_array *fold_arithmetic(struct onnx_fold *fold, const Onnx__Node *node, char op,
                                   struct onnx_array *const *inputs, uint32_t count);
struct onnx_array *fold_choose(struct onnx_fold *fold, const Onnx__Node *node,
                               struct onnx_array *const *inputs, uint32_t count);
struct onnx_array *fold_range(struct onnx_fold *fold, const Onnx__Node *node,
                              struct onnx_array *const *inputs, uint32_t count);
struct onnx_array *fold_shape(struct onnx_fold *fold, const Onnx__Node *node,
                              const struct onnx_array *from);

#endif
