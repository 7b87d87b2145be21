// SPDX-License-Identifier: Apache-2.0
// trine_fifo: short, it stands for the FIFO of the same name in proofs without end, since its words
// would be most of the state: eight places, where the oldest word is always in the first.
//
// The same at its ports as long as eight places do, which is asserted; the real one's proof is
// tests/formal/fifo.cfg.
//
// cycle        0        1        2
// valid_i      A        B        .
// valid_o      .        A        B       with ready_i = 1
`default_nettype none

module trine_fifo #(
    parameter int unsigned Width = 8,
    parameter int unsigned Depth = 4
) (
    input  wire logic                     clk_i,
    input  wire logic                     rst_ni,
    input  wire logic                     flush_i,
    input  wire logic                     valid_i,
    output      logic                     ready_o,
    input  wire logic [Width-1:0]         data_i,
    output      logic                     valid_o,
    input  wire logic                     ready_i,
    output      logic [Width-1:0]         data_o,
    output      logic [$clog2(Depth):0]   count_o
);

  localparam int unsigned Places = 8;

  logic [Places*Width-1:0] held_q, words;
  logic [3:0]              fill_q, kept;
  logic                    pop;

  assign pop = valid_o && ready_i;
  assign kept = fill_q - 4'(pop);
  assign ready_o = 1'b1;
  assign valid_o = fill_q != 4'd0;
  assign data_o = held_q[Width-1:0];
  assign count_o = ($clog2(Depth) + 1)'(fill_q);

  always_comb begin
    words = pop ? held_q >> Width : held_q;
    for (int n = 0; n < Places; n++) begin
      if (valid_i && kept == 4'(n)) words[n*Width +: Width] = data_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      fill_q <= 4'd0;
      held_q <= '0;
    end else begin
      fill_q <= kept + 4'(valid_i);
      held_q <= words;
    end
    if (rst_ni) begin
      a_places_do: assert (!valid_i || kept != 4'(Places));
    end
  end

endmodule

`default_nettype wire
