// SPDX-License-Identifier: Apache-2.0
// trine_ram_lut: small RAM of lookup tables: one write port, one read port without a clock.
//
// rdata_o is the word at raddr_i in the same cycle (a combinational path); a word written in a
// cycle is read from the next one on.
`default_nettype none
`include "trine_assert.svh"

module trine_ram_lut #(
    parameter int unsigned Width = 8,   // bits, >= 1
    parameter int unsigned Depth = 16,  // words, >= 2
    localparam int unsigned AddrBits = $clog2(Depth)
) (
    input  wire logic                clk_i,
    input  wire logic                we_i,
    input  wire logic [AddrBits-1:0] waddr_i,
    input  wire logic [Width-1:0]    wdata_i,
    input  wire logic [AddrBits-1:0] raddr_i,
    output      logic [Width-1:0]    rdata_o
);

  `TRINE_CHECK_PARAM(gen_check_depth, Depth >= 2)

  logic [Width-1:0] mem [0:Depth-1];

  always_ff @(posedge clk_i) begin
    if (we_i) mem[waddr_i] <= wdata_i;
  end

  assign rdata_o = mem[raddr_i];

endmodule

`default_nettype wire
