/* SPDX-License-Identifier: Apache-2.0 */
/* report_page: docs/performance.md. */
#ifndef TRINE_REPORT_PAGE_H
#define TRINE_REPORT_PAGE_H

#include <stdio.h>

#include "results.h"

/* Writes the whole page; its plots are beside it in performance/. */
void report_page(FILE *out, const struct bench_results *results);

#endif
