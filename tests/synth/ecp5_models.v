// SPDX-License-Identifier: Apache-2.0
// ecp5_models: cells of a netlist for which Yosys has no model that can be simulated: block RAM of
// an ECP5, as far as Yosys uses it, and its adder before it becomes carry cells (the multiplier is
// in ecp5_mul.v).
//
// Each bit is a port, as in the netlist. All parameter values that Yosys does not write for this
// design stop the simulation. Initial contents are those of a RAM with INIT_DATA "CONTENTS", which
// the flow writes for the tables; others have none. A read of a word that the other port writes in
// the same cycle gives inverted bits: nothing may rely on it.
`default_nettype none

// Adder and subtractor: Y = A + (BI ? ~B : B) + CI with all its carries, X = their exclusive or.
module \$alu #(
    parameter A_SIGNED = 0,
    parameter B_SIGNED = 0,
    parameter A_WIDTH = 1,
    parameter B_WIDTH = 1,
    parameter Y_WIDTH = 1
) (
    input  wire [A_WIDTH-1:0] A,
    input  wire [B_WIDTH-1:0] B,
    input  wire               CI,
    input  wire               BI,
    output wire [Y_WIDTH-1:0] X,
    output wire [Y_WIDTH-1:0] Y,
    output wire [Y_WIDTH-1:0] CO
);

  wire [Y_WIDTH-1:0] a;
  wire [Y_WIDTH-1:0] b;

  if (A_SIGNED && B_SIGNED) begin : gen_signed
    assign a = $signed(A);
    assign b = $signed(B);
  end else begin : gen_unsigned
    assign a = A;
    assign b = B;
  end

  wire [Y_WIDTH-1:0] bb = BI ? ~b : b;

  assign X = a ^ bb;
  assign Y = a + bb + {{Y_WIDTH{1'b0}}, CI};
  // A bit carries when both operands have it, or one has it and the sum lost it.
  assign CO = (a & bb) | ((a | bb) & ~Y);

endmodule

// One block RAM of 2048 bytes of 9 bits. Ports A and B have 1, 2, 4, 9 or 18 bits; or both 36 bits:
// A writes (upper half of the data on DIB) and B reads (lower half on DOA). From 18 bits up, the
// lowest address bits of a write enable its bytes. All on rising edges; of up to 18 bits also with
// registers at the output, behind OCEA and OCEB.
module DP16KD #(
    parameter DATA_WIDTH_A = 18,
    parameter DATA_WIDTH_B = 18,
    parameter REGMODE_A = "NOREG",
    parameter REGMODE_B = "NOREG",
    parameter RESETMODE = "SYNC",
    parameter ASYNC_RESET_RELEASE = "SYNC",
    parameter CSDECODE_A = "0b000",
    parameter CSDECODE_B = "0b000",
    parameter WRITEMODE_A = "NORMAL",
    parameter WRITEMODE_B = "NORMAL",
    parameter CLKAMUX = "CLKA",
    parameter CLKBMUX = "CLKB",
    parameter GSR = "ENABLED",
    parameter INIT_DATA = "STATIC",
    parameter [319:0] INITVAL_00 = 320'd0,
    parameter [319:0] INITVAL_01 = 320'd0,
    parameter [319:0] INITVAL_02 = 320'd0,
    parameter [319:0] INITVAL_03 = 320'd0,
    parameter [319:0] INITVAL_04 = 320'd0,
    parameter [319:0] INITVAL_05 = 320'd0,
    parameter [319:0] INITVAL_06 = 320'd0,
    parameter [319:0] INITVAL_07 = 320'd0,
    parameter [319:0] INITVAL_08 = 320'd0,
    parameter [319:0] INITVAL_09 = 320'd0,
    parameter [319:0] INITVAL_0A = 320'd0,
    parameter [319:0] INITVAL_0B = 320'd0,
    parameter [319:0] INITVAL_0C = 320'd0,
    parameter [319:0] INITVAL_0D = 320'd0,
    parameter [319:0] INITVAL_0E = 320'd0,
    parameter [319:0] INITVAL_0F = 320'd0,
    parameter [319:0] INITVAL_10 = 320'd0,
    parameter [319:0] INITVAL_11 = 320'd0,
    parameter [319:0] INITVAL_12 = 320'd0,
    parameter [319:0] INITVAL_13 = 320'd0,
    parameter [319:0] INITVAL_14 = 320'd0,
    parameter [319:0] INITVAL_15 = 320'd0,
    parameter [319:0] INITVAL_16 = 320'd0,
    parameter [319:0] INITVAL_17 = 320'd0,
    parameter [319:0] INITVAL_18 = 320'd0,
    parameter [319:0] INITVAL_19 = 320'd0,
    parameter [319:0] INITVAL_1A = 320'd0,
    parameter [319:0] INITVAL_1B = 320'd0,
    parameter [319:0] INITVAL_1C = 320'd0,
    parameter [319:0] INITVAL_1D = 320'd0,
    parameter [319:0] INITVAL_1E = 320'd0,
    parameter [319:0] INITVAL_1F = 320'd0,
    parameter [319:0] INITVAL_20 = 320'd0,
    parameter [319:0] INITVAL_21 = 320'd0,
    parameter [319:0] INITVAL_22 = 320'd0,
    parameter [319:0] INITVAL_23 = 320'd0,
    parameter [319:0] INITVAL_24 = 320'd0,
    parameter [319:0] INITVAL_25 = 320'd0,
    parameter [319:0] INITVAL_26 = 320'd0,
    parameter [319:0] INITVAL_27 = 320'd0,
    parameter [319:0] INITVAL_28 = 320'd0,
    parameter [319:0] INITVAL_29 = 320'd0,
    parameter [319:0] INITVAL_2A = 320'd0,
    parameter [319:0] INITVAL_2B = 320'd0,
    parameter [319:0] INITVAL_2C = 320'd0,
    parameter [319:0] INITVAL_2D = 320'd0,
    parameter [319:0] INITVAL_2E = 320'd0,
    parameter [319:0] INITVAL_2F = 320'd0,
    parameter [319:0] INITVAL_30 = 320'd0,
    parameter [319:0] INITVAL_31 = 320'd0,
    parameter [319:0] INITVAL_32 = 320'd0,
    parameter [319:0] INITVAL_33 = 320'd0,
    parameter [319:0] INITVAL_34 = 320'd0,
    parameter [319:0] INITVAL_35 = 320'd0,
    parameter [319:0] INITVAL_36 = 320'd0,
    parameter [319:0] INITVAL_37 = 320'd0,
    parameter [319:0] INITVAL_38 = 320'd0,
    parameter [319:0] INITVAL_39 = 320'd0,
    parameter [319:0] INITVAL_3A = 320'd0,
    parameter [319:0] INITVAL_3B = 320'd0,
    parameter [319:0] INITVAL_3C = 320'd0,
    parameter [319:0] INITVAL_3D = 320'd0,
    parameter [319:0] INITVAL_3E = 320'd0,
    parameter [319:0] INITVAL_3F = 320'd0
) (
    input  wire DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9,
    input  wire DIA8, DIA7, DIA6, DIA5, DIA4, DIA3, DIA2, DIA1, DIA0,
    input  wire ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2, ADA1,
    input  wire ADA0,
    input  wire CEA, OCEA, CLKA, WEA, RSTA, CSA2, CSA1, CSA0,
    output wire DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9,
    output wire DOA8, DOA7, DOA6, DOA5, DOA4, DOA3, DOA2, DOA1, DOA0,
    input  wire DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9,
    input  wire DIB8, DIB7, DIB6, DIB5, DIB4, DIB3, DIB2, DIB1, DIB0,
    input  wire ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2, ADB1,
    input  wire ADB0,
    input  wire CEB, OCEB, CLKB, WEB, RSTB, CSB2, CSB1, CSB0,
    output wire DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9,
    output wire DOB8, DOB7, DOB6, DOB5, DOB4, DOB3, DOB2, DOB1, DOB0
);

  localparam BITS_A = DATA_WIDTH_A < 9 ? DATA_WIDTH_A : 9;  // of a byte
  localparam BITS_B = DATA_WIDTH_B < 9 ? DATA_WIDTH_B : 9;
  localparam BYTES_A = DATA_WIDTH_A < 9 ? 1 : DATA_WIDTH_A / 9;
  localparam BYTES_B = DATA_WIDTH_B < 9 ? 1 : DATA_WIDTH_B / 9;
  localparam WIDE = DATA_WIDTH_A == 36;

  reg [8:0] mem [0:2047];
  reg [17:0] out_a, held_a;
  reg [35:0] out_b;
  reg [17:0] held_b;

  wire [13:0] addr_a = {ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2,
                        ADA1, ADA0};
  wire [13:0] addr_b = {ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2,
                        ADB1, ADB0};
  wire [17:0] low = {DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9, DIA8, DIA7,
                     DIA6, DIA5, DIA4, DIA3, DIA2, DIA1, DIA0};
  wire [17:0] high = {DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7,
                      DIB6, DIB5, DIB4, DIB3, DIB2, DIB1, DIB0};
  wire [35:0] in_a = {high, low};
  wire [17:0] in_b = high;
  wire [10:0] byte_a = addr_a[13:3] & ~(BYTES_A - 1);
  wire [10:0] byte_b = addr_b[13:3] & ~(BYTES_B - 1);
  // Where in a byte a narrower word stands.
  wire [2:0] bit_a = BITS_A < 9 ? addr_a[2:0] & ~(BITS_A - 1) : 3'd0;
  wire [2:0] bit_b = BITS_B < 9 ? addr_b[2:0] & ~(BITS_B - 1) : 3'd0;
  wire we_a = CEA && WEA && {CSA2, CSA1, CSA0} == 3'd0;
  wire we_b = CEB && WEB && {CSB2, CSB1, CSB0} == 3'd0;

  // Bytes of what B reads that A writes in this cycle; the widths are the same where both are used.
  wire [3:0] written_a = (we_a && byte_a == byte_b && bit_a == bit_b) ?
                         (BYTES_A == 1 ? 4'd1 : addr_a[3:0]) : 4'd0;

  integer i;

  always @(posedge CLKA) begin
    for (i = 0; i < BYTES_A; i = i + 1)
      if (we_a && (BYTES_A == 1 || addr_a[i]))
        mem[byte_a + i][bit_a +: BITS_A] <= in_a[i*9 +: BITS_A];
    if (CEA && !WIDE && (!WEA || WRITEMODE_A == "READBEFOREWRITE"))
      for (i = 0; i < BYTES_A && i < 2; i = i + 1)
        out_a[i*9 +: BITS_A] <= mem[byte_a + i][bit_a +: BITS_A];
    if (OCEA) held_a <= out_a;
  end

  always @(posedge CLKB) begin
    for (i = 0; i < BYTES_B && !WIDE; i = i + 1)
      if (we_b && (BYTES_B == 1 || addr_b[i]))
        mem[byte_b + i][bit_b +: BITS_B] <= in_b[i*9 +: BITS_B];
    if (CEB && (!WEB || WRITEMODE_B == "READBEFOREWRITE"))
      for (i = 0; i < BYTES_B; i = i + 1)
        out_b[i*9 +: BITS_B] <= mem[byte_b + i][bit_b +: BITS_B] ^ {BITS_B{written_a[i]}};
    if (OCEB) held_b <= out_b[17:0];
  end

  // Sixteen words of 18 bits in the low bits of 20 each.
  if (INIT_DATA == "CONTENTS") begin : gen_contents
    localparam [64*320-1:0] INIT = {
        INITVAL_3F, INITVAL_3E, INITVAL_3D, INITVAL_3C, INITVAL_3B, INITVAL_3A,
        INITVAL_39, INITVAL_38, INITVAL_37, INITVAL_36, INITVAL_35, INITVAL_34,
        INITVAL_33, INITVAL_32, INITVAL_31, INITVAL_30, INITVAL_2F, INITVAL_2E,
        INITVAL_2D, INITVAL_2C, INITVAL_2B, INITVAL_2A, INITVAL_29, INITVAL_28,
        INITVAL_27, INITVAL_26, INITVAL_25, INITVAL_24, INITVAL_23, INITVAL_22,
        INITVAL_21, INITVAL_20, INITVAL_1F, INITVAL_1E, INITVAL_1D, INITVAL_1C,
        INITVAL_1B, INITVAL_1A, INITVAL_19, INITVAL_18, INITVAL_17, INITVAL_16,
        INITVAL_15, INITVAL_14, INITVAL_13, INITVAL_12, INITVAL_11, INITVAL_10,
        INITVAL_0F, INITVAL_0E, INITVAL_0D, INITVAL_0C, INITVAL_0B, INITVAL_0A,
        INITVAL_09, INITVAL_08, INITVAL_07, INITVAL_06, INITVAL_05, INITVAL_04,
        INITVAL_03, INITVAL_02, INITVAL_01, INITVAL_00};
    integer b;
    initial for (b = 0; b < 2048; b = b + 1) mem[b] = INIT[(b/2)*20 + (b%2)*9 +: 9];
  end

  wire [17:0] do_a = WIDE ? out_b[17:0] : REGMODE_A == "OUTREG" ? held_a : out_a;
  wire [17:0] do_b = WIDE ? out_b[35:18] : REGMODE_B == "OUTREG" ? held_b : out_b[17:0];

  assign {DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6, DOA5,
          DOA4, DOA3, DOA2, DOA1, DOA0} = do_a;
  assign {DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6, DOB5,
          DOB4, DOB3, DOB2, DOB1, DOB0} = do_b;

  // Port B is without use in a single-port RAM of 9 bits, and its width then means nothing.
  if (!(DATA_WIDTH_A == DATA_WIDTH_B || DATA_WIDTH_A < 36 && DATA_WIDTH_B < 36) ||
      DATA_WIDTH_A != 1 << $clog2(BITS_A) && DATA_WIDTH_A % 9 != 0 ||
      DATA_WIDTH_B != 1 << $clog2(BITS_B) && DATA_WIDTH_B % 9 != 0) begin : gen_check_width
    $error("DP16KD: these widths are not modelled");
  end
  if (WIDE && (REGMODE_A != "NOREG" || REGMODE_B != "NOREG") ||
      CLKAMUX != "CLKA" || CLKBMUX != "CLKB" || CSDECODE_A != "0b000" || CSDECODE_B != "0b000" ||
      WRITEMODE_A == "WRITETHROUGH" || WRITEMODE_B == "WRITETHROUGH") begin : gen_check_mode
    $error("DP16KD: this mode is not modelled");
  end

`ifdef FORMAL
  always @(posedge CLKA) assert (!RSTA && !RSTB);
`else
  always @(posedge CLKA) if (RSTA || RSTB) $stop;
`endif

endmodule

`default_nettype wire
