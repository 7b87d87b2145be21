/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * diff: where an int8 model parts from the float network it was made of: layer by layer, the
 * pre-activations, the cell and the output of every unit and step, in units of the last place. */
#ifndef TRINE_QUANTIZE_DIFF_H
#define TRINE_QUANTIZE_DIFF_H

#include "float/float_run.h"
#include "model/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is compared. */
enum trine_diff_what {
  TRINE_DIFF_PRE,    /**< pre-activations of the gates */
  TRINE_DIFF_CELL,   /**< the cell */
  TRINE_DIFF_OUTPUT, /**< the output */
  TRINE_DIFF_COUNT   /**< how many there are */
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

/** A layer. */
struct trine_diff_layer {
  const char *name;           /**< of the float network */
  enum trine_layer_kind kind; /**< LSTM or dense */
  /** Pre-activations beyond the +-8 of Q3.12 count as +-8. A dense layer has only its output. */
  double rms_lsb[TRINE_DIFF_COUNT];
  struct trine_diff_place worst[TRINE_DIFF_COUNT]; /**< the largest of each kind */
  /** The first output (by step, then unit) that is more than `limit` off; lsb 0: none is. */
  struct trine_diff_place first;
};

/** Limit of a comparison. */
enum {
  TRINE_DIFF_MAX_LAYERS = 64 /**< layers */
};

/** All layers. */
struct trine_diff {
  uint32_t layer_count;                                  /**< entries of layers */
  struct trine_diff_layer layers[TRINE_DIFF_MAX_LAYERS]; /**< in the network's order */
};

/** Runs both on a batch (batch first, the network's input) and compares. limit: LSB. Returns 0, or
 * -1 with the error set: layers that are not the same in both, or no memory.
 * @param network float; only read
 * @param model made of it
 * @param batch data, batch first
 * @param limit of `first`, in LSB
 * @param diff set
 * @param error the sentence, or NULL
 * @return success or failure, as above */
int trine_diff_run(const struct trine_float_network *network, const struct trine_model *model,
                   const struct trine_float_batch *batch, float limit, struct trine_diff *diff,
                   struct trine_error *error) __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
