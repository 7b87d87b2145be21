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

struct trine_bus;
struct trine_device;
struct trine_image;

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

/* An image (.trn); its sum, size and configuration are set right first, which a fuzzer does not
 * find. What is accepted is run, with and without states, on a device that does nothing. */
bool hostile_image(const uint8_t *bytes, size_t len_bytes);

/* A dump of a failed run. With seals its magic number, version, size and sum are set right first,
 * which a fuzzer does not find. What is accepted has only records that can be played. */
bool hostile_dump(const uint8_t *bytes, size_t len_bytes, bool seals);

/* Sets the sum of an image of so many bytes that was changed, if its parts still lie inside. */
void hostile_seal_image(struct trine_image *image, size_t bytes);

/* Has the bus of a fake device end every program at once, of which nothing is done: what a device
 * makes of the program of a damaged image is its own matter. For one bus at a time. */
void hostile_idle_bus(struct trine_bus *bus);

/* Runs a small batch with memory of just the sizes that the image says, in a window of so many
 * bytes more than it has to be; true when it was run to its end. */
bool hostile_run_image(struct trine_device *device, const struct trine_image *image,
                       bool with_states, uint32_t more_window);

#ifdef __cplusplus
}
#endif

#endif
