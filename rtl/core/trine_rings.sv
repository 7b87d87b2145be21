// SPDX-License-Identifier: Apache-2.0
// trine_rings: the ring RAM of a core: slots of x and h vectors, and h(t-1) of kept states.
//
// Written by bus words (always accepted) and by LOAD words of the program (when no bus word comes);
// read by the MAC array, one chunk a cycle. A word can be read two cycles after it came. A read of
// an address a cycle after its word gives either value: flow control never asks for it, but for
// programs that it stops with OVERRUN. So may a bus word of such a program lie outside the rings:
// its address wraps.
//
// cycle        0        1         2         latency of a read 2, one chunk a cycle
// bus_we, load A        .         .
// write        .        A         .
// re, addr     A        B         .
// RAM          .        rd A      rd B
// chunk_o      .        .         A
`default_nettype none
`include "trine_assert.svh"

module trine_rings #(
    parameter int unsigned MacsPerLane = 8,     // bytes a chunk, power of two
    parameter int unsigned BusBytes = 8,        // bytes a bus word, power of two
    parameter int unsigned RingWords = 4096,    // words of max(BusBytes, MacsPerLane) bytes
    localparam int unsigned VecBytes = (BusBytes > MacsPerLane) ? BusBytes : MacsPerLane,
    localparam int unsigned AddrBits = $clog2(RingWords)
) (
    input  wire logic                     clk_i,
    input  wire logic                     rst_ni,
    // Bus words: byte address of the word's first byte.
    input  wire logic                     bus_we_i,
    input  wire logic [31:0]              bus_addr_i,
    input  wire logic [BusBytes-1:0]      bus_be_i,
    input  wire logic [BusBytes*8-1:0]    bus_data_i,
    // LOAD: one 32-bit word at a byte address.
    input  wire logic                     load_valid_i,
    output      logic                     load_ready_o,
    input  wire logic [31:0]              load_addr_i,
    input  wire logic [31:0]              load_data_i,
    // Chunks: byte address of the chunk's first byte; fill replaces what is read.
    input  wire logic                     re_i,
    input  wire logic [31:0]              addr_i,
    input  wire logic                     fill_i,
    input  wire logic [7:0]               fill_byte_i,
    output      logic [MacsPerLane*8-1:0] chunk_o
);

  localparam int unsigned VecShift = $clog2(VecBytes);
  localparam int unsigned BusParts = VecBytes / BusBytes;
  localparam int unsigned LoadParts = VecBytes / 4;
  localparam int unsigned ChunkParts = VecBytes / MacsPerLane;

  logic                  we_q;
  logic [31:0]           waddr;
  logic [AddrBits-1:0]   waddr_q;
  logic [VecBytes-1:0]   be, be_q;
  logic [VecBytes*8-1:0] wdata, wdata_q;
  logic [VecBytes*8-1:0] rdata;
  logic                  fill_q, fill_q2;
  logic [7:0]            fill_byte_q, fill_byte_q2;
  logic [31:0]           part_q, part_q2;
  logic                  unused;

  assign load_ready_o = !bus_we_i;
  assign waddr = bus_we_i ? bus_addr_i : load_addr_i;

  // Places inside a word are whole parts, said so that no shifter by single bytes is built.
  always_comb begin
    be = '0;
    wdata = '0;
    if (bus_we_i) begin
      be[(bus_addr_i / BusBytes % BusParts) * BusBytes +: BusBytes] = bus_be_i;
      wdata[(bus_addr_i / BusBytes % BusParts) * BusBytes*8 +: BusBytes*8] = bus_data_i;
    end else begin
      be[(load_addr_i / 4 % LoadParts) * 4 +: 4] = 4'hf;
      wdata[(load_addr_i / 4 % LoadParts) * 32 +: 32] = load_data_i;
    end
  end

  // An address has come through the slots of its channel: the RAM has it from a register.
  always_ff @(posedge clk_i) begin
    we_q <= rst_ni && (bus_we_i || load_valid_i);
    waddr_q <= waddr[VecShift +: AddrBits];
    be_q <= be;
    wdata_q <= wdata;
  end

  trine_ram_1r1w #(
      .Width(VecBytes * 8),
      .Depth(RingWords)
  ) u_ram (
      .clk_i,
      .we_i   (we_q),
      .waddr_i(waddr_q),
      .be_i   (be_q),
      .wdata_i(wdata_q),
      .re_i   (re_i),
      .raddr_i(addr_i[VecShift +: AddrBits]),
      .rdata_o(rdata)
  );

  always_ff @(posedge clk_i) begin
    fill_q <= fill_i;
    fill_q2 <= fill_q;
    fill_byte_q <= fill_byte_i;
    fill_byte_q2 <= fill_byte_q;
    part_q <= addr_i / MacsPerLane % ChunkParts;
    part_q2 <= part_q;
  end

  assign chunk_o = fill_q2 ? {MacsPerLane{fill_byte_q2}} :
                   rdata[part_q2 * MacsPerLane*8 +: MacsPerLane*8];
  assign unused = &{1'b0, waddr, addr_i, rst_ni};

  `TRINE_ASSERT(a_load_inside, !rst_ni || !load_valid_i || load_addr_i >> VecShift < RingWords)
  `TRINE_ASSERT(a_whole_bus_word, !rst_ni || !bus_we_i || bus_addr_i % BusBytes == 32'd0)
  `TRINE_ASSERT(a_whole_load_word, !rst_ni || !load_valid_i || load_addr_i % 4 == 32'd0)
  `TRINE_ASSERT(a_whole_chunk, !rst_ni || !re_i || fill_i || addr_i % MacsPerLane == 32'd0)

endmodule

`default_nettype wire
