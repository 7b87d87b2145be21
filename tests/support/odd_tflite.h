/* SPDX-License-Identifier: Apache-2.0 */
/* odd_tflite: well-formed .tflite files that model/tflite_writer.h does not write: whose parts are
 * used many times over, or that have several subgraphs. */
#ifndef TRINE_TEST_ODD_TFLITE_H
#define TRINE_TEST_ODD_TFLITE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* `tensors` tensors [1,1,1] that share one name, shape and table of `scales` scales, in each of
 * `subgraphs` subgraphs, which are one too; no operators. The caller frees the bytes. */
uint8_t *odd_tflite(size_t scales, size_t tensors, size_t subgraphs, size_t *len_bytes);

#ifdef __cplusplus
}
#endif

#endif
