// SPDX-License-Identifier: Apache-2.0
// trine_writers: the memory writers of a core and the RAM with their slots; vectors hold one field
// a writer, writer 0 lowest. See trine_writer.sv for what each does.
//
// Every bus word is taken in its cycle. It belongs to at most one writer (the program refuses a
// second on a channel); a word beyond its slot or the RAM is dropped and
// told (overrun_o). The RAM has the word before the flow
// table can call its slot complete. The writers share the RAM's read port in turns.
//
// cycle        0        1        2        3
// bus word     A        .        .        .
// match        .        A        .        .       whose slot
// RAM          .        .        wr A     .
// complete_i   .        .        A        .       read from cycle 3 on
`default_nettype none
`include "trine_assert.svh"

module trine_writers #(
    parameter int unsigned MemBytes = 8,         // power of two
    parameter int unsigned BusBytes = 8,         // power of two, up to MemBytes
    parameter int unsigned XSlots = 4,
    parameter int unsigned WriterBytes = 8192,   // multiple of MemBytes, at most 65536 words
    localparam int unsigned Writers = trine_pkg::WRITERS
) (
    input  wire logic                          clk_i,
    input  wire logic                          rst_ni,
    input  wire logic                          flush_i,
    input  wire logic                          slot_reset_i,
    // Start of one writer; the fields are shared.
    input  wire logic [Writers-1:0]            cfg_valid_i,
    input  wire logic [3:0]                    cfg_channel_i,
    input  wire logic                          cfg_last_only_i,
    input  wire logic [31:0]                   cfg_base_i,
    input  wire logic [31:0]                   cfg_stride_i,
    input  wire logic [15:0]                   cfg_row_bytes_i,
    input  wire logic [15:0]                   cfg_entry_i,
    input  wire logic [15:0]                   cfg_sequences_i,
    input  wire logic [15:0]                   cfg_ram_base_i,
    input  wire logic [15:0]                   cfg_ram_stride_i,
    // Words of this domain from the activation bus.
    input  wire logic                          bus_valid_i,
    input  wire logic [3:0]                    bus_channel_i,
    input  wire logic [3:0]                    bus_slot_i,
    input  wire logic [15:0]                   bus_place_i,
    input  wire logic [BusBytes-1:0]           bus_be_i,
    input  wire logic [BusBytes*8-1:0]         bus_data_i,
    // Sequence table.
    output      logic [Writers-1:0]            table_req_o,
    output      logic [Writers*16-1:0]         table_index_o,
    input  wire logic [Writers-1:0]            table_rsp_i,
    input  wire logic [31:0]                   table_offset_i,
    input  wire logic [30:0]                   table_length_i,
    input  wire logic                          table_continue_i,
    // Flow table.
    output      logic [Writers*4-1:0]          want_channel_o,
    output      logic [Writers*4-1:0]          want_slot_o,
    input  wire logic [Writers-1:0]            complete_i,
    output      logic [Writers-1:0]            release_valid_o,
    input  wire logic [Writers-1:0]            release_ready_i,
    // Memory port.
    output      logic [Writers-1:0]            wr_valid_o,
    input  wire logic [Writers-1:0]            wr_ready_i,
    output      logic [Writers*32-1:0]         wr_offset_o,
    output      logic [Writers*5-1:0]          wr_beats_o,
    input  wire logic [Writers-1:0]            wr_data_next_i,
    output      logic [Writers*MemBytes*8-1:0] wr_data_o,
    output      logic [Writers*MemBytes-1:0]   wr_strb_o,
    input  wire logic [Writers-1:0]            wr_done_i,
    // State. listens_o stays until flush or slot reset (channels in want_channel_o).
    output      logic [Writers-1:0]            listens_o,
    output      logic                          overrun_o,
    output      logic [Writers-1:0]            active_o
);

  localparam int unsigned RamWords = WriterBytes / MemBytes;
  localparam int unsigned AddrBits = $clog2(RamWords);
  localparam int unsigned Parts = MemBytes / BusBytes;
  localparam int unsigned PartShift = $clog2(Parts);

  `TRINE_CHECK_PARAM(gen_check_ram, RamWords >= 2 && RamWords <= 65536)
  `TRINE_CHECK_PARAM(gen_check_bus, BusBytes <= MemBytes)

  logic [Writers*16-1:0]  ram_base, ram_stride, ram_addr;
  logic [Writers-1:0]     ram_re, ram_grant;
  logic [MemBytes*8-1:0]  ram_data;

  // --- Into the slots ---
  logic                  hit;
  logic [15:0]           base, stride;
  logic                  word_q;
  logic [15:0]           base_q, stride_q, place_q;
  logic [3:0]            slot_q;
  logic [BusBytes-1:0]   word_be_q;
  logic [BusBytes*8-1:0] word_data_q;
  logic [15:0]           slot_addr, word_addr;
  logic                  fits;
  logic                  we_q;
  logic [AddrBits-1:0]   waddr_q;
  logic [MemBytes-1:0]   be, be_q;
  logic [MemBytes*8-1:0] wdata_q;

  always_comb begin
    hit = 1'b0;
    base = '0;
    stride = '0;
    for (int w = 0; w < Writers; w = w + 1) begin
      if (listens_o[w] && want_channel_o[w*4 +: 4] == bus_channel_i) begin
        hit = 1'b1;
        base = base | ram_base[w*16 +: 16];
        stride = stride | ram_stride[w*16 +: 16];
      end
    end
  end

  trine_slot_address #(
      .XSlots(XSlots)
  ) u_slot (
      .base_i  (base_q),
      .stride_i(stride_q),
      .slot_i  (slot_q),
      .addr_o  (slot_addr)
  );

  assign word_addr = slot_addr + (place_q >> PartShift);
  assign fits = (place_q >> PartShift) < stride_q && {1'b0, word_addr} < 17'(RamWords);
  assign overrun_o = word_q && !fits;

  if (Parts > 1) begin : gen_parts
    always_comb begin
      be = '0;
      be[place_q[PartShift-1:0] * BusBytes +: BusBytes] = word_be_q;
    end
  end else begin : gen_whole
    assign be = word_be_q;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      word_q <= 1'b0;
      we_q <= 1'b0;
    end else begin
      word_q <= bus_valid_i && hit;
      we_q <= word_q && fits;
    end
    base_q <= base;
    stride_q <= stride;
    slot_q <= bus_slot_i;
    place_q <= bus_place_i;
    word_be_q <= bus_be_i;
    word_data_q <= bus_data_i;
    waddr_q <= word_addr[AddrBits-1:0];
    be_q <= be;
    wdata_q <= {Parts{word_data_q}};
  end

  // --- Out of the slots ---
  logic [15:0] raddr, unused_raddr;

  trine_arbiter #(
      .Requests(Writers)
  ) u_reads (
      .clk_i,
      .rst_ni,
      .req_i    (ram_re),
      .advance_i(1'b1),
      .grant_o  (ram_grant)
  );

  always_comb begin
    raddr = '0;
    for (int w = 0; w < Writers; w = w + 1) begin
      if (ram_grant[w]) raddr = raddr | ram_addr[w*16 +: 16];
    end
  end

  assign unused_raddr = raddr;

  trine_ram_1r1w #(
      .Width(MemBytes * 8),
      .Depth(RamWords)
  ) u_ram (
      .clk_i,
      .we_i   (we_q),
      .waddr_i(waddr_q),
      .be_i   (be_q),
      .wdata_i(wdata_q),
      .re_i   (|ram_re),
      .raddr_i(raddr[AddrBits-1:0]),
      .rdata_o(ram_data)
  );

  for (genvar w = 0; w < Writers; w = w + 1) begin : gen_writer
    trine_writer #(
        .MemBytes(MemBytes),
        .XSlots  (XSlots)
    ) u_writer (
        .clk_i,
        .rst_ni,
        .flush_i,
        .slot_reset_i,
        .cfg_valid_i     (cfg_valid_i[w]),
        .cfg_channel_i,
        .cfg_last_only_i,
        .cfg_base_i,
        .cfg_stride_i,
        .cfg_row_bytes_i,
        .cfg_entry_i,
        .cfg_sequences_i,
        .cfg_ram_base_i,
        .cfg_ram_stride_i,
        .listens_o       (listens_o[w]),
        .ram_base_o      (ram_base[w*16 +: 16]),
        .ram_stride_o    (ram_stride[w*16 +: 16]),
        .table_req_o     (table_req_o[w]),
        .table_index_o   (table_index_o[w*16 +: 16]),
        .table_rsp_i     (table_rsp_i[w]),
        .table_offset_i,
        .table_length_i,
        .table_continue_i,
        .want_channel_o  (want_channel_o[w*4 +: 4]),
        .want_slot_o     (want_slot_o[w*4 +: 4]),
        .complete_i      (complete_i[w]),
        .release_valid_o (release_valid_o[w]),
        .release_ready_i (release_ready_i[w]),
        .ram_re_o        (ram_re[w]),
        .ram_ready_i     (ram_grant[w]),
        .ram_addr_o      (ram_addr[w*16 +: 16]),
        .ram_data_i      (ram_data),
        .wr_valid_o      (wr_valid_o[w]),
        .wr_ready_i      (wr_ready_i[w]),
        .wr_offset_o     (wr_offset_o[w*32 +: 32]),
        .wr_beats_o      (wr_beats_o[w*5 +: 5]),
        .wr_data_next_i  (wr_data_next_i[w]),
        .wr_data_o       (wr_data_o[w*MemBytes*8 +: MemBytes*8]),
        .wr_strb_o       (wr_strb_o[w*MemBytes +: MemBytes]),
        .wr_done_i       (wr_done_i[w]),
        .active_o        (active_o[w])
    );
  end

endmodule

`default_nettype wire
