// SPDX-License-Identifier: Apache-2.0
// trine_row_walker: walks the rows of a list of sequences: for each sequence of the table, rows
// t = 0..length-1 at base + offset + t*stride, in order.
//
// cfg_valid_i starts it (it is idle then). row_valid_o offers the next row until row_take_i; rows
// of one sequence follow without a gap, and the next sequence's entry is fetched ahead. A sequence
// of length 0 is passed over. active_o until the last row was taken, from the cycle after the
// start.
//
// cycle         0     1     2     3     4     5     6      sequences of two rows
// cfg_valid_i   1     .     .     .     .     .     .
// table_req_o   .     1     1     1     1     .     .
// table_rsp_i   .     .     .     .     A     .     .
// row           .     .     .     .     .     .     A.0
`default_nettype none

module trine_row_walker (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        flush_i,
    // Start: bytes in the window, table entries.
    input  wire logic        cfg_valid_i,
    input  wire logic [31:0] cfg_base_i,
    input  wire logic [31:0] cfg_stride_i,     // signed
    input  wire logic [15:0] cfg_entry_i,
    input  wire logic [15:0] cfg_sequences_i,
    // Sequence table.
    output      logic        table_req_o,
    output      logic [15:0] table_index_o,
    input  wire logic        table_rsp_i,
    input  wire logic [31:0] table_offset_i,
    input  wire logic [30:0] table_length_i,
    input  wire logic        table_continue_i,
    // Rows.
    output      logic        row_valid_o,
    input  wire logic        row_take_i,
    output      logic [31:0] row_offset_o,
    output      logic        row_first_o,
    output      logic        row_last_o,
    output      logic        active_o
);

  logic [31:0] base_q, stride_q, next_offset_q, offset_q;
  logic [15:0] entry_q, fetch_left_q;
  logic [30:0] next_length_q, left_q;
  logic        next_q, next_continue_q, row_q, first_q, left_one_q, load;

  assign table_req_o = fetch_left_q != 16'd0 && !next_q;
  assign table_index_o = entry_q;
  assign load = next_q && (!row_q || (row_take_i && left_one_q));

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      fetch_left_q <= 16'd0;
      next_q <= 1'b0;
      row_q <= 1'b0;
    end else begin
      if (cfg_valid_i) fetch_left_q <= cfg_sequences_i;
      else if (table_rsp_i) fetch_left_q <= fetch_left_q - 16'd1;
      if (table_rsp_i) next_q <= 1'b1;
      else if (load) next_q <= 1'b0;
      if (load) row_q <= next_length_q != 31'd0;
      else if (row_take_i && left_one_q) row_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (cfg_valid_i) begin
      base_q <= cfg_base_i;
      stride_q <= cfg_stride_i;
      entry_q <= cfg_entry_i;
    end else if (table_rsp_i) entry_q <= entry_q + 16'd1;
    if (table_rsp_i) begin
      next_offset_q <= table_offset_i;
      next_length_q <= table_length_i;
      next_continue_q <= table_continue_i;
    end
    if (load) begin
      offset_q <= base_q + next_offset_q;
      left_q <= next_length_q;
      left_one_q <= next_length_q == 31'd1;
      first_q <= !next_continue_q;
    end else if (row_take_i) begin
      offset_q <= offset_q + stride_q;
      left_q <= left_q - 31'd1;
      left_one_q <= left_q == 31'd2;
      first_q <= 1'b0;
    end
  end

  assign row_valid_o = row_q;
  assign row_offset_o = offset_q;
  assign row_first_o = first_q;
  assign row_last_o = left_one_q;
  assign active_o = row_q || next_q || fetch_left_q != 16'd0;

endmodule

`default_nettype wire
