// SPDX-License-Identifier: Apache-2.0
// trine_contexts: the contexts of a core: their fields (RAM), their step counts, and which phase
// may run next.
//
// A phase is offered when flow control allows it (docs/flow_control.md): the x part of step t once
// x(t) is complete and h part t-1 was picked; the h part once its x part was picked, h(t-1) is
// complete and all listeners have room for h(t); a dense step once x(t) is complete and there is
// room. Phases run in the order they are picked. Of those that may run, h parts go before x parts
// and dense steps: the lowest context's, since later layers wait for its h; of the others the one
// after the context picked last. A picked phase claims its output slot in the next cycle.
//
// Each context keeps a copy of the three bits of the flow table it waits for, which follows the
// table's events; so a pick looks through no table. While a phase is held, the copies of its
// context are read anew, for the slots it looks at next.
//
// cycle        0        1        2        3          one phase ahead of the sequencer
// state        Pick     Read     Hold     Pick
// sel_q        .        A        A        .
// claim        .        A        .        .          step counts, flags
// slot_q       .        .        A        .
// vec_q        .        .        A        .
// next_valid_o .        .        A        .          taken by next_take_i
// x_in_q ..    .        .        .        A          copies for the next pick
`default_nettype none
`include "trine_assert.svh"

module trine_contexts #(
    parameter int unsigned Contexts = 8,   // 1..16
    parameter int unsigned XSlots = 4,     // power of two
    parameter int unsigned VecBytes = 8,
    localparam int unsigned SlotBits = $clog2(XSlots),
    localparam int unsigned Entries = trine_pkg::CHANNELS * XSlots,
    localparam int unsigned EntryBits = 4 + SlotBits,
    localparam int unsigned CtxBits = (Contexts > 1) ? $clog2(Contexts) : 1
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic                  clear_i,       // forget all contexts
    // CONTEXT operation: words 0..12 in order, then commit.
    input  wire logic                  cfg_we_i,
    input  wire logic [3:0]            cfg_ctx_i,
    input  wire logic [3:0]            cfg_word_i,
    input  wire logic [31:0]           cfg_data_i,
    input  wire logic                  cfg_commit_i,
    // RUN operation.
    input  wire logic                  run_i,
    input  wire logic [15:0]           run_mask_i,
    input  wire logic [31:0]           run_steps_i,
    output      logic                  missing_o,     // run_mask_i names one not set up or running
    // Flow control, entry = {channel, slot}.
    input  wire logic [Entries-1:0]    complete_i,
    input  wire logic [Entries-1:0]    room_i,
    output      logic [EntryBits-1:0]  mark_entry_o,
    input  wire logic                  mark_first_i,
    input  wire logic                  mark_last_i,
    // Its events, in the cycle before the table has them.
    input  wire logic                  filled_i,      // complete_i rises
    input  wire logic [EntryBits-1:0]  filled_entry_i,
    input  wire logic                  emptied_i,     // complete_i falls
    input  wire logic [EntryBits-1:0]  emptied_entry_i,
    input  wire logic                  freed_i,       // room_i rises
    input  wire logic [EntryBits-1:0]  freed_entry_i,
    output      logic                  claim_valid_o,
    output      logic [EntryBits-1:0]  claim_entry_o,
    output      logic [3:0]            ring_channel_o,
    input  wire logic [15:0]           ring_base_i,
    input  wire logic [15:0]           ring_stride_i,
    // To the sequencer.
    input  wire logic                  pick_window_i,
    output      logic                  next_valid_o,
    input  wire logic                  next_take_i,
    output      trine_pkg::phase_t     next_phase_o,
    output      logic [15:0]           next_chunks_o,
    output      logic [31:0]           next_weight_o,  // word address
    output      logic [31:0]           next_vec_o,     // byte address in the rings
    output      logic                  next_fill_o,    // h(t-1) is the zero point
    output      logic                  next_free_o,    // releases next_entry_o at its end
    output      logic [EntryBits-1:0]  next_entry_o,
    // For the counters and RUN.
    output      logic                  active_o,       // steps are left
    output      logic                  switching_o,
    output      logic [1:0]            wait_o          // 0 input, 1 h, 2 room
);

  typedef enum logic [1:0] {StPick, StRead, StHold} state_e;

  state_e state_q;

  // Per context.
  logic [Contexts-1:0]          valid_q, dense_q, kept_q, x_issued_q, started_q, seq_start_q;
  logic [Contexts-1:0]          cur_first_q, cur_last_q, busy;
  logic [3:0]                   x_channel_q[Contexts];
  logic [3:0]                   y_channel_q[Contexts];
  logic [SlotBits-1:0]          slot_q[Contexts];
  logic [31:0]                  steps_q[Contexts];
  logic [15:0]                  state_addr_q[Contexts];
  logic [15:0]                  init_addr_q[Contexts];
  logic [31:0]                  word0_q;

  // Context fields: a small RAM a word, so that all are read at once and none becomes registers.
  // The tail keeps the words behind these.
  localparam int unsigned Fields = 10;
  logic [Fields*32-1:0] fields;
  logic [31:0] w0, w1, w2, w3, w4, w5, w6, w7, w8, w9;

  // The phase picked.
  logic [CtxBits-1:0]  sel_q;
  logic                sel_h_q, sel_first_q, sel_last_q, sel_init_q, sel_started_q;
  logic [SlotBits-1:0] sel_slot_q;
  logic [31:0]         vec_q;
  logic                fill_q, cell_q;
  logic [15:0]         state_now, init_now, state_at_q, ring_addr;

  // Readiness: copies of complete_i at {x channel, slot} and {y channel, slot before}, of room_i
  // at {y channel, slot}.
  logic [Contexts-1:0] x_in_q, h_in_q, room_q, x_ready, x_later, h_ready;
  logic [Contexts-1:0] copies_true;
  logic                pick_valid, pick_h, take, read, reload, commit_q;
  logic                look_x, look_h, look_room;
  logic [CtxBits-1:0]  pick_ctx, last_q;
  logic [SlotBits-1:0] look_slot, look_prior, before_slot, read_slot;

  assign look_slot = slot_q[sel_q];
  assign look_prior = look_slot - 1'b1;
  assign look_x = complete_i[{w0[11:8], look_slot}];
  assign look_h = complete_i[{w0[15:12], look_prior}];
  assign look_room = room_i[{w0[15:12], look_slot}];
  assign reload = state_q == StHold || commit_q;

  for (genvar c = 0; c < Contexts; c++) begin : gen_ready
    logic [SlotBits-1:0]  prior;
    logic [EntryBits-1:0] x_entry, h_entry, y_entry;
    logic                 mine, x_in, h_in, room;
    assign prior = slot_q[c] - 1'b1;
    assign x_entry = {x_channel_q[c], slot_q[c]};
    assign h_entry = {y_channel_q[c], prior};
    assign y_entry = {y_channel_q[c], slot_q[c]};
    assign mine = reload && 32'(sel_q) == c;
    assign x_in = mine ? look_x : x_in_q[c];
    assign h_in = mine ? look_h : h_in_q[c];
    assign room = mine ? look_room : room_q[c];

    // As in the flow table: filling wins over emptying, a claim over freeing.
    always_ff @(posedge clk_i) begin
      if (!rst_ni || clear_i) begin
        x_in_q[c] <= 1'b0;
        h_in_q[c] <= 1'b0;
        room_q[c] <= 1'b1;
      end else begin
        x_in_q[c] <= (filled_i && filled_entry_i == x_entry)
                     || (x_in && !(emptied_i && emptied_entry_i == x_entry));
        h_in_q[c] <= (filled_i && filled_entry_i == h_entry)
                     || (h_in && !(emptied_i && emptied_entry_i == h_entry));
        room_q[c] <= (room || (freed_i && freed_entry_i == y_entry))
                     && !(claim_valid_o && claim_entry_o == y_entry);
      end
    end

    assign busy[c] = steps_q[c] != 32'd0;
    assign x_ready[c] = busy[c] && !x_issued_q[c] && x_in_q[c] && (room_q[c] || !dense_q[c]);
    assign h_ready[c] = x_issued_q[c] && (h_in_q[c] || !started_q[c]) && room_q[c];

    assign copies_true[c] = x_in_q[c] == complete_i[x_entry] && h_in_q[c] == complete_i[h_entry]
                            && room_q[c] == room_i[y_entry];
  end

  assign x_later = x_ready & ({Contexts{1'b1}} << last_q << 1);

  `TRINE_ASSERT(a_copies, !rst_ni || clear_i || state_q != StPick || (busy & ~copies_true) == '0)

  always_comb begin
    pick_valid = 1'b0;
    pick_h = 1'b0;
    pick_ctx = '0;
    wait_o = 2'd0;
    for (int c = Contexts - 1; c >= 0; c--) begin
      if (x_ready[c]) begin
        pick_valid = 1'b1;
        pick_ctx = CtxBits'(c);
      end
    end
    for (int c = Contexts - 1; c >= 0; c--) begin
      if (x_later[c]) pick_ctx = CtxBits'(c);
    end
    for (int c = Contexts - 1; c >= 0; c--) begin
      if (h_ready[c]) begin
        pick_valid = 1'b1;
        pick_h = 1'b1;
        pick_ctx = CtxBits'(c);
      end
    end
    for (int c = Contexts - 1; c >= 0; c--) begin
      if (busy[c]) begin
        if (!x_issued_q[c]) begin
          wait_o = x_in_q[c] ? 2'd2 : 2'd0;
        end else begin
          wait_o = room_q[c] ? 2'd1 : 2'd2;
        end
      end
    end
  end

  assign take = state_q == StPick && pick_window_i && pick_valid;
  assign read = state_q == StRead;
  assign claim_valid_o = read && (sel_h_q || w0[4]);
  assign mark_entry_o = {w0[11:8], sel_slot_q};
  assign claim_entry_o = {w0[15:12], sel_slot_q};
  assign active_o = |busy || state_q != StPick;
  assign switching_o = state_q != StPick || pick_valid;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) state_q <= StPick;
    else begin
      case (state_q)
        StPick: if (take) state_q <= StRead;
        StRead: state_q <= StHold;
        StHold: if (next_take_i) state_q <= StPick;
        default: state_q <= StPick;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    commit_q <= cfg_commit_i;
    if (take) begin
      sel_q <= pick_ctx;
      sel_h_q <= pick_h;
      sel_slot_q <= slot_q[pick_ctx];
      sel_started_q <= started_q[pick_ctx];
      sel_first_q <= cur_first_q[pick_ctx];
      sel_last_q <= cur_last_q[pick_ctx];
      sel_init_q <= cur_first_q[pick_ctx] || !started_q[pick_ctx];
    end else if (cfg_commit_i) begin
      sel_q <= cfg_ctx_i[CtxBits-1:0];
    end else if (read && !sel_h_q) begin
      sel_first_q <= mark_first_i;
      sel_last_q <= mark_last_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) last_q <= '0;
    else if (take) last_q <= pick_ctx;
  end

  // Step counts and flags.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      valid_q <= '0;
      x_issued_q <= '0;
      started_q <= '0;
      seq_start_q <= '0;
      for (int c = 0; c < Contexts; c++) steps_q[c] <= 32'd0;
    end else begin
      if (cfg_commit_i) begin
        valid_q[cfg_ctx_i[CtxBits-1:0]] <= 1'b1;
        started_q[cfg_ctx_i[CtxBits-1:0]] <= 1'b0;
      end
      if (run_i) begin
        for (int c = 0; c < Contexts; c++) begin
          if (run_mask_i[c]) begin
            seq_start_q[c] <= 1'b1;
            steps_q[c] <= run_steps_i;
          end
        end
      end
      if (read) begin
        if (claim_valid_o) steps_q[sel_q] <= steps_q[sel_q] - 32'd1;
        if (!w0[4]) x_issued_q[sel_q] <= !sel_h_q;
        if (sel_h_q) started_q[sel_q] <= 1'b1;
        if (sel_h_q && sel_last_q) seq_start_q[sel_q] <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (cfg_we_i && cfg_word_i == 4'd0) word0_q <= cfg_data_i;
    if (cfg_commit_i) begin
      dense_q[cfg_ctx_i[CtxBits-1:0]] <= word0_q[4];
      kept_q[cfg_ctx_i[CtxBits-1:0]] <= word0_q[5];
      x_channel_q[cfg_ctx_i[CtxBits-1:0]] <= word0_q[11:8];
      y_channel_q[cfg_ctx_i[CtxBits-1:0]] <= word0_q[15:12];
      slot_q[cfg_ctx_i[CtxBits-1:0]] <= '0;
    end
    if (read) begin
      if (claim_valid_o) slot_q[sel_q] <= sel_slot_q + 1'b1;
      if (!sel_h_q) begin
        cur_first_q[sel_q] <= mark_first_i;
        cur_last_q[sel_q] <= mark_last_i;
      end
    end
  end

  // Whole vectors: Yosys takes a cast loop variable as a signed, here negative, index.
  logic [15:0] run_known;
  always_comb begin
    run_known = '0;
    run_known[Contexts-1:0] = valid_q & ~busy;
  end
  assign missing_o = (run_mask_i & ~run_known) != 16'd0;

  // Fields of the picked context.
  for (genvar w = 0; w < Fields; w++) begin : gen_field
    logic we;
    assign we = cfg_we_i && cfg_word_i == 4'(w);
    trine_ram_lut #(
        .Width(32), .Depth((Contexts > 1) ? Contexts : 2)
    ) u_ram (
        .clk_i, .we_i(we), .waddr_i(cfg_ctx_i[CtxBits-1:0]), .wdata_i(cfg_data_i),
        .raddr_i(sel_q), .rdata_o(fields[w*32 +: 32])
    );
  end

  assign {w9, w8, w7, w6, w5, w4, w3, w2, w1, w0} = fields;

  trine_slot_address #(
      .XSlots(XSlots)
  ) u_slot (
      .base_i  (ring_base_i),
      .stride_i(ring_stride_i),
      .slot_i  (4'(read_slot)),
      .addr_o  (ring_addr)
  );

  assign before_slot = sel_slot_q - 1'b1;
  assign read_slot = sel_h_q ? before_slot : sel_slot_q;
  assign ring_channel_o = sel_h_q ? w0[15:12] : w0[11:8];
  assign state_now = seq_start_q[sel_q] ? w7[31:16] : state_addr_q[sel_q];
  assign init_now = seq_start_q[sel_q] ? w8[31:16] : init_addr_q[sel_q];

  always_ff @(posedge clk_i) begin
    if (read) begin
      fill_q <= sel_h_q && sel_init_q && !kept_q[sel_q];
      cell_q <= !sel_init_q || kept_q[sel_q];
      state_at_q <= state_now;
      if (sel_h_q && sel_init_q) vec_q <= {16'd0, init_now} * VecBytes;
      else vec_q <= {16'd0, ring_addr} * VecBytes;
      if (sel_h_q && sel_last_q) begin
        state_addr_q[sel_q] <= state_now + w8[15:0];
        init_addr_q[sel_q] <= init_now + w9[15:0];
      end
    end
  end

  // Reserved bits were checked by the program.
  logic unused;
  assign unused = &{1'b0, cfg_ctx_i, word0_q, w0, w3, w9, copies_true};

  assign next_valid_o = state_q == StHold;
  assign next_chunks_o = sel_h_q ? w1[31:16] : w1[15:0];
  assign next_weight_o = sel_h_q ? w5 : w4;
  assign next_vec_o = vec_q;
  assign next_fill_o = fill_q;
  assign next_free_o = !sel_h_q || sel_started_q;
  assign next_entry_o = sel_h_q ? {w0[15:12], before_slot} : {w0[11:8], sel_slot_q};

  always_comb begin
    next_phase_o = '0;
    next_phase_o.dense = w0[4];
    next_phase_o.h_part = sel_h_q;
    next_phase_o.ctx = 4'(sel_q);
    next_phase_o.groups = w2[15:0];
    next_phase_o.units = w2[31:16];
    next_phase_o.first_unit = w3[15:0];
    next_phase_o.param_base = sel_h_q ? w6[31:16] : w6[15:0];
    next_phase_o.pre_base = w7[15:0];
    next_phase_o.state_addr = state_at_q;
    next_phase_o.use_cell = cell_q;
    next_phase_o.first = sel_first_q;
    next_phase_o.last = sel_last_q;
    next_phase_o.channel = w0[15:12];
    next_phase_o.slot = 4'(sel_slot_q);
    next_phase_o.zero_point = w9[23:16];
  end

endmodule

`default_nettype wire
