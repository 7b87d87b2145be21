// SPDX-License-Identifier: Apache-2.0
// trine_uart_rx: receiver of a serial line: 8 data bits, no parity, one stop bit, lowest bit first.
//
// A byte is given for one cycle, in the middle of its stop bit; there is no back-pressure. A stop
// bit that is low gives error_o in place of valid_o, and the line must go high before another start
// is looked for. The line passes two flip-flops first; a start bit that is over before its middle
// is taken for a glitch. All outputs are registered.
//
// cycle (C = ClocksPerBit)  0      2..2+C/2      then every C     9.5 C after the start
// rx_i                      start  start         bit 0..7         stop
// state_q                   Idle   Start         Bits             Stop, then Idle
// valid_o                   .      .             .                1
`default_nettype none
`include "trine_assert.svh"

module trine_uart_rx #(
    parameter int unsigned ClocksPerBit = 25  // cycles, 4..65535
) (
    input  wire logic       clk_i,
    input  wire logic       rst_ni,
    input  wire logic       rx_i,
    output      logic       valid_o,
    output      logic       error_o,
    output      logic [7:0] data_o
);

  localparam logic [15:0] BIT_LAST = 16'(ClocksPerBit - 1);
  localparam logic [15:0] HALF_LAST = 16'(ClocksPerBit / 2 - 1);

  `TRINE_CHECK_PARAM(gen_check_clocks, ClocksPerBit >= 4 && ClocksPerBit <= 65535)

  typedef enum logic [2:0] {StBreak, StIdle, StStart, StBits, StStop} state_e;

  state_e state_q;
  logic [1:0] line_q;
  logic [15:0] wait_q;  // cycles until the next sample
  logic [2:0] bit_q;
  logic sample;

  assign sample = wait_q == '0;

  always_ff @(posedge clk_i) line_q <= {line_q[0], rx_i};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StBreak;
      valid_o <= 1'b0;
      error_o <= 1'b0;
    end else begin
      valid_o <= 1'b0;
      error_o <= 1'b0;
      wait_q <= sample ? BIT_LAST : wait_q - 1'b1;
      case (state_q)
        StBreak: if (line_q[1]) state_q <= StIdle;
        StIdle: begin
          wait_q <= HALF_LAST;
          bit_q <= '0;
          if (!line_q[1]) state_q <= StStart;
        end
        StStart: if (sample) state_q <= line_q[1] ? StIdle : StBits;
        StBits: begin
          if (sample) begin
            data_o <= {line_q[1], data_o[7:1]};
            bit_q <= bit_q + 1'b1;
            if (bit_q == 3'd7) state_q <= StStop;
          end
        end
        StStop: begin
          if (sample) begin
            valid_o <= line_q[1];
            error_o <= !line_q[1];
            state_q <= line_q[1] ? StIdle : StBreak;
          end
        end
        default: state_q <= StBreak;
      endcase
    end
  end

  `TRINE_ASSERT(a_byte_once, !rst_ni || !valid_o || (state_q == StIdle && !error_o))
  `TRINE_ASSERT(a_error_waits_for_high, !rst_ni || !error_o || state_q == StBreak)
  `TRINE_ASSERT(a_sample_each_bit,
      !rst_ni || state_q == StBreak || state_q == StIdle || wait_q <= BIT_LAST)

endmodule

`default_nettype wire
