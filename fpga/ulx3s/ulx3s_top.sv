// SPDX-License-Identifier: Apache-2.0
// ulx3s_top: pins of a ULX3S board (ECP5-85F), boards of version 2 and 3.
//
// Oscillator of 25 MHz, button PWR as reset, serial line of the USB socket US1, eight LEDs that
// show status_o of trine_board. The configuration comes from fpga/boards.txt.
`default_nettype none
`include "trine_board_config.svh"

module ulx3s_top (
    input  wire logic       clk_i,
    input  wire logic       btn_ni,
    input  wire logic       rx_i,
    output      logic       tx_o,
    output      logic       wifi_gpio0_o,  // high: the radio module leaves the FPGA alone
    output      logic [7:0] led_o
);

  logic clk, locked;

  trine_pll_ecp5 #(`TRINE_BOARD_PLL) u_pll (.clk_i, .clk_o(clk), .locked_o(locked));

  trine_board #(`TRINE_BOARD_PARAMETERS) u_board (
      .clk_i(clk), .locked_i(locked), .button_ni(btn_ni), .rx_i, .tx_o, .status_o(led_o)
  );

  assign wifi_gpio0_o = 1'b1;

endmodule

`default_nettype wire
