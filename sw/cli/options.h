/* SPDX-License-Identifier: Apache-2.0 */
/* options: the command lines of all commands, parsed and checked as far as that goes without
 * opening a file. Strings point into argv. */
#ifndef TRINE_CLI_OPTIONS_H
#define TRINE_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "io/error.h"
#include "model/model.h"
#include "quantize/float_file.h"
#include "quantize/shaped.h"
#include "session/config.h"
#include "session/connect.h"

/* What a command returns to the shell. */
enum cli_exit { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

enum { CLI_MAX_JOBS = 16, CLI_MAX_FROM = 64, CLI_MAX_BATCH = 1 << 16 };

/* The numbers of the MODE register; auto takes the one with the fewest predicted cycles. */
enum cli_mode {
  CLI_MODE_SINGLE = 0,
  CLI_MODE_MULTITHREADING = 1,
  CLI_MODE_HELPER = 2,
  CLI_MODE_HYBRID = 3,
  CLI_MODE_AUTO = 4
};

/* Files of one model, as they were given: inputs as FILE or NAME=FILE (io/named.h), [input_count]
 * and NULL. */
struct cli_job_files {
  char *model, *inputs[TRINE_MODEL_MAX_ENDS + 1], *output; /* output may be NULL */
  uint32_t input_count;
};

struct cli_options {
  struct cli_job_files jobs[CLI_MAX_JOBS]; /* without --job: one, from MODEL, --input, --output */
  uint32_t job_count;
  bool side_by_side;        /* --job was used */
  char *from[CLI_MAX_FROM]; /* of `state`, in their order */
  uint32_t from_count;
  const char *lengths, *state_in, *state_out, *wave;
  const char *dump;             /* of `run`: where a failure of the device goes, or NULL */
  const char *inputs, *outputs; /* the tensors between which a part of a model is */
  const char *labels;           /* of `quantize`, whose calibration data are the input */
  const char *against;          /* of `diff`: the int8 model, or NULL with --against */
  bool has_other;               /* --against was given */
  struct trine_device_name other;
  bool per_row;
  enum trine_calibrate_by calibrate_by;
  const char *report;               /* .html */
  uint64_t wave_start, wave_cycles; /* cycles since reset; wave_cycles 0: to the end */
  bool check, json;
  bool in_place;        /* of `compile`: the image can be the beginning of its window */
  bool writes_standard; /* an output goes to standard output, reports beside it */
  bool reads_model;     /* a model comes from standard input, which is read more than once */
  bool stop_strays;     /* what somebody else left running on the device is stopped first */
  struct trine_device_name device;
  uint32_t baud;                         /* of uart; 0: not given */
  const struct trine_config_row *config; /* of --config, or of sim:NAME, or the default */
  const char *set;                       /* fields of it that are to be others, or NULL */
  struct trine_config_row made_config;   /* with these, what `config` points to */
  char made_name[TRINE_CONFIG_MADE_NAME];
  const char *layers;         /* of a network that is made up, instead of a model; or NULL */
  struct trine_shapes shapes; /* what it says */
  uint32_t cores;             /* 0: not given */
  uint32_t steps, batch;      /* of `plan`; 0: not given */
  enum cli_mode mode;
  const char *place; /* a placement as place.h has it, or NULL */
};

/* Which options a command takes. */
enum cli_command {
  CLI_RUN,
  CLI_PLAN,
  CLI_COMPILE,
  CLI_INSPECT,
  CLI_INFO,
  CLI_SELFTEST,
  CLI_STATE,
  CLI_QUANTIZE,
  CLI_DIFF,
  CLI_MAKE,
  CLI_REPLAY
};

/* Parses argv[1..argc); argv[0] is the command's name. It writes into the strings of --job. False
 * with the error set when the usage is wrong. */
bool cli_options_parse(enum cli_command command, int argc, char **argv, struct cli_options *options,
                       struct trine_error *error) __attribute__((warn_unused_result));

/* The float network that the options name, and the part of it. */
struct trine_float_source cli_float_source(const struct cli_options *options);

const char *cli_mode_name(enum cli_mode mode);
const char *cli_calibrate_name(enum trine_calibrate_by by);

#endif
