// SPDX-License-Identifier: Apache-2.0
// trine_mac_array: Lanes rows at a time, MacsPerLane int8 products each, summed over the chunks of
// a group.
//
// One chunk a cycle, never stalls. acc_o is valid in the one cycle of valid_o, MAC_LATENCY cycles
// after the chunk with last_i. Sums are modulo 2^32. Nothing moves where no chunk is, which also
// makes an idle core cheap to simulate. Stages: operands, products, the adder tree (four terms a
// stage), accumulator.
//
// cycle        0    1    2    3    4    5        MacsPerLane = 4: latency 4
// chunk        A    B    C    .    .    .        A first, B last, C first
// operands     .    A    B    C    .    .
// products     .    .    A    B    C    .
// sums         .    .    .    A    B    C
// acc_o        .    .    .    .    A    A+B      then C
// valid_o      .    .    .    .    .    1
`default_nettype none
`include "trine_assert.svh"

module trine_mac_array #(
    parameter int unsigned Lanes = 8,        // rows, >= 1
    parameter int unsigned MacsPerLane = 8,  // bytes of a chunk, power of two, 1..32
    localparam int unsigned WordBits = Lanes * MacsPerLane * 8
) (
    input  wire logic                     clk_i,
    input  wire logic                     rst_ni,
    // Chunks.
    input  wire logic                     valid_i,
    input  wire logic                     first_i,
    input  wire logic                     last_i,
    input  wire logic [WordBits-1:0]      weights_i,
    input  wire logic [MacsPerLane*8-1:0] vector_i,
    // Sums of a group.
    output      logic                     valid_o,
    output      logic [Lanes*32-1:0]      acc_o
);

  // Stages of the adder tree.
  localparam int unsigned SumStages = (MacsPerLane == 1) ? 0 : (MacsPerLane <= 4) ? 1 :
                                      (MacsPerLane <= 16) ? 2 : 3;
  localparam int unsigned MAC_LATENCY = 3 + SumStages;
  // Widest level of the tree: the products.
  localparam int unsigned TreeBits = MacsPerLane * 16;
  localparam int unsigned SumBits = 16 + 2 * SumStages;

  `TRINE_CHECK_PARAM(gen_check_macs, MacsPerLane <= 32 && MacsPerLane == (1 << $clog2(MacsPerLane)))

  // Bit s: a chunk whose marks have passed s + 1 registers.
  logic [MAC_LATENCY-1:0] valid_q, first_q, last_q;
  logic                   add, fresh;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[MAC_LATENCY-2:0], valid_i};
    first_q <= {first_q[MAC_LATENCY-2:0], first_i};
    last_q <= {last_q[MAC_LATENCY-2:0], last_i};
  end

  assign add = valid_q[MAC_LATENCY-2];
  assign fresh = first_q[MAC_LATENCY-2];
  assign valid_o = valid_q[MAC_LATENCY-1] && last_q[MAC_LATENCY-1];

  for (genvar lane = 0; lane < Lanes; lane++) begin : gen_lane
    logic [TreeBits-1:0]      products;
    logic signed [SumBits-1:0] sum;
    logic signed [31:0]        acc_q;

    for (genvar m = 0; m < MacsPerLane; m++) begin : gen_mac
      trine_mul #(
          .WidthA(8),
          .WidthB(8)
      ) u_mul (
          .clk_i,
          .en_i        (valid_i),
          .en_product_i(valid_q[0]),
          .a_i         (weights_i[(lane*MacsPerLane+m)*8 +: 8]),
          .b_i         (vector_i[m*8 +: 8]),
          .product_o   (products[m*16 +: 16])
      );
    end

    if (SumStages == 0) begin : gen_tree
      assign sum = products;
    end else if (SumStages == 1) begin : gen_tree
      trine_sum_stage #(.Count(MacsPerLane), .Width(16)) u_sum (
          .clk_i, .en_i(valid_q[1]), .terms_i(products), .sums_o(sum)
      );
    end else if (SumStages == 2) begin : gen_tree
      logic [MacsPerLane/4*18-1:0] fours;
      trine_sum_stage #(.Count(MacsPerLane), .Width(16)) u_fours (
          .clk_i, .en_i(valid_q[1]), .terms_i(products), .sums_o(fours)
      );
      trine_sum_stage #(.Count(MacsPerLane/4), .Width(18)) u_sum (
          .clk_i, .en_i(valid_q[2]), .terms_i(fours), .sums_o(sum)
      );
    end else begin : gen_tree
      logic [MacsPerLane/4*18-1:0]  fours;
      logic [MacsPerLane/16*20-1:0] sixteens;
      trine_sum_stage #(.Count(MacsPerLane), .Width(16)) u_fours (
          .clk_i, .en_i(valid_q[1]), .terms_i(products), .sums_o(fours)
      );
      trine_sum_stage #(.Count(MacsPerLane/4), .Width(18)) u_sixteens (
          .clk_i, .en_i(valid_q[2]), .terms_i(fours), .sums_o(sixteens)
      );
      trine_sum_stage #(.Count(MacsPerLane/16), .Width(20)) u_sum (
          .clk_i, .en_i(valid_q[3]), .terms_i(sixteens), .sums_o(sum)
      );
    end

    always_ff @(posedge clk_i) begin
      if (add) acc_q <= (fresh ? 32'sd0 : acc_q) + 32'(sum);
    end
    assign acc_o[lane*32 +: 32] = acc_q;
  end

  // A stop drops a group without its end, so a first chunk may always come.
  logic open_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) open_q <= 1'b0;
    else if (valid_i) open_q <= !last_i;
  end

  `TRINE_ASSERT(a_group_has_first, !rst_ni || !valid_i || first_i || open_q)

endmodule

`default_nettype wire
