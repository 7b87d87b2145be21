// SPDX-License-Identifier: Apache-2.0
// trine_remains: what the last owner of a core left in its rings, in the RAM of its writers and in
// its sequence table. Over the first two zeros are written from the start of a fresh owner's first
// program on, in cycles in which nobody else writes there. The table is written from its start on
// without a gap, and up to where is a mark: TABLE behind it, READ and WRITE beyond it are refused.
//
// CHANNEL and WRITE wait until their slots are through, LOAD until its place in the rings is: so
// nothing that is written is wiped later, and no slot is used that was not. Weights are loaded
// before that and take longer, so in general nothing waits. Contexts that keep h in the rings read
// below ring_end_o (LOCAL_ADDRESS otherwise).
//
// cycle        0      1      2      3
// forget_i     1      .      .      .
// ring_valid_o .      1      1      1        until all is wiped
// op, args     A      A      A      .        as the program has them
// wait_o       .      A      A      .        it is not through with what A needs
// unwritten_o  .      A      A      .        A names entries of the table that were not written
`default_nettype none
`include "trine_assert.svh"

module trine_remains #(
    parameter int unsigned XSlots = 4,
    parameter int unsigned RingBytes = 32768,
    parameter int unsigned RingWords = 4096,
    parameter int unsigned WriterBytes = 8192,
    parameter int unsigned TableEntries = 512,
    parameter int unsigned MemBytes = 8
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        forget_i,
    input  wire logic        flush_i,
    // The operation at hand, whose words were checked; what waits for it to act asks here.
    input  wire logic        asks_i,
    input  wire logic [7:0]  op_i,
    input  wire logic [31:0] arg1_i,
    input  wire logic [31:0] arg2_i,
    input  wire logic [31:0] arg3_i,
    input  wire logic [31:0] arg5_i,
    input  wire logic [31:0] arg6_i,
    input  wire logic        exec_i,
    input  wire logic        table_we_i,     // an entry, whole or half
    input  wire logic [15:0] table_index_i,
    output      logic        wait_o,
    output      logic        unwritten_o,
    // Rings: 32 bits at a byte address, as LOAD writes.
    output      logic        ring_valid_o,
    input  wire logic        ring_ready_i,
    output      logic [31:0] ring_addr_o,
    output      logic [31:0] ring_end_o,     // bytes
    // The writers' RAM of this core, a word of it.
    output      logic        row_valid_o,
    input  wire logic        row_ready_i,
    output      logic [15:0] row_addr_o,
    output      logic        row_urgent_o    // a WRITE waits, or did when it was asked last
);

  localparam int unsigned RingPlaces = RingBytes / 4;
  localparam int unsigned RingShift = $clog2(RingBytes / RingWords / 4);
  localparam int unsigned RowPlaces = WriterBytes / MemBytes;
  localparam int unsigned RingBits = $clog2(RingPlaces + 1);
  localparam int unsigned RowBits = $clog2(RowPlaces + 1);
  localparam int unsigned SlotShift = $clog2(XSlots);

  logic [RingBits-1:0] ring_place, ring_end, ring_need, channel_need;
  logic [RowBits-1:0]  row_place, row_end, row_need;
  logic                ring_covers, row_covers, is_channel, is_load, is_write, unused;

  assign is_channel = op_i == trine_records_pkg::OP_CHANNEL && arg1_i[11:8] != 4'd0;
  assign is_load = op_i == trine_records_pkg::OP_LOAD
                   && arg1_i[1:0] == trine_records_pkg::LOAD_VECTOR;
  assign is_write = op_i == trine_records_pkg::OP_WRITE;
  assign channel_need = RingBits'(arg2_i[15:0]) + RingBits'(arg2_i[31:16] << SlotShift);
  assign ring_need = is_load ? RingBits'(arg2_i[31:2]) + RingBits'(arg3_i[31:2])
                             : channel_need << RingShift;
  assign row_need = RowBits'(arg6_i[15:0]) + RowBits'(arg6_i[31:16] << SlotShift);
  assign wait_o = ((is_channel || is_load) && !ring_covers) || (is_write && !row_covers);

  trine_wipe #(.Places(RingPlaces), .Align(1 << RingShift)) u_rings (
      .clk_i, .rst_ni, .forget_i, .free_i(ring_ready_i), .valid_o(ring_valid_o),
      .place_o(ring_place), .end_o(ring_end), .need_i(ring_need), .covers_o(ring_covers)
  );

  trine_wipe #(.Places(RowPlaces)) u_rows (
      .clk_i, .rst_ni, .forget_i, .free_i(row_ready_i), .valid_o(row_valid_o),
      .place_o(row_place), .end_o(row_end), .need_i(row_need), .covers_o(row_covers)
  );

  assign ring_addr_o = 32'(ring_place) << 2;
  assign ring_end_o = 32'(ring_end) << 2;
  assign row_addr_o = 16'(row_place);
  assign unused = &{1'b0, row_end, arg1_i, arg2_i, arg3_i, arg6_i, table_index_i};

  // --- The table ---
  localparam int unsigned EntryBits = $clog2(TableEntries + 1);
  logic [EntryBits-1:0] table_end_q, table_last_q, table_need;
  logic                 is_table;

  assign is_table = op_i == trine_records_pkg::OP_TABLE;
  assign table_need = is_table ? EntryBits'(arg1_i)
                               : EntryBits'(arg5_i[15:0]) + EntryBits'(arg5_i[31:16]);

  always_ff @(posedge clk_i) begin
    if (!rst_ni || forget_i) table_end_q <= '0;
    else if (exec_i && is_table && table_last_q > table_end_q) table_end_q <= table_last_q;
    if (table_we_i) table_last_q <= EntryBits'(table_index_i) + 1'b1;
    unwritten_o <= table_need > table_end_q
                   && (is_table || is_write || op_i == trine_records_pkg::OP_READ);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) row_urgent_o <= 1'b0;
    else if (asks_i) row_urgent_o <= is_write && wait_o;
  end

  // What waits comes to an end: it needs no more than there is.
  `TRINE_ASSERT(a_ring_is_there, !rst_ni || !asks_i || !(is_channel || is_load)
                || 32'(ring_need) <= RingPlaces)
  `TRINE_ASSERT(a_table, !rst_ni || 32'(table_end_q) <= TableEntries)
  `TRINE_ASSERT(a_row_is_there, !rst_ni || !asks_i || !is_write || 32'(row_need) <= RowPlaces)

endmodule

`default_nettype wire
