// SPDX-License-Identifier: Apache-2.0
// trine_rows: a core's side of its memory streams, which the front end walks: the words of READ,
// WRITE and TABLE on their way there, whether the next row may begin, and what became of rows.
//
// A word goes out as it comes; while one stands here (busy_o) the next is not taken, and comes
// again. START follows when the operation has been checked, with the slot the channel is at. row_i
// of a reader claims its next slot, of a writer takes the next vector; use_i gives the oldest
// vector taken back. Both stay until the channel table has a turn for them. A level tells what is
// left after all claims of more than two cycles ago.
//
// cycle         0      1      2      3
// we_i          A      .      .      .
// cfg_valid_o   .      A      .      .       until cfg_ready_i
// row_i         R      .      .      .
// claim_valid_o R      .      .      .       until claim_ready_i
// room_o        1      1      .      .       no room left
`default_nettype none
`include "trine_assert.svh"

module trine_rows #(
    parameter int unsigned XSlots = 4,
    parameter int unsigned TableEntries = 512,
    localparam int unsigned Readers = trine_pkg::READERS,
    localparam int unsigned Writers = trine_pkg::WRITERS,
    localparam int unsigned SlotBits = $clog2(XSlots),
    localparam int unsigned EntryBits = 4 + SlotBits
) (
    input  wire logic                        clk_i,
    input  wire logic                        rst_ni,
    input  wire logic                        flush_i,
    // Program: word index_i of a READ, WRITE or TABLE as it is taken; later the operation is done.
    input  wire logic                        we_i,
    input  wire logic [7:0]                  op_i,
    input  wire logic [6:0]                  index_i,
    input  wire logic [31:0]                 word_i,
    input  wire logic                        unit_i,
    input  wire logic [15:0]                 table_index_i,
    input  wire logic                        read_i,
    input  wire logic                        write_i,
    input  wire logic [31:0]                 sequences_i,     // of the READ or WRITE
    input  wire trine_pkg::repeat_t          repeat_i,
    output      logic                        busy_o,
    // To the front end.
    output      logic                        cfg_valid_o,
    input  wire logic                        cfg_ready_i,
    output      trine_pkg::set_up_t          cfg_o,
    output      logic [Readers-1:0]          room_o,
    output      logic [Writers-1:0]          complete_o,
    input  wire logic [Writers+Readers-1:0]  row_i,           // {writers, readers}
    input  wire logic [Writers-1:0]          use_i,
    input  wire logic [Writers+Readers-1:0]  active_i,
    // Channel table.
    output      logic [Readers*4-1:0]        room_channel_o,
    input  wire logic [Readers-1:0]          room_i,
    input  wire logic [Readers-1:0]          room_comes_i,    // from the next cycle on
    input  wire logic [Readers*SlotBits-1:0] room_slot_i,     // claimed next
    output      logic [Writers*4-1:0]        want_channel_o,
    input  wire logic [Writers-1:0]          complete_i,
    input  wire logic [Writers-1:0]          complete_comes_i,
    input  wire logic [Writers*SlotBits-1:0] want_slot_i,     // taken next
    output      logic                        claim_valid_o,
    input  wire logic                        claim_ready_i,
    output      logic [EntryBits-1:0]        claim_entry_o,
    output      logic [Writers-1:0]          take_o,
    output      logic                        use_valid_o,
    input  wire logic                        use_ready_i,
    output      logic [EntryBits-1:0]        use_entry_o,
    output      logic [Writers+Readers-1:0]  active_o
);

  localparam int unsigned CountBits = SlotBits + 1;

  logic                       is_read, is_write, is_table, is_first, table_part, starts;
  logic [2:0]                 what;
  logic [31:0]                moved;
  logic [SlotBits-1:0]        start_slot;
  logic [Writers+Readers-1:0] starting_q, start;
  logic [Readers*4-1:0]       read_channel_q;
  logic [Writers*4-1:0]       write_channel_q;

  // --- Words to the front end ---
  assign is_read = op_i == trine_records_pkg::OP_READ;
  assign is_write = op_i == trine_records_pkg::OP_WRITE;
  assign is_table = op_i == trine_records_pkg::OP_TABLE;
  assign is_first = index_i == 7'd1;
  assign table_part = index_i[0];
  assign starts = read_i || write_i;

  always_comb begin
    case (index_i[2:0])
      3'd1: what = trine_pkg::SET_CHANNEL;
      3'd2: what = trine_pkg::SET_BASE;
      3'd3: what = trine_pkg::SET_STRIDE;
      3'd4: what = trine_pkg::SET_SHAPE;
      default: what = trine_pkg::SET_PLACE;
    endcase
  end

  // A REPEAT moves the bases.
  always_comb begin
    moved = '0;
    if (!is_table && index_i == 7'd2) moved = is_write ? repeat_i.write : repeat_i.read;
  end

  assign start_slot = write_i ? want_slot_i[unit_i*SlotBits +: SlotBits]
                              : room_slot_i[unit_i*SlotBits +: SlotBits];

  logic unused;
  assign unused = repeat_i.valid;

  // The fifth word waits for START; what READ has beyond it is 0.
  logic takes;

  always_comb begin
    if (is_table) takes = we_i && !busy_o && !is_first && 32'(table_index_i) < TableEntries;
    else takes = we_i && !busy_o && index_i != 7'd5 && index_i < (is_write ? 7'd7 : 7'd5);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) cfg_valid_o <= 1'b0;
    else if (takes || starts) cfg_valid_o <= 1'b1;
    else if (cfg_ready_i) cfg_valid_o <= 1'b0;
    if (!busy_o) begin
      cfg_o.write <= starts ? write_i : is_write;
      cfg_o.unit <= (!starts && is_first) ? word_i[0] : unit_i;
      cfg_o.data <= starts ? sequences_i : word_i + moved;
      if (starts) begin
        cfg_o.what <= trine_pkg::SET_START;
        cfg_o.index <= {repeat_i.goes_on, 15'(start_slot)};
      end else begin
        cfg_o.what <= !is_table ? what : table_part ? trine_pkg::SET_TABLE_LENGTH
                                                    : trine_pkg::SET_TABLE_OFFSET;
        cfg_o.index <= table_index_i;
      end
    end
  end

  assign busy_o = cfg_valid_o && !cfg_ready_i;

  // --- Streams ---
  always_comb begin
    start = '0;
    start[{write_i, unit_i}] = starts;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) starting_q <= '0;
    else starting_q <= (starting_q | start) & ~active_i;
    for (int n = 0; n < Readers; n++) begin
      if (we_i && is_first && is_read && word_i[0] == 1'(n) && !active_o[n]) begin
        read_channel_q[4*n +: 4] <= word_i[7:4];
      end
      if (we_i && is_first && is_write && word_i[0] == 1'(n) && !active_o[Readers+n]) begin
        write_channel_q[4*n +: 4] <= word_i[7:4];
      end
    end
  end

  assign active_o = active_i | starting_q;
  assign room_channel_o = read_channel_q;
  assign want_channel_o = write_channel_q;
  assign take_o = row_i[Readers +: Writers];

  // --- Claims of readers, a flag each ---
  logic [Readers-1:0] claim, claim_q, claimed;

  assign claim = claim_q | row_i[Readers-1:0];
  assign claim_valid_o = |claim;
  assign claimed = claim_ready_i ? claim & ~(claim - 1'b1) : '0;

  always_comb begin
    claim_entry_o = '0;
    for (int n = Readers - 1; n >= 0; n--) begin
      if (claim[n]) begin
        claim_entry_o = {read_channel_q[4*n +: 4], room_slot_i[n*SlotBits +: SlotBits]};
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) claim_q <= '0;
    else claim_q <= claim & ~claimed;
    room_o <= (room_i | room_comes_i) & ~claim;
    complete_o <= (complete_i | complete_comes_i) & ~take_o;
  end

  // --- Uses of writers, a count each: several of one may come close together ---
  logic [Writers-1:0]           wants, used;
  logic [Writers*CountBits-1:0] count_q;
  logic [Writers*SlotBits-1:0]  slot_q;

  assign use_valid_o = |wants;
  assign used = use_ready_i ? wants & ~(wants - 1'b1) : '0;

  always_comb begin
    use_entry_o = '0;
    for (int n = Writers - 1; n >= 0; n--) begin
      wants[n] = use_i[n] || count_q[n*CountBits +: CountBits] != '0;
    end
    for (int n = Writers - 1; n >= 0; n--) begin
      if (wants[n]) use_entry_o = {write_channel_q[4*n +: 4], slot_q[n*SlotBits +: SlotBits]};
    end
  end

  always_ff @(posedge clk_i) begin
    for (int n = 0; n < Writers; n++) begin
      if (!rst_ni || flush_i) count_q[n*CountBits +: CountBits] <= '0;
      else begin
        count_q[n*CountBits +: CountBits] <= count_q[n*CountBits +: CountBits]
                                             + CountBits'(use_i[n]) - CountBits'(used[n]);
      end
      if (start[Readers+n]) slot_q[n*SlotBits +: SlotBits] <= want_slot_i[n*SlotBits +: SlotBits];
      else if (used[n]) begin
        slot_q[n*SlotBits +: SlotBits] <= slot_q[n*SlotBits +: SlotBits] + 1'b1;
      end
    end
  end

  `TRINE_ASSERT(a_word_has_place, !rst_ni || flush_i || !(takes || starts) || !busy_o)
  `TRINE_ASSERT(a_claim_once, !rst_ni || flush_i || (claim_q & row_i[Readers-1:0]) == '0)

endmodule

`default_nettype wire
