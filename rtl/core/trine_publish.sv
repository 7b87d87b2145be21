// SPDX-License-Identifier: Apache-2.0
// trine_publish: what a core has waiting for the activation bus: the queue of the tail's words.
//
// Guarantees: words leave in order; the request is registered, held and stable until granted. The
// tail never overruns its queue, since it has one credit a place.
//
// cycle          0      1      2      3       latency 2 to the request when nothing waits
// tail word      A      B      .      .
// queue          .      A      B      .
// req_o          .      .      A      B       one word a cycle when always granted
// credit_o       .      .      A      B       as a word leaves the queue, a cycle later
`default_nettype none
`include "trine_assert.svh"

module trine_publish #(
    parameter int unsigned QueueWords = 16,   // power of two
    parameter int unsigned WordBits = 98      // a word with its fields
) (
    input  wire logic                        clk_i,
    input  wire logic                        rst_ni,
    input  wire logic                        flush_i,
    // Tail: never stalls, has credits.
    input  wire logic                        tail_valid_i,
    input  wire logic [WordBits-1:0]         tail_word_i,
    output      logic                        tail_credit_o,
    // To the bus.
    output      logic                        req_valid_o,
    input  wire logic                        req_ready_i,
    output      logic [WordBits-1:0]         req_word_o,
    output      logic                        quiet_o
);

  logic                      queue_valid, queue_pop, queue_room;
  logic [WordBits-1:0]       queue_word, word_q;
  logic [$clog2(QueueWords):0] queue_count;
  logic                      valid_q, load;

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

  assign load = !valid_q || req_ready_i;
  assign queue_pop = load && queue_valid;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) valid_q <= 1'b0;
    else if (load) valid_q <= queue_valid;
    if (load) word_q <= queue_word;
    tail_credit_o <= rst_ni && !flush_i && queue_pop;
  end

  assign req_valid_o = valid_q;
  assign req_word_o = word_q;
  assign quiet_o = !valid_q && queue_count == '0;

  `TRINE_ASSERT(a_queue_fits, !rst_ni || flush_i || !tail_valid_i || queue_room)

endmodule

`default_nettype wire
