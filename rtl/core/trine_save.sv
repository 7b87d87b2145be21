// SPDX-License-Identifier: Apache-2.0
// trine_save: the SAVE operation of a core: state entries to memory, a beat at a time.
//
// save_i (pulse) starts it; entry_i, count_i and offset_i were checked. An entry takes some four
// cycles. busy_o until the last beat was taken, written_o when every beat has its response.
//
// cycle            0       1       2       3             one entry, 4-byte memory
// state            Read    Wait    Take    Ask           until wr_ready_i, with the data
// state_re_o       1       .       .       .       .
// wr_valid_o       .       .       .       1       .
`default_nettype none
`include "trine_assert.svh"

module trine_save #(
    parameter int unsigned MemBytes = 8
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic                  flush_i,
    input  wire logic                  save_i,
    input  wire logic [15:0]           entry_i,
    input  wire logic [15:0]           count_i,
    input  wire logic [31:0]           offset_i,    // bytes in the window
    output      logic                  busy_o,
    output      logic                  written_o,
    // State.
    output      logic                  state_re_o,
    output      logic [15:0]           state_raddr_o,
    input  wire logic [23:0]           state_rdata_i,
    // Front end: the request, with its data.
    output      logic                  wr_valid_o,
    input  wire logic                  wr_ready_i,
    input  wire logic                  wr_done_i,
    output      logic [31:0]           wr_offset_o,
    output      logic [MemBytes*8-1:0] wr_data_o,
    output      logic [MemBytes-1:0]   wr_strb_o
);

  localparam int unsigned EntriesABeat = MemBytes / 4;

  typedef enum logic [2:0] {StIdle, StRead, StWait, StTake, StAsk} state_e;

  state_e                state_q;
  logic [15:0]           entry_q, left_q;
  logic [31:0]           offset_q;
  logic [4:0]            fill_q;
  logic [5:0]            open_q;     // beats without a response
  logic [MemBytes*8-1:0] beat_q;
  logic [MemBytes-1:0]   strb_q;

  assign busy_o = state_q != StIdle;
  assign written_o = open_q == 6'd0;
  assign state_re_o = state_q == StRead;
  assign state_raddr_o = entry_q;
  assign wr_valid_o = state_q == StAsk;
  assign wr_offset_o = offset_q;
  assign wr_data_o = beat_q;
  assign wr_strb_o = strb_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      state_q <= StIdle;
      open_q <= 6'd0;
    end else begin
      open_q <= open_q + 6'(wr_valid_o && wr_ready_i) - 6'(wr_done_i);
      case (state_q)
        StIdle: if (save_i) state_q <= StRead;
        StRead: state_q <= StWait;
        StWait: state_q <= StTake;
        StTake: begin
          if (32'(fill_q) == EntriesABeat - 1 || left_q == 16'd1) state_q <= StAsk;
          else state_q <= StRead;
        end
        StAsk: if (wr_ready_i) state_q <= (left_q == 16'd0) ? StIdle : StRead;
        default: state_q <= StIdle;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == StIdle) begin
      entry_q <= entry_i;
      left_q <= count_i;
      offset_q <= offset_i;
      fill_q <= 5'd0;
      strb_q <= '0;
    end else if (state_q == StTake) begin
      beat_q[32'(fill_q) * 32 +: 32] <= {8'd0, state_rdata_i[23:16], state_rdata_i[15:0]};
      strb_q[32'(fill_q) * 4 +: 4] <= 4'hf;
      fill_q <= fill_q + 5'd1;
      entry_q <= entry_q + 16'd1;
      left_q <= left_q - 16'd1;
    end else if (state_q == StAsk && wr_ready_i) begin
      fill_q <= 5'd0;
      strb_q <= '0;
      offset_q <= offset_q + MemBytes;
    end
  end

  // A request that waits for wr_ready_i stays, with its address.
  logic        waits_q;
  logic [31:0] waits_offset_q;
  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni && !flush_i && wr_valid_o && !wr_ready_i;
    waits_offset_q <= wr_offset_o;
  end

  `TRINE_ASSERT(a_one_at_a_time, !rst_ni || flush_i || !save_i || state_q == StIdle)
  `TRINE_ASSERT(a_has_entries, !rst_ni || flush_i || !save_i || count_i != '0)
  `TRINE_ASSERT(a_busy_to_the_last, !rst_ni || state_q == StIdle || state_q == StAsk
      || left_q != '0)
  `TRINE_ASSERT(a_beat_is_open, !rst_ni || flush_i || state_q != StTake
      || 32'(fill_q) < EntriesABeat)
  `TRINE_ASSERT(a_request_held, !rst_ni || flush_i || !waits_q
      || (wr_valid_o && wr_offset_o == waits_offset_q))

endmodule

`default_nettype wire
