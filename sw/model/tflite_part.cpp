/* SPDX-License-Identifier: Apache-2.0 */
/* tflite_part: the ends of a model or of a part of it, and the operators between them; see
 * tflite_kind.h. */
#include <cstdlib>
#include <cstring>

#include "io/text.h"
#include "model/tflite_kind.h"

namespace fb = trine_tflite;

namespace {

struct Selecting {
  const fb::SubGraph *sub;
  struct tflite_selection *selection;
  struct trine_error *error;
  uint32_t tensor_count;
};

using Indices = flatbuffers::Vector<int32_t>;

// Marks the tensors of a list; indices that name none are left to the reader.
void mark(const Selecting &s, const Indices *list) {
  for (uint32_t i = 0; list != nullptr && i < list->size(); i++) {
    if (list->Get(i) >= 0 && static_cast<uint32_t>(list->Get(i)) < s.tensor_count) {
      s.selection->tensors[list->Get(i)] = true;
    }
  }
}

bool marks_any(const Selecting &s, const Indices *list) {
  for (uint32_t i = 0; list != nullptr && i < list->size(); i++) {
    const int32_t index = list->Get(i);
    if (index >= 0 && static_cast<uint32_t>(index) < s.tensor_count &&
        s.selection->tensors[index]) {
      return true;
    }
  }
  return false;
}

// A tensor by its name, or by its number where no name is that.
bool know_tensor(const Selecting &s, const char *name, size_t length, int32_t *index) {
  for (uint32_t i = 0; i < s.tensor_count; i++) {
    const auto *other = s.sub->tensors()->Get(i)->name();
    if (other != nullptr && other->size() == length &&
        std::memcmp(other->data(), name, length) == 0) {
      *index = static_cast<int32_t>(i);
      return true;
    }
  }
  char *end = nullptr;
  const unsigned long number = std::strtoul(name, &end, 10);
  const bool known = length > 0 && name[0] >= '0' && name[0] <= '9' && end == name + length &&
                     number < s.tensor_count;
  *index = known ? static_cast<int32_t>(number) : -1;
  return known;
}

bool find_tensor(const Selecting &s, const char *name, size_t length, int32_t *index) {
  if (know_tensor(s, name, length, index)) {
    return true;
  }
  char room[TRINE_TEXT_ROOM];
  const std::size_t kept = length < 63 ? length : 63;
  char text[64] = {0};
  std::memcpy(text, name, kept);
  trine_error_set(
      s.error, "the model has no tensor '%s'; it takes the name of one, or a number from 0 to %u",
      trine_text_of(room, 63, text), s.tensor_count - 1);
  return false;
}

// Tensors that ends of a model are.
struct Ends {
  const char *what;
  int32_t *list;
  uint32_t *count;
};

bool is_listed(const Ends &ends, int32_t index) {
  bool listed = false;
  for (uint32_t i = 0; i < *ends.count; i++) {
    listed = listed || ends.list[i] == index;
  }
  return listed;
}

// The tensors that a list of names with commas between them means; a name alone may have commas.
bool find_ends(const Selecting &s, const char *names, const Ends &ends) {
  const char *name = names;
  if (know_tensor(s, names, std::strlen(names), &ends.list[0])) {
    *ends.count = 1;
    return true;
  }
  while (name != nullptr) {
    const char *comma = std::strchr(name, ',');
    const size_t length = comma == nullptr ? std::strlen(name) : static_cast<size_t>(comma - name);
    int32_t index = -1;
    if (*ends.count == TFLITE_MAX_ENDS) {
      trine_error_set(s.error, "more than %d %ss are named, the limit",
                      static_cast<int>(TFLITE_MAX_ENDS), ends.what);
      return false;
    }
    if (!find_tensor(s, name, length, &index)) {
      return false;
    }
    if (is_listed(ends, index)) {
      trine_error_set(s.error, "tensor %d is named twice among the %ss; once is enough", index,
                      ends.what);
      return false;
    }
    ends.list[(*ends.count)++] = index;
    name = comma == nullptr ? nullptr : comma + 1;
  }
  return true;
}

bool in_range(const Selecting &s, int32_t index, const char *what) {
  if (index >= 0 && static_cast<uint32_t>(index) < s.tensor_count) {
    return true;
  }
  trine_error_set(s.error, "the model's %s is tensor %d, the model has %u", what, index,
                  s.tensor_count);
  return false;
}

// The file's own outputs.
bool own_outputs(const Selecting &s) {
  const Indices *outputs = s.sub->outputs();
  const uint32_t count = outputs == nullptr ? 0 : outputs->size();
  if (count < 1 || count > TFLITE_MAX_ENDS) {
    trine_error_set(s.error, "the model has %u outputs, the range is 1..%d%s", count,
                    static_cast<int>(TFLITE_MAX_ENDS),
                    count > 1 ? ": name those that are wanted with --outputs" : "");
    return false;
  }
  for (uint32_t i = 0; i < count; i++) {
    if (!in_range(s, outputs->Get(i), "output")) {
      return false;
    }
    for (uint32_t k = 0; k < i; k++) {
      if (outputs->Get(i) == outputs->Get(k)) {
        trine_error_set(s.error,
                        "the model has tensor %d as two of its outputs; each has to be another",
                        outputs->Get(i));
        return false;
      }
    }
    s.selection->outputs[i] = outputs->Get(i);
  }
  s.selection->output_count = count;
  return true;
}

// Operators that the outputs need, from the last to the first; what the named inputs are made of is
// not looked at.
void select_needed(const Selecting &s) {
  struct tflite_selection *selection = s.selection;
  const auto *operators = s.sub->operators();
  for (uint32_t i = 0; i < selection->output_count; i++) {
    selection->tensors[selection->outputs[i]] = true;
  }
  bool was_needed[TFLITE_MAX_ENDS] = {};
  for (uint32_t i = operators == nullptr ? 0 : operators->size(); i-- > 0;) {
    const fb::Operator *op = operators->Get(i);
    for (uint32_t k = 0; k < selection->input_count; k++) {
      was_needed[k] = selection->tensors[selection->inputs[k]];
      selection->tensors[selection->inputs[k]] = false;
    }
    selection->operators[i] = marks_any(s, op->outputs());
    for (uint32_t k = 0; k < selection->input_count; k++) {
      selection->tensors[selection->inputs[k]] = was_needed[k];
    }
    if (!selection->operators[i]) {
      continue;
    }
    mark(s, op->outputs());
    mark(s, op->inputs());
  }
}

// Marks what selected operators read, and the outputs.
void mark_read(const Selecting &s, bool *read) {
  const auto *operators = s.sub->operators();
  for (uint32_t i = 0; i < s.selection->output_count; i++) {
    read[s.selection->outputs[i]] = true;
  }
  for (uint32_t i = 0; operators != nullptr && i < operators->size(); i++) {
    const Indices *inputs = operators->Get(i)->inputs();
    for (uint32_t k = 0; s.selection->operators[i] && inputs != nullptr && k < inputs->size();
         k++) {
      if (inputs->Get(k) >= 0 && static_cast<uint32_t>(inputs->Get(k)) < s.tensor_count) {
        read[inputs->Get(k)] = true;
      }
    }
  }
}

// The file's own inputs, behind those that were named: of several those that are read. An only one
// is the input whatever becomes of it.
bool own_inputs(const Selecting &s, const bool *read, const Ends &ends) {
  const Indices *inputs = s.sub->inputs();
  const uint32_t count = inputs == nullptr ? 0 : inputs->size();
  for (uint32_t i = 0; i < count; i++) {
    const int32_t index = inputs->Get(i);
    if (!in_range(s, index, "input")) {
      return false;
    }
    if (is_listed(ends, index) || ((count > 1 || *ends.count > 0) && !read[index])) {
      continue;
    }
    if (*ends.count == TFLITE_MAX_ENDS) {
      trine_error_set(
          s.error,
          "the model has %u inputs, the limit is %d: take the part behind a tensor with "
          "--inputs and up to one with --outputs",
          count, static_cast<int>(TFLITE_MAX_ENDS));
      return false;
    }
    ends.list[(*ends.count)++] = index;
    s.selection->tensors[index] = true;
  }
  if (*ends.count == 0) {
    trine_error_set(s.error, "the model has 0 inputs that it needs, the range is 1..%d",
                    static_cast<int>(TFLITE_MAX_ENDS));
  }
  return *ends.count > 0;
}

}  // namespace

bool tflite_select(const fb::Model *model, const struct tflite_part *part, struct arena *arena,
                   struct tflite_selection *selection, struct trine_error *error) {
  const fb::SubGraph *sub = model->subgraphs()->Get(0);
  const uint32_t tensors = sub->tensors() == nullptr ? 0 : sub->tensors()->size();
  const uint32_t operators = sub->operators() == nullptr ? 0 : sub->operators()->size();
  const bool is_part = part != nullptr && (part->inputs != nullptr || part->outputs != nullptr);
  const Selecting s = {sub, selection, error, tensors};
  const Ends inputs = {"input", selection->inputs, &selection->input_count};
  const Ends outputs = {"output", selection->outputs, &selection->output_count};
  *selection = {};
  selection->tensors = static_cast<bool *>(arena_alloc(arena, tensors + 1, sizeof(bool)));
  selection->operators = static_cast<bool *>(arena_alloc(arena, operators + 1, sizeof(bool)));
  auto *read = static_cast<bool *>(arena_alloc(arena, tensors + 1, sizeof(bool)));
  if (selection->tensors == nullptr || selection->operators == nullptr || read == nullptr) {
    trine_error_set(error, "no memory for %u operators", operators);
    return false;
  }
  if (is_part && part->inputs != nullptr && !find_ends(s, part->inputs, inputs)) {
    return false;
  }
  if (is_part && part->outputs != nullptr ? !find_ends(s, part->outputs, outputs)
                                          : !own_outputs(s)) {
    return false;
  }
  if (is_part) {
    select_needed(s);
  } else {
    for (uint32_t i = 0; i < operators; i++) {
      selection->operators[i] = true;
      mark(s, sub->operators()->Get(i)->inputs());
      mark(s, sub->operators()->Get(i)->outputs());
    }
    mark(s, sub->inputs());
    mark(s, sub->outputs());
  }
  for (uint32_t k = 0; k < selection->input_count; k++) {
    selection->tensors[selection->inputs[k]] = true;
  }
  mark_read(s, read);
  return own_inputs(s, read, inputs);
}
