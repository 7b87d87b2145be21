/* SPDX-License-Identifier: Apache-2.0 */
/* reggen_table: reads registers.txt; its format is described at its top. */
#include "reggen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen_line.h"

uint32_t table_field_mask(const struct item *field) {
  unsigned width = field->high - field->low + 1;
  return (width == 32 ? UINT32_MAX : (UINT32_C(1) << width) - 1) << field->low;
}

static void read_fields(struct item *it, char **rest, uint32_t *next_param) {
  char text[NAME_SIZE];
  switch (it->kind) {
    case REG:
      gen_word(rest, text, sizeof text, it->line);
      it->number = gen_number(text, it->line);
      gen_word(rest, it->access, sizeof it->access, it->line);
      gen_word(rest, text, sizeof text, it->line);
      it->varies = strcmp(text, "-") == 0;
      it->reset = it->varies ? 0 : gen_number(text, it->line);
      break;
    case FIELD:
      gen_word(rest, text, sizeof text, it->line);
      gen_bits(text, &it->high, &it->low, it->line);
      break;
    case PARAM:
      it->number = *next_param;
      *next_param += 4;
      break;
    default:
      gen_word(rest, text, sizeof text, it->line);
      it->number = gen_number(text, it->line);
      break;
  }
}

static void read_item(struct register_table *t, char *rest, int line, uint32_t *next_param) {
  static const char *const keywords[] = {"page",   "reg",   "field", "value",
                                         "params", "param", "error", "counter"};
  char text[NAME_SIZE];
  if (t->count == MAX_ITEMS) {
    gen_fail(line, "too many lines");
  }
  struct item *it = &t->items[t->count++];
  memset(it, 0, sizeof *it);
  it->line = line;
  gen_word(&rest, text, sizeof text, line);
  size_t k = 0;
  while (k < sizeof keywords / sizeof keywords[0] && strcmp(text, keywords[k]) != 0) {
    k++;
  }
  if (k == sizeof keywords / sizeof keywords[0]) {
    gen_fail(line, "unknown keyword");
  }
  it->kind = (enum kind)k;
  if (it->kind == PARAMS) {
    gen_word(&rest, text, sizeof text, line);
    *next_param = gen_number(text, line);
    t->count--;
    return;
  }
  gen_word(&rest, it->name, sizeof it->name, line);
  read_fields(it, &rest, next_param);
  gen_text(rest, it->text, sizeof it->text, line);
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
      gen_fail(it->line, "offsets are multiples of 4 below 4096 and rise");
    }
    last = it->number;
  }
}

struct reading {
  struct register_table *table;
  uint32_t next_param;
};

static void read_line(void *ctx, char *line, int number) {
  struct reading *reading = ctx;
  read_item(reading->table, line, number, &reading->next_param);
}

void table_read(struct register_table *t, const char *path) {
  struct reading reading = {t, 0};
  gen_read(path, read_line, &reading);
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
