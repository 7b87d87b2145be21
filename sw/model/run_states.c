/* SPDX-License-Identifier: Apache-2.0 */
/* run_states: states of LSTMs that start where others ended, see model_internal.h. */
#include <stdlib.h>
#include <string.h>

#include "model/model_internal.h"

static const struct trine_model_layer *lstm_layer(const struct trine_model *model, uint32_t lstm) {
  uint32_t n = 0;
  while (model->layers[n].lstm != (int32_t)lstm) {
    n++;
  }
  return &model->layers[n];
}

static bool make_state(const struct trine_model_layer *layer, size_t sequences,
                       const struct trine_lstm_state *from, struct trine_lstm_state *made) {
  const size_t count = sequences * layer->units;
  made->h = malloc(count);
  made->c = calloc(count, sizeof *made->c);
  if (made->h == NULL || made->c == NULL) {
    return false;
  }
  memset(made->h, layer->output_zero_point, count);
  if (from != NULL) {
    memcpy(made->h, from->h, count);
    memcpy(made->c, from->c, count * sizeof *made->c);
  }
  return true;
}

bool model_states_make(const struct trine_model *model, const struct trine_model_batch *batch,
                       struct model_states *states) {
  const uint32_t count = model->info.lstm_count;
  *states = (struct model_states){NULL, NULL};
  if (!model->has_follower) {
    return true;
  }
  states->begin = calloc(count, sizeof *states->begin);
  states->end = calloc(count, sizeof *states->end);
  if (states->begin == NULL || states->end == NULL) {
    return false;
  }
  for (uint32_t n = 0; n < count; n++) {
    const struct trine_model_layer *layer = lstm_layer(model, n);
    const struct trine_lstm_state *from = batch->state_in == NULL ? NULL : &batch->state_in[n];
    if (!make_state(layer, batch->sequences, from, &states->begin[n]) ||
        !make_state(layer, batch->sequences, NULL, &states->end[n])) {
      return false;
    }
  }
  return true;
}

static void copy_state(const struct trine_model_layer *layer, size_t sequences,
                       const struct trine_lstm_state *from, const struct trine_lstm_state *to) {
  memcpy(to->h, from->h, sequences * layer->units);
  memcpy(to->c, from->c, sequences * layer->units * sizeof *to->c);
}

void model_states_hand_on(const struct trine_model *model, uint32_t segment, uint32_t sequences,
                          struct model_states *states) {
  for (uint32_t n = 0; n < model->info.layer_count && states->begin != NULL; n++) {
    const struct trine_model_layer *layer = &model->layers[n];
    const int32_t before = layer->lstm < 0 ? -1 : model->follows[layer->lstm];
    if (layer->segment == segment && before >= 0) {
      copy_state(layer, sequences, &states->end[before], &states->begin[layer->lstm]);
    }
  }
}

void model_states_put(const struct trine_model *model, const struct trine_model_batch *batch,
                      const struct model_states *states) {
  for (uint32_t n = 0; n < model->info.lstm_count && states->end != NULL; n++) {
    if (batch->state_out != NULL) {
      copy_state(lstm_layer(model, n), batch->sequences, &states->end[n], &batch->state_out[n]);
    }
  }
}

void model_states_free(const struct trine_model *model, struct model_states *states) {
  for (uint32_t n = 0; n < model->info.lstm_count; n++) {
    if (states->begin != NULL) {
      free(states->begin[n].h);
      free(states->begin[n].c);
    }
    if (states->end != NULL) {
      free(states->end[n].h);
      free(states->end[n].c);
    }
  }
  free(states->begin);
  free(states->end);
}
