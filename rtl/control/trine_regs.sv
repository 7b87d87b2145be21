// SPDX-License-Identifier: Apache-2.0
// trine_regs: AXI4-Lite slave and register file: a global page, then a page a domain slot.
//
// One access at a time, in a fixed number of cycles but for START and the counters; the answer to a
// START comes when it has been checked. What a slot keeps (its configuration and its error record)
// are words of one RAM, cleared after reset; until then no access is taken. Addresses, access rules
// and masks come from trine_regs_pkg. All outputs but query_o are registered.
//
// cycle        0       1       2      3        4
// req_valid    1       1       1      1        1         from trine_axil_slave
// state_q      Idle    Decode  Wait   Execute  Respond
// ram          .       address .      data     .
// query        .       1       answer .        .
`default_nettype none
`include "trine_assert.svh"

module trine_regs #(
    parameter int unsigned Cores = 2,  // parameters of trine_top, to be read and hashed
    parameter int unsigned Contexts = 8,
    parameter int unsigned Lanes = 8,
    parameter int unsigned MacsPerLane = 8,
    parameter int unsigned TailRows = 4,
    parameter int unsigned BusBytes = 8,
    parameter int unsigned XSlots = 4,
    parameter int unsigned QueueWords = 16,
    parameter int unsigned WeightBytes = 524288,
    parameter int unsigned ParamRows = 8192,
    parameter int unsigned RingBytes = 32768,
    parameter int unsigned StateUnits = 4096,
    parameter int unsigned PreUnits = 2048,
    parameter int unsigned WriterBytes = 8192,
    parameter int unsigned TableEntries = 512,
    parameter int unsigned MaxInputs = 1024,
    parameter int unsigned MaxUnits = 1024,
    parameter int unsigned MemBytes = 8,
    parameter int unsigned Cmsis = 0
) (
    input  wire logic             clk_i,
    input  wire logic             rst_ni,
    // AXI4-Lite slave.
    input  wire logic             s_awvalid_i,
    output      logic             s_awready_o,
    input  wire logic [16:0]      s_awaddr_i,
    input  wire logic             s_wvalid_i,
    output      logic             s_wready_o,
    input  wire logic [31:0]      s_wdata_i,
    input  wire logic [3:0]       s_wstrb_i,
    output      logic             s_bvalid_o,
    input  wire logic             s_bready_i,
    output      logic [1:0]       s_bresp_o,
    input  wire logic             s_arvalid_i,
    output      logic             s_arready_o,
    input  wire logic [16:0]      s_araddr_i,
    output      logic             s_rvalid_o,
    input  wire logic             s_rready_i,
    output      logic [31:0]      s_rdata_o,
    output      logic [1:0]       s_rresp_o,
    // Levels.
    output      logic             irq_o,
    output      logic [31:0]      config_hash_o,  // constant
    output      logic [31:0]      watchdog_o,
    output      logic [2:0]       axi_prot_o,
    output      logic [3:0]       axi_cache_o,
    output      logic [3:0]       axi_qos_o,
    // Mode controller (trine_controller).
    output      logic [3:0]       slot_o,
    output      logic             start_valid_o,
    output      logic             repeat_o,       // it is a REPEAT; held
    output      logic             goes_on_o,
    output      logic [31:0]      cfg_mask_o,
    output      logic [31:0]      cfg_mode_o,
    output      logic [63:0]      cfg_base_o,
    output      logic [31:0]      cfg_size_o,     // of a REPEAT: REPEAT_READ
    output      logic [31:0]      cfg_program_o,  // REPEAT_WRITE
    input  wire logic             start_done_i,
    input  wire logic [7:0]       start_code_i,
    input  wire logic [4:0]       start_core_i,
    input  wire logic [63:0]      start_value_i,
    output      logic             abort_o,
    output      logic             forget_o,
    output      logic             query_o,
    input  wire logic [2:0]       query_state_i,
    input  wire logic [Cores-1:0] query_mask_i,
    input  wire logic             query_resident_i,
    input  wire logic             query_repeats_i,
    input  wire logic [63:0]      query_cycles_i,
    input  wire logic [63:0]      query_loads_i,
    output      logic             count_valid_o,
    output      logic [4:0]       count_rank_o,
    output      logic [3:0]       count_index_o,
    input  wire logic             count_done_i,
    input  wire logic [63:0]      count_i,
    input  wire logic             record_valid_i,
    input  wire logic [3:0]       record_slot_i,
    input  wire logic [7:0]       record_code_i,
    input  wire logic [4:0]       record_core_i,
    input  wire logic [31:0]      record_op_i,
    input  wire logic [63:0]      record_addr_i,
    output      logic             record_done_o,
    input  wire logic [Cores-1:0] irq_i,
    input  wire logic [Cores-1:0] busy_i,
    input  wire logic [Cores-1:0] quarantine_i
);

  localparam int unsigned SlotBits = (Cores > 1) ? $clog2(Cores) : 1;
  localparam int unsigned RamBits = SlotBits + 4;
  // Words of a slot in the RAM: the offset of the register, but for those that are named.
  localparam logic [3:0] WORD_MASK = 4'd0;
  localparam logic [3:0] WORD_SELECT = 4'd6;
  localparam logic [3:0] WORD_ERROR = 4'd8;
  localparam logic [3:0] WORD_REPEAT = 4'd13;
  localparam logic [3:0] CONFIG_WORDS = 4'd6, ERROR_WORDS = 4'd5, REPEAT_WORDS = 4'd2;

  `TRINE_CHECK_PARAM(gen_check_cores, Cores >= 1 && Cores <= 16)

  typedef enum logic [3:0] {
    StSweep, StIdle, StDecode, StWait, StExecute, StFetch, StStart, StRecord, StCount, StRespond
  } state_e;

  // Which word of the RAM a register of the domain page needs.
  function automatic logic [3:0] word_of(input logic [11:0] offset);
    case (offset)
      trine_regs_pkg::DOMAIN_STATUS: word_of = WORD_MASK;
      trine_regs_pkg::DOMAIN_COUNTER_SELECT,
      trine_regs_pkg::DOMAIN_COUNTER_LO,
      trine_regs_pkg::DOMAIN_COUNTER_HI: word_of = WORD_SELECT;
      trine_regs_pkg::DOMAIN_REPEAT_READ: word_of = WORD_REPEAT;
      trine_regs_pkg::DOMAIN_REPEAT_WRITE: word_of = WORD_REPEAT + 4'd1;
      default: word_of = offset[5:2];
    endcase
  endfunction

  // --- The access being carried out --------------------------------------------------------------
  state_e state_q;
  logic req_valid;
  logic write;            // this access is a write
  logic [16:0] addr;
  logic [4:0] page;
  logic [11:0] offset;
  logic [31:0] data;
  logic [3:0] strobes;
  logic [1:0] access_q;   // {mapped, writable}
  logic [1:0] global_access_q, domain_access_q;
  logic [31:0] answer_q;
  logic failed_q;
  logic recording_q;      // StRecord writes the controller's record, not the outcome of a START
  logic [RamBits-1:0] step_q;

  logic ram_we, ram_re;
  logic [RamBits-1:0] ram_waddr, ram_raddr;
  logic [3:0] ram_be;
  logic [31:0] ram_wdata, ram_rdata;

  logic idle, respond;
  logic active;       // the slot runs or stops
  logic is_config;
  logic [3:0] step, fetch_words, fetch_word;

  assign step = step_q[3:0];
  assign fetch_words = repeat_o ? REPEAT_WORDS : CONFIG_WORDS;
  assign fetch_word = repeat_o ? WORD_REPEAT + step : step;
  assign idle = state_q == StIdle;
  assign respond = state_q == StRespond;
  assign page = addr[16:12];
  assign offset = addr[11:0];
  assign active = query_state_i == trine_regs_pkg::DOMAIN_STATUS_STATE_RUNNING[2:0] ||
                  query_state_i == trine_regs_pkg::DOMAIN_STATUS_STATE_STOPPING[2:0];
  assign is_config = offset <= trine_regs_pkg::DOMAIN_PROGRAM;

  trine_ram_1r1w #(
      .Width(32),
      .Depth(1 << RamBits)
  ) u_ram (
      .clk_i,
      .we_i(ram_we),
      .waddr_i(ram_waddr),
      .be_i(ram_be),
      .wdata_i(ram_wdata),
      .re_i(ram_re), .raddr_i(ram_raddr), .rdata_o(ram_rdata)
  );

  // RAM: reads of a decode or of the words of a START, writes of a register or of a record.
  always_comb begin
    ram_re = state_q == StDecode || (state_q == StFetch && step < fetch_words);
    ram_raddr = {slot_o[SlotBits-1:0], (state_q == StFetch) ? fetch_word : word_of(offset)};
    ram_we = 1'b0;
    ram_waddr = {slot_o[SlotBits-1:0], word_of(offset)};
    ram_be = 4'hf;
    ram_wdata = data & trine_regs_pkg::domain_write_mask(offset);
    case (state_q)
      StSweep: begin
        ram_we = 1'b1;
        ram_waddr = step_q;
        ram_wdata = 32'd0;
      end
      StExecute: begin
        ram_we = page != 5'd0 && write && access_q[0] && !(is_config && active) &&
                 offset != trine_regs_pkg::DOMAIN_CONTROL;
        ram_be = strobes;
      end
      StRecord: begin
        ram_we = 1'b1;
        ram_waddr = {slot_o[SlotBits-1:0], WORD_ERROR + step};
        case (step)
          4'd0: ram_wdata = {24'd0, recording_q ? record_code_i : start_code_i};
          4'd1: ram_wdata = {27'd0, recording_q ? record_core_i : start_core_i};
          4'd2: ram_wdata = recording_q ? record_op_i : 32'd0;
          4'd3: ram_wdata = recording_q ? record_addr_i[31:0] : start_value_i[31:0];
          default: ram_wdata = recording_q ? record_addr_i[63:32] : start_value_i[63:32];
        endcase
      end
      default: ;
    endcase
  end

  trine_axil_slave #(
      .AddrBits(17)
  ) u_axil (
      .clk_i, .rst_ni, .enable_i(idle),
      .s_awvalid_i, .s_awready_o, .s_awaddr_i,
      .s_wvalid_i, .s_wready_o, .s_wdata_i, .s_wstrb_i,
      .s_bvalid_o, .s_bready_i, .s_bresp_o,
      .s_arvalid_i, .s_arready_o, .s_araddr_i,
      .s_rvalid_o, .s_rready_i, .s_rdata_o, .s_rresp_o,
      .req_valid_o(req_valid), .req_write_o(write), .req_addr_o(addr),
      .req_data_o(data), .req_strobes_o(strobes),
      .rsp_valid_i(respond), .rsp_failed_i(failed_q), .rsp_data_i(answer_q)
  );

  // --- Global page -------------------------------------------------------------------------------
  logic global_read, global_write, global_refused;
  logic [31:0] global_rdata;

  assign global_read = state_q == StWait;
  assign global_write = state_q == StExecute && page == 5'd0 && write && access_q[0];

  trine_global_regs #(
      .Cores(Cores), .Contexts(Contexts), .Lanes(Lanes), .MacsPerLane(MacsPerLane),
      .TailRows(TailRows), .BusBytes(BusBytes), .XSlots(XSlots), .QueueWords(QueueWords),
      .WeightBytes(WeightBytes), .ParamRows(ParamRows), .RingBytes(RingBytes),
      .StateUnits(StateUnits), .PreUnits(PreUnits), .WriterBytes(WriterBytes),
      .TableEntries(TableEntries), .MaxInputs(MaxInputs), .MaxUnits(MaxUnits),
      .MemBytes(MemBytes), .Cmsis(Cmsis)
  ) u_global (
      .clk_i, .rst_ni, .offset_i(offset),
      .read_i(global_read),
      .rdata_o(global_rdata),
      .write_i(global_write),
      .data_i(data),
      .strobes_i(strobes),
      .refused_o(global_refused),
      .irq_i,
      .busy_i,
      .quarantine_i,
      .irq_o,
      .config_hash_o,
      .watchdog_o,
      .axi_prot_o, .axi_cache_o, .axi_qos_o
  );

  // --- Carrying out an access --------------------------------------------------------------------
  logic [Cores-1:0] refused_q;  // STATUS.REFUSED by slot
  logic start_bit, repeat_bit, abort_bit, forget_bit;
  logic [31:0] status;
  logic [SlotBits-1:0] slot;

  assign slot = slot_o[SlotBits-1:0];
  assign start_bit = data[trine_regs_pkg::DOMAIN_CONTROL_START_LSB] && strobes[0];
  assign repeat_bit = data[trine_regs_pkg::DOMAIN_CONTROL_REPEAT_LSB] && strobes[0];
  assign abort_bit = data[trine_regs_pkg::DOMAIN_CONTROL_ABORT_LSB] && strobes[0];
  assign forget_bit = data[trine_regs_pkg::DOMAIN_CONTROL_FORGET_LSB] && strobes[0];
  assign query_o = state_q == StDecode;
  assign status = {21'd0, query_repeats_i, query_resident_i && ram_rdata == 32'(query_mask_i),
                   refused_q[slot], 5'd0, query_state_i};

  always_ff @(posedge clk_i) begin
    start_valid_o <= 1'b0;
    abort_o <= 1'b0;
    forget_o <= 1'b0;
    count_valid_o <= 1'b0;
    record_done_o <= 1'b0;
    if (!rst_ni) begin
      state_q <= StSweep;
      step_q <= '0;
      refused_q <= '0;
    end else begin
      case (state_q)
        StSweep: begin
          step_q <= step_q + 1'b1;
          if (&step_q) state_q <= StIdle;
        end
        StIdle: begin
          step_q <= '0;
          failed_q <= 1'b0;
          answer_q <= 32'd0;
          recording_q <= record_valid_i && !record_done_o;
          if (record_valid_i && !record_done_o) begin
            state_q <= StRecord;
            slot_o <= record_slot_i;
          end else if (req_valid) begin
            state_q <= StDecode;
            slot_o <= page[3:0] - 4'd1;
          end
        end
        StDecode: begin
          state_q <= StWait;
          global_access_q <= trine_regs_pkg::global_access(offset);
          domain_access_q <= trine_regs_pkg::domain_access(offset);
        end
        StWait: begin
          state_q <= StExecute;
          if (page == 5'd0) access_q <= global_access_q;
          else if ({27'd0, page} <= Cores) access_q <= domain_access_q;
          else access_q <= 2'b00;
        end
        StExecute: begin
          state_q <= StRespond;
          if (!access_q[1] || (write && !access_q[0])) begin
            failed_q <= 1'b1;
          end else if (page == 5'd0) begin
            failed_q <= write && global_refused;
            answer_q <= global_rdata;
          end else if (!write) begin
            case (offset)
              trine_regs_pkg::DOMAIN_CONTROL: ;
              trine_regs_pkg::DOMAIN_STATUS: answer_q <= status;
              trine_regs_pkg::DOMAIN_CYCLES_LO: answer_q <= query_cycles_i[31:0];
              trine_regs_pkg::DOMAIN_CYCLES_HI: answer_q <= query_cycles_i[63:32];
              trine_regs_pkg::DOMAIN_LOAD_CYCLES_LO: answer_q <= query_loads_i[31:0];
              trine_regs_pkg::DOMAIN_LOAD_CYCLES_HI: answer_q <= query_loads_i[63:32];
              trine_regs_pkg::DOMAIN_COUNTER_LO,
              trine_regs_pkg::DOMAIN_COUNTER_HI: begin
                count_valid_o <= 1'b1;
                count_rank_o <= ram_rdata[12:8];
                count_index_o <= ram_rdata[3:0];
                state_q <= StCount;
              end
              default: answer_q <= ram_rdata;
            endcase
          end else if (offset == trine_regs_pkg::DOMAIN_CONTROL) begin
            forget_o <= forget_bit && !active;
            if ((start_bit || repeat_bit || forget_bit) && active) begin
              failed_q <= 1'b1;
              refused_q[slot] <= 1'b1;
            end else if (start_bit || repeat_bit) begin
              state_q <= StFetch;
              repeat_o <= !start_bit;
              goes_on_o <= data[trine_regs_pkg::DOMAIN_CONTROL_GOES_ON_LSB];
            end else begin
              abort_o <= abort_bit;
            end
          end else begin
            failed_q <= is_config && active;
          end
        end
        // The configuration comes two cycles behind its addresses, first word first.
        StFetch: begin
          step_q <= step_q + 1'b1;
          if (step >= 4'd2) begin
            {cfg_program_o, cfg_size_o, cfg_base_o, cfg_mode_o, cfg_mask_o} <=
                {ram_rdata, cfg_program_o, cfg_size_o, cfg_base_o, cfg_mode_o};
          end
          if (step == fetch_words + 4'd1) begin
            start_valid_o <= 1'b1;
            state_q <= StStart;
          end
        end
        StStart: begin
          step_q <= '0;
          if (start_done_i) begin
            state_q <= StRecord;
            if (start_code_i == trine_pkg::ERR_NONE) refused_q[slot] <= 1'b0;
          end
        end
        StRecord: begin
          step_q <= step_q + 1'b1;
          if (step == ERROR_WORDS - 4'd1) begin
            record_done_o <= recording_q;
            state_q <= recording_q ? StIdle : StRespond;
          end
        end
        StCount: begin
          answer_q <= (offset == trine_regs_pkg::DOMAIN_COUNTER_LO) ? count_i[31:0] :
                      count_i[63:32];
          if (count_done_i) state_q <= StRespond;
        end
        StRespond: state_q <= StIdle;
        default: state_q <= StIdle;
      endcase
    end
  end

  `TRINE_ASSERT(a_slot_there,
      !rst_ni || !(start_valid_o || abort_o || forget_o || count_valid_o)
      || {1'b0, slot_o} < 5'(Cores))
  `TRINE_ASSERT(a_one_request, !rst_ni || !(count_valid_o && (start_valid_o || abort_o)))

endmodule

`default_nettype wire
