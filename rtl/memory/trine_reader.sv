// SPDX-License-Identifier: Apache-2.0
// trine_reader: publishes rows of memory as vectors of a channel, one row a time step.
//
// A row is asked of memory only when its slot was claimed (all listeners have room) and its beats
// have a place here; several rows may be on their way, so memory latency is hidden as far as the
// listeners' slots and 32 beats go. Words leave in order, one a cycle. The slot counter runs on
// over sequences and starts until slot_reset_i. active_o from the cycle after cfg_valid_i
// until the last word has left. A row of `beats` memory beats gives `words` words, the rest of it
// is dropped.
//
// cycle          0      1      2      3 ..    n      n+1
// row (walker)   A      B      .      .
// claim, ready   A      .      B      .               a claim follows when all is asked for
// rd_valid_o     .      A      .      B
// rd_data        .      .      .      .       A.0    A.1
// word_valid_o   .      .      .      .       .      A.0
`default_nettype none
`include "trine_assert.svh"

module trine_reader #(
    parameter int unsigned MemBytes = 8,    // power of two
    parameter int unsigned BusBytes = 8,    // power of two, up to MemBytes
    parameter int unsigned XSlots = 4       // power of two, 2..16
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic                  flush_i,
    input  wire logic                  slot_reset_i,
    // Start, with all fields.
    input  wire logic                  cfg_valid_i,
    input  wire logic [3:0]            cfg_channel_i,
    input  wire logic [31:0]           cfg_base_i,
    input  wire logic [31:0]           cfg_stride_i,
    input  wire logic [15:0]           cfg_words_i,
    input  wire logic [15:0]           cfg_beats_i,
    input  wire logic [15:0]           cfg_entry_i,
    input  wire logic [15:0]           cfg_sequences_i,
    // Sequence table.
    output      logic                  table_req_o,
    output      logic [15:0]           table_index_o,
    input  wire logic                  table_rsp_i,
    input  wire logic [31:0]           table_offset_i,
    input  wire logic [30:0]           table_length_i,
    input  wire logic                  table_continue_i,
    // Flow table: room for (channel, slot) in the same cycle; the claim is made when ready.
    output      logic [3:0]            room_channel_o,
    output      logic [3:0]            room_slot_o,
    input  wire logic                  room_i,
    output      logic                  claim_o,
    input  wire logic                  claim_ready_i,
    // Memory port.
    output      logic                  rd_valid_o,
    input  wire logic                  rd_ready_i,
    output      logic [31:0]           rd_offset_o,
    output      logic [4:0]            rd_beats_o,
    input  wire logic                  rd_data_valid_i,
    input  wire logic [MemBytes*8-1:0] rd_data_i,
    // Words to the publisher.
    output      logic                  word_valid_o,
    input  wire logic                  word_ready_i,
    output      logic [3:0]            word_channel_o,
    output      logic [3:0]            word_slot_o,
    output      logic [15:0]           word_place_o,
    output      logic [BusBytes*8-1:0] word_data_o,
    output      logic                  word_first_o,
    output      logic                  word_last_o,
    // State.
    output      logic                  active_o,
    output      logic                  waiting_o,    // a claimed row waits for memory
    output      logic                  progress_o
);

  localparam int unsigned Beats = 32;    // own buffer
  localparam int unsigned Rows = 16;     // claimed, not yet sent
  localparam int unsigned MemShift = $clog2(MemBytes);
  localparam int unsigned Parts = MemBytes / BusBytes;
  localparam int unsigned PartBits = (Parts > 1) ? $clog2(Parts) : 1;
  localparam logic [15:0] Burst = 16'(trine_pkg::BURST_BEATS);

  `TRINE_CHECK_PARAM(gen_check_bus, BusBytes <= MemBytes)

  logic [3:0]  channel_q, slot_q, slot_next;
  logic [63:0] slots_q;   // the next slot of each channel: it may serve several in turn
  logic [15:0] words_q, beats_q;
  logic        row_valid, row_first, row_last, rows_active, claim;
  logic [31:0] row_offset;

  trine_row_walker u_rows (
      .clk_i,
      .rst_ni,
      .flush_i,
      .cfg_valid_i,
      .cfg_base_i,
      .cfg_stride_i,
      .cfg_entry_i,
      .cfg_sequences_i,
      .table_req_o,
      .table_index_o,
      .table_rsp_i,
      .table_offset_i,
      .table_length_i,
      .table_continue_i,
      .row_valid_o (row_valid),
      .row_take_i  (claim),
      .row_offset_o(row_offset),
      .row_first_o (row_first),
      .row_last_o  (row_last),
      .active_o    (rows_active)
  );

  always_ff @(posedge clk_i) begin
    if (cfg_valid_i) begin
      channel_q <= cfg_channel_i;
      words_q <= cfg_words_i;
      beats_q <= cfg_beats_i;
    end
  end

  // --- Claims and requests ---
  logic        heads_room, head_valid, head_first, head_last, head_pop;
  logic [3:0]  head_slot;
  logic [31:0] ask_offset_q;
  logic [15:0] ask_left_q;
  logic [4:0]  ask_beats;
  logic [5:0]  places_q;   // beats neither asked for nor held
  logic        ask_taken;
  logic        beat_pop;
  logic [$clog2(Rows):0] heads_count;

  assign ask_beats = (ask_left_q > Burst) ? Burst[4:0] : ask_left_q[4:0];
  assign rd_valid_o = ask_left_q != 16'd0 && places_q >= {1'b0, ask_beats};
  assign rd_offset_o = ask_offset_q;
  assign rd_beats_o = ask_beats;
  assign ask_taken = rd_valid_o && rd_ready_i;

  assign room_channel_o = channel_q;
  assign room_slot_o = slot_q;
  assign claim_o = row_valid && room_i && heads_room && ask_left_q == 16'd0 && !flush_i;
  assign claim = claim_o && claim_ready_i;

  assign slot_next = (slot_q + 4'd1) & 4'(XSlots - 1);

  always_ff @(posedge clk_i) begin
    if (!rst_ni || slot_reset_i) slots_q <= '0;
    else if (claim) slots_q[{channel_q, 2'd0} +: 4] <= slot_next;
    if (cfg_valid_i) slot_q <= slots_q[{cfg_channel_i, 2'd0} +: 4];
    else if (claim) slot_q <= slot_next;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      ask_left_q <= 16'd0;
      places_q <= 6'(Beats);
    end else begin
      if (claim) ask_left_q <= beats_q;
      else if (ask_taken) ask_left_q <= ask_left_q - {11'd0, ask_beats};
      places_q <= places_q - (ask_taken ? {1'b0, ask_beats} : 6'd0) + {5'd0, beat_pop};
    end
    if (claim) ask_offset_q <= row_offset;
    else if (ask_taken) ask_offset_q <= ask_offset_q + (32'(ask_beats) << MemShift);
  end

  trine_fifo #(
      .Width(6),
      .Depth(Rows)
  ) u_heads (
      .clk_i,
      .rst_ni,
      .flush_i,
      .valid_i(claim),
      .ready_o(heads_room),
      .data_i ({slot_q, row_first, row_last}),
      .valid_o(head_valid),
      .ready_i(head_pop),
      .data_o ({head_slot, head_first, head_last}),
      .count_o(heads_count)
  );

  // --- Words ---
  logic                  beat_valid, beat_room, drop_q, send, word_ends, part_ends, row_ends;
  logic [MemBytes*8-1:0] beat;
  logic [15:0]           place_q, beat_q;
  logic [PartBits-1:0]   part_q;
  logic [$clog2(Beats):0] beats_count;

  trine_fifo #(
      .Width(MemBytes * 8),
      .Depth(Beats)
  ) u_beats (
      .clk_i,
      .rst_ni,
      .flush_i,
      .valid_i(rd_data_valid_i),
      .ready_o(beat_room),
      .data_i (rd_data_i),
      .valid_o(beat_valid),
      .ready_i(beat_pop),
      .data_o (beat),
      .count_o(beats_count)
  );

  assign word_valid_o = beat_valid && !drop_q;
  assign send = word_valid_o && word_ready_i;
  assign word_ends = place_q + 16'd1 == words_q;
  assign part_ends = part_q == PartBits'(Parts - 1);
  assign beat_pop = (send && (part_ends || word_ends)) || (drop_q && beat_valid);
  assign row_ends = beat_pop && beat_q + 16'd1 == beats_q;
  assign head_pop = row_ends;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i || row_ends) begin
      place_q <= 16'd0;
      beat_q <= 16'd0;
      part_q <= '0;
      drop_q <= 1'b0;
    end else begin
      if (send) begin
        place_q <= place_q + 16'd1;
        part_q <= (part_ends || word_ends) ? '0 : part_q + 1'b1;
        if (word_ends) drop_q <= 1'b1;
      end
      if (beat_pop) beat_q <= beat_q + 16'd1;
    end
  end

  assign word_channel_o = channel_q;
  assign word_slot_o = head_slot;
  assign word_place_o = place_q;
  assign word_first_o = head_first;
  assign word_last_o = head_last;

  if (Parts > 1) begin : gen_parts
    assign word_data_o = beat[part_q * (BusBytes*8) +: BusBytes*8];
  end else begin : gen_whole
    assign word_data_o = beat;
  end

  // --- State ---
  assign active_o = rows_active || ask_left_q != 16'd0 || heads_count != '0;
  assign waiting_o = head_valid && !beat_valid;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) progress_o <= 1'b0;
    else progress_o <= send || rd_data_valid_i;
  end

  logic unused;
  assign unused = &{1'b0, beats_count};

  `TRINE_ASSERT(a_beat_has_place, !rst_ni || flush_i || !rd_data_valid_i || beat_room)
  `TRINE_ASSERT(a_beat_has_row, !rst_ni || flush_i || !beat_valid || head_valid)
  `TRINE_ASSERT(a_started_idle, !rst_ni || flush_i || !cfg_valid_i || !active_o)

endmodule

`default_nettype wire
