// SPDX-License-Identifier: Apache-2.0
// trine_ram_1rw: of an ECP5, block RAMs with their own registers at the output where it has 1024
// to 16384 words, a power of two; else inferred.
//
// The contract is that of rtl/common/trine_ram_1rw.sv, whose place it takes (fpga/files.sh). Yosys
// infers the RAM alone and puts the registers beside it.
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

  // What is smaller fits a block of 36 bits, or lookup tables, better, and registers of a RAM that
  // takes several blocks a bit would stand in front of their multiplexer.
  localparam bit Blocks = Depth > 512 && Depth <= 16384 && Depth == 1 << AddrBits;

  if (Blocks) begin : gen_blocks
    logic [Width-1:0] unused;

    trine_block_rams #(
        .Width(Width), .AddrBits(AddrBits), .WriteBits(Width)
    ) u_rams (
        .clk_i, .we_i, .re_a_i(re_i), .addr_a_i(addr_i), .be_i(1'b1), .wdata_i, .rdata_a_o(rdata_o),
        .re_b_i(1'b0), .addr_b_i('0), .rdata_b_o(unused)
    );
  end else begin : gen_inferred
    logic [Width-1:0] mem [0:Depth-1];
    logic [Width-1:0] read_q;

    always_ff @(posedge clk_i) begin
      if (we_i) mem[addr_i] <= wdata_i;
      else if (re_i) read_q <= mem[addr_i];
    end

    always_ff @(posedge clk_i) rdata_o <= read_q;
  end

endmodule

`default_nettype wire
