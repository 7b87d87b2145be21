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
const struct value *model_output(const struct trine_model *model);

#endif
