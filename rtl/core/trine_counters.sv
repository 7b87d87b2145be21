// SPDX-License-Identifier: Apache-2.0
// trine_counters: where the cycles of a core went: all cycles from start to done, and each of them
// in exactly one of the classes of docs/architecture.md.
//
// cycle          0       1       2
// cause_i        A       B       .
// counter[A]     n       n+1     n+1
// count_value_o  .       latency 1 from count_select_i
`default_nettype none
`include "trine_assert.svh"

module trine_counters (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        clear_i,
    input  wire logic        count_i,         // this cycle belongs to a run
    input  wire logic [3:0]  cause_i,         // COUNT_MAC .. COUNT_SWITCH
    input  wire logic [3:0]  count_select_i,
    output      logic [63:0] count_value_o
);

  localparam int unsigned Counters = trine_pkg::COUNTERS;

  logic [47:0] counts_q[Counters];

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      for (int i = 0; i < Counters; i++) counts_q[i] <= 48'd0;
    end else if (count_i) begin
      counts_q[trine_pkg::COUNT_CYCLES] <= counts_q[trine_pkg::COUNT_CYCLES] + 48'd1;
      counts_q[cause_i] <= counts_q[cause_i] + 48'd1;
    end
    count_value_o <= (32'(count_select_i) < Counters) ? {16'd0, counts_q[count_select_i]} : 64'd0;
  end

  `TRINE_ASSERT(a_cause_known, !rst_ni || !count_i || (cause_i != 4'd0 && 32'(cause_i) < Counters))

endmodule

`default_nettype wire
