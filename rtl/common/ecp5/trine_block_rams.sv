// SPDX-License-Identifier: Apache-2.0
// trine_block_rams: block RAMs of an ECP5 side by side, each with its own registers at its output:
// what the RAM wrappers of this folder are made of.
//
// Port A writes and reads, port B reads. A block has 18 bits by 1024 words, down to 1 bit by 16384;
// where bytes of 8 have write enables the ninth bit of each is left alone. In a cycle with we_i
// port A reads nothing; a read by port B of the word that is written gives undefined data. The
// clock enable is that of the RAM; the registers behind it always follow.
//
// cycle      0    1    2    3        latency of a read 2
// re, addr   A    B    .    .
// RAM        .    A    B    .
// rdata_o    .    .    A    B        held while no read follows
`default_nettype none
`include "trine_assert.svh"

module trine_block_rams #(
    parameter int unsigned Width = 8,      // bits
    parameter int unsigned AddrBits = 10,  // 10..14, words are as many as that allows
    parameter int unsigned WriteBits = 8,  // of a write enable: Width, or a multiple of 8
    localparam int unsigned Enables = (Width + WriteBits - 1) / WriteBits
) (
    input  wire logic                clk_i,
    // A.
    input  wire logic                we_i,
    input  wire logic                re_a_i,
    input  wire logic [AddrBits-1:0] addr_a_i,
    input  wire logic [Enables-1:0]  be_i,
    input  wire logic [Width-1:0]    wdata_i,
    output      logic [Width-1:0]    rdata_a_o,
    // B.
    input  wire logic                re_b_i,
    input  wire logic [AddrBits-1:0] addr_b_i,
    output      logic [Width-1:0]    rdata_b_o
);

  // Bits of a block's word, and those that are used.
  localparam int unsigned Bits = AddrBits == 10 ? 18 : AddrBits == 11 ? 9 : 1 << (14 - AddrBits);
  localparam int unsigned Used = WriteBits % Bits == 0 || WriteBits == Width ? Bits : Bits / 9 * 8;
  localparam int unsigned Half = Bits == 18 ? Used / 2 : Used;  // bits of a write enable
  localparam int unsigned Blocks = (Width + Used - 1) / Used;

  `TRINE_CHECK_PARAM(gen_check_addr, AddrBits >= 10 && AddrBits <= 14)
  `TRINE_CHECK_PARAM(gen_check_write, WriteBits == Width || WriteBits % Half == 0)

  logic [Blocks*Used-1:0] wdata, rdata_a, rdata_b;
  logic                   unused;

  assign wdata = (Blocks*Used)'(wdata_i);
  assign rdata_a_o = rdata_a[Width-1:0];
  assign rdata_b_o = rdata_b[Width-1:0];
  assign unused = &{1'b0, rdata_a, rdata_b};

  for (genvar block = 0; block < Blocks; block++) begin : gen_block
    // Where the word of 18 bits has its second half, which the last block may lack.
    localparam int unsigned At = block * Used + Used - Half;
    localparam int unsigned Low = block * Used / WriteBits;
    localparam int unsigned High = At / WriteBits < Enables ? At / WriteBits : Low;
    logic        low, high, we;
    logic [13:0] pin_a, pin_b;
    logic [17:0] in_a, out_a, out_b;

    assign low = be_i[Low];
    assign high = be_i[High];
    assign we = we_i && (Bits == 18 || low);
    // An address stands in the upper pins; of 18 bits the lowest two say which halves to write.
    assign pin_a = 14'(addr_a_i) << (14 - AddrBits) | 14'(Bits == 18 ? {high, low} : 2'b00);
    assign pin_b = 14'(addr_b_i) << (14 - AddrBits);
    assign in_a = {Bits == 18 ? 9'(wdata[At +: Half]) : 9'd0, 9'(wdata[block*Used +: Half])};
    assign rdata_a[block*Used +: Used] = Used'({out_a[9 +: Half], out_a[0 +: Half]});
    assign rdata_b[block*Used +: Used] = Used'({out_b[9 +: Half], out_b[0 +: Half]});

    DP16KD #(
        .DATA_WIDTH_A(Bits), .DATA_WIDTH_B(Bits), .REGMODE_A("OUTREG"), .REGMODE_B("OUTREG"),
        .WRITEMODE_A("NORMAL"), .WRITEMODE_B("NORMAL"), .GSR("DISABLED")
    ) u_ram (
        .CLKA(clk_i), .CEA(we_i || re_a_i), .OCEA(1'b1), .WEA(we), .RSTA(1'b0),
        .CSA0(1'b0), .CSA1(1'b0), .CSA2(1'b0),
        .CLKB(clk_i), .CEB(re_b_i), .OCEB(1'b1), .WEB(1'b0), .RSTB(1'b0),
        .CSB0(1'b0), .CSB1(1'b0), .CSB2(1'b0),
        .ADA0(pin_a[0]), .ADA1(pin_a[1]), .ADA2(pin_a[2]), .ADA3(pin_a[3]), .ADA4(pin_a[4]),
        .ADA5(pin_a[5]), .ADA6(pin_a[6]), .ADA7(pin_a[7]), .ADA8(pin_a[8]), .ADA9(pin_a[9]),
        .ADA10(pin_a[10]), .ADA11(pin_a[11]), .ADA12(pin_a[12]), .ADA13(pin_a[13]), .ADB0(pin_b[0]),
        .ADB1(pin_b[1]), .ADB2(pin_b[2]), .ADB3(pin_b[3]), .ADB4(pin_b[4]), .ADB5(pin_b[5]),
        .ADB6(pin_b[6]), .ADB7(pin_b[7]), .ADB8(pin_b[8]), .ADB9(pin_b[9]), .ADB10(pin_b[10]),
        .ADB11(pin_b[11]), .ADB12(pin_b[12]), .ADB13(pin_b[13]), .DIA0(in_a[0]), .DIA1(in_a[1]),
        .DIA2(in_a[2]), .DIA3(in_a[3]), .DIA4(in_a[4]), .DIA5(in_a[5]), .DIA6(in_a[6]),
        .DIA7(in_a[7]), .DIA8(in_a[8]), .DIA9(in_a[9]), .DIA10(in_a[10]), .DIA11(in_a[11]),
        .DIA12(in_a[12]), .DIA13(in_a[13]), .DIA14(in_a[14]), .DIA15(in_a[15]), .DIA16(in_a[16]),
        .DIA17(in_a[17]), .DOA0(out_a[0]), .DOA1(out_a[1]), .DOA2(out_a[2]), .DOA3(out_a[3]),
        .DOA4(out_a[4]), .DOA5(out_a[5]), .DOA6(out_a[6]), .DOA7(out_a[7]), .DOA8(out_a[8]),
        .DOA9(out_a[9]), .DOA10(out_a[10]), .DOA11(out_a[11]), .DOA12(out_a[12]), .DOA13(out_a[13]),
        .DOA14(out_a[14]), .DOA15(out_a[15]), .DOA16(out_a[16]), .DOA17(out_a[17]), .DOB0(out_b[0]),
        .DOB1(out_b[1]), .DOB2(out_b[2]), .DOB3(out_b[3]), .DOB4(out_b[4]), .DOB5(out_b[5]),
        .DOB6(out_b[6]), .DOB7(out_b[7]), .DOB8(out_b[8]), .DOB9(out_b[9]), .DOB10(out_b[10]),
        .DOB11(out_b[11]), .DOB12(out_b[12]), .DOB13(out_b[13]), .DOB14(out_b[14]),
        .DOB15(out_b[15]), .DOB16(out_b[16]), .DOB17(out_b[17])
    );
  end

endmodule

`default_nettype wire
