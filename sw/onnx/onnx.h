/* SPDX-License-Identifier: Apache-2.0 */
/* onnx: reads a trained network from an .onnx file, as PyTorch's and TensorFlow's exporters write
 * them, into a float network (sw/float).
 *
 * Constants are folded, layouts followed (batch or time first, the direction axis), and what is
 * left is LSTM and dense layers with a few cheap operators between them. Gate order i, o, f, c
 * becomes i, f, g, o, and the two biases are added. What cannot be done is refused by the name of
 * the node. Initial states that come from a graph's inputs, or are zero, start at zero. */
#ifndef TRINE_ONNX_H
#define TRINE_ONNX_H

#include <stddef.h>

#include "float/float_network.h"
#include "io/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum trine_onnx_status {
  TRINE_ONNX_OK = 0,
  TRINE_ONNX_ERR_FILE = -1,        /* the file, or its side file of weights, cannot be read */
  TRINE_ONNX_ERR_UNSUPPORTED = -2, /* not an .onnx, damaged, or with something we do not do */
  TRINE_ONNX_ERR_MEMORY = -3
};

/* Limits: of a file and its side files, of a constant, and of a network. */
#define TRINE_ONNX_MAX_FILE_BYTES (UINT64_C(1) << 30)
enum {
  TRINE_ONNX_MAX_ELEMENTS = 1 << 28,
  TRINE_ONNX_MAX_NODES = 100000,
  TRINE_ONNX_MAX_UNITS = 65535
};

/* Which part of a graph is wanted: names of values, NULL for the first input and output of the
 * graph. So one LSTM among other operators can be cut out. */
struct trine_onnx_cut {
  const char *input, *output;
};

struct trine_onnx;

/* Loads a file; cut may be NULL. On success *model is the caller's, to be given to trine_onnx_free.
 * error may be NULL. */
enum trine_onnx_status trine_onnx_load(const char *path, const struct trine_onnx_cut *cut,
                                       struct trine_onnx **model, struct trine_error *error)
    __attribute__((warn_unused_result));

/* The same from memory. folder: where side files of weights are, NULL: there may be none. */
enum trine_onnx_status trine_onnx_parse(const void *bytes, size_t len_bytes, const char *folder,
                                        const struct trine_onnx_cut *cut, struct trine_onnx **model,
                                        struct trine_error *error)
    __attribute__((warn_unused_result));

/* NULL is allowed. */
void trine_onnx_free(struct trine_onnx *model);

/* Lives until trine_onnx_free. */
const struct trine_float_network *trine_onnx_network(const struct trine_onnx *model);

#ifdef __cplusplus
}
#endif

#endif
