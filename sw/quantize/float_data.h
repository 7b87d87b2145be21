/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * float_data: a float network from a file with data for it, batch first, as quantiser and
 * comparisons take them.
 *
 * Threads: one at a time for what was loaded. Pointers: never NULL, and not kept behind the call,
 * unless it is said. */
#ifndef TRINE_FLOAT_DATA_H
#define TRINE_FLOAT_DATA_H

#include "float/float_run.h"
#include "io/array.h"
#include "quantize/float_file.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A network and its data. */
struct trine_float_data {
  struct trine_float_file file;                   /**< as it was read */
  const struct trine_float_network *network;      /**< the file's */
  const char *paths[TRINE_FLOAT_MAX_GIVEN];       /**< the file of each input */
  struct trine_array rows[TRINE_FLOAT_MAX_GIVEN]; /**< as in it */
  float *inputs[TRINE_FLOAT_MAX_GIVEN];           /**< batch.input and batch.more_inputs */
  const float *more[TRINE_FLOAT_MAX_GIVEN];       /**< the same without the first */
  uint32_t *lengths;                              /**< what batch.lengths is, or NULL */
  struct trine_float_batch batch;                 /**< of the network */
};

/** Reads a network, its inputs, each an .npy of float32 or of whole numbers in the layout that the
 * file has for it (without a batch of one, and without the axis of a row of one number), and the
 * lengths of its sequences, and looks whether they go together. Errors: those of
 * trine_float_file_load, trine_npy_read, trine_lengths_of and trine_float_file_agrees; ARG (another
 * shape, a file that is no input's), MEMORY.
 * @param source the network
 * @param what the option that gave the inputs, for sentences
 * @param inputs paths of the data, or NAME=path, NULL behind the last
 * @param lengths path of an .npy, or NULL: as long as the data
 * @param data set; to be given to trine_float_data_free also after an error
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_float_data_load(const struct trine_float_source *source, const char *what,
                                        const char *const *inputs, const char *lengths,
                                        struct trine_float_data *data, struct trine_error *error)
    __attribute__((warn_unused_result));

/** Gives all of it back.
 * @param data that was loaded, or is all zero */
void trine_float_data_free(struct trine_float_data *data);

#ifdef __cplusplus
}
#endif

#endif
