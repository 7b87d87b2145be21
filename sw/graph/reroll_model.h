/* SPDX-License-Identifier: Apache-2.0 */
/* reroll_model: what a loaded file keeps: its graph, for its own arithmetic, and the network that
 * was found in it. Private to sw/graph. */
#ifndef TRINE_GRAPH_REROLL_MODEL_H
#define TRINE_GRAPH_REROLL_MODEL_H

#include "graph/graph.h"
#include "graph/reroll.h"
#include "graph/run.h"
#include "model/arena.h"

enum { REROLL_MAX_NOTES = 16, REROLL_NOTE_BYTES = 200, REROLL_OPEN_STEPS = 3 };

struct trine_reroll {
  struct arena arena;
  struct graph graph;
  struct trine_float_network network;
  uint32_t wanted_count; /* the first outputs of the graph, which were named; 0: all but states */
  uint32_t given[TRINE_FLOAT_MAX_GIVEN]; /* of the graph's inputs those that the network has */
  uint32_t output_count, outputs[TRINE_FLOAT_MAX_OUTPUTS]; /* of the graph, that the network has */
  bool has_all_steps[TRINE_FLOAT_MAX_OUTPUTS];             /* an output has a row for each */
  struct trine_reroll_input inputs[TRINE_FLOAT_MAX_GIVEN];
  uint32_t steps;   /* of the file */
  bool is_open;     /* it leaves the number of steps to the data */
  bool time_first;  /* of open sizes the first is the steps', the second the batch's */
  bool has_cells;   /* an LSTM, or a cell of another kind */
  uint32_t foreign; /* of a run, run.h */
  bool keeps_state; /* in variables, from one run to the next */
  uint32_t note_count;
  char notes[REROLL_MAX_NOTES][REROLL_NOTE_BYTES];
};

/* Fills the network and all that is told of the graph that is there. False with the error set. */
bool reroll_search(struct trine_reroll *model, struct trine_error *error);
/* Forgets what a search found. */
void reroll_forget(struct trine_reroll *model);
/* Keeps a sentence for the caller, as far as there is room. */
void reroll_note(struct trine_reroll *model, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Which axis of an input is the batch, where the file leaves its size open: the first, but behind
 * a known number of steps. */
uint32_t reroll_batch_axis(const struct trine_reroll *model, const struct graph_tensor *tensor);
/* The shape of the graph's input n for one sequence, open steps as many as said. */
void reroll_shape(const struct trine_reroll *model, uint32_t input, uint32_t steps,
                  uint32_t shape[GRAPH_MAX_RANK]);
/* Room for the variables and calls of a run of the graph; false when memory is short. To be given
 * to reroll_run_end. */
bool reroll_run_begin(const struct trine_reroll *model, struct run *run, struct trine_error *error);
void reroll_run_end(struct run *run);

#endif
