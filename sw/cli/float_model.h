/* SPDX-License-Identifier: Apache-2.0 */
/* float_model: a trained float network from a file of either kind: an .onnx, or a .tflite of floats
 * whose LSTMs are put together again. */
#ifndef TRINE_CLI_FLOAT_MODEL_H
#define TRINE_CLI_FLOAT_MODEL_H

#include "graph/reroll.h"
#include "onnx/onnx.h"
#include "options.h"

struct cli_float_model {
  struct trine_onnx *onnx; /* one of these two */
  struct trine_reroll *reroll;
  const struct trine_float_network *network;
  char checked[200]; /* what the comparison with a .tflite's own operators gave */
};

/* Whether a file is read as .onnx: by the end of its name. */
bool cli_is_onnx(const char *path);

/* Loads the model of the options, cut as they say. To be given to cli_float_model_free also after a
 * failure. */
bool cli_float_model_load(const struct cli_options *options, struct cli_float_model *model,
                          struct trine_error *error) __attribute__((warn_unused_result));
void cli_float_model_free(struct cli_float_model *model);

/* What the caller has to know, a sentence each: number n, or NULL behind the last. */
const char *cli_float_model_note(const struct cli_float_model *model, uint32_t n);

/* The axes of the file's input, first to last. */
struct trine_onnx_layout cli_float_model_layout(const struct cli_float_model *model);

/* Whether the file means the same for data of that size; a .tflite is run by its own operators too
 * and compared. */
bool cli_float_model_agrees(struct cli_float_model *model, const struct trine_float_batch *batch,
                            struct trine_error *error) __attribute__((warn_unused_result));

#endif
