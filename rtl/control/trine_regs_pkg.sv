// SPDX-License-Identifier: Apache-2.0
// trine_regs_pkg: addresses, fields, reset values and access rules of the registers.
// Generated from rtl/control/registers.txt by sw/tools/reggen.c (make gen-regs).
`default_nettype none

package trine_regs_pkg;

  // GLOBAL page.
  localparam logic [11:0] GLOBAL_ID = 12'h000;
  localparam logic [31:0] GLOBAL_ID_RESET = 32'h5452494e;
  localparam logic [11:0] GLOBAL_VERSION = 12'h004;
  localparam logic [31:0] GLOBAL_VERSION_RESET = 32'h00040000;
  localparam int unsigned GLOBAL_VERSION_MAJOR_LSB = 16;
  localparam int unsigned GLOBAL_VERSION_MAJOR_BITS = 16;
  localparam int unsigned GLOBAL_VERSION_MINOR_LSB = 8;
  localparam int unsigned GLOBAL_VERSION_MINOR_BITS = 8;
  localparam int unsigned GLOBAL_VERSION_PATCH_LSB = 0;
  localparam int unsigned GLOBAL_VERSION_PATCH_BITS = 8;
  localparam logic [11:0] GLOBAL_CONFIG_HASH = 12'h008;
  localparam logic [11:0] GLOBAL_FEATURES = 12'h00c;
  localparam int unsigned GLOBAL_FEATURES_ROW_SCALES_LSB = 0;
  localparam int unsigned GLOBAL_FEATURES_ROW_SCALES_BITS = 1;
  localparam int unsigned GLOBAL_FEATURES_PARITY_LSB = 1;
  localparam int unsigned GLOBAL_FEATURES_PARITY_BITS = 1;
  localparam int unsigned GLOBAL_FEATURES_CMSIS_LSB = 2;
  localparam int unsigned GLOBAL_FEATURES_CMSIS_BITS = 1;
  localparam logic [11:0] GLOBAL_SCRATCH = 12'h010;
  localparam logic [11:0] GLOBAL_CYCLE_SNAPSHOT = 12'h014;
  localparam logic [11:0] GLOBAL_CYCLE_LO = 12'h018;
  localparam logic [11:0] GLOBAL_CYCLE_HI = 12'h01c;
  localparam logic [11:0] GLOBAL_IRQ_RAW = 12'h020;
  localparam int unsigned GLOBAL_IRQ_RAW_SLOTS_LSB = 0;
  localparam int unsigned GLOBAL_IRQ_RAW_SLOTS_BITS = 16;
  localparam logic [11:0] GLOBAL_IRQ_ENABLE = 12'h024;
  localparam int unsigned GLOBAL_IRQ_ENABLE_SLOTS_LSB = 0;
  localparam int unsigned GLOBAL_IRQ_ENABLE_SLOTS_BITS = 16;
  localparam logic [11:0] GLOBAL_IRQ_STATUS = 12'h028;
  localparam int unsigned GLOBAL_IRQ_STATUS_SLOTS_LSB = 0;
  localparam int unsigned GLOBAL_IRQ_STATUS_SLOTS_BITS = 16;
  localparam logic [11:0] GLOBAL_CORES_BUSY = 12'h02c;
  localparam int unsigned GLOBAL_CORES_BUSY_CORES_LSB = 0;
  localparam int unsigned GLOBAL_CORES_BUSY_CORES_BITS = 16;
  localparam logic [11:0] GLOBAL_QUARANTINE = 12'h030;
  localparam int unsigned GLOBAL_QUARANTINE_CORES_LSB = 0;
  localparam int unsigned GLOBAL_QUARANTINE_CORES_BITS = 16;
  localparam logic [11:0] GLOBAL_WATCHDOG = 12'h034;
  localparam logic [31:0] GLOBAL_WATCHDOG_RESET = 32'h00100000;
  localparam logic [11:0] GLOBAL_AXI_ATTR = 12'h038;
  localparam logic [31:0] GLOBAL_AXI_ATTR_RESET = 32'h00000030;
  localparam int unsigned GLOBAL_AXI_ATTR_PROT_LSB = 0;
  localparam int unsigned GLOBAL_AXI_ATTR_PROT_BITS = 3;
  localparam int unsigned GLOBAL_AXI_ATTR_CACHE_LSB = 4;
  localparam int unsigned GLOBAL_AXI_ATTR_CACHE_BITS = 4;
  localparam int unsigned GLOBAL_AXI_ATTR_QOS_LSB = 8;
  localparam int unsigned GLOBAL_AXI_ATTR_QOS_BITS = 4;
  localparam logic [11:0] GLOBAL_PARAMS = 12'h100;

  // DOMAIN page.
  localparam logic [11:0] DOMAIN_CORE_MASK = 12'h000;
  localparam logic [11:0] DOMAIN_MODE = 12'h004;
  localparam logic [31:0] DOMAIN_MODE_SINGLE = 32'd0;
  localparam logic [31:0] DOMAIN_MODE_MULTITHREADING = 32'd1;
  localparam logic [31:0] DOMAIN_MODE_HELPER = 32'd2;
  localparam logic [31:0] DOMAIN_MODE_HYBRID = 32'd3;
  localparam logic [11:0] DOMAIN_WINDOW_BASE_LO = 12'h008;
  localparam logic [11:0] DOMAIN_WINDOW_BASE_HI = 12'h00c;
  localparam logic [11:0] DOMAIN_WINDOW_SIZE = 12'h010;
  localparam logic [11:0] DOMAIN_PROGRAM = 12'h014;
  localparam logic [11:0] DOMAIN_CONTROL = 12'h018;
  localparam int unsigned DOMAIN_CONTROL_START_LSB = 0;
  localparam int unsigned DOMAIN_CONTROL_START_BITS = 1;
  localparam int unsigned DOMAIN_CONTROL_ABORT_LSB = 1;
  localparam int unsigned DOMAIN_CONTROL_ABORT_BITS = 1;
  localparam int unsigned DOMAIN_CONTROL_REPEAT_LSB = 2;
  localparam int unsigned DOMAIN_CONTROL_REPEAT_BITS = 1;
  localparam int unsigned DOMAIN_CONTROL_GOES_ON_LSB = 3;
  localparam int unsigned DOMAIN_CONTROL_GOES_ON_BITS = 1;
  localparam int unsigned DOMAIN_CONTROL_FORGET_LSB = 4;
  localparam int unsigned DOMAIN_CONTROL_FORGET_BITS = 1;
  localparam logic [11:0] DOMAIN_STATUS = 12'h01c;
  localparam int unsigned DOMAIN_STATUS_STATE_LSB = 0;
  localparam int unsigned DOMAIN_STATUS_STATE_BITS = 3;
  localparam logic [31:0] DOMAIN_STATUS_STATE_IDLE = 32'd0;
  localparam logic [31:0] DOMAIN_STATUS_STATE_RUNNING = 32'd1;
  localparam logic [31:0] DOMAIN_STATUS_STATE_STOPPING = 32'd2;
  localparam logic [31:0] DOMAIN_STATUS_STATE_DONE = 32'd3;
  localparam logic [31:0] DOMAIN_STATUS_STATE_ERROR = 32'd4;
  localparam int unsigned DOMAIN_STATUS_REFUSED_LSB = 8;
  localparam int unsigned DOMAIN_STATUS_REFUSED_BITS = 1;
  localparam int unsigned DOMAIN_STATUS_RESIDENT_LSB = 9;
  localparam int unsigned DOMAIN_STATUS_RESIDENT_BITS = 1;
  localparam int unsigned DOMAIN_STATUS_REPEATABLE_LSB = 10;
  localparam int unsigned DOMAIN_STATUS_REPEATABLE_BITS = 1;
  localparam logic [11:0] DOMAIN_ERROR_CODE = 12'h020;
  localparam logic [11:0] DOMAIN_ERROR_CORE = 12'h024;
  localparam logic [11:0] DOMAIN_ERROR_OP = 12'h028;
  localparam logic [11:0] DOMAIN_ERROR_ADDR_LO = 12'h02c;
  localparam logic [11:0] DOMAIN_ERROR_ADDR_HI = 12'h030;
  localparam logic [11:0] DOMAIN_CYCLES_LO = 12'h034;
  localparam logic [11:0] DOMAIN_CYCLES_HI = 12'h038;
  localparam logic [11:0] DOMAIN_LOAD_CYCLES_LO = 12'h03c;
  localparam logic [11:0] DOMAIN_LOAD_CYCLES_HI = 12'h040;
  localparam logic [11:0] DOMAIN_COUNTER_SELECT = 12'h044;
  localparam int unsigned DOMAIN_COUNTER_SELECT_COUNTER_LSB = 0;
  localparam int unsigned DOMAIN_COUNTER_SELECT_COUNTER_BITS = 4;
  localparam int unsigned DOMAIN_COUNTER_SELECT_RANK_LSB = 8;
  localparam int unsigned DOMAIN_COUNTER_SELECT_RANK_BITS = 5;
  localparam logic [11:0] DOMAIN_COUNTER_LO = 12'h048;
  localparam logic [11:0] DOMAIN_COUNTER_HI = 12'h04c;
  localparam logic [11:0] DOMAIN_REPEAT_READ = 12'h050;
  localparam logic [11:0] DOMAIN_REPEAT_WRITE = 12'h054;

  // {mapped, writable} of an offset in the page.
  function automatic logic [1:0] global_access(input logic [11:0] offset);
    case (offset)
      12'h000: global_access = 2'b10;
      12'h004: global_access = 2'b10;
      12'h008: global_access = 2'b10;
      12'h00c: global_access = 2'b10;
      12'h010: global_access = 2'b11;
      12'h014: global_access = 2'b11;
      12'h018: global_access = 2'b10;
      12'h01c: global_access = 2'b10;
      12'h020: global_access = 2'b11;
      12'h024: global_access = 2'b11;
      12'h028: global_access = 2'b10;
      12'h02c: global_access = 2'b10;
      12'h030: global_access = 2'b10;
      12'h034: global_access = 2'b11;
      12'h038: global_access = 2'b11;
      12'h100: global_access = 2'b10;
      12'h104: global_access = 2'b10;
      12'h108: global_access = 2'b10;
      12'h10c: global_access = 2'b10;
      12'h110: global_access = 2'b10;
      12'h114: global_access = 2'b10;
      12'h118: global_access = 2'b10;
      12'h11c: global_access = 2'b10;
      12'h120: global_access = 2'b10;
      12'h124: global_access = 2'b10;
      12'h128: global_access = 2'b10;
      12'h12c: global_access = 2'b10;
      12'h130: global_access = 2'b10;
      12'h134: global_access = 2'b10;
      12'h138: global_access = 2'b10;
      12'h13c: global_access = 2'b10;
      12'h140: global_access = 2'b10;
      12'h144: global_access = 2'b10;
      default: global_access = 2'b00;
    endcase
  endfunction

  // Bits that hold what is written; 0 for a register that holds nothing.
  function automatic logic [31:0] global_write_mask(input logic [11:0] offset);
    case (offset)
      12'h010: global_write_mask = 32'hffffffff;
      12'h024: global_write_mask = 32'h0000ffff;
      12'h034: global_write_mask = 32'hffffffff;
      12'h038: global_write_mask = 32'h00000ff7;
      default: global_write_mask = 32'h0;
    endcase
  endfunction

  // {mapped, writable} of an offset in the page.
  function automatic logic [1:0] domain_access(input logic [11:0] offset);
    case (offset)
      12'h000: domain_access = 2'b11;
      12'h004: domain_access = 2'b11;
      12'h008: domain_access = 2'b11;
      12'h00c: domain_access = 2'b11;
      12'h010: domain_access = 2'b11;
      12'h014: domain_access = 2'b11;
      12'h018: domain_access = 2'b11;
      12'h01c: domain_access = 2'b10;
      12'h020: domain_access = 2'b10;
      12'h024: domain_access = 2'b10;
      12'h028: domain_access = 2'b10;
      12'h02c: domain_access = 2'b10;
      12'h030: domain_access = 2'b10;
      12'h034: domain_access = 2'b10;
      12'h038: domain_access = 2'b10;
      12'h03c: domain_access = 2'b10;
      12'h040: domain_access = 2'b10;
      12'h044: domain_access = 2'b11;
      12'h048: domain_access = 2'b10;
      12'h04c: domain_access = 2'b10;
      12'h050: domain_access = 2'b11;
      12'h054: domain_access = 2'b11;
      default: domain_access = 2'b00;
    endcase
  endfunction

  // Bits that hold what is written; 0 for a register that holds nothing.
  function automatic logic [31:0] domain_write_mask(input logic [11:0] offset);
    case (offset)
      12'h000: domain_write_mask = 32'hffffffff;
      12'h004: domain_write_mask = 32'hffffffff;
      12'h008: domain_write_mask = 32'hffffffff;
      12'h00c: domain_write_mask = 32'hffffffff;
      12'h010: domain_write_mask = 32'hffffffff;
      12'h014: domain_write_mask = 32'hffffffff;
      12'h044: domain_write_mask = 32'h00001f0f;
      12'h050: domain_write_mask = 32'hffffffff;
      12'h054: domain_write_mask = 32'hffffffff;
      default: domain_write_mask = 32'h0;
    endcase
  endfunction

endpackage

`default_nettype wire
