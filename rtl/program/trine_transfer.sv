// SPDX-License-Identifier: Apache-2.0
// trine_transfer: the LOAD and SAVE operations: moves words or beats between the fetch unit, the
// local buffers and the front end.
//
// load_i (pulse, when the fetch unit is idle) starts a LOAD, save_i a SAVE; addr_i and count_i are
// in the unit of the target and were checked by the program. busy_o until the last item leaves for
// its buffer, where it is a cycle later, or its write request was taken. Weights go in at a beat a
// cycle, all else at most a 32-bit word a cycle (a parameter row is four words, a SAVE entry about
// four cycles).
//
// cycle            0       1       2       3             SAVE of one entry, 4-byte memory
// state            Read    Wait    Take    Ask           until wr_ready_i, with the data
// state_re_o       1       .       .       .       .
// wr_valid_o       .       .       .       1       .
`default_nettype none
`include "trine_assert.svh"

module trine_transfer #(
    parameter int unsigned MemBytes = 8,
    parameter int unsigned WordBytes = 64,     // weight word
    parameter int unsigned AddrBits = 32,      // of any buffer, in what it is addressed by here
    parameter int unsigned CountBits = 32,     // of what is fetched for it
    localparam int unsigned BeatsAWord = WordBytes / MemBytes,
    localparam int unsigned BankBits = (BeatsAWord > 1) ? $clog2(BeatsAWord) : 1
) (
    input  wire logic                             clk_i,
    input  wire logic                             rst_ni,
    input  wire logic                             flush_i,
    input  wire logic                             load_i,
    input  wire logic                             save_i,
    input  wire logic [1:0]                       target_i,
    input  wire logic [AddrBits-1:0]              addr_i,
    input  wire logic [CountBits-1:0]             count_i,
    input  wire logic [31:0]                      offset_i,    // bytes in the window
    output      logic                             busy_o,
    output      logic                             bad_o,       // a word of a parameter row
    // Fetch unit.
    output      logic                             fetch_start_o,
    output      logic                             fetch_beats_o,
    output      logic [CountBits-1:0]             fetch_count_o,
    input  wire logic                             word_valid_i,
    output      logic                             word_ready_o,
    input  wire logic [31:0]                      word_i,
    input  wire logic                             beat_valid_i,
    input  wire logic [MemBytes*8-1:0]            beat_i,
    // Weight buffer: a word, and which of its beats.
    output      logic                             weight_we_o,
    output      logic [31:0]                      weight_waddr_o,
    output      logic [BankBits-1:0]              weight_bank_o,
    output      logic [MemBytes*8-1:0]            beat_o,
    // Parameters.
    output      logic                             param_we_o,
    output      logic [15:0]                      param_row_o,
    output      logic [trine_pkg::PARAM_BITS-1:0] param_data_o,
    // Rings.
    output      logic                             ring_valid_o,
    input  wire logic                             ring_ready_i,
    output      logic [31:0]                      ring_addr_o,   // of word_i
    // State.
    output      logic                             state_we_o,
    output      logic [15:0]                      state_waddr_o,
    output      logic [15:0]                      state_wdata_o,
    output      logic                             state_re_o,
    output      logic [15:0]                      state_raddr_o,
    input  wire logic [23:0]                      state_rdata_i,
    // Front end: the request, with its data.
    output      logic                             wr_valid_o,
    input  wire logic                             wr_ready_i,
    output      logic [31:0]                      wr_offset_o,
    output      logic [MemBytes*8-1:0]            wr_data_o,
    output      logic [MemBytes-1:0]              wr_strb_o
);

  localparam int unsigned EntriesABeat = MemBytes / 4;

  typedef enum logic [2:0] {StIdle, StLoad, StRead, StWait, StTake, StAsk} state_e;

  state_e                state_q;
  logic [1:0]            target_q, part_q;
  logic [AddrBits-1:0]   addr_q;
  logic [BankBits-1:0]   bank_q;  // of the next beat of weights
  logic [CountBits-1:0]  left_q;
  logic [31:0]           offset_q, bias_q;
  logic [30:0]           mult_q;
  logic [4:0]            fill_q;
  logic [MemBytes*8-1:0] beat_q;
  logic [MemBytes-1:0]   strb_q;
  logic                  step, whole_item, last_bank, to_ring, row_bad;

  always_comb begin
    case (target_i)
      trine_records_pkg::LOAD_WEIGHTS: begin
        fetch_count_o = CountBits'(trine_pkg::times(32'(count_i), BeatsAWord));
      end
      trine_records_pkg::LOAD_PARAMS: fetch_count_o = count_i << 2;
      trine_records_pkg::LOAD_VECTOR: fetch_count_o = count_i >> 2;
      default: fetch_count_o = count_i;
    endcase
  end

  assign fetch_start_o = load_i;
  assign fetch_beats_o = target_i == trine_records_pkg::LOAD_WEIGHTS;
  assign busy_o = state_q != StIdle;

  assign word_ready_o = state_q == StLoad
                        && (!to_ring || ring_ready_i);
  assign step = state_q == StLoad && (beat_valid_i || (word_valid_i && word_ready_o));
  assign last_bank = bank_q == BankBits'(BeatsAWord - 1);

  always_comb begin
    case (target_q)
      trine_records_pkg::LOAD_WEIGHTS: whole_item = last_bank;
      trine_records_pkg::LOAD_PARAMS: whole_item = part_q == 2'd3;
      default: whole_item = 1'b1;
    endcase
  end

  // A multiplier has 31 bits, a shift is -31..31, the fourth word is 0.
  assign row_bad = (part_q == 2'd1 && word_i[31]) || (part_q == 2'd3 && word_i != 32'd0)
                   || (part_q == 2'd2 && (word_i[31:5] != {27{word_i[5]}}
                                          || word_i[5:0] == 6'h20));
  assign bad_o = step && target_q == trine_records_pkg::LOAD_PARAMS && row_bad;
  assign to_ring = target_q == trine_records_pkg::LOAD_VECTOR;
  assign ring_valid_o = state_q == StLoad && to_ring && word_valid_i;
  assign ring_addr_o = 32'(addr_q);
  assign state_re_o = state_q == StRead;
  assign state_raddr_o = 16'(addr_q);
  assign wr_valid_o = state_q == StAsk;
  assign wr_offset_o = offset_q;
  assign wr_data_o = beat_q;
  assign wr_strb_o = strb_q;

  // What is written goes to the buffers from registers, which stand far from here.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      weight_we_o <= 1'b0;
      param_we_o <= 1'b0;
      state_we_o <= 1'b0;
    end else begin
      weight_we_o <= state_q == StLoad && beat_valid_i;
      param_we_o <= step && target_q == trine_records_pkg::LOAD_PARAMS && part_q == 2'd3;
      state_we_o <= step && target_q == trine_records_pkg::LOAD_STATE;
    end
    weight_waddr_o <= 32'(addr_q);
    weight_bank_o <= bank_q;
    beat_o <= beat_i;
    param_row_o <= 16'(addr_q);
    state_waddr_o <= 16'(addr_q);
    state_wdata_o <= word_i[15:0];
  end

  logic [5:0] shift_q;
  assign param_data_o = {3'd0, shift_q, mult_q, bias_q};

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) state_q <= StIdle;
    else begin
      case (state_q)
        StIdle: begin
          if (load_i) state_q <= StLoad;
          else if (save_i) state_q <= StRead;
        end
        StLoad: if (step && left_q == CountBits'(1)) state_q <= StIdle;
        StRead: state_q <= StWait;
        StWait: state_q <= StTake;
        StTake: begin
          if (32'(fill_q) == EntriesABeat - 1 || left_q == CountBits'(1)) state_q <= StAsk;
          else state_q <= StRead;
        end
        StAsk: if (wr_ready_i) state_q <= (left_q == '0) ? StIdle : StRead;
        default: state_q <= StIdle;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == StIdle) begin
      target_q <= target_i;
      addr_q <= addr_i;
      bank_q <= '0;
      left_q <= load_i ? fetch_count_o : count_i;
      offset_q <= offset_i;
      part_q <= 2'd0;
      fill_q <= 5'd0;
      strb_q <= '0;
    end else if (state_q == StLoad) begin
      if (step) begin
        left_q <= left_q - CountBits'(1);
        part_q <= part_q + 2'd1;
        bank_q <= last_bank ? '0 : bank_q + 1'b1;
        if (whole_item) addr_q <= addr_q + AddrBits'(to_ring ? 4 : 1);
        if (part_q == 2'd0) bias_q <= word_i;
        if (part_q == 2'd1) mult_q <= word_i[30:0];
        if (part_q == 2'd2) shift_q <= word_i[5:0];
      end
    end else if (state_q == StTake) begin
      beat_q[32'(fill_q) * 32 +: 32] <= {8'd0, state_rdata_i[23:16], state_rdata_i[15:0]};
      strb_q[32'(fill_q) * 4 +: 4] <= 4'hf;
      fill_q <= fill_q + 5'd1;
      addr_q <= addr_q + AddrBits'(1);
      left_q <= left_q - CountBits'(1);
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

  `TRINE_ASSERT(a_one_at_a_time, !rst_ni || flush_i || !(load_i || save_i)
      || (state_q == StIdle && !(load_i && save_i)))
  `TRINE_ASSERT(a_has_items, !rst_ni || flush_i || !(load_i || save_i)
      || (load_i ? fetch_count_o : count_i) != '0)
  `TRINE_ASSERT(a_busy_to_the_last, !rst_ni || state_q == StIdle || state_q == StAsk
      || left_q != '0)
  `TRINE_ASSERT(a_beat_has_place, !rst_ni || flush_i || !beat_valid_i || state_q == StLoad)
  `TRINE_ASSERT(a_beats_are_weights, !rst_ni || !step
      || beat_valid_i == (target_q == trine_records_pkg::LOAD_WEIGHTS))
  `TRINE_ASSERT(a_beat_is_open, !rst_ni || state_q != StTake || 32'(fill_q) < EntriesABeat)
  `TRINE_ASSERT(a_request_held, !rst_ni || !waits_q
      || (wr_valid_o && wr_offset_o == waits_offset_q))

endmodule

`default_nettype wire
