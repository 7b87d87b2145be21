/* SPDX-License-Identifier: Apache-2.0 */
/* golden_runner: the golden model behind the model's callback. */
#include "support/golden_runner.h"

#include "golden/golden.h"

enum trine_status golden_runner(void *context, uint32_t segment,
                                const struct trine_network *network,
                                const struct trine_batch *batch, struct trine_error *error) {
  (void)context;
  (void)segment;
  const struct trine_golden_options options = {.error = error};
  return trine_golden_run(network, batch, &options);
}
