// SPDX-License-Identifier: Apache-2.0
// trine_writer: takes the complete vectors of a channel out of its slots and writes them to memory,
// one row a time step (or only the last step of each sequence).
//
// It listens from cfg_valid_i until flush_i or slot_reset_i, also when all its rows are written, so
// that words of a next run may come before its own start; the slot counter runs on likewise, until
// slot_reset_i. A burst is asked for only when all of its beats are here. A slot is released when
// its last beat was read. active_o from the cycle after cfg_valid_i until every row of every
// sequence has its response. Row bytes that are no whole beat are masked by strobes.
//
// cycle          0      1      2      3      4      5      a row of two beats
// complete_i     A      .      .      .      .      .
// state          Wait   Read   Read   Free   Wait
// ram_re_o       .      A.0    A.1    .      .
// release_o      .      .      .      A      .
// wr_valid_o     .      .      .      .      .      A      both beats in the buffer
`default_nettype none
`include "trine_assert.svh"

module trine_writer #(
    parameter int unsigned MemBytes = 8,    // power of two
    parameter int unsigned XSlots = 4       // power of two, 2..16
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic                  flush_i,
    input  wire logic                  slot_reset_i,
    // Start, with all fields; RAM base and slot stride in MemBytes words.
    input  wire logic                  cfg_valid_i,
    input  wire logic [3:0]            cfg_channel_i,
    input  wire logic                  cfg_last_only_i,
    input  wire logic [31:0]           cfg_base_i,
    input  wire logic [31:0]           cfg_stride_i,
    input  wire logic [15:0]           cfg_row_bytes_i,
    input  wire logic [15:0]           cfg_entry_i,
    input  wire logic [15:0]           cfg_sequences_i,
    input  wire logic [15:0]           cfg_ram_base_i,
    input  wire logic [15:0]           cfg_ram_stride_i,
    // Where the words of its channel belong.
    output      logic                  listens_o,
    output      logic [15:0]           ram_base_o,
    output      logic [15:0]           ram_stride_o,
    // Sequence table.
    output      logic                  table_req_o,
    output      logic [15:0]           table_index_o,
    input  wire logic                  table_rsp_i,
    input  wire logic [31:0]           table_offset_i,
    input  wire logic [30:0]           table_length_i,
    input  wire logic                  table_continue_i,
    // Flow table.
    output      logic [3:0]            want_channel_o,
    output      logic [3:0]            want_slot_o,
    input  wire logic                  complete_i,
    output      logic                  release_valid_o,
    input  wire logic                  release_ready_i,
    // Slot RAM: data two cycles after ready.
    output      logic                  ram_re_o,
    input  wire logic                  ram_ready_i,
    output      logic [15:0]           ram_addr_o,
    input  wire logic [MemBytes*8-1:0] ram_data_i,
    // Memory port.
    output      logic                  wr_valid_o,
    input  wire logic                  wr_ready_i,
    output      logic [31:0]           wr_offset_o,
    output      logic [4:0]            wr_beats_o,
    input  wire logic                  wr_data_next_i,
    output      logic [MemBytes*8-1:0] wr_data_o,
    output      logic [MemBytes-1:0]   wr_strb_o,
    input  wire logic                  wr_done_i,
    // State.
    output      logic                  active_o
);

  localparam int unsigned MemShift = $clog2(MemBytes);
  localparam int unsigned Beats = 32;    // own buffer: two bursts
  localparam int unsigned Bursts = 4;    // read from the RAM, not yet asked for
  localparam logic [4:0] Burst = 5'(trine_pkg::BURST_BEATS);

  typedef enum logic [1:0] {StWait, StRead, StFree} state_e;

  state_e              state_q;
  logic                listens_q, last_only_q, row_valid, row_last, row_first, rows_active, skip;
  logic [3:0]          channel_q, slot_q, slot_next;
  logic [63:0]         slots_q;   // the next slot of each channel: it may serve several in turn
  logic [15:0]         ram_base_q, ram_stride_q, slot_addr, beats_q;
  logic [MemShift-1:0] rest_q;           // bytes in a row's last beat; 0: all
  logic [31:0]         row_offset;
  logic                freed;

  // A row of the last step only stands for its whole sequence, so it does not move with the steps.
  trine_row_walker u_rows (
      .clk_i,
      .rst_ni,
      .flush_i,
      .cfg_valid_i,
      .cfg_base_i,
      .cfg_stride_i    (cfg_last_only_i ? 32'd0 : cfg_stride_i),
      .cfg_entry_i,
      .cfg_sequences_i,
      .table_req_o,
      .table_index_o,
      .table_rsp_i,
      .table_offset_i,
      .table_length_i,
      .table_continue_i,
      .row_valid_o     (row_valid),
      .row_take_i      (freed),
      .row_offset_o    (row_offset),
      .row_first_o     (row_first),
      .row_last_o      (row_last),
      .active_o        (rows_active)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i || slot_reset_i) listens_q <= 1'b0;
    else if (cfg_valid_i) listens_q <= 1'b1;
    if (cfg_valid_i) begin
      channel_q <= cfg_channel_i;
      last_only_q <= cfg_last_only_i;
      beats_q <= 16'((17'(cfg_row_bytes_i) + 17'(MemBytes - 1)) >> MemShift);
      rest_q <= cfg_row_bytes_i[MemShift-1:0];
      ram_base_q <= cfg_ram_base_i;
      ram_stride_q <= cfg_ram_stride_i;
    end
  end

  trine_slot_address #(
      .XSlots(XSlots)
  ) u_slot (
      .base_i  (ram_base_q),
      .stride_i(ram_stride_q),
      .slot_i  (slot_q),
      .addr_o  (slot_addr)
  );

  // --- Out of the slots ---
  logic [15:0] addr_q, left_q;
  logic [31:0] offset_q;
  logic [4:0]  burst_q;      // beats of this burst read so far
  logic [5:0]  places_q;     // beats neither read nor held
  logic        read, read_ends, burst_ends, bursts_room, ask_valid, ask_pop, beat_pop;
  logic [31:0] ask_offset;
  logic [4:0]  ask_beats;
  logic        read_q, read_q2, ends_q, ends_q2;
  logic [$clog2(Bursts):0] bursts_count;

  assign want_channel_o = channel_q;
  assign want_slot_o = slot_q;
  assign skip = (last_only_q && !row_last) || beats_q == 16'd0;
  assign ram_re_o = state_q == StRead && places_q != 6'd0 && bursts_room;
  assign ram_addr_o = addr_q;
  assign read = ram_re_o && ram_ready_i;
  assign read_ends = left_q == 16'd1;
  assign burst_ends = burst_q == Burst - 5'd1 || read_ends;
  assign release_valid_o = state_q == StFree;
  assign freed = release_valid_o && release_ready_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) state_q <= StWait;
    else begin
      case (state_q)
        StWait: if (row_valid && complete_i) state_q <= skip ? StFree : StRead;
        StRead: if (read && read_ends) state_q <= StFree;
        StFree: if (release_ready_i) state_q <= StWait;
        default: state_q <= StWait;
      endcase
    end
  end

  assign slot_next = (slot_q + 4'd1) & 4'(XSlots - 1);

  always_ff @(posedge clk_i) begin
    if (!rst_ni || slot_reset_i) slots_q <= '0;
    else if (freed) slots_q[{channel_q, 2'd0} +: 4] <= slot_next;
    if (cfg_valid_i) slot_q <= slots_q[{cfg_channel_i, 2'd0} +: 4];
    else if (freed) slot_q <= slot_next;
  end

  always_ff @(posedge clk_i) begin
    if (state_q == StWait) begin
      addr_q <= slot_addr;
      left_q <= beats_q;
      offset_q <= row_offset;
      burst_q <= 5'd0;
    end else if (read) begin
      addr_q <= addr_q + 16'd1;
      left_q <= left_q - 16'd1;
      burst_q <= burst_ends ? 5'd0 : burst_q + 5'd1;
      if (burst_ends) offset_q <= offset_q + (32'(Burst) << MemShift);
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      places_q <= 6'(Beats);
      read_q <= 1'b0;
      read_q2 <= 1'b0;
    end else begin
      places_q <= places_q - {5'd0, read} + {5'd0, beat_pop};
      read_q <= read;
      read_q2 <= read_q;
    end
    ends_q <= read_ends;
    ends_q2 <= ends_q;
  end

  trine_fifo #(
      .Width(37),
      .Depth(Bursts)
  ) u_bursts (
      .clk_i,
      .rst_ni,
      .flush_i,
      .valid_i(read && burst_ends),
      .ready_o(bursts_room),
      .data_i ({offset_q, burst_q + 5'd1}),
      .valid_o(ask_valid),
      .ready_i(ask_pop),
      .data_o ({ask_offset, ask_beats}),
      .count_o(bursts_count)
  );

  // --- To memory ---
  logic [MemBytes-1:0]    strobe;
  logic                   beat_room, beat_valid;
  logic [$clog2(Beats):0] beats_count;
  logic [4:0]             take_left_q;     // beats of the accepted request not yet taken
  logic [7:0]             pending_q;       // requests without their response

  always_comb begin
    strobe = '1;
    if (ends_q2 && rest_q != '0) strobe = ~(strobe << rest_q);
  end

  trine_fifo #(
      .Width(MemBytes * 9),
      .Depth(Beats)
  ) u_beats (
      .clk_i,
      .rst_ni,
      .flush_i,
      .valid_i(read_q2),
      .ready_o(beat_room),
      .data_i ({strobe, ram_data_i}),
      .valid_o(beat_valid),
      .ready_i(wr_data_next_i),
      .data_o ({wr_strb_o, wr_data_o}),
      .count_o(beats_count)
  );

  assign beat_pop = wr_data_next_i;
  assign wr_valid_o = ask_valid && take_left_q == 5'd0 && beats_count >= {1'b0, ask_beats};
  assign wr_offset_o = ask_offset;
  assign wr_beats_o = ask_beats;
  assign ask_pop = wr_valid_o && wr_ready_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      take_left_q <= 5'd0;
      pending_q <= 8'd0;
    end else begin
      if (ask_pop) take_left_q <= ask_beats;
      else if (wr_data_next_i) take_left_q <= take_left_q - 5'd1;
      if (ask_pop && !wr_done_i) pending_q <= pending_q + 8'd1;
      else if (wr_done_i && !ask_pop) pending_q <= pending_q - 8'd1;
    end
  end

  assign listens_o = listens_q;
  assign ram_base_o = ram_base_q;
  assign ram_stride_o = ram_stride_q;
  assign active_o = rows_active || read_q || read_q2 || bursts_count != '0 || take_left_q != 5'd0
                    || pending_q != 8'd0;

  logic unused;
  assign unused = &{1'b0, row_first, beat_room};

  `TRINE_ASSERT(a_beat_ready, !rst_ni || flush_i || !wr_data_next_i || beat_valid)
  `TRINE_ASSERT(a_taken_asked, !rst_ni || flush_i || !wr_data_next_i || take_left_q != 5'd0)
  `TRINE_ASSERT(a_started_idle, !rst_ni || flush_i || !cfg_valid_i || !active_o)

endmodule

`default_nettype wire
