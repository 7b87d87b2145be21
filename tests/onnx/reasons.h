/* SPDX-License-Identifier: Apache-2.0 */
/* reasons: sentences of refusals, counted with what is particular to each left out. */
#ifndef TRINE_ONNX_REASONS_H
#define TRINE_ONNX_REASONS_H

#include <stdbool.h>
#include <stdint.h>

enum { REASONS_MAX = 128, REASON_BYTES = 120 };

struct reasons {
  uint32_t count;
  struct reason {
    char text[REASON_BYTES];
    uint32_t times;
  } list[REASONS_MAX];
};

/* Names of nodes and numbers are left out; beyond REASONS_MAX kinds the last one has the rest. */
void reasons_count(struct reasons *reasons, const char *sentence);

/* Most frequent first. */
void reasons_print(struct reasons *reasons);

#endif
