// SPDX-License-Identifier: Apache-2.0
// trine_bus: one broadcast bus: each core asks with a word, one word a cycle goes to all cores.
//
// Guarantees: round-robin, so a word waits at most Cores-1 grants; the broadcast is registered;
// words of one core stay in order. Receivers take every word in its cycle. Used twice: for
// activation words and for release events.
//
// cycle        0        1        latency 1, one word a cycle
// req, ready   A        B
// bus_o        .        A
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
    // Broadcast.
    output      logic                   bus_valid_o,
    output      logic [Width-1:0]       bus_word_o
);

  logic [Cores-1:0] grant;
  logic [Width-1:0] word;

  if (Cores == 1) begin : gen_single
    assign grant = req_valid_i;
  end else begin : gen_arbiter
    trine_arbiter #(
        .Requests(Cores)
    ) u_arbiter (
        .clk_i,
        .rst_ni,
        .req_i    (req_valid_i),
        .advance_i(|req_valid_i),
        .grant_o  (grant)
    );
  end

  always_comb begin
    word = '0;
    for (int c = 0; c < Cores; c++) begin
      if (grant[c]) word = word | req_word_i[c*Width +: Width];
    end
  end

  assign req_ready_o = grant;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) bus_valid_o <= 1'b0;
    else bus_valid_o <= |req_valid_i;
    bus_word_o <= word;
  end

  `TRINE_ASSERT(a_one_word, !rst_ni || (grant & (grant - 1'b1)) == '0)
  `TRINE_ASSERT(a_a_word_a_cycle, !rst_ni || (|grant) == (|req_valid_i))
  `TRINE_ASSERT(a_taken_was_offered, !rst_ni || (grant & ~req_valid_i) == '0)

endmodule

`default_nettype wire
