/* SPDX-License-Identifier: Apache-2.0 */
/* trine_status: what every function of the driver returns, and the limits all of it shares. */
#ifndef TRINE_STATUS_H
#define TRINE_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

#define TRINE_CHECK_RESULT __attribute__((warn_unused_result))

enum {
  TRINE_MAX_CORES = 16,
  TRINE_MAX_LAYERS = 16, /* a network; channels are fewer: layers + chains <= 16 */
  TRINE_MAX_CHAINS = 16,
  TRINE_MAX_TENSORS = 17,
  TRINE_MAX_COPIES = 8 /* copies * (layers + chains) <= 16 */
};

enum trine_status {
  TRINE_OK = 0,
  TRINE_ERR_ARG = -1,     /* an argument is missing or out of range; device not touched */
  TRINE_ERR_VERSION = -2, /* not a Trine, another major version, or an image for another
                             configuration; registers were read only */
  TRINE_ERR_LIMIT = -3,   /* does not fit this configuration; device not touched */
  TRINE_ERR_MEMORY = -4,  /* memory given (window or scratch) too small; device not touched */
  TRINE_ERR_BUSY = -5,    /* cores or all domain slots are taken, or cores in quarantine; what runs
                             there was not touched */
  TRINE_ERR_BUS = -6,     /* an access failed; the job's domain may be in any state */
  TRINE_ERR_TIMEOUT = -7, /* not done in time; the domain was aborted */
  TRINE_ERR_DEVICE = -8,  /* the device stopped the job with an error code, or did not start it */
  TRINE_ERR_NETWORK = -9  /* the network contradicts itself; device not touched */
};

/* The status as one sentence; never NULL. */
const char *trine_status_text(enum trine_status status);

enum trine_mode {
  TRINE_MODE_SINGLE = 0,
  TRINE_MODE_MULTITHREADING = 1,
  TRINE_MODE_HELPER = 2,
  TRINE_MODE_HYBRID = 3
};

#ifdef __cplusplus
}
#endif

#endif
