/* SPDX-License-Identifier: Apache-2.0 */
/* recgen_c: the header of the driver: operations, lengths, fields. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "recgen.h"

static void upper(const char *name) {
  for (; *name != '\0'; name++) {
    putchar(toupper((unsigned char)*name));
  }
}

static void comment(const char *text) {
  size_t column = 4;
  printf("/*");
  while (*text != '\0') {
    const size_t n = strcspn(text, " ");
    if (column + 1 + n > 96) {
      printf("\n *");
      column = 2;
    }
    printf(" %.*s", (int)n, text);
    column += 1 + n;
    text += n + (text[n] == ' ');
  }
  printf(" */\n");
}

static void numbers(const struct rec_table *t) {
  for (size_t n = 0; n < t->constant_count; n++) {
    printf("\n");
    comment(t->constants[n].text);
    printf("#define TRINE_%s %uu\n", t->constants[n].name, t->constants[n].value);
  }
}

static void operations(const struct rec_table *t) {
  printf("\nenum trine_op {\n");
  for (size_t n = 0; n < t->op_count; n++) {
    if (!t->ops[n].is_part) {
      printf("  TRINE_OP_%s = 0x%02x%s\n", t->ops[n].name, t->ops[n].code,
             n + 1 < t->op_count ? "," : "");
    }
  }
  printf(
      "};\n\n/* Words of the operations, and of parts that are none; a TABLE says its own. */\n"
      "enum {\n");
  for (size_t n = 0; n < t->op_count; n++) {
    if (t->ops[n].words != 0) {
      printf("  TRINE_WORDS_%s = %u%s\n", t->ops[n].name, t->ops[n].words,
             n + 1 < t->op_count ? "," : "");
    }
  }
  printf(
      "};\n\n/* X(NAME, words, kind's mask in word 1, kind's value; 0: any but 0) of each. */\n"
      "#define TRINE_OP_LIST(X) \\\n");
  for (size_t n = 0; n < t->op_count; n++) {
    const struct rec_op *op = &t->ops[n];
    const struct rec_field bits = {.high = op->kind_high, .low = op->kind_low};
    if (!op->is_part) {
      printf("  X(%s, %u, 0x%xu, 0x%xu)%s\n", op->name, op->words,
             op->has_kind ? rec_mask(&bits) : 0, op->kind_value << op->kind_low,
             n + 1 < t->op_count ? " \\" : "");
    }
  }
}

/* The first line that has a field of this name in this operation says where it is. */
static bool is_repeated(const struct rec_table *t, size_t op, size_t at) {
  for (size_t n = 0; n < t->word_count; n++) {
    const struct rec_word *word = &t->words[n];
    for (size_t f = word->first; word->op == op && f < word->first + word->count && f < at; f++) {
      if (strcmp(t->fields[f].name, t->fields[at].name) == 0) {
        return true;
      }
    }
  }
  return false;
}

static void fields(const struct rec_table *t) {
  for (size_t n = 0; n < t->word_count; n++) {
    const struct rec_word *word = &t->words[n];
    for (size_t f = word->first; f < word->first + word->count; f++) {
      const struct rec_field *field = &t->fields[f];
      if (is_repeated(t, word->op, f)) {
        continue;
      }
      comment(field->text);
      printf("#define TRINE_FIELD_%s_", t->ops[word->op].name);
      upper(field->name);
      printf(" %u, %u, %u\n", word->number, field->low, field->high - field->low + 1);
      for (size_t v = 0; v < t->value_count; v++) {
        if (t->values[v].field == f) {
          printf("#define TRINE_%s_%s %uu\n", t->ops[word->op].name, t->values[v].name,
                 t->values[v].number);
        }
      }
    }
  }
}

static void list(const struct rec_table *t) {
  printf(
      "\n/* X(OPERATION, name, word, low, bits, signed, when) of each field; when: 0 always, 1 not "
      "in\n"
      " * operations of the kind, 2 only in those. */\n#define TRINE_FIELD_LIST(X) \\\n");
  for (size_t n = 0; n < t->word_count; n++) {
    const struct rec_word *word = &t->words[n];
    if (t->ops[word->op].is_part) {
      continue;
    }
    const int variant = word->of_kind ? 2 : 1;
    const int when = rec_has_variant(t, word) ? variant : 0;
    for (size_t f = word->first; f < word->first + word->count; f++) {
      const struct rec_field *field = &t->fields[f];
      printf("  X(%s, %s, %u, %u, %u, %s, %d)%s\n", t->ops[word->op].name, field->name,
             word->number, field->low, field->high - field->low + 1,
             field->least < 0 ? "true" : "false", when, f + 1 < t->field_count ? " \\" : "");
    }
  }
}

void rec_emit_c(const struct rec_table *t) {
  printf(
      "/* SPDX-License-Identifier: Apache-2.0 */\n"
      "/* records: the operations of a program and the fields of their words.\n"
      " * Generated from rtl/program/records.txt by sw/tools/recgen.c (make gen-records).\n"
      " * A field is its word in the operation, its lowest bit and its bits. */\n"
      "#ifndef TRINE_PROGRAM_RECORDS_H\n#define TRINE_PROGRAM_RECORDS_H\n");
  numbers(t);
  operations(t);
  printf("\n");
  fields(t);
  list(t);
  printf("\n#endif\n");
}
