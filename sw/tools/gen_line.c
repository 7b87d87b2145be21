/* SPDX-License-Identifier: Apache-2.0 */
/* gen_line: see gen_line.h. */
#include "gen_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void gen_fail(int number, const char *what) {
  fprintf(stderr, "line %d of the table: %s\n", number, what);
  exit(1);
}

void gen_read(const char *path, void (*read)(void *ctx, char *line, int number), void *ctx) {
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    fprintf(stderr, "cannot read %s\n", path);
    exit(1);
  }
  char text[GEN_LINE];
  for (int line = 1; fgets(text, sizeof text, file) != NULL; line++) {
    if (strchr(text, '\n') == NULL && !feof(file)) {
      gen_fail(line, "it is too long");
    }
    text[strcspn(text, "\n")] = '\0';
    if (text[0] != '#' && text[0] != '\0') {
      read(ctx, text, line);
    }
  }
  fclose(file);
}

uint32_t gen_number(const char *text, int number) {
  char *end = NULL;
  unsigned long value = strtoul(text, &end, 0);
  if (*text == '\0' || *end != '\0' || value > UINT32_MAX) {
    gen_fail(number, "not a number");
  }
  return (uint32_t)value;
}

void gen_word(char **rest, char *out, size_t size, int number) {
  char *p = *rest;
  size_t n = 0;
  while (*p == ' ') {
    p++;
  }
  for (; *p != '\0' && *p != ' '; p++) {
    if (n + 1 >= size) {
      gen_fail(number, "a word is too long");
    }
    out[n++] = *p;
  }
  out[n] = '\0';
  while (*p == ' ') {
    p++;
  }
  *rest = p;
  if (n == 0) {
    gen_fail(number, "a word is missing");
  }
}

void gen_bits(const char *text, unsigned *high, unsigned *low, int number) {
  if (sscanf(text, "%u:%u", high, low) != 2 || *high < *low || *high > 31) {
    gen_fail(number, "a field is HIGH:LOW");
  }
}

void gen_text(const char *rest, char *out, size_t size, int number) {
  if (*rest == '\0' || strlen(rest) >= size) {
    gen_fail(number, "a text is missing or too long");
  }
  memcpy(out, rest, strlen(rest) + 1);
}
