/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * trine_error: the one sentence that says what went wrong, in a buffer of the caller's.
 *
 * The text names the value refused and the limit it missed; it is always terminated, and cut at
 * the buffer's size.
 *
 * Threads: an error is its caller's alone. */
#ifndef TRINE_DRIVER_ERROR_H
#define TRINE_DRIVER_ERROR_H

#include "trine_status.h"

/** The caller's buffer for a sentence. Where a function takes one it may be NULL; it is written
 * only when something is refused. */
struct trine_error {
  char text[512]; /**< one sentence, terminated */
};

#endif
