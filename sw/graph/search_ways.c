/* SPDX-License-Identifier: Apache-2.0 */
/* search_ways: what the cells alone do not tell is tried: which way a layer runs whose steps all
 * read one row, and where a layer that begins with another's states begins; see search.h. */
#include "graph/search.h"

/* Whether an output has rows enough for one a step, and is read whole instead. */
static bool lacks_steps(const struct search *search) {
  const struct trine_reroll *model = search->model;
  bool lacks = false;
  for (uint32_t n = 0; n < model->output_count; n++) {
    const struct value *output = search->outputs[model->outputs[n]];
    lacks = lacks || (!model->has_all_steps[n] && output->rank > 2 &&
                      output->count % search->roll.steps == 0);
  }
  return lacks;
}

static uint32_t count_steps(const struct trine_reroll *model) {
  uint32_t count = 0;
  for (uint32_t n = 0; n < model->output_count; n++) {
    count += model->has_all_steps[n];
  }
  return count;
}

/* The network again, with chains that go back or not by the bits of a mask. */
static bool try_directions(struct search *search, const uint32_t *chains, uint32_t count,
                           uint32_t mask) {
  struct trine_reroll *model = search->model;
  for (uint32_t n = 0; n < count; n++) {
    search->roll.chains[chains[n]].goes_back = (mask >> n & 1) != 0;
  }
  roll_forget(&search->roll);
  model->network = (struct trine_float_network){.value_count = 0};
  model->note_count = 0;
  return search_outputs(search) && search_network(search);
}

/* A layer whose steps all read one row may run either way, which what reads it says: forwards, or
 * (of a decoder that goes both ways) backwards, found by trying. Taken is what gives most outputs a
 * row a step; forwards where it is all one. The first refusal stays. */
static bool find_directions(struct search *search) {
  enum { MOST = 4 };
  const uint64_t before = search->run.budget.work;
  bool found = search_network(search);
  const uint64_t cost = before - search->run.budget.work;
  const struct trine_error first = *search->run.error;
  uint32_t chains[MOST], count = 0, most = found ? count_steps(search->model) : 0;
  uint32_t best = 0, last = 0;
  for (uint32_t n = 0; n < search->roll.chain_count && count < MOST; n++) {
    if (search->roll.chains[n].is_absolute) {
      chains[count++] = n;
    }
  }
  for (uint32_t mask = 1; mask < 1U << count && (!found || lacks_steps(search)); mask++) {
    if (found && search->run.budget.work / 3 < cost) {
      break; /* what is left is for the best one */
    }
    last = mask;
    if (try_directions(search, chains, count, mask) &&
        (!found || count_steps(search->model) > most)) {
      found = true;
      most = count_steps(search->model);
      best = mask;
    }
  }
  if (!found) {
    *search->run.error = first;
  }
  return found && (last == best || try_directions(search, chains, count, best));
}

/* A layer that begins with both states of another's end was taken as its further steps: it has
 * recurrent weights of its own. Where there is none, the refusal before stays. */
static bool find_followers(struct search *search) {
  struct trine_reroll *model = search->model;
  const struct trine_error first = *search->run.error;
  bool is_split = false;
  roll_forget(&search->roll);
  if (!roll_split_chains(&search->roll, &is_split)) {
    return false;
  }
  if (!is_split) {
    *search->run.error = first;
    return false;
  }
  model->network = (struct trine_float_network){.value_count = 0};
  model->note_count = 0;
  return search_outputs(search) && find_directions(search);
}

bool search_ways(struct search *search) {
  return find_directions(search) || find_followers(search);
}
