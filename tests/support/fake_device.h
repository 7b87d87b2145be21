/* SPDX-License-Identifier: Apache-2.0 */
/* fake_device: a Trine in software behind a struct trine_bus, for tests of the driver without RTL.
 *
 * A START runs the whole domain at once, readers, contexts and writers taking turns in random
 * order. Values are exact, cycles are not modelled. */
#ifndef TRINE_FAKE_DEVICE_H
#define TRINE_FAKE_DEVICE_H

#include "support/fake_core.h"
#include "trine_bus.h"

struct fake_slot {
  uint32_t reg[32]; /* the domain page, by word */
  uint32_t resident_mask;
};

struct fake_device {
  struct fake_params params;
  struct fake_core core[16];
  struct fake_slot slot[16];
  uint32_t global[64]; /* the global page's first words */
  uint8_t *memory;
  uint32_t memory_bytes;
  struct seed_stream random;
  uint32_t hang;        /* domains never end by themselves */
  uint32_t fail_code;   /* the next run ends with this error code */
  uint32_t starts;      /* accepted so far */
  uint64_t load_words;  /* LOAD operations so far that brought weights */
  uint32_t id, version; /* what the registers say */
};

/* Makes a device of these parameters; fake_device_destroy frees it. */
void fake_device_create(struct fake_device *device, const struct fake_params *params,
                        uint32_t memory_bytes);
void fake_device_destroy(struct fake_device *device);
struct trine_bus fake_device_bus(struct fake_device *device);

#endif
