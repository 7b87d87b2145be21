/* SPDX-License-Identifier: Apache-2.0 */
/* host_ops: what moves or renames bytes between the networks of a model, run on the host, one
 * sequence at a time: views (TRANSPOSE, STRIDED_SLICE, REVERSE_V2), CONCATENATION, tables
 * (activations, QUANTIZE and DEQUANTIZE between int8 values), and what takes whole rows
 * (SOFTMAX, ARG_MAX). */
#ifndef TRINE_MODEL_HOST_OPS_H
#define TRINE_MODEL_HOST_OPS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/prepare.h"

enum { HOST_MAX_SOURCES = TFLITE_MAX_INPUTS };

/* n places, or n places a step. */
struct extent {
  bool time;
  uint64_t n;
};

/* One axis of the source of a view: output index i reads place first + i * step of it. */
struct view_source {
  struct extent size;
  int64_t first;
  bool from_end; /* first counts from the end of the axis: -1 is the last place */
  int64_t step;
};

/* A selection and permutation of axes. Output axis i runs along source axis `from` (-1: size 1). */
struct view {
  uint32_t source_rank, rank;
  struct view_source source[TFLITE_MAX_RANK];
  struct {
    int from;
    struct extent size;
  } out[TFLITE_MAX_RANK];
};

/* Outer places, each of them one run of every source. */
struct concat {
  struct extent outer;
  uint32_t source_count;
  struct extent inner[HOST_MAX_SOURCES];
};

/* `rows` rows of `width` bytes. */
struct host_rows {
  struct extent rows;
  uint32_t width;
  const int32_t *exp;   /* SOFTMAX, model/heads.h; NULL: ARG_MAX */
  uint32_t index_bytes; /* of ARG_MAX's results: 4 or 8 */
};

/* Runs on one sequence of `steps` steps. ARG_MAX writes numbers in the host's byte order. */
void host_view(const struct view *view, uint32_t steps, const int8_t *in, int8_t *out);
void host_concat(const struct concat *concat, uint32_t steps, const int8_t *const *in, int8_t *out);
void host_rows(const struct host_rows *rows, uint32_t steps, const int8_t *in, int8_t *out);

/* Whether a view turns every sequence around in time and changes nothing else; whether it keeps
 * the last step and nothing else; whether it changes no byte's place at all. */
bool view_is_reversal(const struct view *view);
bool view_is_last_step(const struct view *view);
bool view_is_identity(const struct view *view);

/* QUANTIZE of a float, as the reference kernel rounds (model/rounding.h). */
int8_t host_quantize(float value, struct quant to);
/* DEQUANTIZE. */
float host_dequantize(int8_t value, struct quant from);
/* Table [256], index is the byte + 128: through float (DEQUANTIZE, then QUANTIZE), or QUANTIZE
 * straight from int8 to int8. */
void host_table_float(struct quant from, struct quant to, int8_t table[256]);
bool host_table_requantize(struct quant from, struct quant to, int8_t table[256]);
/* LEAKY_RELU and ELU; false when the reference could leave 32 bits. */
bool host_table_leaky(struct quant from, struct quant to, float alpha, int8_t table[256]);
/* 1 / sqrt of bytes that stand for 0 and more (zero point -128); factor: 1 / (sqrt(from) * to). */
bool host_table_rsqrt(struct quant from, struct quant to, int8_t table[256]);
bool host_table_rsqrt_by(double factor, int32_t zero_point, int8_t table[256]);
bool host_table_elu(struct quant from, struct quant to, int8_t table[256]);

#endif
