// SPDX-License-Identifier: Apache-2.0
// trine_tail: from accumulators to bus words: requantiser, pre-activations, gates, cell update,
// output bytes; TailRows rows a beat, one beat a cycle.
//
// Phases and groups are accepted ahead (2 * AccSlots phases, AccSlots groups), so a phase whose
// groups have credits never waits at the door; trine_tail_beats cuts a phase
// into beats, and trine_tail_issue issues them when group, word credit and pre-activations allow;
// from there to the word the pipe is of fixed length, TAIL_LATENCY, and never stalls. Program
// accesses to parameters and state only while busy_o is 0. After flush_i it is empty; buffers keep
// their contents.
//
// cycle         0    1    12   22   38   39      a unit whose byte completes a word
// beat issued   A    .    .    .    .    .
// pre-act.      .    .    A    .    .    .       in the buffer (x part)
// cell          .    .    .    A    .    .       c(t)
// unit_valid    .    .    .    .    A    .       h(t); state written at the end of this cycle
// word_valid_o  .    .    .    .    .    A
`default_nettype none
`include "trine_assert.svh"

module trine_tail #(
    parameter int unsigned Contexts = 8,
    parameter int unsigned Lanes = 8,          // multiple of 4
    parameter int unsigned TailRows = 4,       // 1, 2 or 4
    parameter int unsigned BusBytes = 8,       // power of two, multiple of TailRows
    parameter int unsigned ParamRows = 8192,   // multiple of TailRows
    parameter int unsigned PreUnits = 2048,
    parameter int unsigned StateUnits = 4096,
    parameter int unsigned AccSlots = 8,       // groups, power of two
    parameter int unsigned WordCredits = 16,   // words the queue behind has room for
    parameter int unsigned Cmsis = 0           // 1: the h part is not saturated before the add
) (
    input  wire logic                             clk_i,
    input  wire logic                             rst_ni,
    input  wire logic                             flush_i,
    // Phases.
    input  wire logic                             phase_valid_i,
    output      logic                             phase_ready_o,
    input  wire trine_pkg::phase_t                phase_i,
    // Groups.
    input  wire logic                             acc_valid_i,
    input  wire logic [Lanes*32-1:0]              acc_i,
    output      logic                             acc_pop_o,
    // Words.
    output      logic                             word_valid_o,
    output      logic [3:0]                       word_channel_o,
    output      logic [3:0]                       word_slot_o,
    output      logic [15:0]                      word_place_o,
    output      logic [BusBytes-1:0]              word_be_o,
    output      logic [BusBytes*8-1:0]            word_data_o,
    output      logic                             word_first_o,
    output      logic                             word_last_o,
    input  wire logic                             word_credit_i,
    // Status.
    output      logic                             stall_bus_o,
    output      logic                             busy_o,
    output      logic                             overrun_o,
    // Words of a CONTEXT.
    input  wire logic                             context_we_i,
    input  wire logic [3:0]                       context_number_i,
    input  wire logic [3:0]                       context_word_i,
    input  wire logic [31:0]                      context_data_i,
    // Parameters, for the program: {unused, shift, multiplier, bias}.
    input  wire logic                             param_we_i,
    input  wire logic [15:0]                      param_row_i,
    input  wire logic [trine_pkg::PARAM_BITS-1:0] param_data_i,
    // State, for the program: c in, {h, c} out two cycles later.
    input  wire logic                             forget_i,       // the core changes hands
    input  wire logic                             state_we_i,
    input  wire logic [15:0]                      state_waddr_i,
    input  wire logic [15:0]                      state_wdata_i,
    input  wire logic                             state_re_i,
    input  wire logic [15:0]                      state_raddr_i,
    output      logic [23:0]                      state_rdata_o
);

  localparam int unsigned IndexBits = (Lanes > TailRows) ? $clog2(Lanes / TailRows) : 1;
  localparam int unsigned ParamBeats = ParamRows / TailRows;

  `TRINE_CHECK_PARAM(gen_check_params, ParamRows % TailRows == 0)

  // Phases that are not retired: those that wait, the one being walked, and those in the pipe, each
  // of which issues a beat a cycle or less.
  localparam int unsigned PhaseSlots = 2 * AccSlots;
  localparam int unsigned InsideBits = $clog2(PhaseSlots + 64);
  localparam int unsigned PreBits = $clog2(PreUnits * 4 / TailRows) + 1;

  logic                    phase_push, phase_valid, phase_take, retire_q, groups_busy;
  logic [InsideBits-1:0]   inside_q;
  logic [$bits(phase_i)-1:0] phase_data;
  logic [$clog2(PhaseSlots):0] phases_waiting;
  trine_pkg::phase_t       phase;
  logic [3:0]              clamp_ctx, cell_ctx, requant_ctx, zero_ctx;
  logic [23:0]             clamp;
  logic [18:0]             cell_constants;
  logic [36:0]             requant;
  logic [7:0]              zero_point;
  logic                    param_re, beat_valid, pre_valid, end_valid, unit_valid, pack_valid;
  logic [15:0]             param_addr;
  logic                    next_valid, next_take, next_group_end, next_overrun;
  logic [15:0]             next_param;
  logic [PreBits-1:0]      next_pre, pre_addr;
  logic [IndexBits-1:0]    next_index;
  trine_pkg::beat_t        next_beat, beat, pre_beat, end_beat;
  logic [TailRows*32-1:0]  rows;
  logic [TailRows*16-1:0]  pre;
  logic [TailRows*8-1:0]   bytes, end_bytes;
  logic [7:0]              end_h;
  logic                    unused;

  assign phase_push = phase_valid_i && phase_ready_o;
  assign phase = phase_data;

  trine_fifo #(.Width($bits(phase_i)), .Depth(PhaseSlots)) u_phases (
      .clk_i, .rst_ni, .flush_i, .valid_i(phase_valid_i), .ready_o(phase_ready_o),
      .data_i(phase_i), .valid_o(phase_valid), .ready_i(phase_take), .data_o(phase_data),
      .count_o(phases_waiting)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) inside_q <= '0;
    else inside_q <= inside_q + InsideBits'(phase_push) - InsideBits'(retire_q);
  end

  trine_tail_constants #(.Contexts(Contexts)) u_constants (
      .clk_i, .rst_ni, .we_i(context_we_i), .ctx_i(context_number_i), .word_i(context_word_i),
      .data_i(context_data_i), .clamp_ctx_i(clamp_ctx), .clamp_o(clamp), .cell_ctx_i(cell_ctx),
      .cell_o(cell_constants), .requant_ctx_i(requant_ctx), .requant_o(requant),
      .zero_ctx_i(zero_ctx), .zero_o(zero_point)
  );

  trine_tail_beats #(
      .Lanes(Lanes), .TailRows(TailRows), .BusBytes(BusBytes), .ParamBeats(ParamBeats),
      .PreUnits(PreUnits), .StateUnits(StateUnits)
  ) u_beats (
      .clk_i, .rst_ni, .flush_i, .phase_valid_i(phase_valid), .phase_take_o(phase_take),
      .phase_i(phase), .beat_valid_o(next_valid), .beat_take_i(next_take), .beat_o(next_beat),
      .param_addr_o(next_param), .pre_addr_o(next_pre), .index_o(next_index),
      .group_end_o(next_group_end), .overrun_o(next_overrun)
  );

  trine_tail_issue #(
      .Lanes(Lanes), .TailRows(TailRows), .AccSlots(AccSlots), .WordCredits(WordCredits),
      .PreBits(PreBits)
  ) u_issue (
      .clk_i, .rst_ni, .flush_i, .next_valid_i(next_valid), .next_take_o(next_take),
      .next_i(next_beat), .next_param_i(next_param), .next_pre_i(next_pre),
      .next_index_i(next_index), .next_group_end_i(next_group_end),
      .next_overrun_i(next_overrun), .acc_valid_i, .acc_i,
      .acc_pop_o, .word_credit_i, .param_re_o(param_re), .param_addr_o(param_addr),
      .beat_valid_o(beat_valid), .beat_o(beat), .pre_addr_o(pre_addr), .rows_o(rows),
      .stall_bus_o, .overrun_o, .busy_o(groups_busy)
  );

  trine_tail_rows #(
      .TailRows(TailRows), .ParamBeats(ParamBeats), .PreUnits(PreUnits), .Cmsis(Cmsis)
  ) u_rows (
      .clk_i, .rst_ni, .flush_i, .param_re_i(param_re), .param_addr_i(param_addr),
      .beat_valid_i(beat_valid), .beat_i(beat), .pre_addr_i(pre_addr[PreBits-2:0]),
      .rows_i(rows), .param_we_i, .param_row_i, .param_data_i, .clamp_ctx_o(clamp_ctx),
      .clamp_i(clamp), .valid_o(pre_valid), .beat_o(pre_beat), .pre_o(pre), .bytes_o(bytes)
  );

  trine_tail_units #(.TailRows(TailRows), .StateUnits(StateUnits)) u_units (
      .clk_i, .rst_ni, .flush_i, .valid_i(pre_valid), .beat_i(pre_beat), .pre_i(pre),
      .bytes_i(bytes), .cell_ctx_o(cell_ctx), .cell_i(cell_constants),
      .requant_ctx_o(requant_ctx), .requant_i(requant), .zero_ctx_o(zero_ctx),
      .zero_i(zero_point),
      .forget_i, .state_we_i, .state_waddr_i, .state_wdata_i, .state_re_i, .state_raddr_i,
      .state_rdata_o,
      .valid_o(end_valid), .unit_valid_o(unit_valid), .beat_o(end_beat), .bytes_o(end_bytes),
      .h_o(end_h)
  );

  assign pack_valid = unit_valid || (end_valid && end_beat.dense && end_beat.live);

  trine_pack #(.TailRows(TailRows), .BusBytes(BusBytes)) u_pack (
      .clk_i, .rst_ni, .flush_i, .valid_i(pack_valid), .dense_i(end_beat.dense),
      .complete_i(end_beat.complete), .place_i(end_beat.place), .more_i(end_beat.part),
      .h_i(end_h), .bytes_i(end_bytes), .word_valid_o, .word_place_o, .word_be_o,
      .word_data_o
  );

  // The phase keeps the tail busy until its last word is at the output.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) retire_q <= 1'b0;
    else retire_q <= end_valid && end_beat.phase_end;
    if (pack_valid) begin
      {word_first_o, word_last_o} <= {end_beat.first, end_beat.last};
      {word_channel_o, word_slot_o} <= {end_beat.channel, end_beat.slot};
    end
  end

  assign busy_o = inside_q != '0 || groups_busy;

  assign unused = &{1'b0, end_beat, pre_addr, phases_waiting};

  `TRINE_ASSERT(a_retire_only_issued, !rst_ni || flush_i || !retire_q || inside_q != '0)
  `TRINE_ASSERT(a_set_up_empty, !rst_ni || flush_i || !context_we_i || !busy_o)

endmodule

`default_nettype wire
