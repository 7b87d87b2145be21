// SPDX-License-Identifier: Apache-2.0
// trine_mem_port: the memory port of a core: clients ask for at most 16 beats inside the domain's
// window; it checks them, makes AXI4 bursts of them and brings data and responses back.
//
// Guarantees: nothing outside the window is ever asked for; reads and writes do not wait for each
// other; read data come in the order of the requests (of a client, and of all together); up to
// Outstanding bursts each way. The first error is kept, with its address, until flush_i, and
// nothing is sent after it. flush_i drops what has not left; what has left is sunk: read data are
// thrown away, a begun write burst goes on without strobes. idle_o tells when all is over.
// A client's data beat is taken (wr_data_next_o) two cycles after its request or later.
//
// cycle          0     1     2     3     4     5 ...
// rd_valid/ready A     .     .     .     .
// request        .     A     A.0   .     .           check, burst
// ar_valid_o     .     .     .     A.0   .
// r_valid_i      .     .     .     .     .     D0
// rd_data_valid  .     .     .     .     .     .     D0
`default_nettype none
`include "trine_assert.svh"

module trine_mem_port #(
    parameter int unsigned MemBytes = 8,      // power of two, 4..64
    parameter int unsigned Outstanding = 4,   // bursts each way, power of two
    localparam int unsigned RD = 1 + trine_pkg::READERS,
    localparam int unsigned WR = 1 + trine_pkg::WRITERS
) (
    input  wire logic                     clk_i,
    input  wire logic                     rst_ni,
    input  wire logic                     flush_i,
    output      logic                     idle_o,
    output      logic                     progress_o,
    // Window of the domain; stable while anything is asked for.
    input  wire logic [63:0]              window_base_i,
    input  wire logic [31:0]              window_size_i,
    // Read requests, then data in order.
    input  wire logic [RD-1:0]            rd_valid_i,
    output      logic [RD-1:0]            rd_ready_o,
    input  wire logic [RD*32-1:0]         rd_offset_i,
    input  wire logic [RD*5-1:0]          rd_beats_i,
    output      logic [RD-1:0]            rd_data_valid_o,
    output      logic [MemBytes*8-1:0]    rd_data_o,
    // Write requests; a beat is taken by wr_data_next_o; wr_done_o when a request has its response.
    input  wire logic [WR-1:0]            wr_valid_i,
    output      logic [WR-1:0]            wr_ready_o,
    input  wire logic [WR*32-1:0]         wr_offset_i,
    input  wire logic [WR*5-1:0]          wr_beats_i,
    output      logic [WR-1:0]            wr_data_next_o,
    input  wire logic [WR*MemBytes*8-1:0] wr_data_i,
    input  wire logic [WR*MemBytes-1:0]   wr_strb_i,
    output      logic [WR-1:0]            wr_done_o,
    // First error, until flush.
    output      logic                     error_valid_o,
    output      logic [7:0]               error_code_o,
    output      logic [63:0]              error_addr_o,
    // To the arbiter.
    output      logic                     ar_valid_o,
    input  wire logic                     ar_ready_i,
    output      logic [63:0]              ar_addr_o,
    output      logic [7:0]               ar_len_o,
    input  wire logic                     r_valid_i,
    input  wire logic [MemBytes*8-1:0]    r_data_i,
    input  wire logic [1:0]               r_resp_i,
    input  wire logic                     r_last_i,
    output      logic                     aw_valid_o,
    input  wire logic                     aw_ready_i,
    output      logic [63:0]              aw_addr_o,
    output      logic [7:0]               aw_len_o,
    output      logic                     w_valid_o,
    input  wire logic                     w_ready_i,
    output      logic [MemBytes*8-1:0]    w_data_o,
    output      logic [MemBytes-1:0]      w_strb_o,
    output      logic                     w_last_o,
    input  wire logic                     b_valid_i,
    input  wire logic [1:0]               b_resp_i
);

  localparam int unsigned RdBits = $clog2(RD);
  localparam int unsigned WrBits = $clog2(WR);

  logic sink, sink_q, hold;

  // --- Reads ---
  logic              rd_burst, rd_send, rd_final, rd_bad, rd_busy, rd_room, rd_open, rd_pop;
  logic [63:0]       rd_addr, rd_open_addr;
  logic [4:0]        rd_beats;
  logic [31:0]       rd_bad_offset;
  logic [RdBits-1:0] rd_client, rd_open_client;
  logic [$clog2(Outstanding):0] rd_count;

  trine_mem_request #(
      .Clients (RD),
      .MemBytes(MemBytes)
  ) u_read (
      .clk_i,
      .rst_ni,
      .drop_i        (sink),
      .hold_i        (hold),
      .window_base_i,
      .window_size_i,
      .valid_i       (rd_valid_i),
      .ready_o       (rd_ready_o),
      .offset_i      (rd_offset_i),
      .beats_i       (rd_beats_i),
      .bad_o         (rd_bad),
      .bad_offset_o  (rd_bad_offset),
      .burst_valid_o (rd_burst),
      .burst_ready_i (rd_send),
      .burst_addr_o  (rd_addr),
      .burst_beats_o (rd_beats),
      .burst_final_o (rd_final),
      .burst_client_o(rd_client),
      .busy_o        (rd_busy)
  );

  // Whose data come next, and the address for an error.
  trine_fifo #(
      .Width(64 + RdBits),
      .Depth(Outstanding)
  ) u_read_open (
      .clk_i,
      .rst_ni,
      .flush_i(1'b0),
      .valid_i(rd_send),
      .ready_o(rd_room),
      .data_i ({rd_addr, rd_client}),
      .valid_o(rd_open),
      .ready_i(rd_pop),
      .data_o ({rd_open_addr, rd_open_client}),
      .count_o(rd_count)
  );

  assign rd_send = rd_burst && rd_room && (!ar_valid_o || ar_ready_i) && !hold;
  assign rd_pop = r_valid_i && r_last_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) ar_valid_o <= 1'b0;
    else if (rd_send) ar_valid_o <= 1'b1;
    else if (ar_ready_i) ar_valid_o <= 1'b0;
    if (rd_send) begin
      ar_addr_o <= rd_addr;
      ar_len_o <= {3'd0, rd_beats - 5'd1};
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || hold || r_resp_i != 2'd0 || !r_valid_i) rd_data_valid_o <= '0;
    else rd_data_valid_o <= RD'(1) << rd_open_client;
    rd_data_o <= r_data_i;
  end

  // --- Writes ---
  logic              wr_burst, wr_send, wr_final, wr_bad, wr_busy, wr_room, wr_open, w_load;
  logic [63:0]       wr_addr, wr_open_addr;
  logic [4:0]        wr_beats, w_left_q;
  logic [31:0]       wr_bad_offset;
  logic [WrBits-1:0] wr_client, wr_open_client, w_client_q;
  logic              wr_open_final;
  logic [$clog2(Outstanding):0] wr_count;

  trine_mem_request #(
      .Clients (WR),
      .MemBytes(MemBytes)
  ) u_write (
      .clk_i,
      .rst_ni,
      .drop_i        (sink),
      .hold_i        (hold),
      .window_base_i,
      .window_size_i,
      .valid_i       (wr_valid_i),
      .ready_o       (wr_ready_o),
      .offset_i      (wr_offset_i),
      .beats_i       (wr_beats_i),
      .bad_o         (wr_bad),
      .bad_offset_o  (wr_bad_offset),
      .burst_valid_o (wr_burst),
      .burst_ready_i (wr_send),
      .burst_addr_o  (wr_addr),
      .burst_beats_o (wr_beats),
      .burst_final_o (wr_final),
      .burst_client_o(wr_client),
      .busy_o        (wr_busy)
  );

  trine_fifo #(
      .Width(64 + WrBits + 1),
      .Depth(Outstanding)
  ) u_write_open (
      .clk_i,
      .rst_ni,
      .flush_i(1'b0),
      .valid_i(wr_send),
      .ready_o(wr_room),
      .data_i ({wr_addr, wr_client, wr_final}),
      .valid_o(wr_open),
      .ready_i(b_valid_i),
      .data_o ({wr_open_addr, wr_open_client, wr_open_final}),
      .count_o(wr_count)
  );

  assign wr_send = wr_burst && wr_room && w_left_q == 5'd0 && (!aw_valid_o || aw_ready_i) && !hold;
  assign w_load = w_left_q != 5'd0 && (!w_valid_o || w_ready_i);
  assign wr_data_next_o = (w_load && !sink) ? (WR'(1) << w_client_q) : '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) aw_valid_o <= 1'b0;
    else if (wr_send) aw_valid_o <= 1'b1;
    else if (aw_ready_i) aw_valid_o <= 1'b0;
    if (wr_send) begin
      aw_addr_o <= wr_addr;
      aw_len_o <= {3'd0, wr_beats - 5'd1};
      w_client_q <= wr_client;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      w_left_q <= 5'd0;
      w_valid_o <= 1'b0;
    end else begin
      if (wr_send) w_left_q <= wr_beats;
      else if (w_load) w_left_q <= w_left_q - 5'd1;
      if (w_load) w_valid_o <= 1'b1;
      else if (w_ready_i) w_valid_o <= 1'b0;
    end
    if (w_load) begin
      w_last_o <= w_left_q == 5'd1;
      w_data_o <= '0;
      w_strb_o <= '0;
      for (int n = 0; n < WR; n = n + 1) begin
        if (w_client_q == WrBits'(n)) begin
          w_data_o <= wr_data_i[n*MemBytes*8 +: MemBytes*8];
          w_strb_o <= sink ? '0 : wr_strb_i[n*MemBytes +: MemBytes];
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || hold || !b_valid_i || b_resp_i != 2'd0 || !wr_open_final) wr_done_o <= '0;
    else wr_done_o <= WR'(1) << wr_open_client;
  end

  // --- Errors, flush, rest ---
  logic rest;

  assign rest = !ar_valid_o && !aw_valid_o && !w_valid_o && w_left_q == 5'd0 && rd_count == '0
                && wr_count == '0;
  assign sink = flush_i || sink_q;
  assign hold = sink || error_valid_o;
  assign idle_o = rest && !rd_busy && !wr_busy;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) sink_q <= 1'b0;
    else sink_q <= sink && (flush_i || !rest);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || sink) error_valid_o <= 1'b0;
    else if (!error_valid_o) begin
      error_valid_o <= 1'b1;
      if (r_valid_i && r_resp_i != 2'd0) begin
        error_code_o <= trine_pkg::ERR_BUS_READ;
        error_addr_o <= rd_open_addr;
      end else if (b_valid_i && b_resp_i != 2'd0) begin
        error_code_o <= trine_pkg::ERR_BUS_WRITE;
        error_addr_o <= wr_open_addr;
      end else if (rd_bad || wr_bad) begin
        error_code_o <= trine_pkg::ERR_WINDOW;
        error_addr_o <= {32'd0, rd_bad ? rd_bad_offset : wr_bad_offset};
      end else error_valid_o <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) progress_o <= 1'b0;
    else progress_o <= r_valid_i || b_valid_i || (ar_valid_o && ar_ready_i)
                       || (w_valid_o && w_ready_i);
  end

  `TRINE_ASSERT(a_read_expected, !rst_ni || !r_valid_i || rd_open)
  `TRINE_ASSERT(a_response_expected, !rst_ni || !b_valid_i || wr_open)

  logic unused;
  assign unused = rd_final;

`ifndef SYNTHESIS
  // Channels are held and stable until taken.
  logic ar_held_q, aw_held_q, w_held_q;
  logic [71:0] ar_was_q, aw_was_q;
  logic [MemBytes*9:0] w_was_q;
  always_ff @(posedge clk_i) begin
    ar_held_q <= rst_ni && ar_valid_o && !ar_ready_i;
    aw_held_q <= rst_ni && aw_valid_o && !aw_ready_i;
    w_held_q <= rst_ni && w_valid_o && !w_ready_i;
    ar_was_q <= {ar_addr_o, ar_len_o};
    aw_was_q <= {aw_addr_o, aw_len_o};
    w_was_q <= {w_data_o, w_strb_o, w_last_o};
  end
  `TRINE_ASSERT(a_ar_held, !rst_ni || !ar_held_q
                || (ar_valid_o && ar_was_q == {ar_addr_o, ar_len_o}))
  `TRINE_ASSERT(a_aw_held, !rst_ni || !aw_held_q
                || (aw_valid_o && aw_was_q == {aw_addr_o, aw_len_o}))
  `TRINE_ASSERT(a_w_held, !rst_ni || !w_held_q
                || (w_valid_o && w_was_q == {w_data_o, w_strb_o, w_last_o}))
`endif

endmodule

`default_nettype wire
