/* SPDX-License-Identifier: Apache-2.0 */
/* check: the one check of a network (trine_network.h) for the golden model, and the order of its
 * chains; see golden/golden.h. */
#include <stdlib.h>

#include "golden/golden.h"

uint32_t trine_tensor_width(const struct trine_tensor *tensor) {
  uint32_t width = 0;
  for (uint32_t p = 0; p < tensor->part_count; p++) {
    width += tensor->part_width[p];
  }
  return width;
}

enum trine_status trine_network_check(const struct trine_network *network, uint32_t *order,
                                      struct trine_error *error) {
  struct trine_error said = {""};
  if (!trine_network_complete(network, said.text, sizeof said.text)) {
    trine_error_set(error, "%s", said.text);
    return TRINE_ERR_ARG;
  }
  uint32_t *turn = calloc(network->chain_count, sizeof *turn);
  if (turn == NULL) {
    trine_error_set(error, "no memory to check a network of %u layers", network->layer_count);
    return TRINE_ERR_MEMORY;
  }
  const bool is_consistent = trine_network_consistent(network, turn, said.text, sizeof said.text);
  for (uint32_t k = 0; is_consistent && order != NULL && k < network->chain_count; k++) {
    order[turn[k]] = k;
  }
  free(turn);
  if (!is_consistent) {
    trine_error_set(error, "%s", said.text);
  }
  return is_consistent ? TRINE_OK : TRINE_ERR_NETWORK;
}
