/* SPDX-License-Identifier: Apache-2.0 */
/* lstm: the LSTM node, see walk.h: after the ONNX operator of that name (opset 7 and
 * later): gates i, o, f, c, weights [D,4H,I], [D,4H,H], biases [D,8H], layouts 0 and 1. */
#include <ctype.h>
#include <string.h>

#include "onnx/walk.h"

enum { IN_X, IN_W, IN_R, IN_B, IN_LENGTHS, IN_H, IN_C, IN_PEEPHOLES };

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

/* An LSTM node with its shapes checked. */
struct lstm {
  const struct onnx_array *w, *r, *b;
  uint32_t directions, inputs, units;
  bool reversed;  /* one direction, backwards */
  bool is_turned; /* the graph turned the steps of its input round */
  bool batch_first;
};

static bool has_shape(const struct onnx_array *array, int64_t a, int64_t b, int64_t c) {
  return array != NULL && array->is_float && !array->uniform && array->dims[0] == a &&
         array->dims[1] == b &&
         (c == 0 ? array->rank == 2 : array->rank == 3 && array->dims[2] == c);
}

static bool has_direction(const Onnx__Attribute *direction, const char *word) {
  return direction != NULL && direction->has_s && is_same(&direction->s, word);
}

static bool describe(struct walk *walk, const Onnx__Node *node, struct lstm *lstm) {
  const Onnx__Attribute *direction = onnx_attribute(node, "direction");
  const bool both = has_direction(direction, "bidirectional");
  *lstm = (struct lstm){.w = walk_array(walk, node, IN_W),
                        .r = walk_array(walk, node, IN_R),
                        .b = walk_array(walk, node, IN_B),
                        .directions = both ? 2 : 1,
                        .reversed = has_direction(direction, "reverse"),
                        .batch_first = onnx_int(node, "layout", 0) == 1};
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
static bool copy_weights(struct walk *walk, const struct lstm *lstm, uint32_t direction,
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

/* Whether a constant has the shape of states: [D,B,H], or [B,D,H] with layout 1. */
static bool is_state(const struct onnx_array *array, const struct lstm *lstm) {
  return array->is_float &&
         (array->uniform ||
          (array->rank == 3 && array->dims[lstm->batch_first ? 1 : 0] == lstm->directions &&
           array->dims[2] == lstm->units && array->count > 0));
}

/* One row of a state, which all sequences have to share; false with the error set. */
static bool copy_state(struct walk *walk, const Onnx__Node *node, const struct onnx_array *array,
                       const struct lstm *lstm, uint32_t direction, float *made) {
  const uint64_t units = lstm->units, directions = lstm->directions;
  const uint64_t batch = array->count / (directions * units);
  if (!onnx_spend(&walk->fold, batch * units)) {
    return false;
  }
  for (uint64_t b = 0; b < batch; b++) {
    const uint64_t row = lstm->batch_first ? b * directions + direction : direction * batch + b;
    const float *from = array->floats + row * units;
    for (uint64_t u = 0; u < units; u++) {
      if (b > 0 && made[u] != from[u]) {
        return walk_refuse(
            walk, node,
            "its initial state differs from sequence to sequence; one for all is needed");
      }
      made[u] = from[u];
    }
  }
  return true;
}

/* An initial state: zero, the same constant for all sequences, or from an input of the graph. */
static bool initial(struct walk *walk, const Onnx__Node *node, size_t n, const struct lstm *lstm,
                    uint32_t direction, const float **state, const char **from) {
  const struct value *value = walk_given(node, n) ? walk_value(walk, node->input[n]) : NULL;
  *state = NULL;
  *from = NULL;
  if (value == NULL) {
    return true;
  }
  if (value->kind == VALUE_STATE) {
    *from = value->source;
    return true;
  }
  const struct onnx_array *array = value->array;
  if (value->kind != VALUE_ARRAY || !is_state(array, lstm)) {
    return walk_refuse(walk, node, "its initial state %.40s is neither a constant nor an input",
                       node->input[n]);
  }
  if (array->uniform && array->value == 0) {
    return true;
  }
  float *made = walk_floats(walk, lstm->units);
  bool zero = true;
  if (made == NULL || (!array->uniform && !copy_state(walk, node, array, lstm, direction, made))) {
    return false;
  }
  for (uint32_t u = 0; u < lstm->units; u++) {
    made[u] = array->uniform ? (float)array->value : made[u];
    zero = zero && made[u] == 0.0F;
  }
  *state = zero ? NULL : made;
  return true;
}

/* One direction; the index of the value of its rows, or UINT32_MAX. */
static uint32_t add_direction(struct walk *walk, const Onnx__Node *node, const struct lstm *lstm,
                              uint32_t direction, uint32_t input) {
  const uint32_t output = walk_add_value(walk, node->output[0], true, lstm->units);
  struct trine_float_node *made = walk_add_node(walk, TRINE_FLOAT_LSTM, node, input, output);
  if (made == NULL) {
    return UINT32_MAX;
  }
  struct trine_float_cell *cell = &made->cell;
  *cell =
      (struct trine_float_cell){.inputs = lstm->inputs,
                                .units = lstm->units,
                                .reversed = (lstm->reversed || direction == 1) != lstm->is_turned};
  if (!copy_weights(walk, lstm, direction, cell) ||
      !initial(walk, node, IN_H, lstm, direction, &cell->h0, &cell->h_in) ||
      !initial(walk, node, IN_C, lstm, direction, &cell->c0, &cell->c_in)) {
    return UINT32_MAX;
  }
  return output;
}

/* Which open axes the first two of X are. One of size 1 may have lost its name on the way: the
 * other one tells, and where both have, batch comes first as exporters have it. */
static bool find_axes(const struct walk *walk, const struct rows *x, uint32_t time_at,
                      enum axis *time, enum axis *batch) {
  const enum axis first = x->axis[time_at], second = x->axis[1 - time_at];
  const bool has_time = rows_is_open(first), has_batch = rows_is_open(second);
  *time = has_time              ? first
          : has_batch           ? rows_other(second)
          : walk->has_time_axis ? walk->time_axis
                                : AXIS_OPEN1;
  *batch = rows_other(*time);
  return (has_time || (rows_is_single(walk, x, time_at) && rows_open_size(walk, *time) == 1)) &&
         (has_batch ? second == *batch
                    : rows_is_single(walk, x, 1 - time_at) && rows_open_size(walk, *batch) == 1);
}

/* X has to be [T,B,I], or [B,T,I] with layout 1. */
static bool read_input(struct walk *walk, const Onnx__Node *node, const struct lstm *lstm,
                       struct rows *x, enum axis *time, enum axis *batch) {
  if (!rows_as_row(walk, node, x)) {
    return false;
  }
  if (x->rank != 3 || !find_axes(walk, x, lstm->batch_first ? 1 : 0, time, batch) ||
      !walk->made_values[x->part[0]].has_time || !rows_set_time(walk, *time)) {
    return walk_refuse(walk, node, "its input is not rows of %s",
                       lstm->batch_first ? "[batch,time,width]" : "[time,batch,width]");
  }
  struct trine_float_value *value = &walk->made_values[x->part[0]];
  value->width = value->width == 0 ? lstm->inputs : value->width;
  if (value->width != lstm->inputs) {
    return walk_refuse(walk, node, "its weights are for rows of %u values, its input has %u",
                       lstm->inputs, value->width);
  }
  return true;
}

/* Lengths are an input of the graph (then they come with the data), or those of whole sequences. */
static bool check_lengths(struct walk *walk, const Onnx__Node *node, enum axis time) {
  const struct value *value =
      walk_given(node, IN_LENGTHS) ? walk_value(walk, node->input[IN_LENGTHS]) : NULL;
  if (value == NULL || value->kind != VALUE_STATE) {
    const struct onnx_array *array =
        value != NULL && value->kind == VALUE_ARRAY ? value->array : NULL;
    walk->has_none = walk->has_none == NULL ? node : walk->has_none;
    return value == NULL || steps_are_whole(walk, array, time) ||
           walk_refuse(walk, node,
                       "sequence_lens are not those of whole sequences; make them an "
                       "input of the graph, or leave them out: --lengths brings them");
  }
  if (value->is_moved || (walk->lengths != NULL && strcmp(walk->lengths, value->source) != 0)) {
    return walk_refuse(walk, node,
                       "its sequence_lens %.40s are not, as they are, the one input of lengths",
                       value->name);
  }
  walk->lengths = value->source;
  return true;
}

/* Y_h: the state after each sequence's last step, which a reversed layer takes at the first row. */
static bool put_last(struct walk *walk, const Onnx__Node *node, const struct rows *y,
                     const struct lstm *lstm, enum axis batch) {
  struct rows last = {.rank = 3, .axis = {AXIS_PARTS, batch, AXIS_WIDTH}};
  const struct value *value = walk_value(walk, node->output[1]);
  if (!value->is_wanted) {
    return true;
  }
  if (lstm->batch_first) {
    last.axis[0] = batch;
    last.axis[1] = AXIS_PARTS;
  }
  for (uint32_t n = 0; n < y->part_count; n++) {
    const bool backwards = (lstm->reversed || n == 1) != lstm->is_turned;
    const uint32_t taken = walk_add_value(walk, node->output[1], false, lstm->units);
    if (walk_add_node(walk, backwards ? TRINE_FLOAT_FIRST : TRINE_FLOAT_LAST, node, y->part[n],
                      taken) == NULL) {
      return false;
    }
    last.part[last.part_count++] = taken;
  }
  return walk_put(walk, node, 1, &last);
}

bool layer_lstm(struct walk *walk, const Onnx__Node *node) {
  struct lstm lstm;
  struct rows *input = walk_rows(walk, node, IN_X);
  if (!is_plain(walk, node)) {
    return false;
  }
  if (input == NULL) {
    return walk_refuse(walk, node, "its input X has to be computed from the graph's input");
  }
  if (!describe(walk, node, &lstm)) {
    return false;
  }
  struct rows x = *input;
  enum axis time = AXIS_OPEN1, batch = AXIS_OPEN0;
  if (!read_input(walk, node, &lstm, &x, &time, &batch)) {
    return false;
  }
  struct rows y = {
      .rank = 4, .axis = {time, AXIS_PARTS, batch, AXIS_WIDTH}, .is_turned = x.is_turned};
  lstm.is_turned = x.is_turned;
  if (!check_lengths(walk, node, time)) {
    return false;
  }
  if (lstm.batch_first) { /* [batch, time, directions, width] */
    y.axis[0] = batch;
    y.axis[1] = time;
    y.axis[2] = AXIS_PARTS;
  }
  for (uint32_t n = 0; n < lstm.directions; n++) {
    y.part[n] = add_direction(walk, node, &lstm, n, x.part[0]);
    y.part_count++;
    if (y.part[n] == UINT32_MAX) {
      return false;
    }
  }
  for (size_t n = 2; n < node->n_output; n++) {
    if (node->output[n][0] != '\0') {
      walk_value(walk, node->output[n])->kind = VALUE_CELL;
    }
  }
  return walk_put(walk, node, 0, &y) &&
         (node->n_output < 2 || put_last(walk, node, &y, &lstm, batch));
}
