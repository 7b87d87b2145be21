// SPDX-License-Identifier: Apache-2.0
// trine_header: what is wrong with one word of a program's header, or of a rank's entry in its
// table, as an error code; 0 is nothing.
//
// Combinational. outside_i and list_room_i are what earlier words said.
`default_nettype none

module trine_header #(
    parameter int unsigned MemBytes = 8,
    localparam int unsigned ListBits = trine_records_pkg::LIST_BITS
) (
    input  wire logic        head_i,           // a word of the header
    input  wire logic        entry_i,          // of the entry
    input  wire logic [2:0]  index_i,
    input  wire logic [31:0] word_i,
    input  wire logic        crc_match_i,      // it is the CRC of the words before it
    input  wire logic [3:0]  rank_i,
    input  wire logic [31:0] program_i,        // offset in the window
    input  wire logic        outside_i,        // the list's place is outside the program
    input  wire logic [31:0] list_room_i,      // words from the list's place to the program's end
    input  wire logic [1:0]  mode_i,
    input  wire logic [4:0]  ranks_i,
    input  wire logic        fresh_i,
    input  wire logic [31:0] config_hash_i,
    output      logic [31:0] place_o,          // word_i bytes into the program, in the window;
                                               // without a word, of the rank's entry
    output      logic [7:0]  error_o
);

  logic wraps;

  // The adder that places a list finds the rank's entry too, while no word is looked at.
  assign {wraps, place_o} = {1'b0, program_i}
                            + {1'b0, entry_i || head_i ? word_i : {25'd0, rank_i, 3'd0} + 32'd32};

  always_comb begin
    error_o = trine_pkg::ERR_NONE;
    if (head_i) begin
      case (index_i)
        3'd0: if (word_i != trine_pkg::PROGRAM_MAGIC) error_o = trine_pkg::ERR_MAGIC;
        3'd1: if (word_i != trine_pkg::PROGRAM_VERSION) error_o = trine_pkg::ERR_VERSION;
        3'd2: if (word_i < 32'd40 || wraps) error_o = trine_pkg::ERR_LIST;
        3'd3: begin
          if ((word_i & 32'hffff_e0fc) != 32'd0) error_o = trine_pkg::ERR_RESERVED;
          else if (word_i[1:0] != mode_i) error_o = trine_pkg::ERR_PROGRAM_MODE;
          else if (word_i[12:8] != ranks_i) error_o = trine_pkg::ERR_RANKS;
        end
        3'd4: if (word_i != config_hash_i) error_o = trine_pkg::ERR_CONFIG_HASH;
        3'd5: begin
          if (word_i[31:1] != 31'd0) error_o = trine_pkg::ERR_RESERVED;
          else if (word_i[0] && fresh_i) error_o = trine_pkg::ERR_NOT_RESIDENT;
        end
        3'd6: if (word_i != 32'd0) error_o = trine_pkg::ERR_RESERVED;
        default: if (!crc_match_i) error_o = trine_pkg::ERR_HEADER_CRC;
      endcase
    end else if (entry_i) begin
      case (index_i[1:0])
        2'd0: begin
          if (word_i % MemBytes != 32'd0) error_o = trine_pkg::ERR_LIST;
        end
        default: begin
          if (word_i == 32'd0 || outside_i || word_i > list_room_i
              || word_i[31:ListBits] != '0) begin
            error_o = trine_pkg::ERR_LIST;
          end
        end
      endcase
    end
  end

endmodule

`default_nettype wire
