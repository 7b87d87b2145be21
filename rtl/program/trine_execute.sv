// SPDX-License-Identifier: Apache-2.0
// trine_execute: carries out the operations of a block that was checked, one after the other, up to
// one that waits or the block's end.
//
// An operation is for the cores whose ranks its first word names (END and BARRIER for all of the
// slot). Its arguments stand for all cores; words of CONTEXT, READ, WRITE and TABLE go out as they
// come; one of a stream that a core has no place for comes again, for all. Then each core says
// whether it has to wait or refuses (trine_orders), and only when none does, all carry it out in
// the same cycle. While one waits the operation is asked again, unless other threads are ready:
// then the turn is over, and the operation begins anew in the next. A turn of 64 cycles or more is
// over behind the operation at hand, if somebody waits for it.
// over_o ends a turn: with the stage the thread is in, or with an error.
//
// cycle        0      1      2      3 ..          n       n+1    n+2
// go_i         1      .      .      .             .       .      .
// state        Idle   Lead   Op     Args          Check   Exec   Op, ...
// word_o       A      A+1    A+2    A+3           B       B+1    .       B: of the next operation
// word_i       .      .      A      A+1 ..        .       .      B
// select_o     .      .      .      1             1       1      .       for whom it is
// exec_o       .      .      .      .             .       1      .
`default_nettype none
`include "trine_assert.svh"

module trine_execute #(
    parameter int unsigned Cores = 2,
    parameter int unsigned WordBits = 7,           // of a place in a ring
    localparam int unsigned ListBits = trine_records_pkg::LIST_BITS
) (
    input  wire logic                clk_i,
    input  wire logic                rst_ni,
    input  wire logic                flush_i,
    // The block, from its word read_i of operations on.
    input  wire logic                go_i,
    input  wire logic [6:0]          read_i,
    input  wire logic [6:0]          words_i,
    input  wire logic [WordBits-1:0] base_i,       // place in the ring of its head
    input  wire logic [ListBits-1:0] head_i,       // place in the list of its head
    input  wire logic [Cores-1:0]    slot_i,
    input  wire logic [Cores*4-1:0]  rank_i,
    input  wire logic                others_i,     // threads that are ready
    input  wire logic                all_i,        // nothing of the list is on its way
    output      logic                end_o,        // ask for no more of it
    output      logic [WordBits-1:0] word_o,
    input  wire logic [31:0]         word_i,       // of two cycles before
    // The end of the turn.
    output      logic                over_o,
    output      logic [3:0]          stage_o,
    output      logic [6:0]          read_o,       // first word of the operation that comes next
    output      logic                fail_o,
    output      logic [7:0]          code_o,
    output      logic [Cores-1:0]    refuser_o,
    // Operations.
    output      logic [Cores-1:0]    select_o,
    output      logic [ListBits-1:0] place_o,      // in the list
    output      logic [7:0]          op_o,
    output      logic [31:0]         arg1_o,
    output      logic [31:0]         arg2_o,
    output      logic [31:0]         arg3_o,
    output      logic [31:0]         arg4_o,
    output      logic [31:0]         arg5_o,
    output      logic [31:0]         arg6_o,
    output      logic                context_we_o,   // word context_word_o of a CONTEXT
    output      logic [3:0]          context_word_o,
    output      logic                stream_we_o,    // word stream_word_o of READ, WRITE or TABLE
    output      logic [6:0]          stream_word_o,
    output      logic [15:0]         table_index_o,
    output      logic                checks_o,
    output      logic                exec_o,
    input  wire logic [Cores-1:0]    stream_wait_i,  // a word is on its way to the front end
    input  wire logic [Cores-1:0]    wait_i,         // of what was checked a cycle before
    input  wire logic [Cores*8-1:0]  error_i
);

  typedef enum logic [2:0] {
    StIdle, StLead, StOp, StArgs, StHold, StAgain, StCheck, StExec
  } state_e;

  state_e           state_q;
  logic [3:0]       op_q;
  logic [15:0]      mask;
  logic             bare, bare_q;      // END or BARRIER: for all
  logic [6:0]       read_q, first_q, index, left_q, arg_q;
  logic [6:0]       spent_q;           // cycles of the turn, up to 64
  logic             sets_stream, held, waits, refused, is_load, last, early, leaves;
  logic [Cores-1:0] refusers, select_q;

  assign op_o = {4'd0, op_q};
  assign mask = word_i[31:16];
  assign bare = word_i[15:8] == 8'd1;
  assign select_o = select_q;
  assign is_load = op_o == trine_records_pkg::OP_LOAD;
  assign sets_stream = op_o == trine_records_pkg::OP_READ || op_o == trine_records_pkg::OP_WRITE
                       || op_o == trine_records_pkg::OP_TABLE;
  assign held = sets_stream && (stream_wait_i & select_o) != '0;
  assign last = read_q == words_i;

  // ---- For whom.
  for (genvar c = 0; c < Cores; c++) begin : gen_core
    always_ff @(posedge clk_i) begin
      if (state_q == StOp) select_q[c] <= slot_i[c] && (bare || mask[rank_i[c*4 +: 4]]);
    end
    assign refusers[c] = select_o[c] && !bare_q && error_i[c*8 +: 8] != trine_pkg::ERR_NONE;
  end

  always_comb begin
    code_o = trine_pkg::ERR_NONE;
    refuser_o = refusers & (~refusers + 1'b1);
    for (int c = 0; c < Cores; c++) if (refuser_o[c]) code_o = code_o | error_i[c*8 +: 8];
  end

  assign waits = !bare_q && ((wait_i & select_o) != '0 || held);
  assign refused = refusers != '0;

  // ---- The block: the word of an index is there two cycles later, so the index runs ahead.
  always_comb begin
    case (state_q)
      StIdle: index = read_i;
      StOp, StArgs: index = read_q + 7'd2;
      StLead, StExec, StAgain: index = read_q + 7'd1;
      default: index = read_q;
    endcase
  end

  assign word_o = base_i + WordBits'(index) + 1'b1;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) state_q <= StIdle;
    else begin
      case (state_q)
        StIdle: if (go_i) state_q <= StLead;
        StLead: state_q <= StOp;
        StOp: state_q <= bare ? StExec : StArgs;
        StArgs: begin
          if (held) state_q <= StHold;
          else if (left_q == 7'd1) state_q <= StCheck;
        end
        StHold: if (!held) state_q <= StAgain;
        StAgain: state_q <= StArgs;
        StCheck: state_q <= StExec;
        default: begin
          if (over_o) state_q <= StIdle;
          else state_q <= (waits || early) ? StCheck : StOp;
        end
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == StIdle) spent_q <= 7'd0;
    else if (!spent_q[6]) spent_q <= spent_q + 7'd1;
    case (state_q)
      StIdle: read_q <= read_i;
      StOp: begin
        op_q <= word_i[3:0];
        bare_q <= bare;
        place_o <= head_i + ListBits'(read_q) + 1'b1;
        left_q <= word_i[14:8] - 7'd1;
        arg_q <= 7'd1;
        first_q <= read_q;
        read_q <= read_q + 7'd1;
      end
      StArgs: begin
        // A word that is held comes again, and is the same: arguments need not know.
        if (!held) begin
          left_q <= left_q - 7'd1;
          arg_q <= arg_q + 7'd1;
          read_q <= read_q + 7'd1;
        end
        if (arg_q == 7'd1) arg1_o <= word_i;
        if (op_o == trine_records_pkg::OP_TABLE ? !arg_q[0] : arg_q == 7'd2) arg2_o <= word_i;
        if (arg_q == 7'd3) arg3_o <= word_i;
        if (arg_q == 7'd4) arg4_o <= word_i;
        if (arg_q == 7'd5) arg5_o <= word_i;
        if (arg_q == 7'd6) arg6_o <= word_i;
      end
      default: ;
    endcase
  end

  assign context_we_o = state_q == StArgs && op_o == trine_records_pkg::OP_CONTEXT;
  assign context_word_o = arg_q[3:0] - 4'd1;
  assign stream_we_o = state_q == StArgs && sets_stream;
  assign stream_word_o = arg_q;
  assign table_index_o = arg1_o[15:0] + {10'd0, arg_q[6:1]} - 16'd1;
  assign checks_o = state_q == StCheck || state_q == StExec;

  // ---- What becomes of it. A LOAD needs the ring of its list.
  assign early = is_load && !all_i;
  assign leaves = state_q == StExec && !waits && !refused;
  assign exec_o = leaves && !early;
  assign end_o = leaves && early;
  assign read_o = (waits || early) ? first_q : read_q;
  assign fail_o = state_q == StExec && !waits && refused;

  always_comb begin
    over_o = 1'b0;
    stage_o = trine_pkg::STAGE_BLOCK;
    if (state_q == StExec) begin
      if (waits || (early && !refused)) begin
        over_o = others_i && !held;
        stage_o = waits ? trine_pkg::STAGE_GO : trine_pkg::STAGE_STOP;
      end else if (refused) begin
        over_o = 1'b1;
        stage_o = trine_pkg::STAGE_ERROR;
      end else begin
        case (op_o)
          trine_records_pkg::OP_END: {over_o, stage_o} = {1'b1, trine_pkg::STAGE_END};
          trine_records_pkg::OP_BARRIER: {over_o, stage_o} = {1'b1, trine_pkg::STAGE_WAIT};
          trine_records_pkg::OP_LOAD: {over_o, stage_o} = {1'b1, trine_pkg::STAGE_LOAD};
          trine_records_pkg::OP_RUN: begin
            over_o = !arg1_o[16] || last;
            if (!arg1_o[16]) stage_o = trine_pkg::STAGE_WAIT;
          end
          default: over_o = last;
        endcase
        if (!over_o && others_i && spent_q[6]) {over_o, stage_o} = {1'b1, trine_pkg::STAGE_GO};
      end
    end
  end

  `TRINE_ASSERT(a_goes_when_idle, !rst_ni || flush_i || !go_i || state_q == StIdle)
  `TRINE_ASSERT(a_inside, !rst_ni || flush_i || state_q != StOp || read_q < words_i)
  `TRINE_ASSERT(a_for_somebody, !rst_ni || flush_i || !exec_o || select_o != '0)
  `TRINE_ASSERT(a_in_its_slot, !rst_ni || flush_i || !(checks_o || context_we_o || stream_we_o)
                || (select_o & ~slot_i) == '0)

endmodule

`default_nettype wire
