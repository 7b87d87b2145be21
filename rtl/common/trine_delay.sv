// SPDX-License-Identifier: Apache-2.0
// trine_delay: data that come out a fixed number of cycles later.
//
// Long delays are a ring of lookup-table RAM of 16 words, or two, each behind one output register,
// which costs less to build and to simulate than a row of registers. Data are undefined until
// Cycles cycles after reset: the valid bit travels elsewhere.
//
// cycle    0    1    2    3        Cycles = 2
// data_i   A    B    .    .
// data_o   .    .    A    B
`default_nettype none
`include "trine_assert.svh"

module trine_delay #(
    parameter int unsigned Width = 8,   // bits
    parameter int unsigned Cycles = 4   // 1..34
) (
    input  wire logic             clk_i,
    input  wire logic             rst_ni,
    input  wire logic [Width-1:0] data_i,
    output      logic [Width-1:0] data_o
);

  `TRINE_CHECK_PARAM(gen_check_cycles, Cycles >= 1 && Cycles <= 34)

  if (Cycles < 4) begin : gen_registers
    logic [Width*Cycles-1:0] data_q;
    logic                    unused;
    assign unused = &{1'b0, rst_ni};
    assign data_o = data_q[(Cycles-1)*Width +: Width];
    always_ff @(posedge clk_i) data_q <= (Width*Cycles)'({data_q, data_i});
  end else if (Cycles > 17) begin : gen_pair
    logic [Width-1:0] half;
    trine_delay #(.Width(Width), .Cycles(17)) u_first (.clk_i, .rst_ni, .data_i, .data_o(half));
    trine_delay #(.Width(Width), .Cycles(Cycles - 17)) u_second (
        .clk_i, .rst_ni, .data_i(half), .data_o
    );
  end else begin : gen_ring
    localparam int unsigned AddrBits = $clog2(Cycles - 1);
    logic [AddrBits-1:0] addr_q;
    logic [Width-1:0]    oldest;

    // The word leaves its place in the cycle in which the place is written again.
    always_ff @(posedge clk_i) begin
      if (!rst_ni || addr_q == AddrBits'(Cycles - 2)) addr_q <= '0;
      else addr_q <= addr_q + 1'b1;
      data_o <= oldest;
    end

    trine_ram_lut #(
        .Width(Width),
        .Depth(Cycles - 1)
    ) u_ram (
        .clk_i,
        .we_i   (1'b1),
        .waddr_i(addr_q),
        .wdata_i(data_i),
        .raddr_i(addr_q),
        .rdata_o(oldest)
    );
  end

`ifdef FORMAL
  // What went in, and for how long (tests/formal/delay.cfg).
  localparam int unsigned AgeBits = $clog2(Cycles + 1);
  logic [Width*Cycles-1:0] past_q;
  logic [AgeBits-1:0]      age_q;
  logic                    begun_q = 1'b0;

  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    past_q <= (Width*Cycles)'({past_q, data_i});
    if (!rst_ni) age_q <= '0;
    else if (32'(age_q) != Cycles) age_q <= age_q + 1'b1;
    if (!begun_q) assume (!rst_ni);
  end

  `TRINE_ASSERT(a_delayed,
      !begun_q || !rst_ni || 32'(age_q) != Cycles || data_o == past_q[(Cycles-1)*Width +: Width])
`endif

endmodule

`default_nettype wire
