// SPDX-License-Identifier: Apache-2.0
// trine_words: what is wrong with one word of a CONTEXT, from its third on, or with the first entry
// of a TABLE, as an error code; 0 is nothing.
//
// Combinational, a row a word: bits that must be 0, the highest values of the two halves, and what
// these do not say. What a phase touches in the weight, parameter, pre-activation and state buffers
// is checked where it is touched.
`default_nettype none

module trine_words #(
    parameter int unsigned Lanes = 8,
    parameter int unsigned StateUnits = 4096,   // at most 65536, as RingWords
    parameter int unsigned RingWords = 4096
) (
    input  wire logic [3:0]  index_i,   // of a CONTEXT's words, from 0; TABLE_FIRST
    input  wire logic        dense_i,
    input  wire logic [31:0] word_i,
    output      logic [7:0]  error_o
);

  localparam logic [3:0] TABLE_FIRST = 4'd15;
  localparam int unsigned GroupUnits = Lanes / 4;
  localparam logic [15:0] StateMax = 16'(StateUnits - 1);
  localparam logic [15:0] RingMax = 16'(RingWords - 1);

  logic [31:0] zero;              // must be 0
  logic [15:0] low_max, high_max;
  logic        bad;

  always_comb begin
    zero = 32'd0;
    low_max = '1;
    high_max = '1;
    bad = 1'b0;
    case (index_i)
      // First unit, of which a place in the vector follows: it must not wrap with the units.
      4'd3: begin
        zero = 32'hffff_0000;
        bad = word_i[15]
              || 32'(word_i[15:0]) % (dense_i ? Lanes : GroupUnits) != 32'd0;
      end
      4'd5: if (dense_i) zero = '1;
      4'd6: if (dense_i) zero = 32'hffff_0000;
      4'd7: begin
        if (dense_i) zero = '1;
        high_max = StateMax;
      end
      4'd8: begin
        if (dense_i) zero = '1;
        low_max = StateMax;
        high_max = RingMax;
      end
      4'd9: begin
        zero = dense_i ? 32'hff00_ffff : 32'hf800_0000;
        low_max = RingMax;
        bad = word_i[26:24] == 3'd7;
      end
      4'd10: begin
        if (dense_i) zero = 32'h0000_ffff;
        bad = word_i[15] || $signed(word_i[31:24]) < $signed(word_i[23:16]);
      end
      4'd11: zero = dense_i ? '1 : 32'h8000_0000;
      4'd12: begin
        zero = dense_i ? '1 : 32'hffff_ffc0;
        bad = word_i[5:0] == 6'h20;   // -32
      end
      TABLE_FIRST: zero = 32'hffff_0000;
      default: bad = 1'b0;
    endcase
    error_o = trine_pkg::ERR_NONE;
    if ((word_i & zero) != 32'd0) error_o = trine_pkg::ERR_RESERVED;
    else if (bad) error_o = trine_pkg::ERR_FIELD;
    else if (word_i[15:0] > low_max || word_i[31:16] > high_max) begin
      error_o = trine_pkg::ERR_LOCAL_ADDRESS;
    end
  end

endmodule

`default_nettype wire
