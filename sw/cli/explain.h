/* SPDX-License-Identifier: Apache-2.0 */
/* explain: where a simulated device first left the golden model. */
#ifndef TRINE_CLI_EXPLAIN_H
#define TRINE_CLI_EXPLAIN_H

#include "device.h"
#include "work.h"

/* Runs the work once more with the tails watched, and puts the first difference (of the earliest
 * sequence, then step, then layer) before the text that is in `difference`. Leaves it as it is
 * when the device cannot be watched or the second run shows nothing. */
void cli_explain(struct cli_device *device, struct cli_work *work, struct trine_error *difference);

#endif
