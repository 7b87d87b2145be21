/* SPDX-License-Identifier: Apache-2.0 */
/* write_internal: the parts that a .tflite is written of. Private to write*.c. */
#ifndef TRINE_QUANTIZE_WRITE_INTERNAL_H
#define TRINE_QUANTIZE_WRITE_INTERNAL_H

#include "model/tflite_writer.h"
#include "quantize/write.h"

struct writing {
  const struct trine_float_network *network;
  const struct ranges *ranges;
  struct tflite_writer *file;
  uint32_t steps;
  bool per_row, clamps;
  int32_t *tensors; /* [value_count] index in the file */
  int32_t *states;  /* [node_count][2] h and c of LSTMs */
  float *scales;    /* rows' scales that the file still points to */
  size_t scale_count, scale_room;
  bool lost; /* memory was short */
  struct trine_error *error;
};

/* Each adds a tensor and returns its index; `lost` is set when memory is short. */
int32_t write_tensor(struct writing *writing, const struct tflite_new_tensor *tensor);
/* Weights [rows][columns], and the bias that their products with values of a scale are added to;
 * NULL: none. */
struct write_weights {
  uint32_t rows, columns;
  const float *weights, *bias;
  float input_scale;
};
/* A symmetric matrix; *scales: those of its rows, the same for all per tensor. */
int32_t write_matrix(struct writing *writing, const char *name, const struct write_weights *of,
                     const float **scales);
/* A bias at the scale of its row's products; zeros where there is none. */
int32_t write_bias(struct writing *writing, const struct write_weights *of, const float *scales);
/* A symmetric row of one number for each column. */
int32_t write_columns(struct writing *writing, const float *columns, uint32_t width);
/* Whole numbers, rank 0 or 1. */
int32_t write_list(struct writing *writing, uint32_t rank, const int32_t *values, uint32_t count);
/* The same numbers as a tensor of their own, as that value has them. */
int32_t write_copy(struct writing *writing, int32_t x, uint32_t value);
/* Turns the time axis of a tensor round. */
int32_t write_reverse(struct writing *writing, int32_t x, const struct tflite_new_tensor *y);

/* The shape that a value has in the file, for one sequence. */
struct tflite_new_tensor write_shaped(const struct writing *writing, uint32_t value);

/* An operator without inputs yet, and its end: its output is that value of the network. */
struct tflite_operator write_new_operator(int code, uint32_t input_count);
void write_finish(struct writing *writing, struct tflite_operator *op, uint32_t value);

/* A value that was written, in the layout of the graph; the index of that tensor. */
int32_t write_in_layout(struct writing *writing, int32_t tensor, uint32_t value,
                        const struct trine_onnx_layout *layout);

/* What moves rows and what makes each value of one: all but layers. False with the error set: it
 * cannot be written. */
bool write_rows(struct writing *writing, const struct trine_float_node *node);

/* Sets the error; returns false. */
bool write_refuse(struct writing *writing, const struct trine_float_node *node, const char *why);

#endif
