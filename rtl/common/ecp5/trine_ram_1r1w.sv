// SPDX-License-Identifier: Apache-2.0
// trine_ram_1r1w: of an ECP5, block RAMs with their own registers at the output where it has 1024
// to 16384 words, a power of two; else inferred.
//
// The contract is that of rtl/common/trine_ram_1r1w.sv, whose place it takes (fpga/files.sh). Yosys
// infers the RAM alone and puts the registers beside it.
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

  // What is smaller fits a block of 36 bits, or lookup tables, better, and registers of a RAM that
  // takes several blocks a bit would stand in front of their multiplexer.
  localparam bit Blocks = Depth > 512 && Depth <= 16384 && Depth == 1 << AddrBits;

  if (Blocks) begin : gen_blocks
    logic [Width-1:0] unused;

    trine_block_rams #(
        .Width(Width), .AddrBits(AddrBits), .WriteBits(WriteBits)
    ) u_rams (
        .clk_i, .we_i, .re_a_i(1'b0), .addr_a_i(waddr_i), .be_i, .wdata_i, .rdata_a_o(unused),
        .re_b_i(re_i), .addr_b_i(raddr_i), .rdata_b_o(rdata_o)
    );
  end else begin : gen_inferred
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
  end

endmodule

`default_nettype wire
