// SPDX-License-Identifier: Apache-2.0
// trine_empty: whether anything of a core's work is still on its way, and what must be gone when it
// changes hands.
//
// run_done_o: nothing is left that this core would do by itself: steps, sums, words, release
// events, rows of the streams. RUN and END wait for it, so a slot that is done has left nothing in
// its cores that could act for the next one. empty_o: no memory access is open either; START is
// refused on a core that is not empty. A stop makes it empty, so it is not waited for there.
`default_nettype none
`include "trine_assert.svh"

module trine_empty #(
    parameter int unsigned Readers = 2,
    parameter int unsigned Writers = 2
) (
    input  wire logic               clk_i,
    input  wire logic               rst_ni,
    input  wire logic               stop_i,
    input  wire logic               start_i,
    // What the core still has.
    input  wire logic               active_i,           // steps, or a phase
    input  wire logic               tail_busy_i,
    input  wire logic               publish_quiet_i,
    input  wire logic               flow_quiet_i,
    input  wire logic [Readers-1:0] readers_active_i,
    input  wire logic [Writers-1:0] writers_active_i,
    input  wire logic               mem_idle_i,
    input  wire logic               mem_error_i,
    input  wire logic               done_i,             // the program is behind its END
    input  wire logic               running_i,          // it has begun and not ended
    input  wire logic               failed_i,
    input  wire logic               acc_valid_i,        // a sum leaves the MAC array
    output      logic               run_done_o,
    output      logic               empty_o
);

  logic own_done;   // but for words of other cores, which come as long as those run

  assign own_done = !active_i && !tail_busy_i && publish_quiet_i && readers_active_i == '0
                    && writers_active_i == '0;
  assign run_done_o = own_done && flow_quiet_i;
  assign empty_o = run_done_o && mem_idle_i;

  `TRINE_ASSERT(a_done_is_empty, !rst_ni || stop_i || !done_i || (own_done && mem_idle_i))
  `TRINE_ASSERT(a_start_is_empty, !rst_ni || !start_i || (empty_o && !mem_error_i))
  `TRINE_ASSERT(a_sums_have_a_run, !rst_ni || stop_i || !acc_valid_i || running_i || failed_i)

  logic unused;
  assign unused = &{1'b0, clk_i, rst_ni, stop_i, start_i, mem_error_i, done_i, running_i, failed_i,
                    acc_valid_i};

endmodule

`default_nettype wire
