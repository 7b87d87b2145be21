// SPDX-License-Identifier: Apache-2.0
// trine_threads: the programs that are under way, a thread each: it is that of the core of rank 0.
// How far each is, what it waits for, whose turn it is, and what is kept of it while others have
// theirs.
//
// A thread is ready when the program unit can go on with it without waiting for memory; among those
// that are, turns go round. The unit takes one (take_i), goes on with kept_o, and puts it back with
// what it waits for next (put_i). The block behind a wait is checked meanwhile; HOLD and END wait
// until nothing of the slot is on its way on any of its cores, and END needs no turn to become
// DONE. A stop of its core ends a thread, whoever has it.
//
// cycle        0      1      2      3      4
// start_i      1      .      .      .      .
// stage        .      START  START  .      .
// ready_o      .      1      .      .      .      a register
// take_i       .      1      .      .      .
// thread_o     .      .      T      T      T      until the next take
// kept_o       .      .      T      T      T      as put
`default_nettype none
`include "trine_assert.svh"

module trine_threads #(
    parameter int unsigned Cores = 2,
    parameter int unsigned KeptBits = 8,
    localparam int unsigned CoreBits = (Cores > 1) ? $clog2(Cores) : 1
) (
    input  wire logic                clk_i,
    input  wire logic                rst_ni,
    // Controller, by core.
    input  wire logic [Cores-1:0]    stop_i,
    input  wire logic [Cores-1:0]    start_i,
    input  wire logic [Cores*4-1:0]  rank_i,
    input  wire logic [Cores-1:0]    repeat_i,
    output      logic [Cores-1:0]    running_o,    // begun, and neither done nor stopped
    output      logic [Cores-1:0]    done_o,
    output      logic [Cores-1:0]    waiting_o,    // for words of the list
    output      logic [Cores-1:0]    loading_o,
    output      logic [Cores-1:0]    repeats_o,
    output      logic [Cores-1:0]    progress_o,   // a turn was of words that had none before
    // What threads wait for.
    input  wire logic [Cores-1:0]    quiet_i,      // nothing of the core is on its way
    input  wire logic [Cores-1:0]    head_i,
    input  wire logic [Cores-1:0]    list_i,
    input  wire logic [Cores-1:0]    piece_i,
    input  wire logic [Cores-1:0]    all_i,
    // The unit.
    output      logic                ready_o,      // somebody's turn has come
    output      logic                others_o,     // somebody's but that of the thread at hand
    input  wire logic                take_i,
    output      logic [CoreBits-1:0] thread_o,
    output      logic [Cores-1:0]    slot_o,       // the cores of its slot
    output      logic                stopped_o,    // it was stopped while the unit had it
    output      logic [3:0]          stage_o,
    output      logic                quiet_o,      // nothing of its slot is on its way
    output      logic [KeptBits-1:0] kept_o,
    input  wire logic                put_i,
    input  wire logic [3:0]          stage_i,
    input  wire logic [KeptBits-1:0] kept_i,
    input  wire logic                repeats_i     // of its list, with a put of END
);

  logic [Cores*4-1:0]         stage_q;
  logic [Cores-1:0]           ready, ready_q, grant, mine, first, quiet, quiet_q, repeats_q;
  logic [Cores-1:0]           taken_q;
  logic [Cores*Cores-1:0]     of;      // [t*Cores + c]: core c is in the slot of thread t
  logic [CoreBits-1:0]        leader, next;
  logic                       starts, used;

  // ---- Starts: all cores of a slot in the same cycle.
  assign starts = |start_i;

  always_comb begin
    leader = '0;
    for (int c = 0; c < Cores; c++) begin
      first[c] = start_i[c] && rank_i[c*4 +: 4] == 4'd0;
      if (first[c]) leader = leader | CoreBits'(c);
    end
  end

  for (genvar c = 0; c < Cores; c++) begin : gen_core
    logic [CoreBits-1:0] of_q;
    logic                member_q;
    logic [3:0]          stage;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) member_q <= 1'b0;
      else if (start_i[c]) member_q <= 1'b1;
      else if (starts && of_q == leader) member_q <= 1'b0;
      if (start_i[c]) of_q <= leader;
    end

    for (genvar t = 0; t < Cores; t++) begin : gen_of
      assign of[t*Cores + c] = member_q && of_q == CoreBits'(t);
    end

    assign stage = stage_q[of_q*4 +: 4];
    assign done_o[c] = member_q && stage == trine_pkg::STAGE_DONE;
    assign running_o[c] = member_q && stage != trine_pkg::STAGE_NONE
                          && stage != trine_pkg::STAGE_DONE;
    assign waiting_o[c] = member_q && (stage == trine_pkg::STAGE_START
                          || stage == trine_pkg::STAGE_HEAD || stage == trine_pkg::STAGE_BLOCK
                          || stage == trine_pkg::STAGE_STOP);
    assign loading_o[c] = member_q && stage == trine_pkg::STAGE_LOAD;
    assign repeats_o[c] = member_q && repeats_q[of_q] && stage == trine_pkg::STAGE_DONE;

    always_ff @(posedge clk_i) progress_o[c] <= rst_ni && used && member_q && of_q == thread_o;
  end

  // Who waits for its turns does not stand still; an operation that is tried again does.
  assign used = put_i && stage_o != trine_pkg::STAGE_GO && stage_o != trine_pkg::STAGE_HOLD
                && stage_o != trine_pkg::STAGE_STOP;

  // ---- Stages.
  for (genvar t = 0; t < Cores; t++) begin : gen_thread
    logic [1:0] young_q;   // what its cores say is of before it was put
    logic       ready_stage;

    always_comb begin
      case (stage_q[t*4 +: 4])
        trine_pkg::STAGE_START, trine_pkg::STAGE_AGAIN, trine_pkg::STAGE_GO: ready_stage = 1'b1;
        trine_pkg::STAGE_HEAD: ready_stage = head_i[t];
        trine_pkg::STAGE_BLOCK, trine_pkg::STAGE_WAIT: ready_stage = list_i[t] && !young_q[1];
        trine_pkg::STAGE_HOLD: ready_stage = quiet_q[t];
        trine_pkg::STAGE_STOP: ready_stage = all_i[t];
        trine_pkg::STAGE_LOAD: ready_stage = piece_i[t] && !young_q[1];
        default: ready_stage = 1'b0;
      endcase
    end

    assign quiet[t] = (of[t*Cores +: Cores] & ~quiet_i) == '0;
    assign mine[t] = thread_o == CoreBits'(t);
    assign ready[t] = ready_stage && !taken_q[t] && !stop_i[t];

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        stage_q[t*4 +: 4] <= trine_pkg::STAGE_NONE;
        repeats_q[t] <= 1'b0;
        taken_q[t] <= 1'b0;
      end else if (stop_i[t]) begin
        stage_q[t*4 +: 4] <= trine_pkg::STAGE_NONE;
        repeats_q[t] <= 1'b0;
        taken_q[t] <= 1'b0;
      end else if (first[t]) begin
        stage_q[t*4 +: 4] <= repeat_i[t] ? trine_pkg::STAGE_AGAIN : trine_pkg::STAGE_START;
        repeats_q[t] <= repeat_i[t];
        taken_q[t] <= 1'b0;
      end else if (put_i && mine[t] && taken_q[t]) begin
        stage_q[t*4 +: 4] <= stage_i;
        repeats_q[t] <= repeats_i;
        taken_q[t] <= 1'b0;
      end else begin
        if (take_i && grant[t]) taken_q[t] <= 1'b1;
        // Between the last row of a reader and its word at the core there is one cycle of nothing.
        if (stage_q[t*4 +: 4] == trine_pkg::STAGE_END && quiet[t] && quiet_q[t]
            && young_q == 2'd0) begin
          stage_q[t*4 +: 4] <= trine_pkg::STAGE_DONE;
        end
      end
      if (put_i && mine[t]) young_q <= 2'd2;
      else if (young_q != 2'd0) young_q <= young_q - 2'd1;
      quiet_q[t] <= quiet[t];
      ready_q[t] <= rst_ni && !stop_i[t]
                    && (first[t] || (ready[t] && !(take_i && grant[t]) && !(put_i && mine[t])));
    end
  end

  // ---- Turns.
  trine_arbiter #(
      .Requests(Cores)
  ) u_turn (
      .clk_i, .rst_ni, .req_i(ready_q), .advance_i(take_i), .grant_o(grant)
  );

  always_comb begin
    next = '0;
    slot_o = '0;
    for (int t = 0; t < Cores; t++) begin
      if (grant[t]) next = next | CoreBits'(t);
      if (mine[t]) slot_o = slot_o | of[t*Cores +: Cores];
    end
  end

  assign ready_o = |ready_q;
  assign others_o = |(ready_q & ~mine);
  assign stage_o = stage_q[thread_o*4 +: 4];
  assign quiet_o = quiet_q[thread_o];
  assign stopped_o = !taken_q[thread_o];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) thread_o <= '0;
    else if (take_i) thread_o <= next;
  end

  if (Cores > 1) begin : gen_kept
    trine_ram_lut #(
        .Width(KeptBits), .Depth(Cores)
    ) u_kept (
        .clk_i, .we_i(put_i), .waddr_i(thread_o), .wdata_i(kept_i), .raddr_i(thread_o),
        .rdata_o(kept_o)
    );
  end else begin : gen_one
    always_ff @(posedge clk_i) if (put_i) kept_o <= kept_i;
  end

  `TRINE_ASSERT(a_one_leader, !rst_ni || (|first) == starts)
  `TRINE_ASSERT(a_takes_what_is_ready, !rst_ni || !take_i || ready_o)
  for (genvar t = 0; t < Cores; t++) begin : gen_checks
    `TRINE_ASSERT(a_starts_at_rest, !rst_ni || !first[t]
        || stage_q[t*4 +: 4] == trine_pkg::STAGE_NONE || stage_q[t*4 +: 4] == trine_pkg::STAGE_DONE)
    `TRINE_ASSERT(a_repeats_what_is_done, !rst_ni || !first[t] || !repeat_i[t]
        || (stage_q[t*4 +: 4] == trine_pkg::STAGE_DONE && repeats_q[t]))
    `TRINE_ASSERT(a_done_is_quiet, !rst_ni || stop_i[t]
        || stage_q[t*4 +: 4] != trine_pkg::STAGE_DONE
        || starts || (of[t*Cores +: Cores] & ~quiet_i) == '0)
  end

endmodule

`default_nettype wire
