// SPDX-License-Identifier: Apache-2.0
// trine_probe: hands each finished unit of a core's tail to the simulation model.
//
// Simulation only (instanced under `ifdef TRINE_PROBE). One call a valid_i cycle; nothing of the
// chip depends on it. A function of the model, not public signals: it costs one call a unit and
// keeps the optimiser free, and it works the same from inside a hierarchical block.
`default_nettype none

module trine_probe (
    input wire logic clk_i,
    // Which core this is, and the tail's probe outputs.
    input wire logic [3:0] core_i,
    input wire logic valid_i,
    input wire logic [3:0] ctx_i,
    input wire logic [15:0] unit_i,
    input wire logic [63:0] pre_i,   // four Q3.12, gate i lowest
    input wire logic [15:0] cell_i,
    input wire logic [7:0] h_i,
    input wire logic first_i,
    input wire logic last_i
);

  import "DPI-C" function void trine_probe_point(
    input int unsigned core,
    input int unsigned marks,
    input int unsigned place,
    input longint unsigned pre,
    input int unsigned value
  );

  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      trine_probe_point({28'd0, core_i}, {30'd0, last_i, first_i}, {12'd0, ctx_i, unit_i}, pre_i,
                        {8'd0, h_i, cell_i});
    end
  end

endmodule

`default_nettype wire
