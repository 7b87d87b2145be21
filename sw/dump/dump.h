/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * dump: what is kept of a run that failed on a device, so that it can be run again elsewhere.
 *
 * A dump is a head (what the device is, what failed, what its registers said) and records: the
 * accesses that led there, in their order. Programs, weights, rows and states are bytes that were
 * written to memory, no more: a dump does not depend on the format of programs or images. The file
 * is the head as it lies in memory, little-endian, and the records behind it; docs/replay.md has
 * the table. Threads: any number, each with dumps of its own.
 * Pointers: not NULL but error. */
#ifndef TRINE_DUMP_H
#define TRINE_DUMP_H

#include <stdbool.h>

#include "io/error.h"
#include "trine_bus.h"
#include "trine_runtime.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Numbers of the format. */
enum {
  TRINE_DUMP_MAGIC = 0x444e5254, /**< the letters TRND */
  TRINE_DUMP_VERSION = 1,        /**< another one is refused */
  TRINE_DUMP_NAME_BYTES = 32,    /**< of names, their 0 included */
  TRINE_DUMP_TEXT_BYTES = 512    /**< of the sentence, its 0 included */
};

/** What failed. */
enum trine_dump_failure {
  TRINE_DUMP_ERROR,   /**< the device stopped the slot, with a code */
  TRINE_DUMP_STOPPED, /**< it was told to stop: no end within the time limit */
  TRINE_DUMP_ACCESS   /**< an access to a register or to memory failed, or a wait */
};

/** What the registers of a slot say, and those of the device that belong to it. */
struct trine_dump_state {
  uint32_t core_mask;     /**< CORE_MASK */
  uint32_t mode;          /**< MODE */
  uint64_t window_base;   /**< WINDOW_BASE */
  uint32_t window_bytes;  /**< WINDOW_SIZE */
  uint32_t program;       /**< PROGRAM */
  uint32_t status;        /**< STATUS */
  uint32_t error_code;    /**< ERROR_CODE */
  uint32_t error_core;    /**< ERROR_CORE */
  uint32_t error_op;      /**< ERROR_OP: index of the word in the list */
  uint64_t error_address; /**< ERROR_ADDR */
  uint64_t cycles;        /**< CYCLES: from START to rest, or to this look */
  uint64_t load_cycles;   /**< LOAD_CYCLES */
  uint64_t device_cycle;  /**< since the device's reset */
  uint32_t cores_busy;    /**< CORES_BUSY */
  uint32_t quarantine;    /**< QUARANTINE */
  uint64_t counters[TRINE_MAX_CORES][TRINE_COUNTERS]; /**< of each rank; 0 while it runs */
};

/** The head, and the first bytes of the file. */
struct trine_dump_head {
  uint32_t magic;                       /**< TRINE_DUMP_MAGIC */
  uint32_t version;                     /**< TRINE_DUMP_VERSION */
  uint32_t crc;                         /**< CRC-32 of all behind the next word */
  uint32_t zero;                        /**< 0 */
  uint32_t config_hash;                 /**< CONFIG_HASH of the device */
  uint32_t device_version;              /**< VERSION of the device */
  uint32_t cores;                       /**< of the device, and slots */
  uint32_t failure;                     /**< enum trine_dump_failure */
  uint32_t slot;                        /**< whose run failed */
  uint32_t has_state;                   /**< whether the device could be asked: state is known */
  uint64_t access;                      /**< of TRINE_DUMP_ACCESS: the address; else 0 */
  uint64_t memory_base;                 /**< shared memory, as the device sees it */
  uint64_t memory_bytes;                /**< of it */
  uint64_t record_bytes;                /**< behind the head */
  uint32_t starts;                      /**< START or REPEAT written in them */
  uint32_t left_out;                    /**< and so many before or between them that are not */
  struct trine_dump_state state;        /**< when it had failed */
  char config[TRINE_DUMP_NAME_BYTES];   /**< name of the configuration; "" when it is not known */
  char device[TRINE_DUMP_NAME_BYTES];   /**< sim, uart or mmio, or what a caller says */
  char sentence[TRINE_DUMP_TEXT_BYTES]; /**< what the driver said */
};

/** A dump in memory. */
struct trine_dump {
  struct trine_dump_head head; /**< consistent, of one that was read */
  uint8_t *records;            /**< [record_bytes], words */
};

/** Bits of CONTROL that start a run: START and REPEAT. */
#define TRINE_DUMP_STARTS 0x5u

/** What a record is of. */
enum trine_dump_kind {
  TRINE_DUMP_WRITE = 1, /**< a register was written */
  TRINE_DUMP_READ = 2,  /**< a register was read, `value` times */
  TRINE_DUMP_REST = 3,  /**< STATUS of a slot was read, and it was at rest: value */
  TRINE_DUMP_WAIT = 4,  /**< for the interrupt, at most `value` ms */
  TRINE_DUMP_MEMORY = 5 /**< memory was written */
};

/** One record. */
struct trine_dump_record {
  enum trine_dump_kind kind; /**< which */
  uint64_t addr;             /**< of the register or in memory; 0 of a wait */
  uint32_t value;            /**< see the kinds; of memory the bytes, a multiple of 4 */
  const uint8_t *data;       /**< of memory, else NULL */
};

/** The record at *at, which then is behind it. For the records of a dump that is consistent, and
 * for those of a file before that is known.
 * @param records bytes
 * @param record_bytes of them
 * @param at 0 for the first
 * @param record set
 * @return false at the end, and where there is no whole record */
bool trine_dump_next(const uint8_t *records, uint64_t record_bytes, uint64_t *at,
                     struct trine_dump_record *record);

/** Reads a dump. Errors: those of trine_file_read; FORMAT (not a dump, cut, changed, of another
 * version, or one that contradicts itself), MEMORY.
 * @param path of the file
 * @param dump set; the caller gives it to trine_dump_free, also after an error
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_dump_read(const char *path, struct trine_dump *dump,
                                  struct trine_error *error) TRINE_CHECK_RESULT;

/** The same of bytes that are there already; name is for sentences.
 * @param bytes of a file
 * @param len_bytes of them
 * @param name of the file
 * @param dump set; the caller gives it to trine_dump_free, also after an error
 * @param error the sentence, or NULL
 * @return OK, FORMAT or MEMORY */
enum trine_status trine_dump_parse(const uint8_t *bytes, size_t len_bytes, const char *name,
                                   struct trine_dump *dump,
                                   struct trine_error *error) TRINE_CHECK_RESULT;

/** Writes a dump, with its magic number, version and CRC. Errors: those of trine_file_replace.
 * @param path of the file
 * @param head as it is to be, but for these
 * @param records [head->record_bytes]
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_dump_write(const char *path, const struct trine_dump_head *head,
                                   const uint8_t *records,
                                   struct trine_error *error) TRINE_CHECK_RESULT;

/** Gives its memory back.
 * @param dump that was read, or all zero */
void trine_dump_free(struct trine_dump *dump);

/** Asks a device for the state of a slot. Writes CYCLE_SNAPSHOT and COUNTER_SELECT.
 * @param bus of the device
 * @param slot of it
 * @param state set
 * @return OK, or the status of the access that failed */
enum trine_status trine_dump_look(const struct trine_bus *bus, uint32_t slot,
                                  struct trine_dump_state *state) TRINE_CHECK_RESULT;

/** The slot whose register an address is.
 * @param addr of a register
 * @param in_page where it is in the page of a slot, as TRINE_DOMAIN_STATUS, bytes
 * @return its number, or -1: of none */
int trine_dump_slot_of(uint64_t addr, uint32_t in_page);

/** Whether a slot with this STATUS runs or is being stopped.
 * @param status as STATUS reads
 * @return true while it does */
bool trine_dump_is_at_work(uint32_t status);

#ifdef __cplusplus
}
#endif

#endif
