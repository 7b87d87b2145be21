/* SPDX-License-Identifier: Apache-2.0 */
/* lexer: the strings of a source file, as far as the inventory of refusals needs them.
 *
 * C and C++: comments are blanked; the argument of a call becomes texts, one for each branch of
 * ?:, in which adjacent literals are joined and everything else stands as %s. Scripts: a quoted
 * word, in which each $ is %s. */
#ifndef TRINE_REFUSALS_LEXER_H
#define TRINE_REFUSALS_LEXER_H

#include <stdbool.h>
#include <stddef.h>

enum { LEX_TEXT_BYTES = 1024 };

struct lex_file {
  char *text; /* comments blanked, terminated */
  bool script;
};

/* Reads a file; false when it cannot be read. */
bool lex_open(const char *path, struct lex_file *file);
void lex_close(struct lex_file *file);

/* The line a place of the file is on, counted from 1. */
int lex_line(const struct lex_file *file, const char *at);

/* Takes a literal that begins at `at` (a quote) into text; the place behind it. */
const char *lex_literal(const struct lex_file *file, const char *at, char text[LEX_TEXT_BYTES]);

/* The next call of `name` at or behind `at`: the place behind its opening parenthesis (in scripts
 * behind the blanks after it), or NULL. */
const char *lex_call(const struct lex_file *file, const char *at, const char *name);

/* The texts of argument `number` (from 1) of the call whose arguments begin at `at`: calls `take`
 * once for each branch that holds a literal. */
void lex_argument(const struct lex_file *file, const char *at, int number,
                  void (*take)(void *context, const char *text), void *context);

#endif
