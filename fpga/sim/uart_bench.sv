// SPDX-License-Identifier: Apache-2.0
// uart_bench: bridge and shared memory as in a board's top, with one register page in place of the
// accelerator, and its memory master as ports for the test.
//
// Registers: the address read is the answer, XORed with what was last written; addresses from
// 0x10000 on answer SLVERR. Two cycles an access.
//
// cycle     0    1    2
// ar or aw  A    .    .       ready in the same cycle (a write waits for its data)
// r or b    .    A    .
`default_nettype none

module uart_bench #(
    parameter int unsigned ClocksPerBit = 4,
    parameter int unsigned MemoryBytes = 12288
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        rx_i,
    output      logic        tx_o,
    output      logic [31:0] written_o,
    output      logic [16:0] written_addr_o,
    output      logic [31:0] writes_o,
    input  wire logic        awvalid_i,
    output      logic        awready_o,
    input  wire logic [63:0] awaddr_i,
    input  wire logic [3:0]  awid_i,
    input  wire logic        wvalid_i,
    output      logic        wready_o,
    input  wire logic [31:0] wdata_i,
    input  wire logic [3:0]  wstrb_i,
    input  wire logic        wlast_i,
    output      logic        bvalid_o,
    input  wire logic        bready_i,
    output      logic [3:0]  bid_o,
    output      logic [1:0]  bresp_o,
    input  wire logic        arvalid_i,
    output      logic        arready_o,
    input  wire logic [63:0] araddr_i,
    input  wire logic [3:0]  arid_i,
    input  wire logic [7:0]  arlen_i,
    output      logic        rvalid_o,
    input  wire logic        rready_i,
    output      logic [31:0] rdata_o,
    output      logic [3:0]  rid_o,
    output      logic [1:0]  rresp_o,
    output      logic        rlast_o
);

  localparam int unsigned AddrBits = $clog2(MemoryBytes) - 2;

  logic host_re, host_we;
  logic [AddrBits-1:0] host_addr;
  logic [31:0] host_wdata, host_rdata;
  logic reg_awvalid, reg_wvalid, reg_bready, reg_arvalid, reg_rready, take_write;
  logic reg_bvalid_q, reg_rvalid_q;
  logic [16:0] reg_awaddr, reg_araddr;
  logic [31:0] reg_wdata, reg_rdata_q;
  logic [1:0] reg_bresp_q, reg_rresp_q;

  assign take_write = reg_awvalid && reg_wvalid;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      reg_bvalid_q <= 1'b0;
      reg_rvalid_q <= 1'b0;
      writes_o <= '0;
      written_o <= '0;
    end else begin
      if (take_write) reg_bvalid_q <= 1'b1;
      else if (reg_bready) reg_bvalid_q <= 1'b0;
      if (reg_arvalid) reg_rvalid_q <= 1'b1;
      else if (reg_rready) reg_rvalid_q <= 1'b0;
      if (take_write) begin
        writes_o <= writes_o + 1'b1;
        written_o <= reg_wdata;
        written_addr_o <= reg_awaddr;
      end
    end
    reg_bresp_q <= {reg_awaddr[16], 1'b0};
    reg_rresp_q <= {reg_araddr[16], 1'b0};
    reg_rdata_q <= written_o ^ {15'd0, reg_araddr};
  end

  trine_uart_bridge #(
      .ClocksPerBit(ClocksPerBit), .MemoryBytes(MemoryBytes)
  ) u_bridge (
      .clk_i, .rst_ni, .rx_i, .tx_o,
      .m_awvalid_o(reg_awvalid), .m_awready_i(take_write), .m_awaddr_o(reg_awaddr),
      .m_wvalid_o(reg_wvalid), .m_wready_i(take_write), .m_wdata_o(reg_wdata),
      .m_bvalid_i(reg_bvalid_q), .m_bready_o(reg_bready), .m_bresp_i(reg_bresp_q),
      .m_arvalid_o(reg_arvalid), .m_arready_i(1'b1), .m_araddr_o(reg_araddr),
      .m_rvalid_i(reg_rvalid_q), .m_rready_o(reg_rready), .m_rdata_i(reg_rdata_q),
      .m_rresp_i(reg_rresp_q),
      .mem_re_o(host_re), .mem_we_o(host_we), .mem_addr_o(host_addr), .mem_wdata_o(host_wdata),
      .mem_rdata_i(host_rdata)
  );

  trine_onchip_memory #(
      .Bytes(MemoryBytes), .BankWords(1024)
  ) u_memory (
      .clk_i, .rst_ni, .host_re_i(host_re), .host_we_i(host_we), .host_addr_i(host_addr),
      .host_wdata_i(host_wdata), .host_rdata_o(host_rdata), .s_awvalid_i(awvalid_i),
      .s_awready_o(awready_o), .s_awaddr_i(awaddr_i), .s_awid_i(awid_i), .s_wvalid_i(wvalid_i),
      .s_wready_o(wready_o), .s_wdata_i(wdata_i), .s_wstrb_i(wstrb_i), .s_wlast_i(wlast_i),
      .s_bvalid_o(bvalid_o), .s_bready_i(bready_i), .s_bid_o(bid_o), .s_bresp_o(bresp_o),
      .s_arvalid_i(arvalid_i), .s_arready_o(arready_o), .s_araddr_i(araddr_i), .s_arid_i(arid_i),
      .s_arlen_i(arlen_i), .s_rvalid_o(rvalid_o), .s_rready_i(rready_i), .s_rdata_o(rdata_o),
      .s_rid_o(rid_o), .s_rresp_o(rresp_o), .s_rlast_o(rlast_o)
  );

endmodule

`default_nettype wire
