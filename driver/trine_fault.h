/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * trine_fault: what went wrong in a run, as a status, a kind and a few numbers; the runtime sets it
 * and makes no text. trine_fault_text, in a file of its own, makes the sentence for those who have
 * room for it.
 *
 * Threads: any number, each with a fault of its own. Pointers: never NULL, and not kept behind the
 * call, unless it is said. */
#ifndef TRINE_FAULT_H
#define TRINE_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trine_image.h"
#include "trine_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The numbers that come with each kind. */
enum trine_fault_kind {
  TRINE_FAULT_NONE,        /**< nothing is wrong */
  TRINE_FAULT_NO_BATCH,    /**< sequences, lengths, input or output are missing */
  TRINE_FAULT_LENGTH,      /**< sequence, its steps */
  TRINE_FAULT_ROWS,        /**< sequence, its steps, bytes it needs, bytes there are */
  TRINE_FAULT_KEPT,        /**< states of one sequence do not fit */
  TRINE_FAULT_STRIDES,     /**< input batch and step, output batch and step, sequences, steps */
  TRINE_FAULT_STATE_HALF,  /**< layer */
  TRINE_FAULT_STATE_FAR,   /**< sequences, layer */
  TRINE_FAULT_WINDOW,      /**< base, bytes, least bytes */
  TRINE_FAULT_SCRATCH,     /**< bytes, needed bytes */
  TRINE_FAULT_OVERLAP,     /**< window base and bytes, bytes of the image that lies in it */
  TRINE_FAULT_MASK,        /**< core mask, cores the image needs, cores of the device */
  TRINE_FAULT_NOT_STARTED, /**< waited for, and not started; no numbers */
  /* of a device as it was opened, and of an image for it */
  TRINE_FAULT_NO_BUS, /**< a function of the bus is missing */
  TRINE_FAULT_IMAGE,  /**< version of the image, version that is run */
  TRINE_FAULT_ID,     /**< what ID reads */
  TRINE_FAULT_MAJOR,  /**< its major version */
  TRINE_FAULT_CORES,  /**< cores the device says it has, most there can be */
  TRINE_FAULT_CONFIG, /**< hash of the image, of the device */
  /* of cores and slots */
  TRINE_FAULT_CORES_TAKEN, /**< cores, by another run */
  TRINE_FAULT_QUARANTINE,  /**< cores */
  TRINE_FAULT_CORES_BUSY,  /**< cores */
  TRINE_FAULT_SLOTS_TAKEN, /**< slots there are, mask of those others have */
  TRINE_FAULT_RESUME,      /**< cores: they were used between two chunks of a sequence */
  TRINE_FAULT_REFUSED,     /**< slot */
  TRINE_FAULT_PROGRAM,     /**< words it takes, bytes there are for it */
  /* of a run */
  TRINE_FAULT_READ_REGISTER,  /**< address; status says what of it */
  TRINE_FAULT_WRITE_REGISTER, /**< address; status says what of it */
  TRINE_FAULT_READ_MEMORY,    /**< address */
  TRINE_FAULT_WRITE_MEMORY,   /**< address */
  TRINE_FAULT_WAIT,           /**< the bus cannot wait */
  TRINE_FAULT_TIME,           /**< cores, limit in ms, ms spent */
  TRINE_FAULT_BUS_TIME,       /**< the same, when the bus gave up waiting */
  TRINE_FAULT_ERROR,          /**< code, core, index of the word, address, the word */
  TRINE_FAULT_RESET,          /**< slot */
  TRINE_FAULT_NOT_THIS,       /**< slot: done, but START was not carried out */
  TRINE_FAULT_ABORTED         /**< slot */
};

/** A fault; a struct to look at, not to keep pointers into. */
struct trine_fault {
  enum trine_status status;   /**< TRINE_OK: nothing */
  enum trine_fault_kind kind; /**< what happened */
  uint64_t number[6];         /**< of the kind, in the order said there; the others 0 */
  /** Of a run that was stopped: it was not seen to stop; its slot, cores and window stay taken. */
  bool is_stuck;
  uint32_t slot;       /**< of a run that is stuck */
  uint32_t core_mask;  /**< of a run that is stuck */
  uint32_t quarantine; /**< cores of a run that was stopped that are in quarantine */
};

/** Writes the sentence (a clause without a full stop) for a fault; image may be NULL, then names of
 * layers and configuration are missing. Always terminated, cut at text_bytes.
 * @param fault never NULL
 * @param image of the run, or NULL
 * @param text the sentence; "" when nothing is wrong
 * @param text_bytes room in text, >= 1 */
void trine_fault_text(const struct trine_fault *fault, const struct trine_image *image, char *text,
                      size_t text_bytes);

#ifdef __cplusplus
}
#endif

#endif
