/* SPDX-License-Identifier: Apache-2.0 */
/* tflite_graph: subgraphs and tensors, constants unpacked, see tflite_graph.h. */
#include "graph/tflite_graph.h"

#include <cmath>
#include <cstring>

#include "graph/tflite_nodes.h"
#include "model/tflite_kind.h"
#include "model/tflite_reader.h"

namespace fb = trine_tflite;

namespace {

enum { TYPE_FLOAT16 = 1, TYPE_BOOL = 6, TYPE_RESOURCE = 13, TYPE_VARIANT = 14 };

uint32_t size_of(int type) {
  switch (type) {
    case TFLITE_FLOAT32:
    case TFLITE_INT32:
      return 4;
    case TYPE_FLOAT16:
    case TFLITE_INT16:
      return 2;
    case TFLITE_INT64:
      return 8;
    case TYPE_BOOL:
    case TFLITE_INT8:
    case TFLITE_UINT8:
      return 1;
    default:
      return 0;
  }
}

float half(uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const float sign = (bits & 0x8000) != 0 ? -1.0F : 1.0F;
  if (exponent == 31) {
    return fraction == 0 ? sign * INFINITY : NAN;
  }
  return sign * (exponent == 0 ? std::ldexp(static_cast<float>(fraction), -24)
                               : std::ldexp(static_cast<float>(fraction + 1024), exponent - 25));
}

int64_t whole(int type, const uint8_t *data, size_t n) {
  int32_t four = 0;
  int64_t eight = 0;
  int16_t two = 0;
  switch (type) {
    case TFLITE_INT32:
      std::memcpy(&four, data + n * sizeof four, sizeof four);
      return four;
    case TFLITE_INT64:
      std::memcpy(&eight, data + n * sizeof eight, sizeof eight);
      return eight;
    case TFLITE_INT16:
      std::memcpy(&two, data + n * sizeof two, sizeof two);
      return two;
    case TFLITE_INT8:
      return static_cast<int8_t>(data[n]);
    default:
      return data[n];
  }
}

// How int8 numbers of one tensor become floats.
struct Scales {
  const fb::Quantization *quantization;
  uint32_t count;
  size_t inner, size;  // numbers behind the scaled axis, and its size
};

bool find_scales(const fb::Tensor *in, const struct graph_tensor *tensor, Scales *scales) {
  const auto *quantization = in->quantization();
  *scales = {quantization, 0, 1, 1};
  if (quantization == nullptr || quantization->scale() == nullptr) {
    return true;
  }
  scales->count = quantization->scale()->size();
  if (scales->count < 2) {
    return true;
  }
  const int64_t axis = quantization->quantized_dimension();
  if (axis < 0 || axis >= int64_t{tensor->rank} || tensor->shape[axis] != scales->count) {
    return false;
  }
  for (uint32_t n = static_cast<uint32_t>(axis) + 1; n < tensor->rank; n++) {
    scales->inner *= tensor->shape[n];
  }
  scales->size = tensor->shape[axis];
  return scales->inner > 0;
}

float scaled(const Scales &scales, int64_t number, size_t n) {
  const size_t at = scales.count < 2 ? 0 : n / scales.inner % scales.size;
  const auto *zeros = scales.quantization->zero_point();
  int64_t zero = 0;
  if (zeros != nullptr && at < zeros->size()) {
    std::memcpy(&zero, zeros->Data() + at * sizeof zero, sizeof zero);
  }
  const double difference = static_cast<double>(number) - static_cast<double>(zero);
  return static_cast<float>(difference) *
         scales.quantization->scale()->Get(static_cast<uint32_t>(at));
}

// Numbers of another packing than ours, unpacked.
bool unpack(TfliteSource *source, const fb::Tensor *in, const uint8_t *data,
            struct graph_tensor *out, struct tflite_packing *packing) {
  Scales scales = {nullptr, 0, 1, 1};
  const int type = in->type();
  if (out->elements > source->unpacked_left) {
    trine_error_set(source->error,
                    "with the %zu of tensor '%s' the file has more constants than its bytes can "
                    "hold four times over, the limit",
                    out->elements, out->name);
    return false;
  }
  source->unpacked_left -= out->elements;
  if (!find_scales(in, out, &scales)) {
    trine_error_set(source->error,
                    "tensor '%s' has %u scales along dimension %d, which is not so "
                    "large",
                    out->name, scales.count, in->quantization()->quantized_dimension());
    return false;
  }
  const bool floats = type == TFLITE_FLOAT32 || type == TYPE_FLOAT16 || scales.count > 0;
  auto *made = static_cast<char *>(
      arena_alloc(source->arena, out->elements, floats ? sizeof(float) : sizeof(int64_t)));
  if (made == nullptr) {
    trine_error_set(source->error, "no memory for tensor '%s'", out->name);
    return false;
  }
  float *as_floats = reinterpret_cast<float *>(made);
  int64_t *as_ints = reinterpret_cast<int64_t *>(made);
  for (size_t n = 0; n < out->elements; n++) {
    uint16_t bits = 0;
    if (type == TYPE_FLOAT16) {
      std::memcpy(&bits, data + n * sizeof bits, sizeof bits);
      as_floats[n] = half(bits);
    } else if (type == TFLITE_FLOAT32) {
      std::memcpy(&as_floats[n], data + n * sizeof(float), sizeof(float));
    } else if (floats) {
      as_floats[n] = scaled(scales, whole(type, data, n), n);
    } else {
      as_ints[n] = whole(type, data, n);
    }
  }
  packing->has_half = packing->has_half || type == TYPE_FLOAT16;
  packing->has_int8 = packing->has_int8 || (type == TFLITE_INT8 && scales.count > 0);
  out->type = floats ? GRAPH_FLOAT : GRAPH_INT;
  out->floats = floats ? as_floats : nullptr;
  out->ints = floats ? nullptr : as_ints;
  return true;
}

bool read_data(TfliteSource *source, const fb::Tensor *in, struct graph_tensor *out,
               struct tflite_packing *packing) {
  const auto *buffers = source->model->buffers();
  const uint32_t count = buffers == nullptr ? 0 : buffers->size();
  if (in->buffer() == 0 || count == 0) {
    return true;
  }
  if (in->buffer() >= count) {
    trine_error_set(source->error, "tensor '%s' names buffer %u, the file has %u", out->name,
                    in->buffer(), count);
    return false;
  }
  const fb::Buffer *buffer = buffers->Get(in->buffer());
  if (buffer->offset() > 1 || in->external_buffer() != 0 || in->sparsity() != nullptr) {
    trine_error_set(source->error,
                    "tensor '%s' keeps its data outside or is sparse; only dense data inside of "
                    "the model are read",
                    out->name);
    return false;
  }
  const uint32_t size = size_of(in->type());
  if (buffer->data() == nullptr || buffer->data()->size() == 0 || size == 0) {
    return true;
  }
  if (buffer->data()->size() != out->elements * size) {
    trine_error_set(source->error, "tensor '%s' has %u bytes of data, its shape asks for %zu",
                    out->name, buffer->data()->size(), out->elements * size);
    return false;
  }
  const uint8_t *data = buffer->data()->data();
  if (in->type() == TFLITE_FLOAT32 && reinterpret_cast<uintptr_t>(data) % alignof(float) == 0) {
    out->floats = reinterpret_cast<const float *>(data);
    return true;
  }
  return unpack(source, in, data, out, packing);
}

bool read_shape(TfliteSource *source, const fb::Tensor *in, struct graph_tensor *out) {
  const auto *shape = in->shape();
  const auto *signature = in->shape_signature();
  const uint32_t rank = shape == nullptr ? 0 : shape->size();
  if (rank > GRAPH_MAX_RANK) {
    trine_error_set(source->error, "tensor '%s' has %u dimensions, the limit is %d", out->name,
                    rank, static_cast<int>(GRAPH_MAX_RANK));
    return false;
  }
  out->rank = rank;
  out->elements = 1;
  for (uint32_t n = 0; n < rank; n++) {
    const int32_t size = shape->Get(n);
    out->open[n] =
        size < 0 || (signature != nullptr && signature->size() == rank && signature->Get(n) < 0);
    out->shape[n] = size < 0 ? 1 : static_cast<uint32_t>(size);
    if (size > GRAPH_MAX_ELEMENTS ||
        (out->shape[n] > 0 &&
         out->elements > static_cast<size_t>(GRAPH_MAX_ELEMENTS) / out->shape[n])) {
      trine_error_set(source->error, "tensor '%s' has more than %d elements, the limit", out->name,
                      static_cast<int>(GRAPH_MAX_ELEMENTS));
      return false;
    }
    out->elements *= out->shape[n];
  }
  return true;
}

enum graph_type type_of(int type) {
  switch (type) {
    case TFLITE_FLOAT32:
    case TYPE_FLOAT16:
      return GRAPH_FLOAT;
    case TYPE_VARIANT:
      return GRAPH_LIST;
    case TYPE_RESOURCE:
      return GRAPH_HANDLE;
    default:
      return size_of(type) > 0 ? GRAPH_INT : GRAPH_ALIEN;
  }
}

// Whether computed rows of the file are quantised.
bool is_quantised_row(const fb::Tensor *in, const struct graph_tensor *tensor) {
  const bool packed =
      in->type() == TFLITE_INT8 || in->type() == TFLITE_UINT8 || in->type() == TFLITE_INT16;
  const auto *quantization = in->quantization();
  return packed && tensor->floats == nullptr && tensor->ints == nullptr &&
         quantization != nullptr && quantization->scale() != nullptr &&
         quantization->scale()->size() > 0;
}

bool read_tensors(TfliteSource *source, const fb::SubGraph *in, struct graph_sub *sub,
                  struct tflite_packing *packing) {
  const uint32_t count = in->tensors() == nullptr ? 0 : in->tensors()->size();
  if (count > source->tensors_left) {
    trine_error_set(source->error, "the file has more than %d tensors, the limit",
                    static_cast<int>(GRAPH_MAX_TENSORS));
    return false;
  }
  source->tensors_left -= count;
  auto *tensors = static_cast<struct graph_tensor *>(
      arena_alloc(source->arena, count, sizeof(struct graph_tensor)));
  for (uint32_t n = 0; n < count; n++) {
    const fb::Tensor *one = in->tensors()->Get(n);
    if (tensors == nullptr ||
        (tensors[n].name = tflite_copy_text(source->arena, one->name())) == nullptr) {
      trine_error_set(source->error, "no memory for %u tensors", count);
      return false;
    }
    tensors[n].type = type_of(one->type());
    tensors[n].type_name = tflite_type_name(one->type());
    tensors[n].is_state = one->is_variable();
    if (!read_shape(source, one, &tensors[n]) || !read_data(source, one, &tensors[n], packing)) {
      return false;
    }
    if (is_quantised_row(one, &tensors[n])) {
      packing->is_quantised = true;
      trine_error_set(source->error,
                      "tensor '%s' is %s: the file is quantised already; trine run takes it as it "
                      "is",
                      tensors[n].name, tensors[n].type_name);
      return false;
    }
  }
  sub->tensors = tensors;
  sub->tensor_count = count;
  return true;
}

bool read_sub(TfliteSource *source, const fb::SubGraph *in, struct graph_sub *sub,
              struct tflite_packing *packing) {
  if (!read_tensors(source, in, sub, packing) || !tflite_read_nodes(source, in, sub)) {
    return false;
  }
  sub->input_count = in->inputs() == nullptr ? 0 : in->inputs()->size();
  sub->output_count = in->outputs() == nullptr ? 0 : in->outputs()->size();
  if (sub->input_count > 1 << 12 || sub->output_count > 1 << 12) {
    trine_error_set(source->error, "a subgraph has %u inputs and %u outputs, the limit is %d",
                    sub->input_count, sub->output_count, 1 << 12);
    return false;
  }
  sub->inputs = tflite_read_list(source, in->inputs(), sub->tensor_count, false, "a subgraph");
  sub->outputs = sub->inputs == nullptr ? nullptr
                                        : tflite_read_list(source, in->outputs(), sub->tensor_count,
                                                           false, "a subgraph");
  return sub->outputs != nullptr;
}

}  // namespace

extern "C" bool tflite_graph_read(const void *bytes, size_t len_bytes, struct arena *arena,
                                  struct graph *graph, struct tflite_packing *packing,
                                  struct trine_error *error) {
  const fb::Model *model = nullptr;
  *packing = {false, false, false};
  if (tflite_open(bytes, len_bytes, arena, &model, error) != TRINE_OK) {
    return false;
  }
  const uint32_t count = model->subgraphs() == nullptr ? 0 : model->subgraphs()->size();
  if (count < 1 || count > GRAPH_MAX_SUBS) {
    trine_error_set(error, "the file has %u subgraphs, the range is 1..%d", count,
                    static_cast<int>(GRAPH_MAX_SUBS));
    return false;
  }
  auto *subs = static_cast<struct graph_sub *>(arena_alloc(arena, count, sizeof(struct graph_sub)));
  auto *names = static_cast<struct TfliteNames *>(arena_alloc(arena, 1, sizeof(TfliteNames)));
  if (subs == nullptr || names == nullptr) {
    trine_error_set(error, "no memory for %u subgraphs", count);
    return false;
  }
  TfliteSource source = {model,
                         arena,
                         error,
                         count,
                         GRAPH_MAX_NODES,
                         GRAPH_MAX_TENSORS,
                         (UINT64_C(1) << 20) + 4 * static_cast<uint64_t>(len_bytes),
                         names};
  for (uint32_t n = 0; n < count; n++) {
    if (!read_sub(&source, model->subgraphs()->Get(n), &subs[n], packing)) {
      return false;
    }
  }
  *graph = {count, subs, names->count, len_bytes};
  return true;
}
