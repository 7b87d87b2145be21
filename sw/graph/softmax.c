/* SPDX-License-Identifier: Apache-2.0 */
/* softmax: SOFTMAX and ARG_MAX along the last axis; see run.h. */
#include "float/float_rows.h"
#include "graph/run.h"

/* One row of elements; a known number among them is told as something else. */
static bool unknown_row(struct run *run, const struct element *x, size_t width, uint32_t made_width,
                        struct element *y) {
  const bool plain = run->node->number == 1.0F || run->node->op == GRAPH_ARGMAX;
  enum symbol_op op = run->node->op == GRAPH_ARGMAX ? SYMBOL_ARGMAX : SYMBOL_SOFTMAX;
  uint32_t runs = 0;
  for (size_t n = 0, length = 0; n < width; n += length) {
    length = symbol_run_length(x + n, width - n);
    op = x[n].node == 0 || !plain ? SYMBOL_OTHER : op;
    runs += x[n].node != 0;
  }
  struct symbol *made = symbol_new(run, op, made_width, runs);
  if (made == NULL) {
    return false;
  }
  (void)symbol_find_runs(x, width, made->runs, runs);
  symbol_lanes(run, y, made_width);
  return true;
}

static bool is_last_axis(struct run *run, struct value **in) {
  const struct value *axis = run->node->op == GRAPH_ARGMAX ? run_ints(run, in, 1) : NULL;
  uint32_t at = 0;
  if (run->node->op != GRAPH_ARGMAX) {
    return true;
  }
  return axis != NULL && axis->count == 1 && run_axis(run, axis->as.ints[0], in[0]->rank, &at) &&
         (at == in[0]->rank - 1 ||
          run_refuse(run, "it goes along axis %u of %u; only the last is done", at, in[0]->rank));
}

bool run_softmax(struct run *run, struct value **in, struct value **out) {
  const bool argmaxes = run->node->op == GRAPH_ARGMAX;
  if (run->node->input_count < 1 || in[0] == NULL || in[0]->rank < 1 ||
      (in[0]->kind != VALUE_FLOATS && in[0]->kind != VALUE_ELEMENTS)) {
    return run_refuse(run, "it has no operand of floats; it needs one");
  }
  const uint32_t width = in[0]->shape[in[0]->rank - 1];
  if (width == 0 || !is_last_axis(run, in)) {
    return width == 0 ? run_refuse(run, "its rows have %u values", width) : false;
  }
  struct value *from = value_settled(run, in[0]);
  if (from == NULL) {
    return false;
  }
  const bool known = from->kind == VALUE_FLOATS;
  const uint32_t rank = argmaxes ? from->rank - 1 : from->rank, to = argmaxes ? 1 : width;
  const enum value_kind kind = argmaxes ? VALUE_INTS : VALUE_FLOATS;
  out[0] = value_new(run, known ? kind : VALUE_ELEMENTS, rank, from->shape);
  bool good = out[0] != NULL;
  for (size_t n = 0; n < from->count / width && good; n++) {
    if (!known) {
      good =
          unknown_row(run, from->as.elements + n * width, width, to, out[0]->as.elements + n * to);
    } else if (argmaxes) {
      out[0]->as.ints[n] = (int64_t)float_argmax(from->as.floats + n * width, width);
    } else {
      float_softmax(from->as.floats + n * width, width, run->node->number,
                    out[0]->as.floats + n * width);
    }
  }
  value_drop(run, from);
  return good;
}
