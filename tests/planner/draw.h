/* SPDX-License-Identifier: Apache-2.0 */
/* draw: random runs for the planner, chosen to be awkward: many sequences of a step or two, one
 * long one, ragged lengths, models that answer once a sequence, models without time, several
 * stages behind barriers, every mode, batches that need several chunks. */
#ifndef TRINE_PLANNER_DRAW_H
#define TRINE_PLANNER_DRAW_H

#include <stdio.h>

#include "support/seed.h"
#include "trine.h"

enum { DRAW_LAYERS = 8, DRAW_SEQUENCES = 600 };

struct draw {
  const char *config;
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

/* Cores of the configurations drawn; 0: there is none of that name. */
uint32_t draw_cores(const char *config);

/* Draws everything but the shape; to be given to draw_free. */
void draw_make(struct draw *draw, struct seed_stream *stream);
void draw_free(struct draw *draw);

/* Another shape for the same network: mode, cores, groups, copies and jobs. */
void draw_shape(struct draw *draw, struct seed_stream *stream);

/* One line with all that was drawn. */
void draw_print(const struct draw *draw, FILE *file);

#endif
