/* SPDX-License-Identifier: Apache-2.0 */
/* commands_operations: draws operations whose words are right (rtl/program/records.txt). */
#include <algorithm>

#include "commands_program.h"

namespace commands {

uint32_t drawer::some_ranks() {
  uint32_t all = (1u << wish_.ranks) - 1;
  uint32_t mask = any() & all;
  return uniform(0, 3) == 0 || mask == 0 ? all : mask;
}

step drawer::some(uint32_t op, std::vector<uint32_t> args) {
  bool bare = op == TRINE_OP_END || op == TRINE_OP_BARRIER;
  step s = {op, bare ? 0 : some_ranks(), {}, {}};
  s.words.push_back(0);
  s.words.insert(s.words.end(), args.begin(), args.end());
  return s;
}

/* Word 4, where it is in memory, is filled in when that is known. */
step drawer::load(bool rows) {
  uint32_t buffer = rows ? 1u : uniform(0, 3);
  uint32_t count = uniform(0, 3) == 0 ? uniform(1, 200) : uniform(1, 20);
  uint32_t most[] = {WEIGHT_WORDS, PARAM_ROWS, RING_BYTES, STATE_UNITS};
  uint32_t words[] = {WORD / 4, 4, 1, 1};
  uint32_t size = count;
  if (buffer == 0) {
    count = size = std::min(count, 60u);
  } else if (buffer == 2) {
    count = size * 4;
  }
  uint32_t local = uniform(0, most[buffer] - count);
  if (buffer == 2) {
    local &= ~3u;
  }
  step s = some(TRINE_OP_LOAD, {buffer, local, count, 0});
  s.ranks = 1u << uniform(0, wish_.ranks - 1);
  for (uint32_t n = 0; n < size * words[buffer]; n++) {
    uint32_t part = n & 3;
    uint32_t word = any();
    if (buffer == 1 && part == 1) {
      word &= 0x7fffffff;
    } else if (buffer == 1 && part == 2) {
      word = static_cast<uint32_t>(static_cast<int32_t>(uniform(0, 62)) - 31);
    } else if (buffer == 1 && part == 3) {
      word = 0;
    }
    s.data.push_back(word);
  }
  return s;
}

/* beyond: its parameters end so many beats behind those that all its ranks have. */
step drawer::context(uint32_t beyond) {
  uint32_t group_units = LANES / 4;
  step s = some(TRINE_OP_CONTEXT, {});
  uint32_t params = UINT32_MAX;
  for (unsigned r = 0; r < wish_.ranks; r++) {
    if ((s.ranks >> r & 1) != 0) {
      params = std::min(params, wish_.params[r]);
    }
  }
  uint32_t groups = uniform(1, 20);
  uint32_t most = params - groups * (LANES / TAIL_ROWS);
  uint32_t x = beyond != 0 ? most + beyond : uniform(0, most);
  uint32_t low = uniform(0, 255);
  uint32_t high = uniform(0, 255);
  if (static_cast<int8_t>(low) > static_cast<int8_t>(high)) {
    std::swap(low, high);
  }
  uint32_t args[] = {uniform(0, CONTEXTS - 1) | (any() & 0x60) | uniform(0, 15) << 8 |
                         uniform(0, 15) << 12 | uniform(1, 16) << 16,
                     uniform(1, 99) | uniform(1, 99) << 16,
                     groups | uniform(1, groups * group_units) << 16,
                     uniform(0, 99) * group_units,
                     any(),
                     any(),
                     x | uniform(0, most) << 16,
                     uniform(0, 0xffff) | uniform(0, STATE_UNITS - 1) << 16,
                     uniform(0, STATE_UNITS - 1) | uniform(0, RING_WORDS - 1) << 16,
                     uniform(0, RING_WORDS - 1) | uniform(0, 255) << 16 | uniform(0, 6) << 24,
                     uniform(0, 0x7fff) | low << 16 | high << 24,
                     any() & 0x7fffffff,
                     (uniform(0, 62) - 31) & 0x3f};
  s.words.insert(s.words.end(), std::begin(args), std::end(args));
  return s;
}

step drawer::stream(bool write) {
  uint32_t first = uniform(0, TABLE_ENTRIES - 20);
  uint32_t place = uniform(0, 0x1000) * MEM;
  uint32_t stride = uniform(0, 64) * MEM - 16 * MEM;
  uint32_t table = first | uniform(1, 20) << 16;
  uint32_t channel = uniform(0, 1) | uniform(0, 15) << 4;
  if (write) {
    uint32_t room = WRITER_BYTES / MEM;
    uint32_t step = uniform(1, room / X_SLOTS / 2);
    return some(TRINE_OP_WRITE, {channel | uniform(0, 1) << 8, place, stride, uniform(1, 999),
                                 table, uniform(0, room - step * X_SLOTS) | step << 16, 0});
  }
  uint32_t beats = uniform(1, 30);
  uint32_t words = uniform(1, beats * std::max(1u, MEM / BUS));
  return some(TRINE_OP_READ,
              {channel | uniform(1, 16) << 8, place, stride, words | beats << 16, table, 0});
}

step drawer::table(unsigned most) {
  unsigned pairs = uniform(1, most);
  std::vector<uint32_t> args = {uniform(0, TABLE_ENTRIES - pairs)};
  for (unsigned n = 0; n < pairs; n++) {
    args.push_back(any());
    args.push_back(uniform(1, 0x7fffffff) | (any() & 0x80000000));
  }
  return some(TRINE_OP_TABLE, args);
}

step drawer::run(bool more) {
  return some(TRINE_OP_RUN,
              {uniform(1, 255) | (more ? 0x10000u : 0) | uniform(0, 2) << 17, uniform(1, 99)});
}

/* One that neither ends its block nor lets contexts go on. */
step drawer::between() {
  switch (uniform(0, 4)) {
    case 0: {
      uint32_t stride = uniform(0, 60);
      uint32_t ring = uniform(0, RING_WORDS - stride * X_SLOTS);
      return some(TRINE_OP_CHANNEL,
                  {uniform(0, 15) | uniform(1, 15) << 8, ring | stride << 16, uniform(1, 0xffff)});
    }
    case 1:
      return context(0);
    case 2:
      return table(uniform(0, 4) == 0 ? 30 : 8);
    case 3: {
      uint32_t entry = uniform(0, STATE_UNITS - 40);
      return some(TRINE_OP_SAVE, {entry, uniform(1, 40), uniform(0, 0x1000) * MEM});
    }
    default:
      return stream(uniform(0, 1) != 0);
  }
}

}  // namespace commands
