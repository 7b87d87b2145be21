/* SPDX-License-Identifier: Apache-2.0 */
/* recgen_table: reads records.txt; its form is described at its top. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen_line.h"
#include "recgen.h"

static size_t next(size_t *count, size_t room, int line) {
  if (*count == room) {
    gen_fail(line, "too many lines of this kind");
  }
  return (*count)++;
}

static int find_limit(const struct rec_table *t, const char *name) {
  for (size_t n = 0; n < t->limit_count; n++) {
    if (strcmp(t->limits[n].name, name) == 0) {
      return (int)n;
    }
  }
  return -1;
}

static struct rec_number read_value(const struct rec_table *t, const char *text, int line) {
  const int limit = find_limit(t, text);
  return (struct rec_number){limit, limit >= 0 ? 0 : (int64_t)gen_number(text, line)};
}

static void read_limit(struct rec_table *t, char *rest, int line) {
  struct rec_limit *limit = &t->limits[next(&t->limit_count, REC_LIMITS, line)];
  gen_word(&rest, limit->name, sizeof limit->name, line);
  gen_word(&rest, limit->error, sizeof limit->error, line);
  gen_text(rest, limit->text, sizeof limit->text, line);
}

static void read_constant(struct rec_table *t, char *rest, int line) {
  char text[REC_NAME];
  struct rec_constant *constant = &t->constants[next(&t->constant_count, REC_LIMITS, line)];
  gen_word(&rest, constant->name, sizeof constant->name, line);
  gen_word(&rest, text, sizeof text, line);
  constant->value = gen_number(text, line);
  gen_text(rest, constant->text, sizeof constant->text, line);
}

static void read_part(struct rec_table *t, char *rest, int line) {
  char text[REC_NAME];
  struct rec_op *part = &t->ops[next(&t->op_count, REC_OPS, line)];
  part->line = line;
  part->is_part = true;
  gen_word(&rest, part->name, sizeof part->name, line);
  gen_word(&rest, text, sizeof text, line);
  part->words = gen_number(text, line);
  gen_text(rest, part->text, sizeof part->text, line);
}

static void read_op(struct rec_table *t, char *rest, int line) {
  char text[REC_NAME];
  struct rec_op *op = &t->ops[next(&t->op_count, REC_OPS, line)];
  op->line = line;
  gen_word(&rest, op->name, sizeof op->name, line);
  gen_word(&rest, text, sizeof text, line);
  op->code = gen_number(text, line);
  if (op->code > 15) {
    gen_fail(line, "the code of an operation is at most 15");
  }
  gen_word(&rest, text, sizeof text, line);
  op->words = gen_number(text, line);
  gen_text(rest, op->text, sizeof op->text, line);
}

static void read_kind(struct rec_table *t, char *rest, int line) {
  char text[REC_NAME];
  struct rec_op *op = &t->ops[t->op_count - 1];
  if (op->has_kind) {
    gen_fail(line, "an operation has one kind");
  }
  op->has_kind = true;
  gen_word(&rest, op->kind, sizeof op->kind, line);
  gen_word(&rest, text, sizeof text, line);
  gen_bits(text, &op->kind_high, &op->kind_low, line);
  gen_word(&rest, text, sizeof text, line);
  op->kind_any = strcmp(text, "any") == 0;
  op->kind_value = op->kind_any ? 0 : gen_number(text, line);
}

static void read_word(struct rec_table *t, char *rest, int line) {
  char text[REC_NAME];
  struct rec_word *word = &t->words[next(&t->word_count, REC_WORDS, line)];
  const struct rec_op *op = &t->ops[t->op_count - 1];
  gen_word(&rest, text, sizeof text, line);
  *word = (struct rec_word){.number = gen_number(text, line),
                            .op = t->op_count - 1,
                            .first = t->field_count,
                            .line = line};
  if (*rest != '\0') {
    gen_word(&rest, text, sizeof text, line);
    word->of_kind = true;
    if (!op->has_kind || strcmp(op->kind, text) != 0) {
      gen_fail(line, "the operation has no such kind");
    }
  }
  if ((word->number == 0 && !op->is_part) || word->number > 15 ||
      (op->words != 0 && word->number >= op->words)) {
    gen_fail(line, "the operation has no such word");
  }
}

static void read_field(struct rec_table *t, char *rest, int line) {
  char text[REC_NAME];
  struct rec_field *field = &t->fields[next(&t->field_count, REC_FIELDS, line)];
  field->line = line;
  t->words[t->word_count - 1].count++;
  gen_word(&rest, field->name, sizeof field->name, line);
  gen_word(&rest, text, sizeof text, line);
  gen_bits(text, &field->high, &field->low, line);
  gen_word(&rest, text, sizeof text, line);
  field->least = strtol(text, NULL, 0);
  gen_word(&rest, text, sizeof text, line);
  field->has_most = strcmp(text, "-") != 0;
  field->most = field->has_most ? read_value(t, text, line) : (struct rec_number){-1, 0};
  gen_word(&rest, text, sizeof text, line);
  field->step = read_value(t, text, line);
  gen_word(&rest, field->unit, sizeof field->unit, line);
  gen_text(rest, field->text, sizeof field->text, line);
}

static void read_named(struct rec_table *t, char *rest, int line) {
  char text[REC_NAME];
  struct rec_value *value = &t->values[next(&t->value_count, REC_VALUES, line)];
  gen_word(&rest, value->name, sizeof value->name, line);
  gen_word(&rest, text, sizeof text, line);
  value->number = gen_number(text, line);
  value->field = t->field_count - 1;
  gen_text(rest, value->text, sizeof value->text, line);
}

static void read_line(void *ctx, char *line, int number) {
  static const struct {
    const char *keyword;
    void (*read)(struct rec_table *t, char *rest, int line);
  } kinds[] = {{"number", read_constant}, {"limit", read_limit}, {"part", read_part},
               {"op", read_op},           {"kind", read_kind},   {"word", read_word},
               {"field", read_field},     {"value", read_named}};
  struct rec_table *t = ctx;
  char text[REC_NAME];
  gen_word(&line, text, sizeof text, number);
  for (size_t n = 0; n < sizeof kinds / sizeof kinds[0]; n++) {
    if (strcmp(kinds[n].keyword, text) == 0) {
      if ((n > 3 && t->op_count == 0) || (n > 5 && t->word_count == 0)) {
        gen_fail(number, "it belongs to nothing");
      }
      kinds[n].read(t, line, number);
      return;
    }
  }
  gen_fail(number, "unknown keyword");
}

uint32_t rec_mask(const struct rec_field *field) {
  const unsigned width = field->high - field->low + 1;
  return (width == 32 ? UINT32_MAX : (UINT32_C(1) << width) - 1) << field->low;
}

bool rec_has_variant(const struct rec_table *t, const struct rec_word *word) {
  for (size_t n = 0; n < t->word_count; n++) {
    const struct rec_word *other = &t->words[n];
    if (other->op == word->op && other->number == word->number && other->of_kind != word->of_kind) {
      return true;
    }
  }
  return false;
}

/* Every value of the field's bits is allowed. */
static bool is_free(const struct rec_field *field) {
  const unsigned width = field->high - field->low + 1;
  const int64_t half = INT64_C(1) << (width - 1);
  const bool is_full =
      field->most.limit < 0 && field->most.value == (field->least < 0 ? half - 1 : 2 * half - 1);
  const bool is_least = field->least == 0 || field->least == -half;
  return is_least && (!field->has_most || is_full);
}

struct rec_rule rec_rule(const struct rec_table *t, const struct rec_word *word) {
  struct rec_rule rule = {.zero = UINT32_MAX};
  for (size_t n = 0; n < word->count; n++) {
    const struct rec_field *field = &t->fields[word->first + n];
    const uint32_t mask = rec_mask(field);
    if ((rule.zero & mask) != mask) {
      gen_fail(field->line, "two fields share a bit");
    }
    rule.zero &= ~mask;
    if (is_free(field)) {
      continue;
    }
    rule.range |= mask;
    if (field->low < 16 && field->high >= 16) {
      if (field->least != 1 || field->has_most) {
        gen_fail(field->line, "a field over both halves can only be not 0");
      }
      rule.any = true;
    } else if (rule.half[field->low / 16] != NULL) {
      gen_fail(field->line, "its half of the word has a field with a range");
    } else {
      rule.half[field->low / 16] = field;
      rule.sign |= field->least < 0 ? UINT32_C(1) << field->high : 0;
    }
  }
  return rule;
}

const char *rec_lower(const char *name, char *out) {
  size_t n = 0;
  for (; name[n] != '\0'; n++) {
    out[n] = (char)tolower((unsigned char)name[n]);
  }
  out[n] = '\0';
  return out;
}

const char *rec_snake(const char *name, char out[2 * REC_NAME]) {
  size_t n = 0;
  for (size_t i = 0; name[i] != '\0'; i++) {
    if (i > 0 && isupper((unsigned char)name[i])) {
      out[n++] = '_';
    }
    out[n++] = (char)tolower((unsigned char)name[i]);
  }
  out[n] = '\0';
  return out;
}

void rec_read(struct rec_table *t, const char *path) {
  gen_read(path, read_line, t);
  for (size_t n = 0; n < t->word_count; n++) {
    if (!t->ops[t->words[n].op].is_part) {
      (void)rec_rule(t, &t->words[n]);
    }
  }
}
