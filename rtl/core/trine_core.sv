// SPDX-License-Identifier: Apache-2.0
// trine_core: one LSTM core: contexts, flow control, weights, rings, MAC array, tail. Its memory
// streams are the front end's, and its operations come from the program unit, which serves all
// cores: the operation at hand stands for all, select_i says whether it is for this one. In which
// domain it is, is an input; which core it is, it does not know. All cores are one module.
//
// Everything that leaves the core is registered. stop_i drops all work; quiet_o says that nothing
// is left on its way, through_o that nothing is of what operations have begun.
//
// cycle         0        1        2        3 ...
// start_i       1        .        .        .
// running_i     .        1        1        1 ... until END or a stop
// checks_i      .        .        A        A     an operation
// wait_o ..     .        .        .        A     what this core says of it
// exec_i        .        .        .        A     it is carried out, a cycle later
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
    localparam int unsigned WordBits = 26 + 9 * BusBytes,
    localparam int unsigned BankBits = (Lanes * MacsPerLane > MemBytes)
                                       ? $clog2(Lanes * MacsPerLane / MemBytes) : 1
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    // Controller.
    input  wire logic                  start_i,
    input  wire logic                  stop_i,
    input  wire logic [3:0]            domain_i,
    input  wire logic                  member_i,        // 0: hear nothing, domain_i is old
    input  wire logic                  fresh_i,
    input  wire trine_pkg::repeat_t    repeat_i,
    output      logic                  done_o,
    output      logic                  loading_o,
    output      logic                  error_valid_o,
    output      logic [7:0]            error_code_o,
    output      logic [31:0]           error_op_o,
    output      logic [63:0]           error_addr_o,
    output      logic                  quiet_o,
    output      logic                  progress_o,
    input  wire logic [3:0]            count_select_i,
    output      logic [63:0]           count_value_o,
    // Program unit: how far the program is, and its first error.
    input  wire logic                  running_i,
    input  wire logic                  done_i,
    input  wire logic                  waiting_i,
    input  wire logic                  loading_i,
    input  wire logic                  failed_i,        // a pulse
    input  wire logic [7:0]            fail_code_i,
    input  wire logic [31:0]           fail_op_i,
    input  wire logic [31:0]           fail_value_i,
    // The operation at hand (trine_execute), and what this core says of it.
    input  wire logic                  select_i,
    input  wire logic                  names_i,
    input  wire logic [31:0]           place_i,
    input  wire logic [7:0]            op_i,
    input  wire logic [31:0]           arg1_i,
    input  wire logic [31:0]           arg2_i,
    input  wire logic [31:0]           arg3_i,
    input  wire logic [31:0]           arg4_i,
    input  wire logic [31:0]           arg5_i,
    input  wire logic [31:0]           arg6_i,
    input  wire logic [31:0]           word_i,
    input  wire logic                  context_we_i,
    input  wire logic [3:0]            context_word_i,
    input  wire logic                  stream_we_i,
    input  wire logic [6:0]            stream_word_i,
    input  wire logic [15:0]           table_index_i,
    input  wire logic                  checks_i,
    input  wire logic                  exec_i,
    input  wire logic                  clear_i,
    output      logic                  clearing_o,
    output      logic                  stream_wait_o,
    output      logic                  wait_o,
    output      logic [7:0]            refusal_o,
    output      logic                  through_o,
    output      logic [16:0]           param_beats_o,   // that were loaded
    // LOAD.
    input  wire logic                  load_select_i,
    input  wire logic                  weight_we_i,
    input  wire logic [31:0]           weight_waddr_i,
    input  wire logic [BankBits-1:0]   weight_bank_i,
    input  wire logic [MemBytes*8-1:0] beat_i,
    input  wire logic                  param_we_i,
    input  wire logic [15:0]           param_row_i,
    input  wire logic [trine_pkg::PARAM_BITS-1:0] param_data_i,
    input  wire logic                  ring_valid_i,
    output      logic                  ring_ready_o,
    input  wire logic [31:0]           ring_addr_i,
    input  wire logic [31:0]           ring_data_i,
    input  wire logic                  state_we_i,
    input  wire logic [15:0]           state_waddr_i,
    input  wire logic [15:0]           state_wdata_i,
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
    // SAVE.
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
  localparam int unsigned VecBytes = (BusBytes > MacsPerLane) ? BusBytes : MacsPerLane;
  localparam int unsigned RingWords = RingBytes / VecBytes;
  localparam int unsigned SlotBits = $clog2(XSlots);
  localparam int unsigned EntryBits = 4 + SlotBits;
  localparam int unsigned Readers = trine_pkg::READERS;
  localparam int unsigned Writers = trine_pkg::WRITERS;
  localparam int unsigned AccSlots = 8;

  // ---- Orders.
  logic                  exec, run_done, empty, refused, missing, run_ready;
  logic                  not_loaded, wipe_waits, context_we, stream_we, clear_q;
  logic [3:0]            context_number, context_word;
  logic [15:0]           channel_words, state_raddr;
  logic [31:0]           last_place, context_data, arg1_q, arg2_q, arg3_q;
  logic                  is_channel, is_context, is_read, is_write, is_run, read_op, write_op;

  // ---- Local buffers as orders see them.
  logic                  ring_load_valid, ring_load_ready, state_re;
  logic [31:0]           loaded, wiped, ring_load_addr, ring_load_data;
  logic [23:0]           state_rdata;

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

  // Another tenant's weights; or vectors, of what no LOAD or CHANNEL has named.
  assign not_loaded = issue && (weight_addr >= loaded || (!fill && vec_addr >= wiped));
  assign stream_we = stream_we_i && select_i;

  // ---- Reset and stop, from a register a room.
  logic rst_n, stop, order_rst_n, order_stop, sched_rst_n, sched_stop, tail_rst_n, tail_stop;
  trine_copies #(.Width(2), .Copies(4)) u_levels (
      .clk_i, .d_i({rst_ni, stop_i}),
      .q_o({rst_n, stop, order_rst_n, order_stop, sched_rst_n, sched_stop, tail_rst_n, tail_stop})
  );

  trine_orders #(
      .BusBytes(BusBytes), .XSlots(XSlots), .WeightWords(WeightWords), .ParamRows(ParamRows),
      .RingBytes(RingBytes), .RingWords(RingWords), .TailRows(TailRows), .WriterBytes(WriterBytes),
      .TableEntries(TableEntries), .MemBytes(MemBytes)
  ) u_orders (
      .clk_i, .rst_ni(order_rst_n), .flush_i(order_stop), .start_i, .fresh_i, .select_i, .names_i,
      .place_i, .place_o(last_place), .op_i, .arg1_i, .arg2_i, .arg3_i, .arg4_i, .arg5_i, .arg6_i,
      .table_we_i(stream_we && op_i == trine_records_pkg::OP_TABLE && stream_word_i != 7'd1),
      .table_index_i, .context_we_i, .context_word_i, .word_i, .context_we_o(context_we),
      .context_number_o(context_number), .context_word_o(context_word),
      .context_data_o(context_data), .checks_i, .exec_i, .clear_i(clear_q), .wait_o,
      .error_o(refusal_o),
      .quiet_o(through_o), .exec_o(exec), .channel_o(is_channel), .context_o(is_context),
      .read_o(is_read), .write_o(is_write), .run_o(is_run), .read_op_o(read_op),
      .write_op_o(write_op), .channel_refused_i(refused), .channel_words_i(channel_words),
      .missing_i(missing), .readers_active_i(readers_active), .writers_active_i(writers_active),
      .run_ready_i(run_ready), .run_done_i(run_done), .weight_end_o(loaded), .ring_end_o(wiped),
      .param_beats_o, .load_valid_i(ring_valid_i && load_select_i), .load_ready_o(ring_ready_o),
      .load_addr_i(ring_addr_i), .load_data_i(ring_data_i), .ring_valid_o(ring_load_valid),
      .ring_ready_i(ring_load_ready), .ring_addr_o(ring_load_addr), .ring_data_o(ring_load_data),
      .wipe_valid_o, .wipe_ready_i, .wipe_addr_o, .wipe_urgent_o, .wipe_waits_o(wipe_waits),
      .state_re_o(state_re), .state_raddr_o(state_raddr), .state_rdata_i(state_rdata),
      .save_valid_o, .save_ready_i, .save_done_i, .save_offset_o, .save_data_o, .save_strb_o
  );

  trine_rows #(.XSlots(XSlots), .TableEntries(TableEntries)) u_rows (
      .clk_i, .rst_ni(rst_n), .flush_i(stop), .we_i(stream_we), .op_i, .index_i(stream_word_i),
      .word_i, .unit_i(arg1_i[0]), .table_index_i, .read_i(is_read), .write_i(is_write),
      .sequences_i(arg5_i), .repeat_i, .busy_o(stream_wait_o), .cfg_valid_o, .cfg_ready_i, .cfg_o,
      .room_o, .complete_o, .row_i, .use_i, .active_i(row_active_i), .room_channel_o(room_channel),
      .room_i(room), .room_comes_i(room_comes), .room_slot_i(room_slot),
      .want_channel_o(want_channel), .complete_i(complete), .complete_comes_i(complete_comes),
      .want_slot_i(want_slot), .claim_valid_o(claim_stream), .claim_ready_i(claim_ready),
      .claim_entry_o(claim_stream_entry), .take_o(take), .use_valid_o(use_stream),
      .use_ready_i(use_ready), .use_entry_o(use_stream_entry),
      .active_o({writers_active, readers_active})
  );

  trine_schedule #(
      .Contexts(Contexts), .XSlots(XSlots), .BusBytes(BusBytes), .MacsPerLane(MacsPerLane),
      .WeightWords(WeightWords), .RingWords(RingWords), .AccSlots(AccSlots), .HFirst(1 - Cmsis)
  ) u_schedule (
      .clk_i, .rst_ni(sched_rst_n), .flush_i(sched_stop), .clear_i(clear_q), .clearing_o,
      .channel_i(is_channel), .context_i(is_context), .read_i(is_read), .write_i(is_write),
      .read_op_i(read_op), .write_op_i(write_op), .run_i(is_run),
      .goes_on_i(repeat_i.goes_on), .arg1_i(arg1_q), .arg2_i(arg2_q), .arg3_i(arg3_q),
      .context_we_i(context_we), .context_number_i(context_number), .context_word_i(context_word),
      .context_data_i(context_data), .channel_refused_o(refused), .channel_words_o(channel_words),
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
      .acc_pop_i(acc_pop), .stall_bus_i(stall_bus),
      .memory_i(loading_i || waiting_i || mem_waiting_i), .issue_o(issue),
      .weight_addr_o(weight_addr), .vec_addr_o(vec_addr), .fill_o(fill), .fill_byte_o(fill_byte),
      .mac_valid_o(mac_valid), .mac_first_o(mac_first), .mac_last_o(mac_last), .active_o(active),
      .quiet_o(flow_quiet), .cause_o(cause), .word_overrun_o(flow_overrun),
      .local_overrun_o(seq_overrun), .local_overrun_addr_o(seq_addr)
  );

  always_ff @(posedge clk_i) begin
    {ring_be_q, ring_data_q} <= {in_be, in_data};
    {arg1_q, arg2_q, arg3_q} <= {arg1_i, arg2_i, arg3_i};
    clear_q <= clear_i;
    counted_q <= rst_n && running_i;   // in step with cause
  end

  trine_weight_buffer #(
      .WordBytes(WordBytes), .MemBytes(MemBytes), .Words(WeightWords)
  ) u_weight_buffer (
      .clk_i, .we_i(weight_we_i && load_select_i), .waddr_i(weight_waddr_i),
      .wbank_i(weight_bank_i), .wdata_i(beat_i), .re_i(issue), .addr_i(weight_addr),
      .word_o(weights)
  );

  trine_rings #(.MacsPerLane(MacsPerLane), .BusBytes(BusBytes), .RingWords(RingWords)) u_rings (
      .clk_i, .rst_ni(rst_n), .bus_we_i(ring_we), .bus_addr_i(ring_waddr), .bus_be_i(ring_be_q),
      .bus_data_i(ring_data_q), .load_valid_i(ring_load_valid), .load_ready_o(ring_load_ready),
      .load_addr_i(ring_load_addr), .load_data_i(ring_load_data), .re_i(issue), .addr_i(vec_addr),
      .fill_i(fill), .fill_byte_i(fill_byte), .chunk_o(chunk)
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
      .overrun_o(tail_overrun), .context_we_i(context_we), .context_number_i(context_number),
      .context_word_i(context_word), .context_data_i(context_data),
      .param_we_i(param_we_i && load_select_i), .param_row_i, .param_data_i,
      .forget_i(start_i && fresh_i), .state_we_i(state_we_i && load_select_i), .state_waddr_i,
      .state_wdata_i, .state_re_i(state_re), .state_raddr_i(state_raddr),
      .state_rdata_o(state_rdata)
  );

  trine_publish #(
      .QueueWords(QueueWords), .WordBits(WordBits)
  ) u_publish (
      .clk_i, .rst_ni(rst_n), .flush_i(stop), .tail_valid_i(tail_valid),
      .tail_word_i({tail_first, tail_last, tail_channel, tail_slot, tail_place, tail_be,
                    tail_data}),
      .tail_credit_o(tail_credit), .req_valid_o, .req_ready_i, .req_word_o(req_word),
      .quiet_o(publish_quiet)
  );

  trine_empty #(.Readers(Readers), .Writers(Writers)) u_empty (
      .clk_i, .rst_ni(rst_n), .stop_i(stop), .start_i, .active_i(active), .tail_busy_i(tail_busy),
      .publish_quiet_i(publish_quiet), .flow_quiet_i(flow_quiet), .readers_active_i(readers_active),
      .writers_active_i(writers_active), .mem_idle_i, .mem_error_i, .done_i, .running_i,
      .failed_i(failed_i || error_valid_o), .acc_valid_i(acc_valid), .run_done_o(run_done),
      .empty_o(empty)
  );

  trine_counters u_counters (
      .clk_i, .rst_ni(rst_n), .clear_i(start_i), .count_i(counted_q), .cause_i(cause),
      .count_select_i, .count_value_o
  );

  trine_status u_status (
      .clk_i, .rst_ni(rst_n), .restart_i(stop || start_i), .program_error_i(failed_i),
      .program_code_i(fail_code_i), .program_op_i(failed_i ? fail_op_i : last_place),
      .program_value_i(fail_value_i), .memory_error_i(mem_error_i), .memory_code_i(mem_code_i),
      .memory_addr_i(mem_addr_i), .word_overrun_i(flow_overrun || mem_overrun_i),
      .word_addr_i(ring_waddr), .local_overrun_i(tail_overrun || seq_overrun || not_loaded),
      .local_addr_i(seq_addr), .done_i, .loading_i, .quiet_i(empty),
      .progress_i(issue || tail_credit || mem_progress_i || exec || wipe_waits), .error_valid_o,
      .error_code_o, .error_op_o, .error_addr_o, .done_o, .loading_o, .quiet_o, .progress_o
  );

  // What a stop leaves of requests, a cycle later.
  logic asks, stopped_q;
  assign asks = req_valid_o || release_valid_o || cfg_valid_o || save_valid_o;
  always_ff @(posedge clk_i) stopped_q <= rst_n && stop;

  `TRINE_ASSERT(a_start_when_quiet, !rst_n || !start_i || (quiet_o && !stop))
  `TRINE_ASSERT(a_stop_drops_all, !rst_n || !stopped_q || !asks)
  `TRINE_ASSERT(a_quiet_is_still, !rst_n || !quiet_o || running_i || failed_i || error_valid_o
                || !asks)
  `TRINE_ASSERT(a_weights_apart, !rst_n || !weight_we_i || !load_select_i || !issue)

endmodule

`default_nettype wire
