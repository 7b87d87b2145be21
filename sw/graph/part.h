/* SPDX-License-Identifier: Apache-2.0 */
/* part: a part of a graph between named tensors instead of all of it: as the caller names it, or
 * found by trying where the whole cannot be read. Private to sw/graph. */
#ifndef TRINE_GRAPH_PART_H
#define TRINE_GRAPH_PART_H

#include "graph/reroll_model.h"
#include "onnx/onnx.h"

/* A part under way: its ends, and flags of the whole graph's tensors and nodes. */
struct graph_part {
  const struct graph_sub *sub; /* the whole */
  uint32_t input_count, output_count;
  int32_t inputs[GRAPH_MAX_ENDS], outputs[GRAPH_MAX_ENDS];
  bool *is_given, *is_known, *is_needed; /* [tensor_count] */
  bool *is_kept;                         /* [node_count] */
};

/* Begins a part without ends; to be given to part_free also after a failure, which is one of
 * memory.
 */
bool part_begin(const struct graph_sub *sub, struct graph_part *part)
    __attribute__((warn_unused_result));
void part_free(struct graph_part *part);
/* The graph's own ends. */
void part_own_inputs(struct graph_part *part);
void part_own_outputs(struct graph_part *part);
/* Which nodes are kept, once the ends are chosen; false when an output is not known then. */
bool part_keep(struct graph_part *part) __attribute__((warn_unused_result));
/* The part as the first subgraph of the model's graph; what it is made of lives in its arena. */
bool part_make(const struct graph_part *part, struct trine_reroll *model, struct trine_error *error)
    __attribute__((warn_unused_result));
bool part_is_constant(const struct graph_tensor *tensor);

/* Makes the model's graph the part from the tensors of cut->inputs to those of cut->outputs (NULL:
 * the file's own). False with the error set: no such tensor, or an output needs another input. */
bool part_take(struct trine_reroll *model, const struct trine_onnx_cut *cut,
               struct trine_error *error) __attribute__((warn_unused_result));

/* Adds to a refusal which part of the graph can be read, if one can; whether one can. */
bool part_suggest(const struct trine_reroll *model, struct trine_error *error);

#endif
