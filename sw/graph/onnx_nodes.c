/* SPDX-License-Identifier: Apache-2.0 */
/* onnx_nodes: which neutral operator a node is, and its attributes, see onnx_nodes.h. What a node
 * has that is not done makes it GRAPH_UNKNOWN: refused by name where its result is wanted. */
#include "graph/onnx_nodes.h"

#include <string.h>

#include "onnx/onnx.h"

enum { TO_FLOAT = 1, TO_INT32 = 6, TO_INT64 = 7, TO_BOOL = 9, TO_DOUBLE = 11 };

static const struct meaning {
  const char *name;
  enum graph_op op;
  enum graph_kind kind;
} meanings[] = {
    {"MatMul", GRAPH_MATMUL, GRAPH_NO_KIND},
    {"Gemm", GRAPH_MATMUL, GRAPH_NO_KIND},
    {"Add", GRAPH_BINARY, GRAPH_ADD},
    {"Sub", GRAPH_BINARY, GRAPH_SUB},
    {"Mul", GRAPH_BINARY, GRAPH_MUL},
    {"Div", GRAPH_BINARY, GRAPH_DIV},
    {"Sigmoid", GRAPH_UNARY, GRAPH_LOGISTIC},
    {"Tanh", GRAPH_UNARY, GRAPH_TANH},
    {"Relu", GRAPH_UNARY, GRAPH_RELU},
    {"Neg", GRAPH_UNARY, GRAPH_NEG},
    {"Split", GRAPH_SPLIT, GRAPH_NO_KIND},
    {"Slice", GRAPH_SLICE_AXES, GRAPH_NO_KIND},
    {"Concat", GRAPH_CONCAT, GRAPH_NO_KIND},
    {"Unsqueeze", GRAPH_EXPAND_DIMS, GRAPH_NO_KIND},
    {"Squeeze", GRAPH_SQUEEZE, GRAPH_NO_KIND},
    {"Reshape", GRAPH_RESHAPE, GRAPH_NO_KIND},
    {"Flatten", GRAPH_RESHAPE, GRAPH_NO_KIND},
    {"Transpose", GRAPH_TRANSPOSE, GRAPH_NO_KIND},
    {"Gather", GRAPH_GATHER, GRAPH_NO_KIND},
    {"Identity", GRAPH_SAME, GRAPH_NO_KIND},
    {"Dropout", GRAPH_SAME, GRAPH_NO_KIND},
    {"Shape", GRAPH_SHAPE, GRAPH_NO_KIND},
    {"ConstantOfShape", GRAPH_FILL, GRAPH_NO_KIND},
    {"Expand", GRAPH_BROADCAST, GRAPH_NO_KIND},
    {"Cast", GRAPH_CAST, GRAPH_NO_KIND},
    {"Softmax", GRAPH_SOFTMAX, GRAPH_NO_KIND},
    {"Less", GRAPH_COMPARE, GRAPH_LESS},
    {"Greater", GRAPH_COMPARE, GRAPH_GREATER},
    {"Equal", GRAPH_COMPARE, GRAPH_EQUAL},
    {"And", GRAPH_LOGIC, GRAPH_AND},
    {"Not", GRAPH_LOGIC, GRAPH_NOT},
    {"Or", GRAPH_LOGIC, GRAPH_OR},
    {"LessOrEqual", GRAPH_COMPARE, GRAPH_LESS_EQUAL},
    {"GreaterOrEqual", GRAPH_COMPARE, GRAPH_GREATER_EQUAL},
    {"Where", GRAPH_SELECT, GRAPH_NO_KIND},
    {"Sqrt", GRAPH_UNARY, GRAPH_SQRT},
    {"Exp", GRAPH_UNARY, GRAPH_EXP},
    {"Log", GRAPH_UNARY, GRAPH_LOG},
    {"Abs", GRAPH_UNARY, GRAPH_ABS},
    {"Range", GRAPH_RANGE, GRAPH_NO_KIND},
    {"Tile", GRAPH_TILE, GRAPH_NO_KIND},
    {"ReduceMean", GRAPH_REDUCE, GRAPH_MEAN},
    {"ReduceSum", GRAPH_REDUCE, GRAPH_SUM},
    {"ReduceMax", GRAPH_REDUCE, GRAPH_MAX},
    {"If", GRAPH_IF, GRAPH_NO_KIND},
    {"SequenceEmpty", GRAPH_LIST_OF, GRAPH_NO_KIND},
    {"SequenceConstruct", GRAPH_LIST_OF, GRAPH_NO_KIND},
    {"SequenceInsert", GRAPH_LIST_INSERT, GRAPH_NO_KIND},
    {"SequenceAt", GRAPH_LIST_GET, GRAPH_NO_KIND},
    {"SequenceLength", GRAPH_LIST_LENGTH, GRAPH_NO_KIND},
    {"SplitToSequence", GRAPH_LIST_SPLIT, GRAPH_NO_KIND},
    {"ConcatFromSequence", GRAPH_LIST_JOIN, GRAPH_NO_KIND},
    {"Loop", GRAPH_LOOP, GRAPH_NO_KIND},
    {"Scan", GRAPH_SCAN, GRAPH_NO_KIND},
};

bool onnx_no_memory(struct onnx_source *source) {
  trine_error_set(source->fold.error, "no memory for %zu nodes", source->graph->n_node);
  return false;
}

bool onnx_not_done(struct onnx_reading *reading) {
  reading->out->op = GRAPH_UNKNOWN;
  return true;
}

static bool has_input(const struct onnx_reading *reading, uint32_t n) {
  return n < reading->out->input_count && reading->inputs[n] >= 0;
}

/* Makes operand n a constant of whole numbers, or one float. */
static bool add_constant(struct onnx_reading *reading, uint32_t n, const struct onnx_array *array) {
  struct onnx_source *source = reading->source;
  struct graph_tensor *tensor = &source->tensors[source->tensor_count];
  *tensor = (struct graph_tensor){.name = reading->out->kind_name};
  if (!onnx_hold(tensor, array)) {
    return false;
  }
  reading->inputs[n] = (int32_t)source->tensor_count++;
  reading->out->input_count = n < reading->out->input_count ? reading->out->input_count : n + 1;
  return true;
}

static bool add_ints(struct onnx_reading *reading, uint32_t n, const int64_t *ints, size_t count) {
  const int64_t size = (int64_t)count;
  struct onnx_array *array = onnx_array_make(&reading->source->fold, false, 1, &size);
  if (array != NULL && count > 0) {
    memcpy(array->integers, ints, count * sizeof *ints);
  }
  return add_constant(reading, n, array);
}

/* The list of an attribute as operand n, if it is there. */
static bool add_list(struct onnx_reading *reading, const char *name, uint32_t n) {
  const Onnx__Attribute *list = onnx_attribute(reading->in, name);
  return list == NULL || add_ints(reading, n, list->ints, list->n_ints);
}

static bool gemm(struct onnx_reading *reading) {
  const Onnx__Node *in = reading->in;
  if (onnx_float(in, "alpha", 1) != 1.0F || onnx_float(in, "beta", 1) != 1.0F ||
      onnx_int(in, "transA", 0) != 0) {
    return onnx_not_done(reading);
  }
  reading->out->turn_y = onnx_int(in, "transB", 0) != 0;
  return true;
}

static bool split(struct onnx_reading *reading) {
  const int64_t axis = onnx_int(reading->in, "axis", 0);
  const bool by_attribute = reading->source->fold.opset < 13;
  if (by_attribute && !add_list(reading, "split", 1)) {
    return false;
  }
  if (has_input(reading, 1)) {
    reading->out->op = GRAPH_SPLIT_V;
    return add_ints(reading, 2, &axis, 1);
  }
  reading->inputs[1] = reading->inputs[0];
  reading->out->input_count = 2;
  return add_ints(reading, 0, &axis, 1);
}

static bool slice(struct onnx_reading *reading) {
  return reading->source->fold.opset >= 10 ||
         (add_list(reading, "starts", 1) && add_list(reading, "ends", 2) &&
          add_list(reading, "axes", 3));
}

static bool squeeze(struct onnx_reading *reading) {
  const Onnx__Attribute *list = onnx_attribute(reading->in, "axes");
  const bool by_input = reading->source->fold.opset >= 13 && has_input(reading, 1);
  const struct graph_tensor *given =
      by_input ? &reading->source->tensors[reading->inputs[1]] : NULL;
  const int64_t *axes;
  if (by_input) {
    axes = given->ints;
  } else if (list != NULL) {
    axes = list->ints;
  } else {
    axes = NULL;
  }
  size_t count;
  if (by_input) {
    count = given->elements;
  } else if (list != NULL) {
    count = list->n_ints;
  } else {
    count = 0;
  }
  if ((by_input && axes == NULL) || count > GRAPH_MAX_RANK) {
    return onnx_not_done(reading);
  }
  int32_t *copy = arena_alloc(reading->source->fold.arena, GRAPH_MAX_RANK, sizeof *copy);
  for (size_t n = 0; copy != NULL && n < count; n++) {
    if (axes[n] < -GRAPH_MAX_RANK || axes[n] >= GRAPH_MAX_RANK) {
      return onnx_not_done(reading);
    }
    copy[n] = (int32_t)axes[n];
  }
  reading->out->list = copy;
  reading->out->list_count = (uint32_t)count;
  return copy != NULL || onnx_no_memory(reading->source);
}

static bool reshape(struct onnx_reading *reading) {
  static const int64_t rows[2] = {0, -1};
  reading->out->zero_keeps = onnx_int(reading->in, "allowzero", 0) == 0;
  if (strcmp(reading->in->op_type, "Reshape") == 0) {
    return true;
  }
  return onnx_int(reading->in, "axis", 1) == 1 ? add_ints(reading, 1, rows, 2)
                                               : onnx_not_done(reading);
}

static bool fill(struct onnx_reading *reading) {
  const Onnx__Attribute *value = onnx_attribute(reading->in, "value");
  struct onnx_fold *fold = &reading->source->fold;
  return add_constant(reading, 1,
                      value != NULL && value->t != NULL ? onnx_array_of(fold, value->t)
                                                        : onnx_array_make(fold, true, 0, NULL));
}

static bool cast(struct onnx_reading *reading) {
  const int64_t to = onnx_int(reading->in, "to", 0);
  if (reading->out->output_count < 1 ||
      (to != TO_FLOAT && to != TO_DOUBLE && to != TO_INT32 && to != TO_INT64 && to != TO_BOOL)) {
    return onnx_not_done(reading);
  }
  const bool whole = to != TO_FLOAT && to != TO_DOUBLE;
  reading->source->tensors[reading->outputs[0]].type = whole ? GRAPH_INT : GRAPH_FLOAT;
  return true;
}

/* Axes are an operand from operator set 18 on, of a sum from 13 on; without any all go. */
static bool reduce(struct onnx_reading *reading) {
  const uint32_t from = reading->out->kind == GRAPH_SUM ? 13 : 18;
  const bool by_attribute = reading->source->fold.opset < from;
  reading->out->keep_dims = onnx_int(reading->in, "keepdims", 1) != 0;
  if (by_attribute && !add_list(reading, "axes", 1)) {
    return false;
  }
  return has_input(reading, 1) || onnx_not_done(reading);
}

/* What a node has besides its operands. */
// NOLINTNEXTLINE(misc-no-recursion)
static bool read_attributes(struct onnx_reading *reading) {
  const Onnx__Node *in = reading->in;
  struct graph_node *out = reading->out;
  const bool old = reading->source->fold.opset < 13;
  switch (out->op) {
    case GRAPH_MATMUL:
      return strcmp(in->op_type, "Gemm") != 0 || gemm(reading);
    case GRAPH_SPLIT:
      return split(reading);
    case GRAPH_SLICE_AXES:
      return slice(reading);
    case GRAPH_CONCAT:
    case GRAPH_GATHER: {
      const int64_t axis = onnx_int(in, "axis", 0);
      out->axis = (int32_t)axis;
      return axis == out->axis || onnx_not_done(reading);
    }
    case GRAPH_EXPAND_DIMS:
      return !old || add_list(reading, "axes", 1);
    case GRAPH_SQUEEZE:
      return squeeze(reading);
    case GRAPH_RESHAPE:
      return reshape(reading);
    case GRAPH_TRANSPOSE:
      return onnx_attribute(in, "perm") == NULL ? onnx_not_done(reading)
                                                : add_list(reading, "perm", 1);
    case GRAPH_SAME: /* Dropout in training has a third operand */
      return !has_input(reading, 2) || onnx_not_done(reading);
    case GRAPH_SHAPE:
      return (onnx_attribute(in, "start") == NULL && onnx_attribute(in, "end") == NULL) ||
             onnx_not_done(reading);
    case GRAPH_FILL:
      return fill(reading);
    case GRAPH_CAST:
      return cast(reading);
    case GRAPH_LOOP:
    case GRAPH_SCAN:
      return onnx_read_body(reading);
    case GRAPH_IF:
      return onnx_read_branches(reading);
    case GRAPH_REDUCE:
      return reduce(reading);
    case GRAPH_LIST_SPLIT:
    case GRAPH_LIST_JOIN: {
      const bool splits = out->op == GRAPH_LIST_SPLIT;
      const int64_t axis = onnx_int(in, "axis", 0);
      out->axis = (int32_t)axis;
      out->keep_dims = splits ? has_input(reading, 1) || onnx_int(in, "keepdims", 1) != 0
                              : onnx_int(in, "new_axis", 0) != 0;
      return axis == out->axis || onnx_not_done(reading);
    }
    case GRAPH_SOFTMAX:
      out->number = 1;
      return (!old && onnx_int(in, "axis", -1) == -1) || onnx_not_done(reading);
    default:
      return true;
  }
}

/* A Constant node; false with *failed set when its tensor cannot be read. */
static bool hold_constant(struct onnx_source *source, const Onnx__Node *in, bool *failed) {
  const Onnx__Attribute *value = onnx_attribute(in, "value");
  if (strcmp(in->op_type, "Constant") != 0 || in->n_output != 1) {
    return false;
  }
  struct onnx_array *array = NULL;
  const Onnx__Attribute *one = onnx_attribute(in, "value_int");
  const Onnx__Attribute *list = onnx_attribute(in, "value_ints");
  const int64_t size = list == NULL ? 0 : (int64_t)list->n_ints;
  if (value != NULL && value->t != NULL) {
    array = onnx_array_of(&source->fold, value->t);
  } else if (one != NULL || list != NULL) {
    array = onnx_array_make(&source->fold, false, one != NULL ? 0 : 1, &size);
    for (uint64_t n = 0; array != NULL && n < array->count; n++) {
      array->integers[n] = one != NULL ? one->i : list->ints[n];
    }
  } else {
    return false; /* GRAPH_UNKNOWN */
  }
  *failed = !onnx_hold(&source->tensors[onnx_tensor_of(source, in->output[0])], array);
  return !*failed;
}

static enum graph_op meaning_of(const Onnx__Node *in, enum graph_kind *kind) {
  const bool own =
      in->domain == NULL || in->domain[0] == '\0' || strcmp(in->domain, "ai.onnx") == 0;
  for (size_t n = 0; n < sizeof meanings / sizeof meanings[0] && own; n++) {
    if (strcmp(meanings[n].name, in->op_type) == 0) {
      *kind = meanings[n].kind;
      return meanings[n].op;
    }
  }
  return GRAPH_UNKNOWN;
}

static bool read_operands(struct onnx_reading *reading) {
  struct onnx_source *source = reading->source;
  const Onnx__Node *in = reading->in;
  struct graph_node *out = reading->out;
  const size_t room = in->n_input + in->n_output;
  if (room > GRAPH_MAX_TENSORS) {
    trine_error_set(source->fold.error, "node %s has %zu operands, the limit is %d", out->kind_name,
                    in->n_input, GRAPH_MAX_TENSORS);
    return false;
  }
  reading->inputs =
      arena_alloc(source->fold.arena, in->n_input + ONNX_NODE_MAX_ADDED, sizeof *reading->inputs);
  reading->outputs = arena_alloc(source->fold.arena, in->n_output, sizeof *reading->outputs);
  if (reading->inputs == NULL || reading->outputs == NULL) {
    return onnx_no_memory(source);
  }
  for (size_t n = 0; n < in->n_input + ONNX_NODE_MAX_ADDED; n++) {
    const bool none = n >= in->n_input || in->input[n][0] == '\0';
    reading->inputs[n] = none ? -1 : onnx_tensor_of(source, in->input[n]);
    if (!none && reading->inputs[n] < 0) {
      trine_error_set(source->fold.error,
                      "%s: its operand '%.63s' is computed by no node; one has to", out->kind_name,
                      in->input[n]);
      return false;
    }
  }
  for (size_t n = 0; n < in->n_output; n++) {
    reading->outputs[n] = onnx_tensor_of(source, in->output[n]);
  }
  out->input_count = (uint32_t)in->n_input;
  out->output_count = (uint32_t)in->n_output;
  out->inputs = reading->inputs;
  out->outputs = reading->outputs;
  return true;
}

// NOLINTNEXTLINE(misc-no-recursion)
bool onnx_read_nodes(struct onnx_source *source, struct graph_sub *sub) {
  const Onnx__Graph *graph = source->graph;
  struct graph_node *nodes = arena_alloc(source->fold.arena, graph->n_node, sizeof *nodes);
  if (nodes == NULL) {
    return onnx_no_memory(source);
  }
  for (size_t n = 0; n < graph->n_node; n++) {
    const Onnx__Node *in = graph->node[n];
    struct onnx_reading reading = {source, in, &nodes[sub->node_count], NULL, NULL};
    struct graph_node *out = reading.out;
    bool failed = false;
    source->fold.node = in->name == NULL ? in->op_type : in->name;
    if (hold_constant(source, in, &failed)) {
      continue;
    }
    *out =
        (struct graph_node){.index = (uint32_t)n, .kind_name = onnx_copy_text(source, in->op_type)};
    out->op = meaning_of(in, &out->kind);
    if (failed || out->kind_name == NULL || in->n_output == 0 || !read_operands(&reading) ||
        !read_attributes(&reading)) {
      if (in->n_output == 0) {
        trine_error_set(source->fold.error, "node %.63s has 0 results; it needs one",
                        source->fold.node);
      }
      return false;
    }
    sub->node_count++;
  }
  sub->nodes = nodes;
  return true;
}
