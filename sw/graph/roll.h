/* SPDX-License-Identifier: Apache-2.0 */
/* roll: from the symbols of a graph that was run to layers over time: which nodes are cells of an
 * LSTM, which of these are steps of one layer, and which rows are the same thing at another step.
 * Private to sw/graph.
 *
 * A series is a row that exists at some steps: the input's, a layer's h, or a function of rows. All
 * rows are told as matrices times the rows of series at their steps, so two steps are the same when
 * their numbers are. */
#ifndef TRINE_GRAPH_ROLL_H
#define TRINE_GRAPH_ROLL_H

#include "float/float_network.h"
#include "graph/form.h"

#define ROLL_NONE UINT32_MAX

enum { ROLL_MAX_SERIES = 256 };

/* One step of one layer: h = sigmoid(o) tanh(c), c = sigmoid(f) c_before + sigmoid(i) tanh(g). */
struct roll_cell {
  uint32_t h; /* node */
  uint32_t units;
  /* before.count 0: a c of zeros, of which nothing is kept: pre of gate f has a count of 0 too */
  struct symbol_run c, pre[TRINE_GATES], before;
  uint32_t previous, next; /* cells, or ROLL_NONE */
  uint32_t chain, step;
};

/* A row of a series at a step; -1: a row without steps. */
struct roll_part {
  uint32_t series;
  int64_t time;
  double *m; /* [rows][width of the series] */
};

struct roll_rows {
  uint32_t rows, part_count, part_room;
  struct roll_part *parts;
  double *bias;
};

enum roll_kind { ROLL_INPUT, ROLL_LAYER, ROLL_FUNCTION };

struct roll_series {
  enum roll_kind kind;
  uint32_t width;
  uint32_t chain;      /* LAYER */
  uint32_t node;       /* FUNCTION: one that is it */
  bool is_absolute;    /* FUNCTION: of rows at several steps, so a row without steps itself */
  int64_t time;        /* FUNCTION: of the rows that `of` tells */
  struct roll_rows of; /* FUNCTION: its operand */
  uint32_t always, last, first; /* values of the network made for it, or ROLL_NONE */
};

/* A layer: the cells that follow each other. */
struct roll_chain {
  uint32_t steps, units;
  uint32_t *cells;            /* [steps] in the order of computation */
  bool is_reversed, is_known; /* its weights have been found */
  int64_t time;               /* of the row that the last step reads */
  bool is_absolute;           /* each step reads the same row, or rows without steps */
  bool goes_back;             /* where that is so: taken as a layer that runs backwards */
  uint32_t series;
  struct roll_rows x;        /* [4 * units] rows of the gates without the h part */
  double *r;                 /* [4 * units][units] */
  uint32_t h_node, c_node;   /* inputs that its state comes from, or 0 */
  struct symbol_run h_begin; /* count 0: zeros */
  uint32_t follows;          /* 1 + the chain whose last states it begins with, or 0 */
};

/* A run that was looked at before. */
struct roll_place {
  struct symbol_run base; /* of symbols */
  uint32_t series;
  int64_t time;
  struct symbol_run lanes; /* of the series' row; node unused */
};

/* An input that is data: a row a step, or (has_time false) one a sequence. */
struct roll_input {
  uint32_t node; /* its symbol */
  uint32_t features;
  bool has_time;
  bool by_columns; /* its steps are last */
};

struct roll {
  struct run *run;
  uint32_t steps;
  uint32_t input_count; /* series n is that of input n */
  struct roll_input inputs[TRINE_FLOAT_MAX_GIVEN];
  uint32_t cell_count;
  struct roll_cell *cells;
  uint32_t *cell_of; /* [symbols] by its h or c node, or ROLL_NONE */
  bool *is_wanted;   /* [symbols] the output depends on it */
  uint32_t chain_count;
  struct roll_chain *chains;
  uint32_t series_count;
  struct roll_series series[ROLL_MAX_SERIES];
  uint32_t place_count, place_room;
  struct roll_place *places;
  uint32_t depth;
};

/* The input of a symbol, or ROLL_NONE. */
uint32_t roll_input_of(const struct roll *roll, uint32_t node);
/* How the inputs lie, once the number of steps is known; a series for each. */
bool roll_lay_inputs(struct roll *roll) __attribute__((warn_unused_result));
/* Marks what elements depend on; false with the error set, as all of these. */
bool roll_mark(struct roll *roll, const struct element *elements, size_t count)
    __attribute__((warn_unused_result));
/* Whether no cell of another kind is there; false with its name. */
bool roll_has_no_other_cell(struct roll *roll) __attribute__((warn_unused_result));
/* Finds the cells and links them to chains. */
bool roll_find_cells(struct roll *roll) __attribute__((warn_unused_result));
/* Finds the weights of all chains, and that all steps of each have the same. */
bool roll_find_layers(struct roll *roll) __attribute__((warn_unused_result));
/* Cuts chains whose recurrent weights change into layers that begin with both states of the one
 * before (a decoder behind its encoder), nothing else of them being known; whether there were any.
 * False with the error set also where such a layer runs another number of steps. */
bool roll_split_chains(struct roll *roll, bool *is_split) __attribute__((warn_unused_result));
/* Forgets all that comes of cells but their chains, and which of these go back. */
void roll_forget(struct roll *roll);
void roll_free(struct roll *roll);

/* Where lanes that are not linear stand. */
bool roll_place(struct roll *roll, struct symbol_run base, struct roll_place *place)
    __attribute__((warn_unused_result));
/* A form as rows of series. To be given to roll_rows_free also after a failure. */
bool roll_rows_of(struct roll *roll, const struct form *form, struct roll_rows *rows)
    __attribute__((warn_unused_result));
void roll_rows_free(struct roll_rows *rows);
/* The step that all parts have, or -1: none, -2: several. */
int64_t roll_time_of(const struct roll_rows *rows);
/* Whether two are the same but for the step they are at. */
bool roll_same(const struct roll *roll, const struct roll_rows *a, const struct roll_rows *b);
/* The number of a new series. */
bool roll_add_series(struct roll *roll, const struct roll_series *series, uint32_t *number)
    __attribute__((warn_unused_result));

/* Sentences are about the operator that made this node from here on. */
void roll_at(struct roll *roll, uint32_t node);
/* Refuses the first operator that nobody knows and the output needs; true where there is none. */
bool roll_refuse_foreign(struct roll *roll);
/* Says what a node is that no float network has: a cell of another kind by its name. Returns
 * false. */
bool roll_refuse_node(struct roll *roll, uint32_t node);

#endif
