// SPDX-License-Identifier: Apache-2.0
// trine_status: what a core tells the controller, registered; the first error is kept with code,
// operation and address until restart_i (stop or start).
//
// When several errors come in one cycle the memory port's is kept, then the program's, then a bus
// word for a slot in use, then a local buffer's. The last two compare addresses, and count a cycle
// later.
//
// cycle          0       1       2
// *_error_i      A       .       .
// error_valid_o  .       A       A
// *_overrun_i    A       .       .      (nothing else)
// error_valid_o  .       .       A
`default_nettype none
`include "trine_assert.svh"

module trine_status (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        restart_i,
    // Errors.
    input  wire logic        program_error_i,
    input  wire logic [7:0]  program_code_i,
    input  wire logic [31:0] program_op_i,      // word index of the operation at hand
    input  wire logic [31:0] program_value_i,
    input  wire logic        memory_error_i,
    input  wire logic [7:0]  memory_code_i,
    input  wire logic [63:0] memory_addr_i,
    input  wire logic        word_overrun_i,
    input  wire logic [31:0] word_addr_i,
    input  wire logic        local_overrun_i,
    input  wire logic [31:0] local_addr_i,
    // State.
    input  wire logic        done_i,
    input  wire logic        loading_i,
    input  wire logic        quiet_i,
    input  wire logic        progress_i,
    // To the controller.
    output      logic        error_valid_o,
    output      logic [7:0]  error_code_o,
    output      logic [31:0] error_op_o,
    output      logic [63:0] error_addr_o,
    output      logic        done_o,
    output      logic        loading_o,
    output      logic        quiet_o,
    output      logic        progress_o
);

  logic        word_q, local_q;
  logic [31:0] word_addr_q, local_addr_q;
  always_ff @(posedge clk_i) begin
    word_q <= rst_ni && !restart_i && word_overrun_i;
    word_addr_q <= word_addr_i;
    local_q <= rst_ni && !restart_i && local_overrun_i;
    local_addr_q <= local_addr_i;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || restart_i) begin
      error_valid_o <= 1'b0;
      done_o <= 1'b0;
      loading_o <= 1'b0;
    end else begin
      error_valid_o <= error_valid_o || program_error_i || memory_error_i || word_q
                       || local_q;
      done_o <= done_i;
      loading_o <= loading_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!error_valid_o) begin
      error_op_o <= program_op_i;
      if (memory_error_i) begin
        error_code_o <= memory_code_i;
        error_addr_o <= memory_addr_i;
      end else if (program_error_i) begin
        error_code_o <= program_code_i;
        error_addr_o <= {32'd0, program_value_i};
      end else if (word_q) begin
        error_code_o <= trine_pkg::ERR_OVERRUN;
        error_addr_o <= {32'd0, word_addr_q};
      end else begin
        error_code_o <= trine_pkg::ERR_LOCAL_ADDRESS;
        error_addr_o <= {32'd0, local_addr_q};
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      quiet_o <= 1'b0;
      progress_o <= 1'b0;
    end else begin
      quiet_o <= quiet_i;
      progress_o <= progress_i;
    end
  end

  logic       kept_q;
  logic [7:0] kept_code_q;
  always_ff @(posedge clk_i) begin
    kept_q <= rst_ni && !restart_i && error_valid_o;
    kept_code_q <= error_code_o;
  end

  `TRINE_ASSERT(a_error_has_code,
      !rst_ni || !error_valid_o || error_code_o != trine_pkg::ERR_NONE)
  `TRINE_ASSERT(a_first_error_kept,
      !rst_ni || !kept_q || (error_valid_o && error_code_o == kept_code_q))

endmodule

`default_nettype wire
