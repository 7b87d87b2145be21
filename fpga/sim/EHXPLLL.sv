// SPDX-License-Identifier: Apache-2.0
// EHXPLLL: the PLL of an ECP5 in simulation: its clocks are the one that comes in, and it locks
// after eight of them.
//
// A clock more or less is all that a serial line of so many clocks a bit sees, so the ratio is not
// modelled: it is checked, as far as the divided clocks have to agree at the phase detector.
`default_nettype none
`include "trine_assert.svh"

module EHXPLLL #(
    parameter PLLRST_ENA = "", INTFB_WAKE = "", STDBY_ENABLE = "", DPHASE_SOURCE = "",
    parameter OUTDIVIDER_MUXA = "", OUTDIVIDER_MUXB = "", OUTDIVIDER_MUXC = "",
    parameter OUTDIVIDER_MUXD = "", CLKOP_ENABLE = "", CLKOS_ENABLE = "", FEEDBK_PATH = "",
    parameter int CLKI_DIV = 1,
    parameter int CLKFB_DIV = 1,
    parameter int CLKOP_DIV = 8,
    parameter int CLKOP_CPHASE = 0,
    parameter int CLKOP_FPHASE = 0,
    parameter int CLKOS_DIV = 8,
    parameter int CLKOS_CPHASE = 0,
    parameter int CLKOS_FPHASE = 0
) (
    input  wire logic CLKI,
    input  wire logic CLKFB,
    output      logic CLKOP,
    output      logic CLKOS,
    output      logic LOCK,
    input  wire logic RST,
    input  wire logic STDBY,
    input  wire logic PHASESEL0,
    input  wire logic PHASESEL1,
    input  wire logic PHASEDIR,
    input  wire logic PHASESTEP,
    input  wire logic PHASELOADREG,
    input  wire logic PLLWAKESYNC,
    input  wire logic ENCLKOP,
    input  wire logic ENCLKOS
);

  `TRINE_CHECK_PARAM(gen_check_feedback, CLKI_DIV == 1 && CLKFB_DIV == 1)
  `TRINE_CHECK_PARAM(gen_check_phases, CLKOP_CPHASE < 128 && CLKOS_CPHASE < 128)

  logic [3:0] count_q;
  logic unused;

  always_ff @(posedge CLKI) if (!LOCK) count_q <= count_q + 1'b1;
  initial count_q = '0;

  assign CLKOP = CLKI;
  assign CLKOS = CLKI;
  assign LOCK = count_q[3];
  assign unused = &{1'b0, CLKFB, RST, STDBY, PHASESEL0, PHASESEL1, PHASEDIR, PHASESTEP,
                    PHASELOADREG, PLLWAKESYNC, ENCLKOP, ENCLKOS};

endmodule

`default_nettype wire
