// SPDX-License-Identifier: Apache-2.0
// trine_mem_request: takes the requests of several clients in turn, checks each against the window
// and cuts it into bursts that stay inside 4 KiB pages.
//
// Guarantees: a request that is not wholly inside the window, or not aligned to MemBytes, gives no
// burst but a pulse of bad_o; bursts come in the order in which requests were taken; clients are
// served round-robin. The window's base is a multiple of 4 KiB (checked by the controller), so
// pages are pages of the offset. Burst outputs are registered; one request a cycle without cuts.
//
// cycle         0      1       2       3       a request that crosses a page
// valid, ready  A      .       .       .
// asked         .      A       .       .       window and page compared
// burst         .      .       A.0     A.1     final with the second
`default_nettype none
`include "trine_assert.svh"

module trine_mem_request #(
    parameter int unsigned Clients = 3,
    parameter int unsigned MemBytes = 8,       // power of two, 4..64
    localparam int unsigned ClientBits = (Clients > 1) ? $clog2(Clients) : 1
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic                  drop_i,     // level: forget what was taken, take nothing
    input  wire logic                  hold_i,     // level: take nothing
    input  wire logic [63:0]           window_base_i,
    input  wire logic [31:0]           window_size_i,
    // Requests: offsets in bytes in the window, 1..16 beats.
    input  wire logic [Clients-1:0]    valid_i,
    output      logic [Clients-1:0]    ready_o,
    input  wire logic [Clients*32-1:0] offset_i,
    input  wire logic [Clients*5-1:0]  beats_i,
    // A refused request.
    output      logic                  bad_o,
    output      logic [31:0]           bad_offset_o,
    // Bursts.
    output      logic                  burst_valid_o,
    input  wire logic                  burst_ready_i,
    output      logic [63:0]           burst_addr_o,
    output      logic [4:0]            burst_beats_o,
    output      logic                  burst_final_o,   // the last one of its request
    output      logic [ClientBits-1:0] burst_client_o,
    output      logic                  busy_o
);

  localparam int unsigned MemShift = $clog2(MemBytes);

  logic [Clients-1:0]    grant;
  logic                  take, move, burst_done;
  logic [ClientBits-1:0] client;
  logic [31:0]           offset;
  logic [4:0]            beats;

  logic                  asked_q;
  logic [ClientBits-1:0] asked_client_q;
  logic [31:0]           asked_offset_q;
  logic [4:0]            asked_beats_q;
  logic [32:0]           asked_end;
  logic [12:0]           page_beats;
  logic                  fits;
  logic                  crosses;
  logic [4:0]            first_beats;

  logic                  burst_q, inside_q;
  logic [63:0]           addr_q;
  logic [31:0]           offset_q;
  logic [4:0]            beats_q, rest_q;
  logic [ClientBits-1:0] client_q;

  trine_arbiter #(
      .Requests(Clients)
  ) u_clients (
      .clk_i,
      .rst_ni,
      .req_i    (valid_i),
      .advance_i(take),
      .grant_o  (grant)
  );

  always_comb begin
    client = '0;
    offset = '0;
    beats = '0;
    for (int n = 0; n < Clients; n = n + 1) begin
      if (grant[n]) begin
        client = client | ClientBits'(n);
        offset = offset | offset_i[n*32 +: 32];
        beats = beats | beats_i[n*5 +: 5];
      end
    end
  end

  assign burst_done = !burst_q || !inside_q || (burst_ready_i && rest_q == 5'd0);
  assign move = asked_q && burst_done;
  assign take = (|valid_i) && (!asked_q || move) && !hold_i && !drop_i;
  assign ready_o = take ? grant : '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || drop_i) asked_q <= 1'b0;
    else if (take) asked_q <= 1'b1;
    else if (move) asked_q <= 1'b0;
    if (take) begin
      asked_client_q <= client;
      asked_offset_q <= offset;
      asked_beats_q <= beats;
    end
  end

  assign asked_end = {1'b0, asked_offset_q} + (33'(asked_beats_q) << MemShift);
  assign fits = asked_end <= {1'b0, window_size_i} && asked_offset_q[MemShift-1:0] == '0;
  assign page_beats = (13'd4096 - {1'b0, asked_offset_q[11:0]}) >> MemShift;
  assign crosses = {8'd0, asked_beats_q} > page_beats;
  assign first_beats = crosses ? page_beats[4:0] : asked_beats_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || drop_i) burst_q <= 1'b0;
    else if (burst_done) burst_q <= asked_q;
    if (burst_done) begin
      inside_q <= fits;
      addr_q <= window_base_i + {32'd0, asked_offset_q};
      offset_q <= asked_offset_q;
      beats_q <= first_beats;
      rest_q <= asked_beats_q - first_beats;
      client_q <= asked_client_q;
    end else if (burst_ready_i) begin
      addr_q <= {addr_q[63:12] + 52'd1, 12'd0};
      beats_q <= rest_q;
      rest_q <= 5'd0;
    end
  end

  assign bad_o = burst_q && !inside_q && !drop_i;
  assign bad_offset_o = offset_q;
  assign burst_valid_o = burst_q && inside_q && !drop_i;
  assign burst_addr_o = addr_q;
  assign burst_beats_o = beats_q;
  assign burst_final_o = rest_q == 5'd0;
  assign burst_client_o = client_q;
  assign busy_o = asked_q || burst_q;

  `TRINE_ASSERT(a_beats_legal, !rst_ni || !take || (beats >= 5'd1 && beats <= 5'd16))
  `TRINE_ASSERT(a_inside_page, !rst_ni || !burst_valid_o
                || {1'b0, addr_q[11:0]} + (13'(beats_q) << MemShift) <= 13'd4096)

endmodule

`default_nettype wire
