// SPDX-License-Identifier: Apache-2.0
// trine_block: a block of a list as it is read the first time: its head is checked, and its
// operations are found and checked word by word, until its CRC comes.
//
// What is wrong is kept, the first of it, and told once the whole block was read; only a wrong head
// ends a block early, since its length is not known then: wrong_o, a cycle behind it. A word may
// come every cycle. Blocks of several lists may come in turn: begin_i takes what the blocks before
// of its list have left (before_i), and kept_o is what this one leaves. repeats_o says that all the
// list has contexts and streams do is in its last block, so that executing that once more is the
// same run again. While contexts run that RUN has let go on, only RUN, READ, WRITE, SAVE and END
// may come. An operation names ranks of the program; LOAD one, END and BARRIER none.
//
// cycle        0      1      2      ...    n      n+1    n+2
// begin_i      1      .      .             .      .      .
// word_i       .      head   op     ...    CRC    .      .
// end_o        .      .      .             1      .      .
// bad_o        .      .      .             .      .      1      of all words but the CRC's
`default_nettype none
`include "trine_assert.svh"

module trine_block #(
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
    parameter int unsigned TailRows = 4,
    localparam int unsigned ListBits = trine_records_pkg::LIST_BITS,
    localparam int unsigned KeptBits = 14
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        begin_i,
    input  wire logic [KeptBits-1:0] before_i,
    output      logic [KeptBits-1:0] kept_o,
    input  wire logic [4:0]  ranks_i,      // of the program
    output      logic [15:0] mask_o,       // ranks of the operation at hand
    input  wire logic [16:0] param_beats_i,  // what all of those have loaded
    // Words of the list, from a head to a CRC.
    input  wire logic        valid_i,
    input  wire logic [31:0] word_i,
    input  wire logic [ListBits-1:0] place_i,  // of the word in the list
    input  wire logic [ListBits:0] spare_i,   // signed: words of it behind this one, less a CRC
    output      logic        covered_o,    // the CRC covers it
    output      logic        end_o,        // the block ends with it
    output      logic        wrong_o,      // it ended with the word before, a head
    // What was wrong, two cycles after its end.
    output      logic        bad_o,
    output      logic [7:0]  bad_code_o,
    output      logic [ListBits-1:0] bad_place_o,  // of the operation in the list
    output      logic [31:0] bad_value_o,
    output      logic [ListBits-1:0] head_place_o,
    output      logic [6:0]  words_o,      // of its operations
    output      logic        repeats_o     // the last block was it, and can be executed again
);

  localparam int unsigned BlockWords = trine_records_pkg::BLOCK_WORDS;

  typedef enum logic [1:0] {StHead, StOps, StCrc} state_e;

  state_e      state_q;
  logic [6:0]  left_q;        // words of operations from here to the CRC
  logic [11:0] index_q;       // blocks before this one
  logic [3:0]  op_q;          // one of those there are, or the block is lost
  logic [3:0]  row_q;         // which rules hold for the word of the operation that comes
  logic        first_q;       // it is the first of them
  logic [7:0]  op;
  logic [15:0] op_words_q, arg_q, op_words;
  logic [ListBits-1:0] op_place_q, place_q, older_place_q;
  logic        last_q, more_q, parked_q, lost_q, once_q;
  logic        is_run, is_save, is_end, is_table, is_stream, is_load, is_bare;
  logic [15:0] mask, ranks_q;
  logic [7:0]  mask_code_q, say_code;
  logic        mask_wrong;
  logic        is_head, is_op, is_arg, is_crc, head_wrong, range_wrong, short, unended, say_q;
  logic [7:0]  op_error, say_code_q, arg_error;
  logic [31:0] value;
  logic [6:0]  words;
  logic        first_bad;

  assign op = {4'd0, op_q};
  assign is_head = valid_i && state_q == StHead;
  assign is_op = valid_i && state_q == StOps && !lost_q && arg_q == op_words_q;
  assign is_arg = valid_i && state_q == StOps && !lost_q && arg_q != op_words_q;
  assign is_crc = valid_i && state_q == StCrc;
  assign covered_o = state_q != StCrc;
  assign end_o = is_crc;

  // Head: {index, 0, last, words, code}.
  assign words = word_i[14:8];
  assign short = $signed(spare_i) < $signed((ListBits+1)'(words));
  assign range_wrong = words == 7'd0 || words > 7'(BlockWords);
  assign head_wrong = word_i[7:0] != 8'(trine_records_pkg::BLOCK_CODE) || range_wrong
                      || word_i[19:16] != 4'd0 || word_i[31:20] != index_q
                      || short || word_i[15] != (spare_i == (ListBits+1)'(words));

  assign is_run = word_i[7:0] == trine_records_pkg::OP_RUN;
  assign is_save = word_i[7:0] == trine_records_pkg::OP_SAVE;
  assign is_end = word_i[7:0] == trine_records_pkg::OP_END;
  assign is_table = word_i[7:0] == trine_records_pkg::OP_TABLE;
  assign is_load = word_i[7:0] == trine_records_pkg::OP_LOAD;
  assign is_bare = is_end || word_i[7:0] == trine_records_pkg::OP_BARRIER;
  assign mask = word_i[31:16];
  assign is_stream = word_i[7:0] == trine_records_pkg::OP_READ
                     || word_i[7:0] == trine_records_pkg::OP_WRITE;

  // First word of an operation.
  always_comb begin
    op_words = (word_i[7:0] == trine_records_pkg::OP_TABLE)
               ? 16'(word_i[15:8]) : 16'(trine_records_pkg::op_words(word_i[7:0]));
    op_error = trine_pkg::ERR_NONE;
    if (op_words == 16'd0 && word_i[7:0] != trine_records_pkg::OP_TABLE) begin
      op_error = trine_pkg::ERR_OP;
    end else if (more_q && !(is_run || is_stream || is_save || is_end)) begin
      op_error = trine_pkg::ERR_OP;
    end else if (16'(word_i[15:8]) != op_words) op_error = trine_pkg::ERR_OP_LENGTH;
    else if (is_table && (op_words < 16'd4 || op_words[0]
                          || op_words > 16'(trine_records_pkg::OP_WORDS))) begin
      op_error = trine_pkg::ERR_OP_LENGTH;
    end else if (op_words > {9'd0, left_q} || parked_q) op_error = trine_pkg::ERR_LIST;
    else if (is_end && !(last_q && left_q == 7'd1)) begin
      op_error = trine_pkg::ERR_LIST;
    end
  end

  // And its ranks: what is wrong with the word otherwise goes before.
  assign mask_wrong = is_bare ? mask != 16'd0
                              : mask == 16'd0 || (mask & ~ranks_q) != 16'd0
                                || (is_load && (mask & (mask - 16'd1)) != 16'd0);

  // What only the last block does, and nothing that is set up once, can be done again from it.
  assign repeats_o = state_q == StHead && last_q && !once_q && !bad_o;

  assign kept_o = {index_q, more_q, once_q};

  assign unended = is_crc && last_q && op != trine_records_pkg::OP_END;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || begin_i) state_q <= StHead;
    else if (is_crc || wrong_o) state_q <= StHead;
    else if (is_head) state_q <= StOps;
    else if (valid_i && state_q == StOps && left_q == 7'd1) state_q <= StCrc;
  end

  always_ff @(posedge clk_i) begin
    if (begin_i) begin
      {index_q, more_q, once_q} <= before_i;
      op_q <= 4'd0;
      last_q <= 1'b0;
    end else begin
      if (is_head) last_q <= word_i[15];
      if (is_crc) index_q <= index_q + 12'd1;
      if (is_op) begin
        op_q <= word_i[3:0];
        if (is_run || is_stream || is_save) once_q <= once_q || !last_q;
        else if (!is_end && !is_table) once_q <= once_q || last_q;
      end
      if (is_arg && op == trine_records_pkg::OP_RUN && first_q) more_q <= word_i[16];
    end
  end

  always_ff @(posedge clk_i) begin
    if (is_head) begin
      left_q <= words;
      words_o <= words;
      head_place_o <= place_i;
      arg_q <= 16'd0;
      op_words_q <= 16'd0;
      parked_q <= 1'b0;
      lost_q <= 1'b0;
      op_place_q <= place_i;
    end else if (valid_i && state_q == StOps) begin
      left_q <= left_q - 7'd1;
      arg_q <= is_op ? 16'd1 : arg_q + 16'd1;
      first_q <= is_op;
      // Behind its second word a TABLE is pairs.
      if (is_op) row_q <= 4'd1;
      else if (op == trine_records_pkg::OP_TABLE && !first_q) row_q <= {3'd1, !row_q[0]};
      else row_q <= row_q + 4'd1;
      if (is_op) begin
        op_words_q <= op_words;
        mask_o <= mask;
        op_place_q <= place_i;
        lost_q <= op_error != trine_pkg::ERR_NONE;
        parked_q <= word_i[7:0] == trine_records_pkg::OP_END
                    || word_i[7:0] == trine_records_pkg::OP_BARRIER
                    || word_i[7:0] == trine_records_pkg::OP_LOAD;
      end
      if (is_arg && op == trine_records_pkg::OP_RUN && first_q) parked_q <= !word_i[16];
    end
    place_q <= is_op || is_head ? place_i : op_place_q;
    older_place_q <= place_q;
    ranks_q <= ~(16'hffff << ranks_i);
  end

  trine_word_check #(
      .Contexts(Contexts), .Lanes(Lanes), .BusBytes(BusBytes), .XSlots(XSlots),
      .WeightWords(WeightWords), .ParamRows(ParamRows), .RingBytes(RingBytes),
      .RingWords(RingWords), .StateUnits(StateUnits), .WriterBytes(WriterBytes),
      .TableEntries(TableEntries), .MemBytes(MemBytes), .TailRows(TailRows)
  ) u_word_check (
      .clk_i, .rst_ni, .clear_i(begin_i), .param_beats_i, .take_i(valid_i), .valid_i(is_arg),
      .op_i(op), .words_i(op_words_q), .row_i(row_q), .first_i(first_q), .word_i,
      .error_o(arg_error), .value_o(value)
  );

  // Heads and first words, a cycle before arguments: of two errors in a cycle the older word's is
  // told.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || begin_i) begin
      say_q <= 1'b0;
      wrong_o <= 1'b0;
    end else begin
      say_q <= (is_head && head_wrong) || (is_op && (op_error != trine_pkg::ERR_NONE || mask_wrong))
               || unended;
      wrong_o <= is_head && head_wrong;
    end
    say_code_q <= is_op ? op_error : trine_pkg::ERR_LIST;
    mask_code_q <= is_bare ? trine_pkg::ERR_RESERVED : trine_pkg::ERR_FIELD;
  end

  assign say_code = (say_code_q == trine_pkg::ERR_NONE) ? mask_code_q : say_code_q;
  assign first_bad = !bad_o && (say_q || arg_error != trine_pkg::ERR_NONE);
  always_ff @(posedge clk_i) begin
    if (!rst_ni || begin_i || is_head) bad_o <= 1'b0;
    else if (first_bad) bad_o <= 1'b1;
    if (!bad_o) begin
      bad_code_o <= (arg_error != trine_pkg::ERR_NONE) ? arg_error : say_code;
      bad_value_o <= value;
      bad_place_o <= (arg_error != trine_pkg::ERR_NONE) ? older_place_q : place_q;
    end
  end

  // What a block says of itself holds: its CRC comes behind as many words, and none is beyond.
  `TRINE_ASSERT(a_inside, !rst_ni || state_q != StOps || wrong_o || (left_q != 7'd0
                && 32'(left_q) <= BlockWords))
  `TRINE_ASSERT(a_row, !rst_ni || !is_arg || (first_q == (arg_q == 16'd1)
                && row_q == ((op == trine_records_pkg::OP_TABLE && arg_q[15:1] != 15'd0)
                             ? {3'd1, arg_q[0]} : arg_q[3:0])))
  `TRINE_ASSERT(a_in_list, !rst_ni || !valid_i || wrong_o || $signed(spare_i) >= -1)

endmodule

`default_nettype wire
