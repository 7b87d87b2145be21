// SPDX-License-Identifier: Apache-2.0
// first: what a new integration checks first, on trine_top alone: in reset its outputs are idle,
// and a read of ID through AXI4-Lite gives the letters TRIN. Exit 0 when so.
#include <cstdint>
#include <cstdio>
#include <memory>

#include "Vtrine_top.h"
#include "verilated.h"

namespace {

constexpr uint32_t kId = 0x5452494E;
constexpr int kResetCycles = 4, kMostCycles = 64;

void Cycle(Vtrine_top *top) {
  top->clk_i = 0;
  top->eval();
  top->clk_i = 1;
  top->eval();
}

/* Reads a register; false when there is no answer, or an error. */
bool Read(Vtrine_top *top, uint32_t address, uint32_t *value) {
  top->s_axil_araddr_i = address;
  top->s_axil_arvalid_i = 1;
  top->s_axil_rready_i = 1;
  for (int n = 0; n < kMostCycles; n++) {
    top->clk_i = 0;
    top->eval();
    const bool is_taken = top->s_axil_arvalid_i && top->s_axil_arready_o;
    const bool is_there = top->s_axil_rvalid_o;
    *value = top->s_axil_rdata_o;
    const int response = top->s_axil_rresp_o;
    top->clk_i = 1;
    top->eval();
    if (is_taken) {
      top->s_axil_arvalid_i = 0;
    }
    if (is_there) {
      return response == 0;
    }
  }
  return false;
}

}  // namespace

int main(int argc, char **argv) {
  const auto context = std::make_unique<VerilatedContext>();
  context->commandArgs(argc, argv);
  const auto top = std::make_unique<Vtrine_top>(context.get());
  for (int n = 0; n < kResetCycles; n++) {
    Cycle(top.get());
  }
  const bool is_idle = !top->m_axi_arvalid_o && !top->m_axi_awvalid_o && !top->m_axi_wvalid_o &&
                       !top->s_axil_rvalid_o && !top->s_axil_bvalid_o && !top->irq_o;
  top->rst_ni = 1;
  Cycle(top.get());
  uint32_t id = 0;
  const bool is_read = Read(top.get(), 0, &id);
  std::printf("idle in reset: %s; ID: 0x%08x %s\n", is_idle ? "yes" : "no", id,
              is_read && id == kId ? "TRIN" : "not TRIN");
  return is_idle && is_read && id == kId ? 0 : 1;
}
