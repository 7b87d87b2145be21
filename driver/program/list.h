/* SPDX-License-Identifier: Apache-2.0 */
/* list: a list while it is made: operations go into blocks, which are given away word by word. */
#ifndef TRINE_PROGRAM_LIST_H
#define TRINE_PROGRAM_LIST_H

#include "program/assemble.h"
#include "program/format.h"

struct trine_list {
  const struct trine_program_out *out;
  uint32_t at, end; /* next word of the program, and where its room ends */
  uint32_t crc;     /* of the heads and operations of the list */
  uint32_t block[TRINE_BLOCK_WORDS];
  uint32_t held, index; /* words of the block; blocks before it */
  bool is_good;         /* all words had room and were taken */
};

/* A word of the program as it is. */
void trine_list_put(struct trine_list *list, uint32_t word);

/* An operation goes into the block; one that does not fit begins the next. */
void trine_list_op(struct trine_list *list, const uint32_t *words, uint32_t count);

/* Gives the block away. END does so by itself, and so does what waits. */
void trine_list_end_block(struct trine_list *list, bool is_last);

#endif
