// SPDX-License-Identifier: Apache-2.0
// memory_core_bench: readers, writers and sequence table of a core at its memory port, for
// test_memory_core.cpp. The flow table and the bus are the test's.
`default_nettype none

module memory_core_bench #(
    parameter int unsigned MemBytes = 8,
    parameter int unsigned BusBytes = 8,
    localparam int unsigned XSlots = 4,
    localparam int unsigned R = trine_pkg::READERS,
    localparam int unsigned W = trine_pkg::WRITERS,
    localparam int unsigned Bits = MemBytes * 8
) (
    input  wire logic                    clk_i,
    input  wire logic                    rst_ni,
    input  wire logic                    flush_i,
    input  wire logic                    slot_reset_i,
    output      logic                    idle_o,
    output      logic                    error_valid_o,
    input  wire logic [63:0]             window_base_i,
    input  wire logic [31:0]             window_size_i,
    // Program.
    input  wire logic                    table_we_i,
    input  wire logic [15:0]             table_windex_i,
    input  wire logic [31:0]             table_woffset_i,
    input  wire logic [31:0]             table_wlength_i,
    input  wire logic [R-1:0]            cfg_read_i,
    input  wire logic [W-1:0]            cfg_write_i,
    input  wire logic [3:0]              cfg_channel_i,
    input  wire logic [4:0]              cfg_listeners_i,
    input  wire logic                    cfg_last_only_i,
    input  wire logic [31:0]             cfg_base_i,
    input  wire logic [31:0]             cfg_stride_i,
    input  wire logic [15:0]             cfg_words_i,
    input  wire logic [15:0]             cfg_beats_i,
    input  wire logic [15:0]             cfg_row_bytes_i,
    input  wire logic [15:0]             cfg_entry_i,
    input  wire logic [15:0]             cfg_sequences_i,
    input  wire logic [15:0]             cfg_ram_base_i,
    input  wire logic [15:0]             cfg_ram_stride_i,
    // Readers.
    output      logic [R*4-1:0]          room_channel_o,
    output      logic [R*4-1:0]          room_slot_o,
    input  wire logic [R-1:0]            room_i,
    output      logic [R-1:0]            claim_o,
    input  wire logic [R-1:0]            claim_ready_i,
    output      logic [R*5-1:0]          claim_listeners_o,
    output      logic [R-1:0]            word_valid_o,
    input  wire logic [R-1:0]            word_ready_i,
    output      logic [R*4-1:0]          word_channel_o,
    output      logic [R*4-1:0]          word_slot_o,
    output      logic [R*16-1:0]         word_place_o,
    output      logic [R*BusBytes-1:0]   word_be_o,
    output      logic [R*BusBytes*8-1:0] word_data_o,
    output      logic [R-1:0]            word_first_o,
    output      logic [R-1:0]            word_last_o,
    output      logic [R-1:0]            read_active_o,
    output      logic                    waiting_o,
    output      logic                    progress_o,
    // Writers.
    input  wire logic                    bus_valid_i,
    input  wire logic [3:0]              bus_channel_i,
    input  wire logic [3:0]              bus_slot_i,
    input  wire logic [15:0]             bus_place_i,
    input  wire logic [BusBytes-1:0]     bus_be_i,
    input  wire logic [BusBytes*8-1:0]   bus_data_i,
    output      logic [W*4-1:0]          want_channel_o,
    output      logic [W*4-1:0]          want_slot_o,
    input  wire logic [W-1:0]            complete_i,
    output      logic [W-1:0]            release_valid_o,
    input  wire logic [W-1:0]            release_ready_i,
    output      logic [W-1:0]            listens_o,
    output      logic                    overrun_o,
    output      logic [W-1:0]            write_active_o,
    // AXI4 master.
    output      logic                    arvalid,
    input  wire logic                    arready,
    output      logic [63:0]             araddr,
    output      logic [3:0]              arid,
    output      logic [7:0]              arlen,
    output      logic [2:0]              arsize,
    output      logic [1:0]              arburst,
    input  wire logic                    rvalid,
    output      logic                    rready,
    input  wire logic [Bits-1:0]         rdata,
    input  wire logic [3:0]              rid,
    input  wire logic [1:0]              rresp,
    input  wire logic                    rlast,
    output      logic                    awvalid,
    input  wire logic                    awready,
    output      logic [63:0]             awaddr,
    output      logic [3:0]              awid,
    output      logic [7:0]              awlen,
    output      logic [2:0]              awsize,
    output      logic [1:0]              awburst,
    output      logic                    wvalid,
    input  wire logic                    wready,
    output      logic [Bits-1:0]         wdata,
    output      logic [MemBytes-1:0]     wstrb,
    output      logic                    wlast,
    input  wire logic                    bvalid,
    output      logic                    bready,
    input  wire logic [3:0]              bid,
    input  wire logic [1:0]              bresp
);

  logic [R+W-1:0]        table_req, table_rsp;
  logic [(R+W)*16-1:0]   table_index;
  logic [31:0]           table_offset;
  logic [30:0]           table_length;
  logic                  table_continue;
  logic [R-1:0]          rd_valid, rd_ready, rd_data_valid;
  logic [R*32-1:0]       rd_offset;
  logic [R*5-1:0]        rd_beats;
  logic [Bits-1:0]       rd_data, w_data, r_data;
  logic [W-1:0]          wr_valid, wr_ready, wr_next, wr_done;
  logic [W*32-1:0]       wr_offset;
  logic [W*5-1:0]        wr_beats;
  logic [W*Bits-1:0]     wr_data;
  logic [W*MemBytes-1:0] wr_strb;
  logic [7:0]            error_code, ar_len, aw_len;
  logic [63:0]           error_addr, ar_addr, aw_addr;
  logic                  rd_unused_ready, rd_unused_data, wr_unused_ready, wr_unused_next;
  logic                  wr_unused_done, port_progress, read_progress;
  logic                  ar_valid, ar_ready, r_valid, r_last, aw_valid, aw_ready;
  logic                  w_valid, w_ready, w_last, b_valid, unused;
  logic [1:0]            r_resp, b_resp;
  logic [MemBytes-1:0]   w_strb;
  logic [2:0]            ar_prot, aw_prot;
  logic [3:0]            ar_cache, ar_qos, aw_cache, aw_qos;

  assign progress_o = port_progress || read_progress;
  assign unused = &{1'b0, error_code, error_addr, rd_unused_ready, rd_unused_data, wr_unused_ready,
                    wr_unused_next, wr_unused_done, ar_prot, aw_prot, ar_cache, ar_qos, aw_cache,
                    aw_qos};

  trine_sequence_table #(
      .TableEntries(64)
  ) u_table (
      .clk_i,
      .rst_ni,
      .flush_i,
      .we_i          (table_we_i),
      .windex_i      (table_windex_i),
      .woffset_i     (table_woffset_i),
      .wlength_i     (table_wlength_i),
      .req_valid_i   (table_req),
      .req_index_i   (table_index),
      .rsp_valid_o   (table_rsp),
      .rsp_offset_o  (table_offset),
      .rsp_length_o  (table_length),
      .rsp_continue_o(table_continue)
  );

  trine_readers #(
      .MemBytes(MemBytes),
      .BusBytes(BusBytes),
      .XSlots  (XSlots)
  ) u_readers (
      .clk_i,
      .rst_ni,
      .flush_i,
      .slot_reset_i,
      .cfg_valid_i     (cfg_read_i),
      .cfg_channel_i,
      .cfg_listeners_i,
      .cfg_base_i,
      .cfg_stride_i,
      .cfg_words_i,
      .cfg_beats_i,
      .cfg_entry_i,
      .cfg_sequences_i,
      .table_req_o     (table_req[R-1:0]),
      .table_index_o   (table_index[R*16-1:0]),
      .table_rsp_i     (table_rsp[R-1:0]),
      .table_offset_i  (table_offset),
      .table_length_i  (table_length),
      .table_continue_i(table_continue),
      .room_channel_o,
      .room_slot_o,
      .room_i,
      .claim_o,
      .claim_ready_i,
      .claim_listeners_o,
      .rd_valid_o      (rd_valid),
      .rd_ready_i      (rd_ready),
      .rd_offset_o     (rd_offset),
      .rd_beats_o      (rd_beats),
      .rd_data_valid_i (rd_data_valid),
      .rd_data_i       (rd_data),
      .word_valid_o,
      .word_ready_i,
      .word_channel_o,
      .word_slot_o,
      .word_place_o,
      .word_be_o,
      .word_data_o,
      .word_first_o,
      .word_last_o,
      .active_o        (read_active_o),
      .waiting_o,
      .progress_o      (read_progress)
  );

  trine_writers #(
      .MemBytes   (MemBytes),
      .BusBytes   (BusBytes),
      .XSlots     (XSlots),
      .WriterBytes(8192)
  ) u_writers (
      .clk_i,
      .rst_ni,
      .flush_i,
      .slot_reset_i,
      .cfg_valid_i     (cfg_write_i),
      .cfg_channel_i,
      .cfg_last_only_i,
      .cfg_base_i,
      .cfg_stride_i,
      .cfg_row_bytes_i,
      .cfg_entry_i,
      .cfg_sequences_i,
      .cfg_ram_base_i,
      .cfg_ram_stride_i,
      .bus_valid_i,
      .bus_channel_i,
      .bus_slot_i,
      .bus_place_i,
      .bus_be_i,
      .bus_data_i,
      .table_req_o     (table_req[R+W-1:R]),
      .table_index_o   (table_index[(R+W)*16-1:R*16]),
      .table_rsp_i     (table_rsp[R+W-1:R]),
      .table_offset_i  (table_offset),
      .table_length_i  (table_length),
      .table_continue_i(table_continue),
      .want_channel_o,
      .want_slot_o,
      .complete_i,
      .release_valid_o,
      .release_ready_i,
      .wr_valid_o      (wr_valid),
      .wr_ready_i      (wr_ready),
      .wr_offset_o     (wr_offset),
      .wr_beats_o      (wr_beats),
      .wr_data_next_i  (wr_next),
      .wr_data_o       (wr_data),
      .wr_strb_o       (wr_strb),
      .wr_done_i       (wr_done),
      .listens_o,
      .overrun_o,
      .active_o        (write_active_o)
  );

  // Client 0 (the program) asks for nothing here.
  trine_mem_port #(
      .MemBytes(MemBytes)
  ) u_port (
      .clk_i,
      .rst_ni,
      .flush_i,
      .idle_o,
      .progress_o     (port_progress),
      .window_base_i,
      .window_size_i,
      .rd_valid_i     ({rd_valid, 1'b0}),
      .rd_ready_o     ({rd_ready, rd_unused_ready}),
      .rd_offset_i    ({rd_offset, 32'd0}),
      .rd_beats_i     ({rd_beats, 5'd1}),
      .rd_data_valid_o({rd_data_valid, rd_unused_data}),
      .rd_data_o      (rd_data),
      .wr_valid_i     ({wr_valid, 1'b0}),
      .wr_ready_o     ({wr_ready, wr_unused_ready}),
      .wr_offset_i    ({wr_offset, 32'd0}),
      .wr_beats_i     ({wr_beats, 5'd1}),
      .wr_data_next_o ({wr_next, wr_unused_next}),
      .wr_data_i      ({wr_data, {Bits{1'b0}}}),
      .wr_strb_i      ({wr_strb, {MemBytes{1'b0}}}),
      .wr_done_o      ({wr_done, wr_unused_done}),
      .error_valid_o,
      .error_code_o   (error_code),
      .error_addr_o   (error_addr),
      .ar_valid_o     (ar_valid),
      .ar_ready_i     (ar_ready),
      .ar_addr_o      (ar_addr),
      .ar_len_o       (ar_len),
      .r_valid_i      (r_valid),
      .r_data_i       (r_data),
      .r_resp_i       (r_resp),
      .r_last_i       (r_last),
      .aw_valid_o     (aw_valid),
      .aw_ready_i     (aw_ready),
      .aw_addr_o      (aw_addr),
      .aw_len_o       (aw_len),
      .w_valid_o      (w_valid),
      .w_ready_i      (w_ready),
      .w_data_o       (w_data),
      .w_strb_o       (w_strb),
      .w_last_o       (w_last),
      .b_valid_i      (b_valid),
      .b_resp_i       (b_resp)
  );

  trine_mem_arbiter #(
      .Cores   (1),
      .MemBytes(MemBytes)
  ) u_arbiter (
      .clk_i,
      .rst_ni,
      .ar_valid_i     (ar_valid),
      .ar_ready_o     (ar_ready),
      .ar_addr_i      (ar_addr),
      .ar_len_i       (ar_len),
      .r_valid_o      (r_valid),
      .r_data_o       (r_data),
      .r_resp_o       (r_resp),
      .r_last_o       (r_last),
      .aw_valid_i     (aw_valid),
      .aw_ready_o     (aw_ready),
      .aw_addr_i      (aw_addr),
      .aw_len_i       (aw_len),
      .w_valid_i      (w_valid),
      .w_ready_o      (w_ready),
      .w_data_i       (w_data),
      .w_strb_i       (w_strb),
      .w_last_i       (w_last),
      .b_valid_o      (b_valid),
      .b_resp_o       (b_resp),
      .prot_i         (3'd0),
      .cache_i        (4'd0),
      .qos_i          (4'd0),
      .m_axi_arvalid_o(arvalid),
      .m_axi_arready_i(arready),
      .m_axi_araddr_o (araddr),
      .m_axi_arid_o   (arid),
      .m_axi_arlen_o  (arlen),
      .m_axi_arsize_o (arsize),
      .m_axi_arburst_o(arburst),
      .m_axi_arprot_o (ar_prot),
      .m_axi_arcache_o(ar_cache),
      .m_axi_arqos_o  (ar_qos),
      .m_axi_rvalid_i (rvalid),
      .m_axi_rready_o (rready),
      .m_axi_rdata_i  (rdata),
      .m_axi_rid_i    (rid),
      .m_axi_rresp_i  (rresp),
      .m_axi_rlast_i  (rlast),
      .m_axi_awvalid_o(awvalid),
      .m_axi_awready_i(awready),
      .m_axi_awaddr_o (awaddr),
      .m_axi_awid_o   (awid),
      .m_axi_awlen_o  (awlen),
      .m_axi_awsize_o (awsize),
      .m_axi_awburst_o(awburst),
      .m_axi_awprot_o (aw_prot),
      .m_axi_awcache_o(aw_cache),
      .m_axi_awqos_o  (aw_qos),
      .m_axi_wvalid_o (wvalid),
      .m_axi_wready_i (wready),
      .m_axi_wdata_o  (wdata),
      .m_axi_wstrb_o  (wstrb),
      .m_axi_wlast_o  (wlast),
      .m_axi_bvalid_i (bvalid),
      .m_axi_bready_o (bready),
      .m_axi_bid_i    (bid),
      .m_axi_bresp_i  (bresp)
  );

endmodule

`default_nettype wire
