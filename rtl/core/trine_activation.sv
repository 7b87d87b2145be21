// SPDX-License-Identifier: Apache-2.0
// trine_activation: SIG and TANH of docs/numerics.md, one a cycle: a table of 256 entries and
// linear interpolation.
//
// Latency 5, or 6 with Scaled = 1, where the argument's unit is 2^(exponent - 15) (a cell, TANH
// only); with Scaled = 0 it is Q3.12. The result is Q0.15. Twin of trine_sigmoid_q15 and
// trine_tanh_q15 in sw/golden.
//
// cycle      0    1    2    3    4    5
// in         A    .    .    .    .    .
// triple     .    A    .    .    .    .     3a, and scaled one cycle later if Scaled
// entry      .    .    A    .    .    .     |v| cut in table index and fraction; table read
// operands   .    .    .    A    .    .     fraction x step
// base       .    .    .    .    A    .     product; table entry with rounding constant and sign
// result_o   .    .    .    .    .    A
`default_nettype none
`include "trine_assert.svh"

module trine_activation #(
    parameter int unsigned Scaled = 0  // 0 or 1
) (
    input  wire logic               clk_i,
    input  wire logic               rst_ni,
    input  wire logic               valid_i,
    input  wire logic               tanh_i,
    input  wire logic signed [15:0] value_i,
    input  wire logic [2:0]         exponent_i,  // k + 15, 0..6; used if Scaled
    output      logic signed [15:0] result_o
);

  localparam int unsigned ACT_LATENCY = 5 + Scaled;
  // Rounding constants, with the half of the table that TANH subtracts.
  localparam logic signed [26:0] SIG_POS = 27'sd512;
  localparam logic signed [26:0] SIG_NEG = 27'sd33554943;    // 2^25 + 511
  localparam logic signed [26:0] TANH_POS = -27'sd8388480;   // 128 - 2^23
  localparam logic signed [26:0] TANH_NEG = 27'sd8388735;    // 2^23 + 127

  logic [ACT_LATENCY-1:1]   valid_q;
  logic signed [17:0]       triple_q;
  logic signed [20:0]       scaled;
  logic                     tanh_q1, tanh_v, tanh_q2, tanh_q3, tanh_q4;
  logic                     neg_q2, neg_q3, neg_q4;
  logic [19:0]              magnitude;
  logic [7:0]               index;
  logic [8:0]               fraction, fraction_q2;
  logic [15:0]              here, here_q3;
  logic [9:0]               step;
  logic signed [9:0]        fraction_operand;
  logic signed [10:0]       step_operand;
  logic signed [20:0]       product;
  logic signed [26:0]       entry, constant, base_q4, total;
  logic                     unused;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[ACT_LATENCY-2:1], valid_i};
  end

  always_ff @(posedge clk_i) begin
    if (valid_i) triple_q <= 18'(value_i) + {value_i[15], value_i, 1'b0};
    tanh_q1 <= tanh_i;
  end

  if (Scaled == 1) begin : gen_scale
    logic [2:0]         exponent_q;
    logic signed [20:0] scaled_d, scaled_q, wide;
    logic               tanh_scaled_q;

    assign wide = 21'(triple_q);
    always_comb begin
      case (exponent_q)  // n = exponent - 3
        3'd0: scaled_d = (wide + 21'sd4) >>> 3;
        3'd1: scaled_d = (wide + 21'sd2) >>> 2;
        3'd2: scaled_d = (wide + 21'sd1) >>> 1;
        3'd3: scaled_d = wide;
        3'd4: scaled_d = wide <<< 1;
        3'd5: scaled_d = wide <<< 2;
        default: scaled_d = wide <<< 3;
      endcase
    end
    always_ff @(posedge clk_i) begin
      if (valid_i) exponent_q <= exponent_i;
      if (valid_q[1]) scaled_q <= scaled_d;
      tanh_scaled_q <= tanh_q1;
    end
    assign scaled = scaled_q;
    assign tanh_v = tanh_scaled_q;
    assign unused = &{1'b0, total[26], total[7:0]};
  end else begin : gen_scale
    assign scaled = 21'(triple_q);
    assign tanh_v = tanh_q1;
    assign unused = &{1'b0, exponent_i, total[26], total[7:0]};
  end

  assign magnitude = scaled[20] ? 20'(-scaled) : scaled[19:0];

  // Past the table's end TANH stays at its last entry; SIG never gets there.
  always_comb begin
    if (!tanh_v) begin
      index = magnitude[16:9];
      fraction = magnitude[8:0];
    end else if (magnitude[19:8] >= 12'd255) begin
      index = 8'd255;
      fraction = '0;
    end else begin
      index = magnitude[15:8];
      fraction = {1'b0, magnitude[7:0]};
    end
  end

  always_ff @(posedge clk_i) begin
    if (valid_q[Scaled+1]) begin
      fraction_q2 <= fraction;
      neg_q2 <= scaled[20];
      tanh_q2 <= tanh_v;
    end
  end

  trine_sigmoid_rom u_rom (
      .clk_i, .en_i(valid_q[Scaled+1]), .index_i(index), .here_o(here), .step_o(step)
  );

  assign fraction_operand = {1'b0, fraction_q2};
  assign step_operand = {1'b0, step};

  trine_mul #(.WidthA(10), .WidthB(11)) u_mul (
      .clk_i, .en_i(valid_q[Scaled+2]), .en_product_i(valid_q[Scaled+3]), .a_i(fraction_operand),
      .b_i(step_operand), .product_o(product)
  );

  always_comb begin
    entry = tanh_q3 ? {3'd0, here_q3, 8'd0} : {2'd0, here_q3, 9'd0};
    case ({tanh_q3, neg_q3})
      2'b00: constant = SIG_POS;
      2'b01: constant = SIG_NEG;
      2'b10: constant = TANH_POS;
      default: constant = TANH_NEG;
    endcase
  end

  assign total = neg_q4 ? base_q4 - 27'(product) : base_q4 + 27'(product);

  always_ff @(posedge clk_i) begin
    if (valid_q[Scaled+2]) begin
      here_q3 <= here;
      neg_q3 <= neg_q2;
      tanh_q3 <= tanh_q2;
    end
    if (valid_q[Scaled+3]) begin
      base_q4 <= neg_q3 ? constant - entry : constant + entry;
      neg_q4 <= neg_q3;
      tanh_q4 <= tanh_q3;
    end
    if (valid_q[Scaled+4]) result_o <= tanh_q4 ? total[23:8] : total[25:10];
  end

  // A sigmoid is never negative, and a hyperbolic tangent has the sign of its argument.
  logic valid_q5, neg_q5, tanh_q5;
  always_ff @(posedge clk_i) begin
    valid_q5 <= rst_ni && valid_q[Scaled+4];
    if (valid_q[Scaled+4]) {neg_q5, tanh_q5} <= {neg_q4, tanh_q4};
  end

  `TRINE_ASSERT(a_sign,
      !rst_ni || !valid_q5 || result_o == 16'sd0 || result_o[15] == (tanh_q5 && neg_q5))
  `TRINE_ASSERT(a_cell_argument,
      !rst_ni || !valid_i || Scaled == 0 || (tanh_i && exponent_i != 3'd7))

endmodule

`default_nettype wire
