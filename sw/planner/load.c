/* SPDX-License-Identifier: Apache-2.0 */
/* load: a LOAD, of which a turn at a time goes from the ring of its thread to a buffer of a core.
 */
#include "machine_internal.h"
#include "program/format.h"

enum { TURN_ITEMS = 64, QUEUE_WORDS = 4, ROW_WORDS = 4 };

/* What no buffer ever refuses goes there without a queue. */
static bool is_direct(const struct load *load) {
  return load->target == TRINE_LOAD_WEIGHTS || load->target == TRINE_LOAD_PARAMS;
}

/* Words of the ring that an item has: a beat of weights, a parameter row or what a beat has of one,
 * else a word. */
static uint32_t item_words(uint32_t target, uint32_t words_a_beat) {
  switch (target) {
    case TRINE_LOAD_WEIGHTS:
      return words_a_beat;
    case TRINE_LOAD_PARAMS:
      return words_a_beat < ROW_WORDS ? words_a_beat : ROW_WORDS;
    default:
      return 1;
  }
}

uint32_t load_items(const struct machine *machine, const uint32_t *op) {
  const uint32_t count = trine_field(op, TRINE_FIELD_LOAD_COUNT);
  switch (trine_field(op, TRINE_FIELD_LOAD_BUFFER)) {
    case TRINE_LOAD_WEIGHTS:
      return count * (machine->info.lanes * machine->info.macs_per_lane / machine->info.mem_bytes);
    case TRINE_LOAD_PARAMS:
      return count * (ROW_WORDS / item_words(TRINE_LOAD_PARAMS, machine->info.mem_bytes / 4));
    case TRINE_LOAD_VECTOR:
      return count / 4;
    default:
      return count;
  }
}

uint32_t load_beats(const struct machine *machine, const uint32_t *op) {
  const uint32_t target = trine_field(op, TRINE_FIELD_LOAD_BUFFER);
  const uint32_t beat = machine->info.mem_bytes / 4;
  return (load_items(machine, op) * item_words(target, beat) + beat - 1) / beat;
}

void load_start(struct load *load, uint32_t target, uint32_t left, uint32_t word, uint32_t there,
                uint32_t words_a_beat) {
  const uint32_t each = item_words(target, words_a_beat);
  const uint32_t items = (there * words_a_beat - word % words_a_beat) / each;
  *load = (struct load){.target = target, .left = left, .word = word, .words = each};
  uint32_t turn = items < TURN_ITEMS ? items : TURN_ITEMS;
  turn -= target == TRINE_LOAD_PARAMS ? turn % (ROW_WORDS / each) : 0;
  turn = left <= turn ? left : turn;
  load->run = turn != 0;
  load->ask = load->hand = turn;
}

bool load_has_ring(const struct load *load) {
  return load->run && load->target == TRINE_LOAD_VECTOR && load->queue > 0;
}

void load_tick(struct load *load, bool ring_is_busy) {
  const bool direct = is_direct(load), comes = load->come[1];
  const bool word = load->queue > 0 && (load->target != TRINE_LOAD_VECTOR || !ring_is_busy);
  const bool step = load->run && (direct ? comes : word);
  const bool more = load->run && load->ask != 0 && (direct || load->queued < QUEUE_WORDS);
  load->run = load->run && !(step && load->hand == 1);
  load->come[1] = load->come[0];
  load->come[0] = more;
  if (!direct) {
    load->queue = load->queue + comes - step;
    load->queued = load->queued + more - step;
  }
  load->ask -= more;
  load->word += more ? load->words : 0;
  load->hand -= step;
  load->left -= step;
}
