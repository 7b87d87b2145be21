/* SPDX-License-Identifier: Apache-2.0 */
/* random_graph: tensors and operators are appended as a converter would, see random_graph.h. */
#include "support/random_graph.h"

#include <stdlib.h>
#include <string.h>

#include "support/random_graph_write.h"

/* One layer's form and weights. */
struct layer {
  uint32_t inputs, units;
  float *w[GATES], *r[GATES], *bias[GATES];
  uint32_t order[GATES]; /* which gate stands at which place */
  bool together, joined, separate_bias, sliced;
};

/* Part n of so many of the last axis of [1, parts * width]. */
static int32_t part(struct drawing *d, int32_t x, uint32_t n, uint32_t width) {
  const int64_t begin[2] = {0, (int64_t)n * width}, size[2] = {-1, width}, step[2] = {1, 1};
  const int64_t end[2] = {0, (int64_t)(n + 1) * width};
  const bool strided = draw_coin(d);
  const int32_t in[4] = {x, draw_ints(d, 1, 2, begin), draw_ints(d, 1, 2, strided ? end : size),
                         draw_ints(d, 1, 2, step)};
  const int32_t out = draw_tensor(d, GRAPH_FLOAT, 2, 1, width, 1);
  struct graph_node *made = draw_node(d, strided ? GRAPH_STRIDED_SLICE : GRAPH_SLICE, GRAPH_NO_KIND,
                                      in, strided ? 4 : 3, &out, 1);
  made->end_mask = 1;
  return out;
}

static void parts(struct drawing *d, int32_t x, uint32_t width, bool sliced, int32_t *made) {
  const int64_t axis = 1;
  const int32_t in[2] = {draw_ints(d, 0, 1, &axis), x};
  for (uint32_t n = 0; n < GATES; n++) {
    made[n] = sliced ? part(d, x, n, width) : draw_tensor(d, GRAPH_FLOAT, 2, 1, width, 1);
  }
  if (!sliced) {
    draw_node(d, GRAPH_SPLIT, GRAPH_NO_KIND, in, 2, made, GATES);
  }
}

static void draw_layer(struct drawing *d, uint32_t inputs, struct layer *layer) {
  *layer = (struct layer){.inputs = inputs, .units = draw_upto(d, 2, 6), .together = draw_coin(d)};
  layer->joined = draw_coin(d);
  layer->separate_bias = draw_coin(d);
  layer->sliced = draw_coin(d);
  for (uint32_t g = 0; g < GATES; g++) {
    const uint32_t other = draw_upto(d, 0, g);
    layer->order[g] = layer->order[other];
    layer->order[other] = g;
    layer->w[g] = draw_floats_within(d, (size_t)layer->units * inputs, 1.0);
    layer->r[g] = draw_floats_within(d, (size_t)layer->units * layer->units, 1.0);
    layer->bias[g] = draw_floats_within(d, layer->units, 1.0);
  }
}

/* Gates side by side in the layer's order, x before h where they are joined. */
static float *stacked(struct drawing *d, const struct layer *layer, bool of_x, bool of_h) {
  const size_t units = layer->units, in = of_x ? layer->inputs : 0, own = of_h ? units : 0;
  float *made = draw_room(d, GATES * units * (in + own), sizeof *made);
  for (size_t n = 0; n < GATES * units; n++) {
    const uint32_t g = layer->order[n / units];
    float *row = made + n * (in + own);
    memcpy(row, layer->w[g] + n % units * in, in * sizeof *row);
    memcpy(row + in, layer->r[g] + n % units * own, own * sizeof *row);
  }
  return made;
}

static float *stacked_bias(struct drawing *d, const struct layer *layer) {
  float *made = draw_room(d, (size_t)GATES * layer->units, sizeof *made);
  for (uint32_t g = 0; g < GATES; g++) {
    memcpy(made + g * layer->units, layer->bias[layer->order[g]], layer->units * sizeof *made);
  }
  return made;
}

/* The gates before their functions. */
static void draw_gates(struct drawing *d, const struct layer *layer, int32_t x, int32_t h,
                       int32_t *pre) {
  const uint32_t units = layer->units, all = GATES * units;
  int32_t placed[GATES];
  if (!layer->together) {
    for (uint32_t g = 0; g < GATES; g++) {
      const int32_t of_x = draw_dense(d, x, units, layer->inputs, layer->w[g], layer->bias[g]);
      pre[g] = draw_both(d, GRAPH_ADD, of_x, draw_dense(d, h, units, units, layer->r[g], NULL));
    }
    return;
  }
  const float *bias = stacked_bias(d, layer), *fused = layer->separate_bias ? NULL : bias;
  int32_t sum = 0;
  if (layer->joined) {
    sum = draw_dense(d, draw_joined(d, x, h, 1), all, layer->inputs + units,
                     stacked(d, layer, true, true), fused);
  } else {
    const int32_t of_x =
        draw_dense(d, x, all, layer->inputs, stacked(d, layer, true, false), fused);
    sum = draw_both(d, GRAPH_ADD, of_x,
                    draw_dense(d, h, all, units, stacked(d, layer, false, true), NULL));
  }
  sum = layer->separate_bias ? draw_both(d, GRAPH_ADD, sum, draw_floats(d, 1, all, 1, bias)) : sum;
  parts(d, sum, units, layer->sliced, placed);
  for (uint32_t n = 0; n < GATES; n++) {
    pre[layer->order[n]] = placed[n];
  }
}

/* One step: new h and c. Gates are i, f, g, o. */
static void draw_step(struct drawing *d, const struct layer *layer, int32_t x, int32_t *h,
                      int32_t *c) {
  int32_t pre[GATES] = {0};
  enum graph_kind kinds[6] = {GRAPH_LOGISTIC, GRAPH_LOGISTIC, GRAPH_TANH,
                              GRAPH_LOGISTIC, GRAPH_TANH,     GRAPH_ADD};
  static const enum graph_kind odd[] = {GRAPH_RELU, GRAPH_LOGISTIC, GRAPH_TANH};
  draw_gates(d, layer, x, *h, pre);
  if (d->spoil_left && draw_coin(d)) {
    const uint32_t at = draw_upto(d, 0, 5);
    const enum graph_kind other = at == 5 ? GRAPH_SUB : odd[draw_upto(d, 0, 2)];
    d->spoil_left = kinds[at] == other;
    kinds[at] = other;
  }
  for (uint32_t g = 0; g < GATES; g++) {
    pre[g] = draw_one(d, GRAPH_UNARY, kinds[g], pre[g], -1);
  }
  const int32_t kept = draw_both(d, GRAPH_MUL, pre[1], *c);
  const int32_t written = draw_both(d, GRAPH_MUL, pre[0], pre[2]);
  *c = kinds[5] == GRAPH_ADD ? draw_both(d, GRAPH_ADD, kept, written)
                             : draw_one(d, GRAPH_BINARY, kinds[5], kept, written);
  *h = draw_both(d, GRAPH_MUL, pre[3], draw_one(d, GRAPH_UNARY, kinds[4], *c, -1));
}

static int32_t zeros(struct drawing *d, uint32_t units) {
  const int64_t shape[2] = {1, units};
  float *nothing = draw_room(d, units, sizeof *nothing);
  if (draw_coin(d)) {
    return draw_floats(d, 2, 1, units, nothing);
  }
  const int32_t in[2] = {draw_ints(d, 1, 2, shape), draw_floats(d, 0, 1, 1, nothing)};
  const int32_t out = draw_tensor(d, GRAPH_FLOAT, 2, 1, units, 1);
  draw_node(d, GRAPH_FILL, GRAPH_NO_KIND, in, 2, &out, 1);
  return out;
}

/* All h as [T,1,units], in the order of computation. */
static int32_t draw_unrolled(struct drawing *d, const struct layer *layer, int32_t rows) {
  const uint32_t steps = d->drawn->steps;
  int32_t *x = draw_room(d, steps, sizeof *x), *all = draw_room(d, steps, sizeof *all);
  int32_t h = zeros(d, layer->units), c = zeros(d, layer->units);
  const bool unpacks = draw_coin(d);
  const int32_t out = draw_tensor(d, GRAPH_FLOAT, 3, steps, 1, layer->units);
  for (uint32_t t = 0; t < steps; t++) {
    const int64_t at = t;
    x[t] = unpacks ? draw_tensor(d, GRAPH_FLOAT, 2, 1, 1, 1)
                   : draw_row(d, rows, draw_ints(d, 0, 1, &at));
  }
  if (unpacks) {
    draw_node(d, GRAPH_UNPACK, GRAPH_NO_KIND, &rows, 1, x, steps)->axis = 0;
  }
  for (uint32_t t = 0; t < steps; t++) {
    draw_step(d, layer, x[t], &h, &c);
    all[t] = h;
  }
  draw_node(d, GRAPH_PACK, GRAPH_NO_KIND, all, steps, &out, 1)->axis = 0;
  return out;
}

/* An operand of a loop, in a subgraph: t, h, c, rows, and the list of all h. */
static void loop_inputs(struct drawing *d, const struct layer *layer) {
  struct graph_writing *now = d->now;
  now->inputs[0] = draw_tensor(d, GRAPH_INT, 0, 1, 1, 1);
  now->inputs[1] = draw_tensor(d, GRAPH_FLOAT, 2, 1, layer->units, 1);
  now->inputs[2] = draw_tensor(d, GRAPH_FLOAT, 2, 1, layer->units, 1);
  now->inputs[3] = draw_tensor(d, GRAPH_FLOAT, 3, d->drawn->steps, 1, layer->inputs);
  now->inputs[4] = draw_tensor(d, GRAPH_LIST, 1, d->drawn->steps, 1, 1);
  now->input_count = 5;
}

static int32_t draw_loop(struct drawing *d, const struct layer *layer, int32_t rows) {
  struct graph_writing *caller = d->now;
  const int64_t nothing = 0, steps = d->drawn->steps, step = 1;
  const uint32_t cond = d->sub_count;
  draw_sub(d);
  loop_inputs(d, layer);
  const int32_t limits[2] = {d->now->inputs[0], draw_ints(d, 0, 1, &steps)};
  d->now->outputs[0] = draw_tensor(d, GRAPH_INT, 0, 1, 1, 1);
  d->now->output_count = 1;
  draw_node(d, GRAPH_COMPARE, GRAPH_LESS, limits, 2, d->now->outputs, 1);
  draw_sub(d);
  loop_inputs(d, layer);
  struct graph_writing *body = d->now;
  int32_t h = body->inputs[1], c = body->inputs[2];
  draw_step(d, layer, draw_row(d, body->inputs[3], body->inputs[0]), &h, &c);
  const int32_t set[3] = {body->inputs[4], body->inputs[0], h};
  const int32_t next[2] = {body->inputs[0], draw_ints(d, 0, 1, &step)};
  body->outputs[0] = draw_tensor(d, GRAPH_INT, 0, 1, 1, 1);
  body->outputs[4] = draw_tensor(d, GRAPH_LIST, 1, 1, 1, 1);
  draw_node(d, GRAPH_BINARY, GRAPH_ADD, next, 2, &body->outputs[0], 1);
  draw_node(d, GRAPH_LIST_SET, GRAPH_NO_KIND, set, 3, &body->outputs[4], 1);
  body->outputs[1] = h;
  body->outputs[2] = c;
  body->outputs[3] = body->inputs[3];
  body->output_count = 5;
  d->now = caller;
  const int32_t reserve[2] = {draw_ints(d, 0, 1, &nothing), draw_ints(d, 0, 1, &steps)};
  const int32_t list = draw_tensor(d, GRAPH_LIST, 1, d->drawn->steps, 1, 1);
  draw_node(d, GRAPH_LIST_RESERVE, GRAPH_NO_KIND, reserve, 2, &list, 1);
  const int32_t in[5] = {draw_ints(d, 0, 1, &nothing), zeros(d, layer->units),
                         zeros(d, layer->units), rows, list};
  int32_t out[5];
  for (int n = 0; n < 5; n++) {
    const enum graph_type type = n == 4 ? GRAPH_LIST : GRAPH_FLOAT;
    out[n] = draw_tensor(d, n == 0 ? GRAPH_INT : type, 1, 1, 1, 1);
  }
  struct graph_node *made = draw_node(d, GRAPH_WHILE, GRAPH_NO_KIND, in, 5, out, 5);
  made->sub[0] = cond;
  made->sub[1] = cond + 1;
  const int32_t all = draw_tensor(d, GRAPH_FLOAT, 3, d->drawn->steps, 1, layer->units);
  draw_node(d, GRAPH_LIST_STACK, GRAPH_NO_KIND, &out[4], 1, &all, 1);
  return all;
}

/* The last h, all of them, or what is pooled, through a head; `beside`: a row of a second input, or
 * -1. */
static void draw_end(struct drawing *d, int32_t rows, uint32_t width, bool reversed,
                     int32_t beside) {
  const int64_t order[3] = {1, 0, 2};
  const uint32_t kind = draw_upto(d, 0, 5);
  int32_t y = rows;
  if (kind < 2 && beside < 0) {
    const int32_t all = draw_upto(d, 0, 3) == 0 ? draw_turned(d, rows) : rows;
    const int32_t in[2] = {all, draw_ints(d, 1, 3, order)};
    y = draw_tensor(d, GRAPH_FLOAT, 3, 1, d->drawn->steps, width);
    draw_node(d, GRAPH_TRANSPOSE, GRAPH_NO_KIND, in, 2, &y, 1);
  } else if (kind == 2 || kind == 3) {
    y = draw_pooled(d, rows, kind == 2);
  } else {
    y = draw_last_row(d, rows, reversed);
  }
  if (beside >= 0) {
    y = draw_joined(d, y, beside, 1);
    width += d->drawn->beside;
  }
  const uint32_t units = draw_upto(d, 1, 5);
  y = draw_dense(d, y, units, width, draw_floats_within(d, (size_t)units * width, 1.0),
                 draw_coin(d) ? draw_floats_within(d, units, 1.0) : NULL);
  d->now->nodes[d->now->node_count - 1].keep_dims = true;
  const uint32_t head = draw_upto(d, 0, 3);
  if (head < 2) {
    y = draw_one(d, GRAPH_UNARY, head == 0 ? GRAPH_RELU : GRAPH_LOGISTIC, y, -1);
  } else if (head == 2) {
    y = draw_one(d, GRAPH_SOFTMAX, GRAPH_NO_KIND, y, -1);
  }
  d->now->outputs[0] = y;
  d->now->output_count = 1;
}

/* A second input: rows beside those of the first (their new width in *width), or one row, which
 * comes back where it is to stand beside the last one; else -1. */
static int32_t draw_second(struct drawing *d, int32_t *rows, uint32_t *width) {
  struct random_graph *drawn = d->drawn;
  const int64_t order[3] = {1, 0, 2};
  drawn->beside = draw_upto(d, 0, 2) == 0 ? draw_upto(d, 1, 5) : 0;
  drawn->is_row = draw_coin(d);
  if (drawn->beside == 0) {
    return -1;
  }
  const int32_t given = draw_tensor(d, GRAPH_FLOAT, drawn->is_row ? 2 : 3, 1,
                                    drawn->is_row ? drawn->beside : drawn->steps, drawn->beside);
  d->now->inputs[d->now->input_count++] = given;
  if (drawn->is_row && draw_coin(d)) {
    return given;
  }
  int32_t more = 0;
  if (drawn->is_row) {
    more = draw_repeated(d, given, drawn->beside);
  } else {
    const int32_t in[2] = {given, draw_ints(d, 1, 3, order)};
    more = draw_tensor(d, GRAPH_FLOAT, 3, drawn->steps, 1, drawn->beside);
    draw_node(d, GRAPH_TRANSPOSE, GRAPH_NO_KIND, in, 2, &more, 1);
  }
  *rows = draw_joined(d, *rows, more, 2);
  *width += drawn->beside;
  return -1;
}

/* One layer over rows, whose width becomes its own. */
static int32_t draw_one_way(struct drawing *d, int32_t rows, uint32_t *width, bool reversed) {
  struct layer layer;
  draw_layer(d, *width, &layer);
  const int32_t read = reversed ? draw_turned(d, rows) : rows;
  const int32_t all =
      d->drawn->is_loop ? draw_loop(d, &layer, read) : draw_unrolled(d, &layer, read);
  *width = layer.units;
  return reversed ? draw_turned(d, all) : all;
}

/* One layer forwards or backwards, or one each way side by side, which is one layer more. */
static int32_t draw_direction(struct drawing *d, int32_t rows, uint32_t *width, bool *reversed) {
  const uint32_t kind = draw_upto(d, 0, 5);
  uint32_t other = *width;
  *reversed = kind == 1;
  if (kind != 0) {
    return draw_one_way(d, rows, width, *reversed);
  }
  const int32_t forward = draw_one_way(d, rows, width, false);
  const int32_t backward = draw_one_way(d, rows, &other, true);
  *width += other;
  d->drawn->layers++;
  return draw_joined(d, forward, backward, 2);
}

void random_graph_draw(struct seed_stream *stream, bool spoil, struct random_graph *drawn) {
  struct drawing *d = calloc(1, sizeof *d);
  const int64_t order[3] = {1, 0, 2};
  if (d == NULL) {
    abort();
  }
  *drawn = (struct random_graph){.graph = {.sub_count = 0}};
  d->stream = stream;
  d->drawn = drawn;
  d->spoil_left = spoil;
  drawn->steps = draw_upto(d, 2, 7);
  drawn->inputs = draw_upto(d, 1, 5);
  drawn->layers = draw_upto(d, 1, 3);
  drawn->is_loop = draw_coin(d);
  draw_sub(d);
  d->now->inputs[0] = draw_tensor(d, GRAPH_FLOAT, 3, 1, drawn->steps, drawn->inputs);
  d->now->input_count = 1;
  const int32_t in[2] = {d->now->inputs[0], draw_ints(d, 1, 3, order)};
  int32_t rows = draw_tensor(d, GRAPH_FLOAT, 3, drawn->steps, 1, drawn->inputs);
  draw_node(d, GRAPH_TRANSPOSE, GRAPH_NO_KIND, in, 2, &rows, 1);
  uint32_t width = drawn->inputs;
  const int32_t beside = draw_second(d, &rows, &width);
  bool reversed = false;
  for (uint32_t n = 0, layers = drawn->layers; n < layers; n++) {
    const bool repeats = n > 0 && draw_upto(d, 0, 3) == 0;
    if (repeats) { /* a decoder */
      rows = draw_repeated(d, draw_last_row(d, rows, reversed), width);
    }
    rows = draw_upto(d, 0, 2) == 0 ? draw_scaled(d, rows, width) : rows;
    rows = draw_direction(d, rows, &width, &reversed);
  }
  draw_end(d, rows, width, reversed, beside);
  draw_finish(d);
  drawn->is_spoilt = spoil && !d->spoil_left;
  free(d);
}

void random_graph_block(struct random_graph *drawn) {
  struct graph_node *front = (struct graph_node *)(uintptr_t)drawn->graph.subs[0].nodes;
  front->op = GRAPH_UNKNOWN;
}

void random_graph_free(struct random_graph *drawn) {
  arena_free(&drawn->arena);
}
