/* SPDX-License-Identifier: Apache-2.0 */
/* front_shares: the beats that each domain has on their way, and whether it is picked while another
 * one runs; as rtl/front/trine_shares.sv counts them. */
#include "machine_internal.h"

enum { SHARE_BEATS = 2 * MODEL_BURST };

/* The domain runs, until the cycle in which its slot says that it is done. */
static bool runs(const struct machine *machine, uint32_t d) {
  const struct domain *domain = &machine->domains[d];
  return domain->cores != 0 &&
         (domain->finished == 0 ||
          machine->now + machine->skipped - machine->start < domain->finished);
}

static bool is_shared(const struct machine *machine, uint32_t d) {
  bool shared = false;
  for (uint32_t e = 0; e < TRINE_MAX_CORES && !shared; e++) {
    shared = e != d && runs(machine, e);
  }
  return shared;
}

struct shares_open shares_open(const struct machine *machine) {
  const struct front *front = &machine->front;
  struct shares_open open = {0, 0};
  for (uint32_t c = 0; machine->is_shared && c < machine->core_count; c++) {
    const uint32_t bit = 1u << machine->cores[c].domain;
    open.reads |= front->read_count[c] != 0 ? bit : 0;
    open.writes |= front->write_count[c] != 0 ? bit : 0;
  }
  return open;
}

static bool is_of(const struct machine *machine, const struct burst *burst, uint32_t d,
                  bool write) {
  return burst->valid && burst->write == write && machine->cores[burst->core].domain == d;
}

void shares_tick(struct machine *machine, const struct shares_in *in, bool write, uint32_t open,
                 bool beat, uint32_t beat_core) {
  struct beat_share *shares = write ? machine->front.write_shares : machine->front.read_shares;
  for (uint32_t d = 0; d < TRINE_MAX_CORES; d++) {
    struct beat_share *share = &shares[d];
    if (machine->domains[d].cores == 0) {
      *share = (struct beat_share){0};
      continue;
    }
    const bool more = is_of(machine, in->stream, d, write) || is_of(machine, in->client, d, write);
    const uint32_t picked = more ? MODEL_BURST : 0;
    share->full = (share->count >= SHARE_BEATS || more) && is_shared(machine, d);
    share->count =
        (open >> d & 1) != 0 ? share->count + picked - share->refund - share->beat : picked;
    share->refund = 0;
    if (is_of(machine, in->leaves, d, write)) {
      share->refund = MODEL_BURST - (in->leaves->skip ? 0 : in->leaves->beats);
    }
    share->beat = beat && machine->cores[beat_core].domain == d;
  }
}

bool shares_are_quiet(const struct front *front) {
  bool quiet = true;
  for (uint32_t d = 0; d < TRINE_MAX_CORES && quiet; d++) {
    const struct beat_share *read = &front->read_shares[d], *write = &front->write_shares[d];
    quiet = (read->count | write->count) == 0 && !read->full && !write->full;
  }
  return quiet;
}
