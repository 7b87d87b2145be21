/* SPDX-License-Identifier: Apache-2.0 */
/* reroll: a file is read, searched (search.c), and kept with its graph; see reroll.h. */
#include "graph/reroll.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/onnx_graph.h"
#include "graph/part.h"
#include "graph/reroll_model.h"
#include "graph/tflite_graph.h"
#include "io/file.h"
#include "onnx/unpack.h"

enum { MAX_FILE_BYTES = 1 << 30 };

void trine_reroll_free(struct trine_reroll *model) {
  if (model != NULL) {
    arena_free(&model->arena);
    free(model);
  }
}

const struct trine_float_network *trine_reroll_network(const struct trine_reroll *model) {
  return &model->network;
}

const char *trine_reroll_note(const struct trine_reroll *model, uint32_t n) {
  return n < model->note_count ? model->notes[n] : NULL;
}

void reroll_forget(struct trine_reroll *model) {
  const struct trine_reroll kept = {
      .arena = model->arena, .graph = model->graph, .wanted_count = model->wanted_count};
  *model = kept;
}

struct trine_reroll_input trine_reroll_input(const struct trine_reroll *model, uint32_t n) {
  return model->inputs[n];
}

uint32_t reroll_batch_axis(const struct trine_reroll *model, const struct graph_tensor *tensor) {
  const bool is_second = model->time_first || (!tensor->open[0] && tensor->shape[0] > 1);
  return tensor->rank > 2 && is_second ? 1 : 0;
}

void reroll_shape(const struct trine_reroll *model, uint32_t input, uint32_t steps,
                  uint32_t shape[GRAPH_MAX_RANK]) {
  const struct graph_sub *sub = &model->graph.subs[0];
  const struct graph_tensor *tensor = &sub->tensors[sub->inputs[input]];
  for (uint32_t n = 0; n < GRAPH_MAX_RANK; n++) {
    if (n >= tensor->rank) {
      shape[n] = 0;
    } else if (!tensor->open[n]) {
      shape[n] = tensor->shape[n];
    } else if (n == reroll_batch_axis(model, tensor)) {
      shape[n] = 1;
    } else {
      shape[n] = steps;
    }
  }
}

bool reroll_run_begin(const struct trine_reroll *model, struct run *run,
                      struct trine_error *error) {
  const size_t variables = model->graph.variable_count;
  *run = (struct run){.graph = &model->graph, .error = error};
  run->granted = RUN_FREE_WORK + RUN_WORK_PER_BYTE * (uint64_t)model->graph.len_bytes;
  const uint64_t bytes = RUN_FREE_BYTES + RUN_BYTES_PER_BYTE * (uint64_t)model->graph.len_bytes;
  run->budget =
      (struct budget){.work = run->granted, .bytes = bytes < RUN_MAX_BYTES ? bytes : RUN_MAX_BYTES};
  run->variables = calloc(variables + 1, sizeof *run->variables);
  run->is_state = calloc(variables + 1, sizeof *run->is_state);
  run->is_called = calloc((size_t)model->graph.sub_count + 1, sizeof *run->is_called);
  return (run->variables != NULL && run->is_state != NULL && run->is_called != NULL) ||
         run_no_memory(run);
}

void reroll_run_end(struct run *run) {
  for (uint32_t n = 0; run->variables != NULL && n < run->graph->variable_count; n++) {
    value_drop(run, run->variables[n]);
  }
  free(run->variables);
  free(run->is_state);
  free(run->is_called);
  run->variables = NULL;
  run->is_state = run->is_called = NULL;
}

/* Sizes that everything here counts on. */
static bool is_possible(const struct trine_reroll *model, struct trine_error *error) {
  const struct graph_sub *sub = &model->graph.subs[0];
  if (sub->input_count < 1 || sub->input_count > GRAPH_MAX_ENDS || sub->output_count < 1 ||
      sub->output_count > GRAPH_MAX_ENDS) {
    trine_error_set(error, "the graph has %u inputs and %u outputs, the range is 1..%d",
                    sub->input_count, sub->output_count, GRAPH_MAX_ENDS);
    return false;
  }
  for (uint32_t n = 0; n < sub->input_count; n++) {
    const struct graph_tensor *tensor = &sub->tensors[sub->inputs[n]];
    if (tensor->type != GRAPH_FLOAT && tensor->type != GRAPH_INT) {
      trine_error_set(error, "the input '%s' is %s; FLOAT32 or whole numbers are read",
                      tensor->name, tensor->type_name);
      return false;
    }
  }
  return true;
}

static bool is_cut(const struct trine_onnx_cut *cut) {
  return cut != NULL && (cut->inputs != NULL || cut->outputs != NULL);
}

/* Searches the graph, or a part of it; of a refusal of the whole says which part can be read. */
static bool search_part(struct trine_reroll *model, const struct trine_onnx_cut *cut,
                        struct trine_error *error) {
  if (is_cut(cut)) {
    return part_take(model, cut, error) && is_possible(model, error) && reroll_search(model, error);
  }
  const bool good = reroll_search(model, error);
  if (!good) {
    (void)part_suggest(model, error);
  }
  return good;
}

enum trine_status trine_reroll_parse(const void *bytes, size_t len_bytes,
                                     const struct trine_onnx_cut *cut, struct trine_reroll **model,
                                     struct trine_error *error) {
  struct tflite_packing packing = {false, false, false};
  struct trine_reroll *made = calloc(1, sizeof *made);
  struct trine_error own; /* what failed is told by whether a text was set */
  struct trine_error *told = error == NULL ? &own : error;
  *model = NULL;
  if (made == NULL) {
    trine_error_set(told, "no memory for a model");
    return TRINE_ERR_MEMORY;
  }
  bool good = tflite_graph_read(bytes, len_bytes, &made->arena, &made->graph, &packing, told) &&
              is_possible(made, told);
  const bool was_read = good;
  good = good && search_part(made, cut, told);
  if (!good) {
    trine_reroll_free(made);
    if (was_read) {
      return TRINE_ERR_UNSUPPORTED;
    }
    if (packing.is_quantised) {
      return TRINE_ERR_NOT_FOUND;
    }
    return TRINE_ERR_FORMAT;
  }
  if (packing.has_half || packing.has_int8) {
    reroll_note(made, "weights in the file: %s",
                packing.has_int8 ? "int8 with scales, taken as they are" : "half precision");
  }
  *model = made;
  return TRINE_OK;
}

enum trine_status trine_reroll_load(const char *path, const struct trine_onnx_cut *cut,
                                    struct trine_reroll **model, struct trine_error *error) {
  uint8_t *bytes = NULL;
  size_t len_bytes = 0;
  *model = NULL;
  const enum trine_status read = trine_file_read(path, MAX_FILE_BYTES, &bytes, &len_bytes, error);
  if (read != TRINE_OK) {
    return read;
  }
  const enum trine_status status = trine_reroll_parse(bytes, len_bytes, cut, model, error);
  free(bytes);
  if (status != TRINE_OK) {
    trine_error_prefix(error, path);
  }
  return status;
}

/* Whether the search may find more when of a loop's open sizes the first is the number of steps. */
static bool may_be_turned(const struct trine_reroll *model) {
  const struct graph_sub *sub = &model->graph.subs[0];
  bool open = false;
  for (uint32_t n = 0; n < sub->input_count; n++) {
    const struct graph_tensor *tensor = &sub->tensors[sub->inputs[n]];
    open = open || (tensor->rank > 2 && tensor->open[0]);
  }
  return model->graph.sub_count > 1 && open;
}

/* Batch before steps, or else steps before batch; the sentence of the first that found a cell. */
static bool search_orders(struct trine_reroll *model, struct trine_error *error) {
  struct trine_error turned = {""};
  if (reroll_search(model, error)) {
    return true;
  }
  const bool has_cells = model->has_cells;
  if (!may_be_turned(model)) {
    return false;
  }
  reroll_forget(model);
  model->time_first = true;
  if (reroll_search(model, &turned)) {
    return true;
  }
  if (model->has_cells && !has_cells) {
    *error = turned;
  }
  model->has_cells = model->has_cells || has_cells;
  return false;
}

/* An .onnx's graph, or a part of it; `has_cells` also where a refusal names a part that runs. */
static bool search_onnx(struct trine_reroll *model, const struct trine_onnx_cut *cut,
                        struct trine_error *error) {
  const bool good = search_orders(model, error);
  if (!good && !is_cut(cut) && part_suggest(model, error)) {
    model->has_cells = true;
  }
  return good;
}

static enum trine_status parse_onnx(const void *bytes, size_t len_bytes, const char *folder,
                                    const struct trine_onnx_cut *cut, struct trine_reroll **model,
                                    struct trine_error *error) {
  struct trine_reroll *made = calloc(1, sizeof *made);
  struct trine_error own;
  struct trine_error *told = error == NULL ? &own : error;
  *model = NULL;
  if (made == NULL) {
    trine_error_set(told, "no memory for a model");
    return TRINE_ERR_MEMORY;
  }
  const bool was_read =
      onnx_graph_read(bytes, len_bytes, folder, &made->arena, &made->graph, told) &&
      (!is_cut(cut) || part_take(made, cut, told)) && is_possible(made, told);
  if (!was_read || !search_onnx(made, cut, told)) {
    const bool has_cells = made->has_cells;
    trine_reroll_free(made);
    if (!was_read) {
      return TRINE_ERR_FORMAT;
    }
    if (has_cells) {
      return TRINE_ERR_UNSUPPORTED;
    }
    return TRINE_ERR_NOT_FOUND;
  }
  *model = made;
  return TRINE_OK;
}

enum trine_status trine_reroll_parse_onnx(const void *bytes, size_t len_bytes, const char *folder,
                                          const char *outputs, struct trine_reroll **model,
                                          struct trine_error *error) {
  const struct trine_onnx_cut cut = {NULL, outputs};
  return parse_onnx(bytes, len_bytes, folder, &cut, model, error);
}

enum trine_status trine_reroll_load_onnx(const char *path, const char *outputs,
                                         struct trine_reroll **model, struct trine_error *error) {
  const struct trine_onnx_cut cut = {NULL, outputs};
  return trine_reroll_load_onnx_part(path, &cut, model, error);
}

enum trine_status trine_reroll_load_onnx_part(const char *path, const struct trine_onnx_cut *cut,
                                              struct trine_reroll **model,
                                              struct trine_error *error) {
  char text[ONNX_PATH_BYTES];
  uint8_t *bytes = NULL;
  size_t len_bytes = 0;
  *model = NULL;
  const char *folder = onnx_folder(path, text);
  const enum trine_status read = trine_file_read(path, MAX_FILE_BYTES, &bytes, &len_bytes, error);
  if (read != TRINE_OK) {
    return read;
  }
  const enum trine_status status = parse_onnx(bytes, len_bytes, folder, cut, model, error);
  free(bytes);
  if (status != TRINE_OK) {
    trine_error_prefix(error, path);
  }
  return status;
}
