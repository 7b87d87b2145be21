/* SPDX-License-Identifier: Apache-2.0 */
/* tflite_writer: the container: tensors, operators, and the flatbuffer they make. */
#include "model/tflite_writer.h"

#include <new>
#include <string>
#include <vector>

#include "tflite_generated.h"

namespace fb = trine_tflite;

struct tflite_writer {
  struct Entry {
    struct tflite_new_tensor tensor;
    std::string name;
    std::vector<uint8_t> data;
  };
  std::vector<Entry> tensors;
  std::vector<struct tflite_operator> operators;
  std::vector<uint8_t> bytes;
};

struct tflite_writer *tflite_writer_new(void) {
  return new (std::nothrow) tflite_writer;
}

void tflite_writer_free(struct tflite_writer *model) {
  delete model;
}

int32_t tflite_writer_tensor(struct tflite_writer *model, const struct tflite_new_tensor *tensor) {
  try {
    tflite_writer::Entry entry = {*tensor, tensor->name, {}};
    if (tensor->data != nullptr) {
      const auto *data = static_cast<const uint8_t *>(tensor->data);
      entry.data.assign(data, data + tensor->len_bytes);
    }
    model->tensors.push_back(entry);
    return static_cast<int32_t>(model->tensors.size()) - 1;
  } catch (const std::bad_alloc &) {
    return -1;
  }
}

uint32_t tflite_writer_operator(struct tflite_writer *model, const struct tflite_operator *op) {
  try {
    model->operators.push_back(*op);
    return static_cast<uint32_t>(model->operators.size()) - 1;
  } catch (const std::bad_alloc &) {
    return UINT32_MAX;
  }
}

struct tflite_operator *tflite_writer_operator_at(struct tflite_writer *model, uint32_t index) {
  return &model->operators.at(index);
}

struct tflite_new_tensor *tflite_writer_tensor_at(struct tflite_writer *model, int32_t index) {
  return &model->tensors.at(static_cast<size_t>(index)).tensor;
}

uint32_t tflite_writer_tensors(const struct tflite_writer *model) {
  return static_cast<uint32_t>(model->tensors.size());
}

uint32_t tflite_writer_operators(const struct tflite_writer *model) {
  return static_cast<uint32_t>(model->operators.size());
}

namespace {

flatbuffers::Offset<fb::Tensor> add_tensor(flatbuffers::FlatBufferBuilder &b,
                                           const tflite_writer::Entry &entry, uint32_t buffer) {
  const struct tflite_new_tensor &t = entry.tensor;
  flatbuffers::Offset<fb::Quantization> quantization;
  if (t.scale != 0 || t.row_scales != nullptr) {
    std::vector<float> scales = {t.scale};
    if (t.row_scales != nullptr) {
      scales.assign(t.row_scales, t.row_scales + t.shape[0]);
    }
    const std::vector<int64_t> zeros(scales.size(), t.zero_point);
    quantization = fb::CreateQuantizationDirect(b, nullptr, nullptr, &scales, &zeros);
  }
  const auto name = b.CreateString(entry.name);
  const auto shape = b.CreateVector(t.shape, t.rank);
  return fb::CreateTensor(b, shape, static_cast<int8_t>(t.type), buffer, name, quantization,
                          t.variable);
}

flatbuffers::Offset<void> add_options(flatbuffers::FlatBufferBuilder &b,
                                      const struct tflite_operator &op, fb::Options *type) {
  const int8_t activation = static_cast<int8_t>(op.activation);
  switch (op.code) {
    case TFLITE_LSTM:
      *type = fb::Options_SequenceLstmOptions;
      return fb::CreateSequenceLstmOptions(b, activation, op.cell_clip, 0, op.time_major, false,
                                           op.diagonal)
          .Union();
    case TFLITE_FULLY_CONNECTED:
      *type = fb::Options_FullyConnectedOptions;
      return fb::CreateFullyConnectedOptions(b, activation, static_cast<int8_t>(op.weights_format),
                                             op.keep_num_dims)
          .Union();
    case TFLITE_CONCATENATION:
      *type = fb::Options_ConcatenationOptions;
      return fb::CreateConcatenationOptions(b, op.axis, activation).Union();
    case TFLITE_ADD:
      *type = fb::Options_AddOptions;
      return fb::CreateAddOptions(b, activation).Union();
    case TFLITE_SUB:
      *type = fb::Options_SubOptions;
      return fb::CreateSubOptions(b, activation).Union();
    case TFLITE_MUL:
      *type = fb::Options_MulOptions;
      return fb::CreateMulOptions(b, activation).Union();
    case TFLITE_GATHER:
      *type = fb::Options_GatherOptions;
      return fb::CreateGatherOptions(b, op.axis, op.batch_dims).Union();
    case TFLITE_MEAN:
    case TFLITE_SUM:
    case TFLITE_REDUCE_MAX:
    case TFLITE_REDUCE_MIN:
      *type = fb::Options_ReducerOptions;
      return fb::CreateReducerOptions(b, op.keep_dims).Union();
    case TFLITE_LEAKY_RELU:
      *type = fb::Options_LeakyReluOptions;
      return fb::CreateLeakyReluOptions(b, op.alpha).Union();
    case TFLITE_SOFTMAX:
      *type = fb::Options_SoftmaxOptions;
      return fb::CreateSoftmaxOptions(b, op.beta).Union();
    case TFLITE_ARG_MAX:
      *type = fb::Options_ArgMaxOptions;
      return fb::CreateArgMaxOptions(b, static_cast<int8_t>(op.index_type)).Union();
    case TFLITE_STRIDED_SLICE:
      *type = fb::Options_StridedSliceOptions;
      return fb::CreateStridedSliceOptions(b, op.begin_mask, op.end_mask, op.ellipsis_mask,
                                           op.new_axis_mask, op.shrink_axis_mask, op.offset)
          .Union();
    default:
      *type = fb::Options_NONE;
      return 0;
  }
}

flatbuffers::Offset<fb::Operator> add_operator(flatbuffers::FlatBufferBuilder &b,
                                               const struct tflite_operator &op, uint32_t code) {
  fb::Options type = fb::Options_NONE;
  const auto options = add_options(b, op, &type);
  const auto inputs = b.CreateVector(op.inputs, op.input_count);
  const auto outputs = b.CreateVector(&op.output, 1);
  flatbuffers::Offset<flatbuffers::Vector<int32_t>> intermediates;
  if (op.code == TFLITE_LSTM) {
    intermediates = b.CreateVector(op.intermediates, TFLITE_INTERMEDIATES);
  }
  return fb::CreateOperator(b, code, inputs, outputs, type, options, 0, 0, 0, intermediates);
}

// The reference interpreter looks kernels up by code; versions do not matter to it.
flatbuffers::Offset<fb::OperatorCode> add_code(flatbuffers::FlatBufferBuilder &b, int code) {
  const int8_t old = static_cast<int8_t>(code < 127 ? code : 127);
  return fb::CreateOperatorCode(b, old, 0, 1, code);
}

void pack(struct tflite_writer *model, const struct tflite_new_ends &ends) {
  flatbuffers::FlatBufferBuilder b;
  std::vector<flatbuffers::Offset<fb::Buffer>> buffers = {fb::CreateBuffer(b)};
  std::vector<flatbuffers::Offset<fb::Tensor>> tensors;
  std::vector<flatbuffers::Offset<fb::OperatorCode>> codes;
  std::vector<flatbuffers::Offset<fb::Operator>> operators;
  std::vector<uint32_t> used;  // buffer of each tensor so far
  for (const auto &entry : model->tensors) {
    const uint32_t shared = entry.tensor.shared;
    uint32_t buffer = shared > 0 && shared <= used.size() ? used[shared - 1] : 0;
    if (shared == 0 && !entry.data.empty()) {
      b.ForceVectorAlignment(entry.data.size(), 1, 16);
      const auto data = b.CreateVector(entry.data);
      buffer = static_cast<uint32_t>(buffers.size());
      buffers.push_back(fb::CreateBuffer(b, data));
    }
    used.push_back(buffer);
    tensors.push_back(add_tensor(b, entry, buffer));
  }
  for (const auto &op : model->operators) {
    operators.push_back(add_operator(b, op, static_cast<uint32_t>(codes.size())));
    codes.push_back(add_code(b, op.code));
  }
  const auto sub = fb::CreateSubGraph(
      b, b.CreateVector(tensors), b.CreateVector(ends.inputs, ends.input_count),
      b.CreateVector(ends.outputs, ends.output_count), b.CreateVector(operators));
  const auto all_codes = b.CreateVector(codes);
  const auto graphs = b.CreateVector(&sub, 1);
  const auto description = b.CreateString("Trine");
  const auto all_buffers = b.CreateVector(buffers);
  fb::FinishModelBuffer(b, fb::CreateModel(b, 3, all_codes, graphs, description, all_buffers));
  model->bytes.assign(b.GetBufferPointer(), b.GetBufferPointer() + b.GetSize());
}

}  // namespace

const uint8_t *tflite_writer_bytes(struct tflite_writer *model, int32_t input, int32_t output,
                                   size_t *len_bytes) {
  return tflite_writer_bytes_of(model, input, &output, 1, len_bytes);
}

const uint8_t *tflite_writer_bytes_of(struct tflite_writer *model, int32_t input,
                                      const int32_t *outputs, uint32_t count, size_t *len_bytes) {
  const struct tflite_new_ends ends = {1, count, &input, outputs};
  return tflite_writer_bytes_between(model, &ends, len_bytes);
}

const uint8_t *tflite_writer_bytes_between(struct tflite_writer *model,
                                           const struct tflite_new_ends *ends, size_t *len_bytes) {
  try {
    pack(model, *ends);
  } catch (const std::bad_alloc &) {
    return nullptr;
  }
  *len_bytes = model->bytes.size();
  return model->bytes.data();
}
