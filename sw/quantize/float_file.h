/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * float_file: a trained float network from a file of either kind: an .onnx, or a .tflite of floats
 * whose LSTMs are put together again.
 *
 * Threads: one at a time for a file, which trine_float_file_agrees writes to; its network may be
 * read by any number. Pointers: never NULL, and not kept behind the call, unless it is said. */
#ifndef TRINE_FLOAT_FILE_H
#define TRINE_FLOAT_FILE_H

#include "graph/reroll.h"
#include "onnx/onnx.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is read, and the values between which a part of it is cut out. */
struct trine_float_source {
  const char *path;    /**< of the file */
  const char *inputs;  /**< names with commas between them, or NULL: the file's own */
  const char *outputs; /**< the same */
};

/** A file that was read. */
struct trine_float_file {
  struct trine_onnx *onnx;                   /**< of an .onnx that is read as it is, else NULL */
  struct trine_reroll *reroll;               /**< of one that is put together again, else NULL */
  const struct trine_float_network *network; /**< the file's */
  char checked[200]; /**< what the comparison with a .tflite's own operators gave, or empty */
};

/** Whether a file is read as .onnx: by how it begins, else by the end of its name.
 * @param path of the file
 * @return true when it begins as an .onnx does, or as neither and its name ends in .onnx */
bool trine_float_is_onnx(const char *path);

/** Reads a network. Errors: those of trine_onnx_load, trine_reroll_load and trine_reroll_load_onnx.
 * @param source what is read
 * @param file set; to be given to trine_float_file_free also after an error
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_float_file_load(const struct trine_float_source *source,
                                        struct trine_float_file *file, struct trine_error *error)
    __attribute__((warn_unused_result));

/** Gives all of it back.
 * @param file that was loaded, or is all zero */
void trine_float_file_free(struct trine_float_file *file);

/** What whoever reads the file has to know, a sentence each.
 * @param file that was loaded
 * @param n which, from 0 on
 * @return the sentence, valid as long as the file; NULL behind the last */
const char *trine_float_file_note(const struct trine_float_file *file, uint32_t n);

/** The axes of an input of the file, first to last.
 * @param file that was loaded
 * @param input index of the network's inputs
 * @return the layout */
struct trine_onnx_layout trine_float_file_layout(const struct trine_float_file *file,
                                                 uint32_t input);

/** How the file has its outputs, for the quantiser.
 * @param file that was loaded
 * @param layouts set where there are any
 * @return whether there are: of an .onnx that is read as it is */
bool trine_float_file_outputs(const struct trine_float_file *file,
                              struct trine_onnx_layout layouts[TRINE_FLOAT_MAX_OUTPUTS]);

/** Whether the file means the same for data of that size; a .tflite is run by its own operators too
 * and compared, which `checked` then says. Errors: those of trine_float_check, trine_onnx_fits and
 * trine_reroll_check.
 * @param file that was loaded
 * @param batch of its network
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_float_file_agrees(struct trine_float_file *file,
                                          const struct trine_float_batch *batch,
                                          struct trine_error *error)
    __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
