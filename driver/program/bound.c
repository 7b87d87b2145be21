/* SPDX-License-Identifier: Apache-2.0 */
/* bound: how long a program can be, see assemble.h. */
#include "program/assemble.h"
#include "program/format.h"

enum { READ_AT_ONCE = 128 }; /* bytes of a program that the device reads whatever its length */

uint32_t trine_program_bound(uint32_t ranks, uint32_t layers, uint32_t chains,
                             uint32_t table_entries) {
  /* A rank: loads, every context and channel, loads and saves of every layer, runs. A chain: its
   * reader, its writer and the tables of both. Blocks end early behind loads and runs, and else
   * hold half of what they could, or more. */
  const uint32_t loads = 2 + 2 * layers;
  const uint32_t rank = TRINE_WORDS_LOAD * loads +
                        (TRINE_WORDS_CONTEXT + TRINE_WORDS_CHANNEL + TRINE_WORDS_SAVE) * layers +
                        (TRINE_WORDS_CHANNEL + TRINE_WORDS_RUN) * chains;
  const uint32_t table = TRINE_WORDS_TABLE_HEAD * (1 + table_entries / TRINE_MOST_TABLE_ENTRIES) +
                         TRINE_WORDS_TABLE_ENTRY * table_entries;
  const uint32_t words =
      TRINE_WORDS_END + ranks * rank + chains * (TRINE_WORDS_READ + TRINE_WORDS_WRITE + 2 * table);
  const uint32_t blocks = 2 + ranks * loads + chains + words / (TRINE_BLOCK_WORDS / 2);
  const uint32_t all = 4 * (TRINE_WORDS_HEAD + words + TRINE_WORDS_BLOCK * blocks + 16);
  return all < READ_AT_ONCE ? READ_AT_ONCE : all;
}
