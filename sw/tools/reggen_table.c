/* SPDX-License-Identifier: Apache-2.0 */
/* reggen_table: reads registers.txt; its format is described at its top. */
#include "reggen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(int line, const char *what) {
  fprintf(stderr, "reggen: line %d of the table: %s\n", line, what);
  exit(1);
}

uint32_t table_field_mask(const struct item *field) {
  unsigned width = field->high - field->low + 1;
  return (width == 32 ? UINT32_MAX : (UINT32_C(1) << width) - 1) << field->low;
}

static uint32_t number(const char *text, int line) {
  char *end = NULL;
  unsigned long value = strtoul(text, &end, 0);
  if (*text == '\0' || *end != '\0' || value > UINT32_MAX) {
    fail(line, "not a number");
  }
  return (uint32_t)value;
}

/* Takes the next blank-separated word off *rest. */
static void word(char **rest, char *out, size_t size, int line) {
  char *p = *rest;
  size_t n = 0;
  while (*p == ' ') {
    p++;
  }
  for (; *p != '\0' && *p != ' '; p++) {
    if (n + 1 >= size) {
      fail(line, "a word is too long");
    }
    out[n++] = *p;
  }
  out[n] = '\0';
  while (*p == ' ') {
    p++;
  }
  *rest = p;
  if (n == 0) {
    fail(line, "a word is missing");
  }
}

static void read_fields(struct item *it, char **rest, uint32_t *next_param) {
  char text[NAME_SIZE];
  switch (it->kind) {
    case REG:
      word(rest, text, sizeof text, it->line);
      it->number = number(text, it->line);
      word(rest, it->access, sizeof it->access, it->line);
      word(rest, text, sizeof text, it->line);
      it->varies = strcmp(text, "-") == 0;
      it->reset = it->varies ? 0 : number(text, it->line);
      break;
    case FIELD:
      word(rest, text, sizeof text, it->line);
      if (sscanf(text, "%u:%u", &it->high, &it->low) != 2 || it->high < it->low || it->high > 31) {
        fail(it->line, "a field is HIGH:LOW");
      }
      break;
    case PARAM:
      it->number = *next_param;
      *next_param += 4;
      break;
    default:
      word(rest, text, sizeof text, it->line);
      it->number = number(text, it->line);
      break;
  }
}

static void read_item(struct register_table *t, char *rest, int line, uint32_t *next_param) {
  static const char *const keywords[] = {"page",   "reg",   "field", "value",
                                         "params", "param", "error", "counter"};
  char text[NAME_SIZE];
  if (t->count == MAX_ITEMS) {
    fail(line, "too many lines");
  }
  struct item *it = &t->items[t->count++];
  memset(it, 0, sizeof *it);
  it->line = line;
  word(&rest, text, sizeof text, line);
  size_t k = 0;
  while (k < sizeof keywords / sizeof keywords[0] && strcmp(text, keywords[k]) != 0) {
    k++;
  }
  if (k == sizeof keywords / sizeof keywords[0]) {
    fail(line, "unknown keyword");
  }
  it->kind = (enum kind)k;
  if (it->kind == PARAMS) {
    word(&rest, text, sizeof text, line);
    *next_param = number(text, line);
    t->count--;
    return;
  }
  word(&rest, it->name, sizeof it->name, line);
  read_fields(it, &rest, next_param);
  if (*rest == '\0' || strlen(rest) >= TEXT_SIZE) {
    fail(line, "a text is missing or too long");
  }
  memcpy(it->text, rest, strlen(rest) + 1);
}

/* Offsets rise within a page, so that none is used twice. */
static void check_offsets(const struct register_table *t) {
  int64_t last = -4;
  for (size_t i = 0; i < t->count; i++) {
    const struct item *it = &t->items[i];
    if (it->kind == PAGE) {
      last = -4;
    }
    if (it->kind != REG && it->kind != PARAM) {
      continue;
    }
    if ((int64_t)it->number <= last || it->number % 4 != 0 || it->number >= 4096) {
      fail(it->line, "offsets are multiples of 4 below 4096 and rise");
    }
    last = it->number;
  }
}

void table_read(struct register_table *t, const char *path) {
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    fprintf(stderr, "reggen: cannot read %s\n", path);
    exit(1);
  }
  char text[LINE_SIZE];
  uint32_t next_param = 0;
  for (int line = 1; fgets(text, sizeof text, file) != NULL; line++) {
    text[strcspn(text, "\n")] = '\0';
    if (text[0] != '#' && text[0] != '\0') {
      read_item(t, text, line, &next_param);
    }
  }
  fclose(file);
  check_offsets(t);
}

uint32_t table_register_mask(const struct register_table *t, size_t reg) {
  uint32_t mask = 0;
  for (size_t i = reg + 1; i < t->count; i++) {
    if (t->items[i].kind == FIELD) {
      mask |= table_field_mask(&t->items[i]);
    } else if (t->items[i].kind != VALUE) {
      break;
    }
  }
  return mask == 0 ? UINT32_MAX : mask;
}

char *table_slurp(const char *path) {
  FILE *file = fopen(path, "r");
  char *text = calloc(1, 1 << 20);
  if (file == NULL || text == NULL) {
    fprintf(stderr, "reggen: cannot read %s\n", path);
    exit(1);
  }
  (void)!fread(text, 1, (1 << 20) - 1, file);
  fclose(file);
  return text;
}
