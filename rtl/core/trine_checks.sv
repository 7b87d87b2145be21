// SPDX-License-Identifier: Apache-2.0
// trine_checks: what an operation whose words are right may not do on this core as it is, as an
// error code; 0 is nothing.
//
// Combinational; the program takes it in the cycle before the operation acts, with the arguments
// there. What a phase touches in the weight, parameter, pre-activation and state buffers and in the
// rings is checked where it is touched.
`default_nettype none

module trine_checks #(
    parameter int unsigned BusBytes = 8,
    parameter int unsigned MemBytes = 8
) (
    input  wire logic [7:0]  op_i,
    // WRITE: a row, a slot of its RAM, and a vector of the channel it hears.
    input  wire logic [15:0] row_bytes_i,
    input  wire logic [15:0] slot_words_i,
    input  wire logic [15:0] channel_words_i,    // in bus words, or 0
    // Looked up elsewhere.
    input  wire logic        channel_refused_i,  // a second publisher, or a second user
    input  wire logic        missing_i,          // RUN names a context not set up, or one that runs
    input  wire logic        stream_busy_i,      // the reader or writer named is still active
    input  wire logic        setup_i,            // channels and contexts may be set up
    input  wire logic        gap_i,              // it leaves out, or names, what was not written
    output      logic [7:0]  error_o
);

  logic sets_up, is_write, on_channel, busy, long_row, beyond_slot;

  assign sets_up = op_i == trine_records_pkg::OP_CHANNEL || op_i == trine_records_pkg::OP_CONTEXT;
  assign is_write = op_i == trine_records_pkg::OP_WRITE;
  assign on_channel = op_i == trine_records_pkg::OP_CONTEXT || op_i == trine_records_pkg::OP_READ
                      || is_write;
  assign busy = (stream_busy_i && (op_i == trine_records_pkg::OP_READ || is_write))
                || (missing_i && op_i == trine_records_pkg::OP_RUN);
  assign long_row = is_write && 32'(row_bytes_i) > 32'(channel_words_i) * BusBytes;
  assign beyond_slot = is_write && 32'(row_bytes_i) > 32'(slot_words_i) * MemBytes;

  always_comb begin
    error_o = trine_pkg::ERR_NONE;
    if (busy || beyond_slot) error_o = trine_pkg::ERR_FIELD;
    else if (gap_i) error_o = trine_pkg::ERR_LOCAL_ADDRESS;
    else if (sets_up && !setup_i) error_o = trine_pkg::ERR_SETUP;
    else if (channel_refused_i && on_channel) error_o = trine_pkg::ERR_PUBLISHER;
    else if (long_row) error_o = trine_pkg::ERR_FIELD;
  end

endmodule

`default_nettype wire
