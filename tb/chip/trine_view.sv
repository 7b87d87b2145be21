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
    input wire logic        running_i,    // its program has begun and not ended
    input wire logic        done_i,
    input wire logic        failed_i,
    input wire logic        waiting_i,    // for words of the list
    input wire logic        loading_i,
    input wire logic        order_i,      // an operation for this core
    input wire logic        saving_i,
    input wire logic        working_i,    // contexts or streams
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
  logic [3:0]  step;      // what the program does for this core
  logic [15:0] words;     // the bit of the channel in cycles with a word
  logic [15:0] unit_q;    // the last unit whose cell was updated
  logic        unused;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) phase_q <= '0;
    else if (taken_i) phase_q <= {dense_i, h_part_i, ctx_i};
    if (cell_valid_i) unit_q <= unit_i;
  end

  assign cause = cause_i;
  assign mac_phase = mac_i ? {1'b1, phase_q} : '0;
  always_comb begin
    if (failed_i) step = 4'd8;
    else if (done_i) step = 4'd7;
    else if (!running_i) step = 4'd0;
    else if (order_i) step = 4'd2;
    else if (loading_i) step = 4'd3;
    else if (saving_i) step = 4'd4;
    else if (working_i) step = 4'd5;
    else if (waiting_i) step = 4'd1;
    else step = 4'd6;
  end

  assign words = word_valid_i ? 16'd1 << channel_i : '0;
  assign unused = &{1'b0, mac_phase, cause, step, words, unit_q};

endmodule

bind trine_core trine_view u_view (
    .clk_i, .rst_ni, .running_i, .done_i, .failed_i(failed_i || error_valid_o),
    .waiting_i, .loading_i,
    .order_i(select_i && (checks_i || exec_i || context_we_i || stream_we_i)),
    .saving_i(u_orders.saves), .working_i(!run_done),
    .taken_i(phase_valid && phase_ready), .dense_i(phase.dense), .h_part_i(phase.h_part),
    .ctx_i(phase.ctx), .mac_i(issue), .cause_i(cause), .word_valid_i(in_valid),
    .channel_i(in_channel), .cell_valid_i(u_tail.unit_valid), .unit_i(u_tail.end_beat.place)
);

`default_nettype wire
