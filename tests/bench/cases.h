/* SPDX-License-Identifier: Apache-2.0 */
/* cases: what the benchmark runs. A case is a network with its steps and sequences; a row is a case
 * in one mode on a number of cores of one size. */
#ifndef TRINE_BENCH_CASES_H
#define TRINE_BENCH_CASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trine.h"

enum bench_set {
  BENCH_MODELS,     /* the models of the demo, the first utterance or steps of their data */
  BENCH_EQUAL,      /* I = H in every layer */
  BENCH_UNBALANCED, /* inputs narrower or wider than the layers */
  BENCH_PUBLISHED   /* shapes others have published */
};

/* Modes of a row: those of the driver, then those that are not the driver's. */
enum bench_mode {
  BENCH_SINGLE = TRINE_MODE_SINGLE,
  BENCH_MULTITHREADING = TRINE_MODE_MULTITHREADING,
  BENCH_HELPER = TRINE_MODE_HELPER,
  BENCH_HYBRID = TRINE_MODE_HYBRID,
  BENCH_MULTIPROGRAMMING, /* a job of its own on each core */
  BENCH_AUTO,             /* whatever the planner says */
  BENCH_MODE_COUNT
};

/* The size of a core. */
enum bench_machine {
  BENCH_SMALL, /* 64 MACs: duo, quad or octo by the cores; octo-xl if it does not fit */
  BENCH_BIG    /* 512 MACs: big */
};

enum { BENCH_MAX_LSTM = 8, BENCH_NAME_BYTES = 48, BENCH_KEY_BYTES = 128 };

struct bench_case {
  enum bench_set set;
  char name[BENCH_NAME_BYTES]; /* of the network; without steps and sequences */
  const char *model;           /* file in tests/models without its ending; NULL: random weights */
  const char *input;           /* .npy of the model's input, likewise */
  uint32_t inputs, lstm_count, units[BENCH_MAX_LSTM]; /* of a network with random weights */
  uint32_t layer_count;                               /* dense layers too, for the rows' modes */
  uint32_t steps, sequences;
};

struct bench_row {
  uint32_t case_index;
  enum bench_mode mode;
  enum bench_machine machine;
  uint32_t cores;
  bool is_target; /* one of the rows the table of targets is made of: they are run first */
};

struct bench_catalogue {
  struct bench_case *cases;
  uint32_t case_count, case_room;
  struct bench_row *rows; /* targets first */
  uint32_t row_count, row_room;
};

/* All cases and rows; false without memory. To be given to bench_catalogue_free in any case. */
bool bench_catalogue_make(struct bench_catalogue *catalogue) __attribute__((warn_unused_result));
void bench_catalogue_free(struct bench_catalogue *catalogue);

/* "models", "equal", ... */
const char *bench_set_name(enum bench_set set);
/* "single", ..., "multi-programming" */
const char *bench_mode_name(enum bench_mode mode);
/* What makes a row different from all others, as one line of text. */
void bench_row_key(const struct bench_catalogue *catalogue, const struct bench_row *row,
                   char key[BENCH_KEY_BYTES]);

#endif
