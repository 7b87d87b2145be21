// SPDX-License-Identifier: Apache-2.0
// trine_header: the header of a program as its words come: what is wrong with one of them, as an
// error code, and what they say of the list.
//
// cycle        0      1      2   ...  8      9
// begin_i      1      .      .        .      .
// valid_i      .      1      1        1      .     a word, one a cycle or slower
// end_o        .      .      .        1      .     its last
// error_o      .      .      A        .      .     of the word before; 0 is nothing
// list_words_o, resident_o                   1     from here on
`default_nettype none
`include "trine_assert.svh"

module trine_header #(
    localparam int unsigned ListBits = trine_records_pkg::LIST_BITS
) (
    input  wire logic                clk_i,
    input  wire logic                rst_ni,
    input  wire logic                begin_i,
    input  wire logic                valid_i,
    input  wire logic [31:0]         word_i,
    input  wire logic                crc_match_i,      // it is the CRC of the words before it
    input  wire logic [31:0]         program_i,        // offset in the window
    input  wire logic [1:0]          mode_i,
    input  wire logic [4:0]          ranks_i,
    input  wire logic                fresh_i,
    input  wire logic [31:0]         config_hash_i,
    output      logic                end_o,
    output      logic [ListBits-1:0] list_words_o,
    output      logic                resident_o,
    output      logic [7:0]          error_o
);

  logic [2:0]  index_q;
  logic [29:0] room_q;             // words of the program behind the header
  logic [32:0] program_end;
  logic [7:0]  error;
  logic        unused;

  assign program_end = {1'b0, program_i} + {1'b0, word_i};
  assign unused = &{1'b0, program_end[31:0]};
  assign end_o = valid_i && index_q == 3'd7;

  always_comb begin
    error = trine_pkg::ERR_NONE;
    case (index_q)
      3'd0: if (word_i != trine_pkg::PROGRAM_MAGIC) error = trine_pkg::ERR_MAGIC;
      3'd1: if (word_i != trine_pkg::PROGRAM_VERSION) error = trine_pkg::ERR_VERSION;
      3'd2: if (word_i < 32'd40 || program_end[32]) error = trine_pkg::ERR_LIST;
      3'd3: begin
        if ((word_i & 32'hffff_e0fc) != 32'd0) error = trine_pkg::ERR_RESERVED;
        else if (word_i[1:0] != mode_i) error = trine_pkg::ERR_PROGRAM_MODE;
        else if (word_i[12:8] != ranks_i) error = trine_pkg::ERR_RANKS;
      end
      3'd4: if (word_i != config_hash_i) error = trine_pkg::ERR_CONFIG_HASH;
      3'd5: begin
        if (word_i[31:1] != 31'd0) error = trine_pkg::ERR_RESERVED;
        else if (word_i[0] && fresh_i) error = trine_pkg::ERR_NOT_RESIDENT;
      end
      3'd6: begin
        if (word_i == 32'd0 || word_i > {2'd0, room_q} || word_i[31:ListBits] != '0) begin
          error = trine_pkg::ERR_LIST;
        end
      end
      default: if (!crc_match_i) error = trine_pkg::ERR_HEADER_CRC;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || begin_i) error_o <= trine_pkg::ERR_NONE;
    else error_o <= valid_i ? error : trine_pkg::ERR_NONE;
    if (begin_i) index_q <= 3'd0;
    else if (valid_i) begin
      index_q <= index_q + 3'd1;
      if (index_q == 3'd2) room_q <= word_i[31:2] - 30'd8;
      if (index_q == 3'd5) resident_o <= word_i[0];
      if (index_q == 3'd6) list_words_o <= word_i[ListBits-1:0];
    end
  end

  `TRINE_ASSERT(a_error_of_a_header, !rst_ni || error_o == trine_pkg::ERR_NONE || !begin_i)

endmodule

`default_nettype wire
