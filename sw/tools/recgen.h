/* SPDX-License-Identifier: Apache-2.0 */
/* recgen: the table of a program's operations in memory; rtl/program/records.txt says its form. */
#ifndef RECGEN_H
#define RECGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REC_NAME = 32, REC_TEXT = 400, REC_LIMITS = 16, REC_OPS = 16, REC_WORDS = 96 };
enum { REC_FIELDS = 160, REC_VALUES = 32 };

struct rec_limit {
  char name[REC_NAME], error[REC_NAME], text[REC_TEXT];
};

/* A number, or a limit's. */
struct rec_number {
  int limit; /* -1: none */
  int64_t value;
};

struct rec_field {
  char name[REC_NAME], unit[REC_NAME], text[REC_TEXT];
  unsigned high, low;
  int64_t least;
  struct rec_number most; /* of a limit: one less than it */
  bool has_most;          /* else whatever fits */
  struct rec_number step;
  int line;
};

/* A name of a field's value. */
struct rec_value {
  char name[REC_NAME], text[REC_TEXT];
  uint32_t number;
  size_t field;
};

/* Its fields are fields[first] to fields[first + count - 1]. */
struct rec_word {
  unsigned number;
  bool of_kind;
  size_t op, first, count;
  int line;
};

/* A number of the format. */
struct rec_constant {
  char name[REC_NAME], text[REC_TEXT];
  uint32_t value;
};

struct rec_op {
  char name[REC_NAME], text[REC_TEXT];
  uint32_t code, words;
  bool is_part;            /* no operation: it has no code, and its words count from 0 */
  bool has_kind, kind_any; /* any: not 0 */
  char kind[REC_NAME];
  unsigned kind_high, kind_low;
  uint32_t kind_value;
  int line;
};

struct rec_table {
  struct rec_limit limits[REC_LIMITS];
  struct rec_constant constants[REC_LIMITS];
  struct rec_op ops[REC_OPS];
  struct rec_word words[REC_WORDS];
  struct rec_field fields[REC_FIELDS];
  struct rec_value values[REC_VALUES];
  size_t limit_count, constant_count, op_count, word_count, field_count, value_count;
};

/* What a word may be, as the comparator of the RTL has it. */
struct rec_rule {
  uint32_t zero;                   /* bits that must be 0, those below a step not among them */
  uint32_t sign;                   /* sign bits of fields with a range */
  uint32_t range;                  /* bits of fields with a range */
  const struct rec_field *half[2]; /* low and high: the field with a range, or NULL */
  bool any;                        /* the bits in range are not all 0 */
};

/* Reads and checks the table; on an error prints one sentence and ends the program with 1. */
void rec_read(struct rec_table *t, const char *path);

/* The rule of a word; what the comparator cannot say ends the program. */
struct rec_rule rec_rule(const struct rec_table *t, const struct rec_word *word);

/* Bits of a field, in place. */
uint32_t rec_mask(const struct rec_field *field);

/* Whether another line has this word for operations of the kind. */
bool rec_has_variant(const struct rec_table *t, const struct rec_word *word);

/* Name in small letters; out holds REC_NAME. Returns out. */
const char *rec_lower(const char *name, char *out);

/* RingWords to ring_words. */
const char *rec_snake(const char *name, char out[2 * REC_NAME]);

void rec_emit_sv(const struct rec_table *t);
void rec_emit_c(const struct rec_table *t);
void rec_emit_md(const struct rec_table *t);

#endif
