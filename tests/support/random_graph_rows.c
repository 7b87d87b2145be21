/* SPDX-License-Identifier: Apache-2.0 */
/* random_graph_rows: nodes that move the rows of a drawn graph, see random_graph_write.h. */
#include "support/random_graph_write.h"

int32_t draw_row(struct drawing *d, int32_t rows, int32_t at) {
  const int32_t in[2] = {rows, at}, out = draw_tensor(d, GRAPH_FLOAT, 2, 1, 1, 1);
  draw_node(d, GRAPH_GATHER, GRAPH_NO_KIND, in, 2, &out, 1)->axis = 0;
  return out;
}

int32_t draw_turned(struct drawing *d, int32_t rows) {
  const int64_t axis = 0;
  const int32_t in[2] = {rows, draw_ints(d, 1, 1, &axis)},
                out = draw_tensor(d, GRAPH_FLOAT, 3, 1, 1, 1);
  draw_node(d, GRAPH_REVERSE, GRAPH_NO_KIND, in, 2, &out, 1);
  return out;
}

int32_t draw_pooled(struct drawing *d, int32_t rows, bool mean) {
  const int64_t axis = 0;
  const int32_t in[2] = {rows, draw_ints(d, 1, 1, &axis)},
                out = draw_tensor(d, GRAPH_FLOAT, 2, 1, 1, 1);
  draw_node(d, GRAPH_REDUCE, mean ? GRAPH_MEAN : GRAPH_MAX, in, 2, &out, 1);
  return out;
}

int32_t draw_repeated(struct drawing *d, int32_t one, uint32_t width) {
  const int64_t shape[3] = {1, 1, width}, times[3] = {d->drawn->steps, 1, 1};
  const int32_t in[2] = {one, draw_ints(d, 1, 3, shape)};
  const int32_t whole = draw_tensor(d, GRAPH_FLOAT, 3, 1, 1, width);
  draw_node(d, GRAPH_RESHAPE, GRAPH_NO_KIND, in, 2, &whole, 1);
  const int32_t tiled[2] = {whole, draw_ints(d, 1, 3, times)};
  const int32_t out = draw_tensor(d, GRAPH_FLOAT, 3, d->drawn->steps, 1, width);
  draw_node(d, GRAPH_TILE, GRAPH_NO_KIND, tiled, 2, &out, 1);
  return out;
}

int32_t draw_last_row(struct drawing *d, int32_t rows, bool reversed) {
  const int64_t last = reversed ? 0 : d->drawn->steps - 1;
  return draw_row(d, rows, draw_ints(d, 0, 1, &last));
}

int32_t draw_scaled(struct drawing *d, int32_t rows, uint32_t width) {
  const int32_t w = draw_floats(d, 1, width, 1, draw_floats_within(d, width, 2.0));
  const int32_t shift = draw_floats(d, 1, width, 1, draw_floats_within(d, width, 1.0));
  return draw_both(d, GRAPH_ADD, draw_both(d, GRAPH_MUL, rows, w), shift);
}
