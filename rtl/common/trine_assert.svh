// SPDX-License-Identifier: Apache-2.0
// trine_assert: the two macros with which a block states its contract.
//
// `TRINE_ASSERT(name, expr): expr holds at every rising edge of clk_i (the block's port). Nothing
// in synthesis, an assertion for the provers (without its name, which Yosys would have twice in a
// generate loop), an error with the instance's path in simulation (Verilator needs --assert). Used
// where a module item may stand; reset is part of expr.
// `TRINE_CHECK_PARAM(name, legal): elaboration fails, naming the check, unless legal is true.
`ifndef TRINE_ASSERT_SVH
`define TRINE_ASSERT_SVH

`ifdef SYNTHESIS
`define TRINE_ASSERT(name, expr)
`elsif FORMAL
`define TRINE_ASSERT(name, expr) always @(posedge clk_i) begin assert (expr); end
`else
`define TRINE_ASSERT(name, expr) \
  always @(posedge clk_i) begin \
    name : assert (expr) \
    else $error("%m"); \
  end
`endif

`define TRINE_CHECK_PARAM(name, legal) \
  if (!(legal)) begin : name \
    $error("parameter outside its range: name"); \
  end

`endif
