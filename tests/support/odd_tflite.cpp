/* SPDX-License-Identifier: Apache-2.0 */
/* odd_tflite: see odd_tflite.h. */
#include "support/odd_tflite.h"

#include <cstdlib>
#include <cstring>
#include <vector>

#include "model/tflite_reader.h"
#include "tflite_generated.h"

namespace fb = trine_tflite;
using flatbuffers::Offset;

uint8_t *odd_tflite(size_t scales, size_t tensors, size_t subgraphs, size_t *len_bytes) {
  flatbuffers::FlatBufferBuilder b;
  const std::vector<float> scale(scales, 1.0f);
  const std::vector<int64_t> zero(scales, 0);
  const std::vector<int32_t> sizes = {1, 1, 1}, ends = {0};
  const auto quantization = fb::CreateQuantizationDirect(b, nullptr, nullptr, &scale, &zero);
  const auto shape = b.CreateVector(sizes);
  const auto name = b.CreateString("t");
  const auto tensor = fb::CreateTensor(b, shape, TFLITE_INT8, 0, name, quantization, false);
  const std::vector<Offset<fb::Tensor>> tensor_list(tensors, tensor);
  const auto operators = b.CreateVector(std::vector<Offset<fb::Operator>>{});
  const auto sub = fb::CreateSubGraph(b, b.CreateVector(tensor_list), b.CreateVector(ends),
                                      b.CreateVector(ends), operators);
  const auto codes = b.CreateVector(std::vector<Offset<fb::OperatorCode>>{});
  const auto graphs = b.CreateVector(std::vector<Offset<fb::SubGraph>>(subgraphs, sub));
  const auto text = b.CreateString("odd");
  const auto buffer = fb::CreateBuffer(b);
  const auto buffers = b.CreateVector(&buffer, 1);
  fb::FinishModelBuffer(b, fb::CreateModel(b, 3, codes, graphs, text, buffers));
  *len_bytes = b.GetSize();
  auto *bytes = static_cast<uint8_t *>(std::malloc(*len_bytes));
  if (bytes == nullptr) {
    std::abort();
  }
  std::memcpy(bytes, b.GetBufferPointer(), *len_bytes);
  return bytes;
}
