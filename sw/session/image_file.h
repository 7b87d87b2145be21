/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * image_file: images out of files, run on whole arrays, and written as C.
 *
 * An image is made by trine_model_plan_compile (session/model_plan.h); here it is what whoever has
 * no model any more runs. Threads: as a connection, one for each device; an image is only read.
 *
 * Pointers: never NULL, and not kept behind the call, unless it is said. */
#ifndef TRINE_SESSION_IMAGE_FILE_H
#define TRINE_SESSION_IMAGE_FILE_H

#include "io/array.h"
#include "session/connect.h"
#include "session/states.h"
#include "trine_image.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Reads an image. Errors: those of trine_file_read; FORMAT, it is no whole image of this version.
 * @param path of the file
 * @param image set to what the caller gives to free(); NULL after an error
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_image_load(const char *path, struct trine_image **image,
                                   struct trine_error *error) TRINE_CHECK_RESULT;

/** Whether an image takes an array, and how many sequences of how many steps are in it: int8, or
 * float32, [B,T,I] or as the image has it [T,B,I], or [T,I] for one sequence. Errors: ARG, it does
 * not.
 * @param image that is valid
 * @param input the array
 * @param sequences set
 * @param steps set, of each sequence
 * @param error the sentence, or NULL
 * @return OK or ARG */
enum trine_status trine_image_input_sizes(const struct trine_image *image,
                                          const struct trine_array *input, uint32_t *sequences,
                                          uint32_t *steps,
                                          struct trine_error *error) TRINE_CHECK_RESULT;

/** What a batch of rows comes with; all NULL: every sequence is as long as the array, starts from
 * a fresh state, and none is kept. */
struct trine_image_batch {
  const uint32_t *lengths;             /**< [B], 1..T steps each; NULL: T each */
  const struct trine_states *state_in; /**< of B sequences, or of 1 that all start from; or NULL */
  struct trine_states *state_out;      /**< of B sequences, may be state_in; NULL: not kept */
};

/** Runs an image on an array, as trine_session_run_array runs a model: float32 becomes bytes by the
 * scale that the image has of its input, and the output is float32 then too, else int8, 0 behind
 * the lengths; without a batch axis when the input came without one. state_out changes only when
 * all of the batch is done. Errors: ARG (the golden model instead of a device; an array the image
 * does not take; a length out of range; states of other LSTMs or another number of sequences; a
 * value that is not finite), MEMORY; those of trine_image_job_create and trine_job_run, LIMIT among
 * them where the image cannot keep states.
 * @param connection to a device
 * @param image that is valid
 * @param input as trine_image_input_sizes takes it
 * @param with lengths and states, made for this image; NULL: all NULL
 * @param output set; to be given to trine_array_free, empty after an error
 * @param stats set to those of the run, or NULL
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_image_run_array(struct trine_connection *connection,
                                        const struct trine_image *image,
                                        const struct trine_array *input,
                                        const struct trine_image_batch *with,
                                        struct trine_array *output, struct trine_stats *stats,
                                        struct trine_error *error) TRINE_CHECK_RESULT;

/** Writes an image as C for a program with the runtime alone: constants, and beside them a header
 * with shapes, scales and sizes of window and scratch memory, and a sample of one sequence with
 * what the golden model makes of it. Names begin with that of the file. Errors: ARG (a path that
 * does not end in .c or is too long; an image that is to be used in place), MEMORY; those of
 * trine_golden_run and trine_file_replace.
 * @param path of the file, which ends in .c; the header's ends in .h
 * @param image that is valid
 * @param network it is of, for the sample
 * @param steps of the sample, at the most 8 of them
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_image_write_c(const char *path, const struct trine_image *image,
                                      const struct trine_network *network, uint32_t steps,
                                      struct trine_error *error) TRINE_CHECK_RESULT;

#ifdef __cplusplus
}
#endif

#endif
