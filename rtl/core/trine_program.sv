// SPDX-License-Identifier: Apache-2.0
// trine_program: fetches, checks and executes the program of a core (docs/programmers_guide.md).
//
// A program is executed only after magic, version, mode, ranks, configuration hash and both CRCs
// were right; the CRC of what was executed is taken too, and END is refused unless it is the same:
// memory may change between. Every operation is checked before it acts; the first error stops the
// core, with code, word index of the operation and the value in question, until stop or start. The
// mode is compared with the domain's and plays no other part.
//
// cycle        0      1..            ..           ..        ..
// state        Idle   Head           Entry        Crc       Op, Args, Exec, ...
// fetch        .      8 words        4 words      list      list again, from the operation on
`default_nettype none
`include "trine_assert.svh"

module trine_program #(
    parameter int unsigned MemBytes = 8,
    parameter int unsigned Lanes = 8,
    parameter int unsigned StateUnits = 4096,
    parameter int unsigned RingWords = 4096
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
    output      logic [31:0] fetch_count_o,
    output      logic        fetch_stop_o,
    input  wire logic        fetch_idle_i,
    input  wire logic        word_valid_i,
    output      logic        word_ready_o,
    input  wire logic [31:0] word_i,
    // Operations: the arguments, and a pulse for what is to be done with them.
    output      logic [31:0] arg1_o,
    output      logic [31:0] arg2_o,
    output      logic [31:0] arg3_o,
    output      logic [31:0] arg4_o,
    output      logic [31:0] arg5_o,
    output      logic [31:0] arg6_o,
    output      logic [31:0] arg7_o,
    output      logic        clear_o,
    input  wire logic        clearing_i,
    output      logic        context_we_o,     // word context_word_o of the CONTEXT operation
    output      logic [3:0]  context_word_o,
    output      logic        table_we_o,       // arg1 + pair index, arg2 offset, word_i
    output      logic [15:0] table_index_o,
    output      logic [7:0]  exec_op_o,
    input  wire logic [7:0]  exec_error_i,     // what is wrong with exec_op_o's arguments
    output      logic        exec_o,
    input  wire logic        transfer_busy_i,
    input  wire logic        transfer_bad_i,   // word_i is no part of a parameter row
    input  wire logic        saves_done_i,     // SAVE has all its responses
    input  wire logic        run_ready_i,      // the step counts of the RUN before are written
    input  wire logic        run_done_i        // steps and streams are through (trine_empty)
);

  typedef enum logic [4:0] {
    StIdle, StHeadStart, StHead, StEntryStart, StEntry, StCrcStart, StCrc, StOpStart, StOp, StArgs,
    StCheck, StStop, StExec, StTransfer, StRun, StBarrierWait, StBarrier, StEndWait, StDone, StError
  } state_e;

  state_e      state_q;
  logic [31:0] crc_q, length_q, list_offset_q, list_words_q, list_crc_q, pos_q, op_pos_q;
  logic [31:0] rest_q;        // words of the list from pos_q on
  logic [15:0] left_q, idx_q;
  logic [7:0]  op_q;
  logic        resident_q, run_wait_q, more_q, take, exec_fails;
  logic [31:0] arg1_q, arg2_q, arg3_q, arg4_q, arg5_q, arg6_q, arg7_q;
  logic [7:0]  head_error, op_error, fail_code;
  logic [7:0]  exec_error_q;
  logic        table_bad_q, fail_q, look_q, table_first, list_changed;
  logic [3:0]  look_index_q;
  logic [31:0] last_word_q, fail_value, head_place, crc;
  logic [7:0]  word_error;
  logic        fail;
  logic [15:0] op_words;
  logic        is_transfer;

  assign take = word_valid_i && word_ready_o;
  assign word_ready_o = (state_q == StHead || state_q == StEntry || state_q == StCrc
                         || state_q == StOp || state_q == StArgs) && !table_bad_q && !fail_q;
  assign waiting_o = (word_ready_o && !word_valid_i) || state_q == StHeadStart
                     || state_q == StEntryStart || state_q == StCrcStart || state_q == StOpStart;
  assign fetch_stop_o = state_q == StCheck && is_transfer;
  assign done_o = state_q == StDone;
  assign barrier_o = state_q == StBarrier;
  assign loading_o = state_q == StTransfer;
  assign running_o = state_q != StIdle && state_q != StDone && state_q != StError;
  assign is_transfer = op_q == trine_records_pkg::OP_LOAD || op_q == trine_records_pkg::OP_SAVE;

  always_comb begin
    fetch_start_o = 1'b0;
    fetch_offset_o = program_i;
    fetch_count_o = 32'd8;
    case (state_q)
      StHeadStart: fetch_start_o = fetch_idle_i;
      StEntryStart: begin
        fetch_start_o = fetch_idle_i;
        fetch_offset_o = program_i + 32'd32 + {24'd0, rank_i, 4'd0};
        fetch_count_o = 32'd4;
      end
      StCrcStart, StOpStart: begin
        fetch_start_o = fetch_idle_i && !clearing_i && rest_q != 32'd0;
        fetch_offset_o = list_offset_q + (pos_q << 2);
        fetch_count_o = rest_q;
      end
      default: fetch_start_o = 1'b0;
    endcase
    if (fail_q) fetch_start_o = 1'b0;
  end

  trine_header #(
      .MemBytes(MemBytes)
  ) u_header (
      .head_i(state_q == StHead), .entry_i(state_q == StEntry), .index_i(idx_q[2:0]), .word_i,
      .crc_i(crc_q), .program_i, .length_i(length_q), .list_room_i(list_words_q), .mode_i,
      .ranks_i, .fresh_i, .config_hash_i, .place_o(head_place), .error_o(head_error)
  );

  // Words of CONTEXT and the first entry of TABLE, looked at a cycle after they came.
  trine_words #(
      .Lanes(Lanes), .StateUnits(StateUnits), .RingWords(RingWords)
  ) u_words (
      .index_i(look_index_q), .dense_i(arg1_q[4]), .word_i(last_word_q), .error_o(word_error)
  );

  assign crc = trine_pkg::crc32_word(crc_q, word_i);
  assign list_changed = crc != ~list_crc_q;
  assign table_first = op_q == trine_records_pkg::OP_TABLE && idx_q == 16'd1;

  always_ff @(posedge clk_i) begin
    last_word_q <= word_i;
    look_index_q <= table_first ? 4'd15 : context_word_o;
    if (!rst_ni || flush_i || start_i) look_q <= 1'b0;
    else look_q <= context_we_o || (state_q == StArgs && take && table_first);
  end

  // First word of an operation.
  always_comb begin
    op_words = (word_i[7:0] == trine_records_pkg::OP_TABLE)
               ? word_i[31:16] : trine_records_pkg::op_words(word_i[7:0]);
    op_error = trine_pkg::ERR_NONE;
    if (op_words == 16'd0 && word_i[7:0] != trine_records_pkg::OP_TABLE) begin
      op_error = trine_pkg::ERR_OP;
    end
    else if (word_i[15:8] != 8'd0) op_error = trine_pkg::ERR_RESERVED;
    else if (more_q && word_i[7:0] != trine_records_pkg::OP_RUN) op_error = trine_pkg::ERR_OP;
    else if (word_i[31:16] != op_words) op_error = trine_pkg::ERR_OP_LENGTH;
    else if (word_i[7:0] == trine_records_pkg::OP_TABLE && (op_words < 16'd4 || op_words[0])) begin
      op_error = trine_pkg::ERR_OP_LENGTH;
    end else if ({16'd0, op_words} > rest_q) op_error = trine_pkg::ERR_LIST;
    else if (word_i[7:0] == trine_records_pkg::OP_END && rest_q != 32'd1) begin
      op_error = trine_pkg::ERR_LIST;
    end
  end

  // A word found wrong stops the program a cycle later, in which nothing is taken or started.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i || start_i) fail_q <= 1'b0;
    else fail_q <= fail;
  end

  // What the checks of an operation found in StCheck, and of a pair of TABLE with its second word,
  // counts a cycle later.
  assign exec_fails = state_q == StExec && exec_error_q != trine_pkg::ERR_NONE;

  always_ff @(posedge clk_i) begin
    if (state_q == StOp) exec_error_q <= trine_pkg::ERR_NONE;
    else if (state_q == StCheck || table_we_o) exec_error_q <= exec_error_i;
    if (!rst_ni || flush_i || start_i) table_bad_q <= 1'b0;
    else table_bad_q <= table_we_o && exec_error_i != trine_pkg::ERR_NONE;
  end

  always_comb begin
    fail = 1'b0;
    fail_code = trine_pkg::ERR_NONE;
    fail_value = word_i;
    if (table_bad_q) begin
      fail = 1'b1;
      fail_code = exec_error_q;
      fail_value = last_word_q;
    end else if (look_q && word_error != trine_pkg::ERR_NONE) begin
      fail = 1'b1;
      fail_code = word_error;
      fail_value = last_word_q;
    end else if (transfer_bad_i) begin
      fail = 1'b1;
      fail_code = trine_pkg::ERR_FIELD;
    end else if ((state_q == StHead || state_q == StEntry) && take) begin
      fail = head_error != trine_pkg::ERR_NONE;
      fail_code = head_error;
    end else if (state_q == StCrc && take && rest_q == 32'd1) begin
      fail = list_changed;
      fail_code = trine_pkg::ERR_LIST_CRC;
    end else if (state_q == StOpStart && rest_q == 32'd0) begin
      fail = 1'b1;
      fail_code = trine_pkg::ERR_LIST;
    end else if (state_q == StOp && rest_q == 32'd0) begin
      fail = 1'b1;
      fail_code = trine_pkg::ERR_LIST;
      fail_value = pos_q;
    end else if (state_q == StOp && take) begin
      fail = op_error != trine_pkg::ERR_NONE || (rest_q == 32'd1 && list_changed);
      fail_code = op_error != trine_pkg::ERR_NONE ? op_error : trine_pkg::ERR_LIST_CRC;
    end else if (exec_fails) begin
      fail = 1'b1;
      fail_code = exec_error_q;
      fail_value = arg1_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) state_q <= StIdle;
    else if (start_i) state_q <= StHeadStart;
    else if (fail_q || exec_fails) state_q <= StError;
    else begin
      case (state_q)
        StHeadStart: if (fetch_start_o) state_q <= StHead;
        StHead: if (take && idx_q == 16'd7) state_q <= StEntryStart;
        StEntryStart: if (fetch_start_o) state_q <= StEntry;
        StEntry: if (take && idx_q == 16'd3) state_q <= StCrcStart;
        StCrcStart: if (fetch_start_o) state_q <= StCrc;
        StCrc: if (take && rest_q == 32'd1) state_q <= StOpStart;
        StOpStart: if (fetch_start_o) state_q <= StOp;
        StOp: if (take) state_q <= (op_words == 16'd1) ? StExec : StArgs;
        StArgs: begin
          if (take && left_q == 16'd1) begin
            state_q <= (op_q == trine_records_pkg::OP_TABLE) ? StOp : StCheck;
          end
        end
        StCheck: if (run_ready_i) state_q <= is_transfer ? StStop : StExec;
        StStop: if (fetch_idle_i) state_q <= StExec;
        StExec: begin
          case (op_q)
            trine_records_pkg::OP_END: state_q <= StEndWait;
            trine_records_pkg::OP_BARRIER: state_q <= StBarrierWait;
            trine_records_pkg::OP_LOAD, trine_records_pkg::OP_SAVE: state_q <= StTransfer;
            trine_records_pkg::OP_RUN: state_q <= arg1_q[16] ? StOp : StRun;
            default: state_q <= StOp;
          endcase
        end
        StTransfer: if (!transfer_busy_i && !run_wait_q) state_q <= StOpStart;
        StRun: if (run_done_i && !run_wait_q) state_q <= StOp;
        StBarrierWait: if (saves_done_i) state_q <= StBarrier;
        StBarrier: if (barrier_go_i) state_q <= StOp;
        StEndWait: if (saves_done_i && run_done_i) state_q <= StDone;
        default: state_q <= state_q;
      endcase
    end
  end

  // A RUN that goes on (bit 16) is followed by another, which waits for both.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i || start_i) more_q <= 1'b0;
    else if (exec_o) more_q <= op_q == trine_records_pkg::OP_RUN && arg1_q[16];
  end

  always_ff @(posedge clk_i) begin
    run_wait_q <= state_q == StExec;  // busy and done follow a cycle after the pulse
    case (state_q)
      StHeadStart, StEntryStart: begin
        idx_q <= 16'd0;
        crc_q <= '1;
        pos_q <= 32'd0;
        left_q <= 16'd0;
        op_pos_q <= 32'd0;
      end
      StHead: if (take) begin
        idx_q <= idx_q + 16'd1;
        crc_q <= crc;
        if (idx_q == 16'd2) length_q <= word_i;
        if (idx_q == 16'd5) resident_q <= word_i[0];
      end
      StEntry: if (take) begin
        idx_q <= idx_q + 16'd1;
        if (idx_q == 16'd0) begin
          list_offset_q <= head_place;
          list_words_q <= (length_q - word_i) >> 2;
        end
        if (idx_q == 16'd1) begin
          list_words_q <= word_i;
          rest_q <= word_i;
        end
        if (idx_q == 16'd2) list_crc_q <= word_i;
      end
      StCrc: if (take) begin
        crc_q <= (rest_q == 32'd1) ? '1 : crc;
        pos_q <= (rest_q == 32'd1) ? 32'd0 : pos_q + 32'd1;
        rest_q <= (rest_q == 32'd1) ? list_words_q : rest_q - 32'd1;
      end
      StOp: if (take) begin
        crc_q <= crc;
        op_q <= word_i[7:0];
        op_pos_q <= pos_q;
        pos_q <= pos_q + 32'd1;
        rest_q <= rest_q - 32'd1;
        left_q <= op_words - 16'd1;
        idx_q <= 16'd1;
      end
      StArgs: if (take) begin
        crc_q <= crc;
        pos_q <= pos_q + 32'd1;
        rest_q <= rest_q - 32'd1;
        left_q <= left_q - 16'd1;
        idx_q <= idx_q + 16'd1;
        if (idx_q == 16'd1) arg1_q <= word_i;
        if (op_q == trine_records_pkg::OP_TABLE ? !idx_q[0] : idx_q == 16'd2) arg2_q <= word_i;
        if (idx_q == 16'd3) arg3_q <= word_i;
        if (idx_q == 16'd4) arg4_q <= word_i;
        if (idx_q == 16'd5) arg5_q <= word_i;
        if (idx_q == 16'd6) arg6_q <= word_i;
        if (idx_q == 16'd7) arg7_q <= word_i;
      end
      default: left_q <= left_q;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i || start_i) error_valid_o <= 1'b0;
    else if (fail_q || exec_fails) error_valid_o <= 1'b1;
    if (!error_valid_o && !fail_q) begin
      error_code_o <= fail_code;
      error_value_o <= fail_value;
    end
  end

  assign error_op_o = op_pos_q;
  assign clear_o = state_q == StCrcStart && fetch_start_o && !resident_q;
  assign arg1_o = arg1_q;
  assign arg2_o = arg2_q;
  assign arg3_o = arg3_q;
  assign arg4_o = arg4_q;
  assign arg5_o = arg5_q;
  assign arg6_o = arg6_q;
  assign arg7_o = arg7_q;
  assign context_we_o = state_q == StArgs && take && op_q == trine_records_pkg::OP_CONTEXT;
  assign context_word_o = idx_q[3:0] - 4'd1;
  assign table_we_o = state_q == StArgs && take && op_q == trine_records_pkg::OP_TABLE && idx_q[0]
                      && idx_q != 16'd1;
  assign table_index_o = arg1_q[15:0] + ((idx_q - 16'd3) >> 1);
  assign exec_op_o = op_q;
  assign exec_o = state_q == StExec && !exec_fails && !fail_q;

  `TRINE_ASSERT(a_run_when_ready, !rst_ni || !exec_o || op_q != trine_records_pkg::OP_RUN
                || run_ready_i)

endmodule

`default_nettype wire
