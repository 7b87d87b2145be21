/* SPDX-License-Identifier: Apache-2.0 */
/* test_uart: bridge and memory against docs/uart_protocol.md, byte by byte through the pins, while
 * an AXI master reads and writes the other half of the memory in bursts with random pauses. */
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "Vuart_bench.h"
#include "serial_line.h"
#include "verilated.h"

extern "C" {
#include "support/seed.h"
}

namespace {

constexpr unsigned MEMORY = 12288, HALF_WORDS = MEMORY / 8, CLOCKS = UART_CLOCKS;
constexpr unsigned ANSWER_CYCLES = CLOCKS * 10 * 1100 + 1000;

using Bytes = std::vector<uint8_t>;

void fail(const char *what, unsigned got, unsigned want) {
  std::printf("FAIL %s: got 0x%x, want 0x%x (clocks a bit %u; TRINE_SEED repeats it)\n", what, got,
              want, CLOCKS);
  std::exit(1);
}

void same(const char *what, unsigned got, unsigned want) {
  if (got != want) {
    fail(what, got, want);
  }
}

/* Bursts in the upper half of the memory, one at a time each way, checked against a copy. */
class Master {
 public:
  explicit Master(Vuart_bench &top) : top_(top), seed_(seed_start("master")) {
    words_.resize(HALF_WORDS, 0);
  }
  unsigned beats = 0, bursts = 0;
  bool on = false;

  void before() { /* outputs of the design are settled; inputs for the coming edge */
    top_.rready_i = seed_uniform(&seed_, 0, 3) != 0;
    top_.bready_i = seed_uniform(&seed_, 0, 3) != 0;
    if (state_ == IDLE && on) {
      start();
    }
    top_.arvalid_i = state_ == READ_ADDRESS;
    top_.awvalid_i = state_ == WRITE_ADDRESS;
    if (state_ == WRITE && !offered_ && seed_uniform(&seed_, 0, 2) != 0) {
      offered_ = true;
      data_ = static_cast<uint32_t>(seed_next(&seed_));
      strobes_ = fill_ ? 15U : static_cast<unsigned>(seed_uniform(&seed_, 0, 15));
    }
    top_.wvalid_i = offered_;
    top_.wdata_i = data_;
    top_.wstrb_i = static_cast<uint8_t>(strobes_);
    top_.wlast_i = beat_ == length_;
    top_.eval();
    took_read_ = top_.rvalid_o && top_.rready_i;
    took_write_ = top_.wvalid_i && top_.wready_o;
    took_address_ = (top_.arvalid_i && top_.arready_o) || (top_.awvalid_i && top_.awready_o);
    took_response_ = top_.bvalid_o && top_.bready_i;
    if (took_read_) {
      read_beat();
    }
    if (took_response_) {
      same("write response", top_.bresp_o, outside_ ? 3 : 0);
    }
    if (took_response_) {
      same("write id", top_.bid_o, id_);
    }
  }

  void after() {
    if (took_address_) {
      state_ = state_ == READ_ADDRESS ? READ : WRITE;
    }
    if (took_write_) {
      write_beat();
    }
    if (took_response_ || (took_read_ && last_)) {
      state_ = IDLE;
      bursts++;
    }
  }

 private:
  enum State { IDLE, READ_ADDRESS, READ, WRITE_ADDRESS, WRITE, RESPONSE };

  void start() {
    fill_ = filled_ < HALF_WORDS;
    const bool write = fill_ || seed_uniform(&seed_, 0, 1) != 0;
    length_ = fill_ ? 15U : static_cast<unsigned>(seed_uniform(&seed_, 0, 15));
    word_ =
        fill_ ? filled_ : static_cast<unsigned>(seed_uniform(&seed_, 0, HALF_WORDS - 1 - length_));
    if (fill_) {
      filled_ += 16;
    }
    outside_ = !fill_ && seed_uniform(&seed_, 0, 9) == 0;
    id_ = static_cast<unsigned>(seed_uniform(&seed_, 0, 15));
    beat_ = 0;
    const uint64_t inside = MEMORY / 2 + word_ * 4U;
    /* Just behind the memory, or where all its address bits are those of a word inside. */
    const bool near = outside_ && seed_uniform(&seed_, 0, 1) != 0;
    const uint64_t far = inside + (outside_ ? uint64_t{1} << 40 : 0);
    const uint64_t addr = near ? MEMORY + word_ * 4U % 4096 : far;
    top_.araddr_i = top_.awaddr_i = addr;
    top_.arid_i = top_.awid_i = static_cast<uint8_t>(id_);
    top_.arlen_i = static_cast<uint8_t>(length_);
    state_ = write ? WRITE_ADDRESS : READ_ADDRESS;
  }

  void read_beat() {
    if (!outside_) {
      same("word read in a burst", top_.rdata_o, words_[word_ + beat_]);
    }
    same("read response", top_.rresp_o, outside_ ? 3 : 0);
    same("read id", top_.rid_o, id_);
    same("last mark", top_.rlast_o, beat_ == length_);
    last_ = beat_ == length_;
    beat_++;
    beats++;
  }

  void write_beat() {
    for (unsigned n = 0; n < 4 && !outside_; n++) {
      const uint32_t mask = 0xffU << 8 * n;
      if ((strobes_ >> n & 1) != 0) {
        words_[word_ + beat_] = (words_[word_ + beat_] & ~mask) | (data_ & mask);
      }
    }
    offered_ = false;
    beats++;
    if (beat_ == length_) {
      state_ = RESPONSE;
    }
    beat_++;
  }

  Vuart_bench &top_;
  struct seed_stream seed_;
  std::vector<uint32_t> words_;
  State state_ = IDLE;
  bool offered_ = false, outside_ = false, fill_ = false, last_ = false;
  bool took_read_ = false, took_write_ = false, took_address_ = false, took_response_ = false;
  unsigned word_ = 0, length_ = 0, beat_ = 0, id_ = 0, strobes_ = 0, filled_ = 0;
  uint32_t data_ = 0;
};

class Bench {
 public:
  Bench() : line_(CLOCKS), master(top) {
    top.rst_ni = 0;
    cycles(4);
    top.rst_ni = 1;
    cycles(12 * CLOCKS); /* the level before the first clock looks like a byte */
    line_.received.clear();
    line_.faults = 0;
  }

  void cycles(unsigned count) {
    for (unsigned n = 0; n < count; n++) {
      top.rx_i = line_.step(top.tx_o != 0);
      master.before();
      top.clk_i = 1;
      top.eval();
      master.after();
      top.clk_i = 0;
      top.eval();
    }
  }

  void send(const Bytes &bytes) {
    line_.send(bytes.data(), bytes.size());
  }
  void send_broken(uint8_t byte) {
    line_.send_broken(byte);
  }

  /* Waits until the line is quiet both ways; what was answered. */
  Bytes answer() {
    unsigned quiet = 0;
    for (unsigned n = 0; n < ANSWER_CYCLES && quiet < 30 * CLOCKS; n++) {
      const size_t before = line_.received.size();
      cycles(1);
      const bool busy = line_.waiting() != 0 || line_.received.size() != before || !top.tx_o;
      quiet = busy ? 0 : quiet + 1;
    }
    const Bytes bytes(line_.received.begin(), line_.received.end());
    line_.received.clear();
    same("stop bits", line_.faults, 0);
    return bytes;
  }

 private:
  SerialLine line_;

 public:
  Vuart_bench top;
  Master master;
};

Bytes frame(uint8_t command, uint32_t addr, unsigned count, const Bytes &data) {
  Bytes bytes = {command};
  for (unsigned n = 0; n < 4; n++) {
    bytes.push_back(static_cast<uint8_t>(addr >> 8 * n));
  }
  bytes.push_back(static_cast<uint8_t>(count));
  bytes.push_back(static_cast<uint8_t>(count >> 8));
  bytes.insert(bytes.end(), data.begin(), data.end());
  unsigned sum = 0;
  for (uint8_t byte : bytes) {
    sum += byte;
  }
  bytes.push_back(static_cast<uint8_t>(0xff - sum));
  return bytes;
}

Bytes words(const std::vector<uint32_t> &values) {
  Bytes bytes;
  for (uint32_t value : values) {
    for (unsigned n = 0; n < 4; n++) {
      bytes.push_back(static_cast<uint8_t>(value >> 8 * n));
    }
  }
  return bytes;
}

void expect(Bench &bench, const char *what, uint8_t status, const Bytes &data) {
  const Bytes got = bench.answer();
  same(what, static_cast<unsigned>(got.size()), static_cast<unsigned>(data.size() + 2));
  same(what, got[0], status);
  unsigned sum = 0;
  for (uint8_t byte : got) {
    sum = (sum + byte) & 0xff;
  }
  same(what, sum, 0xff);
  for (size_t n = 0; n < data.size(); n++) {
    same(what, got[n + 1], data[n]);
  }
}

void test_registers(Bench &bench) {
  bench.send(frame('W', 0x1018, 1, words({0x12345678})));
  expect(bench, "a register is written", 'A', {});
  same("address written", bench.top.written_addr_o, 0x1018);
  same("value written", bench.top.written_o, 0x12345678);
  bench.send(frame('R', 0x0104, 1, {}));
  expect(bench, "a register is read", 'A', words({0x12345678 ^ 0x0104}));
  bench.send(frame('R', 0x10000, 1, {}));
  expect(bench, "SLVERR of a read is E", 'E', {});
  bench.send(frame('W', 0x10000, 1, words({1})));
  expect(bench, "SLVERR of a write is E", 'E', {});
  bench.send(frame('R', 0x20104, 1, {}));
  expect(bench, "an address beyond the register space is E", 'E', {});
  bench.send(frame('I', 0, 1, {}));
  expect(bench, "the size of the memory", 'A', words({MEMORY}));
}

void test_memory(Bench &bench, struct seed_stream *seed) {
  std::vector<uint32_t> copy(HALF_WORDS);
  for (uint32_t &word : copy) {
    word = static_cast<uint32_t>(seed_next(seed));
  }
  for (unsigned first = 0; first < HALF_WORDS; first += 256) {
    const std::vector<uint32_t> part(copy.begin() + first, copy.begin() + first + 256);
    bench.send(frame('w', 4 * first, 256, words(part)));
    expect(bench, "256 words are written", 'A', {});
  }
  for (unsigned n = 0; n < 40; n++) {
    const unsigned count = static_cast<unsigned>(seed_log_uniform(seed, 1, 256));
    const unsigned first = static_cast<unsigned>(seed_uniform(seed, 0, HALF_WORDS - count));
    std::vector<uint32_t> part(copy.begin() + first, copy.begin() + first + count);
    if (n % 2 == 0) {
      for (uint32_t &word : part) {
        word = static_cast<uint32_t>(seed_next(seed));
      }
      std::copy(part.begin(), part.end(), copy.begin() + first);
      bench.send(frame('w', 4 * first, count, words(part)));
      expect(bench, "words are written", 'A', {});
    }
    bench.send(frame('r', 4 * first, count, {}));
    expect(bench, "words are read", 'A', words(part));
  }
  bench.send(frame('r', MEMORY - 4, 2, {}));
  expect(bench, "a read beyond the end is E", 'E', {});
  bench.send(frame('r', 0xfffffffc, 2, {}));
  expect(bench, "a read that wraps is E", 'E', {});
  bench.send(frame('w', MEMORY, 2, words({1, 2})));
  expect(bench, "a write beyond the end is E", 'E', {});
  bench.send(frame('r', 0, 1, {}));
  expect(bench, "nothing was written at its wrapped place", 'A', words({copy[0]}));
}

void test_damage(Bench &bench) {
  const unsigned writes = bench.top.writes_o;
  Bytes bad = frame('W', 0x10, 1, words({5}));
  bad.back() ^= 1;
  bench.send(bad);
  expect(bench, "a wrong check is C", 'C', {});
  bench.send({0x5a});
  expect(bench, "an unknown command is C at once", 'C', {});
  bench.send(frame('R', 0x102, 1, {}));
  expect(bench, "an unaligned address is C", 'C', {});
  for (const unsigned count : {0U, 2U, 257U}) {
    Bytes head = frame(count == 2 ? 'W' : 'w', 0, count, {});
    head.pop_back();
    bench.send(head);
    expect(bench, "a count out of range is C before any data", 'C', {});
  }
  Bytes whole = frame('W', 0x10, 1, words({5}));
  bench.send(Bytes(whole.begin(), whole.begin() + 3));
  bench.send_broken(whole[3]);
  bench.send(Bytes(whole.begin() + 4, whole.end()));
  expect(bench, "a damaged stop bit spoils the frame", 'C', {});
  same("register writes after damage", bench.top.writes_o, writes);
  for (size_t cut = 1; cut < whole.size(); cut++) { /* a lost end, then the way out of it */
    bench.send(Bytes(whole.begin(), whole.begin() + static_cast<long>(cut)));
    bench.send(Bytes(1032, 0));
    (void)bench.answer();
    bench.send(frame('I', 0, 1, {}));
    expect(bench, "zeros end any frame", 'A', words({MEMORY}));
  }
  same("register writes after lost bytes", bench.top.writes_o, writes);
}

}  // namespace

int main() {
  const uint64_t seed = seed_print();
  struct seed_stream stream = seed_start("uart");
  Bench bench;
  test_registers(bench);
  bench.master.on = true;
  test_memory(bench, &stream);
  test_damage(bench);
  if (bench.master.bursts < 100) {
    fail("bursts beside the line", bench.master.bursts, 100);
  }
  std::printf(
      "uart %u clocks a bit: all requests answered as written, %u bursts of %u beats beside "
      "them, seed %llu\n",
      CLOCKS, bench.master.bursts, bench.master.beats, static_cast<unsigned long long>(seed));
  return 0;
}
