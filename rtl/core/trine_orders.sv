// SPDX-License-Identifier: Apache-2.0
// trine_orders: a core's side of the program unit: which operations are for this core, whether they
// may be carried out as the core is, what was loaded into it, and its SAVEs.
//
// The operation at hand and its arguments are levels of the unit, the same for all cores; select_i
// names those it is for. error_o (a code of trine_checks) and wait_o tell of it a cycle later; the
// unit looks at them before it says exec_i, and only then anything is done: from a register here,
// since what the unit says comes from the answers of all cores and goes to all of them. So do the
// words of a CONTEXT, as they come, with the context that the first of them names. quiet_o:
// steps, rows, words and SAVEs of the core are through, and nothing of it is on its way.
//
// cycle        0      1      2      3      4
// op, args     A      A      A      .      .      from two cycles before, as the unit has them
// error_o ..   .      A      A      .      .
// exec_i       .      1      .      .      .      of A: error_o and wait_o were 0
// exec_o       .      .      1      .      .
// context_we_i A      .      .      .      .      words of a CONTEXT
// context_we_o .      A      .      .      .
// quiet_o      .      .      .      0      .      of what was carried out
`default_nettype none
`include "trine_assert.svh"

module trine_orders #(
    parameter int unsigned BusBytes = 8,
    parameter int unsigned XSlots = 4,
    parameter int unsigned WeightWords = 8192,
    parameter int unsigned ParamRows = 8192,
    parameter int unsigned RingBytes = 32768,
    parameter int unsigned RingWords = 4096,
    parameter int unsigned TailRows = 4,
    parameter int unsigned WriterBytes = 8192,
    parameter int unsigned TableEntries = 512,
    parameter int unsigned MemBytes = 8
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic                  flush_i,
    input  wire logic                  start_i,
    input  wire logic                  fresh_i,
    // The unit.
    input  wire logic                  select_i,
    input  wire logic                  names_i,       // errors of the core name it
    input  wire logic [31:0]           place_i,       // of the operation in the list
    input  wire logic [7:0]            op_i,
    input  wire logic [31:0]           arg1_i,
    input  wire logic [31:0]           arg2_i,
    input  wire logic [31:0]           arg3_i,
    input  wire logic [31:0]           arg4_i,
    input  wire logic [31:0]           arg5_i,
    input  wire logic [31:0]           arg6_i,
    input  wire logic                  table_we_i,
    input  wire logic [15:0]           table_index_i,
    input  wire logic                  context_we_i,  // word context_word_i of a CONTEXT
    input  wire logic [3:0]            context_word_i,
    input  wire logic [31:0]           word_i,
    output      logic                  context_we_o,
    output      logic [3:0]            context_number_o,
    output      logic [3:0]            context_word_o,
    output      logic [31:0]           context_data_o,
    input  wire logic                  checks_i,      // it is about to be carried out
    input  wire logic                  exec_i,
    input  wire logic                  clear_i,       // a list from scratch begins
    output      logic                  wait_o,
    output      logic [7:0]            error_o,
    output      logic                  quiet_o,
    output      logic                  exec_o,
    output      logic                  channel_o,     // exec_o of a CHANNEL, and so on
    output      logic                  context_o,
    output      logic                  read_o,
    output      logic                  write_o,
    output      logic                  run_o,
    output      logic                  read_op_o,     // the operation at hand is a READ
    output      logic                  write_op_o,
    output      logic [31:0]           place_o,       // of the last that names_i named
    // What the core says of it.
    input  wire logic                  channel_refused_i,
    input  wire logic [15:0]           channel_words_i,
    input  wire logic                  missing_i,
    input  wire logic [1:0]            readers_active_i,
    input  wire logic [1:0]            writers_active_i,
    input  wire logic                  run_ready_i,   // the RUN before has its step counts written
    input  wire logic                  run_done_i,    // steps and streams are through
    // What was loaded, and what is wiped: up to these places.
    output      logic [31:0]           weight_end_o,  // words
    output      logic [31:0]           ring_end_o,    // bytes
    output      logic [16:0]           param_beats_o,
    // Rings: a LOAD, or zeros.
    input  wire logic                  load_valid_i,
    output      logic                  load_ready_o,
    input  wire logic [31:0]           load_addr_i,
    input  wire logic [31:0]           load_data_i,
    output      logic                  ring_valid_o,
    input  wire logic                  ring_ready_i,
    output      logic [31:0]           ring_addr_o,
    output      logic [31:0]           ring_data_o,
    // Zeros for the writers' RAM.
    output      logic                  wipe_valid_o,
    input  wire logic                  wipe_ready_i,
    output      logic [15:0]           wipe_addr_o,
    output      logic                  wipe_urgent_o,
    output      logic                  wipe_waits_o,
    // SAVE.
    output      logic                  state_re_o,
    output      logic [15:0]           state_raddr_o,
    input  wire logic [23:0]           state_rdata_i,
    output      logic                  save_valid_o,
    input  wire logic                  save_ready_i,
    input  wire logic                  save_done_i,
    output      logic [31:0]           save_offset_o,
    output      logic [MemBytes*8-1:0] save_data_o,
    output      logic [MemBytes-1:0]   save_strb_o
);

  localparam int unsigned WeightBits = $clog2(WeightWords) + 1;
  localparam int unsigned ParamBits = $clog2(ParamRows) + 1;

  logic                  does, forget, is_load, is_save, saves, written, remains, unwritten;
  logic                  wipe_ring;
  logic                  to_weights, to_params, gap_q, more_weights_q, more_params_q, setup_q;
  logic                  refused_q, busy_q, long_row_q, beyond_slot_q;
  logic [WeightBits-1:0] weight_end_q, weight_last_q;
  logic [ParamBits-1:0]  param_end_q, param_last_q;
  logic [15:0]           words_q;
  logic [31:0]           wipe_ring_addr;
  logic [7:0]            refusal;
  logic                  unused;

  assign unused = &{1'b0, arg4_i[31:16]};
  assign forget = start_i && fresh_i;
  assign is_load = exec_o && op_i == trine_records_pkg::OP_LOAD;
  assign is_save = exec_o && op_i == trine_records_pkg::OP_SAVE;

  assign does = rst_ni && !flush_i && exec_i && select_i;

  always_ff @(posedge clk_i) begin
    exec_o <= does;
    channel_o <= does && op_i == trine_records_pkg::OP_CHANNEL;
    context_o <= does && op_i == trine_records_pkg::OP_CONTEXT;
    read_o <= does && op_i == trine_records_pkg::OP_READ;
    write_o <= does && op_i == trine_records_pkg::OP_WRITE;
    run_o <= does && op_i == trine_records_pkg::OP_RUN;
    read_op_o <= op_i == trine_records_pkg::OP_READ;
    write_op_o <= op_i == trine_records_pkg::OP_WRITE;
  end

  always_ff @(posedge clk_i) begin
    context_we_o <= rst_ni && !flush_i && context_we_i && select_i;
    if (context_we_i && context_word_i == 4'd0) context_number_o <= word_i[3:0];
    context_word_o <= context_word_i;
    context_data_o <= word_i;
  end

  // For errors of others than the program.
  always_ff @(posedge clk_i) begin
    if (start_i) place_o <= 32'd0;
    else if (checks_i && names_i) place_o <= place_i;
  end

  // ---- What was loaded since the core changed hands: from the start of the buffers up to these
  // marks, without a gap. Contexts name no more of them, so nothing of the last owner is ever read.
  assign to_weights = arg1_i[1:0] == trine_records_pkg::LOAD_WEIGHTS;
  assign to_params = arg1_i[1:0] == trine_records_pkg::LOAD_PARAMS;

  // A LOAD's places are there in the cycle before its last word, and it acts three cycles later.
  always_ff @(posedge clk_i) begin
    gap_q <= (to_weights && arg2_i[WeightBits-1:0] > weight_end_q)
             || (to_params && arg2_i[ParamBits-1:0] > param_end_q);
    weight_last_q <= arg2_i[WeightBits-1:0] + arg3_i[WeightBits-1:0];
    param_last_q <= arg2_i[ParamBits-1:0] + arg3_i[ParamBits-1:0];
    more_weights_q <= to_weights && weight_last_q > weight_end_q;
    more_params_q <= to_params && param_last_q > param_end_q;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || forget) begin
      weight_end_q <= '0;
      param_end_q <= '0;
    end else if (is_load) begin
      if (more_weights_q) weight_end_q <= weight_last_q;
      if (more_params_q) param_end_q <= param_last_q;
    end
  end

  assign weight_end_o = 32'(weight_end_q);
  assign param_beats_o = 17'(32'(param_end_q) / TailRows);

  // ---- Whether the operation at hand may be carried out.
  // Channels and contexts are set up between the sweep of a program from scratch and the first use.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i || start_i) setup_q <= 1'b0;
    else if (clear_i) setup_q <= 1'b1;
    else if ((exec_o && op_i == trine_records_pkg::OP_BARRIER) || read_o || write_o || run_o) begin
      setup_q <= 1'b0;
    end
  end

  // Looked up with arguments that are there since two cycles or more.
  always_ff @(posedge clk_i) begin
    words_q <= channel_words_i;
    refused_q <= channel_refused_i;
    busy_q <= (op_i == trine_records_pkg::OP_READ) ? readers_active_i[arg1_i[0]]
                                                   : writers_active_i[arg1_i[0]];
    long_row_q <= 32'(arg4_i[15:0]) > 32'(words_q) * BusBytes;
    beyond_slot_q <= 32'(arg4_i[15:0]) > 32'(arg6_i[31:16]) * MemBytes;
  end

  trine_checks u_checks (
      .op_i, .long_row_i(long_row_q), .beyond_slot_i(beyond_slot_q),
      .channel_refused_i(refused_q), .missing_i, .stream_busy_i(busy_q),
      .setup_i(setup_q), .gap_i(unwritten || (gap_q && op_i == trine_records_pkg::OP_LOAD)),
      .error_o(refusal)
  );

  trine_remains #(
      .XSlots(XSlots), .RingBytes(RingBytes), .RingWords(RingWords), .WriterBytes(WriterBytes),
      .TableEntries(TableEntries), .MemBytes(MemBytes)
  ) u_remains (
      .clk_i, .rst_ni, .forget_i(forget), .flush_i, .asks_i(checks_i && select_i), .op_i, .arg1_i,
      .arg2_i, .arg3_i, .arg5_i, .arg6_i, .exec_i(exec_o), .table_we_i(table_we_i && select_i),
      .table_index_i, .wait_o(remains), .unwritten_o(unwritten), .ring_valid_o(wipe_ring),
      .ring_ready_i(ring_ready_i && !load_valid_i), .ring_addr_o(wipe_ring_addr), .ring_end_o,
      .row_valid_o(wipe_valid_o), .row_ready_i(wipe_ready_i), .row_addr_o(wipe_addr_o),
      .row_urgent_o(wipe_urgent_o)
  );

  // SAVE waits for contexts that RUN has let go on, and all others for a SAVE.
  always_ff @(posedge clk_i) begin
    wait_o <= rst_ni && (remains || !run_ready_i || saves
                         || (op_i == trine_records_pkg::OP_SAVE && !run_done_i));
    error_o <= refusal;
    quiet_o <= rst_ni && run_done_i && !saves && written && !is_save;
  end

  assign wipe_waits_o = checks_i && select_i && remains;
  assign ring_valid_o = load_valid_i || wipe_ring;
  assign load_ready_o = ring_ready_i;
  assign ring_addr_o = load_valid_i ? load_addr_i : wipe_ring_addr;
  assign ring_data_o = load_valid_i ? load_data_i : 32'd0;

  trine_save #(
      .MemBytes(MemBytes)
  ) u_save (
      .clk_i, .rst_ni, .flush_i, .save_i(is_save), .entry_i(arg1_i[15:0]), .count_i(arg2_i[15:0]),
      .offset_i(arg3_i), .busy_o(saves), .written_o(written), .state_re_o, .state_raddr_o,
      .state_rdata_i, .wr_valid_o(save_valid_o), .wr_ready_i(save_ready_i), .wr_done_i(save_done_i),
      .wr_offset_o(save_offset_o), .wr_data_o(save_data_o), .wr_strb_o(save_strb_o)
  );

  `TRINE_ASSERT(a_loaded, !rst_ni || (32'(weight_end_q) <= WeightWords
                && 32'(param_end_q) <= ParamRows))
  `TRINE_ASSERT(a_run_when_ready, !rst_ni || !exec_o || op_i != trine_records_pkg::OP_RUN
                || run_ready_i)

endmodule

`default_nettype wire
