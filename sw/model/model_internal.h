/* SPDX-License-Identifier: Apache-2.0 */
/* model_internal: what model.c builds and run.c runs. */
#ifndef TRINE_MODEL_INTERNAL_H
#define TRINE_MODEL_INTERNAL_H

#include "model/model.h"
#include "model/segments.h"

struct trine_model {
  struct arena arena;
  struct tflite_graph graph;
  struct compilation compiled;
  struct segments segments;
  struct trine_model_info info;
  struct trine_model_layer *layers;
  const int32_t *follows;       /* [lstm_count]: the LSTM where it starts, or -1 */
  bool has_follower;            /* one does */
  const int32_t *lstm_of_layer; /* [segments.layer_count]: index among the file's LSTMs, or -1 */
};

const struct compile_value *model_input(const struct trine_model *model, uint32_t index);
const struct compile_value *model_output(const struct trine_model *model, uint32_t index);
/* The network of a segment, also of one that runs on the host; NULL for an operator. */
const struct trine_network *model_any_network(const struct trine_model *model, uint32_t segment);
/* Runs a host operator on one sequence; in: its sources. */
void model_run_node(const struct node *node, struct extent target, uint32_t steps,
                    const int8_t *const *in, int8_t *out);
/* States of a run in which LSTMs start where others ended: what each starts from and ends at. */
struct model_states {
  struct trine_lstm_state *begin, *end; /* [lstm_count]; NULL: none does */
};
/* The begin of those that start by themselves is the caller's, or zero. False: no memory, and to be
 * given to model_states_free all the same. */
bool model_states_make(const struct trine_model *model, const struct trine_model_batch *batch,
                       struct model_states *states);
/* Before a segment runs: its LSTMs start where those that they follow have ended. */
void model_states_hand_on(const struct trine_model *model, uint32_t segment, uint32_t sequences,
                          struct model_states *states);
/* All ends, to the caller. */
void model_states_put(const struct trine_model *model, const struct trine_model_batch *batch,
                      const struct model_states *states);
void model_states_free(const struct trine_model *model, struct model_states *states);

/* Where the values of an input are. */
const void *model_input_of(const struct trine_model_batch *batch, uint32_t index);
/* Whether every number of the int32 inputs is a row of its table. */
bool model_tokens_fit(const struct trine_model *model, const struct trine_model_batch *batch,
                      struct trine_error *error);

#endif
