/* SPDX-License-Identifier: Apache-2.0 */
/* walk: what is known of each value of a graph while its nodes are gone through, and the network
 * that comes of them. Private to sw/onnx. */
#ifndef TRINE_ONNX_WALK_H
#define TRINE_ONNX_WALK_H

#include "float/float_network.h"
#include "onnx/constant.h"
#include "onnx/onnx.h"

/* What an axis of rows is. The first two axes of a graph's input are open until a layer says which
 * of them is time. */
enum row_axis {
  AXIS_ONE,           /* of size 1, without meaning */
  AXIS_OPEN0,         /* batch or time: first axis of the input */
  AXIS_OPEN1,         /* batch or time: second axis of the input */
  AXIS_MERGED,        /* both as one, first before second */
  AXIS_MERGED_TURNED, /* both as one, second before first */
  AXIS_STEPS,         /* steps of a number of their own (trine_float_value.steps) */
  AXIS_BATCH_STEPS,   /* batch and these as one, batch before steps */
  AXIS_STEPS_BATCH,   /* steps before batch */
  AXIS_PARTS,         /* the directions of a layer, or layers: one value each */
  AXIS_WIDTH          /* the row itself */
};

enum {
  MAX_PARTS = TRINE_FLOAT_MAX_INPUTS,
  MAX_AXES = TRINE_ONNX_MAX_AXES,
  MAX_NOTES = 16,
  MAX_OUTPUTS = 64, /* of a graph, of which the network has fewer */
  NOTE_BYTES = 256
};

/* Rows that a network computes: which values, and in which layout the graph has them.
 *
 * The axes are those of the graph's value, one for one: what a node says by an axis' number or
 * size holds for them exactly. Only an axis of size 1 may be gone: an open one that the input
 * fixes to 1, or the row's when it has one value. */
struct rows {
  uint32_t rank;
  enum row_axis axis[MAX_AXES];
  uint32_t part_count;
  uint32_t part[MAX_PARTS]; /* indices of values; more than one along AXIS_PARTS */
  bool is_turned;           /* the graph has the steps from the last to the first */
};

enum walk_value_kind {
  VALUE_NONE,  /* not needed, or not computed yet */
  VALUE_ARRAY, /* a constant */
  VALUE_ROWS,
  VALUE_STATE /* an input that carries initial states or lengths */
};

struct walk_value {
  const char *name;
  enum walk_value_kind kind;
  const char *source; /* VALUE_STATE: the input of the graph that it comes from */
  bool is_moved;      /* VALUE_STATE: its numbers are no longer in the order of the input */
  int32_t offset;     /* VALUE_STATE: what was added to it */
  int64_t columns;    /* VALUE_STATE: how often Expand repeats it along its last axis; 0: not */
  struct onnx_array *array;
  struct rows rows;
  uint32_t uses;  /* by nodes that are needed */
  bool is_wanted; /* by a node that is needed, or by the caller */
  bool is_given;  /* an input of the network, whatever the graph makes it of */
  bool is_start;  /* an LSTM starts from it, or has its lengths from it; as it is, or handed on */
};

/* What is known of a value of the network beyond what the network says. */
struct made {
  uint32_t node;  /* that makes it; UINT32_MAX: none */
  bool is_forked; /* more than one node of the graph reads it, under whatever names */
  bool is_end;    /* final state of an LSTM: */
  bool is_cell;   /* its cell, from which only another LSTM may start */
  uint32_t lstm;  /* is_end: that node */
};

struct walk {
  struct onnx_fold fold;
  const Onnx__Graph *graph;
  struct trine_onnx_cut cut;
  /* Values, sorted by name. */
  struct walk_value *values;
  size_t value_count;
  /* The network. */
  struct trine_float_network network;
  struct trine_float_value *made_values;
  struct trine_float_node *made_nodes;
  struct made *made; /* by index of a value */
  uint32_t made_room;
  uint64_t made_floats; /* widths of all values together */
  bool has_time_axis;   /* which of the open axes is time is known */
  bool has_lstm;        /* an LSTM was reached */
  enum row_axis time_axis;
  int64_t open_size[2];          /* of AXIS_OPEN0 and AXIS_OPEN1 as the file has them; 0: any */
  const Onnx__Node *fixed_by[2]; /* the node that fixed a size which the input leaves open */
  bool chose_outputs;            /* the caller did, by name */
  bool tells_quantized;          /* a note says that activations were quantised */
  /* Lengths: the input that the LSTMs have them from, and nodes that cannot be beside such ones. */
  const char *lengths;
  const Onnx__Node *has_none, *takes_end;
  const Onnx__Node *ends_whole; /* an LSTM whose final state is that of whole sequences */
  /* The input of lengths by which a node takes last steps, and that node. */
  const char *ends_by;
  const Onnx__Node *gathers;
  /* Inputs of rows, in the order of the network's; the one whose first axes are the open ones,
   * whether each is whole numbers, and which of the open axes is the batch, as far as several want
   * to know. */
  const char *given[TRINE_FLOAT_MAX_GIVEN];
  uint32_t given_count, lead;
  bool are_symbols[TRINE_FLOAT_MAX_GIVEN];
  enum row_axis batch_axis;
  const char *outputs[MAX_OUTPUTS]; /* wanted; the network has those of them that are no states */
  uint32_t output_count;
  /* Of the graph's inputs, and of the network's outputs as the graph has them. */
  struct trine_onnx_layout in_layouts[TRINE_FLOAT_MAX_GIVEN], layouts[TRINE_FLOAT_MAX_OUTPUTS];
  const Onnx__Node *at; /* the node that is visited */
  uint32_t reading;     /* of what the axes of the input may mean, the one that is tried */
  const char *notes[MAX_NOTES];
  uint32_t note_count;
};

/* The value of that name: any that the graph or the caller's cut has; NULL for others. */
struct walk_value *walk_value(struct walk *walk, const char *name);

/* One node: what it is. False with the error set. */
bool walk_visit(struct walk *walk, const Onnx__Node *node);
/* What a node reads is wanted. */
void walk_mark_inputs(struct walk *walk, const Onnx__Node *node);

/* If with a constant condition; what the graphs within a node read is wanted; nodes of a graph and
 * of those within it. */
bool branch_visit(struct walk *walk, const Onnx__Node *node);
void branch_mark(struct walk *walk, const Onnx__Node *node);
void branch_count(const Onnx__Graph *graph, uint64_t *nodes);

/* Fills the list of values; false with the error set. */
bool walk_take_names(struct walk *walk);

/* Goes through the graph. False with the error set. */
bool walk_graph(struct walk *walk);

/* Adds to the network; false or UINT32_MAX when it has no room (which the counts of the graph rule
 * out) with the error set. */
uint32_t walk_add_value(struct walk *walk, const char *name, bool has_time, uint32_t width);
/* The same with the steps of another value. */
uint32_t walk_add_like(struct walk *walk, const char *name, uint32_t value, uint32_t width);
struct trine_float_node *walk_add_node(struct walk *walk, enum trine_float_op op,
                                       const Onnx__Node *node, uint32_t input, uint32_t output);

/* Whether none of these rows are final cell states; false with the error set. */
bool walk_are_rows(struct walk *walk, const Onnx__Node *node, const struct rows *rows);

/* What a node is called: its name, or where it has none its first output that has one. */
const char *walk_node_name(const Onnx__Node *node);

/* Keeps a sentence for the caller. */
void walk_note(struct walk *walk, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sets the error: "Node NAME (OP): ..."; returns false. */
bool walk_refuse(struct walk *walk, const Onnx__Node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* In how many ways the axes of the graph's input may be read: batch, time and row, in the order of
 * what exporters write most; and where there are several inputs, each with either axis as the
 * batch, a matrix as rows or as a number a step, and a known number of steps where that of the
 * input that leads is open as steps of its own, or as the same. */
enum { READINGS = 3, READINGS_OF_SEVERAL = 8 * READINGS };

/* Whether a node of the graph makes a value of that name, which may have commas in it. Gives each
 * of names with commas between them, in memory of the arena, to `take` until that is false; false
 * then, or with the error set. */
bool names_are_made(const Onnx__Graph *graph, const char *name);
bool names_each(struct walk *walk, const char *names,
                bool (*take)(struct walk *walk, const char *name));

/* Which values go in: names with commas between them, or NULL: the graph's own. False with the
 * error set. */
bool given_choose(struct walk *walk, const char *names);
/* Behind the names that are wanted: the graph's own inputs of rows. */
bool given_take_own(struct walk *walk);
/* Whether a value of the network is an input of it; of whole numbers. */
bool given_is(const struct walk *walk, uint32_t value);
bool given_is_symbols(const struct walk *walk, uint32_t value);
/* What the axes of another input are beside the one that leads; false with the error set. */
bool given_take_other(struct walk *walk, uint32_t index);

/* The ends of a graph, in the order in which they are taken: false with the error set. */
bool ends_take_initialisers(struct walk *walk, const Onnx__Graph *graph);
bool ends_take_input(struct walk *walk);
/* What the file says of a value, or NULL; the size of one axis, 0 when it is open. */
const Onnx__TensorType *ends_type_of(const Onnx__Graph *graph, const char *name);
int64_t ends_size_of(const Onnx__TensorType *type, size_t n);
bool ends_are_symbols(const Onnx__TensorType *type);
/* Other inputs may only be states and lengths. */
void ends_take_states(struct walk *walk);

/* Which values are wanted: names with commas between them, NULL: all outputs of the graph. Behind
 * the walk: takes them as outputs of the network. False with the error set. */
bool outputs_choose(struct walk *walk, const char *names);
bool outputs_take(struct walk *walk);

/* Inputs beside the rows: a node that hands a state or lengths on; GatherElements of each
 * sequence's last step by its length; whether all that reads lengths agrees. False with the error
 * set. */
bool states_pass(struct walk *walk, const Onnx__Node *node, const struct walk_value *state);
bool states_gather(struct walk *walk, const Onnx__Node *node, const struct walk_value *state);
bool states_agree(struct walk *walk);

/* A node that reads rows; false with the error set. */
bool operator_read(struct walk *walk, const Onnx__Node *node);
/* Puts out a constant, NULL of which the error is set. */
bool walk_put_array(struct walk *walk, const Onnx__Node *node, struct onnx_array *array);

/* Nodes that only change the layout of rows: false with the error set. */
bool rows_transpose(struct walk *walk, const Onnx__Node *node, struct rows *rows);
bool rows_squeeze(struct walk *walk, const Onnx__Node *node, struct rows *rows);
bool rows_reshape(struct walk *walk, const Onnx__Node *node, struct rows *rows);
bool rows_flatten(struct walk *walk, const Onnx__Node *node, struct rows *rows);
bool rows_concat(struct walk *walk, const Onnx__Node *node, struct rows *rows);
/* The shape of rows: known widths, and marks for the rest. */
struct onnx_array *rows_shape(struct walk *walk, const Onnx__Node *node, const struct rows *rows);
/* All parts side by side as one value; the axes stay. Each row as parts of one width, along an axis
 * of their own. */
bool rows_join_parts(struct walk *walk, const Onnx__Node *node, struct rows *rows);
bool rows_cut(struct walk *walk, const Onnx__Node *node, uint32_t parts, struct rows *rows);
/* For a node that computes on rows: one part, its row the last axis. */
bool rows_as_row(struct walk *walk, const Onnx__Node *node, struct rows *rows);
/* Finds the row of one value that has lost its axis, and forgets that one part is one. */
void rows_find_row(const struct walk *walk, struct rows *rows);
/* Whether two values are rows in one layout, so that each has its partner in the other. */
bool rows_are_like(const struct walk *walk, const struct rows *a, const struct rows *b);
/* Whether a constant leaves the shape of the rows: no axis of theirs is repeated for it. */
bool rows_keep_shape(const struct walk *walk, const struct onnx_array *factor,
                     const struct rows *rows);
/* Says which of the open axes is time; false when it was the other one. */
bool rows_set_time(struct walk *walk, enum row_axis axis);

/* Axes: takes one out; batch or time; the other of these; of size 1 (as far as known); the size of
 * an open one, 0 when any; the mark that stands for that in a shape. */
void rows_drop_axis(struct rows *rows, uint32_t at);
bool rows_insert_axis(struct rows *rows, uint32_t at, enum row_axis axis);
bool rows_is_open(enum row_axis axis);
/* Whether an axis is time, as far as is known; the steps of their own that rows have, 0: none. */
bool rows_is_time(const struct walk *walk, const struct rows *rows, uint32_t at);
uint32_t rows_steps(const struct walk *walk, const struct rows *rows);
enum row_axis rows_other(enum row_axis axis);
bool rows_is_single(const struct walk *walk, const struct rows *rows, uint32_t at);
int64_t rows_open_size(const struct walk *walk, enum row_axis axis);
/* The size of any axis; 0: any, or it is of several. */
int64_t rows_size(const struct walk *walk, const struct rows *rows, enum row_axis axis);
int64_t rows_mark(enum row_axis axis);

/* Repeats a row for each step, or so many times (Expand, Tile). */
bool rows_repeat(struct walk *walk, const Onnx__Node *node, struct rows *rows);

/* Steps of a sequence put together: ReduceMean, ReduceMax, ReduceSum; GlobalAveragePool and
 * GlobalMaxPool. */
bool reduce_axes(struct walk *walk, const Onnx__Node *node, struct rows *rows);
bool reduce_pool(struct walk *walk, const Onnx__Node *node, struct rows *rows);

/* Steps: a part of an axis (Gather of one index, Slice), and all in reverse order, or
 * again in their own, by a node of the network: false with the error set. Whether a constant says
 * that every sequence is as long as its array. */
bool steps_take(struct walk *walk, const Onnx__Node *node, struct rows *rows);
bool steps_turn(struct walk *walk, const Onnx__Node *node, struct rows *rows);
bool steps_unturn(struct walk *walk, const Onnx__Node *node, struct rows *rows);
bool steps_split(struct walk *walk, const Onnx__Node *node);
/* Columns [first, first + count) of each row, under a name. */
bool steps_columns(struct walk *walk, const Onnx__Node *node, const char *name, struct rows *rows,
                   int64_t first, int64_t count);
/* An axis of one step of its own becomes one of size 1. */
bool steps_only(struct walk *walk, const Onnx__Node *node, struct rows *rows, uint32_t at);
bool steps_are_whole(struct walk *walk, const struct onnx_array *lengths, enum row_axis time,
                     uint32_t steps);

/* Nodes that compute: false with the error set. */
bool layer_lstm(struct walk *walk, const Onnx__Node *node);
bool layer_dense(struct walk *walk, const Onnx__Node *node);
/* Add, Sub, Mul, Div of rows and a constant, Add, Sub, Mul of two rows; BatchNormalization. */
bool layer_arithmetic(struct walk *walk, const Onnx__Node *node);
/* Rows times a number, put out as the node's. */
bool affine_scale(struct walk *walk, const Onnx__Node *node, struct rows *rows, float factor);
bool layer_batch_norm(struct walk *walk, const Onnx__Node *node);
bool layer_clip(struct walk *walk, const Onnx__Node *node);
bool layer_embedding(struct walk *walk, const Onnx__Node *node);
bool layer_function(struct walk *walk, const Onnx__Node *node, enum trine_float_op op);

/* The node of that kind that made these rows, when nothing else reads them; else NULL. */
struct trine_float_node *walk_producer(struct walk *walk, const struct rows *rows,
                                       enum trine_float_op op);
/* A node names the size of an axis that the input leaves open. */
void walk_fix_size(struct walk *walk, const Onnx__Node *node, enum row_axis axis, int64_t size);
/* Behind the walk: affine nodes go into the layers behind them, and what nothing reads goes. False
 * with the error set. */
bool tidy_network(struct walk *walk);

/* Graphs that were quantised: whether the operator is one of another domain that is read; what
 * quantises rows or takes them back; the same that finds its scale itself; the weights of
 * MatMulInteger and DynamicQuantizeMatMul as numbers, or NULL with the error set. */
bool quantized_knows(const char *op_type);
bool quantized_rows(struct walk *walk, const Onnx__Node *node, struct rows *rows);
bool quantized_dynamic(struct walk *walk, const Onnx__Node *node);
const struct onnx_array *quantized_weights(struct walk *walk, const Onnx__Node *node);

/* Input n of a node as a constant that is kept whole, or NULL; and as rows, or NULL. */
struct onnx_array *walk_array(struct walk *walk, const Onnx__Node *node, size_t n);
struct rows *walk_rows(struct walk *walk, const Onnx__Node *node, size_t n);
/* Puts out rows under output n of a node. */
bool walk_put(struct walk *walk, const Onnx__Node *node, size_t n, const struct rows *rows);
/* Whether input n of a node is there: it may be left out by an empty name. */
bool walk_given(const Onnx__Node *node, size_t n);
/* Memory for weights, all 0; NULL with the error set. */
float *walk_floats(struct walk *walk, uint64_t count);
/* Width of the first part; 0 when it is not known yet. */
uint32_t rows_width(const struct walk *walk, const struct rows *rows);

#endif
