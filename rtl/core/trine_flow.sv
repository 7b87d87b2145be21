// SPDX-License-Identifier: Apache-2.0
// trine_flow: the channel table of a core: which vectors are complete, who still needs them, and
// which slots of the channels published here every listener has given back.
//
// Guarantees (docs/flow_control.md): a vector is complete when all its words are in the ring; it
// stays so until all local users have released it, then one release event is queued. Vectors are
// completed, emptied, claimed and freed in the order of steps, so of each channel four numbers,
// modulo two rings, say all of it: a slot is occupied from the vector that completed it to the one
// that emptied it. What breaks that order is overrun_o, in its cycle for words, a cycle later else.
// A channel has at most one user here that does not publish it; so the users it counts are known.
// An event for contexts leaves as one bit a context: credits of x, h and room (trine_credits).
// Counts end each use at zero, so only a program that sets up from scratch sweeps them.
//
// cycle           0            1            2            a bus word; the same for a release event
// word_*          A            .            .
// look up         A            .            .            words, place, whose vector it is
// count, order    .            A            .
// ring_we_o       .            A            .
// x_credit_o ..   .            A            .            counted at its end
// complete_o      .            .            A            usable from here on
`default_nettype none
`include "trine_assert.svh"

module trine_flow #(
    parameter int unsigned Contexts = 8,
    parameter int unsigned XSlots = 4,      // slots a ring, power of two
    parameter int unsigned BusBytes = 8,
    parameter int unsigned VecBytes = 8,
    parameter int unsigned RingWords = 4096,
    localparam int unsigned Channels = trine_pkg::CHANNELS,
    localparam int unsigned Readers = trine_pkg::READERS,
    localparam int unsigned Writers = trine_pkg::WRITERS,
    localparam int unsigned SlotBits = $clog2(XSlots),
    localparam int unsigned Entries = Channels * XSlots,
    localparam int unsigned EntryBits = 4 + SlotBits,
    localparam int unsigned StepBits = SlotBits + 1,      // steps modulo two rings
    localparam int unsigned RingBits = $clog2(RingWords),
    localparam int unsigned WordShift = $clog2(VecBytes / BusBytes),
    // Words of a vector fill at most a slot; those that slices share count twice.
    localparam int unsigned WordBits = $clog2((RingWords / XSlots << WordShift) + 16)
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic                  flush_i,
    // Set up from scratch: forget every channel and sweep the counters.
    input  wire logic                  clear_i,
    output      logic                  clearing_o,
    // CHANNEL operation: listen (users > 0) or not.
    input  wire logic                  cfg_valid_i,
    input  wire logic [3:0]            cfg_channel_i,
    input  wire logic [3:0]            cfg_users_i,
    input  wire logic [15:0]           cfg_base_i,
    input  wire logic [15:0]           cfg_stride_i,
    input  wire logic [15:0]           cfg_words_i,
    // A context or reader becomes the publisher of a channel here.
    input  wire logic                  pub_valid_i,
    input  wire logic [3:0]            pub_channel_i,
    input  wire logic [4:0]            pub_id_i,
    input  wire logic [4:0]            pub_listeners_i,  // 1..16
    input  wire logic                  pub_reads_i,      // it reads the channel itself (h of LSTM)
    output      logic                  pub_refused_o,    // another one publishes it here
    // A context or writer becomes the user of a channel that it does not publish.
    input  wire logic                  user_valid_i,
    input  wire logic [3:0]            user_channel_i,
    input  wire logic [4:0]            user_id_i,
    output      logic                  user_refused_o,   // another one is it here
    output      logic [15:0]           user_words_o,     // of its vectors; 0: not listened to
    // Words of this domain from the activation bus.
    input  wire logic                  word_valid_i,
    input  wire logic [3:0]            word_channel_i,
    input  wire logic [3:0]            word_slot_i,
    input  wire logic [15:0]           word_place_i,
    input  wire logic                  word_first_i,
    input  wire logic                  word_last_i,
    output      logic                  ring_we_o,
    output      logic [31:0]           ring_addr_o,   // bytes
    output      logic                  overrun_o,
    // Release events of this domain.
    input  wire logic                  event_valid_i,
    input  wire logic [3:0]            event_channel_i,
    input  wire logic [3:0]            event_slot_i,
    // Claim of a slot by a publisher of this core.
    input  wire logic                  claim_valid_i,
    input  wire logic [EntryBits-1:0]  claim_entry_i,
    // Release by a local user.
    input  wire logic                  use_valid_i,
    input  wire logic [EntryBits-1:0]  use_entry_i,
    // Release events to the bus.
    output      logic                  release_valid_o,
    input  wire logic                  release_ready_i,
    output      logic [3:0]            release_channel_o,
    output      logic [3:0]            release_slot_o,
    // Credits: a vector of its x or h channel is complete, a slot of its y channel has room again.
    output      logic [Contexts-1:0]   x_credit_o,
    output      logic [Contexts-1:0]   h_credit_o,
    output      logic [Contexts-1:0]   room_credit_o,
    // Memory streams: room for the next row of a reader's channel, the next vector of a writer's.
    input  wire logic [Readers*4-1:0]  room_channel_i,
    output      logic [Readers-1:0]    room_o,
    output      logic [Readers-1:0]    room_comes_o,         // from the next cycle on there is
    output      logic [Readers*SlotBits-1:0] room_slot_o,    // claimed next
    input  wire logic [Writers*4-1:0]  want_channel_i,
    output      logic [Writers-1:0]    complete_o,
    output      logic [Writers-1:0]    complete_comes_o,     // from the next cycle on one is
    output      logic [Writers*SlotBits-1:0] want_slot_o,    // taken next
    input  wire logic [Writers-1:0]    take_i,           // one at a time
    // Ring address of a channel, in ring words, for the contexts.
    input  wire logic [3:0]            ring_channel_i,
    output      logic [RingBits-1:0]   ring_base_o,
    output      logic [RingBits-1:0]   ring_stride_o,
    // First and last mark of the vector in a slot.
    input  wire logic [EntryBits-1:0]  mark_entry_i,
    output      logic                  mark_first_o,
    output      logic                  mark_last_o,
    output      logic                  quiet_o
);

  // Channel table. A base beyond RingBits has slots of no words, where every word is misplaced.
  logic [RingBits-1:0] base_mem[Channels];
  logic [RingBits-1:0] stride_mem[Channels];
  logic [WordBits-1:0] last_mem[Channels];       // words of a vector, less one
  logic [3:0]          users_mem[Channels];
  logic [3:0]          listeners_mem[Channels];  // less one
  logic [4:0]          owner_mem[Channels];
  logic [4:0]          user_mem[Channels];
  logic [Channels-1:0] listens_q, published_q, pub_reads_q;
  logic [Channels-1:0] used_q;                   // there is a user that does not publish it
  logic [15:0]         cfg_last;

  // Of each slot: words arrived, users done, listeners done; of the first and last whether the next
  // completes it.
  logic [WordBits:0]   arrived_mem[Entries];
  logic                used_mem[Entries];
  logic [4:0]          released_mem[Entries];
  // Of each channel, vectors completed, taken by a writer, emptied; slots claimed and freed.
  logic [StepBits-1:0] filled_mem[Channels];
  logic [StepBits-1:0] taken_mem[Channels];
  logic [StepBits-1:0] emptied_mem[Channels];
  logic [StepBits-1:0] claimed_mem[Channels];
  logic [StepBits-1:0] freed_mem[Channels];

  logic                 clearing_q;
  logic [EntryBits-1:0] sweep_q;
  logic [3:0]           sweep_channel;

  // True when `slot` is among the `held` slots from `from` on.
  function automatic logic is_held(input logic [SlotBits-1:0] slot, input logic [SlotBits-1:0] from,
                                   input logic [StepBits-1:0] held);
    logic [SlotBits-1:0] behind;
    behind = slot - from;
    is_held = {1'b0, behind} < held;
  endfunction

  assign clearing_o = clearing_q;
  assign sweep_channel = sweep_q[EntryBits-1 -: 4];
  assign ring_base_o = base_mem[ring_channel_i];
  assign ring_stride_o = stride_mem[ring_channel_i];
  assign pub_refused_o = published_q[pub_channel_i] && owner_mem[pub_channel_i] != pub_id_i;
  assign user_words_o = listens_q[user_channel_i] ? 16'(last_mem[user_channel_i]) + 16'd1 : 16'd0;
  assign user_refused_o = used_q[user_channel_i] && user_mem[user_channel_i] != user_id_i;
  // More words than can come are as good as the most that can be counted: never complete.
  assign cfg_last = (cfg_words_i > 16'(1 << WordBits)) ? 16'hffff : cfg_words_i - 16'd1;

  always_ff @(posedge clk_i) begin
    if (cfg_valid_i) begin
      base_mem[cfg_channel_i] <= cfg_base_i[RingBits-1:0];
      stride_mem[cfg_channel_i] <= cfg_stride_i[RingBits-1:0];
      last_mem[cfg_channel_i] <= cfg_last[WordBits-1:0];
      users_mem[cfg_channel_i] <= cfg_users_i;
    end
    if (pub_valid_i) begin
      listeners_mem[pub_channel_i] <= 4'(pub_listeners_i - 5'd1);
      owner_mem[pub_channel_i] <= pub_id_i;
    end
    if (user_valid_i) user_mem[user_channel_i] <= user_id_i;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i || flush_i) begin
      listens_q <= '0;
      published_q <= '0;
      pub_reads_q <= '0;
      used_q <= '0;
    end else begin
      if (cfg_valid_i) listens_q[cfg_channel_i] <= cfg_users_i != 4'd0;
      if (pub_valid_i) begin
        published_q[pub_channel_i] <= 1'b1;
        pub_reads_q[pub_channel_i] <= pub_reads_i;
      end
      if (user_valid_i) used_q[user_channel_i] <= 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      clearing_q <= 1'b0;
      sweep_q <= '0;
    end else if (clear_i) begin
      clearing_q <= 1'b1;
      sweep_q <= '0;
    end else if (clearing_q) begin
      sweep_q <= sweep_q + 1'b1;
      if (sweep_q == EntryBits'(Entries - 1)) clearing_q <= 1'b0;
    end
  end

  // --- Arrivals: cycle 0 looks up, cycle 1 counts ---
  logic                 arrive_q, arrive_first_q, arrive_last_q, arrive_one_q, arrive_far_q;
  logic [EntryBits-1:0] arrive_entry_q;
  logic [15:0]          arrive_place_q;
  logic [WordBits-1:0]  arrive_words_q, arrive_count;   // words of the vector, less one
  logic [RingBits-1:0]  arrive_base_q, arrive_stride_q, arrive_slot_addr;
  logic [Contexts-1:0]  arrive_x_q, arrive_h_q, word_x, word_h;
  logic [3:0]           arrive_channel;
  logic [SlotBits-1:0]  arrive_slot;
  logic [StepBits-1:0]  arrive_filled, arrive_emptied;
  logic                 arrive_next, arrive_done, arrive_overrun;

  assign {arrive_channel, arrive_slot} = arrive_entry_q;

  for (genvar c = 0; c < Contexts; c++) begin : gen_client
    assign word_x[c] = used_q[word_channel_i] && user_mem[word_channel_i] == 5'(c);
    assign word_h[c] = pub_reads_q[word_channel_i] && owner_mem[word_channel_i] == 5'(c);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) arrive_q <= 1'b0;
    else arrive_q <= word_valid_i && listens_q[word_channel_i];
    arrive_entry_q <= {word_channel_i, word_slot_i[SlotBits-1:0]};
    arrive_place_q <= word_place_i;
    arrive_first_q <= word_first_i;
    arrive_last_q <= word_last_i;
    arrive_words_q <= last_mem[word_channel_i];
    arrive_one_q <= last_mem[word_channel_i] == '0;
    arrive_far_q <= word_place_i > 16'(last_mem[word_channel_i]);
    arrive_base_q <= base_mem[word_channel_i];
    arrive_stride_q <= stride_mem[word_channel_i];
    arrive_x_q <= word_x;
    arrive_h_q <= word_h;
  end

  trine_slot_address #(
      .XSlots(XSlots), .Bits(RingBits)
  ) u_arrive_slot (
      .base_i(arrive_base_q), .stride_i(arrive_stride_q), .slot_i(4'(arrive_slot)),
      .addr_o(arrive_slot_addr)
  );

  assign {arrive_next, arrive_count} = arrived_mem[arrive_entry_q];
  assign arrive_done = arrive_q && (arrive_next || arrive_one_q);
  assign arrive_filled = filled_mem[arrive_channel];
  assign arrive_emptied = emptied_mem[arrive_channel];
  assign ring_we_o = arrive_q;
  assign ring_addr_o = 32'(arrive_slot_addr) * VecBytes + 32'(arrive_place_q) * BusBytes;
  // No program the driver makes does this; one that counts its words, users or listeners wrongly
  // would, and must not be computed wrongly in silence.
  assign arrive_overrun = arrive_q
      && (arrive_far_q || 32'(arrive_place_q) >= 32'(arrive_stride_q) << WordShift
          || is_held(arrive_slot, arrive_emptied[SlotBits-1:0], arrive_filled - arrive_emptied)
          || (arrive_done && arrive_slot != arrive_filled[SlotBits-1:0]));
  assign x_credit_o = arrive_done ? arrive_x_q : '0;
  assign h_credit_o = arrive_done ? arrive_h_q : '0;

  always_ff @(posedge clk_i) begin
    if (clearing_q) arrived_mem[sweep_q] <= '0;
    else if (arrive_q) begin
      arrived_mem[arrive_entry_q] <= arrive_done ? '0 :
          {arrive_count + WordBits'(1) == arrive_words_q, arrive_count + WordBits'(1)};
    end
    if (clearing_q) filled_mem[sweep_channel] <= '0;
    else if (arrive_done) filled_mem[arrive_channel] <= arrive_filled + StepBits'(1);
  end

  trine_ram_lut #(.Width(2), .Depth(Entries)) u_marks (
      .clk_i, .we_i(arrive_q), .waddr_i(arrive_entry_q), .wdata_i({arrive_first_q, arrive_last_q}),
      .raddr_i(mark_entry_i), .rdata_o({mark_first_o, mark_last_o})
  );

  // --- Local users: the last one empties the slot ---
  logic                 use_q, use_done, miscounted, use_overrun, late_overrun_q, unused;
  logic [EntryBits-1:0] use_entry_q;
  logic [3:0]           use_channel, take_channel;
  logic [SlotBits-1:0]  use_slot;
  logic [StepBits-1:0]  use_emptied;

  assign {use_channel, use_slot} = use_entry_q;
  assign use_emptied = emptied_mem[use_channel];
  assign use_done = use_q
                    && (used_mem[use_entry_q] || !pub_reads_q[use_channel] || !used_q[use_channel]);
  assign miscounted = users_mem[use_channel]
                      != 4'(pub_reads_q[use_channel]) + 4'(used_q[use_channel]);
  assign use_overrun = use_q
      && (miscounted
          || !is_held(use_slot, use_emptied[SlotBits-1:0], filled_mem[use_channel] - use_emptied)
          || (use_done && use_slot != use_emptied[SlotBits-1:0]));
  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i || flush_i) use_q <= 1'b0;
    else use_q <= use_valid_i;
    use_entry_q <= use_entry_i;
    if (clearing_q) used_mem[sweep_q] <= 1'b0;
    else if (use_q) used_mem[use_entry_q] <= !use_done;
    if (clearing_q) emptied_mem[sweep_channel] <= '0;
    else if (use_done) emptied_mem[use_channel] <= use_emptied + StepBits'(1);
    if (clearing_q) taken_mem[sweep_channel] <= '0;
    else if (|take_i) taken_mem[take_channel] <= taken_mem[take_channel] + 1'b1;
  end

  always_comb begin
    take_channel = '0;
    for (int w = 0; w < Writers; w++) begin
      if (take_i[w]) take_channel = take_channel | want_channel_i[4*w +: 4];
      complete_o[w] = filled_mem[want_channel_i[4*w +: 4]] != taken_mem[want_channel_i[4*w +: 4]];
      complete_comes_o[w] = arrive_done && arrive_channel == want_channel_i[4*w +: 4];
      want_slot_o[w*SlotBits +: SlotBits] = SlotBits'(taken_mem[want_channel_i[4*w +: 4]]);
    end
  end

  // One event waits at most for each entry: this FIFO never fills.
  logic                     release_room;
  logic [EntryBits-1:0]     release_entry;
  logic [$clog2(Entries):0] release_count;

  trine_fifo #(.Width(EntryBits), .Depth(Entries)) u_releases (
      .clk_i, .rst_ni, .flush_i(flush_i || clear_i), .valid_i(use_done), .ready_o(release_room),
      .data_i(use_entry_q), .valid_o(release_valid_o), .ready_i(release_ready_i),
      .data_o(release_entry), .count_o(release_count)
  );

  assign release_channel_o = release_entry[EntryBits-1 -: 4];
  assign release_slot_o = 4'(release_entry[SlotBits-1:0]);
  assign quiet_o = release_count == '0 && !arrive_q && !use_q;

  // --- Room: claimed here, given back when all listeners have released ---
  logic                 event_q, event_only_q, event_next, event_done, event_overrun;
  logic [EntryBits-1:0] event_entry_q;
  logic [3:0]           event_last_q, event_count, event_channel, claim_channel;
  logic [SlotBits-1:0]  event_slot;
  logic [StepBits-1:0]  event_freed;
  logic [Contexts-1:0]  event_owner_q, event_owner;

  assign event_channel = event_entry_q[EntryBits-1 -: 4];
  assign event_slot = event_entry_q[SlotBits-1:0];
  assign claim_channel = claim_entry_i[EntryBits-1 -: 4];
  assign event_freed = freed_mem[event_channel];
  assign {event_next, event_count} = released_mem[event_entry_q];
  assign event_done = event_q && (event_next || event_only_q);
  assign event_overrun = event_q
      && (!is_held(event_slot, event_freed[SlotBits-1:0],
                   claimed_mem[event_channel] - event_freed)
          || (event_done && event_slot != event_freed[SlotBits-1:0]));
  assign room_credit_o = event_done ? event_owner_q : '0;

  for (genvar c = 0; c < Contexts; c++) begin : gen_owner
    assign event_owner[c] = owner_mem[event_channel_i] == 5'(c);
  end
  for (genvar r = 0; r < Readers; r++) begin : gen_reader
    assign room_slot_o[r*SlotBits +: SlotBits] = SlotBits'(claimed_mem[room_channel_i[4*r +: 4]]);
    assign room_o[r] = claimed_mem[room_channel_i[4*r +: 4]] - freed_mem[room_channel_i[4*r +: 4]]
                       != StepBits'(XSlots);
    assign room_comes_o[r] = event_done && event_channel == room_channel_i[4*r +: 4];
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i || flush_i) event_q <= 1'b0;
    else event_q <= event_valid_i && published_q[event_channel_i];
    event_entry_q <= {event_channel_i, event_slot_i[SlotBits-1:0]};
    event_only_q <= listeners_mem[event_channel_i] == 4'd0;
    event_last_q <= listeners_mem[event_channel_i];
    event_owner_q <= event_owner;
    if (clearing_q) released_mem[sweep_q] <= 5'd0;
    else if (event_q) begin
      released_mem[event_entry_q] <= event_done ? 5'd0
                                     : {event_count + 4'd1 == event_last_q, event_count + 4'd1};
    end
    if (clearing_q) freed_mem[sweep_channel] <= '0;
    else if (event_done) freed_mem[event_channel] <= event_freed + StepBits'(1);
    if (clearing_q) claimed_mem[sweep_channel] <= '0;
    else if (claim_valid_i) claimed_mem[claim_channel] <= claimed_mem[claim_channel] + StepBits'(1);
  end

  // --- What broke the rules ---
  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i || flush_i) late_overrun_q <= 1'b0;
    else late_overrun_q <= use_overrun || event_overrun;
  end

  assign overrun_o = arrive_overrun || late_overrun_q;

  assign unused = &{1'b0, word_slot_i, event_slot_i, cfg_base_i, cfg_stride_i, cfg_last};

  `TRINE_ASSERT(a_release_fits, !rst_ni || !use_done || release_room)
  `TRINE_ASSERT(a_claim_in_order, !rst_ni || flush_i || !claim_valid_i
                || claim_entry_i[SlotBits-1:0] == claimed_mem[claim_channel][SlotBits-1:0])
  `TRINE_ASSERT(a_claim_has_room, !rst_ni || flush_i || !claim_valid_i
                || claimed_mem[claim_channel] - freed_mem[claim_channel] != StepBits'(XSlots))

endmodule

`default_nettype wire
