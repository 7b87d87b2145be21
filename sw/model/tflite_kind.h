/* SPDX-License-Identifier: Apache-2.0 */
/* tflite_kind: what sort of file a .tflite is and which part of it is meant, before that is read.
 * Private to the readers of .tflite (sw/model, sw/graph). */
#ifndef TRINE_MODEL_TFLITE_KIND_H
#define TRINE_MODEL_TFLITE_KIND_H

#include "io/error.h"
#include "model/arena.h"
#include "model/tflite_reader.h"
#include "tflite_generated.h"

// A copy of the file in the arena, verified: every offset in it stays inside. TRINE_ERR_ARG: there
// are no bytes; TRINE_ERR_FORMAT: it is no .tflite, or damaged; TRINE_ERR_MEMORY.
enum trine_status tflite_open(const void *bytes, size_t len_bytes, struct arena *arena,
                              const trine_tflite::Model **model, struct trine_error *error);

// A copy of a name that is safe to print: short, without control characters; nullptr: no memory.
const char *tflite_copy_text(struct arena *arena, const flatbuffers::String *text);

// The number of an operator's kind, -1 when it names none that the file has.
int tflite_code_of(const trine_tflite::Model *model, const trine_tflite::Operator *op);

// What of the first subgraph is read.
struct tflite_selection {
  bool *operators;  // [its operators]
  bool *tensors;    // [its tensors]: the ends, and what those operators read and write
  uint32_t input_count;
  int32_t inputs[TFLITE_MAX_ENDS];
  uint32_t output_count;
  int32_t outputs[TFLITE_MAX_ENDS];
};

// Finds the ends, of the file or of a part of it, and the operators between them; of the whole file
// all operators. False with the error set.
bool tflite_select(const trine_tflite::Model *model, const struct tflite_part *part,
                   struct arena *arena, struct tflite_selection *selection,
                   struct trine_error *error);

// Whether a verified file has a subgraph to read.
bool tflite_check_subgraphs(const trine_tflite::Model *model, struct trine_error *error);

// Whether the selected operators are all of a supported kind; if not, the sentence says what the
// file is instead and what to do: a loop or an unrolled LSTM before any other.
bool tflite_check_kind(const trine_tflite::Model *model, const struct tflite_selection *selection,
                       struct trine_error *error);

#endif
