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

  localparam int unsigned WordBits = 30 + 9 * BusBytes;  // {domain, word}
  localparam int unsigned WordBytes = Lanes * MacsPerLane;
  localparam int unsigned BankBits = (WordBytes > MemBytes) ? $clog2(WordBytes / MemBytes) : 1;
  localparam int unsigned VecBytes = (BusBytes > MacsPerLane) ? BusBytes : MacsPerLane;
  localparam int unsigned RepeatBits = trine_pkg::REPEAT_BITS;

  // ---- Registers and controller.
  logic [31:0]      config_hash, watchdog, cfg_mask, cfg_mode, cfg_size, cfg_program, record_op;
  logic [63:0]      cfg_base, start_value, query_cycles, query_loads, count_value, record_addr;
  logic [2:0]       axi_prot, query_state;
  logic [3:0]       axi_cache, axi_qos, slot, count_index, record_slot;
  logic [4:0]       start_core, count_rank, record_core;
  logic [7:0]       start_code, record_code;
  logic             start_valid, start_done, abort, forget, query, query_resident, count_valid;
  logic             repeats, goes_on, query_repeats;
  logic             count_done, record_valid, record_done, unused;
  logic [Cores-1:0] query_mask, irq, busy, quarantine;

  // ---- Cores: controller side.
  logic                control_rst_n, bus_rst_n;
  logic [Cores-1:0]    front_stop;
  logic [Cores-1:0]    core_start, core_stop, core_fresh, core_done;
  logic [Cores-1:0]    core_repeats;

  // ---- Cores: program unit's side.
  logic [Cores-1:0]    running, ended, waiting, loading, failed, order_select, clearing;
  logic [Cores-1:0]    order_names;
  logic [Cores-1:0]    stream_wait, order_wait, through, load_select, ring_ready, unit_stop;
  logic [Cores-1:0]    repeats_start;
  logic [Cores*8-1:0]  refusal;
  logic [Cores*17-1:0] param_beats;
  logic [31:0]         fail_op, fail_value, order_place, arg1, arg2, arg3, arg4, arg5, arg6, word;
  logic [31:0]         weight_waddr, ring_addr, ring_data;
  logic [15:0]         table_index, param_row, state_waddr, state_wdata;
  logic [7:0]          fail_code, op;
  logic [6:0]          stream_word;
  logic [3:0]          context_word;
  logic                context_we, stream_we, checks, exec, weight_we, param_we, ring_valid;
  logic                state_we, unit_rst_n;
  logic [trine_pkg::PARAM_BITS-1:0] param_data;
  logic [MemBytes*8-1:0] load_beat;
  logic [BankBits-1:0] weight_bank;
  logic [Cores*RepeatBits-1:0] core_repeat;
  logic [Cores-1:0]    core_member;
  logic [Cores-1:0]    core_loading, core_error, core_quiet, core_progress, unit_progress;
  logic [Cores*4-1:0]  core_domain, core_rank, core_select;
  logic [Cores*5-1:0]  core_ranks;
  logic [Cores*2-1:0]  core_mode;
  logic [Cores*64-1:0] core_base, core_count, core_addr;
  logic [Cores*32-1:0] core_size, core_program, core_op;
  logic [Cores*8-1:0]  core_code;

  // ---- Buses.
  logic [Cores-1:0]          word_valid, word_ready, event_valid, event_ready;
  logic [Cores*WordBits-1:0] word_req;
  logic [Cores*12-1:0]       event_req;
  logic                      bus_valid, release_valid;
  logic [WordBits-1:0]       bus_word;
  logic [11:0]               release_word;

  // ---- Front end.
  localparam int unsigned SetBits = trine_pkg::SET_UP_BITS;

  logic [Cores-1:0]            row_clear, set_valid, set_ready, fetch_valid, fetch_ready;
  logic [Cores-1:0]            fetched_valid, save_valid, save_ready, save_done;
  logic [Cores-1:0]            mem_error, mem_overrun, mem_waiting, mem_progress, mem_idle;
  logic [Cores*SetBits-1:0]    set_up;
  logic [2*Cores-1:0]          row_room, row_complete, row_use;
  logic [4*Cores-1:0]          row_begins, row_active;
  logic [Cores*32-1:0]         fetch_offset, save_offset;
  logic [Cores*5-1:0]          fetch_beats;
  logic [MemBytes*8-1:0]       fetched;
  logic [Cores*MemBytes*8-1:0] save_data;
  logic [Cores*MemBytes-1:0]   save_strb;
  logic [Cores*8-1:0]          mem_code;
  logic [Cores*64-1:0]         mem_addr;
  logic [Cores-1:0]            wipe_valid, wipe_ready, wipe_urgent;
  logic [Cores*16-1:0]         wipe_addr;
  logic                        front_valid, front_ready, bus_hold;
  logic [WordBits-1:0]         front_word;
  logic                        front_unused;

  `include "trine_config_rules.svh"

  assign unused = &{1'b0, s_axil_awprot_i, s_axil_arprot_i, front_unused};

  trine_regs #(
      .Cores(Cores), .Contexts(Contexts), .Lanes(Lanes), .MacsPerLane(MacsPerLane),
      .TailRows(TailRows), .BusBytes(BusBytes), .XSlots(XSlots), .QueueWords(QueueWords),
      .WeightBytes(WeightBytes), .ParamRows(ParamRows), .RingBytes(RingBytes),
      .StateUnits(StateUnits), .PreUnits(PreUnits), .WriterBytes(WriterBytes),
      .TableEntries(TableEntries), .MaxInputs(MaxInputs), .MaxUnits(MaxUnits), .MemBytes(MemBytes),
      .Cmsis(Cmsis)
  ) u_regs (
      .clk_i, .rst_ni, .s_awvalid_i(s_axil_awvalid_i), .s_awready_o(s_axil_awready_o),
      .s_awaddr_i(s_axil_awaddr_i), .s_wvalid_i(s_axil_wvalid_i), .s_wready_o(s_axil_wready_o),
      .s_wdata_i(s_axil_wdata_i), .s_wstrb_i(s_axil_wstrb_i), .s_bvalid_o(s_axil_bvalid_o),
      .s_bready_i(s_axil_bready_i), .s_bresp_o(s_axil_bresp_o), .s_arvalid_i(s_axil_arvalid_i),
      .s_arready_o(s_axil_arready_o), .s_araddr_i(s_axil_araddr_i), .s_rvalid_o(s_axil_rvalid_o),
      .s_rready_i(s_axil_rready_i), .s_rdata_o(s_axil_rdata_o), .s_rresp_o(s_axil_rresp_o), .irq_o,
      .config_hash_o(config_hash), .watchdog_o(watchdog), .axi_prot_o(axi_prot),
      .axi_cache_o(axi_cache), .axi_qos_o(axi_qos), .slot_o(slot), .start_valid_o(start_valid),
      .repeat_o(repeats), .goes_on_o(goes_on), .cfg_mask_o(cfg_mask), .cfg_mode_o(cfg_mode),
      .cfg_base_o(cfg_base), .cfg_size_o(cfg_size), .cfg_program_o(cfg_program),
      .start_done_i(start_done), .start_code_i(start_code), .start_core_i(start_core),
      .start_value_i(start_value), .abort_o(abort), .forget_o(forget), .query_o(query),
      .query_state_i(query_state), .query_mask_i(query_mask), .query_resident_i(query_resident),
      .query_repeats_i(query_repeats), .query_cycles_i(query_cycles), .query_loads_i(query_loads),
      .count_valid_o(count_valid), .count_rank_o(count_rank), .count_index_o(count_index),
      .count_done_i(count_done), .count_i(count_value), .record_valid_i(record_valid),
      .record_slot_i(record_slot), .record_code_i(record_code), .record_core_i(record_core),
      .record_op_i(record_op), .record_addr_i(record_addr), .record_done_o(record_done),
      .irq_i(irq), .busy_i(busy), .quarantine_i(quarantine)
  );

  // Rooms without pins are in reset a cycle longer, and all hear of a stop a cycle later. What has
  // pins, registers and front end, has them quiet from the first cycle of reset on.
  trine_copies #(.Copies(3)) u_reset (
      .clk_i, .d_i(rst_ni), .q_o({control_rst_n, bus_rst_n, unit_rst_n})
  );

  trine_copies #(.Width(Cores), .Copies(2)) u_stop (
      .clk_i, .d_i(core_stop), .q_o({front_stop, unit_stop})
  );

  trine_controller #(
      .Cores(Cores)
  ) u_controller (
      .clk_i, .rst_ni(control_rst_n), .slot_i(slot), .start_valid_i(start_valid),
      .repeat_i(repeats), .goes_on_i(goes_on), .cfg_mask_i(cfg_mask), .cfg_mode_i(cfg_mode),
      .cfg_base_i(cfg_base), .cfg_size_i(cfg_size), .cfg_program_i(cfg_program),
      .start_done_o(start_done), .start_code_o(start_code), .start_core_o(start_core),
      .start_value_o(start_value), .abort_i(abort), .forget_i(forget), .watchdog_i(watchdog),
      .query_i(query), .query_state_o(query_state), .query_mask_o(query_mask),
      .query_resident_o(query_resident), .query_repeats_o(query_repeats),
      .query_cycles_o(query_cycles), .query_loads_o(query_loads), .count_valid_i(count_valid),
      .count_rank_i(count_rank), .count_index_i(count_index), .count_done_o(count_done),
      .count_o(count_value), .record_valid_o(record_valid), .record_slot_o(record_slot),
      .record_code_o(record_code), .record_core_o(record_core), .record_op_o(record_op),
      .record_addr_o(record_addr), .record_done_i(record_done), .irq_o(irq), .busy_o(busy),
      .quarantine_o(quarantine), .start_o(core_start), .stop_o(core_stop), .domain_o(core_domain),
      .member_o(core_member), .rank_o(core_rank), .ranks_o(core_ranks), .mode_o(core_mode),
      .window_base_o(core_base), .window_size_o(core_size), .program_o(core_program),
      .fresh_o(core_fresh), .repeat_o(core_repeat), .repeats_i(core_repeats),
      .count_select_o(core_select), .count_value_i(core_count), .done_i(core_done),
      .loading_i(core_loading), .error_valid_i(core_error), .error_code_i(core_code),
      .error_op_i(core_op), .error_addr_i(core_addr), .quiet_i(core_quiet),
      .progress_i(core_progress | unit_progress)
  );

  for (genvar c = 0; c < Cores; c++) begin : gen_repeat
    assign repeats_start[c] = core_repeat[(c + 1)*RepeatBits - 1];   // repeat_t: valid
  end

  trine_commands #(
      .Cores(Cores), .Contexts(Contexts), .Lanes(Lanes), .BusBytes(BusBytes), .XSlots(XSlots),
      .WordBytes(WordBytes), .WeightWords(WeightBytes / WordBytes), .ParamRows(ParamRows),
      .RingBytes(RingBytes), .RingWords(RingBytes / VecBytes), .StateUnits(StateUnits),
      .TailRows(TailRows), .WriterBytes(WriterBytes), .TableEntries(TableEntries),
      .MemBytes(MemBytes)
  ) u_commands (
      .clk_i, .rst_ni(unit_rst_n), .start_i(core_start), .stop_i(unit_stop), .rank_i(core_rank),
      .ranks_i(core_ranks), .mode_i(core_mode), .program_i(core_program), .fresh_i(core_fresh),
      .repeat_i(repeats_start), .config_hash_i(config_hash), .running_o(running), .done_o(ended),
      .waiting_o(waiting), .loading_o(loading), .repeats_o(core_repeats),
      .progress_o(unit_progress), .error_valid_o(failed), .error_code_o(fail_code),
      .error_op_o(fail_op), .error_value_o(fail_value),
      .select_o(order_select), .names_o(order_names), .place_o(order_place), .op_o(op),
      .arg1_o(arg1), .arg2_o(arg2), .arg3_o(arg3), .arg4_o(arg4), .arg5_o(arg5), .arg6_o(arg6),
      .word_o(word), .context_we_o(context_we), .context_word_o(context_word),
      .stream_we_o(stream_we), .stream_word_o(stream_word), .table_index_o(table_index),
      .checks_o(checks), .exec_o(exec), .clear_o(row_clear), .clearing_i(clearing),
      .stream_wait_i(stream_wait), .wait_i(order_wait), .error_i(refusal), .quiet_i(through),
      .param_beats_i(param_beats), .load_select_o(load_select), .weight_we_o(weight_we),
      .weight_waddr_o(weight_waddr), .weight_bank_o(weight_bank), .beat_o(load_beat),
      .param_we_o(param_we), .param_row_o(param_row), .param_data_o(param_data),
      .ring_valid_o(ring_valid), .ring_ready_i(ring_ready), .ring_addr_o(ring_addr),
      .ring_data_o(ring_data), .state_we_o(state_we), .state_waddr_o(state_waddr),
      .state_wdata_o(state_wdata), .fetch_valid_o(fetch_valid), .fetch_ready_i(fetch_ready),
      .fetch_offset_o(fetch_offset), .fetch_beats_o(fetch_beats), .fetch_valid_i(fetched_valid),
      .fetch_data_i(fetched)
  );

  for (genvar c = 0; c < Cores; c++) begin : gen_core
    trine_core #(
        .Contexts(Contexts), .Lanes(Lanes), .MacsPerLane(MacsPerLane), .TailRows(TailRows),
        .BusBytes(BusBytes), .XSlots(XSlots), .QueueWords(QueueWords),
        .WeightBytes(WeightBytes), .ParamRows(ParamRows), .RingBytes(RingBytes),
        .StateUnits(StateUnits), .PreUnits(PreUnits), .WriterBytes(WriterBytes),
        .TableEntries(TableEntries), .MemBytes(MemBytes), .Cmsis(Cmsis)
    ) u_core (
        .clk_i, .rst_ni,
        .start_i(core_start[c]), .stop_i(core_stop[c]),
        .domain_i(core_domain[c*4 +: 4]), .member_i(core_member[c]), .fresh_i(core_fresh[c]),
        .repeat_i(core_repeat[c*RepeatBits +: RepeatBits]),
        .done_o(core_done[c]), .loading_o(core_loading[c]),
        .error_valid_o(core_error[c]), .error_code_o(core_code[c*8 +: 8]),
        .error_op_o(core_op[c*32 +: 32]), .error_addr_o(core_addr[c*64 +: 64]),
        .quiet_o(core_quiet[c]), .progress_o(core_progress[c]),
        .count_select_i(core_select[c*4 +: 4]), .count_value_o(core_count[c*64 +: 64]),
        .running_i(running[c]), .done_i(ended[c]), .waiting_i(waiting[c]), .loading_i(loading[c]),
        .failed_i(failed[c]), .fail_code_i(fail_code), .fail_op_i(fail_op),
        .fail_value_i(fail_value), .select_i(order_select[c]), .names_i(order_names[c]),
        .place_i(order_place), .op_i(op), .arg1_i(arg1), .arg2_i(arg2), .arg3_i(arg3),
        .arg4_i(arg4), .arg5_i(arg5),
        .arg6_i(arg6), .word_i(word), .context_we_i(context_we), .context_word_i(context_word),
        .stream_we_i(stream_we), .stream_word_i(stream_word), .table_index_i(table_index),
        .checks_i(checks), .exec_i(exec), .clear_i(row_clear[c]), .clearing_o(clearing[c]),
        .stream_wait_o(stream_wait[c]), .wait_o(order_wait[c]),
        .refusal_o(refusal[c*8 +: 8]), .through_o(through[c]),
        .param_beats_o(param_beats[c*17 +: 17]), .load_select_i(load_select[c]),
        .weight_we_i(weight_we), .weight_waddr_i(weight_waddr), .weight_bank_i(weight_bank),
        .beat_i(load_beat),
        .param_we_i(param_we), .param_row_i(param_row), .param_data_i(param_data),
        .ring_valid_i(ring_valid), .ring_ready_o(ring_ready[c]), .ring_addr_i(ring_addr),
        .ring_data_i(ring_data), .state_we_i(state_we), .state_waddr_i(state_waddr),
        .state_wdata_i(state_wdata),
        .req_valid_o(word_valid[c]), .req_ready_i(word_ready[c]),
        .req_word_o(word_req[c*WordBits +: WordBits]),
        .bus_valid_i(bus_valid), .bus_word_i(bus_word),
        .release_valid_o(event_valid[c]), .release_ready_i(event_ready[c]),
        .release_word_o(event_req[c*12 +: 12]),
        .event_valid_i(release_valid), .event_word_i(release_word),
        .wipe_valid_o(wipe_valid[c]), .wipe_ready_i(wipe_ready[c]),
        .wipe_addr_o(wipe_addr[c*16 +: 16]), .wipe_urgent_o(wipe_urgent[c]),
        .cfg_valid_o(set_valid[c]), .cfg_ready_i(set_ready[c]),
        .cfg_o(set_up[c*SetBits +: SetBits]),
        .room_o(row_room[c*2 +: 2]), .complete_o(row_complete[c*2 +: 2]),
        .row_i(row_begins[c*4 +: 4]), .use_i(row_use[c*2 +: 2]),
        .row_active_i(row_active[c*4 +: 4]),
        .save_valid_o(save_valid[c]), .save_ready_i(save_ready[c]),
        .save_offset_o(save_offset[c*32 +: 32]),
        .save_data_o(save_data[c*MemBytes*8 +: MemBytes*8]),
        .save_strb_o(save_strb[c*MemBytes +: MemBytes]),
        .save_done_i(save_done[c]),
        .mem_error_i(mem_error[c]), .mem_code_i(mem_code[c*8 +: 8]),
        .mem_addr_i(mem_addr[c*64 +: 64]), .mem_overrun_i(mem_overrun[c]),
        .mem_waiting_i(mem_waiting[c]), .mem_progress_i(mem_progress[c]),
        .mem_idle_i(mem_idle[c])
    );
  end

  trine_bus #(
      .Cores(Cores), .Width(WordBits)
  ) u_activation_bus (
      .clk_i, .rst_ni(bus_rst_n), .req_valid_i(word_valid), .req_ready_o(word_ready),
      .req_word_i(word_req), .front_valid_i(front_valid), .front_ready_o(front_ready),
      .front_word_i(front_word), .hold_i(bus_hold), .bus_valid_o(bus_valid), .bus_word_o(bus_word)
  );

  trine_bus #(
      .Cores(Cores), .Width(12)
  ) u_release_bus (
      .clk_i, .rst_ni(bus_rst_n), .req_valid_i(event_valid), .req_ready_o(event_ready),
      .req_word_i(event_req), .front_valid_i(1'b0), .front_ready_o(front_unused), .front_word_i('0),
      .hold_i(1'b0), .bus_valid_o(release_valid), .bus_word_o(release_word)
  );

  trine_front #(
      .Cores(Cores), .MemBytes(MemBytes), .BusBytes(BusBytes), .XSlots(XSlots),
      .WriterBytes(WriterBytes), .TableEntries(TableEntries)
  ) u_front (
      .clk_i, .rst_ni, .busy_i(busy), .stop_i(front_stop), .domain_i(core_domain),
      .member_i(core_member), .window_base_i(core_base), .window_size_i(core_size),
      .clear_i(row_clear), .wipe_valid_i(wipe_valid), .wipe_ready_o(wipe_ready),
      .wipe_addr_i(wipe_addr), .wipe_urgent_i(wipe_urgent), .bus_hold_o(bus_hold),
      .cfg_valid_i(set_valid), .cfg_ready_o(set_ready), .cfg_i(set_up), .room_i(row_room),
      .complete_i(row_complete), .row_o(row_begins), .use_o(row_use), .active_o(row_active),
      .fetch_valid_i(fetch_valid), .fetch_ready_o(fetch_ready), .fetch_offset_i(fetch_offset),
      .fetch_beats_i(fetch_beats), .fetch_valid_o(fetched_valid), .fetch_data_o(fetched),
      .save_valid_i(save_valid), .save_ready_o(save_ready), .save_offset_i(save_offset),
      .save_data_i(save_data), .save_strb_i(save_strb), .save_done_o(save_done),
      .word_valid_o(front_valid), .word_ready_i(front_ready), .word_o(front_word),
      .bus_valid_i(bus_valid), .bus_word_i(bus_word), .error_valid_o(mem_error),
      .error_code_o(mem_code), .error_addr_o(mem_addr), .overrun_o(mem_overrun),
      .waiting_o(mem_waiting), .progress_o(mem_progress), .idle_o(mem_idle), .prot_i(axi_prot),
      .cache_i(axi_cache), .qos_i(axi_qos), .m_axi_arvalid_o, .m_axi_arready_i, .m_axi_araddr_o,
      .m_axi_arid_o, .m_axi_arlen_o, .m_axi_arsize_o, .m_axi_arburst_o, .m_axi_arprot_o,
      .m_axi_arcache_o, .m_axi_arqos_o, .m_axi_rvalid_i, .m_axi_rready_o, .m_axi_rdata_i,
      .m_axi_rid_i, .m_axi_rresp_i, .m_axi_rlast_i, .m_axi_awvalid_o, .m_axi_awready_i,
      .m_axi_awaddr_o, .m_axi_awid_o, .m_axi_awlen_o, .m_axi_awsize_o, .m_axi_awburst_o,
      .m_axi_awprot_o, .m_axi_awcache_o, .m_axi_awqos_o, .m_axi_wvalid_o, .m_axi_wready_i,
      .m_axi_wdata_o, .m_axi_wstrb_o, .m_axi_wlast_o, .m_axi_bvalid_i, .m_axi_bready_o,
      .m_axi_bid_i, .m_axi_bresp_i
  );

endmodule

`default_nettype wire
