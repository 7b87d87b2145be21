// SPDX-License-Identifier: Apache-2.0
// trine_onchip_memory: shared memory of a small FPGA: block RAM behind an AXI4 slave of 32 bits,
// with a second way in for a host.
//
// AXI: INCR bursts of any length whose beats are whole words (byte strobes honoured), one read and
// one write burst at a time, each one beat a cycle; first read data six cycles after the address.
// A burst that starts outside the memory (none crosses 4 KiB, as AXI has it) is answered with
// DECERR, and nothing is written. A write is answered when it is in the RAM. Answers wait for their
// ready; every read beat has its place in the answer FIFO before the RAM is read.
// Host: a word a cycle, always taken, never refused (the caller keeps to the memory); its reads
// come four cycles later. It delays the cores by the cycles it takes: a serial line takes few.
// Read and write of one word in the same cycle: the data read are undefined.
//
// The RAM is banks, each of which holds a bit of a word in one block, with the registers of that
// block; a byte of a bank has its address from registers of its own. A big memory's blocks are all
// over the FPGA, and one wire to all of them took 14 ns. A last bank whose words are no power of
// two has a byte in blocks of 2048 words, and registers behind their multiplexer.
//
// cycle        0    1     2     3     4     5      6      7     a read of two beats
// ar           A    .     .     .     .     .      .      .
// issue        .    A     A+1   .     .     .      .      .
// RAM address  .    .     A     A+1   .     .      .      .
// bank's data  .    .     .     .     D0    D1     .      .
// FIFO in      .    .     .     .     .     D0     D1     .
// r            .    .     .     .     .     .      D0     D1
// host_re_i    A    .     .     .     .     .      .      .     a cycle with it issues no beat
// host_rdata   .    .     .     .     D     .      .      .
`default_nettype none
`include "trine_assert.svh"

module trine_onchip_memory #(
    parameter int unsigned Bytes = 131072,  // a multiple of 4096
    parameter int unsigned IdBits = 4,
    parameter int unsigned BankWords = 16384,  // of 32 bits, most of a bank: a power of two, >= 2
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
  localparam int unsigned Answers = 8;               // covers the way from issue to r
  localparam int unsigned Latency = 4;               // cycles from issue to the answer FIFO
  localparam int unsigned AnswerBits = 34 + IdBits;  // {last, failed, id, data}

  `TRINE_CHECK_PARAM(gen_check_bytes, Bytes >= 4096 && Bytes % 4096 == 0)
  `TRINE_CHECK_PARAM(gen_check_bank, BankWords >= 2 && (BankWords & (BankWords - 1)) == 0)

  // Bursts stay in pages of 4 KiB, and each is there or not, whole.
  localparam logic [63:0] END_ADDR = 64'(Bytes);

  // --- Reads ---
  logic                rd_busy_q, rd_failed_q;
  logic [AddrBits-1:0] rd_addr_q;
  logic [7:0]          rd_left_q;  // beats after this one
  logic [IdBits-1:0]   rd_id_q;
  logic                rd_issue, rd_last;
  logic [3:0]          rd_waiting_q;  // beats issued whose answer was not taken
  logic                rd_taken;
  logic [IdBits+2:0]   rd_tag_q [Latency];  // {valid, last, failed, id} beside the RAM
  logic                answer_valid;
  logic [AnswerBits-1:0] answer;
  logic [31:0]         ram_rdata;
  logic                fifo_ready_unused;
  logic [3:0]          fifo_count_unused;

  assign rd_last = rd_left_q == '0;
  assign rd_taken = s_rvalid_o && s_rready_i;
  assign rd_issue = rd_busy_q && !host_re_i && rd_waiting_q < 4'(Answers);
  assign s_arready_o = !rd_busy_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      rd_busy_q <= 1'b0;
      rd_waiting_q <= '0;
    end else begin
      if (s_arvalid_i && s_arready_o) rd_busy_q <= 1'b1;
      else if (rd_issue && rd_last) rd_busy_q <= 1'b0;
      rd_waiting_q <= rd_waiting_q + 4'(rd_issue) - 4'(rd_taken);
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
    for (int i = 0; i < Latency; i++) begin
      if (!rst_ni) rd_tag_q[i] <= '0;
      else rd_tag_q[i] <= (i == 0) ? {rd_issue, rd_last, rd_failed_q, rd_id_q} : rd_tag_q[i-1];
    end
  end

  trine_fifo #(
      .Width(AnswerBits), .Depth(Answers)
  ) u_answers (
      .clk_i, .rst_ni, .flush_i(1'b0),
      .valid_i(rd_tag_q[Latency-1][IdBits+2]), .ready_o(fifo_ready_unused),
      .data_i({rd_tag_q[Latency-1][IdBits+1:0], ram_rdata}),
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
  localparam int unsigned Words = Bytes / 4;
  localparam int unsigned Banks = (Words + BankWords - 1) / BankWords;
  localparam int unsigned PlaceBits = (Banks > 1) ? $clog2(BankWords) : AddrBits;
  localparam int unsigned BankBits = (Banks > 1) ? $clog2(Banks) : 1;

  logic [3:0]          ram_we;
  logic                ram_re;
  logic [AddrBits-1:0] ram_waddr, ram_raddr;
  logic [31:0]         ram_wdata;
  logic [BankBits-1:0] write_bank, read_bank, read_bank_q, read_bank_q2, read_bank_q3;
  logic [31:0]         bank_rdata [Banks];
  logic [4*Banks-1:0][2*PlaceBits:0] place;  // {read, its place, the write's} of each RAM

  assign ram_we = host_we_i ? 4'hf : ((wr_take && !wr_failed_q) ? s_wstrb_i : 4'h0);
  assign ram_waddr = host_we_i ? host_addr_i : wr_addr_q;
  assign ram_wdata = host_we_i ? host_wdata_i : s_wdata_i;
  assign ram_re = host_re_i || rd_issue;
  assign ram_raddr = host_re_i ? host_addr_i : rd_addr_q;
  assign host_rdata_o = ram_rdata;

  if (Banks > 1) begin : gen_bank_of
    assign write_bank = ram_waddr[PlaceBits +: BankBits];
    assign read_bank = ram_raddr[PlaceBits +: BankBits];
  end else begin : gen_one_bank
    assign write_bank = '0;
    assign read_bank = '0;
  end

  // Beside a lane's registers, the RAM and its registers.
  always_ff @(posedge clk_i) begin
    read_bank_q <= read_bank;
    read_bank_q2 <= read_bank_q;
    read_bank_q3 <= read_bank_q2;
    ram_rdata <= bank_rdata[read_bank_q3];
  end

  trine_copies #(.Width(1 + 2 * PlaceBits), .Copies(4 * Banks)) u_address (
      .clk_i, .d_i({ram_re, ram_raddr[PlaceBits-1:0], ram_waddr[PlaceBits-1:0]}),
      .q_o(place)
  );

  for (genvar i = 0; i < 4; i++) begin : gen_lane
    logic [Banks-1:0] we_q;
    logic [7:0] wdata_q;

    always_ff @(posedge clk_i) begin
      wdata_q <= ram_wdata[i*8 +: 8];
      for (int b = 0; b < Banks; b++) we_q[b] <= ram_we[i] && 32'(write_bank) == b;
    end

    for (genvar b = 0; b < Banks; b++) begin : gen_bank
      localparam int unsigned Depth = (b == Banks - 1) ? Words - b * BankWords : BankWords;
      logic re_q;
      logic [PlaceBits-1:0] raddr_q, waddr_q;

      assign {re_q, raddr_q, waddr_q} = place[i*Banks+b];

      trine_ram_1r1w #(
          .Width(8), .Depth(Depth)
      ) u_ram (
          .clk_i, .we_i(we_q[b]), .waddr_i(waddr_q[$clog2(Depth)-1:0]), .be_i(1'b1),
          .wdata_i(wdata_q),
          .re_i(re_q), .raddr_i(raddr_q[$clog2(Depth)-1:0]), .rdata_o(bank_rdata[b][i*8 +: 8])
      );
    end
  end

  `TRINE_ASSERT(a_read_has_its_place, !rst_ni || !rd_tag_q[Latency-1][IdBits+2]
                || fifo_ready_unused)
  `TRINE_ASSERT(a_read_aligned, !rst_ni || !s_arvalid_i || s_araddr_i[1:0] == 2'b00)
  `TRINE_ASSERT(a_write_aligned, !rst_ni || !s_awvalid_i || s_awaddr_i[1:0] == 2'b00)

endmodule

`default_nettype wire
