/* SPDX-License-Identifier: Apache-2.0 */
/* main: sessions on the simulated chip: streams, and batches of different lengths. */
#include "chip.h"

int main(void) {
  return streams_hold() && lengths_hold() ? 0 : 1;
}
