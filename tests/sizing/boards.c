/* SPDX-License-Identifier: Apache-2.0 */
/* boards: see boards.h. */
#include "boards.h"

#include <stdlib.h>
#include <string.h>

#include "bench/work.h"
#include "networks.h"
#include "planner/planner.h"
#include "session/config.h"
#include "trine_config_rules.h"

enum {
  MOST_BOARDS = 8,
  MOST_CORES = 4,
  MOST_SHAPES = 512,
  LINE_BYTES = 256,
  NAME_BYTES = 32,
  RAM_BYTES = 2048
};

/* What may be filled: the fullest chip that was routed has 76 % of its lookup tables in use. */
static const double fullest = 0.80;
static const double slack = 1.02;

static const struct device {
  const char *target;
  uint32_t comb, multipliers, rams;
} devices[] = {{"85k", 83640, 156, 208}, {"25k", 24288, 28, 56}};

struct ecp5_board {
  char name[NAME_BYTES], config[NAME_BYTES];
  const struct device *device;
  double mhz;
  uint32_t memory_bytes;
  const struct trine_config_row *row;
};

/* A shape on a board, and how long a network takes there. */
struct fitting {
  struct trine_config_row config;
  struct sizing_area area;
  uint64_t cycles; /* 0: the network does not fit */
};

struct sweep {
  struct ecp5_board board;
  uint32_t count;
  struct fitting shapes[MOST_SHAPES];
};

/* False for a row that is not of an ECP5 or has no clock, as for what is no row. */
static bool parse_board(const char *line, struct ecp5_board *board, struct trine_error *error) {
  char target[NAME_BYTES];
  double khz = 0;
  if (line[0] == '#' || sscanf(line, "%31s %31s ecp5 %31s %*s %*s %*s %lf %u", board->name,
                               board->config, target, &khz, &board->memory_bytes) != 5) {
    return false;
  }
  board->device = NULL;
  for (size_t n = 0; n < sizeof devices / sizeof devices[0]; n++) {
    if (strcmp(devices[n].target, target) == 0) {
      board->device = &devices[n];
    }
  }
  board->mhz = khz / 1000;
  board->row = trine_config_find(board->config, error);
  return board->device != NULL && board->row != NULL && khz > 0;
}

static bool fits(const struct ecp5_board *board, const struct sizing_area *area) {
  return area->comb <= fullest * board->device->comb &&
         area->multipliers <= board->device->multipliers &&
         area->rams + board->memory_bytes / RAM_BYTES <= board->device->rams;
}

/* The board's weights are shared out, so that all shapes hold as much or, where words have to be a
 * power of two, less. False when that breaks a rule of configurations. */
static bool shape_config(const struct ecp5_board *board, uint32_t cores, uint32_t lanes,
                         uint32_t macs, uint32_t rows, struct trine_config_row *config) {
  const char *field = NULL;
  uint64_t value = 0;
  const uint32_t all = board->row->cores * board->row->weight_bytes;
  uint32_t words = 1;
  while (2 * words * lanes * macs * cores <= all) {
    words *= 2;
  }
  *config = *board->row;
  config->cores = cores;
  config->lanes = lanes;
  config->macs_per_lane = macs;
  config->tail_rows = rows;
  config->weight_bytes = words * lanes * macs;
  return trine_config_broken(config, &field, &value) == NULL;
}

static void add_shape(struct sweep *sweep, const struct sizing_area_model *model, uint32_t cores,
                      uint32_t lanes, uint32_t macs, uint32_t rows) {
  struct fitting *shape = &sweep->shapes[sweep->count];
  if (sweep->count < MOST_SHAPES &&
      shape_config(&sweep->board, cores, lanes, macs, rows, &shape->config)) {
    sizing_area_of(model, &shape->config, &shape->area);
    sweep->count += fits(&sweep->board, &shape->area) ? 1 : 0;
  }
}

static void find_shapes(struct sweep *sweep, const struct sizing_area_model *model) {
  sweep->count = 0;
  for (uint32_t cores = 1; cores <= MOST_CORES; cores++) {
    for (uint32_t lanes = 4; lanes <= 32; lanes += 4) {
      for (uint32_t macs = 1; macs <= 32; macs *= 2) {
        for (uint32_t rows = 1; rows <= 4; rows *= 2) {
          add_shape(sweep, model, cores, lanes, macs, rows);
        }
      }
    }
  }
}

/* Cycles of the best placement; 0 when the network does not fit. */
static bool forecast(const struct trine_config_row *config, const struct bench_work *work,
                     uint64_t *cycles, struct trine_error *error) {
  const struct trine_plan_batch batch = {
      .sequences = work->what->sequences, .lengths = work->lengths, .is_resident = true};
  struct trine_target target;
  struct trine_plan plan;
  enum trine_status status = trine_config_target(config, &target, error);
  if (status == TRINE_OK) {
    status = trine_plan_best(&target, work->network, config->cores, &batch, &plan, error);
  }
  *cycles = status == TRINE_OK ? plan.forecast.cycles : 0;
  return status == TRINE_OK || status == TRINE_ERR_LIMIT;
}

static const struct fitting *pick(const struct sweep *sweep, double most_cycles, bool by_cells) {
  const struct fitting *best = NULL;
  for (uint32_t n = 0; n < sweep->count; n++) {
    const struct fitting *shape = &sweep->shapes[n];
    if (shape->cycles == 0 || (double)shape->cycles > most_cycles) {
      continue;
    }
    if (best == NULL ||
        (by_cells ? shape->area.comb < best->area.comb
                  : shape->cycles < best->cycles ||
                        (shape->cycles == best->cycles && shape->area.comb < best->area.comb))) {
      best = shape;
    }
  }
  return best;
}

static void print_shape(FILE *out, const struct ecp5_board *board, const struct bench_work *work,
                        const char *which, const struct fitting *shape, uint64_t least) {
  const struct trine_config_row *config = &shape->config;
  (void)fprintf(out,
                "| %s, `%s` | %s | %s | %u x %ux%ux%u | %.0f | %.0f %% | %u | %u | %llu | %.1f "
                "| %.0f | %.1f %% |\n",
                board->name, board->config, work->what->name, which, config->cores, config->lanes,
                config->macs_per_lane, config->tail_rows, shape->area.comb,
                100 * shape->area.comb / board->device->comb, shape->area.multipliers,
                shape->area.rams, (unsigned long long)shape->cycles, board->mhz,
                (double)shape->cycles / board->mhz,
                100 * ((double)shape->cycles / (double)least - 1));
}

/* One board and network; nothing where the board's own configuration does not hold it. */
static bool print_network(FILE *out, struct sweep *sweep, const struct sizing_area_model *model,
                          const struct bench_work *work, struct trine_error *error) {
  const struct ecp5_board *board = &sweep->board;
  struct fitting own = {.config = *board->row};
  sizing_area_of(model, &own.config, &own.area);
  bool good = forecast(&own.config, work, &own.cycles, error);
  for (uint32_t n = 0; n < sweep->count && good && own.cycles > 0; n++) {
    good = forecast(&sweep->shapes[n].config, work, &sweep->shapes[n].cycles, error);
  }
  const struct fitting *quickest = pick(sweep, 1e30, false);
  if (!good || own.cycles == 0 || quickest == NULL) {
    return good;
  }
  const struct fitting *cheap = pick(sweep, slack * (double)quickest->cycles, true);
  print_shape(out, board, work, "quickest", quickest, quickest->cycles);
  print_shape(out, board, work, "fewest cells within 2 %", cheap, quickest->cycles);
  print_shape(out, board, work, "as it is", &own, quickest->cycles);
  return true;
}

/* The rows of the file that are of an ECP5 and have a clock. */
static uint32_t read_boards(FILE *file, struct sweep *sweeps, const struct sizing_area_model *model,
                            struct trine_error *error) {
  char line[LINE_BYTES];
  uint32_t count = 0;
  while (count < MOST_BOARDS && fgets(line, sizeof line, file) != NULL) {
    if (parse_board(line, &sweeps[count].board, error)) {
      find_shapes(&sweeps[count], model);
      count++;
    }
  }
  return count;
}

static bool print_networks(FILE *out, struct sweep *sweeps, uint32_t count,
                           const struct sizing_area_model *model, const char *folder,
                           struct trine_error *error) {
  struct bench_work *work = malloc(sizeof *work);
  bool good = work != NULL;
  if (!good) {
    trine_error_set(error, "There is no memory for a network.");
  }
  (void)fprintf(out,
                "| board | network | which | cores | cells | of the device | multipliers "
                "| block RAMs | cycles | MHz | microseconds | longer by |\n"
                "|---|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
  for (uint32_t n = 0; n < SIZING_NETWORKS && good; n++) {
    good = bench_work_load(&sizing_networks[n], folder, work, error);
    for (uint32_t b = 0; b < count && good; b++) {
      good = print_network(out, &sweeps[b], model, work, error);
    }
    bench_work_free(work);
  }
  free(work);
  return good;
}

bool sizing_table_boards(FILE *out, const char *boards, const struct sizing_area_model *model,
                         const char *folder, struct trine_error *error) {
  struct sweep *sweeps = calloc(MOST_BOARDS, sizeof *sweeps);
  FILE *file = fopen(boards, "r");
  bool good = sweeps != NULL && file != NULL;
  const uint32_t count = good ? read_boards(file, sweeps, model, error) : 0;
  if (count == 0) {
    trine_error_set(error, "%s has no row of an ECP5 with a clock.", boards);
  }
  good = count > 0 && print_networks(out, sweeps, count, model, folder, error);
  if (file != NULL) {
    (void)fclose(file);
  }
  free(sweeps);
  return good;
}
