// SPDX-License-Identifier: Apache-2.0
// trine_fifo: first in, first out, in lookup-table RAM.
//
// One word in and one out a cycle, latency 1; full never takes a word, empty never gives one.
// valid_o and ready_o come from registers; data_o from the RAM at a registered address or, with
// Registered, from a register that holds the oldest word: for what decides much in its cycle.
// flush_i drops everything, the word offered in that cycle included.
//
// cycle     0    1    2    3
// in        A    B    .    .
// count_o   0    1    1    0        (taken at once)
// data_o    .    A    B    .
`default_nettype none
`include "trine_assert.svh"

module trine_fifo #(
    parameter int unsigned Width = 8,  // bits, >= 1
    parameter int unsigned Depth = 4,  // words, power of two, >= 2
    parameter int unsigned Registered = 0,
    localparam int unsigned AddrBits = $clog2(Depth)
) (
    input  wire logic              clk_i,
    input  wire logic              rst_ni,
    input  wire logic              flush_i,
    // In.
    input  wire logic              valid_i,
    output      logic              ready_o,
    input  wire logic [Width-1:0]  data_i,
    // Out.
    output      logic              valid_o,
    input  wire logic              ready_i,
    output      logic [Width-1:0]  data_o,
    output      logic [AddrBits:0] count_o  // words inside
);

  `TRINE_CHECK_PARAM(gen_check_depth, Depth >= 2 && Depth == (1 << AddrBits))

  logic [AddrBits-1:0] waddr_q, raddr_q;
  logic [AddrBits:0]   count_q;
  logic                some_q;   // count_q is not 0
  logic                push, pop, write, read;
  logic [Width-1:0]    word;

  assign ready_o = !count_q[AddrBits];
  assign valid_o = some_q;
  assign count_o = count_q;
  assign push = valid_i && ready_o;
  assign pop = valid_o && ready_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      waddr_q <= '0;
      raddr_q <= '0;
      count_q <= '0;
      some_q <= 1'b0;
    end else begin
      some_q <= push || (some_q && !(pop && count_q == (AddrBits + 1)'(1)));
      if (write) waddr_q <= waddr_q + 1'b1;
      if (read) raddr_q <= raddr_q + 1'b1;
      if (push && !pop) count_q <= count_q + 1'b1;
      else if (pop && !push) count_q <= count_q - 1'b1;
    end
  end

  trine_ram_lut #(
      .Width(Width),
      .Depth(Depth)
  ) u_ram (
      .clk_i,
      .we_i   (write),
      .waddr_i(waddr_q),
      .wdata_i(data_i),
      .raddr_i(raddr_q),
      .rdata_o(word)
  );

  if (Registered != 0) begin : gen_registered
    logic [Width-1:0] first_q;
    logic             load, behind;

    // The register has a word whenever there is one; a word goes past an empty RAM.
    assign behind = count_q[AddrBits:1] != '0;
    assign load = !valid_o || pop;
    assign read = load && behind;
    assign write = push && !(load && !behind);
    assign data_o = first_q;

    always_ff @(posedge clk_i) begin
      if (load) first_q <= behind ? word : data_i;
    end

    `TRINE_ASSERT(a_count_is_distance, !rst_ni
                  || waddr_q - raddr_q == count_q[AddrBits-1:0] - AddrBits'(valid_o))
  end else begin : gen_direct
    assign read = pop;
    assign write = push;
    assign data_o = word;

    `TRINE_ASSERT(a_count_is_distance, !rst_ni || waddr_q - raddr_q == count_q[AddrBits-1:0])
  end

  `TRINE_ASSERT(a_count_in_range, !rst_ni || count_q <= (AddrBits + 1)'(Depth))
  `TRINE_ASSERT(a_some, !rst_ni || some_q == (count_q != '0))

endmodule

`default_nettype wire
