// SPDX-License-Identifier: Apache-2.0
// trine_header: what is wrong with one word of a program's header, or of a rank's entry in its
// table, as an error code; 0 is nothing.
//
// Combinational. length_i and list_room_i are what earlier words said; crc_i is of the words
// before this one.
`default_nettype none

module trine_header #(
    parameter int unsigned MemBytes = 8
) (
    input  wire logic        head_i,           // a word of the header
    input  wire logic        entry_i,          // of the entry
    input  wire logic [2:0]  index_i,
    input  wire logic [31:0] word_i,
    input  wire logic [31:0] crc_i,
    input  wire logic [31:0] program_i,        // offset in the window
    input  wire logic [31:0] length_i,         // of the program, bytes
    input  wire logic [31:0] list_room_i,      // words from the list's place to the program's end
    input  wire logic [1:0]  mode_i,
    input  wire logic [4:0]  ranks_i,
    input  wire logic        fresh_i,
    input  wire logic [31:0] config_hash_i,
    output      logic [31:0] place_o,          // word_i bytes into the program, in the window
    output      logic [7:0]  error_o
);

  logic wraps;

  assign {wraps, place_o} = {1'b0, program_i} + {1'b0, word_i};

  always_comb begin
    error_o = trine_pkg::ERR_NONE;
    if (head_i) begin
      case (index_i)
        3'd0: if (word_i != trine_pkg::PROGRAM_MAGIC) error_o = trine_pkg::ERR_MAGIC;
        3'd1: if (word_i != trine_pkg::PROGRAM_VERSION) error_o = trine_pkg::ERR_VERSION;
        3'd2: if (word_i < 32'd48 || wraps) error_o = trine_pkg::ERR_LIST;
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
        default: if (word_i != ~crc_i) error_o = trine_pkg::ERR_HEADER_CRC;
      endcase
    end else if (entry_i) begin
      case (index_i[1:0])
        2'd0: begin
          if (word_i % MemBytes != 32'd0 || word_i >= length_i) error_o = trine_pkg::ERR_LIST;
        end
        2'd1: if (word_i == 32'd0 || word_i > list_room_i) error_o = trine_pkg::ERR_LIST;
        2'd2: error_o = trine_pkg::ERR_NONE;
        default: if (word_i != 32'd0) error_o = trine_pkg::ERR_RESERVED;
      endcase
    end
  end

endmodule

`default_nettype wire
