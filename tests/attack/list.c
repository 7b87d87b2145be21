/* SPDX-License-Identifier: Apache-2.0 */
/* list: see list.h. */
#include "list.h"

#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "program/disassemble.h"
#include "program/format.h"
#include "support/blocks.h"

/* What a core reads at once of a program, so that a window that ends with one has it all. */
enum { BOUNDARY_WORDS = 32, TEXT_BYTES = 512 };

bool list_take(struct list *list, const uint32_t *program, size_t count) {
  memset(list, 0, sizeof *list);
  list->mode = program[3] & 3;
  list->ranks = program[3] >> 8 & 31;
  list->hash = program[4];
  list->is_resident = (program[5] & 1) != 0;
  list->count =
      trine_program_list(program, 4 * count, TRINE_ALL_RANKS, list->words, LIST_WORDS / 2);
  return list->count > 0;
}

static uint32_t round_up(uint32_t words) {
  return (words + BOUNDARY_WORDS - 1) / BOUNDARY_WORDS * BOUNDARY_WORDS;
}

size_t list_lay(const struct list *list, uint32_t *words) {
  memset(words, 0, 4 * (size_t)LIST_PROGRAM_WORDS);
  const uint32_t length =
      list->longer + blocks_lay(list->words, list->count, words + TRINE_WORDS_HEAD,
                                LIST_PROGRAM_WORDS - TRINE_WORDS_HEAD, NULL);
  const uint32_t at = round_up(TRINE_WORDS_HEAD + length);
  words[0] = TRINE_PROGRAM_MAGIC;
  words[1] = TRINE_PROGRAM_VERSION;
  words[2] = 4 * at;
  words[3] = list->mode | list->ranks << 8;
  words[4] = list->hash;
  words[5] = list->is_resident ? 1 : 0;
  words[6] = length;
  bench_seal(words);
  return at;
}

uint32_t list_operations(const struct list *list, uint32_t *starts, uint32_t max) {
  uint32_t found = 0;
  for (uint32_t at = 0; at < list->count && found < max; found++) {
    uint32_t words = trine_op_words(list->words[at]);
    starts[found] = at;
    at += words > 0 ? words : 1;
  }
  return found;
}

void list_insert(struct list *list, uint32_t at, const uint32_t *words, uint32_t count) {
  if (list->count + count > LIST_WORDS) {
    return;
  }
  memmove(list->words + at + count, list->words + at, 4 * (size_t)(list->count - at));
  memcpy(list->words + at, words, 4 * (size_t)count);
  list->count += count;
}

void list_remove(struct list *list, uint32_t at, uint32_t count) {
  uint32_t left = list->count - at;
  count = count < left ? count : left;
  memmove(list->words + at, list->words + at + count, 4 * (size_t)(left - count));
  list->count -= count;
}

void list_print(const uint32_t *words, size_t count) {
  uint32_t list[LIST_WORDS];
  printf("    header");
  for (uint32_t n = 0; n < TRINE_WORDS_HEAD; n++) {
    printf(" %08x", words[n]);
  }
  printf("\n");
  const uint32_t length = trine_program_list(words, 4 * count, TRINE_ALL_RANKS, list, LIST_WORDS);
  if (length == 0) {
    printf("    list or a block out of bounds\n");
    return;
  }
  printf("    %u words of operations\n", length);
  for (uint32_t at = 0; at < length;) {
    char text[TEXT_BYTES];
    uint32_t used = trine_disassemble(list + at, length - at, text, sizeof text);
    printf("    %5u  ranks 0x%04x %s\n", at, trine_op_ranks(list[at]), text);
    at += used > 0 ? used : 1;
  }
}
