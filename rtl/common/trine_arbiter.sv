// SPDX-License-Identifier: Apache-2.0
// trine_arbiter: fair round-robin: picks one of several requests, the one served last comes last.
//
// Guarantees (proved by induction, tests/formal/arbiter.cfg): the grant is one-hot, goes to a
// request, and exists when any request does; while a request stands, each other one is granted at
// most once, so it waits for at most Requests-1 advances. The grant is combinational from req_i;
// advance_i says that the grant of this cycle was used. The priority is an explicit prefix, since a
// carry chain is slower from eight requests on.
//
// cycle        0      1      2      3       all of three ask, advance_i = 1
// grant_o      001    010    100    001
// after_q      000    110    100    000     the ones behind the last grant go first
`default_nettype none
`include "trine_assert.svh"

module trine_arbiter #(
    parameter int unsigned Requests = 2   // 1..
) (
    input  wire logic                clk_i,
    input  wire logic                rst_ni,
    input  wire logic [Requests-1:0] req_i,
    input  wire logic                advance_i,
    output      logic [Requests-1:0] grant_o
);

  logic [Requests-1:0] after_q;
  logic [Requests-1:0] pool;   // requests of the better class
  logic [Requests-1:0] seen;   // bit n: one of pool[n:0] asks

  assign pool = ((req_i & after_q) != '0) ? (req_i & after_q) : req_i;

  always_comb begin
    seen = pool;
    for (int step = 1; step < Requests; step = step * 2) seen = seen | (seen << step);
  end

  assign grant_o = pool & ~(seen << 1);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) after_q <= '0;
    else if (advance_i && (|req_i)) after_q <= seen << 1;
  end

  `TRINE_ASSERT(a_grant_one_hot, !rst_ni || (grant_o & (grant_o - 1'b1)) == '0)
  `TRINE_ASSERT(a_work_conserving, !rst_ni || (|grant_o) == (|req_i))
  `TRINE_ASSERT(a_grant_asked, !rst_ni || (grant_o & ~req_i) == '0)

`ifdef FORMAL
  // Waiting bound: while one request stands, each other one passes it at most once. It holds since
  // those that passed are never among those still before it.
  (* anyconst *) logic [7:0] watched;
  logic [Requests-1:0] self, below, ahead, passed_q;
  logic                past_q = 1'b0;

  always_comb begin
    assume (watched < Requests);
    self = Requests'(1) << watched;
    below = self - Requests'(1);
    ahead = ((self & after_q) != '0) ? (after_q & below) : (after_q | below);
  end

  always_ff @(posedge clk_i) begin
    past_q <= 1'b1;
    if (!rst_ni || (req_i & self) == '0 || (grant_o & self) != '0) passed_q <= '0;
    else if (advance_i) passed_q <= passed_q | grant_o;
    if (!past_q) assume (!rst_ni);
    if (past_q) begin
      a_after_is_suffix: assert ((~after_q & (after_q << 1)) == '0);
      a_passed_is_behind: assert ((passed_q & (ahead | self)) == '0);
      a_passes_once: assert (!rst_ni || (req_i & self) == '0 || (passed_q & grant_o) == '0);
      c_all_passed: cover (rst_ni && (passed_q | self) == '1 && (grant_o & self) != '0);
    end
  end
`endif

endmodule

`default_nettype wire
