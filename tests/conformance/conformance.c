/* SPDX-License-Identifier: Apache-2.0 */
/* conformance: draws random models, and checks the golden model and the simulated accelerator
 * against what the reference interpreter made of them.
 *
 *   conformance draw FOLDER COUNT [small|operators|operators-small]
 *                                                models and inputs (oracle.py adds the results)
 *   conformance check FOLDER COUNT [CONFIG RTL]  all cases on the golden model, the first RTL that
 *                                                fit a core of CONFIG on the accelerator too
 *   conformance one FOLDER INDEX CONFIG [FST]    one case, every way, with a waveform if asked for
 *
 * check works in CONFORMANCE_PROCESSES processes (1). Exit 0: nothing differs; 1: something does,
 * or a corner was not seen; 2: wrong usage. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "case.h"
#include "device.h"
#include "draw.h"
#include "golden/golden.h"
#include "support/seed.h"
#include "totals.h"
#include "trine_configs.h"

enum { MAX_PROCESSES = 16, PROGRESS = 50, GIVE_UP = 10 };

/* A share of the cases: index, index + step, ... below count. */
struct share {
  const char *folder, *config; /* config NULL: golden only */
  const char *wave;            /* file, or NULL */
  uint32_t first, step, count, rtl;
};

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static enum trine_status run_golden(void *context, uint32_t segment,
                                    const struct trine_network *network,
                                    const struct trine_batch *batch, struct trine_error *error) {
  (void)segment;
  const struct trine_golden_options options = {.counters = context, .error = error};
  return trine_golden_run(network, batch, &options);
}

static const struct trine_config_row *find_config(const char *name) {
  for (size_t n = 0; n < sizeof trine_config_rows / sizeof trine_config_rows[0]; n++) {
    if (strcmp(trine_config_rows[n].name, name) == 0) {
      return &trine_config_rows[n];
    }
  }
  return NULL;
}

static void count_corners(const struct conformance_case *c, const struct trine_config_row *config,
                          const struct trine_golden_counters *seen,
                          struct conformance_totals *totals) {
  bool corner[CORNER_COUNT] = {false};
  for (uint32_t n = 0; n < c->info->layer_count; n++) {
    const struct trine_model_layer *layer = trine_model_layer(c->model, n);
    const bool lstm = layer->kind == TRINE_LAYER_LSTM;
    corner[CORNER_RAGGED_UNITS] |= lstm && layer->units % (config->lanes / TRINE_GATES) != 0;
    corner[CORNER_SHORT_INPUT] |= lstm && layer->inputs < config->macs_per_lane;
    corner[CORNER_CELL_CLIP] |= lstm && layer->layer->cell_clip != 0;
  }
  corner[CORNER_ONE_STEP] = c->steps == 1;
  corner[CORNER_POSITIVE_SHIFT] = seen->positive_shifts > 0;
  corner[CORNER_GATE_SATURATED] = seen->gate_saturated > 0;
  corner[CORNER_CELL_SATURATED] = seen->cell_saturated > 0;
  for (int n = 0; n < CORNER_COUNT; n++) {
    totals->corner[n] += corner[n];
  }
}

/* Says what differs, and how to see it again. */
static void report(const struct share *share, uint32_t index, const struct conformance_case *c,
                   const char *where, const struct trine_error *error) {
  printf(
      "DIFFERS: %s, %s: %s\n  again, with its waveform: TRINE_SEED=%llu build/conformance one %s "
      "%u %s wave.fst\n",
      c->path, where, error->text, (unsigned long long)seed_value(), share->folder, index,
      share->config != NULL ? share->config : "duo");
  fflush(stdout);
}

/* Every way of running it; false when one differs. A device that failed is opened anew. */
static bool check_rtl(const struct share *share, uint32_t index, const struct conformance_case *c,
                      struct conformance_device **device, struct conformance_totals *totals) {
  struct trine_error error = {""};
  const uint32_t before = totals->same[WAY_SINGLE];
  bool good = true;
  for (uint32_t n = 0; n < WAY_COUNT; n++) {
    /* The order turns, so that every way follows every other on the same cores. */
    const uint32_t way = (n + index) % WAY_COUNT;
    if (*device == NULL) {
      *device = device_open(share->config, share->wave, &error);
    }
    if (*device == NULL || !device_run(*device, c, (enum way)way, totals, &error)) {
      report(share, index, c, way_name((enum way)way), &error);
      device_close(*device);
      *device = NULL;
      good = false;
    }
  }
  totals->rtl += !good || totals->same[WAY_SINGLE] > before;
  return good;
}

static void check_case(const struct share *share, uint32_t index,
                       struct conformance_device **device, struct conformance_totals *totals) {
  struct conformance_case c;
  struct trine_error error = {""};
  struct trine_golden_counters seen = {0};
  bool good = case_load(share->folder, index, &c, &error) &&
              case_compare(&c, run_golden, &seen, &totals->values, &error);
  totals->cases++;
  if (!good) {
    report(share, index, &c, "golden model", &error);
  } else {
    totals->golden++;
    count_corners(&c, find_config(share->config != NULL ? share->config : "duo"), &seen, totals);
    if (share->config != NULL && totals->rtl < share->rtl) {
      good = check_rtl(share, index, &c, device, totals);
    }
  }
  totals->failed += !good;
  case_free(&c);
}

static void check_share(const struct share *share, struct conformance_totals *totals) {
  struct conformance_device *device = NULL;
  for (uint32_t index = share->first; index < share->count && totals->failed < GIVE_UP;
       index += share->step) {
    check_case(share, index, &device, totals);
    const uint32_t done = share->config != NULL && totals->rtl < share->rtl ? totals->rtl : 0;
    if (share->first == 0 && done > 0 && done % PROGRESS == 0) {
      fprintf(stderr, "  RTL: about %u of %u\n", done * share->step, share->rtl * share->step);
    }
  }
  device_close(device);
}

/* One process a share; their totals come home through pipes. */
static bool check_all(const struct share *all, uint32_t processes, struct conformance_totals *sum) {
  int pipes[MAX_PROCESSES][2];
  bool good = true;
  fflush(stdout);
  for (uint32_t n = 0; n < processes; n++) {
    if (pipe(pipes[n]) != 0) {
      return false;
    }
    if (fork() == 0) {
      struct conformance_totals part = {0};
      struct share share = *all;
      share.first = n;
      share.step = processes;
      share.rtl = all->rtl / processes + (n < all->rtl % processes);
      check_share(&share, &part);
      fflush(stdout);
      _exit(write(pipes[n][1], &part, sizeof part) == (ssize_t)sizeof part ? 0 : 1);
    }
    close(pipes[n][1]);
  }
  for (uint32_t n = 0; n < processes; n++) {
    struct conformance_totals part;
    if (read(pipes[n][0], &part, sizeof part) == (ssize_t)sizeof part) {
      totals_add(sum, &part);
    } else {
      printf("Process %u ended before it was done.\n", n);
      good = false;
    }
    close(pipes[n][0]);
  }
  while (wait(NULL) > 0) {
  }
  return good;
}

static const struct draw_limits *limits_of(const char *name) {
  if (name == NULL) {
    return &draw_full;
  }
  if (strcmp(name, "small") == 0) {
    return &draw_small;
  }
  if (strcmp(name, "operators") == 0) {
    return &draw_others;
  }
  if (strcmp(name, "operators-small") == 0) {
    return &draw_others_small;
  }
  return NULL;
}

static int draw(const char *folder, uint32_t count, const struct draw_limits *limits) {
  for (uint32_t index = 0; index < count; index++) {
    struct trine_error error = {""};
    if (!draw_case(folder, index, limits, &error)) {
      fprintf(stderr, "conformance: %s\n", error.text);
      return 1;
    }
  }
  printf("%u random models drawn\n", count);
  return 0;
}

static int check_one(const struct share *one) {
  struct conformance_totals totals = {0};
  check_share(one, &totals);
  for (int way = 0; way < WAY_COUNT; way++) {
    if (totals.same[way] + totals.no[way] > 0) {
      printf("%s: %s\n", way_name((enum way)way), totals.same[way] > 0 ? "exact" : "not possible");
    }
  }
  return totals.failed == 0 ? 0 : 1;
}

static int check(const struct share *share) {
  const char *wanted = getenv("CONFORMANCE_PROCESSES");
  const unsigned long processes = wanted != NULL ? strtoul(wanted, NULL, 10) : 1;
  const double start = seconds();
  struct conformance_totals sum = {0};
  uint32_t used;
  if (processes < 1) {
    used = 1;
  } else {
    used = (uint32_t)(processes > MAX_PROCESSES ? MAX_PROCESSES : processes);
  }
  bool good = check_all(share, used, &sum);
  good = totals_report(&sum, share->config, seconds() - start) && good;
  if (sum.rtl < share->rtl) {
    printf("Only %u of %u cases went through the RTL.\n", sum.rtl, share->rtl);
    good = false;
  }
  return good ? 0 : 1;
}

int main(int argc, char **argv) {
  const bool is_draw = argc >= 4 && argc <= 5 && strcmp(argv[1], "draw") == 0 &&
                       limits_of(argc == 5 ? argv[4] : NULL) != NULL;
  const bool is_check = (argc == 4 || argc == 6) && strcmp(argv[1], "check") == 0;
  const bool is_one = (argc == 5 || argc == 6) && strcmp(argv[1], "one") == 0;
  if ((!is_draw && !is_check && !is_one) ||
      (argc > 4 && !is_draw && find_config(argv[4]) == NULL)) {
    fprintf(stderr, "conformance: see the head of tests/conformance/conformance.c\n");
    return 2;
  }
  seed_print();
  const uint32_t number = (uint32_t)strtoul(argv[3], NULL, 10);
  struct share share = {.folder = argv[2], .config = argc > 4 ? argv[4] : NULL, .step = 1};
  if (is_draw) {
    return draw(argv[2], number, limits_of(argc == 5 ? argv[4] : NULL));
  }
  if (is_one) {
    share.wave = argc == 6 ? argv[5] : NULL;
    share.first = number;
    share.count = number + 1;
    share.rtl = 1;
    return check_one(&share);
  }
  share.count = number;
  share.rtl = argc == 6 ? (uint32_t)strtoul(argv[5], NULL, 10) : 0;
  return check(&share);
}
