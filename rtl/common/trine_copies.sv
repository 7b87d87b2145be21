// SPDX-License-Identifier: Apache-2.0
// trine_copies: a level for several rooms, from a register for each of them.
//
// One register with ends all over a chip is one long wire; synthesis would make one of equal
// registers, so these are kept. They have no reset: the level may be the reset itself. They start
// with zeros where registers can (an FPGA, a simulation).
//
// cycle   0    1    2
// d_i     A    B    .
// q_o     .    A    B      Copies times, the first lowest
`default_nettype none
`include "trine_assert.svh"

module trine_copies #(
    parameter int unsigned Width = 1,  // bits
    parameter int unsigned Copies = 2
) (
    input  wire logic                    clk_i,
    input  wire logic [Width-1:0]        d_i,
    output      logic [Copies*Width-1:0] q_o
);

  `TRINE_CHECK_PARAM(gen_check_sizes, Width >= 1 && Copies >= 1)

  // Zeros from power-up on: of a reset they mean that it holds.
  logic [Copies*Width-1:0] copies_q = '0;

  for (genvar i = 0; i < Copies; i++) begin : gen_copy
    (* keep *)
    always_ff @(posedge clk_i) copies_q[i*Width +: Width] <= d_i;
  end

  assign q_o = copies_q;

`ifdef FORMAL
  // What went in (tests/formal/copies.cfg).
  logic [Width-1:0] past_q;
  logic             begun_q = 1'b0;

  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    past_q <= d_i;
  end

  `TRINE_ASSERT(a_copied, !begun_q || q_o == {Copies{past_q}})
`endif

endmodule

`default_nettype wire
