// SPDX-License-Identifier: Apache-2.0
// PLLE2_BASE: the PLL of a 7 series FPGA in simulation: its clock is the one that comes in, and it
// locks after eight of them.
`default_nettype none

module PLLE2_BASE #(
    parameter real CLKIN1_PERIOD = 10.0,
    parameter int DIVCLK_DIVIDE = 1,
    parameter int CLKFBOUT_MULT = 8,
    parameter int CLKOUT0_DIVIDE = 8
) (
    input  wire logic CLKIN1,
    input  wire logic CLKFBIN,
    output      logic CLKFBOUT,
    output      logic CLKOUT0,
    output      logic LOCKED,
    input  wire logic RST,
    input  wire logic PWRDWN
);

  logic [3:0] count_q;
  logic unused;

  always_ff @(posedge CLKIN1) if (!LOCKED) count_q <= count_q + 1'b1;
  initial count_q = '0;

  assign CLKFBOUT = CLKIN1;
  assign CLKOUT0 = CLKIN1;
  assign LOCKED = count_q[3];
  assign unused = &{1'b0, CLKFBIN, RST, PWRDWN};

endmodule

`default_nettype wire
