/* SPDX-License-Identifier: Apache-2.0 */
/* metric: how well a network did its task, from the bytes that came out of the device. */
#ifndef TRINE_DEMO_METRIC_H
#define TRINE_DEMO_METRIC_H

#include "work.h"

struct demo_metric {
  enum demo_task task;
  uint64_t right, total; /* answers; characters in total */
  double bits;           /* sum over the characters */
};

/* The metric of a work that was run. */
bool demo_metric(const struct demo_work *work, struct demo_metric *metric,
                 struct trine_error *error) __attribute__((warn_unused_result));

/* "360 of 370 right", "2.3700 bits a character"; metrics of one task are added up first. */
void demo_metric_text(const struct demo_metric *metrics, uint32_t count, char *text, size_t size);

#endif
