/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * sim_backend: the simulated accelerator of a configuration as a struct trine_bus.
 *
 * Loads libtrine_sim_NAME.so at run time, so a program needs no library until it asks for one, and
 * may use several. Threads: one at a time for each backend.
 *
 * Pointers: never NULL, and not kept behind the call, unless it is said. */
#ifndef TRINE_SIM_BACKEND_H
#define TRINE_SIM_BACKEND_H

#include "io/error.h"
#include "sim/trine_sim.h"
#include "trine.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An open chip. */
struct trine_sim_backend;

/** The clock of a simulated chip. */
enum {
  TRINE_SIM_CYCLES_PER_MS = 100000 /**< cycles of a millisecond of a time limit: 100 MHz */
};

/** Opens the model of a configuration. The library is looked for in the folder that TRINE_LIB_DIR
 * in the environment names, or else in that of the running program and the three above it, and
 * where the library of this function and its chips are installed (docs/library.md). options may be
 * NULL: trine_sim_defaults. On success *backend is the caller's, to be given to
 * trine_sim_backend_close. Errors: ARG (options out of range), NOT_FOUND (no library of that
 * name), FILE (it cannot be loaded), VERSION (of another interface), MEMORY.
 * @param config name of the configuration
 * @param options memory and seed of the chip, or NULL
 * @param backend set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_sim_backend_open(const char *config,
                                         const struct trine_sim_options *options,
                                         struct trine_sim_backend **backend,
                                         struct trine_error *error)
    __attribute__((warn_unused_result));

/** NULL is allowed.
 * @param backend that was opened, or NULL */
void trine_sim_backend_close(struct trine_sim_backend *backend);

/** The seam for trine_open; valid until close.
 * @param backend that was opened
 * @return for trine_open */
struct trine_bus trine_sim_backend_bus(struct trine_sim_backend *backend);

/** The model itself, for faults, waveforms, probe and cycles.
 * @param backend that was opened
 * @return its operations, valid until close */
const struct trine_sim_ops *trine_sim_backend_ops(const struct trine_sim_backend *backend);
/** What the operations take.
 * @param backend that was opened
 * @return valid until close */
struct trine_sim *trine_sim_backend_sim(const struct trine_sim_backend *backend);

/** The sentence of the model's last failure: what is behind a TRINE_ERR_BUS.
 * @param backend that was opened
 * @return never NULL; valid until the next call */
const char *trine_sim_backend_error(const struct trine_sim_backend *backend);

/** Makes one sentence of what a call of the driver returned: the device's own, with the model's
 * behind it after a TRINE_ERR_BUS. backend and device may be NULL.
 * @param backend of the device, or NULL
 * @param device whose call it was, or NULL
 * @param status what it returned
 * @param error filled */
void trine_sim_backend_explain(const struct trine_sim_backend *backend, const struct trine *device,
                               enum trine_status status, struct trine_error *error);

#ifdef __cplusplus
}
#endif

#endif
