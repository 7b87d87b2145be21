// SPDX-License-Identifier: Apache-2.0
// trine_word_check: whether each word of an operation is what the table of
// rtl/program/records.txt says, and whether words fit each other.
//
// A word is compared with its rule in the cycle after it came, and what that gave, or the sums and
// products of rules across words, is told in the one after that, with the word as value. No path
// from a port to another: what comes in is registered, and what goes out is a comparison of
// registers.
//
// cycle        0      1        2        3
// valid_i      A      B        .        .        arguments of an operation, one a cycle or slower
// zero_q ..    .      A        B        .
// code_q       .      .        A        B        of its own rule
// left_q       .      .        A        B        against right_q
// error_o      .      .        A        B
// value_o      .      A        A, or B  B        the word of error_o, or the one that came
`default_nettype none
`include "trine_assert.svh"

module trine_word_check #(
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
    parameter int unsigned MemBytes = 8,
    parameter int unsigned TailRows = 4
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        clear_i,
    input  wire logic [16:0] param_beats_i,  // of the parameters that were loaded
    input  wire logic        take_i,       // word_i is a word of the list
    input  wire logic        valid_i,      // word_i is an argument of an operation
    input  wire logic [7:0]  op_i,
    input  wire logic [15:0] words_i,      // of the operation
    input  wire logic [3:0]  row_i,        // which word of it, 1 and on; of a TABLE's pairs 2 or 3
    input  wire logic        first_i,      // the first argument
    input  wire logic [31:0] word_i,
    output      logic [7:0]  error_o,      // of the word of two cycles before: a code; 0 is nothing
    output      logic [31:0] value_o       // that word; without an error the one behind it
);

  localparam int unsigned GroupUnits = Lanes / 4;
  localparam int unsigned WriterWords = WriterBytes / MemBytes;
  localparam int unsigned RowRatio = $clog2(MemBytes / BusBytes);
  localparam int unsigned SlotShift = $clog2(XSlots);
  // Sums of two halves of a word, of which one is shifted, and of places in the largest buffer.
  localparam int unsigned MostPlaces = (WeightWords > RingBytes) ? WeightWords : RingBytes;
  localparam int unsigned SumBits = ($clog2(MostPlaces) > 22) ? $clog2(MostPlaces) + 1 : 23;

  // Which words are compared with others.
  typedef enum logic [3:0] {
    AcrossNone, AcrossPair, AcrossSlots, AcrossEntries, AcrossTable, AcrossRow, AcrossUnits,
    AcrossClamp, AcrossParamX, AcrossParamH
  } across_e;

  logic        valid_q, kind_q, across_valid_q, across_address_q;
  logic [7:0]  op_q;
  logic [1:0]  buffer_q;
  logic [15:0] pairs_q, low, high;
  logic [31:0] word_q, prior_q, older_q, ranged;
  logic [SumBits:0]   left_q;
  logic [SumBits-1:0] base, more, right, right_q, load_limit, beats_q;
  logic               far, far_q;
  // The rule of the word; none of its parts is wider than a word of the simulator.
  logic [31:0] zero_q, sign_q, range_q;
  logic [15:0] low_least_q, low_most_q, high_least_q, high_most_q;
  logic        any_q, low_address_q, high_address_q;
  across_e     across, across_q;
  logic        reserved, outside, address, lstm_only_q, unequal;
  logic [7:0]  code_q;                           // of the rule of the word of older_q

  always_comb begin
    across = AcrossNone;
    case ({op_i, row_i})
      {trine_records_pkg::OP_LOAD, 4'd3}, {trine_records_pkg::OP_SAVE, 4'd2}: across = AcrossPair;
      {trine_records_pkg::OP_CHANNEL, 4'd2}: if (kind_q) across = AcrossSlots;
      {trine_records_pkg::OP_WRITE, 4'd6}: across = AcrossSlots;
      {trine_records_pkg::OP_READ, 4'd5}, {trine_records_pkg::OP_WRITE, 4'd5}:
        across = AcrossEntries;
      {trine_records_pkg::OP_TABLE, 4'd1}: across = AcrossTable;
      {trine_records_pkg::OP_READ, 4'd4}: across = AcrossRow;
      {trine_records_pkg::OP_CONTEXT, 4'd3}: across = AcrossUnits;
      {trine_records_pkg::OP_CONTEXT, 4'd11}: across = AcrossClamp;
      {trine_records_pkg::OP_CONTEXT, 4'd7}: across = AcrossParamX;
      {trine_records_pkg::OP_CONTEXT, 4'd8}: across = AcrossParamH;
      default: across = AcrossNone;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) valid_q <= 1'b0;
    else valid_q <= valid_i;
    if (take_i) begin
      word_q <= word_i;
      prior_q <= word_q;
    end
    // Looked up in every cycle: valid_q says which are of an argument.
    op_q <= op_i;
    zero_q <= trine_records_pkg::rule_zero(
        op_i[3:0], row_i, kind_q, Contexts, StateUnits, RingWords, GroupUnits, Lanes, MemBytes);
    {sign_q, range_q} <= trine_records_pkg::rule_range(
        op_i[3:0], row_i, kind_q, Contexts, StateUnits, RingWords, GroupUnits, Lanes, MemBytes);
    {low_least_q, low_most_q, high_least_q, high_most_q} <= trine_records_pkg::rule_bounds(
        op_i[3:0], row_i, kind_q, Contexts, StateUnits, RingWords, GroupUnits, Lanes, MemBytes);
    {any_q, low_address_q, high_address_q} <= trine_records_pkg::rule_kinds(
        op_i[3:0], row_i, kind_q, Contexts, StateUnits, RingWords, GroupUnits, Lanes, MemBytes);
    across_q <= across;
    pairs_q <= {1'b0, words_i[15:1]} - 16'd1;
    if (valid_i && first_i) begin
      kind_q <= trine_records_pkg::is_kind(op_i, word_i);
      buffer_q <= word_i[1:0];
    end
    // A dense layer has no kept state and one half alone.
    lstm_only_q <= valid_i && first_i && op_i == trine_records_pkg::OP_CONTEXT
                  && word_i[4] && word_i[6:5] != 2'd0;
  end

  // The table.
  assign ranged = (word_q ^ sign_q) & range_q;
  assign low = ranged[15:0];
  assign high = ranged[31:16];
  assign reserved = (word_q & zero_q) != 32'd0 || lstm_only_q;
  assign outside = low < low_least_q || high < high_least_q
                   || (any_q && ranged == 32'd0)
                   || (low > low_most_q && !low_address_q)
                   || (high > high_most_q && !high_address_q);
  assign address = low > low_most_q || high > high_most_q;

  // Across words: left is at most right.
  always_comb begin
    case (buffer_q)
      trine_records_pkg::LOAD_WEIGHTS: load_limit = SumBits'(WeightWords);
      trine_records_pkg::LOAD_PARAMS: load_limit = SumBits'(ParamRows);
      trine_records_pkg::LOAD_VECTOR: load_limit = SumBits'(RingBytes);
      default: load_limit = SumBits'(StateUnits);
    endcase
  end

  always_comb begin
    base = SumBits'(word_q[15:0]);
    more = '0;
    right = SumBits'(TableEntries);
    case (across_q)
      AcrossPair: begin
        base = prior_q[SumBits-1:0];
        more = word_q[SumBits-1:0];
        right = (op_q == trine_records_pkg::OP_SAVE) ? SumBits'(StateUnits) : load_limit;
      end
      AcrossSlots: begin
        more = SumBits'(word_q[31:16]) << SlotShift;
        right = (op_q == trine_records_pkg::OP_CHANNEL) ? SumBits'(RingWords)
                                                        : SumBits'(WriterWords);
      end
      AcrossEntries: more = SumBits'(word_q[31:16]);
      AcrossTable: more = SumBits'(pairs_q);
      AcrossRow: right = SumBits'(word_q[31:16]) << RowRatio;
      AcrossUnits: begin
        base = SumBits'(word_q[31:16]);
        right = SumBits'(kind_q ? trine_pkg::times({16'd0, word_q[15:0]}, Lanes)
                                : trine_pkg::times({16'd0, word_q[15:0]}, GroupUnits));
      end
      AcrossClamp: begin
        base = SumBits'({~word_q[23], word_q[22:16]});
        right = SumBits'({~word_q[31], word_q[30:24]});
      end
      AcrossParamX: begin
        more = beats_q;
        right = SumBits'(param_beats_i);
      end
      AcrossParamH: begin
        base = SumBits'(prior_q[31:16]);
        more = beats_q;
        right = SumBits'(param_beats_i);
      end
      default: base = '0;
    endcase
  end

  // Places too far for the sum.
  assign far = (prior_q[31:SumBits] != '0 || word_q[31:SumBits] != '0) && across_q == AcrossPair;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) across_valid_q <= 1'b0;
    else across_valid_q <= valid_q && across_q != AcrossNone;
    left_q <= {1'b0, base} + {1'b0, more};
    far_q <= far;
    right_q <= right;
    older_q <= word_q;
    across_address_q <= across_q != AcrossRow && across_q != AcrossUnits
                        && across_q != AcrossClamp;
    if (valid_q && across_q == AcrossUnits) begin
      beats_q <= SumBits'(trine_pkg::times({16'd0, word_q[15:0]}, Lanes / TailRows));
    end
  end

  assign value_o = (error_o != trine_pkg::ERR_NONE) ? older_q : word_q;
  assign unequal = across_valid_q && (left_q > {1'b0, right_q} || far_q);

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i || !valid_q) code_q <= trine_pkg::ERR_NONE;
    else if (reserved) code_q <= trine_pkg::ERR_RESERVED;
    else if (outside) code_q <= trine_pkg::ERR_FIELD;
    else code_q <= address ? trine_pkg::ERR_LOCAL_ADDRESS : trine_pkg::ERR_NONE;
  end

  always_comb begin
    error_o = code_q;
    if (code_q == trine_pkg::ERR_NONE && unequal) begin
      error_o = across_address_q ? trine_pkg::ERR_LOCAL_ADDRESS : trine_pkg::ERR_FIELD;
    end
  end

  // An error is told once, two cycles after its word.
  logic [1:0] came_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) came_q <= 2'd0;
    else came_q <= {came_q[0], valid_i};
  end
  `TRINE_ASSERT(a_error_of_a_word, !rst_ni || error_o == trine_pkg::ERR_NONE || came_q[1])
  `TRINE_ASSERT(a_taken, !rst_ni || !valid_i || take_i)
  `TRINE_ASSERT(a_argument, !rst_ni || !valid_i || (row_i != 4'd0 && 16'(row_i) < words_i))

endmodule

`default_nettype wire
