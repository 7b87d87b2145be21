// SPDX-License-Identifier: Apache-2.0
// colorlight_i5_top: pins of a Colorlight i5 (ECP5-25F) on its extension board.
//
// Oscillator of 25 MHz on the module, a button as reset, serial line of the debugger's USB socket
// on the extension board. The module has one LED, lit when its pin is low: it blinks out of
// reset, is lit while bytes come and go, and dark in reset. The configuration comes from
// fpga/boards.txt.
`default_nettype none
`include "trine_board_config.svh"

module colorlight_i5_top (
    input  wire logic clk_i,
    input  wire logic btn_ni,
    input  wire logic rx_i,
    output      logic tx_o,
    output      logic led_no
);

  logic clk, locked, unused;
  logic [7:0] status;

  trine_pll_ecp5 #(`TRINE_BOARD_PLL) u_pll (.clk_i, .clk_o(clk), .locked_o(locked));

  trine_board #(`TRINE_BOARD_PARAMETERS) u_board (
      .clk_i(clk), .locked_i(locked), .button_ni(btn_ni), .rx_i, .tx_o, .status_o(status)
  );

  assign led_no = !(status[1] && (status[7] || status[3] || status[2]));
  assign unused = &{1'b0, status[6:4], status[0]};

endmodule

`default_nettype wire
