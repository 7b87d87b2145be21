/* SPDX-License-Identifier: Apache-2.0 */
/* memory_core_types: what the bench of readers and writers knows of each: what it was told to do,
 * and what must still come of it. */
#ifndef TRINE_MEMORY_CORE_TYPES_H
#define TRINE_MEMORY_CORE_TYPES_H

#include <array>
#include <deque>
#include <utility>
#include <vector>

#include "Vmemory_core_bench.h"
#include "memory_axi.h"

namespace memory_core {

constexpr unsigned SLOTS = 4, UNITS = 2, CHANNELS = 16, MEM = MEM_BYTES, BUS = BUS_BYTES;
constexpr uint32_t WINDOW = 1024 * 1024;
constexpr uint64_t BASE = UINT64_C(0x7FFFFF000);
using Model = Vmemory_core_bench;

struct Sequence {
  uint32_t offset, length;
  bool go_on;
};

struct Setup {
  unsigned channel = 0, words = 0, beats = 0, row_bytes = 0, ram_base = 0, ram_stride = 0;
  uint32_t base = 0, stride = 0;
  bool last_only = false;
  std::vector<Sequence> sequences;
};

struct Word {
  unsigned slot, place;
  uint64_t addr;
  bool first, last;
};

struct Reader {
  std::deque<Word> expected;
  std::array<int, SLOTS> room_in = {};       // cycles until room; 0: room, -1: claimed
  std::array<unsigned, CHANNELS> slot = {};  // next one of each channel
};

struct Row {
  uint64_t addr;
  bool kept;  // written
};

struct Writer {
  unsigned channel = 0, row_bytes = 0, ram_stride = 0;
  std::deque<Row> rows;                     // to come, one a step
  std::array<int, SLOTS> complete_in = {};  // 0: not; n > 1: cycles until complete; 1: complete
  std::array<unsigned, CHANNELS> publish_slot = {}, release_slot = {};  // next one of each channel
  std::vector<std::pair<unsigned, unsigned>> parts;  // of the vector, not yet sent: [from, end)
  unsigned published = 0, released = 0, total = 0;
  std::vector<uint8_t> vector;
};

}  // namespace memory_core

#endif
