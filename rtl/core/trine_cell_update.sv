// SPDX-License-Identifier: Apache-2.0
// trine_cell_update: c' = clip(sat16(sat16(REQ(f*c)) + sat16(REQ(i*g)))), one unit a cycle.
//
// Latency 6. The multipliers of both requantisations are 2^30, so their first rounding is
// (p + 1) >> 1 and no wide product is needed; the second stays. Twin of trine_cell_update in
// sw/golden.
//
// cycle      0    1    2    3    4    5    6
// in         A    .    .    .    .    .    .
// operands   .    A    .    .    .    .    .
// products   .    .    A    .    .    .    .     f*c, i*g
// scaled     .    .    .    A    .    .    .     (p + 1) >> 1
// half       .    .    .    .    A    .    .     >> 14 and >> 29 + k
// terms      .    .    .    .    .    A    .     rounded, int16
// cell_o     .    .    .    .    .    .    A     sum between the limits
`default_nettype none
`include "trine_assert.svh"

module trine_cell_update (
    input  wire logic               clk_i,
    input  wire logic               rst_ni,
    input  wire logic               valid_i,
    input  wire logic signed [15:0] gate_i_i,   // Q0.15
    input  wire logic signed [15:0] gate_f_i,   // Q0.15
    input  wire logic signed [15:0] gate_g_i,   // Q0.15
    input  wire logic signed [15:0] cell_i,     // c(t-1), unit 2^k
    input  wire logic [2:0]         exponent_i, // k + 15, 0..6
    input  wire logic [15:0]        clip_i,     // 0: off
    output      logic signed [15:0] cell_o      // c(t)
);

  localparam int unsigned CELL_LATENCY = 6;

  logic [CELL_LATENCY-1:1] valid_q;
  logic [2:0]              exponent_q1, exponent_q2, exponent_q3;
  logic [15:0]             clip_q1, clip_q2, clip_q3, clip_q4, clip_q5;
  logic signed [31:0]      keep_product, add_product, keep_q3, add_q3;
  logic [32:0]             keep_half_q4, add_half_q4;
  logic                    keep_rest_q4, add_rest_q4;
  logic signed [15:0]      keep_q5, add_q5;
  logic signed [16:0]      sum, high, low;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[CELL_LATENCY-2:1], valid_i};
  end

  always_ff @(posedge clk_i) begin
    {exponent_q3, exponent_q2, exponent_q1} <= {exponent_q2, exponent_q1, exponent_i};
    {clip_q5, clip_q4, clip_q3, clip_q2, clip_q1} <= {clip_q4, clip_q3, clip_q2, clip_q1, clip_i};
  end

  trine_mul #(.WidthA(16), .WidthB(16)) u_keep (
      .clk_i, .en_i(valid_i), .en_product_i(valid_q[1]), .a_i(gate_f_i), .b_i(cell_i),
      .product_o(keep_product)
  );
  trine_mul #(.WidthA(16), .WidthB(16)) u_add (
      .clk_i, .en_i(valid_i), .en_product_i(valid_q[1]), .a_i(gate_i_i), .b_i(gate_g_i),
      .product_o(add_product)
  );

  assign sum = 17'(keep_q5) + 17'(add_q5);
  assign high = (clip_q5 != 16'd0) ? {1'b0, clip_q5} : 17'sd32767;
  assign low = (clip_q5 != 16'd0) ? -$signed({1'b0, clip_q5}) : -17'sd32768;

  always_ff @(posedge clk_i) begin
    if (valid_q[2]) begin
      keep_q3 <= (keep_product + 32'sd1) >>> 1;
      add_q3 <= (add_product + 32'sd1) >>> 1;
    end
    if (valid_q[3]) begin
      {keep_rest_q4, keep_half_q4} <= trine_pkg::shift_half(keep_q3, 5'd14);
      {add_rest_q4, add_half_q4} <=
          trine_pkg::shift_half(add_q3, 5'd14 + {2'd0, exponent_q3});
    end
    if (valid_q[4]) begin
      keep_q5 <= 16'(trine_pkg::round_sat(keep_half_q4, keep_rest_q4, 16));
      add_q5 <= 16'(trine_pkg::round_sat(add_half_q4, add_rest_q4, 16));
    end
    if (valid_q[5]) begin
      if (sum > high) cell_o <= high[15:0];
      else if (sum < low) cell_o <= low[15:0];
      else cell_o <= sum[15:0];
    end
  end

  logic               valid_q6;
  logic signed [16:0] high_q6, low_q6;
  always_ff @(posedge clk_i) begin
    valid_q6 <= rst_ni && valid_q[5];
    {high_q6, low_q6} <= {high, low};
  end

  `TRINE_ASSERT(a_exponent_and_clip,
      !rst_ni || !valid_i || (exponent_i != 3'd7 && !clip_i[15]))
  `TRINE_ASSERT(a_cell_between_limits,
      !rst_ni || !valid_q6 || (17'(cell_o) <= high_q6 && 17'(cell_o) >= low_q6))

endmodule

`default_nettype wire
