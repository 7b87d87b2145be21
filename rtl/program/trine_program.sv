// SPDX-License-Identifier: Apache-2.0
// trine_program: fetches, checks and executes the program of a core (docs/programmers_guide.md).
//
// A program is executed only after magic, version, mode, ranks, configuration hash and the CRC of
// its header were right, and no operation of a block before the block's CRC was: a list is fetched
// once, block by block, each kept by trine_block until it was executed. While an operation at a
// block's end waits (RUN, BARRIER), the next block comes in. Every operation is checked before it
// acts (trine_checks); SAVE waits until contexts that RUN let go on have ended. A start that
// repeats executes the last block again as it stands here, and fetches nothing. The first error
// stops the core, with code, word index of the operation and the value in question, until stop or
// start. The mode is compared with the domain's and plays no other part.
//
// cycle        0      1..       ..        ..       n       n+1     n+2     n+3   n+4 ..
// state        Idle   Head      Entry     Block    Block   Settle  Ready   Lead  Op, Args, ...
// fetch        .      8 words   2 words   list     CRC     .       .       .     next block
`default_nettype none
`include "trine_assert.svh"

module trine_program #(
    parameter int unsigned MemBytes = 8,
    localparam int unsigned ListBits = trine_records_pkg::LIST_BITS
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        flush_i,
    // Controller.
    input  wire logic        start_i,
    input  wire logic [3:0]  rank_i,
    input  wire logic [4:0]  ranks_i,
    input  wire logic [1:0]  mode_i,
    input  wire logic [31:0] program_i,
    input  wire logic        fresh_i,
    input  wire logic        repeat_i,         // of start_i: execute the block that is here again
    input  wire logic [31:0] config_hash_i,    // constant
    input  wire logic        barrier_go_i,
    output      logic        done_o,
    output      logic        barrier_o,
    output      logic        loading_o,
    output      logic        waiting_o,        // for its own words: counted as memory
    output      logic        running_o,
    output      logic        error_valid_o,
    output      logic [7:0]  error_code_o,
    output      logic [31:0] error_op_o,
    output      logic [31:0] error_value_o,
    // Fetch unit.
    output      logic        fetch_start_o,
    output      logic [31:0] fetch_offset_o,
    output      logic [ListBits-1:0] fetch_count_o,
    output      logic        fetch_stop_o,
    input  wire logic        fetch_idle_i,
    input  wire logic        word_valid_i,
    output      logic        word_ready_o,
    input  wire logic [31:0] word_i,
    // Block: words on their way in, and back.
    output      logic        list_begins_o,
    output      logic        block_valid_o,
    output      logic [ListBits-1:0] block_place_o,
    output      logic [ListBits:0] block_spare_o,  // signed
    input  wire logic        block_covered_i,
    input  wire logic        block_end_i,
    input  wire logic        block_wrong_i,    // it ended with the word before
    input  wire logic        block_bad_i,
    input  wire logic [7:0]  block_code_i,
    input  wire logic [ListBits-1:0] block_op_i,
    input  wire logic [31:0] block_value_i,
    input  wire logic [ListBits-1:0] block_head_i,
    input  wire logic [6:0]  block_words_i,    // of operations
    output      logic [5:0]  block_index_o,
    input  wire logic [31:0] block_word_i,     // of the index two cycles before
    // Operations: the arguments, and a pulse for what is to be done with them.
    output      logic [31:0] arg1_o,
    output      logic [31:0] arg2_o,
    output      logic [31:0] arg3_o,
    output      logic [31:0] arg4_o,
    output      logic [31:0] arg5_o,
    output      logic [31:0] arg6_o,
    output      logic        clear_o,
    input  wire logic        clearing_i,
    output      logic        context_we_o,     // word context_word_o of the CONTEXT operation
    output      logic [3:0]  context_word_o,
    output      logic        stream_we_o,      // word stream_word_o of READ, WRITE or TABLE
    output      logic [5:0]  stream_word_o,
    input  wire logic        stream_wait_i,    // one is still on its way to the front end
    output      logic [15:0] table_index_o,
    output      logic [7:0]  exec_op_o,
    input  wire logic [7:0]  exec_error_i,     // what is wrong with exec_op_o's arguments
    output      logic        exec_o,
    input  wire logic        transfer_busy_i,
    input  wire logic        transfer_bad_i,   // word_i is no part of a parameter row
    input  wire logic        saves_done_i,     // SAVE has all its responses
    input  wire logic        run_ready_i,      // the step counts of the RUN before are written
    output      logic        checks_o,         // it is about to be carried out
    input  wire logic        remains_i,        // not before what it uses was wiped
    input  wire logic        run_done_i        // steps and streams are through (trine_empty)
);

  typedef enum logic [4:0] {
    StIdle, StHeadStart, StHead, StEntryStart, StEntry, StListStart, StBlock, StSettle, StReady,
    StLead, StOp, StArgs, StHold, StAgain, StCheck, StStop, StExec, StTransfer, StEndWait, StDone,
    StError
  } state_e;

  state_e      state_q;
  logic [31:0] crc_q, length_q;
  logic [31:0] next_q;        // offset of the next word of the list
  logic [ListBits-1:0] pos_q, op_pos_q;
  logic [32:0] room;
  logic [31:0] room_q;        // words from the list's place to the program's end
  logic        outside_q;     // it is outside the program
  logic [ListBits-1:0] rest_q; // words of the list from pos_q on
  logic [ListBits:0] spare_q;  // two less: without the next and a CRC
  logic [15:0] left_q, idx_q;
  logic [5:0]  arg_q;         // which word of the operation
  logic [5:0]  read_q;        // next word of the block
  logic [3:0]  op_q;      // of the operation at hand; a block has no others than 1 to 11
  logic [7:0]  op;
  logic        resident_q, just_executed_q, take, exec_fails, exec_last, match, match_q;
  logic        run_wait_q, barrier_wait_q, barrier_q, parked, is_transfer, block_fails;
  logic        sets_stream, held, saves_early;
  logic [7:0]  head_error, fail_code, exec_error_q;
  logic        fail, fail_q, late_q, unused;
  logic [7:0]  late_code_q;
  logic [31:0] fail_value, head_place, crc;

  assign take = word_valid_i && word_ready_o;
  assign op = {4'd0, op_q};
  assign word_ready_o = (state_q == StHead || state_q == StEntry || state_q == StBlock) && !fail_q;
  assign parked = run_wait_q || barrier_wait_q || barrier_q || clearing_i;
  assign waiting_o = (!parked || clearing_i)
                     && ((word_ready_o && !word_valid_i) || state_q == StHeadStart
                         || state_q == StEntryStart || state_q == StListStart);
  assign checks_o = state_q == StCheck;
  assign fetch_stop_o = checks_o && is_transfer;
  assign done_o = state_q == StDone;
  assign barrier_o = barrier_q;
  assign loading_o = state_q == StTransfer;
  assign running_o = state_q != StIdle && state_q != StDone && state_q != StError;
  assign is_transfer = op == trine_records_pkg::OP_LOAD;
  assign sets_stream = op == trine_records_pkg::OP_READ || op == trine_records_pkg::OP_WRITE
                       || op == trine_records_pkg::OP_TABLE;
  assign held = sets_stream && stream_wait_i;
  assign saves_early = op == trine_records_pkg::OP_SAVE && !run_done_i;

  always_comb begin
    fetch_start_o = 1'b0;
    fetch_offset_o = program_i;
    fetch_count_o = ListBits'(8);
    case (state_q)
      StHeadStart: fetch_start_o = fetch_idle_i;
      StEntryStart: begin
        fetch_start_o = fetch_idle_i;
        fetch_offset_o = head_place;
        fetch_count_o = ListBits'(2);
      end
      StListStart: begin
        fetch_start_o = fetch_idle_i;
        fetch_offset_o = next_q;
        fetch_count_o = rest_q;
      end
      default: fetch_start_o = 1'b0;
    endcase
    if (fail_q || late_q) fetch_start_o = 1'b0;
  end

  assign room = {1'b0, length_q} - {1'b0, word_i};
  assign unused = &{1'b0, room[1:0]};

  // Header, entry and blocks have one CRC unit.
  assign crc = trine_pkg::crc32_word(crc_q, word_i);
  assign match = word_i == ~crc_q;

  trine_header #(
      .MemBytes(MemBytes)
  ) u_header (
      .head_i(state_q == StHead), .entry_i(state_q == StEntry), .index_i(idx_q[2:0]), .word_i,
      .rank_i, .crc_match_i(match), .program_i, .outside_i(outside_q), .list_room_i(room_q),
      .mode_i, .ranks_i, .fresh_i, .config_hash_i, .place_o(head_place), .error_o(head_error)
  );

  // What is wrong with a word itself is known a cycle later; error_value_o has the word by then.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i || start_i) late_q <= 1'b0;
    else begin
      late_q <= transfer_bad_i || ((state_q == StHead || state_q == StEntry) && take
                                   && head_error != trine_pkg::ERR_NONE);
    end
    late_code_q <= transfer_bad_i ? trine_pkg::ERR_FIELD : head_error;
  end

  // And stops the program a cycle after that; in neither is anything started.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i || start_i) fail_q <= 1'b0;
    else fail_q <= fail;
  end

  // What the checks of an operation found in StCheck counts a cycle later.
  assign exec_fails = state_q == StExec && exec_error_q != trine_pkg::ERR_NONE;

  always_ff @(posedge clk_i) begin
    if (state_q == StOp) exec_error_q <= trine_pkg::ERR_NONE;
    else if (state_q == StCheck) exec_error_q <= exec_error_i;
  end

  // A block whose CRC is wrong says nothing else.
  assign block_fails = state_q == StReady && !parked && (block_bad_i || !match_q);

  always_comb begin
    fail = 1'b0;
    fail_code = trine_pkg::ERR_NONE;
    fail_value = word_i;
    if (late_q) begin
      fail = 1'b1;
      fail_code = late_code_q;
    end else if (exec_fails) begin
      fail = 1'b1;
      fail_code = exec_error_q;
      fail_value = arg1_o;
    end else if (block_fails) begin
      fail = 1'b1;
      fail_code = match_q ? block_code_i : trine_pkg::ERR_LIST_CRC;
      fail_value = block_value_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) state_q <= StIdle;
    else if (start_i) state_q <= repeat_i ? StReady : StHeadStart;
    else if (fail_q || exec_fails || block_fails) state_q <= StError;
    else begin
      case (state_q)
        StHeadStart: if (fetch_start_o) state_q <= StHead;
        StHead: if (take && idx_q == 16'd7) state_q <= StEntryStart;
        StEntryStart: if (fetch_start_o) state_q <= StEntry;
        StEntry: if (take && idx_q == 16'd1) state_q <= StListStart;
        StListStart: if (fetch_start_o) state_q <= StBlock;
        StBlock: if ((take && block_end_i) || block_wrong_i) state_q <= StSettle;
        StSettle: state_q <= StReady;
        StReady: if (!parked) state_q <= StLead;
        StLead: state_q <= StOp;
        StOp: state_q <= (block_word_i[31:16] == 16'd1) ? StExec : StArgs;
        StArgs: begin
          if (held) state_q <= StHold;
          else if (left_q == 16'd1) state_q <= StCheck;
        end
        StHold: if (!stream_wait_i) state_q <= StAgain;
        StAgain: state_q <= StArgs;
        StCheck: begin
          if (run_ready_i && !held && !saves_early && !remains_i) begin
            state_q <= is_transfer ? StStop : StExec;
          end
        end
        StStop: if (fetch_idle_i) state_q <= StExec;
        StExec: begin
          case (op)
            trine_records_pkg::OP_END: state_q <= StEndWait;
            trine_records_pkg::OP_LOAD, trine_records_pkg::OP_SAVE: state_q <= StTransfer;
            default: state_q <= exec_last ? StBlock : StOp;
          endcase
        end
        StTransfer: begin
          if (!transfer_busy_i && !just_executed_q) begin
            if (is_transfer) state_q <= StListStart;
            else state_q <= exec_last ? StBlock : StReady;
          end
        end
        StEndWait: if (saves_done_i && run_done_i) state_q <= StDone;
        default: state_q <= state_q;
      endcase
    end
  end

  // What the last operation of a block waits for, while the next block comes in; the first waits
  // for the sweep of the tables.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i || start_i) begin
      run_wait_q <= 1'b0;
      barrier_wait_q <= 1'b0;
      barrier_q <= 1'b0;
    end else begin
      if (exec_o && op == trine_records_pkg::OP_RUN) run_wait_q <= !arg1_o[16];
      else if (run_done_i && !just_executed_q) run_wait_q <= 1'b0;
      if (exec_o && op == trine_records_pkg::OP_BARRIER) barrier_wait_q <= 1'b1;
      else if (saves_done_i) barrier_wait_q <= 1'b0;
      barrier_q <= (barrier_wait_q && saves_done_i) || (barrier_q && !barrier_go_i);
    end
  end

  // Words on their way in.
  always_ff @(posedge clk_i) begin
    just_executed_q <= state_q == StExec;  // busy and done follow a cycle after the pulse
    case (state_q)
      StHeadStart, StEntryStart: begin
        idx_q <= 16'd0;
        crc_q <= '1;
        pos_q <= '0;
      end
      StHead: if (take) begin
        idx_q <= idx_q + 16'd1;
        crc_q <= crc;
        if (idx_q == 16'd2) length_q <= word_i;
        if (idx_q == 16'd5) resident_q <= word_i[0];
      end
      StEntry: if (take) begin
        idx_q <= idx_q + 16'd1;
        if (idx_q == 16'd0) next_q <= head_place;
        if (idx_q == 16'd0) begin
          outside_q <= room[32];
          room_q <= {2'd0, room[31:2]};
        end
        rest_q <= word_i[ListBits-1:0];
        spare_q <= {1'b0, word_i[ListBits-1:0]} - (ListBits+1)'(2);
      end
      StBlock: if (take) begin
        if (block_covered_i) crc_q <= crc;
        match_q <= match || block_covered_i;   // a head that is wrong ends a block
        pos_q <= pos_q + 1'b1;
        rest_q <= rest_q - 1'b1;
        spare_q <= spare_q - 1'b1;
        next_q <= next_q + 32'd4;
      end
      default: ;
    endcase
  end

  assign list_begins_o = state_q == StEntryStart;
  assign block_valid_o = state_q == StBlock && take;
  assign block_place_o = pos_q;
  assign block_spare_o = spare_q;

  // And back: the word of an index is there two cycles later, so the index runs ahead.
  always_comb begin
    case (state_q)
      StOp, StArgs: block_index_o = read_q + 6'd2;
      StLead, StExec, StAgain: block_index_o = read_q + 6'd1;
      default: block_index_o = read_q;
    endcase
  end

  assign exec_last = {1'b0, read_q} == block_words_i;

  always_ff @(posedge clk_i) begin
    case (state_q)
      StHeadStart: op_pos_q <= '0;
      StBlock, StDone: read_q <= 6'd0;
      StOp: begin
        op_q <= block_word_i[3:0];
        op_pos_q <= block_head_i + ListBits'(read_q) + 1'b1;
        left_q <= block_word_i[31:16] - 16'd1;
        arg_q <= 6'd1;
        read_q <= read_q + 6'd1;
      end
      StArgs: if (!held) begin
        left_q <= left_q - 16'd1;
        arg_q <= arg_q + 6'd1;
        read_q <= read_q + 6'd1;
        if (arg_q == 6'd1) arg1_o <= block_word_i;
        if (op == trine_records_pkg::OP_TABLE ? !arg_q[0] : arg_q == 6'd2) begin
          arg2_o <= block_word_i;
        end
        if (arg_q == 6'd3) arg3_o <= block_word_i;
        if (arg_q == 6'd4) arg4_o <= block_word_i;
        if (arg_q == 6'd5) arg5_o <= block_word_i;
        if (arg_q == 6'd6) arg6_o <= block_word_i;
      end
      default: ;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i || start_i) error_valid_o <= 1'b0;
    else if (fail_q || exec_fails || block_fails) error_valid_o <= 1'b1;
    if (!error_valid_o && !fail_q) begin
      error_code_o <= fail_code;
      if (!late_q) error_value_o <= fail_value;
      if (!block_fails) error_op_o <= 32'(op_pos_q);
      else error_op_o <= match_q ? 32'(block_op_i) : 32'(block_head_i);
    end
  end

  assign clear_o = state_q == StListStart && fetch_start_o && pos_q == '0 && !resident_q;
  assign context_we_o = state_q == StArgs && op == trine_records_pkg::OP_CONTEXT;
  assign context_word_o = arg_q[3:0] - 4'd1;
  assign stream_we_o = state_q == StArgs && sets_stream && !held;
  assign stream_word_o = arg_q;
  assign table_index_o = arg1_o[15:0] + {11'd0, arg_q[5:1]} - 16'd1;
  assign exec_op_o = op;
  assign exec_o = state_q == StExec && !exec_fails && !fail_q;

  // Nothing is executed, or waits, but of a block whose CRC held and in which nothing was wrong.
  `TRINE_ASSERT(a_block_held, !rst_ni || (state_q != StLead && state_q != StOp
                && state_q != StArgs && state_q != StExec) || (match_q && !block_bad_i))
  `TRINE_ASSERT(a_repeats_what_is_done, !rst_ni || !start_i || !repeat_i || state_q == StDone)
  `TRINE_ASSERT(a_inside, !rst_ni || state_q != StOp || {1'b0, read_q} < block_words_i)
  `TRINE_ASSERT(a_run_when_ready, !rst_ni || !exec_o || op != trine_records_pkg::OP_RUN
                || run_ready_i)
  `TRINE_ASSERT(a_one_wait, !rst_ni || 32'(run_wait_q) + 32'(barrier_wait_q) + 32'(barrier_q) <= 1)

endmodule

`default_nettype wire
