/* SPDX-License-Identifier: Apache-2.0 */
/* tables: see tables.h. */
#include "tables.h"

#include <math.h>
#include <stdlib.h>

#include "networks.h"

enum { CORE_MACS = 64, CORE_COUNTS = 4, ROWS = 64 };

static const double cheap_slack = 1.02;

static uint32_t all_macs(const struct sizing_shape *shape) {
  return shape->cores * sizing_macs(shape);
}

/* Whether a is to be preferred: fewer of what counts, then fewer of the other. */
static bool is_better(const struct sizing_result *a, const struct sizing_result *b,
                      bool by_multipliers) {
  const uint32_t a_size = sizing_multipliers(&a->shape), b_size = sizing_multipliers(&b->shape);
  if (by_multipliers && a_size != b_size) {
    return a_size < b_size;
  }
  return a->cycles != b->cycles ? a->cycles < b->cycles : a_size < b_size;
}

static const struct sizing_result *pick(const struct sizing_results *results, uint32_t network,
                                        uint32_t macs, double most_cycles, bool by_multipliers) {
  const struct sizing_result *best = NULL;
  for (uint32_t n = 0; n < results->count; n++) {
    const struct sizing_result *result = &results->list[n];
    if (result->network == network && all_macs(&result->shape) == macs &&
        result->shape.mem_bytes == SIZING_MEM_BYTES && result->cycles > 0 &&
        (double)result->cycles <= most_cycles &&
        (best == NULL || is_better(result, best, by_multipliers))) {
      best = result;
    }
  }
  return best;
}

const struct sizing_result *sizing_best(const struct sizing_results *results, uint32_t network,
                                        uint32_t macs, double slack) {
  const struct sizing_result *best = pick(results, network, macs, HUGE_VAL, false);
  return best == NULL || slack <= 1
             ? best
             : pick(results, network, macs, slack * (double)best->cycles, true);
}

/* Thousands of cells of all cores and what they share, "-" without a model; the buffers do not
 * enter it. */
static void print_cells(FILE *out, const struct sizing_area_model *model,
                        const struct sizing_shape *shape) {
  struct trine_config_row config;
  struct sizing_area area = {0};
  if (model->count > 0 && sizing_config(shape, "octo-xl", "sizing", &config)) {
    sizing_area_of(model, &config, &area);
    (void)fprintf(out, " %.1f |", area.comb / 1000);
  } else {
    (void)fprintf(out, " - |");
  }
}

static void print_shape(FILE *out, const struct sizing_result *result) {
  char name[SIZING_NAME_BYTES];
  sizing_name(&result->shape, name);
  (void)fprintf(out, " %s: %s", name, bench_mode_name((enum bench_mode)result->mode));
  if (result->ranks > 1) {
    (void)fprintf(out, " on %u", result->ranks);
  }
  (void)fprintf(out, " |");
}

/* One network and budget; nothing where something does not fit. */
static void print_budget(FILE *out, const struct sizing_results *results,
                         const struct sizing_area_model *model, uint32_t network, uint32_t macs) {
  const struct sizing_shape present = sizing_present(macs, SIZING_NARROW_MEM_BYTES);
  const struct sizing_result *fastest = sizing_best(results, network, macs, 1);
  const struct sizing_result *cheap = sizing_best(results, network, macs, cheap_slack);
  const struct sizing_result *now = sizing_find(results, network, &present);
  if (fastest == NULL || cheap == NULL || now == NULL || now->cycles == 0) {
    return;
  }
  (void)fprintf(out, "| %s | %u |", sizing_networks[network].name, macs);
  print_shape(out, fastest);
  (void)fprintf(out, " %llu | %.3f | %u |", (unsigned long long)fastest->cycles,
                sizing_utilisation(fastest), sizing_multipliers(&fastest->shape));
  print_cells(out, model, &fastest->shape);
  print_shape(out, cheap);
  (void)fprintf(out, " %llu | %u |", (unsigned long long)cheap->cycles,
                sizing_multipliers(&cheap->shape));
  print_cells(out, model, &cheap->shape);
  (void)fprintf(out, " %llu | %.3f | %u |", (unsigned long long)now->cycles,
                sizing_utilisation(now), sizing_multipliers(&now->shape));
  print_cells(out, model, &now->shape);
  (void)fprintf(out, " %.1f %% |\n", 100 * ((double)now->cycles / (double)fastest->cycles - 1));
}

void sizing_table_budgets(FILE *out, const struct sizing_results *results,
                          const struct sizing_area_model *model) {
  (void)fprintf(out,
                "| network | MACs | fastest | cycles | utilisation | multipliers | thousand cells "
                "| fewest multipliers within 2 %% | cycles | multipliers | thousand cells "
                "| 8x8x4, bus 8: cycles | utilisation | multipliers | thousand cells "
                "| longer by |\n|---|---:|---|---:|---:|---:|---:|---|---:|---:|---:|---:|---:|---:"
                "|---:|---:|\n");
  for (uint32_t n = 0; n < SIZING_NETWORKS; n++) {
    for (uint32_t b = 0; b < SIZING_BUDGETS; b++) {
      print_budget(out, results, model, n, sizing_budgets[b]);
    }
  }
}

/* Cycles over those of the present shape with as many MACs; 0 when one is not there. */
static double ratio(const struct sizing_results *results, uint32_t network,
                    const struct sizing_shape *shape) {
  const struct sizing_shape present = sizing_present(all_macs(shape), SIZING_MEM_BYTES);
  const struct sizing_result *result = sizing_find(results, network, shape);
  const struct sizing_result *now = sizing_find(results, network, &present);
  return result == NULL || now == NULL || now->cycles == 0
             ? 0
             : (double)result->cycles / (double)now->cycles;
}

/* Geometric mean of ratios that are logarithms already. */
struct mean {
  double logs, worst;
  uint32_t count;
};

static void mean_add(struct mean *mean, double value) {
  if (value > 0) {
    mean->logs += log(value);
    mean->worst = value > mean->worst ? value : mean->worst;
    mean->count++;
  }
}

static double mean_of(const struct mean *mean) {
  return mean->count == 0 ? 0 : exp(mean->logs / mean->count);
}

void sizing_table_shapes(FILE *out, const struct sizing_results *results) {
  (void)fprintf(out, "| core |");
  for (uint32_t b = 0; b < SIZING_BUDGETS; b++) {
    (void)fprintf(out, " %u MACs | worst | multipliers |", sizing_budgets[b]);
  }
  (void)fprintf(out, "\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
  for (uint32_t macs = 16; macs <= 512; macs *= 2) {
    for (uint32_t lanes = 4; lanes <= 32; lanes *= 2) {
      struct sizing_shape shape = sizing_present(CORE_MACS, SIZING_MEM_BYTES);
      shape.lanes = lanes;
      shape.macs_per_lane = macs / lanes;
      if (shape.macs_per_lane < 4 || shape.macs_per_lane > 32) {
        continue;
      }
      (void)fprintf(out, "| %ux%u |", lanes, shape.macs_per_lane);
      for (uint32_t b = 0; b < SIZING_BUDGETS; b++) {
        struct mean mean = {.count = 0};
        shape.cores = sizing_budgets[b] / macs;
        for (uint32_t n = 0; n < SIZING_NETWORKS; n++) {
          mean_add(&mean, ratio(results, n, &shape));
        }
        if (mean.count > 0) {
          (void)fprintf(out, " %.3f | %.3f | %u |", mean_of(&mean), mean.worst,
                        sizing_multipliers(&shape));
        } else {
          (void)fprintf(out, " | | |");
        }
      }
      (void)fprintf(out, "\n");
    }
  }
}

/* One shape of a core of 64 MACs. */
struct core_row {
  struct sizing_shape shape; /* of one core */
  struct mean all, networks[SIZING_NETWORKS];
};

static int compare_rows(const void *a, const void *b) {
  const struct core_row *left = a, *right = b;
  const double x = mean_of(&left->all), y = mean_of(&right->all);
  return (x > y) - (x < y);
}

static void fill_row(struct core_row *row, const struct sizing_results *results) {
  for (uint32_t n = 0; n < SIZING_NETWORKS; n++) {
    for (uint32_t cores = 1; cores <= 1U << (CORE_COUNTS - 1); cores *= 2) {
      struct sizing_shape shape = row->shape;
      shape.cores = cores;
      const double value = ratio(results, n, &shape);
      mean_add(&row->networks[n], value);
      mean_add(&row->all, value);
    }
  }
}

void sizing_table_cores(FILE *out, const struct sizing_results *results,
                        const struct sizing_area_model *model) {
  struct core_row rows[ROWS] = {{.shape = {0}}};
  uint32_t count = 0;
  for (uint32_t n = 0; n < results->count && count < ROWS; n++) {
    const struct sizing_result *result = &results->list[n];
    if (result->network == 0 && result->shape.cores == 1 &&
        sizing_macs(&result->shape) == CORE_MACS) {
      rows[count] = (struct core_row){.shape = result->shape};
      fill_row(&rows[count], results);
      count++;
    }
  }
  qsort(rows, count, sizeof rows[0], compare_rows);
  (void)fprintf(out, "| core | multipliers | thousand cells | mean | worst |");
  for (uint32_t n = 0; n < SIZING_NETWORKS; n++) {
    (void)fprintf(out, " %s |", sizing_networks[n].name);
  }
  (void)fprintf(out, "\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
  for (uint32_t r = 0; r < count; r++) {
    char name[SIZING_NAME_BYTES];
    sizing_name(&rows[r].shape, name);
    (void)fprintf(out, "| %s%s | %u |", name + 4,
                  rows[r].shape.mem_bytes == SIZING_MEM_BYTES ? "" : ", memory 8",
                  sizing_multipliers(&rows[r].shape));
    print_cells(out, model, &rows[r].shape);
    (void)fprintf(out, " %.3f | %.3f |", mean_of(&rows[r].all), rows[r].all.worst);
    for (uint32_t n = 0; n < SIZING_NETWORKS; n++) {
      (void)fprintf(out, " %.3f |", mean_of(&rows[r].networks[n]));
    }
    (void)fprintf(out, "\n");
  }
}
