/* SPDX-License-Identifier: Apache-2.0 */
/* data: what a graph is run on and what onnxruntime made of it, and how near that the reader's
 * network and its int8 model come, in the graph's own layout. */
#ifndef TRINE_ONNX_TEST_DATA_H
#define TRINE_ONNX_TEST_DATA_H

#include <stdbool.h>
#include <stddef.h>

#include "float/float_run.h"
#include "io/npz.h"
#include "onnx/onnx.h"

struct data {
  struct trine_array x[TRINE_FLOAT_MAX_GIVEN], lengths; /* of each input of the network */
  uint32_t output_count;
  struct trine_array y[TRINE_FLOAT_MAX_OUTPUTS]; /* of each output of the network */
  struct trine_float_batch batch;
  uint64_t size[2];                    /* of the first input's first and second axis */
  float *input[TRINE_FLOAT_MAX_GIVEN]; /* batch first */
  const float *more[TRINE_FLOAT_MAX_GIVEN];
  float *want[TRINE_FLOAT_MAX_OUTPUTS];
};

/* Arrays x, y (of further inputs x_NAME, of further outputs y_NAME), len with this ending; false
 * when they are not there, or are no such arrays. */
bool data_of_npz(struct trine_npz *npz, const char *ending, const struct trine_onnx *model,
                 struct data *data);
/* input.npy, expected.npy (of further ones input1.npy, expected1.npy, ...), and where it is there
 * lens.npy of a folder. */
bool data_of_folder(const char *folder, const struct trine_onnx *model, struct data *data);
void data_free(struct data *data);

/* Whether each output that the graph has (`outputs` of them) comes, or a note says why it does not.
 */
bool data_has_outputs(const struct trine_onnx *model, uint32_t outputs);

/* Whether the float network gives onnxruntime's values, in its shape; *what says how far off. near:
 * as near as onnxruntime's own int8 lets it be. */
bool data_compare_floats(const struct trine_onnx *model, const struct data *data, bool near,
                         char *what, size_t size);
/* Whether the int8 model of it is near. Not compared: an index of a largest value, since int8 may
 * well choose the other one of two that are near. Refused: by the quantiser, with a sentence. */
enum data_bytes { DATA_NEAR, DATA_NOT_COMPARED, DATA_REFUSED, DATA_FAR };
enum data_bytes data_compare_bytes(const struct trine_onnx *model, const struct data *data,
                                   char *what, size_t size);

#endif
