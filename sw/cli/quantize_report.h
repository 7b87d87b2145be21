/* SPDX-License-Identifier: Apache-2.0 */
/* quantize_report: what `trine quantize` says of what it made, as text and as one JSON object. */
#ifndef TRINE_CLI_QUANTIZE_REPORT_H
#define TRINE_CLI_QUANTIZE_REPORT_H

#include "options.h"
#include "quantize/float_data.h"
#include "quantize/metric.h"
#include "quantize/quantize.h"

enum { CLI_QUANTIZE_PATH = 4096 };

struct cli_quantizing {
  struct trine_float_data work;
  struct trine_array labels;
  struct trine_quantized made;
  /* Written, or empty: of each input that has a table, and of the states. */
  char table_paths[TRINE_FLOAT_MAX_GIVEN][CLI_QUANTIZE_PATH], start_path[CLI_QUANTIZE_PATH];
  bool has_metric;
  struct trine_metric metric;
};

void cli_quantize_text(const struct cli_quantizing *job);
bool cli_quantize_json(const struct cli_options *options, const struct cli_quantizing *job,
                       struct trine_error *error) __attribute__((warn_unused_result));

#endif
