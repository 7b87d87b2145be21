/* SPDX-License-Identifier: Apache-2.0 */
/* plan: what a domain under attack gets: kind, window and program; see round.h. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "compose.h"
#include "round.h"

enum { PAGE = 4096, PROGRAM_ALIGN = 64, PROGRAM_BYTES = 4 * LISTS_PROGRAM_WORDS };

static enum round_kind draw_kind(struct seed_stream *stream, enum round_event event) {
  uint32_t at = compose_below(stream, 100);
  if (event != ROUND_QUIET && at < 40) {
    return ROUND_HONEST;
  }
  if (at < 62) {
    return ROUND_MUTATED;
  }
  if (at < 74) {
    return ROUND_RESIDENT;
  }
  if (at < 94) {
    return ROUND_COMPOSED;
  }
  return ROUND_GARBAGE;
}

static void take_lists(struct lists *lists, const struct tenant *tenant, enum tenant_way way) {
  size_t count = 0;
  const uint32_t *words = tenant_program(tenant, way, &count);
  ck_assert(lists_take(lists, words, count));
}

/* Words that are no program, or a good header over lists that are none. */
static void make_garbage(struct seed_stream *stream, struct round_attack *attack) {
  struct lists lists;
  uint32_t *words = attack->words;
  take_lists(&lists, attack->base, TENANT_FRESH);
  attack->count = lists_lay(&lists, words);
  uint32_t from = compose_below(stream, 3) == 0 ? compose_below(stream, 8) : 8 + 2 * lists.ranks;
  for (uint32_t n = from; n < attack->count; n++) {
    words[n] = (uint32_t)seed_next(stream);
  }
  if (from > 8) { /* the table is right again */
    uint32_t good[LISTS_PROGRAM_WORDS];
    (void)lists_lay(&lists, good);
    memcpy(words, good, 4 * (size_t)(8 + 2 * lists.ranks));
    bench_seal(words);
  }
  (void)snprintf(attack->how, MUTATE_TEXT, "random words from %u on", from);
}

static void make_words(struct round *round, struct seed_stream *stream,
                       struct round_attack *attack) {
  struct lists lists, others;
  take_lists(&lists, attack->base, attack->kind == ROUND_RESIDENT ? TENANT_RESIDENT : TENANT_FRESH);
  take_lists(&others, &round->bases[0][compose_below(stream, round->base_count)], TENANT_FRESH);
  if (attack->kind == ROUND_GARBAGE) {
    make_garbage(stream, attack);
    return;
  }
  if (attack->kind == ROUND_COMPOSED) {
    compose_program(stream, round->world.info, attack->domain.size, &lists);
  }
  bool is_changed = attack->kind == ROUND_MUTATED || attack->kind == ROUND_RESIDENT ||
                    (attack->kind == ROUND_COMPOSED && compose_below(stream, 2) == 0);
  if (is_changed) {
    mutate_lists(stream, round->world.info, &lists, &others, attack->domain.size,
                 attack->domain.program, attack->how);
  }
  attack->count = lists_lay(&lists, attack->words);
  if (is_changed && compose_below(stream, 25) == 0) {
    mutate_header(stream, attack->words, lists.ranks, attack->how);
  }
}

/* Kind, window and program of a domain. The window ends where program and data end, or before. */
void round_plan(struct round *round, struct seed_stream *stream, uint32_t d) {
  struct round_attack *attack = &round->attacks[d];
  const struct world *world = &round->world;
  attack->kind = draw_kind(stream, round->event);
  attack->base = &round->bases[d][compose_below(stream, round->base_count)];
  attack->how[0] = '\0';
  struct world_domain *domain = &attack->domain;
  const struct tenant *base = attack->base;
  uint32_t image = (base->bytes + PROGRAM_ALIGN - 1) / PROGRAM_ALIGN * PROGRAM_ALIGN;
  *domain = (struct world_domain){
      .slot = world->victim_count + d,
      .mask = base->mask,
      .mode = base->mode,
      .base = world_zone(world, d) + (uint64_t)PAGE * (1 + compose_below(stream, 4)),
      .program = compose_below(stream, 4) == 0 && attack->kind != ROUND_RESIDENT ? 0 : image};
  domain->size = image + PROGRAM_BYTES;
  make_words(round, stream, attack);
  uint32_t end = domain->program + 4 * (uint32_t)attack->count;
  domain->size = end > image ? end : image;
  if (compose_below(stream, 6) == 0) {
    uint32_t cut = compose_below(stream, domain->program > 0 ? 256 : domain->size / 2);
    domain->size -= cut & ~3u;
  }
}
