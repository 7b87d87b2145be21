/* SPDX-License-Identifier: Apache-2.0 */
/* hostile: gives a reader bytes that may be anything, and ends the program when it breaks its
 * contract: a refusal says why and leaves nothing behind, what is accepted can be used.
 *
 * Each function copies the bytes to a block of exactly their size, so that a sanitizer sees every
 * access beyond them, and returns whether the reader accepted them. */
#ifndef TRINE_TEST_HOSTILE_H
#define TRINE_TEST_HOSTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Ends the program with the contract that does not hold; a refusal has to be a sentence. */
void hostile_demand(bool holds, const char *contract, const char *got);
void hostile_demand_sentence(const struct trine_error *error);

/* A .tflite; run: small models that are accepted are also run on the golden model. */
bool hostile_model(const uint8_t *bytes, size_t len_bytes, bool run);

/* A .npy; what is accepted is written to memory again and has to be the same array. */
bool hostile_npy(const uint8_t *bytes, size_t len_bytes);

/* A .npz, read from a file without a name: the arrays of a state file are looked for in it. */
bool hostile_npz(const uint8_t *bytes, size_t len_bytes);

/* The arrays of a state file for this model: the bytes are cut before each "\x93NUMPY" and become
 * h0, c0, h1, c1, ... of a .npz, so that a fuzzer need not find its checksums. States that are
 * accepted are written and read again and have to be the same. */
bool hostile_states(const struct trine_model *model, const uint8_t *bytes, size_t len_bytes);

/* An .onnx, without side files; what is accepted and small runs for two steps. */
bool hostile_onnx(const uint8_t *bytes, size_t len_bytes);

/* A .tflite of floats; what is accepted and small is run and compared with its own operators, which
 * may end in a refusal. */
bool hostile_reroll(const uint8_t *bytes, size_t len_bytes);
bool hostile_reroll_onnx(const uint8_t *bytes, size_t len_bytes);

#ifdef __cplusplus
}
#endif

#endif
