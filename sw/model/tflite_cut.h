/* SPDX-License-Identifier: Apache-2.0 */
/* tflite_cut: of a file that cannot be run as it is, the part that can: found by trying. */
#ifndef TRINE_MODEL_TFLITE_CUT_H
#define TRINE_MODEL_TFLITE_CUT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/tflite_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Parts that are tried in full. */
enum { MAX_CUT_TRIALS = 24 };

/* Between which tensors, as the options of the command take them; "" is the file's own. Where the
 * input is a number, its name beside it, harmless. */
struct tflite_cut {
  char input[64], output[64], input_name[64];
};

/* Whether a part runs. */
typedef bool (*tflite_cut_runs)(void *context, const struct tflite_part *part);

/* The largest part of supported operators with an LSTM that `runs` agrees to; false when there is
 * none. */
bool tflite_find_cut(const void *bytes, size_t len_bytes, tflite_cut_runs runs, void *context,
                     struct tflite_cut *cut);

#ifdef __cplusplus
}
#endif

#endif
