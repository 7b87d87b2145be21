// SPDX-License-Identifier: Apache-2.0
// trine_tail_issue: cuts the groups of accumulators into beats of TailRows rows and starts each
// beat when it may run; behind it the pipe never stalls.
//
// A beat waits for its group; a beat that completes a bus word waits for a word credit; a beat of
// an h part waits until the x part of the same rows was issued PRE_DISTANCE cycles ago. One beat a
// cycle, without a gap between groups and phases.
//
// cycle        0    1    2        Lanes / TailRows = 2
// acc FIFO     A    A    B
// param_re_o   1    1    1        address of beat A0, A1, B0
// beat_o       .    A0   A1
// acc_pop_o    .    .    1        group A has left the FIFO
`default_nettype none
`include "trine_assert.svh"

module trine_tail_issue #(
    parameter int unsigned Lanes = 8,         // multiple of 4
    parameter int unsigned TailRows = 4,      // 1, 2 or 4
    parameter int unsigned BusBytes = 8,      // power of two, multiple of TailRows
    parameter int unsigned ParamBeats = 2048,
    parameter int unsigned PreUnits = 2048,
    parameter int unsigned StateUnits = 4096,
    parameter int unsigned AccSlots = 8,      // power of two
    parameter int unsigned WordCredits = 16,
    localparam int unsigned TagBits = $clog2(trine_pkg::TAIL_TAGS)
) (
    input  wire logic                   clk_i,
    input  wire logic                   rst_ni,
    input  wire logic                   flush_i,
    // Next phase.
    input  wire logic                   phase_valid_i,
    output      logic                   phase_take_o,
    input  wire logic [TagBits-1:0]     phase_tag_i,
    input  wire trine_pkg::phase_t      phase_i,
    // Groups.
    input  wire logic                   acc_valid_i,
    input  wire logic [Lanes*32-1:0]    acc_i,
    output      logic                   acc_pop_o,
    // A bus word has left the queue.
    input  wire logic                   word_credit_i,
    // Parameters of the beat that shows on beat_o one cycle later.
    output      logic                   param_re_o,
    output      logic [15:0]            param_addr_o,
    // Beats.
    output      logic                   beat_valid_o,
    output      trine_pkg::beat_t       beat_o,
    output      logic [TailRows*32-1:0] rows_o,
    // Status.
    output      logic                   stall_bus_o,
    output      logic                   overrun_o,
    output      logic                   busy_o
);

  localparam int unsigned Beats = Lanes / TailRows;
  localparam int unsigned SubBeats = 4 / TailRows;
  localparam int unsigned BeatBits = (Beats > 1) ? $clog2(Beats) : 1;
  localparam int unsigned CreditBits = $clog2(WordCredits) + 1;
  localparam int unsigned ByteBits = $clog2(BusBytes);
  // Cycles from the issue of an x part's beat to that of the h part's beat that reads it: the pipe
  // writes a pre-activation PRE_DISTANCE - 1 cycles after the stage in which another beat reads.
  localparam int unsigned PRE_DISTANCE = 4;
  localparam int unsigned Recent = PRE_DISTANCE - 1;

  `TRINE_CHECK_PARAM(gen_check_lanes, Lanes >= 4 && Lanes % 4 == 0)
  `TRINE_CHECK_PARAM(gen_check_rows, TailRows == 1 || TailRows == 2 || TailRows == 4)
  `TRINE_CHECK_PARAM(gen_check_bus, BusBytes % TailRows == 0)

  logic                      acc_room, acc_ready, acc_waiting;
  logic [Lanes*32-1:0]       acc;
  logic [$clog2(AccSlots):0] acc_count;

  // The phase being issued.
  logic                  run_q, dense_q, h_part_q;
  logic [TagBits-1:0]    tag_q;
  logic [15:0]           groups_q, left_q, place_q, param_q, pre_q, state_q;
  logic [BeatBits-1:0]   beat_q;
  logic [CreditBits-1:0] credits_q;
  // Beats of x parts issued in the last cycles, the latest lowest.
  logic [Recent-1:0]     recent_q;
  logic [Recent*18-1:0]  recent_addr_q;

  logic [1:0]            sub;
  logic                  group_end, phase_end, unit_end, live, last_place, complete;
  logic                  param_bad, pre_bad, state_bad, early, may, fire, unused;
  logic [1:0]            more;
  logic [15:0]           stride;
  trine_pkg::beat_t      beat;

  trine_fifo #(.Width(Lanes * 32), .Depth(AccSlots)) u_groups (
      .clk_i, .rst_ni, .flush_i, .valid_i(acc_valid_i), .ready_o(acc_room), .data_i(acc_i),
      .valid_o(acc_waiting), .ready_i(acc_ready), .data_o(acc), .count_o(acc_count)
  );

  assign sub = 2'(32'(beat_q) % SubBeats);
  assign group_end = 32'(beat_q) == Beats - 1;
  assign phase_end = group_end && groups_q == 16'd1;
  assign unit_end = dense_q || 32'(sub) == SubBeats - 1;
  assign stride = dense_q ? 16'(TailRows) : 16'd1;
  assign live = left_q != 16'd0;
  assign last_place = left_q <= stride
                      || 32'(place_q[ByteBits-1:0]) + 32'(stride) == BusBytes;
  assign complete = live && unit_end && (dense_q || h_part_q) && last_place;
  assign param_bad = live && 32'(param_q) >= ParamBeats;
  assign pre_bad = live && !dense_q && 32'(pre_q) >= PreUnits;
  assign state_bad = live && !dense_q && h_part_q && 32'(state_q) >= StateUnits;

  always_comb begin
    early = 1'b0;
    for (int i = 0; i < Recent; i++) begin
      if (recent_q[i] && recent_addr_q[i*18 +: 18] == {pre_q, sub}) early = h_part_q;
    end
  end

  assign may = run_q && acc_waiting && !early;
  assign fire = may && (!complete || credits_q != '0);
  assign acc_ready = fire && group_end;
  assign phase_take_o = phase_valid_i && (!run_q || (fire && phase_end));
  assign stall_bus_o = may && complete && credits_q == '0;
  assign busy_o = acc_count != '0;
  assign param_re_o = fire;
  assign param_addr_o = param_q;
  assign unused = &{1'b0, acc_room, phase_i};

  always_comb begin
    more = 2'd0;
    for (int r = 1; r < TailRows; r++) more = more + 2'(32'(left_q) > r);
    beat = '0;
    beat.tag = tag_q;
    beat.dense = dense_q;
    beat.h_part = h_part_q;
    beat.live = live;
    beat.unit_end = unit_end;
    beat.phase_end = phase_end;
    beat.complete = complete;
    beat.write = live && !dense_q && (h_part_q ? unit_end && !state_bad : !pre_bad);
    beat.sub = sub;
    beat.more = more;
    beat.place = place_q;
    beat.pre_addr = pre_q;
    beat.state_addr = state_q;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      run_q <= 1'b0;
      credits_q <= CreditBits'(WordCredits);
      recent_q <= '0;
      beat_valid_o <= 1'b0;
      acc_pop_o <= 1'b0;
      overrun_o <= 1'b0;
    end else begin
      if (phase_take_o) run_q <= 1'b1;
      else if (fire && phase_end) run_q <= 1'b0;
      credits_q <= credits_q + CreditBits'(word_credit_i) - CreditBits'(fire && complete);
      recent_q <= {recent_q[Recent-2:0], fire && !dense_q && !h_part_q};
      beat_valid_o <= fire;
      acc_pop_o <= acc_ready;
      overrun_o <= fire && (param_bad || pre_bad || state_bad);
    end
  end

  always_ff @(posedge clk_i) begin
    if (phase_take_o) begin
      dense_q <= phase_i.dense;
      h_part_q <= phase_i.h_part && !phase_i.dense;
      tag_q <= phase_tag_i;
      groups_q <= phase_i.groups;
      left_q <= phase_i.units;
      place_q <= phase_i.first_unit;
      param_q <= phase_i.param_base;
      pre_q <= phase_i.pre_base;
      state_q <= phase_i.state_addr;
      beat_q <= '0;
    end else if (fire) begin
      beat_q <= group_end ? '0 : beat_q + 1'b1;
      param_q <= param_q + 16'd1;
      if (group_end) groups_q <= groups_q - 16'd1;
      if (unit_end) begin
        left_q <= (left_q <= stride) ? 16'd0 : left_q - stride;
        place_q <= place_q + stride;
        pre_q <= pre_q + 16'd1;
        state_q <= state_q + 16'd1;
      end
    end
    recent_addr_q <= {recent_addr_q[(Recent-1)*18-1:0], pre_q, sub};
  end

  // Not with fire: it comes late, and beat_valid_o says what counts.
  always_ff @(posedge clk_i) begin
    if (run_q) begin
      beat_o <= beat;
      rows_o <= acc[32'(beat_q) * TailRows * 32 +: TailRows * 32];
    end
  end

  `TRINE_ASSERT(a_groups_fit, !rst_ni || flush_i || !acc_valid_i || acc_room)
  `TRINE_ASSERT(a_credits_bounded, !rst_ni || flush_i || credits_q <= CreditBits'(WordCredits))

endmodule

`default_nettype wire
