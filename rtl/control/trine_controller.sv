// SPDX-License-Identifier: Apache-2.0
// trine_controller: the mode controller: gives cores to domain slots and takes them back; there
// are as many slots as cores.
//
// trine_start checks and starts, one trine_domain a slot watches over its cores, and here the
// cause of a stop is recorded: one slot a cycle, within a slot a core's error (lowest core first)
// before the watchdog before an abort. The stop follows in the next cycle, while the levels that
// tell the cause still stand. Outputs to cores are registered.
//
// cycle           0      1      2      3
// error_valid_i   1      1      1      1
// cause of slot   .      1      1      .
// record_valid_o  .      .      1      1      until record_done_i
// stop_o          .      .      .      .      from cycle 4 on
`default_nettype none
`include "trine_assert.svh"

module trine_controller #(
    parameter int unsigned Cores = 2,  // 1..16
    localparam int unsigned RepeatBits = trine_pkg::REPEAT_BITS
) (
    input  wire logic                clk_i,
    input  wire logic                rst_ni,
    // Commands of the register file; slot_i and cfg_* stay until the answer.
    input  wire logic [3:0]          slot_i,
    input  wire logic                start_valid_i,
    input  wire logic                repeat_i,         // it is a REPEAT
    input  wire logic                goes_on_i,
    input  wire logic [31:0]         cfg_mask_i,
    input  wire logic [31:0]         cfg_mode_i,
    input  wire logic [63:0]         cfg_base_i,
    input  wire logic [31:0]         cfg_size_i,
    input  wire logic [31:0]         cfg_program_i,
    output      logic                start_done_o,
    output      logic [7:0]          start_code_o,   // ERR_NONE: started; held
    output      logic [4:0]          start_core_o,
    output      logic [63:0]         start_value_o,
    input  wire logic                abort_i,
    input  wire logic                forget_i,       // of a slot at rest
    input  wire logic [31:0]         watchdog_i,     // not 0
    // Status of slot_i, one cycle after query_i.
    input  wire logic                query_i,
    output      logic [2:0]          query_state_o,
    output      logic [Cores-1:0]    query_mask_o,
    output      logic                query_resident_o,
    output      logic                query_repeats_o,
    output      logic [63:0]         query_cycles_o,
    output      logic [63:0]         query_loads_o,
    // A counter of a rank of slot_i; 0 if there is none, and while the slot runs.
    input  wire logic                count_valid_i,
    input  wire logic [4:0]          count_rank_i,
    input  wire logic [3:0]          count_index_i,
    output      logic                count_done_o,
    output      logic [63:0]         count_o,
    // Why a slot stops; held until taken.
    output      logic                record_valid_o,
    output      logic [3:0]          record_slot_o,
    output      logic [7:0]          record_code_o,
    output      logic [4:0]          record_core_o,
    output      logic [31:0]         record_op_o,
    output      logic [63:0]         record_addr_o,
    input  wire logic                record_done_i,
    // Levels.
    output      logic [Cores-1:0]    irq_o,          // pulse a slot
    output      logic [Cores-1:0]    busy_o,
    output      logic [Cores-1:0]    quarantine_o,
    // Cores.
    output      logic [Cores-1:0]    start_o,
    output      logic [Cores-1:0]    stop_o,
    output      logic [Cores*4-1:0]  domain_o,
    output      logic [Cores-1:0]    member_o,       // of the domain, until it starts without it
    output      logic [Cores*4-1:0]  rank_o,
    output      logic [Cores*5-1:0]  ranks_o,
    output      logic [Cores*2-1:0]  mode_o,
    output      logic [Cores*64-1:0] window_base_o,
    output      logic [Cores*32-1:0] window_size_o,
    output      logic [Cores*32-1:0] program_o,
    output      logic [Cores-1:0]    fresh_o,
    output      logic [Cores*RepeatBits-1:0] repeat_o,
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

  localparam int unsigned Slots = Cores;
  localparam int unsigned SlotBits = (Cores > 1) ? $clog2(Cores) : 1;

  `TRINE_CHECK_PARAM(gen_check_cores, Cores >= 1 && Cores <= 16)

  // Union of the cores named by all slots.
  function automatic logic [Cores-1:0] union_of(input logic [Slots*Cores-1:0] masks);
    union_of = '0;
    for (int s = 0; s < Slots; s++) union_of = union_of | masks[s*Cores +: Cores];
  endfunction

  // --- Slots -------------------------------------------------------------------------------------
  logic [Slots-1:0] start_slot;
  logic [Slots-1:0] refuse_slot;
  logic [Slots-1:0] stop_slot_q;
  logic [Slots*Cores-1:0] own_all;
  logic [Slots*Cores-1:0] stop_all;
  logic [Slots*Cores-1:0] stuck_all;
  logic [Slots*Cores-1:0] mask_all;
  logic [Slots*3-1:0] state_all;
  logic [Slots*64-1:0] cycles_all;
  logic [Slots*64-1:0] loads_all;
  logic [Slots-1:0] cause;
  logic [Slots-1:0] expired;
  logic [Slots-1:0] holds;
  logic [Slots-1:0] resident;

  for (genvar s = 0; s < Slots; s++) begin : gen_slot
    logic taken;
    logic abort;
    logic forget;
    logic recorded;
    assign taken = (|start_slot) && !start_slot[s];
    assign abort = abort_i && slot_i == 4'(s);
    assign forget = forget_i && slot_i == 4'(s);
    assign recorded = !(record_valid_o && record_slot_o == 4'(s));

    trine_domain #(
        .Cores(Cores)
    ) u_domain (
        .clk_i,
        .rst_ni,
        .start_i(start_slot[s]),
        .refuse_i(refuse_slot[s]),
        .taken_i(taken),
        .abort_i(abort),
        .forget_i(forget),
        .mask_i(start_o),
        .watchdog_i,
        .done_i,
        .loading_i,
        .error_i(error_valid_i),
        .quiet_i,
        .progress_i,
        .own_o(own_all[s*Cores +: Cores]),
        .stop_o(stop_all[s*Cores +: Cores]),
        .stuck_o(stuck_all[s*Cores +: Cores]),
        .cause_o(cause[s]),
        .expired_o(expired[s]),
        .stop_i(stop_slot_q[s]),
        .recorded_i(recorded),
        .state_o(state_all[s*3 +: 3]),
        .mask_o(mask_all[s*Cores +: Cores]),
        .holds_o(holds[s]),
        .resident_o(resident[s]),
        .cycles_o(cycles_all[s*64 +: 64]),
        .loads_o(loads_all[s*64 +: 64]),
        .irq_o(irq_o[s])
    );
  end

  always_ff @(posedge clk_i) begin
    busy_o <= union_of(own_all);
    stop_o <= union_of(stop_all) | union_of(stuck_all) | quarantine_o;
    if (!rst_ni) begin
      busy_o <= '0;
      stop_o <= '0;
      quarantine_o <= '0;
    end else if (|stuck_all) begin
      quarantine_o <= quarantine_o | union_of(stuck_all);
    end
  end

  logic [SlotBits-1:0] slot;
  logic [Cores-1:0] slot_mask;
  logic slot_resident;

  assign slot = SlotBits'(slot_i);
  assign slot_mask = mask_all[slot*Cores +: Cores];
  assign slot_resident = resident[slot];

  always_ff @(posedge clk_i) begin
    if (query_i) begin
      query_state_o <= state_all[slot*3 +: 3];
      query_mask_o <= slot_mask;
      query_resident_o <= slot_resident;
      query_repeats_o <= slot_resident && (slot_mask & ~repeats_i) == '0;
      query_cycles_o <= cycles_all[slot*64 +: 64];
      query_loads_o <= loads_all[slot*64 +: 64];
    end
  end

  // --- Causes of stopping, one a cycle: a core's error before the watchdog before an abort -----
  logic [SlotBits-1:0] cause_slot;
  logic [Cores-1:0] cause_mask;
  logic [Cores-1:0] failed;
  logic [Cores-1:0] unfinished;
  logic [SlotBits-1:0] cause_core;

  always_comb begin
    cause_slot = '0;
    cause_mask = '0;
    failed = '0;
    unfinished = '0;
    cause_core = '0;
    if (|cause) begin
      cause_slot = SlotBits'(trine_pkg::lowest_one(32'(cause)));
      cause_mask = mask_all[cause_slot*Cores +: Cores];
      failed = error_valid_i & cause_mask;
      unfinished = cause_mask & ~done_i;
      cause_core = SlotBits'(trine_pkg::lowest_one((|failed) ? 32'(failed) : 32'(unfinished)));
    end
  end

  always_ff @(posedge clk_i) begin
    stop_slot_q <= '0;
    if (!rst_ni) begin
      record_valid_o <= 1'b0;
    end else if (record_valid_o) begin
      if (record_done_i) record_valid_o <= 1'b0;
    end else if (|cause) begin
      record_valid_o <= 1'b1;
      record_slot_o <= 4'(cause_slot);
      stop_slot_q[cause_slot] <= 1'b1;
      record_core_o <= 5'(cause_core);
      record_op_o <= error_op_i[cause_core*32 +: 32];
      record_addr_o <= 64'd0;
      if (|failed) begin
        record_code_o <= error_code_i[cause_core*8 +: 8];
        record_addr_o <= error_addr_i[cause_core*64 +: 64];
      end else if (expired[cause_slot]) begin
        record_code_o <= trine_pkg::ERR_WATCHDOG;
      end else begin
        record_code_o <= trine_pkg::ERR_ABORTED;
        record_core_o <= 5'd0;
        record_op_o <= 32'd0;
      end
    end
  end

  // --- Commands ----------------------------------------------------------------------------------
  trine_start #(
      .Cores(Cores)
  ) u_command (
      .clk_i,
      .rst_ni,
      .slot_i,
      .start_valid_i,
      .repeat_i,
      .goes_on_i,
      .cfg_mask_i,
      .cfg_mode_i,
      .cfg_base_i,
      .cfg_size_i,
      .cfg_program_i,
      .start_done_o,
      .start_code_o,
      .start_core_o,
      .start_value_o,
      .count_valid_i,
      .count_rank_i,
      .count_index_i,
      .count_done_o,
      .count_o,
      .busy_i(busy_o),
      .quarantine_i(quarantine_o),
      .quiet_i,
      .repeats_i,
      .slot_mask_i(slot_mask),
      .slot_holds_i(holds[slot]),
      .slot_resident_i(slot_resident),
      .start_slot_o(start_slot),
      .refuse_slot_o(refuse_slot),
      .start_o,
      .domain_o,
      .member_o,
      .rank_o,
      .ranks_o,
      .mode_o,
      .window_base_o,
      .window_size_o,
      .program_o,
      .fresh_o,
      .repeat_o,
      .count_select_o,
      .count_value_i
  );

  `TRINE_ASSERT(a_start_at_rest, !rst_ni || (start_o & busy_o) == '0)

endmodule

`default_nettype wire
