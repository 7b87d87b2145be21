// SPDX-License-Identifier: Apache-2.0
// trine_sequence_table: where each sequence lies in memory, how long it is, and whether it goes on
// from the steps before it; written by the program, read by the memory readers and writers.
//
// A client holds req_valid_i and its index until rsp_valid_o; the entry is shared by all clients
// and valid in that cycle. Round-robin, one request at a time, so a client waits at most Clients-1
// others' four cycles. An index outside the table reads some entry: the program checks indices.
//
// cycle        0     1     2     3     4
// req_valid_i  A     A     A     A     B
// RAM          .     rd A  .     .     .
// rsp_valid_o  .     .     .     A     .
`default_nettype none
`include "trine_assert.svh"

module trine_sequence_table #(
    parameter int unsigned TableEntries = 512,
    localparam int unsigned Clients = trine_pkg::READERS + trine_pkg::WRITERS,
    localparam int unsigned AddrBits = $clog2(TableEntries)
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic                  flush_i,
    // Program: offset in bytes, {continue, length in steps}.
    input  wire logic                  we_i,
    input  wire logic [15:0]           windex_i,
    input  wire logic [31:0]           woffset_i,
    input  wire logic [31:0]           wlength_i,
    // Readers, then writers.
    input  wire logic [Clients-1:0]    req_valid_i,
    input  wire logic [Clients*16-1:0] req_index_i,
    output      logic [Clients-1:0]    rsp_valid_o,
    output      logic [31:0]           rsp_offset_o,
    output      logic [30:0]           rsp_length_o,
    output      logic                  rsp_continue_o
);

  typedef enum logic [1:0] {StIdle, StRead, StOutput, StAnswer} state_e;

  state_e             state_q;
  logic [Clients-1:0] grant, client_q;
  logic [15:0]        index, index_q;
  logic               take, unused;

  trine_arbiter #(
      .Requests(Clients)
  ) u_clients (
      .clk_i,
      .rst_ni,
      .req_i    (req_valid_i),
      .advance_i(take),
      .grant_o  (grant)
  );

  always_comb begin
    index = '0;
    for (int n = 0; n < Clients; n = n + 1) begin
      if (grant[n]) index = index | req_index_i[n*16 +: 16];
    end
  end

  assign take = state_q == StIdle && (|req_valid_i);

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) state_q <= StIdle;
    else begin
      case (state_q)
        StIdle: if (take) state_q <= StRead;
        StRead: state_q <= StOutput;
        StOutput: state_q <= StAnswer;
        default: state_q <= StIdle;
      endcase
    end
    if (take) begin
      client_q <= grant;
      index_q <= index;
    end
  end

  trine_ram_1r1w #(
      .Width(64),
      .Depth(TableEntries)
  ) u_ram (
      .clk_i,
      .we_i   (we_i),
      .waddr_i(windex_i[AddrBits-1:0]),
      .be_i   (8'hff),
      .wdata_i({wlength_i, woffset_i}),
      .re_i   (state_q == StRead),
      .raddr_i(index_q[AddrBits-1:0]),
      .rdata_o({rsp_continue_o, rsp_length_o, rsp_offset_o})
  );

  assign rsp_valid_o = (state_q == StAnswer) ? client_q : '0;
  assign unused = &{1'b0, windex_i, index_q};

endmodule

`default_nettype wire
