// SPDX-License-Identifier: Apache-2.0
// runtime: nothing. Translated, its folder compiles the files that Verilator brings with it, which
// are the same for every chip and every bench (tb/tb.mk). Contract: none; it has no ports.
`default_nettype none

module runtime;
endmodule

`default_nettype wire
