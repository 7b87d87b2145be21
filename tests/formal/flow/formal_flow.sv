// SPDX-License-Identifier: Apache-2.0
// formal_flow: flow control of a small domain: two flow_core (two contexts each, rings of two
// slots) on the real activation bus and the real release bus, set up by operations as by a
// program, then
// running without end.
//
// Net 0, helper: contexts 0 and 1 are two LSTM layers, both sliced over both cores (one word each);
//        core 0 writes the result. Net 1, multithreading: core 0 has layer 0 and the dense head
//        (context 1), core 1 has layer 1 and writes. Net 2: Net 0 with its first layer only.
// Net 3 breaks a rule: two contexts of core 0 read channel 0, which neither of them publishes.
// Channel 0 is the input, read by core 0; a layer n publishes on channel n + 1.
// Break: 1 one listener of two is counted, 2 one user of two, 3 a listener too many, 4 a vector is
// complete with its first word.
//
// cycle    0..3       4      5..8                   9..12      13..
//          channels   READ   context 0: w0 w1 w2,   context 1  RUN (held: steps without end)
//                            commit
`default_nettype none

module formal_flow #(
    parameter int unsigned Net = 0,
    parameter int unsigned Break = 0,
    parameter int unsigned Stall = 0,        // longest delay of a choice; 0: no bound
    parameter int unsigned Alarm = 0,        // see flow_core.sv
    parameter int unsigned Calm = 0,         // bits: tail, reader, writer, publisher never delay
    parameter int unsigned Limit = 0,        // cycles without progress that are a deadlock; 0: any
    parameter int unsigned Reach = 0         // n > 0: claims that situation n - 1 never comes
) (
    input wire logic       clk_i,
    // Choices, a bit a core.
    input wire logic [1:0] tail_go_i,
    input wire logic [1:0] reader_go_i,
    input wire logic [1:0] writer_go_i,
    input wire logic [1:0] publish_go_i,
    input wire logic [1:0] prefer_reader_i
);

  // --- The nets, a field of two bits each channel or context, core 0 first ---
  logic [15:0] users;          // core, channel
  logic [7:0]  listeners, words;
  logic [7:0]  x_channels, y_channels, slices;
  logic [3:0]  enabled, dense, writes;
  logic [1:0]  write_channel;

  always_comb begin
    case (Net)
      1: begin
        users = {2'd1, 2'd1, 2'd1, 2'd0, 2'd0, 2'd1, 2'd1, 2'd1};
        listeners = {2'd1, 2'd2, 2'd2, 2'd1};
        words = {2'd1, 2'd2, 2'd2, 2'd1};
        x_channels = {2'd0, 2'd1, 2'd2, 2'd0};
        y_channels = {2'd0, 2'd2, 2'd3, 2'd1};
        slices = {2'd0, 2'd2, 2'd1, 2'd2};
        enabled = 4'b0111;
        dense = 4'b0010;
        writes = 4'b0010;
        write_channel = 2'd3;
      end
      2: begin
        users = {2'd0, 2'd0, 2'd1, 2'd1, 2'd0, 2'd0, 2'd2, 2'd1};
        listeners = {2'd0, 2'd0, 2'd2, 2'd2};
        words = {2'd0, 2'd0, 2'd2, 2'd1};
        x_channels = 8'd0;
        y_channels = {2'd0, 2'd1, 2'd0, 2'd1};
        slices = {2'd0, 2'd1, 2'd0, 2'd1};
        enabled = 4'b0101;
        dense = 4'b0000;
        writes = 4'b0001;
        write_channel = 2'd1;
      end
      3: begin
        users = {2'd0, 2'd0, 2'd1, 2'd0, 2'd0, 2'd1, 2'd0, 2'd2};
        listeners = {2'd0, 2'd1, 2'd1, 2'd1};
        words = {2'd0, 2'd1, 2'd1, 2'd1};
        x_channels = 8'd0;
        y_channels = {2'd0, 2'd0, 2'd2, 2'd1};
        slices = {2'd0, 2'd0, 2'd1, 2'd1};
        enabled = 4'b0011;
        dense = 4'b0001;
        writes = 4'b0010;
        write_channel = 2'd1;
      end
      default: begin
        users = {2'd0, 2'd1, 2'd2, 2'd1, 2'd0, 2'd2, 2'd2, 2'd1};
        listeners = {2'd0, 2'd2, 2'd2, 2'd2};
        words = {2'd0, 2'd2, 2'd2, 2'd1};
        x_channels = {2'd1, 2'd0, 2'd1, 2'd0};
        y_channels = {2'd2, 2'd1, 2'd2, 2'd1};
        slices = {2'd1, 2'd1, 2'd1, 2'd1};
        enabled = 4'b1111;
        dense = 4'b0000;
        writes = 4'b0001;
        write_channel = 2'd2;
      end
    endcase
    if (Break == 1) listeners[3:2] = 2'd1;
    if (Break == 2) users[3:2] = 2'd1;
    if (Break == 3) listeners[3:2] = 2'd3;
  end

  // --- Set-up ---
  logic       rst_n;
  logic [3:0] at_q = 4'd0;     // saturates at 14
  logic       begun_q = 1'b0;
  logic       setup_ctx, runs;
  logic [1:0] setup_word;

  assign rst_n = begun_q;
  assign runs = at_q == 4'd14;
  assign setup_ctx = at_q >= 4'd9;
  assign setup_word = 2'(at_q - 4'd5);

  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    if (begun_q && at_q != 4'd14) at_q <= at_q + 4'd1;
  end

  // --- The cores and their buses ---
  logic [1:0]  req_valid, req_ready, release_valid, release_ready, progress, wrapped, overrun;
  logic        stopped_q;
  logic [15:0] req_word;
  logic [5:0]  release_word;
  logic        bus_valid, event_valid;
  logic [7:0]  bus_word;
  logic [2:0]  event_word;
  logic [7:0]  cause;
  logic [5:0]  written;

`ifdef FLOW_BOOKS
  logic [7:0]   publishes, x_user, h_user, by_context;
  logic [23:0]  claims, loaded, x_picked, x_released, h_picked, h_released, x_counted, h_counted;
  logic [15:0]  part, sends, arrive_word, filled, taken, emptied, claimed, freed;
  logic [15:0]  x_left, h_left, room_left, used;
  logic [207:0] arrived;
  logic [79:0]  released;
  logic [79:0]  queue;
  logic [47:0]  held_step;
  logic [31:0]  held_words;
  logic [7:0]   queue_count;
  logic [5:0]   write_step;
  logic [1:0]   arrive_valid;
  // The event that the cores count now: what the bus brought a cycle before, and from whom.
  logic         event_valid_q, event_from_q, event_from_q2;
  logic [2:0]   event_word_q;
`endif

  for (genvar c = 0; c < 2; c++) begin : gen_core
    logic [31:0] arg1, arg2, arg3, word;
    logic [1:0]  channel, x_channel, y_channel;
    logic        setup_now, exists;

    assign channel = at_q[1:0];
    assign x_channel = x_channels[(2*c + 32'(setup_ctx))*2 +: 2];
    assign y_channel = y_channels[(2*c + 32'(setup_ctx))*2 +: 2];
    assign exists = enabled[2*c + 32'(setup_ctx)];
    assign setup_now = rst_n && at_q >= 4'd5 && at_q <= 4'd12;

    always_comb begin
      arg1 = '0;
      arg2 = 32'd0;
      arg3 = 32'd0;
      if (at_q <= 4'd3) begin
        arg1[3:0] = {2'd0, channel};
        arg1[9:8] = users[(4*c + 32'(channel))*2 +: 2];
        arg2 = {16'd2, 12'd0, channel, 2'd0};
        arg3[1:0] = (Break == 4) ? 2'd1 : words[channel*2 +: 2];
      end else if (at_q == 4'd4) begin
        arg1[9:8] = listeners[1:0];
      end else if (setup_now) begin
        arg1[0] = setup_ctx;
        arg1[4] = dense[2*c + 32'(setup_ctx)];
        arg1[6] = !dense[2*c + 32'(setup_ctx)];
        arg1[9:8] = x_channel;
        arg1[13:12] = y_channel;
        arg1[17:16] = listeners[y_channel*2 +: 2];
      end else begin
        arg1[1:0] = enabled[2*c +: 2];
        arg1[18:17] = 2'd1;
        arg1[5:4] = write_channel;
        arg2 = 32'd1;
      end
      case (setup_word)
        2'd0: word = {18'd0, y_channel, 2'd0, x_channel, 1'd0, !dense[2*c + 32'(setup_ctx)],
                      1'd0, dense[2*c + 32'(setup_ctx)], 3'd0, setup_ctx};
        2'd1: word = {16'd1, 16'd1};
        default: word = {16'd1, 16'd1};
      endcase
    end

    flow_core #(
        .Stall(Stall),
        .Alarm(Alarm)
    ) u_core (
        .clk_i,
        .rst_ni(rst_n),
        .channel_i(rst_n && at_q <= 4'd3),
        .context_i(setup_now && exists && setup_word == 2'd3),
        .read_i(rst_n && at_q == 4'd4 && c == 0),
        .write_i(rst_n && at_q == 4'd13 && writes[c]),
        .run_i(rst_n && at_q >= 4'd13),
        .arg1_i(arg1),
        .arg2_i(arg2),
        .arg3_i(arg3),
        .context_we_i(setup_now && setup_word != 2'd3),
        .context_word_i({2'd0, setup_word}),
        .word_i(word),
        .vector_words_i(words),
        .slice_words_i(slices[4*c +: 4]),
        .place_i((Net == 0 || Net == 2) ? 2'(c) : 2'd0),
        .x_channels_i(x_channels[4*c +: 4]),
        .y_channels_i(y_channels[4*c +: 4]),
        .reads_i(runs && c == 0),
        .writes_i(writes[c]),
        .write_channel_i(write_channel),
        .tail_go_i(runs && (tail_go_i[c] || Calm[0])),
        .reader_go_i(runs && (reader_go_i[c] || Calm[1])),
        .writer_go_i(runs && (writer_go_i[c] || Calm[2])),
        .publish_go_i(runs && (publish_go_i[c] || Calm[3])),
        .prefer_reader_i(runs && prefer_reader_i[c]),
        .req_valid_o(req_valid[c]),
        .req_ready_i(req_ready[c]),
        .req_word_o(req_word[c*8 +: 8]),
        .bus_valid_i(bus_valid),
        .bus_word_i(bus_word),
        .release_valid_o(release_valid[c]),
        .release_ready_i(release_ready[c]),
        .release_word_o(release_word[c*3 +: 3]),
        .event_valid_i(event_valid),
        .event_word_i(event_word),
        .overrun_o(overrun[c]),
        .stopped_i(stopped_q || (|overrun)),
        .progress_o(progress[c]),
        .cause_o(cause[c*4 +: 4]),
        .written_o(written[c*3 +: 3]),
        .wrapped_o(wrapped[c])
    );
`ifdef FLOW_BOOKS
`include "flow_books.svh"
`endif
  end

  logic [1:0] front_unused;   // the reader is in its core here

  trine_bus #(
      .Cores(2),
      .Width(8)
  ) u_activations (
      .clk_i,
      .rst_ni(rst_n),
      .req_valid_i(req_valid),
      .req_ready_o(req_ready),
      .req_word_i(req_word),
      .front_valid_i(1'b0),
      .front_ready_o(front_unused[0]),
      .front_word_i(8'd0),
      .hold_i(1'b0),
      .bus_valid_o(bus_valid),
      .bus_word_o(bus_word)
  );

  trine_bus #(
      .Cores(2),
      .Width(3)
  ) u_releases (
      .clk_i,
      .rst_ni(rst_n),
      .req_valid_i(release_valid),
      .req_ready_o(release_ready),
      .req_word_i(release_word),
      .front_valid_i(1'b0),
      .front_ready_o(front_unused[1]),
      .front_word_i(3'd0),
      .hold_i(1'b0),
      .bus_valid_o(event_valid),
      .bus_word_o(event_word)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_n) stopped_q <= 1'b0;
    else if (|overrun) stopped_q <= 1'b1;
  end

  // --- Since the steps never end, something happens at least every Limit cycles, or in as many
  // cycles without a delay after any with delays ---
  (* keep *) logic [4:0] idle_q;    // whole, so that it alone begins with a value in flow_alive
  logic       eager;

  assign eager = Stall > 0 || (&{tail_go_i, reader_go_i, writer_go_i, publish_go_i});

  always_ff @(posedge clk_i) begin
    if (!rst_n || at_q != 4'd14 || (|progress) || !eager) idle_q <= 5'd0;
    else if (idle_q != 5'd31) idle_q <= idle_q + 5'd1;
  end

  // --- Situations the proofs must have been through ---
  logic [6:0] reached;
  logic       written_three;

  assign written_three = (written[2:0] | written[5:3]) == 3'd3;
  assign reached = {
    (|wrapped),                                     // 6 a slot in its third use is read
    written_three,                                  // 5 three rows have been written
    (&release_valid),                               // 4 the release bus is contended
    cause[7:4] == trine_pkg::COUNT_INPUT,           // 3 core 1 waits for x
    cause[3:0] == trine_pkg::COUNT_H,               // 2 core 0 waits for h(t-1)
    cause[3:0] == trine_pkg::COUNT_ROOM,            // 1 a ring is full
    (&req_valid)                                    // 0 the activation bus is contended
  };

  always_ff @(posedge clk_i) begin
    if (rst_n && at_q == 4'd14) begin
      if (Limit > 0) a_no_deadlock: assert (idle_q < 5'(Limit));
      if (Reach > 0) a_not_reached: assert (!reached[Reach-1]);
    end
  end

`ifdef FLOW_BOOKS
  // --- Books, see flow_ledger.sv ---
  logic bus_from_q, arrive_from_q;    // which core's word or event it is

  always_ff @(posedge clk_i) begin
    bus_from_q <= req_ready[1];
    arrive_from_q <= bus_from_q;
    event_from_q <= release_ready[1];
    event_from_q2 <= event_from_q;
    event_valid_q <= rst_n && event_valid;
    event_word_q <= event_word;
    if (runs) a_same_arrival: assert (arrive_valid[0] == arrive_valid[1]
                                      && arrive_word[7:0] == arrive_word[15:8]);
  end

  for (genvar n = 0; n < 4; n++) begin : gen_ledger
    flow_ledger #(
        .Channel(n)
    ) u_ledger (
        .clk_i,
        .rst_ni(rst_n),
        .on_i(runs),
        .words_i(words[2*n +: 2]),
        .places_i((Net == 0 || Net == 2) ? 4'b0100 : 4'b0000),
        .listens_i({users[(4 + n)*2 +: 2] != 2'd0, users[n*2 +: 2] != 2'd0}),
        .writes_i(writes[1:0] & {2{write_channel == 2'(n)}}),
        .publishes_i({publishes[4 + n], publishes[n]}),
        .claims_i({claims[(4 + n)*3 +: 3], claims[n*3 +: 3]}),
        .loaded_i({loaded[(4 + n)*3 +: 3], loaded[n*3 +: 3]}),
        .part_i({part[(4 + n)*2 +: 2], part[n*2 +: 2]}),
        .slices_i({sends[(4 + n)*2 +: 2], sends[n*2 +: 2]}),
        .x_user_i({x_user[(4 + n)*1 +: 1], x_user[n*1 +: 1]}),
        .x_picked_i({x_picked[(4 + n)*3 +: 3], x_picked[n*3 +: 3]}),
        .x_released_i({x_released[(4 + n)*3 +: 3], x_released[n*3 +: 3]}),
        .h_user_i({h_user[(4 + n)*1 +: 1], h_user[n*1 +: 1]}),
        .h_picked_i({h_picked[(4 + n)*3 +: 3], h_picked[n*3 +: 3]}),
        .h_released_i({h_released[(4 + n)*3 +: 3], h_released[n*3 +: 3]}),
        .written_i(write_step),
        .req_valid_i(req_valid),
        .req_word_i(req_word),
        .bus_valid_i(bus_valid),
        .bus_word_i(bus_word),
        .bus_from_i(bus_from_q),
        .arrive_valid_i(arrive_valid[0]),
        .arrive_word_i(arrive_word[7:0]),
        .arrive_from_i(arrive_from_q),
        .filled_i({filled[(4 + n)*2 +: 2], filled[n*2 +: 2]}),
        .taken_i({taken[(4 + n)*2 +: 2], taken[n*2 +: 2]}),
        .emptied_i({emptied[(4 + n)*2 +: 2], emptied[n*2 +: 2]}),
        .claimed_i({claimed[(4 + n)*2 +: 2], claimed[n*2 +: 2]}),
        .freed_i({freed[(4 + n)*2 +: 2], freed[n*2 +: 2]}),
        .context_i({by_context[4 + n], by_context[n]}),
        .x_counted_i({x_counted[(4 + n)*3 +: 3], x_counted[n*3 +: 3]}),
        .h_counted_i({h_counted[(4 + n)*3 +: 3], h_counted[n*3 +: 3]}),
        .x_left_i({x_left[(4 + n)*2 +: 2], x_left[n*2 +: 2]}),
        .h_left_i({h_left[(4 + n)*2 +: 2], h_left[n*2 +: 2]}),
        .room_left_i({room_left[(4 + n)*2 +: 2], room_left[n*2 +: 2]}),
        .took_i(written),
        .arrived_i({arrived[(4 + n)*26 +: 26], arrived[n*26 +: 26]}),
        .used_i({used[(4 + n)*2 +: 2], used[n*2 +: 2]}),
        .released_i({released[(4 + n)*10 +: 10], released[n*10 +: 10]}),
        .held_step_i({held_step[(4 + n)*6 +: 6], held_step[n*6 +: 6]}),
        .held_words_i({held_words[(4 + n)*4 +: 4], held_words[n*4 +: 4]}),
        .queue_i(queue),
        .queue_count_i(queue_count),
        .event_valid_i(event_valid),
        .event_word_i(event_word),
        .event_from_i(event_from_q),
        .counting_i(event_valid_q && event_word_q[1:0] == 2'(n)),
        .counting_from_i(event_from_q2),
        .counting_slot_i(event_word_q[2])
    );
  end
`endif

endmodule

`default_nettype wire
