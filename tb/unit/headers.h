/* SPDX-License-Identifier: Apache-2.0 */
/* headers: what every bench of blocks includes anyway, to be translated once (tb/tb.mk). A bench
 * includes what it uses all the same. */
#ifndef TRINE_UNIT_HEADERS_H
#define TRINE_UNIT_HEADERS_H

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "verilated.h"

#endif
