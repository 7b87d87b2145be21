/* SPDX-License-Identifier: Apache-2.0 */
/* trine_version: see trine_version.h. */
#include "trine_version.h"

const char *trine_version(void) {
  return TRINE_VERSION_TEXT;
}

int trine_version_number(void) {
  return TRINE_VERSION;
}
