/* SPDX-License-Identifier: Apache-2.0 */
/* unpack: the messages of an .onnx file, see unpack.h. */
#include "onnx/unpack.h"

#include <string.h>

#include "io/file.h"

#include "onnx/onnx.h"
#include "onnx/wire.h"

/* Values that folded constants may have: a float of four bytes is cut and put together a few times.
 */
enum { LEAST_OPSET = 7, SPARE_VALUES = 1 << 16, FOLDED_PER_BYTE = 4 };

uint64_t onnx_budget(size_t len_bytes) {
  return SPARE_VALUES + FOLDED_PER_BYTE * (uint64_t)len_bytes;
}

const char *onnx_folder(const char *path, char folder[ONNX_PATH_BYTES]) {
  if (trine_file_is_standard(path)) {
    return NULL;
  }
  const char *slash = strrchr(path, '/');
  strcpy(folder, ".");
  if (slash != NULL && slash - path < ONNX_PATH_BYTES) {
    const size_t length = slash == path ? 1 : (size_t)(slash - path);
    memcpy(folder, path, length);
    folder[length] = '\0';
  }
  return folder;
}

/* Whether everything that has to have a name has one, in the graphs within it too. */
// NOLINTNEXTLINE(misc-no-recursion)
static bool has_names(const Onnx__Graph *graph) {
  bool good = true;
  for (size_t n = 0; n < graph->n_node; n++) {
    const Onnx__Node *node = graph->node[n];
    good = good && node->op_type != NULL;
    for (size_t k = 0; k < node->n_attribute; k++) {
      good = good && (node->attribute[k]->g == NULL || has_names(node->attribute[k]->g));
    }
  }
  for (size_t n = 0; n < graph->n_initializer; n++) {
    good = good && graph->initializer[n]->name != NULL;
  }
  for (size_t n = 0; n < graph->n_input; n++) {
    good = good && graph->input[n]->name != NULL;
  }
  for (size_t n = 0; n < graph->n_output; n++) {
    good = good && graph->output[n]->name != NULL;
  }
  return good;
}

int64_t onnx_opset(const Onnx__Model *file) {
  for (size_t n = 0; n < file->n_opset_import; n++) {
    const Onnx__OperatorSet *set = file->opset_import[n];
    if ((set->domain == NULL || set->domain[0] == '\0' || strcmp(set->domain, "ai.onnx") == 0) &&
        set->has_version) {
      return set->version;
    }
  }
  return INT64_MAX;
}

static enum trine_status check_graph(const Onnx__Model *file, struct trine_error *error) {
  const Onnx__Graph *graph = file->graph;
  if (graph == NULL || graph->n_node == 0) {
    trine_error_set(error,
                    "There is no graph in it, so it is not an .onnx model; one needs a graph.");
    return TRINE_ERR_FORMAT;
  }
  if (graph->n_node > TRINE_ONNX_MAX_NODES) {
    trine_error_set(error, "The graph has %zu nodes; at most %d are read.", graph->n_node,
                    TRINE_ONNX_MAX_NODES);
    return TRINE_ERR_FORMAT;
  }
  if (onnx_opset(file) < LEAST_OPSET) {
    trine_error_set(error, "The operator set is version %lld; at least %d is read.",
                    (long long)onnx_opset(file), LEAST_OPSET);
    return TRINE_ERR_UNSUPPORTED;
  }
  if (!has_names(graph)) {
    trine_error_set(error,
                    "A node, constant, input or output of the graph has no name; each needs one.");
    return TRINE_ERR_FORMAT;
  }
  return TRINE_OK;
}

enum trine_status onnx_unpack(const void *bytes, size_t len_bytes, Onnx__Model **file,
                              struct trine_error *error) {
  *file = NULL;
  if (len_bytes > TRINE_ONNX_MAX_FILE_BYTES) {
    trine_error_set(error, "The file has %zu bytes; at most %llu are read.", len_bytes,
                    (unsigned long long)TRINE_ONNX_MAX_FILE_BYTES);
    return TRINE_ERR_FORMAT;
  }
  if (!wire_is_possible(bytes, len_bytes, error)) {
    return TRINE_ERR_FORMAT;
  }
  *file = onnx__model__unpack(NULL, len_bytes, bytes);
  if (*file == NULL) {
    trine_error_set(error, "It is damaged, or not an .onnx model; a whole one is needed.");
    return TRINE_ERR_FORMAT;
  }
  const enum trine_status status = check_graph(*file, error);
  if (status != TRINE_OK) {
    onnx__model__free_unpacked(*file, NULL);
    *file = NULL;
  }
  return status;
}
