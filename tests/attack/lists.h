/* SPDX-License-Identifier: Apache-2.0 */
/* lists: a program taken apart into the lists of its ranks, and put together again. */
#ifndef TRINE_ATTACK_LISTS_H
#define TRINE_ATTACK_LISTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LISTS_RANKS = 4, LISTS_WORDS = 2048, LISTS_PROGRAM_WORDS = 12288 };

struct lists {
  uint32_t mode, ranks, hash;
  bool is_resident;
  uint32_t count[LISTS_RANKS];
  uint32_t longer[LISTS_RANKS]; /* words that the table says a list has more than it has */
  uint32_t words[LISTS_RANKS][LISTS_WORDS];
};

/* Takes a good program apart; false when it is too large for this. */
bool lists_take(struct lists *lists, const uint32_t *program, size_t count);

/* Writes the whole program, all CRCs right, and returns its words. words: LISTS_PROGRAM_WORDS. */
size_t lists_lay(const struct lists *lists, uint32_t *words);

/* Index of the first word of each operation of a list, at most `max`; how many there are. What is
 * no operation counts as one of a word. */
uint32_t lists_operations(const struct lists *lists, uint32_t rank, uint32_t *starts, uint32_t max);

/* Puts words before word `at` of a list, or takes them out; nothing when they do not fit. */
void lists_insert(struct lists *lists, uint32_t rank, uint32_t at, const uint32_t *words,
                  uint32_t count);
void lists_remove(struct lists *lists, uint32_t rank, uint32_t at, uint32_t count);

/* Prints a program as it lies in memory, an operation a line. */
void lists_print(const uint32_t *words, size_t count);

#endif
