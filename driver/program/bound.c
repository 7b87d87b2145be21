/* SPDX-License-Identifier: Apache-2.0 */
/* bound: how long a program can be, see assemble.h. */
#include "program/assemble.h"
#include "program/format.h"

uint32_t trine_program_bound(uint32_t ranks, uint32_t layers, uint32_t chains,
                             uint32_t table_entries) {
  /* A rank: every context and channel, loads and saves of every layer, and in each stage a barrier,
   * runs and what its chains bring (together no more table entries than there are). Blocks end
   * early behind loads, barriers and runs, and else hold half of what they could, or more. */
  const uint32_t tables = chains * 2 * (2 + table_entries / TRINE_MOST_TABLE_ENTRIES * 2);
  const uint32_t words = 16 + layers * (14 + 10 + 4 + 4) + chains * (4 + 4) + tables +
                         chains * (7 + 8 + 3) + chains * 2 * table_entries;
  const uint32_t blocks = 4 + 2 * layers + 3 * chains + words / (TRINE_BLOCK_WORDS / 2);
  const uint32_t list = words + TRINE_WORDS_BLOCK * blocks;
  return 4 * (TRINE_WORDS_HEAD + TRINE_WORDS_ENTRY * ranks + 16 + ranks * (list + 16));
}
