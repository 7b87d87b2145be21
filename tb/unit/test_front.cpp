/* SPDX-License-Identifier: Apache-2.0 */
/* test_front: the front end of all cores: every word published and every byte written is compared
 * with rows drawn here, fetches and SAVEs beside them; slots, marks, stops in the middle of the
 * others' work, windows, refusals of memory, and the pace. */
#include "front_setup.h"
#include "verilated.h"

using namespace front;

namespace {

void test_random_runs(Runs &bench) {
  std::printf("words, marks, slots and rows, over runs whose slots go on\n");
  for (unsigned round = 0; round < 60; round++) {
    bench.timing(round);
    for (unsigned c = 0; c < CORES; c++) {
      bench.start_some(c);
    }
    bench.finish("random run");
  }
}

void test_stops(Runs &bench) {
  std::printf("a core stops in the middle, the others go on; its next tenant finds nothing\n");
  for (unsigned round = 0; round < 60; round++) {
    bench.timing(round);
    for (unsigned c = 0; c < CORES; c++) {
      bench.start_some(c);
    }
    if (bench.draw(0, 3)) {
      bench.settle();
    }
    for (int64_t n = bench.draw(1, 200); n > 0; n--) {
      bench.tick();
    }
    const unsigned c = static_cast<unsigned>(bench.draw(0, CORES - 1));
    bench.stop(c);
    bench.start_some(c);
    bench.finish("the others, and the run after a stop");
  }
}

/* The last row goes beyond the window, or memory refuses it. */
void test_errors(Runs &bench) {
  std::printf("windows and refusals: the first error of a core, and nothing of it after\n");
  for (unsigned round = 0; round < 40; round++) {
    bench.timing(round);
    bench.programs = 0;
    const unsigned c = static_cast<unsigned>(bench.draw(0, CORES - 1));
    const bool beyond = bench.draw(0, 1) != 0;
    Setup s = bench.random_setup(0, false);
    const uint32_t rows = static_cast<uint32_t>(bench.draw(1, 8));
    s.stride = s.beats * MEM;
    s.base = beyond ? WINDOW - rows * s.stride + MEM : 0;
    s.sequences = {{0, rows, false}};
    if (!beyond) {
      bench.memory.settings.bad_low = window_of(c) + (rows - 1) * s.stride;
      bench.memory.settings.bad_high = bench.memory.settings.bad_low;
    }
    for (unsigned o = 0; o < CORES; o++) {
      if (o != c) {
        bench.start_some(o);
      }
    }
    bench.start_reader(c, 0, s);
    bench.settle();
    unsigned n = 0;
    for (; n < 20000 && !bench.failed[c]; n++) {
      bench.tick();
    }
    bench.check.expect(bench.failed[c], "an error is told");
    bench.stop(c);
    bench.memory.settings.bad_low = 1;
    bench.memory.settings.bad_high = 0;
    bench.start_some(c);
    bench.finish("the run after an error");
  }
}

void test_pace(Runs &bench) {
  std::printf("memory latency is hidden: rows of 8 beats, and of two by all readers\n");
  bench.memory.settings = {};  // latency 10, one beat a cycle
  bench.stall = 0;
  bench.room_delay = 6;
  Setup s;
  s.channel = 1;
  s.beats = 8;
  s.words = s.beats * MEM / BUS;
  s.stride = s.beats * MEM;
  s.sequences = {{0, 100, false}, {100 * s.stride, 100, false}};
  bench.start_reader(0, 0, s);
  unsigned cycles = bench.finish("pace of a reader");
  unsigned words = 200 * s.words;
  std::printf("  one reader: %u words in %u cycles\n", words, cycles);
  bench.check.expect(cycles < words + words / 6 + 60, "a reader keeps its pace");

  s.beats = 2;
  s.words = s.beats * MEM / BUS;
  s.stride = s.beats * MEM;
  s.sequences = {{0, 100, false}};
  words = 0;
  for (unsigned c = 0; c < CORES; c++) {
    for (unsigned u = 0; u < UNITS; u++) {
      s.channel = 1 + u;
      bench.start_reader(c, u, s);
      words += 100 * s.words;
    }
  }
  cycles = bench.finish("pace of all readers");
  std::printf("  all readers, rows of two beats: %u words in %u cycles\n", words, cycles);
  bench.check.expect(CORES == 1 || cycles < words + words / 8 + 60, "all readers fill the bus");

  s = {};
  s.channel = 8;
  s.row_bytes = 8 * MEM;
  s.ram_stride = 8;
  s.base = WINDOW / 2;
  s.stride = 8 * MEM;
  s.sequences = {{0, 200, false}};
  bench.start_writer(0, 0, s);
  cycles = bench.finish("pace of a writer");
  std::printf("  one writer: %d beats in %u cycles\n", 200 * 8, cycles);
}

}  // namespace

int main(int argc, char **argv) {
  Verilated::commandArgs(argc, argv);
  seed_print();
  Runs bench;
  test_random_runs(bench);
  test_pace(bench);
  test_stops(bench);
  test_errors(bench);
  std::printf("front end of %u cores, %u-byte memory, %u-byte bus: %u failures\n", CORES, MEM, BUS,
              bench.check.failures);
  return bench.check.failures != 0;
}
