/* SPDX-License-Identifier: Apache-2.0 */
/* main: sessions on the simulated chip: streams, batches of different lengths, and
 * batches on several jobs; and images of models with lengths and states.
 *
 *   session [NAME]     all, or that one of streams, lengths, replicas and images */
#include <stdio.h>
#include <string.h>

#include "chip.h"

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    bool (*holds)(void);
  } tests[] = {{"streams", streams_hold},
               {"lengths", lengths_hold},
               {"replicas", replicas_hold},
               {"images", images_hold}};
  unsigned run = 0;
  for (size_t n = 0; n < sizeof tests / sizeof tests[0]; n++) {
    if (argc < 2 || strcmp(argv[1], tests[n].name) == 0) {
      run++;
      if (!tests[n].holds()) {
        return 1;
      }
    }
  }
  if (run == 0) {
    fprintf(stderr, "There is no test of sessions named %s.\n", argv[1]);
  }
  return run > 0 ? 0 : 1;
}
