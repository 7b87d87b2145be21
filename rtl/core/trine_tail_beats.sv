// SPDX-License-Identifier: Apache-2.0
// trine_tail_beats: walks the phases and says of each beat, ahead of its accumulators, all that
// does not depend on them: which rows, where their parameters, pre-activations and states are,
// whether a bus word ends.
//
// One beat a cycle into a queue of two, without a gap between phases. A phase is here long before
// its first accumulators (they come out of the MAC array), so the queue costs no cycle.
//
// cycle          0    1    2    3       Lanes / TailRows = 2, one group a phase
// phase_take_o   A    .    B    .
// beat walked    .    A0   A1   B0
// beat_o         .    .    A0   A1      if beat_take_i takes A0 in cycle 2
`default_nettype none
`include "trine_assert.svh"

module trine_tail_beats #(
    parameter int unsigned Lanes = 8,         // multiple of 4
    parameter int unsigned TailRows = 4,      // 1, 2 or 4
    parameter int unsigned BusBytes = 8,      // power of two, multiple of TailRows
    parameter int unsigned ParamBeats = 2048,
    parameter int unsigned PreUnits = 2048,
    parameter int unsigned StateUnits = 4096,
    localparam int unsigned Beats = Lanes / TailRows,
    localparam int unsigned IndexBits = (Beats > 1) ? $clog2(Beats) : 1,
    localparam int unsigned PreBits = $clog2(PreUnits * 4 / TailRows) + 1
) (
    input  wire logic                 clk_i,
    input  wire logic                 rst_ni,
    input  wire logic                 flush_i,
    // Next phase.
    input  wire logic                 phase_valid_i,
    output      logic                 phase_take_o,
    input  wire trine_pkg::phase_t    phase_i,
    // Next beat.
    output      logic                 beat_valid_o,
    input  wire logic                 beat_take_i,
    output      trine_pkg::beat_t     beat_o,
    output      logic [15:0]          param_addr_o,
    output      logic [PreBits-1:0]   pre_addr_o,   // a word a beat; past the end if its MSB is set
    output      logic [IndexBits-1:0] index_o,      // in its group
    output      logic                 group_end_o,
    output      logic                 overrun_o     // an address is past the end of its buffer
);

  localparam int unsigned SubBeats = 4 / TailRows;
  localparam int unsigned ByteBits = $clog2(BusBytes);
  localparam int unsigned SubBits = (TailRows == 4) ? 0 : (TailRows == 2) ? 1 : 2;
  localparam int unsigned ParamBits = $clog2(ParamBeats) + 1;
  localparam int unsigned StateBits = $clog2(StateUnits) + 1;
  localparam int unsigned RecordBits = $bits(beat_o) + 16 + PreBits + IndexBits + 2;

  `TRINE_CHECK_PARAM(gen_check_lanes, Lanes >= 4 && Lanes % 4 == 0)
  `TRINE_CHECK_PARAM(gen_check_rows, TailRows == 1 || TailRows == 2 || TailRows == 4)
  `TRINE_CHECK_PARAM(gen_check_bus, BusBytes % TailRows == 0)

  // The phase being walked. Addresses have one bit more than their buffers: once it is set, or a
  // base was even further, the address is past the end and stays so.
  logic                  run_q;
  trine_pkg::beat_t      phase_q;
  logic [15:0]           groups_q, left_q, place_q;
  logic [ParamBits-1:0]  param_q;
  logic [PreBits-1:0]    pre_q;
  logic [StateBits-1:0]  state_q;
  logic                  param_far_q, pre_far_q, state_far_q;
  logic [IndexBits-1:0]  index_q;

  logic                  room, step, group_end, phase_end, unit_end, live, last_place, unused;
  logic                  param_past, pre_past, state_past, pre_bad, state_bad;
  logic [1:0]            sub, more;
  logic [1:0]            beats_waiting;
  logic [15:0]           stride;
  logic [17:0]           pre_base;
  trine_pkg::beat_t      beat;
  logic [RecordBits-1:0] record, next_record;

  assign sub = 2'(32'(index_q) % SubBeats);
  assign group_end = 32'(index_q) == Beats - 1;
  assign phase_end = group_end && groups_q == 16'd1;
  assign unit_end = phase_q.dense || 32'(sub) == SubBeats - 1;
  assign stride = phase_q.dense ? 16'(TailRows) : 16'd1;
  assign live = left_q != 16'd0;
  assign last_place = left_q <= stride
                      || 32'(place_q[ByteBits-1:0]) + 32'(stride) == BusBytes;
  assign param_past = param_far_q || param_q[ParamBits-1];
  assign pre_past = pre_far_q || pre_q[PreBits-1];
  assign state_past = state_far_q || state_q[StateBits-1];
  assign pre_bad = live && !phase_q.dense && pre_past;
  assign state_bad = live && phase_q.second && state_past;
  assign pre_base = 18'(phase_i.pre_base) << SubBits;

  assign step = run_q && room;
  assign phase_take_o = phase_valid_i && (!run_q || (step && phase_end));
  assign unused = &{1'b0, phase_i, phase_q, beats_waiting};

  always_comb begin
    more = 2'd0;
    for (int r = 1; r < TailRows; r++) more = more + 2'(32'(left_q) > r);
    beat = phase_q;
    beat.live = live;
    beat.unit_end = unit_end;
    beat.phase_end = phase_end;
    beat.complete = live && unit_end && (phase_q.dense || phase_q.second) && last_place;
    beat.write = live && !phase_q.dense && (phase_q.second ? unit_end && !state_bad : !pre_bad);
    beat.part = phase_q.dense ? more : sub;
    beat.place = place_q;
    beat.state_addr = 16'(state_q);
  end

  assign record = {beat, 16'(param_q), pre_q, index_q, group_end,
                   (live && param_past) || pre_bad || state_bad};

  trine_fifo #(.Width(RecordBits), .Depth(2), .Registered(1)) u_beats (
      .clk_i, .rst_ni, .flush_i, .valid_i(run_q), .ready_o(room), .data_i(record),
      .valid_o(beat_valid_o), .ready_i(beat_take_i), .data_o(next_record),
      .count_o(beats_waiting)
  );

  assign {beat_o, param_addr_o, pre_addr_o, index_o, group_end_o, overrun_o} = next_record;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) run_q <= 1'b0;
    else if (phase_take_o) run_q <= 1'b1;
    else if (step && phase_end) run_q <= 1'b0;
  end

  always_ff @(posedge clk_i) begin
    if (phase_take_o) begin
      phase_q <= '0;
      phase_q.dense <= phase_i.dense;
      phase_q.second <= phase_i.second && !phase_i.dense;
      phase_q.use_cell <= phase_i.use_cell;
      phase_q.first <= phase_i.first;
      phase_q.last <= phase_i.last;
      phase_q.ctx <= phase_i.ctx;
      phase_q.channel <= phase_i.channel;
      phase_q.slot <= phase_i.slot;
      groups_q <= phase_i.groups;
      left_q <= phase_i.units;
      place_q <= phase_i.first_unit;
      param_q <= ParamBits'(phase_i.param_base);
      param_far_q <= 32'(phase_i.param_base) >> ParamBits != 32'd0;
      pre_q <= PreBits'(pre_base);
      pre_far_q <= 32'(pre_base) >> PreBits != 32'd0;
      state_q <= StateBits'(phase_i.state_addr);
      state_far_q <= 32'(phase_i.state_addr) >> StateBits != 32'd0;
      index_q <= '0;
    end else if (step) begin
      index_q <= group_end ? '0 : index_q + 1'b1;
      param_q <= param_q + 1'b1;
      param_far_q <= param_past;
      pre_q <= pre_q + 1'b1;
      pre_far_q <= pre_past;
      if (group_end) groups_q <= groups_q - 16'd1;
      if (unit_end) begin
        left_q <= (left_q <= stride) ? 16'd0 : left_q - stride;
        place_q <= place_q + stride;
        state_q <= state_q + 1'b1;
        state_far_q <= state_past;
      end
    end
  end

  `TRINE_ASSERT(a_phase_has_rows,
      !rst_ni || flush_i || !phase_take_o || (phase_i.groups != '0 && phase_i.units != '0))
  `TRINE_ASSERT(a_all_units_walked,
      !rst_ni || flush_i || !step || !phase_end || left_q <= stride)

endmodule

`default_nettype wire
