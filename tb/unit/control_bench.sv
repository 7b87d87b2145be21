// SPDX-License-Identifier: Apache-2.0
// control_bench: register file and mode controller as trine_top joins them; the cores are the
// bench's.
`default_nettype none

module control_bench #(
    parameter int unsigned Cores = 4
) (
    input  wire logic                clk_i,
    input  wire logic                rst_ni,
    // AXI4-Lite slave.
    input  wire logic             s_awvalid_i,
    output      logic             s_awready_o,
    input  wire logic [16:0]      s_awaddr_i,
    input  wire logic             s_wvalid_i,
    output      logic             s_wready_o,
    input  wire logic [31:0]      s_wdata_i,
    input  wire logic [3:0]       s_wstrb_i,
    output      logic             s_bvalid_o,
    input  wire logic             s_bready_i,
    output      logic [1:0]       s_bresp_o,
    input  wire logic             s_arvalid_i,
    output      logic             s_arready_o,
    input  wire logic [16:0]      s_araddr_i,
    output      logic             s_rvalid_o,
    input  wire logic             s_rready_i,
    output      logic [31:0]      s_rdata_o,
    output      logic [1:0]       s_rresp_o,
    // Levels.
    output      logic             irq_o,
    output      logic [31:0]      config_hash_o,  // constant
    output      logic [31:0]      watchdog_o,
    output      logic [2:0]       axi_prot_o,
    output      logic [3:0]       axi_cache_o,
    output      logic [3:0]       axi_qos_o,
    output      logic [Cores-1:0]    start_o,
    output      logic [Cores-1:0]    stop_o,
    output      logic [Cores*4-1:0]  domain_o,
    output      logic [Cores-1:0]    member_o,
    output      logic [Cores*4-1:0]  rank_o,
    output      logic [Cores*5-1:0]  ranks_o,
    output      logic [Cores*2-1:0]  mode_o,
    output      logic [Cores*64-1:0] window_base_o,
    output      logic [Cores*32-1:0] window_size_o,
    output      logic [Cores*32-1:0] program_o,
    output      logic [Cores-1:0]    fresh_o,
    output      logic [Cores*66-1:0] repeat_o,
    output      logic [Cores*4-1:0]  count_select_o,
    input  wire logic [Cores*64-1:0] count_value_i,
    input  wire logic [Cores-1:0]    done_i,
    input  wire logic [Cores-1:0]    loading_i,
    input  wire logic [Cores-1:0]    repeats_i,
    input  wire logic [Cores-1:0]    error_valid_i,
    input  wire logic [Cores*8-1:0]  error_code_i,
    input  wire logic [Cores*32-1:0] error_op_i,
    input  wire logic [Cores*64-1:0] error_addr_i,
    input  wire logic [Cores-1:0]    quiet_i,
    input  wire logic [Cores-1:0]    progress_i
);

  logic [3:0] slot;
  logic start_valid;
  logic [31:0] cfg_mask;
  logic [31:0] cfg_mode;
  logic [63:0] cfg_base;
  logic [31:0] cfg_size;
  logic [31:0] cfg_program;
  logic start_done;
  logic [7:0] start_code;
  logic [4:0] start_core;
  logic [63:0] start_value;
  logic abort;
  logic forget;
  logic query;
  logic [2:0] query_state;
  logic [Cores-1:0] query_mask;
  logic query_resident;
  logic query_repeats;
  logic repeats;
  logic goes_on;
  logic [63:0] query_cycles;
  logic [63:0] query_loads;
  logic count_valid;
  logic [4:0] count_rank;
  logic [3:0] count_index;
  logic count_done;
  logic [63:0] count;
  logic record_valid;
  logic [3:0] record_slot;
  logic [7:0] record_code;
  logic [4:0] record_core;
  logic [31:0] record_op;
  logic [63:0] record_addr;
  logic record_done;
  logic [Cores-1:0] irq;
  logic [Cores-1:0] busy;
  logic [Cores-1:0] quarantine;

  trine_regs #(
      .Cores(Cores)
  ) u_regs (
      .clk_i, .rst_ni, .s_awvalid_i, .s_awready_o, .s_awaddr_i, .s_wvalid_i, .s_wready_o,
      .s_wdata_i, .s_wstrb_i, .s_bvalid_o, .s_bready_i, .s_bresp_o, .s_arvalid_i, .s_arready_o,
      .s_araddr_i, .s_rvalid_o, .s_rready_i, .s_rdata_o, .s_rresp_o, .irq_o, .config_hash_o,
      .watchdog_o, .axi_prot_o, .axi_cache_o, .axi_qos_o, .slot_o(slot),
      .start_valid_o(start_valid), .repeat_o(repeats), .goes_on_o(goes_on),
      .cfg_mask_o(cfg_mask), .cfg_mode_o(cfg_mode),
      .cfg_base_o(cfg_base), .cfg_size_o(cfg_size), .cfg_program_o(cfg_program),
      .start_done_i(start_done), .start_code_i(start_code), .start_core_i(start_core),
      .start_value_i(start_value), .abort_o(abort), .forget_o(forget),
      .query_o(query), .query_state_i(query_state),
      .query_mask_i(query_mask), .query_resident_i(query_resident), .query_repeats_i(query_repeats),
      .query_cycles_i(query_cycles),
      .query_loads_i(query_loads), .count_valid_o(count_valid), .count_rank_o(count_rank),
      .count_index_o(count_index), .count_done_i(count_done), .count_i(count),
      .record_valid_i(record_valid), .record_slot_i(record_slot), .record_code_i(record_code),
      .record_core_i(record_core), .record_op_i(record_op), .record_addr_i(record_addr),
      .record_done_o(record_done), .irq_i(irq), .busy_i(busy), .quarantine_i(quarantine)
  );

  trine_controller #(
      .Cores(Cores)
  ) u_controller (
      .clk_i, .rst_ni, .watchdog_i(watchdog_o), .slot_i(slot), .start_valid_i(start_valid),
      .repeat_i(repeats), .goes_on_i(goes_on),
      .cfg_mask_i(cfg_mask), .cfg_mode_i(cfg_mode), .cfg_base_i(cfg_base), .cfg_size_i(cfg_size),
      .cfg_program_i(cfg_program), .start_done_o(start_done), .start_code_o(start_code),
      .start_core_o(start_core), .start_value_o(start_value), .abort_i(abort), .forget_i(forget),
      .query_i(query),
      .query_state_o(query_state), .query_mask_o(query_mask), .query_resident_o(query_resident),
      .query_repeats_o(query_repeats),
      .query_cycles_o(query_cycles), .query_loads_o(query_loads), .count_valid_i(count_valid),
      .count_rank_i(count_rank), .count_index_i(count_index), .count_done_o(count_done),
      .count_o(count), .record_valid_o(record_valid), .record_slot_o(record_slot),
      .record_code_o(record_code), .record_core_o(record_core), .record_op_o(record_op),
      .record_addr_o(record_addr), .record_done_i(record_done), .irq_o(irq), .busy_o(busy),
      .quarantine_o(quarantine), .start_o, .stop_o, .domain_o, .member_o, .rank_o,
      .ranks_o, .mode_o, .window_base_o, .window_size_o, .program_o, .fresh_o, .repeat_o,
      .repeats_i, .count_select_o,
      .count_value_i, .done_i, .loading_i, .error_valid_i, .error_code_i, .error_op_i,
      .error_addr_i, .quiet_i, .progress_i
  );

endmodule

`default_nettype wire
