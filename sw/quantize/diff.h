/* SPDX-License-Identifier: Apache-2.0 */
/* diff: where an int8 model parts from the float network it was made of: layer by layer, the
 * pre-activations, the cell and the output of every unit and step, in units of the last place. */
#ifndef TRINE_QUANTIZE_DIFF_H
#define TRINE_QUANTIZE_DIFF_H

#include "float/float_run.h"
#include "model/model.h"

#ifdef __cplusplus
extern "C" {
#endif

enum trine_diff_what { TRINE_DIFF_PRE, TRINE_DIFF_CELL, TRINE_DIFF_OUTPUT, TRINE_DIFF_COUNT };

/* The largest difference of one kind in one layer, and where it is. */
struct trine_diff_place {
  uint32_t sequence, step, unit; /* step: of the layer, from its own beginning */
  int gate;                      /* of a pre-activation: enum trine_gate; else -1 */
  float real, int8;              /* both as real values */
  float lsb;                     /* int8 - real, in units of the last place of int8 */
};

struct trine_diff_layer {
  const char *name;
  enum trine_layer_kind kind;
  /* Pre-activations beyond the +-8 of Q3.12 count as +-8. A dense layer has only its output. */
  double rms_lsb[TRINE_DIFF_COUNT];
  struct trine_diff_place worst[TRINE_DIFF_COUNT];
  /* The first output (by step, then unit) that is more than `limit` off; lsb 0: none is. */
  struct trine_diff_place first;
};

enum { TRINE_DIFF_MAX_LAYERS = 64 };

struct trine_diff {
  uint32_t layer_count;
  struct trine_diff_layer layers[TRINE_DIFF_MAX_LAYERS];
};

/* Runs both on a batch (batch first, the network's input) and compares. limit: LSB. Returns 0, or
 * -1 with the error set: layers that are not the same in both, or no memory. */
int trine_diff_run(const struct trine_float_network *network, const struct trine_model *model,
                   const struct trine_float_batch *batch, float limit, struct trine_diff *diff,
                   struct trine_error *error) __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
