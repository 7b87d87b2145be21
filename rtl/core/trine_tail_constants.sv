// SPDX-License-Identifier: Apache-2.0
// trine_tail_constants: what the tail needs of a context and what never changes from phase to
// phase, in the form of the words of its CONTEXT; a stage of the pipe finds it by the context of
// its beat.
//
// A word for each use, read without a clock. Written while the tail is empty.
//
// cycle    0    1
// we_i     A    .
// read     .    A
`default_nettype none
`include "trine_assert.svh"

module trine_tail_constants #(
    parameter int unsigned Contexts = 8  // 1..16
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    // Words of a CONTEXT, in any order; those that are not here are ignored.
    input  wire logic        we_i,
    input  wire logic [3:0]  ctx_i,
    input  wire logic [3:0]  word_i,
    input  wire logic [31:0] data_i,
    // By context: dense clamp, cell, output requantisation, zero point of h.
    input  wire logic [3:0]  clamp_ctx_i,
    output      logic [23:0] clamp_o,      // {zero_point, out_max, out_min}
    input  wire logic [3:0]  cell_ctx_i,
    output      logic [18:0] cell_o,       // {exponent, clip}: k + 15, 0..6; 0: off
    input  wire logic [3:0]  requant_ctx_i,
    output      logic [36:0] requant_o,    // {shift, multiplier}
    input  wire logic [3:0]  zero_ctx_i,
    output      logic [7:0]  zero_o
);

  // Words of a CONTEXT (docs/programmers_guide.md).
  localparam logic [3:0] WORD_SCALE = 4'd9;
  localparam logic [3:0] WORD_LIMITS = 4'd10;
  localparam logic [3:0] WORD_MULTIPLIER = 4'd11;
  localparam logic [3:0] WORD_SHIFT = 4'd12;
  localparam int unsigned Depth = (Contexts > 1) ? Contexts : 2;
  localparam int unsigned CtxBits = $clog2(Depth);

  `TRINE_CHECK_PARAM(gen_check_contexts, Contexts >= 1 && Contexts <= 16)

  logic [12:9]        we;
  logic [CtxBits-1:0] ctx;
  logic               unused;

  always_comb begin
    for (int w = 9; w <= 12; w++) we[w] = rst_ni && we_i && 32'(word_i) == w;
  end

  assign ctx = ctx_i[CtxBits-1:0];

  trine_ram_lut #(.Width(8), .Depth(Depth)) u_clamp_zero (
      .clk_i, .we_i(we[WORD_SCALE]), .waddr_i(ctx), .wdata_i(data_i[23:16]),
      .raddr_i(clamp_ctx_i[CtxBits-1:0]), .rdata_o(clamp_o[23:16])
  );
  trine_ram_lut #(.Width(16), .Depth(Depth)) u_limits (
      .clk_i, .we_i(we[WORD_LIMITS]), .waddr_i(ctx), .wdata_i(data_i[31:16]),
      .raddr_i(clamp_ctx_i[CtxBits-1:0]), .rdata_o(clamp_o[15:0])
  );
  trine_ram_lut #(.Width(3), .Depth(Depth)) u_exponent (
      .clk_i, .we_i(we[WORD_SCALE]), .waddr_i(ctx), .wdata_i(data_i[26:24]),
      .raddr_i(cell_ctx_i[CtxBits-1:0]), .rdata_o(cell_o[18:16])
  );
  trine_ram_lut #(.Width(16), .Depth(Depth)) u_clip (
      .clk_i, .we_i(we[WORD_LIMITS]), .waddr_i(ctx), .wdata_i(data_i[15:0]),
      .raddr_i(cell_ctx_i[CtxBits-1:0]), .rdata_o(cell_o[15:0])
  );
  trine_ram_lut #(.Width(31), .Depth(Depth)) u_multiplier (
      .clk_i, .we_i(we[WORD_MULTIPLIER]), .waddr_i(ctx), .wdata_i(data_i[30:0]),
      .raddr_i(requant_ctx_i[CtxBits-1:0]), .rdata_o(requant_o[30:0])
  );
  trine_ram_lut #(.Width(6), .Depth(Depth)) u_shift (
      .clk_i, .we_i(we[WORD_SHIFT]), .waddr_i(ctx), .wdata_i(data_i[5:0]),
      .raddr_i(requant_ctx_i[CtxBits-1:0]), .rdata_o(requant_o[36:31])
  );
  trine_ram_lut #(.Width(8), .Depth(Depth)) u_zero (
      .clk_i, .we_i(we[WORD_SCALE]), .waddr_i(ctx), .wdata_i(data_i[23:16]),
      .raddr_i(zero_ctx_i[CtxBits-1:0]), .rdata_o(zero_o)
  );

  assign unused = &{1'b0, ctx_i, clamp_ctx_i, cell_ctx_i, requant_ctx_i, zero_ctx_i, data_i};

  // Words that are not here are ignored, whatever they name.
  `TRINE_ASSERT(a_context_there, !rst_ni || !we_i || word_i < WORD_SCALE || word_i > WORD_SHIFT
                || {1'b0, ctx_i} < 5'(Contexts))

endmodule

`default_nettype wire
