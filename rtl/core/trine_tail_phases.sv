// SPDX-License-Identifier: Apache-2.0
// trine_tail_phases: the phases in the tail: a ring in which those that wait, the one being issued
// and those whose beats are in the pipe follow each other.
//
// A phase keeps its tag (its place in the ring) until retire_i, so a stage of the pipe finds the
// constants of its beat by tag instead of carrying them along. Reads are combinational.
//
// cycle          0    1    2
// phase_i        A    .    .
// issue_valid_o  .    A    .        taken in the cycle of issue_take_i
`default_nettype none
`include "trine_assert.svh"

module trine_tail_phases #(
    parameter int unsigned Tags = 32,  // phases in the tail, power of two
    localparam int unsigned TagBits = $clog2(Tags)
) (
    input  wire logic                      clk_i,
    input  wire logic                      rst_ni,
    input  wire logic                      flush_i,
    // In.
    input  wire logic                      phase_valid_i,
    output      logic                      phase_ready_o,
    input  wire trine_pkg::phase_t         phase_i,
    // The next phase to be issued.
    output      logic                      issue_valid_o,
    input  wire logic                      issue_take_i,
    output      logic [TagBits-1:0]        issue_tag_o,
    output      trine_pkg::phase_t         issue_phase_o,
    // Constants by tag: dense clamp, cell, output requantisation, published word.
    input  wire logic [TagBits-1:0]        clamp_tag_i,
    output      logic [23:0]               clamp_o,    // {zero_point, out_min, out_max}
    input  wire logic [TagBits-1:0]        cell_tag_i,
    output      logic [19:0]               cell_o,     // {use_cell, exponent, clip}
    input  wire logic [TagBits-1:0]        requant_tag_i,
    output      logic [36:0]               requant_o,  // {shift, multiplier}
    input  wire logic [TagBits-1:0]        word_tag_i,
    output      logic [21:0]               word_o,     // {zero_point, first, last, ...}
    // The oldest phase has left the pipe.
    input  wire logic                      retire_i,
    output      logic                      empty_o
);

  `TRINE_CHECK_PARAM(gen_check_tags, Tags >= 4 && Tags == (1 << TagBits))

  logic [TagBits-1:0] write_q, issue_q;
  logic [TagBits:0]   count_q, waiting_q;
  logic               push;

  assign phase_ready_o = !count_q[TagBits];
  assign push = phase_valid_i && phase_ready_o;
  assign issue_valid_o = waiting_q != '0;
  assign issue_tag_o = issue_q;
  assign empty_o = count_q == '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      write_q <= '0;
      issue_q <= '0;
      count_q <= '0;
      waiting_q <= '0;
    end else begin
      if (push) write_q <= write_q + 1'b1;
      if (issue_take_i) issue_q <= issue_q + 1'b1;
      count_q <= count_q + (TagBits + 1)'(push) - (TagBits + 1)'(retire_i);
      waiting_q <= waiting_q + (TagBits + 1)'(push) - (TagBits + 1)'(issue_take_i);
    end
  end

  trine_ram_lut #(.Width($bits(phase_i)), .Depth(Tags)) u_phases (
      .clk_i, .we_i(push), .waddr_i(write_q), .wdata_i(phase_i), .raddr_i(issue_q),
      .rdata_o(issue_phase_o)
  );

  logic [23:0] clamp;
  logic [19:0] cell_constants;
  logic [36:0] requant;
  logic [21:0] word;

  assign clamp = {phase_i.zero_point, phase_i.out_min, phase_i.out_max};
  assign cell_constants = {phase_i.use_cell, phase_i.cell_exp, phase_i.cell_clip};
  assign requant = {phase_i.out_shift, phase_i.out_mult};
  assign word = {phase_i.zero_point, phase_i.first, phase_i.last, phase_i.ctx, phase_i.channel,
                 phase_i.slot};

  trine_ram_lut #(.Width(24), .Depth(Tags)) u_clamp (
      .clk_i, .we_i(push), .waddr_i(write_q), .wdata_i(clamp), .raddr_i(clamp_tag_i),
      .rdata_o(clamp_o)
  );
  trine_ram_lut #(.Width(20), .Depth(Tags)) u_cell (
      .clk_i, .we_i(push), .waddr_i(write_q), .wdata_i(cell_constants), .raddr_i(cell_tag_i),
      .rdata_o(cell_o)
  );
  trine_ram_lut #(.Width(37), .Depth(Tags)) u_requant (
      .clk_i, .we_i(push), .waddr_i(write_q), .wdata_i(requant), .raddr_i(requant_tag_i),
      .rdata_o(requant_o)
  );
  trine_ram_lut #(.Width(22), .Depth(Tags)) u_word (
      .clk_i, .we_i(push), .waddr_i(write_q), .wdata_i(word), .raddr_i(word_tag_i),
      .rdata_o(word_o)
  );

  `TRINE_ASSERT(a_take_only_waiting, !rst_ni || flush_i || !issue_take_i || issue_valid_o)
  `TRINE_ASSERT(a_retire_only_issued, !rst_ni || flush_i || !retire_i || count_q > waiting_q)

endmodule

`default_nettype wire
