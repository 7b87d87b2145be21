// SPDX-License-Identifier: Apache-2.0
// trine_core: one LSTM core: program, contexts, flow control, weights, rings, MAC array, tail. Its
// memory streams are the front end's. In which domain it is, is an input; which core it is, it does
// not know. So all cores are one module.
//
// Everything that leaves the core is registered. stop_i drops all work; quiet_o says that nothing
// is left on its way. MODE (mode_i) is compared with the program's header and used nowhere else.
//
// cycle         0        1        2        3 ...
// start_i       1        .        .        .
// program       Idle     Head     ...
// running       .        1        1        1 ... until END or an error
`default_nettype none
`include "trine_assert.svh"

module trine_core #(
    parameter int unsigned Contexts = 8,
    parameter int unsigned Lanes = 8,
    parameter int unsigned MacsPerLane = 8,
    parameter int unsigned TailRows = 4,
    parameter int unsigned BusBytes = 8,
    parameter int unsigned XSlots = 4,
    parameter int unsigned QueueWords = 16,
    parameter int unsigned WeightBytes = 524288,
    parameter int unsigned ParamRows = 8192,
    parameter int unsigned RingBytes = 32768,
    parameter int unsigned StateUnits = 4096,
    parameter int unsigned PreUnits = 2048,
    parameter int unsigned WriterBytes = 8192,
    parameter int unsigned TableEntries = 512,
    parameter int unsigned MemBytes = 8,
    parameter int unsigned Cmsis = 0,
    localparam int unsigned WordBits = 26 + 9 * BusBytes
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    // Controller.
    input  wire logic                  start_i,
    input  wire logic                  stop_i,
    input  wire logic                  barrier_go_i,
    input  wire logic [3:0]            domain_i,
    input  wire logic                  member_i,        // 0: hear nothing, domain_i is old
    input  wire logic [3:0]            rank_i,
    input  wire logic [4:0]            ranks_i,
    input  wire logic [1:0]            mode_i,
    input  wire logic [31:0]           program_i,
    input  wire logic                  fresh_i,
    input  wire trine_pkg::repeat_t    repeat_i,
    input  wire logic [31:0]           config_hash_i,   // constant
    output      logic                  done_o,
    output      logic                  repeats_o,       // its last block can be repeated
    output      logic                  barrier_o,
    output      logic                  loading_o,
    output      logic                  error_valid_o,
    output      logic [7:0]            error_code_o,
    output      logic [31:0]           error_op_o,
    output      logic [63:0]           error_addr_o,
    output      logic                  quiet_o,
    output      logic                  progress_o,
    input  wire logic [3:0]            count_select_i,
    output      logic [63:0]           count_value_o,
    // Activation bus: {domain, word}.
    output      logic                  req_valid_o,
    input  wire logic                  req_ready_i,
    output      logic [WordBits+3:0]   req_word_o,
    input  wire logic                  bus_valid_i,
    input  wire logic [WordBits+3:0]   bus_word_i,
    // Release bus: {domain, channel, slot}.
    output      logic                  release_valid_o,
    input  wire logic                  release_ready_i,
    output      logic [11:0]           release_word_o,
    input  wire logic                  event_valid_i,
    input  wire logic [11:0]           event_word_i,
    // Front end: set-up of streams, and their rows {writers, readers}.
    output      logic                  clear_o,
    output      logic                  wipe_valid_o,    // zeros for a word of the writers' RAM
    input  wire logic                  wipe_ready_i,
    output      logic [15:0]           wipe_addr_o,
    output      logic                  wipe_urgent_o,
    output      logic                  cfg_valid_o,
    input  wire logic                  cfg_ready_i,
    output      trine_pkg::set_up_t    cfg_o,
    output      logic [1:0]            room_o,
    output      logic [1:0]            complete_o,
    input  wire logic [3:0]            row_i,
    input  wire logic [1:0]            use_i,
    input  wire logic [3:0]            row_active_i,
    // Fetches and SAVE.
    output      logic                  fetch_valid_o,
    input  wire logic                  fetch_ready_i,
    output      logic [31:0]           fetch_offset_o,
    output      logic [4:0]            fetch_beats_o,
    input  wire logic                  fetch_valid_i,
    input  wire logic [MemBytes*8-1:0] fetch_data_i,
    output      logic                  save_valid_o,
    input  wire logic                  save_ready_i,
    output      logic [31:0]           save_offset_o,
    output      logic [MemBytes*8-1:0] save_data_o,
    output      logic [MemBytes-1:0]   save_strb_o,
    input  wire logic                  save_done_i,
    // What the front end has of this core.
    input  wire logic                  mem_error_i,     // a pulse
    input  wire logic [7:0]            mem_code_i,
    input  wire logic [63:0]           mem_addr_i,
    input  wire logic                  mem_overrun_i,
    input  wire logic                  mem_waiting_i,
    input  wire logic                  mem_progress_i,
    input  wire logic                  mem_idle_i
);

  localparam int unsigned WordBytes = Lanes * MacsPerLane;
  localparam int unsigned WeightWords = WeightBytes / WordBytes;
  localparam int unsigned BankBits = (WordBytes > MemBytes) ? $clog2(WordBytes / MemBytes) : 1;
  localparam int unsigned VecBytes = (BusBytes > MacsPerLane) ? BusBytes : MacsPerLane;
  localparam int unsigned RingWords = RingBytes / VecBytes;
  localparam int unsigned SlotBits = $clog2(XSlots);
  localparam int unsigned EntryBits = 4 + SlotBits;
  localparam int unsigned Readers = trine_pkg::READERS;
  localparam int unsigned Writers = trine_pkg::WRITERS;
  localparam int unsigned AccSlots = 8;

  // ---- Commands.
  logic [31:0]           arg1, arg2, arg3, arg5, word, prog_op, prog_value;
  logic [7:0]            op, prog_code;
  logic                  exec, clear, clearing, context_we, stream_we, waiting, running, run_done;
  logic                  prog_error, empty, done, barrier, loading, refused, missing, run_ready;
  logic                  stream_busy, stream_wait, not_loaded, wipe_waits;
  logic [3:0]            context_word;
  logic [5:0]            stream_word;
  logic [15:0]           table_index, channel_words;
  logic                  is_channel, is_context, is_read, is_write, is_run;

  // ---- Local buffers as the commands see them.
  logic                  weight_we, param_we, ring_load_valid, ring_load_ready, state_we, state_re;
  logic [31:0]           loaded, wiped, weight_waddr, ring_load_addr, ring_load_data;
  logic [BankBits-1:0]   weight_bank;
  logic [15:0]           param_row, state_waddr, state_wdata, state_raddr;
  logic [trine_pkg::PARAM_BITS-1:0] param_data;
  logic [23:0]           state_rdata;
  logic [MemBytes*8-1:0] beat;

  // ---- Schedule.
  logic [Readers*4-1:0]  room_channel;
  logic [Writers*4-1:0]  want_channel;
  logic [Readers-1:0]    room, room_comes;
  logic [Writers-1:0]    complete, complete_comes;
  logic [Readers*SlotBits-1:0] room_slot;
  logic [Writers*SlotBits-1:0] want_slot;
  logic [Writers-1:0]    take;
  logic                  claim_stream, claim_ready, use_stream, use_ready;
  logic [EntryBits-1:0]  claim_stream_entry, use_stream_entry;
  logic                  ring_we, flow_quiet, flow_overrun, active, seq_overrun;
  logic [31:0]           ring_waddr, seq_addr;
  logic [3:0]            cause;
  logic                  counted_q;
  trine_pkg::phase_t     phase;

  // ---- Datapath.
  logic                     phase_valid, phase_ready, acc_pop, issue, fill;
  logic [31:0]              weight_addr, vec_addr;
  logic [7:0]               fill_byte;
  logic                     mac_valid, mac_first, mac_last, acc_valid;
  logic [WordBytes*8-1:0]   weights;
  logic [MacsPerLane*8-1:0] chunk;
  logic [Lanes*32-1:0]      acc;
  logic [BusBytes-1:0]      ring_be_q;
  logic [BusBytes*8-1:0]    ring_data_q;

  // ---- Tail and streams.
  logic                  tail_valid, tail_credit, tail_first, tail_last, stall_bus, tail_busy;
  logic                  tail_overrun, publish_quiet;
  logic [3:0]            tail_channel, tail_slot;
  logic [15:0]           tail_place;
  logic [BusBytes-1:0]   tail_be;
  logic [BusBytes*8-1:0] tail_data;
  logic [Readers-1:0]    readers_active;
  logic [WordBits-1:0]   req_word;
  logic [Writers-1:0]    writers_active;

  // ---- Bus words of this domain.
  logic                  in_valid, in_first, in_last, in_event;
  logic [3:0]            in_channel, in_slot;
  logic [15:0]           in_place;
  logic [BusBytes-1:0]   in_be;
  logic [BusBytes*8-1:0] in_data;

  assign {in_first, in_last, in_channel, in_slot, in_place, in_be, in_data} =
      bus_word_i[WordBits-1:0];
  assign in_valid = bus_valid_i && member_i && bus_word_i[WordBits +: 4] == domain_i;
  assign in_event = event_valid_i && member_i && event_word_i[11:8] == domain_i;
  assign req_word_o = {domain_i, req_word};
  assign release_word_o[11:8] = domain_i;
  assign clear_o = clear;

  assign is_channel = exec && op == trine_records_pkg::OP_CHANNEL;
  assign is_context = exec && op == trine_records_pkg::OP_CONTEXT;
  assign is_read = exec && op == trine_records_pkg::OP_READ;
  assign is_write = exec && op == trine_records_pkg::OP_WRITE;
  assign is_run = exec && op == trine_records_pkg::OP_RUN;
  // Another tenant's weights; or vectors, of what no LOAD or CHANNEL has named.
  assign not_loaded = issue && (weight_addr >= loaded || (!fill && vec_addr >= wiped));
  assign stream_busy = (op == trine_records_pkg::OP_READ) ? readers_active[arg1[0]]
                                                  : writers_active[arg1[0]];

  // ---- Reset and stop, from a register a room.
  logic rst_n, stop, prog_rst_n, prog_stop, sched_rst_n, sched_stop, tail_rst_n, tail_stop;
  trine_copies #(.Width(2), .Copies(4)) u_levels (
      .clk_i, .d_i({rst_ni, stop_i}),
      .q_o({rst_n, stop, prog_rst_n, prog_stop, sched_rst_n, sched_stop, tail_rst_n, tail_stop})
  );

  trine_commands #(
      .Contexts(Contexts), .Lanes(Lanes), .BusBytes(BusBytes), .XSlots(XSlots),
      .WordBytes(WordBytes), .WeightWords(WeightWords), .ParamRows(ParamRows),
      .RingBytes(RingBytes), .RingWords(RingWords), .StateUnits(StateUnits), .TailRows(TailRows),
      .WriterBytes(WriterBytes), .TableEntries(TableEntries), .MemBytes(MemBytes)
  ) u_commands (
      .clk_i, .rst_ni(prog_rst_n), .flush_i(prog_stop), .start_i, .rank_i, .ranks_i, .mode_i,
      .program_i, .fresh_i, .repeat_i(repeat_i.valid), .repeats_o, .config_hash_i, .barrier_go_i,
      .done_o(done), .barrier_o(barrier), .loading_o(loading), .waiting_o(waiting),
      .running_o(running), .error_valid_o(prog_error), .weight_end_o(loaded),
      .error_code_o(prog_code), .error_op_o(prog_op), .error_value_o(prog_value), .op_o(op),
      .exec_o(exec), .arg1_o(arg1), .arg2_o(arg2), .arg3_o(arg3), .arg5_o(arg5), .word_o(word),
      .context_we_o(context_we), .context_word_o(context_word), .stream_we_o(stream_we),
      .stream_word_o(stream_word), .stream_wait_i(stream_wait), .table_index_o(table_index),
      .clear_o(clear), .clearing_i(clearing), .channel_refused_i(refused),
      .channel_words_i(channel_words), .missing_i(missing), .run_ready_i(run_ready),
      .stream_busy_i(stream_busy), .run_done_i(run_done), .weight_we_o(weight_we),
      .weight_waddr_o(weight_waddr), .weight_bank_o(weight_bank), .beat_o(beat),
      .param_we_o(param_we), .param_row_o(param_row), .param_data_o(param_data),
      .ring_valid_o(ring_load_valid), .ring_end_o(wiped), .wipe_valid_o, .wipe_ready_i,
      .wipe_addr_o, .wipe_urgent_o, .wipe_waits_o(wipe_waits),
      .ring_ready_i(ring_load_ready), .ring_addr_o(ring_load_addr), .ring_data_o(ring_load_data),
      .state_we_o(state_we), .state_waddr_o(state_waddr), .state_wdata_o(state_wdata),
      .state_re_o(state_re), .state_raddr_o(state_raddr), .state_rdata_i(state_rdata),
      .rd_valid_o(fetch_valid_o), .rd_ready_i(fetch_ready_i), .rd_offset_o(fetch_offset_o),
      .rd_beats_o(fetch_beats_o), .rd_data_valid_i(fetch_valid_i), .rd_data_i(fetch_data_i),
      .wr_valid_o(save_valid_o), .wr_ready_i(save_ready_i), .wr_offset_o(save_offset_o),
      .wr_done_i(save_done_i), .wr_data_o(save_data_o), .wr_strb_o(save_strb_o)
  );

  trine_rows #(.XSlots(XSlots), .TableEntries(TableEntries)) u_rows (
      .clk_i, .rst_ni(rst_n), .flush_i(stop), .we_i(stream_we), .op_i(op), .index_i(stream_word),
      .word_i(word), .unit_i(arg1[0]), .table_index_i(table_index), .read_i(is_read),
      .write_i(is_write), .sequences_i(arg5), .repeat_i, .busy_o(stream_wait), .cfg_valid_o,
      .cfg_ready_i, .cfg_o, .room_o, .complete_o, .row_i, .use_i, .active_i(row_active_i),
      .room_channel_o(room_channel), .room_i(room), .room_comes_i(room_comes),
      .room_slot_i(room_slot), .want_channel_o(want_channel), .complete_i(complete),
      .complete_comes_i(complete_comes), .want_slot_i(want_slot), .claim_valid_o(claim_stream),
      .claim_ready_i(claim_ready), .claim_entry_o(claim_stream_entry), .take_o(take),
      .use_valid_o(use_stream), .use_ready_i(use_ready), .use_entry_o(use_stream_entry),
      .active_o({writers_active, readers_active})
  );

  trine_schedule #(
      .Contexts(Contexts), .XSlots(XSlots), .BusBytes(BusBytes), .MacsPerLane(MacsPerLane),
      .WeightWords(WeightWords), .RingWords(RingWords), .AccSlots(AccSlots),
      .HFirst(1 - Cmsis)
  ) u_schedule (
      .clk_i, .rst_ni(sched_rst_n), .flush_i(sched_stop), .clear_i(clear),
      .clearing_o(clearing), .channel_i(is_channel), .context_i(is_context), .read_i(is_read),
      .write_i(is_write), .read_op_i(op == trine_records_pkg::OP_READ),
      .write_op_i(op == trine_records_pkg::OP_WRITE),
      .run_i(is_run), .goes_on_i(repeat_i.goes_on), .arg1_i(arg1),
      .arg2_i(arg2), .arg3_i(arg3), .context_we_i(context_we), .context_word_i(context_word),
      .word_i(word), .channel_refused_o(refused), .channel_words_o(channel_words),
      .missing_o(missing), .run_ready_o(run_ready), .word_valid_i(in_valid),
      .word_channel_i(in_channel), .word_slot_i(in_slot), .word_place_i(in_place),
      .word_first_i(in_first), .word_last_i(in_last), .ring_we_o(ring_we), .ring_addr_o(ring_waddr),
      .event_valid_i(in_event), .event_channel_i(event_word_i[7:4]),
      .event_slot_i(event_word_i[3:0]), .release_valid_o, .release_ready_i,
      .release_channel_o(release_word_o[7:4]), .release_slot_o(release_word_o[3:0]),
      .claim_valid_i(claim_stream), .claim_ready_o(claim_ready), .claim_entry_i(claim_stream_entry),
      .use_valid_i(use_stream), .use_ready_o(use_ready), .use_entry_i(use_stream_entry),
      .room_channel_i(room_channel), .room_o(room), .room_comes_o(room_comes),
      .room_slot_o(room_slot), .want_channel_i(want_channel), .complete_o(complete),
      .complete_comes_o(complete_comes), .want_slot_o(want_slot), .take_i(take),
      .phase_valid_o(phase_valid), .phase_ready_i(phase_ready), .phase_o(phase),
      .acc_pop_i(acc_pop), .stall_bus_i(stall_bus), .memory_i(loading || waiting || mem_waiting_i),
      .issue_o(issue), .weight_addr_o(weight_addr), .vec_addr_o(vec_addr), .fill_o(fill),
      .fill_byte_o(fill_byte), .mac_valid_o(mac_valid), .mac_first_o(mac_first),
      .mac_last_o(mac_last), .active_o(active), .quiet_o(flow_quiet), .cause_o(cause),
      .word_overrun_o(flow_overrun), .local_overrun_o(seq_overrun), .local_overrun_addr_o(seq_addr)
  );

  always_ff @(posedge clk_i) begin
    ring_be_q <= in_be;
    counted_q <= rst_n && running;   // in step with cause
    ring_data_q <= in_data;
  end

  trine_weight_buffer #(
      .WordBytes(WordBytes), .MemBytes(MemBytes), .Words(WeightWords)
  ) u_weight_buffer (
      .clk_i,
      .we_i(weight_we), .waddr_i(weight_waddr), .wbank_i(weight_bank), .wdata_i(beat),
      .re_i(issue), .addr_i(weight_addr), .word_o(weights)
  );

  trine_rings #(.MacsPerLane(MacsPerLane), .BusBytes(BusBytes), .RingWords(RingWords)) u_rings (
      .clk_i, .rst_ni(rst_n),
      .bus_we_i(ring_we), .bus_addr_i(ring_waddr), .bus_be_i(ring_be_q), .bus_data_i(ring_data_q),
      .load_valid_i(ring_load_valid), .load_ready_o(ring_load_ready),
      .load_addr_i(ring_load_addr), .load_data_i(ring_load_data),
      .re_i(issue), .addr_i(vec_addr), .fill_i(fill), .fill_byte_i(fill_byte), .chunk_o(chunk)
  );

  trine_mac_array #(.Lanes(Lanes), .MacsPerLane(MacsPerLane)) u_mac_array (
      .clk_i, .rst_ni(rst_n), .valid_i(mac_valid), .first_i(mac_first), .last_i(mac_last),
      .weights_i(weights), .vector_i(chunk), .valid_o(acc_valid), .acc_o(acc)
  );

  trine_tail #(
      .Contexts(Contexts), .Lanes(Lanes), .TailRows(TailRows), .BusBytes(BusBytes),
      .ParamRows(ParamRows), .PreUnits(PreUnits), .StateUnits(StateUnits), .AccSlots(AccSlots),
      .WordCredits(QueueWords), .Cmsis(Cmsis)
  ) u_tail (
      .clk_i, .rst_ni(tail_rst_n), .flush_i(tail_stop), .phase_valid_i(phase_valid),
      .phase_ready_o(phase_ready), .phase_i(phase), .acc_valid_i(acc_valid), .acc_i(acc),
      .acc_pop_o(acc_pop), .word_valid_o(tail_valid), .word_channel_o(tail_channel),
      .word_slot_o(tail_slot), .word_place_o(tail_place), .word_be_o(tail_be),
      .word_data_o(tail_data), .word_first_o(tail_first), .word_last_o(tail_last),
      .word_credit_i(tail_credit), .stall_bus_o(stall_bus), .busy_o(tail_busy),
      .overrun_o(tail_overrun), .context_we_i(context_we), .context_i(arg1[3:0]),
      .context_word_i(context_word), .context_data_i(word), .param_we_i(param_we),
      .param_row_i(param_row), .param_data_i(param_data), .forget_i(start_i && fresh_i),
      .state_we_i(state_we), .state_waddr_i(state_waddr), .state_wdata_i(state_wdata),
      .state_re_i(state_re), .state_raddr_i(state_raddr), .state_rdata_o(state_rdata)
  );

  trine_publish #(
      .QueueWords(QueueWords), .WordBits(WordBits)
  ) u_publish (
      .clk_i, .rst_ni(rst_n), .flush_i(stop),
      .tail_valid_i(tail_valid),
      .tail_word_i({tail_first, tail_last, tail_channel, tail_slot, tail_place, tail_be,
                    tail_data}),
      .tail_credit_o(tail_credit),
      .req_valid_o, .req_ready_i, .req_word_o(req_word), .quiet_o(publish_quiet)
  );

  trine_empty #(.Readers(Readers), .Writers(Writers)) u_empty (
      .clk_i, .rst_ni(rst_n), .stop_i(stop), .start_i, .active_i(active), .tail_busy_i(tail_busy),
      .publish_quiet_i(publish_quiet), .flow_quiet_i(flow_quiet), .readers_active_i(readers_active),
      .writers_active_i(writers_active), .mem_idle_i, .mem_error_i, .done_i(done),
      .running_i(running), .failed_i(prog_error || error_valid_o), .acc_valid_i(acc_valid),
      .run_done_o(run_done), .empty_o(empty)
  );

  trine_counters u_counters (
      .clk_i, .rst_ni(rst_n), .clear_i(start_i), .count_i(counted_q), .cause_i(cause),
      .count_select_i, .count_value_o
  );

  trine_status u_status (
      .clk_i, .rst_ni(rst_n), .restart_i(stop || start_i), .program_error_i(prog_error),
      .program_code_i(prog_code), .program_op_i(prog_op), .program_value_i(prog_value),
      .memory_error_i(mem_error_i), .memory_code_i(mem_code_i), .memory_addr_i(mem_addr_i),
      .word_overrun_i(flow_overrun || mem_overrun_i), .word_addr_i(ring_waddr),
      .local_overrun_i(tail_overrun || seq_overrun || not_loaded), .local_addr_i(seq_addr),
      .done_i(done), .barrier_i(barrier && !barrier_go_i), .loading_i(loading), .quiet_i(empty),
      .progress_i(issue || tail_credit || mem_progress_i || exec || wipe_waits), .error_valid_o,
      .error_code_o, .error_op_o, .error_addr_o, .done_o, .barrier_o, .loading_o, .quiet_o,
      .progress_o
  );

  // What a stop leaves of requests, a cycle later.
  logic asks, stopped_q;
  assign asks = req_valid_o || release_valid_o || cfg_valid_o || fetch_valid_o || save_valid_o;
  always_ff @(posedge clk_i) stopped_q <= rst_n && stop;

  `TRINE_ASSERT(a_start_when_quiet, !rst_n || !start_i || (quiet_o && !stop))
  `TRINE_ASSERT(a_stop_drops_all, !rst_n || !stopped_q || !asks)
  `TRINE_ASSERT(a_quiet_is_still, !rst_n || !quiet_o || running || prog_error || error_valid_o
                || !asks)
  `TRINE_ASSERT(a_weights_apart, !rst_n || !weight_we || !issue)

endmodule

`default_nettype wire
