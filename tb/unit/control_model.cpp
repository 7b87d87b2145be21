/* SPDX-License-Identifier: Apache-2.0 */
/* control_model: see control_model.h. */
#include "control_model.h"

namespace control {

static unsigned failure_count;

unsigned failures() {
  return failure_count;
}

void expect_equal(const char *file, int line, const char *what, uint64_t got, uint64_t want) {
  if (got == want) {
    return;
  }
  failure_count++;
  std::fprintf(stderr, "%s:%d: %s: got 0x%llx, want 0x%llx\n", file, line, what,
               static_cast<unsigned long long>(got), static_cast<unsigned long long>(want));
}

uint64_t counter_of(unsigned c, unsigned index) {
  return (UINT64_C(0xabc0) + c) << 32 | (index * 0x01010101u + c);
}

bench::bench() : rng_(seed_start("control")) {
  reset();
}

void bench::reset() {
  cores = {};
  top.rst_ni = 0;
  top.s_awvalid_i = 0;
  top.s_wvalid_i = 0;
  top.s_bready_i = 0;
  top.s_arvalid_i = 0;
  top.s_rready_i = 0;
  ticks(3);
  EXPECT_EQ(top.s_awready_o | top.s_wready_o | top.s_arready_o, 0);
  EXPECT_EQ(top.s_bvalid_o | top.s_rvalid_o | top.irq_o, 0);
  EXPECT_EQ(top.start_o | top.stop_o, 0);
  top.rst_ni = 1;
  cores = {}; /* what a stop of before did to them in reset does not count */
}

void bench::drive_cores() {
  for (unsigned c = 0; c < CORES; c++) {
    const core &k = cores[c];
    set_bits(top.done_i, c, 1, k.done);
    set_bits(top.loading_i, c, 1, k.loading);
    set_bits(top.progress_i, c, 1, k.progress);
    set_bits(top.repeats_i, c, 1, k.repeats);
    set_bits(top.quiet_i, c, 1, k.quiet);
    set_bits(top.error_valid_i, c, 1, k.error);
    set_bits(top.error_code_i, c * 8, 8, k.error_code);
    set_bits(top.error_op_i, c * 32, 32, k.error_op);
    set_bits(top.error_addr_i, c * 64, 64, k.error_addr);
    set_bits(top.count_value_i, c * 64, 64, counter_of(c, select_[c]));
  }
}

void bench::watch_cores() {
  for (unsigned c = 0; c < CORES; c++) {
    core &k = cores[c];
    select_[c] = static_cast<uint8_t>(bits_of(top.count_select_o, c * 4, 4));
    bool start = bits_of(top.start_o, c, 1);
    bool stop = bits_of(top.stop_o, c, 1);
    if (start || stop) {
      k.done = false;
      k.error = false;
      k.loading = false;
    }
    if (start) {
      EXPECT_EQ(stop, false);
      k.starts++;
      k.started_at = cycle;
      k.quiet = false;
    }
    k.stop_cycles = stop ? k.stop_cycles + 1 : 0;
    k.stopped = stop;
    if (stop) {
      k.quiet = k.stop_cycles > k.settle;
    }
    if (k.done) {
      k.quiet = true;
    }
  }
}

/* The model's outputs change after the edge, from what stood before it. */
void bench::tick() {
  drive_cores();
  top.clk_i = 0;
  top.eval();
  watch_cores();
  top.clk_i = 1;
  top.eval();
  drive_cores();
  top.clk_i = 0;
  top.eval();
  cycle++;
}

void bench::ticks(unsigned n) {
  for (unsigned i = 0; i < n; i++) {
    tick();
  }
}

bool bench::stalled() {
  return stall_ && seed_uniform(&rng_, 0, 3) != 0;
}

unsigned bench::write(uint32_t address, uint32_t data, uint32_t strobes) {
  bool sent_address = false;
  bool sent_data = false;
  for (unsigned limit = 0; limit < 2000; limit++) {
    /* A valid that stands may not fall; a ready may. */
    if (!sent_address && !top.s_awvalid_i) {
      top.s_awvalid_i = !stalled();
    }
    if (!sent_data && !top.s_wvalid_i) {
      top.s_wvalid_i = !stalled();
    }
    top.s_awaddr_i = address;
    top.s_wdata_i = data;
    top.s_wstrb_i = static_cast<uint8_t>(strobes);
    top.s_bready_i = !stalled();
    bool address_goes = top.s_awvalid_i && top.s_awready_o;
    bool data_goes = top.s_wvalid_i && top.s_wready_o;
    bool answer_comes = top.s_bvalid_o && top.s_bready_i;
    unsigned resp = top.s_bresp_o;
    if (top.s_bvalid_o) {
      EXPECT_EQ(sent_address && sent_data, true);
    }
    tick();
    if (address_goes) {
      top.s_awvalid_i = 0;
    }
    if (data_goes) {
      top.s_wvalid_i = 0;
    }
    sent_address = sent_address || address_goes;
    sent_data = sent_data || data_goes;
    if (answer_comes) {
      top.s_bready_i = 0;
      return resp;
    }
  }
  EXPECT_EQ("write answered" == nullptr, true);
  return 99;
}

answer bench::read(uint32_t address) {
  bool sent = false;
  for (unsigned limit = 0; limit < 2000; limit++) {
    if (!sent && !top.s_arvalid_i) {
      top.s_arvalid_i = !stalled();
    }
    top.s_araddr_i = address;
    top.s_rready_i = !stalled();
    bool goes = top.s_arvalid_i && top.s_arready_o;
    bool comes = top.s_rvalid_o && top.s_rready_i;
    answer a = {top.s_rdata_o, top.s_rresp_o};
    tick();
    if (goes) {
      top.s_arvalid_i = 0;
    }
    sent = sent || goes;
    if (comes) {
      top.s_rready_i = 0;
      return a;
    }
  }
  EXPECT_EQ("read answered" == nullptr, true);
  return {0, 99};
}

uint32_t bench::get(uint32_t address) {
  answer a = read(address);
  EXPECT_EQ(a.resp, OKAY);
  return a.data;
}

void bench::set(uint32_t address, uint32_t data) {
  EXPECT_EQ(write(address, data), OKAY);
}

unsigned bench::state(unsigned slot) {
  return get(at(slot, TRINE_DOMAIN_STATUS)) & TRINE_DOMAIN_STATUS_STATE_MASK;
}

void bench::configure(unsigned slot, uint32_t mask, uint32_t mode) {
  set(at(slot, TRINE_DOMAIN_CORE_MASK), mask);
  set(at(slot, TRINE_DOMAIN_MODE), mode);
  set(at(slot, TRINE_DOMAIN_WINDOW_BASE_LO), 0x10000000u * (slot + 1));
  set(at(slot, TRINE_DOMAIN_WINDOW_BASE_HI), slot);
  set(at(slot, TRINE_DOMAIN_WINDOW_SIZE), 0x10000);
  set(at(slot, TRINE_DOMAIN_PROGRAM), 0x40u * (slot + 1));
}

unsigned bench::start(unsigned slot) {
  return write(at(slot, TRINE_DOMAIN_CONTROL), TRINE_DOMAIN_CONTROL_START_MASK);
}

bool bench::wait_state(unsigned slot, unsigned want, unsigned limit) {
  for (uint64_t end = cycle + limit; cycle < end;) {
    if (state(slot) == want) {
      return true;
    }
  }
  return false;
}

void finish(bench &b, unsigned slot, uint32_t mask) {
  b.ticks(10);
  for (unsigned c = 0; c < CORES; c++) {
    if ((mask >> c & 1) != 0) {
      b.cores[c].done = true;
    }
  }
  EXPECT_EQ(b.wait_state(slot, TRINE_DOMAIN_STATUS_STATE_DONE), true);
}

}  // namespace control
