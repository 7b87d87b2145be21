// SPDX-License-Identifier: Apache-2.0
// trine_slot_address: base + slot*stride, combinational, as shifted additions (a few slots, so no
// multiplier is spent on it).
`default_nettype none

module trine_slot_address #(
    parameter int unsigned XSlots = 4,    // power of two, 2..16
    parameter int unsigned Bits = 16      // of addresses, which do not pass them
) (
    input  wire logic [Bits-1:0] base_i,
    input  wire logic [Bits-1:0] stride_i,
    input  wire logic [3:0]      slot_i,
    output      logic [Bits-1:0] addr_o
);

  localparam int unsigned SlotBits = $clog2(XSlots);

  always_comb begin
    addr_o = base_i;
    for (int b = 0; b < SlotBits; b = b + 1) begin
      if (slot_i[b]) addr_o = addr_o + (stride_i << b);
    end
  end

  logic unused;
  assign unused = &{1'b0, slot_i};

endmodule

`default_nettype wire
