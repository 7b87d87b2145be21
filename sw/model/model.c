/* SPDX-License-Identifier: Apache-2.0 */
/* model: loading, and what can be asked of a loaded model. */
#include "model/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "model/model_internal.h"
#include "model/tflite_cut.h"

const struct compile_value *model_input(const struct trine_model *model, uint32_t index) {
  return &model->compiled.values[model->graph.inputs[index]];
}

const struct compile_value *model_output(const struct trine_model *model, uint32_t index) {
  return &model->compiled.values[model->graph.outputs[index]];
}

static void describe_end(const struct trine_model *model, int32_t tensor,
                         struct trine_model_end *end) {
  const struct compile_value *value = &model->compiled.values[tensor];
  const int time = shape_time_axis(&value->shape), batch = shape_batch_axis(&value->shape);
  end->name = model->graph.tensors[tensor].name;
  if (value->index_bytes == 8) {
    end->type = TRINE_DTYPE_INT64;
  } else if (value->index_bytes == 4) {
    end->type = TRINE_DTYPE_INT32;
  } else {
    end->type = TRINE_DTYPE_INT8;
  }
  end->scale = value->quant.scale;
  end->zero_point = value->quant.zero_point;
  end->is_float = value->is_float;
  end->is_unsigned = value->is_unsigned;
  end->has_time = time >= 0;
  end->time_major = time >= 0 && batch >= 0 &&
                    (time == batch ? value->shape.axes[time].time_first : time < batch);
  end->width = (uint32_t)shape_width(&value->shape);
  end->is_rows = true;
  for (int i = 0; i < time || i < batch; i++) {
    end->is_rows = end->is_rows && value->shape.axes[i].n == 1;
  }
}

/* Where each layer of the file went. */
static void describe_layer(struct trine_model *model, uint32_t segment, uint32_t network_layer,
                           uint32_t place, uint32_t index, int32_t lstm) {
  const struct node *node = model->segments.layer_nodes[place];
  const struct tflite_operator *op = &model->graph.operators[node->op];
  const struct compile_value *in = &model->compiled.values[op->inputs[0]];
  const struct compile_value *out = &model->compiled.values[op->output];
  struct trine_model_layer *layer = &model->layers[index];
  const struct trine_layer *integers = node->u.layer;
  const uint64_t inputs = integers->inputs, units = integers->units;
  layer->name = integers->name;
  layer->kind = integers->kind;
  layer->reversed = model->segments.layer_reversed[place];
  layer->inputs = integers->inputs;
  layer->units = integers->units;
  layer->weight_bytes =
      layer->kind == TRINE_LAYER_LSTM ? TRINE_GATES * units * (inputs + units) : units * inputs;
  layer->macs_per_step = layer->weight_bytes;
  layer->input_scale = in->quant.scale;
  layer->input_zero_point = in->quant.zero_point;
  layer->output_scale = out->quant.scale;
  layer->output_zero_point = out->quant.zero_point;
  layer->layer = integers;
  layer->segment = segment;
  layer->network_layer = network_layer;
  layer->lstm = lstm;
}

/* The file's order is the operators' order: counts the layer (or LSTM) nodes of lower operators. */
static int32_t file_index(const struct trine_model *model, const struct node *node,
                          bool lstm_only) {
  int32_t index = 0;
  for (uint32_t i = 0; i < model->compiled.node_count; i++) {
    const struct node *other = &model->compiled.nodes[i];
    if (other->kind != NODE_LAYER || other->op >= node->op) {
      continue;
    }
    if (!lstm_only || other->u.layer->kind == TRINE_LAYER_LSTM) {
      index++;
    }
  }
  return index;
}

static bool describe_layers(struct trine_model *model) {
  const uint32_t count = model->segments.layer_count;
  int32_t *lstm_of_layer = arena_alloc(&model->arena, count, sizeof *lstm_of_layer);
  model->layers = arena_alloc(&model->arena, count, sizeof *model->layers);
  if (lstm_of_layer == NULL || model->layers == NULL) {
    return false;
  }
  model->lstm_of_layer = lstm_of_layer;
  for (uint32_t s = 0; s < model->segments.count; s++) {
    const struct segment *segment = &model->segments.list[s];
    const uint32_t layers = segment->network == NULL ? 0 : segment->network->layer_count;
    for (uint32_t i = 0; i < layers; i++) {
      const uint32_t place = segment->first_layer + i;
      const struct node *node = model->segments.layer_nodes[place];
      const bool is_lstm = node->u.layer->kind == TRINE_LAYER_LSTM;
      lstm_of_layer[place] = is_lstm ? file_index(model, node, true) : -1;
      model->info.lstm_count += is_lstm;
      describe_layer(model, s, i, place, (uint32_t)file_index(model, node, false),
                     lstm_of_layer[place]);
    }
  }
  return true;
}

/* Which LSTM each one starts at: those of the file's states that are shared. */
static bool describe_states(struct trine_model *model) {
  int32_t *follows = arena_alloc(&model->arena, model->info.lstm_count + 1, sizeof *follows);
  for (uint32_t n = 0; n < model->segments.layer_count && follows != NULL; n++) {
    const struct node *node = model->segments.layer_nodes[n];
    const int32_t before = prepare_follows(&model->graph, node->op);
    const struct node other = {.op = (uint32_t)(before < 0 ? 0 : before)};
    if (model->lstm_of_layer[n] < 0) {
      continue;
    }
    follows[model->lstm_of_layer[n]] = before < 0 ? -1 : file_index(model, &other, true);
    model->has_follower = model->has_follower || before >= 0;
  }
  model->follows = follows;
  return follows != NULL;
}

static void describe_ends(struct trine_model *model, struct trine_model_end *inputs,
                          struct trine_model_end *outputs) {
  for (uint32_t i = 0; i < model->graph.input_count; i++) {
    describe_end(model, model->graph.inputs[i], &inputs[i]);
  }
  for (uint32_t i = 0; i < model->graph.output_count; i++) {
    describe_end(model, model->graph.outputs[i], &outputs[i]);
  }
  model->info.input = inputs[0];
  model->info.inputs = inputs;
  model->info.input_count = model->graph.input_count;
  model->info.output = outputs[0];
  model->info.outputs = outputs;
  model->info.output_count = model->graph.output_count;
  model->info.default_batch = model->compiled.file.batch;
  model->info.default_steps = model->compiled.file.steps;
  if (model->compiled.is_tied) {
    const struct tflite_operator *op = &model->graph.operators[model->compiled.tied_op];
    model->info.fixed_steps = model->compiled.file.steps;
    model->info.fixed_by = tflite_code_name(op->code);
  }
}

static enum trine_status build(struct trine_model *model, const void *bytes, size_t len_bytes,
                               const struct tflite_part *part, struct trine_error *error) {
  const enum trine_status status =
      tflite_read_part(bytes, len_bytes, part, &model->arena, &model->graph, error);
  if (status != TRINE_OK) {
    return status;
  }
  model->compiled.graph = &model->graph;
  model->compiled.arena = &model->arena;
  model->compiled.error = error;
  if (!compile_graph(&model->compiled)) {
    return model->arena.is_short ? TRINE_ERR_MEMORY : TRINE_ERR_UNSUPPORTED;
  }
  model->compiled.error = NULL;
  struct trine_model_end *inputs =
      arena_alloc(&model->arena, model->graph.input_count, sizeof *inputs);
  struct trine_model_end *outputs =
      arena_alloc(&model->arena, model->graph.output_count, sizeof *outputs);
  if (inputs == NULL || outputs == NULL || !segments_build(&model->compiled, &model->segments) ||
      !describe_layers(model) || !describe_states(model)) {
    trine_error_set(error, "no memory for the model's layers");
    return TRINE_ERR_MEMORY;
  }
  describe_ends(model, inputs, outputs);
  model->info.layer_count = model->segments.layer_count;
  model->info.segment_count = model->segments.count;
  return TRINE_OK;
}

static enum trine_status parse(const void *bytes, size_t len_bytes, const struct tflite_part *part,
                               struct trine_model **model, struct trine_error *error) {
  struct trine_error unused;
  if (error == NULL) {
    error = &unused;
  }
  *model = NULL;
  struct trine_model *made = calloc(1, sizeof *made);
  if (made == NULL) {
    trine_error_set(error, "no memory for a model");
    return TRINE_ERR_MEMORY;
  }
  const enum trine_status status = build(made, bytes, len_bytes, part, error);
  if (status != TRINE_OK) {
    trine_model_free(made);
    return status;
  }
  *model = made;
  return TRINE_OK;
}

/* A file of which parts are tried. */
struct cut_file {
  const void *bytes;
  size_t len_bytes;
};

static bool part_runs(void *context, const struct tflite_part *part) {
  const struct cut_file *file = context;
  struct trine_model *model = NULL;
  const bool good = parse(file->bytes, file->len_bytes, part, &model, NULL) == TRINE_OK &&
                    model->info.lstm_count > 0;
  trine_model_free(model);
  return good;
}

/* Adds to the sentence which part of the file does run, if one does. */
static void suggest_part(const void *bytes, size_t len_bytes, struct trine_error *error) {
  struct cut_file file = {bytes, len_bytes};
  struct tflite_cut cut = {.input = ""};
  if (error == NULL || !tflite_find_cut(bytes, len_bytes, part_runs, &file, &cut)) {
    return;
  }
  const size_t used = strlen(error->text);
  const bool input = cut.input[0] != '\0', output = cut.output[0] != '\0';
  const bool named = cut.input_name[0] != '\0';
  (void)snprintf(error->text + used, sizeof error->text - used,
                 "; the rest of it runs with%s%s%s%s%s%s%s%s%s", input ? " --inputs '" : "",
                 cut.input, input ? "'" : "", output ? " --outputs '" : "", cut.output,
                 output ? "'" : "", named ? " (input '" : "", cut.input_name, named ? "')" : "");
}

enum trine_status trine_model_parse(const void *bytes, size_t len_bytes, struct trine_model **model,
                                    struct trine_error *error) {
  return parse(bytes, len_bytes, NULL, model, error);
}

void trine_model_free(struct trine_model *model) {
  if (model == NULL) {
    return;
  }
  arena_free(&model->arena);
  free(model);
}

enum trine_status trine_model_load(const char *path, struct trine_model **model,
                                   struct trine_error *error) {
  return trine_model_load_part(path, NULL, NULL, model, error);
}

enum trine_status trine_model_load_part(const char *path, const char *inputs, const char *outputs,
                                        struct trine_model **model, struct trine_error *error) {
  const struct tflite_part part = {inputs, outputs};
  uint8_t *bytes = NULL;
  size_t len_bytes = 0;
  *model = NULL;
  const enum trine_status read =
      trine_file_read(path, TFLITE_MAX_FILE_BYTES, &bytes, &len_bytes, error);
  if (read != TRINE_OK) {
    return read;
  }
  const enum trine_status status = parse(bytes, len_bytes, &part, model, error);
  if (status == TRINE_ERR_UNSUPPORTED && inputs == NULL && outputs == NULL) {
    suggest_part(bytes, len_bytes, error);
  }
  if (status != TRINE_OK) {
    trine_error_prefix(error, path); /* the sentence is about what is in the file */
  }
  free(bytes);
  return status;
}

const struct trine_model_info *trine_model_info(const struct trine_model *model) {
  return &model->info;
}

const struct trine_model_layer *trine_model_layer(const struct trine_model *model, uint32_t index) {
  return index < model->info.layer_count ? &model->layers[index] : NULL;
}

const struct trine_network *trine_model_network(const struct trine_model *model, uint32_t segment) {
  const bool on_host = segment < model->segments.count && model->segments.list[segment].on_host;
  return on_host ? NULL : model_any_network(model, segment);
}

const struct trine_network *model_any_network(const struct trine_model *model, uint32_t segment) {
  return segment < model->segments.count ? model->segments.list[segment].network : NULL;
}

uint32_t trine_model_network_rows(const struct trine_model *model, uint32_t segment) {
  if (trine_model_network(model, segment) == NULL) {
    return 1;
  }
  return model->compiled.slots[model->segments.list[segment].source].rows;
}

bool trine_model_network_has_time(const struct trine_model *model, uint32_t segment) {
  if (trine_model_network(model, segment) == NULL) {
    return false;
  }
  return model->compiled.slots[model->segments.list[segment].source].size.time;
}

const char *trine_model_segment_name(const struct trine_model *model, uint32_t segment) {
  if (segment >= model->segments.count) {
    return "none";
  }
  const struct node *node = model->segments.list[segment].host;
  if (model->segments.list[segment].on_host) {
    return tflite_code_name(TFLITE_LSTM);
  }
  if (node == NULL) {
    return "network";
  }
  const int code = model->graph.operators[node->op].code;
  const bool is_move = code == TFLITE_TRANSPOSE || code == TFLITE_STRIDED_SLICE ||
                       code == TFLITE_SLICE || code == TFLITE_REVERSE_V2;
  return node->kind == NODE_VIEW && !is_move ? "copy of rows" : tflite_code_name(code);
}

void trine_model_quantize(const struct trine_model_end *end, const float *values, size_t count,
                          int8_t *bytes) {
  const struct quant quant = {end->scale, end->zero_point};
  for (size_t i = 0; i < count; i++) {
    bytes[i] = host_quantize(values[i], quant);
  }
}

void trine_model_dequantize(const struct trine_model_end *end, const int8_t *bytes, size_t count,
                            float *values) {
  const struct quant quant = {end->scale, end->zero_point};
  for (size_t i = 0; i < count; i++) {
    values[i] = host_dequantize(bytes[i], quant);
  }
}
