/* SPDX-License-Identifier: Apache-2.0 */
/* tflite_reader: walks the verified flatbuffer once and copies what matters into C structures.
 *
 * The verifier proves that every offset stays inside the file; whether numbers make sense (an index
 * that names a tensor, a shape that fits its bytes) is checked here before anything uses them. */
#include "model/tflite_reader.h"

#include <cfloat>
#include <cmath>
#include <cstring>

#include "model/tflite_kind.h"
#include "tflite_generated.h"

namespace fb = trine_tflite;

namespace {

// What every step of the walk needs.
struct Reader {
  const fb::Model *model;
  const fb::SubGraph *sub;
  struct arena *arena;
  struct tflite_graph *graph;
  struct trine_error *error;
  uint64_t *scales_left;  // that all tensors may still have
  const struct tflite_selection *selection;
};

// Bytes of one element, 0 for a type that is nowhere computed with.
uint64_t element_size(int type) {
  switch (type) {
    case TFLITE_FLOAT32:
    case TFLITE_INT32:
      return 4;
    case TFLITE_INT16:
      return 2;
    case TFLITE_INT8:
      return 1;
    default:
      return 0;
  }
}

bool read_shape(const Reader &r, const fb::Tensor *in, struct tflite_tensor *out) {
  const auto *shape = in->shape();
  const uint32_t rank = shape == nullptr ? 0 : shape->size();
  if (rank > TFLITE_MAX_RANK) {
    trine_error_set(r.error, "tensor '%s' has %u dimensions, the limit is %d", out->name, rank,
                    static_cast<int>(TFLITE_MAX_RANK));
    return false;
  }
  out->rank = rank;
  out->elements = 1;
  for (uint32_t i = 0; i < rank; i++) {
    const int32_t size = shape->Get(i);
    if (size < 0 || size > TFLITE_MAX_ELEMENTS) {
      trine_error_set(r.error, "tensor '%s' has size %d in dimension %u, the range is 0..%d",
                      out->name, size, i, static_cast<int>(TFLITE_MAX_ELEMENTS));
      return false;
    }
    out->shape[i] = static_cast<uint32_t>(size);
    out->elements *= out->shape[i];
    if (out->elements > TFLITE_MAX_ELEMENTS) {
      trine_error_set(r.error, "tensor '%s' has more than %d elements, the limit", out->name,
                      static_cast<int>(TFLITE_MAX_ELEMENTS));
      return false;
    }
  }
  return true;
}

uint64_t scale_limit(const struct tflite_graph *graph) {
  return TFLITE_FREE_SCALES + graph->len_bytes / 4;
}

bool check_scale(const Reader &r, float scale, const char *name) {
  if (!std::isfinite(scale) || scale <= 0) {
    trine_error_set(r.error, "tensor '%s' has scale %g, a scale has to be finite and above 0", name,
                    static_cast<double>(scale));
    return false;
  }
  if (scale < FLT_MIN) {
    trine_error_set(
        r.error,
        "tensor '%s' has scale %g, below the limit %g of normal numbers: its values were "
        "all zero in calibration; convert with data as the model will see them",
        name, static_cast<double>(scale), static_cast<double>(FLT_MIN));
    return false;
  }
  return true;
}

// `is_read`: whether an operator reads or writes the tensor; what else stands in a file, as the
// intermediates of an LSTM, may say anything.
bool read_quantization(const Reader &r, const fb::Quantization *in, bool is_read,
                       struct tflite_tensor *out) {
  out->scale_count = 0;
  if (in == nullptr || in->scale() == nullptr || in->scale()->size() == 0) {
    return true;
  }
  const uint32_t count = in->scale()->size();
  const uint32_t points = in->zero_point() == nullptr ? 0 : in->zero_point()->size();
  if (in->details_type() != 0) {
    trine_error_set(r.error,
                    "tensor '%s' has quantisation details of kind %d; only scales and zero points "
                    "are supported",
                    out->name, static_cast<int>(in->details_type()));
    return false;
  }
  if (points != count) {
    trine_error_set(r.error, "tensor '%s' has %u scales but %u zero points", out->name, count,
                    points);
    return false;
  }
  if (count > *r.scales_left) {
    trine_error_set(r.error,
                    "with the %u of tensor '%s' the file has more than %llu scales, the limit of "
                    "all tensors together for %zu bytes",
                    count, out->name, static_cast<unsigned long long>(scale_limit(r.graph)),
                    r.graph->len_bytes);
    return false;
  }
  *r.scales_left -= count;
  float *scales = static_cast<float *>(arena_alloc(r.arena, count, sizeof(float)));
  int64_t *zeros = static_cast<int64_t *>(arena_alloc(r.arena, count, sizeof(int64_t)));
  if (scales == nullptr || zeros == nullptr) {
    trine_error_set(r.error, "no memory for %u scales of tensor '%s'", count, out->name);
    return false;
  }
  for (uint32_t i = 0; i < count; i++) {
    scales[i] = in->scale()->Get(i);
    /* The verifier lets eight-byte numbers stand at any multiple of four. */
    std::memcpy(&zeros[i], in->zero_point()->Data() + i * sizeof(int64_t), sizeof(int64_t));
    if (is_read && !check_scale(r, scales[i], out->name)) {
      return false;
    }
  }
  out->scale_count = count;
  out->scales = scales;
  out->zero_points = zeros;
  out->quantized_dimension = in->quantized_dimension();
  return true;
}

bool read_data(const Reader &r, const fb::Tensor *in, struct tflite_tensor *out) {
  const auto *buffers = r.model->buffers();
  const uint32_t count = buffers == nullptr ? 0 : buffers->size();
  if (in->buffer() >= count && in->buffer() != 0) {
    trine_error_set(r.error, "tensor '%s' names buffer %u, the file has %u", out->name,
                    in->buffer(), count);
    return false;
  }
  out->data = nullptr;
  if (count == 0 || in->buffer() == 0) {
    return true;
  }
  const fb::Buffer *buffer = buffers->Get(in->buffer());
  if (buffer->offset() > 1 || in->external_buffer() != 0) {
    trine_error_set(
        r.error, "tensor '%s' keeps its data outside; only data inside of the model are supported",
        out->name);
    return false;
  }
  if (buffer->data() == nullptr || buffer->data()->size() == 0) {
    return true;
  }
  const uint64_t size = element_size(out->type);
  if (size == 0) {
    return true; /* refused by type where an operator uses it */
  }
  if (buffer->data()->size() != out->elements * size) {
    trine_error_set(r.error, "tensor '%s' has %u bytes of data, its shape asks for %llu", out->name,
                    buffer->data()->size(), static_cast<unsigned long long>(out->elements * size));
    return false;
  }
  out->data = buffer->data()->data();
  return true;
}

bool read_tensors(const Reader &r) {
  const auto *list = r.sub->tensors();
  const uint32_t count = list == nullptr ? 0 : list->size();
  if (count == 0 || count > TFLITE_MAX_TENSORS) {
    trine_error_set(r.error, "the model has %u tensors, the range is 1..%d", count,
                    static_cast<int>(TFLITE_MAX_TENSORS));
    return false;
  }
  auto *tensors = static_cast<struct tflite_tensor *>(
      arena_alloc(r.arena, count, sizeof(struct tflite_tensor)));
  for (uint32_t i = 0; i < count; i++) {
    const fb::Tensor *in = list->Get(i);
    if (tensors == nullptr ||
        (tensors[i].name = tflite_copy_text(r.arena, in->name())) == nullptr) {
      trine_error_set(r.error, "no memory for %u tensors", count);
      return false;
    }
    tensors[i].type = in->type();
    tensors[i].variable = in->is_variable();
    if (in->sparsity() != nullptr) {
      trine_error_set(r.error, "tensor '%s' is sparse, only dense tensors are supported",
                      tensors[i].name);
      return false;
    }
    if (!read_shape(r, in, &tensors[i]) ||
        !read_quantization(r, in->quantization(), r.selection->tensors[i], &tensors[i]) ||
        !read_data(r, in, &tensors[i])) {
      return false;
    }
  }
  r.graph->tensors = tensors;
  r.graph->tensor_count = count;
  return true;
}

// Copies a list of tensor indices; none past the tensors, -1 only where `optional`.
bool read_indices(const Reader &r, const flatbuffers::Vector<int32_t> *in, uint32_t limit,
                  bool optional, const char *what, uint32_t op, int code, int32_t *out,
                  uint32_t *out_count) {
  const uint32_t count = in == nullptr ? 0 : in->size();
  if (count > limit) {
    trine_error_set(r.error, "%s has %u %s, the limit is %u (operator %u)", tflite_code_name(code),
                    count, what, limit, op);
    return false;
  }
  for (uint32_t i = 0; i < limit; i++) {
    out[i] = -1;
  }
  for (uint32_t i = 0; i < count; i++) {
    out[i] = in->Get(i);
    const bool none = optional && out[i] == -1;
    if (!none && (out[i] < 0 || static_cast<uint32_t>(out[i]) >= r.graph->tensor_count)) {
      trine_error_set(r.error, "%s names tensor %d among its %s, the model has %u (operator %u)",
                      tflite_code_name(code), out[i], what, r.graph->tensor_count, op);
      return false;
    }
  }
  *out_count = count;
  return true;
}

void read_options(const fb::Operator *in, struct tflite_operator *out) {
  if (const auto *dense = in->options_as_FullyConnectedOptions()) {
    out->activation = dense->activation();
    out->weights_format = dense->weights_format();
    out->keep_num_dims = dense->keep_num_dims();
  } else if (const auto *concat = in->options_as_ConcatenationOptions()) {
    out->activation = concat->activation();
    out->axis = concat->axis();
  } else if (const auto *add = in->options_as_AddOptions()) {
    out->activation = add->activation();
  } else if (const auto *sub = in->options_as_SubOptions()) {
    out->activation = sub->activation();
  } else if (const auto *mul = in->options_as_MulOptions()) {
    out->activation = mul->activation();
  } else if (const auto *gather = in->options_as_GatherOptions()) {
    out->axis = gather->axis();
    out->batch_dims = gather->batch_dims();
  } else if (const auto *reducer = in->options_as_ReducerOptions()) {
    out->keep_dims = reducer->keep_dims();
  } else if (const auto *leaky = in->options_as_LeakyReluOptions()) {
    out->alpha = leaky->alpha();
  } else if (const auto *softmax = in->options_as_SoftmaxOptions()) {
    out->beta = softmax->beta();
  } else if (const auto *arg_max = in->options_as_ArgMaxOptions()) {
    out->index_type = arg_max->output_type();
  } else if (const auto *slice = in->options_as_StridedSliceOptions()) {
    out->begin_mask = slice->begin_mask();
    out->end_mask = slice->end_mask();
    out->ellipsis_mask = slice->ellipsis_mask();
    out->new_axis_mask = slice->new_axis_mask();
    out->shrink_axis_mask = slice->shrink_axis_mask();
    out->offset = slice->offset();
  } else if (const auto *lstm = in->options_as_SequenceLstmOptions()) {
    out->activation = lstm->activation();
    out->cell_clip = lstm->cell_clip();
    out->time_major = lstm->time_major();
    out->diagonal = lstm->diagonal_recurrent_tensors();
  }
}

// Operators that compute nothing sensible without their options table.
bool options_missing(const fb::Operator *in, int code) {
  return (code == TFLITE_LSTM && in->options_as_SequenceLstmOptions() == nullptr) ||
         (code == TFLITE_SOFTMAX && in->options_as_SoftmaxOptions() == nullptr) ||
         (code == TFLITE_ARG_MAX && in->options_as_ArgMaxOptions() == nullptr) ||
         (code == TFLITE_CONCATENATION && in->options_as_ConcatenationOptions() == nullptr) ||
         (code == TFLITE_STRIDED_SLICE && in->options_as_StridedSliceOptions() == nullptr) ||
         (code == TFLITE_LEAKY_RELU && in->options_as_LeakyReluOptions() == nullptr) ||
         (code == TFLITE_FULLY_CONNECTED && in->options_as_FullyConnectedOptions() == nullptr);
}

bool read_operator(const Reader &r, uint32_t index, struct tflite_operator *out) {
  const fb::Operator *in = r.sub->operators()->Get(index);
  out->code = tflite_code_of(r.model, in);
  const int code = out->code;
  uint32_t outputs = 0, intermediates = 0;
  if (!read_indices(r, in->inputs(), TFLITE_MAX_INPUTS, true, "inputs", index, code, out->inputs,
                    &out->input_count) ||
      !read_indices(r, in->outputs(), 1, false, "outputs", index, code, &out->output, &outputs) ||
      !read_indices(r, in->intermediates(), TFLITE_INTERMEDIATES, true, "intermediates", index,
                    code, out->intermediates, &intermediates)) {
    return false;
  }
  if (outputs != 1) {
    trine_error_set(r.error, "%s has no output, it needs 1 (operator %u)", tflite_code_name(code),
                    index);
    return false;
  }
  if (options_missing(in, code)) {
    trine_error_set(r.error, "%s '%s' lacks the options of its kind (operator %u)",
                    tflite_code_name(code), r.graph->tensors[out->output].name, index);
    return false;
  }
  read_options(in, out);
  return true;
}

bool read_operators(const Reader &r) {
  const auto *list = r.sub->operators();
  const uint32_t count = list == nullptr ? 0 : list->size();
  if (count > TFLITE_MAX_OPERATORS) {
    trine_error_set(r.error, "the file has %u operators, the limit is %d", count,
                    static_cast<int>(TFLITE_MAX_OPERATORS));
    return false;
  }
  auto *operators = static_cast<struct tflite_operator *>(
      arena_alloc(r.arena, count, sizeof(struct tflite_operator)));
  if (operators == nullptr) {
    trine_error_set(r.error, "no memory for %u operators", count);
    return false;
  }
  uint32_t taken = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (!r.selection->operators[i]) {
      continue;
    }
    operators[taken].number = i;
    if (!read_operator(r, i, &operators[taken++])) {
      return false;
    }
  }
  r.graph->operators = operators;
  r.graph->operator_count = taken;
  return true;
}

bool read_all(const fb::Model *model, const struct tflite_part *part, struct arena *arena,
              struct tflite_graph *graph, struct trine_error *error) {
  struct tflite_selection selection = {};
  if (!tflite_check_subgraphs(model, error) ||
      !tflite_select(model, part, arena, &selection, error) ||
      !tflite_check_kind(model, &selection, error)) {
    return false;
  }
  uint64_t scales_left = scale_limit(graph);
  const Reader r = {model,     model->subgraphs()->Get(0), arena, graph, error, &scales_left,
                    &selection};
  graph->input_count = selection.input_count;
  std::memcpy(graph->inputs, selection.inputs, sizeof graph->inputs);
  graph->output_count = selection.output_count;
  std::memcpy(graph->outputs, selection.outputs, sizeof graph->outputs);
  return read_tensors(r) && read_operators(r);
}

}  // namespace

extern "C" enum trine_status tflite_read_part(const void *bytes, size_t len_bytes,
                                              const struct tflite_part *part, struct arena *arena,
                                              struct tflite_graph *graph,
                                              struct trine_error *error) {
  const fb::Model *model = nullptr;
  const enum trine_status status = tflite_open(bytes, len_bytes, arena, &model, error);
  if (status != TRINE_OK) {
    return status;
  }
  graph->len_bytes = len_bytes;
  if (read_all(model, part, arena, graph, error)) {
    return TRINE_OK;
  }
  return arena->is_short ? TRINE_ERR_MEMORY : TRINE_ERR_UNSUPPORTED;
}
