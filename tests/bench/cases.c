/* SPDX-License-Identifier: Apache-2.0 */
/* cases: the rows of the benchmark, see cases.h. */
#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint32_t core_counts[] = {1, 2, 4, 8};
enum { CORE_COUNTS = sizeof core_counts / sizeof core_counts[0] };

const char *bench_set_name(enum bench_set set) {
  static const char *const names[] = {[BENCH_MODELS] = "models",
                                      [BENCH_EQUAL] = "equal",
                                      [BENCH_UNBALANCED] = "unbalanced",
                                      [BENCH_PUBLISHED] = "published"};
  return names[set];
}

const char *bench_mode_name(enum bench_mode mode) {
  static const char *const names[] = {[BENCH_SINGLE] = "single",
                                      [BENCH_MULTITHREADING] = "multithreading",
                                      [BENCH_HELPER] = "helper",
                                      [BENCH_HYBRID] = "hybrid",
                                      [BENCH_MULTIPROGRAMMING] = "multi-programming",
                                      [BENCH_AUTO] = "auto"};
  return names[mode];
}

void bench_row_key(const struct bench_catalogue *catalogue, const struct bench_row *row,
                   char key[BENCH_KEY_BYTES]) {
  const struct bench_case *what = &catalogue->cases[row->case_index];
  (void)snprintf(key, BENCH_KEY_BYTES, "%s %s, T %u, B %u, %s on %u%s", bench_set_name(what->set),
                 what->name, what->steps, what->sequences, bench_mode_name(row->mode), row->cores,
                 row->machine == BENCH_BIG ? " of 512 MACs" : "");
}

/* --- Building the lists; after a failure they stay as they are and `lost` is set --- */

struct case_builder {
  struct bench_catalogue *catalogue;
  bool lost;
};

static bool grow(void **items, uint32_t count, uint32_t *room, size_t size) {
  if (count < *room) {
    return true;
  }
  const uint32_t more = *room == 0 ? 64 : *room * 2;
  void *grown = realloc(*items, more * size);
  if (grown != NULL) {
    *items = grown;
    *room = more;
  }
  return grown != NULL;
}

static uint32_t add_case(struct case_builder *to, const struct bench_case *what) {
  struct bench_catalogue *catalogue = to->catalogue;
  void *cases = catalogue->cases;
  to->lost = to->lost ||
             !grow(&cases, catalogue->case_count, &catalogue->case_room, sizeof *catalogue->cases);
  catalogue->cases = cases;
  if (!to->lost) {
    catalogue->cases[catalogue->case_count] = *what;
    catalogue->case_count++;
  }
  return catalogue->case_count - 1;
}

static void add_row(struct case_builder *to, uint32_t case_index, enum bench_mode mode,
                    enum bench_machine machine, uint32_t cores, bool is_target) {
  struct bench_catalogue *catalogue = to->catalogue;
  void *rows = catalogue->rows;
  to->lost =
      to->lost || !grow(&rows, catalogue->row_count, &catalogue->row_room, sizeof *catalogue->rows);
  catalogue->rows = rows;
  if (!to->lost) {
    catalogue->rows[catalogue->row_count] =
        (struct bench_row){case_index, mode, machine, cores, is_target};
    catalogue->row_count++;
  }
}

/* A network with random weights: layers of the units given, 0 ends the list. */
static struct bench_case shape(enum bench_set set, uint32_t inputs,
                               const uint32_t units[BENCH_MAX_LSTM]) {
  struct bench_case what = {.set = set, .inputs = inputs, .sequences = 1};
  int at = snprintf(what.name, sizeof what.name, "%u", inputs);
  bool is_same = true;
  while (what.lstm_count < BENCH_MAX_LSTM && units[what.lstm_count] > 0) {
    what.units[what.lstm_count] = units[what.lstm_count];
    is_same = is_same && units[what.lstm_count] == units[0];
    what.lstm_count++;
  }
  if (is_same && what.lstm_count > 3) {
    (void)snprintf(what.name + at, sizeof what.name - (size_t)at, "-%ux%u", units[0],
                   what.lstm_count);
  } else {
    for (uint32_t n = 0; n < what.lstm_count; n++) {
      at += snprintf(what.name + at, sizeof what.name - (size_t)at, "-%u", units[n]);
    }
  }
  what.layer_count = what.lstm_count;
  return what;
}

/* Every mode on 1, 2, 4 and 8 cores that differs from the others. is_target: of mode and cores. */
typedef bool (*choose)(const struct bench_case *what, enum bench_mode mode, uint32_t cores);

static void add_modes(struct case_builder *to, uint32_t index, choose is_target) {
  if (to->lost) {
    return;
  }
  const struct bench_case what = to->catalogue->cases[index];
  add_row(to, index, BENCH_SINGLE, BENCH_SMALL, 1, is_target(&what, BENCH_SINGLE, 1));
  for (uint32_t n = 1; n < CORE_COUNTS; n++) {
    const uint32_t cores = core_counts[n];
    const bool is_bidi = what.model != NULL && strcmp(what.model, "bidi") == 0;
    /* More cores than half of them could use would only repeat the row before. */
    if (what.layer_count > cores / 2) {
      add_row(to, index, BENCH_MULTITHREADING, BENCH_SMALL, cores,
              is_target(&what, BENCH_MULTITHREADING, cores));
    }
    add_row(to, index, BENCH_HELPER, BENCH_SMALL, cores, is_target(&what, BENCH_HELPER, cores));
    if ((what.layer_count > 1 && (cores > 2 || is_bidi)) || what.sequences > 1) {
      add_row(to, index, BENCH_HYBRID, BENCH_SMALL, cores, is_target(&what, BENCH_HYBRID, cores));
    }
    if (what.set != BENCH_EQUAL) {
      add_row(to, index, BENCH_AUTO, BENCH_SMALL, cores, is_target(&what, BENCH_AUTO, cores));
    }
  }
}

static bool always(const struct bench_case *what, enum bench_mode mode, uint32_t cores) {
  (void)what;
  (void)mode;
  (void)cores;
  return true;
}

static bool never(const struct bench_case *what, enum bench_mode mode, uint32_t cores) {
  (void)what;
  (void)mode;
  (void)cores;
  return false;
}

static bool long_enough(const struct bench_case *what, enum bench_mode mode, uint32_t cores) {
  (void)mode;
  (void)cores;
  return what->steps >= 32;
}

/* Of the layers of I = H: the lines of the table of targets that name them. */
static bool of_equal(const struct bench_case *what, enum bench_mode mode, uint32_t cores) {
  const uint32_t size = what->inputs, layers = what->lstm_count, steps = what->steps;
  switch (mode) {
    case BENCH_SINGLE:
      return (size >= 32 && layers == 1 && steps >= 32) ||
             (size >= 64 && size <= 256 && layers > 1 && steps == 128);
    case BENCH_HELPER:
      return (size >= 128 && layers == 1 && steps >= 32) ||
             (size == 128 && layers == 1 && steps == 1 && cores == 2);
    case BENCH_MULTITHREADING:
      return size >= 64 && size <= 256 && layers > 1 && steps == 128;
    default:
      return false;
  }
}

/* Jobs of the same kind side by side. */
static void add_equal_jobs(struct case_builder *to, uint32_t index) {
  for (uint32_t n = 1; n < CORE_COUNTS; n++) {
    add_row(to, index, BENCH_MULTIPROGRAMMING, BENCH_SMALL, core_counts[n], true);
  }
}

static void add_models(struct case_builder *to) {
  static const struct bench_case models[] = {{.set = BENCH_MODELS,
                                              .name = "vowels",
                                              .model = "vowels",
                                              .input = "vowels_xq",
                                              .layer_count = 3,
                                              .steps = 29,
                                              .sequences = 1},
                                             {.set = BENCH_MODELS,
                                              .name = "bidi",
                                              .model = "bidi",
                                              .input = "vowels_xq",
                                              .layer_count = 3,
                                              .steps = 29,
                                              .sequences = 1},
                                             {.set = BENCH_MODELS,
                                              .name = "chars",
                                              .model = "chars",
                                              .input = "chars_xq",
                                              .layer_count = 2,
                                              .steps = 64,
                                              .sequences = 1},
                                             {.set = BENCH_MODELS,
                                              .name = "stack4",
                                              .model = "stack4",
                                              .input = "stack4_xq",
                                              .layer_count = 5,
                                              .steps = 128,
                                              .sequences = 1},
                                             {.set = BENCH_MODELS,
                                              .name = "vad",
                                              .model = "vad",
                                              .input = "vad_xq",
                                              .layer_count = 1,
                                              .steps = 128,
                                              .sequences = 1}};
  for (size_t n = 0; n < sizeof models / sizeof models[0]; n++) {
    const uint32_t index = add_case(to, &models[n]);
    add_modes(to, index, always);
    if (strcmp(models[n].model, "vad") == 0 || strcmp(models[n].model, "vowels") == 0) {
      add_equal_jobs(to, index);
    }
  }
}

static void add_sweeps(struct case_builder *to) {
  static const uint32_t sizes[] = {16, 32, 64, 96, 128, 256, 512}, steps[] = {1, 8, 32, 128};
  for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
    for (uint32_t layers = 1; layers <= 4; layers++) {
      for (size_t t = 0; t < sizeof steps / sizeof steps[0]; t++) {
        uint32_t units[BENCH_MAX_LSTM] = {0};
        for (uint32_t n = 0; n < layers; n++) {
          units[n] = sizes[s];
        }
        struct bench_case what = shape(BENCH_EQUAL, sizes[s], units);
        what.steps = steps[t];
        const uint32_t index = add_case(to, &what);
        add_modes(to, index, of_equal);
        if (sizes[s] == 128 && layers == 1 && steps[t] == 128) {
          add_equal_jobs(to, index);
        }
      }
    }
  }
  static const struct {
    uint32_t inputs, units[BENCH_MAX_LSTM];
  } stacks[] = {{12, {64, 64}}, {40, {512, 512}}, {123, {384, 384}}, {32, {128, 128, 128, 128}}};
  for (size_t s = 0; s < sizeof stacks / sizeof stacks[0]; s++) {
    for (size_t t = 0; t < sizeof steps / sizeof steps[0]; t++) {
      struct bench_case what = shape(BENCH_UNBALANCED, stacks[s].inputs, stacks[s].units);
      what.steps = steps[t];
      add_modes(to, add_case(to, &what), long_enough);
    }
  }
}

/* A published shape, on cores of 64 MACs and, if wanted, on the 16 cores of `big`. */
static void add_published(struct case_builder *to, const char *who, uint32_t inputs,
                          const uint32_t units[BENCH_MAX_LSTM], uint32_t steps, uint32_t sequences,
                          enum bench_machine machine, bool is_target) {
  struct bench_case what = shape(BENCH_PUBLISHED, inputs, units);
  char name[BENCH_NAME_BYTES];
  (void)snprintf(name, sizeof name, "%.12s %.32s", who, what.name);
  memcpy(what.name, name, sizeof name);
  what.steps = steps;
  what.sequences = sequences;
  const uint32_t index = add_case(to, &what);
  if (machine == BENCH_BIG) {
    add_row(to, index, BENCH_SINGLE, BENCH_BIG, 1, is_target);
    add_row(to, index, BENCH_HELPER, BENCH_BIG, 16, is_target);
    if (what.lstm_count > 1 || sequences > 1) {
      add_row(to, index, BENCH_HYBRID, BENCH_BIG, 16, false);
    }
  }
  add_modes(to, index, never);
}

static void add_published_shapes(struct case_builder *to) {
  static const struct {
    uint32_t size, steps;
  } deepbench[] = {{256, 150}, {512, 25}, {1024, 25}, {1536, 50}, {2048, 25}};
  for (uint32_t sequences = 1; sequences <= 4; sequences *= 2) {
    for (size_t n = 0; n < sizeof deepbench / sizeof deepbench[0]; n++) {
      const uint32_t size = deepbench[n].size, units[BENCH_MAX_LSTM] = {size};
      const bool is_target = sequences == 1 && (size == 512 || size == 1024);
      add_published(to, "DeepBench", size, units, deepbench[n].steps, sequences, BENCH_BIG,
                    is_target);
    }
  }
  for (uint32_t size = 512; size <= 1024; size *= 2) {
    const uint32_t units[BENCH_MAX_LSTM] = {size};
    add_published(to, "fpga-npu", size, units, 8, 1, BENCH_BIG, true);
    add_published(to, "fpga-npu", size, units, 8, 6, BENCH_BIG, false);
  }
  /* The encoder stacks two steps into one after its second layer: two networks. */
  static const uint32_t before[BENCH_MAX_LSTM] = {1024, 1024},
                        after[BENCH_MAX_LSTM] = {1024, 1024, 1024};
  add_published(to, "RNN-T before", 240, before, 64, 1, BENCH_BIG, false);
  add_published(to, "RNN-T after", 2048, after, 32, 1, BENCH_BIG, false);
  static const uint32_t keywords[] = {118, 214, 344};
  for (size_t n = 0; n < sizeof keywords / sizeof keywords[0]; n++) {
    const uint32_t units[BENCH_MAX_LSTM] = {keywords[n]};
    add_published(to, "Arm KWS", 10, units, 49, 1, BENCH_SMALL, false);
  }
  static const uint32_t top[BENCH_MAX_LSTM] = {20}, quickdraw[BENCH_MAX_LSTM] = {128};
  add_published(to, "hls4ml", 6, top, 20, 1, BENCH_SMALL, false);
  add_published(to, "hls4ml", 3, quickdraw, 100, 1, BENCH_SMALL, false);
}

/* About the products of a row's case; the models are small and come first. */
static double products(const struct bench_catalogue *catalogue, const struct bench_row *row) {
  const struct bench_case *what = &catalogue->cases[row->case_index];
  double macs = 0;
  uint32_t inputs = what->inputs;
  for (uint32_t n = 0; n < what->lstm_count; n++) {
    macs += (double)TRINE_GATES * what->units[n] * (inputs + what->units[n]);
    inputs = what->units[n];
  }
  return macs * what->steps * what->sequences;
}

/* Targets first; then what is done soon; then the order in which rows were added. */
static bool comes_before(const struct bench_catalogue *catalogue, const struct bench_row *a,
                         const struct bench_row *b) {
  if (a->is_target != b->is_target) {
    return a->is_target;
  }
  return products(catalogue, a) < products(catalogue, b);
}

static void sort_rows(struct bench_catalogue *catalogue) {
  struct bench_row *rows = catalogue->rows;
  for (uint32_t n = 1; n < catalogue->row_count; n++) {
    const struct bench_row row = rows[n];
    uint32_t place = n;
    for (; place > 0 && comes_before(catalogue, &row, &rows[place - 1]); place--) {
      rows[place] = rows[place - 1];
    }
    rows[place] = row;
  }
}

bool bench_catalogue_make(struct bench_catalogue *catalogue) {
  struct case_builder to = {.catalogue = catalogue};
  *catalogue = (struct bench_catalogue){.case_count = 0};
  add_models(&to);
  add_sweeps(&to);
  add_published_shapes(&to);
  if (!to.lost) {
    sort_rows(catalogue);
  }
  return !to.lost;
}

void bench_catalogue_free(struct bench_catalogue *catalogue) {
  free(catalogue->cases);
  free(catalogue->rows);
  *catalogue = (struct bench_catalogue){.case_count = 0};
}
