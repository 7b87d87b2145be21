// SPDX-License-Identifier: Apache-2.0
// ecp5_mul: the multiplier of an ECP5, as far as it is used, to simulate and to prove with.
//
// Each bit is a port, as in the netlist. Other parameter values than are used stop the simulation.
`default_nettype none

// Without registers, as Yosys infers it, or with those that rtl/common/ecp5/trine_mul.sv asks for:
// operands with CE0, product with CE1, both on CLK0.
module MULT18X18D #(
    parameter REG_INPUTA_CLK = "NONE",
    parameter REG_INPUTA_CE = "CE0",
    parameter REG_INPUTA_RST = "RST0",
    parameter REG_INPUTB_CLK = "NONE",
    parameter REG_INPUTB_CE = "CE0",
    parameter REG_INPUTB_RST = "RST0",
    parameter REG_OUTPUT_CLK = "NONE",
    parameter REG_OUTPUT_CE = "CE0",
    parameter REG_OUTPUT_RST = "RST0",
    parameter GSR = "ENABLED"
) (
    input  wire CLK0, CE0, CE1, RST0,
    input  wire A0, A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17,
    input  wire B0, B1, B2, B3, B4, B5, B6, B7, B8, B9, B10, B11, B12, B13, B14, B15, B16, B17,
    input  wire C0, C1, C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12, C13, C14, C15, C16, C17,
    input  wire SIGNEDA, SIGNEDB, SOURCEA, SOURCEB,
    output wire P0, P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, P11, P12, P13, P14, P15, P16, P17,
    output wire P18, P19, P20, P21, P22, P23, P24, P25, P26, P27, P28, P29, P30, P31, P32, P33,
    output wire P34, P35
);

  wire [17:0] a = {A17, A16, A15, A14, A13, A12, A11, A10, A9, A8, A7, A6, A5, A4, A3, A2, A1, A0};
  wire [17:0] b = {B17, B16, B15, B14, B13, B12, B11, B10, B9, B8, B7, B6, B5, B4, B3, B2, B1, B0};
  reg [17:0] a_q;
  reg [17:0] b_q;
  reg [35:0] p_q;
  wire held = REG_INPUTA_CLK == "CLK0";
  wire [17:0] ma = held ? a_q : a;
  wire [17:0] mb = held ? b_q : b;
  wire signed [35:0] wide_a = {{18{SIGNEDA & ma[17]}}, ma};
  wire signed [35:0] wide_b = {{18{SIGNEDB & mb[17]}}, mb};
  wire [35:0] product = wide_a * wide_b;
  wire [35:0] p = held ? p_q : product;

  if ((REG_INPUTA_CLK != "NONE" || REG_INPUTB_CLK != "NONE" || REG_OUTPUT_CLK != "NONE") &&
      (REG_INPUTA_CLK != "CLK0" || REG_INPUTB_CLK != "CLK0" || REG_OUTPUT_CLK != "CLK0" ||
       REG_INPUTA_CE != "CE0" || REG_INPUTB_CE != "CE0" || REG_OUTPUT_CE != "CE1"))
  begin : gen_unknown
    initial $stop;
  end

  always @(posedge CLK0) begin
    if (RST0) begin
      a_q <= 0;
      b_q <= 0;
      p_q <= 0;
    end else begin
      if (CE0) a_q <= a;
      if (CE0) b_q <= b;
      if (CE1) p_q <= product;
    end
  end

  assign {P35, P34, P33, P32, P31, P30, P29, P28, P27, P26, P25, P24, P23, P22, P21, P20, P19, P18,
          P17, P16, P15, P14, P13, P12, P11, P10, P9, P8, P7, P6, P5, P4, P3, P2, P1, P0} = p;

endmodule

`default_nettype wire
