/* SPDX-License-Identifier: Apache-2.0 */
/* recgen_md: the tables of the programmer's guide. */
#include <stdio.h>
#include <string.h>

#include "recgen.h"

static void bits(const struct rec_field *field) {
  if (field->high == field->low) {
    printf("%u", field->low);
  } else if (field->high != 31 || field->low != 0) {
    printf("%u:%u", field->high, field->low);
  } else {
    printf("all");
  }
}

static void range(const struct rec_table *t, const struct rec_field *field) {
  if (!field->has_most && field->least == 0) {
    printf("any");
  } else if (!field->has_most) {
    printf("not 0");
  } else if (field->most.limit >= 0) {
    printf("%lld to %s - 1", (long long)field->least, t->limits[field->most.limit].name);
  } else {
    printf("%lld to %lld", (long long)field->least, (long long)field->most.value);
  }
  if (field->step.limit >= 0) {
    printf(", a multiple of %s", t->limits[field->step.limit].name);
  } else if (field->step.value != 1) {
    printf(", a multiple of %lld", (long long)field->step.value);
  }
}

static void one_field(const struct rec_table *t, const struct rec_word *word, size_t at) {
  const struct rec_field *field = &t->fields[at];
  char kind[REC_NAME];
  printf("| %u%s%s | ", word->number, word->of_kind ? ", " : "",
         word->of_kind ? rec_lower(t->ops[word->op].kind, kind) : "");
  bits(field);
  printf(" | %s | ", field->name);
  range(t, field);
  printf(" | %s | %s", strcmp(field->unit, "-") == 0 ? "" : field->unit, field->text);
  for (size_t v = 0; v < t->value_count; v++) {
    if (t->values[v].field == at) {
      printf(" %u: %s", t->values[v].number, t->values[v].text);
    }
  }
  printf(" |\n");
}

static void kind_of(const struct rec_op *op) {
  char kind[REC_NAME];
  if (!op->has_kind) {
    return;
  }
  printf(" Words of a %s one", rec_lower(op->kind, kind));
  if (op->kind_any) {
    printf(" (bits %u:%u of word 1 not 0)", op->kind_high, op->kind_low);
  } else {
    printf(" (bits %u:%u of word 1 are %u)", op->kind_high, op->kind_low, op->kind_value);
  }
  printf(" are as said beside their number.");
}

static void title(const struct rec_op *op) {
  const char *plural = op->words == 1 ? "" : "s";
  if (op->is_part) {
    printf("\n**%s** (%u word%s). %s", op->name, op->words, plural, op->text);
  } else if (op->words == 0) {
    printf("\n**%s** (0x%02x). %s", op->name, op->code, op->text);
  } else {
    printf("\n**%s** (0x%02x, %u word%s). %s", op->name, op->code, op->words, plural, op->text);
  }
}

void rec_emit_md(const struct rec_table *t) {
  for (size_t n = 0; n < t->op_count; n++) {
    const struct rec_op *op = &t->ops[n];
    title(op);
    kind_of(op);
    printf("\n");
    bool is_first = true;
    for (size_t w = 0; w < t->word_count; w++) {
      const struct rec_word *word = &t->words[w];
      for (size_t f = word->first; word->op == n && f < word->first + word->count; f++) {
        if (is_first) {
          printf("\n| word | bits | field | range | unit | meaning |\n|---|---|---|---|---|---|\n");
          is_first = false;
        }
        one_field(t, word, f);
      }
    }
  }
  printf("\n");
}
