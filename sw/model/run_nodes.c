/* SPDX-License-Identifier: Apache-2.0 */
/* run_nodes: one host operator on one sequence, and the numbers of int32 inputs. */
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
      for (uint64_t i = 0; i < count; i++) {
        memcpy(out + i * sizeof(int32_t), &node->u.numbers[in[0][i] + 128], sizeof(int32_t));
      }
      return;
    }
    case NODE_TABLE: {
      const uint64_t count = target.n * (target.time ? steps : 1);
      for (uint64_t i = 0; i < count; i++) {
        out[i] = node->u.table[in[0][i] + 128];
      }
    }
  }
}

const void *model_input_of(const struct trine_model_batch *batch, uint32_t index) {
  return index == 0 ? batch->input : batch->more_inputs[index - 1];
}

/* The same of one input. */
static bool tokens_fit(const struct trine_model *model, const struct trine_model_batch *batch,
                       uint32_t index, struct trine_error *error) {
  const struct trine_model_end *end = &model->info.inputs[index];
  const uint32_t limit = model->compiled.token_limits[index];
  const uint64_t count =
      (uint64_t)batch->sequences * (end->has_time ? batch->steps : 1) * end->width;
  for (uint64_t n = 0; end->type == TRINE_DTYPE_INT32 && n < count; n++) {
    uint32_t b = 0, t = 0;
    int32_t token = 0;
    trine_model_place(model, -1 - (int32_t)index, batch->sequences, batch->steps, n, &b, &t);
    if (batch->lengths != NULL && t >= batch->lengths[b]) {
      continue;
    }
    memcpy(&token, (const uint8_t *)model_input_of(batch, index) + n * sizeof token, sizeof token);
    if (token < 0 || (uint32_t)token >= limit) {
      trine_error_set(error,
                      "the input has number %d in sequence %u, step %u; the table has rows 0 to %u",
                      token, b, t, limit - 1);
      return false;
    }
  }
  return true;
}

bool model_tokens_fit(const struct trine_model *model, const struct trine_model_batch *batch,
                      struct trine_error *error) {
  bool fit = true;
  for (uint32_t i = 0; fit && i < model->info.input_count; i++) {
    fit = tokens_fit(model, batch, i, error);
  }
  return fit;
}
