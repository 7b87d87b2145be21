// SPDX-License-Identifier: Apache-2.0
// trine_ram_1rw: single-port block RAM with a registered output.
//
// One access a cycle. In a cycle with we_i the word is written and nothing is read; read data are
// undefined then. Technology wrapper: this body is inferred, others may stand in its place.
//
// cycle     0    1    2    3        latency of a read 2
// re, addr  A    B    .    .
// RAM       .    A    B    .
// rdata_o   .    .    A    B        held while no read follows
`default_nettype none
`include "trine_assert.svh"

module trine_ram_1rw #(
    parameter int unsigned Width = 8,   // bits, >= 1
    parameter int unsigned Depth = 16,  // words, >= 2
    localparam int unsigned AddrBits = $clog2(Depth)
) (
    input  wire logic                clk_i,
    input  wire logic                we_i,
    input  wire logic                re_i,
    input  wire logic [AddrBits-1:0] addr_i,
    input  wire logic [Width-1:0]    wdata_i,
    output      logic [Width-1:0]    rdata_o
);

  `TRINE_CHECK_PARAM(gen_check_depth, Depth >= 2)
  `TRINE_CHECK_PARAM(gen_check_width, Width >= 1)

  logic [Width-1:0] mem [0:Depth-1];
  logic [Width-1:0] read_q;

  always_ff @(posedge clk_i) begin
    if (we_i) mem[addr_i] <= wdata_i;
    else if (re_i) read_q <= mem[addr_i];
  end

  always_ff @(posedge clk_i) rdata_o <= read_q;

`ifdef FORMAL
  // Any one word: what was last written there is what a read gives (tests/formal/ram_1rw.cfg).
  (* anyconst *) logic [AddrBits-1:0] place;
  logic [Width-1:0] word_q, read_due_q, due_q;
  logic             written_q = 1'b0, read_is_due_q = 1'b0, is_due_q = 1'b0;

  always_ff @(posedge clk_i) begin
    if (we_i && addr_i == place) begin
      written_q <= 1'b1;
      word_q <= wdata_i;
    end
    if (we_i) read_is_due_q <= 1'b0;
    else if (re_i) begin
      read_is_due_q <= written_q && addr_i == place;
      read_due_q <= word_q;
    end
    is_due_q <= read_is_due_q;
    due_q <= read_due_q;
  end

  `TRINE_ASSERT(a_word_kept, 32'(place) >= Depth || !written_q || mem[place] == word_q)
  `TRINE_ASSERT(a_read_held, 32'(place) >= Depth || !read_is_due_q || read_q == read_due_q)
  `TRINE_ASSERT(a_read_due, 32'(place) >= Depth || !is_due_q || rdata_o == due_q)
`endif

endmodule

`default_nettype wire
