/* SPDX-License-Identifier: Apache-2.0 */
/* target: what each fuzz_*.c defines, for libFuzzer (clang) and for replay.c (any compiler). */
#ifndef TRINE_FUZZ_TARGET_H
#define TRINE_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

/* Reads the bytes; returns 0. A broken contract or a sanitizer's finding ends the program. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
