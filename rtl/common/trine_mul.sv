// SPDX-License-Identifier: Apache-2.0
// trine_mul: signed multiplier with registered operands and product, as a DSP block has them.
//
// One product a cycle. Registers move with their enable only: operands with en_i, the product one
// cycle later with en_product_i. Technology wrapper: up to 18 x 18 bits is one block on an ECP5.
//
// cycle      0      1      2        latency 2
// a, b       A      .      .        en_i in cycle 0
// operands   .      A      .        en_product_i in cycle 1
// product_o  .      .      A
`default_nettype none
`include "trine_assert.svh"

module trine_mul #(
    parameter int unsigned WidthA = 18,  // bits, 2..18
    parameter int unsigned WidthB = 18   // bits, 2..18
) (
    input  wire logic                             clk_i,
    input  wire logic                             en_i,
    input  wire logic                             en_product_i,
    input  wire logic signed [WidthA-1:0]         a_i,
    input  wire logic signed [WidthB-1:0]         b_i,
    output      logic signed [WidthA+WidthB-1:0]  product_o
);

  localparam int unsigned Width = WidthA + WidthB;

  `TRINE_CHECK_PARAM(gen_check_widths,
      WidthA >= 2 && WidthA <= 18 && WidthB >= 2 && WidthB <= 18)

  logic signed [WidthA-1:0] a_q;
  logic signed [WidthB-1:0] b_q;

  always_ff @(posedge clk_i) begin
    if (en_i) begin
      a_q <= a_i;
      b_q <= b_i;
    end
    if (en_product_i) product_o <= Width'(a_q) * Width'(b_q);
  end

`ifdef FORMAL
  // What was let in, and what is due of it (tests/formal/mul.cfg).
  logic signed [WidthA-1:0] a_let_q;
  logic signed [WidthB-1:0] b_let_q;
  logic signed [Width-1:0]  due_q;
  logic                     let_q = 1'b0, is_due_q = 1'b0;

  always_ff @(posedge clk_i) begin
    let_q <= let_q || en_i;
    if (en_i) {a_let_q, b_let_q} <= {a_i, b_i};
    if (en_product_i) begin
      is_due_q <= let_q;
      due_q <= Width'(a_let_q) * Width'(b_let_q);
    end
  end

  `TRINE_ASSERT(a_operands_kept, !let_q || (a_q == a_let_q && b_q == b_let_q))
  `TRINE_ASSERT(a_product_due, !is_due_q || product_o == due_q)
`endif

endmodule

`default_nettype wire
