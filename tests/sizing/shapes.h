/* SPDX-License-Identifier: Apache-2.0 */
/* shapes: the configurations that are compared: how many cores of which shape. What else a
 * configuration has (buffers, slots, queues) is that of octo-xl for all, so that every network fits
 * every one of them and nothing but the shape decides; for the same reason memory is 16 bytes wide,
 * whatever the bus. */
#ifndef TRINE_SIZING_SHAPES_H
#define TRINE_SIZING_SHAPES_H

#include <stdbool.h>
#include <stdint.h>

#include "trine_config_row.h"

struct sizing_shape {
  uint32_t cores, lanes, macs_per_lane, tail_rows, bus_bytes, mem_bytes;
};

enum { SIZING_MOST_SHAPES = 1024, SIZING_NAME_BYTES = 48, SIZING_BUDGETS = 4 };

/* MACs of all cores together: 64, 128, 256, 512. */
extern const uint32_t sizing_budgets[SIZING_BUDGETS];

/* All shapes, budget by budget, and each present one with 8 bytes of memory as well. Returns their
 * number. */
uint32_t sizing_shapes(struct sizing_shape shapes[SIZING_MOST_SHAPES]);

bool sizing_is_same(const struct sizing_shape *a, const struct sizing_shape *b);
uint32_t sizing_macs(const struct sizing_shape *shape);        /* of a core */
uint32_t sizing_multipliers(const struct sizing_shape *shape); /* of all cores, tails included */

/* The shape of `duo` on as many cores as give this many MACs: that of duo, quad and octo with
 * their 8 bytes of memory, or with 16 as the others. */
struct sizing_shape sizing_present(uint32_t macs, uint32_t mem_bytes);
enum { SIZING_MEM_BYTES = 16, SIZING_NARROW_MEM_BYTES = 8 };

/* "2 x 8x8x4, bus 8": cores, Lanes x MacsPerLane x TailRows, BusBytes; not the memory. */
void sizing_name(const struct sizing_shape *shape, char name[SIZING_NAME_BYTES]);

/* The configuration, with the buffers of the row of that name in rtl/configs.txt; `name` must live
 * as long as it. False when there is no such row. */
bool sizing_config(const struct sizing_shape *shape, const char *buffers, const char *name,
                   struct trine_config_row *config);

#endif
