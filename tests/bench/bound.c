/* SPDX-License-Identifier: Apache-2.0 */
/* bound: the best cut of whole layers, from products alone, see work.h. */
#include "support/best_cut.h"
#include "work.h"

static double layer_macs(const struct trine_layer *layer) {
  const double units = layer->units;
  return layer->kind == TRINE_LAYER_LSTM ? TRINE_GATES * units * (layer->inputs + units)
                                         : units * layer->inputs;
}

double bench_cut_cycles(const struct bench_work *work, uint32_t macs, uint32_t cores) {
  const double steps = (double)work->what->steps * work->what->sequences;
  double cost[TRINE_MAX_LAYERS] = {0};
  for (uint32_t n = 0; n < work->network->layer_count; n++) {
    cost[n] = layer_macs(&work->network->layers[n]);
  }
  return best_cut(work->network, cost, steps, cores) / macs;
}

double bench_whole_cycles(const struct bench_work *work, uint32_t macs) {
  return bench_cut_cycles(work, macs, 1);
}
