/* SPDX-License-Identifier: Apache-2.0 */
/* fake_program: the program format as docs/programmers_guide.md has it, read without a line of the
 * driver: numbers of operations, their lengths, header and CRC. So a number that the driver
 * has wrong is wrong here too only if the guide is. */
#ifndef TRINE_FAKE_PROGRAM_H
#define TRINE_FAKE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fake_op {
  FAKE_OP_END = 0x01,
  FAKE_OP_BARRIER = 0x02,
  FAKE_OP_LOAD = 0x03,
  FAKE_OP_SAVE = 0x04,
  FAKE_OP_CHANNEL = 0x05,
  FAKE_OP_CONTEXT = 0x06,
  FAKE_OP_READ = 0x07,
  FAKE_OP_WRITE = 0x09,
  FAKE_OP_TABLE = 0x0a,
  FAKE_OP_RUN = 0x0b
};

/* What a program is read for. */
struct fake_reader {
  const uint8_t *window; /* the program is at its start */
  uint32_t window_bytes;
  uint32_t mode, ranks, config_hash; /* as the slot has them */
};

/* The operations of a list without their blocks, to be freed; place: where each word is in it. */
struct fake_list {
  uint32_t *words, *place;
  uint32_t count;
};

/* CRC-32 as zlib's. */
uint32_t fake_crc(const void *data, size_t len);

/* Words of the operation that begins here, `left` being there; 0 when it is none or too long. */
uint32_t fake_op_words(const uint32_t *words, uint32_t left);

/* Checks the header; 0 or an error code. *resident: bit 0 of word 5. */
uint32_t fake_read_header(const struct fake_reader *reader, bool *resident);

/* Checks the list and takes its operations; 0 or an error code. */
uint32_t fake_read_list(const struct fake_reader *reader, struct fake_list *list);

#endif
