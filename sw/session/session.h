/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * session: a model made resident on a device, or on the golden model, and run again and again.
 *
 * Weights are loaded once, when the first batch runs. Any number of streams takes turns: each
 * brings its state (session/states.h) and takes it with it. The model and the device must outlive
 * the session.
 * Threads: one at a time for each device and its sessions; a model may be shared.
 *
 * Every function looks at what it is given and refuses it with a sentence: NULL where something is
 * needed, sizes and ranges, states that are not those of the model. What it cannot see is the
 * caller's to keep: a pointer that is not NULL leads to what the batch says, and a session that was
 * closed is not used again.
 *
 * Pointers: as the last paragraph says; what is kept behind a call is said. */
#ifndef TRINE_SESSION_H
#define TRINE_SESSION_H

#include "planner/planner.h"
#include "session/model_plan.h"
#include "session/states.h"
#include "trine.h"

#ifdef __cplusplus
extern "C" {
#endif

struct trine_connection;
/** An open session. */
struct trine_session;

/** All zero: single, the lowest free core. With a plan, or with plan_for, the networks are placed
 * by predicted cycles: sequences may be spread over groups of cores and over several jobs
 * (session/replicas.h). Both are only read while the session is opened. */
struct trine_session_options {
  enum trine_mode mode; /**< unless there is a plan */
  uint32_t cores;       /**< 0: 1 in single, else all */
  uint32_t core_mask;   /**< 0: chosen by the driver; of a plan: its lowest core is the first */
  const struct trine_model_plan *plan;     /**< of the model, for the device; NULL: none yet */
  const struct trine_plan_batch *plan_for; /**< plans for such batches on `cores` cores, wherever
                                              they are free; NULL: placed by mode */
  struct trine_connection *connection;     /**< what the device was opened by (session/connect.h),
                                              whose sentences then are the session's too; NULL */
};

/** Opens a session. model and session are needed; options may be NULL: mode is one of
 * enum trine_mode, cores at most TRINE_MAX_CORES, plan is of the model, plan_for has 1 sequence or
 * more and their lengths. device, which is open, NULL: the golden model computes. On success
 * *session is the caller's, to be given to trine_session_close. Errors: those of trine_place,
 * trine_model_plan_make and trine_replicas_create; ARG, MEMORY. *session is NULL then.
 * @param model that outlives the session
 * @param device that outlives it, or NULL
 * @param options NULL: all zero
 * @param session set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_session_open(const struct trine_model *model, struct trine *device,
                                     const struct trine_session_options *options,
                                     struct trine_session **session, struct trine_error *error)
    __attribute__((warn_unused_result));

/** The same from names, for a program that needs no more than a result: loads the model from a
 * .tflite file and opens the device by its name (session/connect.h: "sim", "sim:duo", "golden",
 * "uart:PATH", "mmio:PATH"). The session has both and closes them with itself. Errors: those of
 * trine_model_load, trine_device_name_parse, trine_connect and trine_session_open.
 * @param path of the model
 * @param device its name
 * @param options NULL: all zero; its connection is not looked at
 * @param session set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_session_open_file(const char *path, const char *device,
                                          const struct trine_session_options *options,
                                          struct trine_session **session, struct trine_error *error)
    __attribute__((warn_unused_result));

/** The model of a session, which lives as long as the session at least; NULL without one.
 * @param session that was opened, or NULL
 * @return what it runs */
const struct trine_model *trine_session_model(const struct trine_session *session);

/** Gives cores and memory back; NULL is allowed.
 * @param session that was opened, or NULL */
void trine_session_close(struct trine_session *session);

/** Runs a batch; see struct trine_model_batch for its shapes and states; it is checked
 * (trine_model_check_batch) before anything is made for it. When it fails, state_out is as it was.
 * Errors: those of trine_model_run; ARG without a session.
 * @param session that was opened
 * @param batch B and T, its buffers and states
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_session_run(struct trine_session *session,
                                    const struct trine_model_batch *batch,
                                    struct trine_error *error) __attribute__((warn_unused_result));

/** Runs an array as it is in a .npy on a model of one input, all sequences at their full length
 * from a fresh state: input of the model's shape (trine_model_input_shape; [T,I] is taken for one
 * sequence) and of the file's type, or of float32 for bytes, which are quantised. On success
 * *output, of the shape of the model's first output for that batch, of its type, or float32 where
 * the input was, is the caller's, to be given to trine_array_free; else it is empty. Errors: ARG,
 * MEMORY, those of trine_session_run.
 * @param session that was opened
 * @param input a valid array
 * @param output set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_session_run_array(struct trine_session *session,
                                          const struct trine_array *input,
                                          struct trine_array *output, struct trine_error *error)
    __attribute__((warn_unused_result));

/** The same for models of several inputs and outputs: all of them, in the order of the model's
 * information. Outputs are float32 where an input was. Errors: as of trine_session_run_array.
 * @param session that was opened
 * @param inputs [input_count], valid arrays
 * @param outputs [output_count], set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_session_run_arrays(struct trine_session *session,
                                           const struct trine_array *inputs,
                                           struct trine_array *outputs,
                                           struct trine_error *error) TRINE_CHECK_RESULT;

/** Runs the next `steps` (>= 1) steps of one stream from its state (of one sequence), which then is
 * that after them: input [steps][width], output [steps][width] of the model's output type, or one
 * row when the model answers once a sequence. How a stream is cut into calls does not change a bit
 * of it, unless the model reads backwards. The state is one of this model, which has one input
 * (ARG).
 * @param session that was opened
 * @param stream state of one sequence; as it was after an error
 * @param steps 1 or more
 * @param input int8 [steps][width]
 * @param output aligned for its type
 * @param error the sentence, or NULL
 * @return as of trine_session_run */
enum trine_status trine_session_step(struct trine_session *session, struct trine_states *stream,
                                     uint32_t steps, const int8_t *input, void *output,
                                     struct trine_error *error) __attribute__((warn_unused_result));

/** Runs several sessions at the same time, each on cores of its own of one device: the next starts
 * its network before the last has ended. Each model has to be one network (host operators before
 * and behind it are allowed). count: 1..TRINE_MAX_CORES. When it fails, state_out of all is as it
 * was or that after the run. Errors: ARG (also: no device, two networks); those of
 * trine_session_run.
 * @param sessions on cores of their own, [count]
 * @param batches one each, [count]
 * @param count 1..TRINE_MAX_CORES
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_sessions_run(struct trine_session *const *sessions,
                                     const struct trine_model_batch *batches, uint32_t count,
                                     struct trine_error *error) __attribute__((warn_unused_result));

/** Of the last run, summed over the model's networks; of the golden model only products, NULL
 * without a session.
 * @param session that was opened, or NULL
 * @return valid as long as the session, overwritten by the next run */
const struct trine_stats *trine_session_stats(const struct trine_session *session);

/** The cores of the jobs of a segment's network; 0 where there are none.
 * @param session that was opened
 * @param segment index of the model
 * @return a bit a core */
uint32_t trine_session_core_mask(const struct trine_session *session, uint32_t segment);

/** Adds the figures of a run to a sum; nothing when one of them is NULL.
 * @param sum what is added to, or NULL
 * @param part what is added, or NULL */
void trine_stats_add(struct trine_stats *sum, const struct trine_stats *part);

#ifdef __cplusplus
}
#endif

#endif
