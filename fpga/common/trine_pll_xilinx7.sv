// SPDX-License-Identifier: Apache-2.0
// trine_pll_xilinx7: the clock of a board from its oscillator, by the PLL of a 7 series FPGA.
//
// clk_o is the oscillator times Multiply over Divide; fpga/pll.awk finds the two. locked_o is of no
// clock.
`default_nettype none
`include "trine_assert.svh"

module trine_pll_xilinx7 #(
    parameter int unsigned OscillatorKhz = 100000,  // kHz, 19000..450000
    parameter int unsigned Multiply = 8,            // 2..64; the PLL runs at 800 to 1600 MHz
    parameter int unsigned Divide = 16              // 1..128
) (
    input  wire logic clk_i,
    output      logic clk_o,
    output      logic locked_o
);

  `TRINE_CHECK_PARAM(gen_check_oscillator, OscillatorKhz >= 19000 && OscillatorKhz <= 450000)
  `TRINE_CHECK_PARAM(gen_check_multiply, Multiply >= 2 && Multiply <= 64)
  `TRINE_CHECK_PARAM(gen_check_pll, OscillatorKhz * Multiply >= 800000 &&
                     OscillatorKhz * Multiply <= 1600000)
  `TRINE_CHECK_PARAM(gen_check_divide, Divide >= 1 && Divide <= 128)

  logic feedback, clock;

  PLLE2_BASE #(
      .CLKIN1_PERIOD(1000000.0 / OscillatorKhz), .DIVCLK_DIVIDE(1), .CLKFBOUT_MULT(Multiply),
      .CLKOUT0_DIVIDE(Divide)
  ) u_pll (
      .CLKIN1(clk_i), .CLKFBIN(feedback), .CLKFBOUT(feedback), .CLKOUT0(clock), .LOCKED(locked_o),
      .RST(1'b0), .PWRDWN(1'b0)
  );

  BUFG u_clock (.I(clock), .O(clk_o));

endmodule

`default_nettype wire
