/* SPDX-License-Identifier: Apache-2.0 */
/* assemble: the program of one chunk of a batch, from an image. Pure; no memory beside the words
 * that are given away one by one. */
#ifndef TRINE_PROGRAM_ASSEMBLE_H
#define TRINE_PROGRAM_ASSEMBLE_H

#include "image/batch.h"

/* Where the words of a program go. The list comes first, in order, then the head. */
struct trine_program_out {
  void *ctx;
  /* A word at a word offset from the program's start; false ends the assembly. */
  bool (*put)(void *ctx, uint32_t at, uint32_t word);
};

/* What of the job is on the cores already. */
enum trine_resident {
  TRINE_RESIDENT_NOTHING,
  TRINE_RESIDENT_WEIGHTS, /* weights and parameters, with other contexts or none */
  TRINE_RESIDENT_ALL      /* contexts and channels too */
};

/* The program of cut->chunk; *words is its length. False when put was, or when the program is
 * longer than the image's room for it (which trine_compile has made large enough) or its list is
 * than a list can be. */
bool trine_assemble(const struct trine_cut *cut, enum trine_resident resident,
                    const struct trine_program_out *out, uint32_t *words);

/* Largest program on `ranks` cores, bytes, for so many layers and chains of all copies and so many
 * entries of a core's table; never less than what the device reads at once. */
uint32_t trine_program_bound(uint32_t ranks, uint32_t layers, uint32_t chains,
                             uint32_t table_entries);

#endif
