/* SPDX-License-Identifier: Apache-2.0 */
/* work: one model with its input, lengths and states, ready to run; and what came out. */
#ifndef TRINE_CLI_WORK_H
#define TRINE_CLI_WORK_H

#include "golden/golden.h"
#include "io/array.h"
#include "model/model.h"
#include "options.h"
#include "session/spread.h"
#include "session/states.h"
#include "trine.h"

/* What the network of one segment needs on the device, and did there. */
struct cli_segment {
  const struct trine_network *network;
  struct trine_placement placement; /* of each job */
  uint32_t jobs;                    /* side by side, with sequences of their own */
  struct trine_spread *spread;
  struct trine_golden *golden;
  struct trine_stats stats; /* sums over the runs */
  uint32_t core_mask;       /* of all jobs */
  uint64_t predicted_cycles;
};

struct cli_work {
  const struct cli_job_files *files;
  struct trine_model *model;
  const struct trine_model_info *info;
  struct trine_array input; /* as in the file */
  const void *input_bytes;  /* in `input`, or in `quantized` */
  int8_t *quantized;
  struct trine_model_clamped clamped; /* of a float input */
  struct trine_array *outputs;        /* [output_count], each of the type of the model's */
  uint32_t batch, steps;
  uint32_t *lengths; /* [batch], never NULL */
  bool has_lengths;
  uint64_t total_steps;                    /* of all sequences */
  struct trine_states state_in, state_out; /* lstm NULL: not given, not kept */
  struct cli_segment *segments;            /* [segment_count]; network NULL: a host operator */
  enum cli_mode mode;                      /* that was chosen */
  uint32_t cores;                          /* that it uses */
};

/* Loads the model and its data; states and lengths as the options say. To be given to
 * cli_work_free also after a failure. */
bool cli_work_load(const struct cli_options *options, const struct cli_job_files *files,
                   struct cli_work *work, struct trine_error *error)
    __attribute__((warn_unused_result));
/* Loads only the model, or the part of it that the options name; *work is otherwise empty. To be
 * given to cli_work_free. */
bool cli_work_load_model(const struct cli_options *options, const char *path, struct cli_work *work,
                         struct trine_error *error) __attribute__((warn_unused_result));
/* The same for a model that is there already, which becomes the work's. */
bool cli_work_take_model(struct trine_model *model, struct cli_work *work,
                         struct trine_error *error) __attribute__((warn_unused_result));
/* Sets the lengths of all sequences, from an .npy file if path is not NULL; batch and steps that
 * are 0 become those of the file. */
bool cli_work_lengths(const char *path, struct cli_work *work, struct trine_error *error)
    __attribute__((warn_unused_result));
void cli_work_free(struct cli_work *work);

/* uint8 bytes to int8 ones of a zero point 128 less, and back. */
void cli_turn_bits(void *bytes, uint64_t count);

/* Writes output and state, each as a whole or not at all. */
bool cli_work_save(const struct cli_options *options, const struct cli_work *work,
                   struct trine_error *error) __attribute__((warn_unused_result));

/* Where the outputs of a run go: [output_count] buffers as large as the work's outputs. */
struct cli_places {
  void **data;
  uint32_t count;
  bool owned;
};
/* The work's own outputs, or new buffers; to be given to cli_places_free also after a failure. */
bool cli_places_make(const struct cli_work *work, bool own, struct cli_places *places,
                     struct trine_error *error) __attribute__((warn_unused_result));
void cli_places_free(struct cli_places *places);

/* The batch of a run that writes to these places and, if not NULL, `state_out`. */
struct trine_model_batch cli_work_batch(const struct cli_work *work,
                                        const struct cli_places *places,
                                        const struct trine_lstm_state *state_out);

/* States like the work's state_out, to be filled by another run; nothing is made when none are
 * kept. To be given to trine_states_free also after a failure. */
bool cli_work_states(const struct cli_work *work, struct trine_states *states,
                     struct trine_error *error) __attribute__((warn_unused_result));

#endif
