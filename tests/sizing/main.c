/* SPDX-License-Identifier: Apache-2.0 */
/* main: which shape of the cores is best for which network, by the planner.
 *
 *   sizing forecast RESULTS          forecasts all that the file RESULTS does not have yet
 *   sizing tables RESULTS FOLDER     writes tables (.md) and plot (.svg) into the folder
 *   sizing area [FILE]               chips of fpga/area.txt beside the model of area
 *   sizing points                    lists the configurations that are simulated
 *   sizing measure RESULTS FOLDER    simulates them; their table goes into the folder */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "boards.h"
#include "jobs.h"
#include "networks.h"
#include "points.h"
#include "support/seed.h"
#include "tables.h"

enum { PATH_BYTES = 512, AREA_CHECKS = 5 };

static const char *const models = "tests/models";
static const char *const area_file = "fpga/area.txt";
static const char *const boards_file = "fpga/boards.txt";

struct call {
  const char *folder;
  struct sizing_results results;
  struct sizing_area_model model;
  struct trine_error error;
};

typedef bool (*print_part)(FILE *out, struct call *call);

static bool print_budgets(FILE *out, struct call *call) {
  sizing_table_budgets(out, &call->results, &call->model);
  return true;
}

static bool print_shapes(FILE *out, struct call *call) {
  sizing_table_shapes(out, &call->results);
  return true;
}

static bool print_cores(FILE *out, struct call *call) {
  sizing_table_cores(out, &call->results, &call->model);
  return true;
}

static bool print_jobs(FILE *out, struct call *call) {
  return sizing_table_jobs(out, models, &call->error);
}

static bool print_boards(FILE *out, struct call *call) {
  return sizing_table_boards(out, boards_file, &call->model, models, &call->error);
}

static bool print_area(FILE *out, struct call *call) {
  return sizing_area_check(out, &call->model, AREA_CHECKS, &call->error);
}

static bool print_terms(FILE *out, struct call *call) {
  sizing_area_print(out, &call->model);
  return true;
}

static bool print_plot(FILE *out, struct call *call) {
  sizing_plot(out, &call->results);
  return true;
}

static bool print_measured(FILE *out, struct call *call) {
  return sizing_measure(out, &call->results, models, &call->error);
}

/* A part that fails half-way leaves no file. */
static bool write_part(struct call *call, const char *name, print_part print) {
  char path[PATH_BYTES];
  (void)snprintf(path, sizeof path, "%s/%s", call->folder, name);
  FILE *out = fopen(path, "w");
  if (out == NULL) {
    trine_error_set(&call->error, "%s cannot be written.", path);
    return false;
  }
  const bool printed = print(out, call);
  const bool written = ferror(out) == 0;
  const bool closed = fclose(out) == 0;
  if (printed && !(written && closed)) {
    trine_error_set(&call->error, "%s cannot be written.", path);
  }
  if (!(printed && written && closed)) {
    (void)remove(path);
  }
  return printed && written && closed;
}

/* Without chips that were synthesised there is no model: cells are "-", and no table of boards. */
static bool write_area(struct call *call) {
  FILE *file = fopen(area_file, "r");
  if (file == NULL) {
    return true;
  }
  (void)fclose(file);
  return sizing_area_read(area_file, &call->model, &call->error) &&
         write_part(call, "area.md", print_area) && write_part(call, "terms.md", print_terms) &&
         write_part(call, "boards.md", print_boards);
}

static bool write_tables(struct call *call) {
  return write_area(call) && write_part(call, "budgets.md", print_budgets) &&
         write_part(call, "shapes.md", print_shapes) && write_part(call, "cores.md", print_cores) &&
         write_part(call, "jobs.md", print_jobs) && write_part(call, "plot.svg", print_plot);
}

static bool execute(struct call *call, int argc, char **argv) {
  if (strcmp(argv[1], "points") == 0) {
    return sizing_list_points(stdout, &call->error);
  }
  if (strcmp(argv[1], "area") == 0) {
    return sizing_area_read(argc == 3 ? argv[2] : area_file, &call->model, &call->error) &&
           print_area(stdout, call);
  }
  (void)seed_print();
  sizing_read(&call->results, argv[2]);
  if (argc == 3) {
    return sizing_forecast(&call->results, models, &call->error);
  }
  call->folder = argv[3];
  return strcmp(argv[1], "tables") == 0 ? write_tables(call)
                                        : write_part(call, "measured.md", print_measured);
}

int main(int argc, char **argv) {
  const bool is_known = (argc == 2 && strcmp(argv[1], "points") == 0) ||
                        ((argc == 2 || argc == 3) && strcmp(argv[1], "area") == 0) ||
                        (argc == 3 && strcmp(argv[1], "forecast") == 0) ||
                        (argc == 4 && strcmp(argv[1], "tables") == 0) ||
                        (argc == 4 && strcmp(argv[1], "measure") == 0);
  struct call *call = calloc(1, sizeof *call);
  if (!is_known || call == NULL) {
    (void)fprintf(stderr,
                  "usage: sizing points | area [FILE] | forecast RESULTS | tables RESULTS FOLDER | "
                  "measure RESULTS FOLDER\n");
    free(call);
    return 2;
  }
  const bool good = execute(call, argc, argv);
  if (!good) {
    (void)fprintf(stderr, "sizing: %s\n", call->error.text);
  }
  free(call);
  return good ? 0 : 1;
}
