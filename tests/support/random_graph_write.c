/* SPDX-License-Identifier: Apache-2.0 */
/* random_graph_write: tensors and operators appended one by one, see random_graph_write.h. */
#include "support/random_graph_write.h"

#include <stdlib.h>
#include <string.h>

void *draw_room(struct drawing *d, size_t count, size_t size) {
  void *made = arena_alloc(&d->drawn->arena, count, size);
  if (made == NULL) {
    abort();
  }
  return made;
}

bool draw_coin(struct drawing *d) {
  return seed_uniform(d->stream, 0, 1) == 1;
}

uint32_t draw_upto(struct drawing *d, int64_t low, int64_t high) {
  return (uint32_t)seed_uniform(d->stream, low, high);
}

int32_t draw_tensor(struct drawing *d, enum graph_type type, uint32_t rank, uint32_t a, uint32_t b,
                    uint32_t c) {
  const uint32_t shape[3] = {a, b, c};
  struct graph_writing *now = d->now;
  if (now->tensor_count >= MAX_TENSORS) {
    abort();
  }
  struct graph_tensor *made = &now->tensors[now->tensor_count];
  *made = (struct graph_tensor){
      .name = "t", .type = type, .type_name = "drawn", .rank = rank, .elements = 1};
  for (uint32_t n = 0; n < rank; n++) {
    made->shape[n] = shape[n];
    made->elements *= shape[n];
  }
  return (int32_t)now->tensor_count++;
}

int32_t draw_ints(struct drawing *d, uint32_t rank, uint32_t count, const int64_t *numbers) {
  const int32_t made = draw_tensor(d, GRAPH_INT, rank, count, 1, 1);
  int64_t *copy = draw_room(d, count, sizeof *copy);
  memcpy(copy, numbers, count * sizeof *copy);
  d->now->tensors[made].ints = copy;
  return made;
}

int32_t draw_floats(struct drawing *d, uint32_t rank, uint32_t a, uint32_t b,
                    const float *numbers) {
  const int32_t made = draw_tensor(d, GRAPH_FLOAT, rank, a, b, 1);
  d->now->tensors[made].floats = numbers;
  return made;
}

float *draw_floats_within(struct drawing *d, size_t count, double size) {
  float *made = draw_room(d, count, sizeof *made);
  for (size_t n = 0; n < count; n++) {
    made[n] = (float)(size * seed_real(d->stream, -1, 1));
  }
  return made;
}

/* An operator of up to four operands and so many results; its node, to be completed. */
struct graph_node *draw_node(struct drawing *d, enum graph_op op, enum graph_kind kind,
                             const int32_t *inputs, uint32_t input_count, const int32_t *outputs,
                             uint32_t output_count) {
  struct graph_writing *now = d->now;
  if (now->node_count >= MAX_NODES) {
    abort();
  }
  int32_t *in = draw_room(d, input_count, sizeof *in),
          *out = draw_room(d, output_count, sizeof *out);
  memcpy(in, inputs, input_count * sizeof *in);
  memcpy(out, outputs, output_count * sizeof *out);
  struct graph_node *made = &now->nodes[now->node_count];
  *made = (struct graph_node){.op = op,
                              .kind = kind,
                              .kind_name = "DRAWN",
                              .index = now->node_count,
                              .input_count = input_count,
                              .output_count = output_count,
                              .inputs = in,
                              .outputs = out,
                              .number = 1.0F};
  now->node_count++;
  return made;
}

int32_t draw_one(struct drawing *d, enum graph_op op, enum graph_kind kind, int32_t a, int32_t b) {
  const int32_t in[2] = {a, b}, out = draw_tensor(d, GRAPH_FLOAT, 2, 1, 1, 1);
  draw_node(d, op, kind, in, b < 0 ? 1 : 2, &out, 1);
  return out;
}

/* Two operands in either order. */
int32_t draw_both(struct drawing *d, enum graph_kind kind, int32_t a, int32_t b) {
  return draw_coin(d) ? draw_one(d, GRAPH_BINARY, kind, a, b)
                      : draw_one(d, GRAPH_BINARY, kind, b, a);
}

int32_t draw_dense(struct drawing *d, int32_t x, uint32_t units, uint32_t width, const float *w,
                   const float *bias) {
  int32_t in[3] = {x, 0, -1}, out = draw_tensor(d, GRAPH_FLOAT, 2, 1, units, 1);
  if (draw_coin(d) && bias == NULL) { /* BATCH_MATMUL with the weights as [width][units] */
    float *turned = draw_room(d, (size_t)units * width, sizeof *turned);
    for (size_t n = 0; n < (size_t)units * width; n++) {
      turned[n % width * units + n / width] = w[n];
    }
    in[1] = draw_floats(d, 2, width, units, turned);
    draw_node(d, GRAPH_MATMUL, GRAPH_NO_KIND, in, 2, &out, 1);
    return out;
  }
  in[1] = draw_floats(d, 2, units, width, w);
  in[2] = bias == NULL ? -1 : draw_floats(d, 1, units, 1, bias);
  draw_node(d, GRAPH_DENSE, GRAPH_NO_KIND, in, 3, &out, 1);
  return out;
}

int32_t draw_joined(struct drawing *d, int32_t a, int32_t b, int32_t axis) {
  const int32_t in[2] = {a, b}, out = draw_tensor(d, GRAPH_FLOAT, 2, 1, 1, 1);
  draw_node(d, GRAPH_CONCAT, GRAPH_NO_KIND, in, 2, &out, 1)->axis = axis;
  return out;
}

struct graph_writing *draw_sub(struct drawing *d) {
  struct graph_writing *made = &d->subs[d->sub_count++];
  made->tensors = draw_room(d, MAX_TENSORS, sizeof *made->tensors);
  made->nodes = draw_room(d, MAX_NODES, sizeof *made->nodes);
  d->now = made;
  return made;
}

void draw_finish(struct drawing *d) {
  struct graph_sub *subs = draw_room(d, d->sub_count, sizeof *subs);
  for (uint32_t n = 0; n < d->sub_count; n++) {
    const struct graph_writing *from = &d->subs[n];
    int32_t *ends = draw_room(d, 32, sizeof *ends);
    memcpy(ends, from->inputs, sizeof from->inputs);
    memcpy(ends + 16, from->outputs, sizeof from->outputs);
    subs[n] = (struct graph_sub){.tensor_count = from->tensor_count,
                                 .node_count = from->node_count,
                                 .input_count = from->input_count,
                                 .output_count = from->output_count,
                                 .tensors = from->tensors,
                                 .nodes = from->nodes,
                                 .inputs = ends,
                                 .outputs = ends + 16};
  }
  d->drawn->graph = (struct graph){.sub_count = d->sub_count, .subs = subs, .len_bytes = 1 << 14};
}
