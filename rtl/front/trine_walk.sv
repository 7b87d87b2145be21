// SPDX-License-Identifier: Apache-2.0
// trine_walk: the pipeline that makes bursts of rows: it reads the record of the stream that was
// picked, finds its next piece of at most 16 beats inside a page and the window, and writes the
// record back.
//
// A record has a static half, the words of READ or WRITE as they come, and a running half: row and
// place in it, steps and sequences left, slot. Space is a core's own: a record, a piece of the
// sequence table, a piece of the writers' RAM are found by {core, ...}, and a stream names no core.
// A stream may be picked again six cycles after its pick; another one in every cycle. What fetch
// and SAVE ask for has no record and enters behind it (client_free_o: there is a place); their
// beats never cross a page. Words for an active stream are dropped, so that what is refused a
// moment later has changed nothing.
//
// cycle        0     1     2     3     4     5     6     7
// pick         A     B     .     .     .     .     A'    .
// client       .     .     .     .     C     .     .     .
// record       .     rd A  rd B  .     .     wr A  wr B  rd A'
// table        .     rd A  .     A     .     .     .     .
// step_*_o     .     .     .     .     .     A     B     .        row at its end, stream at its end
// burst_o      .     .     .     .     .     A     B     C
`default_nettype none
`include "trine_assert.svh"

module trine_walk #(
    parameter int unsigned Cores = 2,
    parameter int unsigned MemBytes = 8,
    parameter int unsigned XSlots = 4,
    parameter int unsigned WriterBytes = 8192,
    parameter int unsigned TableEntries = 512,
    localparam int unsigned CoreBits = (Cores > 1) ? $clog2(Cores) : 1
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    // Configuration, a word at a time; START waits while a record is written back.
    input  wire logic                  cfg_valid_i,
    output      logic                  cfg_ready_o,
    input  wire logic [CoreBits-1:0]   cfg_core_i,
    input  wire trine_pkg::set_up_t    cfg_i,
    input  wire logic                  cfg_active_i,     // the stream it is for runs
    // The stream that was picked.
    input  wire logic                  pick_valid_i,
    input  wire logic [CoreBits-1:0]   pick_core_i,
    input  wire logic                  pick_write_i,
    input  wire logic                  pick_unit_i,
    // The client, program or SAVE, and what clients ask for in the cycle after it.
    output      logic                  client_free_o,
    input  wire logic                  client_valid_i,
    input  wire logic [CoreBits-1:0]   client_core_i,
    input  wire logic                  client_write_i,
    input  wire logic [Cores*32-1:0]   fetch_offset_i,
    input  wire logic [Cores*5-1:0]    fetch_beats_i,
    input  wire logic [Cores*32-1:0]   save_offset_i,
    input  wire logic [Cores*64-1:0]   window_base_i,
    input  wire logic [Cores*32-1:0]   window_size_i,
    // What became of a stream's row.
    output      logic                  step_valid_o,
    output      logic [CoreBits+1:0]   step_stream_o,    // {core, write, unit}
    output      logic                  step_row_end_o,
    output      logic                  step_ends_o,      // the last row of the last sequence
    // Bursts.
    output      logic                  burst_valid_o,
    output      logic                  burst_write_o,
    output      trine_pkg::burst_t     burst_o,
    output      logic [63:0]           burst_addr_o,
    // Refused; the burst goes out dead.
    output      logic                  error_valid_o,
    output      logic [3:0]            error_core_o,
    output      logic [7:0]            error_code_o,
    output      logic [31:0]           error_value_o
);

  localparam int unsigned Streams = 4 << CoreBits;
  localparam int unsigned MemShift = $clog2(MemBytes);
  localparam int unsigned SlotBits = $clog2(XSlots);
  localparam int unsigned EntryBits = $clog2(TableEntries);
  localparam int unsigned TableBits = $clog2(Cores * TableEntries);
  localparam int unsigned RamBits = $clog2(WriterBytes / MemBytes);
  localparam logic [15:0] Burst = 16'(trine_pkg::BURST_BEATS);

  localparam int unsigned RunningBits = 114 + 2 * EntryBits + SlotBits;

  // The running half of a record.
  typedef struct packed {
    logic [31:0] at;                 // of the next beat, in the window
    logic [31:0] row;                // of the row's first
    logic [15:0] left;               // beats of the row; 0: it has not begun
    logic [30:0] steps;              // of the sequence; 0: the next one is to be looked up
    logic [EntryBits-1:0] entry;     // of the next sequence
    logic [EntryBits:0] sequences;   // that follow
    logic goes_on;                   // the next sequence, whatever the table says
    logic first;
    logic [SlotBits-1:0] slot;
  } running_t;

  logic                  one_valid_q, one_write_q, one_unit_q, client_valid_q, client_write_q;
  logic [CoreBits-1:0]   one_core_q, client_core_q;
  logic [CoreBits+1:0]   one_stream, cfg_stream;
  logic [31:0]           base, stride, shape, place;
  logic                  last_only;
  running_t              running, start, back;
  logic                  back_we, start_we;
  logic [63:0]           entry_word;
  logic                  is_start, is_table, table_we;
  logic [7:0]            cfg_we;

  // --- Records ---
  assign is_start = cfg_i.what == trine_pkg::SET_START;
  assign is_table = cfg_i.what[2:1] == 2'b11;
  assign cfg_stream = {cfg_core_i, cfg_i.write, cfg_i.unit};
  assign start_we = cfg_valid_i && is_start && !cfg_active_i && !back_we;
  assign cfg_ready_o = !is_start || !back_we;
  assign table_we = cfg_valid_i && is_table && 32'(cfg_i.index) < TableEntries;

  always_comb begin
    cfg_we = 8'd0;
    cfg_we[cfg_i.what] = cfg_valid_i && !cfg_active_i;
    start = '0;
    start.entry = cfg_i.data[EntryBits-1:0];
    start.sequences = cfg_i.data[16 +: EntryBits + 1];
    start.slot = cfg_i.index[SlotBits-1:0];
    start.goes_on = cfg_i.index[15];
  end

  assign one_stream = {one_core_q, one_write_q, one_unit_q};

  trine_ram_lut #(.Width(32), .Depth(Streams)) u_base (
      .clk_i, .we_i(cfg_we[trine_pkg::SET_BASE]), .waddr_i(cfg_stream), .wdata_i(cfg_i.data),
      .raddr_i(one_stream), .rdata_o(base)
  );
  trine_ram_lut #(.Width(32), .Depth(Streams)) u_stride (
      .clk_i, .we_i(cfg_we[trine_pkg::SET_STRIDE]), .waddr_i(cfg_stream), .wdata_i(cfg_i.data),
      .raddr_i(one_stream), .rdata_o(stride)
  );
  trine_ram_lut #(.Width(32), .Depth(Streams)) u_shape (
      .clk_i, .we_i(cfg_we[trine_pkg::SET_SHAPE]), .waddr_i(cfg_stream), .wdata_i(cfg_i.data),
      .raddr_i(one_stream), .rdata_o(shape)
  );
  trine_ram_lut #(.Width(32), .Depth(Streams)) u_place (
      .clk_i, .we_i(cfg_we[trine_pkg::SET_PLACE]), .waddr_i(cfg_stream), .wdata_i(cfg_i.data),
      .raddr_i(one_stream), .rdata_o(place)
  );
  trine_ram_lut #(.Width(1), .Depth(Streams)) u_last_only (
      .clk_i, .we_i(cfg_we[trine_pkg::SET_CHANNEL]), .waddr_i(cfg_stream),
      .wdata_i(cfg_i.data[8] && cfg_i.write), .raddr_i(one_stream), .rdata_o(last_only)
  );
  trine_ram_lut #(.Width(RunningBits), .Depth(Streams)) u_running (
      .clk_i, .we_i(start_we || back_we),
      .waddr_i(back_we ? {five_core_q, five_q.write, five_q.unit} : cfg_stream),
      .wdata_i(back_we ? back : start), .raddr_i(one_stream), .rdata_o(running)
  );
  trine_ram_1r1w #(.Width(64), .Depth(Cores * TableEntries)) u_table (
      .clk_i, .we_i(table_we), .waddr_i(TableBits'({cfg_core_i, cfg_i.index[EntryBits-1:0]})),
      .be_i(cfg_i.what[0] ? 8'hf0 : 8'h0f), .wdata_i({2{cfg_i.data}}),
      .re_i(one_valid_q), .raddr_i(TableBits'({one_core_q, running.entry})), .rdata_o(entry_word)
  );

  // --- 1: read ---
  logic [31:0] client_offset;
  logic [4:0]  client_beats;

  always_comb begin
    client_offset = '0;
    client_beats = 5'd1;
    for (int c = 0; c < Cores; c++) begin
      if (client_core_q == CoreBits'(c)) begin
        client_offset = client_write_q ? save_offset_i[c*32 +: 32] : fetch_offset_i[c*32 +: 32];
        if (!client_write_q) client_beats = fetch_beats_i[c*5 +: 5];
      end
    end
  end

  always_ff @(posedge clk_i) begin
    one_valid_q <= rst_ni && pick_valid_i;
    one_core_q <= pick_core_i;
    one_write_q <= pick_write_i;
    one_unit_q <= pick_unit_i;
    client_valid_q <= rst_ni && client_valid_i;
    client_core_q <= client_core_i;
    client_write_q <= client_write_i;
  end

  // What goes along. Of a writer's row `beats` are those of the whole row.
  typedef struct packed {
    logic valid, client, write, unit, last_only;
    logic [31:0] base, stride;
    logic [15:0] beats;
    logic [5:0] rest;
    running_t run;
  } going_t;

  going_t              two_q, three_q, four_q, five_q, four;
  logic [CoreBits-1:0] two_core_q, three_core_q, four_core_q, five_core_q;
  logic [31:0]         two_place_q;
  logic [RamBits-1:0]  three_ram_q, four_ram_q, five_ram_q, slot_ram;

  always_ff @(posedge clk_i) begin
    two_q.valid <= rst_ni && one_valid_q;
    two_q.client <= 1'b0;
    two_q.write <= one_write_q;
    two_q.unit <= one_unit_q;
    two_q.last_only <= last_only;
    two_q.base <= base;
    two_q.stride <= stride;
    two_q.beats <= one_write_q ? shape[15:0] : shape[31:16];
    two_q.rest <= 6'(shape[MemShift-1:0]);
    two_q.run <= running;
    two_core_q <= one_core_q;
    two_place_q <= place;
  end

  // --- 2: beats of a row, slot of a writer ---
  trine_slot_address #(.XSlots(XSlots), .Bits(RamBits)) u_slot (
      .base_i(two_place_q[RamBits-1:0]), .stride_i(two_place_q[16 +: RamBits]),
      .slot_i(4'(two_q.run.slot)), .addr_o(slot_ram)
  );

  always_ff @(posedge clk_i) begin
    three_q <= two_q;
    three_q.valid <= rst_ni && two_q.valid;
    if (two_q.write) three_q.beats <= 16'((17'(two_q.beats) + 17'(MemBytes - 1)) >> MemShift);
    if (two_q.last_only) three_q.stride <= 32'd0;
    three_core_q <= two_core_q;
    three_ram_q <= slot_ram;
  end

  assign client_free_o = !two_q.valid;

  // --- 3: where the row is; or what a client asks for ---
  logic        looks_up, four_empty_q;
  logic [31:0] looked_up;

  assign looks_up = three_q.run.steps == 31'd0;
  assign looked_up = three_q.base + entry_word[31:0];

  always_comb begin
    four = three_q;
    if (looks_up) begin
      four.run.at = looked_up;
      four.run.row = looked_up;
      four.run.steps = entry_word[62:32];
      four.run.first = !entry_word[63] && !three_q.run.goes_on;
      four.run.goes_on = 1'b0;
      four.run.entry = three_q.run.entry + 1'b1;
      four.run.sequences = three_q.run.sequences - 1'b1;
    end
    if (three_q.run.left == 16'd0) four.run.left = three_q.beats;
    if (client_valid_q) begin
      four.client = 1'b1;
      four.write = client_write_q;
      four.run.at = client_offset;
      four.run.left = 16'(client_beats);
      four.run.steps = 31'd1;
    end
  end

  always_ff @(posedge clk_i) begin
    four_q <= four;
    four_q.valid <= rst_ni && (three_q.valid || client_valid_q);
    four_empty_q <= looks_up && entry_word[62:32] == 31'd0;
    four_core_q <= client_valid_q ? client_core_q : three_core_q;
    four_ram_q <= three_ram_q;
  end

  // --- 4: at most a burst, cut at the page, and where it ends ---
  logic [15:0] burst_beats;
  logic [12:0] page;
  logic        skip, row_end, ends;
  logic [31:0] five_size_q;
  logic [32:0] five_end_q;
  logic [63:0] five_base_q;
  logic [4:0]  five_cut_q;
  logic        five_skip_q, five_empty_q, five_begins_q, five_row_end_q, five_ends_q;

  assign burst_beats = (four_q.run.left > Burst) ? Burst : four_q.run.left;
  assign page = (13'd4096 - {1'b0, four_q.run.at[11:0]}) >> MemShift;
  assign skip = four_q.write && four_q.last_only && !four_q.client && four_q.run.steps != 31'd1;
  assign row_end = skip || (four_q.run.left <= Burst && page >= 13'(burst_beats));
  assign ends = row_end && four_q.run.steps == 31'd1 && four_q.run.sequences == '0;

  always_ff @(posedge clk_i) begin
    five_q <= four_q;
    five_q.valid <= rst_ni && four_q.valid;
    five_core_q <= four_core_q;
    five_cut_q <= (page < 13'(burst_beats)) ? page[4:0] : burst_beats[4:0];
    five_row_end_q <= row_end;
    five_ends_q <= ends;
    five_begins_q <= four_q.run.left == four_q.beats;
    five_end_q <= {1'b0, four_q.run.at} + (33'(burst_beats) << MemShift);
    five_skip_q <= skip;
    five_empty_q <= four_empty_q && !four_q.client;
    five_size_q <= window_size_i[four_core_q*32 +: 32];
    five_base_q <= window_base_i[four_core_q*64 +: 64];
    five_ram_q <= RamBits'(16'(four_ram_q) + four_q.beats - four_q.run.left);
  end

  // --- 5: checked, out, and back ---
  logic        fits, bad;
  logic [31:0] next_row;

  assign fits = five_end_q <= {1'b0, five_size_q} && five_q.run.at[MemShift-1:0] == '0;
  assign bad = five_empty_q || (!fits && !five_skip_q);
  assign step_valid_o = five_q.valid && !five_q.client;
  assign step_stream_o = {five_core_q, five_q.write, five_q.unit};
  assign step_row_end_o = five_row_end_q;
  assign step_ends_o = five_ends_q;
  assign next_row = five_q.run.row + five_q.stride;
  assign back_we = five_q.valid && !five_q.client;

  always_comb begin
    back = five_q.run;
    if (five_row_end_q) begin
      back.at = next_row;
      back.row = next_row;
      back.left = 16'd0;
      back.steps = five_q.run.steps - 31'd1;
      back.first = 1'b0;
      back.slot = five_q.run.slot + 1'b1;
    end else begin
      back.at = five_q.run.at + (32'(five_cut_q) << MemShift);
      back.left = five_q.run.left - 16'(five_cut_q);
    end
    burst_o = '0;
    burst_o.dead = bad;
    burst_o.skip = five_skip_q;
    burst_o.client = five_q.client;
    burst_o.core = 4'(five_core_q);
    burst_o.unit = five_q.unit;
    burst_o.slot = 4'(five_q.run.slot);
    burst_o.first = five_q.run.first;
    burst_o.last = five_q.run.steps == 31'd1;
    burst_o.begins = five_begins_q;
    burst_o.row_end = five_row_end_q;
    burst_o.ends = five_ends_q;
    burst_o.beats = 4'(five_cut_q - 5'd1);
    burst_o.ram = 16'(five_ram_q);
    burst_o.rest = five_q.rest;
  end

  assign burst_valid_o = five_q.valid;
  assign burst_write_o = five_q.write;
  assign burst_addr_o = five_base_q + {32'd0, five_q.run.at};
  assign error_valid_o = five_q.valid && bad;
  assign error_core_o = 4'(five_core_q);
  assign error_code_o = five_empty_q ? trine_pkg::ERR_LOCAL_ADDRESS : trine_pkg::ERR_WINDOW;
  assign error_value_o = five_q.run.at;

  logic unused;
  assign unused = &{1'b0, two_place_q, five_q, cfg_we};

  `TRINE_ASSERT(a_start_at_rest, !rst_ni || !cfg_valid_i || !is_start || !cfg_active_i)
  `TRINE_ASSERT(a_client_has_place, !rst_ni || !client_valid_q || !three_q.valid)
  `TRINE_ASSERT(a_inside_page, !rst_ni || !five_q.valid || bad || five_skip_q
                || {1'b0, five_q.run.at[11:0]} + (13'(five_cut_q) << MemShift) <= 13'd4096)

endmodule

`default_nettype wire
