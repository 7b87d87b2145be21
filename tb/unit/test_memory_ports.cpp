/* SPDX-License-Identifier: Apache-2.0 */
/* test_memory_ports: three memory ports behind the arbiter: random clients compare every beat with
 * the memory, and nobody waits too long; then refusals of the window, bus errors, and flush.
 *
 * Each write client has pages of its own in the upper half of its core's window; reads use the
 * lower half, which nobody writes, so data do not depend on the order of reads and writes. */
#include "Vmemory_ports_bench.h"
#include "memory_axi.h"
#include "verilated.h"

namespace {

constexpr unsigned CORES = 3, CLIENTS = 3, PORTS = CORES * CLIENTS, WIDTH = MEM_BYTES;
constexpr uint32_t WINDOW = 64 * 1024;
using Model = Vmemory_ports_bench;

uint64_t base(unsigned core) {
  return UINT64_C(0x1FFFF0000) + core * UINT64_C(0x100000);
}

struct Client {
  bool enabled = true;
  unsigned pause = 0;  // chance in 1000 to stay quiet for a cycle
  bool valid = false;
  uint32_t offset = 0;
  unsigned beats = 0;
  std::deque<uint64_t> expected;                           // reads: addresses of beats to come
  std::deque<std::pair<uint64_t, std::vector<int>>> data;  // writes: address, byte or -1
  unsigned asked = 0, done = 0, moved = 0;

  void ask(uint32_t from, unsigned count) {
    offset = from;
    beats = count;
    valid = true;
  }
};

class Bench {
 public:
  Bench() : memory(model, WIDTH, check), rng(seed_start("ports")) {
    reset();
  }

  Model model;
  Checker check;
  AxiMemory<Model> memory;
  seed_stream rng;
  Client reads[PORTS], writes[PORTS];
  unsigned waited_ar[CORES] = {}, waited_aw[CORES] = {}, worst = 0;
  std::map<uint64_t, int> expect;  // bytes written, by accepted requests
  unsigned flush = 0;              // mask of cores

  int64_t draw(int64_t low, int64_t high) {
    return seed_uniform(&rng, low, high);
  }

  void reset() {
    model.rst_ni = 0;
    for (unsigned c = 0; c < CORES; c++) {
      set_bits(model.window_base_i, c * 64, 64, base(c));
    }
    model.window_size_i = WINDOW;
    for (int n = 0; n < 4; n++) {
      clock();
      check.expect(!model.arvalid && !model.awvalid && !model.wvalid, "AXI idle in reset");
    }
    model.rst_ni = 1;
    clock();
  }

  void clock() {
    model.clk_i = 0;
    model.eval();
    model.clk_i = 1;
    model.eval();
  }

  void new_request(Client &client, bool write, unsigned port) {
    unsigned owner = port % CLIENTS;
    client.beats = static_cast<unsigned>(draw(1, 16));
    uint32_t low = write ? WINDOW / 2 + owner * 8192 : 0;
    uint32_t high = write ? low + 8192 : WINDOW / 2;
    uint32_t room = high - low - client.beats * WIDTH;
    client.offset = low + static_cast<uint32_t>(draw(0, room / WIDTH)) * WIDTH;
    if (draw(0, 3) == 0) {  // around a page
      uint32_t page = low + 4096;
      client.offset = page - static_cast<uint32_t>(draw(0, client.beats)) * WIDTH;
    }
    client.valid = true;
  }

  void accept(Client &client, bool write, unsigned port) {
    client.valid = false;
    client.asked++;
    for (unsigned n = 0; n < client.beats; n++) {
      uint64_t addr = base(port / CLIENTS) + client.offset + n * WIDTH;
      if (!write) {
        client.expected.push_back(addr);
        continue;
      }
      std::vector<int> bytes;
      for (unsigned b = 0; b < WIDTH; b++) {
        bytes.push_back(draw(0, 4) ? static_cast<int>(draw(0, 255)) : -1);
      }
      client.data.emplace_back(addr, bytes);
    }
  }

  void drive_clients() {
    for (unsigned p = 0; p < PORTS; p++) {
      bool off = (flush >> (p / CLIENTS)) & 1;
      for (int write = 0; write < 2; write++) {
        Client &client = write ? writes[p] : reads[p];
        if (off) {
          client.valid = false;
          client.expected.clear();
          client.data.clear();
          client.asked = client.done;
        } else if (!client.valid && client.enabled && draw(0, 999) >= client.pause &&
                   (!write || client.data.empty())) {
          new_request(client, write, p);
        }
        auto &valid = write ? model.wr_valid_i : model.rd_valid_i;
        set_bits(valid, p, 1, client.valid);
        if (write) {
          set_bits(model.wr_offset_i, p * 32, 32, client.offset);
          set_bits(model.wr_beats_i, p * 5, 5, client.beats);
        } else {
          set_bits(model.rd_offset_i, p * 32, 32, client.offset);
          set_bits(model.rd_beats_i, p * 5, 5, client.beats);
        }
      }
      for (unsigned b = 0; b < WIDTH; b++) {
        // Garbage with strobes where there is nothing to write: it must never be taken.
        int byte = writes[p].data.empty() ? 0xEE : writes[p].data.front().second[b];
        set_bits(model.wr_data_i, p * WIDTH * 8 + b * 8, 8, static_cast<uint64_t>(byte & 255));
        set_bits(model.wr_strb_i, p * WIDTH + b, 1, byte >= 0);
      }
    }
    model.flush_i = static_cast<uint8_t>(flush);
  }

  void see_clients() {
    for (unsigned p = 0; p < PORTS; p++) {
      Client &read = reads[p];
      Client &write = writes[p];
      if (get_bits(model.rd_data_valid_o, p, 1) && !((flush >> (p / CLIENTS)) & 1)) {
        if (check.expect(!read.expected.empty(), "read data only for a request")) {
          uint64_t addr = read.expected.front();
          read.expected.pop_front();
          bool same = true;
          for (unsigned b = 0; b < WIDTH; b++) {
            unsigned low = p / CLIENTS * WIDTH * 8 + b * 8;
            same &= get_bits(model.rd_data_o, low, 8) == memory.byte(addr + b);
          }
          check.expect(same, "read data in order");
          read.moved++;
        }
      }
      if (get_bits(model.wr_data_next_o, p, 1)) {
        if (check.expect(!write.data.empty(), "beat taken only of a request")) {
          auto beat = write.data.front();
          for (unsigned b = 0; b < WIDTH; b++) {
            if (beat.second[b] >= 0) {
              expect[beat.first + b] = beat.second[b];
            }
          }
          write.data.pop_front();
          write.moved++;
        }
      }
      write.done += static_cast<unsigned>(get_bits(model.wr_done_o, p, 1));
      if (get_bits(model.rd_ready_o, p, 1)) {
        accept(read, false, p);
      }
      if (get_bits(model.wr_ready_o, p, 1)) {
        accept(write, true, p);
      }
    }
    see_waiting();
  }

  void see_waiting() {
    for (unsigned c = 0; c < CORES; c++) {
      bool others = (model.ar_ready_o & ~(1u << c)) != 0;
      waited_ar[c] = get_bits(model.ar_valid_o, c, 1) && !get_bits(model.ar_ready_o, c, 1)
                         ? waited_ar[c] + others
                         : 0;
      others = (model.aw_ready_o & ~(1u << c)) != 0;
      waited_aw[c] = get_bits(model.aw_valid_o, c, 1) && !get_bits(model.aw_ready_o, c, 1)
                         ? waited_aw[c] + others
                         : 0;
      worst = std::max({worst, waited_ar[c], waited_aw[c]});
    }
  }

  void tick() {
    model.clk_i = 0;
    drive_clients();
    memory.drive();
    model.eval();
    see_clients();
    memory.edge();
    model.clk_i = 1;
    model.eval();
  }

  void run(unsigned cycles) {
    for (unsigned n = 0; n < cycles; n++) {
      tick();
    }
  }

  void enable(bool on, unsigned pause = 0) {
    for (unsigned p = 0; p < PORTS; p++) {
      reads[p].enabled = writes[p].enabled = on;
      reads[p].pause = writes[p].pause = pause;
    }
  }

  bool quiet() {
    for (unsigned p = 0; p < PORTS; p++) {
      if (reads[p].valid || writes[p].valid || !reads[p].expected.empty() ||
          writes[p].done != writes[p].asked) {
        return false;
      }
    }
    return model.idle_o == (1u << CORES) - 1 && memory.idle();
  }

  void drain(const char *what) {
    enable(false);
    unsigned n = 0;
    while (!quiet() && n < 20000) {
      tick();
      n++;
    }
    run(20);
    check.expect(n < 20000, std::string("everything answered: ") + what);
    for (const auto &byte : expect) {
      if (!check.expect(memory.byte(byte.first) == byte.second, "memory holds what was written")) {
        break;
      }
    }
  }
};

void test_random_traffic(Bench &bench) {
  std::printf("data come in order, under all timings\n");
  for (unsigned round = 0; round < 6; round++) {
    auto &set = bench.memory.settings;
    set = {};
    set.latency_min = round % 3 == 0 ? 1 : 10;
    set.latency_max = round % 3 == 2 ? 60 : set.latency_min;
    set.stall_permille = round < 2 ? 0 : 300;
    set.mix_ids = round % 2 == 1;
    bench.enable(true, round == 4 ? 900 : 0);
    bench.run(6000);
    bench.drain("random traffic");
  }
  for (unsigned p = 0; p < PORTS; p++) {
    bench.check.expect(bench.reads[p].moved > 500 && bench.writes[p].moved > 500,
                       "every client was served");
  }
  bench.check.expect(bench.worst <= CORES - 1,
                     "a request waited for " + std::to_string(bench.worst) + " others");
}

/* One client's request that must be refused; the others keep running. */
void refuse(Bench &bench, unsigned port, bool write, uint32_t offset, unsigned beats) {
  unsigned core = port / CLIENTS;
  auto &bursts = bench.memory.bursts;
  bench.drain("before a refusal");
  Client &client = write ? bench.writes[port] : bench.reads[port];
  for (unsigned p = 0; p < PORTS; p++) {
    bench.reads[p].enabled = bench.writes[p].enabled = p / CLIENTS != core;
  }
  bursts.clear();
  client.ask(offset, beats);
  bench.run(300);
  std::string what =
      "refused: offset " + std::to_string(offset) + ", beats " + std::to_string(beats);
  bench.check.expect(get_bits(bench.model.error_valid_o, core, 1) &&
                         get_bits(bench.model.error_code_o, core * 8, 8) == 32 &&
                         get_bits(bench.model.error_addr_o, core * 64, 64) == offset,
                     what);
  bench.check.expect(bench.model.error_valid_o == (1u << core), "no other core has an error");
  // A good request after it is not taken either.
  client.ask(0, 1);
  bench.run(50);
  for (const auto &burst : bursts) {
    bench.check.expect(burst.id != core, "nothing was sent");
  }
  bench.check.expect(bursts.size() > 20, "the other cores went on");
  bench.flush = 1u << core;
  bench.run(3);
  bench.flush = 0;
  bench.tick();
  bench.check.expect(bench.model.error_valid_o == 0, "flush clears the error");
}

void test_window(Bench &bench) {
  std::printf("nothing outside the window is asked for\n");
  bench.memory.settings = {};
  const struct {
    uint32_t offset;
    unsigned beats;
  } cases[] = {{WINDOW, 1},
               {WINDOW - WIDTH, 2},
               {WINDOW - 15 * WIDTH, 16},
               {0xFFFFFFF0u, 16},
               {0u - 16 * WIDTH, 16},
               {0x80000000u, 1},
               {4, 1},
               {WIDTH / 2, 16}};
  unsigned port = 0;
  for (const auto &c : cases) {
    refuse(bench, port, false, c.offset, c.beats);
    refuse(bench, port, true, c.offset, c.beats);
    port = (port + 4) % PORTS;
  }
  // The very end of the window is inside.
  bench.drain("window");
  bench.reads[0].ask(WINDOW - 16 * WIDTH, 16);
  bench.run(100);
  bench.check.expect(bench.reads[0].expected.empty() && !bench.model.error_valid_o,
                     "the window's last bytes can be read");
}

void test_bus_errors(Bench &bench) {
  std::printf("a refused address stops its core only, with the burst's address\n");
  for (int write = 0; write < 2; write++) {
    for (unsigned core = 0; core < CORES; core++) {
      bench.drain("before a bus error");
      unsigned port = core * CLIENTS + static_cast<unsigned>(bench.draw(0, CLIENTS - 1));
      uint32_t offset = write ? WINDOW / 2 + port % CLIENTS * 8192 : 0;
      for (unsigned p = 0; p < PORTS; p++) {
        bench.reads[p].enabled = bench.writes[p].enabled = p / CLIENTS != core;
      }
      // Two bursts: the error is in the second page.
      Client &client = write ? bench.writes[port] : bench.reads[port];
      client.ask(offset + 4096 - 4 * WIDTH, 10);
      uint64_t page = base(core) + offset + 4096;
      bench.memory.settings.bad_low = page + 2 * WIDTH;
      bench.memory.settings.bad_high = page + 3 * WIDTH - 1;
      bench.run(300);
      bench.check.expect(bench.model.error_valid_o == (1u << core) &&
                             get_bits(bench.model.error_code_o, core * 8, 8) == 33u + write &&
                             get_bits(bench.model.error_addr_o, core * 64, 64) == page,
                         write ? "write error reported" : "read error reported");
      bench.flush = 1u << core;
      bench.run(3);
      bench.flush = 0;
      bench.memory.settings.bad_low = 1;
      bench.memory.settings.bad_high = 0;
      bench.expect.clear();  // part of that row was not written
    }
  }
}

void test_flush(Bench &bench) {
  std::printf("flush sinks what is outstanding, and nothing of it is seen afterwards\n");
  bench.expect.clear();
  for (unsigned round = 0; round < 40; round++) {
    bench.memory.settings = {};
    bench.memory.settings.latency_max = 40;
    bench.memory.settings.stall_permille = 200;
    bench.memory.settings.mix_ids = true;
    bench.enable(true);
    bench.run(static_cast<unsigned>(bench.draw(20, 120)));
    unsigned core = round % CORES;
    bench.memory.settings.no_answers = round % 4 == 0;
    bench.flush = 1u << core;
    bench.run(round % 2 ? 1 : 100);
    bool idle = get_bits(bench.model.idle_o, core, 1);
    bench.check.expect(round % 4 != 0 || !idle, "not idle while bursts are outstanding");
    bench.memory.settings.no_answers = false;
    for (unsigned n = 0; n < 3000 && !get_bits(bench.model.idle_o, core, 1); n++) {
      bench.tick();
    }
    bench.check.expect(get_bits(bench.model.idle_o, core, 1), "idle once all was answered");
    bench.flush = 0;
    bench.run(100);
  }
  bench.drain("flush");
}

}  // namespace

int main(int argc, char **argv) {
  Verilated::commandArgs(argc, argv);
  seed_print();
  Bench bench;
  test_random_traffic(bench);
  test_window(bench);
  test_bus_errors(bench);
  test_flush(bench);
  std::printf("memory ports: %u failures\n", bench.check.failures);
  return bench.check.failures != 0;
}
