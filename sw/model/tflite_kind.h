/* SPDX-License-Identifier: Apache-2.0 */
/* tflite_kind: what sort of file a .tflite is, before its parts are read. Private to sw/model. */
#ifndef TRINE_MODEL_TFLITE_KIND_H
#define TRINE_MODEL_TFLITE_KIND_H

#include "io/error.h"
#include "tflite_generated.h"

// The number of an operator's kind, -1 when it names none that the file has.
int tflite_code_of(const trine_tflite::Model *model, const trine_tflite::Operator *op);

// Whether a verified file is of one subgraph, whose operators are all of a supported kind; if not,
// the sentence says what it is instead and what to do: a loop or an unrolled LSTM before any other.
bool tflite_check_kind(const trine_tflite::Model *model, struct trine_error *error);

#endif
