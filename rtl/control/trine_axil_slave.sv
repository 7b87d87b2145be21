// SPDX-License-Identifier: Apache-2.0
// trine_axil_slave: AXI4-Lite channels in front of a register file that carries out one access at a
// time.
//
// Address and data of a write are taken independently; reads and writes go in turn when both wait.
// req_valid_o stands with stable req_* until rsp_valid_i, a pulse; the answer is then offered and
// held until taken, before the next request. Nothing is accepted until enable_i. All outputs are
// registered, those of AXI idle in reset.
//
// cycle         0     1     2     3     4     5        a read
// arvalid       1     .     .     .     .     .
// req_valid_o   .     .     1     1     .     .
// rsp_valid_i   .     .     .     1     .     .
// rvalid        .     .     .     .     1     .        held until rready
`default_nettype none
`include "trine_assert.svh"

module trine_axil_slave #(
    parameter int unsigned AddrBits = 17  // bytes
) (
    input  wire logic                clk_i,
    input  wire logic                rst_ni,
    input  wire logic                enable_i,
    // AXI4-Lite.
    input  wire logic                s_awvalid_i,
    output      logic                s_awready_o,
    input  wire logic [AddrBits-1:0] s_awaddr_i,
    input  wire logic                s_wvalid_i,
    output      logic                s_wready_o,
    input  wire logic [31:0]         s_wdata_i,
    input  wire logic [3:0]          s_wstrb_i,
    output      logic                s_bvalid_o,
    input  wire logic                s_bready_i,
    output      logic [1:0]          s_bresp_o,
    input  wire logic                s_arvalid_i,
    output      logic                s_arready_o,
    input  wire logic [AddrBits-1:0] s_araddr_i,
    output      logic                s_rvalid_o,
    input  wire logic                s_rready_i,
    output      logic [31:0]         s_rdata_o,
    output      logic [1:0]          s_rresp_o,
    // Request and answer.
    output      logic                req_valid_o,
    output      logic                req_write_o,
    output      logic [AddrBits-1:0] req_addr_o,     // a multiple of 4
    output      logic [31:0]         req_data_o,
    output      logic [3:0]          req_strobes_o,
    input  wire logic                rsp_valid_i,
    input  wire logic                rsp_failed_i,
    input  wire logic [31:0]         rsp_data_i
);

  localparam logic [1:0] OKAY = 2'b00;
  localparam logic [1:0] SLVERR = 2'b10;

  logic on_q;
  logic aw_full_q;
  logic w_full_q;
  logic ar_full_q;
  logic [AddrBits-1:2] aw_q;
  logic [AddrBits-1:2] ar_q;
  logic unused;
  logic taken;     // the answer is taken
  logic free;      // neither request nor answer stands
  logic turn_q;    // of two that wait, the read goes first
  logic write_waits;
  logic pick_read;

  assign unused = &{1'b0, s_awaddr_i[1:0], s_araddr_i[1:0]};
  assign taken = (s_bvalid_o && s_bready_i) || (s_rvalid_o && s_rready_i);
  assign free = !req_valid_o && !s_bvalid_o && !s_rvalid_o;
  assign write_waits = aw_full_q && w_full_q;
  assign pick_read = ar_full_q && (turn_q || !write_waits);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      on_q <= 1'b0;
      s_awready_o <= 1'b0;
      s_wready_o <= 1'b0;
      s_arready_o <= 1'b0;
      aw_full_q <= 1'b0;
      w_full_q <= 1'b0;
      ar_full_q <= 1'b0;
    end else if (!on_q) begin
      on_q <= enable_i;
      s_awready_o <= enable_i;
      s_wready_o <= enable_i;
      s_arready_o <= enable_i;
    end else begin
      if (s_awvalid_i && s_awready_o) begin
        s_awready_o <= 1'b0;
        aw_full_q <= 1'b1;
        aw_q <= s_awaddr_i[AddrBits-1:2];
      end
      if (s_wvalid_i && s_wready_o) begin
        s_wready_o <= 1'b0;
        w_full_q <= 1'b1;
        req_data_o <= s_wdata_i;
        req_strobes_o <= s_wstrb_i;
      end
      if (s_arvalid_i && s_arready_o) begin
        s_arready_o <= 1'b0;
        ar_full_q <= 1'b1;
        ar_q <= s_araddr_i[AddrBits-1:2];
      end
      if (taken && req_write_o) begin
        s_awready_o <= 1'b1;
        s_wready_o <= 1'b1;
        aw_full_q <= 1'b0;
        w_full_q <= 1'b0;
      end
      if (taken && !req_write_o) begin
        s_arready_o <= 1'b1;
        ar_full_q <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      req_valid_o <= 1'b0;
      s_bvalid_o <= 1'b0;
      s_rvalid_o <= 1'b0;
      turn_q <= 1'b0;
    end else if (free) begin
      req_valid_o <= ar_full_q || write_waits;
      req_write_o <= !pick_read;
      req_addr_o <= {pick_read ? ar_q : aw_q, 2'b00};
      if (ar_full_q || write_waits) turn_q <= !pick_read;
    end else if (rsp_valid_i) begin
      req_valid_o <= 1'b0;
      s_bvalid_o <= req_write_o;
      s_rvalid_o <= !req_write_o;
      s_bresp_o <= rsp_failed_i ? SLVERR : OKAY;
      s_rresp_o <= rsp_failed_i ? SLVERR : OKAY;
      s_rdata_o <= rsp_failed_i ? 32'd0 : rsp_data_i;
    end else if (taken) begin
      s_bvalid_o <= 1'b0;
      s_rvalid_o <= 1'b0;
    end
  end

`ifndef SYNTHESIS
  logic b_waits_q;
  logic r_waits_q;
  logic [31:0] rdata_q;

  always_ff @(posedge clk_i) begin
    b_waits_q <= rst_ni && s_bvalid_o && !s_bready_i;
    r_waits_q <= rst_ni && s_rvalid_o && !s_rready_i;
    rdata_q <= s_rdata_o;
  end

  `TRINE_ASSERT(a_b_held, !rst_ni || !b_waits_q || s_bvalid_o)
  `TRINE_ASSERT(a_r_held, !rst_ni || !r_waits_q || (s_rvalid_o && s_rdata_o == rdata_q))
  `TRINE_ASSERT(a_answer_to_request, !rst_ni || !rsp_valid_i || req_valid_o)
`endif

endmodule

`default_nettype wire
