// SPDX-License-Identifier: Apache-2.0
// trine_weight_buffer: the weights of a core, one word (all lanes' bytes of a chunk) a cycle.
//
// Banks of single-port RAMs, each as wide as the memory port with a write enable of its own: the
// beats of memory go into the banks of a word one after the other. In a cycle with we_i nothing is
// read. Addresses outside the buffer wrap; the sequencer and the program check them.
//
// cycle     0    1    2    3        latency of a read 2, one word a cycle
// re, addr  A    B    .    .
// word_o    .    .    A    B
`default_nettype none
`include "trine_assert.svh"

module trine_weight_buffer #(
    parameter int unsigned WordBytes = 64,  // Lanes * MacsPerLane, a multiple of MemBytes
    parameter int unsigned MemBytes = 8,    // bytes of a beat, power of two
    parameter int unsigned Words = 8192,    // weight words, >= 2
    localparam int unsigned Banks = WordBytes / MemBytes,
    localparam int unsigned BankBits = (Banks > 1) ? $clog2(Banks) : 1
) (
    input  wire logic                   clk_i,
    // Write: a beat of a word.
    input  wire logic                   we_i,
    input  wire logic [31:0]            waddr_i,
    input  wire logic [BankBits-1:0]    wbank_i,
    input  wire logic [MemBytes*8-1:0]  wdata_i,
    // Read: a word at an address in words.
    input  wire logic                   re_i,
    input  wire logic [31:0]            addr_i,
    output      logic [WordBytes*8-1:0] word_o
);

  localparam int unsigned AddrBits = $clog2(Words);

  `TRINE_CHECK_PARAM(gen_check_banks, WordBytes % MemBytes == 0)

  logic [AddrBits-1:0] addr;
  logic [Banks-1:0]    we;
  logic                unused;

  assign addr = we_i ? waddr_i[AddrBits-1:0] : addr_i[AddrBits-1:0];
  assign unused = &{1'b0, addr_i, waddr_i};

  for (genvar bank = 0; bank < Banks; bank++) begin : gen_bank
    assign we[bank] = we_i && 32'(wbank_i) == bank;
    trine_ram_1rw #(
        .Width(MemBytes * 8),
        .Depth(Words)
    ) u_ram (
        .clk_i,
        .we_i   (we[bank]),
        .re_i,
        .addr_i (addr),
        .wdata_i,
        .rdata_o(word_o[bank*MemBytes*8 +: MemBytes*8])
    );
  end

endmodule

`default_nettype wire
