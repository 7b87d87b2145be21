/* SPDX-License-Identifier: Apache-2.0 */
/* compile_tables: QUANTIZE, DEQUANTIZE and RELU: a table of 256 bytes, or nothing at all. */
#include "model/compile.h"
#include "model/host_ops.h"

static bool refuse_scales(struct compilation *c, struct quant from, struct quant to) {
  return prepare_refuse(c->graph, c->op, c->error,
                        "from scale %.9g to %.9g is not a possible requantisation",
                        (double)from.scale, (double)to.scale);
}

static void add_table(struct compilation *c, const struct value *in, const int8_t *table) {
  struct node *node = compile_node(c, NODE_TABLE);
  node->source_count = 1;
  node->sources[0] = in->slot;
  node->u.table = table;
}

bool compile_quantize(struct compilation *c) {
  const struct value *in = NULL;
  const int32_t index = c->graph->operators[c->op].output;
  struct quant to;
  if (!compile_input(c, 0, &in) || !prepare_quant(c->graph, c->op, index, &to, c->error)) {
    return false;
  }
  struct value out = *in;
  out.is_float = false;
  out.quant = to;
  if (in->quant.scale != to.scale || in->quant.zero_point != to.zero_point) {
    int8_t *table = arena_alloc(c->arena, 256, 1);
    if (table == NULL)
      return prepare_refuse(c->graph, c->op, c->error, "no memory");
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
  const struct value *in = NULL;
  if (!compile_input(c, 0, &in))
    return false;
  if (in->is_float) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "its input is FLOAT32; only INT8 is supported");
  }
  struct value out = *in;
  out.is_float = true;
  return compile_output(c, &out);
}

/* As QUANTIZE, and nothing is below zero. */
bool compile_relu(struct compilation *c) {
  const struct value *in = NULL;
  const int32_t index = c->graph->operators[c->op].output;
  struct quant to;
  if (!compile_input(c, 0, &in) || !prepare_quant(c->graph, c->op, index, &to, c->error)) {
    return false;
  }
  if (in->is_float) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "its input is FLOAT32; only INT8 is supported");
  }
  int8_t *table = arena_alloc(c->arena, 256, 1);
  if (table == NULL)
    return prepare_refuse(c->graph, c->op, c->error, "no memory");
  if (!host_table_requantize(in->quant, to, table)) {
    return refuse_scales(c, in->quant, to);
  }
  for (int i = 0; i < 256; i++) {
    table[i] = table[i] < to.zero_point ? to.zero_point : table[i];
  }
  struct value out = *in;
  out.quant = to;
  add_table(c, in, table);
  return compile_output(c, &out);
}
