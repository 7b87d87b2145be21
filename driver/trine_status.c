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
      return "this is not a Trine, or one of another version or configuration";
    case TRINE_ERR_LIMIT:
      return "the network does not fit this configuration";
    case TRINE_ERR_MEMORY:
      return "there is too little memory";
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
    case TRINE_ERR_FILE:
      return "the file cannot be opened, read or written";
    case TRINE_ERR_FORMAT:
      return "the file is not what it should be";
    case TRINE_ERR_UNSUPPORTED:
      return "the model has something that is not computed here";
    case TRINE_ERR_NOT_FOUND:
      return "what was asked for is not there";
  }
  return "unknown status";
}
