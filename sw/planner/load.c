/* SPDX-License-Identifier: Apache-2.0 */
/* load: a LOAD, of which a turn at a time goes from the ring of its thread to a buffer of a core.
 */
#include "machine_internal.h"
#include "program/format.h"

enum { TURN_ITEMS = 64, QUEUE_WORDS = 4 };

static bool is_weights(const struct load *load) {
  return load->target == TRINE_LOAD_WEIGHTS;
}

uint32_t load_items(const struct machine *machine, const uint32_t *op) {
  const uint32_t count = trine_field(op, TRINE_FIELD_LOAD_COUNT);
  switch (trine_field(op, TRINE_FIELD_LOAD_BUFFER)) {
    case TRINE_LOAD_WEIGHTS:
      return count * (machine->info.lanes * machine->info.macs_per_lane / machine->info.mem_bytes);
    case TRINE_LOAD_PARAMS:
      return 4 * count;
    case TRINE_LOAD_VECTOR:
      return count / 4;
    default:
      return count;
  }
}

void load_start(struct load *load, uint32_t target, uint32_t left, uint32_t word, uint32_t there,
                uint32_t words_a_beat) {
  *load = (struct load){.target = target, .left = left, .word = word};
  const uint32_t words = is_weights(load) ? there : there * words_a_beat - word % words_a_beat;
  uint32_t turn = words < TURN_ITEMS ? words : TURN_ITEMS;
  turn -= target == TRINE_LOAD_PARAMS ? turn % 4 : 0;
  turn = left <= turn ? left : turn;
  load->run = turn != 0;
  load->ask = load->hand = turn;
}

bool load_has_ring(const struct load *load) {
  return load->run && load->target == TRINE_LOAD_VECTOR && load->queue > 0;
}

void load_tick(struct load *load, uint32_t words_a_beat, bool ring_is_busy) {
  const bool weights = is_weights(load), comes = load->come[1];
  const bool word = load->queue > 0 && (load->target != TRINE_LOAD_VECTOR || !ring_is_busy);
  const bool step = load->run && (weights ? comes : word);
  const bool more = load->run && load->ask != 0 && (weights || load->queued < QUEUE_WORDS);
  load->run = load->run && !(step && load->hand == 1);
  load->come[1] = load->come[0];
  load->come[0] = more;
  if (!weights) {
    load->queue = load->queue + comes - step;
    load->queued = load->queued + more - step;
  }
  load->ask -= more;
  load->word += (weights ? words_a_beat : 1) * more;
  load->hand -= step;
  load->left -= step;
}
