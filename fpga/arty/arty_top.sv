// SPDX-License-Identifier: Apache-2.0
// arty_top: pins of an Arty A7 board (Artix-7): for synthesis and its counts of cells alone;
// nothing is placed.
//
// Oscillator of 100 MHz, button CK_RST as reset, serial line of the USB socket, four green LEDs:
// irq, out of reset, bytes on the line, a blink. The configuration comes from fpga/boards.txt.
`default_nettype none
`include "trine_board_config.svh"

module arty_top (
    input  wire logic       clk_i,
    input  wire logic       btn_ni,
    input  wire logic       rx_i,
    output      logic       tx_o,
    output      logic [3:0] led_o
);

  logic clk, locked, unused;
  logic [7:0] status;

  trine_pll_xilinx7 #(`TRINE_BOARD_PLL) u_pll (.clk_i, .clk_o(clk), .locked_o(locked));

  trine_board #(`TRINE_BOARD_PARAMETERS) u_board (
      .clk_i(clk), .locked_i(locked), .button_ni(btn_ni), .rx_i, .tx_o, .status_o(status)
  );

  assign led_o = {status[7], status[3] || status[2], status[1:0]};
  assign unused = &{1'b0, status[6:4]};

endmodule

`default_nettype wire
