// SPDX-License-Identifier: Apache-2.0
// trine_view: what a reader of waveforms wants to see of a core: the phase at work,
// why no MAC works, what the program does, the bus words by channel, the unit whose cell was
// updated.
//
// Simulation only, bound to trine_core from outside (last lines), so the product has no wire of it.
// The views in tests/wave turn the numbers into words with the filter files beside them.
//
// cycle      0        1        2
// taken_i    A        .        .
// mac_i      .        A        A
// phase_q    .        A        A       until the next phase is taken
`default_nettype none

module trine_view (
    input wire logic        clk_i,
    input wire logic        rst_ni,
    input wire logic [4:0]  program_i,    // state of trine_program
    input wire logic        taken_i,      // a phase begins in the next cycle
    input wire logic        dense_i,
    input wire logic        h_part_i,
    input wire logic [3:0]  ctx_i,
    input wire logic        mac_i,        // a MAC works on it
    input wire logic [3:0]  cause_i,      // of the cycle before
    input wire logic        word_valid_i, // a bus word of this domain
    input wire logic [3:0]  channel_i,
    input wire logic        cell_valid_i, // a unit's c and h are known
    input wire logic [15:0] unit_i
);

  logic [5:0]  phase_q;   // {dense, h part, context}
  logic [6:0]  mac_phase; // {1, phase} in cycles with a MAC, else 0
  logic [3:0]  cause;     // of the cycle before
  logic [4:0]  step;      // what the program does
  logic [15:0] words;     // the bit of the channel in cycles with a word
  logic [15:0] unit_q;    // the last unit whose cell was updated
  logic        unused;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) phase_q <= '0;
    else if (taken_i) phase_q <= {dense_i, h_part_i, ctx_i};
    if (cell_valid_i) unit_q <= unit_i;
  end

  assign cause = cause_i;
  assign step = program_i;
  assign mac_phase = mac_i ? {1'b1, phase_q} : '0;
  assign words = word_valid_i ? 16'd1 << channel_i : '0;
  assign unused = &{1'b0, mac_phase, cause, step, words, unit_q};

endmodule

bind trine_core trine_view u_view (
    .clk_i, .rst_ni, .program_i({1'b0, exec_i && select_i, loading_i, waiting_i, running_i}),
    .taken_i(phase_valid && phase_ready), .dense_i(phase.dense), .h_part_i(phase.h_part),
    .ctx_i(phase.ctx), .mac_i(issue), .cause_i(cause), .word_valid_i(in_valid),
    .channel_i(in_channel), .cell_valid_i(u_tail.unit_valid), .unit_i(u_tail.end_beat.place)
);

`default_nettype wire
