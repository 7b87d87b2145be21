// SPDX-License-Identifier: Apache-2.0
// trine_pkg: constants, record types and arithmetic helpers shared by all blocks.
// Field widths are the widest any configuration needs; a block uses the low bits it has room for.
`default_nettype none

package trine_pkg;

  // Sizes that are the same in every configuration.
  localparam int unsigned CHANNELS = 16;  // a domain
  localparam int unsigned READERS = 2;    // memory readers a core
  localparam int unsigned WRITERS = 2;    // memory writers a core
  localparam int unsigned BURST_BEATS = 16;
  localparam int unsigned PARAM_BITS = 72;  // bias 32, multiplier 31, shift 6, and 3 unused

  // Computing modes: checked by the controller and reported, never used to schedule.
  localparam logic [1:0] MODE_SINGLE = 2'd0;
  localparam logic [1:0] MODE_MULTITHREADING = 2'd1;
  localparam logic [1:0] MODE_HELPER = 2'd2;
  localparam logic [1:0] MODE_HYBRID = 2'd3;

  // Program header (docs/programmers_guide.md).
  localparam logic [31:0] PROGRAM_MAGIC = 32'h454e_5254;  // "TRNE"
  localparam logic [31:0] PROGRAM_VERSION = 32'd3;

  // Error codes, as ERROR_CODE reports them.
  localparam logic [7:0] ERR_NONE = 8'd0;
  localparam logic [7:0] ERR_MASK_EMPTY = 8'd1;
  localparam logic [7:0] ERR_CORE_MISSING = 8'd2;
  localparam logic [7:0] ERR_CORE_BUSY = 8'd3;
  localparam logic [7:0] ERR_CORE_QUARANTINED = 8'd4;
  localparam logic [7:0] ERR_MODE = 8'd5;
  localparam logic [7:0] ERR_MODE_CORES = 8'd6;
  localparam logic [7:0] ERR_WINDOW_ALIGN = 8'd7;
  localparam logic [7:0] ERR_WINDOW_SIZE = 8'd8;
  localparam logic [7:0] ERR_PROGRAM_ADDRESS = 8'd9;
  localparam logic [7:0] ERR_NOT_KEPT = 8'd10;
  localparam logic [7:0] ERR_NOT_REPEATABLE = 8'd11;
  localparam logic [7:0] ERR_MAGIC = 8'd16;
  localparam logic [7:0] ERR_VERSION = 8'd17;
  localparam logic [7:0] ERR_HEADER_CRC = 8'd18;
  localparam logic [7:0] ERR_PROGRAM_MODE = 8'd19;
  localparam logic [7:0] ERR_RANKS = 8'd20;
  localparam logic [7:0] ERR_CONFIG_HASH = 8'd21;
  localparam logic [7:0] ERR_LIST = 8'd22;
  localparam logic [7:0] ERR_LIST_CRC = 8'd23;
  localparam logic [7:0] ERR_OP = 8'd24;
  localparam logic [7:0] ERR_OP_LENGTH = 8'd25;
  localparam logic [7:0] ERR_RESERVED = 8'd26;
  localparam logic [7:0] ERR_FIELD = 8'd27;
  localparam logic [7:0] ERR_LOCAL_ADDRESS = 8'd28;
  localparam logic [7:0] ERR_PUBLISHER = 8'd29;
  localparam logic [7:0] ERR_NOT_RESIDENT = 8'd30;
  localparam logic [7:0] ERR_SETUP = 8'd31;
  localparam logic [7:0] ERR_WINDOW = 8'd32;
  localparam logic [7:0] ERR_BUS_READ = 8'd33;
  localparam logic [7:0] ERR_BUS_WRITE = 8'd34;
  localparam logic [7:0] ERR_PARITY = 8'd35;
  localparam logic [7:0] ERR_WATCHDOG = 8'd36;
  localparam logic [7:0] ERR_OVERRUN = 8'd37;
  localparam logic [7:0] ERR_ABORTED = 8'd38;

  // Lost-cycle causes, the index of a core's counter (docs/architecture.md).
  localparam int unsigned COUNTERS = 10;
  localparam logic [3:0] COUNT_CYCLES = 4'd0;
  localparam logic [3:0] COUNT_MAC = 4'd1;
  localparam logic [3:0] COUNT_INPUT = 4'd2;
  localparam logic [3:0] COUNT_H = 4'd3;
  localparam logic [3:0] COUNT_ROOM = 4'd4;
  localparam logic [3:0] COUNT_TAIL = 4'd5;
  localparam logic [3:0] COUNT_BUS = 4'd6;
  localparam logic [3:0] COUNT_MEMORY = 4'd7;
  localparam logic [3:0] COUNT_IDLE = 4'd8;
  localparam logic [3:0] COUNT_SWITCH = 4'd9;

  // What a program waits for (trine_threads), or how it ended.
  localparam logic [3:0] STAGE_NONE = 4'd0;
  localparam logic [3:0] STAGE_START = 4'd1;   // the unit
  localparam logic [3:0] STAGE_HEAD = 4'd2;    // words of its header
  localparam logic [3:0] STAGE_BLOCK = 4'd3;   // words of its next block
  localparam logic [3:0] STAGE_WAIT = 4'd4;    // the same; it goes on when its slot is quiet
  localparam logic [3:0] STAGE_GO = 4'd5;      // the unit, for an operation of its block
  localparam logic [3:0] STAGE_STOP = 4'd6;    // the same behind what was asked for of its list
  localparam logic [3:0] STAGE_LOAD = 4'd7;    // what is loaded
  localparam logic [3:0] STAGE_AGAIN = 4'd8;   // the unit, to repeat its last block
  localparam logic [3:0] STAGE_END = 4'd9;     // that nothing of its slot is on its way
  localparam logic [3:0] STAGE_DONE = 4'd10;
  localparam logic [3:0] STAGE_ERROR = 4'd11;
  localparam logic [3:0] STAGE_HOLD = 4'd12;   // that its slot is quiet: a checked block is next

  // One phase of a context on its way through the tail: the h part or x part of one LSTM step, in
  // either order, or a dense step. Its groups follow in order. What stays the same in every phase
  // of a context, and only the tail needs, is there by context.
  typedef struct packed {
    logic dense;
    logic h_part;             // for views; the tail asks for the order alone
    logic second;             // its step's other part came before
    logic [3:0] ctx;
    logic [15:0] groups;      // row groups, >= 1
    logic [15:0] units;       // valid units (LSTM) or rows (dense) of the slice, >= 1
    logic [15:0] first_unit;  // place of the slice in the layer's output vector, bytes
    logic [15:0] param_base;  // beat of TailRows rows of the first group
    logic [15:0] pre_base;    // unit index in the pre-activation buffer
    logic [15:0] state_addr;  // entry of the slice's first unit in the state buffer
    logic use_cell;           // 0: c(t-1) is 0
    logic first;              // marks of this step
    logic last;
    logic [3:0] channel;      // published on
    logic [3:0] slot;
    logic [7:0] zero_point;   // int8
  } phase_t;

  // One beat (TailRows rows) on its way through the tail. At most 64 bits: a wider vector would be
  // an array in the simulator.
  typedef struct packed {
    logic dense;
    logic second;             // the step's other part is in the pre-activations
    logic live;               // the unit, or the first row, exists
    logic unit_end;           // last rows of a unit
    logic phase_end;          // last beat of the phase
    logic complete;           // with it a bus word is complete
    logic write;              // store: pre-activation (first half), c and h (last rows of a second)
    logic use_cell;           // of its phase, as the next five
    logic first;
    logic last;
    logic [3:0] ctx;
    logic [3:0] channel;
    logic [3:0] slot;
    logic [1:0] part;         // LSTM: which rows of the unit, part * TailRows ...; dense: rows that
                              // exist besides the first
    logic [15:0] place;       // of the unit or first row in the layer's vector, bytes
    logic [15:0] state_addr;
  } beat_t;

  // How a core starts: all 0 for START; a REPEAT says what its last block does otherwise.
  typedef struct packed {
    logic valid;              // a REPEAT
    logic goes_on;            // the first sequence goes on from the step before
    logic [31:0] read;        // added to the bases of READ, of WRITE
    logic [31:0] write;
  } repeat_t;
  localparam int unsigned REPEAT_BITS = 66;

  // What a core tells the front end: a word of READ, WRITE or TABLE, as it comes.
  localparam logic [2:0] SET_CHANNEL = 3'd0;       // first word: channel, last only
  localparam logic [2:0] SET_BASE = 3'd1;
  localparam logic [2:0] SET_STRIDE = 3'd2;
  localparam logic [2:0] SET_SHAPE = 3'd3;         // words and beats, or bytes, of a row
  localparam logic [2:0] SET_START = 3'd4;         // sequences; the operation is carried out
  localparam logic [2:0] SET_PLACE = 3'd5;         // slots in the writers' RAM
  localparam logic [2:0] SET_TABLE_OFFSET = 3'd6;
  localparam logic [2:0] SET_TABLE_LENGTH = 3'd7;
  typedef struct packed {
    logic [2:0] what;
    logic write;              // WRITE
    logic unit;               // which reader or writer of the core
    logic [15:0] index;       // table entry; of START {goes on, slot of the first row}
    logic [31:0] data;
  } set_up_t;
  localparam int unsigned SET_UP_BITS = 53;

  // A burst on its way from the walk to memory; its address goes beside it.
  typedef struct packed {
    logic dead;               // refused: it only counts
    logic skip;               // a row that is not written
    logic client;             // of the program or SAVE
    logic [3:0] core;
    logic unit;
    logic [3:0] slot;
    logic first;              // marks of the row's step
    logic last;
    logic begins;             // first and last burst of its row
    logic row_end;
    logic ends;               // and of its stream
    logic [3:0] beats;        // less one
    logic [15:0] ram;         // first beat in the writers' RAM of the core
    logic [5:0] rest;         // bytes in the last beat of the row; 0: all
  } burst_t;
  localparam int unsigned BURST_BITS = 43;

  // Saturation of an 18-bit number to int16.
  function automatic logic signed [15:0] sat16(input logic signed [17:0] value);
    if (value[17:15] == 3'b000 || value[17:15] == 3'b111) sat16 = value[15:0];
    else sat16 = value[17] ? -16'sd32768 : 16'sd32767;
  endfunction

  // Saturation of an 18-bit number to int8.
  function automatic logic signed [7:0] sat8(input logic signed [17:0] value);
    if (value[17:7] == '0 || value[17:7] == '1) sat8 = value[7:0];
    else sat8 = value[17] ? -8'sd128 : 8'sd127;
  endfunction

  // Clamp of an 18-bit number into [low, high], int8.
  function automatic logic [7:0] clamp8(input logic signed [17:0] value, input logic [7:0] low,
                                        input logic [7:0] high);
    if (value < $signed({{10{low[7]}}, low})) clamp8 = low;
    else if (value > $signed({{10{high[7]}}, high})) clamp8 = high;
    else clamp8 = value[7:0];
  endfunction

  // Rounding shift, first half: bits 32:1 are floor(z / 2^n), bit 0 the half bit below (0 for
  // n = 0), bit 33 whether any bit below that one is set: those that the two steps drop.
  function automatic logic [33:0] shift_half(input logic signed [31:0] z, input logic [4:0] n);
    logic signed [32:0] wide, eights, ones;
    logic [7:0] dropped;
    logic rest;
    wide = {z, 1'b0};
    eights = wide >>> {n[4:3], 3'd0};
    ones = eights >>> n[2:0];
    dropped = eights[7:0] & ~(8'hff << n[2:0]);
    case (n[4:3])
      2'd0: rest = |dropped;
      2'd1: rest = |{dropped, wide[7:0]};
      2'd2: rest = |{dropped, wide[15:0]};
      default: rest = |{dropped, wide[23:0]};
    endcase
    shift_half = {rest, ones};
  endfunction

  // Rounding shift, second half: to nearest, ties away from zero, saturated to `bits` bits (2..32).
  // half and rest are shift_half's. What saturates is decided before the rounding:
  // one more than the highest is the highest, and one more than just below the lowest the lowest.
  function automatic logic signed [31:0] round_sat(input logic [32:0] half, input logic rest,
                                                   input int unsigned bits);
    logic signed [32:0] above;
    logic [31:0] ones;
    above = $signed(half) >>> bits;
    ones = half[32:1] | (32'hffff_ffff << (bits - 1));
    if (!half[32] && (above != 33'sd0 || (&ones))) round_sat = ~(32'hffff_ffff << (bits - 1));
    else if (half[32] && above != -33'sd1) round_sat = 32'hffff_ffff << (bits - 1);
    else round_sat = $signed(half[32:1]) + $signed({31'd0, half[0] && (!half[32] || rest)});
  endfunction

  // CRC-32 (reflected polynomial 0xEDB88320, as in zlib), one little-endian word a call.
  // The caller starts with all ones and inverts the result.
  function automatic logic [31:0] crc32_word(input logic [31:0] crc, input logic [31:0] word);
    logic [31:0] value;
    value = crc ^ word;
    for (int i = 0; i < 32; i++) begin
      value = value[0] ? ((value >> 1) ^ 32'hedb8_8320) : (value >> 1);
    end
    crc32_word = value;
  endfunction

  // Value times a constant, by adders: Yosys takes multipliers for it, and there are few.
  function automatic logic [31:0] times(input logic [31:0] value, input int unsigned factor);
    times = 32'd0;
    for (int i = 0; i < 32; i++) begin
      if (factor[i]) times = times + (value << i);
    end
  endfunction

  // Index of the lowest one; 0 if there is none.
  function automatic logic [4:0] lowest_one(input logic [31:0] bits);
    lowest_one = 5'd0;
    for (int i = 31; i >= 0; i--) begin
      if (bits[i]) lowest_one = 5'(i);
    end
  endfunction

endpackage

`default_nettype wire
