// SPDX-License-Identifier: Apache-2.0
// trine_row_writes: write bursts to memory: rows out of the writers' RAM, and the beats of SAVE.
//
// An address goes out when its beats are all here; beats follow at one a cycle, bursts in order.
// When the last beat of a row was read its slot is given back (use_o), in the order of rows; a row
// that is not to be written gives its slot back in its turn. What is on hold goes no further: a
// burst that has begun ends without strobes, one that has not is dropped. The ID of a burst is its
// core, so the answers of an ID come in order, and a queue a core says whose each is.
//
// cycle          0     1     2     3     4     5
// burst_valid_i  A     .     .     .     .     .
// in hand        .     A     .     .     .     .      (queue empty)
// m_axi_aw       .     A     .     .     .     .
// RAM            A.0   A.1   .     .     .     .
// queue          .     .     .     A.0   .     .
// m_axi_w        .     .     .     .     A.0   .
// use_o          .     .     A     .     .     .      of two beats
`default_nettype none
`include "trine_assert.svh"

module trine_row_writes #(
    parameter int unsigned Cores = 2,
    parameter int unsigned MemBytes = 8,
    parameter int unsigned WriterBytes = 8192,
    parameter int unsigned Outstanding = 8,
    parameter int unsigned Queue = 8,
    localparam int unsigned CoreBits = (Cores > 1) ? $clog2(Cores) : 1,
    localparam int unsigned Words = WriterBytes / MemBytes,
    localparam int unsigned RamBits = $clog2(Cores * Words)
) (
    input  wire logic                        clk_i,
    input  wire logic                        rst_ni,
    input  wire logic [Cores-1:0]            hold_i,
    // Bursts from the walk; there is always a place.
    input  wire logic                        burst_valid_i,
    input  wire trine_pkg::burst_t           burst_i,
    input  wire logic [63:0]                 burst_addr_i,
    output      logic                        pop_o,
    output      logic [Cores-1:0]            drop_o,
    output      logic [Cores-1:0]            done_o,
    output      logic [2*Cores-1:0]          end_o,        // of writers
    output      logic [CoreBits-1:0]         beat_core_o,  // whose the beat at memory is
    // A slot is given back.
    output      logic [2*Cores-1:0]          use_o,
    // RAM, from the catch.
    input  wire logic                        ram_we_i,
    input  wire logic [RamBits-1:0]          ram_addr_i,
    input  wire logic [MemBytes-1:0]         ram_be_i,
    input  wire logic [MemBytes*8-1:0]       ram_data_i,
    // SAVE: one beat a request, kept here from save_take_i until its burst (save_full_o).
    input  wire logic [Cores-1:0]            stop_i,
    input  wire logic [Cores-1:0]            save_take_i,
    input  wire logic [Cores*MemBytes*8-1:0] save_data_i,
    input  wire logic [Cores*MemBytes-1:0]   save_strb_i,
    output      logic [Cores-1:0]            save_full_o,
    output      logic [Cores-1:0]            save_done_o,
    // Refused by memory.
    output      logic                        error_valid_o,
    output      logic [3:0]                  error_core_o,
    output      logic [63:0]                 error_addr_o,
    output      logic [Cores-1:0]            progress_o,
    // AXI4.
    output      logic                        awvalid_o,
    input  wire logic                        awready_i,
    output      logic [63:0]                 awaddr_o,
    output      logic [3:0]                  awid_o,
    output      logic [7:0]                  awlen_o,
    output      logic                        wvalid_o,
    input  wire logic                        wready_i,
    output      logic [MemBytes*8-1:0]       wdata_o,
    output      logic [MemBytes-1:0]         wstrb_o,
    output      logic                        wlast_o,
    input  wire logic                        bvalid_i,
    output      logic                        bready_o,
    input  wire logic [3:0]                  bid_i,
    input  wire logic [1:0]                  bresp_i
);

  localparam int unsigned MemShift = $clog2(MemBytes);
  localparam int unsigned PlaceBits = $clog2(Outstanding);
  localparam int unsigned OpenBits = $clog2(Cores * Outstanding);
  localparam int unsigned Beats = 8;

  function automatic logic [Cores-1:0] one_of(input logic valid, input logic [3:0] core);
    for (int c = 0; c < Cores; c++) one_of[c] = valid && core == 4'(c);
  endfunction

  // --- Bursts ---
  trine_pkg::burst_t               head, line_head, hand, hand_q;
  logic [63:0]                     head_addr, line_addr, open_addr;
  logic                            head_valid, line_valid, line_room, drop, send, skip, busy_q;
  logic                            line_pop, ready, dead;
  logic                            b_q, b_bad_q;
  logic [$clog2(Queue):0]          head_count;
  logic [Cores*PlaceBits-1:0]  sent_q, answered_q;
  logic [CoreBits-1:0]             head_core, b_core_q, hand_core;
  logic [PlaceBits-1:0]            head_sent, b_answered;
  logic                            open_client, open_unit, open_ends;

  trine_fifo #(
      .Width(trine_pkg::BURST_BITS + 64), .Depth(Queue)
  ) u_bursts (
      .clk_i, .rst_ni, .flush_i(1'b0),
      .valid_i(burst_valid_i && (line_valid || !ready)), .ready_o(line_room),
      .data_i({burst_i, burst_addr_i}), .valid_o(line_valid), .ready_i(line_pop),
      .data_o({line_head, line_addr}), .count_o(head_count)
  );

  // An empty queue is passed by; see trine_row_reads.
  assign head_valid = line_valid || burst_valid_i;
  assign head = line_valid ? line_head : burst_i;
  assign head_addr = line_valid ? line_addr : burst_addr_i;
  assign head_core = CoreBits'(head.core);
  assign head_sent = sent_q[head_core*PlaceBits +: PlaceBits];
  assign b_answered = answered_q[b_core_q*PlaceBits +: PlaceBits];
  assign ready = !busy_q && (head.skip || !awvalid_o || awready_i);
  assign line_pop = line_valid && (line_head.dead || hold_i[CoreBits'(line_head.core)] || ready);
  assign pop_o = line_valid ? line_pop : burst_valid_i && ready;
  assign dead = head.dead || hold_i[head_core];
  assign drop = pop_o && dead;
  assign skip = pop_o && !dead && head.skip;
  assign send = pop_o && !dead && !head.skip;
  assign drop_o = one_of(drop || skip, head.core);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) awvalid_o <= 1'b0;
    else if (send) awvalid_o <= 1'b1;
    else if (awready_i) awvalid_o <= 1'b0;
    if (!awvalid_o || awready_i) begin
      awaddr_o <= head_addr;
      awid_o <= head.core;
      awlen_o <= {4'd0, head.beats};
    end
  end

  trine_ram_lut #(
      .Width(67), .Depth(Cores * Outstanding)
  ) u_open (
      .clk_i, .we_i(send),
      .waddr_i(OpenBits'({head_core, head_sent})),
      .wdata_i({head.client, head.unit, head.ends, head_addr}),
      .raddr_i(OpenBits'({b_core_q, b_answered})),
      .rdata_o({open_client, open_unit, open_ends, open_addr})
  );

  // --- Beats ---
  logic                  read, read_last, one_q, one_last_q, one_cut_q;
  logic                  two_q, two_last_q, two_cut_q;
  logic                  one_client_q, two_client_q, beat_room, beat_valid, beat_pop, beat_last;
  logic [CoreBits-1:0]   one_core_q, two_core_q;
  logic [5:0]            one_rest_q, two_rest_q;
  logic [MemBytes*8-1:0] ram_data, two_data, beat_data;
  logic [MemBytes-1:0]   two_strb, beat_strb;
  logic [$clog2(Beats):0] beat_count;
  logic [3:0]            beat_core, w_core_q;
  logic [2*Cores-1:0]    given;

  // The first beat is read while the burst is sent.
  assign hand = busy_q ? hand_q : head;
  assign hand_core = CoreBits'(hand.core);
  assign read = (busy_q || send) && beat_count <= ($clog2(Beats) + 1)'(Beats - 4);
  assign read_last = read && hand.beats == 4'd0;

  always_comb begin
    for (int w = 0; w < 2 * Cores; w++) begin
      given[w] = skip ? {head_core, head.unit} == (CoreBits + 1)'(w)
                      : read_last && hand.row_end && !hand.client
                        && {hand_core, hand.unit} == (CoreBits + 1)'(w);
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) busy_q <= 1'b0;
    else busy_q <= (busy_q || send) && !read_last;
    hand_q <= hand;
    if (read) begin
      hand_q.beats <= hand.beats - 4'd1;
      hand_q.ram <= hand.ram + 16'd1;
    end
    use_o <= rst_ni ? given : '0;
  end

  trine_ram_1r1w #(
      .Width(MemBytes * 8), .Depth(Cores * Words)
  ) u_ram (
      .clk_i, .we_i(ram_we_i), .waddr_i(ram_addr_i), .be_i(ram_be_i), .wdata_i(ram_data_i),
      .re_i(busy_q || head_valid), .raddr_i(RamBits'({hand_core, hand.ram[$clog2(Words)-1:0]})),
      .rdata_o(ram_data)
  );

  always_ff @(posedge clk_i) begin
    one_q <= rst_ni && read;
    one_last_q <= read_last;
    one_cut_q <= read_last && hand.row_end;
    one_client_q <= hand.client;
    one_core_q <= hand_core;
    one_rest_q <= hand.rest;
    two_q <= rst_ni && one_q;
    two_last_q <= one_last_q;
    two_cut_q <= one_cut_q;
    two_client_q <= one_client_q;
    two_core_q <= one_core_q;
    two_rest_q <= one_rest_q;
  end

  // --- SAVE: a beat of each core ---
  logic [MemBytes*8-1:0] save_in_data, save_data;
  logic [MemBytes-1:0]   save_in_strb, save_strb;
  logic [CoreBits-1:0]   save_core;

  always_comb begin
    save_core = '0;
    save_in_data = '0;
    save_in_strb = '0;
    for (int c = 0; c < Cores; c++) begin
      if (save_take_i[c]) begin
        save_core = save_core | CoreBits'(c);
        save_in_data = save_in_data | save_data_i[c*MemBytes*8 +: MemBytes*8];
        save_in_strb = save_in_strb | save_strb_i[c*MemBytes +: MemBytes];
      end
    end
  end

  trine_ram_lut #(
      .Width(MemBytes * 9), .Depth(1 << CoreBits)
  ) u_saves (
      .clk_i, .we_i(|save_take_i), .waddr_i(save_core), .wdata_i({save_in_strb, save_in_data}),
      .raddr_i(two_core_q), .rdata_o({save_strb, save_data})
  );

  always_ff @(posedge clk_i) begin
    for (int c = 0; c < Cores; c++) begin
      if (!rst_ni || stop_i[c]) save_full_o[c] <= 1'b0;
      else if (save_take_i[c]) save_full_o[c] <= 1'b1;
      else if (two_q && two_client_q && two_core_q == CoreBits'(c)) save_full_o[c] <= 1'b0;
    end
  end

  always_comb begin
    two_data = ram_data;
    two_strb = '1;
    if (two_client_q) begin
      two_data = save_data;
      two_strb = save_strb;
    end else if (two_cut_q && two_rest_q[MemShift-1:0] != '0) begin
      two_strb = ~(two_strb << two_rest_q[MemShift-1:0]);
    end
    if (hold_i[two_core_q]) two_strb = '0;
  end

  trine_fifo #(
      .Width(MemBytes * 9 + 5), .Depth(Beats)
  ) u_beats (
      .clk_i, .rst_ni, .flush_i(1'b0), .valid_i(two_q), .ready_o(beat_room),
      .data_i({4'(two_core_q), two_last_q, two_strb, two_data}), .valid_o(beat_valid),
      .ready_i(beat_pop), .data_o({beat_core, beat_last, beat_strb, beat_data}),
      .count_o(beat_count)
  );

  assign beat_pop = beat_valid && (!wvalid_o || wready_i);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) wvalid_o <= 1'b0;
    else if (beat_pop) wvalid_o <= 1'b1;
    else if (wready_i) wvalid_o <= 1'b0;
    if (beat_pop) begin
      wdata_o <= beat_data;
      wstrb_o <= beat_strb;
      wlast_o <= beat_last;
      w_core_q <= beat_core;
    end
  end

  assign beat_core_o = CoreBits'(w_core_q);

  // --- Answers ---
  logic b_good;

  assign b_good = b_q && !b_bad_q && !hold_i[b_core_q];
  assign done_o = one_of(b_q, 4'(b_core_q));
  assign error_valid_o = b_q && b_bad_q && !hold_i[b_core_q];
  assign error_core_o = 4'(b_core_q);
  assign error_addr_o = open_addr;

  always_comb begin
    for (int w = 0; w < 2 * Cores; w++) begin
      end_o[w] = b_good && open_ends && !open_client
                 && {b_core_q, open_unit} == (CoreBits + 1)'(w);
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      bready_o <= 1'b0;
      b_q <= 1'b0;
      sent_q <= '0;
      answered_q <= '0;
    end else begin
      bready_o <= 1'b1;
      b_q <= bvalid_i && bready_o;
      if (send) sent_q[head_core*PlaceBits +: PlaceBits] <= head_sent + 1'b1;
      if (b_q) answered_q[b_core_q*PlaceBits +: PlaceBits] <= b_answered + 1'b1;
    end
    b_core_q <= CoreBits'(bid_i);
    b_bad_q <= bresp_i != 2'd0;
    save_done_o <= one_of(rst_ni && b_good && open_client, 4'(b_core_q));
    progress_o <= one_of(rst_ni && b_q, 4'(b_core_q))
                  | one_of(rst_ni && wvalid_o && wready_i, w_core_q);
  end

  logic unused;
  assign unused = &{1'b0, head_count, hand_q, bid_i, two_rest_q};

  `TRINE_ASSERT(a_burst_has_place, !rst_ni || !burst_valid_i || line_room)
  `TRINE_ASSERT(a_beat_has_place, !rst_ni || !two_q || beat_room)
  `TRINE_ASSERT(a_answer_expected, !rst_ni || !bvalid_i || 32'(bid_i) < Cores)

endmodule

`default_nettype wire
