/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * connect: devices by their names.
 *
 *     sim, sim:NAME   the simulated chip of a configuration (rtl/configs.txt)
 *     golden          the golden model, in the place of a device
 *     uart:PATH       a board on a serial line
 *     mmio:PATH       a UIO device, or a mapped file
 *
 * Threads: one at a time for each device and what is open on it.
 *
 * Pointers: never NULL, and not kept behind the call, unless it is said. */
#ifndef TRINE_CONNECT_H
#define TRINE_CONNECT_H

#include <stdbool.h>
#include <stdint.h>

#include "io/error.h"
#include "trine.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An open device and what it was opened by. */
struct trine_connection;
struct trine_sim_backend;

/** What is behind a name. */
enum trine_device_kind {
  TRINE_DEVICE_SIM,    /**< a simulated chip */
  TRINE_DEVICE_GOLDEN, /**< the golden model */
  TRINE_DEVICE_UART,   /**< a board on a serial line */
  TRINE_DEVICE_MMIO    /**< mapped registers and memory */
};

/** What a name says. */
struct trine_device_name {
  enum trine_device_kind kind; /**< what is behind it */
  const char *config;          /**< of sim: that is named, or NULL; points into the name */
  const char *path;            /**< of uart and mmio, else NULL; points into the name */
};

/** All zero: a chip without a waveform, a line of 1,000,000 baud. */
struct trine_connect_options {
  uint32_t baud;         /**< of uart; 0: 1,000,000 */
  bool stop_strays;      /**< what somebody else left running there is stopped first */
  const char *wave;      /**< of sim: the waveform, .fst, or NULL */
  uint64_t wave_start;   /**< of the waveform, in cycles since reset */
  uint64_t wave_cycles;  /**< of it; 0: to the end */
  bool is_recorded;      /**< what passes is written down, for trine_connection_dump */
  uint64_t record_bytes; /**< of that, at the most; 0: TRINE_RECORDER_BYTES (dump/recorder.h) */
};

/** Reads a name. Errors: ARG (no such device, no such configuration; the sentence lists all).
 * @param text the name, which has to stay
 * @param name set
 * @param error the sentence, or NULL
 * @return OK or ARG */
enum trine_status trine_device_name_parse(const char *text, struct trine_device_name *name,
                                          struct trine_error *error) TRINE_CHECK_RESULT;

/** "sim", "golden", "uart" or "mmio"; "none" for any other number.
 * @param kind any number
 * @return static text */
const char *trine_device_kind_name(enum trine_device_kind kind);

/** Opens what a name says; options may be NULL. A simulated chip whose configuration is not named
 * is TRINE_CONFIG_DEFAULT (session/config.h). On success *connection is the caller's, to be given
 * to trine_disconnect after everything that is open on it; it is NULL after an error. Errors:
 * MEMORY; those of trine_open and trine_stop_strays, of trine_sim_backend_open (a waveform file
 * that cannot be written: FILE), trine_uart_open and trine_mmio_open.
 * @param name what is opened
 * @param options NULL: all zero
 * @param connection set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_connect(const struct trine_device_name *name,
                                const struct trine_connect_options *options,
                                struct trine_connection **connection,
                                struct trine_error *error) TRINE_CHECK_RESULT;

/** NULL is allowed.
 * @param connection that was opened, or NULL */
void trine_disconnect(struct trine_connection *connection);

/** The driver's handle, valid until close; NULL of golden, for which a session takes NULL.
 * @param connection that was opened
 * @return for sessions and jobs */
struct trine *trine_connection_device(const struct trine_connection *connection);

/** The configuration of a simulated chip, "golden", or "device" for what is behind a wire.
 * @param connection that was opened
 * @return valid until close */
const char *trine_connection_config(const struct trine_connection *connection);

/** The model behind sim, for faults, waveforms and probes (sim/sim_backend.h); else NULL.
 * @param connection that was opened
 * @return valid until close */
struct trine_sim_backend *trine_connection_sim(const struct trine_connection *connection);

/** Whether the device failed, by what the driver said of it last: it stopped a run, did not answer,
 * or was not done in time.
 * @param connection that was opened, or NULL
 * @return true when a dump would say more */
bool trine_connection_has_failed(const struct trine_connection *connection);

/** Writes the dump of the last failure of a recorded device (docs/replay.md), with a sentence that
 * says what it was. Errors: ARG (it is not recorded, or nothing has failed), MEMORY; those of
 * trine_file_replace.
 * @param connection that was opened
 * @param sentence of the failure, as the error of a run has it
 * @param path of the file
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_connection_dump(const struct trine_connection *connection,
                                        const char *sentence, const char *path,
                                        struct trine_error *error) TRINE_CHECK_RESULT;

/** Makes one sentence of what a call of the driver returned, with what is below it in it.
 * @param connection that was opened
 * @param status what a call returned
 * @param error filled */
void trine_connection_explain(struct trine_connection *connection, enum trine_status status,
                              struct trine_error *error);

#ifdef __cplusplus
}
#endif

#endif
