// SPDX-License-Identifier: Apache-2.0
// trine_flow: the channel table of a core: which slots are complete, who still needs them, and
// which slots of the channels published here every listener has given back.
//
// Guarantees (docs/flow_control.md): a slot is complete when all words of its vector are in the
// ring; it stays so until all local users have released it, then one release event is queued.
// room is 1 from the moment all listeners have released a claimed slot until the next claim.
// A channel has at most one user here that does not publish it; so the users it counts are known,
// and a release tells when they are not those that CHANNEL said.
// Counters end each use at zero, so only a program that sets up from scratch sweeps them.
//
// cycle        0           1            2             a bus word
// word_*       A           .            .
// count, addr  .           A (look up)  .
// ring_we_o    .           A            .
// complete_o   .           .            A             usable from here on
`default_nettype none
`include "trine_assert.svh"

module trine_flow #(
    parameter int unsigned XSlots = 4,      // slots a ring, power of two
    parameter int unsigned BusBytes = 8,
    parameter int unsigned VecBytes = 8,
    localparam int unsigned Channels = trine_pkg::CHANNELS,
    localparam int unsigned SlotBits = $clog2(XSlots),
    localparam int unsigned Entries = Channels * XSlots,
    localparam int unsigned EntryBits = 4 + SlotBits,
    localparam int unsigned StrideShift = $clog2(VecBytes / BusBytes)
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
    input  wire logic [4:0]            pub_listeners_i,
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
    // Release by a local user; the sequencer's is always taken.
    input  wire logic                  use_valid_i,
    input  wire logic [EntryBits-1:0]  use_entry_i,
    // Release events to the bus.
    output      logic                  release_valid_o,
    input  wire logic                  release_ready_i,
    output      logic [3:0]            release_channel_o,
    output      logic [3:0]            release_slot_o,
    // What the sequencer, readers and writers look at: entry = {channel, slot}.
    output      logic [Entries-1:0]    complete_o,
    output      logic [Entries-1:0]    room_o,
    // What changes complete_o and room_o at the end of this cycle, beside the claim.
    output      logic                  filled_o,
    output      logic [EntryBits-1:0]  filled_entry_o,
    output      logic                  emptied_o,
    output      logic [EntryBits-1:0]  emptied_entry_o,
    output      logic                  freed_o,
    output      logic [EntryBits-1:0]  freed_entry_o,
    // Ring address of a channel, for the sequencer.
    input  wire logic [3:0]            ring_channel_i,
    output      logic [15:0]           ring_base_o,
    output      logic [15:0]           ring_stride_o,
    // First and last mark of the vector in a slot.
    input  wire logic [EntryBits-1:0]  mark_entry_i,
    output      logic                  mark_first_o,
    output      logic                  mark_last_o,
    output      logic                  quiet_o
);

  // Channel table.
  logic [15:0]         base_mem[Channels];
  logic [15:0]         stride_mem[Channels];
  logic [15:0]         words_mem[Channels];
  logic [3:0]          users_mem[Channels];
  logic [4:0]          listeners_mem[Channels];
  logic [4:0]          owner_mem[Channels];
  logic [4:0]          user_mem[Channels];
  logic [Channels-1:0] listens_q;
  logic [Channels-1:0] published_q;
  logic [Channels-1:0] pub_reads_q;
  logic [Channels-1:0] used_q;         // there is a user that does not publish it

  // One counter each an entry: words arrived, local users done, listeners done.
  logic [15:0] arrived_mem[Entries];
  logic [3:0]  used_mem[Entries];
  logic [4:0]  released_mem[Entries];

  logic                 clearing_q;
  logic [EntryBits-1:0] sweep_q;

  assign clearing_o = clearing_q;
  assign ring_base_o = base_mem[ring_channel_i];
  assign ring_stride_o = stride_mem[ring_channel_i];
  assign pub_refused_o = published_q[pub_channel_i] && owner_mem[pub_channel_i] != pub_id_i;
  assign user_words_o = listens_q[user_channel_i] ? words_mem[user_channel_i] : 16'd0;
  assign user_refused_o = used_q[user_channel_i] && user_mem[user_channel_i] != user_id_i;

  always_ff @(posedge clk_i) begin
    if (cfg_valid_i) begin
      base_mem[cfg_channel_i] <= cfg_base_i;
      stride_mem[cfg_channel_i] <= cfg_stride_i;
      words_mem[cfg_channel_i] <= cfg_words_i;
      users_mem[cfg_channel_i] <= cfg_users_i;
    end
    if (pub_valid_i) begin
      listeners_mem[pub_channel_i] <= pub_listeners_i;
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

  // Arrivals: cycle 1 looks up what cycle 0 brought.
  logic                 arrive_q, arrive_first_q, arrive_last_q;
  logic [EntryBits-1:0] arrive_entry_q;
  logic [3:0]           arrive_channel_q;
  logic [15:0]          arrive_place_q;
  logic [15:0]          arrive_count, arrive_slot_addr;
  logic                 arrive_done, misplaced;

  logic [EntryBits-1:0] event_entry;
  logic [4:0]           event_count;
  logic                 event_mine, event_done;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) arrive_q <= 1'b0;
    else arrive_q <= word_valid_i && listens_q[word_channel_i];
    arrive_entry_q <= {word_channel_i, word_slot_i[SlotBits-1:0]};
    arrive_channel_q <= word_channel_i;
    arrive_place_q <= word_place_i;
    arrive_first_q <= word_first_i;
    arrive_last_q <= word_last_i;
  end

  trine_slot_address #(
      .XSlots(XSlots)
  ) u_arrive_slot (
      .base_i  (base_mem[arrive_channel_q]),
      .stride_i(stride_mem[arrive_channel_q]),
      .slot_i  (4'(arrive_entry_q[SlotBits-1:0])),
      .addr_o  (arrive_slot_addr)
  );

  assign arrive_count = arrived_mem[arrive_entry_q] + 16'd1;
  assign arrive_done = arrive_q && arrive_count == words_mem[arrive_channel_q];
  assign ring_we_o = arrive_q;
  assign ring_addr_o = {16'd0, arrive_slot_addr} * VecBytes + {16'd0, arrive_place_q} * BusBytes;
  assign misplaced = arrive_place_q >= words_mem[arrive_channel_q]
                     || 32'(arrive_place_q) >= 32'(stride_mem[arrive_channel_q]) << StrideShift;
  // No program the driver makes does any of this; one that counts its words, users or listeners
  // wrongly would, and must not be computed wrongly in silence.
  assign overrun_o = (arrive_q && (complete_o[arrive_entry_q] || misplaced))
                     || (use_valid_i && (!complete_o[use_entry_i] || miscounted))
                     || (event_mine && room_o[event_entry]);

  always_ff @(posedge clk_i) begin
    if (clearing_q) arrived_mem[sweep_q] <= 16'd0;
    else if (arrive_q) arrived_mem[arrive_entry_q] <= arrive_done ? 16'd0 : arrive_count;
  end

  trine_ram_lut #(
      .Width(2),
      .Depth(Entries)
  ) u_marks (
      .clk_i,
      .we_i   (arrive_q),
      .waddr_i(arrive_entry_q),
      .wdata_i({arrive_first_q, arrive_last_q}),
      .raddr_i(mark_entry_i),
      .rdata_o({mark_first_o, mark_last_o})
  );

  // Local users: the last one frees the slot.
  logic [3:0] use_count;
  logic       use_done, miscounted;
  logic [3:0] use_channel;

  assign use_channel = use_entry_i[EntryBits-1 -: 4];
  assign use_count = used_mem[use_entry_i] + 4'd1;
  assign use_done = use_valid_i && use_count == users_mem[use_channel];
  assign miscounted = users_mem[use_channel]
                      != 4'(pub_reads_q[use_channel]) + 4'(used_q[use_channel]);

  always_ff @(posedge clk_i) begin
    if (clearing_q) used_mem[sweep_q] <= 4'd0;
    else if (use_valid_i) used_mem[use_entry_i] <= use_done ? 4'd0 : use_count;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i || flush_i) complete_o <= '0;
    else begin
      if (use_done) complete_o[use_entry_i] <= 1'b0;
      if (arrive_done) complete_o[arrive_entry_q] <= 1'b1;
    end
  end

  assign filled_o = arrive_done;
  assign filled_entry_o = arrive_entry_q;
  assign emptied_o = use_done;
  assign emptied_entry_o = use_entry_i;
  assign freed_o = event_done;
  assign freed_entry_o = event_entry;

  // One event waits at most for each entry, so this FIFO never fills.
  logic release_room;
  logic [EntryBits-1:0] release_entry;
  logic [$clog2(Entries):0] release_count;

  trine_fifo #(
      .Width(EntryBits),
      .Depth(Entries)
  ) u_releases (
      .clk_i,
      .rst_ni,
      .flush_i(flush_i || clear_i),
      .valid_i(use_done),
      .ready_o(release_room),
      .data_i (use_entry_i),
      .valid_o(release_valid_o),
      .ready_i(release_ready_i),
      .data_o (release_entry),
      .count_o(release_count)
  );

  assign release_channel_o = release_entry[EntryBits-1 -: 4];
  assign release_slot_o = 4'(release_entry[SlotBits-1:0]);
  assign quiet_o = release_count == '0 && !arrive_q;

  // Room: claimed here, given back when all listeners have released.
  assign event_entry = {event_channel_i, event_slot_i[SlotBits-1:0]};
  assign event_mine = event_valid_i && published_q[event_channel_i];
  assign event_count = released_mem[event_entry] + 5'd1;
  assign event_done = event_mine && event_count == listeners_mem[event_channel_i];

  always_ff @(posedge clk_i) begin
    if (clearing_q) released_mem[sweep_q] <= 5'd0;
    else if (event_mine) released_mem[event_entry] <= event_done ? 5'd0 : event_count;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i || flush_i) room_o <= '1;
    else begin
      if (event_done) room_o[event_entry] <= 1'b1;
      if (claim_valid_i) room_o[claim_entry_i] <= 1'b0;
    end
  end

  logic unused;
  assign unused = &{1'b0, word_slot_i, event_slot_i, release_room};

  `TRINE_ASSERT(a_release_fits, !rst_ni || !use_done || release_room)
  `TRINE_ASSERT(a_claim_has_room, !rst_ni || flush_i || !claim_valid_i || room_o[claim_entry_i])

endmodule

`default_nettype wire
