/* SPDX-License-Identifier: Apache-2.0 */
/* draw: random runs for the planner, chosen to be awkward: many sequences of a step or two, one
 * long one, ragged lengths, models that answer once a sequence, models without time, several
 * stages one behind the other, every mode, batches that need several chunks. */
#ifndef TRINE_PLANNER_DRAW_H
#define TRINE_PLANNER_DRAW_H

#include <stdio.h>

#include "support/seed.h"
#include "trine.h"

enum { DRAW_LAYERS = 8, DRAW_SEQUENCES = 600 };

/* A chip, and what is drawn for it. */
struct draw_chip {
  const char *config;
  uint32_t cores, products; /* of a core, a cycle */
  uint32_t widest;          /* of the layers that are drawn */
};

struct draw {
  struct draw_chip chip;
  uint64_t memory_bytes; /* of the device */
  struct trine_layer layers[DRAW_LAYERS];
  struct trine_tensor tensors[DRAW_LAYERS + 1];
  struct trine_chain chains[DRAW_LAYERS];
  struct trine_network network;
  struct trine_shape shape;
  uint32_t jobs; /* side by side */
  bool is_kept;
  uint32_t sequences, lengths[DRAW_SEQUENCES];
};

/* Draws everything but the shape, for that chip or, NULL, for one it draws too; to be given to
 * draw_free. */
void draw_make(struct draw *draw, struct seed_stream *stream, const struct draw_chip *chip);
void draw_free(struct draw *draw);

/* Another shape for the same network: mode, cores, groups, copies and jobs. */
void draw_shape(struct draw *draw, struct seed_stream *stream);

/* One line with all that was drawn. */
void draw_print(const struct draw *draw, FILE *file);

#endif
