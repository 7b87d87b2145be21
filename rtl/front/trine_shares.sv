// SPDX-License-Identifier: Apache-2.0
// trine_shares: who has its share of memory already: the beats of one direction that each slot
// has on their way, and which cores are not picked because of them while another slot runs.
//
// Memory answers in turn, so a slot's part of its beats is its part of those that are on their way.
// Each slot may have the beats of two bursts (its share), and the rest of the burst that passes
// them: who asks and is not picked has its share, and nobody has a burst more. So a slot that asks
// gets its part, but for a burst, however long the rows of others are and however many cores they
// have; and a burst waits for no more than three of each other slot. A slot that runs alone has no
// limit but the bursts of its cores.
//
// A pick counts as a whole burst until the walk knows its beats, from the cycle after it on, though
// it stands in count_q a cycle later; the next pick of the slot waits for that. What was counted
// and not sent (a stop) is forgotten when the slot has nothing on its way. All outputs are
// registered.
//
// cycle          0     1     2     3     4     5     6     7
// pick_i         A     .     .     .     .     .     .     .
// count_q        0     0     16    16    16    16    16    3
// burst_*_i      .     .     .     .     .     3     .     .
// full_o         .     1     then: count_q of the cycle before is a share or more
`default_nettype none
`include "trine_assert.svh"

module trine_shares #(
    parameter int unsigned Cores = 2,
    parameter int unsigned Outstanding = 8,    // bursts of a core, at most
    localparam int unsigned CoreBits = (Cores > 1) ? $clog2(Cores) : 1
) (
    input  wire logic                clk_i,
    input  wire logic                rst_ni,
    input  wire logic [Cores-1:0]    busy_i,         // the core belongs to a slot that runs
    input  wire logic [Cores*4-1:0]  domain_i,
    input  wire logic [Cores-1:0]    pick_i,         // of a stream or a client of the core
    input  wire logic [Cores-1:0]    open_i,         // the core has a burst on its way
    // A burst leaves the walk; 0 beats: it will not be sent.
    input  wire logic                burst_valid_i,
    input  wire logic [CoreBits-1:0] burst_core_i,
    input  wire logic [4:0]          burst_beats_i,
    // A beat at memory.
    input  wire logic                beat_valid_i,
    input  wire logic [CoreBits-1:0] beat_core_i,
    output      logic [Cores-1:0]    full_o
);

  localparam int unsigned Slots = Cores;
  localparam int unsigned Burst = trine_pkg::BURST_BEATS;
  localparam int unsigned ShareBits = $clog2(2 * Burst);
  localparam int unsigned CountBits = $clog2(Cores * Outstanding * Burst) + 1;

  logic [Slots*Cores-1:0] of_slot;    // cores of each slot
  logic [Slots-1:0]       runs, shared, over;

  for (genvar s = 0; s < Slots; s++) begin : gen_slot
    logic [CountBits-1:0] count_q;
    logic [4:0]           refund_q;
    logic                 beat_q, more, more_q, open;

    for (genvar c = 0; c < Cores; c++) begin : gen_core
      assign of_slot[s*Cores+c] = domain_i[c*4 +: 4] == 4'(s);
    end

    assign runs[s] = |(busy_i & of_slot[s*Cores +: Cores]);
    assign more = |(pick_i & of_slot[s*Cores +: Cores]);
    assign open = |(open_i & of_slot[s*Cores +: Cores]);
    assign over[s] = (|count_q[CountBits-1:ShareBits]) || (more_q && count_q[ShareBits-1]);

    always_comb begin
      shared[s] = 1'b0;
      for (int t = 0; t < Slots; t++) if (t != s) shared[s] = shared[s] | runs[t];
    end

    always_ff @(posedge clk_i) begin
      refund_q <= '0;
      if (rst_ni && burst_valid_i && of_slot[s*Cores + 32'(burst_core_i)])
        refund_q <= 5'(Burst) - burst_beats_i;
      beat_q <= rst_ni && beat_valid_i && of_slot[s*Cores + 32'(beat_core_i)];
      more_q <= rst_ni && more;
      if (!rst_ni) count_q <= '0;
      else if (!open) count_q <= '0;
      else begin
        count_q <= count_q + (more_q ? CountBits'(Burst) : '0)
                   - (CountBits'(refund_q) + CountBits'(beat_q));
      end
    end

    `TRINE_ASSERT(a_counted, !rst_ni || !open
        || count_q >= CountBits'(refund_q) + CountBits'(beat_q))
    `TRINE_ASSERT(a_picked_is_open, !rst_ni || !more_q || open)
  end

  for (genvar c = 0; c < Cores; c++) begin : gen_full
    logic [Cores-1:0] same;
    logic             is_shared, is_over;

    always_comb begin
      same = '0;
      is_shared = 1'b0;
      is_over = 1'b0;
      for (int s = 0; s < Slots; s++) begin
        if (of_slot[s*Cores+c]) begin
          same = same | of_slot[s*Cores +: Cores];
          is_shared = is_shared | shared[s];
          is_over = is_over | over[s];
        end
      end
    end

    always_ff @(posedge clk_i) begin
      full_o[c] <= rst_ni && is_shared && (is_over || (|(pick_i & same)));
    end
  end

endmodule

`default_nettype wire
