// SPDX-License-Identifier: Apache-2.0
// trine_states: the state buffer of a core, {h, c} an entry. What the owner of the core has not
// written reads 0.
//
// Ages count how often the core changed hands (`forget_i`); an entry has the age in which it was
// written, and one of another age reads 0. Ages come back after 256 changes: each overwrites a
// 256th of the buffer in the cycles behind `forget_i`, so that by then every entry was once. In
// these cycles nobody writes. The age is not reset: who comes after a reset is another owner too.
//
// cycle       0    1    2    3        latency of a read 2
// re, raddr   A    .    .    .
// rdata_o     .    .    A    .        held while no read follows
// forget      .    F    .    .
// age_q       .    .    F    .        entries are overwritten from cycle 2 on
`default_nettype none
`include "trine_assert.svh"

module trine_states #(
    parameter int unsigned StateUnits = 4096,
    localparam int unsigned AddrBits = $clog2(StateUnits)
) (
    input  wire logic                clk_i,
    input  wire logic                rst_ni,
    input  wire logic                forget_i,
    input  wire logic                we_i,
    input  wire logic [AddrBits-1:0] waddr_i,
    input  wire logic [23:0]         wdata_i,
    input  wire logic                re_i,
    input  wire logic [AddrBits-1:0] raddr_i,
    output      logic [23:0]         rdata_o
);

  localparam int unsigned Ages = 256;
  // Entries that one change of hands overwrites.
  localparam int unsigned Slice = (StateUnits + Ages - 1) / Ages;
  localparam int unsigned LeftBits = $clog2(Slice + 1);

  logic [7:0]          age_q;
  logic [LeftBits-1:0] left_q;
  logic [AddrBits-1:0] wipe_q;
  logic                wiping;
  logic [31:0]         entry;

  initial age_q = 8'd0;

  assign wiping = left_q != '0;

  always_ff @(posedge clk_i) begin
    if (forget_i) age_q <= age_q + 8'd1;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      left_q <= '0;
      wipe_q <= '0;
    end else if (forget_i) begin
      left_q <= LeftBits'(Slice);
      wipe_q <= AddrBits'(32'(age_q) * Slice);
    end else if (wiping) begin
      left_q <= left_q - 1'b1;
      wipe_q <= wipe_q + 1'b1;
    end
  end

  trine_ram_1r1w #(.Width(32), .Depth(StateUnits)) u_ram (
      .clk_i, .we_i(we_i || wiping), .waddr_i(wiping ? wipe_q : waddr_i), .be_i(4'hf),
      .wdata_i({age_q, wiping ? 24'd0 : wdata_i}), .re_i, .raddr_i, .rdata_o(entry)
  );

  assign rdata_o = (entry[31:24] == age_q) ? entry[23:0] : 24'd0;

  `TRINE_ASSERT(a_alone, !rst_ni || !((wiping || forget_i) && (we_i || re_i)))

endmodule

`default_nettype wire
