/* SPDX-License-Identifier: Apache-2.0 */
/* fields: every field of the operations with its range, as docs/programmers_guide.md has it, and
 * what the device says of one beyond. */
#ifndef TRINE_FIELDS_H
#define TRINE_FIELDS_H

#include "rogue.h"

/* Where the error of a value beyond is reported: by the operation itself, with its first argument,
 * the word or the next one as its address; or while the operation's work is done. */
enum field_report { FIELD_FIRST, FIELD_WORD, FIELD_NEXT, FIELD_LATER };

/* Highest values that follow from the configuration or the rest of the program. */
enum field_limit {
  LIMIT_CONTEXTS = -100, /* all below 0: no constant is */
  LIMIT_X_CHUNKS,        /* ring words of a slot of the input channel */
  LIMIT_H_CHUNKS,
  LIMIT_UNITS, /* of the groups */
  LIMIT_X_WEIGHTS,
  LIMIT_H_WEIGHTS,
  LIMIT_PARAMS,
  LIMIT_PRE,
  LIMIT_STATE,
  LIMIT_STATE_FIELD,
  LIMIT_RING_FIELD,
  LIMIT_RING_BASE,
  LIMIT_ENTRY,     /* first table entry of a reader or writer */
  LIMIT_TABLE,     /* of a TABLE */
  LIMIT_ROW_BYTES, /* of a vector of the channel that is written */
  LIMIT_WRITER_BASE
};

struct field {
  const char *name;
  uint32_t op, nth, word, low, width; /* `width` bits from `low` on, of a word of an operation */
  int64_t least, most;                /* a limit if below 0 */
  uint32_t step;                      /* from the highest legal value to one beyond */
  uint32_t code;                      /* of one beyond */
  enum field_report report;
};

/* Bits that must be 0. */
struct reserved {
  const char *name;
  uint32_t op, nth, word, bits;
  enum field_report report;
};

/* NULL past the last. */
const struct field *field_at(uint32_t index);
const struct reserved *reserved_at(uint32_t index);

/* The highest legal value in a list. */
uint32_t field_most(const struct field *field, const struct rogue_list *list);

#endif
