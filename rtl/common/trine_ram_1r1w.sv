// SPDX-License-Identifier: Apache-2.0
// trine_ram_1r1w: block RAM with one write port, with enables for parts of a word, and one read
// port with a registered output.
//
// One read and one write a cycle. A read of the address written in the same cycle gives undefined
// data: users must not rely on it. Technology wrapper: this body is inferred, others may stand in
// its place.
//
// cycle      0    1    2    3        latency of a read 2
// re, raddr  A    B    .    .
// RAM        .    A    B    .
// rdata_o    .    .    A    B        held while no read follows
`default_nettype none
`include "trine_assert.svh"

module trine_ram_1r1w #(
    parameter int unsigned Width = 8,      // bits
    parameter int unsigned Depth = 16,     // words, >= 2
    parameter int unsigned WriteBits = 8,  // of a write enable; Width is a multiple of it
    localparam int unsigned AddrBits = $clog2(Depth),
    localparam int unsigned Enables = Width / WriteBits
) (
    input  wire logic                clk_i,
    // Write.
    input  wire logic                we_i,
    input  wire logic [AddrBits-1:0] waddr_i,
    input  wire logic [Enables-1:0]  be_i,
    input  wire logic [Width-1:0]    wdata_i,
    // Read.
    input  wire logic                re_i,
    input  wire logic [AddrBits-1:0] raddr_i,
    output      logic [Width-1:0]    rdata_o
);

  `TRINE_CHECK_PARAM(gen_check_depth, Depth >= 2)
  `TRINE_CHECK_PARAM(gen_check_width, Width >= WriteBits && Width % WriteBits == 0)

  (* no_rw_check *)
  logic [Width-1:0] mem [0:Depth-1];
  logic [Width-1:0] read_q;

  always_ff @(posedge clk_i) begin
    if (we_i) begin
      for (int i = 0; i < Enables; i++) begin
        if (be_i[i]) mem[waddr_i][i*WriteBits +: WriteBits] <= wdata_i[i*WriteBits +: WriteBits];
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (re_i) read_q <= mem[raddr_i];
    rdata_o <= read_q;
  end

`ifdef FORMAL
  // Any one word, in its parts: what was last written there is what a read gives, but for a read of
  // the word that is being written (tests/formal/ram_1r1w.cfg).
  (* anyconst *) logic [AddrBits-1:0] place;
  for (genvar i = 0; i < Enables; i++) begin : gen_part
    logic [WriteBits-1:0] word_q, read_due_q, due_q;
    logic                 written_q = 1'b0, read_is_due_q = 1'b0, is_due_q = 1'b0;

    always_ff @(posedge clk_i) begin
      if (we_i && be_i[i] && waddr_i == place) begin
        written_q <= 1'b1;
        word_q <= wdata_i[i*WriteBits +: WriteBits];
      end
      if (re_i) begin
        read_is_due_q <= written_q && raddr_i == place && !(we_i && waddr_i == place);
        read_due_q <= word_q;
      end
      is_due_q <= read_is_due_q;
      due_q <= read_due_q;
    end

    `TRINE_ASSERT(a_word_kept, 32'(place) >= Depth || !written_q
        || mem[place][i*WriteBits +: WriteBits] == word_q)
    `TRINE_ASSERT(a_read_held, 32'(place) >= Depth || !read_is_due_q
        || read_q[i*WriteBits +: WriteBits] == read_due_q)
    `TRINE_ASSERT(a_read_due, 32'(place) >= Depth || !is_due_q
        || rdata_o[i*WriteBits +: WriteBits] == due_q)
  end
`endif

endmodule

`default_nettype wire
