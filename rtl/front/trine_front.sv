// SPDX-License-Identifier: Apache-2.0
// trine_front: the memory side of the chip, once for all cores: the rows that READ and WRITE of
// each core name, the fetches and LOADs of the programs, SAVE, and the AXI4 master they share.
//
// Space is a core's own, work goes round: each core brings two readers, two writers, a piece of the
// sequence table and of the writers' RAM, and a stream reaches nothing else. Its domain's window
// bounds every burst. Whether a row may begin is the core's to say (room_i, complete_i); row_o and
// use_o tell it what became of that. The first error of a core is given as a pulse, after which
// nothing of it is asked for until stop_i. stop_i drops what has not left; idle_o says that the
// rest is over: no burst, beat or word of the core is anywhere here.
//
// cycle        0     1     2     3     ..    9     10
// set-up word  A     .     .     .           .     .      cfg_valid_i, ready
// record       .     .     A     .           .     .
// pick         .     .     A'    .           .     .      a START: the first row
// m_axi_ar     .     .     .     .           .     A'
`default_nettype none
`include "trine_assert.svh"

module trine_front #(
    parameter int unsigned Cores = 2,
    parameter int unsigned MemBytes = 8,
    parameter int unsigned BusBytes = 8,
    parameter int unsigned XSlots = 4,
    parameter int unsigned WriterBytes = 8192,     // of a core
    parameter int unsigned TableEntries = 512,     // of a core
    localparam int unsigned CoreBits = (Cores > 1) ? $clog2(Cores) : 1,
    localparam int unsigned SetBits = trine_pkg::SET_UP_BITS,
    localparam int unsigned WordBits = 30 + 9 * BusBytes
) (
    input  wire logic                        clk_i,
    input  wire logic                        rst_ni,
    // Levels of the controller.
    input  wire logic [Cores-1:0]            busy_i,         // owned by a slot that runs
    input  wire logic [Cores-1:0]            stop_i,
    input  wire logic [Cores*4-1:0]          domain_i,
    input  wire logic [Cores-1:0]            member_i,
    input  wire logic [Cores*64-1:0]         window_base_i,
    input  wire logic [Cores*32-1:0]         window_size_i,
    // Words of the writers' RAM that are wiped before a new owner uses them.
    input  wire logic [Cores-1:0]            wipe_valid_i,
    output      logic [Cores-1:0]            wipe_ready_o,
    input  wire logic [Cores*16-1:0]         wipe_addr_i,
    input  wire logic [Cores-1:0]            wipe_urgent_i,  // a WRITE waits for that
    // Set-up by the cores' programs.
    input  wire logic [Cores-1:0]            clear_i,        // writers hear nothing
    input  wire logic [Cores-1:0]            cfg_valid_i,
    output      logic [Cores-1:0]            cfg_ready_o,
    input  wire logic [Cores*SetBits-1:0]    cfg_i,
    // Rows: {writers, readers} of each core.
    input  wire logic [2*Cores-1:0]          room_i,
    input  wire logic [2*Cores-1:0]          complete_i,
    output      logic [4*Cores-1:0]          row_o,
    output      logic [2*Cores-1:0]          use_o,
    output      logic [4*Cores-1:0]          active_o,
    // Fetches: at most 16 beats that do not cross a page.
    input  wire logic [Cores-1:0]            fetch_valid_i,
    output      logic [Cores-1:0]            fetch_ready_o,
    input  wire logic [Cores*32-1:0]         fetch_offset_i,
    input  wire logic [Cores*5-1:0]          fetch_beats_i,
    output      logic [Cores-1:0]            fetch_valid_o,
    output      logic [MemBytes*8-1:0]       fetch_data_o,
    // SAVE: one beat a request, with its data, answered with save_done_o.
    input  wire logic [Cores-1:0]            save_valid_i,
    output      logic [Cores-1:0]            save_ready_o,
    input  wire logic [Cores*32-1:0]         save_offset_i,
    input  wire logic [Cores*MemBytes*8-1:0] save_data_i,
    input  wire logic [Cores*MemBytes-1:0]   save_strb_i,
    output      logic [Cores-1:0]            save_done_o,
    // The activation bus.
    output      logic                        word_valid_o,
    input  wire logic                        word_ready_i,
    output      logic [WordBits-1:0]         word_o,
    output      logic                        bus_hold_o,     // no word in this cycle
    input  wire logic                        bus_valid_i,
    input  wire logic [WordBits-1:0]         bus_word_i,
    // State of each core.
    output      logic [Cores-1:0]            error_valid_o,
    output      logic [Cores*8-1:0]          error_code_o,
    output      logic [Cores*64-1:0]         error_addr_o,
    output      logic [Cores-1:0]            overrun_o,
    output      logic [Cores-1:0]            waiting_o,
    output      logic [Cores-1:0]            progress_o,
    output      logic [Cores-1:0]            idle_o,
    // AXI4 master; the attributes change only while nothing runs.
    input  wire logic [2:0]                  prot_i,
    input  wire logic [3:0]                  cache_i,
    input  wire logic [3:0]                  qos_i,
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
    input  wire logic [1:0]                  m_axi_bresp_i,
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
    input  wire logic                        m_axi_rlast_i
);

  localparam int unsigned Outstanding = 8;
  localparam int unsigned Queue = 8;
  localparam int unsigned StreamBits = $clog2(4 * Cores);
  localparam int unsigned Words = WriterBytes / MemBytes;
  localparam int unsigned RamBits = $clog2(Cores * Words);

  `TRINE_CHECK_PARAM(gen_check_ram, Words >= 2 && Words <= 65536)

  logic [Cores-1:0]      hold, failed_q, cfg_grant, read_progress, write_progress;
  logic                  set_q, set_ready, set_take, set_active, set_good;
  trine_pkg::set_up_t    set, set_word_q;
  logic [CoreBits-1:0]   set_core, set_core_q;
  logic [CoreBits+1:0]   set_stream;
  logic                  pick_valid, pick_write, pick_unit;
  logic                  client_free, client_valid, client_write;
  logic [CoreBits-1:0]   pick_core, client_core, write_core;
  logic [Cores-1:0]      save_full;
  logic                  step_valid, step_row_end, step_ends;
  logic [CoreBits+1:0]   step_stream;
  logic                  burst_valid, burst_write, read_pop, write_pop;
  trine_pkg::burst_t     burst;
  logic [4:0]            burst_beats;
  logic [63:0]           burst_addr, read_error_addr, write_error_addr;
  logic [Cores-1:0]      read_drop, read_last, read_words, write_drop, write_done;
  logic [2*Cores-1:0]    read_end, write_end;
  logic [4*Cores-1:0]    ends;
  logic                  walk_error, read_error, write_error;
  logic [3:0]            walk_error_core, read_error_core, write_error_core;
  logic [Cores-1:0]      reads_fail, writes_fail, walk_fails, fails, reads_fail_q, writes_fail_q;
  logic [7:0]            walk_error_code, walk_code_q;
  logic [31:0]           walk_error_value, walk_value_q;
  logic [63:0]           read_addr_q, write_addr_q;
  logic                  ram_we;
  logic [RamBits-1:0]    ram_addr;
  logic [MemBytes-1:0]   ram_be;
  logic [MemBytes*8-1:0] ram_data;

  assign hold = stop_i | failed_q;

  // --- Set-up: a word a cycle ---
  trine_arbiter #(
      .Requests(Cores)
  ) u_set_up (
      .clk_i, .rst_ni, .req_i(cfg_valid_i), .advance_i(set_take), .grant_o(cfg_grant)
  );

  always_comb begin
    set = '0;
    set_core = '0;
    for (int c = 0; c < Cores; c++) begin
      if (cfg_grant[c]) begin
        set = set | cfg_i[c*SetBits +: SetBits];
        set_core = set_core | CoreBits'(c);
      end
    end
  end

  assign set_take = !set_q || set_ready;
  assign cfg_ready_o = set_take ? cfg_grant : '0;
  assign set_stream = {set_core_q, set_word_q.write, set_word_q.unit};
  assign set_active = active_o[StreamBits'(set_stream)];
  assign set_good = set_q && !stop_i[set_core_q];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) set_q <= 1'b0;
    else if (set_take) set_q <= |cfg_valid_i;
    if (set_take) begin
      set_word_q <= set;
      set_core_q <= set_core;
    end
  end

  // --- Rows ---
  for (genvar c = 0; c < Cores; c++) begin : gen_ends
    assign ends[4*c +: 4] = {write_end[2*c +: 2], read_end[2*c +: 2]};
  end

  trine_turns #(
      .Cores(Cores), .Outstanding(Outstanding), .Queue(Queue)
  ) u_turns (
      .clk_i, .rst_ni, .busy_i, .domain_i, .stop_i, .hold_i(hold),
      .start_valid_i(set_good && set_ready && set_word_q.what == trine_pkg::SET_START),
      .start_stream_i(set_stream),
      .room_i, .complete_i, .fetch_valid_i, .fetch_ready_o, .save_valid_i, .save_ready_o,
      .save_full_i(save_full), .client_free_i(client_free), .client_valid_o(client_valid),
      .client_core_o(client_core), .client_write_o(client_write),
      .pick_valid_o(pick_valid), .pick_core_o(pick_core), .pick_write_o(pick_write),
      .pick_unit_o(pick_unit), .row_o,
      .step_valid_i(step_valid), .step_stream_i(step_stream), .step_row_end_i(step_row_end),
      .step_ends_i(step_ends),
      .burst_valid_i(burst_valid), .burst_write_i(burst_write),
      .burst_core_i(CoreBits'(burst.core)), .burst_beats_i(burst_beats),
      .read_beat_i(m_axi_rvalid_i && m_axi_rready_o), .read_core_i(CoreBits'(m_axi_rid_i)),
      .write_beat_i(m_axi_wvalid_o && m_axi_wready_i), .write_core_i(write_core),
      .read_pop_i(read_pop), .write_pop_i(write_pop),
      .read_drop_i(read_drop), .read_last_i(read_last), .read_words_i(read_words),
      .write_drop_i(write_drop), .write_done_i(write_done), .end_i(ends),
      .active_o, .waiting_o, .idle_o
  );

  assign burst_beats = (burst.dead || burst.skip) ? 5'd0 : 5'(burst.beats) + 5'd1;

  trine_walk #(
      .Cores(Cores), .MemBytes(MemBytes), .XSlots(XSlots), .WriterBytes(WriterBytes),
      .TableEntries(TableEntries)
  ) u_walk (
      .clk_i, .rst_ni,
      .cfg_valid_i(set_good), .cfg_ready_o(set_ready), .cfg_core_i(set_core_q),
      .cfg_i(set_word_q), .cfg_active_i(set_active),
      .pick_valid_i(pick_valid), .pick_core_i(pick_core), .pick_write_i(pick_write),
      .pick_unit_i(pick_unit), .client_free_o(client_free), .client_valid_i(client_valid),
      .client_core_i(client_core), .client_write_i(client_write),
      .fetch_offset_i, .fetch_beats_i, .save_offset_i, .window_base_i, .window_size_i,
      .step_valid_o(step_valid), .step_stream_o(step_stream), .step_row_end_o(step_row_end),
      .step_ends_o(step_ends),
      .burst_valid_o(burst_valid), .burst_write_o(burst_write), .burst_o(burst),
      .burst_addr_o(burst_addr),
      .error_valid_o(walk_error), .error_core_o(walk_error_core), .error_code_o(walk_error_code),
      .error_value_o(walk_error_value)
  );

  trine_row_reads #(
      .Cores(Cores), .MemBytes(MemBytes), .BusBytes(BusBytes), .Outstanding(Outstanding),
      .Queue(Queue)
  ) u_reads (
      .clk_i, .rst_ni, .hold_i(hold), .domain_i,
      .cfg_valid_i(set_good && !set_word_q.write && !set_active), .cfg_core_i(set_core_q),
      .cfg_i(set_word_q),
      .burst_valid_i(burst_valid && !burst_write), .burst_i(burst), .burst_addr_i(burst_addr),
      .pop_o(read_pop), .drop_o(read_drop), .last_o(read_last), .words_o(read_words),
      .end_o(read_end),
      .fetch_valid_o, .fetch_data_o, .word_valid_o, .word_ready_i, .word_o,
      .error_valid_o(read_error), .error_core_o(read_error_core), .error_addr_o(read_error_addr),
      .progress_o(read_progress),
      .arvalid_o(m_axi_arvalid_o), .arready_i(m_axi_arready_i), .araddr_o(m_axi_araddr_o),
      .arid_o(m_axi_arid_o), .arlen_o(m_axi_arlen_o), .rvalid_i(m_axi_rvalid_i),
      .rready_o(m_axi_rready_o), .rdata_i(m_axi_rdata_i), .rid_i(m_axi_rid_i),
      .rresp_i(m_axi_rresp_i), .rlast_i(m_axi_rlast_i)
  );

  trine_catch #(
      .Cores(Cores), .MemBytes(MemBytes), .BusBytes(BusBytes), .XSlots(XSlots),
      .WriterBytes(WriterBytes)
  ) u_catch (
      .clk_i, .rst_ni, .stop_i, .clear_i, .domain_i, .member_i,
      .cfg_valid_i(set_good && set_ready && set_word_q.write && !set_active),
      .cfg_core_i(set_core_q), .cfg_i(set_word_q), .bus_valid_i, .bus_word_i,
      .wipe_valid_i, .wipe_ready_o, .wipe_addr_i,
      .ram_we_o(ram_we), .ram_addr_o(ram_addr), .ram_be_o(ram_be), .ram_data_o(ram_data),
      .overrun_o
  );

  trine_row_writes #(
      .Cores(Cores), .MemBytes(MemBytes), .WriterBytes(WriterBytes), .Outstanding(Outstanding),
      .Queue(Queue)
  ) u_writes (
      .clk_i, .rst_ni, .hold_i(hold),
      .burst_valid_i(burst_valid && burst_write), .burst_i(burst), .burst_addr_i(burst_addr),
      .pop_o(write_pop), .drop_o(write_drop), .done_o(write_done), .end_o(write_end),
      .beat_core_o(write_core),
      .use_o,
      .ram_we_i(ram_we), .ram_addr_i(ram_addr), .ram_be_i(ram_be), .ram_data_i(ram_data),
      .stop_i, .save_take_i(save_ready_o), .save_data_i, .save_strb_i,
      .save_full_o(save_full), .save_done_o,
      .error_valid_o(write_error), .error_core_o(write_error_core),
      .error_addr_o(write_error_addr), .progress_o(write_progress),
      .awvalid_o(m_axi_awvalid_o), .awready_i(m_axi_awready_i), .awaddr_o(m_axi_awaddr_o),
      .awid_o(m_axi_awid_o), .awlen_o(m_axi_awlen_o), .wvalid_o(m_axi_wvalid_o),
      .wready_i(m_axi_wready_i), .wdata_o(m_axi_wdata_o), .wstrb_o(m_axi_wstrb_o),
      .wlast_o(m_axi_wlast_o), .bvalid_i(m_axi_bvalid_i), .bready_o(m_axi_bready_o),
      .bid_i(m_axi_bid_i), .bresp_i(m_axi_bresp_i)
  );

  // The words of others leave every second cycle to a WRITE that waits.
  always_ff @(posedge clk_i) begin
    bus_hold_o <= rst_ni && (|wipe_urgent_i) && !bus_hold_o;
  end

  // --- Errors: those of memory before those of the walk. They hold at once, and are told from
  // registers, a cycle later ---
  always_comb begin
    for (int c = 0; c < Cores; c++) begin
      reads_fail[c] = read_error && read_error_core == 4'(c);
      writes_fail[c] = write_error && write_error_core == 4'(c);
      walk_fails[c] = walk_error && walk_error_core == 4'(c) && !hold[c];
    end
  end

  assign fails = reads_fail | writes_fail | walk_fails;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) failed_q <= '0;
    else failed_q <= (failed_q | fails) & ~stop_i;
    error_valid_o <= rst_ni ? fails & ~stop_i : '0;
    reads_fail_q <= reads_fail;
    writes_fail_q <= writes_fail;
    read_addr_q <= read_error_addr;
    write_addr_q <= write_error_addr;
    walk_code_q <= walk_error_code;
    walk_value_q <= walk_error_value;
    progress_o <= rst_ni ? read_progress | write_progress : '0;
  end

  always_comb begin
    for (int c = 0; c < Cores; c++) begin
      error_code_o[c*8 +: 8] = walk_code_q;
      error_addr_o[c*64 +: 64] = {32'd0, walk_value_q};
      if (reads_fail_q[c]) begin
        error_code_o[c*8 +: 8] = trine_pkg::ERR_BUS_READ;
        error_addr_o[c*64 +: 64] = read_addr_q;
      end else if (writes_fail_q[c]) begin
        error_code_o[c*8 +: 8] = trine_pkg::ERR_BUS_WRITE;
        error_addr_o[c*64 +: 64] = write_addr_q;
      end
    end
  end

  `TRINE_ASSERT(a_first_error_only, !rst_ni || (fails & failed_q) == '0)

  assign m_axi_arsize_o = 3'($clog2(MemBytes));
  assign m_axi_arburst_o = 2'b01;
  assign m_axi_arprot_o = prot_i;
  assign m_axi_arcache_o = cache_i;
  assign m_axi_arqos_o = qos_i;
  assign m_axi_awsize_o = 3'($clog2(MemBytes));
  assign m_axi_awburst_o = 2'b01;
  assign m_axi_awprot_o = prot_i;
  assign m_axi_awcache_o = cache_i;
  assign m_axi_awqos_o = qos_i;

endmodule

`default_nettype wire
