/* SPDX-License-Identifier: Apache-2.0 */
/* plan: what a domain under attack gets: kind, window and program; see round.h. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "compose.h"
#include "program/format.h"
#include "round.h"

enum { PAGE = 4096, PROGRAM_ALIGN = 64, PROGRAM_BYTES = 4 * LIST_PROGRAM_WORDS };

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

static void take_list(struct list *list, const struct tenant *tenant, enum tenant_way way) {
  size_t count = 0;
  const uint32_t *words = tenant_program(tenant, way, &count);
  ck_assert(list_take(list, words, count));
}

/* Words that are no program, a good header over a list that is none, or good blocks over operations
 * that are none. */
static void make_garbage(struct seed_stream *stream, struct round_attack *attack) {
  static const char *const what[] = {"header", "list", "operations"};
  struct list list;
  uint32_t *words = attack->words;
  const uint32_t kind = compose_below(stream, 3);
  take_list(&list, attack->base, TENANT_FRESH);
  for (uint32_t n = 0; n < list.count && kind == 2; n++) {
    list.words[n] = (uint32_t)seed_next(stream);
  }
  attack->count = list_lay(&list, words);
  const uint32_t from = kind == 0 ? compose_below(stream, TRINE_WORDS_HEAD) : TRINE_WORDS_HEAD;
  for (uint32_t n = from; n < attack->count && kind < 2; n++) {
    words[n] = (uint32_t)seed_next(stream);
  }
  if (kind == 1) {
    bench_seal(words);
  }
  (void)snprintf(attack->how, MUTATE_TEXT, "random words of the %s from %u on", what[kind], from);
}

static void make_words(struct round *round, struct seed_stream *stream,
                       struct round_attack *attack) {
  struct list list, others;
  take_list(&list, attack->base, attack->kind == ROUND_RESIDENT ? TENANT_RESIDENT : TENANT_FRESH);
  take_list(&others, &round->bases[0][compose_below(stream, round->base_count)], TENANT_FRESH);
  if (attack->kind == ROUND_GARBAGE) {
    make_garbage(stream, attack);
    return;
  }
  if (attack->kind == ROUND_COMPOSED) {
    compose_program(stream, round->world.info, attack->domain.size, &list);
  }
  bool is_changed = attack->kind == ROUND_MUTATED || attack->kind == ROUND_RESIDENT ||
                    (attack->kind == ROUND_COMPOSED && compose_below(stream, 2) == 0);
  if (is_changed) {
    mutate_list(stream, round->world.info, &list, &others, attack->domain.size,
                attack->domain.program, attack->how);
  }
  attack->count = list_lay(&list, attack->words);
  if (is_changed && compose_below(stream, 25) == 0) {
    mutate_header(stream, attack->words, attack->how);
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
