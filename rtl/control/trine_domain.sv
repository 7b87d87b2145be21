// SPDX-License-Identifier: Apache-2.0
// trine_domain: one domain slot: which cores it has, what they do together, when they must stop.
//
// The slot is idle, running, stopping, done or error. Running ends in done when all its cores are
// done, or in stopping when any reports an error, none makes progress for watchdog_i cycles, or
// abort_i came; cause_o asks for the reason to be recorded, stop_i says it is. Stopping ends in
// error when all cores are quiet, or after watchdog_i cycles, when those that are not are stuck.
// For SETTLE cycles after a start or stop the cores' levels are those of before and do not count.
// Inputs from cores and all outputs are registered.
//
// cycle       0      1        2  ..     n       n+1
// start_i     1      .        .         .       .
// own_o       .      mask     mask      mask    .
// done_i      .      .        .         all     .
// state_o     .      RUNNING  ..        ..      DONE    done_i counts from SETTLE cycles on
`default_nettype none
`include "trine_assert.svh"

module trine_domain #(
    parameter int unsigned Cores = 2  // 1..16
) (
    input  wire logic             clk_i,
    input  wire logic             rst_ni,
    // Commands, one cycle each; mask_i goes with start_i and taken_i.
    input  wire logic             start_i,
    input  wire logic             refuse_i,
    input  wire logic             taken_i,   // another slot starts
    input  wire logic             abort_i,
    input  wire logic             forget_i,  // what the cores hold is nobody's; at rest
    input  wire logic [Cores-1:0] mask_i,
    input  wire logic [31:0]      watchdog_i,
    // Cores.
    input  wire logic [Cores-1:0] done_i,
    input  wire logic [Cores-1:0] loading_i,
    input  wire logic [Cores-1:0] error_i,
    input  wire logic [Cores-1:0] quiet_i,
    input  wire logic [Cores-1:0] progress_i,
    output      logic [Cores-1:0] own_o,     // running or stopping
    output      logic [Cores-1:0] stop_o,
    output      logic [Cores-1:0] stuck_o,   // pulse
    // Reason for stopping.
    output      logic             cause_o,
    output      logic             expired_o,
    input  wire logic             stop_i,
    input  wire logic             recorded_i,
    // Status.
    output      logic [2:0]       state_o,
    output      logic [Cores-1:0] mask_o,      // of the last run
    output      logic             holds_o,     // not forgotten, none has run for another slot
    output      logic             resident_o,  // and the run ended in done
    output      logic [63:0]      cycles_o,
    output      logic [63:0]      loads_o,
    output      logic             irq_o
);

  localparam logic [2:0] SETTLE = 3'd7;
  localparam logic [2:0] IDLE = trine_regs_pkg::DOMAIN_STATUS_STATE_IDLE[2:0];
  localparam logic [2:0] RUNNING = trine_regs_pkg::DOMAIN_STATUS_STATE_RUNNING[2:0];
  localparam logic [2:0] STOPPING = trine_regs_pkg::DOMAIN_STATUS_STATE_STOPPING[2:0];
  localparam logic [2:0] DONE = trine_regs_pkg::DOMAIN_STATUS_STATE_DONE[2:0];
  localparam logic [2:0] ERROR = trine_regs_pkg::DOMAIN_STATUS_STATE_ERROR[2:0];

  `TRINE_CHECK_PARAM(gen_check_cores, Cores >= 1 && Cores <= 16)

  logic [2:0] settle_q;
  logic [31:0] timer_q;
  logic        late_q;      // timer_q is 1
  logic aborted_q;
  logic settled;
  logic all_done;
  logic all_quiet;
  logic must_stop;

  // Idle slots cost nothing in simulation: each of these is looked at in its state only.
  assign settled = settle_q == 3'd0;
  assign all_done = &(done_i | ~own_o);
  assign all_quiet = &(quiet_i | ~own_o);
  assign must_stop = (|(error_i & own_o)) || expired_o || aborted_q;

  always_ff @(posedge clk_i) begin
    irq_o <= 1'b0;
    stuck_o <= '0;
    if (!rst_ni) begin
      state_o <= IDLE;
      own_o <= '0;
      stop_o <= '0;
      cause_o <= 1'b0;
    end else if (start_i) begin
      state_o <= RUNNING;
      own_o <= mask_i;
    end else if (refuse_i) begin
      state_o <= ERROR;
      irq_o <= 1'b1;
    end else if (state_o == RUNNING) begin
      if (stop_i) begin
        state_o <= STOPPING;
        stop_o <= own_o;
        cause_o <= 1'b0;
      end else if (settled && !cause_o) begin
        if (must_stop) begin
          cause_o <= 1'b1;
        end else if (all_done) begin
          state_o <= DONE;
          own_o <= '0;
          irq_o <= 1'b1;
        end
      end
    end else if (state_o == STOPPING && settled && recorded_i) begin
      if (all_quiet || late_q) begin
        state_o <= ERROR;
        stuck_o <= own_o & ~quiet_i;
        own_o <= '0;
        stop_o <= '0;
        irq_o <= 1'b1;
      end
    end
  end

  // Time: settling, watchdog, counters.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      cycles_o <= 64'd0;
      loads_o <= 64'd0;
      expired_o <= 1'b0;
      aborted_q <= 1'b0;
    end else if (start_i) begin
      cycles_o <= 64'd0;
      loads_o <= 64'd0;
      expired_o <= 1'b0;
      aborted_q <= 1'b0;
      settle_q <= SETTLE;
      timer_q <= watchdog_i;
      late_q <= watchdog_i == 32'd1;
    end else if (own_o != '0) begin
      cycles_o <= cycles_o + 64'd1;
      if (|(loading_i & own_o)) loads_o <= loads_o + 64'd1;
      if (abort_i) aborted_q <= 1'b1;
      if (stop_i) settle_q <= SETTLE;
      else if (!settled) settle_q <= settle_q - 3'd1;
      if (stop_i || (state_o == RUNNING && (|(progress_i & own_o)))) begin
        timer_q <= watchdog_i;
        late_q <= watchdog_i == 32'd1;
      end else if (!late_q) begin
        timer_q <= timer_q - 32'd1;
        late_q <= timer_q == 32'd2;
      end else if (state_o == RUNNING) expired_o <= 1'b1;
    end
  end

  // What the cores still hold of this slot's last run.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      mask_o <= '0;
      holds_o <= 1'b0;
      resident_o <= 1'b0;
    end else if (start_i) begin
      mask_o <= mask_i;
      holds_o <= 1'b1;
      resident_o <= 1'b0;
    end else if (forget_i || (taken_i && (|(mask_i & mask_o)))) begin
      holds_o <= 1'b0;
      resident_o <= 1'b0;
    end else if (state_o == RUNNING && settled && !cause_o && !must_stop && all_done) begin
      resident_o <= 1'b1;
    end
  end

  `TRINE_ASSERT(a_start_only_at_rest, !rst_ni || !(start_i || refuse_i) || own_o == '0)
  `TRINE_ASSERT(a_forgets_at_rest, !rst_ni || !forget_i || own_o == '0)
  `TRINE_ASSERT(a_active_owns_cores,
      !rst_ni || (own_o != '0) == (state_o == RUNNING || state_o == STOPPING))

endmodule

`default_nettype wire
