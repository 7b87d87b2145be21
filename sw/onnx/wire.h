/* SPDX-License-Identifier: Apache-2.0 */
/* wire: looks through the bytes of an .onnx before anything is made of them. Private to sw/onnx.
 *
 * Says no to what would cost the unpacking more than the file is worth: more fields and messages
 * than a network has, a part that may be there once but is there again (each time all that was
 * read of it would be copied), and a name that would be cut. Reads each byte once and calls nothing
 * that calls itself; graphs within graphs (the bodies of control flow) have a limit of depth. */
#ifndef TRINE_ONNX_WIRE_H
#define TRINE_ONNX_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/error.h"

/* False with the error set. */
bool wire_is_possible(const uint8_t *bytes, size_t len_bytes, struct trine_error *error);

#endif
