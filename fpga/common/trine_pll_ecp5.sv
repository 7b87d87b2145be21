// SPDX-License-Identifier: Apache-2.0
// trine_pll_ecp5: the clock of a board from its oscillator, by the PLL of an ECP5.
//
// clk_o is the oscillator times Multiply over Divide; fpga/pll.awk finds the two. The loop is
// closed over the first output, which is the oscillator's clock again, so that the phase detector
// runs at that; the clock is the second output, which may have any divider. locked_o is of no
// clock. The attributes are the charge pump and loop filter that ecppll writes for every PLL.
`default_nettype none
`include "trine_assert.svh"

module trine_pll_ecp5 #(
    parameter int unsigned OscillatorKhz = 25000,  // kHz, 10000..400000
    parameter int unsigned Multiply = 18,          // 1..80; the PLL runs at 400 to 800 MHz
    parameter int unsigned Divide = 12             // 1..128
) (
    input  wire logic clk_i,
    output      logic clk_o,
    output      logic locked_o
);

  `TRINE_CHECK_PARAM(gen_check_oscillator, OscillatorKhz >= 10000 && OscillatorKhz <= 400000)
  `TRINE_CHECK_PARAM(gen_check_multiply, Multiply >= 1 && Multiply <= 80)
  `TRINE_CHECK_PARAM(gen_check_pll, OscillatorKhz * Multiply >= 400000 &&
                     OscillatorKhz * Multiply <= 800000)
  `TRINE_CHECK_PARAM(gen_check_divide, Divide >= 1 && Divide <= 128)

  logic feedback;

  (* ICP_CURRENT = "12", LPF_RESISTOR = "8", MFG_ENABLE_FILTEROPAMP = "1", MFG_GMCREF_SEL = "2" *)
  EHXPLLL #(
      .PLLRST_ENA("DISABLED"), .INTFB_WAKE("DISABLED"), .STDBY_ENABLE("DISABLED"),
      .DPHASE_SOURCE("DISABLED"), .OUTDIVIDER_MUXA("DIVA"), .OUTDIVIDER_MUXB("DIVB"),
      .OUTDIVIDER_MUXC("DIVC"), .OUTDIVIDER_MUXD("DIVD"), .CLKI_DIV(1), .CLKFB_DIV(1),
      .CLKOP_ENABLE("ENABLED"), .CLKOP_DIV(Multiply), .CLKOP_CPHASE(Multiply / 2),
      .CLKOP_FPHASE(0), .CLKOS_ENABLE("ENABLED"), .CLKOS_DIV(Divide), .CLKOS_CPHASE(Multiply / 2),
      .CLKOS_FPHASE(0), .FEEDBK_PATH("CLKOP")
  ) u_pll (
      .CLKI(clk_i), .CLKFB(feedback), .CLKOP(feedback), .CLKOS(clk_o), .LOCK(locked_o),
      .RST(1'b0), .STDBY(1'b0), .PHASESEL0(1'b0), .PHASESEL1(1'b0), .PHASEDIR(1'b1),
      .PHASESTEP(1'b1), .PHASELOADREG(1'b1), .PLLWAKESYNC(1'b0), .ENCLKOP(1'b0), .ENCLKOS(1'b0)
  );

endmodule

`default_nettype wire
