/* SPDX-License-Identifier: Apache-2.0 */
/* gen_line: lines of the tables that files are generated from. On an error one sentence is printed
 * and the program ends with 1. */
#ifndef GEN_LINE_H
#define GEN_LINE_H

#include <stddef.h>
#include <stdint.h>

enum { GEN_LINE = 512 };

/* The table at path, line by line: comments and empty ones are left out. `read` gets each. */
void gen_read(const char *path, void (*read)(void *ctx, char *line, int number), void *ctx);

/* Ends the program: line `number` of the table is wrong. */
_Noreturn void gen_fail(int number, const char *what);

/* Takes the next blank-separated word off *rest. */
void gen_word(char **rest, char *out, size_t size, int number);

uint32_t gen_number(const char *text, int number);

/* HIGH:LOW of a field. */
void gen_bits(const char *text, unsigned *high, unsigned *low, int number);

/* The rest of the line, which is a sentence. */
void gen_text(const char *rest, char *out, size_t size, int number);

#endif
