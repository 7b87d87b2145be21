/* SPDX-License-Identifier: Apache-2.0 */
/* reggen: writes RTL package, C header and documentation of the registers from registers.txt.
 *
 *   reggen TABLE sv|c|md              prints one of them
 *   reggen TABLE check PKG CONFIGS    holds a SystemVerilog package (ERR_*, COUNT_*) and the
 *                                     parameter names of the configurations against the table
 * The format is described at the top of the table. Exit 0, or 1 with one sentence. */
#include "reggen.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void each_constant_sv(const struct register_table *t) {
  const char *page = "";
  const char *reg = "";
  const char *field = "";
  for (size_t i = 0; i < t->count; i++) {
    const struct item *it = &t->items[i];
    if (it->kind == PAGE) {
      page = it->name;
      printf("\n  // %s page.\n", page);
    }
    if (it->kind == REG) {
      reg = it->name;
      field = "";
      printf("  localparam logic [11:0] %s_%s = 12'h%03x;\n", page, reg, it->number);
      if (it->reset != 0) {
        printf("  localparam logic [31:0] %s_%s_RESET = 32'h%08x;\n", page, reg, it->reset);
      }
    }
    if (it->kind == FIELD) {
      field = it->name;
      printf("  localparam int unsigned %s_%s_%s_LSB = %u;\n", page, reg, field, it->low);
      printf("  localparam int unsigned %s_%s_%s_BITS = %u;\n", page, reg, field,
             it->high - it->low + 1);
    }
    if (it->kind == VALUE) {
      printf("  localparam logic [31:0] %s_%s_%s%s%s = 32'd%u;\n", page, reg, field,
             *field ? "_" : "", it->name, it->number);
    }
    if (it->kind == PARAM && (i == 0 || t->items[i - 1].kind != PARAM)) {
      printf("  localparam logic [11:0] %s_PARAMS = 12'h%03x;\n", page, it->number);
    }
  }
}

/* Two functions a page: what may be done with an offset, and which bits hold what is written. */
static void functions_sv(const struct register_table *t, size_t first, const char *prefix) {
  printf(
      "\n  // {mapped, writable} of an offset in the page.\n"
      "  function automatic logic [1:0] %s_access(input logic [11:0] offset);\n"
      "    case (offset)\n",
      prefix);
  for (size_t i = first + 1; i < t->count && t->items[i].kind != PAGE; i++) {
    const struct item *it = &t->items[i];
    if (it->kind != REG && it->kind != PARAM) {
      continue;
    }
    bool writable = it->kind == REG && strcmp(it->access, "ro") != 0;
    printf("      12'h%03x: %s_access = 2'b1%d;\n", it->number, prefix, writable ? 1 : 0);
  }
  printf("      default: %s_access = 2'b00;\n    endcase\n  endfunction\n", prefix);
  printf(
      "\n  // Bits that hold what is written; 0 for a register that holds nothing.\n"
      "  function automatic logic [31:0] %s_write_mask(input logic [11:0] offset);\n"
      "    case (offset)\n",
      prefix);
  for (size_t i = first + 1; i < t->count && t->items[i].kind != PAGE; i++) {
    const struct item *it = &t->items[i];
    if (it->kind != REG || strcmp(it->access, "rw") != 0) {
      continue;
    }
    printf("      12'h%03x: %s_write_mask = 32'h%08x;\n", it->number, prefix,
           table_register_mask(t, i));
  }
  printf("      default: %s_write_mask = 32'h0;\n    endcase\n  endfunction\n", prefix);
}

static void emit_sv(const struct register_table *t) {
  printf(
      "// SPDX-License-Identifier: Apache-2.0\n"
      "// trine_regs_pkg: addresses, fields, reset values and access rules of the registers.\n"
      "// Generated from rtl/control/registers.txt by sw/tools/reggen.c (make gen-regs).\n"
      "`default_nettype none\n\npackage trine_regs_pkg;\n");
  each_constant_sv(t);
  for (size_t i = 0; i < t->count; i++) {
    if (t->items[i].kind != PAGE) {
      continue;
    }
    char prefix[NAME_SIZE] = {0};
    for (size_t c = 0; t->items[i].name[c] != '\0'; c++) {
      prefix[c] = (char)tolower((unsigned char)t->items[i].name[c]);
    }
    functions_sv(t, i, prefix);
  }
  printf("\nendpackage\n\n`default_nettype wire\n");
}

/* A comment for the reference, broken at blanks to lines of at most 100. */
static void comment_c(const char *text) {
  size_t column = 3;
  printf("/**");
  while (*text != '\0') {
    size_t n = strcspn(text, " ");
    if (column + 1 + n > 96) {
      printf("\n *");
      column = 2;
    }
    printf(" %.*s", (int)n, text);
    column += 1 + n;
    text += n;
    if (*text == ' ') {
      text++;
    }
  }
  printf(" */\n");
}

/* MacsPerLane to MACS_PER_LANE; names in capitals stay as they are. */
static const char *macro_name(const char *name, char out[2 * NAME_SIZE]) {
  size_t n = 0;
  for (size_t i = 0; name[i] != '\0'; i++) {
    if (i > 0 && isupper((unsigned char)name[i]) &&
        (islower((unsigned char)name[i - 1]) || islower((unsigned char)name[i + 1]))) {
      out[n++] = '_';
    }
    out[n++] = (char)toupper((unsigned char)name[i]);
  }
  out[n] = '\0';
  return out;
}

static void constants_c(const struct register_table *t) {
  const char *page = "";
  const char *reg = "";
  const char *field = "";
  for (size_t i = 0; i < t->count; i++) {
    const struct item *it = &t->items[i];
    if (it->kind == PAGE) {
      page = it->name;
      printf("\n");
      comment_c(it->text);
      printf("#define TRINE_%s_PAGE 0x%04xu\n", page, it->number);
    }
    if (it->kind == REG) {
      reg = it->name;
      field = "";
      comment_c(it->text);
      printf("#define TRINE_%s_%s 0x%03xu\n", page, reg, it->number);
      if (!it->varies && it->reset != 0) {
        printf("/** %s after reset. */\n#define TRINE_%s_%s_RESET 0x%08xu\n", reg, page, reg,
               it->reset);
      }
    }
    if (it->kind == FIELD) {
      field = it->name;
      printf("/** Lowest bit of %s. */\n#define TRINE_%s_%s_%s_SHIFT %u\n", field, page, reg, field,
             it->low);
      comment_c(it->text);
      printf("#define TRINE_%s_%s_%s_MASK 0x%08xu\n", page, reg, field, table_field_mask(it));
    }
    if (it->kind == VALUE) {
      comment_c(it->text);
      printf("#define TRINE_%s_%s_%s%s%s %uu\n", page, reg, field, *field ? "_" : "", it->name,
             it->number);
    }
    if (it->kind == PARAM && t->items[i - 1].kind != PARAM) {
      printf("/** First of the parameter registers. */\n#define TRINE_%s_PARAMS 0x%03xu\n", page,
             it->number);
    }
  }
}

/* An enum and a list macro of all items of a kind. */
static void list_c(const struct register_table *t, enum kind kind, const char *prefix,
                   const char *type, const char *about) {
  printf("\n/** %s */\nenum %s {\n", about, type);
  char name[2 * NAME_SIZE];
  size_t last = 0;
  for (size_t i = 0; i < t->count; i++) {
    if (t->items[i].kind == kind) {
      last = i;
    }
  }
  for (size_t i = 0; i <= last; i++) {
    const struct item *it = &t->items[i];
    if (it->kind == kind) {
      printf("  /** %s */\n  TRINE_%s_%s = %u,\n", it->text, prefix, macro_name(it->name, name),
             it->number);
    }
  }
  printf("};\n/** X(NAME, number, sentence) of each. */\n#define TRINE_%s_LIST(X) \\\n", prefix);
  for (size_t i = 0; i <= last; i++) {
    const struct item *it = &t->items[i];
    if (it->kind != kind) {
      continue;
    }
    printf("  X(%s, %u, \\\n    \"%s\")%s\n", macro_name(it->name, name), it->number, it->text,
           i == last ? "" : " \\");
  }
}

static void emit_c(const struct register_table *t) {
  printf(
      "/* SPDX-License-Identifier: Apache-2.0 */\n"
      "/** @file\n"
      " * trine_regs: the registers as software sees them (docs/registers.md).\n"
      " * Generated from rtl/control/registers.txt by sw/tools/reggen.c (make gen-regs).\n"
      " * A register of domain slot d is at TRINE_DOMAIN_PAGE + 0x1000 * d + its offset. */\n"
      "#ifndef TRINE_REGS_H\n#define TRINE_REGS_H\n");
  constants_c(t);
  list_c(t, PARAM, "PARAM", "trine_param", "Offsets of the parameter registers.");
  list_c(t, ERROR, "ERROR", "trine_error_code", "Values of ERROR_CODE.");
  list_c(t, COUNTER, "COUNT", "trine_count", "Counters of a core, for COUNTER_SELECT.");
  printf("\n#endif\n");
}

static void pages_md(const struct register_table *t) {
  for (size_t i = 0; i < t->count; i++) {
    const struct item *it = &t->items[i];
    if (it->kind == PAGE) {
      printf(
          "\n## %s page (0x%04X)\n\n%s\n\n| offset | register | access | reset | meaning |\n"
          "|---|---|---|---|---|\n",
          it->name, it->number, it->text);
    }
    if (it->kind == REG && it->varies) {
      printf("| 0x%03X | %s | %s | - | %s |\n", it->number, it->name, it->access, it->text);
    } else if (it->kind == REG) {
      printf("| 0x%03X | %s | %s | 0x%08X | %s |\n", it->number, it->name, it->access, it->reset,
             it->text);
    }
    if (it->kind == PARAM) {
      printf("| 0x%03X | %s | ro | - | %s |\n", it->number, it->name, it->text);
    }
    if (it->kind == FIELD && it->high == it->low) {
      printf("| | bit %u: %s | | | %s |\n", it->low, it->name, it->text);
    } else if (it->kind == FIELD) {
      printf("| | bits %u:%u: %s | | | %s |\n", it->high, it->low, it->name, it->text);
    }
    if (it->kind == VALUE) {
      printf("| | = %u: %s | | | %s |\n", it->number, it->name, it->text);
    }
  }
}

static void list_md(const struct register_table *t, enum kind kind, const char *title,
                    const char *head) {
  printf("\n## %s\n\n| %s | name | meaning |\n|---|---|---|\n", title, head);
  for (size_t i = 0; i < t->count; i++) {
    const struct item *it = &t->items[i];
    if (it->kind == kind) {
      printf("| %u | %s | %s |\n", it->number, it->name, it->text);
    }
  }
}

static void emit_md(const struct register_table *t) {
  printf(
      "# Registers\n\n"
      "Generated from rtl/control/registers.txt (`make gen-regs`).\n\n"
      "32-bit words, little-endian, AXI4-Lite with byte strobes; a byte that is not strobed\n"
      "keeps its value. Unmapped addresses answer SLVERR, and so does a write to a read-only\n"
      "register (ro). cmd: a write acts, a read gives 0; w1c: ones written are cleared. Bits\n"
      "outside the fields of a register read 0 and ignore what is written.\n");
  pages_md(t);
  list_md(t, ERROR, "Error codes", "code");
  list_md(t, COUNTER, "Counters of a core", "index");
}

/* Finds "NAME = WIDTH'dNUMBER;" in the text of a package. */
static bool constant_is(const char *text, const char *prefix, const struct item *it) {
  char key[2 * NAME_SIZE];
  snprintf(key, sizeof key, " %s%s = ", prefix, it->name);
  const char *at = strstr(text, key);
  unsigned width = 0;
  unsigned value = 0;
  return at != NULL && sscanf(at + strlen(key), "%u'd%u;", &width, &value) == 2 &&
         value == it->number;
}

static size_t occurrences(const char *text, const char *key) {
  size_t n = 0;
  for (const char *p = text; (p = strstr(p, key)) != NULL; p++) {
    n++;
  }
  return n;
}

static int check_package(const struct register_table *t, const char *path) {
  char *text = table_slurp(path);
  size_t errors = 0;
  size_t counters = 0;
  int bad = 0;
  for (size_t i = 0; i < t->count; i++) {
    const struct item *it = &t->items[i];
    if (it->kind != ERROR && it->kind != COUNTER) {
      continue;
    }
    const char *prefix = it->kind == ERROR ? "ERR_" : "COUNT_";
    errors += it->kind == ERROR;
    counters += it->kind == COUNTER;
    if (constant_is(text, prefix, it)) {
      continue;
    }
    fprintf(stderr, "reggen: %s: %s%s is not %u\n", path, prefix, it->name, it->number);
    bad = 1;
  }
  if (occurrences(text, "] ERR_") != errors || occurrences(text, "] COUNT_") != counters) {
    fprintf(stderr, "reggen: %s has ERR_ or COUNT_ constants the table lacks\n", path);
    bad = 1;
  }
  free(text);
  return bad;
}

static int check_parameters(const struct register_table *t, const char *path) {
  char *text = table_slurp(path);
  char *line = strstr(text, "\nname ");
  int bad = 0;
  if (line != NULL) {
    line++;
    line[strcspn(line, "\n")] = '\0';
    line = strtok(line, " ") == NULL ? NULL : line;
  }
  for (size_t i = 0; i < t->count; i++) {
    if (t->items[i].kind != PARAM) {
      continue;
    }
    const char *name = line == NULL ? NULL : strtok(NULL, " ");
    if (name != NULL && strcmp(name, t->items[i].name) == 0) {
      continue;
    }
    fprintf(stderr, "reggen: %s: %s is not where the table has it\n", path, t->items[i].name);
    bad = 1;
  }
  if (line != NULL && strtok(NULL, " ") != NULL) {
    bad = 1;
  }
  if (bad) {
    fprintf(stderr, "reggen: %s has other parameters than the table\n", path);
  }
  free(text);
  return bad;
}

int main(int argc, char **argv) {
  static struct register_table table;
  if (argc < 3) {
    fprintf(stderr, "usage: reggen TABLE sv|c|md, or reggen TABLE check PKG CONFIGS\n");
    return 2;
  }
  table_read(&table, argv[1]);
  if (strcmp(argv[2], "sv") == 0) {
    emit_sv(&table);
  } else if (strcmp(argv[2], "c") == 0) {
    emit_c(&table);
  } else if (strcmp(argv[2], "md") == 0) {
    emit_md(&table);
  } else if (argc == 5) {
    return check_package(&table, argv[3]) | check_parameters(&table, argv[4]);
  } else {
    return 2;
  }
  return 0;
}
