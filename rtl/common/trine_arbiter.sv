// SPDX-License-Identifier: Apache-2.0
// trine_arbiter: fair round-robin: picks one of several requests, the one served last comes last.
//
// Guarantees (proved by induction, tests/formal/arbiter.sv): the grant is one-hot, goes to a request,
// and exists when any request does; a request that stands is granted after at most Requests-1
// advances. The grant is combinational from req_i; advance_i says that the grant of this cycle was
// used. The priority is an explicit prefix, since a carry chain is slower from eight requests on.
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

  `TRINE_ASSERT(a_grant_one_hot, !rst_ni || $onehot0(grant_o))
  `TRINE_ASSERT(a_work_conserving, !rst_ni || (|grant_o) == (|req_i))
  `TRINE_ASSERT(a_grant_asked, !rst_ni || (grant_o & ~req_i) == '0)

`ifdef FORMAL
  // Waiting bound: a standing request has at most `ahead` others before it, and each advance that
  // passes it by takes one away. waited + ahead never exceeds Requests-1.
  (* anyconst *) logic [$clog2(Requests+1)-1:0] watched;
  logic [7:0] waited_q;
  logic [7:0] ahead;

  always_comb begin
    assume (watched < Requests);
    ahead = 8'd0;
    for (int n = 0; n < Requests; n = n + 1) begin
      if (after_q[watched] ? (after_q[n] && n < watched) : (after_q[n] || n < watched)) begin
        ahead = ahead + 8'd1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || !req_i[watched] || grant_o[watched]) waited_q <= 8'd0;
    else if (advance_i) waited_q <= waited_q + 8'd1;
  end

  logic past_q = 1'b0;
  always_ff @(posedge clk_i) begin
    past_q <= 1'b1;
    if (!past_q) assume (!rst_ni);
    if (past_q) begin
      // The better class is always "all above one place".
      a_after_is_suffix: assert ((~after_q & (after_q << 1)) == '0);
      a_waiting_bound: assert (waited_q + ahead <= Requests - 1);
      c_waited_longest: cover (rst_ni && waited_q == Requests - 1 && grant_o[watched]);
    end
  end
`endif

endmodule

`default_nettype wire
