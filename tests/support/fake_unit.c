/* SPDX-License-Identifier: Apache-2.0 */
/* fake_unit: see fake_unit.h. */
#include "support/fake_unit.h"

#include <stdlib.h>
#include <string.h>

#include "trine_regs.h"

static uint32_t op_of(const uint32_t *w) {
  return w[0] & 0xff;
}

static uint32_t ranks_of(const uint32_t *w) {
  return w[0] >> 16;
}

/* RUN that the list does not wait for. */
static bool is_more(const uint32_t *w) {
  return op_of(w) == FAKE_OP_RUN && (w[1] >> 16 & 1) != 0;
}

void fake_unit_free(struct fake_unit *unit) {
  free(unit->list.words);
  free(unit->list.place);
  unit->list = (struct fake_list){NULL, NULL, 0};
}

static void find_last_block(struct fake_unit *unit) {
  const struct fake_list *list = &unit->list;
  unit->last_block = 0;
  for (uint32_t n = 1; n < list->count; n++) {
    unit->last_block = list->place[n] != list->place[n - 1] + 1 ? n : unit->last_block;
  }
  unit->is_repeatable = true;
  for (uint32_t at = 0, words; at < list->count && unit->is_repeatable; at += words) {
    const uint32_t op = op_of(list->words + at);
    const bool runs =
        op == FAKE_OP_RUN || op == FAKE_OP_READ || op == FAKE_OP_WRITE || op == FAKE_OP_SAVE;
    words = fake_op_words(list->words + at, list->count - at);
    unit->is_repeatable =
        words > 0 &&
        (at < unit->last_block ? !runs : runs || op == FAKE_OP_TABLE || op == FAKE_OP_END) &&
        (op != FAKE_OP_RUN || is_more(list->words + at));
  }
}

uint32_t fake_unit_load(struct fake_unit *unit, const struct fake_reader *reader,
                        bool is_resident) {
  fake_unit_free(unit);
  memset(unit, 0, sizeof *unit);
  const uint32_t code = fake_read_list(reader, &unit->list);
  unit->state = FAKE_EXEC;
  unit->is_set_up = is_resident;
  if (code == 0) {
    find_last_block(unit);
  }
  return code;
}

void fake_unit_repeat(struct fake_unit *unit, const struct fake_again *again) {
  unit->position = unit->last_block;
  unit->state = FAKE_EXEC;
  unit->is_set_up = true;
  unit->goes_on = false;
  unit->again = *again;
}

static void fail(struct fake_unit *unit, uint32_t rank, uint32_t code, uint32_t value) {
  unit->state = FAKE_ERROR;
  unit->error = code;
  unit->error_rank = rank;
  unit->error_op = unit->position < unit->list.count ? unit->list.place[unit->position] : 0;
  unit->error_value = value;
}

void fake_unit_blame(struct fake_unit *unit, const struct fake_domain *domain) {
  for (uint32_t r = 0; r < domain->ranks; r++) {
    const struct fake_core *core = domain->core[r];
    if (unit->state != FAKE_ERROR && core->error != 0) {
      fail(unit, r, core->error, core->error_value);
      unit->error_op = core->op;
    }
  }
}

void fake_unit_give_up(struct fake_unit *unit, const struct fake_domain *domain) {
  uint32_t rank = 0;
  while (rank + 1 < domain->ranks && fake_core_rests(domain->core[rank])) {
    rank++;
  }
  fail(unit, rank, TRINE_ERROR_WATCHDOG, 0);
  unit->error_op = domain->core[rank]->op;
}

static bool all_rest(const struct fake_domain *domain) {
  bool rest = true;
  for (uint32_t r = 0; r < domain->ranks; r++) {
    rest = rest && fake_core_rests(domain->core[r]);
  }
  return rest;
}

/* SAVE waits for the contexts of its cores, END for all that was let go on. */
static bool has_to_wait(const struct fake_unit *unit, const struct fake_domain *domain,
                        const uint32_t *w) {
  bool waits = op_of(w) == FAKE_OP_END && !all_rest(domain);
  for (uint32_t r = 0; r < domain->ranks; r++) {
    waits = waits || (op_of(w) == FAKE_OP_SAVE && (ranks_of(w) >> r & 1) != 0 &&
                      fake_core_runs(domain->core[r]));
  }
  return unit->goes_on && waits;
}

/* What may come beside contexts that run. */
static bool may_go_on(uint32_t op) {
  return op == FAKE_OP_RUN || op == FAKE_OP_READ || op == FAKE_OP_WRITE || op == FAKE_OP_SAVE ||
         op == FAKE_OP_END;
}

/* Whether the ranks of an operation are some that there are; 0 or an error code. */
static uint32_t check_ranks(const uint32_t *w, uint32_t ranks) {
  const uint32_t mask = ranks_of(w), op = op_of(w);
  if (op == FAKE_OP_END || op == FAKE_OP_BARRIER) {
    return mask == 0 ? 0 : TRINE_ERROR_RESERVED;
  }
  const bool is_one = (mask & (mask - 1)) == 0;
  return mask != 0 && mask >> ranks == 0 && (is_one || op != FAKE_OP_LOAD) ? 0 : TRINE_ERROR_FIELD;
}

/* What is wrong with an operation whoever does it; false: nothing. */
static bool is_refused(struct fake_unit *unit, const struct fake_domain *domain, const uint32_t *w,
                       uint32_t words) {
  const uint32_t left = unit->list.count - unit->position;
  const uint32_t op = left > 0 ? op_of(w) : 0;
  if (words == 0) {
    fail(unit, 0, TRINE_ERROR_OP, left > 0 ? w[0] : 0);
  } else if (check_ranks(w, domain->ranks) != 0) {
    fail(unit, 0, check_ranks(w, domain->ranks), w[0]);
  } else if (unit->goes_on && !may_go_on(op)) {
    fail(unit, 0, TRINE_ERROR_OP, w[0]);
  } else if ((op == FAKE_OP_END) != (words == left)) {
    fail(unit, 0, TRINE_ERROR_LIST, w[0]);
  } else if (unit->is_set_up && (op == FAKE_OP_CHANNEL || op == FAKE_OP_CONTEXT)) {
    fail(unit, 0, TRINE_ERROR_SETUP, w[1]);
  }
  return unit->state == FAKE_ERROR;
}

static void carry_out(struct fake_unit *unit, const struct fake_domain *domain, const uint32_t *w,
                      uint32_t words) {
  const uint32_t op = op_of(w);
  for (uint32_t r = 0; r < domain->ranks; r++) {
    if ((ranks_of(w) >> r & 1) != 0) {
      domain->core[r]->op = unit->list.place[unit->position];
      fake_core_do(domain->core[r], w, words, &unit->again);
    }
  }
  fake_unit_blame(unit, domain);
  if (unit->state == FAKE_ERROR) {
    return;
  }
  unit->is_set_up = unit->is_set_up || op == FAKE_OP_BARRIER || op == FAKE_OP_READ ||
                    op == FAKE_OP_WRITE || op == FAKE_OP_RUN;
  unit->goes_on = (unit->goes_on && op != FAKE_OP_RUN) || is_more(w);
  if (op == FAKE_OP_END) {
    unit->state = FAKE_DONE;
  } else if (op == FAKE_OP_BARRIER || (op == FAKE_OP_RUN && !is_more(w))) {
    unit->state = FAKE_WAITS;
  }
  unit->position += words;
}

bool fake_unit_execute(struct fake_unit *unit, const struct fake_domain *domain) {
  if (unit->state == FAKE_WAITS && all_rest(domain)) {
    unit->state = FAKE_EXEC;
  }
  if (unit->state != FAKE_EXEC) {
    return false;
  }
  const uint32_t *w = unit->list.words + unit->position;
  const uint32_t words = fake_op_words(w, unit->list.count - unit->position);
  if (words > 0 && has_to_wait(unit, domain, w)) {
    return false;
  }
  if (!is_refused(unit, domain, w, words)) {
    carry_out(unit, domain, w, words);
  }
  return true;
}
