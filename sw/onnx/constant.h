/* SPDX-License-Identifier: Apache-2.0 */
/* constant: a constant of a graph, as far as it is known. Private to sw/onnx.
 *
 * Floats (of any width in the file) or integers. Sizes of the batch and of time are not known when
 * a file is read, so an integer may be one of the marks below (all of them <= ARRAY_MARKS), and an
 * array whose shape contains one is `uniform`: of one value everywhere (zero initial states come
 * like that), its shape not kept; or `spread` (initial states that were learned): its values are
 * repeated along axes of size 1 here, how often is not kept. */
#ifndef TRINE_ONNX_CONSTANT_H
#define TRINE_ONNX_CONSTANT_H

#include <stdbool.h>
#include <stdint.h>

#include "io/error.h"
#include "model/arena.h"
#include "onnx.pb-c.h"

#define ARRAY_UNKNOWN INT64_MIN
/* The sizes of the first two axes of the graph's input; a double, too, keeps them apart. */
#define ARRAY_AXIS0 (INT64_MIN + 4096)
#define ARRAY_AXIS1 (INT64_MIN + 8192)
#define ARRAY_MARKS ARRAY_AXIS1
enum { ARRAY_MAX_RANK = 6 };

struct onnx_array {
  bool is_float, uniform, spread;
  uint32_t rank;
  int64_t dims[ARRAY_MAX_RANK]; /* all >= 0 */
  uint64_t count;
  float *floats;     /* is_float */
  int64_t *integers; /* not is_float */
  double value;      /* uniform */
};

/* What folding may do: find memory, and say why not. */
struct onnx_fold {
  struct arena *arena;
  struct trine_error *error;
  const char *folder; /* of side files; NULL: none may be */
  const char *node;   /* name, for messages */
  bool lost;          /* memory was short */
  uint64_t budget;    /* values that constants may still have: grows with what is in the files */
};

/* An array of zeros of this shape. NULL with the error set. */
struct onnx_array *onnx_array_make(struct onnx_fold *fold, bool is_float, uint32_t rank,
                                   const int64_t *dims);
struct onnx_array *onnx_array_uniform(struct onnx_fold *fold, bool is_float, double value);

/* A tensor of the file, side files included. NULL with the error set. */
struct onnx_array *onnx_array_of(struct onnx_fold *fold, const Onnx__Tensor *tensor);

/* The integers of an array that has to be a short list (at most `most`) of known integers; their
 * number, or -1. */
int onnx_array_list(const struct onnx_array *array, int64_t *list, int most);

/* Operators on constants; each returns NULL with the error set when it cannot. `inputs` are those
 * of the node, NULL where one is left out. */
struct onnx_array *onnx_fold_node(struct onnx_fold *fold, const Onnx__Node *node,
                                  struct onnx_array *const *inputs, uint32_t count);
/* Whether the reader can fold such a node. */
bool onnx_folds(const char *op_type);

/* Attributes of a node, or what holds without. */
int64_t onnx_int(const Onnx__Node *node, const char *name, int64_t otherwise);
float onnx_float(const Onnx__Node *node, const char *name, float otherwise);
const Onnx__Attribute *onnx_attribute(const Onnx__Node *node, const char *name);

#endif
