/* SPDX-License-Identifier: Apache-2.0 */
/* lexer: scans characters, see lexer.h. */
#include "lexer.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool ends_in(const char *text, const char *end) {
  const size_t length = strlen(text), wanted = strlen(end);
  return length >= wanted && strcmp(text + length - wanted, end) == 0;
}

/* The place behind a literal of C, or behind a quoted word of a script. */
static char *skip_literal(char *at, bool script) {
  const char quote = *at++;
  while (*at != '\0' && *at != quote) {
    at += *at == '\\' && at[1] != '\0' && !(script && quote == '\'') ? 2 : 1;
  }
  return *at == '\0' ? at : at + 1;
}

/* Blanks a comment that begins at `at`; the place behind it. */
static char *blank_comment(char *at, bool block) {
  while (*at != '\0' && !(block ? at[0] == '*' && at[1] == '/' : *at == '\n')) {
    *at = *at == '\n' ? '\n' : ' ';
    at++;
  }
  if (block && *at != '\0') {
    at[0] = at[1] = ' ';
    at += 2;
  }
  return at;
}

static void blank_comments(const struct lex_file *file) {
  for (char *at = file->text; *at != '\0';) {
    if (*at == '"' || (*at == '\'' && !file->script)) {
      at = skip_literal(at, file->script);
    } else if (!file->script && at[0] == '/' && (at[1] == '/' || at[1] == '*')) {
      at = blank_comment(at, at[1] == '*');
    } else if (file->script && *at == '#' && (at == file->text || isspace((unsigned char)at[-1]))) {
      at = blank_comment(at, false);
    } else {
      at++;
    }
  }
}

bool lex_open(const char *path, struct lex_file *file) {
  FILE *from = fopen(path, "rb");
  *file = (struct lex_file){.script = ends_in(path, ".sh")};
  long size = -1;
  if (from != NULL && fseek(from, 0, SEEK_END) == 0) {
    size = ftell(from);
    rewind(from);
  }
  file->text = size >= 0 ? calloc((size_t)size + 1, 1) : NULL;
  const bool good = file->text != NULL && fread(file->text, 1, (size_t)size, from) == (size_t)size;
  if (from != NULL) {
    (void)fclose(from);
  }
  if (good) {
    blank_comments(file);
  } else {
    lex_close(file);
  }
  return good;
}

void lex_close(struct lex_file *file) {
  free(file->text);
  *file = (struct lex_file){.text = NULL};
}

int lex_line(const struct lex_file *file, const char *at) {
  int line = 1;
  for (const char *from = file->text; from < at; from++) {
    line += *from == '\n';
  }
  return line;
}

/* Adds a character, or as much as there is room for. */
static void add(char text[LEX_TEXT_BYTES], size_t *length, char one) {
  if (*length + 1 < LEX_TEXT_BYTES) {
    text[(*length)++] = one;
    text[*length] = '\0';
  }
}

/* $name, ${name}, $(command) of a script: %s. */
static const char *add_value(const char *at, char text[LEX_TEXT_BYTES], size_t *length) {
  add(text, length, '%');
  add(text, length, 's');
  at++;
  if (*at == '{' || *at == '(') {
    const char end = *at == '{' ? '}' : ')';
    while (*at != '\0' && *at != end) {
      at++;
    }
    return *at == '\0' ? at : at + 1;
  }
  while (isalnum((unsigned char)*at) || *at == '_' || *at == '*' || *at == '@') {
    at++;
  }
  return at;
}

const char *lex_literal(const struct lex_file *file, const char *at, char text[LEX_TEXT_BYTES]) {
  const char quote = *at++;
  size_t length = 0;
  text[0] = '\0';
  while (*at != '\0' && *at != quote) {
    if (*at == '\\' && at[1] != '\0' && !(file->script && quote == '\'')) {
      add(text, &length, at[1] == 'n' && !file->script ? '\n' : at[1]);
      at += 2;
    } else if (file->script && quote == '"' && *at == '$') {
      at = add_value(at, text, &length);
    } else {
      add(text, &length, *at++);
    }
  }
  return *at == '\0' ? at : at + 1;
}

const char *lex_call(const struct lex_file *file, const char *at, const char *name) {
  const size_t length = strlen(name);
  while (*at != '\0') {
    const bool begins = at == file->text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_' ||
                                              (!file->script && at[-1] == '.'));
    if (*at == '"' && !file->script) {
      char text[LEX_TEXT_BYTES];
      at = lex_literal(file, at, text);
    } else if (begins && strncmp(at, name, length) == 0 &&
               at[length] == (file->script ? ' ' : '(')) {
      return at + length + 1;
    } else {
      at++;
    }
  }
  return NULL;
}

/* The first place behind the argument at `at`: a comma or closing parenthesis of its depth. */
static const char *behind_argument(const struct lex_file *file, const char *at) {
  char text[LEX_TEXT_BYTES];
  int depth = 0;
  while (*at != '\0') {
    if (*at == '"' || *at == '\'') {
      at = lex_literal(file, at, text);
      continue;
    }
    if (depth == 0 && (*at == ',' || *at == ')')) {
      return at;
    }
    depth += (*at == '(' || *at == '{') - (*at == ')' || *at == '}');
    at++;
  }
  return at;
}

struct branch {
  char text[LEX_TEXT_BYTES];
  size_t length;
  bool any, other; /* a literal; something else since the last literal */
};

static void add_text(struct branch *branch, const char *text) {
  if (branch->other) {
    add(branch->text, &branch->length, '%');
    add(branch->text, &branch->length, 's');
  }
  branch->other = false;
  branch->any = true;
  for (; *text != '\0'; text++) {
    add(branch->text, &branch->length, *text);
  }
}

void lex_argument(const struct lex_file *file, const char *at, int number,
                  void (*take)(void *context, const char *text), void *context) {
  for (int n = 1; n < number && *at != '\0'; n++) {
    at = behind_argument(file, at);
    at += *at == ',';
  }
  const char *end = file->script ? at + strcspn(at, "\n") : behind_argument(file, at);
  struct branch branch = {{0}, 0, false, false};
  while (at < end) {
    char text[LEX_TEXT_BYTES];
    if (*at == '"') {
      at = lex_literal(file, at, text);
      add_text(&branch, text);
      if (file->script) {
        break;
      }
    } else if (strncmp(at, "PRI", 3) == 0) {
      add_text(&branch, strncmp(at, "PRIx", 4) == 0 ? "llx" : "llu");
      at += 3 + strspn(at + 3, "abcdefghijklmnopqrstuvwxyz0123456789");
    } else if (*at == '?' || (*at == ':' && at[1] != ':' && at[-1] != ':')) {
      if (*at == ':' && branch.any) {
        take(context, branch.text);
      }
      branch = (struct branch){{0}, 0, false, false};
      at++;
    } else {
      const bool wraps = strncmp(at, "std::string(", 12) == 0;
      branch.other =
          branch.other || (!wraps && !isspace((unsigned char)*at) && strchr("+()", *at) == NULL);
      at += wraps ? 12 : 1;
    }
  }
  if (branch.other && branch.any) {
    add_text(&branch, "");
  }
  if (branch.any) {
    take(context, branch.text);
  }
}
