// SPDX-License-Identifier: Apache-2.0
// trine_row_reads: read bursts to memory, and what comes back: beats of a program to its core,
// beats of rows as words on the activation bus.
//
// The ID of a burst is its core; the answers of an ID come in order, so a queue a core says what
// each beat is. Rows have claimed their slots and the bus takes every word, so one buffer of beats
// serves all streams: when it is full, memory waits (RREADY), and cannot wait for ever. A row of
// memory beats gives the words of its READ, the rest of it is dropped. What comes for a core on
// hold is thrown away at the door, in the buffer, at the bus; the last beat of a burst goes through
// to say that the burst is gone.
//
// cycle          0     1     2     3     4     5
// burst_valid_i  A     .     .     .     .     .
// m_axi_ar       .     A     .     .     .     .     (queue empty)
// m_axi_r        D     .     .     .     .     .
// looked up      .     D     .     .     .     .     fetch_valid_o too
// buffer         .     .     D     .     .     .
// in hand        .     .     .     D     .     .
// word_valid_o   .     .     .     .     D.0   D.1
`default_nettype none
`include "trine_assert.svh"

module trine_row_reads #(
    parameter int unsigned Cores = 2,
    parameter int unsigned MemBytes = 8,
    parameter int unsigned BusBytes = 8,
    parameter int unsigned Outstanding = 8,
    parameter int unsigned Queue = 8,
    localparam int unsigned CoreBits = (Cores > 1) ? $clog2(Cores) : 1,
    localparam int unsigned WordBits = 30 + 9 * BusBytes    // {domain, word}
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic [Cores-1:0]      hold_i,
    input  wire logic [Cores*4-1:0]    domain_i,
    // Set-up of the readers.
    input  wire logic                  cfg_valid_i,       // of a reader that does not run
    input  wire logic [CoreBits-1:0]   cfg_core_i,
    input  wire trine_pkg::set_up_t    cfg_i,
    // Bursts from the walk; there is always a place.
    input  wire logic                  burst_valid_i,
    input  wire trine_pkg::burst_t     burst_i,
    input  wire logic [63:0]           burst_addr_i,
    output      logic                  pop_o,
    output      logic [Cores-1:0]      drop_o,
    output      logic [Cores-1:0]      last_o,
    output      logic [Cores-1:0]      words_o,
    output      logic [2*Cores-1:0]    end_o,             // of readers
    // To the cores' programs.
    output      logic [Cores-1:0]      fetch_valid_o,
    output      logic [MemBytes*8-1:0] fetch_data_o,
    // To the activation bus.
    output      logic                  word_valid_o,
    input  wire logic                  word_ready_i,
    output      logic [WordBits-1:0]   word_o,
    // Refused by memory.
    output      logic                  error_valid_o,
    output      logic [3:0]            error_core_o,
    output      logic [63:0]           error_addr_o,
    output      logic [Cores-1:0]      progress_o,
    // AXI4.
    output      logic                  arvalid_o,
    input  wire logic                  arready_i,
    output      logic [63:0]           araddr_o,
    output      logic [3:0]            arid_o,
    output      logic [7:0]            arlen_o,
    input  wire logic                  rvalid_i,
    output      logic                  rready_o,
    input  wire logic [MemBytes*8-1:0] rdata_i,
    input  wire logic [3:0]            rid_i,
    input  wire logic [1:0]            rresp_i,
    input  wire logic                  rlast_i
);

  localparam int unsigned Parts = MemBytes / BusBytes;
  localparam int unsigned PartBits = (Parts > 1) ? $clog2(Parts) : 1;
  localparam int unsigned PlaceBits = $clog2(Outstanding);
  localparam int unsigned OpenBits = $clog2(Cores * Outstanding);
  localparam int unsigned Beats = 16;

  `TRINE_CHECK_PARAM(gen_check_bus, BusBytes <= MemBytes)

  // What a beat must know of its burst.
  typedef struct packed {
    logic client, unit;
    logic [3:0] slot;
    logic first, last, begins, ends;
  } open_t;

  function automatic logic [Cores-1:0] one_of(input logic valid, input logic [3:0] core);
    for (int c = 0; c < Cores; c++) one_of[c] = valid && core == 4'(c);
  endfunction

  // --- Bursts to memory ---
  trine_pkg::burst_t                         head, line_head;
  logic [63:0]                               head_addr, line_addr, open_addr;
  logic                                      head_valid, line_valid, line_room, drop, send, ar_free;
  logic                                      line_pop;
  logic [$clog2(Queue):0]                    head_count;
  logic [Cores*PlaceBits-1:0]            sent_q, answered_q;
  open_t                                     open_in, open;
  logic                                      got, got_client, r_q, r_last_q, r_bad_q, lost;
  logic [CoreBits-1:0]                       head_core, got_core, r_core_q;
  logic [PlaceBits-1:0]                      head_sent, got_place, r_place_q;
  logic [MemBytes*8-1:0]                     r_data_q;
  logic [Cores-1:0]                          first_q;      // the next beat is a burst's first

  trine_fifo #(
      .Width(trine_pkg::BURST_BITS + 64), .Depth(Queue)
  ) u_bursts (
      .clk_i, .rst_ni, .flush_i(1'b0),
      .valid_i(burst_valid_i && (line_valid || !ar_free)), .ready_o(line_room),
      .data_i({burst_i, burst_addr_i}), .valid_o(line_valid), .ready_i(line_pop),
      .data_o({line_head, line_addr}), .count_o(head_count)
  );

  // An empty queue is passed by. Whether a burst may not be sent is known late: what waits goes
  // at once if so, what passes by when an address could go.
  assign head_valid = line_valid || burst_valid_i;
  assign head = line_valid ? line_head : burst_i;
  assign head_addr = line_valid ? line_addr : burst_addr_i;
  assign head_core = CoreBits'(head.core);
  assign head_sent = sent_q[head_core*PlaceBits +: PlaceBits];
  assign drop = head.dead || hold_i[head_core];
  assign ar_free = !arvalid_o || arready_i;
  assign send = head_valid && !drop && ar_free;
  assign line_pop = line_valid && (line_head.dead || hold_i[CoreBits'(line_head.core)] || ar_free);
  assign pop_o = line_valid ? line_pop : burst_valid_i && ar_free;
  assign drop_o = one_of(pop_o && drop, head.core);
  assign open_in = {head.client, head.unit, head.slot, head.first, head.last, head.begins,
                    head.ends};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) arvalid_o <= 1'b0;
    else if (send) arvalid_o <= 1'b1;
    else if (arready_i) arvalid_o <= 1'b0;
    if (ar_free) begin
      araddr_o <= head_addr;
      arid_o <= head.core;
      arlen_o <= {4'd0, head.beats};
    end
  end

  trine_ram_lut #(
      .Width(74), .Depth(Cores * Outstanding)
  ) u_open (
      .clk_i, .we_i(send),
      .waddr_i(OpenBits'({head_core, head_sent})),
      .wdata_i({open_in, head_addr}),
      .raddr_i(OpenBits'({r_core_q, r_place_q})),
      .rdata_o({open, open_addr})
  );
  trine_ram_lut #(
      .Width(1), .Depth(Cores * Outstanding)
  ) u_client (
      .clk_i, .we_i(send), .waddr_i(OpenBits'({head_core, head_sent})), .wdata_i(head.client),
      .raddr_i(OpenBits'({got_core, got_place})), .rdata_o(got_client)
  );

  // --- Beats from memory ---
  logic                  beat_push, beat_room, beat_valid, beat_pop;
  logic [$clog2(Beats):0] beat_count;

  assign got = rvalid_i && rready_o;
  assign got_core = CoreBits'(rid_i);
  assign got_place = answered_q[got_core*PlaceBits +: PlaceBits];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      rready_o <= 1'b0;
      r_q <= 1'b0;
      sent_q <= '0;
      answered_q <= '0;
      first_q <= '1;
    end else begin
      rready_o <= beat_count <= ($clog2(Beats) + 1)'(Beats - 4);
      r_q <= got;
      if (send) sent_q[head_core*PlaceBits +: PlaceBits] <= head_sent + 1'b1;
      if (got && rlast_i) answered_q[got_core*PlaceBits +: PlaceBits] <= got_place + 1'b1;
      if (r_q) first_q[r_core_q] <= r_last_q;
    end
    r_core_q <= got_core;
    r_place_q <= got_place;
    r_data_q <= rdata_i;
    r_last_q <= rlast_i;
    r_bad_q <= rresp_i != 2'd0;
    fetch_valid_o <= one_of(rst_ni && got && got_client && rresp_i == 2'd0 && !hold_i[got_core],
                            4'(got_core));
  end

  assign fetch_data_o = r_data_q;

  assign lost = r_bad_q || hold_i[r_core_q];
  // The last beat of a burst goes through all the same: behind it nothing of the burst is left.
  assign beat_push = r_q && !open.client && (!lost || r_last_q);
  assign last_o = one_of(r_q && r_last_q && !beat_push, 4'(r_core_q));
  assign error_valid_o = r_q && r_bad_q && !hold_i[r_core_q];
  assign error_core_o = 4'(r_core_q);
  assign error_addr_o = open_addr;

  // --- Words ---
  logic [CoreBits-1:0]   beat_core, hand_core_q;
  logic [CoreBits:0]     beat_reader, hand_reader;
  logic                  beat_unit, beat_first, beat_last, beat_begins, beat_ends, beat_closes;
  logic [3:0]            beat_slot, beat_channel, hand_slot_q, hand_channel_q, hand_domain_q;
  logic [MemBytes*8-1:0] beat_data, hand_data_q;
  logic [15:0]           beat_words, kept_left, kept_place, hand_left_q, hand_place_q, next_left;
  logic [15:0]           next_place;
  logic                  hand_q, hand_unit_q, hand_first_q, hand_last_q, hand_ends_q, hand_closes_q;
  logic                  live, part_ends, free, done, same, word_q, ends_q, ends_unit_q;
  logic [CoreBits-1:0]   word_core_q;
  logic [PartBits-1:0]   part_q;
  logic [BusBytes*8-1:0] part;

  trine_fifo #(
      .Width(MemBytes * 8 + CoreBits + 10), .Depth(Beats)
  ) u_beats (
      .clk_i, .rst_ni, .flush_i(1'b0), .valid_i(beat_push), .ready_o(beat_room),
      .data_i({r_core_q, open.unit, open.slot, open.first, open.last,
               open.begins && first_q[r_core_q], open.ends && r_last_q, r_last_q, r_data_q}),
      .valid_o(beat_valid), .ready_i(beat_pop),
      .data_o({beat_core, beat_unit, beat_slot, beat_first, beat_last, beat_begins, beat_ends,
               beat_closes, beat_data}),
      .count_o(beat_count)
  );

  assign beat_reader = {beat_core, beat_unit};
  assign hand_reader = {hand_core_q, hand_unit_q};

  trine_ram_lut #(.Width(4), .Depth(2 << CoreBits)) u_channel (
      .clk_i, .we_i(cfg_valid_i && cfg_i.what == trine_pkg::SET_CHANNEL),
      .waddr_i({cfg_core_i, cfg_i.unit}), .wdata_i(cfg_i.data[7:4]),
      .raddr_i(beat_reader), .rdata_o(beat_channel)
  );
  trine_ram_lut #(.Width(16), .Depth(2 << CoreBits)) u_words (
      .clk_i, .we_i(cfg_valid_i && cfg_i.what == trine_pkg::SET_SHAPE),
      .waddr_i({cfg_core_i, cfg_i.unit}), .wdata_i(cfg_i.data[15:0]),
      .raddr_i(beat_reader), .rdata_o(beat_words)
  );
  trine_ram_lut #(.Width(32), .Depth(2 << CoreBits)) u_place (
      .clk_i, .we_i(done), .waddr_i(hand_reader), .wdata_i({next_left, next_place}),
      .raddr_i(beat_reader), .rdata_o({kept_left, kept_place})
  );

  assign live = hand_left_q != 16'd0 && !hold_i[hand_core_q];
  assign part_ends = Parts == 1 || part_q == PartBits'(Parts - 1) || hand_left_q == 16'd1;
  assign free = !word_q || word_ready_i || hold_i[word_core_q];
  assign done = hand_q && free && (!live || part_ends);
  assign next_left = hand_left_q - 16'(live);
  assign next_place = hand_place_q + 16'(live);
  assign beat_pop = beat_valid && (!hand_q || done);
  assign same = hand_q && beat_reader == hand_reader;
  assign words_o = one_of(done && hand_closes_q, 4'(hand_core_q));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) hand_q <= 1'b0;
    else if (beat_pop) hand_q <= 1'b1;
    else if (done) hand_q <= 1'b0;
    if (beat_pop) begin
      hand_core_q <= beat_core;
      hand_unit_q <= beat_unit;
      hand_slot_q <= beat_slot;
      hand_channel_q <= beat_channel;
      hand_domain_q <= domain_i[beat_core*4 +: 4];
      hand_first_q <= beat_first;
      hand_last_q <= beat_last;
      hand_ends_q <= beat_ends;
      hand_closes_q <= beat_closes;
      hand_data_q <= beat_data;
      hand_left_q <= beat_begins ? beat_words : same ? next_left : kept_left;
      hand_place_q <= beat_begins ? 16'd0 : same ? next_place : kept_place;
      part_q <= '0;
    end else if (hand_q && free && live) begin
      hand_left_q <= next_left;
      hand_place_q <= next_place;
      part_q <= part_q + 1'b1;
    end
  end

  if (Parts > 1) begin : gen_parts
    assign part = hand_data_q[part_q * (BusBytes*8) +: BusBytes*8];
  end else begin : gen_whole
    assign part = hand_data_q;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      word_q <= 1'b0;
      ends_q <= 1'b0;
    end else if (free) begin
      word_q <= hand_q && live;
      ends_q <= done && hand_ends_q && !hold_i[hand_core_q];
    end
    if (free) begin
      word_core_q <= hand_core_q;
      ends_unit_q <= hand_unit_q;
      word_o <= {hand_domain_q, hand_first_q, hand_last_q, hand_channel_q, hand_slot_q,
                 hand_place_q, {BusBytes{1'b1}}, part};
    end
  end

  assign word_valid_o = word_q;

  always_comb begin
    for (int r = 0; r < 2 * Cores; r++) begin
      end_o[r] = ends_q && free && {word_core_q, ends_unit_q} == (CoreBits + 1)'(r);
    end
  end

  always_ff @(posedge clk_i) begin
    progress_o <= one_of(rst_ni && r_q, 4'(r_core_q))
                  | one_of(rst_ni && word_q && word_ready_i, 4'(word_core_q))
                  | one_of(rst_ni && arvalid_o && arready_i, arid_o);
  end

  logic unused;
  assign unused = &{1'b0, head_count, head.skip, head.row_end, head.ram, head.rest, rid_i, cfg_i};

  `TRINE_ASSERT(a_burst_has_place, !rst_ni || !burst_valid_i || line_room)
  `TRINE_ASSERT(a_client_in_page, !rst_ni || !send || !head.client || head.row_end)
  `TRINE_ASSERT(a_beat_has_place, !rst_ni || !beat_push || beat_room)
  `TRINE_ASSERT(a_answer_expected, !rst_ni || !rvalid_i || 32'(rid_i) < Cores)

endmodule

`default_nettype wire
