/* SPDX-License-Identifier: Apache-2.0 */
/* golden_runner: runs a model's networks on the golden model, as a trine_network_runner. */
#ifndef TRINE_TEST_GOLDEN_RUNNER_H
#define TRINE_TEST_GOLDEN_RUNNER_H

#include <stdint.h>

#include "io/error.h"
#include "trine_network.h"

#ifdef __cplusplus
extern "C" {
#endif

/* context is not used. */
enum trine_status golden_runner(void *context, uint32_t segment,
                                const struct trine_network *network,
                                const struct trine_batch *batch, struct trine_error *error);

#ifdef __cplusplus
}
#endif

#endif
