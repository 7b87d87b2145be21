/* SPDX-License-Identifier: Apache-2.0 */
/* test_control: register file and mode controller; here the registers and the AXI4-Lite slave. */
#include "control_model.h"

#include <zlib.h>

#include <map>
#include <vector>

#include "verilated.h"

namespace control {

static void test_identity_and_parameters(bench &b) {
  EXPECT_EQ(b.get(TRINE_GLOBAL_ID), 0x5452494e);
  EXPECT_EQ(b.get(TRINE_GLOBAL_VERSION), 0x00040000);
  EXPECT_EQ(b.get(TRINE_GLOBAL_FEATURES), TRINE_GLOBAL_FEATURES_ROW_SCALES_MASK);
  EXPECT_EQ(b.get(TRINE_PARAM_CORES), CORES);
  EXPECT_EQ(b.get(TRINE_PARAM_WEIGHT_BYTES), 524288);
  EXPECT_EQ(b.get(TRINE_PARAM_MEM_BYTES), 8);
  std::vector<uint32_t> params;
#define HASH_PARAM(name, offset, text) params.push_back(b.get(offset));
  TRINE_PARAM_LIST(HASH_PARAM)
#undef HASH_PARAM
  EXPECT_EQ(b.get(TRINE_GLOBAL_CONFIG_HASH),
            static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef *>(params.data()),
                                        static_cast<uInt>(4 * params.size()))));
}

enum access { READ_ONLY, WRITABLE };

static const std::map<uint32_t, access> &domain_registers() {
  static const std::map<uint32_t, access> registers = {
      {TRINE_DOMAIN_CORE_MASK, WRITABLE},       {TRINE_DOMAIN_MODE, WRITABLE},
      {TRINE_DOMAIN_WINDOW_BASE_LO, WRITABLE},  {TRINE_DOMAIN_WINDOW_BASE_HI, WRITABLE},
      {TRINE_DOMAIN_WINDOW_SIZE, WRITABLE},     {TRINE_DOMAIN_PROGRAM, WRITABLE},
      {TRINE_DOMAIN_CONTROL, WRITABLE},         {TRINE_DOMAIN_STATUS, READ_ONLY},
      {TRINE_DOMAIN_ERROR_CODE, READ_ONLY},     {TRINE_DOMAIN_ERROR_CORE, READ_ONLY},
      {TRINE_DOMAIN_ERROR_OP, READ_ONLY},       {TRINE_DOMAIN_ERROR_ADDR_LO, READ_ONLY},
      {TRINE_DOMAIN_ERROR_ADDR_HI, READ_ONLY},  {TRINE_DOMAIN_CYCLES_LO, READ_ONLY},
      {TRINE_DOMAIN_CYCLES_HI, READ_ONLY},      {TRINE_DOMAIN_LOAD_CYCLES_LO, READ_ONLY},
      {TRINE_DOMAIN_LOAD_CYCLES_HI, READ_ONLY}, {TRINE_DOMAIN_COUNTER_SELECT, WRITABLE},
      {TRINE_DOMAIN_COUNTER_LO, READ_ONLY},     {TRINE_DOMAIN_COUNTER_HI, READ_ONLY},
      {TRINE_DOMAIN_REPEAT_READ, WRITABLE},     {TRINE_DOMAIN_REPEAT_WRITE, WRITABLE}};
  return registers;
}

static std::map<uint32_t, access> global_registers() {
  std::map<uint32_t, access> registers = {
      {TRINE_GLOBAL_ID, READ_ONLY},          {TRINE_GLOBAL_VERSION, READ_ONLY},
      {TRINE_GLOBAL_CONFIG_HASH, READ_ONLY}, {TRINE_GLOBAL_FEATURES, READ_ONLY},
      {TRINE_GLOBAL_SCRATCH, WRITABLE},      {TRINE_GLOBAL_CYCLE_SNAPSHOT, WRITABLE},
      {TRINE_GLOBAL_CYCLE_LO, READ_ONLY},    {TRINE_GLOBAL_CYCLE_HI, READ_ONLY},
      {TRINE_GLOBAL_IRQ_RAW, WRITABLE},      {TRINE_GLOBAL_IRQ_ENABLE, WRITABLE},
      {TRINE_GLOBAL_IRQ_STATUS, READ_ONLY},  {TRINE_GLOBAL_CORES_BUSY, READ_ONLY},
      {TRINE_GLOBAL_QUARANTINE, READ_ONLY},  {TRINE_GLOBAL_WATCHDOG, WRITABLE},
      {TRINE_GLOBAL_AXI_ATTR, WRITABLE}};
#define ADD_PARAM(name, offset, text) registers[offset] = READ_ONLY;
  TRINE_PARAM_LIST(ADD_PARAM)
#undef ADD_PARAM
  return registers;
}

/* Every offset of a page; what may be written is written with no strobe, which changes nothing. */
static void check_page(bench &b, uint32_t page, const std::map<uint32_t, access> &registers) {
  for (uint32_t offset = 0; offset < 4096; offset += 4) {
    auto it = registers.find(offset);
    bool mapped = it != registers.end();
    answer a = b.read(page + offset);
    EXPECT_EQ(a.resp, mapped ? OKAY : SLVERR);
    if (!mapped) {
      EXPECT_EQ(a.data, 0);
    }
    unsigned want = mapped && it->second == WRITABLE ? OKAY : SLVERR;
    EXPECT_EQ(b.write(page + offset, UINT32_MAX, want == OKAY ? 0 : 15), want);
  }
}

static void test_mapped_offsets_answer_and_others_are_slverr(bench &b) {
  check_page(b, 0, global_registers());
  check_page(b, bench::at(0, 0), domain_registers());
  check_page(b, bench::at(CORES - 1, 0), domain_registers());
  for (uint32_t page = CORES + 1; page < 32; page++) {
    EXPECT_EQ(b.read(page * 0x1000).resp, SLVERR);
    EXPECT_EQ(b.write(page * 0x1000, 1), SLVERR);
  }
}

static void test_reset_values(bench &b) {
  b.reset();
  for (const auto &r : global_registers()) {
    uint32_t value = b.get(r.first);
    if (r.second != WRITABLE) {
      continue;
    }
    uint32_t want;
    if (r.first == TRINE_GLOBAL_WATCHDOG) {
      want = TRINE_GLOBAL_WATCHDOG_RESET;
    } else if (r.first == TRINE_GLOBAL_AXI_ATTR) {
      want = TRINE_GLOBAL_AXI_ATTR_RESET;
    } else {
      want = 0;
    }
    EXPECT_EQ(value, want);
  }
  for (unsigned slot = 0; slot < CORES; slot++) {
    for (const auto &r : domain_registers()) {
      EXPECT_EQ(b.get(bench::at(slot, r.first)), 0);
    }
  }
}

static void check_strobes(bench &b, uint32_t address, uint32_t writable) {
  seed_stream rng = seed_start("strobes");
  uint32_t want = 0;
  b.set(address, 0);
  for (int n = 0; n < 64; n++) {
    auto data = static_cast<uint32_t>(seed_next(&rng));
    auto strobes = static_cast<uint32_t>(seed_uniform(&rng, 0, 15));
    uint32_t lanes = 0;
    for (unsigned i = 0; i < 4; i++) {
      lanes |= (strobes >> i & 1) * (0xffu << (8 * i));
    }
    want = ((want & ~lanes) | (data & lanes)) & writable;
    EXPECT_EQ(b.write(address, data, strobes), OKAY);
    EXPECT_EQ(b.get(address), want);
  }
  b.set(address, 0);
}

static void test_strobes_and_masks(bench &b) {
  check_strobes(b, TRINE_GLOBAL_SCRATCH, UINT32_MAX);
  check_strobes(b, TRINE_GLOBAL_IRQ_ENABLE, ALL);
  check_strobes(b, TRINE_GLOBAL_AXI_ATTR, 0xff7);
  check_strobes(b, bench::at(CORES - 1, TRINE_DOMAIN_CORE_MASK), UINT32_MAX);
  check_strobes(b, bench::at(0, TRINE_DOMAIN_PROGRAM), UINT32_MAX);
  check_strobes(b, bench::at(0, TRINE_DOMAIN_COUNTER_SELECT), 0x1f0f);
  b.set(TRINE_GLOBAL_AXI_ATTR, 0x5a3);
  EXPECT_EQ(b.top.axi_prot_o, 3);
  EXPECT_EQ(b.top.axi_cache_o, 0xa);
  EXPECT_EQ(b.top.axi_qos_o, 5);
}

static void test_slots_keep_their_own_words(bench &b) {
  for (unsigned slot = 0; slot < CORES; slot++) {
    for (uint32_t o = 0; o <= TRINE_DOMAIN_PROGRAM; o += 4) {
      b.set(bench::at(slot, o), slot << 8 | o);
    }
  }
  for (unsigned slot = 0; slot < CORES; slot++) {
    for (uint32_t o = 0; o <= TRINE_DOMAIN_PROGRAM; o += 4) {
      EXPECT_EQ(b.get(bench::at(slot, o)), slot << 8 | o);
    }
  }
}

static void test_watchdog_refuses_zero(bench &b) {
  EXPECT_EQ(b.write(TRINE_GLOBAL_WATCHDOG, 0), SLVERR);
  EXPECT_EQ(b.get(TRINE_GLOBAL_WATCHDOG), TRINE_GLOBAL_WATCHDOG_RESET);
  EXPECT_EQ(b.write(TRINE_GLOBAL_WATCHDOG, 0, 4), SLVERR);
  EXPECT_EQ(b.write(TRINE_GLOBAL_WATCHDOG, 0x12, 1), OKAY);
  EXPECT_EQ(b.get(TRINE_GLOBAL_WATCHDOG), TRINE_GLOBAL_WATCHDOG_RESET | 0x12);
  EXPECT_EQ(b.top.watchdog_o, TRINE_GLOBAL_WATCHDOG_RESET | 0x12);
}

static void test_snapshot_holds_the_cycle_counter(bench &b) {
  b.set(TRINE_GLOBAL_CYCLE_SNAPSHOT, 0);
  uint64_t first = b.get(TRINE_GLOBAL_CYCLE_LO);
  b.ticks(1000);
  EXPECT_EQ(b.get(TRINE_GLOBAL_CYCLE_LO), first);
  b.set(TRINE_GLOBAL_CYCLE_SNAPSHOT, 0);
  uint64_t second = b.get(TRINE_GLOBAL_CYCLE_LO);
  EXPECT_EQ(second - first >= 1000 && second - first < 2000, true);
  EXPECT_EQ(b.get(TRINE_GLOBAL_CYCLE_HI), 0);
}

/* A read and a write that wait together are both answered, however the channels stall. */
static void test_reads_and_writes_go_in_turn(bench &b) {
  unsigned reads = 0;
  unsigned writes = 0;
  b.top.s_awvalid_i = b.top.s_wvalid_i = b.top.s_arvalid_i = 1;
  b.top.s_awaddr_i = b.top.s_araddr_i = TRINE_GLOBAL_SCRATCH;
  b.top.s_wdata_i = 7;
  b.top.s_wstrb_i = 15;
  b.top.s_bready_i = b.top.s_rready_i = 1;
  for (int i = 0; i < 1000; i++) {
    writes += b.top.s_bvalid_o;
    reads += b.top.s_rvalid_o;
    EXPECT_EQ(b.top.s_bvalid_o && b.top.s_rvalid_o, false);
    b.tick();
  }
  EXPECT_EQ(reads > 50 && writes > 50, true);
  EXPECT_EQ(reads > writes ? reads - writes <= 1 : writes - reads <= 1, true);
  b.reset();
}

void test_registers(bench &b) {
  test_identity_and_parameters(b);
  test_mapped_offsets_answer_and_others_are_slverr(b);
  test_reset_values(b);
  test_strobes_and_masks(b);
  test_slots_keep_their_own_words(b);
  test_watchdog_refuses_zero(b);
  test_snapshot_holds_the_cycle_counter(b);
  test_reads_and_writes_go_in_turn(b);
}

}  // namespace control

int main() {
  seed_print();
  {
    control::bench b;
    for (int stalls = 0; stalls < 2; stalls++) {
      b.reset();
      b.stalls(stalls != 0);
      control::test_registers(b);
      control::test_starts(b);
      control::test_runs(b);
      control::test_repeated(b);
    }
    b.top.final();
  }
  std::printf("control, %u cores: %u failures\n", control::CORES, control::failures());
  return control::failures() == 0 ? 0 : 1;
}
