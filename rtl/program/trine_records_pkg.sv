// SPDX-License-Identifier: Apache-2.0
// trine_records_pkg: the operations of a program, and what each of their words may be.
// Generated from rtl/program/records.txt by sw/tools/recgen.c (make gen-records).
`default_nettype none

package trine_records_pkg;

  // Operations, and their lengths in words; a TABLE says its own.
  localparam logic [7:0] OP_END = 8'h01;
  localparam logic [7:0] OP_BARRIER = 8'h02;
  localparam logic [7:0] OP_LOAD = 8'h10;
  localparam logic [7:0] OP_SAVE = 8'h11;
  localparam logic [7:0] OP_CHANNEL = 8'h20;
  localparam logic [7:0] OP_CONTEXT = 8'h21;
  localparam logic [7:0] OP_READ = 8'h30;
  localparam logic [7:0] OP_WRITE = 8'h31;
  localparam logic [7:0] OP_TABLE = 8'h38;
  localparam logic [7:0] OP_RUN = 8'h40;
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
    logic [31:0] unused;
    unused = word1;
    case (op)
      OP_LOAD: is_kind = word1[1:0] == 2'd2;  // RING
      OP_CHANNEL: is_kind = word1[11:8] != 4'd0;  // HEARD
      OP_CONTEXT: is_kind = word1[4:4] == 1'd1;  // DENSE
      default: is_kind = 1'b0;
    endcase
  endfunction

  // The rule of a word: {bits that must be 0, sign bits that are turned first, bits whose
  // value has a range; least and most of the low half, of the high half; those bits are
  // not all 0; a low half, a high half above its most is a wrong address}.
  localparam int unsigned RULE_BITS = 163;
  typedef struct packed {
    logic [31:0] zero;
    logic [31:0] sign;
    logic [31:0] range;
    logic [15:0] low_least;
    logic [15:0] low_most;
    logic [15:0] high_least;
    logic [15:0] high_most;
    logic any;
    logic low_address;
    logic high_address;
  } rule_t;

  // Bits from `low` on that are 0 in a multiple of the largest power of two of `step`.
  function automatic logic [31:0] below(input int unsigned step, input int unsigned low);
    below = ((step & (~step + 1)) - 1) << low;
  endfunction

  // Word 1 and on of an operation; 2 and 3 stand for all that follow in a TABLE. What is
  // not there has no bit. The numbers are those of the configuration.
  function automatic logic [RULE_BITS-1:0] rule(
      input logic [7:0] op, input logic [3:0] word, input logic kind,
      input int unsigned contexts,
      input int unsigned state_units,
      input int unsigned ring_words,
      input int unsigned group_units,
      input int unsigned lanes,
      input int unsigned mem_bytes
  );
    case ({op, word, kind})
      {OP_LOAD, 4'd1, 1'b0}, {OP_LOAD, 4'd1, 1'b1}:
      rule = {32'hfffffffc, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_LOAD, 4'd2, 1'b0}:
      rule = {32'h00000000, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_LOAD, 4'd2, 1'b1}:
      rule = {32'h00000000 | below(4, 0), 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_LOAD, 4'd3, 1'b0}:
      rule = {32'h00000000, 32'h00000000, 32'hffffffff,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b1, 1'b0, 1'b0};
      {OP_LOAD, 4'd3, 1'b1}:
      rule = {32'h00000000 | below(4, 0), 32'h00000000, 32'hffffffff,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b1, 1'b0, 1'b0};
      {OP_LOAD, 4'd4, 1'b0}, {OP_LOAD, 4'd4, 1'b1}:
      rule = {32'h00000000 | below(mem_bytes, 0), 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_SAVE, 4'd1, 1'b0}, {OP_SAVE, 4'd1, 1'b1}:
      rule = {32'h00000000, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_SAVE, 4'd2, 1'b0}, {OP_SAVE, 4'd2, 1'b1}:
      rule = {32'h00000000, 32'h00000000, 32'hffffffff,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b1, 1'b0, 1'b0};
      {OP_SAVE, 4'd3, 1'b0}, {OP_SAVE, 4'd3, 1'b1}:
      rule = {32'h00000000 | below(mem_bytes, 0), 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CHANNEL, 4'd1, 1'b0}, {OP_CHANNEL, 4'd1, 1'b1}:
      rule = {32'hfffff0f0, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CHANNEL, 4'd2, 1'b0}, {OP_CHANNEL, 4'd2, 1'b1}:
      rule = {32'h00000000, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CHANNEL, 4'd3, 1'b0}:
      rule = {32'hffff0000, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CHANNEL, 4'd3, 1'b1}:
      rule = {32'hffff0000, 32'h00000000, 32'h0000ffff,
              16'd1, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd1, 1'b0}, {OP_CONTEXT, 4'd1, 1'b1}:
      rule = {32'hffe000c0, 32'h00000000, 32'h001f000f,
              16'd0, 16'(contexts - 1), 16'd1, 16'd16,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd2, 1'b0}:
      rule = {32'h00000000, 32'h00000000, 32'hffffffff,
              16'd1, 16'hffff, 16'd1, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd2, 1'b1}:
      rule = {32'hffff0000, 32'h00000000, 32'h0000ffff,
              16'd1, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd3, 1'b0}, {OP_CONTEXT, 4'd3, 1'b1}:
      rule = {32'h00000000, 32'h00000000, 32'hffffffff,
              16'd1, 16'hffff, 16'd1, 16'd32767,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd4, 1'b0}:
      rule = {32'hffff0000 | below(group_units, 0), 32'h00000000, 32'h0000ffff,
              16'd0, 16'd32767, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd4, 1'b1}:
      rule = {32'hffff0000 | below(lanes, 0), 32'h00000000, 32'h0000ffff,
              16'd0, 16'd32767, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd5, 1'b0}, {OP_CONTEXT, 4'd5, 1'b1}:
      rule = {32'h00000000, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd6, 1'b0}:
      rule = {32'h00000000, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd6, 1'b1}:
      rule = {32'hffffffff, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd7, 1'b0}:
      rule = {32'h00000000, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd7, 1'b1}:
      rule = {32'hffff0000, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd8, 1'b0}:
      rule = {32'h00000000, 32'h00000000, 32'hffff0000,
              16'd0, 16'hffff, 16'd0, 16'(state_units - 1),
              1'b0, 1'b0, 1'b1};
      {OP_CONTEXT, 4'd8, 1'b1}:
      rule = {32'hffffffff, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd9, 1'b0}:
      rule = {32'h00000000, 32'h00000000, 32'hffffffff,
              16'd0, 16'(state_units - 1), 16'd0, 16'(ring_words - 1),
              1'b0, 1'b1, 1'b1};
      {OP_CONTEXT, 4'd9, 1'b1}:
      rule = {32'hffffffff, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd10, 1'b0}:
      rule = {32'hf8000000, 32'h00000000, 32'h0700ffff,
              16'd0, 16'(ring_words - 1), 16'd0, 16'd1536,
              1'b0, 1'b1, 1'b0};
      {OP_CONTEXT, 4'd10, 1'b1}:
      rule = {32'hff00ffff, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd11, 1'b0}:
      rule = {32'h00000000, 32'h00000000, 32'h0000ffff,
              16'd0, 16'd32767, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd11, 1'b1}:
      rule = {32'h0000ffff, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd12, 1'b0}:
      rule = {32'h80000000, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd12, 1'b1}:
      rule = {32'hffffffff, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd13, 1'b0}:
      rule = {32'hffffffc0, 32'h00000020, 32'h0000003f,
              16'd1, 16'd63, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_CONTEXT, 4'd13, 1'b1}:
      rule = {32'hffffffff, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_READ, 4'd1, 1'b0}, {OP_READ, 4'd1, 1'b1}:
      rule = {32'hffffe00e, 32'h00000000, 32'h00001f00,
              16'd256, 16'd4096, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_READ, 4'd2, 1'b0}, {OP_READ, 4'd2, 1'b1}:
      rule = {32'h00000000 | below(mem_bytes, 0), 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_READ, 4'd3, 1'b0}, {OP_READ, 4'd3, 1'b1}:
      rule = {32'h00000000 | below(mem_bytes, 0), 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_READ, 4'd4, 1'b0}, {OP_READ, 4'd4, 1'b1}:
      rule = {32'h00000000, 32'h00000000, 32'hffffffff,
              16'd1, 16'hffff, 16'd1, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_READ, 4'd5, 1'b0}, {OP_READ, 4'd5, 1'b1}:
      rule = {32'h00000000, 32'h00000000, 32'hffff0000,
              16'd0, 16'hffff, 16'd1, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_READ, 4'd6, 1'b0}, {OP_READ, 4'd6, 1'b1}:
      rule = {32'hffffffff, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_WRITE, 4'd1, 1'b0}, {OP_WRITE, 4'd1, 1'b1}:
      rule = {32'hfffffe0e, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_WRITE, 4'd2, 1'b0}, {OP_WRITE, 4'd2, 1'b1}:
      rule = {32'h00000000 | below(mem_bytes, 0), 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_WRITE, 4'd3, 1'b0}, {OP_WRITE, 4'd3, 1'b1}:
      rule = {32'h00000000 | below(mem_bytes, 0), 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_WRITE, 4'd4, 1'b0}, {OP_WRITE, 4'd4, 1'b1}:
      rule = {32'hffff0000, 32'h00000000, 32'h0000ffff,
              16'd1, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_WRITE, 4'd5, 1'b0}, {OP_WRITE, 4'd5, 1'b1}:
      rule = {32'h00000000, 32'h00000000, 32'hffff0000,
              16'd0, 16'hffff, 16'd1, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_WRITE, 4'd6, 1'b0}, {OP_WRITE, 4'd6, 1'b1}:
      rule = {32'h00000000, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_WRITE, 4'd7, 1'b0}, {OP_WRITE, 4'd7, 1'b1}:
      rule = {32'hffffffff, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_TABLE, 4'd1, 1'b0}, {OP_TABLE, 4'd1, 1'b1}:
      rule = {32'hffff0000, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_TABLE, 4'd2, 1'b0}, {OP_TABLE, 4'd2, 1'b1}:
      rule = {32'h00000000, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_TABLE, 4'd3, 1'b0}, {OP_TABLE, 4'd3, 1'b1}:
      rule = {32'h00000000, 32'h00000000, 32'h7fffffff,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b1, 1'b0, 1'b0};
      {OP_RUN, 4'd1, 1'b0}, {OP_RUN, 4'd1, 1'b1}:
      rule = {32'hfffe0000, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b0, 1'b0, 1'b0};
      {OP_RUN, 4'd2, 1'b0}, {OP_RUN, 4'd2, 1'b1}:
      rule = {32'h00000000, 32'h00000000, 32'hffffffff,
              16'd0, 16'hffff, 16'd0, 16'hffff,
              1'b1, 1'b0, 1'b0};
      default:
      rule = {32'hffffffff, 32'h00000000, 32'h00000000,
              16'd0, 16'hffff, 16'd0, 16'hffff, 1'b0, 1'b0, 1'b0};
    endcase
  endfunction

endpackage

`default_nettype wire
