// SPDX-License-Identifier: Apache-2.0
// BUFG: a clock buffer of a 7 series FPGA in simulation: a wire.
`default_nettype none

module BUFG (
    input  wire logic I,
    output      logic O
);

  assign O = I;

endmodule

`default_nettype wire
