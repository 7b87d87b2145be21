/* SPDX-License-Identifier: Apache-2.0 */
/* run: evaluates a graph, loops, lists and variables included: on numbers, for the file's own
 * arithmetic, or on symbols, for what the file computes. One evaluator does both: what is known is
 * computed, what is not becomes a symbol. Private to sw/graph. */
#ifndef TRINE_GRAPH_RUN_H
#define TRINE_GRAPH_RUN_H

#include "graph/symbol.h"
#include "graph/value.h"

enum { RUN_MAX_DEPTH = 8, RUN_MAX_OPERANDS = 1 << 12 };

struct run {
  const struct graph *graph;
  struct symbols *symbols; /* NULL: only numbers come in */
  struct budget budget;
  uint64_t granted;         /* the work that the budget began with */
  struct value **variables; /* [variable_count] what each holds; NULL: nothing yet */
  bool *is_state;           /* [variable_count] assigned by the graph itself, not by CALL_ONCE */
  bool *is_called;          /* [sub_count] by CALL_ONCE already */
  bool is_initialising;
  uint32_t depth;
  const struct graph_sub *sub; /* of the node under way */
  const struct graph_node *node;
  uint32_t foreign; /* 1 + the index of an operator of the first subgraph that nothing can be done
                       with, when that was what was refused */
  struct trine_error *error;
};

/* Work for a file of so many bytes. */
#define RUN_FREE_WORK (UINT64_C(1) << 26)
#define RUN_WORK_PER_BYTE (UINT64_C(1) << 12)
/* And bytes of values at once, symbols and matrices. */
#define RUN_FREE_BYTES (UINT64_C(1) << 27)
#define RUN_BYTES_PER_BYTE (UINT64_C(1) << 10)
#define RUN_MAX_BYTES (UINT64_C(1) << 32)

/* Runs the first subgraph: `inputs` are its inputs' values (the caller's still), `outputs` receives
 * a value with one use each. False with the error set, and all outputs NULL. */
bool run_graph(struct run *run, struct value *const *inputs, struct value **outputs)
    __attribute__((warn_unused_result));

/* Calls another subgraph; operands as for run_graph. */
bool run_sub(struct run *run, uint32_t sub, struct value *const *inputs, uint32_t input_count,
             struct value **outputs, uint32_t output_count) __attribute__((warn_unused_result));

/* Sets the error: "KIND 'output': ..."; returns false. */
bool run_refuse(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Takes work out of the budget; false with the error set when it is spent. */
bool run_spend(struct run *run, uint64_t work) __attribute__((warn_unused_result));
/* The same for memory that is given back with the run; to be looked at for what lives shortly. */
bool run_take(struct run *run, uint64_t bytes) __attribute__((warn_unused_result));
bool run_has_room(struct run *run, uint64_t bytes) __attribute__((warn_unused_result));
bool run_no_memory(struct run *run);

/* A family of operators: fills the node's outputs from its inputs (NULL: left out). False with the
 * error set. */
typedef bool (*run_operator)(struct run *run, struct value **in, struct value **out);

bool run_reshape(struct run *run, struct value **in, struct value **out);
bool run_split(struct run *run, struct value **in, struct value **out);
bool run_concat(struct run *run, struct value **in, struct value **out);
bool run_shape(struct run *run, struct value **in, struct value **out);
bool run_select(struct run *run, struct value **in, struct value **out);
bool run_reduce(struct run *run, struct value **in, struct value **out);
bool run_binary(struct run *run, struct value **in, struct value **out);
bool run_unary(struct run *run, struct value **in, struct value **out);
bool run_dense(struct run *run, struct value **in, struct value **out);
bool run_softmax(struct run *run, struct value **in, struct value **out);
bool run_lstm(struct run *run, struct value **in, struct value **out);
bool run_control(struct run *run, struct value **in, struct value **out);
bool run_loop(struct run *run, struct value **in, struct value **out);
bool run_state(struct run *run, struct value **in, struct value **out);
bool run_list(struct run *run, struct value **in, struct value **out);

/* Items picked from a value by number, in a new shape: false with the error set. from NULL: all
 * SIZE_MAX. A from of SIZE_MAX is a 0. */
struct value *run_pick(struct run *run, struct value *from, uint32_t rank, const uint32_t *shape,
                       const size_t *numbers) __attribute__((warn_unused_result));
/* Room for numbers of items; NULL with the error set. To be given to free. */
size_t *run_numbers(struct run *run, size_t count) __attribute__((warn_unused_result));
/* Operand n as whole numbers that are known; NULL with the error set. */
const struct value *run_ints(struct run *run, struct value **in, uint32_t n);
/* An axis counted from the front; false with the error set. */
bool run_axis(struct run *run, int64_t axis, uint32_t rank, uint32_t *found);

/* Parts of the families that others use. */
/* Values side by side along an axis, which `packs` makes a new one. */
struct value *run_joined(struct run *run, struct value **in, uint32_t count, int32_t along_axis,
                         bool packs) __attribute__((warn_unused_result));
struct value *run_broadcast(struct run *run, struct value *value, uint32_t rank,
                            const uint32_t *shape) __attribute__((warn_unused_result));
/* The shape that operands have together; false with the error set. */
bool run_together(struct run *run, struct value *const *in, uint32_t count, uint32_t *rank,
                  uint32_t *shape);
/* The state of a variable where a run on symbols begins; NULL with the error set. */
struct value *run_state_symbol(struct run *run, uint32_t variable, uint32_t rank,
                               const uint32_t *shape) __attribute__((warn_unused_result));
/* A whole number as a float can hold it. */
int64_t run_to_int(float number);
struct value *run_add(struct run *run, enum graph_kind kind, struct value *a, struct value *b)
    __attribute__((warn_unused_result));
struct value *run_apply(struct run *run, enum graph_kind kind, float number, struct value *a)
    __attribute__((warn_unused_result));
/* x [..][k] times w [units][k] (numbers), and bias [units] or NULL. */
struct value *run_product(struct run *run, struct value *x, const float *w, uint32_t units,
                          uint32_t width, const float *bias) __attribute__((warn_unused_result));
/* The fused activation of the node, in place of *value. */
bool run_activate(struct run *run, struct value **value) __attribute__((warn_unused_result));
/* A node of any operator over all its operands. */
bool run_other(struct run *run, struct value *const *in, uint32_t in_count, uint32_t rank,
               const uint32_t *shape, struct value **out) __attribute__((warn_unused_result));

#endif
