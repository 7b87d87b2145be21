// SPDX-License-Identifier: Apache-2.0
// trine_pack: collects the tail's bytes into bus words.
//
// Bytes come in the order of their places; the beat with complete_i ends a word, which may be short
// at either end. Outputs are registered, valid for one cycle, never stalled (the beat was issued
// with a credit). Bytes that were not written are 0.
//
// cycle         0    1    2
// valid_i       A    B    .       B with complete_i
// word_valid_o  .    .    1
`default_nettype none
`include "trine_assert.svh"

module trine_pack #(
    parameter int unsigned TailRows = 4,
    parameter int unsigned BusBytes = 8   // power of two, multiple of TailRows
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic                  flush_i,
    // Bytes: one (h_i at place_i), or 1 + more_i of bytes_i from place_i on; the others are 0.
    input  wire logic                  valid_i,
    input  wire logic                  dense_i,
    input  wire logic                  complete_i,
    input  wire logic [15:0]           place_i,
    input  wire logic [1:0]            more_i,
    input  wire logic [7:0]            h_i,
    input  wire logic [TailRows*8-1:0] bytes_i,
    // Words.
    output      logic                  word_valid_o,
    output      logic [15:0]           word_place_o,
    output      logic [BusBytes-1:0]   word_be_o,
    output      logic [BusBytes*8-1:0] word_data_o
);

  localparam int unsigned ByteBits = $clog2(BusBytes);

  logic                fresh_q;
  logic [ByteBits-1:0] first;
  logic [3:0]          exist;
  logic [BusBytes-1:0] be;

  assign first = place_i[ByteBits-1:0];
  assign exist = dense_i ? 4'hf >> (2'd3 - more_i) : 4'd1;
  assign be = BusBytes'(exist) << first;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      fresh_q <= 1'b1;
      word_valid_o <= 1'b0;
    end else begin
      word_valid_o <= valid_i && complete_i;
      if (valid_i) fresh_q <= complete_i;
    end
    if (valid_i) begin
      word_be_o <= fresh_q ? be : word_be_o | be;
      word_place_o <= place_i >> ByteBits;
    end
  end

  // Each byte has one place it can come from: rows of a beat start at a multiple of TailRows.
  for (genvar b = 0; b < BusBytes; b++) begin : gen_byte
    logic [7:0] data;
    assign data = dense_i ? bytes_i[(b % TailRows)*8 +: 8] : h_i;
    always_ff @(posedge clk_i) begin
      if (valid_i && (fresh_q || be[b])) word_data_o[b*8 +: 8] <= be[b] ? data : 8'd0;
    end
  end

  `TRINE_ASSERT(a_rows_aligned,
      !rst_ni || flush_i || !valid_i || !dense_i || 32'(first) % TailRows == 0)

endmodule

`default_nettype wire
