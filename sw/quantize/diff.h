/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * diff: where an int8 model parts from the float network it was made of: layer by layer, the
 * pre-activations, the cell and the output of every unit and step, in units of the last place.
 *
 * Threads: any number; what goes in is only read. Pointers: never NULL, and not kept behind the
 * call, unless it is said. */
#ifndef TRINE_QUANTIZE_DIFF_H
#define TRINE_QUANTIZE_DIFF_H

#include "float/float_run.h"
#include "model/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is compared of a layer. */
enum trine_diff_what {
  TRINE_DIFF_PRE,    /**< pre-activations */
  TRINE_DIFF_CELL,   /**< the cell */
  TRINE_DIFF_OUTPUT, /**< the output */
  TRINE_DIFF_COUNT   /**< how many of these there are */
};

/** The largest difference of one kind in one layer, and where it is. */
struct trine_diff_place {
  uint32_t sequence; /**< index into the batch */
  uint32_t step;     /**< of the layer, from its own beginning */
  uint32_t unit;     /**< of the layer */
  int gate;          /**< of a pre-activation: enum trine_gate; else -1 */
  float real;        /**< of the float network */
  float int8;        /**< of the int8 model, as a real value */
  float lsb;         /**< int8 - real, in units of the last place of int8 */
};

/** A layer of both. */
struct trine_diff_layer {
  const char *name;           /**< of the float network */
  enum trine_layer_kind kind; /**< LSTM or dense */
  /** Pre-activations beyond the +-8 of Q3.12 count as +-8. A dense layer has only its output. */
  double rms_lsb[TRINE_DIFF_COUNT];
  struct trine_diff_place worst[TRINE_DIFF_COUNT]; /**< of each, over the batch */
  /** The first output (by step, then unit) that is more than `limit` off; lsb 0: none is. */
  struct trine_diff_place first;
};

/** Limits. */
enum { TRINE_DIFF_MAX_LAYERS = 64 /**< of a comparison */ };

/** A comparison. */
struct trine_diff {
  uint32_t layer_count;                                  /**< entries of layers */
  struct trine_diff_layer layers[TRINE_DIFF_MAX_LAYERS]; /**< in the file's order */
};

/** Runs both on a batch (batch first, the network's input) and compares.
 * @param network float; only read
 * @param model made of it
 * @param batch rows, batch first
 * @param limit of trine_diff_layer.first, in LSB, 0 or more
 * @param diff set
 * @param error the sentence, or NULL
 * @return TRINE_OK; TRINE_ERR_ARG: an argument is missing, or layers are not the same in both; what
 * trine_float_run refuses; TRINE_ERR_LIMIT: too many values to keep; TRINE_ERR_MEMORY */
enum trine_status trine_diff_run(const struct trine_float_network *network,
                                 const struct trine_model *model,
                                 const struct trine_float_batch *batch, float limit,
                                 struct trine_diff *diff,
                                 struct trine_error *error) TRINE_CHECK_RESULT;

#ifdef __cplusplus
}
#endif

#endif
