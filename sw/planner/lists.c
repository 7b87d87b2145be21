/* SPDX-License-Identifier: Apache-2.0 */
/* lists: the rings of beats of the threads, and the bursts that ask for them. */
#include "machine_internal.h"
#include "program/format.h"

static uint32_t ring_beats(uint32_t mem_bytes) {
  return mem_bytes < 16 ? 1024 / mem_bytes : 64;
}

/* Beats of a burst: to the end of a page at most. */
static uint32_t burst_beats(const struct list_ring *ring, uint32_t mem_bytes) {
  const uint32_t page = (MODEL_PAGE - ring->offset % MODEL_PAGE) / mem_bytes;
  const uint32_t most = page < MODEL_BURST ? page : MODEL_BURST;
  return ring->left > most ? most : ring->left;
}

/* What the unit sees in the next cycle of what there is in this one. */
static void show(struct list_ring *ring, uint32_t mem_bytes, bool begins) {
  const uint32_t there = ring->come - ring->free;
  const uint32_t head = mem_bytes < 32 ? 32 / mem_bytes : 1;
  const uint32_t block = (TRINE_BLOCK_WORDS + TRINE_WORDS_BLOCK) / (mem_bytes / 4) + 1;
  const bool landed = !ring->any && !ring->cut && ring->claimed == ring->come;
  ring->there = there;
  ring->all = landed && !begins;
  ring->head = there >= head && !begins;
  ring->list = (landed || there >= block) && !begins;
  ring->piece = (landed || there >= MODEL_BURST) && !begins;
}

static bool ring_tick(struct list_ring *ring, uint32_t mem_bytes, const struct front_out *out,
                      bool granted, const struct list_order *order) {
  const struct list_ring before = *ring;
  const bool was_cut = ring->cut, begins = order->begins;
  const uint32_t ask = was_cut ? burst_beats(ring, mem_bytes) : 0;
  show(ring, mem_bytes, begins);
  ring->room = ring->claimed - ring->free <= ring_beats(mem_bytes) - MODEL_BURST && !was_cut;
  ring->cut = granted && !begins && !order->more && !order->ends;
  if (begins) {
    ring->offset = order->offset;
    ring->left = order->count;
    ring->claimed = ring->come = ring->free = 0;
  } else {
    ring->offset += out->fetch_taken ? ring->asks * mem_bytes : 0;
    ring->left += (order->more ? order->count : 0) - ask;
    ring->claimed += ask;
    ring->come += out->fetch_data;
    if (order->frees) {
      ring->free += (order->free_place - ring->free) % ring_beats(mem_bytes);
    }
  }
  ring->any = begins || order->more || (!order->ends && (was_cut ? ring->left != 0 : ring->any));
  if (was_cut || out->fetch_taken) {
    ring->asks = ask;
  }
  return was_cut || granted || begins || order->more || order->ends || order->frees ||
         out->fetch_taken || out->fetch_data || before.room != ring->room ||
         before.head != ring->head || before.list != ring->list || before.piece != ring->piece ||
         before.all != ring->all || before.there != ring->there;
}

bool lists_tick(struct machine *machine, const struct list_order *order) {
  static const struct list_order nothing = {.begins = false};
  struct unit *unit = &machine->unit;
  uint32_t wants = 0;
  bool changed = false;
  for (uint32_t t = 0; t < machine->core_count; t++) {
    const struct list_ring *ring = &unit->rings[t];
    wants |= ring->any && ring->room && !ring->cut && ring->asks == 0 ? 1u << t : 0;
  }
  const uint32_t granted = wants != 0 ? 1u << machine_turn(wants, &unit->ask_after) : 0;
  for (uint32_t t = 0; t < machine->core_count; t++) {
    const struct list_order *of_it = t == unit->thread ? order : &nothing;
    changed = ring_tick(&unit->rings[t], machine->info.mem_bytes, &machine->front.out[t],
                        (granted >> t & 1) != 0, of_it) ||
              changed;
  }
  return changed;
}
