/* SPDX-License-Identifier: Apache-2.0 */
/* bench_golden: speed of the golden model on one thread, LSTM layers of H inputs and H units.
 * Prints one line a size: H, G MAC/s. Fails when H = 256 is below 2 G MAC/s. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "golden/golden.h"
#include "support/random_network.h"

enum { STEPS = 256, BEST_OF = 3 };

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Best rate of a few runs in G MAC/s, 0 on failure. */
static double measure(struct seed_stream *stream, uint32_t size) {
  struct trine_layer layer = random_lstm(stream, size, size, false);
  struct trine_tensor tensors[] = {{1, {size}}, {1, {size}}};
  struct trine_chain chain = {.target = 1, .layer_count = 1};
  struct trine_network network = {2, tensors, 1, &layer, 1, &chain};
  int8_t *x = calloc(STEPS, size), *y = calloc(STEPS, size);
  uint32_t length = STEPS;
  struct trine_batch batch = {.sequences = 1,
                              .lengths = &length,
                              .input = x,
                              .output = y,
                              .input_step_stride = size,
                              .output_step_stride = size};
  struct trine_golden *golden = NULL;
  double best = 0.0;
  if (x != NULL && y != NULL && trine_golden_create(&network, &golden, NULL) == TRINE_OK) {
    seed_int8(stream, x, (size_t)STEPS * size, INT8_MIN, INT8_MAX);
    double macs = 4.0 * STEPS * size * 2 * size;
    for (int n = 0; n < BEST_OF; n++) {
      double start = seconds();
      bool ran = trine_golden_execute(golden, &batch, NULL) == TRINE_OK;
      double rate = 1e-9 * macs / (seconds() - start);
      best = ran && rate > best ? rate : best;
    }
  }
  trine_golden_destroy(golden);
  free(x);
  free(y);
  random_layer_free(&layer);
  return best;
}

int main(void) {
  seed_print();
  struct seed_stream stream = seed_start("bench");
  bool fast = true;
  for (uint32_t size = 64; size <= 512; size *= 2) {
    double rate = measure(&stream, size);
    printf("golden model, H %3u: %6.2f G MAC/s on one thread\n", size, rate);
    fast = fast && (size != 256 || rate >= 2.0);
  }
  return fast ? 0 : 1;
}
