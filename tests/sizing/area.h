/* SPDX-License-Identifier: Apache-2.0 */
/* area: what a configuration takes of an ECP5, from a model that is fitted to chips that were
 * synthesised.
 *
 * Multipliers and block RAMs are what the configuration implies. Lookup tables and flip-flops are a
 * sum of terms (sizing_area_terms), by least squares of what the points of fpga/area.txt that say
 * `fit` are off in parts of themselves; those that say `check` are not seen by the fit. */
#ifndef TRINE_SIZING_AREA_H
#define TRINE_SIZING_AREA_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "io/error.h"
#include "trine_config_row.h"

enum { SIZING_AREA_TERMS = 7, SIZING_AREA_POINTS = 32, SIZING_AREA_NAME = 32 };

struct sizing_area {
  double comb; /* lookup tables; a carry cell is two, a small RAM four */
  double flip_flops;
  uint32_t multipliers, rams;
};

struct sizing_area_point {
  char name[SIZING_AREA_NAME];
  bool is_check;
  struct trine_config_row config;
  struct sizing_area measured;
};

struct sizing_area_model {
  uint32_t count;
  struct sizing_area_point points[SIZING_AREA_POINTS];
  double comb[SIZING_AREA_TERMS], flip_flops[SIZING_AREA_TERMS];
};

/* Reads fpga/area.txt and fits the model. False when there is no such file, a line is not one of
 * its form, or the points that are fitted do not tell the terms apart. */
bool sizing_area_read(const char *path, struct sizing_area_model *model, struct trine_error *error)
    __attribute__((warn_unused_result));

/* Of a chip without a board: no shared memory, no serial bridge. */
void sizing_area_of(const struct sizing_area_model *model, const struct trine_config_row *config,
                    struct sizing_area *area);

/* Points beside what the model says of them; false when one is more than 10 % off, or fewer than
 * `checks` of them say `check`. */
bool sizing_area_check(FILE *out, const struct sizing_area_model *model, uint32_t checks,
                       struct trine_error *error) __attribute__((warn_unused_result));

/* The terms of the model. */
void sizing_area_print(FILE *out, const struct sizing_area_model *model);

#endif
