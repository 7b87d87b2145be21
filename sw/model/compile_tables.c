/* SPDX-License-Identifier: Apache-2.0 */
/* compile_tables: operators that turn each byte into another, as a table of 256, or nothing at all:
 * QUANTIZE, DEQUANTIZE and activations.
 *
 * Parameters with which the reference would stop or compute nonsense are refused. */
#include <math.h>

#include "model/compile.h"
#include "model/heads.h"
#include "model/host_ops.h"
#include "model/rounding.h"

static bool refuse_scales(struct compilation *c, struct quant from, struct quant to) {
  return prepare_refuse(c->graph, c->op, c->error,
                        "from scale %.9g to %.9g is not a possible requantisation",
                        (double)from.scale, (double)to.scale);
}

static void add_table(struct compilation *c, const struct compile_value *in, const int8_t *table) {
  struct node *node = compile_node(c, NODE_TABLE);
  node->source_count = 1;
  node->sources[0] = in->slot;
  node->u.table = table;
}

bool compile_quantize(struct compilation *c) {
  const struct compile_value *in = NULL;
  const int32_t index = c->graph->operators[c->op].output;
  struct quant to;
  if (!compile_input(c, 0, &in) || !prepare_quant(c->graph, c->op, index, &to, c->error)) {
    return false;
  }
  struct compile_value out = *in;
  out.is_float = false;
  out.is_unsigned = c->graph->tensors[index].type == TFLITE_UINT8;
  out.quant = to;
  if (in->is_unsigned && out.is_unsigned) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "it goes from UINT8 to UINT8, which the reference does not; only to and "
                          "from INT8 is supported");
  }
  if (in->quant.scale != to.scale || in->quant.zero_point != to.zero_point) {
    int8_t *table = arena_alloc(c->arena, 256, 1);
    if (table == NULL) {
      return compile_no_memory(c);
    }
    if (in->is_float) {
      host_table_float(in->quant, to, table);
    } else if (!host_table_requantize(in->quant, to, table)) {
      return refuse_scales(c, in->quant, to);
    }
    add_table(c, in, table);
  }
  return compile_output(c, &out);
}

bool compile_dequantize(struct compilation *c) {
  const struct compile_value *in = NULL;
  if (!compile_int8_input(c, 0, &in)) {
    return false;
  }
  struct compile_value out = *in;
  out.is_float = true;
  return compile_output(c, &out);
}

/* What an activation reads, the quantisation of its output, and room for its table. */
struct activation {
  const struct compile_value *in;
  struct quant from, to;
  int8_t *table;
};

static bool begin(struct compilation *c, struct activation *a) {
  const int32_t index = c->graph->operators[c->op].output;
  if (!compile_int8_input(c, 0, &a->in) ||
      !prepare_quant(c->graph, c->op, index, &a->to, c->error)) {
    return false;
  }
  a->from = a->in->quant;
  a->table = arena_alloc(c->arena, 256, 1);
  return a->table != NULL || compile_no_memory(c);
}

static bool finish(struct compilation *c, const struct activation *a) {
  struct compile_value out = *a->in;
  out.quant = a->to;
  add_table(c, a->in, a->table);
  return compile_output(c, &out);
}

/* The one quantisation that the output of a kind has. */
static bool output_is(struct compilation *c, const struct activation *a, float scale,
                      int zero_point) {
  if (a->to.scale == scale && a->to.zero_point == zero_point) {
    return true;
  }
  return prepare_refuse(c->graph, c->op, c->error,
                        "its output has scale %.9g, zero point %d; only 1/%g and %d are supported",
                        (double)a->to.scale, a->to.zero_point, (double)(1.0F / scale), zero_point);
}

/* As QUANTIZE, and nothing is below zero. */
bool compile_relu(struct compilation *c) {
  struct activation a;
  if (!begin(c, &a)) {
    return false;
  }
  if (!host_table_requantize(a.from, a.to, a.table)) {
    return refuse_scales(c, a.from, a.to);
  }
  for (int i = 0; i < 256; i++) {
    a.table[i] = a.table[i] < a.to.zero_point ? a.to.zero_point : a.table[i];
  }
  return finish(c, &a);
}

/* The reference clamps the bytes and does not look at the output's quantisation. */
bool compile_relu6(struct compilation *c) {
  struct activation a;
  if (!begin(c, &a)) {
    return false;
  }
  const struct trine_rounding byte = {a.from.scale, a.from.zero_point, INT8_MIN, INT8_MAX};
  const int32_t six = trine_round(6.0F, &byte);
  for (int i = 0; i < 256; i++) {
    const int32_t value = i - 128 > six ? six : i - 128;
    a.table[i] = (int8_t)(value < a.from.zero_point ? a.from.zero_point : value);
  }
  if (a.from.scale != a.to.scale || a.from.zero_point != a.to.zero_point) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "its output has scale %.9g, zero point %d; it has to have the input's, "
                          "%.9g, %d",
                          (double)a.to.scale, a.to.zero_point, (double)a.from.scale,
                          a.from.zero_point);
  }
  return finish(c, &a);
}

bool compile_leaky_relu(struct compilation *c) {
  struct activation a;
  const float alpha = c->graph->operators[c->op].alpha;
  if (!begin(c, &a)) {
    return false;
  }
  if (!(alpha >= 0.0F) || !host_table_leaky(a.from, a.to, alpha, a.table)) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "alpha %.9g from scale %.9g to %.9g; alpha has to be 0 or more, and both "
                          "factors below 2^23",
                          (double)alpha, (double)a.from.scale, (double)a.to.scale);
  }
  return finish(c, &a);
}

bool compile_elu(struct compilation *c) {
  struct activation a;
  if (!begin(c, &a)) {
    return false;
  }
  if (!host_table_elu(a.from, a.to, a.table)) {
    return refuse_scales(c, a.from, a.to);
  }
  return finish(c, &a);
}

bool compile_tanh(struct compilation *c) {
  struct activation a;
  if (!begin(c, &a) || !output_is(c, &a, HEADS_TANH_SCALE, 0)) {
    return false;
  }
  if (!heads_tanh_table((double)a.from.scale, a.from.zero_point, a.table)) {
    return prepare_refuse(c->graph, c->op, c->error, "the input's scale %.9g is not in [2^-28, 8)",
                          (double)a.from.scale);
  }
  return finish(c, &a);
}

/* The reference stops at a byte below zero, so none may be. */
bool compile_rsqrt(struct compilation *c) {
  struct activation a;
  if (!begin(c, &a)) {
    return false;
  }
  if (a.from.zero_point != INT8_MIN) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "its input has zero point %d, so that bytes below it stand for numbers "
                          "below 0; only -128 is supported",
                          a.from.zero_point);
  }
  if (!host_table_rsqrt(a.from, a.to, a.table)) {
    return refuse_scales(c, a.from, a.to);
  }
  return finish(c, &a);
}

bool compile_logistic(struct compilation *c) {
  struct activation a;
  if (!begin(c, &a) || !output_is(c, &a, HEADS_SCALE, HEADS_ZERO_POINT)) {
    return false;
  }
  if (!heads_logistic_table((double)a.from.scale, a.from.zero_point, a.table)) {
    return prepare_refuse(c->graph, c->op, c->error, "the input's scale %.9g is not in [2^-28, 8)",
                          (double)a.from.scale);
  }
  return finish(c, &a);
}
