// SPDX-License-Identifier: Apache-2.0
// trine_uart_tx: sender of a serial line: 8 data bits, no parity, one stop bit, lowest bit first.
//
// Takes a byte when the line is free; bytes offered at once follow each other after 10 bit times
// and one cycle. All outputs are registered; the line is high in reset and between bytes.
//
// cycle (C = ClocksPerBit)  0      1..C    C+1..9C   9C+1..10C   10C+1
// valid_i, ready_o          1      .       .         .           ready_o is 1 again
// tx_o                      high   start   bit 0..7  stop        high
`default_nettype none
`include "trine_assert.svh"

module trine_uart_tx #(
    parameter int unsigned ClocksPerBit = 25  // cycles, 4..65535
) (
    input  wire logic       clk_i,
    input  wire logic       rst_ni,
    input  wire logic       valid_i,
    output      logic       ready_o,
    input  wire logic [7:0] data_i,
    output      logic       tx_o
);

  localparam logic [15:0] BIT_LAST = 16'(ClocksPerBit - 1);
  localparam logic [3:0] BITS = 4'd10;  // start, data, stop

  `TRINE_CHECK_PARAM(gen_check_clocks, ClocksPerBit >= 4 && ClocksPerBit <= 65535)

  logic [3:0] left_q;   // bits not yet over, the one on the line included
  logic [15:0] wait_q;  // cycles left of the bit on the line
  logic [8:0] shift_q;  // data, then stop bit; the next bit lowest

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      left_q <= '0;
      ready_o <= 1'b0;
      tx_o <= 1'b1;
    end else if (left_q == '0) begin
      ready_o <= !(valid_i && ready_o);
      if (valid_i && ready_o) begin
        left_q <= BITS;
        tx_o <= 1'b0;
      end
    end else if (wait_q == '0) begin
      left_q <= left_q - 1'b1;
      ready_o <= left_q == 4'd1;
      tx_o <= shift_q[0];
    end
  end

  always_ff @(posedge clk_i) begin
    if (left_q == '0) begin
      wait_q <= BIT_LAST;
      shift_q <= {1'b1, data_i};
    end else if (wait_q == '0) begin
      wait_q <= BIT_LAST;
      shift_q <= {1'b1, shift_q[8:1]};
    end else begin
      wait_q <= wait_q - 1'b1;
    end
  end

  `TRINE_ASSERT(a_rests_high, !rst_ni || left_q != '0 || tx_o)
  `TRINE_ASSERT(a_start_low, !rst_ni || left_q != BITS || !tx_o)
  `TRINE_ASSERT(a_stop_high, !rst_ni || left_q != 4'd1 || tx_o)
  `TRINE_ASSERT(a_ready_when_free, !rst_ni || !ready_o || left_q == '0)

endmodule

`default_nettype wire
