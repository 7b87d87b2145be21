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

  logic [1023:0] counts;  // 64 bits a counter, so that the selection is a plain multiplexer

  // Each counter has an adder of its own: cheaper than one behind two selections.
  for (genvar i = 0; i < 16; i++) begin : gen_counter
    if (i < Counters) begin : gen_real
      logic [47:0] count_q;
      always_ff @(posedge clk_i) begin
        if (!rst_ni || clear_i) count_q <= 48'd0;
        else if (count_i && (i == 32'(trine_pkg::COUNT_CYCLES) || i == 32'(cause_i))) begin
          count_q <= count_q + 48'd1;
        end
      end
      assign counts[i*64 +: 64] = {16'd0, count_q};
    end else begin : gen_none
      assign counts[i*64 +: 64] = 64'd0;
    end
  end

  always_ff @(posedge clk_i) count_value_o <= counts[{count_select_i, 6'd0} +: 64];

  `TRINE_ASSERT(a_cause_known, !rst_ni || !count_i || (cause_i != 4'd0 && 32'(cause_i) < Counters))

endmodule

`default_nettype wire
