/* SPDX-License-Identifier: Apache-2.0 */
/* test_memory_core: readers and writers of a core: every word published and every byte written is
 * compared with rows drawn here; slots, marks, early words, flush in the middle, and the pace. */
#include "memory_core_model.h"
#include "verilated.h"

using namespace memory_core;

namespace {

void test_random_runs(Bench &bench) {
  std::printf("words, marks, slots and rows, over runs whose slot counters go on\n");
  for (unsigned round = 0; round < 60; round++) {
    bench.timing(round);
    for (unsigned u = 0; u < UNITS; u++) {
      if (bench.draw(0, 3)) {
        bench.start_reader(u, bench.random_setup(u, false, u * 3 + bench.any_channel()));
      }
      if (bench.draw(0, 3)) {
        bench.start_writer(u, bench.random_setup(u, true, 8 + 3 * u + bench.any_channel()), 0);
      }
    }
    bench.finish("random run");
  }
}

void test_early_words(Bench &bench) {
  std::printf("words of the next run may come before the writer's own start\n");
  Setup s;
  s.channel = 5;
  s.row_bytes = 3 * MEM - 1;
  s.ram_stride = 3;
  s.base = WINDOW / 2;
  s.stride = 4 * MEM;
  s.sequences = {{0, 6, false}};
  bench.timing(2);
  for (unsigned run = 0; run < 4; run++) {
    bench.start_writer(0, s, run == 0 ? 0 : 200);
    bench.finish("early words");
    s.base += 64 * MEM;
  }
}

void test_pace(Bench &bench) {
  std::printf("memory latency is hidden: rows of 8 beats\n");
  bench.memory.settings = {};  // latency 10, one beat a cycle
  bench.stall = 0;
  bench.room_delay = 6;
  Setup s;
  s.channel = 1;
  s.beats = 8;
  s.words = s.beats * MEM / BUS;
  s.stride = s.beats * MEM;
  s.sequences = {{0, 100, false}, {100 * s.stride, 100, false}};
  bench.start_reader(0, s);
  unsigned cycles = bench.finish("pace of a reader");
  unsigned words = 200 * s.words;
  std::printf("  reader: %u words in %u cycles\n", words, cycles);
  bench.check.expect(cycles < words + words / 20 + 40, "a reader keeps its pace");

  s = {};
  s.channel = 8;
  s.row_bytes = 8 * MEM;
  s.ram_stride = 8;
  s.base = WINDOW / 2;
  s.stride = 8 * MEM;
  s.sequences = {{0, 200, false}};
  bench.start_writer(0, s, 0);
  cycles = bench.finish("pace of a writer");
  std::printf("  writer: %d beats in %u cycles\n", 200 * 8, cycles);
}

void test_flush(Bench &bench) {
  std::printf("flush in the middle leaves nothing behind\n");
  for (unsigned round = 0; round < 30; round++) {
    bench.timing(round);
    for (unsigned u = 0; u < UNITS; u++) {
      bench.start_reader(u, bench.random_setup(u, false, u * 3 + bench.any_channel()));
      bench.start_writer(u, bench.random_setup(u, true, 8 + 3 * u + bench.any_channel()), 0);
    }
    for (int64_t n = bench.draw(1, 200); n > 0; n--) {
      bench.tick();
    }
    bench.model.flush_i = 1;
    for (Reader &r : bench.readers) {
      r = Reader();
    }
    for (Writer &w : bench.writers) {
      w = Writer();
    }
    for (unsigned n = 0; n < 3 || (n < 2000 && !bench.model.idle_o); n++) {
      bench.tick();
    }
    bench.check.expect(bench.model.idle_o && !bench.active(), "empty after a flush");
    bench.model.flush_i = 0;
    bench.model.slot_reset_i = 1;
    bench.tick();
    bench.model.slot_reset_i = 0;
    for (unsigned n = 0; n < 40; n++) { /* words that nobody listens to any more */
      bench.tick();
    }
    bench.expect.clear();
    for (unsigned u = 0; u < UNITS; u++) {
      bench.start_reader(u, bench.random_setup(u, false, u));
      bench.start_writer(u, bench.random_setup(u, true, 6 + u), 0);
    }
    bench.finish("the run after a flush");
  }
}

}  // namespace

int main(int argc, char **argv) {
  Verilated::commandArgs(argc, argv);
  seed_print();
  Bench bench;
  test_random_runs(bench);
  test_pace(bench);
  test_early_words(bench);
  test_flush(bench);
  std::printf("memory core, %u-byte memory, %u-byte bus: %u failures\n", MEM, BUS,
              bench.check.failures);
  return bench.check.failures != 0;
}
