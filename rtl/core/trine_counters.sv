// SPDX-License-Identifier: Apache-2.0
// trine_counters: where the cycles of a core went: all cycles from start to done, and each of them
// in exactly one of the classes of docs/architecture.md.
//
// A cycle belongs to one class, so one adder in front of a small RAM counts them all: cycles of one
// class in a row are a run of up to MAX_RUN, and a run is added to its counter when it ends. The
// count of all cycles has an adder of its own. Values are whole from three cycles after the last
// cycle that was counted; the mode controller reads none of a core that runs. A class that never
// was counted since clear_i reads 0, whatever its word of the RAM holds.
//
// cycle          0    1    2    3    4
// cause_i        A    B    .    .    .
// run            .    A    B    .    .
// ended          .    .    A    B    .      word read
// counter[A]     n    n    n    n    n+1    after the sum in cycle 3
// count_value_o  latency 1 from count_select_i
`default_nettype none
`include "trine_assert.svh"

module trine_counters (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        clear_i,
    input  wire logic        count_i,         // this cycle belongs to a run
    input  wire logic [3:0]  cause_i,         // COUNT_MAC .. COUNT_SWITCH
    input  wire logic [3:0]  count_select_i,
    output      logic [63:0] count_value_o    // undefined while count_i
);

  localparam int unsigned Bits = 48;
  localparam logic [7:0] MAX_RUN = 8'd255;

  // The run at hand.
  logic        run_q, same, full, ends;
  logic [3:0]  class_q;
  logic [7:0]  length_q, longer;
  // A run that has ended: its counter is read, then written.
  logic        ended_q, sum_q, known, written;
  logic [3:0]  ended_class_q, sum_class_q, read_class;
  logic [7:0]  ended_length_q, sum_length_q;
  logic [15:0] known_q;
  logic [3:0]  select_q;
  logic [Bits-1:0] word, word_q, sum, cycles_q;

  assign same = count_i && cause_i == class_q;
  assign longer = length_q + 8'd1;
  // A run that is full takes its last cycle with it, so the next of its class ends two cycles later
  // or more, and finds its counter written.
  assign full = run_q && same && longer == MAX_RUN;
  assign ends = run_q && (!same || full);

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      run_q <= 1'b0;
      ended_q <= 1'b0;
      sum_q <= 1'b0;
    end else begin
      run_q <= count_i && !full;
      ended_q <= ends;
      sum_q <= ended_q;
    end
    class_q <= cause_i;
    length_q <= (run_q && same) ? longer : 8'd1;
    ended_class_q <= class_q;
    ended_length_q <= full ? MAX_RUN : length_q;
    sum_class_q <= ended_class_q;
    sum_length_q <= ended_length_q;
  end

  assign read_class = ended_q ? ended_class_q : count_select_i;
  assign known = known_q[read_class];
  assign sum = word_q + Bits'(sum_length_q);
  assign written = sum_q && !clear_i;

  trine_ram_lut #(.Width(Bits), .Depth(16)) u_counts (
      .clk_i, .we_i(written), .waddr_i(sum_class_q), .wdata_i(sum), .raddr_i(read_class),
      .rdata_o(word)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      known_q <= '0;
      cycles_q <= '0;
    end else begin
      if (written) known_q[sum_class_q] <= 1'b1;
      if (count_i) cycles_q <= cycles_q + 1'b1;
    end
    select_q <= count_select_i;
    if (!known) word_q <= '0;
    else word_q <= word;
  end

  assign count_value_o[63:Bits] = '0;
  assign count_value_o[Bits-1:0] = (select_q == trine_pkg::COUNT_CYCLES) ? cycles_q : word_q;

  `TRINE_ASSERT(a_cause_known,
      !rst_ni || !count_i || (cause_i != 4'd0 && 32'(cause_i) < trine_pkg::COUNTERS))
  `TRINE_ASSERT(a_sum_is_read, !rst_ni || !ended_q || !sum_q || ended_class_q != sum_class_q)

endmodule

`default_nettype wire
