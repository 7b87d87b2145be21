/* SPDX-License-Identifier: Apache-2.0 */
/* run: a model on a batch: host operators here, networks through the caller's function.
 *
 * Each slot keeps the sequences one after another, each packed at its own length from the start of
 * its place, so that operators see a sequence as if it were alone. */
#include <stdlib.h>
#include <string.h>

#include "golden/golden.h"
#include "io/size.h"
#include "model/model_internal.h"

struct model_run {
  const struct trine_model *model;
  const struct trine_model_batch *batch;
  trine_network_runner runner;
  void *context;
  struct trine_error *error;
  uint32_t *lengths;               /* [sequences] */
  uint32_t *rows;                  /* [sequences]: of the network that runs */
  int8_t **slots;                  /* NULL where a slot is not stored */
  struct trine_lstm_state *states; /* [2 * layers]: in, then out, of one network */
  struct model_states chained;     /* of LSTMs that start where others ended */
};

/* A size_t holds it, and all places in a slot or an array of the caller: sizes_fit. */
static size_t slot_stride(const struct model_run *run, uint32_t slot) {
  const struct extent size = run->model->compiled.slots[slot].size;
  return (size_t)(size.n * (size.time ? run->batch->steps : 1));
}

static int8_t *slot_place(const struct model_run *run, uint32_t slot, uint32_t sequence) {
  return run->slots[slot] + sequence * slot_stride(run, slot);
}

/* Place in the caller's array of one axis' index for a sequence. */
static uint64_t axis_place(const struct axis *axis, const struct trine_model_batch *batch,
                           uint32_t sequence, uint64_t index) {
  if (!axis->time) {
    return axis->batch ? (uint64_t)sequence * axis->n + index : index;
  }
  uint64_t step = index / axis->n;
  if (axis->batch) {
    step = axis->time_first ? step * batch->sequences + sequence
                            : (uint64_t)sequence * batch->steps + step;
  }
  return step * axis->n + index % axis->n;
}

/* Copies one sequence between the caller's array and a slot, row by row of the last axis. */
static void copy_sequence(const struct model_run *run, const struct compile_value *value,
                          uint32_t sequence, const int8_t *in, int8_t *out) {
  const uint64_t element = value->index_bytes == 0 ? 1 : value->index_bytes;
  const struct shape *shape = &value->shape;
  const struct trine_model_batch *batch = run->batch;
  const uint32_t steps = run->lengths[sequence], last = shape->rank - 1;
  const uint32_t run_axes = shape->axes[last].time ? shape->rank : last;
  const size_t length = (size_t)((shape->axes[last].time ? 1 : shape->axes[last].n) * element);
  uint64_t index[TFLITE_MAX_RANK] = {0}, rows = 1;
  int8_t *packed = slot_place(run, value->slot, sequence);
  for (uint32_t i = 0; i < run_axes; i++) {
    rows *= axis_size(shape->axes[i], 1, steps);
  }
  for (size_t row = 0; row < rows; row++) {
    uint64_t place = shape_batch_axis(shape) < 0 ? sequence : 0;
    for (uint32_t i = 0; i < shape->rank; i++) {
      place = place * axis_size(shape->axes[i], batch->sequences, batch->steps) +
              axis_place(&shape->axes[i], batch, sequence, index[i]);
    }
    const size_t byte = (size_t)(place * element);
    if (in != NULL) {
      memcpy(packed + row * length, in + byte, length);
    }
    if (out != NULL) {
      memcpy(out + byte, packed + row * length, length);
    }
    for (uint32_t i = run_axes; i-- > 0;) {
      if (++index[i] < axis_size(shape->axes[i], 1, steps)) {
        break;
      }
      index[i] = 0;
    }
  }
}

static void run_host(const struct model_run *run, const struct node *node) {
  const struct extent target = run->model->compiled.slots[node->target].size;
  for (uint32_t b = 0; b < run->batch->sequences; b++) {
    const int8_t *sources[HOST_MAX_SOURCES];
    for (uint32_t i = 0; i < node->source_count; i++) {
      sources[i] = slot_place(run, node->sources[i], b);
    }
    model_run_node(node, target, run->lengths[b], sources, slot_place(run, node->target, b));
  }
}

/* The states of a network's layers, from the file's order. */
static void map_states(const struct model_run *run, const struct segment *segment,
                       const struct trine_lstm_state *from, struct trine_lstm_state *to) {
  for (uint32_t i = 0; i < segment->network->layer_count; i++) {
    const int32_t lstm = run->model->lstm_of_layer[segment->first_layer + i];
    to[i] = lstm < 0 ? (struct trine_lstm_state){NULL, NULL} : from[lstm];
  }
}

static enum trine_status run_network(struct model_run *run, uint32_t index) {
  const struct segment *segment = &run->model->segments.list[index];
  const struct slot *source = &run->model->compiled.slots[segment->source];
  const struct slot *target = &run->model->compiled.slots[segment->target];
  struct trine_lstm_state *out = run->states + segment->network->layer_count;
  struct trine_batch batch = {
      .sequences = run->batch->sequences,
      .lengths = run->rows,
      .input = run->slots[segment->source],
      .input_batch_stride = slot_stride(run, segment->source),
      .input_step_stride = source->size.n / source->rows,
      .output = run->slots[segment->target],
      .output_batch_stride = slot_stride(run, segment->target),
      .output_step_stride = target->size.n / target->rows,
  };
  for (uint32_t b = 0; b < run->batch->sequences; b++) {
    run->rows[b] = source->rows * (source->size.time ? run->lengths[b] : 1);
  }
  const bool chained = run->chained.begin != NULL;
  const struct trine_lstm_state *from = chained ? run->chained.begin : run->batch->state_in;
  const struct trine_lstm_state *to = chained ? run->chained.end : run->batch->state_out;
  if (from != NULL) {
    map_states(run, segment, from, run->states);
    batch.state_in = run->states;
  }
  if (to != NULL) {
    map_states(run, segment, to, out);
    batch.state_out = out;
  }
  if (segment->on_host) {
    const struct trine_golden_options options = {.error = run->error};
    return trine_golden_run(segment->network, &batch, &options);
  }
  return run->runner(run->context, index, segment->network, &batch, run->error);
}

/* Whether a slot has memory of its own in a run. */
static bool is_stored(const struct trine_model *model, uint32_t slot) {
  bool is_input = false;
  for (uint32_t i = 0; i < model->info.input_count; i++) {
    is_input = is_input || slot == model_input(model, i)->slot;
  }
  return is_input || model->compiled.slots[slot].is_output || model->segments.slot_stored[slot];
}

/* All rows that are kept, together, on this machine too. */
static bool sizes_fit(const struct trine_model *model, const struct trine_model_batch *batch) {
  const size_t limit =
      TRINE_MODEL_MAX_RUN_BYTES < SIZE_MAX / 2 ? (size_t)TRINE_MODEL_MAX_RUN_BYTES : SIZE_MAX / 2;
  size_t together = 0;
  for (uint32_t i = 0; i < model->compiled.slot_count; i++) {
    const struct extent size = model->compiled.slots[i].size;
    size_t bytes = 0;
    if (!is_stored(model, i)) {
      continue;
    }
    if (!trine_size_mul(batch->sequences, size.time ? batch->steps : 1, &bytes) ||
        !trine_size_mul(bytes, (size_t)size.n, &bytes) ||
        !trine_size_add(together, bytes, &together) || together > limit) {
      return false;
    }
  }
  return true;
}

static bool states_whole(const struct trine_model *model, const struct trine_lstm_state *states) {
  for (uint32_t i = 0; states != NULL && i < model->info.lstm_count; i++) {
    if (states[i].h == NULL || states[i].c == NULL) {
      return false;
    }
  }
  return true;
}

bool trine_model_takes_steps(const struct trine_model *model, uint32_t steps,
                             struct trine_error *error) {
  const uint32_t fixed = model->info.fixed_steps;
  if (fixed == 0 || steps == fixed) {
    return true;
  }
  trine_error_set(error,
                  "a sequence has %u steps, the model takes %u, as its %s is made for that number: "
                  "give all of them at once, or convert for another",
                  steps, fixed, model->info.fixed_by);
  return false;
}

static bool check_lengths(const struct trine_model *model, const struct trine_model_batch *batch,
                          struct trine_error *error) {
  bool has_time = false;
  for (uint32_t i = 0; i < model->info.input_count; i++) {
    has_time = has_time || model->info.inputs[i].has_time;
  }
  if (!has_time && batch->steps != 1) {
    trine_error_set(error, "the model has no time axis, so it takes 1 step, not %u", batch->steps);
    return false;
  }
  for (uint32_t b = 0; batch->lengths != NULL && b < batch->sequences; b++) {
    if (batch->lengths[b] < 1 || batch->lengths[b] > batch->steps) {
      trine_error_set(error, "sequence %u has length %u, the range is 1..%u", b, batch->lengths[b],
                      batch->steps);
      return false;
    }
  }
  if (batch->lengths == NULL) {
    return trine_model_takes_steps(model, batch->steps, error);
  }
  bool good = true;
  for (uint32_t b = 0; good && b < batch->sequences; b++) {
    good = trine_model_takes_steps(model, batch->lengths[b], error);
  }
  return good;
}

enum trine_status trine_model_check_batch(const struct trine_model *model,
                                          const struct trine_model_batch *batch,
                                          struct trine_error *error) {
  if (model == NULL || batch == NULL || batch->sequences < 1 || batch->steps < 1 ||
      batch->input == NULL || batch->output == NULL) {
    trine_error_set(
        error, "a run of %u sequences of %u steps; it needs model, input, output, and 1 of each",
        batch == NULL ? 0 : batch->sequences, batch == NULL ? 0 : batch->steps);
    return TRINE_ERR_ARG;
  }
  if (!states_whole(model, batch->state_in) || !states_whole(model, batch->state_out)) {
    trine_error_set(error, "a state has no h or no c; each of the %u LSTMs needs both",
                    model->info.lstm_count);
    return TRINE_ERR_ARG;
  }
  for (uint32_t i = 1; i < model->info.input_count; i++) {
    if (batch->more_inputs == NULL || batch->more_inputs[i - 1] == NULL) {
      trine_error_set(error, "the model has %u inputs; '%.60s' is missing", model->info.input_count,
                      model->info.inputs[i].name);
      return TRINE_ERR_ARG;
    }
  }
  for (uint32_t i = 1; i < model->info.output_count; i++) {
    if (batch->more_outputs == NULL || batch->more_outputs[i - 1] == NULL) {
      trine_error_set(error, "the model has %u outputs; each needs its place, or load it with one",
                      model->info.output_count);
      return TRINE_ERR_ARG;
    }
  }
  if (!check_lengths(model, batch, error)) {
    return TRINE_ERR_ARG;
  }
  if (!sizes_fit(model, batch)) {
    trine_error_set(error,
                    "the rows of %u sequences of %u steps need more than %llu bytes, the limit; "
                    "give fewer sequences",
                    batch->sequences, batch->steps, (unsigned long long)TRINE_MODEL_MAX_RUN_BYTES);
    return TRINE_ERR_ARG;
  }
  return model_tokens_fit(model, batch, error) ? TRINE_OK : TRINE_ERR_ARG;
}

static bool allocate(struct model_run *run) {
  const struct trine_model *model = run->model;
  const uint32_t sequences = run->batch->sequences, slots = model->compiled.slot_count;
  run->lengths = calloc(sequences, sizeof *run->lengths);
  run->rows = calloc(sequences, sizeof *run->rows);
  run->slots = calloc(slots, sizeof *run->slots);
  run->states = calloc((size_t)model->segments.layer_count * 2 + 1, sizeof *run->states);
  if (run->lengths == NULL || run->rows == NULL || run->slots == NULL || run->states == NULL) {
    return false;
  }
  for (uint32_t b = 0; b < sequences; b++) {
    run->lengths[b] = run->batch->lengths != NULL ? run->batch->lengths[b] : run->batch->steps;
  }
  for (uint32_t i = 0; i < slots; i++) {
    if (!is_stored(model, i)) {
      continue;
    }
    run->slots[i] = calloc(sequences, slot_stride(run, i));
    if (run->slots[i] == NULL) {
      return false;
    }
  }
  return model_states_make(model, run->batch, &run->chained);
}

static void release(struct model_run *run) {
  for (uint32_t i = 0; run->slots != NULL && i < run->model->compiled.slot_count; i++) {
    free(run->slots[i]);
  }
  free(run->slots);
  free(run->lengths);
  free(run->rows);
  free(run->states);
  model_states_free(run->model, &run->chained);
}

static enum trine_status run_all(struct model_run *run) {
  const struct trine_model *model = run->model;
  for (uint32_t i = 0; i < model->info.input_count; i++) {
    for (uint32_t b = 0; b < run->batch->sequences; b++) {
      copy_sequence(run, model_input(model, i), b, model_input_of(run->batch, i), NULL);
    }
  }
  for (uint32_t s = 0; s < model->segments.count; s++) {
    const struct segment *segment = &model->segments.list[s];
    if (segment->host != NULL) {
      run_host(run, segment->host);
      continue;
    }
    model_states_hand_on(model, s, run->batch->sequences, &run->chained);
    const enum trine_status status = run_network(run, s);
    if (status != TRINE_OK) {
      return status;
    }
  }
  model_states_put(model, run->batch, &run->chained);
  for (uint32_t i = 0; i < model->info.output_count; i++) {
    const struct compile_value *out = model_output(model, i);
    void *to = i == 0 ? run->batch->output : run->batch->more_outputs[i - 1];
    memset(to, 0, slot_stride(run, out->slot) * run->batch->sequences);
    for (uint32_t b = 0; b < run->batch->sequences; b++) {
      copy_sequence(run, out, b, NULL, to);
    }
  }
  return TRINE_OK;
}

enum trine_status trine_model_run(const struct trine_model *model,
                                  const struct trine_model_batch *batch,
                                  trine_network_runner runner, void *context,
                                  struct trine_error *error) {
  struct trine_error unused;
  if (error == NULL) {
    error = &unused;
  }
  if (runner == NULL) {
    trine_error_set(error, "a model runs its networks on something; it needs a runner");
    return TRINE_ERR_ARG;
  }
  enum trine_status status = trine_model_check_batch(model, batch, error);
  if (status != TRINE_OK) {
    return status;
  }
  struct model_run run = {
      .model = model, .batch = batch, .runner = runner, .context = context, .error = error};
  if (allocate(&run)) {
    status = run_all(&run);
  } else {
    trine_error_set(error, "no memory for %u sequences of %u steps", batch->sequences,
                    batch->steps);
    status = TRINE_ERR_MEMORY;
  }
  release(&run);
  return status;
}
