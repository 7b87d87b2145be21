/* SPDX-License-Identifier: Apache-2.0 */
/* tflite_cut: parts of a file that may run although the whole does not; see tflite_cut.h. */
#include "model/tflite_cut.h"

#include <cstdio>
#include <cstring>
#include <string_view>

#include "io/text.h"
#include "model/tflite_kind.h"

namespace fb = trine_tflite;

namespace {

// Ends that are tried, of each side: the file's own, then what operators write.
enum { MAX_ENDS = 48 };

struct Ends {
  uint32_t count;
  int32_t tensor[MAX_ENDS];  // -1: the file's own
};

void add_end(const fb::Operator *op, Ends *ends) {
  const auto *outputs = op->outputs();
  if (ends->count < MAX_ENDS && outputs != nullptr && outputs->size() == 1 &&
      outputs->Get(0) >= 0) {
    ends->tensor[ends->count++] = outputs->Get(0);
  }
}

// The name of a tensor as it can be pasted: its own when that is short, plain and no other's, else
// (false) its number.
bool paste_name(const fb::SubGraph *sub, int32_t index, char *text, size_t size) {
  const auto *name = sub->tensors()->Get(static_cast<flatbuffers::uoffset_t>(index))->name();
  const std::string_view own = name == nullptr ? std::string_view() : name->string_view();
  bool plain = !own.empty() && own.size() < 48;
  for (uint32_t i = 0; plain && i < own.size(); i++) {
    plain = own[i] > ' ' && own[i] < 127 && std::strchr("'\"\\,`$!", own[i]) == nullptr;
  }
  for (uint32_t i = 0; plain && i < sub->tensors()->size(); i++) {
    const auto *other = sub->tensors()->Get(i)->name();
    plain = static_cast<int32_t>(i) == index || other == nullptr || other->string_view() != own;
  }
  if (plain) {
    (void)std::snprintf(text, size, "%.*s", static_cast<int>(own.size()), own.data());
  } else {
    (void)std::snprintf(text, size, "%d", index);
  }
  return plain;
}

// Of a tensor that is told by its number.
void tell_name(const fb::SubGraph *sub, int32_t index, char *text, size_t size) {
  const auto *name = sub->tensors()->Get(static_cast<flatbuffers::uoffset_t>(index))->name();
  char room[TRINE_TEXT_ROOM];
  (void)std::snprintf(text, size, "%s",
                      trine_text_of(room, 60, name == nullptr ? "" : name->c_str()));
}

bool has_lstm(const fb::Model *model, const struct tflite_selection *selection) {
  const auto *operators = model->subgraphs()->Get(0)->operators();
  for (uint32_t i = 0; i < operators->size(); i++) {
    if (selection->operators[i] && tflite_code_of(model, operators->Get(i)) == TFLITE_LSTM) {
      return true;
    }
  }
  return false;
}

// Whether all operators of a part are of a supported kind, and one is an LSTM.
bool may_run(const fb::Model *model, const struct tflite_part *part) {
  struct arena arena = {};
  struct tflite_selection selection = {};
  struct trine_error unused = {};
  const bool good = tflite_select(model, part, &arena, &selection, &unused) &&
                    has_lstm(model, &selection) && tflite_check_kind(model, &selection, &unused);
  arena_free(&arena);
  return good;
}

// A search for the part: what is tried, and what was.
struct Search {
  const fb::Model *model;
  tflite_cut_runs runs;
  void *context;
  struct tflite_cut *cut;
  int trials;
};

bool try_part(Search *search, int32_t in, int32_t out) {
  const fb::SubGraph *sub = search->model->subgraphs()->Get(0);
  const int32_t count = static_cast<int32_t>(sub->tensors()->size());
  struct tflite_cut *cut = search->cut;
  *cut = {};
  if ((in < 0 && out < 0) || in >= count || out >= count || in == out) {
    return false;
  }
  if (in >= 0 && !paste_name(sub, in, cut->input, sizeof cut->input)) {
    tell_name(sub, in, cut->input_name, sizeof cut->input_name);
  }
  if (out >= 0) {
    (void)paste_name(sub, out, cut->output, sizeof cut->output);
  }
  const struct tflite_part part = {in < 0 ? nullptr : cut->input, out < 0 ? nullptr : cut->output};
  if (!may_run(search->model, &part)) {
    return false;
  }
  search->trials++;
  return search->runs(search->context, &part);
}

// The latest output and the earliest input are the largest part.
bool search_all(Search *search) {
  const auto *operators = search->model->subgraphs()->Get(0)->operators();
  Ends inputs = {1, {-1}}, outputs = {1, {-1}};
  for (uint32_t i = 0; i < operators->size(); i++) {
    add_end(operators->Get(i), &inputs);
  }
  for (uint32_t i = operators->size(); i-- > 0;) {
    add_end(operators->Get(i), &outputs);
  }
  for (uint32_t k = 0; k < outputs.count; k++) {
    for (uint32_t i = 0; i < inputs.count && search->trials < MAX_CUT_TRIALS; i++) {
      if (try_part(search, inputs.tensor[i], outputs.tensor[k])) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

extern "C" bool tflite_find_cut(const void *bytes, size_t len_bytes, tflite_cut_runs runs,
                                void *context, struct tflite_cut *cut) {
  struct arena arena = {};
  struct trine_error unused;
  const fb::Model *model = nullptr;
  const bool opened = tflite_open(bytes, len_bytes, &arena, &model, &unused) == TRINE_OK;
  Search search = {model, runs, context, cut, 0};
  const bool found = opened && tflite_check_subgraphs(model, &unused) &&
                     model->subgraphs()->Get(0)->operators() != nullptr &&
                     model->subgraphs()->Get(0)->tensors() != nullptr && search_all(&search);
  arena_free(&arena);
  return found;
}
