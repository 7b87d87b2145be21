// SPDX-License-Identifier: Apache-2.0
// trine_uart_bridge: a serial line to registers (AXI4-Lite master) and shared memory (word port).
//
// One request at a time, as docs/uart_protocol.md has it. Bytes that come while a request is
// carried out or answered are dropped. A byte with a damaged stop bit counts as one, and spoils its
// frame. There is no time limit: only what follows on the line, or reset, ends a frame. Memory: a
// word read or written in one cycle, four cycles from a read to its data. Valid lines to AXI and
// memory come from registers.
//
// cycle      0        7         8       ..       n      n+1    n+2    n+3     (bytes, then cycles)
// rx byte    command  count     data    ..       check  .      .      .
// state_q    Command  Head      Data    ..       Check  Access Status Bytes, Sum, Command
// axi ar/aw  .        .         .       ..       .      1      .      .       R, W
// mem_we_o   .        .         a word  ..       .      .      .      .       w
// tx byte    .        .         .       ..       .      .      A      data, check
`default_nettype none
`include "trine_assert.svh"

module trine_uart_bridge #(
    parameter int unsigned ClocksPerBit = 25,     // cycles, 4..65535
    parameter int unsigned MemoryBytes = 131072,  // a multiple of 4096, to 2^30
    localparam int unsigned AddrBits = $clog2(MemoryBytes) - 2
) (
    input  wire logic                clk_i,
    input  wire logic                rst_ni,
    // Serial line.
    input  wire logic                rx_i,
    output      logic                tx_o,
    // AXI4-Lite master.
    output      logic                m_awvalid_o,
    input  wire logic                m_awready_i,
    output      logic [16:0]         m_awaddr_o,
    output      logic                m_wvalid_o,
    input  wire logic                m_wready_i,
    output      logic [31:0]         m_wdata_o,
    input  wire logic                m_bvalid_i,
    output      logic                m_bready_o,
    input  wire logic [1:0]          m_bresp_i,
    output      logic                m_arvalid_o,
    input  wire logic                m_arready_i,
    output      logic [16:0]         m_araddr_o,
    input  wire logic                m_rvalid_i,
    output      logic                m_rready_o,
    input  wire logic [31:0]         m_rdata_i,
    input  wire logic [1:0]          m_rresp_i,
    // Shared memory.
    output      logic                mem_re_o,
    output      logic                mem_we_o,
    output      logic [AddrBits-1:0] mem_addr_o,
    output      logic [31:0]         mem_wdata_o,
    input  wire logic [31:0]         mem_rdata_i
);

  localparam logic [7:0] CMD_SKIP = 8'h00;
  localparam logic [7:0] CMD_READ = 8'h52;   // R
  localparam logic [7:0] CMD_WRITE = 8'h57;  // W
  localparam logic [7:0] CMD_LOAD = 8'h72;   // r
  localparam logic [7:0] CMD_STORE = 8'h77;  // w
  localparam logic [7:0] CMD_INFO = 8'h49;   // I
  localparam logic [7:0] STATUS_DONE = 8'h41;
  localparam logic [7:0] STATUS_REFUSED = 8'h45;
  localparam logic [7:0] STATUS_DAMAGED = 8'h43;
  localparam logic [1:0] OKAY = 2'b00;
  localparam logic [15:0] MAX_WORDS = 16'd256;
  localparam logic [2:0] HEAD_LAST = 3'd5;

  `TRINE_CHECK_PARAM(gen_check_memory, MemoryBytes >= 4096 && MemoryBytes % 4096 == 0)

  typedef enum logic [3:0] {
    StCommand, StHead, StDecode, StData, StCheck, StAccess, StStatus, StFetch, StFetch2, StFetch3,
    StFetch4, StFetch5, StBytes, StSum
  } state_e;

  state_e state_q;
  logic [7:0] command_q, status_q, sum_q;
  logic [47:0] head_q;      // {count, address}
  logic [31:0] word_q;      // the word being received or sent, next byte lowest
  logic [15:0] left_q;      // words after this one
  logic [2:0] byte_q;
  logic [AddrBits-1:0] addr_q;
  logic spoilt_q;           // a byte of this frame was damaged, or its address is not aligned
  logic outside_q;          // the access is not inside what there is

  logic rx_valid, rx_error, rx_any, tx_valid, tx_ready, tx_taken;
  logic [7:0] rx_data, tx_data;
  logic [15:0] count;
  logic [31:0] addr;
  logic on_memory, carries, known, count_good, frame_good, enter_access, last_byte, last_word;
  logic [30:0] end_word;

  trine_uart_rx #(
      .ClocksPerBit(ClocksPerBit)
  ) u_rx (
      .clk_i, .rst_ni, .rx_i, .valid_o(rx_valid), .error_o(rx_error), .data_o(rx_data)
  );

  trine_uart_tx #(
      .ClocksPerBit(ClocksPerBit)
  ) u_tx (
      .clk_i, .rst_ni, .valid_i(tx_valid), .ready_o(tx_ready), .data_i(tx_data), .tx_o
  );

  assign rx_any = rx_valid || rx_error;
  assign count = head_q[47:32];
  assign addr = head_q[31:0];
  assign end_word = {1'b0, addr[31:2]} + {15'd0, count};
  assign on_memory = command_q == CMD_LOAD || command_q == CMD_STORE;
  assign carries = command_q == CMD_WRITE || command_q == CMD_STORE;
  assign known = rx_data == CMD_READ || rx_data == CMD_WRITE || rx_data == CMD_LOAD ||
                 rx_data == CMD_STORE || rx_data == CMD_INFO;
  assign count_good = on_memory ? (count != '0 && count <= MAX_WORDS) : count == 16'd1;
  assign frame_good = rx_valid && !spoilt_q && rx_data == ~sum_q;
  assign enter_access = state_q == StCheck && frame_good && !outside_q && !on_memory &&
                        command_q != CMD_INFO;
  assign last_byte = byte_q == 3'd3;
  assign last_word = left_q == '0;

  assign tx_valid = state_q == StStatus || state_q == StBytes || state_q == StSum;
  assign tx_data = (state_q == StStatus) ? status_q : ((state_q == StBytes) ? word_q[7:0] : ~sum_q);
  assign tx_taken = tx_valid && tx_ready;

  assign m_awaddr_o = addr[16:0];
  assign m_araddr_o = addr[16:0];
  assign m_wdata_o = word_q;
  assign m_bready_o = state_q == StAccess;
  assign m_rready_o = state_q == StAccess;
  assign mem_addr_o = addr_q;
  assign mem_wdata_o = word_q;

  // --- Requests and answers ---
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StCommand;
    end else begin
      case (state_q)
        StCommand: begin
          if (rx_valid && known) state_q <= StHead;
          else if (rx_valid && rx_data != CMD_SKIP) state_q <= StStatus;
        end
        StHead: if (rx_any && byte_q == HEAD_LAST) state_q <= StDecode;
        StDecode: state_q <= !count_good ? StStatus : (carries ? StData : StCheck);
        StData: if (rx_any && last_byte && last_word) state_q <= StCheck;
        StCheck: begin
          if (rx_any) state_q <= enter_access ? StAccess : StStatus;
        end
        StAccess: if (m_rvalid_i || m_bvalid_i) state_q <= StStatus;
        StStatus: begin
          if (tx_taken) begin
            if (status_q != STATUS_DONE || carries) state_q <= StSum;
            else state_q <= on_memory ? StFetch : StBytes;
          end
        end
        StFetch: state_q <= StFetch2;
        StFetch2: state_q <= StFetch3;
        StFetch3: state_q <= StFetch4;
        StFetch4: state_q <= StFetch5;
        StFetch5: state_q <= StBytes;
        StBytes: if (tx_taken && last_byte) state_q <= last_word ? StSum : StFetch;
        StSum: if (tx_taken) state_q <= StCommand;
        default: state_q <= StCommand;
      endcase
    end
  end

  // Checksum: over the request from its command on, then over the answer from its status on.
  always_ff @(posedge clk_i) begin
    if (state_q == StCommand) sum_q <= rx_data;
    else if (state_q == StStatus) sum_q <= status_q;
    else if (rx_any && (state_q == StHead || state_q == StData)) sum_q <= sum_q + rx_data;
    else if (tx_taken && state_q == StBytes) sum_q <= sum_q + tx_data;
  end

  always_ff @(posedge clk_i) begin
    if (state_q == StCommand) status_q <= STATUS_DAMAGED;
    if (state_q == StCheck && frame_good) status_q <= outside_q ? STATUS_REFUSED : STATUS_DONE;
    if (state_q == StAccess && m_rvalid_i && m_rresp_i != OKAY) status_q <= STATUS_REFUSED;
    if (state_q == StAccess && m_bvalid_i && m_bresp_i != OKAY) status_q <= STATUS_REFUSED;
  end

  always_ff @(posedge clk_i) begin
    if (state_q == StCommand) command_q <= rx_data;
    if (state_q == StHead && rx_any) head_q <= {rx_data, head_q[47:8]};
    if (state_q == StCommand) spoilt_q <= 1'b0;
    else if (rx_error || (state_q == StDecode && addr[1:0] != 2'b00)) spoilt_q <= 1'b1;
    if (state_q == StDecode) begin
      if (on_memory) outside_q <= end_word > 31'(MemoryBytes / 4);
      else outside_q <= command_q != CMD_INFO && addr[31:17] != '0;
    end
  end

  // --- Words and bytes ---
  always_ff @(posedge clk_i) begin
    case (state_q)
      StHead: if (rx_any) byte_q <= byte_q + 1'b1;
      StData: if (rx_any) byte_q <= last_byte ? '0 : byte_q + 1'b1;
      StBytes: if (tx_taken) byte_q <= last_byte ? '0 : byte_q + 1'b1;
      default: byte_q <= '0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    case (state_q)
      StDecode, StCheck: left_q <= count - 1'b1;
      StData: if (rx_any && last_byte) left_q <= left_q - 1'b1;
      StBytes: if (tx_taken && last_byte) left_q <= left_q - 1'b1;
      default: left_q <= left_q;
    endcase
  end

  always_ff @(posedge clk_i) begin
    case (state_q)
      StDecode: addr_q <= addr[2 +: AddrBits];
      default: if (mem_re_o || mem_we_o) addr_q <= addr_q + 1'b1;
    endcase
  end

  always_ff @(posedge clk_i) begin
    case (state_q)
      StData: if (rx_any) word_q <= {rx_data, word_q[31:8]};
      StCheck: if (command_q == CMD_INFO) word_q <= 32'(MemoryBytes);
      StAccess: if (m_rvalid_i) word_q <= m_rdata_i;
      StFetch5: word_q <= mem_rdata_i;
      StBytes: if (tx_taken) word_q <= {8'd0, word_q[31:8]};
      default: word_q <= word_q;
    endcase
  end

  assign mem_re_o = state_q == StFetch;

  // A word is written in the cycle after its last byte; the next byte is far away.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      mem_we_o <= 1'b0;
    end else begin
      mem_we_o <= state_q == StData && command_q == CMD_STORE && rx_any && last_byte &&
                  !outside_q && !spoilt_q && !rx_error;
    end
  end

  // --- AXI4-Lite: an access starts as StAccess is entered ---
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      m_arvalid_o <= 1'b0;
      m_awvalid_o <= 1'b0;
      m_wvalid_o <= 1'b0;
    end else begin
      if (enter_access && !carries) m_arvalid_o <= 1'b1;
      else if (m_arready_i) m_arvalid_o <= 1'b0;
      if (enter_access && carries) m_awvalid_o <= 1'b1;
      else if (m_awready_i) m_awvalid_o <= 1'b0;
      if (enter_access && carries) m_wvalid_o <= 1'b1;
      else if (m_wready_i) m_wvalid_o <= 1'b0;
    end
  end

  `TRINE_ASSERT(a_one_access, !rst_ni || !(m_arvalid_o && (m_awvalid_o || m_wvalid_o)))
  `TRINE_ASSERT(a_memory_moves_alone, !rst_ni || !(mem_re_o && mem_we_o))

endmodule

`default_nettype wire
