/* SPDX-License-Identifier: Apache-2.0 */
/* arena: memory that belongs to one model and is given back all at once, so that every way out of
 * a failed import frees the same things. */
#ifndef TRINE_MODEL_ARENA_H
#define TRINE_MODEL_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct arena_block;
/* Zero-initialise before use. */
struct arena {
  struct arena_block *blocks;
  bool is_short; /* an arena_alloc had no memory */
};

/* Returns count * size bytes, all 0, aligned for any type, living until arena_free. NULL when
 * memory is short or the product overflows. count or size 0 gives a valid pointer to nothing. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

/* Frees everything; the arena is empty and usable again. */
void arena_free(struct arena *arena);

#ifdef __cplusplus
}
#endif

#endif
