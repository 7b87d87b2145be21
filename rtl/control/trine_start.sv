// SPDX-License-Identifier: Apache-2.0
// trine_start: carries out START, REPEAT and the reading of a counter for the mode controller, one
// command at a time.
//
// A START is checked in the order mask, cores exist, not in quarantine, free (not owned, and
// empty), mode, window, program; the first failure is answered as a code with core and value, and
// refuses the slot. Otherwise all cores of the mask get start_o in the same cycle; the levels
// beside it stay until a core's next start. The mode is legal or not, and passed on; nothing here
// depends on it otherwise.
// A REPEAT starts the cores of the slot's last run as that START left them: their levels stay, and
// what the configuration says now is not asked. It is refused unless the cores still hold that run,
// are not in quarantine, are free, and each can repeat its last block.
// A core is a member of its domain until that slot is started without it: tables it keeps from then
// on are nobody's, and it must not answer words of the slot's next domain.
//
// cycle         0      1     2      3     4       5        6..5+Cores  6+Cores  7+Cores
// start_valid_i 1      .     .      .     .       .        .           .        .
// state_q       Idle   Mask  Ranks  Mode  Window  Program  Assign      Start    Idle
// start_done_o  .      .     .      .     .       .        .           .        1
// start_o       .      .     .      .     .       .        .           .        mask
//
// start_valid_i 1      .       .        .         with repeat_i
// state_q       Idle   Repeat  Start    Idle
// start_done_o  .      .       .        1
// start_o       .      .       .        mask
`default_nettype none
`include "trine_assert.svh"

module trine_start #(
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
    input  wire logic [31:0]         cfg_size_i,       // of a REPEAT: added to READ's bases
    input  wire logic [31:0]         cfg_program_i,    // to WRITE's
    output      logic                start_done_o,
    output      logic [7:0]          start_code_o,   // ERR_NONE: started; held
    output      logic [4:0]          start_core_o,
    output      logic [63:0]         start_value_o,
    // A counter of a rank of slot_i; 0 if there is none, and while the slot runs.
    input  wire logic                count_valid_i,
    input  wire logic [4:0]          count_rank_i,
    input  wire logic [3:0]          count_index_i,
    output      logic                count_done_o,
    output      logic [63:0]         count_o,
    // State of the cores, and of slot_i's last run.
    input  wire logic [Cores-1:0]    busy_i,
    input  wire logic [Cores-1:0]    quarantine_i,
    input  wire logic [Cores-1:0]    quiet_i,          // empty
    input  wire logic [Cores-1:0]    repeats_i,        // its last block can be repeated
    input  wire logic [Cores-1:0]    slot_mask_i,
    input  wire logic                slot_holds_i,
    input  wire logic                slot_resident_i,
    // Pulses to slots, which take the cores of start_o.
    output      logic [Cores-1:0]    start_slot_o,
    output      logic [Cores-1:0]    refuse_slot_o,
    // Cores.
    output      logic [Cores-1:0]    start_o,
    output      logic [Cores*4-1:0]  domain_o,
    output      logic [Cores-1:0]    member_o,
    output      logic [Cores*4-1:0]  rank_o,
    output      logic [Cores*5-1:0]  ranks_o,
    output      logic [Cores*2-1:0]  mode_o,
    output      logic [Cores*64-1:0] window_base_o,
    output      logic [Cores*32-1:0] window_size_o,
    output      logic [Cores*32-1:0] program_o,
    output      logic [Cores-1:0]    fresh_o,
    output      logic [Cores*RepeatBits-1:0] repeat_o,
    output      logic [Cores*4-1:0]  count_select_o,
    input  wire logic [Cores*64-1:0] count_value_i
);

  localparam int unsigned CoreBits = (Cores > 1) ? $clog2(Cores) : 1;
  localparam logic [31:0] EXISTS = (32'd1 << Cores) - 32'd1;
  // A selected counter has come back: the select, the core's register, and one to spare.
  localparam logic [4:0] COUNT_DELAY = 5'd3;
  localparam logic [4:0] LAST_CORE = 5'(Cores - 1);

  `TRINE_CHECK_PARAM(gen_check_cores, Cores >= 1 && Cores <= 16)

  typedef enum logic [3:0] {
    StIdle, StMask, StRanks, StMode, StWindow, StProgram, StAssign, StRepeat, StStart, StRefuse,
    StFind, StCount
  } state_e;

  state_e state_q;
  logic [4:0] core_q;
  logic [CoreBits-1:0] core;
  logic [CoreBits-1:0] slot;
  logic [4:0] rank_q;
  logic [4:0] ranks_q;
  logic [31:0] asked;       // the cores that the command names
  logic [31:0] missing_q;
  logic [31:0] isolated_q;
  logic [31:0] owned_q;
  logic [31:0] single_q;    // those of them that cannot repeat
  logic missing_some_q, isolated_some_q, owned_some_q, single_some_q;
  logic [Cores-1:0] taken;
  logic [Cores-1:0] single_cores;
  logic [32:0] program_end_q;
  logic [32:0] window_end;
  logic window_wraps_q;
  logic program_beyond_q;

  assign core = CoreBits'(core_q);
  assign slot = CoreBits'(slot_i);
  always_comb begin
    asked = cfg_mask_i;
    if (repeat_i) asked = 32'(slot_mask_i);
  end

  assign taken = busy_i | ~quiet_i;
  assign single_cores = ~repeats_i;
  // A window may end at 2^64 itself, and not beyond: only one in the last 4 GiB could.
  assign window_end = {1'b0, cfg_base_i[31:0]} + {1'b0, cfg_size_i};

  // What a state decides by was found in the one before: the command stands since then. A core that
  // was free then still is, since all STARTs come through here.
  always_ff @(posedge clk_i) begin
    missing_q <= cfg_mask_i & ~EXISTS;
    isolated_q <= asked & 32'(quarantine_i);
    owned_q <= asked & 32'(taken);
    single_q <= asked & 32'(single_cores);
    missing_some_q <= |(cfg_mask_i & ~EXISTS);
    isolated_some_q <= |(asked & 32'(quarantine_i));
    owned_some_q <= |(asked & 32'(taken));
    single_some_q <= |(asked & 32'(single_cores));
    // Header of 32 bytes and an entry of 8 bytes a rank.
    program_end_q <= {1'b0, cfg_program_i} + 33'd32 + {25'd0, ranks_q, 3'd0};
    program_beyond_q <= program_end_q > {1'b0, cfg_size_i};
    window_wraps_q <= (&cfg_base_i[63:32]) && window_end[32] && window_end[31:0] != 32'd0;
  end

  always_ff @(posedge clk_i) begin
    start_done_o <= 1'b0;
    count_done_o <= 1'b0;
    start_o <= '0;
    start_slot_o <= '0;
    refuse_slot_o <= '0;
    if (!rst_ni) begin
      state_q <= StIdle;
    end else begin
      case (state_q)
        StIdle: begin
          core_q <= 5'd0;
          rank_q <= 5'd0;
          if (start_valid_i) begin
            state_q <= repeat_i ? StRepeat : StMask;
            start_code_o <= trine_pkg::ERR_NONE;
            start_core_o <= 5'd0;
            start_value_o <= 64'd0;
          end else if (count_valid_i) begin
            state_q <= StFind;
          end
        end
        StMask: begin
          state_q <= StRefuse;
          if (cfg_mask_i == 32'd0) begin
            start_code_o <= trine_pkg::ERR_MASK_EMPTY;
          end else if (missing_some_q) begin
            start_code_o <= trine_pkg::ERR_CORE_MISSING;
            start_core_o <= trine_pkg::lowest_one(missing_q);
            start_value_o <= {32'd0, missing_q};
          end else if (isolated_some_q) begin
            start_code_o <= trine_pkg::ERR_CORE_QUARANTINED;
            start_core_o <= trine_pkg::lowest_one(isolated_q);
            start_value_o <= {32'd0, isolated_q};
          end else if (owned_some_q) begin
            start_code_o <= trine_pkg::ERR_CORE_BUSY;
            start_core_o <= trine_pkg::lowest_one(owned_q);
            start_value_o <= {32'd0, owned_q};
          end else begin
            state_q <= StRanks;
          end
        end
        StRanks: begin
          ranks_q <= 5'($countones(cfg_mask_i[Cores-1:0]));
          state_q <= StMode;
        end
        StMode: begin
          state_q <= StRefuse;
          if (cfg_mode_i > 32'd3) begin
            start_code_o <= trine_pkg::ERR_MODE;
            start_value_o <= {32'd0, cfg_mode_i};
          end else if ((cfg_mode_i[1:0] == trine_pkg::MODE_SINGLE && ranks_q != 5'd1) ||
                       (cfg_mode_i[1:0] == trine_pkg::MODE_MULTITHREADING && ranks_q < 5'd2) ||
                       (cfg_mode_i[1:0] == trine_pkg::MODE_HELPER && ranks_q < 5'd2)) begin
            start_code_o <= trine_pkg::ERR_MODE_CORES;
            start_value_o <= {59'd0, ranks_q};
          end else begin
            state_q <= StWindow;
          end
        end
        StWindow: begin
          state_q <= StRefuse;
          if (cfg_base_i[11:0] != 12'd0) begin
            start_code_o <= trine_pkg::ERR_WINDOW_ALIGN;
            start_value_o <= cfg_base_i;
          end else if (cfg_size_i == 32'd0 || window_wraps_q) begin
            start_code_o <= trine_pkg::ERR_WINDOW_SIZE;
            start_value_o <= {32'd0, cfg_size_i};
          end else begin
            state_q <= StProgram;
          end
        end
        StProgram: begin
          state_q <= StAssign;
          if (cfg_program_i[5:0] != 6'd0 || program_beyond_q) begin
            start_code_o <= trine_pkg::ERR_PROGRAM_ADDRESS;
            start_value_o <= {32'd0, cfg_program_i};
            state_q <= StRefuse;
          end
        end
        StAssign: begin
          core_q <= core_q + 5'd1;
          if (cfg_mask_i[core_q]) rank_q <= rank_q + 5'd1;
          if (core_q == LAST_CORE) state_q <= StStart;
        end
        StRepeat: begin
          state_q <= StRefuse;
          if (!slot_resident_i) begin
            start_code_o <= trine_pkg::ERR_NOT_KEPT;
          end else if (isolated_some_q) begin
            start_code_o <= trine_pkg::ERR_CORE_QUARANTINED;
            start_core_o <= trine_pkg::lowest_one(isolated_q);
            start_value_o <= {32'd0, isolated_q};
          end else if (owned_some_q) begin
            start_code_o <= trine_pkg::ERR_CORE_BUSY;
            start_core_o <= trine_pkg::lowest_one(owned_q);
            start_value_o <= {32'd0, owned_q};
          end else if (single_some_q) begin
            start_code_o <= trine_pkg::ERR_NOT_REPEATABLE;
            start_core_o <= trine_pkg::lowest_one(single_q);
            start_value_o <= {32'd0, single_q};
          end else begin
            state_q <= StStart;
          end
        end
        StStart: begin
          start_o <= asked[Cores-1:0];
          start_slot_o[slot] <= 1'b1;
          start_done_o <= 1'b1;
          state_q <= StIdle;
        end
        StRefuse: begin
          refuse_slot_o[slot] <= 1'b1;
          start_done_o <= 1'b1;
          state_q <= StIdle;
        end
        // The core of a rank: the rank_q-th of the mask.
        StFind: begin
          count_o <= 64'd0;
          if (!slot_holds_i || core_q > LAST_CORE || (|(slot_mask_i & busy_i)) ||
              32'(count_index_i) >= trine_pkg::COUNTERS) begin
            count_done_o <= 1'b1;
            state_q <= StIdle;
          end else if (slot_mask_i[core] && rank_q == count_rank_i) begin
            rank_q <= 5'd0;
            state_q <= StCount;
          end else begin
            core_q <= core_q + 5'd1;
            if (slot_mask_i[core]) rank_q <= rank_q + 5'd1;
          end
        end
        StCount: begin
          rank_q <= rank_q + 5'd1;
          if (rank_q == COUNT_DELAY) begin
            count_o <= count_value_i[core*64 +: 64];
            count_done_o <= 1'b1;
            state_q <= StIdle;
          end
        end
        default: state_q <= StIdle;
      endcase
    end
  end

  logic was_member, same_window;

  // Cores that a slot still holds have the window with which it was started.
  assign same_window = window_base_o[core*64 +: 64] == cfg_base_i
                       && window_size_o[core*32 +: 32] == cfg_size_i;
  assign was_member = member_o[core] && domain_o[core*4 +: 4] == slot_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) member_o <= '0;
    else if (state_q == StAssign && (cfg_mask_i[core_q] || was_member))
      member_o[core] <= cfg_mask_i[core_q];
  end

  // Levels of a core, written one core a cycle before all start together.
  always_ff @(posedge clk_i) begin
    if (state_q == StAssign && cfg_mask_i[core_q]) begin
      for (int c = 0; c < Cores; c++) begin
        if (core_q == 5'(c)) begin
          domain_o[c*4 +: 4] <= slot_i;
          rank_o[c*4 +: 4] <= rank_q[3:0];
          ranks_o[c*5 +: 5] <= ranks_q;
          mode_o[c*2 +: 2] <= cfg_mode_i[1:0];
          window_base_o[c*64 +: 64] <= cfg_base_i;
          window_size_o[c*32 +: 32] <= cfg_size_i;
          program_o[c*32 +: 32] <= cfg_program_i;
          fresh_o[c] <= !(slot_resident_i && slot_mask_i == cfg_mask_i[Cores-1:0] && same_window);
          repeat_o[c*RepeatBits +: RepeatBits] <= '0;
        end
      end
    end
    if (state_q == StRepeat) begin
      for (int c = 0; c < Cores; c++) begin
        if (slot_mask_i[c] && slot_resident_i) begin
          fresh_o[c] <= 1'b0;
          repeat_o[c*RepeatBits +: RepeatBits] <= {1'b1, goes_on_i, cfg_size_i, cfg_program_i};
        end
      end
    end
    if (state_q == StFind) count_select_o <= {Cores{count_index_i}};
  end

  `TRINE_ASSERT(a_start_empty, !rst_ni || (start_o & ~quiet_i) == '0)
  // What a slot repeats is its own: no other was started on its cores.
  logic foreign;
  always_comb begin
    foreign = 1'b0;
    for (int c = 0; c < Cores; c++) begin
      if (slot_mask_i[c] && (!member_o[c] || domain_o[c*4 +: 4] != slot_i)) foreign = 1'b1;
    end
  end
  `TRINE_ASSERT(a_repeats_its_own,
      !rst_ni || state_q != StRepeat || !slot_resident_i || !foreign)
  `TRINE_ASSERT(a_one_command, !rst_ni || !(start_valid_i || count_valid_i) || state_q == StIdle)

endmodule

`default_nettype wire
