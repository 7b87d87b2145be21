// SPDX-License-Identifier: Apache-2.0
// trine_records_pkg: the operations of a program, and what each of their words may be.
// Generated from rtl/program/records.txt by sw/tools/recgen.c (make gen-records).
`default_nettype none

package trine_records_pkg;

  localparam int unsigned LIST_BITS = 20;  // A list has less than 2^20 words.
  localparam int unsigned BLOCK_CODE = 8;  // What a block begins with.
  localparam int unsigned BLOCK_WORDS = 126;  // Most words of operations in a block.
  localparam int unsigned OP_WORDS = 62;  // Most words of an operation.

  // Operations, and their lengths in words; a TABLE says its own.
  localparam logic [7:0] OP_END = 8'h01;
  localparam logic [7:0] OP_BARRIER = 8'h02;
  localparam logic [7:0] OP_LOAD = 8'h03;
  localparam logic [7:0] OP_SAVE = 8'h04;
  localparam logic [7:0] OP_CHANNEL = 8'h05;
  localparam logic [7:0] OP_CONTEXT = 8'h06;
  localparam logic [7:0] OP_READ = 8'h07;
  localparam logic [7:0] OP_WRITE = 8'h09;
  localparam logic [7:0] OP_TABLE = 8'h0a;
  localparam logic [7:0] OP_RUN = 8'h0b;
  localparam logic [1:0] LOAD_WEIGHTS = 2'd0;
  localparam logic [1:0] LOAD_PARAMS = 2'd1;
  localparam logic [1:0] LOAD_VECTOR = 2'd2;
  localparam logic [1:0] LOAD_STATE = 2'd3;

  // 0: no operation, or one that says its length.
  function automatic logic [15:0] op_words(input logic [7:0] op);
    case (op)
      OP_END: op_words = 16'd1;
      OP_BARRIER: op_words = 16'd1;
      OP_LOAD: op_words = 16'd5;
      OP_SAVE: op_words = 16'd4;
      OP_CHANNEL: op_words = 16'd4;
      OP_CONTEXT: op_words = 16'd14;
      OP_READ: op_words = 16'd7;
      OP_WRITE: op_words = 16'd8;
      OP_RUN: op_words = 16'd3;
      default: op_words = 16'd0;
    endcase
  endfunction

  // Whether an operation is of the kind whose words have other fields.
  function automatic logic is_kind(input logic [7:0] op, input logic [31:0] word1);
    case (op)
      OP_LOAD: is_kind = word1[1:0] == 2'd2;  // RING
      OP_CHANNEL: is_kind = word1[11:8] != 4'd0;  // HEARD
      OP_CONTEXT: is_kind = word1[4:4] == 1'd1;  // DENSE
      default: is_kind = 1'b0;
    endcase
  endfunction

  // Bits from `low` on that are 0 in a multiple of the largest power of two of `step`.
  function automatic logic [31:0] below(input int unsigned step, input int unsigned low);
    below = ((step & (~step + 1)) - 1) << low;
  endfunction

  // The rule of word 1 and on of an operation; 2 and 3 stand for all that follow in a TABLE.
  // Of others there is none. The numbers are those of the configuration.

  // Bits that must be 0.
  function automatic logic [31:0] rule_zero(
      input logic [3:0] op, input logic [3:0] word, input logic kind,
      input int unsigned contexts,
      input int unsigned state_units,
      input int unsigned ring_words,
      input int unsigned group_units,
      input int unsigned lanes,
      input int unsigned mem_bytes
  );
    case ({op, word, kind})
      {OP_LOAD[3:0], 4'd1, 1'b0}, {OP_LOAD[3:0], 4'd1, 1'b1}:
        rule_zero = 32'hfffffffc;
      {OP_LOAD[3:0], 4'd2, 1'b0}: rule_zero = 32'h00000000;
      {OP_LOAD[3:0], 4'd2, 1'b1}: rule_zero = 32'h00000000 | below(4, 0);
      {OP_LOAD[3:0], 4'd3, 1'b0}: rule_zero = 32'h00000000;
      {OP_LOAD[3:0], 4'd3, 1'b1}: rule_zero = 32'h00000000 | below(4, 0);
      {OP_LOAD[3:0], 4'd4, 1'b0}, {OP_LOAD[3:0], 4'd4, 1'b1}:
        rule_zero = 32'h00000000 | below(mem_bytes, 0);
      {OP_SAVE[3:0], 4'd1, 1'b0}, {OP_SAVE[3:0], 4'd1, 1'b1}:
        rule_zero = 32'h00000000;
      {OP_SAVE[3:0], 4'd2, 1'b0}, {OP_SAVE[3:0], 4'd2, 1'b1}:
        rule_zero = 32'h00000000;
      {OP_SAVE[3:0], 4'd3, 1'b0}, {OP_SAVE[3:0], 4'd3, 1'b1}:
        rule_zero = 32'h00000000 | below(mem_bytes, 0);
      {OP_CHANNEL[3:0], 4'd1, 1'b0}, {OP_CHANNEL[3:0], 4'd1, 1'b1}:
        rule_zero = 32'hfffff0f0;
      {OP_CHANNEL[3:0], 4'd2, 1'b0}, {OP_CHANNEL[3:0], 4'd2, 1'b1}:
        rule_zero = 32'h00000000;
      {OP_CHANNEL[3:0], 4'd3, 1'b0}: rule_zero = 32'hffff0000;
      {OP_CHANNEL[3:0], 4'd3, 1'b1}: rule_zero = 32'hffff0000;
      {OP_CONTEXT[3:0], 4'd1, 1'b0}, {OP_CONTEXT[3:0], 4'd1, 1'b1}:
        rule_zero = 32'hffe00080;
      {OP_CONTEXT[3:0], 4'd2, 1'b0}: rule_zero = 32'h00000000;
      {OP_CONTEXT[3:0], 4'd2, 1'b1}: rule_zero = 32'hffff0000;
      {OP_CONTEXT[3:0], 4'd3, 1'b0}, {OP_CONTEXT[3:0], 4'd3, 1'b1}:
        rule_zero = 32'h00000000;
      {OP_CONTEXT[3:0], 4'd4, 1'b0}: rule_zero = 32'hffff0000 | below(group_units, 0);
      {OP_CONTEXT[3:0], 4'd4, 1'b1}: rule_zero = 32'hffff0000 | below(lanes, 0);
      {OP_CONTEXT[3:0], 4'd5, 1'b0}, {OP_CONTEXT[3:0], 4'd5, 1'b1}:
        rule_zero = 32'h00000000;
      {OP_CONTEXT[3:0], 4'd6, 1'b0}: rule_zero = 32'h00000000;
      {OP_CONTEXT[3:0], 4'd6, 1'b1}: rule_zero = 32'hffffffff;
      {OP_CONTEXT[3:0], 4'd7, 1'b0}: rule_zero = 32'h00000000;
      {OP_CONTEXT[3:0], 4'd7, 1'b1}: rule_zero = 32'hffff0000;
      {OP_CONTEXT[3:0], 4'd8, 1'b0}: rule_zero = 32'h00000000;
      {OP_CONTEXT[3:0], 4'd8, 1'b1}: rule_zero = 32'hffffffff;
      {OP_CONTEXT[3:0], 4'd9, 1'b0}: rule_zero = 32'h00000000;
      {OP_CONTEXT[3:0], 4'd9, 1'b1}: rule_zero = 32'hffffffff;
      {OP_CONTEXT[3:0], 4'd10, 1'b0}: rule_zero = 32'hf8000000;
      {OP_CONTEXT[3:0], 4'd10, 1'b1}: rule_zero = 32'hff00ffff;
      {OP_CONTEXT[3:0], 4'd11, 1'b0}: rule_zero = 32'h00000000;
      {OP_CONTEXT[3:0], 4'd11, 1'b1}: rule_zero = 32'h0000ffff;
      {OP_CONTEXT[3:0], 4'd12, 1'b0}: rule_zero = 32'h80000000;
      {OP_CONTEXT[3:0], 4'd12, 1'b1}: rule_zero = 32'hffffffff;
      {OP_CONTEXT[3:0], 4'd13, 1'b0}: rule_zero = 32'hffffffc0;
      {OP_CONTEXT[3:0], 4'd13, 1'b1}: rule_zero = 32'hffffffff;
      {OP_READ[3:0], 4'd1, 1'b0}, {OP_READ[3:0], 4'd1, 1'b1}:
        rule_zero = 32'hffffe00e;
      {OP_READ[3:0], 4'd2, 1'b0}, {OP_READ[3:0], 4'd2, 1'b1}:
        rule_zero = 32'h00000000 | below(mem_bytes, 0);
      {OP_READ[3:0], 4'd3, 1'b0}, {OP_READ[3:0], 4'd3, 1'b1}:
        rule_zero = 32'h00000000 | below(mem_bytes, 0);
      {OP_READ[3:0], 4'd4, 1'b0}, {OP_READ[3:0], 4'd4, 1'b1}:
        rule_zero = 32'h00000000;
      {OP_READ[3:0], 4'd5, 1'b0}, {OP_READ[3:0], 4'd5, 1'b1}:
        rule_zero = 32'h00000000;
      {OP_READ[3:0], 4'd6, 1'b0}, {OP_READ[3:0], 4'd6, 1'b1}:
        rule_zero = 32'hffffffff;
      {OP_WRITE[3:0], 4'd1, 1'b0}, {OP_WRITE[3:0], 4'd1, 1'b1}:
        rule_zero = 32'hfffffe0e;
      {OP_WRITE[3:0], 4'd2, 1'b0}, {OP_WRITE[3:0], 4'd2, 1'b1}:
        rule_zero = 32'h00000000 | below(mem_bytes, 0);
      {OP_WRITE[3:0], 4'd3, 1'b0}, {OP_WRITE[3:0], 4'd3, 1'b1}:
        rule_zero = 32'h00000000 | below(mem_bytes, 0);
      {OP_WRITE[3:0], 4'd4, 1'b0}, {OP_WRITE[3:0], 4'd4, 1'b1}:
        rule_zero = 32'hffff0000;
      {OP_WRITE[3:0], 4'd5, 1'b0}, {OP_WRITE[3:0], 4'd5, 1'b1}:
        rule_zero = 32'h00000000;
      {OP_WRITE[3:0], 4'd6, 1'b0}, {OP_WRITE[3:0], 4'd6, 1'b1}:
        rule_zero = 32'h00000000;
      {OP_WRITE[3:0], 4'd7, 1'b0}, {OP_WRITE[3:0], 4'd7, 1'b1}:
        rule_zero = 32'hffffffff;
      {OP_TABLE[3:0], 4'd1, 1'b0}, {OP_TABLE[3:0], 4'd1, 1'b1}:
        rule_zero = 32'hffff0000;
      {OP_TABLE[3:0], 4'd2, 1'b0}, {OP_TABLE[3:0], 4'd2, 1'b1}:
        rule_zero = 32'h00000000;
      {OP_TABLE[3:0], 4'd3, 1'b0}, {OP_TABLE[3:0], 4'd3, 1'b1}:
        rule_zero = 32'h00000000;
      {OP_RUN[3:0], 4'd1, 1'b0}, {OP_RUN[3:0], 4'd1, 1'b1}:
        rule_zero = 32'hfff80000;
      {OP_RUN[3:0], 4'd2, 1'b0}, {OP_RUN[3:0], 4'd2, 1'b1}:
        rule_zero = 32'h00000000;
      default: rule_zero = 'x;  // asked for, never used
    endcase
  endfunction

  // {sign bits that are turned first, bits whose value has a range}.
  function automatic logic [63:0] rule_range(
      input logic [3:0] op, input logic [3:0] word, input logic kind,
      input int unsigned contexts,
      input int unsigned state_units,
      input int unsigned ring_words,
      input int unsigned group_units,
      input int unsigned lanes,
      input int unsigned mem_bytes
  );
    case ({op, word, kind})
      {OP_LOAD[3:0], 4'd1, 1'b0}, {OP_LOAD[3:0], 4'd1, 1'b1}:
        rule_range = {32'h00000000, 32'h00000000};
      {OP_LOAD[3:0], 4'd2, 1'b0}: rule_range = {32'h00000000, 32'h00000000};
      {OP_LOAD[3:0], 4'd2, 1'b1}: rule_range = {32'h00000000, 32'h00000000};
      {OP_LOAD[3:0], 4'd3, 1'b0}: rule_range = {32'h00000000, 32'hffffffff};
      {OP_LOAD[3:0], 4'd3, 1'b1}: rule_range = {32'h00000000, 32'hffffffff};
      {OP_LOAD[3:0], 4'd4, 1'b0}, {OP_LOAD[3:0], 4'd4, 1'b1}:
        rule_range = {32'h00000000, 32'h00000000};
      {OP_SAVE[3:0], 4'd1, 1'b0}, {OP_SAVE[3:0], 4'd1, 1'b1}:
        rule_range = {32'h00000000, 32'h00000000};
      {OP_SAVE[3:0], 4'd2, 1'b0}, {OP_SAVE[3:0], 4'd2, 1'b1}:
        rule_range = {32'h00000000, 32'hffffffff};
      {OP_SAVE[3:0], 4'd3, 1'b0}, {OP_SAVE[3:0], 4'd3, 1'b1}:
        rule_range = {32'h00000000, 32'h00000000};
      {OP_CHANNEL[3:0], 4'd1, 1'b0}, {OP_CHANNEL[3:0], 4'd1, 1'b1}:
        rule_range = {32'h00000000, 32'h00000000};
      {OP_CHANNEL[3:0], 4'd2, 1'b0}, {OP_CHANNEL[3:0], 4'd2, 1'b1}:
        rule_range = {32'h00000000, 32'h00000000};
      {OP_CHANNEL[3:0], 4'd3, 1'b0}: rule_range = {32'h00000000, 32'h00000000};
      {OP_CHANNEL[3:0], 4'd3, 1'b1}: rule_range = {32'h00000000, 32'h0000ffff};
      {OP_CONTEXT[3:0], 4'd1, 1'b0}, {OP_CONTEXT[3:0], 4'd1, 1'b1}:
        rule_range = {32'h00000000, 32'h001f000f};
      {OP_CONTEXT[3:0], 4'd2, 1'b0}: rule_range = {32'h00000000, 32'hffffffff};
      {OP_CONTEXT[3:0], 4'd2, 1'b1}: rule_range = {32'h00000000, 32'h0000ffff};
      {OP_CONTEXT[3:0], 4'd3, 1'b0}, {OP_CONTEXT[3:0], 4'd3, 1'b1}:
        rule_range = {32'h00000000, 32'hffffffff};
      {OP_CONTEXT[3:0], 4'd4, 1'b0}: rule_range = {32'h00000000, 32'h0000ffff};
      {OP_CONTEXT[3:0], 4'd4, 1'b1}: rule_range = {32'h00000000, 32'h0000ffff};
      {OP_CONTEXT[3:0], 4'd5, 1'b0}, {OP_CONTEXT[3:0], 4'd5, 1'b1}:
        rule_range = {32'h00000000, 32'h00000000};
      {OP_CONTEXT[3:0], 4'd6, 1'b0}: rule_range = {32'h00000000, 32'h00000000};
      {OP_CONTEXT[3:0], 4'd6, 1'b1}: rule_range = {32'h00000000, 32'h00000000};
      {OP_CONTEXT[3:0], 4'd7, 1'b0}: rule_range = {32'h00000000, 32'h00000000};
      {OP_CONTEXT[3:0], 4'd7, 1'b1}: rule_range = {32'h00000000, 32'h00000000};
      {OP_CONTEXT[3:0], 4'd8, 1'b0}: rule_range = {32'h00000000, 32'hffff0000};
      {OP_CONTEXT[3:0], 4'd8, 1'b1}: rule_range = {32'h00000000, 32'h00000000};
      {OP_CONTEXT[3:0], 4'd9, 1'b0}: rule_range = {32'h00000000, 32'hffffffff};
      {OP_CONTEXT[3:0], 4'd9, 1'b1}: rule_range = {32'h00000000, 32'h00000000};
      {OP_CONTEXT[3:0], 4'd10, 1'b0}: rule_range = {32'h00000000, 32'h0700ffff};
      {OP_CONTEXT[3:0], 4'd10, 1'b1}: rule_range = {32'h00000000, 32'h00000000};
      {OP_CONTEXT[3:0], 4'd11, 1'b0}: rule_range = {32'h00000000, 32'h0000ffff};
      {OP_CONTEXT[3:0], 4'd11, 1'b1}: rule_range = {32'h00000000, 32'h00000000};
      {OP_CONTEXT[3:0], 4'd12, 1'b0}: rule_range = {32'h00000000, 32'h00000000};
      {OP_CONTEXT[3:0], 4'd12, 1'b1}: rule_range = {32'h00000000, 32'h00000000};
      {OP_CONTEXT[3:0], 4'd13, 1'b0}: rule_range = {32'h00000020, 32'h0000003f};
      {OP_CONTEXT[3:0], 4'd13, 1'b1}: rule_range = {32'h00000000, 32'h00000000};
      {OP_READ[3:0], 4'd1, 1'b0}, {OP_READ[3:0], 4'd1, 1'b1}:
        rule_range = {32'h00000000, 32'h00001f00};
      {OP_READ[3:0], 4'd2, 1'b0}, {OP_READ[3:0], 4'd2, 1'b1}:
        rule_range = {32'h00000000, 32'h00000000};
      {OP_READ[3:0], 4'd3, 1'b0}, {OP_READ[3:0], 4'd3, 1'b1}:
        rule_range = {32'h00000000, 32'h00000000};
      {OP_READ[3:0], 4'd4, 1'b0}, {OP_READ[3:0], 4'd4, 1'b1}:
        rule_range = {32'h00000000, 32'hffffffff};
      {OP_READ[3:0], 4'd5, 1'b0}, {OP_READ[3:0], 4'd5, 1'b1}:
        rule_range = {32'h00000000, 32'hffff0000};
      {OP_READ[3:0], 4'd6, 1'b0}, {OP_READ[3:0], 4'd6, 1'b1}:
        rule_range = {32'h00000000, 32'h00000000};
      {OP_WRITE[3:0], 4'd1, 1'b0}, {OP_WRITE[3:0], 4'd1, 1'b1}:
        rule_range = {32'h00000000, 32'h00000000};
      {OP_WRITE[3:0], 4'd2, 1'b0}, {OP_WRITE[3:0], 4'd2, 1'b1}:
        rule_range = {32'h00000000, 32'h00000000};
      {OP_WRITE[3:0], 4'd3, 1'b0}, {OP_WRITE[3:0], 4'd3, 1'b1}:
        rule_range = {32'h00000000, 32'h00000000};
      {OP_WRITE[3:0], 4'd4, 1'b0}, {OP_WRITE[3:0], 4'd4, 1'b1}:
        rule_range = {32'h00000000, 32'h0000ffff};
      {OP_WRITE[3:0], 4'd5, 1'b0}, {OP_WRITE[3:0], 4'd5, 1'b1}:
        rule_range = {32'h00000000, 32'hffff0000};
      {OP_WRITE[3:0], 4'd6, 1'b0}, {OP_WRITE[3:0], 4'd6, 1'b1}:
        rule_range = {32'h00000000, 32'h00000000};
      {OP_WRITE[3:0], 4'd7, 1'b0}, {OP_WRITE[3:0], 4'd7, 1'b1}:
        rule_range = {32'h00000000, 32'h00000000};
      {OP_TABLE[3:0], 4'd1, 1'b0}, {OP_TABLE[3:0], 4'd1, 1'b1}:
        rule_range = {32'h00000000, 32'h00000000};
      {OP_TABLE[3:0], 4'd2, 1'b0}, {OP_TABLE[3:0], 4'd2, 1'b1}:
        rule_range = {32'h00000000, 32'h00000000};
      {OP_TABLE[3:0], 4'd3, 1'b0}, {OP_TABLE[3:0], 4'd3, 1'b1}:
        rule_range = {32'h00000000, 32'h7fffffff};
      {OP_RUN[3:0], 4'd1, 1'b0}, {OP_RUN[3:0], 4'd1, 1'b1}:
        rule_range = {32'h00000000, 32'h00060000};
      {OP_RUN[3:0], 4'd2, 1'b0}, {OP_RUN[3:0], 4'd2, 1'b1}:
        rule_range = {32'h00000000, 32'hffffffff};
      default: rule_range = 'x;  // asked for, never used
    endcase
  endfunction

  // Of those bits {least, most} of the low half, then of the high half.
  function automatic logic [63:0] rule_bounds(
      input logic [3:0] op, input logic [3:0] word, input logic kind,
      input int unsigned contexts,
      input int unsigned state_units,
      input int unsigned ring_words,
      input int unsigned group_units,
      input int unsigned lanes,
      input int unsigned mem_bytes
  );
    case ({op, word, kind})
      {OP_LOAD[3:0], 4'd1, 1'b0}, {OP_LOAD[3:0], 4'd1, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_LOAD[3:0], 4'd2, 1'b0}: rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_LOAD[3:0], 4'd2, 1'b1}: rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_LOAD[3:0], 4'd3, 1'b0}: rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_LOAD[3:0], 4'd3, 1'b1}: rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_LOAD[3:0], 4'd4, 1'b0}, {OP_LOAD[3:0], 4'd4, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_SAVE[3:0], 4'd1, 1'b0}, {OP_SAVE[3:0], 4'd1, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_SAVE[3:0], 4'd2, 1'b0}, {OP_SAVE[3:0], 4'd2, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_SAVE[3:0], 4'd3, 1'b0}, {OP_SAVE[3:0], 4'd3, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_CHANNEL[3:0], 4'd1, 1'b0}, {OP_CHANNEL[3:0], 4'd1, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_CHANNEL[3:0], 4'd2, 1'b0}, {OP_CHANNEL[3:0], 4'd2, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_CHANNEL[3:0], 4'd3, 1'b0}: rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_CHANNEL[3:0], 4'd3, 1'b1}: rule_bounds = {16'd1, 16'hffff, 16'd0, 16'hffff};
      {OP_CONTEXT[3:0], 4'd1, 1'b0}, {OP_CONTEXT[3:0], 4'd1, 1'b1}:
        rule_bounds = {16'd0, 16'(contexts - 1), 16'd1, 16'd16};
      {OP_CONTEXT[3:0], 4'd2, 1'b0}: rule_bounds = {16'd1, 16'hffff, 16'd1, 16'hffff};
      {OP_CONTEXT[3:0], 4'd2, 1'b1}: rule_bounds = {16'd1, 16'hffff, 16'd0, 16'hffff};
      {OP_CONTEXT[3:0], 4'd3, 1'b0}, {OP_CONTEXT[3:0], 4'd3, 1'b1}:
        rule_bounds = {16'd1, 16'hffff, 16'd1, 16'd32767};
      {OP_CONTEXT[3:0], 4'd4, 1'b0}: rule_bounds = {16'd0, 16'd32767, 16'd0, 16'hffff};
      {OP_CONTEXT[3:0], 4'd4, 1'b1}: rule_bounds = {16'd0, 16'd32767, 16'd0, 16'hffff};
      {OP_CONTEXT[3:0], 4'd5, 1'b0}, {OP_CONTEXT[3:0], 4'd5, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_CONTEXT[3:0], 4'd6, 1'b0}: rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_CONTEXT[3:0], 4'd6, 1'b1}: rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_CONTEXT[3:0], 4'd7, 1'b0}: rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_CONTEXT[3:0], 4'd7, 1'b1}: rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_CONTEXT[3:0], 4'd8, 1'b0}: rule_bounds = {16'd0, 16'hffff, 16'd0, 16'(state_units - 1)};
      {OP_CONTEXT[3:0], 4'd8, 1'b1}: rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_CONTEXT[3:0], 4'd9, 1'b0}: rule_bounds = {16'd0, 16'(state_units - 1), 16'd0, 16'(ring_words - 1)};
      {OP_CONTEXT[3:0], 4'd9, 1'b1}: rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_CONTEXT[3:0], 4'd10, 1'b0}: rule_bounds = {16'd0, 16'(ring_words - 1), 16'd0, 16'd1536};
      {OP_CONTEXT[3:0], 4'd10, 1'b1}: rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_CONTEXT[3:0], 4'd11, 1'b0}: rule_bounds = {16'd0, 16'd32767, 16'd0, 16'hffff};
      {OP_CONTEXT[3:0], 4'd11, 1'b1}: rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_CONTEXT[3:0], 4'd12, 1'b0}: rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_CONTEXT[3:0], 4'd12, 1'b1}: rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_CONTEXT[3:0], 4'd13, 1'b0}: rule_bounds = {16'd1, 16'd63, 16'd0, 16'hffff};
      {OP_CONTEXT[3:0], 4'd13, 1'b1}: rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_READ[3:0], 4'd1, 1'b0}, {OP_READ[3:0], 4'd1, 1'b1}:
        rule_bounds = {16'd256, 16'd4096, 16'd0, 16'hffff};
      {OP_READ[3:0], 4'd2, 1'b0}, {OP_READ[3:0], 4'd2, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_READ[3:0], 4'd3, 1'b0}, {OP_READ[3:0], 4'd3, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_READ[3:0], 4'd4, 1'b0}, {OP_READ[3:0], 4'd4, 1'b1}:
        rule_bounds = {16'd1, 16'hffff, 16'd1, 16'hffff};
      {OP_READ[3:0], 4'd5, 1'b0}, {OP_READ[3:0], 4'd5, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd1, 16'hffff};
      {OP_READ[3:0], 4'd6, 1'b0}, {OP_READ[3:0], 4'd6, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_WRITE[3:0], 4'd1, 1'b0}, {OP_WRITE[3:0], 4'd1, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_WRITE[3:0], 4'd2, 1'b0}, {OP_WRITE[3:0], 4'd2, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_WRITE[3:0], 4'd3, 1'b0}, {OP_WRITE[3:0], 4'd3, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_WRITE[3:0], 4'd4, 1'b0}, {OP_WRITE[3:0], 4'd4, 1'b1}:
        rule_bounds = {16'd1, 16'hffff, 16'd0, 16'hffff};
      {OP_WRITE[3:0], 4'd5, 1'b0}, {OP_WRITE[3:0], 4'd5, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd1, 16'hffff};
      {OP_WRITE[3:0], 4'd6, 1'b0}, {OP_WRITE[3:0], 4'd6, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_WRITE[3:0], 4'd7, 1'b0}, {OP_WRITE[3:0], 4'd7, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_TABLE[3:0], 4'd1, 1'b0}, {OP_TABLE[3:0], 4'd1, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_TABLE[3:0], 4'd2, 1'b0}, {OP_TABLE[3:0], 4'd2, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_TABLE[3:0], 4'd3, 1'b0}, {OP_TABLE[3:0], 4'd3, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      {OP_RUN[3:0], 4'd1, 1'b0}, {OP_RUN[3:0], 4'd1, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'd4};
      {OP_RUN[3:0], 4'd2, 1'b0}, {OP_RUN[3:0], 4'd2, 1'b1}:
        rule_bounds = {16'd0, 16'hffff, 16'd0, 16'hffff};
      default: rule_bounds = 'x;  // asked for, never used
    endcase
  endfunction

  // {they are not all 0; a low, a high half above its most is a wrong address}.
  function automatic logic [2:0] rule_kinds(
      input logic [3:0] op, input logic [3:0] word, input logic kind,
      input int unsigned contexts,
      input int unsigned state_units,
      input int unsigned ring_words,
      input int unsigned group_units,
      input int unsigned lanes,
      input int unsigned mem_bytes
  );
    case ({op, word, kind})
      {OP_LOAD[3:0], 4'd1, 1'b0}, {OP_LOAD[3:0], 4'd1, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_LOAD[3:0], 4'd2, 1'b0}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_LOAD[3:0], 4'd2, 1'b1}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_LOAD[3:0], 4'd3, 1'b0}: rule_kinds = {1'b1, 1'b0, 1'b0};
      {OP_LOAD[3:0], 4'd3, 1'b1}: rule_kinds = {1'b1, 1'b0, 1'b0};
      {OP_LOAD[3:0], 4'd4, 1'b0}, {OP_LOAD[3:0], 4'd4, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_SAVE[3:0], 4'd1, 1'b0}, {OP_SAVE[3:0], 4'd1, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_SAVE[3:0], 4'd2, 1'b0}, {OP_SAVE[3:0], 4'd2, 1'b1}:
        rule_kinds = {1'b1, 1'b0, 1'b0};
      {OP_SAVE[3:0], 4'd3, 1'b0}, {OP_SAVE[3:0], 4'd3, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CHANNEL[3:0], 4'd1, 1'b0}, {OP_CHANNEL[3:0], 4'd1, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CHANNEL[3:0], 4'd2, 1'b0}, {OP_CHANNEL[3:0], 4'd2, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CHANNEL[3:0], 4'd3, 1'b0}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CHANNEL[3:0], 4'd3, 1'b1}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd1, 1'b0}, {OP_CONTEXT[3:0], 4'd1, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd2, 1'b0}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd2, 1'b1}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd3, 1'b0}, {OP_CONTEXT[3:0], 4'd3, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd4, 1'b0}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd4, 1'b1}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd5, 1'b0}, {OP_CONTEXT[3:0], 4'd5, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd6, 1'b0}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd6, 1'b1}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd7, 1'b0}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd7, 1'b1}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd8, 1'b0}: rule_kinds = {1'b0, 1'b0, 1'b1};
      {OP_CONTEXT[3:0], 4'd8, 1'b1}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd9, 1'b0}: rule_kinds = {1'b0, 1'b1, 1'b1};
      {OP_CONTEXT[3:0], 4'd9, 1'b1}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd10, 1'b0}: rule_kinds = {1'b0, 1'b1, 1'b0};
      {OP_CONTEXT[3:0], 4'd10, 1'b1}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd11, 1'b0}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd11, 1'b1}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd12, 1'b0}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd12, 1'b1}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd13, 1'b0}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_CONTEXT[3:0], 4'd13, 1'b1}: rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_READ[3:0], 4'd1, 1'b0}, {OP_READ[3:0], 4'd1, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_READ[3:0], 4'd2, 1'b0}, {OP_READ[3:0], 4'd2, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_READ[3:0], 4'd3, 1'b0}, {OP_READ[3:0], 4'd3, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_READ[3:0], 4'd4, 1'b0}, {OP_READ[3:0], 4'd4, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_READ[3:0], 4'd5, 1'b0}, {OP_READ[3:0], 4'd5, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_READ[3:0], 4'd6, 1'b0}, {OP_READ[3:0], 4'd6, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_WRITE[3:0], 4'd1, 1'b0}, {OP_WRITE[3:0], 4'd1, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_WRITE[3:0], 4'd2, 1'b0}, {OP_WRITE[3:0], 4'd2, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_WRITE[3:0], 4'd3, 1'b0}, {OP_WRITE[3:0], 4'd3, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_WRITE[3:0], 4'd4, 1'b0}, {OP_WRITE[3:0], 4'd4, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_WRITE[3:0], 4'd5, 1'b0}, {OP_WRITE[3:0], 4'd5, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_WRITE[3:0], 4'd6, 1'b0}, {OP_WRITE[3:0], 4'd6, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_WRITE[3:0], 4'd7, 1'b0}, {OP_WRITE[3:0], 4'd7, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_TABLE[3:0], 4'd1, 1'b0}, {OP_TABLE[3:0], 4'd1, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_TABLE[3:0], 4'd2, 1'b0}, {OP_TABLE[3:0], 4'd2, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_TABLE[3:0], 4'd3, 1'b0}, {OP_TABLE[3:0], 4'd3, 1'b1}:
        rule_kinds = {1'b1, 1'b0, 1'b0};
      {OP_RUN[3:0], 4'd1, 1'b0}, {OP_RUN[3:0], 4'd1, 1'b1}:
        rule_kinds = {1'b0, 1'b0, 1'b0};
      {OP_RUN[3:0], 4'd2, 1'b0}, {OP_RUN[3:0], 4'd2, 1'b1}:
        rule_kinds = {1'b1, 1'b0, 1'b0};
      default: rule_kinds = 'x;  // asked for, never used
    endcase
  endfunction

endpackage

`default_nettype wire
