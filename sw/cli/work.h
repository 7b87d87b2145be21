/* SPDX-License-Identifier: Apache-2.0 */
/* work: one model with its input, lengths and states, ready to run; and what came out. */
#ifndef TRINE_CLI_WORK_H
#define TRINE_CLI_WORK_H

#include "io/array.h"
#include "options.h"
#include "session/model_plan.h"
#include "session/session.h"
#include "session/states.h"

struct cli_work {
  const struct cli_job_files *files;
  struct trine_model *model;
  const struct trine_model_info *info;
  /* Of each input: its file, the array in it, that as the model reads it, and what of floats was
   * clamped. */
  const char *paths[TRINE_MODEL_MAX_ENDS];
  struct trine_array inputs[TRINE_MODEL_MAX_ENDS];
  void *rows[TRINE_MODEL_MAX_ENDS];
  struct trine_model_clamped clamped[TRINE_MODEL_MAX_ENDS];
  struct trine_array *outputs; /* [output_count], each of the type of the model's */
  void **places;               /* [output_count]: their data */
  uint32_t batch, steps;
  uint32_t *lengths; /* [batch], never NULL */
  bool has_lengths;
  uint64_t total_steps;                    /* of all sequences */
  struct trine_states state_in, state_out; /* lstm NULL: not given, not kept */
  struct trine_model_plan plan;            /* networks NULL: none yet */
  struct trine_session *session;
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
void cli_work_take_model(struct trine_model *model, struct cli_work *work);
/* Sets the lengths of all sequences, from an .npy file if path is not NULL; batch and steps that
 * are 0 become those of the file. */
bool cli_work_lengths(const char *path, struct cli_work *work, struct trine_error *error)
    __attribute__((warn_unused_result));
void cli_work_free(struct cli_work *work);

/* Writes output and state, each as a whole or not at all. */
bool cli_work_save(const struct cli_options *options, const struct cli_work *work,
                   struct trine_error *error) __attribute__((warn_unused_result));

/* What the planner has to know of the work's sequences. */
struct trine_plan_batch cli_work_plan_batch(const struct cli_work *work);

/* Plans the work as the options say, on at most `cores` cores. */
bool cli_work_plan(const struct cli_options *options, const struct trine_target *target,
                   uint32_t cores, struct cli_work *work, struct trine_error *error)
    __attribute__((warn_unused_result));

/* The work's data as a run takes them; its outputs and states are the work's. */
struct trine_model_batch cli_work_batch(const struct cli_work *work);

#endif
