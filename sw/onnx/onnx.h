/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * onnx: reads a trained network from an .onnx file, as PyTorch's and TensorFlow's exporters write
 * them, into a float network (sw/float).
 *
 * Constants are folded, layouts followed (batch or time first, the direction axis), and what is
 * left is LSTM and dense layers with a few cheap operators between them. Gate order i, o, f, c
 * becomes i, f, g, o, and the two biases are added. What cannot be done is refused by the name of
 * the node. Initial states that come from a graph's inputs, or are zero, start at zero. Sizes of
 * batch and time that the input fixes are only its example: a graph of one sequence runs many, each
 * by itself.
 *
 * Threads: one reads a file; what was read may be looked at by any number. Pointers: never NULL,
 * and not kept behind the call, unless it is said. */
#ifndef TRINE_ONNX_H
#define TRINE_ONNX_H

#include <stddef.h>

#include "float/float_network.h"
#include "io/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Limits: of a file and its side files, of a constant, and of a network. */
#define TRINE_ONNX_MAX_FILE_BYTES (UINT64_C(1) << 30)
enum {
  TRINE_ONNX_MAX_ELEMENTS = 1 << 28, /**< of a constant */
  TRINE_ONNX_MAX_NODES = 100000,     /**< of a graph */
  TRINE_ONNX_MAX_UNITS = 65535,      /**< of a layer, and values of a row */
  TRINE_ONNX_MAX_FIELDS = 1 << 22,   /**< of a file, before it is unpacked */
  TRINE_ONNX_MAX_MESSAGES = 1 << 20, /**< the same */
  TRINE_ONNX_MAX_VALUES = 1 << 16,   /**< of a network */
  TRINE_ONNX_MAX_FLOATS = 1 << 24    /**< of all its values, for one step of one sequence */
};

/** Which part of a graph is wanted: names of values with commas between them; NULL for the inputs
 * and outputs of the graph but states. So one LSTM among other operators can be cut out. Inputs of
 * the graph that the part needs beside those named are its inputs too. */
struct trine_onnx_cut {
  const char *inputs;  /**< NULL: all of the graph but states and lengths */
  const char *outputs; /**< NULL: all of the graph but states */
};

/** A model that was read. It is not changed by those who look at it: threads may share it. */
struct trine_onnx;

/** Loads a file; cut may be NULL. On success *model is the caller's, to be given to
 * trine_onnx_free. error may be NULL.
 * @param path of the file; side files of weights are beside it
 * @param cut NULL: all
 * @param model set
 * @param error the sentence, or NULL
 * @return OK, ARG, NOT_FOUND, FILE, FORMAT, UNSUPPORTED or MEMORY */
enum trine_status trine_onnx_load(const char *path, const struct trine_onnx_cut *cut,
                                  struct trine_onnx **model, struct trine_error *error)
    __attribute__((warn_unused_result));

/** The same from memory; the bytes are copied, *model is the caller's. folder: where side files of
 * weights are, NULL: there may be none.
 * @param bytes of a file
 * @param len_bytes of it
 * @param folder of side files, or NULL
 * @param cut NULL: all
 * @param model set
 * @param error the sentence, or NULL
 * @return as of trine_onnx_load */
enum trine_status trine_onnx_parse(const void *bytes, size_t len_bytes, const char *folder,
                                   const struct trine_onnx_cut *cut, struct trine_onnx **model,
                                   struct trine_error *error) __attribute__((warn_unused_result));

/** NULL is allowed.
 * @param model that was read, or NULL */
void trine_onnx_free(struct trine_onnx *model);

/** Lives until trine_onnx_free.
 * @param model that was read
 * @return never NULL */
const struct trine_float_network *trine_onnx_network(const struct trine_onnx *model);

/** What the caller of the graph has to know, a sentence each (outputs that are states, an output in
 * another layout than the graph's): number n, or NULL behind the last. Lives until trine_onnx_free.
 * @param model that was read
 * @param n from 0 on
 * @return a sentence, or NULL */
const char *trine_onnx_note(const struct trine_onnx *model, uint32_t n);

/** Axes of the graph's own inputs or outputs, first to last; rows come as [first][second][width] of
 * the first input's first two axes (batch and time in the graph's order), or [batch][width]. */
enum trine_onnx_axis {
  TRINE_ONNX_ONE,           /**< of size 1 */
  TRINE_ONNX_FIRST,         /**< the input's first axis */
  TRINE_ONNX_SECOND,        /**< its second */
  TRINE_ONNX_MERGED,        /**< both as one, first before second */
  TRINE_ONNX_MERGED_TURNED, /**< second before first */
  TRINE_ONNX_PARTS,         /**< directions or layers, whose rows are side by side here */
  TRINE_ONNX_WIDTH          /**< the row, or that of each part */
};
/** Limit of a layout. */
enum {
  TRINE_ONNX_MAX_AXES = 6 /**< axes */
};
/** How the graph's own input or output lies. */
struct trine_onnx_layout {
  uint32_t rank;                                  /**< axes, 1..TRINE_ONNX_MAX_AXES */
  enum trine_onnx_axis axis[TRINE_ONNX_MAX_AXES]; /**< [rank], first to last */
  uint32_t parts;                                 /**< size of TRINE_ONNX_PARTS */
  uint32_t steps;  /**< that the rows have as their own number, in place of the input's; 0: none */
  bool time_first; /**< which of the first and second axis they are along */
};
/** Of input n of the network.
 * @param model that was read
 * @param n 0..inputs - 1
 * @return its layout */
struct trine_onnx_layout trine_onnx_input_layout(const struct trine_onnx *model, uint32_t n);
/** Of output n of the network.
 * @param model that was read
 * @param n 0..outputs - 1
 * @return its layout */
struct trine_onnx_layout trine_onnx_output_layout(const struct trine_onnx *model, uint32_t n);

/** Which of the graph's first two axes is the batch of a value of a network: the second where time
 * is the first, and where a row a sequence has only the second.
 * @param layout of the value, an input or output
 * @param network that has it
 * @param value index
 * @return whether it is the second */
bool trine_onnx_layout_is_turned(const struct trine_onnx_layout *layout,
                                 const struct trine_float_network *network, uint32_t value);
/** Whether a .tflite can have a value in this layout: batch and steps have an axis each, and the
 * row one, or none where it is one number.
 * @param layout of the value
 * @param value of the network
 * @return whether it can */
bool trine_onnx_layout_is_whole(const struct trine_onnx_layout *layout,
                                const struct trine_float_value *value);
/** Whether a shape is one of the layout.
 * @param layout of input or output
 * @param rank of the shape
 * @param shape [rank]
 * @param width values of a row
 * @param size set: of the first and second axis, 1 where the layout has none
 * @return whether it is */
bool trine_onnx_layout_fits(const struct trine_onnx_layout *layout, uint32_t rank,
                            const uint64_t *shape, uint32_t width, uint64_t size[2]);
/** The size of an axis.
 * @param layout of input or output
 * @param n axis, 0..rank - 1
 * @param width values of a row
 * @param size of the first and second axis
 * @return values along it */
uint64_t trine_onnx_layout_size(const struct trine_onnx_layout *layout, uint32_t n, uint32_t width,
                                const uint64_t size[2]);
/** Where a value of a row lies.
 * @param layout of input or output
 * @param width values of a row
 * @param size of the first and second axis
 * @param row index in these two
 * @param column index in the row, 0..width - 1
 * @return index in the data, C order */
uint64_t trine_onnx_layout_place(const struct trine_onnx_layout *layout, uint32_t width,
                                 const uint64_t size[2], const uint64_t row[2], uint32_t column);

/** Whether the graph means the same for data of these sizes (the input's first two axes, 0 for one
 * that it has not): a node may name a number of steps or sequences where the input leaves it open.
 * Errors: ARG, it does not.
 * @param model that was read
 * @param first size of the input's first axis, or 0
 * @param second of its second, or 0
 * @param error the sentence, or NULL
 * @return OK or ARG */
enum trine_status trine_onnx_fits(const struct trine_onnx *model, uint64_t first, uint64_t second,
                                  struct trine_error *error) __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
