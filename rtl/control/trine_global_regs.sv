// SPDX-License-Identifier: Apache-2.0
// trine_global_regs: the registers of the global page, for the register file that decodes accesses.
//
// write_i carries out one write whose offset is mapped and writable; refused_o (combinational, in
// that cycle) says that its value is not allowed and nothing was changed. rdata_o is the register
// at offset_i one cycle after read_i.
//
// cycle      0      1
// read_i     A      .
// rdata_o    .      A
// write_i    B      .       the register has the value from cycle 1 on
`default_nettype none
`include "trine_assert.svh"

module trine_global_regs #(
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
    // Access.
    input  wire logic [11:0]      offset_i,
    input  wire logic             read_i,
    output      logic [31:0]      rdata_o,
    input  wire logic             write_i,
    input  wire logic [31:0]      data_i,
    input  wire logic [3:0]       strobes_i,
    output      logic             refused_o,
    // From the mode controller: interrupt pulses by slot, cores.
    input  wire logic [Cores-1:0] irq_i,
    input  wire logic [Cores-1:0] busy_i,
    input  wire logic [Cores-1:0] quarantine_i,
    // Levels.
    output      logic             irq_o,
    output      logic [31:0]      config_hash_o,  // constant
    output      logic [31:0]      watchdog_o,
    output      logic [2:0]       axi_prot_o,
    output      logic [3:0]       axi_cache_o,
    output      logic [3:0]       axi_qos_o
);

  localparam int unsigned PARAMS = 18;
  // Parameters in the order of rtl/configs.txt.
  function automatic logic [31:0] value_of(input logic [4:0] index);
    case (index)
      5'd0: value_of = Cores;
      5'd1: value_of = Contexts;
      5'd2: value_of = Lanes;
      5'd3: value_of = MacsPerLane;
      5'd4: value_of = TailRows;
      5'd5: value_of = BusBytes;
      5'd6: value_of = XSlots;
      5'd7: value_of = QueueWords;
      5'd8: value_of = WeightBytes;
      5'd9: value_of = ParamRows;
      5'd10: value_of = RingBytes;
      5'd11: value_of = StateUnits;
      5'd12: value_of = PreUnits;
      5'd13: value_of = WriterBytes;
      5'd14: value_of = TableEntries;
      5'd15: value_of = MaxInputs;
      5'd16: value_of = MaxUnits;
      5'd17: value_of = MemBytes;
      default: value_of = 32'd0;
    endcase
  endfunction

  function automatic logic [31:0] hash_of(input logic [31:0] seed);
    hash_of = seed;
    for (int i = 0; i < PARAMS; i++) hash_of = trine_pkg::crc32_word(hash_of, value_of(5'(i)));
    hash_of = ~hash_of;
  endfunction

  localparam logic [31:0] HASH = hash_of(32'hffff_ffff);

  assign config_hash_o = HASH;
  localparam logic [31:0] FEATURES =
      (32'd1 << trine_regs_pkg::GLOBAL_FEATURES_ROW_SCALES_LSB) |
      ((Cmsis != 0) ? (32'd1 << trine_regs_pkg::GLOBAL_FEATURES_CMSIS_LSB) : 32'd0);

  function automatic logic [31:0] with_bytes(input logic [31:0] old, input logic [31:0] data,
                                             input logic [3:0] strobes);
    with_bytes = old;
    for (int i = 0; i < 4; i++) begin
      if (strobes[i]) with_bytes[i*8 +: 8] = data[i*8 +: 8];
    end
  endfunction

  logic [31:0] scratch_q;
  logic [63:0] cycle_q;
  logic [63:0] snapshot_q;
  logic [Cores-1:0] irq_raw_q;
  logic [Cores-1:0] irq_enable_q;
  logic [31:0] attr_q;
  logic [31:0] new_watchdog;
  logic [Cores-1:0] cleared;  // ones written to IRQ_RAW
  logic [4:0] param;          // index of the parameter at offset_i

  assign axi_prot_o = attr_q[2:0];
  assign axi_cache_o = attr_q[7:4];
  assign axi_qos_o = attr_q[11:8];
  assign new_watchdog = with_bytes(watchdog_o, data_i, strobes_i);
  assign refused_o = offset_i == trine_regs_pkg::GLOBAL_WATCHDOG && new_watchdog == 32'd0;
  assign cleared = Cores'(with_bytes(32'd0, data_i, strobes_i));
  assign param = offset_i[6:2];

  always_ff @(posedge clk_i) begin
    cycle_q <= cycle_q + 64'd1;
    irq_raw_q <= irq_raw_q | irq_i;
    irq_o <= |(irq_raw_q & irq_enable_q);
    if (!rst_ni) begin
      scratch_q <= 32'd0;
      cycle_q <= 64'd0;
      snapshot_q <= 64'd0;
      irq_o <= 1'b0;
      irq_raw_q <= '0;
      irq_enable_q <= '0;
      watchdog_o <= trine_regs_pkg::GLOBAL_WATCHDOG_RESET;
      attr_q <= trine_regs_pkg::GLOBAL_AXI_ATTR_RESET;
    end else if (write_i) begin
      case (offset_i)
        trine_regs_pkg::GLOBAL_SCRATCH: scratch_q <= with_bytes(scratch_q, data_i, strobes_i);
        trine_regs_pkg::GLOBAL_CYCLE_SNAPSHOT: snapshot_q <= cycle_q;
        trine_regs_pkg::GLOBAL_IRQ_RAW: begin
          irq_raw_q <= (irq_raw_q & ~cleared) | irq_i;
        end
        trine_regs_pkg::GLOBAL_IRQ_ENABLE: begin
          irq_enable_q <= Cores'(with_bytes(32'(irq_enable_q), data_i, strobes_i));
        end
        trine_regs_pkg::GLOBAL_WATCHDOG: if (!refused_o) watchdog_o <= new_watchdog;
        trine_regs_pkg::GLOBAL_AXI_ATTR: begin
          attr_q <= with_bytes(attr_q, data_i, strobes_i) &
                    trine_regs_pkg::global_write_mask(trine_regs_pkg::GLOBAL_AXI_ATTR);
        end
        default: ;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (read_i) begin
      case (offset_i)
        trine_regs_pkg::GLOBAL_ID: rdata_o <= trine_regs_pkg::GLOBAL_ID_RESET;
        trine_regs_pkg::GLOBAL_VERSION: rdata_o <= trine_regs_pkg::GLOBAL_VERSION_RESET;
        trine_regs_pkg::GLOBAL_CONFIG_HASH: rdata_o <= HASH;
        trine_regs_pkg::GLOBAL_FEATURES: rdata_o <= FEATURES;
        trine_regs_pkg::GLOBAL_SCRATCH: rdata_o <= scratch_q;
        trine_regs_pkg::GLOBAL_CYCLE_LO: rdata_o <= snapshot_q[31:0];
        trine_regs_pkg::GLOBAL_CYCLE_HI: rdata_o <= snapshot_q[63:32];
        trine_regs_pkg::GLOBAL_IRQ_RAW: rdata_o <= 32'(irq_raw_q);
        trine_regs_pkg::GLOBAL_IRQ_ENABLE: rdata_o <= 32'(irq_enable_q);
        trine_regs_pkg::GLOBAL_IRQ_STATUS: rdata_o <= 32'(irq_raw_q) & 32'(irq_enable_q);
        trine_regs_pkg::GLOBAL_CORES_BUSY: rdata_o <= 32'(busy_i);
        trine_regs_pkg::GLOBAL_QUARANTINE: rdata_o <= 32'(quarantine_i);
        trine_regs_pkg::GLOBAL_WATCHDOG: rdata_o <= watchdog_o;
        trine_regs_pkg::GLOBAL_AXI_ATTR: rdata_o <= attr_q;
        default: begin
          rdata_o <= (offset_i >= trine_regs_pkg::GLOBAL_PARAMS) ? value_of(param) : 32'd0;
        end
      endcase
    end
  end

  `TRINE_ASSERT(a_written_is_writable,
      !rst_ni || !write_i || trine_regs_pkg::global_access(offset_i) == 2'b11)
  `TRINE_ASSERT(a_watchdog_is_set, !rst_ni || watchdog_o != '0)

endmodule

`default_nettype wire
