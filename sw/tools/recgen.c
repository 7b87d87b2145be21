/* SPDX-License-Identifier: Apache-2.0 */
/* recgen: writes the RTL package, the C header and the guide's tables of a program's operations.
 *
 *   recgen TABLE sv|c|md    prints one of them
 * Exit 0, or 1 with one sentence. */
#include "recgen.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  static struct rec_table table;
  if (argc != 3) {
    fprintf(stderr, "usage: recgen TABLE sv|c|md\n");
    return 2;
  }
  rec_read(&table, argv[1]);
  if (strcmp(argv[2], "sv") == 0) {
    rec_emit_sv(&table);
  } else if (strcmp(argv[2], "c") == 0) {
    rec_emit_c(&table);
  } else if (strcmp(argv[2], "md") == 0) {
    rec_emit_md(&table);
  } else {
    return 2;
  }
  return 0;
}
