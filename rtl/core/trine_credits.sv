// SPDX-License-Identifier: Apache-2.0
// trine_credits: what each context of a core has to work with: complete vectors of x and of h, and
// slots with room for its own, as three counts.
//
// A credit comes with an event of the channel table, one goes with a pick. Both may come in a cycle
// and in any order, so an event may be late, never lost. Each count stays in 0..XSlots; one above
// is a credit too many, and overrun_o is 1 from two cycles after that until clear_i. x_o, h_o and
// room_o, a bit a context, come from registers: the count is not zero.
//
// cycle        0        1        2
// x_credit_i   A        .        .
// x_o          .        A        .
// x_pick_i     .        A        .
// x_o          .        .        (another)
// overrun_o    .        .        1          if the count was XSlots in cycle 0
`default_nettype none
`include "trine_assert.svh"

module trine_credits #(
    parameter int unsigned Contexts = 8,
    parameter int unsigned XSlots = 4,
    localparam int unsigned CountBits = $clog2(XSlots) + 1
) (
    input  wire logic                clk_i,
    input  wire logic                rst_ni,
    input  wire logic                clear_i,
    // Events: a bit for the context they are of, if any.
    input  wire logic [Contexts-1:0] x_credit_i,
    input  wire logic [Contexts-1:0] h_credit_i,
    input  wire logic [Contexts-1:0] room_credit_i,
    // Picks: a bit for the context whose credit one takes.
    input  wire logic [Contexts-1:0] x_pick_i,
    input  wire logic [Contexts-1:0] h_pick_i,
    input  wire logic [Contexts-1:0] room_pick_i,
    output      logic [Contexts-1:0] x_o,
    output      logic [Contexts-1:0] h_o,
    output      logic [Contexts-1:0] room_o,
    output      logic                overrun_o
);

  localparam int unsigned Counts = 3 * Contexts;

  logic [Counts-1:0] credit, pick, some_q, beyond;

  assign credit = {room_credit_i, h_credit_i, x_credit_i};
  assign pick = {room_pick_i, h_pick_i, x_pick_i};
  assign {room_o, h_o, x_o} = some_q;

  for (genvar n = 0; n < Counts; n++) begin : gen_count
    localparam int unsigned First = (n < 2 * Contexts) ? 0 : XSlots;
    logic [CountBits-1:0] count_q, count;

    assign count = count_q + CountBits'(credit[n]) - CountBits'(pick[n]);
    assign beyond[n] = count_q == CountBits'(XSlots + 1);

    always_ff @(posedge clk_i) begin
      if (!rst_ni || clear_i) begin
        count_q <= CountBits'(First);
        some_q[n] <= First != 0;
      end else begin
        count_q <= count;
        some_q[n] <= count != '0;
      end
    end

    `TRINE_ASSERT(a_some_is_not_zero, !rst_ni || some_q[n] == (count_q != '0))
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) overrun_o <= 1'b0;
    else overrun_o <= overrun_o || (|beyond);
  end

  `TRINE_ASSERT(a_pick_has_credit, !rst_ni || clear_i || (pick & ~some_q) == '0)

endmodule

`default_nettype wire
