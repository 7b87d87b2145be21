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
  const int32_t *lstm_of_layer; /* [segments.layer_count]: index among the file's LSTMs, or -1 */
};

const struct value *model_input(const struct trine_model *model);
const struct value *model_output(const struct trine_model *model, uint32_t index);
/* The network of a segment, also of one that runs on the host; NULL for an operator. */
const struct trine_network *model_any_network(const struct trine_model *model, uint32_t segment);
/* Runs a host operator on one sequence; in: its sources. */
void model_run_node(const struct node *node, struct extent target, uint32_t steps,
                    const int8_t *const *in, int8_t *out);
/* Whether every number of an int32 input is a row of its table. */
bool model_tokens_fit(const struct trine_model *model, const struct trine_model_batch *batch,
                      struct trine_error *error);

#endif
