/* SPDX-License-Identifier: Apache-2.0 */
/* recgen_sv: the package of the RTL: operations, their lengths, and the rule of each word. */
#include <stdio.h>
#include <string.h>

#include "recgen.h"

static void operations(const struct rec_table *t) {
  printf("\n");
  for (size_t n = 0; n < t->constant_count; n++) {
    printf("  localparam int unsigned %s = %u;  // %s\n", t->constants[n].name,
           t->constants[n].value, t->constants[n].text);
  }
  printf("\n  // Operations, and their lengths in words; a TABLE says its own.\n");
  for (size_t n = 0; n < t->op_count; n++) {
    if (!t->ops[n].is_part) {
      printf("  localparam logic [7:0] OP_%s = 8'h%02x;\n", t->ops[n].name, t->ops[n].code);
    }
  }
  for (size_t n = 0; n < t->value_count; n++) {
    const struct rec_field *field = &t->fields[t->values[n].field];
    const char *op = "";
    for (size_t w = 0; w < t->word_count; w++) {
      const struct rec_word *word = &t->words[w];
      if (t->values[n].field - word->first < word->count) {
        op = t->ops[word->op].name;
      }
    }
    printf("  localparam logic [%u:0] %s_%s = %u'd%u;\n", field->high - field->low, op,
           t->values[n].name, field->high - field->low + 1, t->values[n].number);
  }
  printf(
      "\n  // 0: no operation, or one that says its length.\n"
      "  function automatic logic [15:0] op_words(input logic [7:0] op);\n    case (op)\n");
  for (size_t n = 0; n < t->op_count; n++) {
    if (t->ops[n].words != 0 && !t->ops[n].is_part) {
      printf("      OP_%s: op_words = 16'd%u;\n", t->ops[n].name, t->ops[n].words);
    }
  }
  printf("      default: op_words = 16'd0;\n    endcase\n  endfunction\n");
}

static void kinds(const struct rec_table *t) {
  printf(
      "\n  // Whether an operation is of the kind whose words have other fields.\n"
      "  function automatic logic is_kind(input logic [7:0] op, input logic [31:0] word1);\n"
      ""
      "    case (op)\n");
  for (size_t n = 0; n < t->op_count; n++) {
    const struct rec_op *op = &t->ops[n];
    if (op->has_kind && op->kind_any) {
      printf("      OP_%s: is_kind = word1[%u:%u] != %u'd0;  // %s\n", op->name, op->kind_high,
             op->kind_low, op->kind_high - op->kind_low + 1, op->kind);
    } else if (op->has_kind) {
      printf("      OP_%s: is_kind = word1[%u:%u] == %u'd%u;  // %s\n", op->name, op->kind_high,
             op->kind_low, op->kind_high - op->kind_low + 1, op->kind_value, op->kind);
    }
  }
  printf("      default: is_kind = 1'b0;\n    endcase\n  endfunction\n");
}

static void number(const struct rec_table *t, const struct rec_number *value, int less) {
  char name[2 * REC_NAME];
  if (value->limit >= 0) {
    printf("%s%s", rec_snake(t->limits[value->limit].name, name), less ? " - 1" : "");
  } else {
    printf("%lld", (long long)value->value);
  }
}

/* Least and most of a half, as the comparator sees it. */
static void half(const struct rec_table *t, const struct rec_field *field) {
  if (field == NULL) {
    printf("16'd0, 16'hffff");
    return;
  }
  const unsigned low = field->low % 16, width = field->high - field->low + 1;
  const int64_t turn = field->least < 0 ? INT64_C(1) << (width - 1) : 0;
  printf("16'd%lld, ", (long long)((field->least + turn) << low));
  if (!field->has_most) {
    printf("16'h%04x", rec_mask(field) >> (field->low - low));
  } else if (field->most.limit < 0) {
    printf("16'd%lld", (long long)((field->most.value + turn) << low));
  } else if (low == 0) {
    printf("16'(");
    number(t, &field->most, 1);
    printf(")");
  } else {
    printf("16'((");
    number(t, &field->most, 1);
    printf(") << %u)", low);
  }
}

static int is_address(const struct rec_table *t, const struct rec_field *field) {
  return field != NULL && field->has_most && field->most.limit >= 0 &&
         strcmp(t->limits[field->most.limit].error, "LOCAL_ADDRESS") == 0;
}

static void key(const struct rec_table *t, const struct rec_word *word) {
  const char *op = t->ops[word->op].name;
  if (rec_has_variant(t, word)) {
    printf("      {OP_%s[3:0], 4'd%u, 1'b%d}: ", op, word->number, word->of_kind ? 1 : 0);
  } else {
    printf("      {OP_%s[3:0], 4'd%u, 1'b0}, {OP_%s[3:0], 4'd%u, 1'b1}:\n        ", op,
           word->number, op, word->number);
  }
}

static void put_zero(const struct rec_table *t, const struct rec_word *word) {
  const struct rec_rule rule = rec_rule(t, word);
  printf("rule_zero = 32'h%08x", rule.zero);
  for (size_t n = 0; n < word->count; n++) {
    const struct rec_field *field = &t->fields[word->first + n];
    if (field->step.limit >= 0 || field->step.value != 1) {
      printf(" | below(");
      number(t, &field->step, 0);
      printf(", %u)", field->low);
    }
  }
  printf(";\n");
}

static void put_range(const struct rec_table *t, const struct rec_word *word) {
  const struct rec_rule rule = rec_rule(t, word);
  printf("rule_range = {32'h%08x, 32'h%08x};\n", rule.sign, rule.range);
}

static void put_bounds(const struct rec_table *t, const struct rec_word *word) {
  const struct rec_rule rule = rec_rule(t, word);
  printf("rule_bounds = {");
  half(t, rule.half[0]);
  printf(", ");
  half(t, rule.half[1]);
  printf("};\n");
}

static void put_kinds(const struct rec_table *t, const struct rec_word *word) {
  const struct rec_rule rule = rec_rule(t, word);
  printf("rule_kinds = {1'b%d, 1'b%d, 1'b%d};\n", rule.any, is_address(t, rule.half[0]),
         is_address(t, rule.half[1]));
}

/* A function of a part of the rules, none wider than 64 bits. */
static void rules(const struct rec_table *t, const char *name, unsigned bits, const char *about,
                  void (*put)(const struct rec_table *t, const struct rec_word *word)) {
  char limit[2 * REC_NAME];
  printf(
      "\n  // %s\n  function automatic logic [%u:0] rule_%s(\n"
      "      input logic [3:0] op, input logic [3:0] word, input logic kind",
      about, bits - 1, name);
  for (size_t n = 0; n < t->limit_count; n++) {
    printf(",\n      input int unsigned %s", rec_snake(t->limits[n].name, limit));
  }
  printf("\n  );\n    case ({op, word, kind})\n");
  for (size_t n = 0; n < t->word_count; n++) {
    if (!t->ops[t->words[n].op].is_part) {
      key(t, &t->words[n]);
      put(t, &t->words[n]);
    }
  }
  printf("      default: rule_%s = 'x;  // asked for, never used\n", name);
  printf("    endcase\n  endfunction\n");
}

void rec_emit_sv(const struct rec_table *t) {
  printf(
      "// SPDX-License-Identifier: Apache-2.0\n"
      "// trine_records_pkg: the operations of a program, and what each of their words may be.\n"
      "// Generated from rtl/program/records.txt by sw/tools/recgen.c (make gen-records).\n"
      "`default_nettype none\n\npackage trine_records_pkg;\n");
  operations(t);
  kinds(t);
  printf(
      "\n  // Bits from `low` on that are 0 in a multiple of the largest power of two of `step`.\n"
      "  function automatic logic [31:0] below(input int unsigned step, input int unsigned low);\n"
      "    below = ((step & (~step + 1)) - 1) << low;\n  endfunction\n\n"
      "  // The rule of word 1 and on of an operation; 2 and 3 stand for all that follow in a "
      "TABLE.\n"
      "  // Of others there is none. The numbers are those of the configuration.\n");
  rules(t, "zero", 32, "Bits that must be 0.", put_zero);
  rules(t, "range", 64, "{sign bits that are turned first, bits whose value has a range}.",
        put_range);
  rules(t, "bounds", 64, "Of those bits {least, most} of the low half, then of the high half.",
        put_bounds);
  rules(t, "kinds", 3,
        "{they are not all 0; a low, a high half above its most is a wrong address}.", put_kinds);
  printf("\nendpackage\n\n`default_nettype wire\n");
}
