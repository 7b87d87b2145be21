/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * trine_status: what every function of the driver returns, and the limits all of it shares.
 *
 * Threads: any number, the texts are constant. */
#ifndef TRINE_STATUS_H
#define TRINE_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

/** Before the semicolon of a function whose result must be looked at: the compiler warns. */
#define TRINE_CHECK_RESULT __attribute__((warn_unused_result))

/** Limits of every configuration. */
enum {
  TRINE_MAX_CORES = 16,   /**< a device; domain slots and ranks are as many */
  TRINE_MAX_LAYERS = 16,  /**< a network; channels are fewer: layers + chains <= 16 */
  TRINE_MAX_CHAINS = 16,  /**< a network */
  TRINE_MAX_TENSORS = 17, /**< a network, input and output among them */
  TRINE_MAX_COPIES = 8    /**< copies * (layers + chains) <= 16 */
};

/** What became of a call, by what its caller can do about it. The numbers are part of the binary
 * interface: new ones are added behind, none changes its meaning. What exactly was wrong, with
 * value and limit, is the sentence in struct trine_error, or in trine_last_error of a device. */
enum trine_status {
  TRINE_OK = 0,           /**< done */
  TRINE_ERR_ARG = -1,     /**< an argument is missing or out of range; nothing was touched */
  TRINE_ERR_VERSION = -2, /**< not a Trine, another major version, an image for another
                             configuration, or a simulated chip of another interface; of a device
                             registers were read only */
  TRINE_ERR_LIMIT = -3,   /**< does not fit this configuration; device not touched */
  TRINE_ERR_MEMORY = -4,  /**< memory given (window or scratch) is too small, or the system has no
                             more; device not touched */
  TRINE_ERR_BUSY = -5, /**< cores or all domain slots are taken, or cores in quarantine; what runs
                          there was not touched */
  TRINE_ERR_BUS = -6,  /**< an access failed; the job's domain may be in any state */
  TRINE_ERR_TIMEOUT = -7, /**< not done in time; the domain was aborted */
  TRINE_ERR_DEVICE = -8,  /**< the device stopped the job with an error code, or did not start it; a
                             simulated chip broke a rule of its own, and answers no more */
  TRINE_ERR_NETWORK = -9, /**< the network contradicts itself; device not touched */
  TRINE_ERR_FILE = -10,   /**< the system refused to open, read, write or rename a file */
  TRINE_ERR_FORMAT = -11, /**< a file is not what it should be: another format, damaged, cut off, or
                             beyond a limit of what is read */
  TRINE_ERR_UNSUPPORTED = -12, /**< a model with something that is not computed here, exactly as it
                                  is meant */
  TRINE_ERR_NOT_FOUND = -13 /**< not there: a file, a simulated chip, or in a file what was looked
                               for */
};

/** The status in words ("the device did not answer in time"); never NULL, also for a number that is
 * none of them.
 * @param status any number
 * @return a constant text */
const char *trine_status_text(enum trine_status status);

/** How the layers of a network are spread over cores (docs/modes.md). */
enum trine_mode {
  TRINE_MODE_SINGLE = 0,         /**< all on one core */
  TRINE_MODE_MULTITHREADING = 1, /**< whole layers on cores of their own, one behind the other */
  TRINE_MODE_HELPER = 2,         /**< each layer cut into slices, one a core */
  TRINE_MODE_HYBRID = 3          /**< both: runs of layers on groups of cores */
};

#ifdef __cplusplus
}
#endif

#endif
