// SPDX-License-Identifier: Apache-2.0
// bare_scalars: the yardstick of simulation speed, first way to write it: two arrays of 64 int8
// multiply-accumulators, each with operand registers of its own that change in every cycle.
//
// One cycle: operands from a shift register of random-looking bytes, products, accumulators. No
// control, no memory, no reset.
`default_nettype none

module bare_scalars #(
    parameter int unsigned Macs = 128  // multipliers of all cores
) (
    input  wire logic        clk_i,
    input  wire logic [31:0] seed_i,  // changes in every cycle
    output      logic [31:0] sum_o
);

  logic [Macs*32-1:0] sums;

  for (genvar m = 0; m < Macs; m++) begin : gen_mac
    logic signed [7:0]  a_q, b_q;
    logic signed [31:0] acc_q;
    always_ff @(posedge clk_i) begin
      a_q <= seed_i[m%24 +: 8] ^ 8'(m);
      b_q <= seed_i[(m*7)%24 +: 8] + 8'(m * 5);
      acc_q <= acc_q + 32'(16'(a_q) * 16'(b_q));
    end
    assign sums[m*32 +: 32] = acc_q;
  end

  always_ff @(posedge clk_i) sum_o <= sums[seed_i[6:0]*32 +: 32];

endmodule

`default_nettype wire
