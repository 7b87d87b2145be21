/* SPDX-License-Identifier: Apache-2.0 */
/* quantize_page: what `trine quantize --report` writes: one page of HTML that needs no network and
 * runs no program, with pictures drawn as SVG in it. */
#ifndef TRINE_CLI_QUANTIZE_PAGE_H
#define TRINE_CLI_QUANTIZE_PAGE_H

#include "options.h"
#include "quantize/quantize.h"

/* Writes the page of a model that was made with details, as a whole or not at all. */
bool cli_quantize_page(const char *path, const struct cli_options *options,
                       const struct trine_quantized *made, const struct trine_float_batch *batch,
                       struct trine_error *error) __attribute__((warn_unused_result));

#endif
