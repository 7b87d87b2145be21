// SPDX-License-Identifier: Apache-2.0
// flow_core: one core as flow control sees it: the real trine_schedule (channel table, contexts,
// sequencer) between a tail, a memory reader and a memory writer that take any time they like, and
// the checks that each vector read is whole and of the step it is read for.
//
// Every word carries the step it belongs to (modulo 8) from its publisher to each ring; the checks
// compare it with the step the reader of the ring is at, counted from the phases taken. Phases have
// one row group of one chunk. A choice input that is 0 delays its side; with Stall > 0 it does so
// for at most that many cycles in a row, with Stall = 0 for ever.
//
// cycle          0        1        2
// phase taken    A        .        .
// word offered   .        A        .       or later, as the choice inputs say
`default_nettype none

module flow_core #(
    parameter int unsigned Stall = 0,
    parameter int unsigned Alarm = 0,     // what OVERRUN is: 0 a failure, 1 nothing, 2 the end
    localparam int unsigned XSlots = 2
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    // Operations, as the program gives them.
    input  wire logic        channel_i,
    input  wire logic        context_i,
    input  wire logic        read_i,
    input  wire logic        write_i,
    input  wire logic        run_i,
    input  wire logic [31:0] arg1_i,
    input  wire logic [31:0] arg2_i,
    input  wire logic [31:0] arg3_i,
    input  wire logic        context_we_i,
    input  wire logic [3:0]  context_word_i,
    input  wire logic [31:0] word_i,
    // What the program means, for the checks: words of each channel (2 bits a channel), words a
    // context publishes (2 bits a context), input and published channel of a context.
    input  wire logic [7:0]  vector_words_i,
    input  wire logic [3:0]  slice_words_i,
    input  wire logic [1:0]  place_i,        // of this core's first word in a vector of slices
    input  wire logic [3:0]  x_channels_i,
    input  wire logic [3:0]  y_channels_i,
    // Streams here: the reader publishes channel 0.
    input  wire logic        reads_i,
    input  wire logic        writes_i,
    input  wire logic [1:0]  write_channel_i,
    // Choices.
    input  wire logic        tail_go_i,
    input  wire logic        reader_go_i,
    input  wire logic        writer_go_i,
    input  wire logic        publish_go_i,
    input  wire logic        prefer_reader_i,
    // Activation bus: word = {step, place, slot, channel}.
    output      logic        req_valid_o,
    input  wire logic        req_ready_i,
    output      logic [7:0]  req_word_o,
    input  wire logic        bus_valid_i,
    input  wire logic [7:0]  bus_word_i,
    // Release bus: {slot, channel}.
    output      logic        release_valid_o,
    input  wire logic        release_ready_i,
    output      logic [2:0]  release_word_o,
    input  wire logic        event_valid_i,
    input  wire logic [2:0]  event_word_i,
    // For covers and progress.
    output      logic        overrun_o,
    input  wire logic        stopped_i,      // with Alarm = 2: some core has reported OVERRUN
    output      logic        progress_o,
    output      logic [3:0]  cause_o,
    output      logic [2:0]  written_o,      // rows the writer has released, modulo 8
    output      logic        wrapped_o       // a context has read a slot's third vector
);

  logic [1:0]         complete, room, room_slot, want_slot;
  logic               ring_we, phase_valid, phase_ready, issue, mac_valid, mac_last;
  logic               claim_ready, use_ready, claim_row, use_row, acc_pop, fill;
  logic [31:0]        ring_addr, vec_addr;
  logic [3:0]         release_channel, release_slot;
  trine_pkg::phase_t  phase;
  logic [4:0]         claim_entry, use_entry;
  logic               run_ready, clearing, refused, missing, active, quiet, mac_first;
  logic               weight_overrun;
  logic [31:0]        weight_addr;
  logic [7:0]         fill_byte;

  trine_schedule #(
      .Contexts(2),
      .XSlots(XSlots),
      .BusBytes(8),
      .MacsPerLane(8),
      .WeightWords(8192),
      .AccSlots(2)
  ) u_schedule (
      .clk_i,
      .rst_ni,
      .flush_i(1'b0),
      .clear_i(1'b0),
      .clearing_o(clearing),
      .channel_i,
      .context_i,
      .read_i,
      .write_i,
      .read_op_i(read_i),
      .write_op_i(write_i),
      .run_i,
      .goes_on_i(1'b0),
      .arg1_i,
      .arg2_i,
      .arg3_i,
      .context_we_i,
      .context_number_i(context_word_i == 4'd0 ? word_i[3:0] : arg1_i[3:0]),
      .context_word_i,
      .context_data_i(word_i),
      .channel_refused_o(refused),
      .missing_o(missing),
      .run_ready_o(run_ready),
      .word_valid_i(bus_valid_i),
      .word_channel_i({2'd0, bus_word_i[1:0]}),
      .word_slot_i({3'd0, bus_word_i[2]}),
      .word_place_i({14'd0, bus_word_i[4:3]}),
      .word_first_i(1'b0),
      .word_last_i(1'b0),
      .ring_we_o(ring_we),
      .ring_addr_o(ring_addr),
      .event_valid_i,
      .event_channel_i({2'd0, event_word_i[1:0]}),
      .event_slot_i({3'd0, event_word_i[2]}),
      .release_valid_o,
      .release_ready_i,
      .release_channel_o(release_channel),
      .release_slot_o(release_slot),
      .claim_valid_i(claim_row),
      .claim_ready_o(claim_ready),
      .claim_entry_i(claim_entry),
      .use_valid_i(use_row),
      .use_ready_o(use_ready),
      .use_entry_i(use_entry),
      .room_channel_i(8'd0),
      .room_o(room),
      .room_comes_o(),
      .room_slot_o(room_slot),
      .want_channel_i({6'd0, write_channel_i}),
      .complete_o(complete),
      .complete_comes_o(),
      .want_slot_o(want_slot),
      .take_i({1'b0, use_row && use_ready}),
      .phase_valid_o(phase_valid),
      .phase_ready_i(phase_ready),
      .phase_o(phase),
      .acc_pop_i(acc_pop),
      .stall_bus_i(1'b0),
      .memory_i(1'b0),
      .issue_o(issue),
      .weight_addr_o(weight_addr),
      .vec_addr_o(vec_addr),
      .fill_o(fill),
      .fill_byte_o(fill_byte),
      .mac_valid_o(mac_valid),
      .mac_first_o(mac_first),
      .mac_last_o(mac_last),
      .active_o(active),
      .quiet_o(quiet),
      .cause_o,
      .word_overrun_o(overrun_o),
      .local_overrun_o(weight_overrun)
  );

  assign release_word_o = {release_slot[0], release_channel[1:0]};

  // --- Choices, each delayed at most Stall cycles in a row ---
  logic       tail_go, reader_go, writer_go, publish_go;
  logic [1:0] tail_held_q, reader_held_q, writer_held_q, publish_held_q;

  assign tail_go = tail_go_i || (Stall > 0 && tail_held_q == 2'(Stall));
  assign reader_go = reader_go_i || (Stall > 0 && reader_held_q == 2'(Stall));
  assign writer_go = writer_go_i || (Stall > 0 && writer_held_q == 2'(Stall));
  assign publish_go = publish_go_i || (Stall > 0 && publish_held_q == 2'(Stall));

  always_ff @(posedge clk_i) begin
    tail_held_q <= (!rst_ni || Stall == 0 || tail_go) ? 2'd0 : tail_held_q + 2'd1;
    reader_held_q <= (!rst_ni || Stall == 0 || reader_go) ? 2'd0 : reader_held_q + 2'd1;
    writer_held_q <= (!rst_ni || Stall == 0 || writer_go) ? 2'd0 : writer_held_q + 2'd1;
    publish_held_q <= (!rst_ni || Stall == 0 || publish_go) ? 2'd0 : publish_held_q + 2'd1;
  end

  // --- Steps of the phases taken ---
  logic       take, ctx, publishes;
  logic [2:0] x_step_q[2];
  logic [2:0] h_step_q[2];
  logic [1:0] begun_q;              // the context has taken an h part
  logic [2:0] take_step;

  assign take = phase_valid && phase_ready;
  assign ctx = phase.ctx[0];
  assign publishes = phase.second || phase.dense;
  assign take_step = phase.h_part ? h_step_q[ctx] : x_step_q[ctx];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      begun_q <= '0;
      for (int c = 0; c < 2; c++) begin
        x_step_q[c] <= 3'd0;
        h_step_q[c] <= 3'd0;
      end
    end else if (take) begin
      if (phase.h_part) begin
        h_step_q[ctx] <= h_step_q[ctx] + 3'd1;
        begun_q[ctx] <= 1'b1;
      end else x_step_q[ctx] <= x_step_q[ctx] + 3'd1;
    end
  end

  // --- Tail: phases in order; a group's words leave one by one once its sums are there ---
  logic [8:0] phases_q[2];          // {words, publishes, step, slot, channel}
  logic [1:0] phases_count_q, sums_q, sent_q;
  logic [1:0] head_words;
  logic       head_valid, head_publishes, head_end, tail_word, tail_taken;

  assign phase_ready = phases_count_q != 2'd2;
  assign {head_words, head_publishes} = phases_q[0][8:6];
  assign head_valid = phases_count_q != 2'd0 && sums_q != 2'd0;
  assign tail_word = head_valid && head_publishes;
  assign head_end = head_valid && (head_publishes ? tail_taken && sent_q == head_words - 2'd1
                                                  : tail_go);
  assign acc_pop = head_end;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      phases_count_q <= 2'd0;
      sums_q <= 2'd0;
      sent_q <= 2'd0;
    end else begin
      phases_count_q <= phases_count_q + 2'(take) - 2'(head_end);
      sums_q <= sums_q + 2'(mac_valid && mac_last) - 2'(head_end);
      if (head_end) sent_q <= 2'd0;
      else if (tail_taken) sent_q <= sent_q + 2'd1;
    end
    if (head_end) phases_q[0] <= phases_q[1];
    if (take) begin
      phases_q[phases_count_q[0] && !head_end] <= {slice_words_i[ctx*2 +: 2], publishes,
                                                   take_step, phase.slot[0], phase.channel[1:0]};
    end
  end

  // --- Reader: claims a slot of channel 0, sends its word some time later; up to XSlots rows ---
  logic [1:0] rows_q;
  logic [2:0] claim_step_q, row_step_q;
  logic       row_taken, row_claimed;

  assign claim_row = reads_i && reader_go && rows_q != 2'(XSlots) && room[0];
  assign claim_entry = {4'd0, claim_step_q[0]};
  assign row_claimed = claim_row && claim_ready;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      rows_q <= 2'd0;
      claim_step_q <= 3'd0;
      row_step_q <= 3'd0;
    end else begin
      rows_q <= rows_q + 2'(row_claimed) - 2'(row_taken);
      claim_step_q <= claim_step_q + 3'(row_claimed);
      row_step_q <= row_step_q + 3'(row_taken);
    end
  end

  // --- One word waits for the bus: the tail's or the reader's ---
  logic       req_valid_q, load, load_row;
  logic [7:0] req_word_q;

  assign load = publish_go && (!req_valid_q || req_ready_i);
  assign load_row = rows_q != 2'd0 && (prefer_reader_i || !tail_word);
  assign row_taken = load && load_row;
  assign tail_taken = load && tail_word && !load_row;
  assign req_valid_o = req_valid_q;
  assign req_word_o = req_word_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) req_valid_q <= 1'b0;
    else if (load) req_valid_q <= row_taken || tail_taken;
    else if (req_ready_i) req_valid_q <= 1'b0;
    if (load) begin
      req_word_q <= load_row ? {row_step_q, 2'd0, row_step_q[0], 2'd0}
                             : {phases_q[0][5:3], place_i + sent_q, phases_q[0][2:0]};
    end
  end

  // --- Writer: releases complete slots of its channel in order ---
  logic [2:0] write_step_q;

  assign use_row = writes_i && writer_go && complete[0];
  assign use_entry = {2'd0, write_channel_i, write_step_q[0]};
  assign written_o = write_step_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) write_step_q <= 3'd0;
    else write_step_q <= write_step_q + 3'(use_row && use_ready);
  end

  // --- What each slot holds: step of its words, and how many of them ---
  logic [2:0] held_step_q[8];
  logic [1:0] held_words_q[8];
  logic       arrive_q;
  logic [7:0] arrive_word_q;
  logic [2:0] arrive_entry;
  logic [1:0] arrive_all;
  logic       arrive_new;

  assign arrive_entry = {arrive_word_q[1:0], arrive_word_q[2]};
  assign arrive_all = vector_words_i[arrive_word_q[1:0]*2 +: 2];
  assign arrive_new = held_words_q[arrive_entry] == 2'd0
                      || held_words_q[arrive_entry] == arrive_all;

  always_ff @(posedge clk_i) begin
    arrive_q <= rst_ni && bus_valid_i;
    arrive_word_q <= bus_word_i;
    if (!rst_ni) begin
      for (int e = 0; e < 8; e++) held_words_q[e] <= 2'd0;
    end else if (ring_we) begin
      held_words_q[arrive_entry] <= arrive_new ? 2'd1 : held_words_q[arrive_entry] + 2'd1;
      held_step_q[arrive_entry] <= arrive_word_q[7:5];
    end
  end

  // --- The phase that is running: what it must find ---
  logic       at_first_q;
  logic [2:0] at_step_q, at_entry;
  logic [1:0] at_channel_q;

  assign at_entry = {at_channel_q, at_step_q[0]};

  always_ff @(posedge clk_i) begin
    if (take) begin
      at_first_q <= phase.h_part && !begun_q[ctx];
      at_step_q <= phase.h_part ? take_step - 3'd1 : take_step;
      at_channel_q <= phase.h_part ? y_channels_i[ctx*2 +: 2] : x_channels_i[ctx*2 +: 2];
    end
  end

  logic [2:0] use_held;
  assign use_held = {write_channel_i, write_step_q[0]};
  assign wrapped_o = issue && at_step_q == 3'd4;
  assign progress_o = take || issue || row_claimed || row_taken || tail_taken
                      || (use_row && use_ready) || bus_valid_i || event_valid_i || head_end;

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      a_no_overrun: assert (Alarm != 0 || !overrun_o);
    end
    if (rst_ni && !(Alarm == 2 && stopped_i)) begin
      if (ring_we) begin
        a_write_known: assert (arrive_q);
        a_write_place: assert (ring_addr == {25'd0, arrive_entry, 4'd0}
                               + {27'd0, arrive_word_q[4:3], 3'd0});
        a_steps_apart: assert (arrive_new || held_step_q[arrive_entry] == arrive_word_q[7:5]);
        a_not_while_read: assert (!issue || at_first_q || arrive_entry != at_entry);
      end
      if (take) a_phase_slot: assert (phase.slot[0] == take_step[0]);
      if (issue && !at_first_q) begin
        a_read_place: assert (vec_addr == {25'd0, at_entry, 4'd0});
        a_read_whole: assert (held_words_q[at_entry] == vector_words_i[at_channel_q*2 +: 2]);
        a_read_step: assert (held_step_q[at_entry] == at_step_q);
      end
      if (use_row) begin
        a_row_whole: assert (held_words_q[use_held] == vector_words_i[write_channel_i*2 +: 2]);
        a_row_step: assert (held_step_q[use_held] == write_step_q);
      end
    end
  end

endmodule

`default_nettype wire
