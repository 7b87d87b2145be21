// SPDX-License-Identifier: Apache-2.0
// formal_fifo: what trine_fifo promises: any one word, watched from the moment it goes in, comes
// out unchanged after exactly the words that were before it; ready and valid tell the truth.
//
// words and raddr are the FIFO's own memory and read address, connected by fifo.cfg: induction
// needs to know that the watched word is where its place says; with Registered the oldest word is
// not in the memory.
//
// cycle        0    1    2    3       watched from cycle 0, one word before it
// push         A    .    .    .
// pop          .    1    1    .
// watching_q   0    1    1    0
// before_q     .    1    0    .
`default_nettype none

module formal_fifo #(
    parameter int unsigned Width = 8,
    parameter int unsigned Depth = 4,
    parameter int unsigned Registered = 0,
    localparam int unsigned AddrBits = $clog2(Depth)
) (
    input wire logic             clk_i,
    input wire logic             rst_ni,
    input wire logic             flush_i,
    input wire logic             valid_i,
    input wire logic [Width-1:0] data_i,
    input wire logic             ready_i,
    input wire logic             watch_i     // watch the word that goes in now
);

  logic                   ready, valid, push, pop;
  logic [Width-1:0]       data;
  logic [AddrBits:0]      count;
  (* keep *) logic [Width*Depth-1:0] words;
  (* keep *) logic [AddrBits-1:0]    raddr;

  trine_fifo #(
      .Width(Width),
      .Depth(Depth),
      .Registered(Registered)
  ) u_fifo (
      .clk_i,
      .rst_ni,
      .flush_i,
      .valid_i,
      .ready_o(ready),
      .data_i,
      .valid_o(valid),
      .ready_i,
      .data_o (data),
      .count_o(count)
  );

  logic                past_q = 1'b0;
  logic                watching_q;
  logic [Width-1:0]    word_q;
  logic [AddrBits:0]   before_q;     // words in front of the watched one
  logic [AddrBits:0]   inside_q;     // words inside, counted here
  logic [AddrBits-1:0] place;

  assign push = valid_i && ready;
  assign pop = valid && ready_i;
  assign place = raddr + before_q[AddrBits-1:0] - AddrBits'(Registered);

  always_ff @(posedge clk_i) begin
    past_q <= 1'b1;
    if (!rst_ni || flush_i) begin
      watching_q <= 1'b0;
      inside_q <= '0;
    end else begin
      inside_q <= inside_q + {{AddrBits{1'b0}}, push} - {{AddrBits{1'b0}}, pop};
      if (!watching_q && push && watch_i) begin
        watching_q <= 1'b1;
        word_q <= data_i;
        before_q <= inside_q - {{AddrBits{1'b0}}, pop};
      end else if (watching_q && pop) begin
        before_q <= before_q - 1'b1;
        if (before_q == '0) watching_q <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!past_q) assume (!rst_ni);
    if (past_q) begin
      a_count: assert (count == inside_q);
      a_valid: assert (valid == (inside_q != '0));
      a_ready: assert (ready == (inside_q != (AddrBits + 1)'(Depth)));
      if (watching_q) begin
        a_place: assert (before_q < inside_q);
        a_kept: assert ((Registered != 0 && before_q == '0)
                        || words[place*Width +: Width] == word_q);
        if (before_q == '0) a_out: assert (valid && data == word_q);
      end
      if (rst_ni && !flush_i) begin
        c_full: cover (inside_q == (AddrBits + 1)'(Depth) && watching_q);
        c_both: cover (push && pop && watching_q && before_q == '0 && word_q == '1);
        c_empty: cover (inside_q == '0 && word_q == '1 && !watching_q);
      end
    end
  end

endmodule

`default_nettype wire
