/* SPDX-License-Identifier: Apache-2.0 */
/* seed: SplitMix64 streams for the tests; see seed.h. */
#include "support/seed.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

uint64_t seed_value(void) {
  const char *text = getenv("TRINE_SEED");
  return text != NULL && *text != '\0' ? strtoull(text, NULL, 0) : 1;
}

uint64_t seed_print(void) {
  uint64_t seed = seed_value();
  printf("seed %" PRIu64 "\n", seed);
  fflush(stdout);
  return seed;
}

struct seed_stream seed_start(const char *name) {
  struct seed_stream stream = {mix(seed_value() + UINT64_C(0x9E3779B97F4A7C15))};
  for (; *name != '\0'; name++) {
    stream.state = mix(stream.state ^ (uint64_t)(unsigned char)*name) + 1;
  }
  return stream;
}

uint64_t seed_next(struct seed_stream *stream) {
  stream->state += UINT64_C(0x9E3779B97F4A7C15);
  return mix(stream->state);
}

int64_t seed_uniform(struct seed_stream *stream, int64_t low, int64_t high) {
  uint64_t range = (uint64_t)high - (uint64_t)low + 1;
  /* The bias of the remainder is below range / 2^64: no test can see it. */
  return low + (int64_t)(seed_next(stream) % range);
}

double seed_real(struct seed_stream *stream, double low, double high) {
  double unit = (double)(seed_next(stream) >> 11) * 0x1p-53;
  return low + (high - low) * unit;
}

int64_t seed_log_uniform(struct seed_stream *stream, int64_t low, int64_t high) {
  double drawn = exp(seed_real(stream, log((double)low), log((double)high + 1.0)));
  int64_t value = (int64_t)drawn;
  if (value < low) {
    return low;
  }
  if (value > high) {
    return high;
  }
  return value;
}

void seed_int8(struct seed_stream *stream, int8_t *values, size_t count, int low, int high) {
  for (size_t n = 0; n < count; n++) {
    values[n] = (int8_t)seed_uniform(stream, low, high);
  }
}
