/* SPDX-License-Identifier: Apache-2.0 */
/* shapes: see shapes.h. */
#include "shapes.h"

#include <stdio.h>
#include <string.h>

#include "trine.h"
#include "trine_configs.h"

enum { LEAST = 4, MOST = 32, MOST_TAIL_ROWS = 4, MOST_BUS_BYTES = 16 };

const uint32_t sizing_budgets[SIZING_BUDGETS] = {64, 128, 256, 512};

bool sizing_is_same(const struct sizing_shape *a, const struct sizing_shape *b) {
  return a->cores == b->cores && a->lanes == b->lanes && a->macs_per_lane == b->macs_per_lane &&
         a->tail_rows == b->tail_rows && a->bus_bytes == b->bus_bytes &&
         a->mem_bytes == b->mem_bytes;
}

uint32_t sizing_macs(const struct sizing_shape *shape) {
  return shape->lanes * shape->macs_per_lane;
}

/* docs/synthesis.md: 5 for each row of the tail and for the output byte, 3 for the cell. */
uint32_t sizing_multipliers(const struct sizing_shape *shape) {
  return shape->cores * (sizing_macs(shape) + 5 * (shape->tail_rows + 1) + 3);
}

struct sizing_shape sizing_present(uint32_t macs, uint32_t mem_bytes) {
  const struct sizing_shape shape = {macs / 64, 8, 8, 4, 8, mem_bytes};
  return shape;
}

/* All tails and buses of one core. */
static uint32_t add_core(struct sizing_shape *shapes, uint32_t cores, uint32_t lanes,
                         uint32_t macs_per_lane) {
  uint32_t count = 0;
  for (uint32_t rows = 1; rows <= MOST_TAIL_ROWS; rows *= 2) {
    for (uint32_t bus = LEAST; bus <= MOST_BUS_BYTES; bus *= 2) {
      shapes[count] =
          (struct sizing_shape){cores, lanes, macs_per_lane, rows, bus, SIZING_MEM_BYTES};
      count++;
    }
  }
  return count;
}

uint32_t sizing_shapes(struct sizing_shape shapes[SIZING_MOST_SHAPES]) {
  uint32_t count = 0;
  for (uint32_t n = 0; n < SIZING_BUDGETS; n++) {
    shapes[count] = sizing_present(sizing_budgets[n], SIZING_NARROW_MEM_BYTES);
    count++;
    for (uint32_t lanes = LEAST; lanes <= MOST; lanes *= 2) {
      for (uint32_t macs = LEAST; macs <= MOST; macs *= 2) {
        const uint32_t cores = sizing_budgets[n] / (lanes * macs);
        if (cores >= 1 && cores <= TRINE_MAX_CORES) {
          count += add_core(&shapes[count], cores, lanes, macs);
        }
      }
    }
  }
  return count;
}

void sizing_name(const struct sizing_shape *shape, char name[SIZING_NAME_BYTES]) {
  (void)snprintf(name, SIZING_NAME_BYTES, "%u x %ux%ux%u, bus %u", shape->cores, shape->lanes,
                 shape->macs_per_lane, shape->tail_rows, shape->bus_bytes);
}

bool sizing_config(const struct sizing_shape *shape, const char *buffers, const char *name,
                   struct trine_config_row *config) {
  for (uint32_t n = 0; n < TRINE_CONFIG_ROWS; n++) {
    if (strcmp(trine_config_rows[n].name, buffers) == 0) {
      *config = trine_config_rows[n];
      config->name = name;
      config->cores = shape->cores;
      config->lanes = shape->lanes;
      config->macs_per_lane = shape->macs_per_lane;
      config->tail_rows = shape->tail_rows;
      config->bus_bytes = shape->bus_bytes;
      config->mem_bytes = shape->mem_bytes;
      return true;
    }
  }
  return false;
}
