/* SPDX-License-Identifier: Apache-2.0 */
/* trine_status: see trine_status.h. */
#include "trine_status.h"

const char *trine_status_text(enum trine_status status) {
  switch (status) {
    case TRINE_OK:
      return "done";
    case TRINE_ERR_ARG:
      return "an argument is missing or out of range";
    case TRINE_ERR_VERSION:
      return "this is not a Trine, or one of another major version or configuration";
    case TRINE_ERR_LIMIT:
      return "the network does not fit this configuration";
    case TRINE_ERR_MEMORY:
      return "the memory given is too small";
    case TRINE_ERR_BUSY:
      return "the cores or domain slots are taken or in quarantine";
    case TRINE_ERR_BUS:
      return "an access to the device failed";
    case TRINE_ERR_TIMEOUT:
      return "the device did not answer in time";
    case TRINE_ERR_DEVICE:
      return "the device stopped the job with an error";
    case TRINE_ERR_NETWORK:
      return "the network contradicts itself";
  }
  return "unknown status";
}
