// SPDX-License-Identifier: Apache-2.0
// trine_view: what a reader of waveforms wants to see of a core, one word each: the phase at work,
// why no MAC works, the channel of the bus word, the unit whose cell is updated.
//
// Simulation only (instanced under `ifdef TRINE_PROBE); nothing of the chip depends on it. The views
// in tests/wave turn the numbers into words with the filter files beside them.
//
// cycle      0        1        2
// taken_i    A        .        .
// phase_q    .        A        A       until the next phase is taken
`default_nettype none

module trine_view (
    input wire logic        clk_i,
    input wire logic        rst_ni,
    input wire logic        taken_i,      // a phase begins in the next cycle
    input wire logic        dense_i,
    input wire logic        h_part_i,
    input wire logic [3:0]  ctx_i,
    input wire logic [3:0]  cause_i,
    input wire logic        word_valid_i, // a bus word of this domain
    input wire logic [3:0]  channel_i,
    input wire logic        cell_valid_i, // a unit's c and h are known
    input wire logic [15:0] unit_i
);

  logic [5:0]  phase_q;   // {dense, h part, context}
  logic [6:0]  mac_phase; // {1, phase} in cycles with a MAC, else 0
  logic [3:0]  cause;     // of this cycle
  logic [4:0]  channel;   // {1, channel} in cycles with a word, else 0
  logic [16:0] cell_unit; // {1, unit} in cycles with a cell update, else 0
  logic        unused;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) phase_q <= '0;
    else if (taken_i) phase_q <= {dense_i, h_part_i, ctx_i};
  end

  assign cause = cause_i;
  assign mac_phase = (cause_i == trine_pkg::COUNT_MAC) ? {1'b1, phase_q} : '0;
  assign channel = word_valid_i ? {1'b1, channel_i} : '0;
  assign cell_unit = cell_valid_i ? {1'b1, unit_i} : '0;
  assign unused = &{1'b0, mac_phase, cause, channel, cell_unit};

endmodule

`default_nettype wire
