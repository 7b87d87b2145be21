/* SPDX-License-Identifier: Apache-2.0 */
/* edits: ways to spoil a good program, each with the error the device must report. */
#ifndef TRINE_EDITS_H
#define TRINE_EDITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is changed: a word of the header, of a block, or of an operation. */
enum edit_place { EDIT_HEADER, EDIT_BLOCK, EDIT_OPERATION };
/* What ERROR_ADDR must hold: the changed word, the operation's first argument, or anything. */
enum edit_address { EDIT_WORD, EDIT_FIRST, EDIT_ANY };
/* What ERROR_OP must hold: the changed operation, or that or a later one (what was set up runs in
 * the background). */
enum edit_op { EDIT_HERE, EDIT_LATER };
/* Whose core ERROR_CORE must be: of rank 0, which answers for the words of a program; of a rank
 * that the operation names; of either; or any of the job, since one waits for another. */
enum edit_core { EDIT_OF_WORDS, EDIT_OF_NAMED, EDIT_OF_EITHER, EDIT_OF_ANY };

struct edit {
  const char *name;
  enum edit_place place;
  uint32_t op, nth; /* which operation, and which of them or of the blocks: 0 the first */
  uint32_t word;    /* of header, block or operation */
  uint32_t keep;    /* the new word is (old & keep) ^ value */
  uint32_t value;
  bool is_sealed; /* CRCs are made right again */
  uint32_t code;
  enum edit_address address;
  enum edit_op at;
};

/* An edit under way: what to do, and afterwards where it was done. */
struct edit_run {
  const struct edit *edit;
  uint32_t rank; /* operations that it does are looked for first */
  bool is_done;
  uint32_t ranks;           /* that do the operation, before it is changed */
  uint32_t position, count; /* word index in the list; words of the list */
  uint32_t changed, first;  /* the new word; the operation's first argument afterwards */
};

/* NULL past the last. */
const struct edit *edit_at(uint32_t index);

enum edit_core edit_core(const struct edit *edit);

/* A bench_tamper; context is a struct edit_run. */
void edit_apply(void *context, uint32_t *words, size_t count);

#endif
