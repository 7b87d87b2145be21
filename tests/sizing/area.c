/* SPDX-License-Identifier: Apache-2.0 */
/* area: see area.h. */
#include "area.h"

#include <math.h>
#include <string.h>

enum { FIELDS = 18, COUNTS = 4, SHAPES = 6, LINE_BYTES = 512 };

static const double most_off = 0.10;

static const char *const term_names[SIZING_AREA_TERMS] = {
    "the chip",
    "a core",
    "a MAC",
    "a lane",
    "a row of the tail",
    "a context",
    "a byte of the bus and of a beat of memory"};

/* How often a term is in a chip: all but the first once a core. */
static void terms_of(const struct trine_config_row *config, double terms[SIZING_AREA_TERMS]) {
  const double cores = config->cores;
  terms[0] = 1;
  terms[1] = cores;
  terms[2] = cores * config->lanes * config->macs_per_lane;
  terms[3] = cores * config->lanes;
  terms[4] = cores * config->tail_rows;
  terms[5] = cores * config->contexts;
  terms[6] = cores * (config->bus_bytes + config->mem_bytes);
}

static double sum_of(const double factors[SIZING_AREA_TERMS],
                     const struct trine_config_row *config) {
  double terms[SIZING_AREA_TERMS], sum = 0;
  terms_of(config, terms);
  for (int n = 0; n < SIZING_AREA_TERMS; n++) {
    sum += factors[n] * terms[n];
  }
  return sum;
}

/* Block RAMs of a memory: the best of the shapes that one has (fpga/check.awk). */
static uint32_t rams_of(uint32_t width, uint32_t depth) {
  static const uint32_t widths[SHAPES] = {1, 2, 4, 9, 18, 36};
  static const uint32_t depths[SHAPES] = {16384, 8192, 4096, 2048, 1024, 512};
  uint32_t best = UINT32_MAX;
  for (int n = 0; n < SHAPES; n++) {
    const uint32_t count =
        ((width + widths[n] - 1) / widths[n]) * ((depth + depths[n] - 1) / depths[n]);
    best = count < best ? count : best;
  }
  return best;
}

static uint32_t core_rams(const struct trine_config_row *config) {
  const uint32_t macs = config->lanes * config->macs_per_lane;
  const uint32_t word =
      config->bus_bytes > config->macs_per_lane ? config->bus_bytes : config->macs_per_lane;
  return macs / config->mem_bytes * rams_of(8 * config->mem_bytes, config->weight_bytes / macs) +
         rams_of(72 * config->tail_rows, config->param_rows / config->tail_rows) +
         rams_of(8 * word, config->ring_bytes / word) + (config->tail_rows + 1) * rams_of(26, 256) +
         rams_of(16 * config->tail_rows, config->pre_units * 4 / config->tail_rows) +
         rams_of(24, config->state_units) + rams_of(32, config->table_entries) +
         2 * rams_of(8 * config->mem_bytes, config->writer_bytes / config->mem_bytes);
}

void sizing_area_of(const struct sizing_area_model *model, const struct trine_config_row *config,
                    struct sizing_area *area) {
  area->comb = sum_of(model->comb, config);
  area->flip_flops = sum_of(model->flip_flops, config);
  area->multipliers =
      config->cores * (config->lanes * config->macs_per_lane + 5 * (config->tail_rows + 1) + 3);
  area->rams = config->cores * core_rams(config);
}

/* Gauss with the largest pivot; false when the rows do not tell the unknowns apart. */
static bool solve(double rows[SIZING_AREA_TERMS][SIZING_AREA_TERMS + 1],
                  double result[SIZING_AREA_TERMS]) {
  for (int column = 0; column < SIZING_AREA_TERMS; column++) {
    int pivot = column;
    for (int row = column + 1; row < SIZING_AREA_TERMS; row++) {
      pivot = fabs(rows[row][column]) > fabs(rows[pivot][column]) ? row : pivot;
    }
    if (fabs(rows[pivot][column]) < 1e-12) {
      return false;
    }
    for (int n = 0; n <= SIZING_AREA_TERMS; n++) {
      const double kept = rows[column][n];
      rows[column][n] = rows[pivot][n];
      rows[pivot][n] = kept;
    }
    for (int row = 0; row < SIZING_AREA_TERMS; row++) {
      const double factor = row == column ? 0 : rows[row][column] / rows[column][column];
      for (int n = column; n <= SIZING_AREA_TERMS; n++) {
        rows[row][n] -= factor * rows[column][n];
      }
    }
  }
  for (int n = 0; n < SIZING_AREA_TERMS; n++) {
    result[n] = rows[n][SIZING_AREA_TERMS] / rows[n][n];
  }
  return true;
}

/* Least squares of (sum of terms / measured - 1) over the points that are fitted. */
static bool fit(const struct sizing_area_model *model, bool is_comb,
                double factors[SIZING_AREA_TERMS]) {
  double rows[SIZING_AREA_TERMS][SIZING_AREA_TERMS + 1] = {{0}};
  for (uint32_t n = 0; n < model->count; n++) {
    const struct sizing_area_point *point = &model->points[n];
    const double measured = is_comb ? point->measured.comb : point->measured.flip_flops;
    double terms[SIZING_AREA_TERMS];
    if (point->is_check) {
      continue;
    }
    terms_of(&point->config, terms);
    for (int row = 0; row < SIZING_AREA_TERMS; row++) {
      for (int column = 0; column < SIZING_AREA_TERMS; column++) {
        rows[row][column] += terms[row] * terms[column] / (measured * measured);
      }
      rows[row][SIZING_AREA_TERMS] += terms[row] / measured;
    }
  }
  return solve(rows, factors);
}

/* NAME USE, the fields of rtl/configs.txt in its order, COMB FF MULT RAM. */
static bool parse(const char *line, struct sizing_area_point *point) {
  struct trine_config_row *config = &point->config;
  char use[8] = "";
  int end = 0;
  const int fields = sscanf(
      line, "%31s %7s %u %u %u %u %u %u %u %u %u %u %u %u %u %u %u %u %u %u %lf %lf %u %u%n",
      point->name, use, &config->cores, &config->contexts, &config->lanes, &config->macs_per_lane,
      &config->tail_rows, &config->bus_bytes, &config->x_slots, &config->queue_words,
      &config->weight_bytes, &config->param_rows, &config->ring_bytes, &config->state_units,
      &config->pre_units, &config->writer_bytes, &config->table_entries, &config->max_inputs,
      &config->max_units, &config->mem_bytes, &point->measured.comb, &point->measured.flip_flops,
      &point->measured.multipliers, &point->measured.rams, &end);
  point->is_check = strcmp(use, "check") == 0;
  config->name = point->name;
  return fields == 2 + FIELDS + COUNTS && line[end] == '\n' && config->lanes > 0 &&
         config->macs_per_lane > 0 && config->mem_bytes > 0 && config->tail_rows > 0 &&
         config->bus_bytes > 0 && point->measured.comb > 0 && point->measured.flip_flops > 0 &&
         (point->is_check || strcmp(use, "fit") == 0);
}

static bool read_points(FILE *file, const char *path, struct sizing_area_model *model,
                        struct trine_error *error) {
  char line[LINE_BYTES];
  for (uint32_t number = 1; fgets(line, sizeof line, file) != NULL; number++) {
    if (line[0] == '#' || line[0] == '\n') {
      continue;
    }
    if (model->count == SIZING_AREA_POINTS || !parse(line, &model->points[model->count])) {
      trine_error_set(error, "%s: line %u is not a point of `make sizing-area`, or more than %u.",
                      path, number, SIZING_AREA_POINTS);
      return false;
    }
    model->count++;
  }
  return true;
}

bool sizing_area_read(const char *path, struct sizing_area_model *model,
                      struct trine_error *error) {
  FILE *file = fopen(path, "r");
  model->count = 0;
  if (file == NULL) {
    trine_error_set(error, "%s cannot be read; `make sizing-area` writes it.", path);
    return false;
  }
  bool good = read_points(file, path, model, error);
  (void)fclose(file);
  if (good && !(fit(model, true, model->comb) && fit(model, false, model->flip_flops))) {
    trine_error_set(error, "%s has too few points to tell %u terms apart.", path,
                    SIZING_AREA_TERMS);
    good = false;
  }
  return good;
}

static double off(double forecast, double measured) {
  return forecast / measured - 1;
}

/* Whether the model is near enough. */
static bool print_point(FILE *out, const struct sizing_area_model *model,
                        const struct sizing_area_point *point) {
  const struct trine_config_row *config = &point->config;
  const struct sizing_area *measured = &point->measured;
  struct sizing_area area;
  sizing_area_of(model, config, &area);
  const double comb = off(area.comb, measured->comb);
  const double flip_flops = off(area.flip_flops, measured->flip_flops);
  const double rams = off(area.rams, measured->rams);
  (void)fprintf(out,
                "| %s | %u x %ux%ux%u, bus %u, %u contexts | %s | %.0f | %.0f | %+.1f %% "
                "| %.0f | %+.1f %% | %u | %u | %+.1f %% |\n",
                point->name, config->cores, config->lanes, config->macs_per_lane, config->tail_rows,
                config->bus_bytes, config->contexts, point->is_check ? "no" : "yes", measured->comb,
                area.comb, 100 * comb, measured->flip_flops, 100 * flip_flops,
                measured->multipliers, measured->rams, 100 * rams);
  return fabs(comb) <= most_off && fabs(flip_flops) <= most_off && fabs(rams) <= most_off &&
         area.multipliers == measured->multipliers;
}

bool sizing_area_check(FILE *out, const struct sizing_area_model *model, uint32_t checks,
                       struct trine_error *error) {
  uint32_t seen = 0;
  bool good = true;
  (void)fprintf(out,
                "| chip | cores | fitted | cells | model | off | flip-flops | off "
                "| multipliers | block RAMs | off |\n"
                "|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
  for (uint32_t n = 0; n < model->count; n++) {
    const struct sizing_area_point *point = &model->points[n];
    seen += point->is_check ? 1 : 0;
    if (!print_point(out, model, point) && good) {
      trine_error_set(error, "The model of area is more than %.0f %% off at %s.", 100 * most_off,
                      point->name);
      good = false;
    }
  }
  if (good && seen < checks) {
    trine_error_set(error, "Only %u points check the model of area, and must be %u.", seen, checks);
    good = false;
  }
  return good;
}

void sizing_area_print(FILE *out, const struct sizing_area_model *model) {
  (void)fprintf(out, "| what | cells | flip-flops |\n|---|---:|---:|\n");
  for (int n = 0; n < SIZING_AREA_TERMS; n++) {
    (void)fprintf(out, "| %s | %.0f | %.0f |\n", term_names[n], model->comb[n],
                  model->flip_flops[n]);
  }
}
