// SPDX-License-Identifier: Apache-2.0
// trine_contexts: the contexts of a core: their fields (RAM), their step counts (RAM), and which
// phase may run next.
//
// A phase is offered when there are credits for it (docs/flow_control.md). A step of an LSTM has
// two halves, x part and h part. The first may be picked once step t-1 is through and its vector is
// complete; it claims nothing. The second may be picked once the first was, its vector is complete
// and all listeners have room for h(t). The h part goes first only where the context may (word 0)
// and it is known whether t begins a sequence: RUN says it of its first step, the last mark of t-1
// of the others; an x(t) whose mark says otherwise is misplaced_o. A dense step is picked once x(t)
// is complete and there is room. Phases run in the order they are picked. Of those that may run,
// second halves go before the others: the lowest context's, since later layers wait for its h; then
// x parts and dense steps, then h parts: of each the one after the context picked last. A picked
// phase takes its credits and claims its output slot in the next cycle, long before the next pick.
//
// RUN starts its contexts at once. Their step counts are written one a cycle, and run_ready_o is 0
// while one is left; until then a context takes the count from the RUN itself.
//
// cycle        0        1        2        3          one phase ahead of the sequencer
// state        Pick     Read     Hold     Pick
// sel_q        .        A        A        .
// credits, claim        A        .        .          slot, flags
// steps        .        read     written  .          busy_q at its end
// next_vec_o   .        .        A        .
// first_q      .        .        .        A          and all that a mark changes
// next_valid_o .        .        A        .          taken by next_take_i
`default_nettype none
`include "trine_assert.svh"

module trine_contexts #(
    parameter int unsigned Contexts = 8,   // 1..16
    parameter int unsigned XSlots = 4,     // power of two
    parameter int unsigned RingWords = 4096,
    parameter int unsigned HFirst = 1,     // 0: x parts go first in every context
    localparam int unsigned SlotBits = $clog2(XSlots),
    localparam int unsigned EntryBits = 4 + SlotBits,
    localparam int unsigned RingBits = $clog2(RingWords),
    localparam int unsigned CtxBits = (Contexts > 1) ? $clog2(Contexts) : 1
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic                  clear_i,       // forget all contexts
    // CONTEXT operation: words 0..12 in order, then commit, once a context.
    input  wire logic                  cfg_we_i,
    input  wire logic [3:0]            cfg_ctx_i,
    input  wire logic [3:0]            cfg_word_i,
    input  wire logic [31:0]           cfg_data_i,
    input  wire logic                  cfg_commit_i,
    output      logic [15:0]           known_o,       // contexts that are set up
    // RUN operation.
    input  wire logic                  run_i,
    input  wire logic [15:0]           run_mask_i,
    input  wire logic [31:0]           run_steps_i,
    input  wire logic [1:0]            run_begin_i,   // 0 not known, 1 goes on, 2 begins
    output      logic                  run_ready_o,
    output      logic                  missing_o,     // run_mask_i names one not set up or running
    output      logic                  misplaced_o,   // a mark that is not what is known
    // Credits, and their use: bits of the context picked.
    input  wire logic [Contexts-1:0]   x_i,
    input  wire logic [Contexts-1:0]   h_i,
    input  wire logic [Contexts-1:0]   room_i,
    output      logic [Contexts-1:0]   x_pick_o,
    output      logic [Contexts-1:0]   h_pick_o,
    output      logic [Contexts-1:0]   room_pick_o,
    // Channel table, entry = {channel, slot}.
    output      logic [EntryBits-1:0]  mark_entry_o,
    input  wire logic                  mark_first_i,
    input  wire logic                  mark_last_i,
    output      logic                  claim_valid_o,
    output      logic [EntryBits-1:0]  claim_entry_o,
    output      logic [3:0]            ring_channel_o,
    input  wire logic [RingBits-1:0]   ring_base_i,
    input  wire logic [RingBits-1:0]   ring_stride_i,
    // To the sequencer.
    input  wire logic                  pick_window_i,
    output      logic                  next_valid_o,
    input  wire logic                  next_take_i,
    output      trine_pkg::phase_t     next_phase_o,
    output      logic [15:0]           next_chunks_o,
    output      logic [31:0]           next_weight_o,  // word address
    output      logic [15:0]           next_vec_o,     // word of the rings
    output      logic [15:0]           next_stride_o,  // ring words of a slot of its channel
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
  logic [Contexts-1:0] valid_q, dense_q, busy_q, started_q, seq_start_q;
  logic [Contexts-1:0] half_q, half_h_q;        // the first half was picked; it is the h part
  logic [Contexts-1:0] early_q, known_q;        // the h part may go first; first_q is known
  logic [Contexts-1:0] first_q, last_q;         // marks of the step at hand
  logic [SlotBits-1:0] slot_q[Contexts];

  // Context fields: a small RAM a word, so that all are read at once and none becomes registers.
  // The tail keeps the words behind these.
  localparam int unsigned Fields = 10;
  localparam int unsigned Depth = (Contexts > 1) ? Contexts : 2;
  logic [Fields*32-1:0] fields;
  logic [31:0] w0, w1, w2, w3, w4, w5, w6, w7, w8, w9;
  logic        cfg_dense_q, cfg_early_q;

  // The phase picked; what its context says of it while it is read, and what is held of that.
  logic [CtxBits-1:0]  sel_q;
  logic [Contexts-1:0] sel_one_q;      // its context, a bit each
  logic                sel_h_q, sel_ends, sel_started, sel_init, sel_first, sel_last;
  logic                ends_q, started_at_q, mark_first_q, mark_last_q, read_q, ends_sequence;
  logic [SlotBits-1:0] sel_slot, slot_at_q, from_slot;
  logic [15:0]         init_at_q, state_at_q, state_now, init_now, state_kept, init_kept;
  logic                fill_q, cell_q, from_init_q;
  logic [RingBits-1:0] ring_addr, base_at_q, stride_at_q;

  logic [Contexts-1:0] h_there, x_ready, h_ready, x_after, h_after, second, second_one;
  logic [Contexts-1:0] pick_one, after;
  logic                any_x, pick_second, take, read, last, steps_we;
  logic [CtxBits-1:0]  pick_ctx, turn_q;
  logic [31:0]         steps_left_q, run_steps_q, steps, steps_kept;
  logic                claimed_q, one_left;
  logic [Contexts-1:0] pend_q, pend_one, pend_done;
  logic [CtxBits-1:0]  pend_ctx, steps_waddr;

  // The lowest context of a set. An explicit prefix: a carry chain is slower.
  function automatic logic [Contexts-1:0] lowest(input logic [Contexts-1:0] set);
    logic [Contexts-1:0] seen;
    seen = set;
    for (int step = 1; step < Contexts; step = step * 2) seen = seen | (seen << step);
    lowest = set & ~(seen << 1);
  endfunction

  // --- Which phase may run: each class finds its own, beside the others ---
  assign h_there = h_i | ~started_q;
  assign second = half_q & ((half_h_q & x_i) | (~half_h_q & h_there)) & room_i;
  assign x_ready = busy_q & ~half_q & x_i & (room_i | ~dense_q);
  assign h_ready = busy_q & ~half_q & early_q & known_q & h_there;
  assign x_after = x_ready & after;
  assign h_after = h_ready & after;
  assign any_x = |x_ready;
  assign pick_second = |second;
  assign second_one = lowest(second);
  assign take = state_q == StPick && pick_window_i && (pick_second || any_x || (|h_ready));

  always_comb begin
    if (pick_second) pick_one = second_one;
    else if (any_x) pick_one = (|x_after) ? lowest(x_after) : lowest(x_ready);
    else pick_one = (|h_after) ? lowest(h_after) : lowest(h_ready);
  end

  always_comb begin
    pick_ctx = '0;
    wait_o = 2'd0;
    for (int c = Contexts - 1; c >= 0; c--) begin
      after[c] = 32'(turn_q) < c;
      if (pick_one[c]) pick_ctx = pick_ctx | CtxBits'(c);
      if (busy_q[c]) begin
        if (!half_q[c]) wait_o = x_i[c] ? 2'd2 : 2'd0;
        else if (!room_i[c]) wait_o = 2'd2;
        else wait_o = half_h_q[c] ? 2'd0 : 2'd1;
      end
    end
  end

  assign read = state_q == StRead;
  assign ends_sequence = read_q && ends_q && mark_last_q;
  assign sel_ends = half_q[sel_q] || dense_q[sel_q];
  assign {sel_started, sel_first, sel_last} = {started_q[sel_q], first_q[sel_q], last_q[sel_q]};
  assign sel_init = sel_first || !sel_started;
  assign sel_slot = slot_q[sel_q];
  assign last = sel_h_q ? sel_last : mark_last_i;
  assign claim_valid_o = read && sel_ends;
  assign x_pick_o = (read && !sel_h_q) ? sel_one_q : '0;
  assign h_pick_o = (read && sel_h_q && sel_started) ? sel_one_q : '0;
  assign room_pick_o = claim_valid_o ? sel_one_q : '0;
  assign mark_entry_o = {w0[11:8], sel_slot};
  assign claim_entry_o = {w0[15:12], sel_slot};
  assign active_o = |busy_q || state_q != StPick;
  assign switching_o = state_q != StPick || pick_second || any_x || (|h_ready);

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
    if (take) begin
      sel_q <= pick_ctx;
      sel_one_q <= pick_one;
      sel_h_q <= pick_second ? |(second_one & ~half_h_q) : !any_x;
    end
    if (read) begin
      ends_q <= sel_ends;
      started_at_q <= sel_started;
      mark_first_q <= sel_h_q ? sel_first : mark_first_i;
      mark_last_q <= last;
      slot_at_q <= sel_slot;
      fill_q <= sel_h_q && sel_init && !w0[5];
      cell_q <= !sel_init || w0[5];
      state_at_q <= state_now;
      init_at_q <= init_now;
      from_init_q <= sel_h_q && sel_init;
      base_at_q <= ring_base_i;
      stride_at_q <= ring_stride_i;
    end
    read_q <= rst_ni && !clear_i && read;
    if (!rst_ni || clear_i) turn_q <= '0;
    else if (take) turn_q <= pick_ctx;
    if (!rst_ni || clear_i) misplaced_o <= 1'b0;
    else if (read && !sel_h_q && early_q[sel_q] && known_q[sel_q]
             && mark_first_i != sel_first) misplaced_o <= 1'b1;
  end

  // --- Flags and slots ---
  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      valid_q <= '0;
      busy_q <= '0;
      half_q <= '0;
      started_q <= '0;
      seq_start_q <= '0;
    end else begin
      if (cfg_commit_i) valid_q[cfg_ctx_i[CtxBits-1:0]] <= 1'b1;
      if (run_i) begin
        busy_q <= busy_q | run_mask_i[Contexts-1:0];
        seq_start_q <= seq_start_q | run_mask_i[Contexts-1:0];
      end
      if (read) begin
        half_q[sel_q] <= !sel_ends;
        if (sel_ends) started_q[sel_q] <= 1'b1;
      end
      if (ends_sequence) seq_start_q[sel_q] <= 1'b0;
      if (claimed_q && one_left) busy_q[sel_q] <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (cfg_we_i && cfg_word_i == 4'd0) begin
      cfg_dense_q <= cfg_data_i[4];
      cfg_early_q <= cfg_data_i[6];
    end
    if (cfg_commit_i) begin
      dense_q[cfg_ctx_i[CtxBits-1:0]] <= cfg_dense_q;
      early_q[cfg_ctx_i[CtxBits-1:0]] <= cfg_early_q && HFirst != 0;
      slot_q[cfg_ctx_i[CtxBits-1:0]] <= '0;
    end
    if (run_i) begin
      known_q <= (known_q & ~run_mask_i[Contexts-1:0])
                 | (run_begin_i != 2'd0 ? run_mask_i[Contexts-1:0] : '0);
      first_q <= (first_q & ~run_mask_i[Contexts-1:0])
                 | (run_begin_i[1] ? run_mask_i[Contexts-1:0] : '0);
    end
    if (read) begin
      if (sel_ends) begin
        slot_q[sel_q] <= sel_slot + 1'b1;
        known_q[sel_q] <= 1'b1;
      end else half_h_q[sel_q] <= sel_h_q;
    end
    // Marks are looked up late in a cycle, and what they change is not asked for before the next
    // pick: from registers.
    if (read_q) begin
      if (ends_q) first_q[sel_q] <= mark_last_q;
      else if (!sel_h_q) first_q[sel_q] <= mark_first_q;
      if (!sel_h_q) last_q[sel_q] <= mark_last_q;
    end
  end

  // Whole vectors: Yosys takes a cast loop variable as a signed, here negative, index.
  logic [15:0] run_known;
  always_comb begin
    known_o = '0;
    known_o[Contexts-1:0] = valid_q;
    run_known = '0;
    run_known[Contexts-1:0] = valid_q & ~busy_q;
  end
  assign missing_o = (run_mask_i & ~run_known) != 16'd0;

  // --- Step counts: those of RUN one a cycle, else of the context that has just claimed ---
  assign pend_one = pend_q & (~pend_q + 1'b1);
  assign run_ready_o = pend_q == '0;
  assign steps = |(pend_q & sel_one_q) ? run_steps_q : steps_kept;
  assign one_left = steps_left_q == 32'd1;
  assign steps_we = claimed_q || !run_ready_o;
  assign steps_waddr = claimed_q ? sel_q : pend_ctx;
  assign pend_done = claimed_q ? sel_one_q : pend_one;

  always_comb begin
    pend_ctx = '0;
    for (int c = 0; c < Contexts; c++) begin
      if (pend_one[c]) pend_ctx = pend_ctx | CtxBits'(c);
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      pend_q <= '0;
      claimed_q <= 1'b0;
    end else begin
      pend_q <= run_i ? run_mask_i[Contexts-1:0] : pend_q & ~pend_done;
      claimed_q <= claim_valid_o;
    end
    if (run_i) run_steps_q <= run_steps_i;
    steps_left_q <= steps;
  end

  trine_ram_lut #(
      .Width(32), .Depth(Depth)
  ) u_steps (
      .clk_i, .we_i(steps_we), .waddr_i(steps_waddr),
      .wdata_i(claimed_q ? steps_left_q - 32'd1 : run_steps_q), .raddr_i(sel_q),
      .rdata_o(steps_kept)
  );

  // --- Fields of the picked context ---
  for (genvar w = 0; w < Fields; w++) begin : gen_field
    logic we;
    assign we = cfg_we_i && cfg_word_i == 4'(w);
    trine_ram_lut #(
        .Width(32), .Depth(Depth)
    ) u_ram (
        .clk_i, .we_i(we), .waddr_i(cfg_ctx_i[CtxBits-1:0]), .wdata_i(cfg_data_i),
        .raddr_i(sel_q), .rdata_o(fields[w*32 +: 32])
    );
  end

  assign {w9, w8, w7, w6, w5, w4, w3, w2, w1, w0} = fields;

  trine_slot_address #(
      .XSlots(XSlots), .Bits(RingBits)
  ) u_slot (
      .base_i(base_at_q), .stride_i(stride_at_q), .slot_i(4'(from_slot)), .addr_o(ring_addr)
  );

  // State entry and kept h, stepped with each sequence.
  trine_ram_lut #(
      .Width(32), .Depth(Depth)
  ) u_kept (
      .clk_i, .we_i(ends_sequence), .waddr_i(sel_q),
      .wdata_i({state_now + w8[15:0], init_now + w9[15:0]}), .raddr_i(sel_q),
      .rdata_o({state_kept, init_kept})
  );

  assign ring_channel_o = sel_h_q ? w0[15:12] : w0[11:8];
  assign state_now = |(sel_one_q & seq_start_q) ? w7[31:16] : state_kept;
  assign init_now = |(sel_one_q & seq_start_q) ? w8[31:16] : init_kept;

  // Reserved bits were checked by the program.
  logic unused;
  assign unused = &{1'b0, cfg_ctx_i, run_mask_i, w0, w3, w9};

  assign next_valid_o = state_q == StHold;
  assign next_chunks_o = sel_h_q ? w1[31:16] : w1[15:0];
  assign next_weight_o = sel_h_q ? w5 : w4;
  assign next_vec_o = from_init_q ? init_at_q : 16'(ring_addr);
  assign next_stride_o = 16'(stride_at_q);
  assign next_fill_o = fill_q;
  assign next_free_o = !sel_h_q || started_at_q;
  assign from_slot = sel_h_q ? slot_at_q - 1'b1 : slot_at_q;
  assign next_entry_o = {ring_channel_o, from_slot};

  always_comb begin
    next_phase_o = '0;
    next_phase_o.dense = w0[4];
    next_phase_o.h_part = sel_h_q;
    next_phase_o.second = ends_q && !w0[4];
    next_phase_o.ctx = 4'(sel_q);
    next_phase_o.groups = w2[15:0];
    next_phase_o.units = w2[31:16];
    next_phase_o.first_unit = w3[15:0];
    next_phase_o.param_base = sel_h_q ? w6[31:16] : w6[15:0];
    next_phase_o.pre_base = w7[15:0];
    next_phase_o.state_addr = state_at_q;
    next_phase_o.use_cell = cell_q;
    next_phase_o.first = mark_first_q;
    next_phase_o.last = mark_last_q;
    next_phase_o.channel = w0[15:12];
    next_phase_o.slot = 4'(slot_at_q);
    next_phase_o.zero_point = w9[23:16];
  end

  `TRINE_ASSERT(a_set_up_once, !rst_ni || clear_i || !cfg_commit_i
                || !valid_q[cfg_ctx_i[CtxBits-1:0]])
  `TRINE_ASSERT(a_steps_left, !rst_ni || clear_i || !claimed_q || steps_left_q != 32'd0)

endmodule

`default_nettype wire
