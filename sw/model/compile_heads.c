/* SPDX-License-Identifier: Apache-2.0 */
/* compile_heads: SOFTMAX and ARG_MAX along the last axis, computed on the host.
 *
 * Parameters with which the reference would stop or compute nonsense are refused. Along the steps
 * of a sequence they tie the model to the file's T. */
#include "model/compile.h"
#include "model/heads.h"

/* The output of SOFTMAX, in the one quantisation that they have. */
static bool probability_output(struct compilation *c, const struct compile_value *in) {
  const int32_t index = c->graph->operators[c->op].output;
  struct compile_value out = *in;
  if (!prepare_quant(c->graph, c->op, index, &out.quant, c->error)) {
    return false;
  }
  if (out.quant.scale != HEADS_SCALE || out.quant.zero_point != HEADS_ZERO_POINT) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "its output has scale %.9g, zero point %d; only 1/256 and -128 are "
                          "supported",
                          (double)out.quant.scale, out.quant.zero_point);
  }
  return compile_output(c, &out);
}

/* A node on rows along the last axis, of at most `limit` values each; *in with the steps as places
 * if that axis is time. */
static struct host_rows *add_rows(struct compilation *c, struct compile_value *in, uint32_t limit) {
  if (in->shape.rank == 0) {
    prepare_refuse(c->graph, c->op, c->error, "its input has no dimensions; it needs at least 1");
    return NULL;
  }
  const struct axis *last = &in->shape.axes[in->shape.rank - 1];
  const struct compile_value given = *in;
  if (last->time && !compile_pin(c, &given, in)) {
    return NULL;
  }
  if (last->batch) {
    prepare_refuse(c->graph, c->op, c->error,
                   "its last axis is batch; only features and steps are supported");
    return NULL;
  }
  if (last->n > limit) {
    prepare_refuse(c->graph, c->op, c->error, "its rows have %u values, the limit is %u", last->n,
                   limit);
    return NULL;
  }
  struct host_rows *rows = arena_alloc(c->arena, 1, sizeof *rows);
  if (rows == NULL) {
    compile_no_memory(c);
    return NULL;
  }
  rows->width = last->n;
  rows->rows.n = shape_width(&in->shape) / last->n;
  rows->rows.time = shape_time_axis(&in->shape) >= 0;
  struct node *node = compile_node(c, NODE_ROWS);
  node->source_count = 1;
  node->sources[0] = in->slot;
  node->u.rows = rows;
  return rows;
}

bool compile_softmax(struct compilation *c) {
  const struct compile_value *given = NULL;
  if (!compile_int8_input(c, 0, &given)) {
    return false;
  }
  struct compile_value rows_read = *given, *in = &rows_read;
  struct host_rows *rows = add_rows(c, in, HEADS_MAX_SOFTMAX);
  int32_t *exp = arena_alloc(c->arena, HEADS_DISTANCES, sizeof *exp);
  if (rows == NULL) {
    return false;
  }
  if (exp == NULL) {
    return compile_no_memory(c);
  }
  const float beta = c->graph->operators[c->op].beta;
  if (!heads_softmax_table((double)beta * (double)in->quant.scale, exp)) {
    return prepare_refuse(
        c->graph, c->op, c->error,
        "beta %.9g times the input's scale %.9g has to be above 2^-26 and below 16", (double)beta,
        (double)in->quant.scale);
  }
  rows->exp = exp;
  return probability_output(c, in);
}

bool compile_arg_max(struct compilation *c) {
  const struct compile_value *in = NULL;
  const int type = c->graph->operators[c->op].index_type;
  int32_t axis = 0;
  uint32_t count = 0;
  /* Of floats that stand for int8 values the largest is the same. */
  if (!compile_input(c, 0, &in) ||
      !prepare_int_list(c->graph, c->op, 1, 1, &axis, &count, c->error)) {
    return false;
  }
  const int32_t rank = (int32_t)in->shape.rank;
  if (count != 1 || (axis != -1 && axis != rank - 1)) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "axis %d of %d; only the last one is supported", axis, rank);
  }
  if (type != TFLITE_INT32 && type != TFLITE_INT64) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "its results are %s; INT32 and INT64 are supported",
                          tflite_type_name(type));
  }
  struct compile_value rows_read = *in;
  struct host_rows *rows = add_rows(c, &rows_read, TFLITE_MAX_ELEMENTS);
  if (rows == NULL) {
    return false;
  }
  struct compile_value out = {.shape = rows_read.shape,
                              .index_bytes = type == TFLITE_INT32 ? 4 : 8};
  rows->index_bytes = out.index_bytes;
  out.shape.rank--;
  return compile_output(c, &out);
}
