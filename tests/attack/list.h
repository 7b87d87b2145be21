/* SPDX-License-Identifier: Apache-2.0 */
/* list: a program taken apart into its operations, and put together again. */
#ifndef TRINE_ATTACK_LIST_H
#define TRINE_ATTACK_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIST_WORDS = 4096, LIST_PROGRAM_WORDS = 12288 };

struct list {
  uint32_t mode, ranks, hash;
  bool is_resident;
  uint32_t count;
  uint32_t longer; /* words that the header says it has more than it has */
  uint32_t words[LIST_WORDS];
};

/* Takes a good program apart; false when it is too large for this. */
bool list_take(struct list *list, const uint32_t *program, size_t count);

/* Writes the whole program, all CRCs right, and returns its words. words: LIST_PROGRAM_WORDS. */
size_t list_lay(const struct list *list, uint32_t *words);

/* Index of the first word of each operation, at most `max`; how many there are. What is no
 * operation counts as one of a word. */
uint32_t list_operations(const struct list *list, uint32_t *starts, uint32_t max);

/* Puts words before word `at`, or takes them out; nothing when they do not fit. */
void list_insert(struct list *list, uint32_t at, const uint32_t *words, uint32_t count);
void list_remove(struct list *list, uint32_t at, uint32_t count);

/* Prints a program as it lies in memory, an operation a line. */
void list_print(const uint32_t *words, size_t count);

#endif
