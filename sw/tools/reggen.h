/* SPDX-License-Identifier: Apache-2.0 */
/* reggen: the table of registers, errors and counters in memory. */
#ifndef REGGEN_H
#define REGGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_ITEMS = 256, NAME_SIZE = 32, TEXT_SIZE = 256 };

enum kind { PAGE, REG, FIELD, VALUE, PARAMS, PARAM, ERROR, COUNTER };

struct item {
  enum kind kind;
  char name[NAME_SIZE];
  char text[TEXT_SIZE];
  char access[8];  /* REG */
  uint32_t number; /* PAGE base, REG and PARAM offset, VALUE, ERROR, COUNTER number */
  uint32_t reset;  /* REG */
  bool varies;     /* REG: no fixed reset value */
  unsigned high;   /* FIELD */
  unsigned low;
  int line;
};

struct register_table {
  struct item items[MAX_ITEMS];
  size_t count;
};

/* Reads the table; on an error prints one sentence and ends the program with 1. */
void table_read(struct register_table *t, const char *path);

/* Bits of the register items[reg] that hold what is written: its fields, or all. */
uint32_t table_register_mask(const struct register_table *t, size_t reg);

/* Bits of a field, in place. */
uint32_t table_field_mask(const struct item *field);

/* The whole file as a string, to be freed; ends the program with 1 if it cannot be read. */
char *table_slurp(const char *path);

#endif
