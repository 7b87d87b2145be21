// SPDX-License-Identifier: Apache-2.0
// trine_wipe: walks a buffer once when its core changes hands (forget_i), so that its user may
// overwrite what the last owner left, a place in each cycle that is free. Whoever uses the buffer
// waits until it is through with what they need: places below need_i.
//
// Behind a reset nothing is walked; the first owner comes with forget_i.
//
// cycle        0    1    2    3    4
// forget_i     F    .    .    .    .
// valid_o      .    1    1    1    1     until all places are through
// place_o      .    0    0    1    2
// free_i       .    .    1    1    .
// covers_o     .    .    .    .    1     need_i = 1
`default_nettype none
`include "trine_assert.svh"

module trine_wipe #(
    parameter int unsigned Places = 1024,
    parameter int unsigned Align = 1,       // places that are used together, power of two
    localparam int unsigned Bits = $clog2(Places + 1)
) (
    input  wire logic            clk_i,
    input  wire logic            rst_ni,
    input  wire logic            forget_i,
    input  wire logic            free_i,
    output      logic            valid_o,
    output      logic [Bits-1:0] place_o,
    output      logic [Bits-1:0] end_o,      // those below are through, aligned
    input  wire logic [Bits-1:0] need_i,
    output      logic            covers_o    // of need_i a cycle ago
);

  // Two shifts, not a mask: Yosys 0.23 makes zero of place_q & ~Bits'(Align - 1).
  localparam int unsigned Shift = $clog2(Align);

  logic [Bits-1:0] place_q;

  assign valid_o = place_q != Bits'(Places);
  assign place_o = place_q;
  assign end_o = (place_q >> Shift) << Shift;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) place_q <= Bits'(Places);
    else if (forget_i) place_q <= '0;
    else if (valid_o && free_i) place_q <= place_q + 1'b1;
    covers_o <= need_i <= end_o;
  end

  `TRINE_ASSERT(a_inside, !rst_ni || 32'(place_q) <= Places)

endmodule

`default_nettype wire
