// SPDX-License-Identifier: Apache-2.0
// trine_board: all of a board below its pins: the accelerator, a serial line of 8N1 that reaches
// its registers and memory, shared memory in block RAM, reset, and what LEDs show.
//
// One clock, from the board's PLL. The fields of the configuration come from rtl/configs.txt, by
// way of fpga/boards.txt, and are given by the build; the defaults here are for reading. The line's
// speed is the clock / ClocksPerBit. status_o, from bit 0: irq, out of reset, receiving, sending,
// memory read, memory written, PLL locked, a blink of 1 to 3 Hz.
//
// Reset lasts 256 cycles after the PLL locked and the button was let go; hold_q starts at 1.
//
// cycle                 0      1..2          3           259
// button_ni, locked_i   1      1             1           1        after one of them was 0
// ready_q[1]            0      0             1           1
// reset_q               0      0             0           0, after 256
// hold_q                1      1             1           0
// rst_n                 0      0             0           1
`default_nettype none
`include "trine_assert.svh"

module trine_board #(
    parameter int unsigned ClocksPerBit = 25,      // cycles, 4..65535
    parameter int unsigned MemoryBytes = 131072,   // shared memory, a multiple of 4096
    // As in trine_top.
    parameter int unsigned Cores = 2,
    parameter int unsigned Contexts = 8,
    parameter int unsigned Lanes = 8,
    parameter int unsigned MacsPerLane = 4,
    parameter int unsigned TailRows = 2,
    parameter int unsigned BusBytes = 4,
    parameter int unsigned XSlots = 4,
    parameter int unsigned QueueWords = 8,
    parameter int unsigned WeightBytes = 65536,
    parameter int unsigned ParamRows = 2048,
    parameter int unsigned RingBytes = 4096,
    parameter int unsigned StateUnits = 512,
    parameter int unsigned PreUnits = 256,
    parameter int unsigned WriterBytes = 1024,
    parameter int unsigned TableEntries = 128,
    parameter int unsigned MaxInputs = 512,
    parameter int unsigned MaxUnits = 256,
    parameter int unsigned MemBytes = 4
) (
    input  wire logic       clk_i,
    input  wire logic       locked_i,   // from the PLL; of no clock
    input  wire logic       button_ni,  // low when pressed; of no clock
    input  wire logic       rx_i,
    output      logic       tx_o,
    output      logic [7:0] status_o
);

  localparam int unsigned AddrBits = $clog2(MemoryBytes) - 2;
  localparam int unsigned BlinkBits = 24;

  // The memory and the bridge are as wide as a register.
  `TRINE_CHECK_PARAM(gen_check_width, MemBytes == 4)

  logic [1:0] ready_q;  // locked and not pressed
  // In reset from power-up on. The register is high in reset, since that is what the flip-flops of
  // the whole chip take: an inverter behind it would stand in one place for all of them.
  logic       hold_q = 1'b1;
  logic [7:0] reset_q;
  logic       rst_n;
  logic [BlinkBits-1:0] blink_q;

  assign rst_n = !hold_q;

  always_ff @(posedge clk_i) begin
    ready_q <= {ready_q[0], locked_i && button_ni};
    if (!ready_q[1]) begin
      hold_q <= 1'b1;
      reset_q <= '0;
    end else if (hold_q) begin
      hold_q <= !(&reset_q);
      reset_q <= reset_q + 1'b1;
    end
  end

  logic reg_awvalid, reg_awready, reg_wvalid, reg_wready, reg_bvalid, reg_bready, reg_arvalid,
        reg_arready, reg_rvalid, reg_rready, mem_awvalid, mem_awready, mem_wvalid, mem_wready,
        mem_wlast, mem_bvalid, mem_bready, mem_arvalid, mem_arready, mem_rvalid, mem_rready,
        mem_rlast;
  logic [16:0] reg_awaddr, reg_araddr;
  logic [2:0] mem_awsize, mem_awprot, mem_arsize, mem_arprot;
  logic [31:0] reg_wdata, reg_rdata, mem_wdata, mem_rdata;
  logic [3:0] mem_awid, mem_awcache, mem_awqos, mem_wstrb, mem_bid, mem_arid, mem_arcache,
        mem_arqos, mem_rid;
  logic [1:0] reg_bresp, reg_rresp, mem_awburst, mem_bresp, mem_arburst, mem_rresp;
  logic [63:0] mem_awaddr, mem_araddr;
  logic [7:0] mem_awlen, mem_arlen;
  logic host_re, host_we, irq, unused;
  logic [AddrBits-1:0] host_addr;
  logic [31:0] host_wdata, host_rdata;

  trine_top #(
      .Cores(Cores), .Contexts(Contexts), .Lanes(Lanes), .MacsPerLane(MacsPerLane),
      .TailRows(TailRows), .BusBytes(BusBytes), .XSlots(XSlots), .QueueWords(QueueWords),
      .WeightBytes(WeightBytes), .ParamRows(ParamRows), .RingBytes(RingBytes),
      .StateUnits(StateUnits), .PreUnits(PreUnits), .WriterBytes(WriterBytes),
      .TableEntries(TableEntries), .MaxInputs(MaxInputs), .MaxUnits(MaxUnits), .MemBytes(MemBytes)
  ) u_trine (
      .clk_i, .rst_ni(rst_n), .irq_o(irq), .s_axil_awvalid_i(reg_awvalid),
      .s_axil_awready_o(reg_awready), .s_axil_awaddr_i(reg_awaddr), .s_axil_awprot_i(3'd0),
      .s_axil_wvalid_i(reg_wvalid), .s_axil_wready_o(reg_wready), .s_axil_wdata_i(reg_wdata),
      .s_axil_wstrb_i(4'hf), .s_axil_bvalid_o(reg_bvalid), .s_axil_bready_i(reg_bready),
      .s_axil_bresp_o(reg_bresp), .s_axil_arvalid_i(reg_arvalid), .s_axil_arready_o(reg_arready),
      .s_axil_araddr_i(reg_araddr), .s_axil_arprot_i(3'd0), .s_axil_rvalid_o(reg_rvalid),
      .s_axil_rready_i(reg_rready), .s_axil_rdata_o(reg_rdata), .s_axil_rresp_o(reg_rresp),
      .m_axi_awvalid_o(mem_awvalid), .m_axi_awready_i(mem_awready), .m_axi_awaddr_o(mem_awaddr),
      .m_axi_awid_o(mem_awid), .m_axi_awlen_o(mem_awlen), .m_axi_awsize_o(mem_awsize),
      .m_axi_awburst_o(mem_awburst), .m_axi_awprot_o(mem_awprot), .m_axi_awcache_o(mem_awcache),
      .m_axi_awqos_o(mem_awqos), .m_axi_wvalid_o(mem_wvalid), .m_axi_wready_i(mem_wready),
      .m_axi_wdata_o(mem_wdata), .m_axi_wstrb_o(mem_wstrb), .m_axi_wlast_o(mem_wlast),
      .m_axi_bvalid_i(mem_bvalid), .m_axi_bready_o(mem_bready), .m_axi_bid_i(mem_bid),
      .m_axi_bresp_i(mem_bresp), .m_axi_arvalid_o(mem_arvalid), .m_axi_arready_i(mem_arready),
      .m_axi_araddr_o(mem_araddr), .m_axi_arid_o(mem_arid), .m_axi_arlen_o(mem_arlen),
      .m_axi_arsize_o(mem_arsize), .m_axi_arburst_o(mem_arburst), .m_axi_arprot_o(mem_arprot),
      .m_axi_arcache_o(mem_arcache), .m_axi_arqos_o(mem_arqos), .m_axi_rvalid_i(mem_rvalid),
      .m_axi_rready_o(mem_rready), .m_axi_rdata_i(mem_rdata), .m_axi_rid_i(mem_rid),
      .m_axi_rresp_i(mem_rresp), .m_axi_rlast_i(mem_rlast)
  );

  trine_uart_bridge #(
      .ClocksPerBit(ClocksPerBit), .MemoryBytes(MemoryBytes)
  ) u_bridge (
      .clk_i, .rst_ni(rst_n), .rx_i, .tx_o, .m_awvalid_o(reg_awvalid), .m_awready_i(reg_awready),
      .m_awaddr_o(reg_awaddr), .m_wvalid_o(reg_wvalid), .m_wready_i(reg_wready),
      .m_wdata_o(reg_wdata), .m_bvalid_i(reg_bvalid), .m_bready_o(reg_bready),
      .m_bresp_i(reg_bresp), .m_arvalid_o(reg_arvalid), .m_arready_i(reg_arready),
      .m_araddr_o(reg_araddr), .m_rvalid_i(reg_rvalid), .m_rready_o(reg_rready),
      .m_rdata_i(reg_rdata), .m_rresp_i(reg_rresp), .mem_re_o(host_re), .mem_we_o(host_we),
      .mem_addr_o(host_addr), .mem_wdata_o(host_wdata), .mem_rdata_i(host_rdata)
  );

  trine_onchip_memory #(
      .Bytes(MemoryBytes)
  ) u_memory (
      .clk_i, .rst_ni(rst_n), .host_re_i(host_re), .host_we_i(host_we), .host_addr_i(host_addr),
      .host_wdata_i(host_wdata), .host_rdata_o(host_rdata), .s_awvalid_i(mem_awvalid),
      .s_awready_o(mem_awready), .s_awaddr_i(mem_awaddr), .s_awid_i(mem_awid),
      .s_wvalid_i(mem_wvalid), .s_wready_o(mem_wready), .s_wdata_i(mem_wdata),
      .s_wstrb_i(mem_wstrb), .s_wlast_i(mem_wlast), .s_bvalid_o(mem_bvalid),
      .s_bready_i(mem_bready), .s_bid_o(mem_bid), .s_bresp_o(mem_bresp),
      .s_arvalid_i(mem_arvalid), .s_arready_o(mem_arready), .s_araddr_i(mem_araddr),
      .s_arid_i(mem_arid), .s_arlen_i(mem_arlen), .s_rvalid_o(mem_rvalid),
      .s_rready_i(mem_rready), .s_rdata_o(mem_rdata), .s_rid_o(mem_rid), .s_rresp_o(mem_rresp),
      .s_rlast_o(mem_rlast)
  );

  // What a memory without attributes has no use for.
  assign unused = &{1'b0, mem_awlen, mem_awsize, mem_awburst, mem_awprot, mem_awcache, mem_awqos,
                    mem_arsize, mem_arburst, mem_arprot, mem_arcache, mem_arqos};

  always_ff @(posedge clk_i) begin
    if (!rst_n) blink_q <= '0;
    else blink_q <= blink_q + 1'b1;
    status_o <= {blink_q[BlinkBits-1], ready_q[1], mem_wvalid, mem_rvalid, !tx_o, !rx_i, rst_n,
                 irq};
  end

  // The count is through when reset ends, and begins anew with the next one.
  `TRINE_ASSERT(a_reset_lasts, hold_q || reset_q == '0)

endmodule

`default_nettype wire
