// SPDX-License-Identifier: Apache-2.0
// trine_fetch: reads a piece of the domain's window for the program: as a stream of 32-bit words
// (program, parameters, vectors, state) or of memory beats (weights).
//
// start_i begins a piece: `offset_i` bytes (multiple of 4; of MemBytes in beat mode), `count_i`
// words or beats (>= 1; CountBits hold twice the most there are). It asks for at most 16 beats of a
// page at a time, with room for them. stop_i ends a piece early; idle_o is 1 when nothing is
// outstanding and start_i may come. Words are held until taken; beats come one a cycle and must be
// taken. A burst is cut in one cycle and counted in the next: one is asked for every other cycle.
//
// cycle        0      1      2     ...   n       n+1     n+2
// start_i      1      .      .
// request      .      .      1
// word_valid   .      .      .           1 w0    1 w1    1 w2    (n: memory latency)
`default_nettype none
`include "trine_assert.svh"

module trine_fetch #(
    parameter int unsigned MemBytes = 8,
    parameter int unsigned CountBits = 32
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic                  flush_i,
    input  wire logic                  start_i,
    input  wire logic                  beats_i,        // 1: beat mode
    input  wire logic [31:0]           offset_i,
    input  wire logic [CountBits-1:0]  count_i,
    input  wire logic                  stop_i,
    output      logic                  idle_o,
    // Words.
    output      logic                  word_valid_o,
    input  wire logic                  word_ready_i,
    output      logic [31:0]           word_o,
    // Beats.
    output      logic                  beat_valid_o,
    output      logic [MemBytes*8-1:0] beat_o,
    // Front end.
    output      logic                  rd_valid_o,
    input  wire logic                  rd_ready_i,
    output      logic [31:0]           rd_offset_o,
    output      logic [4:0]            rd_beats_o,
    input  wire logic                  rd_data_valid_i,
    input  wire logic [MemBytes*8-1:0] rd_data_i
);

  localparam int unsigned MemShift = $clog2(MemBytes);
  localparam int unsigned WordsABeat = MemBytes / 4;
  localparam int unsigned WordIdxBits = (WordsABeat > 1) ? $clog2(WordsABeat) : 1;
  localparam int unsigned FifoBeats = 32;
  localparam int unsigned PageBeats = 4096 / MemBytes;
  localparam int unsigned PageBits = $clog2(PageBeats);

  logic                   beat_mode_q, drain_q;
  logic [31-MemShift:0]   next_beat_q;      // address in beats
  logic [CountBits-1:0]   to_ask_q;         // beats not yet asked for
  logic                   any_q, many_q;    // there are such; more than can be asked for at once
  logic                   counts_q;         // rd_beats_o is of a burst that is not counted yet
  logic [CountBits-1:0]   left_q;           // words or beats not yet delivered
  logic                   some_q, one_q;    // there are such; there is one
  logic [5:0]             reserved_q;       // beats asked for and not yet handed on
  logic [5:0]             flying_q, flying; // beats asked for and not yet here
  logic                   landed_q, landed; // there are none
  logic [WordIdxBits-1:0] idx_q;
  logic                   fifo_valid, fifo_room, fifo_pop, word_taken, asked;
  logic [5:0]             fifo_count;
  logic [MemBytes*8-1:0]  fifo_data;
  logic [CountBits-1:0]   word_beats;       // beats that hold count_i words from the offset on
  logic [CountBits-1:0]   first_ask, to_ask;
  logic [4:0]             ask, most;
  logic                   unused;

  trine_fifo #(
      .Width(MemBytes * 8), .Depth(FifoBeats), .Registered(1)
  ) u_fifo (
      .clk_i, .rst_ni, .flush_i(flush_i || drain_q),
      .valid_i(rd_data_valid_i && !drain_q), .ready_o(fifo_room), .data_i(rd_data_i),
      .valid_o(fifo_valid), .ready_i(fifo_pop), .data_o(fifo_data), .count_o(fifo_count)
  );

  // To the end of a page at most, which is less than 16 beats away only in its last 16.
  assign most = (&next_beat_q[PageBits-1:4]) ? 5'd16 - {1'b0, next_beat_q[3:0]} : 5'd16;
  assign ask = (many_q || to_ask_q[4:0] > most) ? most : to_ask_q[4:0];
  assign to_ask = to_ask_q - CountBits'(rd_beats_o);
  assign first_ask = beats_i ? count_i : word_beats;
  assign asked = any_q && !counts_q && reserved_q <= 6'd16 && !drain_q && !stop_i
                 && (!rd_valid_o || rd_ready_i);
  assign flying = flying_q + (counts_q ? 6'(rd_beats_o) : 6'd0) - 6'(rd_data_valid_i);
  assign landed = !counts_q && (landed_q || (rd_data_valid_i && flying_q == 6'd1));

  assign word_valid_o = fifo_valid && !beat_mode_q && some_q && !drain_q;
  assign word_taken = word_valid_o && word_ready_i;
  assign beat_valid_o = fifo_valid && beat_mode_q && some_q && !drain_q;
  assign beat_o = fifo_data;
  assign fifo_pop = beat_valid_o
                    || (word_taken && (32'(idx_q) == WordsABeat - 1 || one_q));
  assign idle_o = !some_q && !any_q && !counts_q && landed_q && !drain_q;
  assign unused = &{1'b0, fifo_room, fifo_count};

  if (WordsABeat > 1) begin : gen_select
    assign word_o = fifo_data[{idx_q, 5'd0} +: 32];
    assign word_beats = (count_i + CountBits'(offset_i[MemShift-1:2]) + CountBits'(WordsABeat - 1))
                        >> WordIdxBits;
  end else begin : gen_whole
    assign word_o = fifo_data;
    assign word_beats = count_i;
  end

  // What stands here is asked for, also when the piece ends early.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) rd_valid_o <= 1'b0;
    else if (asked) rd_valid_o <= 1'b1;
    else if (rd_ready_i) rd_valid_o <= 1'b0;
    if (asked) begin
      rd_offset_o <= {next_beat_q, MemShift'(0)};
      rd_beats_o <= ask;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      to_ask_q <= '0;
      any_q <= 1'b0;
      counts_q <= 1'b0;
      left_q <= '0;
      some_q <= 1'b0;
      one_q <= 1'b0;
      reserved_q <= 6'd0;
      flying_q <= 6'd0;
      landed_q <= 1'b1;
      drain_q <= 1'b0;
      beat_mode_q <= 1'b0;
      idx_q <= '0;
      next_beat_q <= '0;
    end else if (start_i) begin
      beat_mode_q <= beats_i;
      next_beat_q <= offset_i[31:MemShift];
      to_ask_q <= first_ask;
      any_q <= first_ask != '0;
      many_q <= first_ask[CountBits-1:5] != '0;
      left_q <= count_i;
      some_q <= count_i != '0;
      one_q <= count_i == CountBits'(1);
      reserved_q <= 6'd0;
      flying_q <= 6'd0;
      landed_q <= 1'b1;
      idx_q <= (WordsABeat > 1) ? WordIdxBits'(offset_i >> 2) : '0;
    end else if (stop_i || drain_q) begin
      any_q <= 1'b0;
      counts_q <= 1'b0;
      left_q <= '0;
      some_q <= 1'b0;
      flying_q <= flying;
      landed_q <= landed;
      drain_q <= stop_i || !landed;
    end else begin
      counts_q <= asked;
      if (counts_q) begin
        next_beat_q <= next_beat_q + (32-MemShift)'(rd_beats_o);
        to_ask_q <= to_ask;
        any_q <= to_ask != '0;
        many_q <= to_ask[CountBits-1:5] != '0;
      end
      reserved_q <= reserved_q + (counts_q ? 6'(rd_beats_o) : 6'd0) - 6'(fifo_pop);
      flying_q <= flying;
      landed_q <= landed;
      if (word_taken || beat_valid_o) begin
        left_q <= left_q - CountBits'(1);
        some_q <= !one_q;
        one_q <= left_q == CountBits'(2);
      end
      if (word_taken) idx_q <= (32'(idx_q) == WordsABeat - 1) ? '0 : idx_q + 1'b1;
    end
  end

  `TRINE_ASSERT(a_start_when_idle, !rst_ni || flush_i || !start_i || idle_o)
  `TRINE_ASSERT(a_landed, !rst_ni || flush_i || landed_q == (flying_q == 6'd0))
  `TRINE_ASSERT(a_left, !rst_ni || flush_i || some_q == (left_q != '0))
  `TRINE_ASSERT(a_fifo_fits, !rst_ni || flush_i || drain_q || !rd_data_valid_i || fifo_room)

endmodule

`default_nettype wire
