/* SPDX-License-Identifier: Apache-2.0 */
/* trine_network.h: an int8 network as the accelerator sees it: integers only, no scales.
 *
 * A network is a list of chains. A chain reads the rows of one tensor (a sequence of vectors, one a
 * time step), sends them through its layers and writes the last layer's output as one part of the
 * rows of another tensor. Tensor 0 is the input, tensor `tensor_count - 1` the output. A chain may
 * start once every chain that writes its source is done; so the two directions of a bidirectional
 * layer are two chains that write two parts of one tensor, and what follows is a third.
 *
 * Everything here belongs to the caller and is only read; it must outlive its users.
 * The golden model (sw/golden) and the driver both run exactly this description, and refuse the
 * same ones (trine_network_consistent). */
#ifndef TRINE_NETWORK_H
#define TRINE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { TRINE_GATES = 4 };
/* Gate order everywhere: input, forget, cell candidate, output (TFLite, Keras, PyTorch). */
enum trine_gate { TRINE_GATE_I = 0, TRINE_GATE_F = 1, TRINE_GATE_G = 2, TRINE_GATE_O = 3 };

/* Requantisation of one row: REQ(acc + bias, multiplier, shift) of docs/numerics.md.
 * multiplier: 0 or in [2^30, 2^31); shift: -31..30, positive is a left shift before the product. */
struct trine_requant {
  int32_t bias; /* effective bias: zero points folded in, modulo 2^32 */
  int32_t multiplier;
  int8_t shift;
};

enum trine_layer_kind { TRINE_LAYER_LSTM = 0, TRINE_LAYER_DENSE = 1 };

/* One layer. `inputs` >= 1, `units` >= 1.
 * LSTM: w[g] is [units][inputs] and r[g] [units][units], row-major; x_rows[g] and h_rows[g] are
 *       [units].
 * Dense: only w[0] [units][inputs] and x_rows[0] [units]; the result is
 *        clamp(REQ(acc + bias) + zero_point, out_min, out_max). */
struct trine_layer {
  enum trine_layer_kind kind;
  uint32_t inputs;
  uint32_t units;
  const int8_t *w[TRINE_GATES];
  const int8_t *r[TRINE_GATES];
  const struct trine_requant *x_rows[TRINE_GATES];
  const struct trine_requant *h_rows[TRINE_GATES];
  int8_t zero_point;        /* z_h of an LSTM, z_y of a dense layer */
  int8_t out_min, out_max;  /* clamp of the output bytes; -128, 127 for an LSTM */
  struct trine_requant out; /* LSTM: (Mo, so), bias 0; unused in a dense layer */
  int8_t cell_exponent;     /* LSTM: k, the cell scale is 2^k, see below */
  int16_t cell_clip;        /* LSTM: bound of |c|, 0 is off */
  const char *name;         /* for messages; never NULL */
};

/* Cell scales 2^k that the arithmetic has (below, a product of gates can leave 32 bits), and those
 * of a device. */
enum {
  TRINE_LEAST_CELL_EXPONENT = -29,
  TRINE_LEAST_DEVICE_CELL_EXPONENT = -15,
  TRINE_MOST_CELL_EXPONENT = -9
};

enum { TRINE_MAX_PARTS = 4 };

/* A sequence of rows. Each row is its parts side by side, each part padded to the memory width. */
struct trine_tensor {
  uint32_t part_count;                  /* 1..TRINE_MAX_PARTS */
  uint32_t part_width[TRINE_MAX_PARTS]; /* bytes (= int8 values) of each part, without padding */
};

struct trine_chain {
  uint32_t source;      /* tensor read */
  uint32_t target;      /* tensor written */
  uint32_t target_part; /* which part of its rows */
  bool reversed;        /* steps run from the last row to the first, on both sides */
  bool last_only;       /* only the last step's output is written: one row a sequence */
  uint32_t first_layer; /* index into layers */
  uint32_t layer_count; /* >= 1; layers follow each other */
};

struct trine_network {
  uint32_t tensor_count;
  const struct trine_tensor *tensors;
  uint32_t layer_count;
  const struct trine_layer *layers;
  uint32_t chain_count;
  const struct trine_chain *chains;
};

/* State of one LSTM layer over a batch, in the caller's buffers: h is int8 [batch][units],
 * c int16 [batch][units]. */
struct trine_lstm_state {
  int8_t *h;
  int16_t *c;
};

/* A batch of sequences to run. Input and output are plain (unpadded) int8 rows:
 * element (b, t, n) of the input is input[b * input_batch_stride + t * input_step_stride + n],
 * strides in bytes; the same for the output. So both [B,T,N] and [T,B,N] are served.
 * A last_only output has one row a sequence at t = 0. */
struct trine_batch {
  uint32_t sequences;      /* B >= 1 */
  const uint32_t *lengths; /* steps of each sequence, >= 1 */
  const int8_t *input;
  uint64_t input_batch_stride, input_step_stride;
  int8_t *output;
  uint64_t output_batch_stride, output_step_stride;
  /* One entry a layer of the network (dense entries unused), or NULL: start at h = z_h, c = 0.
   * state_in and state_out may be the same buffers. Entries with h == NULL are skipped; one with
   * an h has a c too. */
  const struct trine_lstm_state *state_in;
  const struct trine_lstm_state *state_out;
};

/* Whether the description of a network is consistent: shapes that fit each other, every part of
 * every tensor but the input written by exactly one chain, every layer in exactly one chain, no
 * chain that waits for itself, the same number of rows in all parts of a tensor, constants in
 * their ranges. `turn` has room for chain_count words; when the network is consistent, turn[k] is
 * the place of chain k in an order in which they can run. Otherwise text is one sentence.
 * The driver and the golden model both ask this, before anything else. */
bool trine_network_consistent(const struct trine_network *network, uint32_t *turn, char *text,
                              size_t text_bytes);
/* The same without a look at weights and the constants of rows: cheap. */
bool trine_network_shapes_fit(const struct trine_network *network, uint32_t *turn, char *text,
                              size_t text_bytes);
/* The first part of both: a network, its arrays, and something in each of them. */
bool trine_network_complete(const struct trine_network *network, char *text, size_t text_bytes);

#ifdef __cplusplus
}
#endif

#endif
