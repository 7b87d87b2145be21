/* SPDX-License-Identifier: Apache-2.0 */
/* onnx: files in, float networks out, see onnx.h. */
#include "onnx/onnx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "onnx/cut.h"
#include "onnx/unpack.h"
#include "onnx/walk.h"

struct trine_onnx {
  struct arena arena;
  Onnx__Model *file; /* names of the network point into it */
  struct walk *walk; /* with what is told of the graph besides the network */
  struct trine_float_network network;
};

void trine_onnx_free(struct trine_onnx *model) {
  if (model != NULL) {
    onnx__model__free_unpacked(model->file, NULL);
    arena_free(&model->arena);
    free(model);
  }
}

const struct trine_float_network *trine_onnx_network(const struct trine_onnx *model) {
  return &model->network;
}

const char *trine_onnx_note(const struct trine_onnx *model, uint32_t n) {
  return n < model->walk->note_count ? model->walk->notes[n] : NULL;
}

struct trine_onnx_layout trine_onnx_input_layout(const struct trine_onnx *model, uint32_t n) {
  return model->walk->in_layouts[n < TRINE_FLOAT_MAX_GIVEN ? n : 0];
}

struct trine_onnx_layout trine_onnx_output_layout(const struct trine_onnx *model, uint32_t n) {
  return model->walk->layouts[n < TRINE_FLOAT_MAX_OUTPUTS ? n : 0];
}

enum trine_status trine_onnx_fits(const struct trine_onnx *model, uint64_t first, uint64_t second,
                                  struct trine_error *error) {
  const uint64_t sizes[2] = {first, second};
  for (uint32_t n = 0; n < 2; n++) {
    const Onnx__Node *node = model->walk->fixed_by[n];
    const int64_t want = model->walk->open_size[n];
    if (node != NULL && sizes[n] != 0 && sizes[n] != (uint64_t)want) {
      trine_error_set(
          error,
          "Node %.60s (%.24s) is made for an input whose axis %u has size %lld; the data "
          "have %llu. Export it with that axis open.",
          walk_node_name(node), node->op_type, n, (long long)want, (unsigned long long)sizes[n]);
      return TRINE_ERR_ARG;
    }
  }
  return TRINE_OK;
}

/* A copy that lives as long as the model. */
static const char *keep(struct arena *arena, const char *text) {
  char *copy = text == NULL ? NULL : arena_alloc(arena, strlen(text) + 1, 1);
  return copy == NULL ? NULL : strcpy(copy, text);
}

/* The cut that is wanted; the graph's own ends where the caller names none. */
static bool choose_cut(struct walk *walk, const struct trine_onnx_cut *wanted) {
  struct trine_onnx_cut *cut = &walk->cut;
  if (wanted != NULL) {
    cut->inputs = keep(walk->fold.arena, wanted->inputs);
    cut->outputs = keep(walk->fold.arena, wanted->outputs);
  }
  return given_choose(walk, cut->inputs) && outputs_choose(walk, cut->outputs);
}

/* Upper bound of what a graph becomes: a value and a node for each output, and for each part. */
static uint32_t most_made(const Onnx__Graph *graph) {
  static const char *const of_parts[] = {"Slice",   "Gather",  "Split",     "Concat",
                                         "Squeeze", "Reshape", "ReduceSum", "ReduceMean"};
  uint64_t most = 0;
  branch_count(graph, &most);
  most = 16 + most * (most > graph->n_node ? 3 + 2 + MAX_PARTS : 3);
  for (size_t n = 0; n < graph->n_node; n++) {
    most += graph->node[n]->n_output;
    for (size_t k = 0; k < sizeof of_parts / sizeof of_parts[0]; k++) {
      most += strcmp(graph->node[n]->op_type, of_parts[k]) == 0 ? MAX_PARTS : 0;
    }
  }
  return most < TRINE_ONNX_MAX_VALUES ? (uint32_t)most : TRINE_ONNX_MAX_VALUES;
}

/* One reading of the graph's input; the walk is the model's also when it fails. */
static bool build_as(struct trine_onnx *model, const char *folder,
                     const struct trine_onnx_cut *wanted, uint64_t budget, uint32_t reading,
                     struct trine_error *error) {
  const Onnx__Graph *graph = model->file->graph;
  const uint32_t most = most_made(graph);
  struct walk *walk = arena_alloc(&model->arena, 1, sizeof *walk);
  if (walk != NULL) {
    walk->made_values = arena_alloc(&model->arena, most, sizeof *walk->made_values);
    walk->made_nodes = arena_alloc(&model->arena, most, sizeof *walk->made_nodes);
    walk->made = arena_alloc(&model->arena, most, sizeof *walk->made);
  }
  model->walk = walk;
  if (walk == NULL || walk->made_values == NULL || walk->made_nodes == NULL || walk->made == NULL) {
    trine_error_set(error, "There is no memory for a graph of %zu nodes.", graph->n_node);
    if (walk != NULL) {
      walk->fold.lost = true;
    }
    return false;
  }
  walk->fold = (struct onnx_fold){.arena = &model->arena,
                                  .error = error,
                                  .folder = folder,
                                  .node = "",
                                  .budget = budget,
                                  .opset = onnx_opset(model->file)};
  walk->graph = graph;
  walk->made_room = most;
  walk->reading = reading;
  const bool good = choose_cut(walk, wanted) && walk_graph(walk);
  model->network = walk->network;
  model->network.name = graph->name == NULL ? "" : graph->name;
  model->network.values = walk->made_values;
  model->network.nodes = walk->made_nodes;
  return good;
}

/* What a file is read with. */
struct reading_of {
  struct trine_onnx *model;
  const char *folder;
  uint64_t budget;
  bool lost; /* memory was short */
};

/* Whether a layer has said which axis is time; several inputs are given one, so only an LSTM has.
 */
static bool has_said_time(const struct walk *walk) {
  return walk->given_count > 1 ? walk->has_lstm : walk->has_time_axis;
}

/* What the axes of the input mean is tried; where none will do, the usual reading says why, or the
 * first that reached an LSTM; *failed: the node where that ended. */
static bool build(struct reading_of *of, const struct trine_onnx_cut *wanted,
                  const Onnx__Node **failed, struct trine_error *error) {
  struct trine_onnx *model = of->model;
  struct trine_error trial = {""};
  bool good = false, reached = false;
  uint32_t readings = READINGS;
  for (uint32_t n = 0; n < readings && !good; n++) {
    good = build_as(model, of->folder, wanted, of->budget, n, n == 0 ? error : &trial);
    if (model->walk == NULL || model->walk->fold.lost) {
      of->lost = true;
      return false;
    }
    readings = model->walk->given_count > 1 ? READINGS_OF_SEVERAL : READINGS;
    if (n > 0 && good && !has_said_time(model->walk)) {
      good = false; /* nothing says that it is meant so */
    }
    const bool tells = n == 0 || (!good && !reached && has_said_time(model->walk));
    *failed = tells ? model->walk->at : *failed;
    if (n > 0 && tells && error != NULL) {
      *error = trial;
    }
    reached = reached || has_said_time(model->walk);
  }
  return good;
}

/* Whether a part of the graph can be read, and has an LSTM. */
static bool part_runs(void *context, const struct trine_onnx_cut *cut, const Onnx__Node **failed) {
  struct reading_of *whole = context;
  struct trine_onnx part = {.file = whole->model->file};
  struct reading_of of = {&part, whole->folder, whole->budget, false};
  struct trine_error error;
  bool good = build(&of, cut, failed, &error), has_lstm = false;
  for (uint32_t n = 0; good && n < part.network.node_count; n++) {
    has_lstm = has_lstm || part.network.nodes[n].op == TRINE_FLOAT_LSTM;
  }
  arena_free(&part.arena);
  return has_lstm;
}

/* Those outputs of several that can be read by themselves, with commas between them. */
static bool find_outputs(struct reading_of *of, char *names, size_t size) {
  const Onnx__Graph *graph = of->model->file->graph;
  size_t length = 0;
  names[0] = '\0';
  for (size_t n = 0; n < graph->n_output && graph->n_output > 1 && n < TRINE_FLOAT_MAX_OUTPUTS;
       n++) {
    const char *name = graph->output[n]->name;
    const struct trine_onnx_cut cut = {NULL, name};
    const Onnx__Node *failed = NULL;
    if (strchr(name, ',') == NULL && length + strlen(name) + 2 < size &&
        part_runs(of, &cut, &failed)) {
      length +=
          (size_t)snprintf(names + length, size - length, "%s%s", length == 0 ? "" : ",", name);
    }
  }
  return length > 0;
}

/* Adds the part that runs, if there is one, to the sentence that refuses the whole. */
static void tell_cut(struct reading_of *of, const Onnx__Node *failed, struct trine_error *error) {
  static const char general[] = "; --inputs and --outputs cut";
  struct trine_onnx_cut cut = {NULL, NULL};
  char names[128];
  if (error == NULL || failed == NULL) {
    return;
  }
  if (find_outputs(of, names, sizeof names)) {
    cut.outputs = names;
  } else if (!onnx_find_cut(of->model->file->graph, failed, part_runs, of, &cut)) {
    return;
  }
  struct trine_error why = *error;
  char *end = strstr(why.text, general);
  const size_t length = strlen(why.text);
  if (end != NULL) {
    *end = '\0';
  } else if (length > 0 && why.text[length - 1] == '.') {
    why.text[length - 1] = '\0';
  }
  trine_error_set(error, "%.300s; the rest of it runs with%s%.60s%s%s%.127s%s", why.text,
                  cut.inputs != NULL ? " --inputs '" : "", cut.inputs != NULL ? cut.inputs : "",
                  cut.inputs != NULL ? "'" : "", cut.outputs != NULL ? " --outputs '" : "",
                  cut.outputs != NULL ? cut.outputs : "", cut.outputs != NULL ? "'" : "");
}

enum trine_status trine_onnx_parse(const void *bytes, size_t len_bytes, const char *folder,
                                   const struct trine_onnx_cut *cut, struct trine_onnx **model,
                                   struct trine_error *error) {
  *model = NULL;
  Onnx__Model *file = NULL;
  const enum trine_status status = onnx_unpack(bytes, len_bytes, &file, error);
  if (status != TRINE_OK) {
    return status;
  }
  struct trine_onnx *made = calloc(1, sizeof *made);
  if (made == NULL) {
    onnx__model__free_unpacked(file, NULL);
    trine_error_set(error, "There is no memory for a model.");
    return TRINE_ERR_MEMORY;
  }
  made->file = file;
  struct reading_of of = {made, folder, onnx_budget(len_bytes), false};
  const Onnx__Node *failed = NULL;
  const bool chosen = cut != NULL && (cut->inputs != NULL || cut->outputs != NULL);
  if (!build(&of, cut, &failed, error)) {
    if (!chosen && !of.lost) {
      tell_cut(&of, failed, error);
    }
    trine_onnx_free(made);
    return of.lost ? TRINE_ERR_MEMORY : TRINE_ERR_UNSUPPORTED;
  }
  *model = made;
  return TRINE_OK;
}

enum trine_status trine_onnx_load(const char *path, const struct trine_onnx_cut *cut,
                                  struct trine_onnx **model, struct trine_error *error) {
  char text[ONNX_PATH_BYTES];
  size_t len_bytes = 0;
  *model = NULL;
  const char *folder = onnx_folder(path, text);
  uint8_t *bytes = NULL;
  const enum trine_status read =
      trine_file_read(path, TRINE_ONNX_MAX_FILE_BYTES, &bytes, &len_bytes, error);
  if (read != TRINE_OK) {
    return read;
  }
  const enum trine_status status = trine_onnx_parse(bytes, len_bytes, folder, cut, model, error);
  free(bytes);
  if (status != TRINE_OK) {
    trine_error_prefix(error, path);
  }
  return status;
}
