// SPDX-License-Identifier: Apache-2.0
// math_bench: the arithmetic blocks of the tail side by side, for the vector test.
//
// One vector a cycle; latencies: requantiser 7, activation 5, scaled activation 6, cell 6.
`default_nettype none

module math_bench (
    input  wire logic               clk_i,
    input  wire logic               rst_ni,
    input  wire logic               valid_i,
    input  wire logic signed [31:0] acc_i,
    input  wire logic [30:0]        multiplier_i,
    input  wire logic [5:0]         shift_i,
    input  wire logic               tanh_i,
    input  wire logic signed [15:0] value_i,
    input  wire logic [2:0]         exponent_i,
    input  wire logic signed [15:0] gate_i_i,
    input  wire logic signed [15:0] gate_f_i,
    input  wire logic signed [15:0] gate_g_i,
    input  wire logic [15:0]        clip_i,
    output      logic signed [15:0] requant_o,
    output      logic signed [16:0] requant17_o,
    output      logic signed [15:0] gate_o,
    output      logic signed [15:0] squash_o,
    output      logic signed [15:0] cell_o
);

  trine_requantiser u_requantiser (
      .clk_i, .rst_ni, .valid_i, .acc_i, .multiplier_i, .shift_i, .result_o(requant_o)
  );
  trine_requantiser #(.Bits(17)) u_requantiser17 (
      .clk_i, .rst_ni, .valid_i, .acc_i, .multiplier_i, .shift_i, .result_o(requant17_o)
  );
  trine_activation #(.Scaled(0)) u_gate (
      .clk_i, .rst_ni, .valid_i, .tanh_i, .value_i, .exponent_i, .result_o(gate_o)
  );
  trine_activation #(.Scaled(1)) u_squash (
      .clk_i, .rst_ni, .valid_i, .tanh_i(1'b1), .value_i, .exponent_i, .result_o(squash_o)
  );
  trine_cell_update u_cell (
      .clk_i, .rst_ni, .valid_i, .gate_i_i, .gate_f_i, .gate_g_i, .cell_i(value_i), .exponent_i,
      .clip_i, .cell_o
  );

endmodule

`default_nettype wire
