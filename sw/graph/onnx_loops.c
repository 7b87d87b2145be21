/* SPDX-License-Identifier: Apache-2.0 */
/* onnx_loops: Loop and Scan of an .onnx file, and their bodies, see onnx_nodes.h. */
#include <string.h>

#include "graph/onnx_nodes.h"

/* Axes and directions of what Scan reads, and directions of what it leaves; false where that is not
 * done (*failed: with the error set). */
static bool scan_list(struct onnx_reading *reading, const Onnx__Graph *body, bool *failed) {
  static const char *const names[] = {"scan_input_axes", "scan_input_directions",
                                      "scan_output_directions", "scan_output_axes"};
  const Onnx__Node *in = reading->in;
  struct graph_node *out = reading->out;
  const uint32_t left = body->n_output > out->carried ? (uint32_t)body->n_output - out->carried : 0;
  const uint32_t counts[] = {out->scanned, out->scanned, left, left};
  int32_t *list =
      arena_alloc(reading->source->fold.arena, 2 * (size_t)out->scanned + left, sizeof *list);
  uint32_t at = 0;
  *failed = list == NULL && !onnx_no_memory(reading->source);
  for (uint32_t k = 0; k < 4 && list != NULL; k++) {
    const Onnx__Attribute *given = onnx_attribute(in, names[k]);
    int64_t most;
    if (k == 0) {
      most = GRAPH_MAX_RANK - 1;
    } else if (k < 3) {
      most = 1;
    } else {
      most = 0;
    }
    for (uint32_t n = 0; n < counts[k]; n++) {
      const int64_t one = given == NULL || n >= given->n_ints ? 0 : given->ints[n];
      if (one < 0 || one > most) {
        return false;
      }
      if (k < 3) {
        list[at++] = (int32_t)one;
      }
    }
  }
  out->list = list;
  out->list_count = at;
  return list != NULL;
}

/* The body of a Loop or Scan, and behind its operands what that reads from around it. */
// NOLINTNEXTLINE(misc-no-recursion)
bool onnx_read_body(struct onnx_reading *reading) {
  struct onnx_source *source = reading->source;
  const Onnx__Node *in = reading->in;
  struct graph_node *out = reading->out;
  const Onnx__Attribute *body = onnx_attribute(in, "body");
  const bool is_scan = out->op == GRAPH_SCAN;
  const int64_t scanned = is_scan ? onnx_int(in, "num_scan_inputs", 0) : 0;
  const size_t own = is_scan ? (size_t)scanned : 2;
  bool failed = false;
  if (body == NULL || body->g == NULL || in->n_input < own || (is_scan && scanned < 1) ||
      (is_scan && source->fold.opset < 9)) {
    return onnx_not_done(reading);
  }
  out->scanned = (uint32_t)scanned;
  out->carried = (uint32_t)(in->n_input - own);
  if (is_scan && !scan_list(reading, body->g, &failed)) {
    return !failed && onnx_not_done(reading);
  }
  struct onnx_source within = {
      .graph = body->g, .outer = source, .graphs = source->graphs, .fold = source->fold};
  const bool good = onnx_read_graph(&within, &out->sub[0]);
  source->fold.budget = within.fold.budget;
  if (!good) {
    return false;
  }
  int32_t *inputs =
      arena_alloc(source->fold.arena, in->n_input + within.captured_count, sizeof *inputs);
  if (inputs == NULL) {
    return onnx_no_memory(source);
  }
  memcpy(inputs, reading->inputs, in->n_input * sizeof *inputs);
  for (uint32_t n = 0; n < within.captured_count; n++) {
    inputs[out->input_count++] = within.captured_from[n];
  }
  out->inputs = reading->inputs = inputs;
  return true;
}
