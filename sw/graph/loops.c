/* SPDX-License-Identifier: Apache-2.0 */
/* loops: Loop and Scan of ONNX: a body that hands states on, takes one row of some operands each
 * time, and leaves one of each result; see run.h. */
#include <stdlib.h>

#include "graph/run.h"

enum { MAX_ROUNDS = 1 << 16 };

/* A loop under way. Operands of the body: what the loop itself counts (Loop: number and condition),
 * states, a row of each scanned operand, and what it reads from around it. */
struct looping {
  struct run *run;
  const struct graph_sub *body;
  bool is_scan;
  uint32_t own, states, scanned, left; /* left: results of which each round leaves one */
  struct value **in, **out;            /* of the body */
  struct value **rows;                 /* [left][MOST of rounds] */
  uint32_t rounds, room;
};

static bool begin(struct looping *l, struct value **in) {
  struct run *run = l->run;
  const struct graph_node *node = run->node;
  const uint32_t first = l->is_scan ? 0 : 2; /* operands before the states */
  const uint32_t fixed = l->own + l->states + l->scanned;
  l->left = node->output_count - l->states;
  if (node->output_count < l->states || node->input_count < first + l->states + l->scanned ||
      l->body->input_count != node->input_count - first + l->own ||
      l->body->output_count != (l->is_scan ? 0 : 1) + node->output_count) {
    return run_refuse(run,
                      "its body has %u operands and %u results, which are not those of the "
                      "loop; both have to be",
                      l->body->input_count, l->body->output_count);
  }
  l->in = calloc((size_t)l->body->input_count + 1, sizeof *l->in);
  l->out = calloc((size_t)l->body->output_count + 1, sizeof *l->out);
  if (l->in == NULL || l->out == NULL) {
    return run_no_memory(run);
  }
  for (uint32_t n = first; n < node->input_count; n++) {
    const uint32_t at = n - first + l->own;
    if (in[n] == NULL) {
      return run_refuse(run, "operand %u is left out; a loop needs all", n);
    }
    if (at < l->own + l->states || at >= fixed) {
      l->in[at] = value_share(in[n]);
    }
  }
  return true;
}

static void set(struct looping *l, uint32_t at, struct value *value) {
  value_drop(l->run, l->in[at]);
  l->in[at] = value;
}

/* What one round left, kept. */
static bool keep_rows(struct looping *l, uint32_t first) {
  if (l->rounds == l->room && l->left > 0) {
    const uint32_t room = l->room == 0 ? 16 : 2 * l->room;
    struct value **rows = calloc((size_t)room * l->left, sizeof *rows);
    if (rows == NULL || !run_spend(l->run, (uint64_t)room * l->left)) {
      free(rows);
      return rows != NULL || run_no_memory(l->run);
    }
    for (uint32_t k = 0; k < l->left; k++) {
      for (uint32_t n = 0; n < l->rounds; n++) {
        rows[(size_t)k * room + n] = l->rows[(size_t)k * l->room + n];
      }
    }
    free(l->rows);
    l->rows = rows;
    l->room = room;
  }
  for (uint32_t k = 0; k < l->left; k++) {
    l->rows[(size_t)k * l->room + l->rounds] = l->out[first + k];
    l->out[first + k] = NULL;
  }
  return true;
}

/* One round: the body is run, states go on. */
static bool round_of(struct looping *l) {
  const uint32_t first = l->is_scan ? 0 : 1; /* Loop: the condition of the next round */
  if (!run_sub(l->run, (uint32_t)(l->body - l->run->graph->subs), l->in, l->body->input_count,
               l->out, l->body->output_count)) {
    return false;
  }
  if (!l->is_scan) {
    set(l, 1, l->out[0]);
    l->out[0] = NULL;
  }
  for (uint32_t n = 0; n < l->states; n++) {
    set(l, l->own + n, l->out[first + n]);
    l->out[first + n] = NULL;
  }
  if (!keep_rows(l, first + l->states)) {
    return false;
  }
  l->rounds++;
  return l->rounds <= MAX_ROUNDS ||
         run_refuse(l->run, "it goes round more than %d times, the limit", MAX_ROUNDS);
}

static bool is_known(const struct value *value) {
  return value != NULL && value->kind == VALUE_INTS && value->count == 1;
}

static bool loop_rounds(struct looping *l, struct value **in) {
  const uint32_t none = 0;
  const char *why =
      "its condition depends on the data; a loop over a known number of steps can be "
      "read";
  if ((in[0] != NULL && !is_known(in[0])) || (in[0] == NULL && in[1] == NULL)) {
    return run_refuse(l->run, "%s", why);
  }
  const int64_t most = in[0] == NULL ? INT64_MAX : in[0]->as.ints[0];
  if (in[1] == NULL) {
    l->in[1] = value_new(l->run, VALUE_INTS, 0, &none);
    if (l->in[1] == NULL) {
      return false;
    }
    l->in[1]->as.ints[0] = 1;
  } else {
    l->in[1] = value_share(in[1]);
  }
  for (int64_t n = 0; n < most; n++) {
    if (!is_known(l->in[1])) {
      return run_refuse(l->run, "%s", why);
    }
    if (l->in[1]->as.ints[0] == 0) {
      break;
    }
    set(l, 0, value_new(l->run, VALUE_INTS, 0, &none));
    if (l->in[0] == NULL) {
      return false;
    }
    l->in[0]->as.ints[0] = n;
    if (!round_of(l)) {
      return false;
    }
  }
  return true;
}

/* One row of an operand along an axis. */
static struct value *row_of(struct run *run, struct value *from, uint32_t axis, uint32_t at) {
  uint32_t shape[GRAPH_MAX_RANK] = {0};
  size_t inner = 1, outer = 1;
  for (uint32_t n = 0; n < from->rank; n++) {
    inner *= n > axis ? from->shape[n] : 1;
    outer *= n < axis ? from->shape[n] : 1;
    if (n != axis) {
      shape[n - (n > axis)] = from->shape[n];
    }
  }
  size_t *numbers = run_numbers(run, inner * outer);
  for (size_t n = 0; numbers != NULL && n < inner * outer; n++) {
    numbers[n] = (n / inner * from->shape[axis] + at) * inner + n % inner;
  }
  struct value *made = numbers == NULL ? NULL : run_pick(run, from, from->rank - 1, shape, numbers);
  free(numbers);
  return made;
}

/* node->list: an axis and a direction of each scanned operand. */
static bool scan_rounds(struct looping *l, struct value **in) {
  struct run *run = l->run;
  const int32_t *list = run->node->list;
  uint32_t rounds = 0;
  for (uint32_t n = 0; n < l->scanned; n++) {
    const struct value *from = in[l->states + n];
    const uint32_t axis = (uint32_t)list[n];
    if (from->kind > VALUE_ELEMENTS || axis >= from->rank ||
        (n > 0 && from->shape[axis] != rounds)) {
      return run_refuse(run, "operand %u has no axis %u of as many rows as the first; it needs one",
                        n, axis);
    }
    rounds = from->shape[axis];
  }
  for (uint32_t t = 0; t < rounds; t++) {
    for (uint32_t n = 0; n < l->scanned; n++) {
      const uint32_t at = list[l->scanned + n] != 0 ? rounds - 1 - t : t;
      set(l, l->states + n, row_of(run, in[l->states + n], (uint32_t)list[n], at));
      if (l->in[l->states + n] == NULL) {
        return false;
      }
    }
    if (!round_of(l)) {
      return false;
    }
  }
  return true;
}

/* States as they are at the end, and all that was left, in the order of the rounds or turned. */
static bool finish(struct looping *l, struct value **out) {
  struct run *run = l->run;
  for (uint32_t n = 0; n < l->states; n++) {
    out[n] = value_share(l->in[l->own + n]);
  }
  for (uint32_t k = 0; k < l->left; k++) {
    struct value **rows = l->rows + (size_t)k * l->room;
    if (l->rounds == 0) {
      return run_refuse(run, "it goes round %u times; it has to at least once", l->rounds);
    }
    if (l->is_scan && run->node->list[2 * l->scanned + k] != 0) {
      for (uint32_t n = 0; n < l->rounds / 2; n++) {
        struct value *other = rows[n];
        rows[n] = rows[l->rounds - 1 - n];
        rows[l->rounds - 1 - n] = other;
      }
    }
    out[l->states + k] = run_joined(run, rows, l->rounds, 0, true);
    if (out[l->states + k] == NULL) {
      return false;
    }
  }
  return true;
}

bool run_loop(struct run *run, struct value **in, struct value **out) {
  const struct graph_node *node = run->node;
  const bool is_scan = node->op == GRAPH_SCAN;
  struct looping l = {.run = run,
                      .body = &run->graph->subs[node->sub[0]],
                      .is_scan = is_scan,
                      .own = is_scan ? 0 : 2,
                      .states = node->carried,
                      .scanned = node->scanned};
  bool good =
      begin(&l, in) && (is_scan ? scan_rounds(&l, in) : loop_rounds(&l, in)) && finish(&l, out);
  for (uint32_t n = 0; l.in != NULL && n < l.body->input_count; n++) {
    value_drop(run, l.in[n]);
  }
  for (uint32_t n = 0; l.out != NULL && n < l.body->output_count; n++) {
    value_drop(run, l.out[n]);
  }
  for (uint32_t k = 0; l.rows != NULL && k < l.left; k++) {
    for (uint32_t n = 0; n < l.rounds; n++) {
      value_drop(run, l.rows[(size_t)k * l.room + n]);
    }
  }
  free(l.rows);
  free(l.in);
  free(l.out);
  return good;
}
