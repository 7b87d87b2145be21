/* SPDX-License-Identifier: Apache-2.0 */
/* ports: fields of a Verilator port, whatever its width. */
#ifndef TRINE_UNIT_PORTS_H
#define TRINE_UNIT_PORTS_H

#include <cstdint>
#include <type_traits>

template <typename T>
inline uint64_t bits_of(const T &port, unsigned low, unsigned width) {
  uint64_t value = 0;
  for (unsigned i = 0; i < width; i++) {
    unsigned at = low + i;
    uint64_t bit;
    if constexpr (std::is_integral_v<T>) {
      bit = (static_cast<uint64_t>(port) >> at) & 1;
    } else {
      bit = (port[at / 32] >> (at % 32)) & 1;
    }
    value |= bit << i;
  }
  return value;
}

template <typename T>
inline void set_bits(T &port, unsigned low, unsigned width, uint64_t value) {
  for (unsigned i = 0; i < width; i++) {
    unsigned at = low + i;
    if constexpr (std::is_integral_v<T>) {
      uint64_t word = static_cast<uint64_t>(port) & ~(UINT64_C(1) << at);
      port = static_cast<T>(word | (((value >> i) & 1) << at));
    } else {
      uint32_t word = port[at / 32] & ~(1u << (at % 32));
      port[at / 32] = word | (static_cast<uint32_t>((value >> i) & 1) << (at % 32));
    }
  }
}

#endif
