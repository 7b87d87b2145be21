// SPDX-License-Identifier: Apache-2.0
// trine_tail_issue: starts each beat with its accumulators when it may run; behind it the pipe
// never stalls.
//
// A beat waits for its group; a beat that completes a bus word waits for a word credit; a beat of
// an h part waits until the x part of the same rows was issued PRE_DISTANCE cycles ago. One beat a
// cycle, without a gap between groups and phases.
//
// cycle        0    1    2        Lanes / TailRows = 2
// acc FIFO     A    A    B
// param_re_o   1    1    1        address of beat A0, A1, B0; also while a beat waits
// beat_o       .    A0   A1
// acc_pop_o    .    .    1        group A has left the FIFO
`default_nettype none
`include "trine_assert.svh"

module trine_tail_issue #(
    parameter int unsigned Lanes = 8,
    parameter int unsigned TailRows = 4,
    parameter int unsigned AccSlots = 8,      // power of two
    parameter int unsigned WordCredits = 16,
    parameter int unsigned PreBits = 12,      // of the address of a word of pre-activations
    localparam int unsigned Beats = Lanes / TailRows,
    localparam int unsigned IndexBits = (Beats > 1) ? $clog2(Beats) : 1
) (
    input  wire logic                   clk_i,
    input  wire logic                   rst_ni,
    input  wire logic                   flush_i,
    // Next beat, from trine_tail_beats.
    input  wire logic                   next_valid_i,
    output      logic                   next_take_o,
    input  wire trine_pkg::beat_t       next_i,
    input  wire logic [15:0]            next_param_i,
    input  wire logic [PreBits-1:0]     next_pre_i,
    input  wire logic [IndexBits-1:0]   next_index_i,
    input  wire logic                   next_group_end_i,
    input  wire logic                   next_overrun_i,
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
    output      logic [PreBits-1:0]     pre_addr_o,
    output      logic [TailRows*32-1:0] rows_o,
    // Status.
    output      logic                   stall_bus_o,
    output      logic                   overrun_o,
    output      logic                   busy_o
);

  localparam int unsigned CreditBits = $clog2(WordCredits) + 1;
  // Cycles from the issue of an x part's beat to that of the h part's beat that reads it: the pipe
  // writes a pre-activation PRE_DISTANCE - 1 cycles after the stage in which another beat reads.
  localparam int unsigned PRE_DISTANCE = 4;
  localparam int unsigned Recent = PRE_DISTANCE - 1;

  logic                      acc_room, acc_ready, acc_waiting;
  logic [Lanes*32-1:0]       acc;
  logic [$clog2(AccSlots):0] acc_count;
  logic [CreditBits-1:0]     credits_q;
  // Beats of x parts issued in the last cycles, the latest lowest.
  logic [Recent-1:0]         recent_q;
  logic [Recent*PreBits-1:0] recent_addr_q;
  logic                      early, may, fire, unused;

  trine_fifo #(.Width(Lanes * 32), .Depth(AccSlots)) u_groups (
      .clk_i, .rst_ni, .flush_i, .valid_i(acc_valid_i), .ready_o(acc_room), .data_i(acc_i),
      .valid_o(acc_waiting), .ready_i(acc_ready), .data_o(acc), .count_o(acc_count)
  );

  always_comb begin
    early = 1'b0;
    for (int i = 0; i < Recent; i++) begin
      if (recent_q[i] && recent_addr_q[i*PreBits +: PreBits] == next_pre_i) begin
        early = next_i.second;
      end
    end
  end

  assign may = next_valid_i && acc_waiting && !early;
  assign fire = may && (!next_i.complete || credits_q != '0);
  assign next_take_o = fire;
  assign acc_ready = fire && next_group_end_i;
  assign stall_bus_o = may && next_i.complete && credits_q == '0;
  assign busy_o = acc_count != '0;
  // Not with fire, as below: the parameters are far away, and reading them again costs nothing.
  assign param_re_o = next_valid_i;
  assign param_addr_o = next_param_i;
  assign unused = &{1'b0, acc_room};

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      credits_q <= CreditBits'(WordCredits);
      recent_q <= '0;
      beat_valid_o <= 1'b0;
      acc_pop_o <= 1'b0;
      overrun_o <= 1'b0;
    end else begin
      credits_q <= credits_q + CreditBits'(word_credit_i) - CreditBits'(fire && next_i.complete);
      recent_q <= {recent_q[Recent-2:0], fire && !next_i.dense && !next_i.second};
      beat_valid_o <= fire;
      acc_pop_o <= acc_ready;
      overrun_o <= fire && next_overrun_i;
    end
  end

  // Not with fire: it comes late, and beat_valid_o says what counts.
  always_ff @(posedge clk_i) begin
    recent_addr_q <= {recent_addr_q[(Recent-1)*PreBits-1:0], next_pre_i};
    if (next_valid_i) begin
      beat_o <= next_i;
      pre_addr_o <= next_pre_i;
      rows_o <= acc[32'(next_index_i) * TailRows * 32 +: TailRows * 32];
    end
  end

  `TRINE_ASSERT(a_groups_fit, !rst_ni || flush_i || !acc_valid_i || acc_room)
  `TRINE_ASSERT(a_credits_bounded, !rst_ni || flush_i || credits_q <= CreditBits'(WordCredits))

endmodule

`default_nettype wire
