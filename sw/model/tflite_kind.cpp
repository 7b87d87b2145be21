/* SPDX-License-Identifier: Apache-2.0 */
/* tflite_kind: refuses files by their kind; see tflite_kind.h. */
#include "model/tflite_kind.h"

#include <cstring>

#include "io/text.h"
#include "model/tflite_reader.h"

namespace fb = trine_tflite;

const char *tflite_copy_text(struct arena *arena, const flatbuffers::String *text) {
  const size_t limit = 63;
  size_t length;
  if (text == nullptr) {
    length = 0;
  } else if (text->size() < limit) {
    length = text->size();
  } else {
    length = limit;
  }
  char *copy = static_cast<char *>(arena_alloc(arena, length + 1, 1));
  if (copy != nullptr && length > 0) {
    std::memcpy(copy, text->data(), length);
    trine_text_clean(copy);
  }
  return copy;
}

int tflite_code_of(const fb::Model *model, const fb::Operator *op) {
  const auto *codes = model->operator_codes();
  if (codes == nullptr || op->opcode_index() >= codes->size()) {
    return -1;
  }
  // Old writers fill only the byte-sized field, new ones both: the larger is the code.
  const fb::OperatorCode *code = codes->Get(op->opcode_index());
  return code->code() > code->deprecated_code() ? code->code() : code->deprecated_code();
}

enum trine_status tflite_open(const void *bytes, size_t len_bytes, struct arena *arena,
                              const fb::Model **model, struct trine_error *error) {
  const size_t limit = TFLITE_MAX_FILE_BYTES;
  if (bytes == nullptr || len_bytes < 8 || len_bytes > limit) {
    trine_error_set(error, "the file has %zu bytes, a .tflite model has 8 to %zu",
                    bytes == nullptr ? 0 : len_bytes, limit);
    return bytes == nullptr ? TRINE_ERR_ARG : TRINE_ERR_FORMAT;
  }
  auto *copy = static_cast<uint8_t *>(arena_alloc(arena, len_bytes, 1));
  if (copy == nullptr) {
    trine_error_set(error, "no memory for a model of %zu bytes", len_bytes);
    return TRINE_ERR_MEMORY;
  }
  std::memcpy(copy, bytes, len_bytes);
  if (!fb::ModelBufferHasIdentifier(copy)) {
    trine_error_set(
        error, "the file of %zu bytes is not a .tflite model: its bytes 4 to 7 have to be TFL3",
        len_bytes);
    return TRINE_ERR_FORMAT;
  }
  flatbuffers::Verifier verifier(copy, len_bytes);
  if (!fb::VerifyModelBuffer(verifier)) {
    trine_error_set(error, "the .tflite file of %zu bytes is truncated or damaged", len_bytes);
    return TRINE_ERR_FORMAT;
  }
  *model = fb::GetModel(copy);
  if ((*model)->version() != 3) {
    trine_error_set(error, "the .tflite schema version is %u, only 3 is known",
                    (*model)->version());
    return TRINE_ERR_FORMAT;
  }
  return TRINE_OK;
}

namespace {

// How much an operator tells of what a file is: a loop most, then what unrolls one.
int rank_of(int code) {
  switch (code) {
    case TFLITE_WHILE:
      return 3;
    case TFLITE_SPLIT:
    case TFLITE_SPLIT_V:
    case TFLITE_UNPACK:
      return 2;
    default:
      return tflite_is_supported(code) ? 0 : 1;
  }
}

// The name of an operator's first output, harmless; "" when it has none.
const char *output_name(const fb::SubGraph *sub, const fb::Operator *op,
                        char room[TRINE_TEXT_ROOM]) {
  const auto *outputs = op->outputs();
  const auto *tensors = sub->tensors();
  const int64_t index = outputs == nullptr || outputs->size() == 0 ? -1 : outputs->Get(0);
  const bool known = tensors != nullptr && index >= 0 && index < int64_t{tensors->size()};
  const auto *name =
      known ? tensors->Get(static_cast<flatbuffers::uoffset_t>(index))->name() : nullptr;
  return trine_text_of(room, 63, name == nullptr ? "" : name->c_str());
}

// A custom operator's own name, else that of its number.
const char *kind_name(const fb::Model *model, const fb::Operator *op, int code,
                      char room[TRINE_TEXT_ROOM]) {
  const auto *custom = model->operator_codes()->Get(op->opcode_index())->custom_code();
  return code == TFLITE_CUSTOM && custom != nullptr ? trine_text_of(room, 63, custom->c_str())
                                                    : tflite_code_name(code);
}

bool refuse_operator(const fb::Model *model, uint32_t index, struct trine_error *error) {
  const fb::SubGraph *sub = model->subgraphs()->Get(0);
  const fb::Operator *op = sub->operators()->Get(index);
  const int code = tflite_code_of(model, op);
  char output[TRINE_TEXT_ROOM], kind[TRINE_TEXT_ROOM];
  if (code < 0) {
    trine_error_set(error, "operator %u names operator code %u, the file has %u", index,
                    op->opcode_index(),
                    model->operator_codes() == nullptr ? 0 : model->operator_codes()->size());
    return false;
  }
  trine_error_set(error, "%s '%s' is not supported; %s (operator %u, code %d)",
                  kind_name(model, op, code, kind), output_name(sub, op, output),
                  tflite_way_out(code), index, code);
  return false;
}

}  // namespace

bool tflite_check_subgraphs(const fb::Model *model, struct trine_error *error) {
  const uint32_t count = model->subgraphs() == nullptr ? 0 : model->subgraphs()->size();
  if (count == 0) {
    trine_error_set(error, "the file has %u subgraphs, it needs 1", count);
  }
  return count != 0;
}

bool tflite_check_kind(const fb::Model *model, const struct tflite_selection *selection,
                       struct trine_error *error) {
  const uint32_t count = model->subgraphs()->size();
  const auto *operators = model->subgraphs()->Get(0)->operators();
  const uint32_t operator_count = operators == nullptr ? 0 : operators->size();
  uint32_t telling = 0;
  int best = 0;
  for (uint32_t i = 0; i < operator_count; i++) {
    const int rank = rank_of(tflite_code_of(model, operators->Get(i)));
    if (selection->operators[i] && rank > best) {
      best = rank;
      telling = i;
    }
  }
  if (best > 0) {
    return refuse_operator(model, telling, error);
  }
  if (count != 1) {
    trine_error_set(error,
                    "the file has %u subgraphs, the limit is 1: convert one signature (concrete "
                    "function) alone",
                    count);
    return false;
  }
  return true;
}
