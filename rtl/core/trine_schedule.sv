// SPDX-License-Identifier: Apache-2.0
// trine_schedule: what runs when: the channel table (trine_flow), what it gives each context to
// work with (trine_credits), the contexts' next phase (trine_contexts), and the walk through it
// (trine_sequencer), with the claims and releases of the memory streams let in between; and the
// cause of each cycle without a MAC.
//
// The context side claims and the sequencer releases without waiting; a stream waits for a cycle
// without one (claim_ready_o, use_ready_o). cause_o is that of the cycle before: what it comes of
// crosses the core, so each part of it is registered.
//
// cycle        0        1
// issue_o      1        .        what the cycle is spent on
// cause_o      .        mac
`default_nettype none
`include "trine_assert.svh"

module trine_schedule #(
    parameter int unsigned Contexts = 8,
    parameter int unsigned XSlots = 4,
    parameter int unsigned BusBytes = 8,
    parameter int unsigned MacsPerLane = 8,
    parameter int unsigned WeightWords = 8192,
    parameter int unsigned RingWords = 4096,
    parameter int unsigned AccSlots = 8,
    parameter int unsigned HFirst = 1,      // 0: no h part goes before its x part
    localparam int unsigned VecBytes = (BusBytes > MacsPerLane) ? BusBytes : MacsPerLane,
    localparam int unsigned Readers = trine_pkg::READERS,
    localparam int unsigned Writers = trine_pkg::WRITERS,
    localparam int unsigned RingBits = $clog2(RingWords),
    localparam int unsigned SlotBits = $clog2(XSlots),
    localparam int unsigned EntryBits = 4 + SlotBits
) (
    input  wire logic                 clk_i,
    input  wire logic                 rst_ni,
    input  wire logic                 flush_i,
    input  wire logic                 clear_i,
    output      logic                 clearing_o,
    // Operations.
    input  wire logic                 channel_i,
    input  wire logic                 context_i,
    input  wire logic                 read_i,
    input  wire logic                 write_i,
    input  wire logic                 read_op_i,       // the operation at hand is a READ
    input  wire logic                 write_op_i,      // it is a WRITE
    input  wire logic                 run_i,
    input  wire logic                 goes_on_i,       // whatever RUN says
    input  wire logic [31:0]          arg1_i,
    input  wire logic [31:0]          arg2_i,
    input  wire logic [31:0]          arg3_i,
    input  wire logic                 context_we_i,    // words of a CONTEXT, before context_i
    input  wire logic [3:0]           context_number_i,
    input  wire logic [3:0]           context_word_i,
    input  wire logic [31:0]          context_data_i,
    output      logic                 channel_refused_o,  // CONTEXT, READ or WRITE breaks a rule
    output      logic [15:0]          channel_words_o,    // of the channel that a WRITE hears
    output      logic                 missing_o,
    output      logic                 run_ready_o,    // for the next RUN
    // Words and release events of this domain.
    input  wire logic                 word_valid_i,
    input  wire logic [3:0]           word_channel_i,
    input  wire logic [3:0]           word_slot_i,
    input  wire logic [15:0]          word_place_i,
    input  wire logic                 word_first_i,
    input  wire logic                 word_last_i,
    output      logic                 ring_we_o,
    output      logic [31:0]          ring_addr_o,
    input  wire logic                 event_valid_i,
    input  wire logic [3:0]           event_channel_i,
    input  wire logic [3:0]           event_slot_i,
    output      logic                 release_valid_o,
    input  wire logic                 release_ready_i,
    output      logic [3:0]           release_channel_o,
    output      logic [3:0]           release_slot_o,
    // Claims and releases of the memory streams.
    input  wire logic                 claim_valid_i,
    output      logic                 claim_ready_o,
    input  wire logic [EntryBits-1:0] claim_entry_i,
    input  wire logic                 use_valid_i,
    output      logic                 use_ready_o,
    input  wire logic [EntryBits-1:0] use_entry_i,
    input  wire logic [Readers*4-1:0] room_channel_i,
    output      logic [Readers-1:0]   room_o,         // a reader's channel has room for a row
    output      logic [Readers-1:0]   room_comes_o,   // from the next cycle on
    output      logic [Readers*SlotBits-1:0] room_slot_o,
    input  wire logic [Writers*4-1:0] want_channel_i,
    output      logic [Writers-1:0]   complete_o,     // a writer's next vector is complete
    output      logic [Writers-1:0]   complete_comes_o,
    output      logic [Writers*SlotBits-1:0] want_slot_o,
    input  wire logic [Writers-1:0]   take_i,
    // Tail, weight buffer, rings, MAC array.
    output      logic                 phase_valid_o,
    input  wire logic                 phase_ready_i,
    output      trine_pkg::phase_t    phase_o,
    input  wire logic                 acc_pop_i,
    input  wire logic                 stall_bus_i,
    input  wire logic                 memory_i,        // program, transfer or reader waits for it
    output      logic                 issue_o,
    output      logic [31:0]          weight_addr_o,
    output      logic [31:0]          vec_addr_o,
    output      logic                 fill_o,
    output      logic [7:0]           fill_byte_o,
    output      logic                 mac_valid_o,
    output      logic                 mac_first_o,
    output      logic                 mac_last_o,
    // State.
    output      logic                 active_o,
    output      logic                 quiet_o,
    output      logic [3:0]           cause_o,         // of the cycle before
    output      logic                 word_overrun_o,
    output      logic                 local_overrun_o,
    output      logic [31:0]          local_overrun_addr_o
);

  logic [EntryBits-1:0] mark_entry, claim_ctx_entry, use_seq_entry, next_entry;
  logic                 mark_first, mark_last, claim_ctx, use_seq, pick_window;
  logic                 next_valid, next_take, next_fill, next_free;
  logic [Contexts-1:0]  x_credit, h_credit, room_credit, x_pick, h_pick, room_pick;
  logic [Contexts-1:0]  x_there, h_there, room_there;
  logic [3:0]           ring_channel;
  logic [RingBits-1:0]  ring_base, ring_stride;
  logic [15:0]          next_chunks, next_vec, next_stride, known;
  logic [31:0]          next_weight;
  logic                 steps_left, switching, running, flow_overrun, credit_overrun;
  logic                 misplaced;
  logic                 issue_q, running_q, stall_bus_q, switching_q, left_q, memory_q;
  logic [1:0]           wait_q;
  logic [1:0]           wait_cause;
  logic                 kind_read, kind_write, foreign, pub_refused, user_refused, unused;

  // channel_refused_o is looked at in the cycle before the operation, with its arguments there.
  assign kind_read = read_op_i;
  assign kind_write = write_op_i;
  assign foreign = kind_write || arg1_i[11:8] != arg1_i[15:12];
  assign channel_refused_o = (!kind_write && pub_refused)
                             || (!kind_read && foreign && user_refused)
                             || (!kind_write && !kind_read && known[arg1_i[3:0]]);
  assign unused = &{1'b0, arg1_i, arg3_i};
  assign claim_ready_o = !claim_ctx;
  assign use_ready_o = !use_seq;
  assign active_o = steps_left || running;
  assign word_overrun_o = flow_overrun || credit_overrun || misplaced;

  trine_flow #(
      .Contexts(Contexts), .XSlots(XSlots), .BusBytes(BusBytes), .VecBytes(VecBytes),
      .RingWords(RingWords)
  ) u_flow (
      .clk_i, .rst_ni, .flush_i, .clear_i, .clearing_o,
      .cfg_valid_i(channel_i), .cfg_channel_i(arg1_i[3:0]), .cfg_users_i(arg1_i[11:8]),
      .cfg_base_i(arg2_i[15:0]), .cfg_stride_i(arg2_i[31:16]), .cfg_words_i(arg3_i[15:0]),
      .pub_valid_i(context_i || read_i),
      .pub_channel_i(kind_read ? arg1_i[7:4] : arg1_i[15:12]),
      .pub_id_i({kind_read, arg1_i[3:0]}),
      .pub_listeners_i(kind_read ? arg1_i[12:8] : arg1_i[20:16]),
      .pub_reads_i(!kind_read && !arg1_i[4]), .pub_refused_o(pub_refused),
      .user_valid_i((context_i && foreign) || write_i),
      .user_channel_i(kind_write ? arg1_i[7:4] : arg1_i[11:8]),
      .user_id_i({kind_write, arg1_i[3:0]}), .user_refused_o(user_refused),
      .user_words_o(channel_words_o),
      .word_valid_i, .word_channel_i, .word_slot_i,
      .word_place_i, .word_first_i, .word_last_i,
      .ring_we_o, .ring_addr_o, .overrun_o(flow_overrun),
      .event_valid_i, .event_channel_i, .event_slot_i,
      .claim_valid_i(claim_ctx || claim_valid_i),
      .claim_entry_i(claim_ctx ? claim_ctx_entry : claim_entry_i),
      .use_valid_i(use_seq || use_valid_i),
      .use_entry_i(use_seq ? use_seq_entry : use_entry_i),
      .release_valid_o, .release_ready_i, .release_channel_o, .release_slot_o,
      .x_credit_o(x_credit), .h_credit_o(h_credit), .room_credit_o(room_credit),
      .room_channel_i, .room_o, .room_comes_o, .room_slot_o, .want_channel_i, .complete_o,
      .complete_comes_o, .want_slot_o,
      .take_i,
      .ring_channel_i(ring_channel), .ring_base_o(ring_base), .ring_stride_o(ring_stride),
      .mark_entry_i(mark_entry), .mark_first_o(mark_first), .mark_last_o(mark_last),
      .quiet_o
  );

  trine_credits #(.Contexts(Contexts), .XSlots(XSlots)) u_credits (
      .clk_i, .rst_ni, .clear_i(clear_i || flush_i),
      .x_credit_i(x_credit), .h_credit_i(h_credit), .room_credit_i(room_credit),
      .x_pick_i(x_pick), .h_pick_i(h_pick), .room_pick_i(room_pick),
      .x_o(x_there), .h_o(h_there), .room_o(room_there), .overrun_o(credit_overrun)
  );

  trine_contexts #(
      .Contexts(Contexts), .XSlots(XSlots), .RingWords(RingWords), .HFirst(HFirst)
  ) u_contexts (
      .clk_i, .rst_ni, .clear_i(clear_i || flush_i),
      .cfg_we_i(context_we_i), .cfg_ctx_i(context_number_i), .cfg_word_i(context_word_i),
      .cfg_data_i(context_data_i), .cfg_commit_i(context_i), .known_o(known),
      .run_i, .run_mask_i(arg1_i[15:0]), .run_steps_i(arg2_i),
      .run_begin_i(goes_on_i ? 2'd1 : arg1_i[18:17]), .run_ready_o, .missing_o,
      .misplaced_o(misplaced),
      .x_i(x_there), .h_i(h_there), .room_i(room_there), .x_pick_o(x_pick), .h_pick_o(h_pick),
      .room_pick_o(room_pick), .mark_entry_o(mark_entry), .mark_first_i(mark_first),
      .mark_last_i(mark_last), .claim_valid_o(claim_ctx), .claim_entry_o(claim_ctx_entry),
      .ring_channel_o(ring_channel), .ring_base_i(ring_base), .ring_stride_i(ring_stride),
      .pick_window_i(pick_window), .next_valid_o(next_valid), .next_take_i(next_take),
      .next_phase_o(phase_o), .next_chunks_o(next_chunks), .next_weight_o(next_weight),
      .next_vec_o(next_vec), .next_stride_o(next_stride), .next_fill_o(next_fill),
      .next_free_o(next_free), .next_entry_o(next_entry),
      .active_o(steps_left), .switching_o(switching), .wait_o(wait_cause)
  );

  trine_sequencer #(
      .MacsPerLane(MacsPerLane), .WeightWords(WeightWords), .VecBytes(VecBytes),
      .RingWords(RingWords), .AccSlots(AccSlots), .EntryBits(EntryBits)
  ) u_sequencer (
      .clk_i, .rst_ni, .flush_i,
      .pick_window_o(pick_window), .next_valid_i(next_valid), .next_take_o(next_take),
      .next_groups_i(phase_o.groups), .next_chunks_i(next_chunks),
      .next_weight_i(next_weight), .next_vec_i(next_vec), .next_stride_i(next_stride),
      .next_fill_i(next_fill),
      .next_fill_byte_i(phase_o.zero_point), .next_free_i(next_free),
      .next_entry_i(next_entry),
      .phase_valid_o, .phase_ready_i, .acc_pop_i,
      .issue_o, .weight_addr_o, .vec_addr_o, .fill_o,
      .fill_byte_o,
      .mac_valid_o, .mac_first_o, .mac_last_o,
      .use_valid_o(use_seq), .use_entry_o(use_seq_entry),
      .running_o(running), .overrun_o(local_overrun_o),
      .overrun_addr_o(local_overrun_addr_o)
  );

  always_ff @(posedge clk_i) begin
    issue_q <= rst_ni && issue_o;
    running_q <= rst_ni && running;
    stall_bus_q <= stall_bus_i;
    switching_q <= rst_ni && switching;
    left_q <= rst_ni && steps_left;
    wait_q <= wait_cause;
    memory_q <= rst_ni && memory_i;
  end

  always_comb begin
    if (issue_q) cause_o = trine_pkg::COUNT_MAC;
    else if (running_q) cause_o = stall_bus_q ? trine_pkg::COUNT_BUS : trine_pkg::COUNT_TAIL;
    else if (switching_q) cause_o = trine_pkg::COUNT_SWITCH;
    else if (left_q && wait_q == 2'd1) cause_o = trine_pkg::COUNT_H;
    else if (left_q && wait_q == 2'd2) cause_o = trine_pkg::COUNT_ROOM;
    else if (memory_q) cause_o = trine_pkg::COUNT_MEMORY;
    else if (left_q) cause_o = trine_pkg::COUNT_INPUT;
    else cause_o = trine_pkg::COUNT_IDLE;
  end

  `TRINE_ASSERT(a_macs_have_a_phase, !rst_ni || !issue_q || running_q)

endmodule

`default_nettype wire
