/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * recorder: a bus around another one, which writes down what passes, so that a run that fails can
 * be run again (session/replay.h).
 *
 * It stands between a driver and any backend, and changes nothing but what follows a failure: then
 * it asks the device for the state of the slot, before anything else is done there. Memory is never
 * used in place through it (`map` is NULL), as what is written there would not be seen. When the
 * record is longer than its limit it leaves out starts that have ended, the oldest first, but never
 * the one that loaded what a slot runs with now. Threads: one at a time for each.
 * Pointers: not NULL but where it is said; bus is copied, what its ctx leads to has to outlive the
 * recorder. */
#ifndef TRINE_RECORDER_H
#define TRINE_RECORDER_H

#include "dump/dump.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An open recorder. */
struct trine_recorder;

/** Sizes of a record. */
enum {
  TRINE_RECORDER_BYTES = 1 << 28 /**< its limit where none is given: 256 MiB */
};

/** Opens a recorder on a bus. Errors: MEMORY.
 * @param bus of the device, copied
 * @param limit_bytes of the record; 0: TRINE_RECORDER_BYTES
 * @param recorder set to what the caller gives to trine_recorder_close; NULL after an error
 * @param error the sentence, or NULL
 * @return OK or MEMORY */
enum trine_status trine_recorder_open(const struct trine_bus *bus, uint64_t limit_bytes,
                                      struct trine_recorder **recorder,
                                      struct trine_error *error) TRINE_CHECK_RESULT;

/** NULL is allowed.
 * @param recorder that was opened, or NULL */
void trine_recorder_close(struct trine_recorder *recorder);

/** The bus that a driver is given.
 * @param recorder that was opened
 * @return valid until close */
struct trine_bus trine_recorder_bus(struct trine_recorder *recorder);

/** Whether something has failed since it was opened, and the record of it is still there.
 * @param recorder that was opened, or NULL
 * @return true when trine_recorder_save has something to write */
bool trine_recorder_has_failure(const struct trine_recorder *recorder);

/** Writes the dump of the last failure. Errors: ARG (nothing has failed), MEMORY (there was none
 * for the record); those of trine_file_replace.
 * @param recorder that was opened
 * @param origin of the head what the recorder cannot know: config_hash, device_version, cores,
 * memory, names and sentence
 * @param path of the file
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_recorder_save(const struct trine_recorder *recorder,
                                      const struct trine_dump_head *origin, const char *path,
                                      struct trine_error *error) TRINE_CHECK_RESULT;

#ifdef __cplusplus
}
#endif

#endif
