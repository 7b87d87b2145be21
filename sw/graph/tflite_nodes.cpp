/* SPDX-License-Identifier: Apache-2.0 */
/* tflite_nodes: operators with their options, see tflite_nodes.h. */
#include "graph/tflite_nodes.h"

#include "graph/tflite_ops.h"
#include "model/tflite_kind.h"
#include "model/tflite_reader.h"

namespace fb = trine_tflite;

const int32_t *tflite_read_list(TfliteSource *source, const flatbuffers::Vector<int32_t> *in,
                                uint32_t tensor_count, bool optional, const char *what) {
  const uint32_t count = in == nullptr ? 0 : in->size();
  auto *list = static_cast<int32_t *>(arena_alloc(source->arena, count, sizeof(int32_t)));
  if (list == nullptr) {
    trine_error_set(source->error, "no memory for %u tensors of %s", count, what);
    return nullptr;
  }
  for (uint32_t n = 0; n < count; n++) {
    list[n] = in->Get(n);
    const bool none = optional && list[n] == -1;
    if (!none && (list[n] < 0 || static_cast<uint32_t>(list[n]) >= tensor_count)) {
      trine_error_set(source->error, "%s names tensor %d, its subgraph has %u", what, list[n],
                      tensor_count);
      return nullptr;
    }
  }
  return list;
}

namespace {

enum graph_kind activation_of(int code) {
  switch (code) {
    case TFLITE_ACT_NONE:
      return GRAPH_NO_KIND;
    case TFLITE_ACT_RELU:
      return GRAPH_RELU;
    case TFLITE_ACT_RELU_N1_TO_1:
      return GRAPH_RELU_N1_TO_1;
    case TFLITE_ACT_RELU6:
      return GRAPH_RELU6;
    case TFLITE_ACT_TANH:
      return GRAPH_TANH;
    default:
      return GRAPH_NOT;  // no function of a number: refused by the caller
  }
}

void read_arithmetic(const fb::Operator *in, struct graph_node *out) {
  if (const auto *add = in->options_as_AddOptions()) {
    out->activation = activation_of(add->activation());
  } else if (const auto *sub = in->options_as_SubOptions()) {
    out->activation = activation_of(sub->activation());
  } else if (const auto *mul = in->options_as_MulOptions()) {
    out->activation = activation_of(mul->activation());
  } else if (const auto *div = in->options_as_DivOptions()) {
    out->activation = activation_of(div->activation());
  } else if (const auto *concat = in->options_as_ConcatenationOptions()) {
    out->activation = activation_of(concat->activation());
    out->axis = concat->axis();
  } else if (const auto *dense = in->options_as_FullyConnectedOptions()) {
    out->activation = activation_of(dense->activation());
    out->keep_dims = dense->keep_num_dims();
    if (dense->weights_format() != 0) {
      out->op = GRAPH_UNKNOWN;
    }
  } else if (const auto *softmax = in->options_as_SoftmaxOptions()) {
    out->number = softmax->beta();
  } else if (const auto *leaky = in->options_as_LeakyReluOptions()) {
    out->number = leaky->alpha();
  } else if (const auto *matmul = in->options_as_BatchMatMulOptions()) {
    out->turn_x = matmul->adj_x();
    out->turn_y = matmul->adj_y();
  } else if (const auto *lstm = in->options_as_SequenceLstmOptions()) {
    out->activation = activation_of(lstm->activation());
    out->number = lstm->cell_clip();
    out->clip_out = lstm->proj_clip();
    out->time_major = lstm->time_major();
    out->diagonal = lstm->diagonal_recurrent_tensors();
  }
}

void read_moves(const fb::Operator *in, struct graph_node *out) {
  const flatbuffers::Vector<int32_t> *list = nullptr;
  if (const auto *gather = in->options_as_GatherOptions()) {
    out->axis = gather->axis();
    out->batch_dims = gather->batch_dims();
  } else if (const auto *pack = in->options_as_PackOptions()) {
    out->axis = pack->axis();
  } else if (const auto *unpack = in->options_as_UnpackOptions()) {
    out->axis = unpack->axis();
  } else if (const auto *reduce = in->options_as_ReducerOptions()) {
    out->keep_dims = reduce->keep_dims();
  } else if (const auto *squeeze = in->options_as_SqueezeOptions()) {
    list = squeeze->squeeze_dims();
  } else if (const auto *reshape = in->options_as_ReshapeOptions()) {
    list = reshape->new_shape();
  } else if (const auto *slice = in->options_as_StridedSliceOptions()) {
    out->begin_mask = slice->begin_mask();
    out->end_mask = slice->end_mask();
    out->ellipsis_mask = slice->ellipsis_mask();
    out->new_axis_mask = slice->new_axis_mask();
    out->shrink_mask = slice->shrink_axis_mask();
    if (slice->offset()) {
      out->op = GRAPH_UNKNOWN;
    }
  }
  if (list != nullptr && list->size() <= GRAPH_MAX_RANK &&
      reinterpret_cast<uintptr_t>(list->data()) % alignof(int32_t) == 0) {
    out->list_count = list->size();
    out->list = list->data();
  }
}

// Which subgraphs an operator calls, all within the file.
bool read_calls(TfliteSource *source, const fb::Operator *in, struct graph_node *out) {
  int64_t called[2] = {0, 0};
  if (const auto *loop = in->options_as_WhileOptions()) {
    called[0] = loop->cond_subgraph();
    called[1] = loop->body_subgraph();
  } else if (const auto *branch = in->options_as_IfOptions()) {
    called[0] = branch->then_subgraph();
    called[1] = branch->else_subgraph();
  } else if (const auto *call = in->options_as_CallOptions()) {
    called[0] = call->subgraph();
  } else if (const auto *once = in->options_as_CallOnceOptions()) {
    called[0] = once->init_subgraph();
  }
  for (int n = 0; n < 2; n++) {
    if (called[n] < 0 || called[n] >= int64_t{source->sub_count}) {
      trine_error_set(source->error, "%s calls subgraph %lld, the file has %u (operator %u)",
                      out->kind_name, static_cast<long long>(called[n]), source->sub_count,
                      out->index);
      return false;
    }
    out->sub[n] = static_cast<uint32_t>(called[n]);
  }
  return true;
}

// The number of a variable; an LSTM has two of its own, its states.
bool read_variable(TfliteSource *source, const fb::Operator *in, struct graph_node *out) {
  struct TfliteNames *names = source->variables;
  const char *name = "";
  const uint32_t wanted = out->op == GRAPH_LSTM ? 2 : 1;
  if (const auto *handle = in->options_as_VarHandleOptions()) {
    name = handle->shared_name() == nullptr ? "" : handle->shared_name()->c_str();
  }
  for (uint32_t n = 0; out->op == GRAPH_VARIABLE && n < names->count; n++) {
    if (names->names[n] != nullptr && std::strcmp(names->names[n], name) == 0) {
      out->variable = n;
      return true;
    }
  }
  if (names->count + wanted > GRAPH_MAX_VARIABLES) {
    trine_error_set(source->error,
                    "the file has more than %d variables and states of layers, the limit",
                    static_cast<int>(GRAPH_MAX_VARIABLES));
    return false;
  }
  out->variable = names->count;
  names->names[names->count] = out->op == GRAPH_VARIABLE ? name : nullptr;
  names->count += wanted;
  return true;
}

bool read_node(TfliteSource *source, const fb::Operator *in, uint32_t index,
               const struct graph_sub *sub, struct graph_node *out) {
  const int code = tflite_code_of(source->model, in);
  if (code < 0) {
    trine_error_set(
        source->error, "operator %u names operator code %u, the file has %u", index,
        in->opcode_index(),
        source->model->operator_codes() == nullptr ? 0 : source->model->operator_codes()->size());
    return false;
  }
  const auto *custom = source->model->operator_codes()->Get(in->opcode_index())->custom_code();
  out->index = index;
  out->kind_name = code == TFLITE_CUSTOM && custom != nullptr
                       ? tflite_copy_text(source->arena, custom)
                       : tflite_code_name(code);
  if (out->kind_name == nullptr) {
    trine_error_set(source->error, "no memory for the name of operator %u", index);
    return false;
  }
  const struct tflite_meaning meaning =
      code == TFLITE_CUSTOM ? tflite_meaning_of_custom(out->kind_name) : tflite_meaning_of(code);
  out->op = meaning.op;
  out->kind = meaning.kind;
  out->input_count = in->inputs() == nullptr ? 0 : in->inputs()->size();
  out->output_count = in->outputs() == nullptr ? 0 : in->outputs()->size();
  out->inputs = tflite_read_list(source, in->inputs(), sub->tensor_count, true, out->kind_name);
  out->outputs = out->inputs == nullptr ? nullptr
                                        : tflite_read_list(source, in->outputs(), sub->tensor_count,
                                                           false, out->kind_name);
  if (out->outputs == nullptr) {
    return false;
  }
  if (out->output_count == 0 && out->op != GRAPH_ASSIGN && out->op != GRAPH_CALL_ONCE &&
      out->op != GRAPH_WHILE && out->op != GRAPH_CALL && out->op != GRAPH_IF) {
    trine_error_set(source->error, "%s has no output, it needs 1 (operator %u)", out->kind_name,
                    index);
    return false;
  }
  read_arithmetic(in, out);
  read_moves(in, out);
  if (out->activation == GRAPH_NOT) {
    out->op = GRAPH_UNKNOWN;
  }
  return read_calls(source, in, out) &&
         ((out->op != GRAPH_VARIABLE && out->op != GRAPH_LSTM) || read_variable(source, in, out));
}

}  // namespace

bool tflite_read_nodes(TfliteSource *source, const fb::SubGraph *in, struct graph_sub *sub) {
  const uint32_t count = in->operators() == nullptr ? 0 : in->operators()->size();
  if (count > source->nodes_left) {
    trine_error_set(source->error, "the file has more than %d operators, the limit",
                    static_cast<int>(GRAPH_MAX_NODES));
    return false;
  }
  source->nodes_left -= count;
  auto *nodes = static_cast<struct graph_node *>(
      arena_alloc(source->arena, count, sizeof(struct graph_node)));
  if (nodes == nullptr) {
    trine_error_set(source->error, "no memory for %u operators", count);
    return false;
  }
  for (uint32_t n = 0; n < count; n++) {
    if (!read_node(source, in->operators()->Get(n), n, sub, &nodes[n])) {
      return false;
    }
  }
  sub->nodes = nodes;
  sub->node_count = count;
  return true;
}
