/* SPDX-License-Identifier: Apache-2.0 */
/* compile_gather: CAST of bytes to numbers, and GATHER of the rows of a table that they pick, int8
 * or float32 that the model quantises. */
#include "model/compile.h"

#include <math.h>
#include <string.h>

/* Floats that int8 values stand for, as whole numbers: what an embedding with a float input reads.
 */
bool compile_cast(struct compilation *c) {
  const struct compile_value *in = NULL;
  const int32_t index = c->graph->operators[c->op].output;
  if (!compile_input(c, 0, &in)) {
    return false;
  }
  if (!in->is_float || c->graph->tensors[index].type != TFLITE_INT32) {
    return prepare_refuse(
        c->graph, c->op, c->error,
        "from %s to %s; only FLOAT32 behind a DEQUANTIZE to INT32 is supported",
        tflite_type_name(c->graph->tensors[c->graph->operators[c->op].inputs[0]].type),
        tflite_type_name(c->graph->tensors[index].type));
  }
  int32_t *numbers = arena_alloc(c->arena, 256, sizeof *numbers);
  if (numbers == NULL) {
    return compile_no_memory(c);
  }
  for (int i = 0; i < 256; i++) {
    const float value = host_dequantize((int8_t)(i - 128), in->quant);
    numbers[i] = value > -1.0F && value < 0x1p30F ? (int32_t)value : -1;
  }
  struct compile_value out = {.shape = in->shape, .index_bytes = 4, .numbers = numbers};
  struct node *node = compile_node(c, NODE_NUMBERS);
  node->source_count = 1;
  node->sources[0] = in->slot;
  node->u.numbers = numbers;
  return compile_output(c, &out);
}

/* Whether every number that a CAST can give is a row of the table. */
static bool numbers_fit(const struct compile_value *tokens, uint32_t rows) {
  for (int i = 0; tokens->numbers != NULL && i < 256; i++) {
    if (tokens->numbers[i] < 0 || (uint32_t)tokens->numbers[i] >= rows) {
      return false;
    }
  }
  return true;
}

/* The bytes of a float table: those that the model quantises the rows it picks to. */
static bool make_table(struct compilation *c, const struct tflite_tensor *t,
                       struct float_table *made) {
  int8_t *bytes = arena_alloc(c->arena, t->elements, 1);
  if (bytes == NULL) {
    return compile_no_memory(c);
  }
  const int32_t output = c->graph->operators[c->op].output;
  if (!compile_float_quant(c, "the rows that GATHER picks,", output, &made->quant)) {
    return false;
  }
  for (uint64_t i = 0; i < t->elements; i++) {
    float value;
    memcpy(&value, (const uint8_t *)t->data + i * sizeof value, sizeof value);
    if (!isfinite(value)) {
      return prepare_refuse(c->graph, c->op, c->error,
                            "row %llu of its table '%s' holds a number that is not finite; train "
                            "or convert it again",
                            (unsigned long long)(i / t->shape[1]), t->name);
    }
    bytes[i] = host_quantize(value, made->quant);
  }
  made->table = bytes;
  return true;
}

static bool find_table(struct compilation *c, const struct tflite_tensor *t,
                       struct compile_value *rows, const int8_t **table) {
  const struct tflite_operator *o = &c->graph->operators[c->op];
  struct float_table *made = &c->float_tables[c->op];
  if (t->type != TFLITE_FLOAT32) {
    *table = (const int8_t *)t->data;
    return prepare_tensor(c->graph, c->op, o->inputs[0], TFLITE_INT8, "table", &t, c->error) &&
           prepare_quant(c->graph, c->op, o->inputs[0], &rows->quant, c->error);
  }
  if (made->table == NULL && !make_table(c, t, made)) {
    return false;
  }
  rows->is_float = true;
  rows->quant = made->quant;
  *table = made->table;
  return true;
}

bool compile_gather(struct compilation *c) {
  const struct tflite_operator *o = &c->graph->operators[c->op];
  const struct compile_value *tokens = NULL;
  struct compile_value out = {.known = false};
  if (o->inputs[0] < 0) {
    return prepare_refuse(c->graph, c->op, c->error, "table is missing; it is needed");
  }
  const struct tflite_tensor *t = &c->graph->tensors[o->inputs[0]];
  if (!compile_input(c, 1, &tokens)) {
    return false;
  }
  if (tokens->index_bytes != 4 || o->axis != 0 || o->batch_dims != 0 || t->data == NULL ||
      t->rank != 2 || t->elements == 0) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "axis %d, batch_dims %d, a table '%s' of %u dimensions; only rows of a "
                          "constant matrix, picked by INT32 numbers along axis 0, are supported",
                          o->axis, o->batch_dims, t->name, t->rank);
  }
  if (tokens->numbers == NULL && tokens->input == 0) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "its numbers are those of an operator, of up to any size; only an input "
                          "of the model, or a CAST, can pick the %u rows of '%s'",
                          t->shape[0], t->name);
  }
  if (!numbers_fit(tokens, t->shape[0])) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "bytes of its CAST stand for numbers that are no row of '%s', which has "
                          "%u; calibrate with numbers in that range, or take INT32 numbers",
                          t->name, t->shape[0]);
  }
  struct host_gather *gather = arena_alloc(c->arena, 1, sizeof *gather);
  if (gather == NULL) {
    return compile_no_memory(c);
  }
  if (!find_table(c, t, &out, &gather->table)) {
    return false;
  }
  gather->tokens.n = shape_width(&tokens->shape);
  gather->tokens.time = shape_time_axis(&tokens->shape) >= 0;
  gather->width = t->shape[1];
  if (tokens->input > 0 && t->shape[0] < c->token_limits[tokens->input - 1]) {
    c->token_limits[tokens->input - 1] = t->shape[0];
  }
  out.shape = tokens->shape;
  if (out.shape.rank == TFLITE_MAX_RANK) {
    return prepare_refuse(c->graph, c->op, c->error, "its output has more than %d dimensions",
                          (int)TFLITE_MAX_RANK);
  }
  out.shape.axes[out.shape.rank++] = (struct axis){.n = t->shape[1]};
  struct node *node = compile_node(c, NODE_GATHER);
  node->source_count = 1;
  node->sources[0] = tokens->slot;
  node->u.gather = gather;
  return compile_output(c, &out);
}
