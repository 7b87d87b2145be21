/* SPDX-License-Identifier: Apache-2.0 */
/* lstm_weights: attributes and weights of an LSTM node, see lstm.h. */
#include <ctype.h>
#include <string.h>

#include "onnx/lstm.h"

/* ONNX's place of our gates i, f, g, o. */
static const uint32_t onnx_gate[TRINE_GATES] = {0, 2, 3, 1};

static bool is_same(const ProtobufCBinaryData *name, const char *word) {
  bool same = name->len == strlen(word);
  for (size_t n = 0; same && n < name->len; n++) {
    same = tolower(name->data[n]) == tolower((unsigned char)word[n]);
  }
  return same;
}

/* Activations as a list, the same three for each direction, in whatever case. */
static bool usual_activations(const Onnx__Node *node) {
  static const char *const usual[] = {"Sigmoid", "Tanh", "Tanh"};
  const Onnx__Attribute *list = onnx_attribute(node, "activations");
  for (size_t n = 0; list != NULL && n < list->n_strings; n++) {
    if (!is_same(&list->strings[n], usual[n % 3])) {
      return false;
    }
  }
  return true;
}

/* What no LSTM of ours does; false with the error set. */
static bool is_plain(struct walk *walk, const Onnx__Node *node) {
  if (walk_given(node, IN_PEEPHOLES)) {
    return walk_refuse(walk, node, "peepholes (input P) are not done; train without them");
  }
  if (!usual_activations(node)) {
    return walk_refuse(walk, node,
                       "only the activations Sigmoid, Tanh, Tanh are done; train with "
                       "these");
  }
  if (onnx_attribute(node, "clip") != NULL) {
    return walk_refuse(walk, node,
                       "clip bounds the gates' inputs, which is not done; export "
                       "without it");
  }
  if (onnx_int(node, "input_forget", 0) != 0) {
    return walk_refuse(walk, node, "input_forget (coupled gates) is not done; train without it");
  }
  const int64_t layout = onnx_int(node, "layout", 0);
  return layout == 0 || layout == 1 ||
         walk_refuse(walk, node, "layout %lld is neither 0 nor 1", (long long)layout);
}

static bool has_shape(const struct onnx_array *array, int64_t a, int64_t b, int64_t c) {
  return array != NULL && array->is_float && !array->uniform && array->dims[0] == a &&
         array->dims[1] == b &&
         (c == 0 ? array->rank == 2 : array->rank == 3 && array->dims[2] == c);
}

static bool has_direction(const Onnx__Attribute *direction, const char *word) {
  return direction != NULL && direction->has_s && is_same(&direction->s, word);
}

/* Int8 weights [D,inputs,4H] with a scale for each direction, or for each of its columns, as
 * numbers [D,4H,inputs]. NULL with the error set. */
static const struct onnx_array *dequantize(struct walk *walk, const Onnx__Node *node, size_t at,
                                           size_t scale_at, size_t zero_at) {
  const struct onnx_array *bytes = walk_array(walk, node, at);
  const struct onnx_array *scale = walk_array(walk, node, scale_at);
  const struct onnx_array *zero = walk_array(walk, node, zero_at);
  const bool whole = bytes != NULL && !bytes->is_float && !bytes->uniform && bytes->rank == 3;
  const uint64_t directions = whole ? (uint64_t)bytes->dims[0] : 0;
  const uint64_t rows = whole ? (uint64_t)bytes->dims[1] : 0;
  const uint64_t columns = whole ? (uint64_t)bytes->dims[2] : 0;
  const bool fits =
      whole && bytes->count > 0 && scale != NULL && scale->is_float && !scale->uniform &&
      (scale->count == directions || scale->count == directions * columns) &&
      (zero == NULL || (!zero->is_float && !zero->uniform && zero->count == scale->count));
  if (!fits) {
    (void)walk_refuse(walk, node,
                      "its weights are not int8 constants with a scale for each direction or unit");
    return NULL;
  }
  const int64_t dims[3] = {bytes->dims[0], bytes->dims[2], bytes->dims[1]};
  struct onnx_array *made = onnx_array_make(&walk->fold, true, 3, dims);
  for (uint64_t n = 0; made != NULL && n < bytes->count; n++) {
    const uint64_t column = n % columns, row = n / columns % rows, d = n / columns / rows;
    const uint64_t k = scale->count == directions ? d : d * columns + column;
    const int64_t offset = zero == NULL ? 0 : zero->integers[k];
    made->floats[(d * columns + column) * rows + row] =
        scale->floats[k] * (float)(bytes->integers[n] - offset);
  }
  return made;
}

bool lstm_describe(struct walk *walk, const Onnx__Node *node, struct lstm *lstm) {
  const bool eight = strcmp(node->op_type, "DynamicQuantizeLSTM") == 0;
  if (!is_plain(walk, node)) {
    return false;
  }
  const Onnx__Attribute *direction = onnx_attribute(node, "direction");
  const bool both = has_direction(direction, "bidirectional");
  *lstm = (struct lstm){.w = eight ? dequantize(walk, node, IN_W, IN_W_SCALE, IN_W_ZERO)
                                   : walk_array(walk, node, IN_W),
                        .r = eight ? dequantize(walk, node, IN_R, IN_R_SCALE, IN_R_ZERO)
                                   : walk_array(walk, node, IN_R),
                        .b = walk_array(walk, node, IN_B),
                        .directions = both ? 2 : 1,
                        .reversed = has_direction(direction, "reverse"),
                        .batch_first = onnx_int(node, "layout", 0) == 1};
  if (eight && (lstm->w == NULL || lstm->r == NULL)) {
    return false;
  }
  if (direction != NULL && !both && !lstm->reversed && !has_direction(direction, "forward")) {
    return walk_refuse(walk, node, "its direction is none of forward, reverse, bidirectional");
  }
  if (lstm->w == NULL || lstm->w->rank != 3 || lstm->w->dims[1] % TRINE_GATES != 0 ||
      lstm->w->dims[1] < TRINE_GATES || lstm->w->dims[1] / TRINE_GATES > TRINE_ONNX_MAX_UNITS ||
      lstm->w->dims[2] < 1 || lstm->w->dims[2] > TRINE_ONNX_MAX_UNITS) {
    return walk_refuse(walk, node, "its weights W are not a constant of [%u,4H,I]",
                       lstm->directions);
  }
  lstm->units = (uint32_t)(lstm->w->dims[1] / TRINE_GATES);
  lstm->inputs = (uint32_t)lstm->w->dims[2];
  const int64_t d = lstm->directions, rows = (int64_t)TRINE_GATES * lstm->units;
  if (!has_shape(lstm->w, d, rows, lstm->inputs) || !has_shape(lstm->r, d, rows, lstm->units) ||
      (walk_given(node, IN_B) && !has_shape(lstm->b, d, 2 * rows, 0))) {
    return walk_refuse(walk, node,
                       "W, R or B are no constants of [%u,%lld,%u], [%u,%lld,%u], "
                       "[%u,%lld]",
                       lstm->directions, (long long)rows, lstm->inputs, lstm->directions,
                       (long long)rows, lstm->units, lstm->directions, (long long)(2 * rows));
  }
  if (onnx_int(node, "hidden_size", lstm->units) != lstm->units) {
    return walk_refuse(walk, node, "hidden_size is not the %u of its weights", lstm->units);
  }
  return true;
}

/* Gates of one direction in our order, the two biases added. */
bool lstm_copy_weights(struct walk *walk, const struct lstm *lstm, uint32_t direction,
                       struct trine_float_cell *cell) {
  const size_t units = lstm->units, inputs = lstm->inputs;
  float *w = walk_floats(walk, (uint64_t)TRINE_GATES * units * inputs);
  float *r = walk_floats(walk, (uint64_t)TRINE_GATES * units * units);
  float *bias = walk_floats(walk, (uint64_t)TRINE_GATES * units);
  if (w == NULL || r == NULL || bias == NULL) {
    return false;
  }
  for (size_t g = 0; g < TRINE_GATES; g++) {
    const size_t from = (direction * TRINE_GATES + onnx_gate[g]) * units;
    memcpy(w + g * units * inputs, lstm->w->floats + from * inputs, units * inputs * sizeof *w);
    memcpy(r + g * units * units, lstm->r->floats + from * units, units * units * sizeof *r);
    const size_t at = (2 * direction * TRINE_GATES + onnx_gate[g]) * units;
    for (size_t u = 0; u < units && lstm->b != NULL; u++) {
      bias[g * units + u] = lstm->b->floats[at + u] + lstm->b->floats[at + TRINE_GATES * units + u];
    }
  }
  cell->w = w;
  cell->r = r;
  cell->bias = bias;
  return true;
}
