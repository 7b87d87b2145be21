/* SPDX-License-Identifier: Apache-2.0 */
/* lists: see lists.h. */
#include "lists.h"

#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "program/disassemble.h"
#include "program/format.h"
#include "support/blocks.h"

/* Every list starts on a boundary that suits all configurations. */
enum { HEADER_WORDS = 8, ENTRY_WORDS = 2, BOUNDARY_WORDS = 16, TEXT_BYTES = 512 };

bool lists_take(struct lists *lists, const uint32_t *program, size_t count) {
  memset(lists, 0, sizeof *lists);
  lists->mode = program[3] & 3;
  lists->ranks = program[3] >> 8 & 31;
  lists->hash = program[4];
  lists->is_resident = (program[5] & 1) != 0;
  for (uint32_t r = 0; r < lists->ranks && lists->ranks <= LISTS_RANKS; r++) {
    lists->count[r] = trine_program_list(program, 4 * count, r, lists->words[r], LISTS_WORDS / 2);
    if (lists->count[r] == 0) {
      return false;
    }
  }
  return lists->ranks <= LISTS_RANKS;
}

static uint32_t round_up(uint32_t words) {
  return (words + BOUNDARY_WORDS - 1) / BOUNDARY_WORDS * BOUNDARY_WORDS;
}

size_t lists_lay(const struct lists *lists, uint32_t *words) {
  uint32_t at = round_up(HEADER_WORDS + ENTRY_WORDS * lists->ranks);
  memset(words, 0, 4 * (size_t)LISTS_PROGRAM_WORDS);
  for (uint32_t r = 0; r < lists->ranks; r++) {
    uint32_t *entry = words + HEADER_WORDS + ENTRY_WORDS * r;
    entry[0] = 4 * at;
    entry[1] = lists->longer[r] + blocks_lay(lists->words[r], lists->count[r], r, words + at,
                                             LISTS_PROGRAM_WORDS - at, NULL);
    at = round_up(at + entry[1]);
  }
  words[0] = TRINE_PROGRAM_MAGIC;
  words[1] = TRINE_PROGRAM_VERSION;
  words[2] = 4 * at;
  words[3] = lists->mode | lists->ranks << 8;
  words[4] = lists->hash;
  words[5] = lists->is_resident ? 1 : 0;
  bench_seal(words);
  return at;
}

uint32_t lists_operations(const struct lists *lists, uint32_t rank, uint32_t *starts,
                          uint32_t max) {
  uint32_t found = 0;
  for (uint32_t at = 0; at < lists->count[rank] && found < max; found++) {
    uint32_t words = trine_op_words(lists->words[rank][at]);
    starts[found] = at;
    at += words > 0 ? words : 1;
  }
  return found;
}

void lists_insert(struct lists *lists, uint32_t rank, uint32_t at, const uint32_t *words,
                  uint32_t count) {
  uint32_t *list = lists->words[rank];
  if (lists->count[rank] + count > LISTS_WORDS) {
    return;
  }
  memmove(list + at + count, list + at, 4 * (size_t)(lists->count[rank] - at));
  memcpy(list + at, words, 4 * (size_t)count);
  lists->count[rank] += count;
}

void lists_remove(struct lists *lists, uint32_t rank, uint32_t at, uint32_t count) {
  uint32_t *list = lists->words[rank];
  uint32_t left = lists->count[rank] - at;
  count = count < left ? count : left;
  memmove(list + at, list + at + count, 4 * (size_t)(left - count));
  lists->count[rank] -= count;
}

void lists_print(const uint32_t *words, size_t count) {
  printf("    header");
  for (uint32_t n = 0; n < HEADER_WORDS; n++) {
    printf(" %08x", words[n]);
  }
  printf("\n");
  for (uint32_t r = 0; r < LISTS_RANKS && r < (words[3] >> 8 & 31); r++) {
    uint32_t list[LISTS_WORDS];
    const uint32_t length = trine_program_list(words, 4 * count, r, list, LISTS_WORDS);
    if (length == 0) {
      printf("    rank %u: a table entry or a block out of bounds\n", r);
      continue;
    }
    printf("    rank %u: %u words of operations at 0x%x\n", r, length,
           words[HEADER_WORDS + ENTRY_WORDS * r]);
    for (uint32_t at = 0; at < length;) {
      char text[TEXT_BYTES];
      uint32_t used = trine_disassemble(list + at, length - at, text, sizeof text);
      printf("    %5u  %s\n", at, text);
      at += used > 0 ? used : 1;
    }
  }
}
