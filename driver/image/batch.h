/* SPDX-License-Identifier: Apache-2.0 */
/* batch: how a batch is cut into chunks, each one start of the device, by an image and the window
 * it runs in; and how much work it is. Pure; runtime and planner ask the same functions. */
#ifndef TRINE_IMAGE_BATCH_H
#define TRINE_IMAGE_BATCH_H

#include "trine_fault.h"
#include "trine_image.h"
#include "trine_network.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sequences [first, first + count) of a batch; in one that is cut, steps [step, step + steps). */
struct trine_chunk {
  uint32_t first, count;
  uint32_t step, steps;                  /* steps: of all sequences of the chunk */
  bool is_cut;                           /* one sequence, not whole */
  bool is_first, is_last;                /* of the sequence, when cut; both true otherwise */
  uint32_t copy_count[TRINE_MAX_COPIES]; /* sequences of each copy */
  uint32_t copy_steps[TRINE_MAX_COPIES];
};

/* A batch being cut. */
struct trine_cut {
  const struct trine_image *image;
  const struct trine_batch *batch;
  uint32_t rows_bytes; /* room for rows in the window */
  bool is_kept;        /* states are given or wanted */
  uint8_t *copy_of;    /* [image->copy_of_bytes] of each sequence of the chunk */
  struct trine_chunk chunk;
};

/* Whether the batch gives or wants the state of a layer. */
bool trine_batch_has_state(const struct trine_image *image, const struct trine_batch *batch);

/* Whether the batch can be run in a window of so many bytes; else the fault says why not. */
bool trine_batch_check(const struct trine_image *image, uint32_t window_bytes,
                       const struct trine_batch *batch, struct trine_fault *fault);

/* Begins with the first chunk of a batch that was checked. */
void trine_cut_begin(struct trine_cut *cut, const struct trine_image *image, uint32_t window_bytes,
                     const struct trine_batch *batch, uint8_t *copy_of);
/* The chunk after cut->chunk; false when the batch is done. */
bool trine_cut_next(struct trine_cut *cut);

/* The copy that has a sequence (0..count-1) of the chunk. */
uint32_t trine_copy_of(const struct trine_cut *cut, uint32_t sequence);
/* The sequence after `at` that a copy has, from at = -1 on; count of the chunk at the end. */
uint32_t trine_copy_next(const struct trine_cut *cut, uint32_t copy, uint32_t at);
/* Steps of a sequence of the chunk. */
uint32_t trine_chunk_steps(const struct trine_cut *cut, uint32_t sequence);
/* Rows of a tensor in the chunk; those of one copy; and where they lie in the window. */
uint32_t trine_chunk_rows(const struct trine_cut *cut, uint32_t tensor);
uint32_t trine_copy_rows(const struct trine_cut *cut, uint32_t tensor, uint32_t copy);
uint32_t trine_rows_offset(const struct trine_cut *cut, uint32_t tensor);

/* The work of a whole batch. */
struct trine_work {
  uint64_t macs;         /* products without padding, first steps included */
  uint64_t limit_cycles; /* the physical bound: nothing can be faster on these cores */
  uint64_t steps;        /* time steps of all sequences */
};
struct trine_work trine_batch_work(const struct trine_image *image,
                                   const struct trine_batch *batch);

#ifdef __cplusplus
}
#endif

#endif
