// SPDX-License-Identifier: Apache-2.0
// trine_top: the accelerator: registers and mode controller, cores, activation and release bus,
// memory arbiter. One clock; AXI4-Lite slave (32 bits), AXI4 master (MemBytes wide, one ID a core),
// level interrupt; rst_ni synchronous, active low. See docs/architecture.md.
`default_nettype none
`include "trine_assert.svh"

module trine_top #(
    parameter int unsigned Cores = 2,              // 1..16
    parameter int unsigned Contexts = 8,           // a core, 1..16
    parameter int unsigned Lanes = 8,              // rows at a time, multiple of 4
    parameter int unsigned MacsPerLane = 8,        // power of two, 1..32
    parameter int unsigned TailRows = 4,           // rows a cycle: 1, 2 or 4
    parameter int unsigned BusBytes = 8,           // power of two, 4..MemBytes
    parameter int unsigned XSlots = 4,             // power of two, 2..16
    parameter int unsigned QueueWords = 16,        // power of two
    parameter int unsigned WeightBytes = 524288,   // a core
    parameter int unsigned ParamRows = 8192,
    parameter int unsigned RingBytes = 32768,
    parameter int unsigned StateUnits = 4096,
    parameter int unsigned PreUnits = 2048,
    parameter int unsigned WriterBytes = 8192,
    parameter int unsigned TableEntries = 512,
    parameter int unsigned MaxInputs = 1024,
    parameter int unsigned MaxUnits = 1024,
    parameter int unsigned MemBytes = 8,           // power of two, 4..64
    parameter int unsigned Cmsis = 0               // 1: the CMSIS-NN corner of docs/numerics.md
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    output      logic                  irq_o,
    // AXI4-Lite slave.
    input  wire logic                  s_axil_awvalid_i,
    output      logic                  s_axil_awready_o,
    input  wire logic [16:0]           s_axil_awaddr_i,
    input  wire logic [2:0]            s_axil_awprot_i,
    input  wire logic                  s_axil_wvalid_i,
    output      logic                  s_axil_wready_o,
    input  wire logic [31:0]           s_axil_wdata_i,
    input  wire logic [3:0]            s_axil_wstrb_i,
    output      logic                  s_axil_bvalid_o,
    input  wire logic                  s_axil_bready_i,
    output      logic [1:0]            s_axil_bresp_o,
    input  wire logic                  s_axil_arvalid_i,
    output      logic                  s_axil_arready_o,
    input  wire logic [16:0]           s_axil_araddr_i,
    input  wire logic [2:0]            s_axil_arprot_i,
    output      logic                  s_axil_rvalid_o,
    input  wire logic                  s_axil_rready_i,
    output      logic [31:0]           s_axil_rdata_o,
    output      logic [1:0]            s_axil_rresp_o,
    // AXI4 master.
    output      logic                  m_axi_awvalid_o,
    input  wire logic                  m_axi_awready_i,
    output      logic [63:0]           m_axi_awaddr_o,
    output      logic [3:0]            m_axi_awid_o,
    output      logic [7:0]            m_axi_awlen_o,
    output      logic [2:0]            m_axi_awsize_o,
    output      logic [1:0]            m_axi_awburst_o,
    output      logic [2:0]            m_axi_awprot_o,
    output      logic [3:0]            m_axi_awcache_o,
    output      logic [3:0]            m_axi_awqos_o,
    output      logic                  m_axi_wvalid_o,
    input  wire logic                  m_axi_wready_i,
    output      logic [MemBytes*8-1:0] m_axi_wdata_o,
    output      logic [MemBytes-1:0]   m_axi_wstrb_o,
    output      logic                  m_axi_wlast_o,
    input  wire logic                  m_axi_bvalid_i,
    output      logic                  m_axi_bready_o,
    input  wire logic [3:0]            m_axi_bid_i,
    input  wire logic [1:0]            m_axi_bresp_i,
    output      logic                  m_axi_arvalid_o,
    input  wire logic                  m_axi_arready_i,
    output      logic [63:0]           m_axi_araddr_o,
    output      logic [3:0]            m_axi_arid_o,
    output      logic [7:0]            m_axi_arlen_o,
    output      logic [2:0]            m_axi_arsize_o,
    output      logic [1:0]            m_axi_arburst_o,
    output      logic [2:0]            m_axi_arprot_o,
    output      logic [3:0]            m_axi_arcache_o,
    output      logic [3:0]            m_axi_arqos_o,
    input  wire logic                  m_axi_rvalid_i,
    output      logic                  m_axi_rready_o,
    input  wire logic [MemBytes*8-1:0] m_axi_rdata_i,
    input  wire logic [3:0]            m_axi_rid_i,
    input  wire logic [1:0]            m_axi_rresp_i,
    input  wire logic                  m_axi_rlast_i
);

