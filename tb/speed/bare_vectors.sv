// SPDX-License-Identifier: Apache-2.0
// bare_vectors: the yardstick of simulation speed, second way: flat vectors and loops. Otherwise
// as bare_scalars.
`default_nettype none

module bare_vectors #(
    parameter int unsigned Macs = 128  // multipliers of all cores
) (
    input  wire logic        clk_i,
    input  wire logic [31:0] seed_i,  // changes in every cycle
    output      logic [31:0] sum_o
);

  logic [Macs*8-1:0]  a_q, b_q;
  logic [Macs*32-1:0] acc_q;

  always_ff @(posedge clk_i) begin
    for (int m = 0; m < int'(Macs); m++) begin
      a_q[m*8 +: 8] <= seed_i[m%24 +: 8] ^ 8'(m);
      b_q[m*8 +: 8] <= seed_i[(m*7)%24 +: 8] + 8'(m * 5);
      acc_q[m*32 +: 32] <= acc_q[m*32 +: 32] +
                           32'(16'($signed(a_q[m*8 +: 8])) * 16'($signed(b_q[m*8 +: 8])));
    end
    sum_o <= acc_q[seed_i[6:0]*32 +: 32];
  end

endmodule

`default_nettype wire
