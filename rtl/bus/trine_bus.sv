// SPDX-License-Identifier: Apache-2.0
// trine_bus: one broadcast bus: each core asks with a word, one word a cycle goes to all cores.
//
// Guarantees: cores have turns; the front end, whose rows have slots ahead while words of a core
// hold up a step, goes when no core waits, or when it has waited for as many grants as there are
// cores. So a word of either waits at most Cores grants; the broadcast is registered; words of one
// source stay in order. Receivers take every word in its cycle. Used twice: for activation words
// and for release events, which only cores have.
//
// cycle          0        1        latency 1, one word a cycle
// req, ready     A        B
// front, ready   .        .        as soon as a cycle has no request
// bus_o          .        A
`default_nettype none
`include "trine_assert.svh"

module trine_bus #(
    parameter int unsigned Cores = 2,
    parameter int unsigned Width = 102
) (
    input  wire logic                   clk_i,
    input  wire logic                   rst_ni,
    // One request a core, held until ready.
    input  wire logic [Cores-1:0]       req_valid_i,
    output      logic [Cores-1:0]       req_ready_o,
    input  wire logic [Cores*Width-1:0] req_word_i,
    // The front end, likewise.
    input  wire logic                   front_valid_i,
    output      logic                   front_ready_o,
    input  wire logic [Width-1:0]       front_word_i,
    // Nobody goes in this cycle.
    input  wire logic                   hold_i,
    // Broadcast.
    output      logic                   bus_valid_o,
    output      logic [Width-1:0]       bus_word_o
);

  localparam int unsigned WaitBits = $clog2(Cores + 1);

  logic [Cores-1:0] grant, req;
  logic [Width-1:0] word;
  logic             some;
  logic [WaitBits-1:0] waits_q;

  assign req = hold_i ? '0 : req_valid_i;
  assign some = |req;
  assign front_ready_o = front_valid_i && !hold_i && (!some || waits_q == WaitBits'(Cores));

  if (Cores == 1) begin : gen_single
    assign grant = front_ready_o ? '0 : req;
  end else begin : gen_arbiter
    logic [Cores-1:0] turn;

    trine_arbiter #(
        .Requests(Cores)
    ) u_arbiter (
        .clk_i,
        .rst_ni,
        .req_i    (req),
        .advance_i(!front_ready_o),
        .grant_o  (turn)
    );

    assign grant = front_ready_o ? '0 : turn;
  end

  always_comb begin
    word = front_ready_o ? front_word_i : '0;
    for (int c = 0; c < Cores; c++) begin
      if (grant[c]) word = word | req_word_i[c*Width +: Width];
    end
  end

  assign req_ready_o = grant;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      bus_valid_o <= 1'b0;
      waits_q <= '0;
    end else begin
      bus_valid_o <= some || (front_valid_i && !hold_i);
      if (!hold_i) waits_q <= (front_valid_i && !front_ready_o) ? waits_q + 1'b1 : '0;
    end
    bus_word_o <= word;
  end

  `TRINE_ASSERT(a_one_word, !rst_ni || (grant & (grant - 1'b1)) == '0)
  `TRINE_ASSERT(a_a_word_a_cycle, !rst_ni || (|grant) == (some && !front_ready_o))
  `TRINE_ASSERT(a_taken_was_offered, !rst_ni || (grant & ~req_valid_i) == '0)

endmodule

`default_nettype wire
