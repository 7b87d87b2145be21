/* SPDX-License-Identifier: Apache-2.0 */
/* work: a case of the benchmark with its weights and data, and what the golden model makes of it.
 */
#ifndef TRINE_BENCH_WORK_H
#define TRINE_BENCH_WORK_H

#include "cases.h"
#include "io/array.h"
#include "model/model.h"

struct bench_work {
  const struct bench_case *what;
  struct trine_model *model; /* NULL: random weights, then what follows is its own */
  struct trine_layer layers[BENCH_MAX_LSTM];
  struct trine_tensor tensors[2];
  struct trine_chain chain;
  struct trine_network own_network;
  const struct trine_network *network;
  struct trine_array data; /* of a model's input */
  int8_t *random_input;
  uint32_t *lengths;
  uint64_t output_bytes;
  uint64_t macs; /* as the golden model counts them */
  int8_t *golden;
  struct trine_batch batch; /* without output */
};

/* Loads or draws all of a case and runs the golden model; to be given to bench_work_free also after
 * a failure. *work must not move: it points into itself. folder: of the models. */
bool bench_work_load(const struct bench_case *what, const char *folder, struct bench_work *work,
                     struct trine_error *error) __attribute__((warn_unused_result));
void bench_work_free(struct bench_work *work);

/* Cycles of one core of `macs` MACs, and of the best cut of whole consecutive layers on at most
 * `cores` of them, from products alone: no padding and no latency, but the fill of the pipeline.
 * What can run at the same time is cut in one go; what needs its whole output comes after it. */
double bench_whole_cycles(const struct bench_work *work, uint32_t macs);
double bench_cut_cycles(const struct bench_work *work, uint32_t macs, uint32_t cores);

#endif
