/* SPDX-License-Identifier: Apache-2.0 */
/* run_nodes: one host operator on one sequence, and the numbers of an int32 input. */
#include <string.h>

#include "model/model_internal.h"

void model_run_node(const struct node *node, struct extent target, uint32_t steps,
                    const int8_t *const *in, int8_t *out) {
  switch (node->kind) {
    case NODE_LAYER:
      return; /* run by networks */
    case NODE_VIEW:
      host_view(node->u.view, steps, in[0], out);
      return;
    case NODE_CONCAT:
      host_concat(node->u.concat, steps, in, out);
      return;
    case NODE_ROWS:
      host_rows(node->u.rows, steps, in[0], out);
      return;
    case NODE_BINARY: {
      /* What is no constant is read in the order of the sources. */
      const bool constant = node->u.binary->operand[0].constant != NULL;
      const int8_t *const both[2] = {constant ? NULL : in[0],
                                     node->source_count == 2 ? in[1] : in[0]};
      host_binary(node->u.binary, steps, both, out);
      return;
    }
    case NODE_REDUCE:
      host_reduce(node->u.reduce, steps, in[0], out);
      return;
    case NODE_GATHER:
      host_gather(node->u.gather, steps, in[0], out);
      return;
    case NODE_NUMBERS: {
      const uint64_t count = target.n * (target.time ? steps : 1) / sizeof(int32_t);
      for (uint64_t i = 0; i < count; i++)
        memcpy(out + i * sizeof(int32_t), &node->u.numbers[in[0][i] + 128], sizeof(int32_t));
      return;
    }
    case NODE_TABLE: {
      const uint64_t count = target.n * (target.time ? steps : 1);
      for (uint64_t i = 0; i < count; i++)
        out[i] = node->u.table[in[0][i] + 128];
    }
  }
}

/* Step of value n of sequence b in the caller's array, and its place there. */
static size_t token_place(const struct trine_model *model, const struct trine_model_batch *batch,
                          uint32_t b, uint32_t t) {
  const struct trine_model_end *end = &model->info.input;
  const size_t row = !end->has_time    ? b
                     : end->time_major ? (size_t)t * batch->sequences + b
                                       : (size_t)b * batch->steps + t;
  return row * end->width * sizeof(int32_t);
}

bool model_tokens_fit(const struct trine_model *model, const struct trine_model_batch *batch,
                      struct trine_error *error) {
  const struct trine_model_end *end = &model->info.input;
  if (end->type != TRINE_DTYPE_INT32)
    return true;
  for (uint32_t b = 0; b < batch->sequences; b++) {
    const uint32_t steps = !end->has_time           ? 1
                           : batch->lengths == NULL ? batch->steps
                                                    : batch->lengths[b];
    for (uint32_t t = 0; t < steps; t++) {
      const uint8_t *row = (const uint8_t *)batch->input + token_place(model, batch, b, t);
      for (uint32_t n = 0; n < end->width; n++) {
        int32_t token = 0;
        memcpy(&token, row + n * sizeof token, sizeof token);
        if (token < 0 || (uint32_t)token >= model->compiled.token_limit) {
          trine_error_set(error,
                          "the input has number %d in sequence %u, step %u; the table has rows 0 "
                          "to %u",
                          token, b, t, model->compiled.token_limit - 1);
          return false;
        }
      }
    }
  }
  return true;
}
