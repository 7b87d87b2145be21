// SPDX-License-Identifier: Apache-2.0
// flow_books.svh: part of formal_flow.sv inside the loop over its cores: what proofs without end
// look at inside a core. Flattening joins these wires with those of the same name (hierconn).
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_contexts.state_q ;
    (* hierconn *) logic \u_core.u_schedule.u_contexts.sel_q ;
    (* hierconn *) logic \u_core.u_schedule.u_contexts.sel_h_q ;
    (* hierconn *) logic \u_core.u_schedule.u_contexts.sel_ends ;
    (* hierconn *) logic \u_core.u_schedule.u_contexts.ends_q ;
    (* hierconn *) logic \u_core.u_schedule.u_contexts.sel_slot ;
    (* hierconn *) logic \u_core.u_schedule.u_contexts.slot_at_q ;
    (* hierconn *) logic \u_core.u_schedule.u_contexts.sel_started ;
    (* hierconn *) logic \u_core.u_schedule.u_contexts.started_at_q ;
    (* hierconn *) logic \u_core.u_schedule.u_contexts.slot_q[0] ;
    (* hierconn *) logic \u_core.u_schedule.u_contexts.slot_q[1] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_contexts.half_q ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_contexts.half_h_q ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_contexts.started_q ;
    (* hierconn *) logic [15:0] \u_core.u_schedule.next_vec ;
    (* hierconn *) logic [15:0] \u_core.u_schedule.u_sequencer.vec_q ;
    (* hierconn *) logic \u_core.u_schedule.u_sequencer.left_one_q ;
    (* hierconn *) logic \u_core.u_schedule.u_sequencer.groups_one_q ;
    (* hierconn *) logic \u_core.u_schedule.u_sequencer.groups_few_q ;
    (* hierconn *) logic \u_core.u_schedule.u_sequencer.credit_q ;
    (* hierconn *) logic \u_core.u_schedule.u_sequencer.run_q ;
    (* hierconn *) logic \u_core.u_schedule.u_sequencer.in_group_q ;
    (* hierconn *) logic \u_core.u_schedule.u_sequencer.free_q ;
    (* hierconn *) logic [15:0] \u_core.u_schedule.u_sequencer.groups_q ;
    (* hierconn *) logic [15:0] \u_core.u_schedule.u_sequencer.left_q ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_sequencer.credits_q ;
    (* hierconn *) logic [4:0] \u_core.u_schedule.u_sequencer.entry_q ;
    (* hierconn *) logic \u_core.u_schedule.u_sequencer.valid_q ;
    (* hierconn *) logic \u_core.u_schedule.u_sequencer.valid_q2 ;
    (* hierconn *) logic \u_core.u_schedule.u_sequencer.last_q ;
    (* hierconn *) logic \u_core.u_schedule.u_sequencer.last_q2 ;
    (* hierconn *) logic \u_core.take ;
    (* hierconn *) logic \u_core.head_end ;
    (* hierconn *) logic [2:0] \u_core.x_step_q[0] ;
    (* hierconn *) logic [2:0] \u_core.x_step_q[1] ;
    (* hierconn *) logic [2:0] \u_core.h_step_q[0] ;
    (* hierconn *) logic [2:0] \u_core.h_step_q[1] ;
    (* hierconn *) logic [1:0] \u_core.begun_q ;
    (* hierconn *) logic [2:0] \u_core.at_step_q ;
    (* hierconn *) logic [1:0] \u_core.at_channel_q ;
    (* hierconn *) logic \u_core.at_first_q ;
    (* hierconn *) logic [8:0] \u_core.phases_q[0] ;
    (* hierconn *) logic [8:0] \u_core.phases_q[1] ;
    (* hierconn *) logic [1:0] \u_core.phases_count_q ;
    (* hierconn *) logic [1:0] \u_core.sums_q ;
    (* hierconn *) logic [1:0] \u_core.sent_q ;
    (* hierconn *) logic [1:0] \u_core.rows_q ;
    (* hierconn *) logic [2:0] \u_core.claim_step_q ;
    (* hierconn *) logic [2:0] \u_core.row_step_q ;
    (* hierconn *) logic [2:0] \u_core.write_step_q ;
    (* hierconn *) logic \u_core.arrive_q ;
    (* hierconn *) logic [7:0] \u_core.arrive_word_q ;
    (* hierconn *) logic \u_core.u_schedule.u_flow.arrive_q ;
    (* hierconn *) logic [4:0] \u_core.u_schedule.u_flow.arrive_entry_q ;
    (* hierconn *) logic [15:0] \u_core.u_schedule.u_flow.arrive_place_q ;
    (* hierconn *) logic \u_core.u_schedule.u_flow.clearing_q ;
    (* hierconn *) logic [39:0] \u_core.u_schedule.u_flow.u_releases.held_q ;
    (* hierconn *) logic [3:0] \u_core.u_schedule.u_flow.u_releases.fill_q ;
    (* hierconn *) logic [12:0] \u_core.u_schedule.u_flow.arrived_mem[0] ;
    (* hierconn *) logic [12:0] \u_core.u_schedule.u_flow.arrived_mem[1] ;
    (* hierconn *) logic [12:0] \u_core.u_schedule.u_flow.arrived_mem[2] ;
    (* hierconn *) logic [12:0] \u_core.u_schedule.u_flow.arrived_mem[3] ;
    (* hierconn *) logic [12:0] \u_core.u_schedule.u_flow.arrived_mem[4] ;
    (* hierconn *) logic [12:0] \u_core.u_schedule.u_flow.arrived_mem[5] ;
    (* hierconn *) logic [12:0] \u_core.u_schedule.u_flow.arrived_mem[6] ;
    (* hierconn *) logic [12:0] \u_core.u_schedule.u_flow.arrived_mem[7] ;
    (* hierconn *) logic \u_core.u_schedule.u_flow.used_mem[0] ;
    (* hierconn *) logic \u_core.u_schedule.u_flow.used_mem[1] ;
    (* hierconn *) logic \u_core.u_schedule.u_flow.used_mem[2] ;
    (* hierconn *) logic \u_core.u_schedule.u_flow.used_mem[3] ;
    (* hierconn *) logic \u_core.u_schedule.u_flow.used_mem[4] ;
    (* hierconn *) logic \u_core.u_schedule.u_flow.used_mem[5] ;
    (* hierconn *) logic \u_core.u_schedule.u_flow.used_mem[6] ;
    (* hierconn *) logic \u_core.u_schedule.u_flow.used_mem[7] ;
    (* hierconn *) logic [4:0] \u_core.u_schedule.u_flow.released_mem[0] ;
    (* hierconn *) logic [4:0] \u_core.u_schedule.u_flow.released_mem[1] ;
    (* hierconn *) logic [4:0] \u_core.u_schedule.u_flow.released_mem[2] ;
    (* hierconn *) logic [4:0] \u_core.u_schedule.u_flow.released_mem[3] ;
    (* hierconn *) logic [4:0] \u_core.u_schedule.u_flow.released_mem[4] ;
    (* hierconn *) logic [4:0] \u_core.u_schedule.u_flow.released_mem[5] ;
    (* hierconn *) logic [4:0] \u_core.u_schedule.u_flow.released_mem[6] ;
    (* hierconn *) logic [4:0] \u_core.u_schedule.u_flow.released_mem[7] ;
    (* hierconn *) logic [2:0] \u_core.held_step_q[0] ;
    (* hierconn *) logic [2:0] \u_core.held_step_q[1] ;
    (* hierconn *) logic [2:0] \u_core.held_step_q[2] ;
    (* hierconn *) logic [2:0] \u_core.held_step_q[3] ;
    (* hierconn *) logic [2:0] \u_core.held_step_q[4] ;
    (* hierconn *) logic [2:0] \u_core.held_step_q[5] ;
    (* hierconn *) logic [2:0] \u_core.held_step_q[6] ;
    (* hierconn *) logic [2:0] \u_core.held_step_q[7] ;
    (* hierconn *) logic [1:0] \u_core.held_words_q[0] ;
    (* hierconn *) logic [1:0] \u_core.held_words_q[1] ;
    (* hierconn *) logic [1:0] \u_core.held_words_q[2] ;
    (* hierconn *) logic [1:0] \u_core.held_words_q[3] ;
    (* hierconn *) logic [1:0] \u_core.held_words_q[4] ;
    (* hierconn *) logic [1:0] \u_core.held_words_q[5] ;
    (* hierconn *) logic [1:0] \u_core.held_words_q[6] ;
    (* hierconn *) logic [1:0] \u_core.held_words_q[7] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_contexts.sel_one_q ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_contexts.busy_q ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_contexts.pend_q ;
    (* hierconn *) logic \u_core.u_schedule.u_contexts.claimed_q ;
    (* hierconn *) logic [31:0] \u_core.u_schedule.u_contexts.steps_left_q ;
    (* hierconn *) logic [31:0] \u_core.u_schedule.u_contexts.run_steps_q ;
    (* hierconn *) logic [5:0] \u_core.u_schedule.u_credits.some_q ;
    (* hierconn *) logic \u_core.u_schedule.u_credits.overrun_o ;
    (* hierconn *) logic \u_core.u_schedule.u_flow.late_overrun_q ;
    (* hierconn *) logic \u_core.u_schedule.u_flow.use_q ;
    (* hierconn *) logic [4:0] \u_core.u_schedule.u_flow.use_entry_q ;
    (* hierconn *) logic \u_core.u_schedule.use_seq ;
    (* hierconn *) logic \u_core.u_schedule.u_flow.event_q ;
    (* hierconn *) logic [4:0] \u_core.u_schedule.u_flow.event_entry_q ;
    (* hierconn *) logic [3:0] \u_core.u_schedule.u_flow.event_last_q ;
    (* hierconn *) logic \u_core.u_schedule.u_flow.event_only_q ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.event_owner_q ;
    (* hierconn *) logic [11:0] \u_core.u_schedule.u_flow.arrive_words_q ;
    (* hierconn *) logic \u_core.u_schedule.u_flow.arrive_one_q ;
    (* hierconn *) logic \u_core.u_schedule.u_flow.arrive_far_q ;
    (* hierconn *) logic [11:0] \u_core.u_schedule.u_flow.arrive_base_q ;
    (* hierconn *) logic [11:0] \u_core.u_schedule.u_flow.arrive_stride_q ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.arrive_x_q ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.arrive_h_q ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_credits.gen_count[0].count_q ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_credits.gen_count[1].count_q ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_credits.gen_count[2].count_q ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_credits.gen_count[3].count_q ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_credits.gen_count[4].count_q ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_credits.gen_count[5].count_q ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.filled_mem[0] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.filled_mem[1] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.filled_mem[2] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.filled_mem[3] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.taken_mem[0] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.taken_mem[1] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.taken_mem[2] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.taken_mem[3] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.emptied_mem[0] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.emptied_mem[1] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.emptied_mem[2] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.emptied_mem[3] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.claimed_mem[0] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.claimed_mem[1] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.claimed_mem[2] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.claimed_mem[3] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.freed_mem[0] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.freed_mem[1] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.freed_mem[2] ;
    (* hierconn *) logic [1:0] \u_core.u_schedule.u_flow.freed_mem[3] ;

    flow_steps u_steps (
        .clk_i,
        .on_i(runs),
        .enabled_i(enabled[2*c +: 2]),
        .dense_i(dense[2*c +: 2]),
        .x_channels_i(x_channels[4*c +: 4]),
        .y_channels_i(y_channels[4*c +: 4]),
        .slice_words_i(slices[4*c +: 4]),
        .reads_i(c == 0),
        .state_i(\u_core.u_schedule.u_contexts.state_q ),
        .sel_i(\u_core.u_schedule.u_contexts.sel_q ),
        .sel_h_i(\u_core.u_schedule.u_contexts.sel_h_q ),
        .sel_ends_i(\u_core.u_schedule.u_contexts.state_q == 2'd1 ?
            \u_core.u_schedule.u_contexts.sel_ends : \u_core.u_schedule.u_contexts.ends_q ),
        .sel_slot_i(\u_core.u_schedule.u_contexts.state_q == 2'd1 ?
            \u_core.u_schedule.u_contexts.sel_slot : \u_core.u_schedule.u_contexts.slot_at_q ),
        .sel_started_i(\u_core.u_schedule.u_contexts.state_q == 2'd1 ?
            \u_core.u_schedule.u_contexts.sel_started :
            \u_core.u_schedule.u_contexts.started_at_q ),
        .slots_i({\u_core.u_schedule.u_contexts.slot_q[1] ,
            \u_core.u_schedule.u_contexts.slot_q[0] }),
        .half_i(\u_core.u_schedule.u_contexts.half_q ),
        .half_h_i(\u_core.u_schedule.u_contexts.half_h_q ),
        .started_i(\u_core.u_schedule.u_contexts.started_q ),
        .sel_one_i(\u_core.u_schedule.u_contexts.sel_one_q ),
        .busy_i(\u_core.u_schedule.u_contexts.busy_q ),
        .pend_i(\u_core.u_schedule.u_contexts.pend_q ),
        .claimed_i(\u_core.u_schedule.u_contexts.claimed_q ),
        .steps_left_i(\u_core.u_schedule.u_contexts.steps_left_q ),
        .run_steps_i(\u_core.u_schedule.u_contexts.run_steps_q ),
        .x_credits_i({\u_core.u_schedule.u_credits.gen_count[1].count_q ,
            \u_core.u_schedule.u_credits.gen_count[0].count_q }),
        .h_credits_i({\u_core.u_schedule.u_credits.gen_count[3].count_q ,
            \u_core.u_schedule.u_credits.gen_count[2].count_q }),
        .room_credits_i({\u_core.u_schedule.u_credits.gen_count[5].count_q ,
            \u_core.u_schedule.u_credits.gen_count[4].count_q }),
        .some_i(\u_core.u_schedule.u_credits.some_q ),
        .use_seq_i(\u_core.u_schedule.use_seq ),
        .use_i(\u_core.u_schedule.u_flow.use_q ),
        .use_entry_i(\u_core.u_schedule.u_flow.use_entry_q ),
        .writes_i(writes[c]),
        .write_channel_i(write_channel),
        .write_step_i(\u_core.write_step_q ),
        .vec_i(\u_core.u_schedule.next_vec ),
        .run_i(\u_core.u_schedule.u_sequencer.run_q ),
        .in_group_i(\u_core.u_schedule.u_sequencer.in_group_q ),
        .free_i(\u_core.u_schedule.u_sequencer.free_q ),
        .groups_i(\u_core.u_schedule.u_sequencer.groups_q ),
        .left_i(\u_core.u_schedule.u_sequencer.left_q ),
        .credits_i(\u_core.u_schedule.u_sequencer.credits_q ),
        .entry_i(\u_core.u_schedule.u_sequencer.entry_q ),
        .one_left_i(\u_core.u_schedule.u_sequencer.left_one_q ),
        .one_group_i(\u_core.u_schedule.u_sequencer.groups_one_q ),
        .few_groups_i(\u_core.u_schedule.u_sequencer.groups_few_q ),
        .credit_i(\u_core.u_schedule.u_sequencer.credit_q ),
        .vec_now_i(\u_core.u_schedule.u_sequencer.vec_q ),
        .macs_i({\u_core.u_schedule.u_sequencer.valid_q2 ,
            \u_core.u_schedule.u_sequencer.valid_q }),
        .lasts_i({\u_core.u_schedule.u_sequencer.last_q2 , \u_core.u_schedule.u_sequencer.last_q }),
        .take_i(\u_core.take ),
        .end_i(\u_core.head_end ),
        .x_steps_i({\u_core.x_step_q[1] , \u_core.x_step_q[0] }),
        .h_steps_i({\u_core.h_step_q[1] , \u_core.h_step_q[0] }),
        .begun_i(\u_core.begun_q ),
        .at_step_i(\u_core.at_step_q ),
        .at_channel_i(\u_core.at_channel_q ),
        .at_first_i(\u_core.at_first_q ),
        .phases_i({\u_core.phases_q[1] , \u_core.phases_q[0] }),
        .count_i(\u_core.phases_count_q ),
        .sums_i(\u_core.sums_q ),
        .sent_i(\u_core.sent_q ),
        .rows_i(\u_core.rows_q ),
        .claim_step_i(\u_core.claim_step_q ),
        .row_step_i(\u_core.row_step_q ),
        .publishes_o(publishes[4*c +: 4]),
        .claims_o(claims[12*c +: 12]),
        .loaded_o(loaded[12*c +: 12]),
        .part_o(part[8*c +: 8]),
        .words_o(sends[8*c +: 8]),
        .x_user_o(x_user[4*c +: 4]),
        .x_picked_o(x_picked[12*c +: 12]),
        .x_released_o(x_released[12*c +: 12]),
        .h_user_o(h_user[4*c +: 4]),
        .h_picked_o(h_picked[12*c +: 12]),
        .h_released_o(h_released[12*c +: 12]),
        .written_o(write_step[3*c +: 3]),
        .x_counted_o(x_counted[12*c +: 12]),
        .h_counted_o(h_counted[12*c +: 12]),
        .context_o(by_context[4*c +: 4]),
        .x_left_o(x_left[8*c +: 8]),
        .h_left_o(h_left[8*c +: 8]),
        .room_left_o(room_left[8*c +: 8])
    );

    assign filled[8*c +: 8] = {\u_core.u_schedule.u_flow.filled_mem[3] ,
        \u_core.u_schedule.u_flow.filled_mem[2] ,
        \u_core.u_schedule.u_flow.filled_mem[1] , \u_core.u_schedule.u_flow.filled_mem[0] };
    assign taken[8*c +: 8] = {\u_core.u_schedule.u_flow.taken_mem[3] ,
        \u_core.u_schedule.u_flow.taken_mem[2] ,
        \u_core.u_schedule.u_flow.taken_mem[1] , \u_core.u_schedule.u_flow.taken_mem[0] };
    assign emptied[8*c +: 8] = {\u_core.u_schedule.u_flow.emptied_mem[3] ,
        \u_core.u_schedule.u_flow.emptied_mem[2] ,
        \u_core.u_schedule.u_flow.emptied_mem[1] , \u_core.u_schedule.u_flow.emptied_mem[0] };
    assign claimed[8*c +: 8] = {\u_core.u_schedule.u_flow.claimed_mem[3] ,
        \u_core.u_schedule.u_flow.claimed_mem[2] ,
        \u_core.u_schedule.u_flow.claimed_mem[1] , \u_core.u_schedule.u_flow.claimed_mem[0] };
    assign freed[8*c +: 8] = {\u_core.u_schedule.u_flow.freed_mem[3] ,
        \u_core.u_schedule.u_flow.freed_mem[2] ,
        \u_core.u_schedule.u_flow.freed_mem[1] , \u_core.u_schedule.u_flow.freed_mem[0] };
    assign arrived[104*c +: 104] = {\u_core.u_schedule.u_flow.arrived_mem[7] ,
        \u_core.u_schedule.u_flow.arrived_mem[6] , \u_core.u_schedule.u_flow.arrived_mem[5] ,
        \u_core.u_schedule.u_flow.arrived_mem[4] , \u_core.u_schedule.u_flow.arrived_mem[3] ,
        \u_core.u_schedule.u_flow.arrived_mem[2] , \u_core.u_schedule.u_flow.arrived_mem[1] ,
        \u_core.u_schedule.u_flow.arrived_mem[0] };
    assign used[8*c +: 8] = {\u_core.u_schedule.u_flow.used_mem[7] ,
        \u_core.u_schedule.u_flow.used_mem[6] , \u_core.u_schedule.u_flow.used_mem[5] ,
        \u_core.u_schedule.u_flow.used_mem[4] , \u_core.u_schedule.u_flow.used_mem[3] ,
        \u_core.u_schedule.u_flow.used_mem[2] , \u_core.u_schedule.u_flow.used_mem[1] ,
        \u_core.u_schedule.u_flow.used_mem[0] };
    assign released[40*c +: 40] = {\u_core.u_schedule.u_flow.released_mem[7] ,
        \u_core.u_schedule.u_flow.released_mem[6] , \u_core.u_schedule.u_flow.released_mem[5] ,
        \u_core.u_schedule.u_flow.released_mem[4] , \u_core.u_schedule.u_flow.released_mem[3] ,
        \u_core.u_schedule.u_flow.released_mem[2] , \u_core.u_schedule.u_flow.released_mem[1] ,
        \u_core.u_schedule.u_flow.released_mem[0] };
    assign held_step[24*c +: 24] = {\u_core.held_step_q[7] , \u_core.held_step_q[6] ,
        \u_core.held_step_q[5] , \u_core.held_step_q[4] , \u_core.held_step_q[3] ,
        \u_core.held_step_q[2] , \u_core.held_step_q[1] , \u_core.held_step_q[0] };
    assign held_words[16*c +: 16] = {\u_core.held_words_q[7] , \u_core.held_words_q[6] ,
        \u_core.held_words_q[5] , \u_core.held_words_q[4] , \u_core.held_words_q[3] ,
        \u_core.held_words_q[2] , \u_core.held_words_q[1] , \u_core.held_words_q[0] };
    assign queue[40*c +: 40] = \u_core.u_schedule.u_flow.u_releases.held_q ;
    assign queue_count[4*c +: 4] = \u_core.u_schedule.u_flow.u_releases.fill_q ;
    assign arrive_valid[c] = \u_core.arrive_q ;
    assign arrive_word[8*c +: 8] = \u_core.arrive_word_q ;

    logic [1:0] arrive_last;   // words of its vector, less one
    assign arrive_last = words[2*arrive_word[8*c +: 2] +: 2] - 2'd1;

    always_ff @(posedge clk_i) begin
      if (runs) begin
        assert (!\u_core.u_schedule.u_flow.clearing_q );
        assert (\u_core.u_schedule.u_flow.arrive_q  == (arrive_valid[c] &&
            users[(4*c + 32'(arrive_word[8*c +: 2]))*2 +: 2] != 2'd0));
        assert (\u_core.u_schedule.u_flow.arrive_entry_q  == {2'd0, arrive_word[8*c +: 2],
            arrive_word[8*c + 2]});
        assert (\u_core.u_schedule.u_flow.arrive_place_q  == {14'd0, arrive_word[8*c + 3 +: 2]});
        // What was looked up for it.
        assert (!arrive_valid[c] || \u_core.u_schedule.u_flow.arrive_words_q
            == {10'd0, arrive_last});
        assert (!arrive_valid[c] || \u_core.u_schedule.u_flow.arrive_one_q  == (arrive_last
            == 2'd0));
        assert (!arrive_valid[c] || \u_core.u_schedule.u_flow.arrive_far_q
            == (arrive_word[8*c + 3 +: 2] > arrive_last));
        assert (\u_core.u_schedule.u_flow.arrive_base_q  == {8'd0, arrive_word[8*c +: 2], 2'd0});
        assert (\u_core.u_schedule.u_flow.arrive_stride_q  == 12'd2);
        for (int x = 0; x < 2; x++) begin
          assert (\u_core.u_schedule.u_flow.arrive_x_q [x] == (enabled[2*c + x]
              && x_channels[(2*c + x)*2 +: 2] == arrive_word[8*c +: 2]));
          assert (\u_core.u_schedule.u_flow.arrive_h_q [x] == (enabled[2*c + x] && !dense[2*c + x]
              && y_channels[(2*c + x)*2 +: 2] == arrive_word[8*c +: 2]));
          assert (!\u_core.u_schedule.u_flow.event_q  || \u_core.u_schedule.u_flow.event_owner_q [x]
              == (enabled[2*c + x]
              && y_channels[(2*c + x)*2 +: 2] == event_word_q[1:0]));
        end
        assert (\u_core.u_schedule.u_flow.event_q  == (event_valid_q
            && publishes[4*c + 32'(event_word_q[1:0])]));
        assert (\u_core.u_schedule.u_flow.event_entry_q
            == {2'd0, event_word_q[1:0], event_word_q[2]});
        assert (!\u_core.u_schedule.u_flow.event_q  || \u_core.u_schedule.u_flow.event_last_q
            == {2'd0, listeners[2*event_word_q[1:0] +: 2] - 2'd1});
        assert (!\u_core.u_schedule.u_flow.event_q  || \u_core.u_schedule.u_flow.event_only_q
            == (\u_core.u_schedule.u_flow.event_last_q  == 4'd0));
        assert (!\u_core.u_schedule.u_flow.late_overrun_q );
        assert (!\u_core.u_schedule.u_credits.overrun_o );
      end
    end
