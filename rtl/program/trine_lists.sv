// SPDX-License-Identifier: Apache-2.0
// trine_lists: what is fetched for the programs: a ring of beats a thread, of its list or of a LOAD
// under way, and the bursts that ask for them.
//
// begin_i empties the ring of the thread at hand and asks for `count_i` beats from beat `beat_i` of
// its window on; more_i asks for as many behind those, once all those were asked for (asked_o);
// end_i asks for no more. What they ask is there a cycle later. A burst has at most 16 beats, ends
// with a page and is asked for once there is room for it: from the place the thread still needs
// (free_i) on. So nothing that comes is ever refused, and a thread whose memory is silent stands in
// nobody's way.
//
// cycle         0      1      2      3      4    ...   n      n+1    n+2
// begin_i       1      .      .      .      .
// fetch_valid_o .      .      .      .      1          until fetch_ready_i
// fetch_valid_i .      .      .      .      .          1      1      .
// there_o       .      .      0      0      0          0      0      1      2 in the next
// head_o, ..    .      .      0      0      0          0      0      of one
// re_i, place_i .      .      .      .      .          .      A      .      beat_o two cycles later
`default_nettype none
`include "trine_assert.svh"

module trine_lists #(
    parameter int unsigned Threads = 2,
    parameter int unsigned MemBytes = 8,
    parameter int unsigned CountBits = 32,  // of beats, twice the most there are
    localparam int unsigned ThreadBits = (Threads > 1) ? $clog2(Threads) : 1,
    localparam int unsigned BeatBits = 32 - $clog2(MemBytes),
    localparam int unsigned Beats = (MemBytes < 16) ? 1024 / MemBytes : 64,
    localparam int unsigned PlaceBits = $clog2(Beats)
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic [Threads-1:0]    flush_i,
    // The thread at hand.
    input  wire logic [ThreadBits-1:0] thread_i,
    input  wire logic                  begin_i,
    input  wire logic                  more_i,
    input  wire logic                  end_i,
    output      logic                  asked_o,
    input  wire logic [BeatBits-1:0]   beat_i,
    input  wire logic [CountBits-1:0]  count_i,       // not 0
    input  wire logic                  free_i,
    input  wire logic [PlaceBits-1:0]  free_place_i,  // what is before it is not needed any more
    output      logic [PlaceBits:0]    there_o,       // beats from the free place on, a cycle ago
    input  wire logic [PlaceBits-1:0]  place_i,
    output      logic [MemBytes*8-1:0] beat_o,        // of the place two cycles before
    // What each has from its free place on.
    output      logic [Threads-1:0]    head_o,        // the header of a program
    output      logic [Threads-1:0]    list_o,        // a block, or all
    output      logic [Threads-1:0]    piece_o,       // 16 beats, or all
    output      logic [Threads-1:0]    all_o,         // all that was to be asked for
    // Front end, by the core of rank 0.
    output      logic [Threads-1:0]    fetch_valid_o,
    input  wire logic [Threads-1:0]    fetch_ready_i,
    output      logic [Threads*32-1:0] fetch_offset_o,
    output      logic [Threads*5-1:0]  fetch_beats_o,
    input  wire logic [Threads-1:0]    fetch_valid_i,
    input  wire logic [MemBytes*8-1:0] fetch_data_i
);

  localparam int unsigned MemShift = $clog2(MemBytes);
  localparam int unsigned WordsABeat = MemBytes / 4;
  localparam int unsigned HeadBeats = (MemBytes < 32) ? 32 / MemBytes : 1;
  localparam int unsigned BlockBeats = (trine_records_pkg::BLOCK_WORDS + 2) / WordsABeat + 1;
  localparam int unsigned PageBits = 12 - MemShift;
  localparam int unsigned Bits = PlaceBits + 1;

  localparam int unsigned AddrBits = $clog2(Threads * Beats);

  function automatic logic [AddrBits-1:0] address(input logic [ThreadBits-1:0] thread,
                                                  input logic [PlaceBits-1:0] place);
    address = AddrBits'({thread, place});
  endfunction

  logic [Threads-1:0]          want, grant, any_q, room_q, cut, accept, mine;
  logic [Threads*CountBits-1:0] left_q;
  logic [Threads*BeatBits-1:0] next_q;
  logic [Threads*Bits-1:0]     there;
  logic [Threads*PlaceBits-1:0] write_q;
  logic [BeatBits-1:0]         low, accepted, after;
  logic [CountBits-1:0]        count;
  logic [PageBits-1:0]         low_q;
  logic [4:0]                  count_q, most, ask, accepted_beats;
  logic [PlaceBits-1:0]        write_place;
  logic [PlaceBits:0]          there_now;
  logic [ThreadBits-1:0]       write_thread;
  logic                        many_q;

  assign mine = Threads'(1) << thread_i;
  assign accept = fetch_valid_o & fetch_ready_i;
  assign asked_o = (mine & (any_q | cut)) == '0;

  // A burst is cut in two cycles: what is left of whom, then how many beats of it.
  trine_arbiter #(
      .Requests(Threads)
  ) u_turn (
      .clk_i, .rst_ni, .req_i(want), .advance_i(1'b1), .grant_o(grant)
  );

  always_comb begin
    low = '0;
    count = '0;
    accepted = '0;
    accepted_beats = '0;
    write_place = '0;
    write_thread = '0;
    there_now = '0;
    for (int t = 0; t < Threads; t++) begin
      if (grant[t]) low = low | next_q[t*BeatBits +: BeatBits];
      if (grant[t]) count = count | left_q[t*CountBits +: CountBits];
      if (accept[t]) accepted = accepted | next_q[t*BeatBits +: BeatBits];
      if (accept[t]) accepted_beats = accepted_beats | fetch_beats_o[t*5 +: 5];
      if (fetch_valid_i[t]) write_place = write_place | write_q[t*PlaceBits +: PlaceBits];
      if (fetch_valid_i[t]) write_thread = write_thread | ThreadBits'(t);
      if (mine[t]) there_now = there_now | there[t*Bits +: Bits];
    end
  end

  always_ff @(posedge clk_i) begin
    there_o <= there_now;
    low_q <= low[PageBits-1:0];
    count_q <= count[4:0];
    many_q <= count[CountBits-1:5] != '0;
  end

  // To the end of a page at most, which is less than 16 beats away only in its last 16.
  assign most = (&low_q[PageBits-1:4]) ? 5'd16 - {1'b0, low_q[3:0]} : 5'd16;
  assign ask = (many_q || count_q > most) ? most : count_q;
  assign after = accepted + BeatBits'(accepted_beats);

  for (genvar t = 0; t < Threads; t++) begin : gen_thread
    logic [Bits-1:0] claimed_q, come_q, free_q;
    logic [CountBits-1:0] left;
    logic            cut_q, late_q, begins, landed;   // late_q: the cycle behind cut_q

    assign begins = begin_i && mine[t];
    assign there[t*Bits +: Bits] = come_q - free_q;
    assign landed = !any_q[t] && !cut_q && claimed_q == come_q;
    assign want[t] = any_q[t] && room_q[t] && !cut_q && !fetch_valid_o[t];
    assign fetch_offset_o[t*32 +: 32] = {next_q[t*BeatBits +: BeatBits], MemShift'(0)};
    assign write_q[t*PlaceBits +: PlaceBits] = come_q[PlaceBits-1:0];
    assign cut[t] = cut_q;
    assign left = left_q[t*CountBits +: CountBits] - CountBits'(fetch_beats_o[t*5 +: 5]);

    always_ff @(posedge clk_i) begin
      if (!rst_ni || flush_i[t]) begin
        any_q[t] <= 1'b0;
        cut_q <= 1'b0;
        late_q <= 1'b0;
        fetch_valid_o[t] <= 1'b0;
      end else begin
        late_q <= cut_q;
        cut_q <= grant[t] && !(mine[t] && (begin_i || more_i || end_i));
        if (cut_q) fetch_valid_o[t] <= 1'b1;
        else if (fetch_ready_i[t]) fetch_valid_o[t] <= 1'b0;
        if (mine[t] && (begin_i || more_i)) any_q[t] <= 1'b1;
        else if (mine[t] && end_i) any_q[t] <= 1'b0;
        else if (cut_q) any_q[t] <= many_q || count_q > most;
      end
      if (mine[t] && (begin_i || more_i)) left_q[t*CountBits +: CountBits] <= count_i;
      else if (late_q) left_q[t*CountBits +: CountBits] <= left;
      if (cut_q) fetch_beats_o[t*5 +: 5] <= ask;
      if (begins) next_q[t*BeatBits +: BeatBits] <= beat_i;
      else if (accept[t]) next_q[t*BeatBits +: BeatBits] <= after;
    end

    // Places: claimed for what is asked for, filled, free.
    always_ff @(posedge clk_i) begin
      if (!rst_ni || flush_i[t] || begins) begin
        claimed_q <= '0;
        come_q <= '0;
        free_q <= '0;
      end else begin
        if (cut_q) claimed_q <= claimed_q + Bits'(ask);
        if (fetch_valid_i[t]) come_q <= come_q + 1'b1;
        // A place that is freed is not further than a ring ahead.
        if (free_i && mine[t]) begin
          free_q <= free_q + Bits'(PlaceBits'(free_place_i - free_q[PlaceBits-1:0]));
        end
      end
      room_q[t] <= Bits'(claimed_q - free_q) <= Bits'(Beats - 16) && !cut_q;
    end

    // A cycle old: what the unit does to its thread is in it before it looks again.
    always_ff @(posedge clk_i) begin
      all_o[t] <= rst_ni && landed && !begins;
      head_o[t] <= rst_ni && 32'(there[t*Bits +: Bits]) >= HeadBeats && !begins;
      list_o[t] <= rst_ni && (landed || 32'(there[t*Bits +: Bits]) >= BlockBeats) && !begins;
      piece_o[t] <= rst_ni && (landed || there[t*Bits +: Bits] >= Bits'(16)) && !begins;
    end

    `TRINE_ASSERT(a_begins_empty, !rst_ni || flush_i[t] || !begins
                  || (claimed_q == come_q && !cut_q && !fetch_valid_o[t]))
    `TRINE_ASSERT(a_has_place, !rst_ni || flush_i[t] || Bits'(claimed_q - free_q) <= Bits'(Beats))
    `TRINE_ASSERT(a_asked_for, !rst_ni || flush_i[t] || !fetch_valid_i[t] || come_q != claimed_q)
  end

  trine_ram_1r1w #(
      .Width(MemBytes * 8), .Depth(Threads * Beats)
  ) u_beats (
      .clk_i, .we_i(|fetch_valid_i), .waddr_i(address(write_thread, write_place)), .be_i('1),
      .wdata_i(fetch_data_i), .re_i(1'b1), .raddr_i(address(thread_i, place_i)),
      .rdata_o(beat_o)
  );

  logic unused;
  assign unused = &{1'b0, low};

  `TRINE_ASSERT(a_one_order, !rst_ni || 32'(begin_i) + 32'(more_i) + 32'(end_i) <= 1)
  `TRINE_ASSERT(a_more_behind, !rst_ni || !more_i || asked_o)
  `TRINE_ASSERT(a_asks_for_some, !rst_ni || !(begin_i || more_i) || count_i != '0)

endmodule

`default_nettype wire
