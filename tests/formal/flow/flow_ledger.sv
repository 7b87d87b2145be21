// SPDX-License-Identifier: Apache-2.0
// flow_ledger: the books of one channel over both cores, for proofs without end: words delivered,
// vectors complete, slots released, events received; and that rings, counts, buses and queues hold
// just what the books say. See flow_steps.sv.
//
// Numbers are steps modulo 8; of all of them the smallest is the events received from some
// listener, the largest some publisher's claims, at most the two slots of a ring apart.
//
// cycle          0        1        2
// word on bus    A        .        .
// arriving       .        A        .
// sent_q         .        .        A counted
`default_nettype none

module flow_ledger #(
    parameter int unsigned Channel = 0,
    parameter int unsigned Places = 8           // of a queue of release events
) (
    input  wire logic         clk_i,
    input  wire logic         rst_ni,
    input  wire logic         on_i,
    // The program: words of a vector, and of each core, core 0 first: place of its first word,
    // whether it listens, whether its writer is a user.
    input  wire logic [1:0]   words_i,
    input  wire logic [3:0]   places_i,
    input  wire logic [1:0]   listens_i,
    input  wire logic [1:0]   writes_i,
    // Of each core, from flow_steps.
    input  wire logic [1:0]   publishes_i,
    input  wire logic [5:0]   claims_i,
    input  wire logic [5:0]   loaded_i,
    input  wire logic [3:0]   part_i,
    input  wire logic [3:0]   slices_i,
    input  wire logic [1:0]   x_user_i,
    input  wire logic [5:0]   x_picked_i,
    input  wire logic [5:0]   x_released_i,
    input  wire logic [1:0]   h_user_i,
    input  wire logic [5:0]   h_picked_i,
    input  wire logic [5:0]   h_released_i,
    input  wire logic [5:0]   written_i,
    // Words on their way, and whose they are.
    input  wire logic [1:0]   req_valid_i,
    input  wire logic [15:0]  req_word_i,
    input  wire logic         bus_valid_i,
    input  wire logic [7:0]   bus_word_i,
    input  wire logic         bus_from_i,
    input  wire logic         arrive_valid_i,
    input  wire logic [7:0]   arrive_word_i,
    input  wire logic         arrive_from_i,
    // The channel's steps of each core, modulo 4, and what is left of its users' credits.
    input  wire logic [3:0]   filled_i,
    input  wire logic [3:0]   taken_i,
    input  wire logic [3:0]   emptied_i,
    input  wire logic [3:0]   claimed_i,
    input  wire logic [3:0]   freed_i,
    input  wire logic [1:0]   context_i,
    input  wire logic [5:0]   x_counted_i,
    input  wire logic [5:0]   h_counted_i,
    input  wire logic [3:0]   x_left_i,
    input  wire logic [3:0]   h_left_i,
    input  wire logic [3:0]   room_left_i,
    input  wire logic [5:0]   took_i,         // vectors the writer has taken
    // Slots of each core, fields a slot, core 0 first.
    input  wire logic [51:0]  arrived_i,
    input  wire logic [3:0]   used_i,
    input  wire logic [19:0]  released_i,
    input  wire logic [11:0]  held_step_i,
    input  wire logic [7:0]   held_words_i,
    // Release events: queues of the cores, five bits a place, and the bus.
    input  wire logic [2*Places*5-1:0] queue_i,
    input  wire logic [7:0]   queue_count_i,
    input  wire logic         event_valid_i,
    input  wire logic [2:0]   event_word_i,
    input  wire logic         event_from_i,
    input  wire logic         counting_i,     // an event is being counted, of this core
    input  wire logic         counting_from_i,
    input  wire logic         counting_slot_i
);

  logic [5:0] sent_q;      // vectors of each core's publisher that are in the rings
  logic [3:0] extra_q;     // and words of the next one
  logic [5:0] received_q;  // events of each core
  logic       word, is_event;

  assign word = arrive_valid_i && arrive_word_i[1:0] == 2'(Channel);
  assign is_event = event_valid_i && event_word_i[1:0] == 2'(Channel);

  for (genvar c = 0; c < 2; c++) begin : gen_count
    logic ends;
    assign ends = extra_q[2*c +: 2] + 2'd1 == slices_i[2*c +: 2];
    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        sent_q[3*c +: 3] <= 3'd0;
        extra_q[2*c +: 2] <= 2'd0;
        received_q[3*c +: 3] <= 3'd0;
      end else begin
        if (word && arrive_from_i == 1'(c)) begin
          extra_q[2*c +: 2] <= ends ? 2'd0 : extra_q[2*c +: 2] + 2'd1;
          if (ends) sent_q[3*c +: 3] <= sent_q[3*c +: 3] + 3'd1;
        end
        if (is_event && event_from_i == 1'(c)) begin
          received_q[3*c +: 3] <= received_q[3*c +: 3] + 3'd1;
        end
      end
    end
  end

  // --- Words of each publisher, in order: in the rings, arriving, on the bus, before it ---
  for (genvar c = 0; c < 2; c++) begin : gen_words
    logic [4:0] at0, at1, at2, at3;    // {vector, word of it} the next stage must hold
    logic       arrives, on_bus, asks;
    logic [1:0] last, base;

    assign last = slices_i[2*c +: 2] - 2'd1;
    assign base = places_i[2*c +: 2];
    assign arrives = word && arrive_from_i == 1'(c);
    assign on_bus = bus_valid_i && bus_word_i[1:0] == 2'(Channel) && bus_from_i == 1'(c);
    assign asks = req_valid_i[c] && req_word_i[8*c +: 2] == 2'(Channel);
    assign at0 = {sent_q[3*c +: 3], extra_q[2*c +: 2]};
    assign at1 = !arrives ? at0 : (at0[1:0] == last) ? {at0[4:2] + 3'd1, 2'd0} : at0 + 5'd1;
    assign at2 = !on_bus ? at1 : (at1[1:0] == last) ? {at1[4:2] + 3'd1, 2'd0} : at1 + 5'd1;
    assign at3 = !asks ? at2 : (at2[1:0] == last) ? {at2[4:2] + 3'd1, 2'd0} : at2 + 5'd1;

    always_ff @(posedge clk_i) begin
      if (on_i) begin
        assert (publishes_i[c] || (!arrives && !on_bus && !asks));
        if (publishes_i[c]) begin
          if (arrives) assert (arrive_word_i == {at0[4:2], base + at0[1:0], at0[2],
                                                             2'(Channel)});
          if (on_bus) assert (bus_word_i == {at1[4:2], base + at1[1:0], at1[2],
                                                       2'(Channel)});
          if (asks) assert (req_word_i[8*c +: 8] == {at2[4:2], base + at2[1:0], at2[2],
                                                               2'(Channel)});
          assert (at3 == {loaded_i[3*c +: 3], part_i[2*c +: 2]});
          assert (extra_q[2*c +: 2] <= last);
        end else assert (sent_q[3*c +: 3] == 3'd0 && extra_q[2*c +: 2] == 2'd0);
      end
    end
  end

  // --- Vectors complete, and words of the next ---
  logic [2:0] ahead, full;
  logic       both;
  logic [1:0] next_words;
  logic       next_slot;

  assign both = publishes_i == 2'b11;
  assign ahead = sent_q[2:0] - sent_q[5:3];
  assign full = !publishes_i[0] ? sent_q[5:3] : !publishes_i[1] ? sent_q[2:0]
                : (ahead == 3'd1) ? sent_q[5:3] : sent_q[2:0];
  assign next_words = (both && (ahead == 3'd1 || ahead == 3'd7)) ? 2'd1
                      : both ? 2'd0 : extra_q[1:0] | extra_q[3:2];
  assign next_slot = full[0];

  always_ff @(posedge clk_i) begin
    if (on_i && both) begin
      assert (ahead == 3'd0 || ahead == 3'd1 || ahead == 3'd7);
      assert (slices_i == 4'b0101);
    end
  end

  // --- Each listener ---
  logic [5:0] freed;   // slots emptied here

  for (genvar c = 0; c < 2; c++) begin : gen_listener
    logic [2:0] users, behind0, behind1, behind2, queued, lag, earliest;
    logic       next, prior;        // indices of the slots of step full and full - 1
    logic [Places-1:0] mine, parity;   // events of this channel; how many are before a place
    logic       on_bus, counts;

    assign next = next_slot;
    assign prior = !next_slot;
    assign users = {writes_i[c], h_user_i[c], x_user_i[c]};

    // Slots are occupied from the last vector completed back to the first not emptied.
    logic held_prior, held_next;
    assign held_prior = (behind1 | behind2) != 3'd0;
    assign held_next = behind2 != 3'd0;

    // How far each user is behind: bit n of behindK: user n has K vectors to release.
    logic [2:0] lag_x, lag_h, lag_w, max_x, max_h;
    assign lag_x = full - x_released_i[3*c +: 3];
    assign lag_h = full - h_released_i[3*c +: 3];
    assign lag_w = full - written_i[3*c +: 3];
    assign behind0 = users & {lag_w == 3'd0, lag_h == 3'd0, lag_x == 3'd0};
    assign behind1 = users & {lag_w == 3'd1, lag_h == 3'd1, lag_x == 3'd1};
    assign behind2 = users & {lag_w == 3'd2, lag_h == 3'd2, lag_x == 3'd2};
    assign lag = (behind2 != 3'd0) ? 3'd2 : (behind1 != 3'd0) ? 3'd1 : 3'd0;
    assign freed[3*c +: 3] = full - lag;
    assign max_x = full - x_picked_i[3*c +: 3];
    assign max_h = full - h_picked_i[3*c +: 3];
    assign on_bus = is_event && event_from_i == 1'(c);
    assign counts = counting_i && counting_from_i == 1'(c);
    assign earliest = received_q[3*c +: 3] + 3'(on_bus);

    always_comb begin
      queued = 3'd0;
      for (int n = 0; n < Places; n++) begin
        mine[n] = queue_count_i[4*c +: 4] > 4'(n)
                  && queue_i[(c*Places + n)*5 + 1 +: 4] == 4'(Channel);
        parity[n] = queued[0];
        queued = queued + 3'(mine[n]);
      end
    end

    always_ff @(posedge clk_i) begin
      if (on_i && listens_i[c]) begin
        assert ((behind0 | behind1 | behind2) == users);
        assert (!x_user_i[c] || max_x <= lag_x);
        assert (!h_user_i[c] || max_h <= lag_h);
        assert (filled_i[2*c +: 2] == full[1:0] && emptied_i[2*c +: 2] == freed[3*c +: 2]);
        assert (taken_i[2*c +: 2] == (writes_i[c] ? took_i[3*c +: 2] : 2'd0));
        assert (!writes_i[c] || full - took_i[3*c +: 3] <= lag_w);
        assert (!x_user_i[c] || {1'b0, x_left_i[2*c +: 2]} == full - x_counted_i[3*c +: 3]);
        assert (!h_user_i[c] || {1'b0, h_left_i[2*c +: 2]} == full - h_counted_i[3*c +: 3]);
        // The slot of the last complete vector, the one before or that of the next.
        assert (used_i[2*c + 32'(prior)] == (held_prior && behind0 != 3'd0));
        assert (used_i[2*c + 32'(next)] == (held_next && (behind0 | behind1) != 3'd0));
        assert (arrived_i[(2*c + 32'(prior))*13 +: 13] == 13'd0);
        assert (arrived_i[(2*c + 32'(next))*13 +: 13]
                == {next_words != 2'd0 && next_words + 2'd1 == words_i, 10'd0, next_words});
        assert (held_prior
            ? held_step_i[(2*c + 32'(prior))*3 +: 3] == full - 3'd1
              && held_words_i[(2*c + 32'(prior))*2 +: 2] == words_i
            : held_words_i[(2*c + 32'(prior))*2 +: 2] == 2'd0
              || held_words_i[(2*c + 32'(prior))*2 +: 2] == words_i);
        if (next_words != 2'd0) begin
          assert (held_step_i[(2*c + 32'(next))*3 +: 3] == full
              && held_words_i[(2*c + 32'(next))*2 +: 2] == next_words
              && !held_next);
        end else begin
          assert (held_next
              ? held_step_i[(2*c + 32'(next))*3 +: 3] == full - 3'd2
                && held_words_i[(2*c + 32'(next))*2 +: 2] == words_i
              : held_words_i[(2*c + 32'(next))*2 +: 2] == 2'd0
                || held_words_i[(2*c + 32'(next))*2 +: 2] == words_i);
        end
        // Events, in order: received, on the bus, in the queue.
        assert (earliest + queued == freed[3*c +: 3]);
        assert (!on_bus || event_word_i[2] == received_q[3*c]);
        assert (!counts || counting_slot_i == !received_q[3*c]);
        for (int n = 0; n < Places; n++) begin
          if (mine[n]) assert (queue_i[(c*Places + n)*5] == earliest[0] ^ parity[n]);
        end
      end else if (on_i) begin
        assert (queued == 3'd0 && !on_bus && !counts && received_q[3*c +: 3] == 3'd0);
      end
    end
  end

  // --- Each publisher: room for its last two claims, and the order of all numbers ---
  for (genvar c = 0; c < 2; c++) begin : gen_publisher
    logic [2:0] claims, owed0, owed1, owed, made;
    logic [5:0] counted;    // events of each core that are counted here
    logic       next, prior;
    logic [1:0] near0, near1;
    logic [3:0] count0, count1;
    logic       last0, last1;

    assign claims = claims_i[3*c +: 3];
    assign next = claims[0];
    assign prior = !claims[0];
    assign counted[2:0] = received_q[2:0] - 3'(counting_i && !counting_from_i);
    assign counted[5:3] = received_q[5:3] - 3'(counting_i && counting_from_i);
    assign owed0 = listens_i[0] ? claims - counted[2:0] : 3'd0;   // slots not given back
    assign owed1 = listens_i[1] ? claims - counted[5:3] : 3'd0;
    assign owed = (owed0 > owed1) ? owed0 : owed1;
    assign near0 = listens_i & {owed1 == 3'd0, owed0 == 3'd0};
    assign near1 = listens_i & {owed1 <= 3'd1, owed0 <= 3'd1};
    assign count0 = 4'(near0[0]) + 4'(near0[1]);
    assign count1 = 4'(near1[0]) + 4'(near1[1]);
    // One of two listeners: the next completes it.
    assign last0 = (&listens_i) && count0 == 4'd1;
    assign last1 = (&listens_i) && count1 == 4'd1;
    assign made = sent_q[3*c +: 3] + 3'(extra_q[2*c +: 2] != 2'd0);

    always_ff @(posedge clk_i) begin
      if (on_i && publishes_i[c]) begin
        assert (claimed_i[2*c +: 2] == claims[1:0]);
        assert (freed_i[2*c +: 2] == claims[1:0] - owed[1:0]);
        assert (owed <= 3'd2);
        assert (!context_i[c] || {1'b0, room_left_i[2*c +: 2]} == 3'd2 - owed);
        assert (released_i[(2*c + 32'(prior))*5 +: 5]
                               == ((near0 == listens_i) ? 5'd0 : {last0, count0}));
        assert (released_i[(2*c + 32'(next))*5 +: 5]
                              == ((near1 == listens_i) ? 5'd0 : {last1, count1}));
        for (int l = 0; l < 2; l++) begin
          if (listens_i[l]) begin
            assert (
                claims - received_q[3*l +: 3] <= 3'd2
                && made - received_q[3*l +: 3] <= claims - received_q[3*l +: 3]
                && full - received_q[3*l +: 3] <= made - received_q[3*l +: 3]
                && freed[3*l +: 3] - received_q[3*l +: 3] <= full - received_q[3*l +: 3]);
          end
        end
      end
    end
  end

endmodule

`default_nettype wire
