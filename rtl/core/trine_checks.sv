// SPDX-License-Identifier: Apache-2.0
// trine_checks: what an operation whose words are right may not do on this core as it is, as an
// error code; 0 is nothing.
//
// Combinational, of what trine_orders has looked up with the arguments there. What a phase touches
// in the weight, parameter, pre-activation and state buffers and in the rings is checked where it
// is touched.
`default_nettype none

module trine_checks (
    input  wire logic [7:0]  op_i,
    input  wire logic        long_row_i,         // WRITE: a row beyond a vector of its channel
    input  wire logic        beyond_slot_i,      // or beyond a slot of its RAM
    input  wire logic        channel_refused_i,  // a second publisher, or a second user
    input  wire logic        missing_i,          // RUN names a context not set up, or one that runs
    input  wire logic        stream_busy_i,      // the reader or writer named is still active
    input  wire logic        setup_i,            // channels and contexts may be set up
    input  wire logic        gap_i,              // it leaves out, or names, what was not written
    output      logic [7:0]  error_o
);

  logic sets_up, is_write, on_channel, busy;

  assign sets_up = op_i == trine_records_pkg::OP_CHANNEL || op_i == trine_records_pkg::OP_CONTEXT;
  assign is_write = op_i == trine_records_pkg::OP_WRITE;
  assign on_channel = op_i == trine_records_pkg::OP_CONTEXT || op_i == trine_records_pkg::OP_READ
                      || is_write;
  assign busy = (stream_busy_i && (op_i == trine_records_pkg::OP_READ || is_write))
                || (missing_i && op_i == trine_records_pkg::OP_RUN);

  always_comb begin
    error_o = trine_pkg::ERR_NONE;
    if (busy || (is_write && beyond_slot_i)) error_o = trine_pkg::ERR_FIELD;
    else if (gap_i) error_o = trine_pkg::ERR_LOCAL_ADDRESS;
    else if (sets_up && !setup_i) error_o = trine_pkg::ERR_SETUP;
    else if (channel_refused_i && on_channel) error_o = trine_pkg::ERR_PUBLISHER;
    else if (is_write && long_row_i) error_o = trine_pkg::ERR_FIELD;
  end

endmodule

`default_nettype wire
