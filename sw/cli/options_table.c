/* SPDX-License-Identifier: Apache-2.0 */
/* options_table: see options_table.h. A new option is a row here, a line in help.c and one in
 * docs/cli.md; tests/cli/options.sh compares the three. */
#include "options_table.h"

#include <string.h>

#define AT(field) offsetof(struct cli_options, field)
#define ON(command) (1U << CLI_##command)

enum {
  /* Commands that read a part of a model, that open a device, that know a configuration. */
  PARTS = ON(RUN) | ON(PLAN) | ON(COMPILE) | ON(INSPECT) | ON(STATE) | ON(QUANTIZE) | ON(DIFF),
  DEVICES = ON(RUN) | ON(INFO) | ON(SELFTEST) | ON(DIFF),
  CONFIGS = ON(RUN) | ON(PLAN) | ON(COMPILE) | ON(INSPECT) | ON(INFO) | ON(SELFTEST) | ON(DIFF),
  WRITERS = ON(RUN) | ON(COMPILE) | ON(STATE) | ON(QUANTIZE) | ON(MAKE),
  SHAPES = ON(PLAN) | ON(MAKE),
  WAVES = ON(RUN) | ON(REPLAY),
  REPORTS = CONFIGS | WRITERS | ON(REPLAY)
};

const struct option_row option_rows[OPTION_ROWS] = {
    {"input", 'i', OPTION_OTHER, 0, 0, 0, ON(RUN) | ON(DIFF)},
    {"calibrate", '\0', OPTION_OTHER, 0, 0, 0, ON(QUANTIZE)},
    {"output", 'o', OPTION_OTHER, 0, 0, 0, WRITERS},
    {"job", '\0', OPTION_OTHER, 0, 0, 0, ON(RUN)},
    {"from", '\0', OPTION_OTHER, 0, 0, 0, ON(STATE)},
    {"config", 'c', OPTION_OTHER, 0, 0, 0, CONFIGS},
    {"mode", 'm', OPTION_OTHER, 0, 0, 0, ON(RUN) | ON(COMPILE) | ON(DIFF)},
    {"device", 'd', OPTION_OTHER, 0, 0, 0, DEVICES},
    {"against", '\0', OPTION_OTHER, 0, 0, 0, ON(DIFF)},
    {"baud", '\0', OPTION_OTHER, 0, 0, 0, DEVICES},
    {"calibrate-by", '\0', OPTION_OTHER, 0, 0, 0, ON(QUANTIZE)},
    {"layers", '\0', OPTION_OTHER, 0, 0, 0, SHAPES},
    {"trace", '\0', OPTION_OTHER, 0, 0, 0, ON(RUN)},
    {"lengths", '\0', OPTION_TEXT, AT(lengths), 0, 0, ON(RUN) | ON(PLAN) | ON(QUANTIZE) | ON(DIFF)},
    {"state-in", '\0', OPTION_TEXT, AT(state_in), 0, 0, ON(RUN)},
    {"state-out", '\0', OPTION_TEXT, AT(state_out), 0, 0, ON(RUN)},
    {"inputs", '\0', OPTION_TEXT, AT(inputs), 0, 0, PARTS},
    {"outputs", '\0', OPTION_TEXT, AT(outputs), 0, 0, PARTS},
    {"labels", '\0', OPTION_TEXT, AT(labels), 0, 0, ON(QUANTIZE)},
    {"report", '\0', OPTION_TEXT, AT(report), 0, 0, ON(QUANTIZE)},
    {"wave", '\0', OPTION_TEXT, AT(wave), 0, 0, WAVES},
    {"dump", '\0', OPTION_TEXT, AT(dump), 0, 0, ON(RUN)},
    {"place", '\0', OPTION_TEXT, AT(place), 0, 0, ON(RUN) | ON(PLAN) | ON(COMPILE)},
    {"set", '\0', OPTION_TEXT, AT(set), 0, 0, ON(PLAN)},
    {"wave-start", '\0', OPTION_NUMBER2, AT(wave_start), 0, UINT64_MAX / 2, ON(RUN)},
    {"wave-cycles", '\0', OPTION_NUMBER2, AT(wave_cycles), 1, UINT64_MAX / 2, WAVES},
    {"seed", '\0', OPTION_NUMBER2, AT(shapes.seed), 0, INT64_MAX, ON(MAKE)},
    {"cores", '\0', OPTION_NUMBER, AT(cores), 1, TRINE_MAX_CORES,
     ON(RUN) | ON(PLAN) | ON(COMPILE) | ON(DIFF)},
    {"steps", '\0', OPTION_NUMBER, AT(steps), 1, INT32_MAX,
     ON(PLAN) | ON(MAKE) | ON(COMPILE) | ON(QUANTIZE)},
    {"batch", '\0', OPTION_NUMBER, AT(batch), 1, CLI_MAX_BATCH, ON(PLAN) | ON(COMPILE)},
    {"dense", '\0', OPTION_NUMBER, AT(shapes.dense), 1, TRINE_SHAPED_MAX_WIDTH, SHAPES},
    {"check", '\0', OPTION_FLAG, AT(check), 0, 0, ON(RUN)},
    {"json", '\0', OPTION_FLAG, AT(json), 0, 0, REPORTS},
    {"per-row", '\0', OPTION_FLAG, AT(per_row), 0, 0, ON(QUANTIZE)},
    {"in-place", '\0', OPTION_FLAG, AT(in_place), 0, 0, ON(COMPILE)},
    {"bidirectional", '\0', OPTION_FLAG, AT(shapes.bidirectional), 0, 0, SHAPES},
    {"stop-strays", '\0', OPTION_FLAG, AT(stop_strays), 0, 0, ON(RUN) | ON(SELFTEST)}};

enum { NEAR = 2, NAME_BYTES = 24 };

/* Letters that are other ones, missing, too many, or change places with the next (the distance of
 * Damerau and Levenshtein, as optimal string alignment has it); beyond NAME_BYTES more than NEAR.
 */
static unsigned distance(const char *a, const char *b) {
  const size_t rows = strlen(a), columns = strlen(b);
  unsigned cost[NAME_BYTES + 1][NAME_BYTES + 1];
  if (rows > NAME_BYTES || columns > NAME_BYTES) {
    return NEAR + 1;
  }
  for (size_t i = 0; i <= rows; i++) {
    for (size_t j = 0; j <= columns; j++) {
      if (i == 0 || j == 0) {
        cost[i][j] = (unsigned)(i + j);
        continue;
      }
      const unsigned change = cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
      const unsigned less = cost[i - 1][j] + 1, more = cost[i][j - 1] + 1;
      cost[i][j] = less < more ? less : more;
      cost[i][j] = change < cost[i][j] ? change : cost[i][j];
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
          cost[i - 2][j - 2] + 1 < cost[i][j]) {
        cost[i][j] = cost[i - 2][j - 2] + 1;
      }
    }
  }
  return cost[rows][columns];
}

/* How far a word is from a name; the beginning of a name, three letters of it or more, is near. */
static unsigned far_from(const char *word, const char *name) {
  const size_t length = strlen(word);
  const unsigned apart = distance(word, name);
  const bool begins = length >= 3 && strncmp(word, name, length) == 0;
  return begins && apart > NEAR ? NEAR : apart;
}

static const char *nearer(const char *word, const char *name, const char *best, unsigned *least) {
  const unsigned apart = far_from(word, name);
  /* Of three letters one has to be right. */
  if (apart < *least && apart < strlen(word)) {
    *least = apart;
    return name;
  }
  return best;
}

const char *option_nearest(enum cli_command command, const char *word) {
  unsigned least = NEAR + 1;
  const char *best = NULL;
  for (size_t n = 0; n < OPTION_ROWS && option_rows[n].name != NULL; n++) {
    if ((option_rows[n].commands >> command & 1) != 0) {
      best = nearer(word, option_rows[n].name, best, &least);
    }
  }
  return best;
}

const char *name_nearest(const char *const *names, const char *word) {
  unsigned least = NEAR + 1;
  const char *best = NULL;
  for (size_t n = 0; names[n] != NULL; n++) {
    best = nearer(word, names[n], best, &least);
  }
  return best;
}
