// SPDX-License-Identifier: Apache-2.0
// trine_probe: hands each finished unit of a core's tail to the simulation model.
//
// Simulation only, bound to trine_tail_units from outside (last lines), so the product has no wire
// of it: what the product does not need of a unit, its four pre-activations at its end and the
// number of its core, is kept here. One call a valid_i cycle; a function of the model, not public
// signals: it costs one call a unit and keeps the optimiser free. The number is asked for once, by
// the path of the instance, so that all cores run one code (tb/share).
//
// cycle        11   16   38
// pre_i        A    .    .       gathered with the unit's earlier beats in cycle 16
// valid_i      .    .    A       c(t) and h(t) of the unit; the call
`default_nettype none

module trine_probe #(
    parameter int unsigned TailRows = 4
) (
    input wire logic                   clk_i,
    input wire logic                   rst_ni,
    // Cycle 11.
    input wire logic [TailRows*16-1:0] pre_i,
    // Cycle 16: a beat, and not the last of its unit.
    input wire logic                   more_i,
    // Cycle 38: a unit ends.
    input wire logic                   valid_i,
    input wire logic [3:0]             ctx_i,
    input wire logic [15:0]            unit_i,    // its place in the layer
    input wire logic                   first_i,
    input wire logic                   last_i,
    input wire logic [15:0]            cell_i,
    input wire logic [7:0]             h_i
);

  import "DPI-C" function int unsigned trine_probe_core(input string path);
  import "DPI-C" function void trine_probe_point(
    input int unsigned core,
    input int unsigned marks,
    input int unsigned place,
    input longint unsigned pre,
    input int unsigned value
  );

  logic [TailRows*16-1:0] pre_q16;
  logic [63:0]            unit_pre, pre_q38;   // four Q3.12, gate i lowest
  int unsigned            core;

  initial core = trine_probe_core($sformatf("%m"));

  trine_delay #(.Width(TailRows * 16), .Cycles(5)) u_pre16 (
      .clk_i, .rst_ni, .data_i(pre_i), .data_o(pre_q16)
  );

  if (TailRows == 4) begin : gen_gather
    logic unused;
    assign unused = more_i;
    assign unit_pre = pre_q16;
  end else begin : gen_gather
    localparam int unsigned HeldBits = (4 - TailRows) * 16;
    logic [HeldBits-1:0] held_q;
    assign unit_pre = {pre_q16, held_q};
    always_ff @(posedge clk_i) if (more_i) held_q <= unit_pre[63 -: HeldBits];
  end

  trine_delay #(.Width(64), .Cycles(22)) u_pre38 (
      .clk_i, .rst_ni, .data_i(unit_pre), .data_o(pre_q38)
  );

  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      trine_probe_point(core, {30'd0, last_i, first_i}, {12'd0, ctx_i, unit_i}, pre_q38,
                        {8'd0, h_i, cell_i});
    end
  end

endmodule

bind trine_tail_units trine_probe #(
    .TailRows(TailRows)
) u_probe (
    .clk_i, .rst_ni, .pre_i, .more_i(valid_q[16] && !beat_q16.unit_end), .valid_i(unit_valid_o),
    .ctx_i(beat_o.ctx), .unit_i(beat_o.place), .first_i(beat_o.first), .last_i(beat_o.last),
    .cell_i(cell_q38), .h_i(h_o)
);

`default_nettype wire
