/* SPDX-License-Identifier: Apache-2.0 */
/* main: sessions on the simulated chip: streams, batches of different lengths, and
 * batches on several jobs. */
#include "chip.h"

int main(void) {
  return streams_hold() && lengths_hold() && spread_holds() ? 0 : 1;
}
