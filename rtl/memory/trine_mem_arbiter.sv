// SPDX-License-Identifier: Apache-2.0
// trine_mem_arbiter: one AXI4 master for the memory ports of all cores.
//
// Guarantees: round-robin, so an address waits at most Cores-1 others' addresses (reads) or bursts
// (writes). A write burst has the channel from its address until its last beat was passed on. The
// ID is the core's index, and answers go by it, so each core sees its own in order. All outputs are
// registered and idle in reset; answers are always taken.
//
// cycle          0     1     2     3       a write of two beats; reads and answers: latency 1
// aw (core)      A     .     .     .
// w  (core)      D0    D0    D1    .       beats pass once their address was chosen
// m_axi_aw       .     A     .     .
// m_axi_w        .     .     D0    D1
`default_nettype none
`include "trine_assert.svh"

module trine_mem_arbiter #(
    parameter int unsigned Cores = 2,        // 1..16
    parameter int unsigned MemBytes = 8      // power of two, 4..64
) (
    input  wire logic                        clk_i,
    input  wire logic                        rst_ni,
    // Memory ports of the cores. r_data, r_resp, r_last and b_resp are shared by all.
    input  wire logic [Cores-1:0]            ar_valid_i,
    output      logic [Cores-1:0]            ar_ready_o,
    input  wire logic [Cores*64-1:0]         ar_addr_i,
    input  wire logic [Cores*8-1:0]          ar_len_i,
    output      logic [Cores-1:0]            r_valid_o,
    output      logic [MemBytes*8-1:0]       r_data_o,
    output      logic [1:0]                  r_resp_o,
    output      logic                        r_last_o,
    input  wire logic [Cores-1:0]            aw_valid_i,
    output      logic [Cores-1:0]            aw_ready_o,
    input  wire logic [Cores*64-1:0]         aw_addr_i,
    input  wire logic [Cores*8-1:0]          aw_len_i,
    input  wire logic [Cores-1:0]            w_valid_i,
    output      logic [Cores-1:0]            w_ready_o,
    input  wire logic [Cores*MemBytes*8-1:0] w_data_i,
    input  wire logic [Cores*MemBytes-1:0]   w_strb_i,
    input  wire logic [Cores-1:0]            w_last_i,
    output      logic [Cores-1:0]            b_valid_o,
    output      logic [1:0]                  b_resp_o,
    // Attributes, from the registers; they change only while nothing runs.
    input  wire logic [2:0]                  prot_i,
    input  wire logic [3:0]                  cache_i,
    input  wire logic [3:0]                  qos_i,
    // AXI4 master.
    output      logic                        m_axi_arvalid_o,
    input  wire logic                        m_axi_arready_i,
    output      logic [63:0]                 m_axi_araddr_o,
    output      logic [3:0]                  m_axi_arid_o,
    output      logic [7:0]                  m_axi_arlen_o,
    output      logic [2:0]                  m_axi_arsize_o,
    output      logic [1:0]                  m_axi_arburst_o,
    output      logic [2:0]                  m_axi_arprot_o,
    output      logic [3:0]                  m_axi_arcache_o,
    output      logic [3:0]                  m_axi_arqos_o,
    input  wire logic                        m_axi_rvalid_i,
    output      logic                        m_axi_rready_o,
    input  wire logic [MemBytes*8-1:0]       m_axi_rdata_i,
    input  wire logic [3:0]                  m_axi_rid_i,
    input  wire logic [1:0]                  m_axi_rresp_i,
    input  wire logic                        m_axi_rlast_i,
    output      logic                        m_axi_awvalid_o,
    input  wire logic                        m_axi_awready_i,
    output      logic [63:0]                 m_axi_awaddr_o,
    output      logic [3:0]                  m_axi_awid_o,
    output      logic [7:0]                  m_axi_awlen_o,
    output      logic [2:0]                  m_axi_awsize_o,
    output      logic [1:0]                  m_axi_awburst_o,
    output      logic [2:0]                  m_axi_awprot_o,
    output      logic [3:0]                  m_axi_awcache_o,
    output      logic [3:0]                  m_axi_awqos_o,
    output      logic                        m_axi_wvalid_o,
    input  wire logic                        m_axi_wready_i,
    output      logic [MemBytes*8-1:0]       m_axi_wdata_o,
    output      logic [MemBytes-1:0]         m_axi_wstrb_o,
    output      logic                        m_axi_wlast_o,
    input  wire logic                        m_axi_bvalid_i,
    output      logic                        m_axi_bready_o,
    input  wire logic [3:0]                  m_axi_bid_i,
    input  wire logic [1:0]                  m_axi_bresp_i
);

  localparam logic [2:0] Size = 3'($clog2(MemBytes));
  localparam logic [1:0] Incr = 2'b01;

  // --- Read addresses ---
  logic [Cores-1:0] ar_grant;
  logic             ar_load;
  logic [63:0]      ar_addr;
  logic [7:0]       ar_len;
  logic [3:0]       ar_id;

  trine_arbiter #(
      .Requests(Cores)
  ) u_reads (
      .clk_i,
      .rst_ni,
      .req_i    (ar_valid_i),
      .advance_i(ar_load),
      .grant_o  (ar_grant)
  );

  always_comb begin
    ar_addr = '0;
    ar_len = '0;
    ar_id = '0;
    for (int c = 0; c < Cores; c = c + 1) begin
      if (ar_grant[c]) begin
        ar_addr = ar_addr | ar_addr_i[c*64 +: 64];
        ar_len = ar_len | ar_len_i[c*8 +: 8];
        ar_id = ar_id | 4'(c);
      end
    end
  end

  assign ar_load = (|ar_valid_i) && (!m_axi_arvalid_o || m_axi_arready_i) && rst_ni;
  assign ar_ready_o = ar_load ? ar_grant : '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) m_axi_arvalid_o <= 1'b0;
    else if (ar_load) m_axi_arvalid_o <= 1'b1;
    else if (m_axi_arready_i) m_axi_arvalid_o <= 1'b0;
    if (ar_load) begin
      m_axi_araddr_o <= ar_addr;
      m_axi_arid_o <= ar_id;
      m_axi_arlen_o <= ar_len;
      m_axi_arprot_o <= prot_i;
      m_axi_arcache_o <= cache_i;
      m_axi_arqos_o <= qos_i;
    end
  end

  // --- Writes ---
  logic [Cores-1:0]      aw_grant, owner_q;   // owner: who may send beats, one-hot or none
  logic                  aw_load, w_load, w_offered, w_last;
  logic [63:0]           aw_addr;
  logic [7:0]            aw_len;
  logic [3:0]            aw_id;
  logic [MemBytes*8-1:0] w_data;
  logic [MemBytes-1:0]   w_strb;

  trine_arbiter #(
      .Requests(Cores)
  ) u_writes (
      .clk_i,
      .rst_ni,
      .req_i    (aw_valid_i),
      .advance_i(aw_load),
      .grant_o  (aw_grant)
  );

  always_comb begin
    aw_addr = '0;
    aw_len = '0;
    aw_id = '0;
    w_data = '0;
    w_strb = '0;
    for (int c = 0; c < Cores; c = c + 1) begin
      if (aw_grant[c]) begin
        aw_addr = aw_addr | aw_addr_i[c*64 +: 64];
        aw_len = aw_len | aw_len_i[c*8 +: 8];
        aw_id = aw_id | 4'(c);
      end
      if (owner_q[c]) begin
        w_data = w_data | w_data_i[c*MemBytes*8 +: MemBytes*8];
        w_strb = w_strb | w_strb_i[c*MemBytes +: MemBytes];
      end
    end
  end

  assign aw_load = (|aw_valid_i) && owner_q == '0 && (!m_axi_awvalid_o || m_axi_awready_i)
                   && rst_ni;
  assign aw_ready_o = aw_load ? aw_grant : '0;
  assign w_offered = |(w_valid_i & owner_q);
  assign w_last = |(w_last_i & owner_q);
  assign w_load = w_offered && (!m_axi_wvalid_o || m_axi_wready_i);
  assign w_ready_o = (!m_axi_wvalid_o || m_axi_wready_i) ? owner_q : '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      owner_q <= '0;
      m_axi_awvalid_o <= 1'b0;
      m_axi_wvalid_o <= 1'b0;
    end else begin
      if (aw_load) owner_q <= aw_grant;
      else if (w_load && w_last) owner_q <= '0;
      if (aw_load) m_axi_awvalid_o <= 1'b1;
      else if (m_axi_awready_i) m_axi_awvalid_o <= 1'b0;
      if (w_load) m_axi_wvalid_o <= 1'b1;
      else if (m_axi_wready_i) m_axi_wvalid_o <= 1'b0;
    end
    if (aw_load) begin
      m_axi_awaddr_o <= aw_addr;
      m_axi_awid_o <= aw_id;
      m_axi_awlen_o <= aw_len;
      m_axi_awprot_o <= prot_i;
      m_axi_awcache_o <= cache_i;
      m_axi_awqos_o <= qos_i;
    end
    if (w_load) begin
      m_axi_wdata_o <= w_data;
      m_axi_wstrb_o <= w_strb;
      m_axi_wlast_o <= w_last;
    end
  end

  // --- Answers ---
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      m_axi_rready_o <= 1'b0;
      m_axi_bready_o <= 1'b0;
      r_valid_o <= '0;
      b_valid_o <= '0;
    end else begin
      m_axi_rready_o <= 1'b1;
      m_axi_bready_o <= 1'b1;
      for (int c = 0; c < Cores; c = c + 1) begin
        r_valid_o[c] <= m_axi_rvalid_i && m_axi_rready_o && m_axi_rid_i == 4'(c);
        b_valid_o[c] <= m_axi_bvalid_i && m_axi_bready_o && m_axi_bid_i == 4'(c);
      end
    end
    r_data_o <= m_axi_rdata_i;
    r_resp_o <= m_axi_rresp_i;
    r_last_o <= m_axi_rlast_i;
    b_resp_o <= m_axi_bresp_i;
  end

  assign m_axi_arsize_o = Size;
  assign m_axi_arburst_o = Incr;
  assign m_axi_awsize_o = Size;
  assign m_axi_awburst_o = Incr;

  `TRINE_ASSERT(a_owner_one_hot, !rst_ni || $onehot0(owner_q))
  `TRINE_ASSERT(a_ar_in_page, !rst_ni || !m_axi_arvalid_o || {1'b0, m_axi_araddr_o[11:0]}
                + ((13'(m_axi_arlen_o) + 13'd1) << $clog2(MemBytes)) <= 13'd4096)
  `TRINE_ASSERT(a_aw_in_page, !rst_ni || !m_axi_awvalid_o || {1'b0, m_axi_awaddr_o[11:0]}
                + ((13'(m_axi_awlen_o) + 13'd1) << $clog2(MemBytes)) <= 13'd4096)
  `TRINE_ASSERT(a_bursts_short, !rst_ni || ((!m_axi_arvalid_o || m_axi_arlen_o < 8'd16)
                && (!m_axi_awvalid_o || m_axi_awlen_o < 8'd16)))

endmodule

`default_nettype wire
