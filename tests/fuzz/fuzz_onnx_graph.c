/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_onnx_graph: well-formed .onnx graphs made of a fuzzer's bytes.
 *
 * Bytes that a fuzzer changes in a file mostly break the file. Here each byte chooses something: an
 * operator, one of the values or constants made before, an axis, a size, a number that is small or
 * as large as can be. So the reader is reached behind its first checks: layouts, folded constants,
 * LSTMs with the weights that they want. What it must do is in support/hostile.h. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "fuzz/target.h"
#include "support/hostile.h"
#include "support/make_message.h"

enum {
  FILE_BYTES = 1 << 17,
  ROOM = 4096, /* that one node or constant needs at most */
  MAX_NODES = 40,
  MAX_NAMES = 96,
  NAME_BYTES = 8
};

/* Numbers of ONNX's fields, and types of a tensor. */
enum { MODEL_GRAPH = 7, MODEL_OPSET = 8, GRAPH_NODE = 1, GRAPH_TENSOR = 5, GRAPH_INPUT = 11 };
enum {
  GRAPH_OUTPUT = 12,
  NODE_IN = 1,
  NODE_OUT = 2,
  NODE_NAME = 3,
  NODE_OP = 4,
  NODE_ATTRIBUTE = 5
};
enum { FLOAT = 1, INT32 = 6, INT64 = 7 };

struct graph_builder {
  const uint8_t *data;
  size_t left;
  uint8_t file[FILE_BYTES];
  struct message out;
  char names[MAX_NAMES][NAME_BYTES]; /* values and constants, newest last */
  uint32_t name_count;
};

static uint32_t draw(struct graph_builder *builder, uint32_t below) {
  if (builder->left == 0) {
    return 0;
  }
  builder->left--;
  return *builder->data++ % below;
}

/* --- what a graph consists of --- */

static int64_t draw_number(struct graph_builder *builder) {
  static const int64_t numbers[] = {0,         1,         -1,        2,         3,
                                    4,         -2,        -3,        5,         6,
                                    8,         INT32_MAX, INT64_MAX, INT64_MIN, INT64_MIN + 4096,
                                    INT32_MIN, 1 << 20};
  return numbers[draw(builder, sizeof numbers / sizeof numbers[0])];
}

static const char *new_name(struct graph_builder *builder, char letter) {
  char *name = builder->names[builder->name_count];
  (void)snprintf(name, NAME_BYTES, "%c%u", letter, builder->name_count);
  builder->name_count++;
  return name;
}

/* Mostly one of the newest, at times any or none. */
static const char *draw_name(struct graph_builder *builder) {
  const uint32_t kind = draw(builder, 8);
  if (kind == 7) {
    return "";
  }
  const uint32_t back = kind < 5 ? draw(builder, 3) : draw(builder, MAX_NAMES);
  return builder->names[builder->name_count - 1 - back % builder->name_count];
}

/* A constant of these sizes: raw small floats, or whole numbers. */
static const char *put_tensor(struct graph_builder *builder, int32_t type, uint32_t rank,
                              const int64_t *dims) {
  const char *name = new_name(builder, 'c');
  const size_t tensor = message_begin(&builder->out, GRAPH_TENSOR);
  uint64_t count = 1;
  for (uint32_t n = 0; n < rank; n++) {
    message_number(&builder->out, 1, dims[n]);
    count *= (uint64_t)dims[n];
  }
  message_number(&builder->out, 2, type);
  message_text(&builder->out, 8, name);
  const size_t raw = message_begin(&builder->out, 9);
  for (uint64_t n = 0; n < count; n++) {
    const float real = (float)draw(builder, 9) / 4.0F - 1.0F;
    const int64_t whole = type == FLOAT ? 0 : draw_number(builder);
    message_put(&builder->out, type == FLOAT ? (const void *)&real : (const void *)&whole,
                type == FLOAT ? 4 : 8);
  }
  message_end(&builder->out, raw);
  message_end(&builder->out, tensor);
  return name;
}

static const char *put_list(struct graph_builder *builder) {
  const int64_t count = draw(builder, 5);
  return put_tensor(builder, INT64, draw(builder, 6) == 0 ? 0 : 1, &count);
}

static const char *put_floats(struct graph_builder *builder) {
  const int64_t dims[3] = {1 + draw(builder, 4), 1 + draw(builder, 4), 1 + draw(builder, 4)};
  return put_tensor(builder, FLOAT, draw(builder, 4), dims);
}

static void put_attribute(struct graph_builder *builder, const char *name, uint32_t count,
                          bool is_list) {
  const size_t attribute = message_begin(&builder->out, NODE_ATTRIBUTE);
  message_text(&builder->out, 1, name);
  for (uint32_t n = 0; n < count; n++) {
    message_number(&builder->out, is_list ? 8 : 3,
                   is_list ? (int64_t)draw(builder, 7) - 2 : draw_number(builder));
  }
  message_end(&builder->out, attribute);
}

static void put_word(struct graph_builder *builder, const char *name, const char *word) {
  const size_t attribute = message_begin(&builder->out, NODE_ATTRIBUTE);
  message_text(&builder->out, 1, name);
  message_text(&builder->out, 4, word);
  message_end(&builder->out, attribute);
}

/* An LSTM with weights that fit each other. */
static void put_lstm(struct graph_builder *builder) {
  static const char *const directions[] = {"forward", "reverse", "bidirectional", "sideways"};
  const uint32_t direction = draw(builder, 4);
  const int64_t d = direction == 2 ? 2 : 1, units = 1 + draw(builder, 3),
                inputs = 1 + draw(builder, 4);
  const int64_t w[3] = {d, 4 * units, inputs}, r[3] = {d, 4 * units, units}, b[2] = {d, 8 * units};
  const int64_t h[3] = {d, 1 + draw(builder, 3), units};
  const char *input = draw_name(builder);
  const char *names[8] = {input, put_tensor(builder, FLOAT, 3, w), put_tensor(builder, FLOAT, 3, r),
                          ""};
  uint32_t count = 3;
  if (draw(builder, 2) != 0) {
    names[3] = put_tensor(builder, FLOAT, 2, b);
    count = 4;
  }
  if (draw(builder, 3) == 0) {
    names[4] = draw(builder, 2) == 0 ? "lens" : draw_name(builder);
    names[5] = draw(builder, 2) == 0 ? put_tensor(builder, FLOAT, 3, h) : draw_name(builder);
    names[6] = draw(builder, 2) == 0 ? "h" : draw_name(builder);
    count = 5 + draw(builder, 3);
  }
  const size_t node = message_begin(&builder->out, GRAPH_NODE);
  for (uint32_t n = 0; n < count; n++) {
    message_text(&builder->out, NODE_IN, names[n]);
  }
  for (uint32_t n = 1 + draw(builder, 3); n > 0; n--) {
    message_text(&builder->out, NODE_OUT, new_name(builder, 'v'));
  }
  message_text(&builder->out, NODE_OP, "LSTM");
  put_word(builder, "direction", directions[direction]);
  if (draw(builder, 4) == 0) {
    put_attribute(builder, "layout", 1, false);
  }
  message_end(&builder->out, node);
}

/* Any other operator: what it reads may be lists and matrices made for it. */
static void put_node(struct graph_builder *builder) {
  static const char *const ops[] = {"Transpose",
                                    "Squeeze",
                                    "Unsqueeze",
                                    "Reshape",
                                    "Slice",
                                    "Flatten",
                                    "Concat",
                                    "Identity",
                                    "Dropout",
                                    "Cast",
                                    "Gather",
                                    "Shape",
                                    "MatMul",
                                    "Gemm",
                                    "Add",
                                    "Mul",
                                    "Relu",
                                    "Sigmoid",
                                    "Softmax",
                                    "ArgMax",
                                    "Expand",
                                    "Where",
                                    "Range",
                                    "Equal",
                                    "Sub",
                                    "Div",
                                    "Split",
                                    "Tanh",
                                    "ReverseSequence",
                                    "ConstantOfShape"};
  static const char *const attributes[] = {"axis",   "axes",   "perm",     "to",
                                           "starts", "ends",   "keepdims", "start",
                                           "end",    "transB", "time_axis"};
  const char *names[6];
  const char *op = ops[draw(builder, sizeof ops / sizeof ops[0])];
  const uint32_t count = draw(builder, 6);
  for (uint32_t n = 0; n < count; n++) {
    const uint32_t kind = n == 0 ? 0 : draw(builder, 4);
    if (kind == 1) {
      names[n] = put_list(builder);
    } else if (kind == 2) {
      names[n] = put_floats(builder);
    } else {
      names[n] = draw_name(builder);
    }
  }
  const size_t node = message_begin(&builder->out, GRAPH_NODE);
  for (uint32_t n = 0; n < count; n++) {
    message_text(&builder->out, NODE_IN, names[n]);
  }
  message_text(&builder->out, NODE_OUT, new_name(builder, 'v'));
  message_text(&builder->out, NODE_OP, op);
  for (uint32_t n = draw(builder, 3); n > 0; n--) {
    const uint32_t which = draw(builder, sizeof attributes / sizeof attributes[0]);
    const bool is_list = which == 1 || which == 2 || which == 4 || which == 5;
    put_attribute(builder, attributes[which], is_list ? draw(builder, 5) : 1, is_list);
  }
  message_end(&builder->out, node);
}

static void put_input(struct graph_builder *builder, const char *name, int32_t type,
                      uint32_t rank) {
  const size_t info = message_begin(&builder->out, GRAPH_INPUT);
  message_text(&builder->out, 1, name);
  const size_t whole = message_begin(&builder->out, 2), tensor = message_begin(&builder->out, 1);
  message_number(&builder->out, 1, type);
  const size_t shape = message_begin(&builder->out, 2);
  for (uint32_t n = 0; n < rank; n++) {
    const size_t dimension = message_begin(&builder->out, 1);
    const uint32_t size = draw(builder, 6);
    if (size > 0) {
      message_number(&builder->out, 1, size);
    }
    message_end(&builder->out, dimension);
  }
  message_end(&builder->out, shape);
  message_end(&builder->out, tensor);
  message_end(&builder->out, whole);
  message_end(&builder->out, info);
}

static void put_graph(struct graph_builder *builder) {
  const size_t graph = message_begin(&builder->out, MODEL_GRAPH);
  const bool symbols = draw(builder, 8) == 0;
  put_input(builder, new_name(builder, 'x'), symbols ? INT64 : FLOAT,
            symbols || draw(builder, 8) == 0 ? 2 : 3);
  put_input(builder, "h", FLOAT, 3);
  put_input(builder, "lens", INT32, 1);
  for (uint32_t n = 0; n < MAX_NODES && builder->left > 0; n++) {
    if (builder->name_count + 8 > MAX_NAMES || FILE_BYTES - builder->out.length < ROOM) {
      break;
    }
    if (draw(builder, 5) == 0) {
      put_lstm(builder);
    } else {
      put_node(builder);
    }
  }
  const size_t output = message_begin(&builder->out, GRAPH_OUTPUT);
  message_text(&builder->out, 1, builder->names[builder->name_count - 1]);
  message_end(&builder->out, output);
  message_end(&builder->out, graph);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct graph_builder builder;
  builder.out = (struct message){.bytes = builder.file, .room = sizeof builder.file};
  builder.name_count = 0;
  builder.data = data;
  builder.left = size;
  const int64_t version = 8 + draw(&builder, 14);
  put_graph(&builder);
  const size_t opset = message_begin(&builder.out, MODEL_OPSET);
  message_number(&builder.out, 2, version);
  message_end(&builder.out, opset);
  (void)hostile_onnx(builder.file, builder.out.length);
  return 0;
}
