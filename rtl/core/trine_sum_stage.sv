// SPDX-License-Identifier: Apache-2.0
// trine_sum_stage: one registered stage of an adder tree: sums of four neighbours.
//
// Signed terms of Width bits in, ceil(Count / 4) sums two bits wider out, one cycle later (with
// en_i; held otherwise). Four terms are two adders after each other.
`default_nettype none
`include "trine_assert.svh"

module trine_sum_stage #(
    parameter int unsigned Count = 4,   // terms, >= 1
    parameter int unsigned Width = 16,  // bits of a term
    localparam int unsigned Sums = (Count + 3) / 4,
    localparam int unsigned SumBits = Width + 2
) (
    input  wire logic                    clk_i,
    input  wire logic                    en_i,
    input  wire logic [Count*Width-1:0]  terms_i,
    output      logic [Sums*SumBits-1:0] sums_o
);

`ifdef FORMAL
  // No carry is lost (tests/formal/sum.cfg).
  logic [Sums-1:0] fits;
  `TRINE_ASSERT(a_sums_fit, &fits)
`endif

  for (genvar i = 0; i < Sums; i++) begin : gen_sum
    localparam int unsigned Terms = (Count - 4 * i < 4) ? Count - 4 * i : 4;
    logic signed [SumBits-1:0] sum, sum_q;

    if (Terms == 4) begin : gen_four
      logic signed [SumBits-1:0] low, high;
      assign low = SumBits'($signed(terms_i[4*i*Width +: Width]))
                   + SumBits'($signed(terms_i[(4*i+1)*Width +: Width]));
      assign high = SumBits'($signed(terms_i[(4*i+2)*Width +: Width]))
                    + SumBits'($signed(terms_i[(4*i+3)*Width +: Width]));
      assign sum = low + high;
    end else begin : gen_few
      always_comb begin
        sum = '0;
        for (int j = 0; j < Terms; j++) begin
          sum = sum + SumBits'($signed(terms_i[(4*i+j)*Width +: Width]));
        end
      end
    end

    always_ff @(posedge clk_i) if (en_i) sum_q <= sum;
    assign sums_o[i*SumBits +: SumBits] = sum_q;

`ifdef FORMAL
    logic signed [31:0] whole;
    always_comb begin
      whole = '0;
      for (int j = 0; j < Terms; j++) whole = whole + 32'($signed(terms_i[(4*i+j)*Width +: Width]));
    end
    assign fits[i] = 32'(sum) == whole;
`endif
  end

endmodule

`default_nettype wire
