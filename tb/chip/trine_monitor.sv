// SPDX-License-Identifier: Apache-2.0
// trine_monitor: what keeps tenants apart, watched at the borders of the chip in every simulation.
//
// Simulation only, bound to trine_top from outside (last line), so the product has no wire of it.
// It believes no level of the chip that says whose a core is, but START's registers: of each core
// it keeps slot and window since its last START, and counts what it has at memory. A slot is live
// while it owns a core (running or stopping); so DONE and ERROR are held to the same, but for a
// core in quarantine, whose memory may answer for ever. What breaks a rule stops the run with its
// name:
//
// a_read_in_window, a_write_in_window    a burst leaves the window with which its core was started
// a_ended_is_still     a core that nobody owns asks for something, or has something at memory
// a_word_is_live, a_event_is_live        the buses carry a word or event of a slot that is not live
// a_word_is_own, a_event_is_own          a core asks in the name of another slot than its own
// a_start_is_empty     START of a core that somebody owns or that is not empty
//
// cycle        0     1     2
// start_i      A     .     .
// window_q     .     A     A
// own_i        .     A     A     until the slot is DONE or in ERROR
`default_nettype none
`include "trine_assert.svh"

module trine_monitor #(
    parameter int unsigned Cores = 2,
    parameter int unsigned MemBytes = 8,
    parameter int unsigned BusBytes = 8,
    localparam int unsigned CoreBits = (Cores > 1) ? $clog2(Cores) : 1,
    localparam int unsigned WordBits = 30 + 9 * BusBytes    // {slot, word}
) (
    input wire logic                   clk_i,
    input wire logic                   rst_ni,
    // START and its registers; a REPEAT keeps what the START before it had.
    input wire logic [Cores-1:0]       start_i,
    input wire logic                   repeat_i,
    input wire logic [3:0]             slot_i,
    input wire logic [63:0]            base_i,
    input wire logic [31:0]            size_i,
    input wire logic [Cores*Cores-1:0] own_i,          // cores of each slot
    input wire logic [Cores-1:0]       busy_i,         // of any slot, a cycle later
    input wire logic [Cores-1:0]       quarantine_i,
    input wire logic [Cores-1:0]       quiet_i,
    // What a core asks for, and what it has in the front end.
    input wire logic [Cores-1:0]       word_valid_i,
    input wire logic [Cores-1:0]       event_valid_i,
    input wire logic [Cores*WordBits-1:0] word_i,
    input wire logic [Cores*12-1:0]    event_i,
    input wire logic [Cores-1:0]       set_up_i,
    input wire logic [Cores-1:0]       fetch_i,
    input wire logic [Cores-1:0]       save_i,
    input wire logic [Cores*4-1:0]     streams_i,
    input wire logic [Cores-1:0]       idle_i,
    // The buses.
    input wire logic                   bus_valid_i,
    input wire logic [3:0]             bus_slot_i,
    input wire logic                   release_valid_i,
    input wire logic [3:0]             release_slot_i,
    // The memory port.
    input wire logic                   arvalid_i,
    input wire logic                   arready_i,
    input wire logic [3:0]             arid_i,
    input wire logic [63:0]            araddr_i,
    input wire logic [7:0]             arlen_i,
    input wire logic                   rvalid_i,
    input wire logic                   rready_i,
    input wire logic [3:0]             rid_i,
    input wire logic                   rlast_i,
    input wire logic                   awvalid_i,
    input wire logic                   awready_i,
    input wire logic [3:0]             awid_i,
    input wire logic [63:0]            awaddr_i,
    input wire logic [7:0]             awlen_i,
    input wire logic                   bvalid_i,
    input wire logic                   bready_i,
    input wire logic [3:0]             bid_i
);

  logic [3:0]       slot_q[Cores];
  logic [63:0]      base_q[Cores];
  logic [31:0]      size_q[Cores];
  logic [Cores-1:0] owned, streams, open, named_word, named_event;
  logic [15:0]      live;
  logic             read, wrote, answered, written;

  // Whether a burst lies in the window with which its core was started.
  function automatic logic is_inside(input logic [63:0] address, input logic [7:0] len,
                                     input logic [63:0] base, input logic [31:0] size);
    logic [63:0] offset;
    offset = address - base;
    is_inside = address >= base && offset < {32'd0, size}
                && {32'd0, size} - offset >= (64'(len) + 64'd1) * MemBytes;
  endfunction

  always_comb begin
    owned = busy_i;
    live = '0;
    for (int s = 0; s < Cores; s++) begin
      owned = owned | own_i[s*Cores +: Cores];
      live[s] = |own_i[s*Cores +: Cores];
    end
  end

  assign read = arvalid_i && arready_i;
  assign wrote = awvalid_i && awready_i;
  assign answered = rvalid_i && rready_i && rlast_i;
  assign written = bvalid_i && bready_i;

  for (genvar c = 0; c < Cores; c++) begin : gen_core
    logic [7:0] reads_q, writes_q;    // at memory

    always_ff @(posedge clk_i) begin
      if (start_i[c] && !repeat_i) begin
        slot_q[c] <= slot_i;
        base_q[c] <= base_i;
        size_q[c] <= size_i;
      end
      if (!rst_ni) begin
        reads_q <= '0;
        writes_q <= '0;
      end else begin
        if (read && arid_i == 4'(c)) begin
          reads_q <= reads_q + 8'(!(answered && rid_i == 4'(c)));
        end else if (answered && rid_i == 4'(c)) reads_q <= reads_q - 8'd1;
        if (wrote && awid_i == 4'(c)) begin
          writes_q <= writes_q + 8'(!(written && bid_i == 4'(c)));
        end else if (written && bid_i == 4'(c)) writes_q <= writes_q - 8'd1;
      end
    end

    assign open[c] = (reads_q | writes_q) != '0;
    assign streams[c] = |streams_i[c*4 +: 4];
    assign named_word[c] = !word_valid_i[c] || word_i[c*WordBits + WordBits-4 +: 4] == slot_q[c];
    assign named_event[c] = !event_valid_i[c] || event_i[c*12 + 8 +: 4] == slot_q[c];
  end

  logic [Cores-1:0] restless;
  logic             unused;

  assign unused = &{1'b0, word_i, event_i};
  assign restless = word_valid_i | event_valid_i | set_up_i | fetch_i | save_i | streams | ~idle_i
                    | open;

  `TRINE_ASSERT(a_read_in_window, !rst_ni || !read || (32'(arid_i) < Cores
      && is_inside(araddr_i, arlen_i, base_q[CoreBits'(arid_i)],
                size_q[CoreBits'(arid_i)])))
  `TRINE_ASSERT(a_write_in_window, !rst_ni || !wrote || (32'(awid_i) < Cores
      && is_inside(awaddr_i, awlen_i, base_q[CoreBits'(awid_i)],
                size_q[CoreBits'(awid_i)])))
  `TRINE_ASSERT(a_ended_is_still, !rst_ni || (restless & ~owned & ~quarantine_i) == '0)
  `TRINE_ASSERT(a_word_is_live, !rst_ni || !bus_valid_i || live[bus_slot_i])
  `TRINE_ASSERT(a_event_is_live, !rst_ni || !release_valid_i || live[release_slot_i])
  `TRINE_ASSERT(a_word_is_own, !rst_ni || (&named_word))
  `TRINE_ASSERT(a_event_is_own, !rst_ni || (&named_event))
  `TRINE_ASSERT(a_start_is_empty, !rst_ni
      || (start_i & (owned | quarantine_i | restless | ~quiet_i)) == '0)

endmodule

bind trine_top trine_monitor #(
    .Cores(Cores), .MemBytes(MemBytes), .BusBytes(BusBytes)
) u_monitor (
    .clk_i, .rst_ni, .start_i(core_start), .repeat_i(repeats), .slot_i(slot), .base_i(cfg_base),
    .size_i(cfg_size),
    .own_i(u_controller.own_all), .busy_i(busy), .quarantine_i(quarantine), .quiet_i(core_quiet),
    .word_valid_i(word_valid), .event_valid_i(event_valid), .word_i(word_req),
    .event_i(event_req), .set_up_i(set_valid), .fetch_i(fetch_valid), .save_i(save_valid),
    .streams_i(row_active), .idle_i(mem_idle), .bus_valid_i(bus_valid),
    .bus_slot_i(bus_word[WordBits-1 -: 4]), .release_valid_i(release_valid),
    .release_slot_i(release_word[11:8]), .arvalid_i(m_axi_arvalid_o), .arready_i(m_axi_arready_i),
    .arid_i(m_axi_arid_o), .araddr_i(m_axi_araddr_o), .arlen_i(m_axi_arlen_o),
    .rvalid_i(m_axi_rvalid_i), .rready_i(m_axi_rready_o), .rid_i(m_axi_rid_i),
    .rlast_i(m_axi_rlast_i), .awvalid_i(m_axi_awvalid_o), .awready_i(m_axi_awready_i),
    .awid_i(m_axi_awid_o), .awaddr_i(m_axi_awaddr_o), .awlen_i(m_axi_awlen_o),
    .bvalid_i(m_axi_bvalid_i), .bready_i(m_axi_bready_o), .bid_i(m_axi_bid_i)
);

`default_nettype wire
