/* SPDX-License-Identifier: Apache-2.0 */
/* header_functions: that a test calls every function a header declares.
 *
 * For tests of bad arguments: a function that is added to the header fails them until it is in
 * their list. A declaration begins at the start of a line and has its name on it. */
#ifndef TRINE_HEADER_FUNCTIONS_H
#define TRINE_HEADER_FUNCTIONS_H

#include <stdint.h>

/* Fails the test when the header has a function trine_* that is not among `called`, or lacks one
 * that is. count: 1..64. */
void header_functions_are(const char *path, const char *const *called, uint32_t count);

#endif
