// SPDX-License-Identifier: Apache-2.0
// trine_load: the LOAD operation: what came into the ring of its thread goes to a buffer of a core,
// a turn at a time.
//
// new_i begins one with the arguments, which stand since two cycles; take_i goes on with that of a
// thread, as kept_o was (kept_i). A turn (start_i) hands on what is there, at most 64 items of it,
// parameters in whole rows, and is over when busy_o falls; over_o then says whether all was, and
// word_o how far it came. An item is a beat of weights, a parameter row or the part of it that a
// beat has, or a 32-bit word of all else. An item goes in a cycle; what goes into the rings may be
// refused for a cycle, so words wait in a small queue.
//
// cycle            0       1       2       3       4       5
// start_i          1       .       .       .       .       .
// place_o          .       A       B       .       .       .     a place of the ring a beat or word
// beat_i           .       .       .       A       B       .
// weight_we_o      .       .       .       .       A       B     so parameters; words from a cycle
// busy_o           .       1       1       1       1       .     later on
`default_nettype none
`include "trine_assert.svh"

module trine_load #(
    parameter int unsigned MemBytes = 8,
    parameter int unsigned WordBytes = 64,     // weight word
    parameter int unsigned PlaceBits = 6,      // of a beat in the ring
    parameter int unsigned CoreBits = 1,
    parameter int unsigned AddrBits = 32,      // of any buffer, in what it is addressed by here
    parameter int unsigned CountBits = 32,     // of what is loaded, in items
    localparam int unsigned KeptBits = 2 + CoreBits + AddrBits + CountBits,
    localparam int unsigned BeatsAWord = WordBytes / MemBytes,
    localparam int unsigned BankBits = (BeatsAWord > 1) ? $clog2(BeatsAWord) : 1,
    localparam int unsigned WordShift = $clog2(MemBytes / 4),
    localparam int unsigned WordBits = PlaceBits + WordShift
) (
    input  wire logic                             clk_i,
    input  wire logic                             rst_ni,
    input  wire logic                             flush_i,
    input  wire logic                             take_i,
    input  wire logic [KeptBits-1:0]              kept_i,
    output      logic [KeptBits-1:0]              kept_o,
    input  wire logic                             new_i,
    input  wire logic [CoreBits-1:0]              core_i,     // that it is for
    input  wire logic [31:0]                      arg1_i,
    input  wire logic [31:0]                      arg2_i,
    input  wire logic [31:0]                      arg3_i,
    output      logic [CountBits-1:0]             beats_o,    // of memory, in the cycle of new_i
    output      logic [CoreBits-1:0]              core_o,
    input  wire logic                             start_i,
    input  wire logic [WordBits-1:0]              word_i,     // first of the turn in the ring
    input  wire logic [PlaceBits:0]               there_i,    // beats that are there, its own first
    output      logic                             busy_o,
    output      logic                             over_o,
    output      logic [WordBits-1:0]              word_o,
    output      logic                             bad_o,      // a word of a parameter row
    output      logic [31:0]                      value_o,    // that word; until the next start
    // The ring: a beat two cycles after its place.
    output      logic [PlaceBits-1:0]             place_o,
    input  wire logic [MemBytes*8-1:0]            beat_i,
    // Weight buffer: a word, and which of its beats.
    output      logic                             weight_we_o,
    output      logic [31:0]                      weight_waddr_o,
    output      logic [BankBits-1:0]              weight_bank_o,
    output      logic [MemBytes*8-1:0]            beat_o,
    // Parameters.
    output      logic                             param_we_o,
    output      logic [15:0]                      param_row_o,
    output      logic [trine_pkg::PARAM_BITS-1:0] param_data_o,
    // Rings.
    output      logic                             ring_valid_o,
    input  wire logic                             ring_ready_i,
    output      logic [31:0]                      ring_addr_o,
    output      logic [31:0]                      ring_data_o,
    // State.
    output      logic                             state_we_o,
    output      logic [15:0]                      state_waddr_o,
    output      logic [15:0]                      state_wdata_o
);

  localparam int unsigned TurnBits = 7;        // up to 64 in a turn
  // Of a parameter row, that an item has: words, and items of one.
  localparam int unsigned PartShift = (WordShift < 2) ? WordShift : 2;
  localparam int unsigned PartWords = 1 << PartShift;
  localparam int unsigned LastPart = 4 / PartWords - 1;
  localparam int unsigned RowMask = (1 << TurnBits) - 1 - LastPart;   // of items: in whole rows
  localparam logic [TurnBits-1:0] WholeRows = RowMask[TurnBits-1:0];

  logic [1:0]            target_q, part_q, come_q;
  logic                  run_q, weights, params, direct, to_ring, step, word_valid, queue_room;
  logic                  more;
  logic [TurnBits-1:0]   ask_q, hand_q;        // left of the turn: to be read, to be handed on
  logic [TurnBits-1:0]   turn;
  logic [WordBits:0]     words, items;         // that are there
  logic [2:0]            queued_q;             // words in the queue or on their way there
  logic [WordBits-1:0]   read_q;
  logic [AddrBits-1:0]   addr_q, next_addr, new_addr_q;  // {word, its beat}, row, byte or entry
  logic [CountBits-1:0]  left_q, new_left_q;
  logic                  new_weights, new_params;
  logic [31:0]           word, read_word, value, bias_q;
  logic [PartWords*32-1:0] part;
  logic [30:0]           mult_q;
  logic [5:0]            shift_q;
  logic [2:0]            queue_count;
  logic                  row_bad, whole, unused;

  // ---- What a new one is.
  assign new_weights = arg1_i[1:0] == trine_records_pkg::LOAD_WEIGHTS;
  assign new_params = arg1_i[1:0] == trine_records_pkg::LOAD_PARAMS;

  always_ff @(posedge clk_i) begin
    new_addr_q <= AddrBits'(new_weights ? arg2_i << BankBits : arg2_i);
    case (arg1_i[1:0])
      trine_records_pkg::LOAD_WEIGHTS: begin
        new_left_q <= CountBits'(trine_pkg::times(arg3_i, BeatsAWord));
      end
      trine_records_pkg::LOAD_PARAMS: new_left_q <= CountBits'(arg3_i) << (2 - PartShift);
      trine_records_pkg::LOAD_VECTOR: new_left_q <= CountBits'(arg3_i >> 2);
      default: new_left_q <= CountBits'(arg3_i);
    endcase
    if (new_weights) beats_o <= new_left_q;
    else if (new_params) begin
      beats_o <= (new_left_q + CountBits'(MemBytes / 4 / PartWords - 1)) >> (WordShift - PartShift);
    end else beats_o <= (new_left_q + CountBits'(MemBytes / 4 - 1)) >> WordShift;
  end

  assign kept_o = {target_q, core_o, addr_q, left_q};

  // ---- How much of it is handed on in this turn.
  assign words = weights
                 ? (WordBits+1)'(there_i)
                 : ((WordBits+1)'(there_i) << WordShift) - (WordBits+1)'(first_part(word_i));

  assign items = params ? words >> PartShift : words;

  function automatic logic [WordBits-1:0] first_part(input logic [WordBits-1:0] place);
    first_part = place & ~({WordBits{1'b1}} << WordShift);
  endfunction

  always_comb begin
    turn = (items > (WordBits+1)'(64)) ? TurnBits'(64) : TurnBits'(items);
    if (params) turn = turn & WholeRows;
    if (left_q <= CountBits'(turn)) turn = TurnBits'(left_q);
  end

  assign weights = target_q == trine_records_pkg::LOAD_WEIGHTS;
  assign params = target_q == trine_records_pkg::LOAD_PARAMS;
  assign direct = weights || params;
  assign to_ring = target_q == trine_records_pkg::LOAD_VECTOR;
  assign busy_o = run_q;

  // ---- Out of the ring.
  assign place_o = read_q[WordBits-1:WordShift];
  assign more = run_q && ask_q != '0 && (direct || queued_q < 3'd4);

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      run_q <= 1'b0;
      come_q <= 2'd0;
      queued_q <= 3'd0;
    end else if (start_i) begin
      run_q <= turn != '0;
      come_q <= 2'd0;
      queued_q <= 3'd0;
    end else begin
      if (step && hand_q == TurnBits'(1)) run_q <= 1'b0;
      come_q <= {come_q[0], more};
      queued_q <= queued_q + 3'(more && !direct) - 3'(step && !direct);
    end
    if (start_i) begin
      ask_q <= turn;
      hand_q <= turn;
      read_q <= word_i;
    end else begin
      if (more) begin
        ask_q <= ask_q - 1'b1;
        if (weights) read_q <= read_q + WordBits'(1 << WordShift);
        else read_q <= read_q + (params ? WordBits'(PartWords) : WordBits'(1));
      end
      if (step) hand_q <= hand_q - 1'b1;
    end
  end

  assign word_o = read_q;
  assign over_o = left_q == '0;

  if (WordShift > 0) begin : gen_select
    logic [WordShift-1:0] part_of_q, part_of_q2;
    always_ff @(posedge clk_i) begin
      part_of_q <= read_q[WordShift-1:0];
      part_of_q2 <= part_of_q;
    end
    assign read_word = beat_i[{part_of_q2, 5'd0} +: 32];
    if (WordShift > PartShift) begin : gen_part
      assign part = beat_i[{part_of_q2[WordShift-1:PartShift], (PartShift+5)'(0)} +: PartWords*32];
    end else begin : gen_beat
      assign part = beat_i;
    end
  end else begin : gen_whole
    assign read_word = beat_i;
    assign part = beat_i;
  end

  trine_fifo #(
      .Width(32), .Depth(4)
  ) u_queue (
      .clk_i, .rst_ni, .flush_i(flush_i || start_i), .valid_i(come_q[1] && !direct),
      .ready_o(queue_room), .data_i(read_word), .valid_o(word_valid), .ready_i(step),
      .data_o(word), .count_o(queue_count)
  );

  // ---- Into a buffer.
  assign step = run_q && (direct ? come_q[1] : word_valid && (!to_ring || ring_ready_i));
  assign whole = !params || part_q == 2'(LastPart);

  // A multiplier has 31 bits, a shift is -31..31, the fourth word is 0.
  function automatic logic is_bad(input logic [1:0] index, input logic [31:0] of_row);
    case (index)
      2'd0: is_bad = 1'b0;
      2'd1: is_bad = of_row[31];
      2'd2: is_bad = of_row[31:5] != {27{of_row[5]}} || of_row[5:0] == 6'h20;
      default: is_bad = of_row != 32'd0;
    endcase
  endfunction

  always_comb begin
    row_bad = 1'b0;
    value = part[31:0];
    for (int n = 0; n < PartWords; n++) begin
      if (!row_bad && is_bad(2'(n) + 2'(part_q << PartShift), part[n*32 +: 32])) begin
        row_bad = 1'b1;
        value = part[n*32 +: 32];
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i || start_i) bad_o <= 1'b0;
    else if (step && row_bad && params) bad_o <= 1'b1;
    if (!bad_o) value_o <= value;
    if (take_i) {target_q, core_o, addr_q, left_q} <= kept_i;
    else if (new_i) begin
      {target_q, core_o, addr_q, left_q} <= {arg1_i[1:0], core_i, new_addr_q, new_left_q};
    end else if (start_i) part_q <= 2'd0;
    else if (step) begin
      left_q <= left_q - CountBits'(1);
      part_q <= whole ? 2'd0 : part_q + 2'd1;
      if (whole) addr_q <= next_addr;
      if (part_q == 2'd0) bias_q <= part[31:0];
      if (part_q == 2'(1 / PartWords)) mult_q <= part[(1 % PartWords)*32 +: 31];
      if (part_q == 2'(2 / PartWords)) shift_q <= part[(2 % PartWords)*32 +: 6];
    end
  end

  // Behind the last beat of a word comes the next word.
  always_comb begin
    next_addr = addr_q + AddrBits'(to_ring ? 4 : 1);
    if (weights && addr_q[BankBits-1:0] == BankBits'(BeatsAWord - 1)) begin
      next_addr = {addr_q[AddrBits-1:BankBits] + 1'b1, BankBits'(0)};
    end
  end

  assign param_data_o = {3'd0, shift_q, mult_q, bias_q};
  assign ring_valid_o = run_q && to_ring && word_valid;
  assign ring_addr_o = 32'(addr_q);
  assign ring_data_o = word;

  // What is written elsewhere leaves a register: its buffers stand far away.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      weight_we_o <= 1'b0;
      param_we_o <= 1'b0;
      state_we_o <= 1'b0;
    end else begin
      weight_we_o <= step && weights;
      param_we_o <= step && params && whole && !bad_o && !row_bad;
      state_we_o <= step && target_q == trine_records_pkg::LOAD_STATE;
    end
    weight_waddr_o <= 32'(addr_q[AddrBits-1:BankBits]);
    weight_bank_o <= addr_q[BankBits-1:0];
    beat_o <= beat_i;
    param_row_o <= 16'(addr_q);
    state_waddr_o <= 16'(addr_q);
    state_wdata_o <= word[15:0];
  end

  assign unused = &{1'b0, queue_count, arg1_i[31:2]};

  `TRINE_ASSERT(a_one_turn, !rst_ni || flush_i || !start_i || !run_q)
  `TRINE_ASSERT(a_has_some, !rst_ni || flush_i || !start_i || (left_q != '0 && turn != '0))
  `TRINE_ASSERT(a_queue_fits, !rst_ni || flush_i || start_i || !come_q[1] || direct || queue_room)
  `TRINE_ASSERT(a_whole_rows, !rst_ni || flush_i || !start_i
      || !params || (turn & TurnBits'(LastPart)) == '0)

endmodule

`default_nettype wire
