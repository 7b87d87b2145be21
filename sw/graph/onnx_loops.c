/* SPDX-License-Identifier: Apache-2.0 */
/* onnx_loops: Loop, Scan and If of an .onnx file, and the graphs within them, see onnx_nodes.h. */
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

/* Whether both branches read the same from around them: a name that is one's own and not the
 * other's is told apart by nothing here. */
static bool same_captured(const struct onnx_source *a, const struct onnx_source *b) {
  return a->captured_count == b->captured_count &&
         memcmp(a->captured_from, b->captured_from, a->captured_count * sizeof *a->captured_from) ==
             0;
}

// NOLINTNEXTLINE(misc-no-recursion)
bool onnx_read_branches(struct onnx_reading *reading) {
  static const char *const names[2] = {"then_branch", "else_branch"};
  struct onnx_source *source = reading->source;
  struct graph_node *out = reading->out;
  struct onnx_source within[2];
  const Onnx__Graph *branches[2] = {NULL, NULL};
  for (int n = 0; n < 2; n++) {
    const Onnx__Attribute *given = onnx_attribute(reading->in, names[n]);
    branches[n] = given == NULL ? NULL : given->g;
  }
  if (branches[0] == NULL || branches[1] == NULL || reading->in->n_input != 1) {
    return onnx_not_done(reading);
  }
  for (int n = 0; n < 2; n++) {
    within[n] = (struct onnx_source){.graph = branches[n],
                                     .outer = source,
                                     .beside = branches[1 - n],
                                     .graphs = source->graphs,
                                     .fold = source->fold};
    const bool good = onnx_read_graph(&within[n], &out->sub[n]);
    source->fold.budget = within[n].fold.budget;
    if (!good) {
      return false;
    }
  }
  if (!same_captured(&within[0], &within[1])) {
    return onnx_not_done(reading);
  }
  int32_t *inputs =
      arena_alloc(source->fold.arena, (size_t)within[0].captured_count + 1, sizeof *inputs);
  if (inputs == NULL) {
    return onnx_no_memory(source);
  }
  inputs[0] = reading->inputs[0];
  for (uint32_t n = 0; n < within[0].captured_count; n++) {
    inputs[out->input_count++] = within[0].captured_from[n];
  }
  out->inputs = reading->inputs = inputs;
  return true;
}
