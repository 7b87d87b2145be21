// SPDX-License-Identifier: Apache-2.0
// mac_bench: weight buffer and MAC array as a core connects them; the vector comes with the marks,
// two cycles after the read.
`default_nettype none

module mac_bench #(
    parameter int unsigned Lanes = 8,
    parameter int unsigned MacsPerLane = 8,
    parameter int unsigned MemBytes = 8,
    parameter int unsigned Words = 64,
    localparam int unsigned WordBytes = Lanes * MacsPerLane,
    localparam int unsigned Banks = WordBytes / MemBytes,
    localparam int unsigned BankBits = (Banks > 1) ? $clog2(Banks) : 1
) (
    input  wire logic                     clk_i,
    input  wire logic                     rst_ni,
    // Weights.
    input  wire logic                     we_i,
    input  wire logic [31:0]              waddr_i,  // in beats
    input  wire logic [MemBytes*8-1:0]    wdata_i,
    input  wire logic                     re_i,
    input  wire logic [31:0]              addr_i,
    // Chunks.
    input  wire logic                     valid_i,
    input  wire logic                     first_i,
    input  wire logic                     last_i,
    input  wire logic [MacsPerLane*8-1:0] vector_i,
    output      logic                     valid_o,
    output      logic [Lanes*32-1:0]      acc_o
);

  logic [WordBytes*8-1:0] word;

  trine_weight_buffer #(.WordBytes(WordBytes), .MemBytes(MemBytes), .Words(Words)) u_weights (
      .clk_i, .we_i, .waddr_i(waddr_i / Banks), .wbank_i(BankBits'(waddr_i % Banks)), .wdata_i,
      .re_i, .addr_i, .word_o(word)
  );
  trine_mac_array #(.Lanes(Lanes), .MacsPerLane(MacsPerLane)) u_macs (
      .clk_i, .rst_ni, .valid_i, .first_i, .last_i, .weights_i(word), .vector_i, .valid_o, .acc_o
  );

endmodule

`default_nettype wire
