// SPDX-License-Identifier: Apache-2.0
// equal_ram: the generic body of a RAM and another one side by side, to be proven equal.
//
// One step of an induction, from any contents and registers: when the word at some address reads
// the same in both, it does so behind any cycle of writing, and what stands at the outputs stays
// the same whether it is read again or not. Contents are seen by reads alone, and the address is
// any, so that is all there is to a RAM. What is read while it is written is undefined, so it is
// not read.
//
// cycle     0     1     2      3      4      5
// read      W     W?    W?     W      W?     W?
// write     .     .     any    .      .      .
// outputs   .     .     given  equal  equal  equal
`default_nettype none

module equal_ram #(
    parameter int unsigned Ports = 2,  // 1: trine_ram_1rw, 2: trine_ram_1r1w
    parameter int unsigned Width = 8,
    parameter int unsigned Depth = 1024,
    parameter int unsigned WriteBits = 8,
    localparam int unsigned AddrBits = $clog2(Depth)
) (
    input  wire logic                clk_i,
    input  wire logic                we_i,
    input  wire logic                re_i,
    input  wire logic [AddrBits-1:0] waddr_i,
    input  wire logic [Width-1:0]    be_i,  // one for WriteBits, of those that there are
    input  wire logic [Width-1:0]    wdata_i
);

  (* anyconst *) logic [AddrBits-1:0] word;
  logic [2:0]          cycle_q = '0;
  logic                forced, we, re;
  logic [Width-1:0]    gold, gate;

  always_ff @(posedge clk_i) if (cycle_q != 3'd7) cycle_q <= cycle_q + 1'b1;

  always_comb begin
    forced = cycle_q == 3'd0 || cycle_q == 3'd3;
    we = cycle_q == 3'd2 && we_i;
    re = (forced || re_i) && !(we && waddr_i == word);
    if (cycle_q == 3'd2) assume (gold == gate);
    if (cycle_q > 3'd2) assert (gold == gate);
  end

  if (Ports == 1) begin : gen_1rw
    logic [AddrBits-1:0] addr;
    assign addr = we ? waddr_i : word;
    gold_1rw #(.Width(Width), .Depth(Depth)) u_gold (
        .clk_i, .we_i(we), .re_i(re), .addr_i(addr), .wdata_i, .rdata_o(gold)
    );
    trine_ram_1rw #(.Width(Width), .Depth(Depth)) u_gate (
        .clk_i, .we_i(we), .re_i(re), .addr_i(addr), .wdata_i, .rdata_o(gate)
    );
  end else begin : gen_1r1w
    gold_1r1w #(.Width(Width), .Depth(Depth), .WriteBits(WriteBits)) u_gold (
        .clk_i, .we_i(we), .waddr_i, .be_i(be_i[Width/WriteBits-1:0]), .wdata_i,
        .re_i(re), .raddr_i(word), .rdata_o(gold)
    );
    trine_ram_1r1w #(.Width(Width), .Depth(Depth), .WriteBits(WriteBits)) u_gate (
        .clk_i, .we_i(we), .waddr_i, .be_i(be_i[Width/WriteBits-1:0]), .wdata_i,
        .re_i(re), .raddr_i(word), .rdata_o(gate)
    );
  end

endmodule

`default_nettype wire
