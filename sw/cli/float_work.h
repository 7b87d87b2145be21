/* SPDX-License-Identifier: Apache-2.0 */
/* float_work: a float network from an .onnx or .tflite with data for it, batch first. */
#ifndef TRINE_CLI_FLOAT_WORK_H
#define TRINE_CLI_FLOAT_WORK_H

#include "float/float_run.h"
#include "float_model.h"
#include "io/array.h"
#include "options.h"

struct cli_float_work {
  struct cli_float_model model;
  const struct trine_float_network *network;
  struct trine_array data; /* as in the file */
  float *input;
  uint32_t *lengths;
  struct trine_float_batch batch;
};

/* Loads the model, input and lengths of the options. To be given to cli_float_work_free also after
 * a failure. */
bool cli_float_work_load(const struct cli_options *options, struct cli_float_work *work,
                         struct trine_error *error) __attribute__((warn_unused_result));
void cli_float_work_free(struct cli_float_work *work);

#endif
