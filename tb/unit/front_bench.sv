// SPDX-License-Identifier: Apache-2.0
// front_bench: the front end under plain names, for test_front.cpp. Vectors hold one field a core,
// core 0 lowest; cores, buses and memory are the test's.
`default_nettype none

module front_bench #(
    parameter int unsigned Cores = 2,
    parameter int unsigned MemBytes = 8,
    parameter int unsigned BusBytes = 8,
    localparam int unsigned XSlots = 4,
    localparam int unsigned Bits = MemBytes * 8,
    localparam int unsigned SetBits = trine_pkg::SET_UP_BITS
) (
    input  wire logic                      clk_i,
    input  wire logic                      rst_ni,
    input  wire logic [Cores-1:0]          stop_i,
    input  wire logic [Cores-1:0]          busy_i,
    input  wire logic [Cores*4-1:0]        domain_i,
    input  wire logic [Cores-1:0]          member_i,
    input  wire logic [Cores*64-1:0]       window_base_i,
    input  wire logic [Cores*32-1:0]       window_size_i,
    input  wire logic [Cores-1:0]          clear_i,
    input  wire logic [Cores-1:0]          cfg_valid_i,
    output      logic [Cores-1:0]          cfg_ready_o,
    input  wire logic [Cores*64-1:0]       cfg_i,           // the lowest bits of each
    input  wire logic [2*Cores-1:0]        room_i,
    input  wire logic [2*Cores-1:0]        complete_i,
    output      logic [4*Cores-1:0]        row_o,
    output      logic [2*Cores-1:0]        use_o,
    output      logic [4*Cores-1:0]        active_o,
    input  wire logic [Cores-1:0]          fetch_valid_i,
    output      logic [Cores-1:0]          fetch_ready_o,
    input  wire logic [Cores*32-1:0]       fetch_offset_i,
    input  wire logic [Cores*5-1:0]        fetch_beats_i,
    output      logic [Cores-1:0]          fetch_valid_o,
    output      logic [Bits-1:0]           fetch_data_o,
    input  wire logic [Cores-1:0]          save_valid_i,
    output      logic [Cores-1:0]          save_ready_o,
    input  wire logic [Cores*32-1:0]       save_offset_i,
    input  wire logic [Cores*Bits-1:0]     save_data_i,
    input  wire logic [Cores*MemBytes-1:0] save_strb_i,
    output      logic [Cores-1:0]          save_done_o,
    output      logic                      word_valid_o,
    input  wire logic                      word_ready_i,
    output      logic [3:0]                word_domain_o,
    output      logic                      word_first_o,
    output      logic                      word_last_o,
    output      logic [3:0]                word_channel_o,
    output      logic [3:0]                word_slot_o,
    output      logic [15:0]               word_place_o,
    output      logic [BusBytes-1:0]       word_be_o,
    output      logic [BusBytes*8-1:0]     word_data_o,
    input  wire logic                      bus_valid_i,
    input  wire logic [3:0]                bus_domain_i,
    input  wire logic [3:0]                bus_channel_i,
    input  wire logic [3:0]                bus_slot_i,
    input  wire logic [15:0]               bus_place_i,
    input  wire logic [BusBytes-1:0]       bus_be_i,
    input  wire logic [BusBytes*8-1:0]     bus_data_i,
    output      logic [Cores-1:0]          error_valid_o,
    output      logic [Cores*8-1:0]        error_code_o,
    output      logic [Cores*64-1:0]       error_addr_o,
    output      logic [Cores-1:0]          overrun_o,
    output      logic [Cores-1:0]          waiting_o,
    output      logic [Cores-1:0]          progress_o,
    output      logic [Cores-1:0]          idle_o,
    // AXI4 master.
    output      logic                      arvalid,
    input  wire logic                      arready,
    output      logic [63:0]               araddr,
    output      logic [3:0]                arid,
    output      logic [7:0]                arlen,
    output      logic [2:0]                arsize,
    output      logic [1:0]                arburst,
    input  wire logic                      rvalid,
    output      logic                      rready,
    input  wire logic [Bits-1:0]           rdata,
    input  wire logic [3:0]                rid,
    input  wire logic [1:0]                rresp,
    input  wire logic                      rlast,
    output      logic                      awvalid,
    input  wire logic                      awready,
    output      logic [63:0]               awaddr,
    output      logic [3:0]                awid,
    output      logic [7:0]                awlen,
    output      logic [2:0]                awsize,
    output      logic [1:0]                awburst,
    output      logic                      wvalid,
    input  wire logic                      wready,
    output      logic [Bits-1:0]           wdata,
    output      logic [MemBytes-1:0]       wstrb,
    output      logic                      wlast,
    input  wire logic                      bvalid,
    output      logic                      bready,
    input  wire logic [3:0]                bid,
    input  wire logic [1:0]                bresp
);

  logic [Cores*SetBits-1:0] cfg;
  logic [2:0]               ar_prot, aw_prot;
  logic [3:0]               ar_cache, ar_qos, aw_cache, aw_qos;
  logic [Cores-1:0]         wipe_ready;
  logic                     bus_hold, unused;

  assign unused = &{1'b0, wipe_ready, bus_hold, cfg_i, ar_prot, aw_prot, ar_cache, ar_qos,
                    aw_cache, aw_qos};

  for (genvar c = 0; c < Cores; c++) begin : gen_core
    assign cfg[c*SetBits +: SetBits] = cfg_i[c*64 +: SetBits];
  end

  trine_front #(
      .Cores(Cores), .MemBytes(MemBytes), .BusBytes(BusBytes), .XSlots(XSlots), .WriterBytes(8192),
      .TableEntries(64)
  ) u_front (
      .clk_i, .rst_ni, .busy_i, .stop_i, .domain_i, .member_i, .window_base_i, .window_size_i,
      .clear_i,
      .wipe_valid_i('0), .wipe_ready_o(wipe_ready), .wipe_addr_i('0), .wipe_urgent_i('0),
      .bus_hold_o(bus_hold),
      .cfg_valid_i, .cfg_ready_o, .cfg_i(cfg), .room_i, .complete_i, .row_o, .use_o,
      .active_o, .fetch_valid_i, .fetch_ready_o, .fetch_offset_i, .fetch_beats_i, .fetch_valid_o,
      .fetch_data_o, .save_valid_i, .save_ready_o, .save_offset_i, .save_data_i, .save_strb_i,
      .save_done_o, .word_valid_o, .word_ready_i,
      .word_o({word_domain_o, word_first_o, word_last_o, word_channel_o, word_slot_o, word_place_o,
               word_be_o, word_data_o}),
      .bus_valid_i,
      .bus_word_i({bus_domain_i, 2'b00, bus_channel_i, bus_slot_i, bus_place_i, bus_be_i,
                   bus_data_i}),
      .error_valid_o, .error_code_o, .error_addr_o, .overrun_o, .waiting_o, .progress_o, .idle_o,
      .prot_i(3'd0), .cache_i(4'd0), .qos_i(4'd0),
      .m_axi_awvalid_o(awvalid), .m_axi_awready_i(awready), .m_axi_awaddr_o(awaddr),
      .m_axi_awid_o(awid), .m_axi_awlen_o(awlen), .m_axi_awsize_o(awsize),
      .m_axi_awburst_o(awburst), .m_axi_awprot_o(aw_prot), .m_axi_awcache_o(aw_cache),
      .m_axi_awqos_o(aw_qos), .m_axi_wvalid_o(wvalid), .m_axi_wready_i(wready),
      .m_axi_wdata_o(wdata), .m_axi_wstrb_o(wstrb), .m_axi_wlast_o(wlast), .m_axi_bvalid_i(bvalid),
      .m_axi_bready_o(bready), .m_axi_bid_i(bid), .m_axi_bresp_i(bresp),
      .m_axi_arvalid_o(arvalid), .m_axi_arready_i(arready), .m_axi_araddr_o(araddr),
      .m_axi_arid_o(arid), .m_axi_arlen_o(arlen), .m_axi_arsize_o(arsize),
      .m_axi_arburst_o(arburst), .m_axi_arprot_o(ar_prot), .m_axi_arcache_o(ar_cache),
      .m_axi_arqos_o(ar_qos), .m_axi_rvalid_i(rvalid), .m_axi_rready_o(rready),
      .m_axi_rdata_i(rdata), .m_axi_rid_i(rid), .m_axi_rresp_i(rresp), .m_axi_rlast_i(rlast)
  );

endmodule

`default_nettype wire
