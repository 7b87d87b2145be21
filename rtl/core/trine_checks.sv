// SPDX-License-Identifier: Apache-2.0
// trine_checks: what is wrong with the arguments of an operation, as an error code; 0 is nothing.
//
// Combinational. Limits are those of docs/programmers_guide.md and of the configuration. The other
// words of a CONTEXT are trine_words'; what a phase touches in the weight, parameter,
// pre-activation and state buffers and in the rings is checked where it is touched.
`default_nettype none

module trine_checks #(
    parameter int unsigned Contexts = 8,
    parameter int unsigned Lanes = 8,
    parameter int unsigned BusBytes = 8,
    parameter int unsigned XSlots = 4,
    parameter int unsigned WeightWords = 8192,
    parameter int unsigned ParamRows = 8192,
    parameter int unsigned RingBytes = 32768,
    parameter int unsigned RingWords = 4096,
    parameter int unsigned StateUnits = 4096,
    parameter int unsigned WriterBytes = 8192,
    parameter int unsigned TableEntries = 512,
    parameter int unsigned MemBytes = 8
) (
    input  wire logic [7:0]  op_i,
    input  wire logic [31:0] arg1_i,
    input  wire logic [31:0] arg2_i,
    input  wire logic [31:0] arg3_i,
    input  wire logic [31:0] arg4_i,
    input  wire logic [31:0] arg5_i,
    input  wire logic [31:0] arg6_i,
    input  wire logic [31:0] arg7_i,
    // TABLE: one pair.
    input  wire logic [15:0] table_index_i,
    input  wire logic [31:0] word_i,
    // Looked up elsewhere.
    input  wire logic        channel_refused_i,  // a second publisher, or a second user
    input  wire logic [15:0] channel_words_i,    // bus words of a vector that WRITE hears, or 0
    input  wire logic        missing_i,
    input  wire logic        stream_busy_i,      // the reader or writer named is still active
    input  wire logic        setup_i,            // channels and contexts may be set up
    output      logic        table_bad_o,        // of the pair alone: it is not to be written
    output      logic [7:0]  error_o
);

  localparam int unsigned WriterWords = WriterBytes / MemBytes;
  localparam int unsigned GroupUnits = Lanes / 4;

  logic [32:0] load_limit, load_end;
  logic [31:0] ring_end, writer_end, table_end, group_rows;
  logic        reserved, bad, overrun, long_row, sets_up, unused;

  assign unused = word_i[31];  // continue
  assign sets_up = op_i == trine_records_pkg::OP_CHANNEL || op_i == trine_records_pkg::OP_CONTEXT;

  assign table_bad_o = word_i[30:0] == 31'd0 || 32'(table_index_i) >= TableEntries;
  assign load_end = {1'b0, arg2_i} + {1'b0, arg3_i};
  assign ring_end = {16'd0, arg2_i[15:0]} + {16'd0, arg2_i[31:16]} * XSlots;
  assign writer_end = {16'd0, arg6_i[15:0]} + {16'd0, arg6_i[31:16]} * XSlots;
  assign table_end = {16'd0, arg5_i[15:0]} + {16'd0, arg5_i[31:16]};
  assign group_rows = arg1_i[4] ? trine_pkg::times({16'd0, arg3_i[15:0]}, Lanes)
                                : trine_pkg::times({16'd0, arg3_i[15:0]}, GroupUnits);

  always_comb begin
    case (arg1_i[1:0])
      trine_records_pkg::LOAD_WEIGHTS: load_limit = 33'(WeightWords);
      trine_records_pkg::LOAD_PARAMS: load_limit = 33'(ParamRows);
      trine_records_pkg::LOAD_VECTOR: load_limit = 33'(RingBytes);
      default: load_limit = 33'(StateUnits);
    endcase
  end

  always_comb begin
    reserved = 1'b0;
    bad = 1'b0;
    overrun = 1'b0;
    long_row = 1'b0;
    case (op_i)
      trine_records_pkg::OP_LOAD: begin
        bad = arg1_i > 32'd3 || arg3_i == 32'd0 || arg4_i % MemBytes != 32'd0
              || (arg1_i == 32'd2 && (arg2_i[1:0] != 2'd0 || arg3_i[1:0] != 2'd0));
        overrun = load_end > load_limit;
      end
      trine_records_pkg::OP_SAVE: begin
        bad = arg2_i == 32'd0 || arg3_i % MemBytes != 32'd0;
        overrun = {1'b0, arg1_i} + {1'b0, arg2_i} > 33'(StateUnits);
      end
      trine_records_pkg::OP_CHANNEL: begin
        reserved = (arg1_i & 32'hffff_f0f0) != 32'd0 || arg3_i[31:16] != 16'd0;
        bad = arg1_i[11:8] != 4'd0 && arg3_i[15:0] == 16'd0;
        overrun = arg1_i[11:8] != 4'd0 && ring_end > RingWords;
      end
      trine_records_pkg::OP_CONTEXT: begin
        reserved = (arg1_i & 32'hffe0_00c0) != 32'd0 || (arg1_i[4] && arg1_i[5]);
        bad = 32'(arg1_i[3:0]) >= Contexts || arg1_i[20:16] == 5'd0 || arg1_i[20:16] > 5'd16
              || arg2_i[15:0] == 16'd0 || (arg2_i[31:16] == 16'd0) != arg1_i[4]
              || arg3_i[15:0] == 16'd0 || arg3_i[31:16] == 16'd0 || arg3_i[31]
              || {16'd0, arg3_i[31:16]} > group_rows;
      end
      trine_records_pkg::OP_READ: begin
        reserved = (arg1_i & 32'hffff_e000) != 32'd0 || arg6_i != 32'd0;
        bad = 32'(arg1_i[3:0]) >= trine_pkg::READERS || arg1_i[12:8] == 5'd0
              || arg1_i[12:8] > 5'd16 || arg2_i % MemBytes != 32'd0 || arg3_i % MemBytes != 32'd0
              || arg4_i[15:0] == 16'd0 || arg5_i[31:16] == 16'd0 || stream_busy_i
              || {16'd0, arg4_i[15:0]} * BusBytes > {16'd0, arg4_i[31:16]} * MemBytes;
        overrun = table_end > TableEntries;
      end
      trine_records_pkg::OP_WRITE: begin
        reserved = (arg1_i & 32'hffff_fe00) != 32'd0 || arg4_i[31:16] != 16'd0
                   || arg7_i != 32'd0;
        bad = 32'(arg1_i[3:0]) >= trine_pkg::WRITERS || arg2_i % MemBytes != 32'd0
              || arg3_i % MemBytes != 32'd0 || arg4_i == 32'd0 || arg5_i[31:16] == 16'd0
              || stream_busy_i || arg4_i > {16'd0, arg6_i[31:16]} * MemBytes;
        long_row = arg4_i > {16'd0, channel_words_i} * BusBytes;
        overrun = table_end > TableEntries || writer_end > WriterWords;
      end
      trine_records_pkg::OP_RUN: begin
        reserved = arg1_i[31:17] != 15'd0;
        bad = arg2_i == 32'd0 || missing_i;
      end
      trine_records_pkg::OP_TABLE: begin
        bad = word_i[30:0] == 31'd0;
        overrun = 32'(table_index_i) >= TableEntries;
      end
      default: bad = 1'b0;
    endcase
  end

  always_comb begin
    error_o = trine_pkg::ERR_NONE;
    if (reserved) error_o = trine_pkg::ERR_RESERVED;
    else if (bad) error_o = trine_pkg::ERR_FIELD;
    else if (overrun) error_o = trine_pkg::ERR_LOCAL_ADDRESS;
    else if (sets_up && !setup_i) error_o = trine_pkg::ERR_SETUP;
    else if (channel_refused_i
             && (op_i == trine_records_pkg::OP_CONTEXT || op_i == trine_records_pkg::OP_READ
                 || op_i == trine_records_pkg::OP_WRITE)) begin
      error_o = trine_pkg::ERR_PUBLISHER;
    end else if (long_row) error_o = trine_pkg::ERR_FIELD;
  end

endmodule

`default_nettype wire
