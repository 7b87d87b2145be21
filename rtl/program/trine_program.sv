// SPDX-License-Identifier: Apache-2.0
// trine_program: reads, checks and carries out the programs of all slots, a turn at a time
// (docs/programmers_guide.md).
//
// A turn is a header, or a block and what it says up to where it waits, or a piece of a LOAD; its
// words are in the ring of the thread before it begins. A program is executed only after magic,
// version, mode, ranks, configuration hash and CRC of its header were right, and no operation of a
// block before the block's CRC was: a block is read once to be checked (trine_block) and again to
// be executed (trine_execute). A start that repeats executes the last block again as it stands in
// the ring. The first error ends the thread, with core, code, word index of the operation and the
// value in question. The mode is compared with the domain's and plays no other part.
//
// cycle        0      1      2      ..     n       n+1     n+2    n+3
// state        Turn   Take   Block         Block   Settle  Ready  Execute ...
// word_o       .      .      head          .       .       op     .
// word_i       .      .      .      ..     CRC     .       .      .
// put_o        .      .      .      .      .       .       .      .       at the turn's end
`default_nettype none
`include "trine_assert.svh"

module trine_program #(
    parameter int unsigned Cores = 2,
    parameter int unsigned MemBytes = 8,
    parameter int unsigned PlaceBits = 6,      // of a beat in a thread's ring
    parameter int unsigned CountBits = 22,     // of beats
    parameter int unsigned LoadBits = 44,      // kept of trine_load
    localparam int unsigned CoreBits = (Cores > 1) ? $clog2(Cores) : 1,
    localparam int unsigned BeatBits = 32 - $clog2(MemBytes),
    localparam int unsigned WordShift = $clog2(MemBytes / 4),
    localparam int unsigned WordBits = PlaceBits + WordShift,
    localparam int unsigned ListBits = trine_records_pkg::LIST_BITS,
    localparam int unsigned BlockBits = 14,    // kept of trine_block
    localparam int unsigned KeptBits = BlockBits + 47 + 3 * ListBits + WordBits + LoadBits
) (
    input  wire logic                 clk_i,
    input  wire logic                 rst_ni,
    // Controller, by core.
    input  wire logic [Cores*5-1:0]   ranks_i,
    input  wire logic [Cores*2-1:0]   mode_i,
    input  wire logic [Cores*32-1:0]  program_i,
    input  wire logic [Cores-1:0]     fresh_i,
    input  wire logic [31:0]          config_hash_i,  // constant
    // Threads.
    input  wire logic                 ready_i,
    input  wire logic                 others_i,
    output      logic                 take_o,
    input  wire logic [CoreBits-1:0]  thread_i,
    input  wire logic                 stopped_i,
    input  wire logic [3:0]           stage_i,
    input  wire logic [KeptBits-1:0]  kept_i,
    output      logic                 put_o,
    output      logic [3:0]           stage_o,
    output      logic [KeptBits-1:0]  kept_o,
    output      logic                 repeats_o,
    // Rings: what is asked for, what is not needed any more, and a word of them.
    output      logic                 begin_o,
    output      logic                 more_o,
    output      logic [BeatBits-1:0]  beat_o,
    output      logic [CountBits-1:0] count_o,
    input  wire logic                 asked_i,        // all of it was asked for
    input  wire logic                 all_i,          // and came
    input  wire logic                 piece_i,        // 16 beats came, or all
    output      logic                 free_o,
    output      logic [PlaceBits-1:0] free_place_o,
    output      logic [WordBits-1:0]  word_o,
    input  wire logic [31:0]          word_i,         // of two cycles before
    // Block: its words, and what it says of them.
    output      logic                 block_begin_o,
    output      logic [BlockBits-1:0] block_before_o,
    input  wire logic [BlockBits-1:0] block_kept_i,
    output      logic [4:0]           block_ranks_o,
    output      logic                 block_valid_o,
    output      logic [ListBits-1:0]  block_place_o,
    output      logic [ListBits:0]    block_spare_o,  // signed
    input  wire logic                 block_covered_i,
    input  wire logic                 block_end_i,
    input  wire logic                 block_wrong_i,  // it ended with the word before
    input  wire logic                 block_bad_i,
    input  wire logic [7:0]           block_code_i,
    input  wire logic [ListBits-1:0]  block_op_i,
    input  wire logic [31:0]          block_value_i,
    input  wire logic [ListBits-1:0]  block_head_i,
    input  wire logic [6:0]           block_words_i,  // of operations
    input  wire logic                 block_repeats_i,
    // Its operations (trine_execute).
    output      logic                 go_o,
    output      logic [6:0]           go_read_o,
    output      logic [6:0]           go_words_o,
    output      logic [WordBits-1:0]  go_base_o,
    output      logic [ListBits-1:0]  go_head_o,
    input  wire logic                 over_i,
    input  wire logic [3:0]           over_stage_i,
    input  wire logic [6:0]           over_read_i,
    input  wire logic                 over_fail_i,
    input  wire logic [7:0]           over_code_i,
    input  wire logic [31:0]          over_value_i,
    input  wire logic [Cores-1:0]     over_core_i,
    input  wire logic [ListBits-1:0]  over_place_i,
    input  wire logic                 clearing_i,     // of the slot's cores
    input  wire logic                 quiet_i,        // they are
    output      logic                 clear_o,        // a list from scratch begins
    // LOAD: a new one, and a turn of it.
    output      logic                 load_take_o,
    output      logic [LoadBits-1:0]  load_before_o,
    input  wire logic [LoadBits-1:0]  load_kept_i,
    output      logic                 load_new_o,
    input  wire logic [CoreBits-1:0]  load_core_i,
    output      logic [WordBits-1:0]  load_word_o,
    output      logic                 load_start_o,
    input  wire logic                 load_busy_i,
    input  wire logic                 load_over_i,
    input  wire logic [WordBits-1:0]  load_word_i,
    input  wire logic                 load_bad_i,
    input  wire logic [31:0]          load_value_i,
    input  wire logic [CountBits-1:0] new_beats_i,
    input  wire logic [BeatBits-1:0]  new_beat_i,     // where in the window
    // The first error of a program.
    output      logic [Cores-1:0]     error_valid_o,  // a pulse
    output      logic [7:0]           error_code_o,
    output      logic [ListBits-1:0]  error_op_o,
    output      logic [31:0]          error_value_o
);

  localparam int unsigned MemShift = $clog2(MemBytes);
  localparam int unsigned WordsABeat = MemBytes / 4;
  localparam int unsigned FirstBeats = 128 / MemBytes;
  localparam int unsigned HeadWords = 8;
  localparam int unsigned FirstWords = 32 - HeadWords;  // of the list, in the first 128 bytes

  typedef enum logic [3:0] {
    StTurn, StTake, StBegin, StHead, StLength, StMore, StBlock, StSettle, StReady, StExecute,
    StNew, StStart, StDrain, StList, StAsk, StPut
  } state_e;

  state_e               state_q;
  // Kept of a thread: place of its block or of what is loaded in the ring, next word of the list
  // and words from it on, place of the block in the list; and how far.
  logic [BlockBits-1:0] block_q;
  logic [31:0]          crc_q;
  logic [ListBits-1:0]  pos_q, rest_q, rest_kept, head_q;
  logic [6:0]           words_q, read_q;
  logic                 repeats_q;
  logic [WordBits-1:0]  place_q, place_kept;
  // Of the turn.
  logic [3:0]           next_q;        // stage that is put
  logic [31:0]          program_q, crc;
  logic [1:0]           mode_q, come_q;
  logic                 fresh_q, resident, checked_q, match_q, more_q;
  logic [CountBits-1:0] total_q;
  logic [BeatBits-1:0]  beat_q;
  logic [ListBits:0]    spare_q;       // words left less two: without the next and a CRC
  logic [WordBits-1:0]  get_q, list_part;
  logic [ListBits-1:0]  list_word, list_words;
  logic [7:0]           head_error;
  logic                 reads, take, match, head_end, block_fails, fail, head_fails, load_fails;
  logic                 yields, held, waits_q;   // waits_q: it is behind a RUN or BARRIER

  // ---- What is kept of a thread.
  assign load_before_o = kept_i[LoadBits-1:0];
  assign block_before_o = (state_q == StMore) ? '0 : kept_i[KeptBits-1 -: BlockBits];
  assign place_kept = kept_i[LoadBits +: WordBits];
  assign rest_kept = kept_i[LoadBits + WordBits + 15 + ListBits +: ListBits];
  assign kept_o = {block_q, crc_q, pos_q, rest_q, head_q, words_q, read_q, repeats_q, place_q,
                   load_kept_i};

  // ---- Turns.
  assign take_o = state_q == StTurn && ready_i;
  assign put_o = state_q == StPut && !stopped_i;
  assign stage_o = next_q;
  assign repeats_o = repeats_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) state_q <= StTurn;
    else if (stopped_i && state_q != StTurn) state_q <= StTurn;
    else if (fail) state_q <= StPut;
    else begin
      case (state_q)
        StTurn: if (ready_i) state_q <= StTake;
        StTake: begin
          case (stage_i)
            trine_pkg::STAGE_START: state_q <= StBegin;
            trine_pkg::STAGE_HEAD: state_q <= StHead;
            trine_pkg::STAGE_LOAD: state_q <= StStart;
            trine_pkg::STAGE_BLOCK, trine_pkg::STAGE_WAIT: state_q <= StBlock;
            default: state_q <= StReady;
          endcase
        end
        StBegin: state_q <= StPut;
        StHead: if (head_end) state_q <= StLength;
        StLength: state_q <= StMore;
        StMore: if (asked_i) state_q <= (all_i && !more_q) ? StBlock : StPut;
        StBlock: if ((take && block_end_i) || block_wrong_i) state_q <= StSettle;
        StSettle: state_q <= StReady;
        StReady: if (yields || !held) state_q <= yields ? StPut : StExecute;
        StExecute: if (over_i) begin
          state_q <= (over_stage_i == trine_pkg::STAGE_LOAD) ? StNew : StPut;
        end
        StNew, StAsk: state_q <= StPut;
        StStart: state_q <= StDrain;
        StDrain: if (!load_busy_i) begin
          if (load_over_i) state_q <= StList;
          else state_q <= (piece_i && !others_i) ? StStart : StPut;
        end
        StList: state_q <= StAsk;
        default: state_q <= StTurn;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (fail) next_q <= trine_pkg::STAGE_ERROR;
    else begin
      case (state_q)
        StBegin: next_q <= trine_pkg::STAGE_HEAD;
        StMore, StAsk: next_q <= trine_pkg::STAGE_BLOCK;
        StReady: next_q <= (waits_q && !quiet_i) ? trine_pkg::STAGE_HOLD : trine_pkg::STAGE_GO;
        StExecute: next_q <= over_stage_i;
        StDrain: next_q <= trine_pkg::STAGE_LOAD;
        default: next_q <= next_q;
      endcase
    end
  end

  // ---- Rings.
  assign list_word = ListBits'(HeadWords) + pos_q;
  assign list_part = list_word[WordBits-1:0] & ~({WordBits{1'b1}} << WordShift);
  assign begin_o = state_q == StBegin || state_q == StNew || state_q == StAsk;
  assign more_o = state_q == StMore && asked_i && more_q;
  assign free_o = state_q == StDrain || (put_o && (next_q == trine_pkg::STAGE_BLOCK
                                                   || next_q == trine_pkg::STAGE_WAIT));
  assign free_place_o = (state_q == StDrain) ? load_word_i[WordBits-1:WordShift]
                                             : place_q[WordBits-1:WordShift];

  always_comb begin
    {beat_o, count_o} = {beat_q, total_q};
    if (state_q == StBegin) {beat_o, count_o} = {program_q[31:MemShift], CountBits'(FirstBeats)};
    else if (state_q == StNew) {beat_o, count_o} = {new_beat_i, new_beats_i};
  end

  // Beats of the list behind the first 128 bytes; or of what is left of it.
  always_ff @(posedge clk_i) begin
    more_q <= list_words > ListBits'(FirstWords);
    if (state_q == StLength) begin
      total_q <= (CountBits'(list_words) - CountBits'(FirstWords) + CountBits'(WordsABeat - 1))
                 >> WordShift;
    end else if (state_q != StMore) begin
      total_q <= (CountBits'(rest_q) + CountBits'(list_part)
                  + CountBits'(WordsABeat - 1)) >> WordShift;
    end
    beat_q <= program_q[31:MemShift] + BeatBits'(list_word[ListBits-1:WordShift]);
  end

  // A word is there two cycles after its place.
  assign reads = state_q == StHead || state_q == StBlock;
  assign take = come_q[1] && reads;
  assign word_o = get_q;

  always_ff @(posedge clk_i) begin
    come_q <= reads ? {come_q[0], 1'b1} : 2'd0;
    if (state_q == StTake) begin
      get_q <= (stage_i == trine_pkg::STAGE_HEAD) ? '0 : place_kept;
    end else if (state_q == StMore) get_q <= WordBits'(HeadWords);
    else if (reads) get_q <= get_q + 1'b1;
  end

  // ---- The header. What is wrong with a word is known a cycle later.
  trine_header u_header (
      .clk_i, .rst_ni, .begin_i(state_q == StTake), .valid_i(state_q == StHead && take), .word_i,
      .crc_match_i(match), .program_i(program_q), .mode_i(mode_q), .ranks_i(block_ranks_o),
      .fresh_i(fresh_q), .config_hash_i, .end_o(head_end), .list_words_o(list_words),
      .resident_o(resident), .error_o(head_error)
  );

  assign crc = trine_pkg::crc32_word(crc_q, word_i);
  assign match = word_i == ~crc_q;
  assign head_fails = head_error != trine_pkg::ERR_NONE
                      && (state_q == StHead || state_q == StLength);

  always_ff @(posedge clk_i) begin
    if (state_q == StTake) begin
      program_q <= program_i[thread_i*32 +: 32];
      mode_q <= mode_i[thread_i*2 +: 2];
      block_ranks_o <= ranks_i[thread_i*5 +: 5];
      fresh_q <= fresh_i[thread_i];
      waits_q <= stage_i == trine_pkg::STAGE_WAIT;
    end
  end

  assign clear_o = state_q == StMore && asked_i && !resident;

  // ---- The list: where the thread is in it, and its CRC.
  always_ff @(posedge clk_i) begin
    case (state_q)
      StTake: begin
        {block_q, crc_q, pos_q, rest_q, head_q, words_q, read_q, repeats_q, place_q} <=
            kept_i[KeptBits-1:LoadBits];
        if (stage_i == trine_pkg::STAGE_HEAD) crc_q <= '1;
        if (stage_i == trine_pkg::STAGE_AGAIN) read_q <= 7'd0;
        spare_q <= {1'b0, rest_kept} - (ListBits+1)'(2);
        checked_q <= 1'b1;
      end
      StHead: if (take) crc_q <= crc;
      StLength: rest_q <= list_words;
      StMore: begin
        crc_q <= '1;
        pos_q <= '0;
        block_q <= '0;
        repeats_q <= 1'b0;
        place_q <= WordBits'(HeadWords);
        spare_q <= {1'b0, rest_q} - (ListBits+1)'(2);
      end
      StBlock: begin
        checked_q <= 1'b0;
        if (take) begin
          if (block_covered_i) crc_q <= crc;
          match_q <= match || block_covered_i;   // a head that is wrong ends a block
          pos_q <= pos_q + 1'b1;
          rest_q <= rest_q - 1'b1;
          spare_q <= spare_q - 1'b1;
        end
      end
      StSettle: begin
        head_q <= block_head_i;
        words_q <= block_words_i;
        read_q <= 7'd0;
        block_q <= block_kept_i;
      end
      StReady: if (!checked_q) repeats_q <= block_repeats_i;
      StExecute: if (over_i) begin
        read_q <= over_read_i;
        // Behind the block, but for what is done again, or may be.
        if (over_stage_i == trine_pkg::STAGE_BLOCK || over_stage_i == trine_pkg::STAGE_WAIT) begin
          place_q <= place_q + WordBits'(words_q) + WordBits'(2);
        end
        if (over_stage_i == trine_pkg::STAGE_LOAD) begin
          place_q <= '0;
          head_q <= over_place_i;
        end
      end
      StDrain: if (!load_busy_i) place_q <= load_word_i;
      StAsk: place_q <= list_part;
      default: ;
    endcase
  end

  // ---- Blocks.
  assign block_begin_o = state_q == StTake || state_q == StMore;
  assign block_valid_o = state_q == StBlock && take;
  assign block_place_o = pos_q;
  assign block_spare_o = spare_q;
  // One whose CRC is wrong says nothing else.
  assign block_fails = state_q == StReady && !checked_q && (block_bad_i || !match_q);

  // Checking and executing it are two turns if somebody waits.
  assign held = clearing_i || (waits_q && !quiet_i);
  assign yields = others_i && (held || !checked_q);
  assign go_o = state_q == StReady && !held && !yields && !block_fails;
  assign {go_read_o, go_words_o, go_base_o, go_head_o} = {read_q, words_q, place_q, head_q};

  // ---- LOADs.
  assign load_start_o = state_q == StStart && !stopped_i;
  assign load_take_o = state_q == StTake;
  assign load_new_o = state_q == StNew;
  assign load_word_o = place_q;
  assign load_fails = state_q == StDrain && !load_busy_i && load_bad_i;

  // ---- Errors.
  assign fail = (head_fails || block_fails || load_fails || (over_i && over_fail_i)) && !stopped_i;

  always_ff @(posedge clk_i) begin
    error_valid_o <= '0;
    if (rst_ni && fail) begin
      error_valid_o <= (over_i && over_fail_i) ? over_core_i
                       : Cores'(1) << (load_fails ? load_core_i : thread_i);
    end
    // What there is to tell of each state, whether it fails or not.
    case (state_q)
      StHead, StLength: begin
        {error_code_o, error_op_o} <= {head_error, ListBits'(0)};
        if (take && !head_fails) error_value_o <= word_i;
      end
      StReady: {error_code_o, error_op_o, error_value_o} <= {
          match_q ? {block_code_i, block_op_i} : {trine_pkg::ERR_LIST_CRC, block_head_i},
          block_value_i};
      StDrain: {error_code_o, error_op_o, error_value_o} <= {trine_pkg::ERR_FIELD, head_q,
                                                            load_value_i};
      default: {error_code_o, error_op_o, error_value_o} <= {over_code_i, over_place_i,
                                                            over_value_i};
    endcase
  end

  // Nothing is executed but of a block whose CRC held and in which nothing was wrong.
  `TRINE_ASSERT(a_block_held, !rst_ni || stopped_i || !go_o || checked_q
                || (match_q && !block_bad_i))
  `TRINE_ASSERT(a_over_when_executing, !rst_ni || stopped_i || !over_i || state_q == StExecute)
  `TRINE_ASSERT(a_list_goes_on, !rst_ni || stopped_i || state_q != StAsk || rest_q != '0)

endmodule

`default_nettype wire
