// SPDX-License-Identifier: Apache-2.0
// trine_turns: whose piece is next: one pick a cycle among the streams, programs and SAVEs of all
// cores, and the books of what each has on its way.
//
// Guarantees: a stream is picked only when it runs, is not in the walk, and has a credit or is in
// the middle of a row; a core has at most Outstanding bursts each way, from the pick on, so what
// was picked always has a place behind it, and one core's memory never takes another's turn; and
// nothing of a slot that has its share of memory is picked while another runs (trine_shares). Turns
// of streams go round by core, then round within it. Programs and SAVEs go before them, as soon as
// the walk has a place for one (client_free_i): streams wait for moments, since memory has a burst
// to bring for each. row_o tells a core that a row of its stream begins: the claim of a reader, the
// vector a writer takes. hold_i (stop, or an error) ends picks a cycle later; stop_i makes the
// streams forget. idle_o: no burst of the core is in the walk, in a queue, at memory or in the
// beats that wait for the bus.
//
// cycle        0     1     2     3     4     5     6
// room_i       1     .     .     .     1
// pick_*_o     A     .     .     .     .     .     A
// row_o        .     .     A     .     .     .     .     the core answers with its new level
// step_*_i     .     .     .     .     .     A     .
`default_nettype none
`include "trine_assert.svh"

module trine_turns #(
    parameter int unsigned Cores = 2,
    parameter int unsigned Outstanding = 8,    // bursts of a core each way, power of two
    parameter int unsigned Queue = 8,          // places behind the walk, each way, power of two
    localparam int unsigned CoreBits = (Cores > 1) ? $clog2(Cores) : 1,
    localparam int unsigned Streams = 4 * Cores
) (
    input  wire logic                clk_i,
    input  wire logic                rst_ni,
    input  wire logic [Cores-1:0]    busy_i,
    input  wire logic [Cores*4-1:0]  domain_i,
    input  wire logic [Cores-1:0]    stop_i,
    input  wire logic [Cores-1:0]    hold_i,
    // A stream starts.
    input  wire logic                start_valid_i,
    input  wire logic [CoreBits+1:0] start_stream_i,
    // Who asks: room for a reader's row, a complete vector of a writer, program, SAVE (not while
    // a beat of it waits for its burst).
    input  wire logic [2*Cores-1:0]  room_i,
    input  wire logic [2*Cores-1:0]  complete_i,
    input  wire logic [Cores-1:0]    fetch_valid_i,
    output      logic [Cores-1:0]    fetch_ready_o,     // the cycle after its pick
    input  wire logic [Cores-1:0]    save_valid_i,
    output      logic [Cores-1:0]    save_ready_o,
    input  wire logic [Cores-1:0]    save_full_i,
    input  wire logic                client_free_i,     // a client's place in the walk
    // The pick: a stream, or a client.
    output      logic                client_valid_o,
    output      logic [CoreBits-1:0] client_core_o,
    output      logic                client_write_o,
    output      logic                pick_valid_o,
    output      logic [CoreBits-1:0] pick_core_o,
    output      logic                pick_write_o,
    output      logic                pick_unit_o,
    output      logic [Streams-1:0]  row_o,
    // What becomes of it: in the walk, out of the queues, done.
    input  wire logic                step_valid_i,
    input  wire logic [CoreBits+1:0] step_stream_i,
    input  wire logic                step_row_end_i,
    input  wire logic                step_ends_i,
    input  wire logic                burst_valid_i,     // out of the walk
    input  wire logic                burst_write_i,
    input  wire logic [CoreBits-1:0] burst_core_i,
    input  wire logic [4:0]          burst_beats_i,     // 0: it will not be sent
    input  wire logic                read_beat_i,       // at memory
    input  wire logic [CoreBits-1:0] read_core_i,
    input  wire logic                write_beat_i,
    input  wire logic [CoreBits-1:0] write_core_i,
    input  wire logic                read_pop_i,        // a burst has left the queue of reads
    input  wire logic                write_pop_i,
    input  wire logic [Cores-1:0]    read_drop_i,       // a burst that is not sent
    input  wire logic [Cores-1:0]    read_last_i,       // its last beat is gone to the program
    input  wire logic [Cores-1:0]    read_words_i,      // or has left as words
    input  wire logic [Cores-1:0]    write_drop_i,
    input  wire logic [Cores-1:0]    write_done_i,      // answered
    input  wire logic [Streams-1:0]  end_i,             // the last of a stream is through
    // State.
    output      logic [Streams-1:0]  active_o,
    output      logic [Cores-1:0]    waiting_o,         // reads are on their way
    output      logic [Cores-1:0]    idle_o
);

  localparam int unsigned CountBits = $clog2(Outstanding) + 1;
  localparam int unsigned QueueBits = $clog2(Queue) + 1;

  logic [Streams-1:0]       run_q, mid_q, fly_q, picked;
  logic [(4<<CoreBits)-1:0] start, step;
  logic [4*Cores-1:0]       ask, turn;
  logic [2*Cores-1:0]       client_ask, client_turn, client;    // {SAVE, program} of each core
  logic [Cores-1:0]         hold_q, some, grant, read_ok, write_ok, fetch_q, save_q;
  logic [Cores-1:0]         read_more, write_more, read_open, write_open, read_full, write_full;
  logic [Cores*CountBits-1:0] reads, writes;
  logic [QueueBits-1:0]     read_queue_q, write_queue_q;
  logic                     read_room, write_room, client_some;

  // --- Streams: bit 4c + 0, 1 readers, + 2, 3 writers ---
  always_comb begin
    start = '0;
    step = '0;
    start[start_stream_i] = start_valid_i;
    step[step_stream_i] = step_valid_i;
  end

  for (genvar s = 0; s < Streams; s++) begin : gen_stream
    localparam int unsigned Core = s / 4;

    always_ff @(posedge clk_i) begin
      if (!rst_ni || stop_i[Core]) begin
        run_q[s] <= 1'b0;
        active_o[s] <= 1'b0;
      end else begin
        if (start[s]) run_q[s] <= 1'b1;
        else if (step[s] && step_ends_i) run_q[s] <= 1'b0;
        if (start[s]) active_o[s] <= 1'b1;
        else if (end_i[s]) active_o[s] <= 1'b0;
      end
      if (!rst_ni || start[s]) mid_q[s] <= 1'b0;
      else if (step[s]) mid_q[s] <= !step_row_end_i;
      if (!rst_ni) fly_q[s] <= 1'b0;
      else if (picked[s]) fly_q[s] <= 1'b1;
      else if (step[s]) fly_q[s] <= 1'b0;
    end
  end

  // --- Turns ---
  always_ff @(posedge clk_i) hold_q <= rst_ni ? hold_i : '0;

  assign read_room = !read_queue_q[QueueBits-1];
  assign write_room = !write_queue_q[QueueBits-1];

  for (genvar c = 0; c < Cores; c++) begin : gen_core
    logic may_read, may_write;

    assign may_read = read_ok[c] && read_room && !hold_q[c];
    assign may_write = write_ok[c] && write_room && !hold_q[c];
    assign ask[4*c +: 2] = run_q[4*c +: 2] & ~fly_q[4*c +: 2]
                           & (mid_q[4*c +: 2] | room_i[2*c +: 2]) & {2{may_read}};
    assign ask[4*c+2 +: 2] = run_q[4*c+2 +: 2] & ~fly_q[4*c+2 +: 2]
                             & (mid_q[4*c+2 +: 2] | complete_i[2*c +: 2]) & {2{may_write}};
    assign client_ask[2*c] = fetch_valid_i[c] && !fetch_q[c] && may_read;
    assign client_ask[2*c+1] = save_valid_i[c] && !save_q[c] && !save_full_i[c] && may_write;
    assign some[c] = |ask[4*c +: 4];
    assign picked[4*c +: 4] = (grant[c] && !client_some) ? turn[4*c +: 4] : '0;

    trine_arbiter #(
        .Requests(4)
    ) u_turn (
        .clk_i,
        .rst_ni,
        .req_i    (ask[4*c +: 4]),
        .advance_i(grant[c] && !client_some),
        .grant_o  (turn[4*c +: 4])
    );
  end

  assign client_some = |client_ask;
  assign client_valid_o = client_some && client_free_i;
  assign client = client_valid_o ? client_turn : '0;

  trine_arbiter #(
      .Requests(2 * Cores)
  ) u_clients (
      .clk_i,
      .rst_ni,
      .req_i    (client_ask),
      .advance_i(client_free_i),
      .grant_o  (client_turn)
  );

  trine_arbiter #(
      .Requests(Cores)
  ) u_cores (
      .clk_i,
      .rst_ni,
      .req_i    (some),
      .advance_i(!client_some),
      .grant_o  (grant)
  );

  always_comb begin
    pick_core_o = '0;
    pick_write_o = 1'b0;
    pick_unit_o = 1'b0;
    client_core_o = '0;
    client_write_o = 1'b0;
    for (int c = 0; c < Cores; c++) begin
      if (grant[c]) pick_core_o = pick_core_o | CoreBits'(c);
      pick_write_o = pick_write_o | (|picked[4*c+2 +: 2]);
      pick_unit_o = pick_unit_o | picked[4*c+1] | picked[4*c+3];
      if (|client_turn[2*c +: 2]) client_core_o = client_core_o | CoreBits'(c);
      client_write_o = client_write_o | client_turn[2*c+1];
    end
  end

  assign pick_valid_o = (|some) && !client_some;
  assign fetch_ready_o = fetch_q;
  assign save_ready_o = save_q;

  logic [Streams-1:0] begins_q;

  always_ff @(posedge clk_i) begin
    for (int c = 0; c < Cores; c++) begin
      fetch_q[c] <= rst_ni && client[2*c];
      save_q[c] <= rst_ni && client[2*c+1];
    end
    begins_q <= rst_ni ? picked & ~mid_q : '0;
    row_o <= rst_ni ? begins_q : '0;
  end

  // --- Books ---
  for (genvar c = 0; c < Cores; c++) begin : gen_books
    logic [CountBits-1:0] reads_q, writes_q;

    assign read_more[c] = (|picked[4*c +: 2]) || client[2*c];
    assign write_more[c] = (|picked[4*c+2 +: 2]) || client[2*c+1];
    assign read_open[c] = reads_q != '0;
    assign write_open[c] = writes_q != '0;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        reads_q <= '0;
        writes_q <= '0;
      end else begin
        reads_q <= reads_q + CountBits'(read_more[c]) - CountBits'(read_drop_i[c])
                   - CountBits'(read_last_i[c]) - CountBits'(read_words_i[c]);
        writes_q <= writes_q + CountBits'(write_more[c]) - CountBits'(write_drop_i[c])
                    - CountBits'(write_done_i[c]);
      end
    end

    assign reads[c*CountBits +: CountBits] = reads_q;
    assign writes[c*CountBits +: CountBits] = writes_q;
    assign read_ok[c] = !reads_q[CountBits-1] && !read_full[c];
    assign write_ok[c] = !writes_q[CountBits-1] && !write_full[c];
    assign waiting_o[c] = read_open[c];
    assign idle_o[c] = !read_open[c] && !write_open[c];

    `TRINE_ASSERT(a_reads_counted, !rst_ni || reads_q <= CountBits'(Outstanding))
    `TRINE_ASSERT(a_writes_counted, !rst_ni || writes_q <= CountBits'(Outstanding))
  end

  trine_shares #(
      .Cores(Cores), .Outstanding(Outstanding)
  ) u_read_shares (
      .clk_i, .rst_ni, .busy_i, .domain_i, .pick_i(read_more), .open_i(read_open),
      .burst_valid_i(burst_valid_i && !burst_write_i), .burst_core_i, .burst_beats_i,
      .beat_valid_i(read_beat_i), .beat_core_i(read_core_i), .full_o(read_full)
  );

  trine_shares #(
      .Cores(Cores), .Outstanding(Outstanding)
  ) u_write_shares (
      .clk_i, .rst_ni, .busy_i, .domain_i, .pick_i(write_more), .open_i(write_open),
      .burst_valid_i(burst_valid_i && burst_write_i), .burst_core_i, .burst_beats_i,
      .beat_valid_i(write_beat_i), .beat_core_i(write_core_i), .full_o(write_full)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      read_queue_q <= '0;
      write_queue_q <= '0;
    end else begin
      read_queue_q <= read_queue_q + QueueBits'(pick_valid_o && !pick_write_o)
                      + QueueBits'(client_valid_o && !client_write_o) - QueueBits'(read_pop_i);
      write_queue_q <= write_queue_q + QueueBits'(pick_valid_o && pick_write_o)
                       + QueueBits'(client_valid_o && client_write_o) - QueueBits'(write_pop_i);
    end
  end

  logic unused;
  assign unused = &{1'b0, reads, writes, start, step};

  `TRINE_ASSERT(a_start_at_rest, !rst_ni || (start[Streams-1:0] & (run_q | fly_q)) == '0)
  `TRINE_ASSERT(a_step_was_picked, !rst_ni || (step[Streams-1:0] & ~fly_q) == '0)

endmodule

`default_nettype wire
