/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * trine_network.h: an int8 network as the accelerator sees it: integers only, no scales.
 *
 * A network is a list of chains. A chain reads the rows of one tensor (a sequence of vectors, one a
 * time step), sends them through its layers and writes the last layer's output as one part of the
 * rows of another tensor. Tensor 0 is the input, tensor `tensor_count - 1` the output. A chain may
 * start once every chain that writes its source is done; so the two directions of a bidirectional
 * layer are two chains that write two parts of one tensor, and what follows is a third.
 *
 * Everything here belongs to the caller and is only read; it must outlive its users.
 * The golden model (sw/golden) and the driver both run exactly this description, and refuse the
 * same ones (trine_network_consistent).
 *
 * Threads: any number; a network is only read. Pointers: never NULL unless it is said; what a
 * network leads to has to outlive its users. */
#ifndef TRINE_NETWORK_H
#define TRINE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Gates of an LSTM. */
enum {
  TRINE_GATES = 4 /**< input, forget, cell candidate, output */
};
/** Gate order everywhere: input, forget, cell candidate, output (TFLite, Keras, PyTorch). */
enum trine_gate {
  TRINE_GATE_I = 0, /**< input */
  TRINE_GATE_F = 1, /**< forget */
  TRINE_GATE_G = 2, /**< cell candidate */
  TRINE_GATE_O = 3  /**< output */
};

/** Requantisation of one row: REQ(acc + bias, multiplier, shift) of docs/numerics.md. */
struct trine_requant {
  int32_t bias;       /**< effective bias: zero points folded in, modulo 2^32 */
  int32_t multiplier; /**< Q31: 0, or in [2^30, 2^31) */
  int8_t shift;       /**< -31..30; positive is a left shift before the product */
};

/** What a layer computes. */
enum trine_layer_kind {
  TRINE_LAYER_LSTM = 0, /**< an LSTM: 8-bit gates, a 16-bit cell */
  TRINE_LAYER_DENSE = 1 /**< a fully connected layer, row by row */
};

/** One layer. Matrices are row-major, a gate g each. Of a dense layer only w[0] and x_rows[0] are
 * used, the others NULL; its result is clamp(REQ(acc + bias) + zero_point, out_min, out_max). */
struct trine_layer {
  enum trine_layer_kind kind;   /**< an LSTM, or dense */
  uint32_t inputs;              /**< width of a row that comes in, >= 1 */
  uint32_t units;               /**< width of a row that goes out, >= 1 */
  const int8_t *w[TRINE_GATES]; /**< int8 [units][inputs] */
  const int8_t *r[TRINE_GATES]; /**< int8 [units][units]; NULL in a dense layer */
  const struct trine_requant *x_rows[TRINE_GATES]; /**< [units], of w's rows */
  const struct trine_requant *h_rows[TRINE_GATES]; /**< [units], of r's rows */
  int8_t zero_point;                               /**< z_h of an LSTM, z_y of a dense layer */
  int8_t out_min;                                  /**< least output byte; -128 of an LSTM */
  int8_t out_max;                                  /**< most; 127 of an LSTM */
  struct trine_requant out; /**< LSTM: (Mo, so), bias 0; unused in a dense layer */
  int8_t cell_exponent;     /**< LSTM: k, the cell scale is 2^k, see below */
  int16_t cell_clip;        /**< LSTM: bound of |c|, in steps of the cell scale; 0 is off */
  const char *name;         /**< for messages; never NULL */
};

/** Cell scales 2^k that the arithmetic has (below, a product of gates can leave 32 bits), and those
 * of a device. */
enum {
  TRINE_LEAST_CELL_EXPONENT = -29,        /**< of the golden model */
  TRINE_LEAST_DEVICE_CELL_EXPONENT = -15, /**< of a device */
  TRINE_MOST_CELL_EXPONENT = -9           /**< of both */
};

/** Limit of a tensor. */
enum {
  TRINE_MAX_PARTS = 4 /**< parts of a row */
};

/** A sequence of rows. Each row is its parts side by side, each part padded to the memory width. */
struct trine_tensor {
  uint32_t part_count;                  /**< 1..TRINE_MAX_PARTS */
  uint32_t part_width[TRINE_MAX_PARTS]; /**< bytes (= int8 values) of each part, without padding */
};

/** Layers one behind the other, from the rows of one tensor to a part of those of another. */
struct trine_chain {
  uint32_t source;      /**< tensor read */
  uint32_t target;      /**< tensor written */
  uint32_t target_part; /**< which part of its rows */
  bool reversed;        /**< steps run from the last row to the first, on both sides */
  bool last_only;       /**< only the last step's output is written: one row a sequence */
  uint32_t first_layer; /**< index into layers */
  uint32_t layer_count; /**< >= 1; layers follow each other */
};

/** A network; see the top of this file. */
struct trine_network {
  uint32_t tensor_count;              /**< 2..TRINE_MAX_TENSORS */
  const struct trine_tensor *tensors; /**< [tensor_count]; the input first, the output last */
  uint32_t layer_count;               /**< 1..TRINE_MAX_LAYERS */
  const struct trine_layer *layers;   /**< [layer_count] */
  uint32_t chain_count;               /**< 1..TRINE_MAX_CHAINS */
  const struct trine_chain *chains;   /**< [chain_count], in any order */
};

/** State of one LSTM layer over a batch, in the caller's buffers. */
struct trine_lstm_state {
  int8_t *h;  /**< int8 [sequences][units], as the layer's output; NULL: none */
  int16_t *c; /**< int16 [sequences][units], in steps of the cell scale */
};

/** A batch of sequences to run. Input and output are plain (unpadded) int8 rows:
 * element (b, t, n) of the input is input[b * input_batch_stride + t * input_step_stride + n],
 * strides in bytes; the same for the output. So both [B,T,N] and [T,B,N] are served.
 * A last_only output has one row a sequence at t = 0. */
struct trine_batch {
  uint32_t sequences;           /**< B >= 1 */
  const uint32_t *lengths;      /**< steps of each sequence, >= 1 */
  const int8_t *input;          /**< never NULL */
  uint64_t input_batch_stride;  /**< bytes from a sequence to the next */
  uint64_t input_step_stride;   /**< bytes from a step to the next */
  int8_t *output;               /**< never NULL; not the input's buffer */
  uint64_t output_batch_stride; /**< bytes, as of the input */
  uint64_t output_step_stride;  /**< bytes, as of the input; unused by a last_only output */
  /** One entry a layer of the network (dense entries unused), or NULL: start at h = z_h, c = 0.
   * Entries with h == NULL are skipped; one with an h has a c too. Only read. */
  const struct trine_lstm_state *state_in;
  /** Where the states after the last step go, or NULL. May be the buffers of state_in. */
  const struct trine_lstm_state *state_out;
};

/** Whether the description of a network is consistent: shapes that fit each other, every part of
 * every tensor but the input written by exactly one chain, every layer in exactly one chain, no
 * chain that waits for itself, the same number of rows in all parts of a tensor, constants in
 * their ranges. The driver and the golden model both ask this, before anything else.
 * @param network what is looked at; NULL is not consistent
 * @param turn room for chain_count words; of a consistent network turn[k] is the place of chain k
 *        in an order in which they can run
 * @param text otherwise one sentence, terminated and cut
 * @param text_bytes room in text, >= 1
 * @return whether it is */
bool trine_network_consistent(const struct trine_network *network, uint32_t *turn, char *text,
                              size_t text_bytes);
/** The same without a look at weights and the constants of rows: cheap.
 * @param network as above
 * @param turn as above
 * @param text as above
 * @param text_bytes as above
 * @return as above */
bool trine_network_shapes_fit(const struct trine_network *network, uint32_t *turn, char *text,
                              size_t text_bytes);
/** The first part of both: a network, its arrays, and something in each of them.
 * @param network as above
 * @param text as above
 * @param text_bytes as above
 * @return as above */
bool trine_network_complete(const struct trine_network *network, char *text, size_t text_bytes);

#ifdef __cplusplus
}
#endif

#endif
