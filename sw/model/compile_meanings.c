/* SPDX-License-Identifier: Apache-2.0 */
/* compile_meanings: which axes of the model's inputs are batch and time.
 *
 * That is not in the file: meanings are tried in order, and the first that all operators agree with
 * is taken. One input leads, of which the usual meanings are tried; B and T are then known, and
 * those of the others follow from their sizes, the likeliest first. */
#include <string.h>

#include "model/compile.h"

enum {
  MAX_MEANINGS = 8 + (TFLITE_MAX_RANK + 3) * (TFLITE_MAX_RANK + 1), /* of the one that leads */
  MAX_AXES = (TFLITE_MAX_RANK + 1) * (TFLITE_MAX_RANK + 1),         /* of each other one */
  MAX_TRIALS = 128, /* of several inputs, along places or not */
  MAX_OF_LEAD = 32  /* with one meaning of the input that leads */
};

/* Batch and time on these axes of an input, -1 for none. */
struct end_axes {
  int batch, time;
};

/* What the axes of the inputs may mean, for this B and T. */
struct meaning {
  struct end_axes ends[TFLITE_MAX_ENDS];
  struct defaults file;
  bool lenient, along_places;
};

/* The shape that an input has with these axes. */
static struct shape shape_as(const struct tflite_tensor *t, struct end_axes axes,
                             struct defaults file) {
  struct shape shape = {.rank = t->rank};
  for (uint32_t i = 0; i < t->rank; i++) {
    struct axis *axis = &shape.axes[i];
    axis->batch = (int)i == axes.batch;
    axis->time = (int)i == axes.time;
    axis->n = t->shape[i] / ((axis->batch ? file.batch : 1) * (axis->time ? file.steps : 1));
  }
  return shape;
}

/* Tries one meaning of the inputs' axes. */
static bool compile_as(struct compilation *c, const struct meaning *meaning,
                       const struct compile_value *in) {
  const uint32_t room = compile_room(c->graph);
  memset(c->values, 0, c->graph->tensor_count * sizeof *c->values);
  memset(c->slots, 0, ((size_t)room + c->graph->input_count) * sizeof *c->slots);
  memset(c->nodes, 0, room * sizeof *c->nodes);
  c->slot_count = c->node_count = c->ended_count = c->op = 0;
  c->row_bytes = 0;
  c->is_tied = false;
  for (uint32_t i = 0; i < TFLITE_MAX_ENDS; i++) {
    c->token_limits[i] = TFLITE_MAX_ELEMENTS;
  }
  c->file = meaning->file;
  c->lenient = meaning->lenient;
  c->along_places = meaning->along_places;
  for (uint32_t i = 0; i < c->graph->input_count; i++) {
    struct compile_value *value = &c->values[c->graph->inputs[i]];
    *value = in[i];
    value->shape =
        shape_as(&c->graph->tensors[c->graph->inputs[i]], meaning->ends[i], meaning->file);
    if (!compile_add_slot(c, &value->shape, value->index_bytes, &value->slot)) {
      return false;
    }
  }
  return compile_operators(c);
}

/* Those of the input that leads. */
struct meanings {
  const struct tflite_tensor *input;
  uint32_t lead;
  uint32_t count;
  struct meaning list[MAX_MEANINGS];
};

static void add_meaning(struct meanings *m, int batch, int time, struct defaults file,
                        bool lenient) {
  const struct tflite_tensor *t = m->input;
  if ((batch < 0 && file.batch != 1) || (time < 0 && file.steps != 1) ||
      (batch >= 0 && (batch == time || t->shape[batch] % file.batch != 0)) ||
      (time >= 0 && t->shape[time] % file.steps != 0)) {
    return;
  }
  struct meaning *meaning = &m->list[m->count++];
  *meaning = (struct meaning){.file = file, .lenient = lenient};
  meaning->ends[m->lead] = (struct end_axes){batch, time};
}

/* B and T of the first LSTM; false when there is none that has them. */
static bool find_defaults(const struct tflite_graph *graph, struct defaults *file) {
  for (uint32_t op = 0; op < graph->operator_count; op++) {
    const struct tflite_operator *o = &graph->operators[op];
    const struct tflite_tensor *x = o->inputs[0] < 0 ? NULL : &graph->tensors[o->inputs[0]];
    if (o->code != TFLITE_LSTM || x == NULL || x->rank != 3 || x->elements == 0) {
      continue;
    }
    *file = (struct defaults){x->shape[o->time_major ? 1 : 0], x->shape[o->time_major ? 0 : 1]};
    return true;
  }
  return false;
}

/* Rows of a step first, [batch, time] before [time, batch]; then flat rows, time behind the
 * features, or no batch axis, as far as an LSTM says how many steps there are. */
static void find_meanings(const struct tflite_graph *graph, struct meanings *m) {
  const struct tflite_tensor *t = m->input;
  struct defaults file;
  for (int lenient = 0; lenient < 2; lenient++) {
    if (t->rank == 2) {
      add_meaning(m, 0, -1, (struct defaults){t->shape[0], 1}, lenient != 0);
      add_meaning(m, -1, 0, (struct defaults){1, t->shape[0]}, lenient != 0);
    } else if (t->rank > 2) {
      add_meaning(m, 0, 1, (struct defaults){t->shape[0], t->shape[1]}, lenient != 0);
      add_meaning(m, 1, 0, (struct defaults){t->shape[1], t->shape[0]}, lenient != 0);
    }
  }
  if (!find_defaults(graph, &file)) {
    return;
  }
  for (int turn = 0; turn <= (int)t->rank; turn++) {
    /* The first axis, none (of a matrix), then the others. */
    int batch;
    if (turn == 0) {
      batch = 0;
    } else if (turn == 1) {
      batch = -1;
    } else {
      batch = turn - 1;
    }
    if (batch < 0 && t->rank != 2) {
      continue;
    }
    for (int time = 0; time < (int)t->rank; time++) {
      add_meaning(m, batch, time, file, false);
    }
  }
  for (int batch = 0; batch < 2; batch++) { /* more steps than the first LSTM has */
    for (int time = 0; time < (int)t->rank; time++) {
      add_meaning(m, batch, time, (struct defaults){t->shape[batch], t->shape[time]}, false);
    }
  }
}

/* What the axes of another input may mean where B and T are known. */
struct choices {
  uint32_t count;
  struct end_axes list[MAX_AXES];
};

static void add_choice(const struct tflite_tensor *t, struct defaults file, struct end_axes axes,
                       bool exact, struct choices *choices) {
  const int rank = (int)t->rank;
  if ((axes.batch < 0 && file.batch != 1) || axes.batch >= rank || axes.time >= rank ||
      (axes.batch >= 0 && axes.batch == axes.time)) {
    return;
  }
  for (uint32_t i = 0; i < choices->count; i++) {
    if (choices->list[i].batch == axes.batch && choices->list[i].time == axes.time) {
      return;
    }
  }
  const struct shape shape = shape_as(t, axes, file);
  for (int i = 0; i < rank; i++) {
    const bool named = i == axes.batch || i == axes.time;
    if (axis_size(shape.axes[i], file.batch, file.steps) != t->shape[i] ||
        (named && exact && shape.axes[i].n != 1)) {
      return;
    }
  }
  choices->list[choices->count++] = axes;
}

/* Rows of a step, then a row of a sequence, then what else has the sizes. */
static void find_choices(const struct tflite_tensor *t, struct defaults file,
                         struct choices *choices) {
  choices->count = 0;
  if (t->rank > 2) {
    add_choice(t, file, (struct end_axes){0, 1}, true, choices);
    add_choice(t, file, (struct end_axes){1, 0}, true, choices);
  }
  add_choice(t, file, (struct end_axes){0, -1}, true, choices);
  for (int exact = 1; exact >= 0; exact--) {
    for (int batch = 0; batch <= (int)t->rank; batch++) {
      for (int time = 0; time <= (int)t->rank; time++) {
        const struct end_axes axes = {batch == (int)t->rank ? -1 : batch,
                                      time == (int)t->rank ? -1 : time};
        add_choice(t, file, axes, exact == 1, choices);
      }
    }
  }
}

/* A search for a meaning that all operators agree with. */
struct meaning_search {
  struct compilation *c;
  const struct compile_value *in;
  uint32_t lead, trials, limit, furthest;
  struct trine_error best; /* what the meaning that came furthest ended at */
  uint32_t *reached;       /* [tensors], of find_blamed */
};

/* What refused the last meaning: the inputs that the operator's values are made of, a bit each; all
 * where it was none alone: an output, or the bytes of all rows together. */
static uint32_t find_blamed(const struct meaning_search *s) {
  const struct compilation *c = s->c;
  const struct tflite_graph *g = c->graph;
  uint32_t *reached = s->reached;
  if (c->op == g->operator_count || c->row_bytes > TFLITE_MAX_ROW_BYTES) {
    return UINT32_MAX;
  }
  memset(reached, 0, g->tensor_count * sizeof *reached);
  for (uint32_t i = 0; i < g->input_count; i++) {
    reached[g->inputs[i]] |= 1u << i;
  }
  uint32_t bits = 0;
  for (uint32_t op = 0; op <= c->op; op++) {
    const struct tflite_operator *o = &g->operators[op];
    bits = 0;
    for (uint32_t i = 0; i < o->input_count; i++) {
      bits |= o->inputs[i] < 0 ? 0 : reached[o->inputs[i]];
    }
    reached[o->output] |= bits;
  }
  return bits;
}

static bool try_one(struct meaning_search *s, const struct meaning *meaning) {
  struct trine_error *error = s->c->error, trial = {{0}};
  s->c->error = &trial;
  const bool done = compile_as(s->c, meaning, s->in);
  s->c->error = error;
  if (!done && (s->trials == 0 || s->c->op > s->furthest)) {
    s->furthest = s->c->op;
    s->best = trial;
  }
  s->trials++;
  return done;
}

/* The next choices, the last input's first, that change an input which is blamed: those between end
 * where the last ones did. */
static bool next_choices(const struct choices *others, uint32_t count, uint32_t blamed,
                         uint32_t *at) {
  uint32_t i = blamed == 0 ? 0 : count;
  while (i > 0 && (blamed >> (i - 1) & 1) == 0) {
    at[--i] = 0;
  }
  while (i > 0 && ++at[i - 1] == others[i - 1].count) {
    at[--i] = 0;
  }
  return i > 0;
}

/* One meaning of the input that leads, with each of the others' in turn. */
static bool try_others(struct meaning_search *s, struct meaning *meaning) {
  const struct tflite_graph *g = s->c->graph;
  struct choices others[TFLITE_MAX_ENDS];
  uint32_t at[TFLITE_MAX_ENDS] = {0};
  bool more = true;
  for (uint32_t i = 0; i < g->input_count; i++) {
    if (i == s->lead) {
      others[i] = (struct choices){.count = 1, .list = {meaning->ends[i]}};
    } else {
      find_choices(&g->tensors[g->inputs[i]], meaning->file, &others[i]);
    }
    if (others[i].count == 0) {
      return false;
    }
  }
  for (uint32_t tried = 0; more && tried < MAX_OF_LEAD && s->trials < s->limit; tried++) {
    for (uint32_t k = 0; k < g->input_count; k++) {
      meaning->ends[k] = others[k].list[at[k]];
    }
    if (try_one(s, meaning)) {
      return true;
    }
    more = next_choices(others, g->input_count, find_blamed(s) & ~(1u << s->lead), at);
  }
  return false;
}

/* The sequence's own steps before others. */
static bool try_lead(struct meaning_search *s, bool along_places) {
  const struct tflite_graph *g = s->c->graph;
  struct meanings m = {.input = &g->tensors[g->inputs[s->lead]], .lead = s->lead};
  find_meanings(g, &m);
  for (uint32_t i = 0; i < m.count; i++) {
    m.list[i].along_places = along_places;
    if (try_others(s, &m.list[i])) {
      return true;
    }
  }
  return false;
}

/* Inputs that may have steps lead before a row a sequence. */
bool compile_meanings(struct compilation *c, const struct compile_value *in) {
  const struct tflite_graph *g = c->graph;
  struct meaning_search s = {.c = c, .in = in};
  s.reached = arena_alloc(c->arena, g->tensor_count, sizeof *s.reached);
  if (s.reached == NULL) {
    trine_error_set(c->error, "no memory for %u tensors", g->tensor_count);
    return false;
  }
  for (int places = 0; places < 2; places++) {
    s.limit = s.trials + MAX_TRIALS;
    for (int rows = 1; rows >= 0; rows--) {
      for (s.lead = 0; s.lead < g->input_count; s.lead++) {
        const bool has_rows = g->tensors[g->inputs[s.lead]].rank > 2;
        if (has_rows == (rows == 1) && try_lead(&s, places == 1)) {
          return true;
        }
      }
    }
  }
  if (s.trials == 0) {
    trine_error_set(
        &s.best,
        "the sizes of its %u inputs do not fit: one batch has to be an axis of each, or "
        "1",
        g->input_count);
  }
  trine_error_set(c->error, "%s", s.best.text);
  return false;
}
