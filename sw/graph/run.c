/* SPDX-License-Identifier: Apache-2.0 */
/* run: one node after another, values dropped behind their last use, see run.h. */
#include "graph/run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const run_operator operators[GRAPH_OP_COUNT] = {
    [GRAPH_SAME] = run_reshape,      [GRAPH_RESHAPE] = run_reshape,
    [GRAPH_TRANSPOSE] = run_reshape, [GRAPH_EXPAND_DIMS] = run_reshape,
    [GRAPH_SQUEEZE] = run_reshape,   [GRAPH_REVERSE] = run_reshape,
    [GRAPH_BROADCAST] = run_reshape, [GRAPH_TILE] = run_reshape,
    [GRAPH_PAD] = run_reshape,       [GRAPH_SLICE] = run_split,
    [GRAPH_SLICE_AXES] = run_split,  [GRAPH_STRIDED_SLICE] = run_split,
    [GRAPH_SPLIT] = run_split,       [GRAPH_SPLIT_V] = run_split,
    [GRAPH_UNPACK] = run_split,      [GRAPH_GATHER] = run_concat,
    [GRAPH_PACK] = run_concat,       [GRAPH_CONCAT] = run_concat,
    [GRAPH_FILL] = run_shape,        [GRAPH_ZEROS] = run_shape,
    [GRAPH_SHAPE] = run_shape,       [GRAPH_RANK] = run_shape,
    [GRAPH_RANGE] = run_shape,       [GRAPH_CAST] = run_select,
    [GRAPH_COMPARE] = run_select,    [GRAPH_LOGIC] = run_select,
    [GRAPH_SELECT] = run_select,     [GRAPH_REDUCE] = run_reduce,
    [GRAPH_BINARY] = run_binary,     [GRAPH_UNARY] = run_unary,
    [GRAPH_DENSE] = run_dense,       [GRAPH_MATMUL] = run_dense,
    [GRAPH_SOFTMAX] = run_softmax,   [GRAPH_ARGMAX] = run_softmax,
    [GRAPH_LSTM] = run_lstm,         [GRAPH_WHILE] = run_control,
    [GRAPH_LOOP] = run_loop,         [GRAPH_SCAN] = run_loop,
    [GRAPH_IF] = run_control,        [GRAPH_CALL] = run_control,
    [GRAPH_CALL_ONCE] = run_control, [GRAPH_VARIABLE] = run_state,
    [GRAPH_READ] = run_state,        [GRAPH_ASSIGN] = run_state,
    [GRAPH_LIST_RESERVE] = run_list, [GRAPH_LIST_FROM] = run_list,
    [GRAPH_LIST_SET] = run_list,     [GRAPH_LIST_GET] = run_list,
    [GRAPH_LIST_STACK] = run_list,   [GRAPH_LIST_LENGTH] = run_list,
    [GRAPH_LIST_OF] = run_list,      [GRAPH_LIST_INSERT] = run_list,
    [GRAPH_LIST_SPLIT] = run_list,   [GRAPH_LIST_JOIN] = run_list,
};

bool run_refuse(struct run *run, const char *format, ...) {
  char text[240];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (run->node == NULL) {
    trine_error_set(run->error, "%s", text);
    return false;
  }
  const struct graph_node *node = run->node;
  trine_error_set(run->error, "%s '%s': %s (operator %u of subgraph %u)", node->kind_name,
                  node->output_count > 0 ? run->sub->tensors[node->outputs[0]].name : "", text,
                  node->index, (unsigned)(run->sub - run->graph->subs));
  return false;
}

bool run_spend(struct run *run, uint64_t work) {
  if (work > run->budget.work) {
    return run_refuse(run,
                      "the graph asks for more than %llu steps of work, the limit for %zu bytes",
                      (unsigned long long)run->granted, run->graph->len_bytes);
  }
  run->budget.work -= work;
  return true;
}

bool run_has_room(struct run *run, uint64_t bytes) {
  return bytes <= run->budget.bytes ||
         run_refuse(run, "the graph holds more bytes at once than the limit for a file of %zu",
                    run->graph->len_bytes);
}

bool run_take(struct run *run, uint64_t bytes) {
  if (!run_has_room(run, bytes)) {
    return false;
  }
  run->budget.bytes -= bytes;
  return true;
}

bool run_no_memory(struct run *run) {
  return run_refuse(run, "there is no memory for its values");
}

const struct value *run_ints(struct run *run, struct value **in, uint32_t n) {
  if (n >= run->node->input_count || in[n] == NULL || in[n]->kind != VALUE_INTS) {
    (void)run_refuse(run, "operand %u has to be whole numbers that do not depend on the data", n);
    return NULL;
  }
  return in[n];
}

bool run_axis(struct run *run, int64_t axis, uint32_t rank, uint32_t *found) {
  const int64_t at = axis < 0 ? axis + (int64_t)rank : axis;
  if (at < 0 || at >= (int64_t)rank) {
    return run_refuse(run, "its axis %lld is none of %u", (long long)axis, rank);
  }
  *found = (uint32_t)at;
  return true;
}

size_t *run_numbers(struct run *run, size_t count) {
  size_t *numbers = run_spend(run, count) ? calloc(count + 1, sizeof *numbers) : NULL;
  if (numbers == NULL && run->budget.work > 0) {
    (void)run_no_memory(run);
  }
  return numbers;
}

struct value *run_pick(struct run *run, struct value *from, uint32_t rank, const uint32_t *shape,
                       const size_t *numbers) {
  struct value *made = value_new(run, from->kind, rank, shape);
  const size_t item = value_item(from->kind);
  for (size_t n = 0; made != NULL && n < made->count; n++) {
    if (numbers[n] != SIZE_MAX) {
      memcpy((char *)(uintptr_t)made->as.any + n * item,
             (const char *)from->as.any + numbers[n] * item, item);
    }
  }
  return made;
}

/* --- A frame: the values of one call of a subgraph --- */

struct frame {
  struct value **values; /* [tensor_count] */
  uint32_t *left;        /* [tensor_count] uses by nodes still to come, and as an output */
};

static void frame_free(struct run *run, const struct graph_sub *sub, struct frame *frame) {
  for (uint32_t n = 0; frame->values != NULL && n < sub->tensor_count; n++) {
    value_drop(run, frame->values[n]);
  }
  free(frame->values);
  free(frame->left);
}

static bool frame_begin(struct run *run, const struct graph_sub *sub, struct frame *frame) {
  if (!run_spend(run, sub->tensor_count + (uint64_t)sub->node_count)) {
    return false;
  }
  frame->values = calloc(sub->tensor_count + 1, sizeof(struct value *));
  frame->left = calloc(sub->tensor_count + 1, sizeof(uint32_t));
  if (frame->values == NULL || frame->left == NULL) {
    return run_no_memory(run);
  }
  for (uint32_t n = 0; n < sub->node_count; n++) {
    const struct graph_node *node = &sub->nodes[n];
    for (uint32_t k = 0; k < node->input_count; k++) {
      if (node->inputs[k] >= 0) {
        frame->left[node->inputs[k]]++;
      }
    }
  }
  for (uint32_t n = 0; n < sub->output_count; n++) {
    frame->left[sub->outputs[n]]++;
  }
  return true;
}

/* The value of a constant tensor: its data stay the graph's. */
static struct value *constant(struct run *run, const struct graph_tensor *tensor) {
  struct value *made = calloc(1, sizeof *made);
  if (made == NULL) {
    (void)run_no_memory(run);
    return NULL;
  }
  *made = (struct value){.uses = 1,
                         .kind = tensor->floats != NULL ? VALUE_FLOATS : VALUE_INTS,
                         .rank = tensor->rank,
                         .count = tensor->elements,
                         .is_borrowed = true};
  made->as.any = tensor->floats != NULL ? (const void *)tensor->floats : (const void *)tensor->ints;
  memcpy(made->shape, tensor->shape, sizeof made->shape);
  return made;
}

/* What tensor n holds: computed, or a constant. NULL with the error set. */
static struct value *frame_value(struct run *run, const struct graph_sub *sub, struct frame *frame,
                                 int32_t n) {
  const struct graph_tensor *tensor = &sub->tensors[n];
  if (frame->values[n] == NULL && (tensor->floats != NULL || tensor->ints != NULL)) {
    frame->values[n] = constant(run, tensor);
  } else if (frame->values[n] == NULL) {
    (void)run_refuse(run, "its operand '%s' (%s) is computed by nothing before it", tensor->name,
                     tensor->type_name);
  }
  return frame->values[n];
}

static bool run_node(struct run *run, const struct graph_sub *sub, struct frame *frame,
                     struct value **in, struct value **out) {
  const struct graph_node *node = run->node;
  const run_operator operator= operators[node->op];
  for (uint32_t n = 0; n < node->input_count; n++) {
    /* A layer's own state is no operand, unless another operator computes what it begins with. */
    const bool none = node->inputs[n] < 0 || (sub->tensors[node->inputs[n]].is_state &&
                                              frame->values[node->inputs[n]] == NULL);
    in[n] = none ? NULL : frame_value(run, sub, frame, node->inputs[n]);
    if (in[n] == NULL && !none) {
      return false;
    }
  }
  memset(out, 0, (node->output_count + 1) * sizeof(struct value *));
  bool good;
  if (operator!= NULL) {
    good = operator(run, in, out);
  } else if (run->symbols == NULL) {
    good = run_refuse(run, "it is not done here; cut the model before it");
  } else {
    good = run_other(run, in, node->input_count, sub->tensors[node->outputs[0]].rank,
                     sub->tensors[node->outputs[0]].shape, out);
  }
  for (uint32_t n = 0; n < node->output_count; n++) {
    if (good && out[n] == NULL) {
      continue; /* read by nothing, or refused where it is read */
    }
    value_drop(run, frame->values[node->outputs[n]]);
    frame->values[node->outputs[n]] = out[n];
  }
  for (uint32_t n = 0; n < node->input_count && good; n++) {
    const int32_t at = node->inputs[n];
    if (at >= 0 && --frame->left[at] == 0) {
      value_drop(run, frame->values[at]);
      frame->values[at] = NULL;
    }
  }
  return good;
}

static bool run_nodes(struct run *run, const struct graph_sub *sub, struct frame *frame) {
  uint32_t most = 1;
  for (uint32_t n = 0; n < sub->node_count; n++) {
    const struct graph_node *node = &sub->nodes[n];
    most = node->input_count > most ? node->input_count : most;
    most = node->output_count > most ? node->output_count : most;
  }
  struct value **operands = calloc(2 * (size_t)most + 2, sizeof *operands);
  bool good = operands != NULL || run_no_memory(run);
  for (uint32_t n = 0; n < sub->node_count && good; n++) {
    run->sub = sub;
    run->node = &sub->nodes[n];
    good = run_node(run, sub, frame, operands, operands + most);
  }
  free(operands);
  return good;
}

bool run_sub(struct run *run, uint32_t index, struct value *const *inputs, uint32_t input_count,
             struct value **outputs, uint32_t output_count) {
  const struct graph_sub *sub = &run->graph->subs[index];
  const struct graph_sub *caller = run->sub;
  const struct graph_node *node = run->node;
  struct frame frame = {NULL, NULL};
  memset(outputs, 0, output_count * sizeof(struct value *));
  if (sub->input_count != input_count || sub->output_count != output_count) {
    return run_refuse(run, "subgraph %u has %u inputs and %u outputs; its caller has %u and %u",
                      index, sub->input_count, sub->output_count, input_count, output_count);
  }
  if (run->depth >= RUN_MAX_DEPTH) {
    return run_refuse(run, "subgraphs call each other more than %d deep, the limit", RUN_MAX_DEPTH);
  }
  run->depth++;
  bool good = frame_begin(run, sub, &frame);
  for (uint32_t n = 0; n < input_count && good; n++) {
    value_drop(run, frame.values[sub->inputs[n]]);
    frame.values[sub->inputs[n]] = value_share(inputs[n]);
  }
  good = good && run_nodes(run, sub, &frame);
  run->sub = caller;
  run->node = node;
  for (uint32_t n = 0; n < output_count && good; n++) {
    struct value *value = frame_value(run, sub, &frame, sub->outputs[n]);
    good = value != NULL;
    outputs[n] = good ? value_share(value) : NULL;
  }
  for (uint32_t n = 0; n < output_count && !good; n++) {
    value_drop(run, outputs[n]);
    outputs[n] = NULL;
  }
  frame_free(run, sub, &frame);
  run->depth--;
  return good;
}

bool run_graph(struct run *run, struct value *const *inputs, struct value **outputs) {
  const struct graph_sub *sub = &run->graph->subs[0];
  run->sub = NULL;
  run->node = NULL;
  return run_sub(run, 0, inputs, sub->input_count, outputs, sub->output_count);
}
