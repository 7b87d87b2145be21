/* SPDX-License-Identifier: Apache-2.0 */
/* constant: a constant of a graph, as far as it is known. Private to sw/onnx and
 * the front end sw/graph/onnx_graph.c.
 *
 * Floats (of any width in the file) or integers. Sizes of the batch and of time are not known when
 * a file is read, so an integer may be one of the marks below (all of them <= ARRAY_MARKS), and an
 * array whose shape contains one is `uniform`: of one value everywhere (zero initial states come
 * like that), its shape kept only when it `has_shape` (marks in it); or `broadcast` (initial states
 * that were learned): its values are repeated along axes of size 1 here, how often is not kept. */
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
/* As small as a number of a file may be: what is smaller becomes this, so that none is a mark. */
#define ARRAY_LEAST (ARRAY_MARKS + 1)
enum { ARRAY_MAX_RANK = 6 };

/* Types of elements, as a file numbers them. */
enum {
  TYPE_FLOAT = 1,
  TYPE_UINT8 = 2,
  TYPE_INT8 = 3,
  TYPE_INT32 = 6,
  TYPE_INT64 = 7,
  TYPE_BOOL = 9,
  TYPE_FLOAT16 = 10,
  TYPE_DOUBLE = 11
};

struct onnx_array {
  bool is_float, uniform, broadcast, has_shape;
  uint32_t rank;
  int64_t dims[ARRAY_MAX_RANK]; /* all >= 0, but for marks of a uniform one */
  uint64_t count;
  float *floats;     /* is_float */
  int64_t *integers; /* not is_float */
  double value;      /* uniform */
};

/* What folding may do: find memory, and say why not. */
struct onnx_fold {
  struct arena *arena;
  struct trine_error *error;
  const char *folder;  /* of side files; NULL: none may be */
  const char *node;    /* name, for messages */
  bool lost;           /* memory was short */
  uint64_t budget;     /* values that may still be made or looked at: grows with the files */
  uint64_t side_bytes; /* of side files that were read */
  int64_t opset;       /* version of the operators */
};

/* Takes so many values from the budget, before they are made or looked at: all that a graph makes
 * of its file together has a limit. False with the error set. */
bool onnx_spend(struct onnx_fold *fold, uint64_t values);

/* An array of zeros of this shape. NULL with the error set. */
struct onnx_array *onnx_array_make(struct onnx_fold *fold, bool is_float, uint32_t rank,
                                   const int64_t *dims);
struct onnx_array *onnx_array_uniform(struct onnx_fold *fold, bool is_float, double value);
/* A uniform array with the shape of another, if that has one. */
struct onnx_array *onnx_array_shape_as(struct onnx_array *array, const struct onnx_array *from);
bool onnx_is_mark(int64_t value);

/* A tensor of the file, side files included. NULL with the error set. */
struct onnx_array *onnx_array_of(struct onnx_fold *fold, const Onnx__Tensor *tensor);

/* The integers of an array that has to be a short list (at most `most`) of known integers; their
 * number, or -1. */
int onnx_array_list(const struct onnx_array *array, int64_t *list, int most);

/* Axes of Squeeze and Unsqueeze: the second input (`given`), or the attribute of older operator
 * sets; their number, 0 where none are named, or -1 when they are not known. */
int onnx_axes(const Onnx__Node *node, bool has_input, const struct onnx_array *given,
              int64_t axes[ARRAY_MAX_RANK]);

/* What a Slice takes: from inputs 1 to 4, or from attributes before operator set 10. */
struct onnx_slice {
  uint32_t count;
  int64_t from[ARRAY_MAX_RANK], to[ARRAY_MAX_RANK], step[ARRAY_MAX_RANK];
  uint32_t axis[ARRAY_MAX_RANK]; /* all different, below the rank */
};
/* Inputs NULL where left out or not known, as `given` says. NULL, or why it is not possible. */
const char *onnx_slice_of(const Onnx__Node *node, const bool given[5],
                          const struct onnx_array *const inputs[5], uint32_t rank, int64_t opset,
                          struct onnx_slice *slice);
/* Its part of an axis of `size`: first index and how many; false when that cannot be. */
bool onnx_slice_range(int64_t size, int64_t from, int64_t to, int64_t step, int64_t *first,
                      int64_t *count);

/* `start` and `end` of a Shape node (operator set 15), within [0, rank]. */
void onnx_shape_range(const Onnx__Node *node, uint32_t rank, uint32_t *start, uint32_t *end);

/* An axis of a node as an index below rank, negative ones from the end; or -1. */
int onnx_axis(int64_t axis, uint32_t rank);

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
