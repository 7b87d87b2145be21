// SPDX-License-Identifier: Apache-2.0
// trine_tail_rows: from accumulators to pre-activations (LSTM) or output bytes (dense): TailRows
// rows a beat, one beat a cycle.
//
// Holds the parameter buffer and the pre-activations of the x parts. x part: pre = sat16(r),
// stored. h part: pre = sat16(stored + sat16(r)), with Cmsis = 1 sat16(stored + r). Dense: clamp(r
// + zero_point). Stages are counted from the beat's issue (cycle 0, outside).
//
// cycle       0     1     2     3     10    11    12
// param_re_i  A     .     .     .     .     .     .
// beat_i      .     A     .     .     .     .     .
// parameters  .     .     A     .     .     .     .
// biased      .     .     .     A     .     .     .
// requantised .     .     .     .     A     .     .     pre-activation read in cycle 8
// pre_o       .     .     .     .     .     A     .     x part: written at the end of this cycle
// bytes_o     .     .     .     .     .     .     A     dense; rows that do not exist are 0
`default_nettype none
`include "trine_assert.svh"

module trine_tail_rows #(
    parameter int unsigned TailRows = 4,
    parameter int unsigned ParamBeats = 2048,
    parameter int unsigned PreUnits = 2048,
    parameter int unsigned Cmsis = 0,
    localparam int unsigned PreAddrBits = $clog2(PreUnits * 4 / TailRows)
) (
    input  wire logic                             clk_i,
    input  wire logic                             rst_ni,
    input  wire logic                             flush_i,
    // Parameter read of the beat that comes one cycle later.
    input  wire logic                             param_re_i,
    input  wire logic [15:0]                      param_addr_i,
    // Beats.
    input  wire logic                             beat_valid_i,
    input  wire trine_pkg::beat_t                 beat_i,
    input  wire logic [PreAddrBits-1:0]           pre_addr_i,
    input  wire logic [TailRows*32-1:0]           rows_i,
    // Parameter write, one row.
    input  wire logic                             param_we_i,
    input  wire logic [15:0]                      param_row_i,
    input  wire logic [trine_pkg::PARAM_BITS-1:0] param_data_i,
    // Dense clamp by context: {zero_point, out_max, out_min}.
    output      logic [3:0]                       clamp_ctx_o,
    input  wire logic [23:0]                      clamp_i,
    // Cycle 11.
    output      logic                             valid_o,
    output      trine_pkg::beat_t                 beat_o,
    output      logic [TailRows*16-1:0]           pre_o,
    // Cycle 12.
    output      logic [TailRows*8-1:0]            bytes_o
);

  // With Cmsis = 1 a sum is saturated to 16 bits after an int16 was added: 17 bits decide it.
  localparam int unsigned ResultBits = 16 + Cmsis;
  localparam int unsigned SubBeats = 4 / TailRows;
  localparam int unsigned ParamAddrBits = $clog2(ParamBeats);
  localparam int unsigned BeatBits = $bits(beat_i);

  logic [11:2]                               valid_q;
  trine_pkg::beat_t                          beat_q8, beat_q10;
  logic [TailRows*32-1:0]                    rows_q2;
  logic [TailRows*trine_pkg::PARAM_BITS-1:0] params;
  logic [TailRows-1:0]                       param_be;
  logic [TailRows*16-1:0]                    stored, pre_q11;
  logic [PreAddrBits-1:0]                    pre_waddr, pre_raddr;
  logic                                      pre_re, pre_we, clamp, unused;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) valid_q <= '0;
    else valid_q <= {valid_q[10:2], beat_valid_i};
    if (beat_valid_i) rows_q2 <= rows_i;
  end

  trine_delay #(.Width(BeatBits), .Cycles(7)) u_beat8 (
      .clk_i, .rst_ni, .data_i(beat_i), .data_o(beat_q8)
  );
  trine_delay #(.Width(BeatBits), .Cycles(2)) u_beat10 (
      .clk_i, .rst_ni, .data_i(beat_q8), .data_o(beat_q10)
  );
  trine_delay #(.Width(PreAddrBits), .Cycles(7)) u_pre8 (
      .clk_i, .rst_ni, .data_i(pre_addr_i), .data_o(pre_raddr)
  );
  trine_delay #(.Width(PreAddrBits), .Cycles(3)) u_pre11 (
      .clk_i, .rst_ni, .data_i(pre_raddr), .data_o(pre_waddr)
  );
  always_ff @(posedge clk_i) beat_o <= beat_q10;

  for (genvar row = 0; row < TailRows; row++) begin : gen_param_be
    assign param_be[row] = 32'(param_row_i) % TailRows == row;
  end

  trine_ram_1r1w #(
      .Width(TailRows * trine_pkg::PARAM_BITS), .Depth(ParamBeats),
      .WriteBits(trine_pkg::PARAM_BITS)
  ) u_params (
      .clk_i,
      .we_i   (param_we_i),
      .waddr_i(ParamAddrBits'(32'(param_row_i) / TailRows)),
      .be_i   (param_be),
      .wdata_i({TailRows{param_data_i}}),
      .re_i   (param_re_i),
      .raddr_i(param_addr_i[ParamAddrBits-1:0]),
      .rdata_o(params)
  );

  assign pre_re = valid_q[8] && beat_q8.second;
  assign pre_we = valid_q[11] && beat_o.write && !beat_o.second;
  // A word a beat, not a unit: a beat never reads what another is writing (trine_tail_issue), but
  // it may read its rows of a unit while other rows of it are written.

  trine_ram_1r1w #(
      .Width(TailRows * 16), .Depth(PreUnits * SubBeats), .WriteBits(TailRows * 16)
  ) u_pre (
      .clk_i,
      .we_i   (pre_we),
      .waddr_i(pre_waddr),
      .be_i   (1'b1),
      .wdata_i(pre_q11),
      .re_i   (pre_re),
      .raddr_i(pre_raddr),
      .rdata_o(stored)
  );

  `TRINE_ASSERT(a_pre_apart, !rst_ni || !pre_re || !pre_we || pre_waddr != pre_raddr)

  assign clamp_ctx_o = beat_q10.ctx;
  assign clamp = valid_q[10] && beat_q10.dense;

  logic signed [7:0] zero_point;
  logic [15:0]       limits_q11;
  logic              clamp_q11;

  assign zero_point = clamp_i[23:16];

  always_ff @(posedge clk_i) begin
    clamp_q11 <= clamp;
    if (clamp) limits_q11 <= clamp_i[15:0];
  end

  for (genvar row = 0; row < TailRows; row++) begin : gen_row
    logic [trine_pkg::PARAM_BITS-1:0] param;
    logic signed [31:0]               biased_q3;
    logic signed [ResultBits-1:0]     result;
    logic [30:0]                      multiplier_q3;
    logic [5:0]                       shift_q3;
    logic                             unused_bits;
    logic signed [15:0]               old, row_pre_q11;
    logic signed [17:0]               sum, shifted_q11;
    logic [7:0]                       byte_q12;

    assign param = params[row*trine_pkg::PARAM_BITS +: trine_pkg::PARAM_BITS];
    assign unused_bits = &{1'b0, param[trine_pkg::PARAM_BITS-1:69]};

    always_ff @(posedge clk_i) begin
      if (valid_q[2]) begin
        biased_q3 <= rows_q2[row*32 +: 32] + param[31:0];
        multiplier_q3 <= param[62:32];
        shift_q3 <= param[68:63];
      end
    end

    trine_requantiser #(.Bits(ResultBits)) u_requantiser (
        .clk_i, .rst_ni, .valid_i(valid_q[3]), .acc_i(biased_q3),
        .multiplier_i(multiplier_q3), .shift_i(shift_q3), .result_o(result)
    );

    assign old = stored[row*16 +: 16];
    assign sum = beat_q10.second ? 18'(result) + 18'(old) : 18'(result);

    always_ff @(posedge clk_i) begin
      if (valid_q[10]) row_pre_q11 <= trine_pkg::sat16(sum);
      if (clamp) shifted_q11 <= 18'(result) + 18'(zero_point);
      if (clamp_q11) begin
        byte_q12 <= 32'(beat_o.part) + 1 > row
                    ? trine_pkg::clamp8(shifted_q11, limits_q11[7:0], limits_q11[15:8]) : 8'd0;
      end
    end

    assign pre_q11[row*16 +: 16] = row_pre_q11;
    assign bytes_o[row*8 +: 8] = byte_q12;
  end

  assign valid_o = valid_q[11];
  assign pre_o = pre_q11;
  assign unused = &{1'b0, params, param_addr_i, param_row_i, beat_q8, beat_q10, beat_o};

endmodule

`default_nettype wire
