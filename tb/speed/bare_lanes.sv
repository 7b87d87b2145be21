// SPDX-License-Identifier: Apache-2.0
// bare_lanes: the yardstick of simulation speed, third way: the multipliers of a core in lanes of
// eight, whose operands are one 64-bit register each and whose products are summed into one
// accumulator, as an accelerator would have it. Otherwise as bare_scalars.
`default_nettype none

module bare_lanes #(
    parameter int unsigned Macs = 128  // multipliers of all cores
) (
    input  wire logic        clk_i,
    input  wire logic [31:0] seed_i,  // changes in every cycle
    output      logic [31:0] sum_o
);

  localparam int unsigned Lanes = Macs / 8;

  logic [Lanes*32-1:0] sums;

  for (genvar lane = 0; lane < Lanes; lane++) begin : gen_lane
    logic [63:0]        a_q, b_q;
    logic [7:0][15:0]   product;
    logic signed [31:0] acc_q;
    for (genvar m = 0; m < 8; m++) begin : gen_mac
      assign product[m] = 16'($signed(a_q[m*8 +: 8])) * 16'($signed(b_q[m*8 +: 8]));
    end
    always_ff @(posedge clk_i) begin
      a_q <= {2{seed_i}} ^ (64'h0123456789abcdef * 64'(lane + 1));
      b_q <= {2{seed_i}} + (64'h9e3779b97f4a7c15 * 64'(lane + 1));
      acc_q <= acc_q + 32'($signed(product[0])) + 32'($signed(product[1])) +
               32'($signed(product[2])) + 32'($signed(product[3])) +
               32'($signed(product[4])) + 32'($signed(product[5])) +
               32'($signed(product[6])) + 32'($signed(product[7]));
    end
    assign sums[lane*32 +: 32] = acc_q;
  end

  always_ff @(posedge clk_i) sum_o <= sums[{1'b0, seed_i[3:0]}*32 +: 32];

endmodule

`default_nettype wire
