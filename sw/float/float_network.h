/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * float_network: a trained network in single precision, between a model file (sw/onnx reads one)
 * and the quantiser (sw/quantize), with an evaluator for calibration and comparison.
 *
 * A network is a list of nodes in an order in which they can run. Each node reads values and makes
 * one. A value is a row of `width` floats for each sequence and time step, or (has_time false) for
 * each sequence: [B][T][width] or [B][width], batch first whatever the file's layout was. Some have
 * a number of steps of their own, which is the same for all sequences and no length changes.
 * Symbols (the ids that an embedding looks up) are values of width 1 that hold whole numbers.
 *
 * Everything here belongs to the one who made the network; users only read it.
 *
 * Threads: any number may read a network. Pointers: never NULL, and not kept behind the call,
 * unless it is said. */
#ifndef TRINE_FLOAT_NETWORK_H
#define TRINE_FLOAT_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "trine_network.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a node does. */
enum trine_float_op {
  TRINE_FLOAT_EMBEDDING,  /**< row `id` of a table, for each step */
  TRINE_FLOAT_LSTM,       /**< every h of a layer in one direction */
  TRINE_FLOAT_DENSE,      /**< w x + bias, then clamped to [out_min, out_max] (RELU: 0, infinity) */
  TRINE_FLOAT_CONCAT,     /**< rows side by side */
  TRINE_FLOAT_LAST,       /**< the row of a sequence's last step (of its own length) */
  TRINE_FLOAT_FIRST,      /**< the row of its first step: where a reversed layer ends */
  TRINE_FLOAT_SOFTMAX,    /**< along the row */
  TRINE_FLOAT_LOGISTIC,   /**< 1 / (1 + e^-x) */
  TRINE_FLOAT_ARGMAX,     /**< the index of the largest of a row, lowest of equals: width 1 */
  TRINE_FLOAT_RELU,       /**< 0 below 0 */
  TRINE_FLOAT_TANH,       /**< the hyperbolic tangent */
  TRINE_FLOAT_LEAKY_RELU, /**< below 0 alpha times as much */
  TRINE_FLOAT_ELU,        /**< below 0 e^x - 1 */
  TRINE_FLOAT_LOG_SOFTMAX, /**< along the row */
  TRINE_FLOAT_AFFINE,      /**< each column times its scale, plus its bias */
  TRINE_FLOAT_ADD,         /**< of two rows of one width */
  TRINE_FLOAT_MUL,         /**< the same */
  TRINE_FLOAT_STEP,    /**< the row of step number `first`, from the sequence's end when negative */
  TRINE_FLOAT_COLUMNS, /**< part of each row, from column `first` on */
  TRINE_FLOAT_MEAN,    /**< over the steps of each sequence */
  TRINE_FLOAT_MAX,     /**< the same */
  TRINE_FLOAT_SUM,     /**< the same */
  TRINE_FLOAT_REPEAT,  /**< one row of a sequence at each of its steps */
  TRINE_FLOAT_FLATTEN, /**< all steps side by side, of sequences of one known length */
  TRINE_FLOAT_RANGE, /**< as many steps as its output has, from step number `first` on (from the end
                        when negative) */
  TRINE_FLOAT_TURN   /**< each sequence from its own last step to its first */
};

/** Limits. */
enum {
  TRINE_FLOAT_MAX_INPUTS = 24, /**< of a node */
  TRINE_FLOAT_MAX_OUTPUTS = 8, /**< of a network */
  TRINE_FLOAT_MAX_GIVEN = 8    /**< inputs of a network */
};

/** An LSTM. Gate order i, f, g, o as everywhere; w [4][units][inputs], r [4][units][units],
 * bias [4][units] (the file's two biases added). */
struct trine_float_cell {
  uint32_t inputs;   /**< width of what comes in */
  uint32_t units;    /**< width of what goes out */
  const float *w;    /**< [4][units][inputs] */
  const float *r;    /**< [4][units][units] */
  const float *bias; /**< [4][units] */
  bool reversed;     /**< each sequence from its own last step to its first */
  /** [units] the state a sequence starts from, the same for all; NULL: zero. */
  const float *h0;
  const float *c0; /**< as h0 */
  /** Names of the graph's inputs that the state starts from, or NULL. */
  const char *h_in;
  const char *c_in; /**< as h_in */
  /** 1 + the index of the LSTM of as many units, before this one, whose final state it starts from;
   * 0: none. */
  uint32_t follows;
};

/** A matrix: dense: w [units][inputs]; embedding: w [units rows][inputs wide]. */
struct trine_float_matrix {
  uint32_t inputs;   /**< columns */
  uint32_t units;    /**< rows */
  const float *w;    /**< row-major */
  const float *bias; /**< NULL: zero */
  float out_min;     /**< least of what comes out */
  float out_max;     /**< most */
};

/** One operation: reads values, makes one. */
struct trine_float_node {
  enum trine_float_op op;                  /**< what it does */
  const char *name;                        /**< the file's node that it comes from; never NULL */
  uint32_t input_count;                    /**< values it reads */
  uint32_t inputs[TRINE_FLOAT_MAX_INPUTS]; /**< indices of values */
  uint32_t output;                         /**< index of the value it makes */
  struct trine_float_cell cell;            /**< LSTM */
  struct trine_float_matrix matrix;        /**< DENSE, EMBEDDING */
  const float *scale;                      /**< AFFINE: [width] */
  const float *bias;                       /**< AFFINE: [width] */
  float alpha;                             /**< LEAKY_RELU */
  int32_t first;                           /**< STEP, COLUMNS, RANGE */
};

/** What passes between nodes. */
struct trine_float_value {
  const char *name; /**< the file's tensor; never NULL */
  bool has_time;    /**< a row a step; else one a sequence */
  uint32_t width;   /**< floats of a row */
  uint32_t steps;   /**< has_time: its own number of steps; 0: those of the sequence */
};

/** A network. */
struct trine_float_network {
  const char *name;                          /**< never NULL */
  uint32_t value_count;                      /**< values */
  const struct trine_float_value *values;    /**< [value_count] */
  uint32_t node_count;                       /**< nodes */
  const struct trine_float_node *nodes;      /**< [node_count], in an order in which they can run */
  uint32_t input_count;                      /**< 1 or more */
  uint32_t inputs[TRINE_FLOAT_MAX_GIVEN];    /**< indices of values, all different */
  uint32_t output_count;                     /**< 1 or more */
  uint32_t outputs[TRINE_FLOAT_MAX_OUTPUTS]; /**< indices of values, all different; the first is the
                                                one that labels and reports are about */
  bool time_major; /**< the file's data are [T][B][width]: for messages and the .tflite made */
};

#ifdef __cplusplus
}
#endif

#endif
