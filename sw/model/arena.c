/* SPDX-License-Identifier: Apache-2.0 */
/* arena: a list of blocks, freed together. */
#include "model/arena.h"

#include <stdint.h>
#include <stdlib.h>

struct arena_block {
  struct arena_block *next;
  max_align_t data[];
};

void *arena_alloc(struct arena *arena, size_t count, size_t size) {
  if (size != 0 && count > (SIZE_MAX - sizeof(struct arena_block)) / size) {
    arena->is_short = true;
    return NULL;
  }
  struct arena_block *block = calloc(1, sizeof(struct arena_block) + count * size);
  if (block == NULL) {
    arena->is_short = true;
    return NULL;
  }
  block->next = arena->blocks;
  arena->blocks = block;
  return block->data;
}

void arena_free(struct arena *arena) {
  while (arena->blocks != NULL) {
    struct arena_block *next = arena->blocks->next;
    free(arena->blocks);
    arena->blocks = next;
  }
  arena->is_short = false;
}
