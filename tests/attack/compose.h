/* SPDX-License-Identifier: Apache-2.0 */
/* compose: operations and whole programs made from nothing, well-formed and hostile. */
#ifndef TRINE_ATTACK_COMPOSE_H
#define TRINE_ATTACK_COMPOSE_H

#include "list.h"
#include "support/seed.h"
#include "trine.h"

enum { COMPOSE_OPERATION_WORDS = 32 };

/* Uniform in 0 to below - 1; below >= 1. */
uint32_t compose_below(struct seed_stream *stream, uint32_t below);

/* A number that limits are made of: a power of two, one beside it, all ones, or anything. */
uint32_t compose_edge(struct seed_stream *stream);

/* One operation of some of the job's ranks, each field most often within its range; its words.
 * window_bytes: of the memory. */
uint32_t compose_operation(struct seed_stream *stream, const struct trine_info *info,
                           uint32_t ranks, uint32_t window_bytes, uint32_t *words);

/* A program of the list's ranks that sets up channels and contexts, reads, runs, writes and saves
 * as one that means it; with a part left out or repeated as often as not. mode, ranks and hash are
 * set by the caller. */
void compose_program(struct seed_stream *stream, const struct trine_info *info,
                     uint32_t window_bytes, struct list *list);

#endif
