/* SPDX-License-Identifier: Apache-2.0 */
/* fake_device: a Trine in software behind a struct trine_bus, for tests of the driver without RTL.
 *
 * A START runs the whole domain at once, readers, contexts and writers taking turns in random
 * order. Values are exact, cycles are not modelled. Programs are read as docs/programmers_guide.md
 * says (fake_program.h), not with the driver's own functions; only the arithmetic is golden's. Its
 * clock moves by a microsecond an access and by what a wait lasts. */
#ifndef TRINE_FAKE_DEVICE_H
#define TRINE_FAKE_DEVICE_H

#include "support/fake_unit.h"
#include "trine_bus.h"

struct fake_slot {
  uint32_t reg[32]; /* the domain page, by word */
  uint32_t resident_mask;
  uint32_t latched[6];   /* the configuration of its last START */
  struct fake_unit unit; /* the list of its last START */
};

/* What is wrong with it; all zero: nothing. */
struct fake_troubles {
  bool hang;            /* domains never end by themselves */
  bool deaf;            /* nor when they are aborted */
  bool start_lost;      /* a START is answered and not carried out */
  bool repeat_refused;  /* every REPEAT, though STATUS has said that one could be done */
  bool refusal_unseen;  /* a refused START is answered as if it were accepted */
  bool irq_stuck;       /* the interrupt line is always high */
  bool irq_lost;        /* and this: never */
  bool bus_dead;        /* every access of a register fails */
  bool no_clock;        /* the bus has none */
  uint32_t mem_reads;   /* memory reads that work, plus one; then all fail. 0: all work */
  uint32_t fail_code;   /* the next run ends with this error code */
  uint32_t quarantined; /* cores that cannot be used */
};

struct fake_device {
  struct fake_params params;
  struct fake_core core[16];
  struct fake_slot slot[16];
  uint32_t global[64]; /* the global page's first words */
  uint8_t *memory;
  uint32_t memory_bytes;
  struct seed_stream random;
  struct fake_troubles troubles;
  uint64_t clock_us;
  uint64_t accesses; /* of registers, waits included */
  uint32_t starts;   /* accepted so far, REPEATs not counted; and those */
  uint32_t repeats;
  uint32_t aborts;      /* of domains that ran */
  uint64_t load_words;  /* LOAD operations so far that brought weights */
  uint32_t id, version; /* what the registers say */
};

/* Makes a device of these parameters; fake_device_destroy frees it. */
void fake_device_create(struct fake_device *device, const struct fake_params *params,
                        uint32_t memory_bytes);
void fake_device_destroy(struct fake_device *device);
struct trine_bus fake_device_bus(struct fake_device *device);

/* Has a slot run on these cores with this window, as if somebody else had started it. */
void fake_device_run_stray(struct fake_device *device, uint32_t slot, uint32_t core_mask,
                           uint32_t window_base, uint32_t window_bytes);

#endif
