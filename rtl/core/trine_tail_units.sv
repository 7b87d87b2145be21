// SPDX-License-Identifier: Apache-2.0
// trine_tail_units: from pre-activations to c and h: gates, cell update, output byte; one unit
// every 4 / TailRows beats, and dense bytes beside them, so that bytes leave in the order of their
// beats.
//
// Has the state buffer: c(t-1) is read in cycle 14 and {h, c} written back in cycle 38. No step
// of a sequence reads before the step before it has written: its h part waits for that step's h.
// Cycles are counted from the beat's issue; every beat takes the whole way, x parts without
// effect.
//
// cycle       11   16   22   28   30   37   38
// pre_i       A    .    .    .    .    .    .
// gates       .    A    .    .    .    .    .     gathered with the unit's earlier beats; c(t-1)
// cell        .    .    A    .    .    .    .     c(t)
// squashed    .    .    .    A    .    .    .     TANH(c(t))
// product     .    .    .    .    A    .    .     o * TANH(c(t))
// result      .    .    .    .    .    A    .
// h_o         .    .    .    .    .    .    A     h(t) = sat8(result + zero_point)
`default_nettype none
`include "trine_assert.svh"

module trine_tail_units #(
    parameter int unsigned TailRows = 4,
    parameter int unsigned StateUnits = 4096
) (
    input  wire logic                   clk_i,
    input  wire logic                   rst_ni,
    input  wire logic                   flush_i,
    // Cycle 11.
    input  wire logic                   valid_i,
    input  wire trine_pkg::beat_t       beat_i,
    input  wire logic [TailRows*16-1:0] pre_i,
    // Cycle 12.
    input  wire logic [TailRows*8-1:0]  bytes_i,
    // Constants by context.
    output      logic [3:0]             cell_ctx_o,
    input  wire logic [18:0]            cell_i,       // {exponent, clip}
    output      logic [3:0]             requant_ctx_o,
    input  wire logic [36:0]            requant_i,    // {shift, multiplier}
    output      logic [3:0]             zero_ctx_o,
    input  wire logic [7:0]             zero_i,       // zero point of h
    // State buffer, for the program.
    input  wire logic                   forget_i,     // the core changes hands
    input  wire logic                   state_we_i,
    input  wire logic [15:0]            state_waddr_i,
    input  wire logic [15:0]            state_wdata_i,
    input  wire logic                   state_re_i,
    input  wire logic [15:0]            state_raddr_i,
    output      logic [23:0]            state_rdata_o,
    // Cycle 38.
    output      logic                   valid_o,
    output      logic                   unit_valid_o, // a unit of an h part ends here
    output      trine_pkg::beat_t       beat_o,
    output      logic [TailRows*8-1:0]  bytes_o,
    output      logic [7:0]             h_o
);

  localparam int unsigned BeatBits = $bits(beat_i);
  localparam int unsigned StateAddrBits = $clog2(StateUnits);

  logic [38:12]                valid_q;
  logic [38:17]                unit_q;
  trine_pkg::beat_t            beat_q14, beat_q16, beat_q29, beat_q36;
  logic                        gates_valid, unit_valid, state_re, state_we, unused;
  logic [TailRows*16-1:0]      gates;
  logic [63:0]                 unit_gates;
  logic [23:0]                 state, state_wdata;
  logic signed [15:0]          old_cell, cell_q22, cell_q38, squashed, o_q28;
  logic signed [31:0]          product;
  logic signed [9:0]           result;
  logic [2:0]                  exponent_q22;
  logic [30:0]                 multiplier_q30;
  logic [5:0]                  shift_q30;
  logic signed [7:0]           zero_q37;
  logic [StateAddrBits-1:0]    state_waddr, state_raddr;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      valid_q <= '0;
      unit_q <= '0;
    end else begin
      valid_q <= {valid_q[37:12], valid_i};
      unit_q <= {unit_q[37:17], unit_valid};
    end
  end

  trine_delay #(.Width(BeatBits), .Cycles(3)) u_beat14 (
      .clk_i, .rst_ni, .data_i(beat_i), .data_o(beat_q14)
  );
  trine_delay #(.Width(BeatBits), .Cycles(2)) u_beat16 (
      .clk_i, .rst_ni, .data_i(beat_q14), .data_o(beat_q16)
  );
  trine_delay #(.Width(BeatBits), .Cycles(13)) u_beat29 (
      .clk_i, .rst_ni, .data_i(beat_q16), .data_o(beat_q29)
  );
  trine_delay #(.Width(BeatBits), .Cycles(7)) u_beat36 (
      .clk_i, .rst_ni, .data_i(beat_q29), .data_o(beat_q36)
  );
  trine_delay #(.Width(BeatBits), .Cycles(2)) u_beat38 (
      .clk_i, .rst_ni, .data_i(beat_q36), .data_o(beat_o)
  );

  // Gates of the beat's rows.
  assign gates_valid = valid_i && beat_i.second;
  for (genvar row = 0; row < TailRows; row++) begin : gen_gate
    logic               is_tanh;
    logic signed [15:0] gate;
    assign is_tanh = 32'(beat_i.part) * TailRows + row == 2;
    trine_activation #(.Scaled(0)) u_activation (
        .clk_i, .rst_ni, .valid_i(gates_valid), .tanh_i(is_tanh),
        .value_i(pre_i[row*16 +: 16]), .exponent_i(3'd0), .result_o(gate)
    );
    assign gates[row*16 +: 16] = gate;
  end

  // The unit's earlier rows wait here for its last.
  if (TailRows == 4) begin : gen_gather
    assign unit_gates = gates;
  end else begin : gen_gather
    localparam int unsigned HeldBits = (4 - TailRows) * 16;
    logic [HeldBits-1:0] gates_q;
    assign unit_gates = {gates, gates_q};
    always_ff @(posedge clk_i) begin
      if (valid_q[16] && !beat_q16.unit_end) begin
        gates_q <= unit_gates[63 -: HeldBits];
      end
    end
  end

  // State: the program uses the ports only when nothing is in the pipe.
  assign state_re = (valid_q[14] && beat_q14.second) || state_re_i;
  assign state_raddr = state_re_i ? state_raddr_i[StateAddrBits-1:0]
                                  : beat_q14.state_addr[StateAddrBits-1:0];
  assign state_we = (unit_q[38] && beat_o.write) || state_we_i;
  assign state_waddr = state_we_i ? state_waddr_i[StateAddrBits-1:0]
                                  : beat_o.state_addr[StateAddrBits-1:0];
  assign state_wdata = state_we_i ? {8'd0, state_wdata_i} : {h_o, cell_q38};
  assign state_rdata_o = state;

  trine_states #(.StateUnits(StateUnits)) u_states (
      .clk_i, .rst_ni, .forget_i, .we_i(state_we), .waddr_i(state_waddr), .wdata_i(state_wdata),
      .re_i(state_re), .raddr_i(state_raddr), .rdata_o(state)
  );

  // Cell update.
  assign unit_valid = valid_q[16] && beat_q16.second && beat_q16.unit_end && beat_q16.live;
  assign cell_ctx_o = beat_q16.ctx;
  assign old_cell = beat_q16.use_cell ? state[15:0] : 16'sd0;

  trine_cell_update u_cell_update (
      .clk_i, .rst_ni, .valid_i(unit_valid), .gate_i_i(unit_gates[15:0]),
      .gate_f_i(unit_gates[31:16]), .gate_g_i(unit_gates[47:32]), .cell_i(old_cell),
      .exponent_i(cell_i[18:16]), .clip_i(cell_i[15:0]), .cell_o(cell_q22)
  );
  trine_delay #(.Width(3), .Cycles(6)) u_exponent22 (
      .clk_i, .rst_ni, .data_i(cell_i[18:16]), .data_o(exponent_q22)
  );
  trine_delay #(.Width(16), .Cycles(12)) u_o28 (
      .clk_i, .rst_ni, .data_i(unit_gates[63:48]), .data_o(o_q28)
  );
  trine_delay #(.Width(16), .Cycles(16)) u_cell38 (
      .clk_i, .rst_ni, .data_i(cell_q22), .data_o(cell_q38)
  );

  // Output byte.
  trine_activation #(.Scaled(1)) u_squash (
      .clk_i, .rst_ni, .valid_i(unit_q[22]), .tanh_i(1'b1), .value_i(cell_q22),
      .exponent_i(exponent_q22), .result_o(squashed)
  );
  trine_mul #(.WidthA(16), .WidthB(16)) u_product (
      .clk_i, .en_i(unit_q[28]), .en_product_i(unit_q[29]), .a_i(o_q28), .b_i(squashed),
      .product_o(product)
  );

  assign requant_ctx_o = beat_q29.ctx;
  always_ff @(posedge clk_i) {shift_q30, multiplier_q30} <= requant_i;

  // An int8 is added and the sum saturated to int8: 10 bits decide it.
  trine_requantiser #(.Bits(10)) u_requantiser (
      .clk_i, .rst_ni, .valid_i(unit_q[30]), .acc_i(product), .multiplier_i(multiplier_q30),
      .shift_i(shift_q30), .result_o(result)
  );

  assign zero_ctx_o = beat_q36.ctx;

  always_ff @(posedge clk_i) begin
    zero_q37 <= zero_i;
    if (unit_q[37]) h_o <= trine_pkg::sat8(18'(result) + 18'(zero_q37));
  end

  trine_delay #(.Width(TailRows * 8), .Cycles(26)) u_bytes38 (
      .clk_i, .rst_ni, .data_i(bytes_i), .data_o(bytes_o)
  );

  assign valid_o = valid_q[38];
  assign unit_valid_o = unit_q[38];
  assign unused = &{1'b0, beat_q14, beat_q16, beat_q29, beat_q36,
                    state_waddr_i, state_raddr_i};

  `TRINE_ASSERT(a_program_alone,
      !rst_ni || flush_i || !(state_we_i || state_re_i) || (valid_q == '0 && !valid_i))

endmodule

`default_nettype wire
