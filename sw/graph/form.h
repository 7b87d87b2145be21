/* SPDX-License-Identifier: Apache-2.0 */
/* form: a run of lanes as matrices times what is not linear, and a bias: whatever products, sums,
 * scales and cuts it went through are multiplied out. Private to sw/graph. */
#ifndef TRINE_GRAPH_FORM_H
#define TRINE_GRAPH_FORM_H

#include "graph/run.h"

enum { FORM_MAX_TERMS = 4096, FORM_MAX_DEPTH = 64 };

struct form_term {
  struct symbol_run base; /* lanes of a node that is not linear */
  double *m;              /* [rows][base.count] */
};

struct form {
  uint32_t rows, term_count, term_room;
  struct form_term *terms;
  double *bias; /* [rows] */
};

/* Begins with no term and no bias. To be given to form_free also after a failure. False with the
 * error set, as all of these. */
bool form_begin(struct run *run, uint32_t rows, struct form *form)
    __attribute__((warn_unused_result));
void form_free(struct form *form);
/* Adds elements, one a row from row `at` on. */
bool form_add_elements(struct run *run, struct form *form, uint32_t at,
                       const struct element *elements, size_t count)
    __attribute__((warn_unused_result));
/* Adds a run, one lane a row from row `at` on. */
bool form_add_run(struct run *run, struct form *form, uint32_t at, struct symbol_run lanes)
    __attribute__((warn_unused_result));

/* The lanes of an inner run that some lanes of a node are made of one for one. */
struct symbol_run form_inner(struct symbol_run lanes, struct symbol_run inner);
bool form_same_run(struct symbol_run a, struct symbol_run b);

#endif
