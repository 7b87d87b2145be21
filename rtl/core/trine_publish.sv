// SPDX-License-Identifier: Apache-2.0
// trine_publish: what a core has waiting for the activation bus: the queue of the tail's words and
// the words of the memory readers.
//
// Guarantees: words of one source leave in order; tail and readers take turns when both wait; the
// request is registered, held and stable until granted. The tail never overruns its queue, since it
// has one credit a place.
//
// cycle          0      1      2      3       latency 2 to the request when nothing waits
// tail word      A      B      .      .
// queue          .      A      B      .
// req_o          .      .      A      B       one word a cycle when always granted
`default_nettype none
`include "trine_assert.svh"

module trine_publish #(
    parameter int unsigned QueueWords = 16,   // power of two
    parameter int unsigned WordBits = 98,     // a word with its fields
    parameter int unsigned Readers = 2
) (
    input  wire logic                        clk_i,
    input  wire logic                        rst_ni,
    input  wire logic                        flush_i,
    // Tail: never stalls, has credits.
    input  wire logic                        tail_valid_i,
    input  wire logic [WordBits-1:0]         tail_word_i,
    output      logic                        tail_credit_o,
    // Readers.
    input  wire logic [Readers-1:0]          reader_valid_i,
    output      logic [Readers-1:0]          reader_ready_o,
    input  wire logic [Readers*WordBits-1:0] reader_word_i,
    // To the bus.
    output      logic                        req_valid_o,
    input  wire logic                        req_ready_i,
    output      logic [WordBits-1:0]         req_word_o,
    output      logic                        quiet_o
);

  logic                      queue_valid, queue_pop, queue_room;
  logic [WordBits-1:0]       queue_word, reader_word;
  logic [$clog2(QueueWords):0] queue_count;
  logic                      valid_q, load, reader_any, take_tail, tail_turn_q;
  logic [Readers-1:0]        reader_take, reader_turn;
  logic [WordBits-1:0]       word_q;

  trine_fifo #(
      .Width(WordBits),
      .Depth(QueueWords)
  ) u_queue (
      .clk_i,
      .rst_ni,
      .flush_i,
      .valid_i(tail_valid_i),
      .ready_o(queue_room),
      .data_i (tail_word_i),
      .valid_o(queue_valid),
      .ready_i(queue_pop),
      .data_o (queue_word),
      .count_o(queue_count)
  );

  // The reader served last has the lowest priority among the readers.
  trine_arbiter #(
      .Requests(Readers)
  ) u_readers (
      .clk_i,
      .rst_ni,
      .req_i    (reader_valid_i),
      .advance_i(|reader_turn),
      .grant_o  (reader_take)
  );

  assign reader_any = |reader_valid_i;
  assign load = !valid_q || req_ready_i;
  assign take_tail = queue_valid && (tail_turn_q || !reader_any);
  assign queue_pop = load && take_tail;
  assign reader_turn = (load && reader_any && !take_tail) ? reader_take : '0;
  assign reader_ready_o = reader_turn;

  always_comb begin
    reader_word = '0;
    for (int r = 0; r < Readers; r++) begin
      if (reader_take[r]) reader_word = reader_word | reader_word_i[r*WordBits +: WordBits];
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      valid_q <= 1'b0;
      tail_turn_q <= 1'b1;
    end else if (load) begin
      valid_q <= queue_valid || reader_any;
      if (queue_valid && reader_any) tail_turn_q <= !take_tail;
    end
  end

  always_ff @(posedge clk_i) begin
    if (load) word_q <= take_tail ? queue_word : reader_word;
  end

  assign tail_credit_o = queue_pop;
  assign req_valid_o = valid_q;
  assign req_word_o = word_q;
  assign quiet_o = !valid_q && queue_count == '0;

  `TRINE_ASSERT(a_queue_fits, !rst_ni || flush_i || !tail_valid_i || queue_room)

endmodule

`default_nettype wire
