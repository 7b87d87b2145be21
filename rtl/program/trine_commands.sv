// SPDX-License-Identifier: Apache-2.0
// trine_commands: the program unit of the chip: it fetches, checks and carries out the programs of
// all slots. A program is a thread, that of the core of rank 0, which also asks memory for it.
//
// The threads' turns (trine_threads), what is fetched for them (trine_lists), the unit that serves
// one at a time (trine_program) with its blocks (trine_block), operations (trine_execute) and LOADs
// (trine_load). What goes to the cores stands for all of them; select_o and load_select_o name
// those it is for, and what each core says of an operation comes back (trine_orders).
//
// cycle        0      1      2      3      ...   n      n+1    n+2
// start_i      1      .      .      .            .      .      .
// running_o    .      1      1      1            1      1      .      until done or stopped
// turn         .      .      .      Take         .      .      .      and so on: trine_program
`default_nettype none
`include "trine_assert.svh"

module trine_commands #(
    parameter int unsigned Cores = 2,
    parameter int unsigned Contexts = 8,
    parameter int unsigned Lanes = 8,
    parameter int unsigned BusBytes = 8,
    parameter int unsigned XSlots = 4,
    parameter int unsigned WordBytes = 64,
    parameter int unsigned WeightWords = 8192,
    parameter int unsigned ParamRows = 8192,
    parameter int unsigned RingBytes = 32768,
    parameter int unsigned RingWords = 4096,
    parameter int unsigned StateUnits = 4096,
    parameter int unsigned TailRows = 4,
    parameter int unsigned WriterBytes = 8192,
    parameter int unsigned TableEntries = 512,
    parameter int unsigned MemBytes = 8,
    localparam int unsigned BankBits = (WordBytes > MemBytes) ? $clog2(WordBytes / MemBytes) : 1
) (
    input  wire logic                             clk_i,
    input  wire logic                             rst_ni,
    // Controller, by core.
    input  wire logic [Cores-1:0]                 start_i,
    input  wire logic [Cores-1:0]                 stop_i,
    input  wire logic [Cores*4-1:0]               rank_i,
    input  wire logic [Cores*5-1:0]               ranks_i,
    input  wire logic [Cores*2-1:0]               mode_i,
    input  wire logic [Cores*32-1:0]              program_i,
    input  wire logic [Cores-1:0]                 fresh_i,
    input  wire logic [Cores-1:0]                 repeat_i,
    input  wire logic [31:0]                      config_hash_i,   // constant
    output      logic [Cores-1:0]                 running_o,
    output      logic [Cores-1:0]                 done_o,
    output      logic [Cores-1:0]                 waiting_o,       // for words of the list
    output      logic [Cores-1:0]                 loading_o,
    output      logic [Cores-1:0]                 repeats_o,
    output      logic [Cores-1:0]                 progress_o,
    output      logic [Cores-1:0]                 error_valid_o,   // a pulse
    output      logic [7:0]                       error_code_o,
    output      logic [31:0]                      error_op_o,
    output      logic [31:0]                      error_value_o,
    // Operations.
    output      logic [Cores-1:0]                 select_o,
    output      logic [Cores-1:0]                 names_o,         // those and the one of rank 0
    output      logic [31:0]                      place_o,         // of the operation in the list
    output      logic [7:0]                       op_o,
    output      logic [31:0]                      arg1_o,
    output      logic [31:0]                      arg2_o,
    output      logic [31:0]                      arg3_o,
    output      logic [31:0]                      arg4_o,
    output      logic [31:0]                      arg5_o,
    output      logic [31:0]                      arg6_o,
    output      logic [31:0]                      word_o,
    output      logic                             context_we_o,    // word_o is a word of CONTEXT
    output      logic [3:0]                       context_word_o,
    output      logic                             stream_we_o,     // of READ, WRITE or TABLE
    output      logic [6:0]                       stream_word_o,
    output      logic [15:0]                      table_index_o,
    output      logic                             checks_o,
    output      logic                             exec_o,
    output      logic [Cores-1:0]                 clear_o,
    // What the cores say.
    input  wire logic [Cores-1:0]                 clearing_i,
    input  wire logic [Cores-1:0]                 stream_wait_i,
    input  wire logic [Cores-1:0]                 wait_i,
    input  wire logic [Cores*8-1:0]               error_i,
    input  wire logic [Cores-1:0]                 quiet_i,
    input  wire logic [Cores*17-1:0]              param_beats_i,
    // LOAD.
    output      logic [Cores-1:0]                 load_select_o,
    output      logic                             weight_we_o,
    output      logic [31:0]                      weight_waddr_o,  // words
    output      logic [BankBits-1:0]              weight_bank_o,   // beat of a word
    output      logic [MemBytes*8-1:0]            beat_o,
    output      logic                             param_we_o,
    output      logic [15:0]                      param_row_o,
    output      logic [trine_pkg::PARAM_BITS-1:0] param_data_o,
    output      logic                             ring_valid_o,
    input  wire logic [Cores-1:0]                 ring_ready_i,
    output      logic [31:0]                      ring_addr_o,
    output      logic [31:0]                      ring_data_o,
    output      logic                             state_we_o,
    output      logic [15:0]                      state_waddr_o,
    output      logic [15:0]                      state_wdata_o,
    // Front end, by core.
    output      logic [Cores-1:0]                 fetch_valid_o,
    input  wire logic [Cores-1:0]                 fetch_ready_i,
    output      logic [Cores*32-1:0]              fetch_offset_o,
    output      logic [Cores*5-1:0]               fetch_beats_o,
    input  wire logic [Cores-1:0]                 fetch_valid_i,
    input  wire logic [MemBytes*8-1:0]            fetch_data_i
);

  localparam int unsigned CoreBits = (Cores > 1) ? $clog2(Cores) : 1;
  localparam int unsigned BeatBits = 32 - $clog2(MemBytes);
  localparam int unsigned PlaceBits = (MemBytes < 16) ? 10 - $clog2(MemBytes) : 6;
  localparam int unsigned WordShift = $clog2(MemBytes / 4);
  localparam int unsigned WordBits = PlaceBits + WordShift;
  localparam int unsigned ListBits = trine_records_pkg::LIST_BITS;

  // Sizes of the buffers, in what a LOAD counts them in.
  localparam int unsigned WeightBeats = WeightWords << BankBits;
  localparam int unsigned MostRows = (ParamRows * 4 > StateUnits) ? ParamRows * 4 : StateUnits;
  localparam int unsigned MostBytes = (RingBytes > MostRows) ? RingBytes : MostRows;
  localparam int unsigned Most = (WeightBeats > MostBytes) ? WeightBeats : MostBytes;
  localparam int unsigned AddrBits = $clog2(Most) + 1;
  localparam int unsigned CountBits = (AddrBits > ListBits) ? AddrBits : ListBits + 1;
  localparam int unsigned BlockBits = 14;
  localparam int unsigned LoadBits = 2 + CoreBits + AddrBits + CountBits;
  localparam int unsigned KeptBits = BlockBits + 47 + 3 * ListBits + WordBits + LoadBits;

  // ---- Threads.
  logic                 ready, others, take, stopped, put, put_repeats, clears, clear_q;
  logic                 slot_quiet;
  logic [CoreBits-1:0]  thread;
  logic [Cores-1:0]     slot;
  logic [3:0]           stage, put_stage;
  logic [KeptBits-1:0]  kept, put_kept;
  logic [Cores-1:0]     head_there, list_there, piece_there, all_there;

  // ---- Rings.
  logic                  begins, more, ends, asked, frees;
  logic [BeatBits-1:0]   first_beat;
  logic [CountBits-1:0]  count;
  logic [PlaceBits-1:0]  free_place, load_place;
  logic [PlaceBits:0]    there;
  logic [WordBits-1:0]   program_word, execute_word, word_place;
  logic [MemBytes*8-1:0] ring_beat;

  // ---- Blocks.
  logic                 block_begin, block_valid, block_covered, block_end, block_wrong, block_bad;
  logic                 block_repeats;
  logic [BlockBits-1:0] block_before, block_kept;
  logic [4:0]           block_ranks;
  logic [15:0]          block_mask;
  logic [ListBits-1:0]  block_place, block_op, block_head;
  logic [ListBits:0]    block_spare;
  logic [7:0]           block_code;
  logic [31:0]          block_value;
  logic [6:0]           block_words;
  logic [16:0]          param_beats_q, param_beats;

  // ---- Operations and LOADs.
  logic                 go, over, over_fail, load_start, load_busy, load_bad, load_ready;
  logic                 load_take, load_new, load_over;
  logic [6:0]           go_read, over_read, go_words;
  logic [WordBits-1:0]  go_base, load_word, load_at;
  logic [ListBits-1:0]  go_head, place, error_op;
  logic [3:0]           over_stage;
  logic [7:0]           over_code;
  logic [Cores-1:0]     refuser;
  logic [CoreBits-1:0]  load_core, new_core;
  logic [CountBits-1:0] load_beats;
  logic [LoadBits-1:0]  load_before, load_kept;
  logic [31:0]          load_value;

  trine_threads #(
      .Cores(Cores), .KeptBits(KeptBits)
  ) u_threads (
      .clk_i, .rst_ni, .stop_i, .start_i, .rank_i, .repeat_i, .running_o, .done_o, .waiting_o,
      .loading_o, .repeats_o, .progress_o, .quiet_i, .head_i(head_there), .list_i(list_there),
      .piece_i(piece_there), .all_i(all_there), .ready_o(ready), .others_o(others), .take_i(take),
      .thread_o(thread), .slot_o(slot), .stopped_o(stopped), .stage_o(stage), .quiet_o(slot_quiet),
      .kept_o(kept), .put_i(put), .stage_i(put_stage), .kept_i(put_kept), .repeats_i(put_repeats)
  );

  trine_lists #(
      .Threads(Cores), .MemBytes(MemBytes), .CountBits(CountBits)
  ) u_lists (
      .clk_i, .rst_ni, .flush_i(stop_i), .thread_i(thread), .begin_i(begins && !stopped),
      .more_i(more && !stopped), .end_i(ends && !stopped), .asked_o(asked), .beat_i(first_beat),
      .count_i(count), .free_i(frees), .free_place_i(free_place), .there_o(there),
      .place_i(load_busy ? load_place : word_place[WordBits-1:WordShift]), .beat_o(ring_beat),
      .head_o(head_there), .list_o(list_there), .piece_o(piece_there), .all_o(all_there),
      .fetch_valid_o, .fetch_ready_i, .fetch_offset_o, .fetch_beats_o, .fetch_valid_i, .fetch_data_i
  );

  // A word of a beat.
  logic executes_q;
  always_ff @(posedge clk_i) executes_q <= rst_ni && !stopped && (go || (executes_q && !over));
  assign word_place = (go || executes_q) ? execute_word : program_word;

  if (WordShift > 0) begin : gen_select
    logic [WordShift-1:0] part_q, part_q2;
    always_ff @(posedge clk_i) begin
      part_q <= word_place[WordShift-1:0];
      part_q2 <= part_q;
    end
    assign word_o = ring_beat[{part_q2, 5'd0} +: 32];
  end else begin : gen_whole
    assign word_o = ring_beat;
  end

  trine_program #(
      .Cores(Cores), .MemBytes(MemBytes), .PlaceBits(PlaceBits), .CountBits(CountBits),
      .LoadBits(LoadBits)
  ) u_program (
      .clk_i, .rst_ni, .ranks_i, .mode_i, .program_i, .fresh_i, .config_hash_i, .ready_i(ready),
      .others_i(others), .take_o(take), .thread_i(thread), .stopped_i(stopped), .stage_i(stage),
      .kept_i(kept), .put_o(put), .stage_o(put_stage), .kept_o(put_kept), .repeats_o(put_repeats),
      .begin_o(begins), .more_o(more), .beat_o(first_beat), .count_o(count), .asked_i(asked),
      .all_i(all_there[thread]), .piece_i(piece_there[thread]), .free_o(frees),
      .free_place_o(free_place), .word_o(program_word), .word_i(word_o),
      .block_begin_o(block_begin), .block_before_o(block_before), .block_kept_i(block_kept),
      .block_ranks_o(block_ranks), .block_valid_o(block_valid), .block_place_o(block_place),
      .block_spare_o(block_spare), .block_covered_i(block_covered), .block_end_i(block_end),
      .block_wrong_i(block_wrong), .block_bad_i(block_bad), .block_code_i(block_code),
      .block_op_i(block_op), .block_value_i(block_value), .block_head_i(block_head),
      .block_words_i(block_words), .block_repeats_i(block_repeats), .go_o(go), .go_read_o(go_read),
      .go_words_o(go_words), .go_base_o(go_base), .go_head_o(go_head), .over_i(over),
      .over_stage_i(over_stage), .over_read_i(over_read), .over_fail_i(over_fail),
      .over_code_i(over_code), .over_value_i(arg1_o), .over_core_i(refuser), .over_place_i(place),
      .clearing_i((clearing_i & slot) != '0), .quiet_i(slot_quiet), .clear_o(clears),
      .load_take_o(load_take), .load_before_o(load_before), .load_kept_i(load_kept),
      .load_new_o(load_new), .load_core_i(load_core), .load_start_o(load_start),
      .load_word_o(load_word), .load_busy_i(load_busy), .load_over_i(load_over),
      .load_word_i(load_at), .load_bad_i(load_bad), .load_value_i(load_value),
      .new_beats_i(load_beats), .new_beat_i(arg4_o[31:$clog2(MemBytes)]), .error_valid_o,
      .error_code_o, .error_op_o(error_op), .error_value_o
  );

  // It goes to all rooms of its cores: from a register.
  always_ff @(posedge clk_i) clear_q <= rst_ni && clears;
  assign clear_o = (clear_q && !stopped) ? slot : '0;
  assign error_op_o = 32'(error_op);
  assign place_o = 32'(place);
  assign names_o = select_o | (Cores'(1) << thread);

  trine_execute #(
      .Cores(Cores), .WordBits(WordBits)
  ) u_execute (
      .clk_i, .rst_ni, .flush_i(stopped), .go_i(go), .read_i(go_read), .words_i(go_words),
      .base_i(go_base), .head_i(go_head), .slot_i(slot), .rank_i, .others_i(others),
      .all_i(all_there[thread]), .end_o(ends), .word_o(execute_word), .word_i(word_o),
      .over_o(over), .stage_o(over_stage), .read_o(over_read), .fail_o(over_fail),
      .code_o(over_code), .refuser_o(refuser), .select_o, .place_o(place), .op_o, .arg1_o, .arg2_o,
      .arg3_o, .arg4_o, .arg5_o, .arg6_o, .context_we_o, .context_word_o, .stream_we_o,
      .stream_word_o, .table_index_o, .checks_o, .exec_o, .stream_wait_i, .wait_i, .error_i
  );

  trine_block #(
      .Contexts(Contexts), .Lanes(Lanes), .BusBytes(BusBytes), .XSlots(XSlots),
      .WeightWords(WeightWords), .ParamRows(ParamRows), .RingBytes(RingBytes),
      .RingWords(RingWords), .StateUnits(StateUnits), .WriterBytes(WriterBytes),
      .TableEntries(TableEntries), .MemBytes(MemBytes), .TailRows(TailRows)
  ) u_block (
      .clk_i, .rst_ni, .begin_i(block_begin), .before_i(block_before), .kept_o(block_kept),
      .ranks_i(block_ranks), .mask_o(block_mask), .param_beats_i(param_beats_q),
      .valid_i(block_valid), .word_i(word_o), .place_i(block_place), .spare_i(block_spare),
      .covered_o(block_covered), .end_o(block_end), .wrong_o(block_wrong), .bad_o(block_bad),
      .bad_code_o(block_code), .bad_place_o(block_op), .bad_value_o(block_value),
      .head_place_o(block_head), .words_o(block_words), .repeats_o(block_repeats)
  );

  // Parameters that all cores of the operation at hand have loaded: a CONTEXT says seven words
  // before it asks.
  always_comb begin
    param_beats = '1;
    for (int c = 0; c < Cores; c++) begin
      if (slot[c] && block_mask[rank_i[c*4 +: 4]] && param_beats_i[c*17 +: 17] < param_beats) begin
        param_beats = param_beats_i[c*17 +: 17];
      end
    end
  end

  always_ff @(posedge clk_i) param_beats_q <= param_beats;

  // ---- LOADs.
  always_comb begin
    new_core = '0;
    load_select_o = Cores'(1) << load_core;
    for (int c = 0; c < Cores; c++) if (select_o[c]) new_core = new_core | CoreBits'(c);
  end

  assign load_ready = (ring_ready_i & load_select_o) != '0;

  trine_load #(
      .MemBytes(MemBytes), .WordBytes(WordBytes), .PlaceBits(PlaceBits), .CoreBits(CoreBits),
      .AddrBits(AddrBits), .CountBits(CountBits)
  ) u_load (
      .clk_i, .rst_ni, .flush_i(stopped), .take_i(load_take), .kept_i(load_before),
      .kept_o(load_kept), .new_i(load_new), .core_i(new_core), .arg1_i(arg1_o), .arg2_i(arg2_o),
      .arg3_i(arg3_o), .beats_o(load_beats), .core_o(load_core), .start_i(load_start),
      .word_i(load_word), .there_i(there), .busy_o(load_busy), .over_o(load_over), .word_o(load_at),
      .bad_o(load_bad), .value_o(load_value), .place_o(load_place), .beat_i(ring_beat),
      .weight_we_o, .weight_waddr_o, .weight_bank_o, .beat_o, .param_we_o, .param_row_o,
      .param_data_o, .ring_valid_o, .ring_ready_i(load_ready), .ring_addr_o, .ring_data_o,
      .state_we_o, .state_waddr_o, .state_wdata_o
  );

  `TRINE_ASSERT(a_loads_in_its_slot, !rst_ni || stopped || !load_busy
                || (load_select_o & ~slot) == '0)

endmodule

`default_nettype wire
