/* SPDX-License-Identifier: Apache-2.0 */
/* changed.h: for code that tb/wake writes: whether a variable differs from what it was.
 *
 * trine_differs(was, is)      0 if they are the same
 * trine_changed(shadow, is)   whether they differ; the shadow is then the same
 * trine_rate, trine_writes    count in a model that is made to; print "RATE name changes cycles" on
 *                             stderr when it goes */
#ifndef TRINE_WAKE_CHANGED_H
#define TRINE_WAKE_CHANGED_H

#include <cstdio>
#include <cstring>

#include "verilated.h"

template <typename T>
static inline T trine_differs(const T &was, const T &is) {
  return was ^ is;
}

template <std::size_t words>
static inline EData trine_differs(const VlWide<words> &was, const VlWide<words> &is) {
  EData bits = 0;
  for (std::size_t n = 0; n < words; n++) {
    bits |= was[n] ^ is[n];
  }
  return bits;
}

template <typename T>
static inline bool trine_changed(T &shadow, const T &is) {
  if (VL_LIKELY(trine_differs(shadow, is) == 0)) {
    return false;
  }
  shadow = is;
  return true;
}

inline unsigned long long trine_cycles = 0;

/* In how many cycles a variable changes. */
template <typename T>
struct trine_rate {
  explicit trine_rate(const char *variable) : name(variable) {}
  ~trine_rate() {
    std::fprintf(stderr, "RATE %s %llu %llu\n", name, changes, cycles);
  }
  void look(const T &is) {
    cycles++;
    trine_cycles = cycles > trine_cycles ? cycles : trine_cycles;
    if (std::memcmp(&was, &is, sizeof was) != 0) {
      changes += cycles > 1;
      was = is;
    }
  }
  const char *name;
  unsigned long long changes = 0;
  unsigned long long cycles = 0;
  T was{};
};

/* How often an element of an array of one object is written. */
struct trine_writes {
  trine_writes(const char *variable, const void *whose) : name(variable), object(whose) {}
  ~trine_writes() {
    std::fprintf(stderr, "RATE %s %llu %llu\n", name, writes, trine_cycles);
  }
  void add(const void *whose) {
    writes += whose == object;
  }
  const char *name;
  const void *object;
  unsigned long long writes = 0;
};

#endif
