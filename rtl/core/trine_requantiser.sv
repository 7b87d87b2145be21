// SPDX-License-Identifier: Apache-2.0
// trine_requantiser: REQ(acc, multiplier, shift) of docs/numerics.md, one a cycle, saturated to
// Bits bits: every user adds at most an int16 to it and saturates or clamps the sum.
//
// Latency 7 (REQ_LATENCY), never stalls; registers move where valid_i's bit is. The product is cut
// in 16-bit halves: four multipliers. Twin of trine_requantise in sw/golden.
//
// cycle     0    1    2    3    4    5    6    7
// in        A    .    .    .    .    .    .    .
// shifted   .    A    .    .    .    .    .    .     acc << left, wrapped
// halves    .    .    A    .    .    .    .    .     operands of the multipliers
// parts     .    .    .    A    .    .    .    .     four products
// middle    .    .    .    .    A    .    .    .     both cross products and 2^30
// scaled    .    .    .    .    .    A    .    .     (acc * multiplier + 2^30) >> 31
// half      .    .    .    .    .    .    A    .     >> right, with what decides the rounding
// result_o  .    .    .    .    .    .    .    A
`default_nettype none
`include "trine_assert.svh"

module trine_requantiser #(
    parameter int unsigned Bits = 16  // 2..32
) (
    input  wire logic                   clk_i,
    input  wire logic                   rst_ni,
    input  wire logic                   valid_i,
    input  wire logic signed [31:0]     acc_i,
    input  wire logic [30:0]            multiplier_i,
    input  wire logic [5:0]             shift_i,       // signed, -31..31; positive is to the left
    output      logic signed [Bits-1:0] result_o
);

  localparam int unsigned REQ_LATENCY = 7;

  logic [REQ_LATENCY-1:1] valid_q;
  logic signed [31:0]     shifted_q;
  logic [30:0]            multiplier_q;
  logic [4:0]             left, right, right_q1, right_q2, right_q3, right_q4, right_q5;
  logic signed [16:0]     acc_low, mult_low;
  logic signed [15:0]     acc_high, mult_high;
  logic signed [33:0]     low_low;
  logic signed [32:0]     low_high, high_low;
  logic signed [31:0]     high_high;
  logic [15:0]            low_q4;
  logic signed [33:0]     middle_q4;
  logic signed [31:0]     high_q4;
  logic [47:0]            sum;
  logic signed [31:0]     scaled_q5;
  logic [32:0]            half_q6;
  logic                   rest_q6, unused;

  assign left = shift_i[5] ? 5'd0 : shift_i[4:0];
  assign right = shift_i[5] ? 5'(~shift_i[4:0] + 5'd1) : 5'd0;

  assign acc_low = {1'b0, shifted_q[15:0]};
  assign acc_high = shifted_q[31:16];
  assign mult_low = {1'b0, multiplier_q[15:0]};
  assign mult_high = {1'b0, multiplier_q[30:16]};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[REQ_LATENCY-2:1], valid_i};
  end

  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      shifted_q <= acc_i << left;
      multiplier_q <= multiplier_i;
      right_q1 <= right;
    end
    right_q2 <= right_q1;
    right_q3 <= right_q2;
    right_q4 <= right_q3;
    right_q5 <= right_q4;
  end

  trine_mul #(.WidthA(17), .WidthB(17)) u_low_low (
      .clk_i, .en_i(valid_q[1]), .en_product_i(valid_q[2]), .a_i(acc_low), .b_i(mult_low),
      .product_o(low_low)
  );
  trine_mul #(.WidthA(17), .WidthB(16)) u_low_high (
      .clk_i, .en_i(valid_q[1]), .en_product_i(valid_q[2]), .a_i(acc_low), .b_i(mult_high),
      .product_o(low_high)
  );
  trine_mul #(.WidthA(17), .WidthB(16)) u_high_low (
      .clk_i, .en_i(valid_q[1]), .en_product_i(valid_q[2]), .a_i(mult_low), .b_i(acc_high),
      .product_o(high_low)
  );
  trine_mul #(.WidthA(16), .WidthB(16)) u_high_high (
      .clk_i, .en_i(valid_q[1]), .en_product_i(valid_q[2]), .a_i(acc_high), .b_i(mult_high),
      .product_o(high_high)
  );

  // Bits 63:16 of acc * multiplier + 2^30.
  assign sum = {high_q4, low_q4} + 48'(middle_q4);
  assign unused = &{1'b0, low_low[33:32], low_low[15:0], sum[47], sum[14:0]};

  always_ff @(posedge clk_i) begin
    if (valid_q[3]) begin
      low_q4 <= low_low[31:16];
      middle_q4 <= 34'(low_high) + 34'(high_low) + 34'sd16384;  // 2^30 at bit 16
      high_q4 <= high_high;
    end
    if (valid_q[4]) scaled_q5 <= sum[46:15];
    if (valid_q[5]) begin
      {rest_q6, half_q6} <= trine_pkg::shift_half(scaled_q5, right_q5);
    end
    if (valid_q[6]) result_o <= Bits'(trine_pkg::round_sat(half_q6, rest_q6, Bits));
  end

  // With a multiplier below 2^31 the scaled value is no wider than the accumulator.
  `TRINE_ASSERT(a_scaled_fits, !rst_ni || !valid_q[4] || sum[47] == sum[46])

endmodule

`default_nettype wire
