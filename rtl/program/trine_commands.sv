// SPDX-License-Identifier: Apache-2.0
// trine_commands: the program side of a core: fetch unit, program, checks of its words and
// operations, and the transfers of LOAD and SAVE.
//
// One fetch unit serves the program and, while a transfer runs, the transfer: the program stops its
// own stream before a LOAD and starts it again behind it.
//
// cycle           0       1       2 ...     n        n+1
// program         Check   Stop    Exec      Transfer ListStart
// fetch           list    drain   data ...  .        list
`default_nettype none
`include "trine_assert.svh"

module trine_commands #(
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
    parameter int unsigned WriterBytes = 8192,
    parameter int unsigned TableEntries = 512,
    parameter int unsigned MemBytes = 8,
    parameter int unsigned TailRows = 4,
    localparam int unsigned BankBits = (WordBytes > MemBytes) ? $clog2(WordBytes / MemBytes) : 1
) (
    input  wire logic                             clk_i,
    input  wire logic                             rst_ni,
    input  wire logic                             flush_i,
    // Controller.
    input  wire logic                             start_i,
    input  wire logic [3:0]                       rank_i,
    input  wire logic [4:0]                       ranks_i,
    input  wire logic [1:0]                       mode_i,
    input  wire logic [31:0]                      program_i,
    input  wire logic                             fresh_i,
    input  wire logic                             repeat_i,
    input  wire logic [31:0]                      config_hash_i,
    input  wire logic                             barrier_go_i,
    output      logic                             done_o,
    output      logic                             repeats_o,
    output      logic                             barrier_o,
    output      logic                             loading_o,
    output      logic                             waiting_o,
    output      logic                             running_o,
    output      logic                             error_valid_o,
    output      logic [7:0]                       error_code_o,
    output      logic [31:0]                      error_op_o,
    output      logic [31:0]                      error_value_o,
    // Operations carried out elsewhere.
    output      logic [7:0]                       op_o,
    output      logic                             exec_o,
    output      logic [31:0]                      arg1_o,
    output      logic [31:0]                      arg2_o,
    output      logic [31:0]                      arg3_o,
    output      logic [31:0]                      arg5_o,
    output      logic [31:0]                      word_o,
    output      logic                             context_we_o,
    output      logic [3:0]                       context_word_o,
    output      logic                             stream_we_o,
    output      logic [5:0]                       stream_word_o,
    input  wire logic                             stream_wait_i,
    output      logic [15:0]                      table_index_o,
    output      logic                             clear_o,
    input  wire logic                             clearing_i,
    input  wire logic                             channel_refused_i,
    input  wire logic [15:0]                      channel_words_i,
    input  wire logic                             missing_i,
    input  wire logic                             run_ready_i,
    input  wire logic                             stream_busy_i,
    input  wire logic                             run_done_i,
    // Local buffers.
    output      logic [31:0]                      weight_end_o,  // words loaded since fresh
    output      logic                             weight_we_o,
    output      logic [31:0]                      weight_waddr_o,
    output      logic [BankBits-1:0]              weight_bank_o,
    output      logic [MemBytes*8-1:0]            beat_o,
    output      logic                             param_we_o,
    output      logic [15:0]                      param_row_o,
    output      logic [trine_pkg::PARAM_BITS-1:0] param_data_o,
    output      logic [31:0]                      ring_end_o,    // bytes wiped since fresh
    output      logic                             ring_valid_o,
    input  wire logic                             ring_ready_i,
    output      logic [31:0]                      ring_addr_o,
    output      logic [31:0]                      ring_data_o,
    output      logic                             wipe_valid_o,  // a word of the writers' RAM
    input  wire logic                             wipe_ready_i,
    output      logic [15:0]                      wipe_addr_o,
    output      logic                             wipe_urgent_o,
    output      logic                             wipe_waits_o,  // an operation does: no standstill
    output      logic                             state_we_o,
    output      logic [15:0]                      state_waddr_o,
    output      logic [15:0]                      state_wdata_o,
    output      logic                             state_re_o,
    output      logic [15:0]                      state_raddr_o,
    input  wire logic [23:0]                      state_rdata_i,
    // Front end.
    output      logic                             rd_valid_o,
    input  wire logic                             rd_ready_i,
    output      logic [31:0]                      rd_offset_o,
    output      logic [4:0]                       rd_beats_o,
    input  wire logic                             rd_data_valid_i,
    input  wire logic [MemBytes*8-1:0]            rd_data_i,
    output      logic                             wr_valid_o,
    input  wire logic                             wr_ready_i,
    output      logic [31:0]                      wr_offset_o,
    output      logic [MemBytes*8-1:0]            wr_data_o,
    output      logic [MemBytes-1:0]              wr_strb_o,
    input  wire logic                             wr_done_i
);

  logic        fetch_stop, fetch_idle, fetch_beats, word_valid, beat_valid, program_start;
  logic        program_ready, transfer_start, transfer_ready, transfer_busy, transfer_bad;
  logic        is_load, is_save, checks, remains, unwritten, forget, wipe_ring, load_ring, unused;
  logic        list_begins, block_valid, block_covered, block_end, block_wrong, block_bad;
  logic [trine_records_pkg::LIST_BITS-1:0] block_place, block_op, block_head;
  logic [trine_records_pkg::LIST_BITS:0] block_spare;
  logic [MemBytes*8-1:0] beat;
  logic [31:0] block_value, word, arg4, arg6, wipe_ring_addr, load_ring_addr;
  logic [31:0] program_offset, transfer_offset, transfer_addr, transfer_items;

  // Sizes of the buffers, in what a transfer counts them in.
  localparam int unsigned WeightBeats = WeightWords * (WordBytes / MemBytes);
  localparam int unsigned MostRows = (ParamRows * 4 > StateUnits) ? ParamRows * 4 : StateUnits;
  localparam int unsigned MostBytes = (RingBytes > MostRows) ? RingBytes : MostRows;
  localparam int unsigned Most = (WeightBeats > MostBytes) ? WeightBeats : MostBytes;
  localparam int unsigned AddrBits = $clog2(Most) + 1;
  localparam int unsigned ListBits = trine_records_pkg::LIST_BITS;
  localparam int unsigned CountBits = (AddrBits > ListBits) ? AddrBits : ListBits + 1;
  logic [ListBits-1:0]  program_count;
  logic [CountBits-1:0] transfer_count;
  logic [7:0]  op_error, block_code;
  logic [6:0]  block_words;
  logic [5:0]  block_index;
  logic [5:0]  saves_q;
  logic        setup_q;      // from the sweep of a program from scratch to the first barrier or use

  // What was loaded since the core changed hands: from the start of the buffers up to these marks,
  // without a gap. Contexts name no more of them, so nothing of the last owner is ever read.
  localparam int unsigned WeightBits = $clog2(WeightWords) + 1;
  localparam int unsigned ParamBits = $clog2(ParamRows) + 1;
  logic [WeightBits-1:0] weight_end_q, weight_last_q;
  logic [ParamBits-1:0]  param_end_q, param_last_q;
  logic [16:0]           param_beats;
  logic                  to_weights, to_params, gap_q, more_weights_q, more_params_q;

  assign to_weights = arg1_o[1:0] == trine_records_pkg::LOAD_WEIGHTS;
  assign to_params = arg1_o[1:0] == trine_records_pkg::LOAD_PARAMS;

  // A LOAD's places are there in the cycle before its last word, and it acts three cycles later.
  always_ff @(posedge clk_i) begin
    gap_q <= (to_weights && arg2_o[WeightBits-1:0] > weight_end_q)
             || (to_params && arg2_o[ParamBits-1:0] > param_end_q);
    weight_last_q <= arg2_o[WeightBits-1:0] + arg3_o[WeightBits-1:0];
    param_last_q <= arg2_o[ParamBits-1:0] + arg3_o[ParamBits-1:0];
    more_weights_q <= to_weights && weight_last_q > weight_end_q;
    more_params_q <= to_params && param_last_q > param_end_q;
  end

  assign weight_end_o = 32'(weight_end_q);
  assign param_beats = 17'(32'(param_end_q) / TailRows);

  assign forget = start_i && fresh_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || forget) begin
      weight_end_q <= '0;
      param_end_q <= '0;
    end else if (is_load) begin
      if (more_weights_q) weight_end_q <= weight_last_q;
      if (more_params_q) param_end_q <= param_last_q;
    end
  end

  `TRINE_ASSERT(a_loaded, !rst_ni || (32'(weight_end_q) <= WeightWords
                && 32'(param_end_q) <= ParamRows))

  assign is_load = exec_o && op_o == trine_records_pkg::OP_LOAD;
  assign is_save = exec_o && op_o == trine_records_pkg::OP_SAVE;
  assign transfer_offset = is_load ? arg4 : arg3_o;
  assign transfer_addr = is_load ? arg2_o : arg1_o;
  assign transfer_items = is_load ? arg3_o : arg2_o;
  assign unused = &{1'b0, transfer_addr, transfer_items, arg6};

  // SAVE asks for one beat at a time; this counts those without a response.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) saves_q <= 6'd0;
    else saves_q <= saves_q + 6'(wr_valid_o && wr_ready_i) - 6'(wr_done_i);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i || start_i) setup_q <= 1'b0;
    else if (clear_o) setup_q <= 1'b1;
    else if (exec_o && (op_o == trine_records_pkg::OP_BARRIER
                        || op_o == trine_records_pkg::OP_READ
                        || op_o == trine_records_pkg::OP_WRITE
                        || op_o == trine_records_pkg::OP_RUN)) begin
      setup_q <= 1'b0;
    end
  end

  trine_program #(
      .MemBytes(MemBytes)
  ) u_program (
      .clk_i, .rst_ni, .flush_i,
      .start_i, .rank_i, .ranks_i, .mode_i, .program_i, .fresh_i, .repeat_i, .config_hash_i,
      .barrier_go_i, .done_o, .barrier_o, .loading_o, .waiting_o, .running_o,
      .error_valid_o, .error_code_o, .error_op_o, .error_value_o,
      .fetch_start_o(program_start), .fetch_offset_o(program_offset),
      .fetch_count_o(program_count), .fetch_stop_o(fetch_stop), .fetch_idle_i(fetch_idle),
      .word_valid_i(word_valid && !transfer_busy), .word_ready_o(program_ready), .word_i(word),
      .list_begins_o(list_begins), .block_valid_o(block_valid), .block_place_o(block_place),
      .block_spare_o(block_spare), .block_covered_i(block_covered), .block_end_i(block_end),
      .block_wrong_i(block_wrong),
      .block_bad_i(block_bad), .block_code_i(block_code), .block_op_i(block_op),
      .block_value_i(block_value), .block_head_i(block_head), .block_words_i(block_words),
      .block_index_o(block_index), .block_word_i(word_o),
      .arg1_o, .arg2_o, .arg3_o, .arg4_o(arg4), .arg5_o, .arg6_o(arg6),
      .clear_o, .clearing_i, .context_we_o, .context_word_o,
      .stream_we_o, .stream_word_o, .stream_wait_i, .table_index_o,
      .exec_op_o(op_o), .exec_error_i(op_error), .exec_o,
      .transfer_busy_i(transfer_busy), .transfer_bad_i(transfer_bad),
      .saves_done_i(saves_q == 6'd0), .run_ready_i, .checks_o(checks), .remains_i(remains),
      .run_done_i
  );

  trine_block #(
      .Contexts(Contexts), .Lanes(Lanes), .BusBytes(BusBytes), .XSlots(XSlots),
      .WeightWords(WeightWords), .ParamRows(ParamRows), .RingBytes(RingBytes),
      .RingWords(RingWords), .StateUnits(StateUnits), .WriterBytes(WriterBytes),
      .TableEntries(TableEntries), .MemBytes(MemBytes), .TailRows(TailRows)
  ) u_block (
      .clk_i, .rst_ni, .clear_i(flush_i || list_begins), .rank_i,
      .param_beats_i(param_beats), .valid_i(block_valid),
      .word_i(word), .place_i(block_place), .spare_i(block_spare), .covered_o(block_covered),
      .end_o(block_end), .wrong_o(block_wrong), .bad_o(block_bad), .bad_code_o(block_code),
      .bad_place_o(block_op),
      .bad_value_o(block_value), .head_place_o(block_head), .words_o(block_words), .repeats_o,
      .index_i(block_index), .word_o
  );

  // Looked up with arguments that are there since two cycles or more.
  logic [15:0] words_q;
  logic        refused_q, busy_q;
  always_ff @(posedge clk_i) begin
    words_q <= channel_words_i;
    refused_q <= channel_refused_i;
    busy_q <= stream_busy_i;
  end

  trine_checks #(
      .BusBytes(BusBytes), .MemBytes(MemBytes)
  ) u_checks (
      .op_i(op_o), .row_bytes_i(arg4[15:0]), .slot_words_i(arg6[31:16]),
      .channel_words_i(words_q), .channel_refused_i(refused_q), .missing_i,
      .stream_busy_i(busy_q), .setup_i(setup_q),
      .gap_i(unwritten || (gap_q && op_o == trine_records_pkg::OP_LOAD)), .error_o(op_error)
  );

  trine_remains #(
      .XSlots(XSlots), .RingBytes(RingBytes), .RingWords(RingWords), .WriterBytes(WriterBytes),
      .TableEntries(TableEntries), .MemBytes(MemBytes)
  ) u_remains (
      .clk_i, .rst_ni, .forget_i(forget), .asks_i(checks), .op_i(op_o), .arg1_i(arg1_o),
      .arg2_i(arg2_o), .arg3_i(arg3_o), .arg5_i(arg5_o), .arg6_i(arg6), .exec_i(exec_o),
      .table_we_i(stream_we_o && op_o == trine_records_pkg::OP_TABLE && stream_word_o != 6'd1),
      .table_index_i(table_index_o), .wait_o(remains), .unwritten_o(unwritten),
      .ring_valid_o(wipe_ring), .ring_ready_i(ring_ready_i && !load_ring),
      .ring_addr_o(wipe_ring_addr), .ring_end_o, .row_valid_o(wipe_valid_o),
      .row_ready_i(wipe_ready_i), .row_addr_o(wipe_addr_o), .row_urgent_o(wipe_urgent_o)
  );

  assign wipe_waits_o = checks && remains;
  assign ring_valid_o = load_ring || wipe_ring;
  assign ring_addr_o = load_ring ? load_ring_addr : wipe_ring_addr;
  assign ring_data_o = load_ring ? word : 32'd0;

  trine_fetch #(
      .MemBytes(MemBytes), .CountBits(CountBits)
  ) u_fetch (
      .clk_i, .rst_ni, .flush_i,
      .start_i(program_start || transfer_start), .beats_i(transfer_start && fetch_beats),
      .offset_i(transfer_start ? transfer_offset : program_offset),
      .count_i(transfer_start ? transfer_count : CountBits'(program_count)),
      .stop_i(fetch_stop), .idle_o(fetch_idle),
      .word_valid_o(word_valid), .word_ready_i(transfer_busy ? transfer_ready : program_ready),
      .word_o(word), .beat_valid_o(beat_valid), .beat_o(beat),
      .rd_valid_o, .rd_ready_i, .rd_offset_o, .rd_beats_o, .rd_data_valid_i, .rd_data_i
  );

  trine_transfer #(
      .MemBytes(MemBytes), .WordBytes(WordBytes), .AddrBits(AddrBits), .CountBits(CountBits)
  ) u_transfer (
      .clk_i, .rst_ni, .flush_i,
      .load_i(is_load), .save_i(is_save), .target_i(arg1_o[1:0]),
      .addr_i(transfer_addr[AddrBits-1:0]), .count_i(transfer_items[CountBits-1:0]),
      .offset_i(transfer_offset), .busy_o(transfer_busy), .bad_o(transfer_bad),
      .fetch_start_o(transfer_start), .fetch_beats_o(fetch_beats), .fetch_count_o(transfer_count),
      .word_valid_i(word_valid), .word_ready_o(transfer_ready), .word_i(word),
      .beat_valid_i(beat_valid), .beat_i(beat), .beat_o,
      .weight_we_o, .weight_waddr_o, .weight_bank_o, .param_we_o, .param_row_o, .param_data_o,
      .ring_valid_o(load_ring), .ring_ready_i, .ring_addr_o(load_ring_addr),
      .state_we_o, .state_waddr_o, .state_wdata_o, .state_re_o, .state_raddr_o, .state_rdata_i,
      .wr_valid_o, .wr_ready_i, .wr_offset_o, .wr_data_o, .wr_strb_o
  );

endmodule

`default_nettype wire
