/* SPDX-License-Identifier: Apache-2.0 */
/* search: a search for layers under way, and the ends of the graph that are chosen in it. Private
 * to search*.c. */
#ifndef TRINE_GRAPH_SEARCH_H
#define TRINE_GRAPH_SEARCH_H

#include "graph/network.h"
#include "graph/reroll_model.h"
#include "graph/roll.h"

/* A search under way. */
struct search {
  struct trine_reroll *model;
  struct run run;
  struct symbols symbols;
  struct roll roll;
  uint32_t nodes[GRAPH_MAX_ENDS]; /* the symbol of each input */
  struct value *outputs[GRAPH_MAX_ENDS];
};

/* Chooses the outputs, once cells are known, and the inputs that are data; later leaves those out
 * that turn out to be states which the caller hands in again, and keeps how the inputs lie. False
 * with the error set. */
bool search_outputs(struct search *search);
bool search_inputs(struct search *search);
void search_tell_inputs(struct search *search);
void search_leave_states(struct search *search);

/* The network of the chains as they are cut and turned; and of what way of that there is. False
 * with the error set. */
bool search_network(struct search *search);
bool search_ways(struct search *search);

/* Whether the new lanes of a state go where it is read from: a variable, or an output for the
 * caller to hand in again. */
bool search_is_carried(const struct search *search, struct symbol_run state,
                       struct symbol_run lanes);

#endif
