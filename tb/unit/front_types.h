/* SPDX-License-Identifier: Apache-2.0 */
/* front_types: what the bench of the front end knows of each stream, program and SAVE: what it was
 * told to do, and what must still come of it. */
#ifndef TRINE_FRONT_TYPES_H
#define TRINE_FRONT_TYPES_H

#include <array>
#include <deque>
#include <utility>
#include <vector>

#include "Vfront_bench.h"
#include "memory_axi.h"

namespace front {

constexpr unsigned CORES = CORE_COUNT, SLOTS = 4, UNITS = 2, CHANNELS = 16, MEM = MEM_BYTES,
                   BUS = BUS_BYTES, ENTRIES = 64;
constexpr uint32_t WINDOW = 1024 * 1024;
constexpr uint64_t BASE = UINT64_C(0x7FFFFF000);
using Model = Vfront_bench;

enum SetUp { CHANNEL, ROW_BASE, STRIDE, SHAPE, START, PLACE, TABLE_OFFSET, TABLE_LENGTH };

/* Where the window of a core begins: they do not touch. */
constexpr uint64_t window_of(unsigned core) {
  return BASE + core * UINT64_C(0x1000000);
}

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
  unsigned channel, slot, place;
  uint64_t addr;
  bool first, last, row_end;
};

struct Reader {
  std::deque<Word> expected;
  unsigned room = SLOTS;                     // slots with room, as the core knows it
  std::deque<unsigned> later;                // cycles until a slot has room again
  std::array<unsigned, CHANNELS> slot = {};  // next one of each channel
  unsigned claimed = 0, sent = 0;            // rows
};

struct Row {
  uint64_t addr;
  bool kept;  // written
};

struct Writer {
  unsigned channel = 0, row_bytes = 0, ram_stride = 0;
  std::deque<Row> rows;                              // to come, one a step
  unsigned complete = 0;                             // vectors, as the core knows it
  std::deque<unsigned> later;                        // cycles until a vector is complete
  std::array<bool, SLOTS> full = {};                 // slot holds a vector
  std::array<unsigned, CHANNELS> publish_slot = {};  // next one of each channel
  std::array<unsigned, CHANNELS> use_slot = {};
  std::vector<std::pair<unsigned, unsigned>> parts;  // of the vector, not yet sent: [from, end)
  unsigned published = 0, released = 0, total = 0;
  std::vector<uint8_t> vector;
};

struct Fetch {
  bool asks = false;
  uint32_t offset = 0;
  unsigned beats = 0;
  std::deque<uint64_t> expected;  // addresses of beats
};

struct Save {
  bool asks = false;
  uint32_t offset = 0;
  uint64_t strb = 0;
  std::vector<uint8_t> bytes;
  unsigned open = 0;
};

}  // namespace front

#endif
