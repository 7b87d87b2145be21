/* SPDX-License-Identifier: Apache-2.0 */
/* builder: an image while it is made; shared by compile.c and tables.c. */
#ifndef TRINE_COMPILER_BUILDER_H
#define TRINE_COMPILER_BUILDER_H

#include "compiler/internal.h"

/* The image while it is made. Before `memory` is known to be large enough nothing is written. */
struct trine_builder {
  const struct trine_target *target;
  const struct trine_network *network;
  const struct trine_placement *placement;
  struct trine_error *error;
  struct layout plain, kept;
  struct trine_image head;
  uint32_t weights_offset[TRINE_MAX_CORES], params_offset[TRINE_MAX_CORES]; /* in the window */
  uint8_t *memory;
  uint32_t words, words_room; /* at words_at */
};

/* Most words at words_at: blocks of each rank; masks and products of each chain; slices. */
uint32_t trine_most_words(uint32_t ranks, uint32_t chains, uint32_t states);

/* All but head, names' room and data; state_offset: where kept states begin in the window. */
void trine_put_tables(struct trine_builder *builder, uint32_t state_offset);

#endif
