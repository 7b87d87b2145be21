// SPDX-License-Identifier: Apache-2.0
// trine_tail: from accumulators to bus words: requantiser, pre-activations, gates, cell update,
// output bytes; TailRows rows a beat, one beat a cycle.
//
// Phases and groups are accepted ahead (32 phases, AccSlots groups); trine_tail_beats cuts a phase
// into beats, and trine_tail_issue issues them when group, word credit and pre-activations allow;
// from there to the word the pipe is of fixed length, TAIL_LATENCY, and never stalls. Program
// accesses to parameters and state only while busy_o is 0. After flush_i it is empty; buffers keep
// their contents.
//
// cycle         0    1    12   22   38   39      a unit whose byte completes a word
// beat issued   A    .    .    .    .    .
// pre-act.      .    .    A    .    .    .       in the buffer (x part)
// cell          .    .    .    A    .    .       c(t)
// probe_o       .    .    .    .    A    .       h(t); state written at the end of this cycle
// word_valid_o  .    .    .    .    .    A
`default_nettype none
`include "trine_assert.svh"

module trine_tail #(
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
    // Parameters, for the program: {unused, shift, multiplier, bias}.
    input  wire logic                             param_we_i,
    input  wire logic [15:0]                      param_row_i,
    input  wire logic [trine_pkg::PARAM_BITS-1:0] param_data_i,
    // State, for the program: c in, {h, c} out two cycles later.
    input  wire logic                             state_we_i,
    input  wire logic [15:0]                      state_waddr_i,
    input  wire logic [15:0]                      state_wdata_i,
    input  wire logic                             state_re_i,
    input  wire logic [15:0]                      state_raddr_i,
    output      logic [23:0]                      state_rdata_o,
    // Each unit of an h part, for simulation; the unit is its place in the layer.
    output      logic                             probe_valid_o,
    output      logic [3:0]                       probe_ctx_o,
    output      logic [15:0]                      probe_unit_o,
    output      logic [63:0]                      probe_pre_o,
    output      logic [15:0]                      probe_cell_o,
    output      logic [7:0]                       probe_h_o,
    output      logic                             probe_first_o,
    output      logic                             probe_last_o
);

  localparam int unsigned TagBits = $clog2(trine_pkg::TAIL_TAGS);
  localparam int unsigned IndexBits = (Lanes > TailRows) ? $clog2(Lanes / TailRows) : 1;
  localparam int unsigned ParamBeats = ParamRows / TailRows;

  `TRINE_CHECK_PARAM(gen_check_params, ParamRows % TailRows == 0)

  logic                   issue_valid, issue_take, retire_q, phases_empty, groups_busy;
  logic [TagBits-1:0]     issue_tag, clamp_tag, cell_tag, requant_tag, word_tag;
  trine_pkg::phase_t      issue_phase;
  logic [23:0]            clamp;
  logic [19:0]            cell_constants;
  logic [36:0]            requant;
  logic [21:0]            word;
  logic                   param_re, beat_valid, pre_valid, end_valid, unit_valid, pack_valid;
  logic [15:0]            param_addr;
  logic                   next_valid, next_take, next_group_end, next_overrun;
  logic [15:0]            next_param;
  logic [IndexBits-1:0]   next_index;
  trine_pkg::beat_t       next_beat, beat, pre_beat, end_beat;
  logic [TailRows*32-1:0] rows;
  logic [TailRows*16-1:0] pre;
  logic [TailRows*8-1:0]  bytes, end_bytes;
  logic [13:0]            end_word, word_q;
  logic                   unused;

  trine_tail_phases #(.Tags(trine_pkg::TAIL_TAGS)) u_phases (
      .clk_i, .rst_ni, .flush_i, .phase_valid_i, .phase_ready_o, .phase_i,
      .issue_valid_o(issue_valid), .issue_take_i(issue_take), .issue_tag_o(issue_tag),
      .issue_phase_o(issue_phase), .clamp_tag_i(clamp_tag), .clamp_o(clamp),
      .cell_tag_i(cell_tag), .cell_o(cell_constants), .requant_tag_i(requant_tag),
      .requant_o(requant), .word_tag_i(word_tag), .word_o(word), .retire_i(retire_q),
      .empty_o(phases_empty)
  );

  trine_tail_beats #(
      .Lanes(Lanes), .TailRows(TailRows), .BusBytes(BusBytes), .ParamBeats(ParamBeats),
      .PreUnits(PreUnits), .StateUnits(StateUnits)
  ) u_beats (
      .clk_i, .rst_ni, .flush_i, .phase_valid_i(issue_valid), .phase_take_o(issue_take),
      .phase_tag_i(issue_tag), .phase_i(issue_phase), .beat_valid_o(next_valid),
      .beat_take_i(next_take), .beat_o(next_beat), .param_addr_o(next_param),
      .index_o(next_index), .group_end_o(next_group_end), .overrun_o(next_overrun)
  );

  trine_tail_issue #(
      .Lanes(Lanes), .TailRows(TailRows), .AccSlots(AccSlots), .WordCredits(WordCredits)
  ) u_issue (
      .clk_i, .rst_ni, .flush_i, .next_valid_i(next_valid), .next_take_o(next_take),
      .next_i(next_beat), .next_param_i(next_param), .next_index_i(next_index),
      .next_group_end_i(next_group_end), .next_overrun_i(next_overrun), .acc_valid_i, .acc_i,
      .acc_pop_o, .word_credit_i, .param_re_o(param_re), .param_addr_o(param_addr),
      .beat_valid_o(beat_valid), .beat_o(beat), .rows_o(rows), .stall_bus_o, .overrun_o,
      .busy_o(groups_busy)
  );

  trine_tail_rows #(
      .TailRows(TailRows), .ParamBeats(ParamBeats), .PreUnits(PreUnits), .Cmsis(Cmsis)
  ) u_rows (
      .clk_i, .rst_ni, .flush_i, .param_re_i(param_re), .param_addr_i(param_addr),
      .beat_valid_i(beat_valid), .beat_i(beat), .rows_i(rows), .param_we_i, .param_row_i,
      .param_data_i, .clamp_tag_o(clamp_tag), .clamp_i(clamp), .valid_o(pre_valid),
      .beat_o(pre_beat), .pre_o(pre), .bytes_o(bytes)
  );

  trine_tail_units #(.TailRows(TailRows), .StateUnits(StateUnits)) u_units (
      .clk_i, .rst_ni, .flush_i, .valid_i(pre_valid), .beat_i(pre_beat), .pre_i(pre),
      .bytes_i(bytes), .cell_tag_o(cell_tag), .cell_i(cell_constants),
      .requant_tag_o(requant_tag), .requant_i(requant), .word_tag_o(word_tag), .word_i(word),
      .state_we_i, .state_waddr_i, .state_wdata_i, .state_re_i, .state_raddr_i, .state_rdata_o,
      .valid_o(end_valid), .unit_valid_o(unit_valid), .beat_o(end_beat), .bytes_o(end_bytes),
      .h_o(probe_h_o), .cell_o(probe_cell_o), .pre_o(probe_pre_o), .word_o(end_word)
  );

  assign pack_valid = unit_valid || (end_valid && end_beat.dense && end_beat.live);

  trine_pack #(.TailRows(TailRows), .BusBytes(BusBytes)) u_pack (
      .clk_i, .rst_ni, .flush_i, .valid_i(pack_valid), .dense_i(end_beat.dense),
      .complete_i(end_beat.complete), .place_i(end_beat.place), .more_i(end_beat.more),
      .h_i(probe_h_o), .bytes_i(end_bytes), .word_valid_o, .word_place_o, .word_be_o,
      .word_data_o
  );

  // The phase keeps the tail busy until its last word is at the output.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) retire_q <= 1'b0;
    else retire_q <= end_valid && end_beat.phase_end;
    if (pack_valid) word_q <= end_word;
  end

  assign {word_first_o, word_last_o} = word_q[13:12];
  assign {word_channel_o, word_slot_o} = word_q[7:0];
  assign busy_o = !phases_empty || groups_busy;

  assign probe_valid_o = unit_valid;
  assign probe_unit_o = end_beat.place;
  assign {probe_first_o, probe_last_o, probe_ctx_o} = end_word[13:8];
  assign unused = &{1'b0, word_q[11:8], end_beat};

endmodule

`default_nettype wire
