// SPDX-License-Identifier: Apache-2.0
// trine_onchip_memory: shared memory of a small FPGA: block RAM behind an AXI4 slave of 32 bits,
// with a second way in for a host.
//
// AXI: INCR bursts of any length whose beats are whole words (byte strobes honoured), one read and
// one write burst at a time, each one beat a cycle; first read data four cycles after the address.
// A burst that starts outside the memory (none crosses 4 KiB, as AXI has it) is answered with
// DECERR, and nothing is written. A write is answered when it is in the RAM. Answers wait for their
// ready; every read beat has its place in the answer FIFO before the RAM is read.
// Host: a word a cycle, always taken, never refused (the caller keeps to the memory); its reads
// come two cycles later. It delays the cores by the cycles it takes: a serial line takes few.
// Read and write of one word in the same cycle: the data read are undefined.
//
// cycle        0    1     2     3      4     5       a read of two beats
// ar           A    .     .     .      .     .
// RAM address  .    A     A+1   .      .     .
// FIFO in      .    .     .     D0     D1    .
// r            .    .     .     .      D0    D1
// host_re_i    A    .     .     .      .     .       a cycle with it issues no beat
// host_rdata   .    .     D     .      .     .
`default_nettype none
`include "trine_assert.svh"

module trine_onchip_memory #(
    parameter int unsigned Bytes = 131072,  // a multiple of 4096
    parameter int unsigned IdBits = 4,
    localparam int unsigned AddrBits = $clog2(Bytes) - 2  // of a word
) (
    input  wire logic                clk_i,
    input  wire logic                rst_ni,
    // Host.
    input  wire logic                host_re_i,
    input  wire logic                host_we_i,
    input  wire logic [AddrBits-1:0] host_addr_i,
    input  wire logic [31:0]         host_wdata_i,
    output      logic [31:0]         host_rdata_o,
    // AXI4 slave.
    input  wire logic                s_awvalid_i,
    output      logic                s_awready_o,
    input  wire logic [63:0]         s_awaddr_i,
    input  wire logic [IdBits-1:0]   s_awid_i,
    input  wire logic                s_wvalid_i,
    output      logic                s_wready_o,
    input  wire logic [31:0]         s_wdata_i,
    input  wire logic [3:0]          s_wstrb_i,
    input  wire logic                s_wlast_i,
    output      logic                s_bvalid_o,
    input  wire logic                s_bready_i,
    output      logic [IdBits-1:0]   s_bid_o,
    output      logic [1:0]          s_bresp_o,
    input  wire logic                s_arvalid_i,
    output      logic                s_arready_o,
    input  wire logic [63:0]         s_araddr_i,
    input  wire logic [IdBits-1:0]   s_arid_i,
    input  wire logic [7:0]          s_arlen_i,
    output      logic                s_rvalid_o,
    input  wire logic                s_rready_i,
    output      logic [31:0]         s_rdata_o,
    output      logic [IdBits-1:0]   s_rid_o,
    output      logic [1:0]          s_rresp_o,
    output      logic                s_rlast_o
);

  localparam logic [1:0] OKAY = 2'b00;
  localparam logic [1:0] DECERR = 2'b11;
  localparam int unsigned Answers = 4;               // covers the way from RAM address to r
  localparam int unsigned AnswerBits = 34 + IdBits;  // {last, failed, id, data}

  `TRINE_CHECK_PARAM(gen_check_bytes, Bytes >= 4096 && Bytes % 4096 == 0)

  // Bursts stay in pages of 4 KiB, and each is there or not, whole.
  localparam logic [63:0] END_ADDR = 64'(Bytes);

  // --- Reads ---
  logic                rd_busy_q, rd_failed_q;
  logic [AddrBits-1:0] rd_addr_q;
  logic [7:0]          rd_left_q;  // beats after this one
  logic [IdBits-1:0]   rd_id_q;
  logic                rd_issue, rd_last;
  logic [2:0]          rd_waiting_q;  // beats issued whose answer was not taken
  logic                rd_taken;
  logic [IdBits+2:0]   rd_tag_q, rd_tag_q2;  // {valid, last, failed, id} beside the RAM
  logic                answer_valid;
  logic [AnswerBits-1:0] answer;
  logic [31:0]         ram_rdata;
  logic                fifo_ready_unused;
  logic [2:0]          fifo_count_unused;

  assign rd_last = rd_left_q == '0;
  assign rd_taken = s_rvalid_o && s_rready_i;
  assign rd_issue = rd_busy_q && !host_re_i && rd_waiting_q < 3'(Answers);
  assign s_arready_o = !rd_busy_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      rd_busy_q <= 1'b0;
      rd_waiting_q <= '0;
    end else begin
      if (s_arvalid_i && s_arready_o) rd_busy_q <= 1'b1;
      else if (rd_issue && rd_last) rd_busy_q <= 1'b0;
      rd_waiting_q <= rd_waiting_q + 3'(rd_issue) - 3'(rd_taken);
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rd_busy_q) begin
      rd_addr_q <= s_araddr_i[2 +: AddrBits];
      rd_left_q <= s_arlen_i;
      rd_id_q <= s_arid_i;
      rd_failed_q <= s_araddr_i >= END_ADDR;
    end else if (rd_issue) begin
      rd_addr_q <= rd_addr_q + 1'b1;
      rd_left_q <= rd_left_q - 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      rd_tag_q <= '0;
      rd_tag_q2 <= '0;
    end else begin
      rd_tag_q <= {rd_issue, rd_last, rd_failed_q, rd_id_q};
      rd_tag_q2 <= rd_tag_q;
    end
  end

  trine_fifo #(
      .Width(AnswerBits), .Depth(Answers)
  ) u_answers (
      .clk_i, .rst_ni, .flush_i(1'b0),
      .valid_i(rd_tag_q2[IdBits+2]), .ready_o(fifo_ready_unused),
      .data_i({rd_tag_q2[IdBits+1:0], ram_rdata}),
      .valid_o(answer_valid), .ready_i(s_rready_i), .data_o(answer), .count_o(fifo_count_unused)
  );

  assign s_rvalid_o = answer_valid;
  assign s_rdata_o = answer[31:0];
  assign s_rid_o = answer[32 +: IdBits];
  assign s_rresp_o = answer[32 + IdBits] ? DECERR : OKAY;
  assign s_rlast_o = answer[33 + IdBits];

  // --- Writes ---
  logic                wr_busy_q, wr_failed_q;
  logic [AddrBits-1:0] wr_addr_q;
  logic                wr_take;

  assign s_awready_o = !wr_busy_q && !s_bvalid_o;
  assign s_wready_o = wr_busy_q && !host_we_i;
  assign wr_take = s_wvalid_i && s_wready_o;
  assign s_bresp_o = wr_failed_q ? DECERR : OKAY;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wr_busy_q <= 1'b0;
      s_bvalid_o <= 1'b0;
    end else begin
      if (s_awvalid_i && s_awready_o) wr_busy_q <= 1'b1;
      else if (wr_take && s_wlast_i) wr_busy_q <= 1'b0;
      if (wr_take && s_wlast_i) s_bvalid_o <= 1'b1;
      else if (s_bready_i) s_bvalid_o <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (s_awvalid_i && s_awready_o) begin
      wr_addr_q <= s_awaddr_i[2 +: AddrBits];
      s_bid_o <= s_awid_i;
      wr_failed_q <= s_awaddr_i >= END_ADDR;
    end else if (wr_take) begin
      wr_addr_q <= wr_addr_q + 1'b1;
    end
  end

  // --- RAM: a lane a byte, so that strobes are write enables ---
  logic [3:0]          ram_we;
  logic                ram_re;
  logic [AddrBits-1:0] ram_waddr, ram_raddr;
  logic [31:0]         ram_wdata;

  assign ram_we = host_we_i ? 4'hf : ((wr_take && !wr_failed_q) ? s_wstrb_i : 4'h0);
  assign ram_waddr = host_we_i ? host_addr_i : wr_addr_q;
  assign ram_wdata = host_we_i ? host_wdata_i : s_wdata_i;
  assign ram_re = host_re_i || rd_issue;
  assign ram_raddr = host_re_i ? host_addr_i : rd_addr_q;
  assign host_rdata_o = ram_rdata;

  for (genvar i = 0; i < 4; i++) begin : gen_lane
    trine_ram_1r1w #(
        .Width(8), .Depth(Bytes / 4)
    ) u_ram (
        .clk_i, .we_i(ram_we[i]), .waddr_i(ram_waddr), .be_i(1'b1),
        .wdata_i(ram_wdata[i*8 +: 8]),
        .re_i(ram_re), .raddr_i(ram_raddr), .rdata_o(ram_rdata[i*8 +: 8])
    );
  end

  `TRINE_ASSERT(a_read_has_its_place, !rst_ni || !rd_tag_q2[IdBits+2] || fifo_ready_unused)
  `TRINE_ASSERT(a_read_aligned, !rst_ni || !s_arvalid_i || s_araddr_i[1:0] == 2'b00)
  `TRINE_ASSERT(a_write_aligned, !rst_ni || !s_awvalid_i || s_awaddr_i[1:0] == 2'b00)

endmodule

`default_nettype wire
