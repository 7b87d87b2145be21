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
bool find_tensor(const Selecting &s, const char *name, size_t length, int32_t *index) {
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
  if (length > 0 && name[0] >= '0' && name[0] <= '9' && end == name + length &&
      number < s.tensor_count) {
    *index = static_cast<int32_t>(number);
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

// The tensors that a list of names with commas between them means. A name may have a comma itself.
bool find_outputs(const Selecting &s, const char *names) {
  struct tflite_selection *selection = s.selection;
  const char *name = names;
  while (name != nullptr) {
    const char *comma = std::strchr(name, ',');
    const size_t length = comma == nullptr ? std::strlen(name) : static_cast<size_t>(comma - name);
    if (selection->output_count == TFLITE_MAX_OUTPUTS) {
      trine_error_set(s.error, "more than %d outputs are named, the limit",
                      static_cast<int>(TFLITE_MAX_OUTPUTS));
      return false;
    }
    if (!find_tensor(s, name, length, &selection->outputs[selection->output_count++])) {
      return false;
    }
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

const char *name_of(const Selecting &s, int32_t index, char room[TRINE_TEXT_ROOM]) {
  const bool known = index >= 0 && static_cast<uint32_t>(index) < s.tensor_count;
  const auto *name =
      known ? s.sub->tensors()->Get(static_cast<flatbuffers::uoffset_t>(index))->name() : nullptr;
  return trine_text_of(room, 40, name == nullptr ? "" : name->c_str());
}

// The file's own outputs.
bool own_outputs(const Selecting &s) {
  const Indices *outputs = s.sub->outputs();
  const uint32_t count = outputs == nullptr ? 0 : outputs->size();
  if (count < 1 || count > TFLITE_MAX_OUTPUTS) {
    trine_error_set(s.error, "the model has %u outputs, the range is 1..%d%s", count,
                    static_cast<int>(TFLITE_MAX_OUTPUTS),
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

// Operators that the outputs need, from the last to the first.
void select_needed(const Selecting &s, int32_t cut) {
  struct tflite_selection *selection = s.selection;
  const auto *operators = s.sub->operators();
  for (uint32_t i = 0; i < selection->output_count; i++) {
    selection->tensors[selection->outputs[i]] = true;
  }
  for (uint32_t i = operators == nullptr ? 0 : operators->size(); i-- > 0;) {
    const fb::Operator *op = operators->Get(i);
    const bool was_cut = cut >= 0 && selection->tensors[cut];
    if (cut >= 0) {
      selection->tensors[cut] = false;
    }
    selection->operators[i] = marks_any(s, op->outputs());
    if (was_cut) {
      selection->tensors[cut] = true;
    }
    if (!selection->operators[i]) {
      continue;
    }
    mark(s, op->outputs());
    mark(s, op->inputs());
  }
}

// The file's own input: of a part the only one that it needs.
bool own_input(const Selecting &s, bool is_part) {
  const Indices *inputs = s.sub->inputs();
  const uint32_t count = inputs == nullptr ? 0 : inputs->size();
  int32_t found[2] = {-1, -1};
  uint32_t needed = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (!in_range(s, inputs->Get(i), "input")) {
      return false;
    }
    if (is_part && !s.selection->tensors[inputs->Get(i)]) {
      continue;
    }
    if (needed < 2) {
      found[needed] = inputs->Get(i);
    }
    needed++;
  }
  if (needed == 1) {
    s.selection->input = found[0];
    return true;
  }
  char rooms[2][TRINE_TEXT_ROOM];
  if (needed == 0) {
    trine_error_set(s.error, "the model has %u inputs that it needs; 1 is supported", needed);
  } else {
    trine_error_set(s.error,
                    "the model has %u inputs ('%s', '%s'); 1 is supported: take the part behind a "
                    "tensor with --inputs and up to one with --outputs",
                    needed, name_of(s, found[0], rooms[0]), name_of(s, found[1], rooms[1]));
  }
  return false;
}

}  // namespace

bool tflite_select(const fb::Model *model, const struct tflite_part *part, struct arena *arena,
                   struct tflite_selection *selection, struct trine_error *error) {
  const fb::SubGraph *sub = model->subgraphs()->Get(0);
  const uint32_t tensors = sub->tensors() == nullptr ? 0 : sub->tensors()->size();
  const uint32_t operators = sub->operators() == nullptr ? 0 : sub->operators()->size();
  const bool is_part = part != nullptr && (part->input != nullptr || part->outputs != nullptr);
  const Selecting s = {sub, selection, error, tensors};
  *selection = {};
  selection->tensors = static_cast<bool *>(arena_alloc(arena, tensors + 1, sizeof(bool)));
  selection->operators = static_cast<bool *>(arena_alloc(arena, operators + 1, sizeof(bool)));
  if (selection->tensors == nullptr || selection->operators == nullptr) {
    trine_error_set(error, "no memory for %u operators", operators);
    return false;
  }
  int32_t cut = -1;
  if (is_part && part->input != nullptr &&
      !find_tensor(s, part->input, std::strlen(part->input), &cut)) {
    return false;
  }
  if (is_part && part->outputs != nullptr ? !find_outputs(s, part->outputs) : !own_outputs(s)) {
    return false;
  }
  if (is_part) {
    select_needed(s, cut);
  } else {
    for (uint32_t i = 0; i < operators; i++) {
      selection->operators[i] = true;
      mark(s, sub->operators()->Get(i)->inputs());
      mark(s, sub->operators()->Get(i)->outputs());
    }
    mark(s, sub->inputs());
    mark(s, sub->outputs());
  }
  if (cut < 0) {
    return own_input(s, is_part);
  }
  selection->input = cut;
  selection->tensors[cut] = true;
  return true;
}
