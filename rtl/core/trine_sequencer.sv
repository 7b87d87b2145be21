// SPDX-License-Identifier: Apache-2.0
// trine_sequencer: walks the row groups and chunks of one phase after the other: one chunk a cycle
// to weight buffer, rings and MAC array, without a gap between phases when the next is known.
//
// A group starts only with a credit for a place in the tail's accumulator FIFO, and a phase only
// with a place in its phase FIFO; so the MAC array and the tail never stall what is on its way.
// The weight address only counts up within a phase. A phase that reads more of a vector than its
// channel has room for, or beyond the rings, is an overrun like one with weights outside. The slot
// a phase has read is released in the cycle of its last chunk.
//
// cycle        0        1        2        3        K = 2 chunks a group
// issue        g0 k0    g0 k1    g1 k0    g1 k1
// weights_o    .        .        g0 k0    g0 k1    (weight buffer and rings: latency 2)
// mac_first_o  .        .        1        0
// mac_last_o   .        .        0        1
`default_nettype none
`include "trine_assert.svh"

module trine_sequencer #(
    parameter int unsigned MacsPerLane = 8,
    parameter int unsigned WeightWords = 8192,
    parameter int unsigned VecBytes = 8,       // a word of the rings
    parameter int unsigned RingWords = 4096,
    parameter int unsigned AccSlots = 8,       // groups the tail can hold
    parameter int unsigned EntryBits = 6
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic                  flush_i,
    // The next phase.
    output      logic                  pick_window_o,
    input  wire logic                  next_valid_i,
    output      logic                  next_take_o,
    input  wire logic [15:0]           next_groups_i,
    input  wire logic [15:0]           next_chunks_i,
    input  wire logic [31:0]           next_weight_i,
    input  wire logic [15:0]           next_vec_i,      // word of the rings
    input  wire logic [15:0]           next_stride_i,   // ring words of a slot of its channel
    input  wire logic                  next_fill_i,
    input  wire logic [7:0]            next_fill_byte_i,
    input  wire logic                  next_free_i,
    input  wire logic [EntryBits-1:0]  next_entry_i,
    // Tail: phase FIFO and accumulator credits.
    output      logic                  phase_valid_o,
    input  wire logic                  phase_ready_i,
    input  wire logic                  acc_pop_i,
    // Weight buffer, rings, MAC array.
    output      logic                  issue_o,
    output      logic [31:0]           weight_addr_o,
    output      logic [31:0]           vec_addr_o,
    output      logic                  fill_o,
    output      logic [7:0]            fill_byte_o,
    output      logic                  mac_valid_o,
    output      logic                  mac_first_o,
    output      logic                  mac_last_o,
    // Release of the slot that was read.
    output      logic                  use_valid_o,
    output      logic [EntryBits-1:0]  use_entry_o,
    // Status.
    output      logic                  running_o,
    output      logic                  overrun_o,     // weights or vector outside their place
    output      logic [31:0]           overrun_addr_o // of the weights, or in the rings
);

  localparam int unsigned CreditBits = $clog2(AccSlots) + 1;
  localparam int unsigned ChunkShift = $clog2(VecBytes / MacsPerLane);
  localparam int unsigned ChunkBits = 16 + ChunkShift;    // chunks of the rings, as far as a field

  logic                  run_q, in_group_q, fill_q, free_q, beyond, long_q;
  logic [31:0]           slot_chunks;            // in chunks, as the next
  logic [ChunkBits:0]    vec_end_q;              // if there is a vector
  logic [15:0]           groups_q, chunks_q, left_q;
  logic [31:0]           weight_q;
  logic [ChunkBits-1:0]  vec_q, vec_base_q;
  logic [7:0]            fill_byte_q;
  logic [EntryBits-1:0]  entry_q;
  logic [CreditBits-1:0] credits_q, credits;
  // left_q, chunks_q and groups_q at 1, groups_q below 3, credits_q not 0: known in registers.
  logic                  left_one_q, chunks_one_q, groups_one_q, groups_few_q, credit_q;
  logic                  issue, group_start, group_end, phase_end;
  logic                  first_q, last_q, valid_q, first_q2, last_q2, valid_q2;

  assign issue = run_q && (in_group_q || credit_q);
  assign group_start = issue && !in_group_q;
  assign group_end = issue && left_one_q;
  assign phase_end = group_end && groups_one_q;
  assign slot_chunks = 32'(next_stride_i) << ChunkShift;
  assign credits = credits_q + CreditBits'(acc_pop_i) - CreditBits'(group_start);
  assign pick_window_o = !run_q || groups_few_q;
  assign next_take_o = next_valid_i && phase_ready_i && (!run_q || phase_end);
  assign phase_valid_o = next_valid_i && (!run_q || phase_end);

  assign issue_o = issue;
  assign weight_addr_o = weight_q;
  assign vec_addr_o = 32'(vec_q) * MacsPerLane;
  assign fill_o = fill_q;
  assign fill_byte_o = fill_byte_q;
  assign use_valid_o = phase_end && free_q;
  assign use_entry_o = entry_q;
  assign running_o = run_q;
  assign beyond = long_q || (!fill_q && 32'(vec_end_q) > 32'(RingWords) << ChunkShift);
  assign overrun_o = issue && (weight_q >= WeightWords || beyond);

  assign overrun_addr_o = beyond ? vec_addr_o : weight_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      run_q <= 1'b0;
      in_group_q <= 1'b0;
      credits_q <= CreditBits'(AccSlots);
      credit_q <= 1'b1;
    end else begin
      if (next_take_o) run_q <= 1'b1;
      else if (phase_end) run_q <= 1'b0;
      if (issue) in_group_q <= !group_end;
      credits_q <= credits;
      credit_q <= credits != '0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (next_take_o) begin
      groups_q <= next_groups_i;
      chunks_q <= next_chunks_i;
      left_q <= next_chunks_i;
      left_one_q <= next_chunks_i == 16'd1;
      chunks_one_q <= next_chunks_i == 16'd1;
      groups_one_q <= next_groups_i == 16'd1;
      groups_few_q <= next_groups_i <= 16'd2;
      weight_q <= next_weight_i;
      vec_q <= ChunkBits'(next_vec_i) << ChunkShift;
      vec_base_q <= ChunkBits'(next_vec_i) << ChunkShift;
      fill_q <= next_fill_i;
      long_q <= 32'(next_chunks_i) > slot_chunks;
      vec_end_q <= ((ChunkBits+1)'(next_vec_i) << ChunkShift) + (ChunkBits+1)'(next_chunks_i);
      fill_byte_q <= next_fill_byte_i;
      free_q <= next_free_i;
      entry_q <= next_entry_i;
    end else if (issue) begin
      weight_q <= weight_q + 32'd1;
      vec_q <= group_end ? vec_base_q : vec_q + 1'b1;
      left_q <= group_end ? chunks_q : left_q - 16'd1;
      left_one_q <= group_end ? chunks_one_q : left_q == 16'd2;
      if (group_end) begin
        groups_q <= groups_q - 16'd1;
        groups_one_q <= groups_q == 16'd2;
        groups_few_q <= groups_q <= 16'd3;
      end
    end
  end

  // Marks meet the data that come out of the RAMs.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      valid_q <= 1'b0;
      valid_q2 <= 1'b0;
    end else begin
      valid_q <= issue;
      valid_q2 <= valid_q;
    end
    first_q <= group_start;
    first_q2 <= first_q;
    last_q <= group_end;
    last_q2 <= last_q;
  end

  assign mac_valid_o = valid_q2;
  assign mac_first_o = first_q2;
  assign mac_last_o = last_q2;

  `TRINE_ASSERT(a_credits_bounded, !rst_ni || flush_i || credits_q <= CreditBits'(AccSlots))

endmodule

`default_nettype wire
