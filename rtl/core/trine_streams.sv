// SPDX-License-Identifier: Apache-2.0
// trine_streams: the memory readers and writers of a core with their sequence table, and the turns
// they take at the flow table: one claim and one release a cycle leave here.
//
// claim_valid_o and release_valid_o are held until ready; lower numbers go first, which starves
// nobody, since a reader claims and a writer releases once a row. A writer's row is asked for when
// its slot is complete and released when its data have left the RAM.
//
// cycle            0        1        2         one row of a reader
// room             1        .        .
// claim_valid_o    .        1        .
// memory request   .        .        1
`default_nettype none
`include "trine_assert.svh"

module trine_streams #(
    parameter int unsigned MemBytes = 8,
    parameter int unsigned BusBytes = 8,
    parameter int unsigned XSlots = 4,
    parameter int unsigned WriterBytes = 8192,
    parameter int unsigned TableEntries = 512,
    localparam int unsigned Readers = trine_pkg::READERS,
    localparam int unsigned Writers = trine_pkg::WRITERS,
    localparam int unsigned SlotBits = $clog2(XSlots),
    localparam int unsigned EntryBits = 4 + SlotBits,
    localparam int unsigned WordBits = 26 + 9 * BusBytes
) (
    input  wire logic                          clk_i,
    input  wire logic                          rst_ni,
    input  wire logic                          flush_i,
    input  wire logic                          clear_i,        // slot counts from zero
    // READ and WRITE operations: which one starts, and their arguments.
    input  wire logic [Readers-1:0]            read_i,
    input  wire logic [Writers-1:0]            write_i,
    input  wire logic [31:0]                   arg1_i,
    input  wire logic [31:0]                   arg2_i,
    input  wire logic [31:0]                   arg3_i,
    input  wire logic [31:0]                   arg4_i,
    input  wire logic [31:0]                   arg5_i,
    input  wire logic [31:0]                   arg6_i,
    // TABLE operation: one pair.
    input  wire logic                          table_we_i,
    input  wire logic [15:0]                   table_index_i,
    input  wire logic [31:0]                   table_length_i,
    // Flow table.
    output      logic [Readers*4-1:0]          room_channel_o,
    input  wire logic [Readers-1:0]            room_i,
    output      logic [Writers*4-1:0]          want_channel_o,
    input  wire logic [Writers-1:0]            complete_i,
    output      logic                          claim_valid_o,
    input  wire logic                          claim_ready_i,
    output      logic [EntryBits-1:0]          claim_entry_o,
    output      logic                          release_valid_o,
    input  wire logic                          release_ready_i,
    output      logic [EntryBits-1:0]          release_entry_o,
    // Words of this domain from the activation bus.
    input  wire logic                          bus_valid_i,
    input  wire logic [WordBits-1:0]           bus_word_i,
    // Words of the readers to the publisher.
    output      logic [Readers-1:0]            word_valid_o,
    input  wire logic [Readers-1:0]            word_ready_i,
    output      logic [Readers*WordBits-1:0]   word_o,
    // Memory port: clients 1 and 2.
    output      logic [Readers-1:0]            rd_valid_o,
    input  wire logic [Readers-1:0]            rd_ready_i,
    output      logic [Readers*32-1:0]         rd_offset_o,
    output      logic [Readers*5-1:0]          rd_beats_o,
    input  wire logic [Readers-1:0]            rd_data_valid_i,
    input  wire logic [MemBytes*8-1:0]         rd_data_i,
    output      logic [Writers-1:0]            wr_valid_o,
    input  wire logic [Writers-1:0]            wr_ready_i,
    output      logic [Writers*32-1:0]         wr_offset_o,
    output      logic [Writers*5-1:0]          wr_beats_o,
    input  wire logic [Writers-1:0]            wr_data_next_i,
    output      logic [Writers*MemBytes*8-1:0] wr_data_o,
    output      logic [Writers*MemBytes-1:0]   wr_strb_o,
    input  wire logic [Writers-1:0]            wr_done_i,
    // State.
    output      logic [Readers-1:0]            readers_active_o,
    output      logic [Writers-1:0]            writers_active_o,
    output      logic                          overrun_o,     // a word beyond a writer's slot
    output      logic                          waiting_o,     // a reader waits for memory
    output      logic                          progress_o
);

  logic [Readers-1:0]            claim, claim_grant, rd_table_req, rd_table_rsp;
  logic [Readers*4-1:0]          room_channel, room_slot, word_channel, word_slot;
  logic [Readers*16-1:0]         rd_table_index, word_place;
  logic [Readers*5-1:0]          claim_listeners;
  logic [Readers*BusBytes-1:0]   word_be;
  logic [Readers*BusBytes*8-1:0] word_data;
  logic [Readers-1:0]            word_first, word_last;
  logic [Writers-1:0]            release_want, release_grant, wr_table_req, wr_table_rsp;
  logic [Writers-1:0]            listens;
  logic [Writers*4-1:0]          want_channel, want_slot;
  logic [Writers*16-1:0]         wr_table_index;
  logic [31:0]                   entry_offset;
  logic [30:0]                   entry_length;
  logic                          entry_continue, bus_first, bus_last, unused;
  logic [3:0]                    bus_channel, bus_slot;
  logic [15:0]                   bus_place;
  logic [BusBytes-1:0]           bus_be;
  logic [BusBytes*8-1:0]         bus_data;

  assign {bus_first, bus_last, bus_channel, bus_slot, bus_place, bus_be, bus_data} = bus_word_i;
  assign unused = &{1'b0, bus_first, bus_last, arg1_i, arg4_i, claim_listeners, room_slot,
                    want_slot, listens};
  assign room_channel_o = room_channel;
  assign want_channel_o = want_channel;
  assign claim_valid_o = |claim;
  assign release_valid_o = |release_want;

  always_comb begin
    claim_grant = '0;
    claim_entry_o = '0;
    for (int r = Readers - 1; r >= 0; r--) begin
      if (claim[r]) begin
        claim_grant = '0;
        claim_grant[r] = claim_ready_i;
        claim_entry_o = {room_channel[r*4 +: 4], room_slot[r*4 +: SlotBits]};
      end
      word_o[r*WordBits +: WordBits] = {word_first[r], word_last[r], word_channel[r*4 +: 4],
                                        word_slot[r*4 +: 4], word_place[r*16 +: 16],
                                        word_be[r*BusBytes +: BusBytes],
                                        word_data[r*BusBytes*8 +: BusBytes*8]};
    end
  end

  always_comb begin
    release_grant = '0;
    release_entry_o = '0;
    for (int w = Writers - 1; w >= 0; w--) begin
      if (release_want[w]) begin
        release_grant = '0;
        release_grant[w] = release_ready_i;
        release_entry_o = {want_channel[w*4 +: 4], want_slot[w*4 +: SlotBits]};
      end
    end
  end

  trine_sequence_table #(
      .TableEntries(TableEntries)
  ) u_table (
      .clk_i, .rst_ni, .flush_i,
      .we_i(table_we_i), .windex_i(table_index_i), .woffset_i(arg2_i), .wlength_i(table_length_i),
      .req_valid_i({wr_table_req, rd_table_req}), .req_index_i({wr_table_index, rd_table_index}),
      .rsp_valid_o({wr_table_rsp, rd_table_rsp}), .rsp_offset_o(entry_offset),
      .rsp_length_o(entry_length), .rsp_continue_o(entry_continue)
  );

  trine_readers #(
      .MemBytes(MemBytes), .BusBytes(BusBytes), .XSlots(XSlots)
  ) u_readers (
      .clk_i, .rst_ni, .flush_i, .slot_reset_i(clear_i),
      .cfg_valid_i(read_i), .cfg_channel_i(arg1_i[7:4]), .cfg_listeners_i(arg1_i[12:8]),
      .cfg_base_i(arg2_i), .cfg_stride_i(arg3_i), .cfg_words_i(arg4_i[15:0]),
      .cfg_beats_i(arg4_i[31:16]), .cfg_entry_i(arg5_i[15:0]), .cfg_sequences_i(arg5_i[31:16]),
      .table_req_o(rd_table_req), .table_index_o(rd_table_index), .table_rsp_i(rd_table_rsp),
      .table_offset_i(entry_offset), .table_length_i(entry_length),
      .table_continue_i(entry_continue),
      .room_channel_o(room_channel), .room_slot_o(room_slot), .room_i,
      .claim_o(claim), .claim_ready_i(claim_grant), .claim_listeners_o(claim_listeners),
      .rd_valid_o, .rd_ready_i, .rd_offset_o, .rd_beats_o, .rd_data_valid_i, .rd_data_i,
      .word_valid_o, .word_ready_i, .word_channel_o(word_channel), .word_slot_o(word_slot),
      .word_place_o(word_place), .word_be_o(word_be), .word_data_o(word_data),
      .word_first_o(word_first), .word_last_o(word_last),
      .active_o(readers_active_o), .waiting_o, .progress_o
  );

  trine_writers #(
      .MemBytes(MemBytes), .BusBytes(BusBytes), .XSlots(XSlots), .WriterBytes(WriterBytes)
  ) u_writers (
      .clk_i, .rst_ni, .flush_i, .slot_reset_i(clear_i),
      .cfg_valid_i(write_i), .cfg_channel_i(arg1_i[7:4]), .cfg_last_only_i(arg1_i[8]),
      .cfg_base_i(arg2_i), .cfg_stride_i(arg3_i), .cfg_row_bytes_i(arg4_i[15:0]),
      .cfg_entry_i(arg5_i[15:0]), .cfg_sequences_i(arg5_i[31:16]),
      .cfg_ram_base_i(arg6_i[15:0]), .cfg_ram_stride_i(arg6_i[31:16]),
      .bus_valid_i, .bus_channel_i(bus_channel), .bus_slot_i(bus_slot), .bus_place_i(bus_place),
      .bus_be_i(bus_be), .bus_data_i(bus_data),
      .table_req_o(wr_table_req), .table_index_o(wr_table_index), .table_rsp_i(wr_table_rsp),
      .table_offset_i(entry_offset), .table_length_i(entry_length),
      .table_continue_i(entry_continue),
      .want_channel_o(want_channel), .want_slot_o(want_slot), .complete_i,
      .release_valid_o(release_want), .release_ready_i(release_grant),
      .wr_valid_o, .wr_ready_i, .wr_offset_o, .wr_beats_o, .wr_data_next_i, .wr_data_o,
      .wr_strb_o, .wr_done_i,
      .listens_o(listens), .overrun_o, .active_o(writers_active_o)
  );

endmodule

`default_nettype wire
