// SPDX-License-Identifier: Apache-2.0
// trine_readers: the memory readers of a core, side by side; vectors hold one field a reader,
// reader 0 lowest. See trine_reader.sv for what each does.
`default_nettype none

module trine_readers #(
    parameter int unsigned MemBytes = 8,
    parameter int unsigned BusBytes = 8,
    parameter int unsigned XSlots = 4,
    localparam int unsigned Readers = trine_pkg::READERS
) (
    input  wire logic                          clk_i,
    input  wire logic                          rst_ni,
    input  wire logic                          flush_i,
    input  wire logic                          slot_reset_i,
    // Start of one reader; the fields are shared.
    input  wire logic [Readers-1:0]            cfg_valid_i,
    input  wire logic [3:0]                    cfg_channel_i,
    input  wire logic [4:0]                    cfg_listeners_i,
    input  wire logic [31:0]                   cfg_base_i,
    input  wire logic [31:0]                   cfg_stride_i,
    input  wire logic [15:0]                   cfg_words_i,
    input  wire logic [15:0]                   cfg_beats_i,
    input  wire logic [15:0]                   cfg_entry_i,
    input  wire logic [15:0]                   cfg_sequences_i,
    // Sequence table.
    output      logic [Readers-1:0]            table_req_o,
    output      logic [Readers*16-1:0]         table_index_o,
    input  wire logic [Readers-1:0]            table_rsp_i,
    input  wire logic [31:0]                   table_offset_i,
    input  wire logic [30:0]                   table_length_i,
    input  wire logic                          table_continue_i,
    // Flow table.
    output      logic [Readers*4-1:0]          room_channel_o,
    output      logic [Readers*4-1:0]          room_slot_o,
    input  wire logic [Readers-1:0]            room_i,
    output      logic [Readers-1:0]            claim_o,
    input  wire logic [Readers-1:0]            claim_ready_i,
    output      logic [Readers*5-1:0]          claim_listeners_o,
    // Memory port.
    output      logic [Readers-1:0]            rd_valid_o,
    input  wire logic [Readers-1:0]            rd_ready_i,
    output      logic [Readers*32-1:0]         rd_offset_o,
    output      logic [Readers*5-1:0]          rd_beats_o,
    input  wire logic [Readers-1:0]            rd_data_valid_i,
    input  wire logic [MemBytes*8-1:0]         rd_data_i,
    // Words to the publisher; byte enables are all ones.
    output      logic [Readers-1:0]            word_valid_o,
    input  wire logic [Readers-1:0]            word_ready_i,
    output      logic [Readers*4-1:0]          word_channel_o,
    output      logic [Readers*4-1:0]          word_slot_o,
    output      logic [Readers*16-1:0]         word_place_o,
    output      logic [Readers*BusBytes-1:0]   word_be_o,
    output      logic [Readers*BusBytes*8-1:0] word_data_o,
    output      logic [Readers-1:0]            word_first_o,
    output      logic [Readers-1:0]            word_last_o,
    // State.
    output      logic [Readers-1:0]            active_o,
    output      logic                          waiting_o,
    output      logic                          progress_o
);

  logic [Readers-1:0] waiting, progress;

  assign word_be_o = '1;
  assign waiting_o = |waiting;
  assign progress_o = |progress;

  for (genvar r = 0; r < Readers; r = r + 1) begin : gen_reader
    logic [4:0] listeners_q;

    always_ff @(posedge clk_i) begin
      if (cfg_valid_i[r]) listeners_q <= cfg_listeners_i;
    end

    assign claim_listeners_o[r*5 +: 5] = listeners_q;

    trine_reader #(
        .MemBytes(MemBytes),
        .BusBytes(BusBytes),
        .XSlots  (XSlots)
    ) u_reader (
        .clk_i,
        .rst_ni,
        .flush_i,
        .slot_reset_i,
        .cfg_valid_i     (cfg_valid_i[r]),
        .cfg_channel_i,
        .cfg_base_i,
        .cfg_stride_i,
        .cfg_words_i,
        .cfg_beats_i,
        .cfg_entry_i,
        .cfg_sequences_i,
        .table_req_o     (table_req_o[r]),
        .table_index_o   (table_index_o[r*16 +: 16]),
        .table_rsp_i     (table_rsp_i[r]),
        .table_offset_i,
        .table_length_i,
        .table_continue_i,
        .room_channel_o  (room_channel_o[r*4 +: 4]),
        .room_slot_o     (room_slot_o[r*4 +: 4]),
        .room_i          (room_i[r]),
        .claim_o         (claim_o[r]),
        .claim_ready_i   (claim_ready_i[r]),
        .rd_valid_o      (rd_valid_o[r]),
        .rd_ready_i      (rd_ready_i[r]),
        .rd_offset_o     (rd_offset_o[r*32 +: 32]),
        .rd_beats_o      (rd_beats_o[r*5 +: 5]),
        .rd_data_valid_i (rd_data_valid_i[r]),
        .rd_data_i,
        .word_valid_o    (word_valid_o[r]),
        .word_ready_i    (word_ready_i[r]),
        .word_channel_o  (word_channel_o[r*4 +: 4]),
        .word_slot_o     (word_slot_o[r*4 +: 4]),
        .word_place_o    (word_place_o[r*16 +: 16]),
        .word_data_o     (word_data_o[r*BusBytes*8 +: BusBytes*8]),
        .word_first_o    (word_first_o[r]),
        .word_last_o     (word_last_o[r]),
        .active_o        (active_o[r]),
        .waiting_o       (waiting[r]),
        .progress_o      (progress[r])
    );
  end

endmodule

`default_nettype wire
