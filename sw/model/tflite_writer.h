/* SPDX-License-Identifier: Apache-2.0 */
/* tflite_writer: writes .tflite models, tensor by tensor and operator by operator, in the reader's
 * structures. Nothing is checked: any file can be made, broken ones too. */
#ifndef TRINE_MODEL_TFLITE_WRITER_H
#define TRINE_MODEL_TFLITE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/tflite_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

struct tflite_writer;

/* An empty model; free it with tflite_writer_free. Short memory: NULL here, -1 and
 * UINT32_MAX instead of an index, NULL instead of bytes. */
struct tflite_writer *tflite_writer_new(void);
void tflite_writer_free(struct tflite_writer *model);

/* Adds a tensor and returns its index. scale 0: not quantised. data NULL: computed or variable. The
 * name and the data are copied. */
struct tflite_new_tensor {
  const char *name;
  int type;
  uint32_t rank;
  int32_t shape[TFLITE_MAX_RANK];
  float scale;
  int64_t zero_point;
  const float *row_scales; /* [shape[0]] instead of scale, not copied before bytes; NULL: none */
  bool variable;
  const void *data;
  size_t len_bytes;
  uint32_t shared; /* 0, or 1 + the index of an earlier tensor whose data this one has */
};
int32_t tflite_writer_tensor(struct tflite_writer *model, const struct tflite_new_tensor *tensor);

/* Adds an operator as the reader's structure describes it; returns its index. */
uint32_t tflite_writer_operator(struct tflite_writer *model, const struct tflite_operator *op);

/* How many have been added. */
uint32_t tflite_writer_tensors(const struct tflite_writer *model);
uint32_t tflite_writer_operators(const struct tflite_writer *model);

/* What was added, to be changed: for tests of refusal. A tensor's data cannot be. */
struct tflite_operator *tflite_writer_operator_at(struct tflite_writer *model, uint32_t index);
struct tflite_new_tensor *tflite_writer_tensor_at(struct tflite_writer *model, int32_t index);

/* The file's bytes, valid until the next call with this model. */
const uint8_t *tflite_writer_bytes(struct tflite_writer *model, int32_t input, int32_t output,
                                   size_t *len_bytes);
/* The same with several outputs; with several inputs too. */
const uint8_t *tflite_writer_bytes_of(struct tflite_writer *model, int32_t input,
                                      const int32_t *outputs, uint32_t count, size_t *len_bytes);
struct tflite_new_ends {
  uint32_t input_count, output_count;
  const int32_t *inputs, *outputs;
};
const uint8_t *tflite_writer_bytes_between(struct tflite_writer *model,
                                           const struct tflite_new_ends *ends, size_t *len_bytes);

#ifdef __cplusplus
}
#endif

#endif
