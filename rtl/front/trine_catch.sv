// SPDX-License-Identifier: Apache-2.0
// trine_catch: takes the bus words of the writers' channels into the slots of their RAM.
//
// A writer hears its channel from its START until stop_i or clear_i of its core, also when all its
// rows are written, so that words of a next run may come before its own START. A word belongs to at
// most one writer of its domain: for a second one, and beyond a slot, it is dropped and told
// (overrun_o). That slots lie in the writer's piece of the RAM was checked when WRITE was read
// (trine_word_check). The RAM has a word long before a row of it can be picked.
//
// cycle        0     1     2     3     4
// bus word     A     .     .     .     .
// whose        .     A     .     .     .
// slot         .     .     A     .     .
// ram_we_o     .     .     .     A     .
`default_nettype none
`include "trine_assert.svh"

module trine_catch #(
    parameter int unsigned Cores = 2,
    parameter int unsigned MemBytes = 8,
    parameter int unsigned BusBytes = 8,
    parameter int unsigned XSlots = 4,
    parameter int unsigned WriterBytes = 8192,
    localparam int unsigned CoreBits = (Cores > 1) ? $clog2(Cores) : 1,
    localparam int unsigned Words = WriterBytes / MemBytes,
    localparam int unsigned RamBits = $clog2(Cores * Words),
    localparam int unsigned WordBits = 30 + 9 * BusBytes    // {domain, word}
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic [Cores-1:0]      stop_i,
    input  wire logic [Cores-1:0]      clear_i,
    input  wire logic [Cores*4-1:0]    domain_i,
    input  wire logic [Cores-1:0]      member_i,
    // Set-up of the writers.
    input  wire logic                  cfg_valid_i,       // of a writer that does not run
    input  wire logic [CoreBits-1:0]   cfg_core_i,
    input  wire trine_pkg::set_up_t    cfg_i,
    // The activation bus.
    input  wire logic                  bus_valid_i,
    input  wire logic [WordBits-1:0]   bus_word_i,
    // Zeros for a word of a core's RAM, when no bus word goes there; one is taken a cycle.
    input  wire logic [Cores-1:0]      wipe_valid_i,
    output      logic [Cores-1:0]      wipe_ready_o,
    input  wire logic [Cores*16-1:0]   wipe_addr_i,
    // Into the RAM.
    output      logic                  ram_we_o,
    output      logic [RamBits-1:0]    ram_addr_o,
    output      logic [MemBytes-1:0]   ram_be_o,
    output      logic [MemBytes*8-1:0] ram_data_o,
    output      logic [Cores-1:0]      overrun_o
);

  localparam int unsigned Writers = 2 * Cores;
  localparam int unsigned Pieces = 2 << CoreBits;
  localparam int unsigned Parts = MemBytes / BusBytes;
  localparam int unsigned PartShift = $clog2(Parts);

  logic [3:0]            domain, channel, slot;
  logic [15:0]           place;
  logic [BusBytes-1:0]   be;
  logic [BusBytes*8-1:0] data;
  logic                  first, last, unused;
  logic [Writers-1:0]    listens_q, hit, seen;
  logic [Pieces-1:0]     cfg_writer;
  logic [CoreBits:0]     one_writer, one_writer_q;
  logic [Cores-1:0]      second;

  assign {domain, first, last, channel, slot, place, be, data} = bus_word_i;

  always_comb begin
    cfg_writer = '0;
    cfg_writer[{cfg_core_i, cfg_i.unit}] = cfg_valid_i;
  end

  for (genvar w = 0; w < Writers; w++) begin : gen_writer
    localparam int unsigned Core = w / 2;
    logic [3:0] channel_q;

    always_ff @(posedge clk_i) begin
      if (!rst_ni || stop_i[Core] || clear_i[Core]) listens_q[w] <= 1'b0;
      else if (cfg_writer[w] && cfg_i.what == trine_pkg::SET_START) listens_q[w] <= 1'b1;
      if (cfg_writer[w] && cfg_i.what == trine_pkg::SET_CHANNEL) channel_q <= cfg_i.data[7:4];
    end

    assign hit[w] = bus_valid_i && listens_q[w] && member_i[Core]
                    && domain_i[Core*4 +: 4] == domain && channel_q == channel;
  end

  always_comb begin
    one_writer = '0;
    seen = '0;
    for (int w = 0; w < Writers; w++) begin
      if (hit[w] && !(|seen)) one_writer = (CoreBits + 1)'(w);
      seen[w] = hit[w];
    end
    for (int c = 0; c < Cores; c++) begin
      second[c] = (hit[2*c] && 32'(one_writer) != 2 * c)
                  || (hit[2*c+1] && 32'(one_writer) != 2 * c + 1);
    end
  end

  // --- 1: whose slot, 2: where in it ---
  logic                  one_q, two_q, fits;
  logic [3:0]            one_slot_q, two_slot_q;
  logic [15:0]           one_place_q, two_place_q, slot_addr, word_addr;
  logic [BusBytes-1:0]   one_be_q, two_be_q;
  logic [BusBytes*8-1:0] one_data_q, two_data_q;
  logic [31:0]           slots, slots_q;
  logic [Cores-1:0]      second_q, beyond;
  logic [CoreBits-1:0]   two_core_q;
  logic [MemBytes-1:0]   word_be;

  trine_ram_lut #(.Width(32), .Depth(Pieces)) u_slots (
      .clk_i, .we_i(cfg_valid_i && cfg_i.what == trine_pkg::SET_PLACE),
      .waddr_i({cfg_core_i, cfg_i.unit}), .wdata_i(cfg_i.data),
      .raddr_i(one_writer_q), .rdata_o(slots)
  );

  trine_slot_address #(.XSlots(XSlots)) u_slot (
      .base_i(slots_q[15:0]), .stride_i(slots_q[31:16]), .slot_i(two_slot_q), .addr_o(slot_addr)
  );

  assign word_addr = slot_addr + (two_place_q >> PartShift);
  // WRITE's slots lie in its core's piece: the program has checked that.
  assign fits = (two_place_q >> PartShift) < slots_q[31:16];

  if (Parts > 1) begin : gen_parts
    always_comb begin
      word_be = '0;
      word_be[two_place_q[PartShift-1:0] * BusBytes +: BusBytes] = two_be_q;
    end
  end else begin : gen_whole
    assign word_be = two_be_q;
  end

  always_comb begin
    for (int c = 0; c < Cores; c++) beyond[c] = two_q && !fits && two_core_q == CoreBits'(c);
  end

  // --- What the last owner of a core left ---
  logic [Cores-1:0]    wipe_turn;
  logic [CoreBits-1:0] wipe_core;
  logic [15:0]         wipe_addr;
  logic                catches, wipes;

  trine_arbiter #(
      .Requests(Cores)
  ) u_wipe (
      .clk_i, .rst_ni, .req_i(wipe_valid_i), .advance_i(!catches), .grant_o(wipe_turn)
  );

  always_comb begin
    wipe_core = '0;
    wipe_addr = '0;
    for (int c = 0; c < Cores; c++) begin
      if (wipe_turn[c]) begin
        wipe_core = wipe_core | CoreBits'(c);
        wipe_addr = wipe_addr | wipe_addr_i[c*16 +: 16];
      end
    end
  end

  assign catches = two_q && fits;
  assign wipes = !catches && (|wipe_valid_i);
  assign wipe_ready_o = catches ? '0 : wipe_turn;

  always_ff @(posedge clk_i) begin
    one_q <= rst_ni && (|hit);
    one_writer_q <= one_writer;
    one_slot_q <= slot;
    one_place_q <= place;
    one_be_q <= be;
    one_data_q <= data;
    second_q <= second;
    two_q <= rst_ni && one_q;
    two_core_q <= one_writer_q[CoreBits:1];
    two_slot_q <= one_slot_q;
    two_place_q <= one_place_q;
    two_be_q <= one_be_q;
    two_data_q <= one_data_q;
    slots_q <= slots;
    ram_we_o <= rst_ni && (catches || wipes);
    ram_addr_o <= wipes ? RamBits'({wipe_core, wipe_addr[$clog2(Words)-1:0]})
                        : RamBits'({two_core_q, word_addr[$clog2(Words)-1:0]});
    ram_be_o <= wipes ? '1 : word_be;
    ram_data_o <= wipes ? '0 : {Parts{two_data_q}};
    overrun_o <= rst_ni ? (beyond | second_q) & ~stop_i : '0;
  end

  `TRINE_ASSERT(a_inside_or_told, !rst_ni || !two_q || (fits ? 32'(word_addr) < Words : |beyond))

  assign unused = &{1'b0, first, last, word_addr, seen, cfg_i, cfg_writer, wipe_addr};

endmodule

`default_nettype wire
