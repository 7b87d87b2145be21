// SPDX-License-Identifier: Apache-2.0
// ecp5_cells: carry and small RAM of an ECP5, as a flat netlist of lookup tables has them.
//
// One level of expressions each, unlike Yosys's models, because Verilator reads some thousand of
// them; `tests/synth/cells.sh` proves that they are the same. The RAM starts with the simulator's
// initial values: the netlist has none for it.
`default_nettype none

// Two bits of a carry chain: a table each, and a carry past it that may be taken out (INJECT1).
module CCU2C #(
    parameter [15:0] INIT0 = 16'h0000,
    parameter [15:0] INIT1 = 16'h0000,
    parameter INJECT1_0 = "YES",
    parameter INJECT1_1 = "YES"
) (
    input  wire CIN, A0, B0, C0, D0, A1, B1, C1, D1,
    output wire S0, S1, COUT
);

  localparam CUT0 = INJECT1_0 == "YES";
  localparam CUT1 = INJECT1_1 == "YES";

  wire pass0 = 1'b1 & (INIT0 >> {D0, C0, B0, A0});
  wire pass1 = 1'b1 & (INIT1 >> {D1, C1, B1, A1});
  wire make0 = CUT0 ? 1'b0 : 1'b1 & (INIT0 >> {2'd0, B0, A0});
  wire make1 = CUT1 ? 1'b0 : 1'b1 & (INIT1 >> {2'd0, B1, A1});
  wire carry = pass0 ? CIN : make0;

  assign S0 = pass0 ^ (CUT0 ? 1'b0 : CIN);
  assign S1 = pass1 ^ (CUT1 ? 1'b0 : carry);
  assign COUT = pass1 ? carry : make1;

endmodule

// 16 words of 4 bits: written on the rising edge, read at once.
module TRELLIS_DPR16X4 #(
    parameter WCKMUX = "WCK",
    parameter WREMUX = "WRE",
    parameter [63:0] INITVAL = 64'd0
) (
    input  wire [3:0] DI,
    input  wire [3:0] WAD,
    input  wire       WRE,
    input  wire       WCK,
    input  wire [3:0] RAD,
    output wire [3:0] DO
);

  reg [3:0] mem [0:15];

  always @(posedge WCK) if (WRE) mem[WAD] <= DI;

  assign DO = mem[RAD];

  if (WCKMUX != "WCK" || WREMUX != "WRE") begin : gen_check_mode
    $error("TRELLIS_DPR16X4: this mode is not modelled");
  end

endmodule

`default_nettype wire
