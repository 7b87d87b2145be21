/* SPDX-License-Identifier: Apache-2.0 */
/* random: drawn graphs that hold LSTMs in many forms are all put together again, and give what
 * their own operators give; one thing changed, they are refused or still give it; behind an
 * operator that nobody knows, the refusal names a part of the graph, and that part gives it.
 *
 * Call: reroll-random [COUNT], 300 by default; TRINE_SEED as everywhere. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/part.h"
#include "support/random_graph.h"

enum { SEQUENCES = 2, SPOIL_EVERY = 4, PART_EVERY = 5 };

struct drawn_totals {
  uint32_t accepted, refused, kept; /* kept: spoilt, and accepted because nothing changed by it */
};

static uint32_t layers_of(const struct trine_float_network *network) {
  uint32_t layers = 0;
  for (uint32_t n = 0; n < network->node_count; n++) {
    layers += network->nodes[n].op == TRINE_FLOAT_LSTM;
  }
  return layers;
}

static bool compare(const struct trine_reroll *model, const struct random_graph *drawn,
                    struct seed_stream *stream, struct trine_error *error) {
  const size_t own = (size_t)SEQUENCES * drawn->steps * drawn->inputs;
  const size_t beside = (size_t)SEQUENCES * (drawn->is_row ? 1 : drawn->steps) * drawn->beside;
  const size_t count = own + beside;
  struct trine_reroll_agreement agreement;
  float *x = malloc(count * sizeof *x);
  const float *second = x == NULL ? NULL : x + own;
  if (x == NULL) {
    trine_error_set(error, "no memory for %zu values", count);
    return false;
  }
  for (size_t n = 0; n < count; n++) {
    x[n] = (float)seed_real(stream, -2, 2);
  }
  const struct trine_float_batch batch = {
      .sequences = SEQUENCES, .steps = drawn->steps, .input = x, .more_inputs = &second};
  const bool good = trine_reroll_network(model)->input_count == (drawn->beside > 0 ? 2U : 1U) &&
                    trine_reroll_check(model, &batch, &agreement, error) == TRINE_OK &&
                    agreement.sequences == SEQUENCES;
  free(x);
  return good;
}

/* A graph with an unknown operator in front: what the refusal says to paste is read. */
static bool one_part(struct seed_stream *stream, struct trine_error *error) {
  struct random_graph drawn;
  struct trine_reroll *whole = calloc(1, sizeof *whole), *model = calloc(1, sizeof *model);
  char input[16] = "";
  random_graph_draw(stream, false, &drawn);
  random_graph_block(&drawn);
  bool good = whole != NULL && model != NULL;
  if (good) {
    whole->graph = model->graph = drawn.graph;
    good = !reroll_search(whole, error);
    part_suggest(whole, error);
  }
  const char *said = good ? strstr(error->text, "; the rest of it runs with --inputs '") : NULL;
  /* With two inputs the part would need both of them: none is named. */
  if (good && drawn.beside == 0) {
    const struct trine_onnx_cut cut = {input, NULL};
    good = said != NULL &&
           sscanf(said, "; the rest of it runs with --inputs '%15[0-9]", input) == 1 &&
           part_take(model, &cut, error) && reroll_search(model, error) &&
           layers_of(trine_reroll_network(model)) == drawn.layers &&
           compare(model, &drawn, stream, error);
  }
  trine_reroll_free(whole);
  trine_reroll_free(model);
  random_graph_free(&drawn);
  return good;
}

/* One graph; false with the reason when something does not hold. */
static bool one_graph(struct seed_stream *stream, bool spoil, struct drawn_totals *totals,
                      struct trine_error *error) {
  struct random_graph drawn;
  struct trine_reroll *model = calloc(1, sizeof *model);
  if (model == NULL) {
    return false;
  }
  random_graph_draw(stream, spoil, &drawn);
  model->graph = drawn.graph;
  const bool found = reroll_search(model, error);
  bool good = found;
  if (!found) {
    good = drawn.is_spoilt && strlen(error->text) > 10;
    totals->refused++;
  } else if (!compare(model, &drawn, stream, error)) {
    good = false;
  } else if (drawn.is_spoilt) {
    totals->kept++;
  } else {
    totals->accepted++;
    good = layers_of(trine_reroll_network(model)) == drawn.layers &&
           trine_reroll_input(model, 0).steps == drawn.steps;
    if (!good) {
      trine_error_set(error, "%u layers of %u steps were drawn, %u of %u found", drawn.layers,
                      drawn.steps, layers_of(trine_reroll_network(model)),
                      trine_reroll_input(model, 0).steps);
    }
  }
  trine_reroll_free(model);
  random_graph_free(&drawn);
  return good;
}

int main(int argc, char **argv) {
  const long count = argc > 1 ? strtol(argv[1], NULL, 10) : 300;
  struct drawn_totals totals = {0, 0, 0};
  seed_print();
  for (long n = 0; n < count; n++) {
    char name[40];
    struct trine_error error = {""};
    (void)snprintf(name, sizeof name, "reroll %ld", n);
    struct seed_stream stream = seed_start(name);
    if (n % PART_EVERY == 0 && !one_part(&stream, &error)) {
      printf("part of graph %ld: %s\n", n, error.text);
      return 1;
    }
    if (!one_graph(&stream, n % SPOIL_EVERY == SPOIL_EVERY - 1, &totals, &error)) {
      printf("graph %ld: %s\n", n, error.text);
      return 1;
    }
  }
  printf(
      "%ld graphs: %u put together again, %u spoilt ones refused, %u with what changed nothing\n",
      count, totals.accepted, totals.refused, totals.kept);
  return totals.accepted > 0 && (count < SPOIL_EVERY * 8 || totals.refused > 0) ? 0 : 1;
}
