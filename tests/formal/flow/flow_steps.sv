// SPDX-License-Identifier: Apache-2.0
// flow_steps: what the state of one core means, for proofs without end: how many steps each context
// has picked, taken and released, and which word each publisher sends next; and that the state is
// just what these numbers say.
//
// Numbers are steps modulo 8. Assertions hold of every reachable state and are strong enough that
// they follow from themselves a cycle before, together with those of flow_ledger.sv.
//
// cycle          0        1
// phase taken    A        .
// at_*_q         .        A
`default_nettype none

module flow_steps (
    input  wire logic        clk_i,
    input  wire logic        on_i,            // set up
    // The program, as in flow_core.sv.
    input  wire logic [1:0]  enabled_i,
    input  wire logic [1:0]  dense_i,
    input  wire logic [3:0]  x_channels_i,
    input  wire logic [3:0]  y_channels_i,
    input  wire logic [3:0]  slice_words_i,
    input  wire logic        reads_i,
    // Contexts.
    input  wire logic [1:0]  state_i,
    input  wire logic        sel_i,
    input  wire logic        sel_h_i,
    input  wire logic        sel_ends_i,
    input  wire logic        sel_slot_i,
    input  wire logic        sel_started_i,
    input  wire logic [1:0]  slots_i,
    input  wire logic [1:0]  half_i,
    input  wire logic [1:0]  half_h_i,
    input  wire logic [1:0]  started_i,
    input  wire logic [1:0]  sel_one_i,
    input  wire logic [1:0]  busy_i,
    input  wire logic [1:0]  pend_i,
    input  wire logic        claimed_i,
    input  wire logic [31:0] steps_left_i,
    input  wire logic [31:0] run_steps_i,
    input  wire logic [15:0] vec_i,           // of the picked phase, in the ring RAM
    // Credits, two bits a context.
    input  wire logic [3:0]  x_credits_i,
    input  wire logic [3:0]  h_credits_i,
    input  wire logic [3:0]  room_credits_i,
    input  wire logic [5:0]  some_i,
    // The release that is being counted, and the writer's steps.
    input  wire logic        use_seq_i,
    input  wire logic        use_i,
    input  wire logic [4:0]  use_entry_i,
    input  wire logic        writes_i,
    input  wire logic [1:0]  write_channel_i,
    input  wire logic [2:0]  write_step_i,
    // Sequencer.
    input  wire logic        run_i,
    input  wire logic        in_group_i,
    input  wire logic        free_i,
    input  wire logic [15:0] groups_i,
    input  wire logic [15:0] left_i,
    input  wire logic        one_left_i,
    input  wire logic        one_group_i,
    input  wire logic        few_groups_i,
    input  wire logic        credit_i,
    input  wire logic [1:0]  credits_i,
    input  wire logic [4:0]  entry_i,
    input  wire logic [15:0] vec_now_i,
    input  wire logic [1:0]  macs_i,          // on their way to the tail
    input  wire logic [1:0]  lasts_i,
    // The model around it.
    input  wire logic        take_i,
    input  wire logic        end_i,           // the tail has finished its first phase
    input  wire logic [5:0]  x_steps_i,
    input  wire logic [5:0]  h_steps_i,
    input  wire logic [1:0]  begun_i,
    input  wire logic [2:0]  at_step_i,
    input  wire logic [1:0]  at_channel_i,
    input  wire logic        at_first_i,
    input  wire logic [17:0] phases_i,
    input  wire logic [1:0]  count_i,
    input  wire logic [1:0]  sums_i,
    input  wire logic [1:0]  sent_i,
    input  wire logic [1:0]  rows_i,
    input  wire logic [2:0]  claim_step_i,
    input  wire logic [2:0]  row_step_i,
    // Of each channel: whether something here publishes it, its claims, vectors and words sent.
    output      logic [3:0]  publishes_o,
    output      logic [11:0] claims_o,
    output      logic [11:0] loaded_o,
    output      logic [7:0]  part_o,
    output      logic [7:0]  words_o,
    // Of each channel: its user that reads x, its user that reads h: picked and released.
    output      logic [3:0]  x_user_o,
    output      logic [11:0] x_picked_o,
    output      logic [11:0] x_released_o,
    output      logic [3:0]  h_user_o,
    output      logic [11:0] h_picked_o,
    output      logic [11:0] h_released_o,
    output      logic [2:0]  written_o,
    // Of each channel: what its users' credits have been spent on; whether a context publishes it;
    // the credits of its x user, h user, publisher.
    output      logic [11:0] x_counted_o,
    output      logic [11:0] h_counted_o,
    output      logic [3:0]  context_o,
    output      logic [7:0]  x_left_o,
    output      logic [7:0]  h_left_o,
    output      logic [7:0]  room_left_o
);

  // Who is at the sequencer, and in the tail.
  logic       at_ctx_q, at_h_q;
  logic [1:0] phase_ctx_q, phase_ends_q;
  logic [1:0] ended_q;                            // a step of the context has been taken whole
  logic       place;
  logic       use_ctx_q, use_h_q, use_writer_q;   // whose release is being counted

  assign place = count_i[0] && !end_i;   // where the phase taken goes

  always_ff @(posedge clk_i) begin
    if (end_i) begin
      phase_ctx_q[0] <= phase_ctx_q[1];
      phase_ends_q[0] <= phase_ends_q[1];
    end
    use_writer_q <= !use_seq_i;
    use_h_q <= use_seq_i && at_h_q;
    use_ctx_q <= at_ctx_q;
    if (take_i) begin
      at_ctx_q <= sel_i;
      at_h_q <= sel_h_i;
      phase_ctx_q[place] <= sel_i;
      phase_ends_q[place] <= sel_ends_i;
      if (sel_ends_i) ended_q[sel_i] <= 1'b1;
    end
  end

  logic       picked, counted, at_valid;
  logic [1:0] phase_valid, phase_sends;

  assign picked = state_i != 2'd0;
  assign counted = state_i == 2'd2;    // slots, flags and claims know of the pick
  assign phase_valid = {count_i == 2'd2, count_i != 2'd0};
  assign phase_sends = phase_valid & phase_ends_q;
  assign at_valid = run_i;

  // Of each context: picked, the same as claims and flags know it, released, published.
  logic [5:0] x_picks, h_picks, x_counts, h_counts, h_spent, x_frees, h_frees, made, vectors;
  logic [5:0] ends;                 // steps picked whole, as claims know it
  logic [3:0] parts;

  for (genvar x = 0; x < 2; x++) begin : gen_context
    logic       mine, mine_at, uses;
    logic [2:0] x_taken, h_taken, queued, apart, apart_picked;
    assign mine = picked && sel_i == 1'(x);
    assign mine_at = at_valid && at_ctx_q == 1'(x);
    assign x_taken = x_steps_i[3*x +: 3];
    assign h_taken = h_steps_i[3*x +: 3];
    assign x_picks[3*x +: 3] = x_taken + 3'(mine && !sel_h_i);
    assign h_picks[3*x +: 3] = h_taken + 3'(mine && sel_h_i);
    assign x_counts[3*x +: 3] = x_taken + 3'(mine && counted && !sel_h_i);
    assign h_counts[3*x +: 3] = h_taken + 3'(mine && counted && sel_h_i);
    // The halves of a step come in either order: the parts are at most one apart.
    assign apart = x_counts[3*x +: 3] - h_counts[3*x +: 3];
    assign apart_picked = x_picks[3*x +: 3] - h_picks[3*x +: 3];
    assign ends[3*x +: 3] = (dense_i[x] || apart == 3'd7) ? x_counts[3*x +: 3]
                                                          : h_counts[3*x +: 3];
    assign uses = use_i && !use_writer_q && use_ctx_q == 1'(x);
    // The first h part takes no credit of h.
    assign h_spent[3*x +: 3] = (begun_i[x] || (mine && counted && sel_h_i))
                               ? h_counts[3*x +: 3] - 3'd1 : 3'd0;
    assign x_frees[3*x +: 3] = x_taken - 3'(mine_at && !at_h_q) - 3'(uses && !use_h_q);
    assign h_frees[3*x +: 3] = begun_i[x] ? h_taken - 3'd1
                                            - 3'(mine_at && at_h_q && !at_first_i)
                                            - 3'(uses && use_h_q) : 3'd0;
    assign made[3*x +: 3] = (dense_i[x] || x_taken - h_taken == 3'd7) ? x_taken : h_taken;
    assign queued = 3'(phase_sends[0] && phase_ctx_q[0] == 1'(x))
                    + 3'(phase_sends[1] && phase_ctx_q[1] == 1'(x));
    assign vectors[3*x +: 3] = made[3*x +: 3] - queued;
    assign parts[2*x +: 2] = (phase_sends[0] && phase_ctx_q[0] == 1'(x)) ? sent_i : 2'd0;

    always_ff @(posedge clk_i) begin
      if (on_i) begin
        if (dense_i[x]) assert (!half_i[x] && h_taken == 3'd0 && !begun_i[x]);
        else assert (apart == (!half_i[x] ? 3'd0 : half_h_i[x] ? 3'd7 : 3'd1));
        assert (dense_i[x] || apart_picked + 3'd1 <= 3'd2);
        assert (slots_i[x] == ends[3*x]);
        assert (started_i[x] == (ended_q[x] || (mine && counted && sel_ends_i)));
        assert (ended_q[x] ? dense_i[x] || begun_i[x] : made[3*x +: 3] == 3'd0);
        assert (ended_q[x] || !begun_i[x] || (h_taken == 3'd1 && x_taken == 3'd0));
        assert (!uses || use_entry_i
                == {2'd0, use_h_q ? y_channels_i[2*x +: 2] : x_channels_i[2*x +: 2],
                    use_h_q ? h_frees[3*x] : x_frees[3*x]});
        assert (!uses || (enabled_i[x] && !(use_h_q && (dense_i[x] || !begun_i[x]))));
        assert (begun_i[x] || h_taken == 3'd0);
        assert (pend_i[x] == enabled_i[x] && (enabled_i[x] || !busy_i[x]));
        for (int n = 0; n < 3; n++) begin
          assert (some_i[2*n + x] == (n == 0 ? x_credits_i[2*x +: 2] != 2'd0
                                      : n == 1 ? h_credits_i[2*x +: 2] != 2'd0
                                               : room_credits_i[2*x +: 2] != 2'd0));
        end
        assert (enabled_i[x] || (x_picks[3*x +: 3] == 3'd0 && !half_i[x]));
      end
    end
  end

  // The picked phase, the one at the sequencer, those in the tail.
  logic [5:0] at_want;   // steps the context at the sequencer has taken, of that part

  assign at_want = at_h_q ? h_steps_i : x_steps_i;

  always_ff @(posedge clk_i) begin
    if (on_i) begin
      assert (state_i != 2'd3);
      if (picked) begin
        assert (enabled_i[sel_i] && !(sel_h_i && dense_i[sel_i]));
        assert (sel_ends_i == (counted ? !half_i[sel_i] : half_i[sel_i] || dense_i[sel_i]));
        assert (!half_i[sel_i] || half_h_i[sel_i] == (sel_h_i == counted));
        assert (sel_slot_i == (sel_h_i ? h_steps_i[3*sel_i] : x_steps_i[3*sel_i]));
        assert (!sel_h_i || sel_started_i == begun_i[sel_i]);
        assert (sel_one_i == {sel_i, !sel_i});
        if (!counted) begin
          assert (!sel_ends_i || room_credits_i[2*sel_i +: 2] != 2'd0);
          assert (sel_h_i || x_credits_i[2*sel_i +: 2] != 2'd0);
          assert (!sel_h_i || !sel_started_i || h_credits_i[2*sel_i +: 2] != 2'd0);
        end
        if (counted && !(sel_h_i && !sel_started_i)) begin
          assert (vec_i == {12'd0,
                            sel_h_i ? y_channels_i[2*sel_i +: 2] : x_channels_i[2*sel_i +: 2],
                            sel_slot_i ^ sel_h_i, 1'd0});
        end
      end
      assert (run_steps_i == 32'd1 && (!claimed_i || (steps_left_i == 32'd1 && picked)));
      assert (!use_i || !use_writer_q || (writes_i
              && use_entry_i == {2'd0, write_channel_i, written_o[0]}));
      assert (!in_group_i);
      if (at_valid) begin
        assert (groups_i == 16'd1 && left_i == 16'd1);
        assert (one_left_i && one_group_i && few_groups_i);
        assert (enabled_i[at_ctx_q] && !(at_h_q && dense_i[at_ctx_q]));
        assert (entry_i == {2'd0, at_channel_i, at_step_i[0]});
        assert (free_i == !at_first_i);
        assert (at_first_i || vec_now_i == {12'd0, at_channel_i, at_step_i[0], 1'd0});
        assert (!at_first_i || at_h_q);
        assert (!at_h_q || begun_i[at_ctx_q]);
        assert (at_channel_i == (at_h_q ? y_channels_i[2*at_ctx_q +: 2]
                                                       : x_channels_i[2*at_ctx_q +: 2]));
        assert (at_step_i == at_want[3*at_ctx_q +: 3] - (at_h_q ? 3'd2 : 3'd1));
      end
      assert ((macs_i & ~lasts_i) == 2'd0);
      assert (credit_i == (credits_i != 2'd0));
      assert (credits_i <= 2'd2 && {1'b0, credits_i} + {1'b0, sums_i}
                         + 3'(macs_i[0]) + 3'(macs_i[1]) == 3'd2);
      assert ({1'b0, count_i} == {1'b0, sums_i} + 3'(macs_i[0]) + 3'(macs_i[1])
                       + 3'(run_i) && count_i != 2'd3);
      assert (sent_i == 2'd0 || (sums_i != 2'd0 && phase_sends[0]
                                         && sent_i < slice_words_i[2*phase_ctx_q[0] +: 2]));
      assert (reads_i ? {1'b0, rows_i} == claim_step_i - row_step_i && rows_i != 2'd3
                              : rows_i == 2'd0);
    end
  end

  // A phase in the tail: words, whether it publishes, step, slot, channel.
  for (genvar n = 0; n < 2; n++) begin : gen_phase
    logic [8:0] have;
    logic       ctx;
    logic [2:0] behind;
    assign have = phases_i[9*n +: 9];
    assign ctx = phase_ctx_q[n];
    assign behind = 3'd1 + 3'(n == 0 && phase_sends[1] && phase_ctx_q[1] == ctx);

    always_ff @(posedge clk_i) begin
      if (on_i && phase_valid[n]) begin
        assert (enabled_i[ctx] && (phase_ends_q[n] || !dense_i[ctx]));
        assert (have[6] == phase_sends[n]);
        assert (have[8:7] == slice_words_i[2*ctx +: 2]);
        if (phase_sends[n]) begin
          assert (have[1:0] == y_channels_i[2*ctx +: 2]);
          assert (have[5:3] == made[3*ctx +: 3] - behind);
          assert (have[2] == have[3]);
        end
      end
    end
  end

  assign written_o = write_step_i - 3'(use_i && use_writer_q);

  // The same by channel.
  always_comb begin
    for (int c = 0; c < 4; c++) begin
      publishes_o[c] = c == 0 && reads_i;
      claims_o[3*c +: 3] = claim_step_i;
      loaded_o[3*c +: 3] = row_step_i;
      part_o[2*c +: 2] = 2'd0;
      words_o[2*c +: 2] = 2'd1;
      x_user_o[c] = 1'b0;
      x_picked_o[3*c +: 3] = 3'd0;
      x_released_o[3*c +: 3] = 3'd0;
      h_user_o[c] = 1'b0;
      h_picked_o[3*c +: 3] = 3'd0;
      h_released_o[3*c +: 3] = 3'd0;
      x_counted_o[3*c +: 3] = 3'd0;
      h_counted_o[3*c +: 3] = 3'd0;
      context_o[c] = 1'b0;
      x_left_o[2*c +: 2] = 2'd0;
      h_left_o[2*c +: 2] = 2'd0;
      room_left_o[2*c +: 2] = 2'd0;
      for (int x = 0; x < 2; x++) begin
        if (enabled_i[x] && {30'd0, y_channels_i[2*x +: 2]} == c) begin
          publishes_o[c] = 1'b1;
          context_o[c] = 1'b1;
          room_left_o[2*c +: 2] = room_credits_i[2*x +: 2];
          h_left_o[2*c +: 2] = h_credits_i[2*x +: 2];
          h_counted_o[3*c +: 3] = h_spent[3*x +: 3];
          claims_o[3*c +: 3] = ends[3*x +: 3];
          loaded_o[3*c +: 3] = vectors[3*x +: 3];
          part_o[2*c +: 2] = parts[2*x +: 2];
          words_o[2*c +: 2] = slice_words_i[2*x +: 2];
          if (!dense_i[x]) begin
            h_user_o[c] = 1'b1;
            h_picked_o[3*c +: 3] = (begun_i[x] || (picked && sel_h_i && sel_i == 1'(x)))
                                   ? h_picks[3*x +: 3] - 3'd1 : 3'd0;
            h_released_o[3*c +: 3] = h_frees[3*x +: 3];
          end
        end
        if (enabled_i[x] && {30'd0, x_channels_i[2*x +: 2]} == c) begin
          x_user_o[c] = 1'b1;
          x_picked_o[3*c +: 3] = x_picks[3*x +: 3];
          x_released_o[3*c +: 3] = x_frees[3*x +: 3];
          x_counted_o[3*c +: 3] = x_counts[3*x +: 3];
          x_left_o[2*c +: 2] = x_credits_i[2*x +: 2];
        end
      end
    end
  end

endmodule

`default_nettype wire
